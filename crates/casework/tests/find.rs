//! Finding a person by what little is known, on every database of the run.

use casework::find::{self, Wanted};
use casework::model::{
    Involvement, Person, PersonKind, PersonName, PossibleDuplicate, Restriction, RestrictionAllow,
};
use casework::people::{NewAddress, NewName, NewPerson};
use casework::testing::{TestCouncil, councils, id_of, team_of};
use casework::time;
use chrono::{NaiveDate, Utc};
use record::{Actor, args};
use vocabulary::{Id, ids};

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).expect("a real day")
}

fn text(text: &str) -> Wanted {
    Wanted {
        text: text.into(),
        ..Wanted::default()
    }
}

async fn add(council: &TestCouncil, new: NewPerson) -> Person {
    let mut tx = council
        .casework
        .store()
        .begin(&Actor::system("test"))
        .await
        .expect("a transaction");
    let family = council
        .casework
        .new_family(&mut tx, &new.family_name)
        .await
        .expect("a family");
    let person = council
        .casework
        .add_person(&mut tx, &new, Some(family.id), true)
        .await
        .expect("a person");
    tx.commit().await.expect("committed");
    person
}

fn maya() -> NewPerson {
    NewPerson {
        given: "Maya".into(),
        family_name: "Quillfeather".into(),
        born_on: Some(day(2013, 4, 11)),
        nhs_number: vocabulary::NhsNumber::invented(77).map(|n| n.digits()),
        address: Some(NewAddress {
            line1: "4 Larch Row".into(),
            postcode: Some("LK1 4AB".into()),
            ..NewAddress::default()
        }),
        also: vec![NewName {
            kind: "former".into(),
            given: "Maya".into(),
            family_name: "Thornebury".into(),
        }],
        ..NewPerson::default()
    }
}

async fn first(council: &TestCouncil, wanted: &Wanted) -> Option<(Id<ids::Person>, Vec<String>)> {
    let viewer = council.viewer("farah.screener").await;
    let found = council
        .casework
        .find(&viewer, wanted, "find")
        .await
        .expect("an answer");
    found.first().map(|m| (m.person, m.because.clone()))
}

/// R001-24: a misspelt name with the right date, a swapped date, a postcode,
/// a number, an earlier name: found, with the reason.
#[tokio::test]
async fn r001_24_found_by_what_little_is_known_with_the_reason() {
    for council in councils().await {
        let child = add(&council, maya()).await;
        for other in ["Desmond Barrowclough", "Ivy Quarrington", "Mabel Quince"] {
            let (given, family_name) = other.split_once(' ').expect("two names");
            add(
                &council,
                NewPerson {
                    given: given.into(),
                    family_name: family_name.into(),
                    born_on: Some(day(2015, 9, 2)),
                    ..NewPerson::default()
                },
            )
            .await;
        }
        let number = vocabulary::NhsNumber::invented(77).expect("a number");
        let reference = child.id.as_str()[28..].to_owned();
        for (asked, reason) in [
            ("maia kwilfether 11/4/2013", "The name sounds the same"),
            ("maia kwilfether 11/4/2013", "Same date of birth"),
            ("quillfeather maya", "Same name"),
            (
                "maya quil",
                "Same first name, and the last name begins the same",
            ),
            ("maya 4 11 2013", "Day and month of birth are swapped"),
            ("maya 11 4 2014", "The date of birth differs by one digit"),
            ("maya 2013", "Born in that year"),
            ("lk14ab", "Same postcode"),
            (&number.to_string(), "Same NHS number"),
            (&reference, "Same reference"),
            (
                "maya thornbury",
                "Another name of theirs fits: Maya Thornebury",
            ),
            ("11 April 2013", "Same date of birth"),
            ("Мая Quillfeather", "Same name"),
        ] {
            let (id, because) = first(&council, &text(asked))
                .await
                .unwrap_or_else(|| panic!("nobody found by {asked:?}"));
            assert_eq!(id, child.id, "{asked}");
            assert!(
                because.iter().any(|b| b.starts_with(reason)),
                "{asked}: {because:?}"
            );
        }
        assert!(first(&council, &text("Zebedee Ottershaw")).await.is_none());
        assert!(first(&council, &text("")).await.is_none());
        assert!(
            first(&council, &text("'; drop table person; --"))
                .await
                .is_none()
        );
    }
}

/// R001-25: the answer says who works with the child and the number to ring;
/// a sensitive service is not named.
#[tokio::test]
async fn r001_25_the_answer_says_who_works_with_the_child() {
    for council in councils().await {
        let child = add(&council, maya()).await;
        let mut tx = council
            .casework
            .store()
            .begin(&Actor::system("test"))
            .await
            .expect("a transaction");
        for (name, job, sensitive) in [
            ("Jo Larch", "Social worker", false),
            ("Dr Hush", "Clinic nurse", true),
            ("Dr Quiet", "Clinic doctor", true),
        ] {
            let row = Involvement {
                id: Id::new(),
                person_id: child.id,
                worker_id: None,
                team_id: None,
                role: "other".into(),
                name: name.into(),
                job_title: job.into(),
                agency: "health".into(),
                phone: Some("020 7946 0123".into()),
                email: None,
                lead: !sensitive,
                sensitive,
                started_on: day(2026, 1, 5),
                ended_on: None,
                change_reason: None,
                version: 1,
            };
            tx.insert(&row).await.expect("an involvement");
        }
        tx.commit().await.expect("committed");
        let viewer = council.viewer("farah.screener").await;
        let found = council
            .casework
            .find(&viewer, &text("maya quillfeather"), "find")
            .await
            .expect("an answer");
        let working = &found[0].working;
        assert_eq!(working.len(), 2, "{working:?}");
        assert_eq!(working[0], "Jo Larch, social worker, 020 7946 0123");
        assert!(working[1].starts_with("Someone else is involved"));
        assert_eq!(found[0].family_name.as_deref(), Some("Quillfeather"));
    }
}

async fn restrict(council: &TestCouncil, person: Id<ids::Person>, allowed: &str) {
    let mut tx = council
        .casework
        .store()
        .begin(&Actor::system("test"))
        .await
        .expect("a transaction");
    let restriction = Restriction {
        id: Id::new(),
        person_id: person,
        reason: "staff_relative".into(),
        set_by: "test".into(),
        set_at: Utc::now(),
        review_on: time::today(),
        ended_at: None,
        version: 1,
    };
    tx.insert(&restriction).await.expect("a restriction");
    tx.insert(&RestrictionAllow {
        id: Id::new(),
        restriction_id: restriction.id,
        worker_id: id_of(allowed),
        version: 1,
    })
    .await
    .expect("an allowance");
    tx.commit().await.expect("committed");
}

/// A restricted record is absent for whoever is not on its list, whatever they
/// ask by; a protected address does not give a child away.
#[tokio::test]
async fn restricted_people_and_protected_addresses_are_not_found() {
    for council in councils().await {
        let child = add(&council, maya()).await;
        restrict(&council, child.id, "jo.socialworker").await;
        let number = vocabulary::NhsNumber::invented(77).expect("a number");
        for asked in [
            "maya quillfeather",
            "lk1 4ab",
            &number.to_string(),
            "11/4/2013",
        ] {
            assert!(first(&council, &text(asked)).await.is_none(), "{asked}");
            let jo = council.viewer("jo.socialworker").await;
            let found = council.casework.find(&jo, &text(asked), "find").await;
            assert_eq!(found.expect("an answer").len(), 1, "{asked}");
        }
        let mut hidden = maya();
        hidden.given = "Idris".into();
        hidden.address = hidden.address.map(|a| NewAddress {
            protected: true,
            postcode: Some("LK2 9ZZ".into()),
            ..a
        });
        add(&council, hidden).await;
        assert!(first(&council, &text("LK2 9ZZ")).await.is_none());
        let analyst = council.viewer("tia.analyst").await;
        let found = council
            .casework
            .find(&analyst, &text("idris quillfeather"), "find")
            .await;
        assert!(
            found.expect("an answer").is_empty(),
            "a post without search finds nobody"
        );
    }
}

/// A possible duplicate is raised with its reasons and never merged; one with
/// a restricted record is for the shield team alone.
#[tokio::test]
async fn a_possible_duplicate_is_raised_and_never_merged() {
    for council in councils().await {
        let child = add(&council, maya()).await;
        let mut again = maya();
        again.given = "Maia".into();
        again.nhs_number = None;
        let second = add(&council, again.clone()).await;
        assert_ne!(child.id, second.id);
        let mut twin = maya();
        twin.given = "Zachary".into();
        twin.nhs_number = None;
        let twin = add(&council, twin).await;
        let pairs: Vec<PossibleDuplicate> = all_duplicates(&council).await;
        assert_eq!(
            pairs.len(),
            1,
            "a twin is nobody's duplicate: {twin:?} {pairs:?}"
        );
        assert_eq!(
            (pairs[0].person_id, pairs[0].other_id),
            (second.id, child.id)
        );
        assert!(!pairs[0].for_shield_team);
        assert!(pairs[0].because.to_string().contains("Same date of birth"));
        restrict(&council, child.id, "jo.socialworker").await;
        let third = add(&council, again).await;
        let pairs = all_duplicates(&council).await;
        let with = |other| {
            pairs
                .iter()
                .find(|p| p.person_id == third.id && p.other_id == other)
                .expect("raised")
        };
        assert!(with(child.id).for_shield_team);
        assert!(!with(second.id).for_shield_team);
    }
}

async fn all_duplicates(council: &TestCouncil) -> Vec<PossibleDuplicate> {
    use record::Entity;
    let sql = format!(
        "select {} from possible_duplicate",
        PossibleDuplicate::COLUMNS.join(", ")
    );
    council
        .casework
        .store()
        .read_db()
        .all(record::AssertSqlSafe(sql), args![])
        .await
        .expect("rows")
}

/// UX02, R001-24: 200 misspelt names among the whole borough of 12,000
/// children: the right child among the first three for at least 95 in 100. On
/// PostgreSQL the small borough shows that the same search gives the same.
#[tokio::test]
async fn ux02_the_right_child_in_the_first_three() {
    let now = day(2026, 11, 20).and_hms_opt(9, 0, 0).expect("a time");
    let sizes = [synth::Size::Full, synth::Size::Small];
    for (council, size) in councils().await.iter().zip(sizes) {
        let borough = synth::Borough::generate(size, synth::SEED, now);
        let started = std::time::Instant::now();
        let mut ids = std::collections::HashMap::new();
        let mut tx = council
            .casework
            .store()
            .begin(&Actor::system("test"))
            .await
            .expect("a transaction");
        for person in borough.families.iter().flat_map(|f| &f.people) {
            let row = plain_row(person);
            tx.insert(&row).await.expect("a person");
            let also: Vec<PersonName> = person
                .other_names
                .iter()
                .map(|n| PersonName {
                    id: Id::new(),
                    person_id: row.id,
                    kind: "alias".into(),
                    given: n.given.clone(),
                    family_name: n.family.clone(),
                    started_on: None,
                    ended_on: None,
                    wrong_reason: None,
                    version: 1,
                })
                .collect();
            for name in &also {
                tx.insert(name).await.expect("a name");
            }
            find::index_person(&mut tx, &row, &also)
                .await
                .expect("keys");
            ids.insert(person.no, row.id);
        }
        tx.commit().await.expect("committed");
        let people = ids.len();
        println!(
            "{people} people in {:.1} s",
            started.elapsed().as_secs_f64()
        );
        let viewer = council.viewer("farah.screener").await;
        let started = std::time::Instant::now();
        let (mut top1, mut top3) = (0, 0);
        for query in &borough.misspelt {
            let year = query.year.map(|y| y.to_string()).unwrap_or_default();
            let wanted = text(&format!("{} {} {year}", query.given, query.family));
            let found = council
                .casework
                .find(&viewer, &wanted, "find")
                .await
                .expect("an answer");
            let place = found.iter().position(|m| m.person == ids[&query.child]);
            top1 += usize::from(place == Some(0));
            top3 += usize::from(place.is_some_and(|p| p < 3));
            if place.is_none_or(|p| p >= 3) {
                println!("missed ({place:?}): {query:?}");
            }
        }
        let n = borough.misspelt.len();
        println!(
            "{n} misspelt queries among {people} people: first {top1}, in the first three {top3}, \
             {:.1} ms each",
            started.elapsed().as_secs_f64() * 1000.0 / n as f64
        );
        assert_eq!(n, 200);
        assert!(top3 * 100 >= n * 95, "{top3} of {n}");
    }
}

fn plain_row(person: &synth::Person) -> Person {
    Person {
        id: Id::new(),
        kind: if person.child {
            PersonKind::Child
        } else {
            PersonKind::Adult
        },
        given: person.given.clone(),
        family_name: person.family.clone(),
        known_as: None,
        described_as: None,
        pronouns: None,
        sex: None,
        gender: None,
        born_on: Some(person.born),
        born_kind: Some("exact".into()),
        died_on: None,
        ethnicity: None,
        religion: None,
        first_language: None,
        interpreter: false,
        communication: None,
        nhs_number: person.nhs_number.clone(),
        upn: None,
        no_upn: None,
        disabilities: None,
        school_id: None,
        going_well: None,
        status: None,
        created_at: Utc::now(),
        version: 1,
    }
}

/// The council of the tests stands on the teams that the ids name.
#[tokio::test]
async fn an_address_finds_its_locality_team() {
    for council in councils().await {
        let child = add(&council, maya()).await;
        #[derive(sqlx::FromRow)]
        struct Covered {
            team_id: Option<Id<ids::Team>>,
        }
        let row: Covered = council
            .casework
            .store()
            .read_db()
            .one(
                "select team_id from address where person_id = $1",
                args![child.id],
            )
            .await
            .expect("an address");
        assert_eq!(row.team_id, Some(team_of("North")));
    }
}
