//! Adopters from the registration of interest to the order, and the firewall:
//! after the order nobody crosses, in either direction.

use casework::access_control::NewRestriction;
use casework::adopting::MatchForm;
use casework::care::CareForm;
use casework::carers::CarerForm;
use casework::find::Wanted;
use casework::model::{AdoptionMatch, AdoptionSeal, Care, Decision, Involvement, Person, Worker};
use casework::panels::ItemForm;
use casework::testing::{id_of, team_of};
use casework::{Asked, Error};
use vocabulary::{Id, ids};

use crate::help::*;

/// A keeper of adoption records, and somebody whom nobody has met.
async fn keepers(home: &Home) {
    let mut tx = begin(casework(home)).await;
    for (username, name, role) in [
        ("kit.records", "Kit Alder", "adoption_records"),
        ("noor.fostering", "Noor Vale", "fostering_officer"),
    ] {
        tx.insert(&Worker {
            username: username.into(),
            name: name.into(),
            id: id_of(username),
            role: role.into(),
            team_id: Some(team_of("Panel")),
            ..worker(username, name, role, "Panel")
        })
        .await
        .unwrap();
    }
    tx.commit().await.unwrap();
}

async fn on_match(
    home: &Home,
    who: &str,
    id: Id<ids::Match>,
    what: MatchForm,
    pairs: &[(&str, &str)],
) -> Result<String, Error> {
    let viewer = viewer(home, who).await;
    casework(home)
        .save_match_form(&viewer, id, what, &answers(pairs), &once())
        .await
        .map(|done| done.words)
}

/// From the proposal to the day on which Sami lives with them.
async fn placed(home: &Home) -> Id<ids::Match> {
    let row = approved(home, "adopt").await;
    let jo = home.jo().await;
    let proposal = answers(&[("carer", row.id.as_str()), ("why", "They know loss.")]);
    let done = casework(home)
        .save_match(&jo, home.sami, &proposal, &once())
        .await
        .unwrap();
    let id: Id<ids::Match> = done.to.rsplit('/').next().unwrap().parse().unwrap();
    let again = casework(home).ask_match(&jo, home.sami).await;
    assert!(refused(again).contains("under way"));
    let panel = sitting(home, "adopt").await;
    let item = before_panel(home, "petra.adoption", row.id, panel, "adopt_match").await;
    came(home, panel, &MOST).await;
    let today = day(0);
    let said = [
        ("recommendation", "yes"),
        ("reasons", "Sami and they belong together."),
        ("minutes_on", today.as_str()),
    ];
    on_item(home, "ida.panel", item, ItemForm::Recommend, &said)
        .await
        .unwrap();
    let clocks = running(home, &row).await;
    assert!(clocks.contains(&"match-decision".into()), "{clocks:?}");
    let early = on_match(
        home,
        "petra.adoption",
        id,
        MatchForm::Placed,
        &[("on", &today)],
    )
    .await;
    assert!(refused(early).contains("Proposed"));
    let yes = [("decision", "yes"), ("reasons", "Sami will be well there.")];
    on_item(home, "una.decides", item, ItemForm::Decide, &yes)
        .await
        .unwrap();
    let clocks = running(home, &row).await;
    assert!(!clocks.contains(&"match-decision".into()), "{clocks:?}");
    assert!(
        !clocks.contains(&"adopter-review".into()),
        "they have a match"
    );
    let on = [("on", today.as_str())];
    on_match(home, "petra.adoption", id, MatchForm::Introductions, &on)
        .await
        .unwrap();
    on_match(home, "jo.socialworker", id, MatchForm::Placed, &on)
        .await
        .unwrap();
    let clocks = running(home, &row).await;
    assert!(
        clocks.contains(&"adoption-visit-first".into()),
        "{clocks:?}"
    );
    assert!(
        clocks.contains(&"adoption-review-first".into()),
        "{clocks:?}"
    );
    let visit = [on[0], ("words", "Sami sleeps.")];
    on_match(home, "jo.socialworker", id, MatchForm::Visit, &visit)
        .await
        .unwrap();
    let review = [on[0], ("words", "On to the court.")];
    on_match(home, "petra.adoption", id, MatchForm::Review, &review)
        .await
        .unwrap();
    let clocks = running(home, &row).await;
    assert!(
        clocks.contains(&"adoption-review-second".into()),
        "{clocks:?}"
    );
    assert!(
        !clocks.contains(&"adoption-visit".into()),
        "weekly until the first review"
    );
    id
}

/// The order, with Kit as the keeper. The new record.
async fn order(home: &Home, id: Id<ids::Match>) -> Id<ids::Person> {
    let petra = viewer(home, "petra.adoption").await;
    let mut said = answers(&[
        ("on", &day(0)),
        ("given", "Robin"),
        ("family_name", "Beck"),
        ("words", "Robin must not eat nuts."),
    ]);
    let none = casework(home)
        .save_match_form(&petra, id, MatchForm::Order, &said, &once())
        .await;
    assert_eq!(stopped(none), ["keepers"]);
    said.set_list("keepers", [id_of("kit.records").to_string()]);
    let done = casework(home)
        .save_match_form(&petra, id, MatchForm::Order, &said, &once())
        .await
        .unwrap();
    done.to.rsplit('/').next().unwrap().parse().unwrap()
}

/// Two months, six months, four months, a year: each stage of adopters has its
/// clock, which the next one stops.
#[tokio::test]
async fn adopters_go_through_their_stages() {
    for home in staffed().await {
        let id = enquire(&home, "petra.adoption", "adopt", 5).await;
        let row = carer(&home, "Wren and Sol Beck").await;
        assert!(
            running(&home, &row).await.is_empty(),
            "the pre-stage has none"
        );
        let today = day(0);
        let on = ("on", today.as_str());
        let who = "petra.adoption";
        save(&home, who, id, CarerForm::Stage1, &[on])
            .await
            .unwrap();
        assert_eq!(running(&home, &row).await, ["adopter-stage-1"]);
        let go = [on, ("outcome", "go_on"), ("why", "Every check came back.")];
        save(&home, who, id, CarerForm::Stage1Done, &go)
            .await
            .unwrap();
        assert_eq!(running(&home, &row).await, ["adopter-notice"]);
        save(&home, who, id, CarerForm::Stage2, &[on])
            .await
            .unwrap();
        assert_eq!(running(&home, &row).await, ["adopter-stage-2"]);
        let leila = viewer(&home, "leila.fostering").await;
        let other = casework(&home).carer_record(&leila, id).await;
        assert!(
            matches!(other, Err(Error::NotFound)),
            "another team’s household"
        );
    }
    for home in staffed().await {
        let row = approved(&home, "adopt").await;
        let clocks = running(&home, &row).await;
        assert!(clocks.contains(&"adopter-review".into()), "{clocks:?}");
        assert!(!clocks.contains(&"adopter-stage-2".into()), "{clocks:?}");
    }
}

/// The order is not recorded while the time in care is open: nobody could end
/// it once the record is sealed.
#[tokio::test]
async fn the_time_in_care_ends_before_the_order() {
    for home in staffed().await {
        keepers(&home).await;
        let id = placed(&home).await;
        let mut tx = begin(casework(&home)).await;
        tx.insert(&Care {
            id: Id::new(),
            person_id: home.sami,
            family_id: Some(home.family),
            started_on: ago(200),
            ended_on: None,
            iro_id: None,
            permanence: "adoption".into(),
            permanence_on: None,
            previous: None,
            previous_council: None,
            previous_on: None,
            no_upn: None,
            mother: None,
            mother_on: None,
            why: "Not safe.".into(),
            version: 1,
        })
        .await
        .unwrap();
        tx.commit().await.unwrap();
        let petra = viewer(&home, "petra.adoption").await;
        let early = casework(&home)
            .ask_match_form(&petra, id, MatchForm::Order)
            .await;
        assert!(refused(early).contains("has not been ended"));
        // The child's worker does not record the order at all.
        let jo = home.jo().await;
        let not_hers = casework(&home)
            .ask_match_form(&jo, id, MatchForm::Order)
            .await;
        assert!(matches!(not_hers, Err(Error::NotFound)));
    }
}

/// The firewall (security, section 6): after the order the birth family's
/// worker finds nothing of the child, old or new; the adopters' worker finds
/// nothing of before; the director nothing of either.
#[tokio::test]
async fn after_the_order_nobody_crosses_in_either_direction() {
    for home in staffed().await {
        keepers(&home).await;
        let id = placed(&home).await;
        let new = order(&home, id).await;
        let gate = casework(&home).gate();
        for (who, before, after) in [
            ("jo.socialworker", false, false),
            ("priya.manager", false, false),
            ("okafor.director", false, false),
            ("petra.adoption", false, true),
            ("una.decides", false, false),
            ("ida.panel", false, false),
            ("leila.fostering", false, false),
            ("farah.screener", false, false),
            ("kit.records", true, true),
        ] {
            let viewer = viewer(&home, who).await;
            for (person, open) in [(home.sami, before), (new, after)] {
                for asked in [Asked::to_read("test"), Asked::index("test")] {
                    let seen = gate.person(&viewer, person, asked).await.unwrap();
                    assert_eq!(seen.is_some(), open, "{who} at {:?}", asked.section);
                }
                let looks = casework(&home)
                    .looks(
                        &viewer,
                        person,
                        casework::access_control::Which::default(),
                        "",
                    )
                    .await;
                assert_eq!(looks.is_ok(), open, "{who}: who has looked");
            }
            // Search: by the old name, the new name, the birthday.
            for (given, family) in [("Sami", "Ashgrove"), ("Robin", "Beck")] {
                let wanted = Wanted {
                    given: given.into(),
                    family: family.into(),
                    born: chrono::NaiveDate::from_ymd_opt(2020, 1, 15),
                    ..Wanted::default()
                };
                let found = match casework(&home).find(&viewer, &wanted, "test").await {
                    Ok(found) => found,
                    Err(Error::NotFound) => continue,
                    Err(other) => panic!("{other:?}"),
                };
                let has = |id: Id<ids::Person>| found.iter().any(|m| m.person == id);
                assert_eq!(
                    has(home.sami),
                    before && has(home.sami),
                    "{who} finds before"
                );
                assert_eq!(has(new), after && has(new), "{who} finds after");
            }
        }
    }
}

/// Lists, families, boards, matches and panels name neither to the other side.
#[tokio::test]
async fn no_list_carries_a_name_across() {
    for home in staffed().await {
        keepers(&home).await;
        let id = placed(&home).await;
        let new = order(&home, id).await;
        let (jo, petra) = (home.jo().await, viewer(&home, "petra.adoption").await);
        let gate = casework(&home).gate();
        let asked = Asked::to_read("test");
        let birth = gate.family(&jo, home.family, asked).await.unwrap().unwrap();
        assert!(
            !birth.has(home.sami) && !birth.has(new),
            "the birth family's page"
        );
        let row = carer(&home, "Wren and Sol Beck").await;
        let adopters = gate
            .family(&petra, row.family_id, asked)
            .await
            .unwrap()
            .unwrap();
        assert!(adopters.has(new) && !adopters.has(home.sami));
        assert!(
            gate.family(&jo, row.family_id, asked)
                .await
                .unwrap()
                .is_none()
        );
        assert!(
            gate.family(&petra, home.family, asked)
                .await
                .unwrap()
                .is_none()
        );
        // The match knows no child any more, and is closed to the child's worker.
        let kept: Vec<AdoptionMatch> = home.all("1 = 1").await;
        assert_eq!(
            (kept[0].person_id, kept[0].state.as_str()),
            (None, "ordered")
        );
        let hers = casework(&home).match_view(&petra, id).await.unwrap();
        assert!(hers.child.is_none());
        let his = casework(&home).match_view(&jo, id).await;
        assert!(matches!(his, Err(Error::NotFound)));
        let record = casework(&home).carer_record(&petra, row.id).await.unwrap();
        assert!(
            !format!("{record:?}").contains("Sami"),
            "the adopters' record"
        );
        for (item, _) in &record.panels {
            let view = casework(&home).item_view(&petra, *item).await.unwrap();
            assert!(!format!("{view:?}").contains("Sami"), "before the panel");
        }
        // The decisions that stand under the adopters' family.
        let decisions: Vec<Decision> = home.all(&format!("family_id = '{}'", row.family_id)).await;
        assert!(decisions.len() >= 2, "approved, and matched");
        assert!(
            !format!("{decisions:?}").contains("Sami"),
            "the decision on the match"
        );
        // The board of children in care, the overview of the sister.
        let board = casework(&home)
            .care_board(&jo, casework::care::board::Which::All, 1)
            .await
            .unwrap();
        assert!(board.rows.iter().all(|r| r.id != home.sami && r.id != new));
        // The pages of care are shut as well, to read and to write.
        let care = casework(&home)
            .ask_care(&jo, home.sami, CareForm::Important)
            .await;
        assert!(matches!(care, Err(Error::NotFound)));
        // No number of before is on the record of after.
        let people: Vec<Person> = home.all(&format!("id = '{new}'")).await;
        assert_eq!((&people[0].nhs_number, &people[0].upn), (&None, &None));
        // No row of the seal says who it is about.
        let seals: Vec<AdoptionSeal> = home.all("1 = 1").await;
        let text = format!("{:?}", seals[0]);
        assert!(!text.contains(home.sami.as_str()) && !text.contains(new.as_str()));
    }
}

/// Only a keeper learns the other side, from either, with a reason; nobody can
/// be put on the list who stands on the other side; nobody lifts it.
#[tokio::test]
async fn only_a_keeper_crosses_and_no_list_grows_across() {
    for home in staffed().await {
        keepers(&home).await;
        let id = placed(&home).await;
        let new = order(&home, id).await;
        let kit = viewer(&home, "kit.records").await;
        let petra = viewer(&home, "petra.adoption").await;
        let why = "She is 18 and asked for her birth record.";
        let from_new = casework(&home)
            .across_adoption(&kit, new, why)
            .await
            .unwrap();
        assert_eq!(from_new.id, home.sami);
        let from_old = casework(&home)
            .across_adoption(&kit, home.sami, why)
            .await
            .unwrap();
        assert_eq!(from_old.id, new);
        let bare = casework(&home).across_adoption(&kit, new, "why").await;
        assert_eq!(stopped(bare), ["why"]);
        let hers = casework(&home).across_adoption(&petra, new, why).await;
        assert!(matches!(hers, Err(Error::NotFound)));
        let nobody = casework(&home).across_adoption(&kit, home.maya, why).await;
        assert!(matches!(nobody, Err(Error::NotFound)));
        let kept = casework(&home).sealed_records(&kit).await.unwrap();
        assert_eq!(kept.len(), 2);
        // Jo worked with the birth family: she never comes on the new list.
        let jo = casework(&home)
            .let_see_adopted(&petra, new, id_of("jo.socialworker"), "Her new school")
            .await;
        assert!(refused(jo).contains("cannot come on the list"));
        // Who worked with the adopters never comes on the list of before.
        let across = casework(&home)
            .let_see_adopted(&kit, home.sami, id_of("petra.adoption"), "Needs to know")
            .await;
        assert!(refused(across).contains("cannot come on the list"));
        // Somebody who knows neither may come on the new list.
        let noor = id_of("noor.fostering");
        casework(&home)
            .let_see_adopted(&petra, new, noor, "Holiday cover")
            .await
            .unwrap();
        // A tie on the other side opens nothing: the bar holds against it.
        let mut tx = begin(casework(&home)).await;
        let ties: Vec<Involvement> = home.all("worker_id is not null limit 1").await;
        for person in [new, home.sami] {
            tx.insert(&Involvement {
                id: Id::new(),
                person_id: person,
                worker_id: Some(id_of("jo.socialworker")),
                team_id: Some(team_of("North")),
                role: "allocated".into(),
                lead: false,
                ended_on: None,
                version: 1,
                ..ties[0].clone()
            })
            .await
            .unwrap();
        }
        tx.commit().await.unwrap();
        let jo = home.jo().await;
        for person in [new, home.sami] {
            let gate = casework(&home).gate();
            let seen = gate
                .person(&jo, person, Asked::index("test"))
                .await
                .unwrap();
            assert!(seen.is_none(), "a tie does not lift the bar");
            assert!(
                gate.is_barred(&jo, person).await.unwrap(),
                "nor does an emergency"
            );
        }
        let manager = viewer(&home, "priya.manager").await;
        let lift = casework(&home)
            .lift_restriction(&manager, new, "No longer needed, I think")
            .await;
        assert!(lift.is_err());
        let restrict = NewRestriction {
            reason: "high_risk".into(),
            allow: vec![id_of("jo.socialworker")],
            once: once(),
        };
        let second = casework(&home).restrict(&manager, new, &restrict).await;
        assert!(matches!(second, Err(Error::NotFound)));
    }
}
