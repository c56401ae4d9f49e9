//! Questions about a child between practitioners, what was shared, and the
//! number withheld, on every database of the run.

use casework::model::{Person, PersonKind};
use casework::testing::{TestCouncil, councils, id_of, rows, small_family};
use casework::{Error, find, time};
use chrono::Days;
use packs::Answers;
use record::{Actor, args};
use vocabulary::{Id, NhsNumber, ids};

fn asked(pairs: &[(&str, &str)]) -> Answers {
    let mut answers = Answers::new();
    for (name, value) in pairs {
        answers.set(*name, *value);
    }
    answers
}

/// A child of Jo's with an NHS number, and a name that nobody else has.
async fn child(council: &TestCouncil) -> Person {
    let mut tx = small_family::begin(&council.casework).await;
    let born = time::today() - Days::new(9 * 366);
    let mut person = rows::person(PersonKind::Child, "Maya", "Quillfeather", born);
    person.nhs_number = NhsNumber::invented(77).map(|n| n.digits());
    person.status = Some("child_in_need".into());
    let family = rows::family("Quillfeather");
    tx.insert(&family).await.expect("a family");
    tx.insert(&person).await.expect("a child");
    let home = rows::at_home(family.id, person.id);
    tx.insert(&home).await.expect("a place");
    let jo = rows::allocated(person.id, "jo.socialworker");
    tx.insert(&jo).await.expect("allocated");
    find::index_person(&mut tx, &person, &[])
        .await
        .expect("keys");
    tx.commit().await.expect("committed");
    person
}

/// Noor's look at Maya, from the index.
async fn look(council: &TestCouncil, child: &Person) -> Id<ids::Part> {
    let born = child.born_on.expect("a date").to_string();
    let question = asked(&[
        ("reason", "works_with"),
        ("given", "Maya"),
        ("family", "Quillfeather"),
        ("born", &born),
    ]);
    let noor = council.viewer("noor.school").await;
    let answer = council.casework.who_is(&noor, &question).await;
    answer.expect("an answer").children[0].look
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

/// The key of the first to ask whose words begin so.
fn whom(form: &packs::Form, begins: &str) -> String {
    let packs::Kind::Radios(options) = &form.fields().next().expect("a field").kind else {
        panic!("no choice");
    };
    let found = options.choices.iter().find(|c| c.label.starts_with(begins));
    found.unwrap_or_else(|| panic!("{options:?}")).value.clone()
}

/// R001-09: a school asks a child's worker from the index; both have it in
/// their work list; it is answered and over, and stays in the child's record.
#[tokio::test]
async fn r001_09_asked_answered_and_part_of_the_record() {
    for council in councils().await {
        let casework = &council.casework;
        let maya = child(&council).await;
        let look = look(&council, &maya).await;
        let noor = council.viewer("noor.school").await;
        let jo = council.viewer("jo.socialworker").await;
        let asker = casework.ask_from_index(&noor, look).await.expect("a form");
        let lead = whom(&asker.sheet.form, "Jo Larch");
        let words = "She sleeps in class. May we plan her mornings with you?";
        let ask = asked(&[("who", &lead), ("words", words)]);
        let done = casework.send_from_index(&noor, look, &ask, "once-1").await;
        let done = done.expect("sent");
        let id: Id<ids::Part> = done
            .to
            .rsplit('/')
            .next()
            .expect("an id")
            .parse()
            .expect("an id");
        let turn = async |who: &record::Viewer| {
            let mine = casework
                .my_questions(who, "questions")
                .await
                .expect("a list");
            mine.iter()
                .map(|l| (l.mine, l.child.clone()))
                .collect::<Vec<_>>()
        };
        assert_eq!(turn(&jo).await, [(true, "Maya Quillfeather".to_owned())]);
        assert_eq!(turn(&noor).await, [(false, "Maya Quillfeather".to_owned())]);
        // Whoever asked comes back to it, and opens nothing else.
        let seen = casework.question(&noor, id).await.expect("hers");
        assert!(!seen.reads && seen.may_write && !seen.may_end);
        assert!(casework.overview(&noor, maya.id).await.is_err());
        let back = asked(&[("words", "Until Friday her mother works nights.")]);
        casework
            .write_back(&jo, id, &back, "once-2")
            .await
            .expect("answered");
        assert!(turn(&noor).await[0].0);
        casework
            .end_question(&noor, id, "once-3")
            .await
            .expect("over");
        assert!(turn(&jo).await.is_empty() && turn(&noor).await.is_empty());
        let (_, reads, lines) = casework.questions_of(&jo, maya.id).await.expect("a list");
        assert!(reads && lines.len() == 1);
        let story = "select count(*) as n from question_message where words like '%nights%'";
        assert_eq!(count(&council, story).await, 1);
        // Words about a child are sealed with the child's record.
        let plain = "select count(*) as n from journal where plain like '%sleeps in class%' \
                     or why like '%sleeps in class%'";
        assert_eq!(count(&council, plain).await, 0);
    }
}

/// R001-09: nobody else reads it: not a colleague of the same kind, not another
/// partner; a record that closes takes its questions with it.
#[tokio::test]
async fn r001_09_a_question_is_for_its_two_ends_and_the_record() {
    for council in councils().await {
        let casework = &council.casework;
        let maya = child(&council).await;
        let look = look(&council, &maya).await;
        let noor = council.viewer("noor.school").await;
        let asker = casework.ask_from_index(&noor, look).await.expect("a form");
        let door = whom(&asker.sheet.form, "Front door");
        let ask = asked(&[("who", &door), ("words", "Who leads for her now?")]);
        let done = casework
            .send_from_index(&noor, look, &ask, "once-1")
            .await
            .expect("sent");
        let id: Id<ids::Part> = done
            .to
            .rsplit('/')
            .next()
            .expect("an id")
            .parse()
            .expect("an id");
        let farah = council.viewer("farah.screener").await;
        assert!(
            casework
                .question(&farah, id)
                .await
                .expect("on duty")
                .may_write
        );
        for who in [
            "rosa.health",
            "chen.police",
            "tom.socialworker",
            "tia.analyst",
            "nia.admin",
        ] {
            let other = council.viewer(who).await;
            let said = casework.question(&other, id).await;
            assert!(matches!(said, Err(Error::NotFound)), "{who}");
            assert!(
                casework
                    .my_questions(&other, "questions")
                    .await
                    .expect("a list")
                    .is_empty()
            );
        }
        // Jo reads the record, and so the question, and does not write in it.
        let jo = council.viewer("jo.socialworker").await;
        assert!(
            !casework
                .question(&jo, id)
                .await
                .expect("in her record")
                .may_write
        );
        // Another's look is not a way in.
        let rosa = council.viewer("rosa.health").await;
        assert!(casework.ask_from_index(&rosa, look).await.is_err());
        let mut tx = casework
            .store()
            .begin(&Actor::system("test"))
            .await
            .expect("begun");
        let closed = rows::restriction(maya.id, "high_risk");
        tx.insert(&closed).await.expect("restricted");
        tx.commit().await.expect("committed");
        for who in [&noor, &farah, &jo] {
            assert!(matches!(
                casework.question(who, id).await,
                Err(Error::NotFound)
            ));
            assert!(
                casework
                    .my_questions(who, "questions")
                    .await
                    .expect("a list")
                    .is_empty()
            );
        }
        assert!(casework.ask_from_index(&noor, look).await.is_err());
    }
}

/// R001-26: what was shared and what was not are each one row with whom, why
/// and the ground; the duty's first day stands in the pack.
#[tokio::test]
async fn r001_26_sharing_and_not_sharing_are_one_row_each() {
    for council in councils().await {
        let casework = &council.casework;
        let maya = child(&council).await;
        let jo = council.viewer("jo.socialworker").await;
        let today = time::today().to_string();
        let mut shared = asked(&[
            ("decision", "shared"),
            ("what", "That she keeps watch at night"),
            ("with_whom", "Noor Hazelgrove, lead for safeguarding"),
            ("agency", "school"),
            ("why", "So that school plans her mornings"),
            ("channel", "spoken"),
            ("on_day", &today),
        ]);
        let said = casework.log_sharing(&jo, maya.id, &shared, "once-1").await;
        assert!(
            matches!(said, Err(Error::Findings(_))),
            "no ground: {said:?}"
        );
        // The duty cannot be chosen before its first day.
        assert!(!casework.must_share(time::today()));
        shared.set("gateway", "information_duty");
        let said = casework.log_sharing(&jo, maya.id, &shared, "once-2").await;
        assert!(
            matches!(said, Err(Error::Findings(_))),
            "not in force: {said:?}"
        );
        shared.set("gateway", "section_17");
        casework
            .log_sharing(&jo, maya.id, &shared, "once-3")
            .await
            .expect("kept");
        let not = asked(&[
            ("decision", "not_shared"),
            ("what", "What she said about her father"),
            ("with_whom", "The after-school club"),
            ("agency", "voluntary"),
            ("why", "The club does not need it"),
            ("harm", "She would stop going"),
            ("on_day", &today),
        ]);
        casework
            .log_sharing(&jo, maya.id, &not, "once-4")
            .await
            .expect("kept");
        let page = casework.sharing_page(&jo, maya.id).await.expect("a page");
        assert_eq!(page.rows.iter().filter(|r| r.shared).count(), 1);
        let no = page.rows.iter().find(|r| !r.shared).expect("a refusal");
        assert_eq!(
            (no.harm.as_deref(), no.by.as_str()),
            (Some("She would stop going"), "Jo Larch")
        );
        assert!(page.duty.contains("not in force yet"));
        let written = "select count(*) as n from journal where action = 'created' and object_kind = 'sharing'";
        assert_eq!(count(&council, written).await, 2);
        for who in ["noor.school", "tom.socialworker", "farah.screener"] {
            let other = council.viewer(who).await;
            assert!(
                casework.sharing_page(&other, maya.id).await.is_err(),
                "{who}"
            );
        }
    }
}

/// The single identifier is suppressed with a reason: no page, search or row
/// has it; it comes back as it was.
#[tokio::test]
async fn a_withheld_number_is_nowhere() {
    for council in councils().await {
        let casework = &council.casework;
        let maya = child(&council).await;
        let number = maya.nhs_number.clone().expect("a number");
        let jo = council.viewer("jo.socialworker").await;
        let priya = council.viewer("priya.manager").await;
        let reason = asked(&[(
            "reason",
            "Her father works at a surgery and looks people up",
        )]);
        let said = casework
            .change_number(&jo, maya.id, &reason, "once-1")
            .await;
        assert!(matches!(said, Err(Error::Refused(_))), "{said:?}");
        casework
            .change_number(&priya, maya.id, &reason, "once-2")
            .await
            .expect("withheld");
        let seen = casework.overview(&priya, maya.id).await.expect("a page");
        assert_eq!(seen.person.nhs_number, None);
        let wanted = find::Wanted {
            text: number.clone(),
            ..find::Wanted::default()
        };
        let found = casework
            .find(&priya, &wanted, "find")
            .await
            .expect("an answer");
        assert!(found.is_empty(), "{found:?}");
        let form = asked(&[
            ("given", "Maya"),
            ("family", "Quillfeather"),
            ("kind", "child"),
            ("nhs_number", &number),
        ]);
        let version = seen.person.version;
        let said = casework
            .save_particulars(&jo, maya.id, &form, version, "once-3")
            .await;
        let Err(Error::Findings(findings)) = said else {
            panic!("{said:?}");
        };
        assert!(
            findings.iter().any(|f| f.field == "nhs_number"),
            "{findings:?}"
        );
        let back = asked(&[("reason", "He left the surgery in May")]);
        casework
            .change_number(&priya, maya.id, &back, "once-4")
            .await
            .expect("back");
        let found = casework
            .find(&priya, &wanted, "find")
            .await
            .expect("an answer");
        assert_eq!(found.first().map(|m| m.person), Some(maya.id));
        assert_eq!(id_of("jo.socialworker"), jo.principal.worker);
    }
}

/// R001-09: the gate is asked at the time of reading. When somebody's work with
/// the child has ended they see what they wrote themselves, and nothing that the
/// other side wrote before or since; whoever reads the record reads all of it.
#[tokio::test]
async fn r001_09_a_question_obeys_the_gate_when_it_is_read() {
    for council in councils().await {
        let casework = &council.casework;
        let maya = child(&council).await;
        let mut tx = small_family::begin(casework).await;
        let mut theirs = casework::model::Involvement {
            role: "co_worker".into(),
            lead: false,
            ..rows::allocated(maya.id, "tom.socialworker")
        };
        tx.insert(&theirs).await.expect("a co-worker");
        tx.commit().await.expect("committed");
        let tom = council.viewer("tom.socialworker").await;
        let jo = council.viewer("jo.socialworker").await;
        let asking = casework.ask_question(&tom, maya.id).await.expect("a form");
        let lead = whom(&asking.form, "Jo Larch");
        let ask = asked(&[("who", &lead), ("words", "Who fetches her on Friday?")]);
        let done = casework.send_question(&tom, maya.id, &ask, "once-1").await;
        let id: Id<ids::Part> = done
            .expect("sent")
            .to
            .rsplit('/')
            .next()
            .expect("an id")
            .parse()
            .expect("an id");
        let back = asked(&[("words", "Her aunt in the blue house.")]);
        casework
            .write_back(&jo, id, &back, "once-2")
            .await
            .expect("answered");
        let seen = casework.question(&tom, id).await.expect("his");
        assert!(seen.whole && seen.messages.len() == 2);
        // His work ends.
        let mut tx = small_family::begin(casework).await;
        theirs.ended_on = Some(time::today());
        tx.update(&mut theirs).await.expect("ended");
        tx.commit().await.expect("committed");
        let seen = casework.question(&tom, id).await.expect("his own words");
        assert!(!seen.whole && !seen.may_write && !seen.may_end);
        let words: Vec<&str> = seen.messages.iter().map(|m| m.words.as_str()).collect();
        assert_eq!(words, ["Who fetches her on Friday?"]);
        let more = asked(&[("words", "And on Monday?")]);
        let refused = casework.write_back(&tom, id, &more, "once-3").await;
        assert!(matches!(refused, Err(Error::Refused(_))));
        let theirs = casework.question(&jo, id).await.expect("hers");
        assert!(theirs.whole && theirs.messages.len() == 2);
        // A record that closes takes his own words with it.
        let mut tx = small_family::begin(casework).await;
        tx.insert(&rows::restriction(maya.id, "high_risk"))
            .await
            .expect("restricted");
        tx.commit().await.expect("committed");
        let absent = casework.question(&tom, id).await;
        assert!(matches!(absent, Err(Error::NotFound)));
    }
}
