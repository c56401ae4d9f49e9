//! The child index: a reason first, a name and who works with the child, and
//! nothing of the record, on every database of the run.

use casework::index::Answer;
use casework::model::{Involvement, Person, PersonKind};
use casework::people::{NewAddress, NewPerson};
use casework::testing::{TestCouncil, councils, rows, scene::Scene, scene::Standing};
use casework::{Error, find};
use chrono::NaiveDate;
use packs::Answers;
use record::{Actor, args};
use vocabulary::{Id, ids};

fn born() -> NaiveDate {
    NaiveDate::from_ymd_opt(2013, 4, 11).expect("a real day")
}

fn asked(pairs: &[(&str, &str)]) -> Answers {
    let mut answers = Answers::new();
    for (name, value) in pairs {
        answers.set(*name, *value);
    }
    answers
}

/// The question that finds Maya, with a good reason.
fn maya() -> Answers {
    asked(&[
        ("reason", "works_with"),
        ("given", "maia"),
        ("family", "kwilfether"),
        ("born", "2013-04-11"),
    ])
}

async fn add(council: &TestCouncil, given: &str, family: &str) -> Person {
    let casework = &council.casework;
    let begin = casework.store().begin(&Actor::system("test")).await;
    let mut tx = begin.expect("a transaction");
    let new = NewPerson {
        given: given.into(),
        family_name: family.into(),
        born_on: Some(born()),
        address: Some(NewAddress {
            line1: "4 Larch Row".into(),
            postcode: Some("LK1 4AB".into()),
            ..NewAddress::default()
        }),
        ..NewPerson::default()
    };
    let home = casework
        .new_family(&mut tx, family)
        .await
        .expect("a family");
    let person = casework
        .add_person(&mut tx, &new, Some(home.id), true)
        .await;
    tx.commit().await.expect("committed");
    person.expect("a person")
}

async fn involve(council: &TestCouncil, row: Involvement) {
    let begin = council.casework.store().begin(&Actor::system("test")).await;
    let mut tx = begin.expect("a transaction");
    tx.insert(&row).await.expect("an involvement");
    tx.commit().await.expect("committed");
}

fn works(person: Id<ids::Person>, name: &str, job: &str, sensitive: bool) -> Involvement {
    Involvement {
        worker_id: None,
        team_id: None,
        role: "other".into(),
        name: name.into(),
        job_title: job.into(),
        agency: "health".into(),
        phone: Some("020 7946 0123".into()),
        lead: false,
        sensitive,
        ..rows::allocated(person, "jo.socialworker")
    }
}

async fn ask(council: &TestCouncil, who: &str, answers: &Answers) -> casework::Result<Answer> {
    let viewer = council.viewer(who).await;
    council.casework.who_is(&viewer, answers).await
}

async fn count(council: &TestCouncil, sql: &'static str) -> i64 {
    #[derive(sqlx::FromRow)]
    struct Count {
        n: i64,
    }
    let db = council.casework.store().read_db();
    let count: Count = db.one(sql, args![]).await.expect("a count");
    count.n
}

/// R001-25: a practitioner of another agency learns who the child is, who leads
/// and how to reach everybody; the sensitive service only as somebody to ask
/// for; nothing of why.
#[tokio::test]
async fn r001_25_a_school_learns_who_works_with_a_child_and_how_to_reach_them() {
    for council in councils().await {
        let child = add(&council, "Maya", "Quillfeather").await;
        let mut lead = rows::allocated(child.id, "jo.socialworker");
        lead.phone = Some("020 7946 0007".into());
        involve(&council, lead).await;
        involve(
            &council,
            works(child.id, "Rosa Vetch", "Health visitor", false),
        )
        .await;
        involve(&council, works(child.id, "Dr Hush", "Clinic doctor", true)).await;
        let mut probation = works(child.id, "Huda Warrani", "Probation officer", false);
        probation.agency = "probation".into();
        involve(&council, probation).await;
        let answer = ask(&council, "noor.school", &maya())
            .await
            .expect("an answer");
        assert!(
            !format!("{answer:?}").contains("Huda"),
            "what it is for says why"
        );
        assert!(answer.sure, "{answer:?}");
        let found = &answer.children[0];
        assert_eq!(
            (found.name.as_str(), answer.children.len()),
            ("Maya Quillfeather", 1)
        );
        let names: Vec<&str> = found.people.iter().map(|p| p.name.as_str()).collect();
        assert_eq!(names, ["Jo Larch", "Rosa Vetch"]);
        assert!(found.people[0].lead && !found.people[1].lead);
        assert_eq!(found.people[0].phone.as_deref(), Some("020 7946 0007"));
        assert_eq!(found.people[1].agency, "Health");
        assert!(found.unnamed, "the clinic is somebody to ask for");
        assert!(!format!("{answer:?}").contains("Hush"));
        assert!(answer.front_door.is_some());
        assert!(found.because.contains(&"Same date of birth".to_owned()));
    }
}

/// R001-25: the reason comes first, and is on record with the look.
#[tokio::test]
async fn r001_25_no_answer_without_a_reason_that_is_kept() {
    for council in councils().await {
        let child = add(&council, "Maya", "Quillfeather").await;
        let mut none = maya();
        none.set("reason", "");
        let said = ask(&council, "noor.school", &none).await;
        assert!(matches!(said, Err(Error::Findings(_))), "{said:?}");
        let mut other = maya();
        other.set("reason", "other");
        let said = ask(&council, "noor.school", &other).await;
        assert!(matches!(said, Err(Error::Findings(_))), "{said:?}");
        assert_eq!(
            count(&council, "select count(*) as n from index_look").await,
            0
        );
        other.set("reason_words", "She came to our gate alone and cold");
        ask(&council, "noor.school", &other)
            .await
            .expect("an answer");
        let looked = "select count(*) as n from journal j join journal_subject s \
                      on s.writer = j.writer and s.seq = j.seq \
                      where j.action = 'looked' and j.object_id = 'index' \
                      and j.why = 'Something else' and s.subject like 'person:%'";
        assert_eq!(count(&council, looked).await, 1);
        // The words may name somebody: they are sealed with the child's record.
        let plain =
            "select count(*) as n from journal where plain like '%cold%' or why like '%cold%'";
        assert_eq!(count(&council, plain).await, 0);
        let jo = rows::allocated(child.id, "jo.socialworker");
        involve(&council, jo).await;
        let jo = council.viewer("jo.socialworker").await;
        let looks = council
            .casework
            .looks(&jo, child.id, Default::default(), "")
            .await;
        let looks = looks.expect("who looked");
        let line = looks.rows.iter().find(|r| r.who.starts_with("Noor"));
        assert!(line.is_some(), "{:?}", looks.rows);
        assert!(looks.rows.iter().any(|r| r.why.contains("our gate alone")));
    }
}

/// R001-26: the capability opens the index for that search and no page: not
/// the search of the council, not the child's page, whoever has the role.
#[tokio::test]
async fn r001_26_the_index_opens_nothing_else() {
    for council in councils().await {
        let child = add(&council, "Maya", "Quillfeather").await;
        ask(&council, "noor.school", &maya())
            .await
            .expect("an answer");
        let noor = council.viewer("noor.school").await;
        let asked = casework::Asked::index("test");
        let gate = council.casework.gate();
        let seen = gate
            .person(&noor, child.id, asked)
            .await
            .expect("an answer");
        assert!(seen.is_none());
        let wanted = find::Wanted {
            text: "maya quillfeather".into(),
            ..find::Wanted::default()
        };
        let found = council.casework.find(&noor, &wanted, "find").await;
        assert!(found.expect("an answer").is_empty());
        // And a role without the index has none, whatever it says.
        for who in [
            "jo.socialworker",
            "rosa.health",
            "tia.analyst",
            "cllr.davies",
        ] {
            let said = ask(&council, who, &maya()).await;
            assert!(matches!(said, Err(Error::NotFound)), "{who}: {said:?}");
        }
    }
}

/// R001-24: one answer only when it leads; twins are two; a name alone is no
/// question; an adult is no child.
#[tokio::test]
async fn r001_24_one_confident_answer_only_when_it_leads() {
    for council in councils().await {
        add(&council, "Maya", "Quillfeather").await;
        add(&council, "Mayla", "Quillfeather").await;
        let answer = ask(&council, "noor.school", &maya())
            .await
            .expect("an answer");
        assert!(!answer.sure && answer.children.len() == 2, "{answer:?}");
        let alone = asked(&[
            ("reason", "works_with"),
            ("given", "Maya"),
            ("family", "Quill"),
        ]);
        let said = ask(&council, "noor.school", &alone).await;
        assert!(matches!(said, Err(Error::Findings(_))), "{said:?}");
        let nobody = asked(&[
            ("reason", "works_with"),
            ("given", "Zebedee"),
            ("family", "Ottershaw"),
            ("born", "2001-01-01"),
        ]);
        let answer = ask(&council, "noor.school", &nobody)
            .await
            .expect("an answer");
        assert!(answer.children.is_empty() && !answer.sure);
        let begin = council.casework.store().begin(&Actor::system("test")).await;
        let mut tx = begin.expect("a transaction");
        let adult = rows::person(PersonKind::Adult, "Odelia", "Brackenmoor", born());
        tx.insert(&adult).await.expect("an adult");
        find::index_person(&mut tx, &adult, &[])
            .await
            .expect("keys");
        tx.commit().await.expect("committed");
        let asked = asked(&[
            ("reason", "works_with"),
            ("given", "Odelia"),
            ("family", "Brackenmoor"),
            ("born", "2013-04-11"),
        ]);
        let answer = ask(&council, "noor.school", &asked)
            .await
            .expect("an answer");
        assert!(answer.children.is_empty(), "{answer:?}");
    }
}

/// Security T2: a child whose record is restricted, or whom the practitioner
/// knows privately, is answered as one who does not exist: the same words, the
/// same rows written.
#[tokio::test]
async fn t2_a_hidden_child_is_answered_like_none() {
    for council in councils().await {
        for standing in [Standing::Restricted, Standing::Conflict] {
            let scene = Scene::new(&council, standing).await;
            let person: Person = {
                let begin = council.casework.store().begin(&Actor::system("test")).await;
                let mut tx = begin.expect("a transaction");
                tx.get(scene.person).await.expect("the child")
            };
            let date = person.born_on.expect("a date").to_string();
            let question = |given: &str, family: &str| {
                asked(&[
                    ("reason", "works_with"),
                    ("given", given),
                    ("family", family),
                    ("born", &date),
                ])
            };
            let there = question(&person.given, &person.family_name);
            let absent = question("Zebedee", "Ottershaw");
            let hidden = ask(&council, "noor.school", &there)
                .await
                .expect("an answer");
            let none = ask(&council, "noor.school", &absent)
                .await
                .expect("an answer");
            assert_eq!(format!("{hidden:?}"), format!("{none:?}"), "{standing:?}");
        }
        let shown = "select cast(coalesce(sum(shown), 0) as bigint) as n from index_search";
        assert_eq!(count(&council, shown).await, 0);
    }
}

/// Security T1: a reason is no key to a list: after forty in an hour the page
/// sends them to the front door.
#[tokio::test]
async fn t1_whoever_browses_is_stopped() {
    for council in councils().await {
        let mut stopped = 0;
        for n in 0..45 {
            let year = (2005 + n % 15).to_string();
            let question = asked(&[
                ("reason", "right_child"),
                ("given", "Maya"),
                ("year", &year),
            ]);
            match ask(&council, "noor.school", &question).await {
                Ok(_) => assert!(n < 40, "{n}"),
                Err(Error::Refused(_)) => stopped += 1,
                Err(other) => panic!("{other}"),
            }
        }
        assert_eq!(stopped, 5);
    }
}
