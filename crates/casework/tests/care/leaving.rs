//! Leaving care: the adviser, needs, the plan, in touch, a home, the offer.

use casework::leaving_care::LeaverForm;
use casework::leaving_care::board::Which;
use casework::model::{Leaver, LeaverContact, Person, Plan};
use casework::testing::id_of;
use casework::{Error, time};
use chrono::{Days, Months, NaiveDate};

use crate::help::*;

/// Makes Maya so many years and days old.
async fn aged(home: &Home, years: u32, days: u64) {
    let mut tx = crate::small_family::begin(home.casework()).await;
    let mut maya: Person = tx.get(home.maya).await.unwrap();
    maya.born_on = Some(born(years, days));
    tx.update(&mut maya).await.unwrap();
    tx.commit().await.unwrap();
}

fn born(years: u32, days: u64) -> NaiveDate {
    time::today() - Months::new(years * 12) - Days::new(days)
}

async fn save(home: &Home, what: LeaverForm, pairs: &[(&str, &str)]) -> Result<String, Error> {
    let jo = home.jo().await;
    let done = home
        .casework()
        .save_leaving(&jo, home.maya, what, &answers(pairs), &once())
        .await?;
    Ok(done.words)
}

async fn start(home: &Home, status: &str, since: &str) {
    let adviser = id_of("dev.earlyhelp");
    let pairs = [
        ("status", status),
        ("on", since),
        ("adviser", adviser.as_str()),
        ("words", "A room of my own."),
    ];
    save(home, LeaverForm::Start, &pairs).await.unwrap();
}

/// R002-06: needs, plan, in touch, home and work, each with its clock; the
/// adviser can see the record, and did not before.
#[tokio::test]
async fn r002_06_a_young_person_leaves_care() {
    for home in homes().await {
        aged(&home, 16, 10).await;
        let casework = home.casework();
        let dev = home.council.viewer("dev.earlyhelp").await;
        let before = casework.leaver_page(&dev, home.maya).await;
        assert!(matches!(before, Err(Error::NotFound)));
        let early = save(&home, LeaverForm::Contact, &[]).await;
        assert!(matches!(early, Err(Error::Refused(_))), "an adviser first");
        start(&home, "eligible", &day(10)).await;
        assert!(casework.leaver_page(&dev, home.maya).await.is_ok());
        assert_eq!(
            due(&home, home.maya, "leaver-assessment").await,
            ago(10) + Months::new(3)
        );
        assert_eq!(
            due(&home, home.maya, "leaver-offer").await,
            born(16, 10) + Months::new(18 * 12)
        );
        let needs = [("on", &*day(5)), ("home", "Staying put with Rosa.")];
        save(&home, LeaverForm::Assessment, &needs).await.unwrap();
        assert_eq!(
            due(&home, home.maya, "pathway-plan").await,
            ago(5) + Days::new(28)
        );
        let plan = [
            ("kind", "plan"),
            ("on", &*day(3)),
            ("home", "Rosa and Bill until 21."),
            ("work", "Catering at college."),
        ];
        save(&home, LeaverForm::Plan, &plan).await.unwrap();
        assert_eq!(
            due(&home, home.maya, "pathway-review").await,
            ago(3) + Months::new(6)
        );
        let plans: Vec<Plan> = home.all("kind = 'care_leaver'").await;
        assert_eq!(plans.len(), 1, "goals and actions have their own page");
        let moved = [
            ("on", &*day(2)),
            ("home", "U1"),
            ("landlord", "A housing association we know."),
            ("wishes", "Near college and her aunt."),
        ];
        save(&home, LeaverForm::Home, &moved).await.unwrap();
        assert_eq!(
            due(&home, home.maya, "adviser-visit-first").await,
            ago(2) + Days::new(7)
        );
        let visit = [
            ("on", &*day(1)),
            ("how", "visit"),
            ("in_touch", "YES"),
            ("home", "U1"),
            ("activity", "F2"),
        ];
        save(&home, LeaverForm::Contact, &visit).await.unwrap();
        let clocks = running(&home, home.maya).await;
        assert!(!clocks.contains(&"adviser-visit-first".to_owned()));
        assert_eq!(
            due(&home, home.maya, "adviser-visit").await,
            ago(1) + Months::new(2)
        );
        assert_eq!(
            due(&home, home.maya, "leaver-in-touch").await,
            ago(1) + Days::new(56)
        );
        let page = casework.leaver_page(&dev, home.maya).await.unwrap();
        let now = page.leaver.unwrap();
        assert!(now.home.starts_with("Own tenancy"), "{}", now.home);
        assert!(
            now.activity.starts_with("Other education"),
            "{}",
            now.activity
        );
        // Known already: the next page does not ask again (R001-21).
        let asking = casework
            .ask_leaving(&dev, home.maya, LeaverForm::Contact)
            .await
            .unwrap();
        assert_eq!(asking.answers.text("home"), "U1");
    }
}

/// It goes wrong: nobody is reached. The clock goes on, and the list says so.
#[tokio::test]
async fn who_is_not_reached_stays_on_the_list() {
    for home in homes().await {
        aged(&home, 19, 0).await;
        start(&home, "former_relevant", &day(70)).await;
        let tried = [("on", &*day(1)), ("how", "tried"), ("in_touch", "NO")];
        let words = save(&home, LeaverForm::Contact, &tried).await.unwrap();
        assert!(words.contains("goes on"), "{words}");
        assert!(due(&home, home.maya, "leaver-in-touch").await < time::today());
        let jo = home.jo().await;
        let casework = home.casework();
        for which in [Which::NotInTouch, Which::Late, Which::Home, Which::Activity] {
            let list = casework.leaver_board(&jo, which, 1).await.unwrap();
            assert_eq!(list.of, 1, "{which:?}");
        }
        let contacts: Vec<LeaverContact> = home.all("1 = 1").await;
        assert_eq!(contacts[0].in_touch, "NO");
        let tom = stranger(&home).await;
        let list = casework.leaver_board(&tom, Which::All, 1).await.unwrap();
        assert_eq!(list.of, 0);
    }
}

/// R004-12: what was never offered by the 18th birthday appears, with the
/// department that owns it; when all is offered, the clock stops.
#[tokio::test]
async fn r004_12_the_offer_is_made_by_department_before_18() {
    for home in homes().await {
        aged(&home, 18, 3).await;
        start(&home, "former_relevant", &day(30)).await;
        let jo = home.jo().await;
        let casework = home.casework();
        let list = casework.leaver_board(&jo, Which::Offer, 1).await.unwrap();
        assert_eq!((list.of, list.rows[0].offer_waits), (1, 10));
        assert!(due(&home, home.maya, "leaver-offer").await < time::today());
        let page = casework.leaver_page(&jo, home.maya).await.unwrap();
        let parts: Vec<(String, String)> = page
            .offer
            .iter()
            .map(|o| (o.what.clone(), o.department.clone()))
            .collect();
        assert_eq!(parts[0].1, "Housing");
        let codes = casework
            .pack()
            .codes("leaver-offer", time::today())
            .unwrap();
        for code in &codes.codes {
            let offer = [
                ("what", code.code.as_str()),
                ("department", code.group.as_str()),
                ("state", "offered"),
                ("on", &*day(0)),
            ];
            save(&home, LeaverForm::Offer, &offer).await.unwrap();
        }
        let list = casework.leaver_board(&jo, Which::Offer, 1).await.unwrap();
        assert_eq!(list.of, 0);
        assert!(
            !running(&home, home.maya)
                .await
                .contains(&"leaver-offer".to_owned())
        );
    }
}

/// R001-41: who turns 16 in care and has no adviser is on the list, with the
/// day by which needs must be assessed.
#[tokio::test]
async fn r001_41_who_is_near_sixteen_in_care_is_coming() {
    for home in homes().await {
        aged(&home, 15, 300).await;
        let jo = home.jo().await;
        let casework = home.casework();
        let typed = answers(&[
            ("on", &day(400)),
            ("legal_status", "C2"),
            ("need", "N1"),
            ("why", "A care order."),
            ("home", "U4"),
            ("provider", "PR1"),
            ("carer", "Rosa Penn"),
            ("postcode", "LK1 4AB"),
            ("rule", "to_18"),
        ]);
        casework
            .save_care(
                &jo,
                home.maya,
                casework::care::CareForm::Start,
                &typed,
                &once(),
            )
            .await
            .unwrap();
        let board = casework.leaver_board(&jo, Which::All, 1).await.unwrap();
        assert_eq!((board.of, board.coming.len()), (0, 1));
        let sixteen = born(15, 300) + Months::new(16 * 12);
        assert_eq!(
            due(&home, home.maya, "leaver-assessment").await,
            sixteen + Months::new(3)
        );
        start(&home, "eligible", &day(1)).await;
        let board = casework.leaver_board(&jo, Which::All, 1).await.unwrap();
        assert_eq!((board.of, board.coming.len()), (1, 0));
        let rows: Vec<Leaver> = home.all("1 = 1").await;
        assert_eq!(rows[0].adviser_id, Some(id_of("dev.earlyhelp")));
    }
}
