//! Packages of support: several services with one aim, on any plan.

mod at_work;

use at_work::{count, home, once, plan};
use casework::plans::packages::PackageForm;
use casework::testing::{TestCouncil, councils};
use casework::{Asked, Error, Viewer, time};
use packs::Answers;
use vocabulary::{Id, ids};

fn service(name: &str) -> Answers {
    let mut typed = Answers::new();
    typed.set("service", name);
    typed.set("provider", "Larkmere family centre");
    typed
}

async fn started(
    council: &TestCouncil,
    jo: &Viewer,
    plan: Id<ids::Plan>,
) -> (Id<ids::Package>, String) {
    let mut typed = Answers::new();
    typed.set("name", "After school and evenings");
    typed.set("aim", "Homework and tea are calm");
    typed.set("starts", time::today().to_string());
    let services = ["Homework club", "Mediation", "Parenting group"];
    typed.set_groups("services", services.map(service).to_vec());
    let done = council
        .casework
        .save_package(jo, plan, &typed, &once())
        .await
        .unwrap();
    let id = done.to.rsplit('/').next().unwrap().parse().unwrap();
    (id, done.to)
}

async fn went(council: &TestCouncil, jo: &Viewer, part: Id<ids::Part>, state: &str) {
    let mut typed = Answers::new();
    typed.set("state", state);
    typed.set("on", time::today().to_string());
    typed.set("helped", "yes");
    typed.set("words", "Maya likes it.");
    council
        .casework
        .save_package_part(jo, part, &typed, &once())
        .await
        .unwrap();
}

/// R000-17: a package of three services is one card with each one's status,
/// and ends only when each of them has an outcome.
#[tokio::test]
async fn r000_17_a_package_ends_only_when_each_service_has_an_outcome() {
    for council in councils().await {
        let home = home(&council).await;
        let plan = plan(&council, &home).await;
        let casework = &council.casework;
        let (id, address) = started(&council, &home.jo, plan).await;
        assert_eq!(address, format!("/packages/{id}"));
        let page = casework.package_page(&home.jo, id).await.unwrap();
        assert_eq!((page.parts.len(), page.settled()), (3, 0));
        assert_eq!(page.clocks.len(), 1, "the first look is due");
        let on_plan = casework.packages_page(&home.jo, plan).await.unwrap();
        assert_eq!(on_plan.seen.packages, Some(1));
        assert_eq!(on_plan.packages[0].parts.len(), 3);
        assert!(on_plan.packages[0].parts[0].stands.starts_with("Waiting"));

        went(&council, &home.jo, page.parts[0].id, "completed").await;
        went(&council, &home.jo, page.parts[1].id, "not_taken_up").await;
        let refused = casework
            .ask_of_package(&home.jo, id, PackageForm::End)
            .await;
        let Err(Error::Refused(why)) = refused else {
            panic!("a package ended with a service that has no outcome");
        };
        assert!(why.contains("Parenting group"), "{why}");
        assert!(!why.contains("Mediation"), "{why}");

        went(&council, &home.jo, page.parts[2].id, "stopped").await;
        let mut typed = Answers::new();
        typed.set("on", time::today().to_string());
        typed.set("outcome", "partly");
        typed.set("words", "Evenings are calm.");
        casework
            .save_of_package(&home.jo, id, PackageForm::End, &typed, &once())
            .await
            .unwrap();
        let page = casework.package_page(&home.jo, id).await.unwrap();
        assert!(page.ended.unwrap().starts_with("Completed in part on"));
        assert!(page.clocks.is_empty() && page.forms.is_empty());
        assert_eq!(page.parts[1].helped, None, "nobody took it up");
        let refused = casework
            .ask_of_package(&home.jo, id, PackageForm::Review)
            .await;
        assert!(matches!(refused, Err(Error::Refused(_))));
    }
}

/// A look with the family starts the clock of the next one, and a look that
/// is written down late does not turn it back. Sent twice it is one look.
#[tokio::test]
async fn a_look_with_the_family_moves_the_clock_on() {
    for council in councils().await {
        let home = home(&council).await;
        let plan = plan(&council, &home).await;
        let casework = &council.casework;
        let (id, _) = started(&council, &home.jo, plan).await;
        let mut typed = Answers::new();
        typed.set("on", time::today().to_string());
        typed.set("words", "It goes well.");
        let token = once();
        for again in [false, true] {
            let saved = casework
                .save_of_package(&home.jo, id, PackageForm::Review, &typed, &token)
                .await;
            match again {
                false => assert!(saved.is_ok(), "{saved:?}"),
                true => assert!(matches!(saved, Err(Error::Already(_))), "{saved:?}"),
            }
        }
        let page = casework.package_page(&home.jo, id).await.unwrap();
        assert_eq!((page.reviews.len(), page.clocks.len()), (1, 1));
        let early = time::today() - chrono::Days::new(3);
        typed.set("on", early.to_string());
        let refused = casework
            .save_of_package(&home.jo, id, PackageForm::Review, &typed, &once())
            .await;
        assert!(matches!(refused, Err(Error::Findings(f)) if f[0].field == "on"));
    }
}

/// Who may not see the plan learns nothing of its packages.
#[tokio::test]
async fn a_package_is_as_closed_as_its_plan() {
    for council in councils().await {
        let home = home(&council).await;
        let plan = plan(&council, &home).await;
        let casework = &council.casework;
        let (id, _) = started(&council, &home.jo, plan).await;
        let part = casework.package_page(&home.jo, id).await.unwrap().parts[0].id;
        let absent = casework.package_page(&home.tom, id).await;
        assert!(matches!(absent, Err(Error::NotFound)));
        let absent = casework.ask_package_part(&home.tom, part).await;
        assert!(matches!(absent, Err(Error::NotFound)));
        let seen = casework
            .package_seen(&home.jo, id, Asked::to_read("package"))
            .await
            .unwrap();
        assert_eq!(seen.row.plan_id, plan);
        let sql = "select count(*) as n from support_part where package_id = $1";
        assert_eq!(count(&council, sql, id.as_str()).await, 3);
    }
}
