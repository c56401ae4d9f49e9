//! Who has looked, for the family (R001-27): the list in plain words, what is
//! left out of it, when it is held back, and the one-time link.

use casework::access_control::for_family::{Danger, Decide, LooksGiven, Risk};
use casework::model::{
    Involvement, LooksLink, LooksRequest, Restriction, Step, StepState, StepSubject,
};
use casework::testing::small_family::{Home, begin, homes};
use casework::testing::{id_of, rows, team_of};
use casework::{Asked, Error, Viewer, time};
use chrono::{Days, Duration, Utc};
use packs::Answers;
use record::args;
use vocabulary::{Id, ids};

const SITE: &str = "https://throughline.example";

fn once() -> String {
    Id::<ids::Note>::new().to_string()
}

/// Leila asks on behalf of Maya about the last month.
async fn made(home: &Home, viewer: &Viewer) -> Id<ids::Part> {
    let mut answers = Answers::new();
    answers.set("asked_by", "parent");
    answers.set("asker", "Leila Ashgrove");
    let today = time::today();
    for (field, day) in [
        ("asked_on", today),
        ("from_day", today - Days::new(30)),
        ("to_day", today),
    ] {
        answers.set(field, day.to_string());
    }
    let done = home
        .casework()
        .prepare_looks(viewer, home.maya, &answers, &once())
        .await
        .unwrap();
    let id = done.to.rsplit('/').next().unwrap();
    id.parse().unwrap()
}

/// The decision with the lines that are ticked already.
fn decide(seen: &LooksGiven, answer: &str, reason: &str) -> Decide {
    let out = |(place, line): (usize, &_)| {
        let line: &casework::access_control::for_family::FamilyLine = line;
        line.left_out.then_some(place)
    };
    Decide {
        answer: answer.into(),
        left_out: seen.lines.iter().enumerate().filter_map(out).collect(),
        reason: reason.into(),
        once: once(),
    }
}

async fn given(home: &Home, viewer: &Viewer) -> Id<ids::Part> {
    let id = made(home, viewer).await;
    let seen = home.casework().looks_given(viewer, id).await.unwrap();
    home.casework()
        .decide_looks(viewer, id, &decide(&seen, "give", ""))
        .await
        .unwrap();
    id
}

fn token(address: &str) -> String {
    address.rsplit('/').next().unwrap().to_owned()
}

/// R001-27: the family is told who looked, on which day, from which service and
/// why, in plain words; the list is a row of the record.
#[tokio::test]
async fn r001_27_the_family_can_be_told_who_looked_and_why() {
    for home in homes().await {
        let casework = home.casework();
        let jo = home.jo().await;
        home.see(&jo, home.maya).await;
        let tom = home.council.viewer("tom.socialworker").await;
        let found = casework
            .gate()
            .person(&tom, home.maya, Asked::index("find"))
            .await;
        assert!(found.unwrap().is_some());
        let id = given(&home, &jo).await;
        let seen = casework.looks_given(&jo, id).await.unwrap();
        let of = |name: &str| {
            let line = seen.lines.iter().find(|l| l.who.starts_with(name));
            line.unwrap_or_else(|| panic!("{name} looked: {:?}", seen.lines))
        };
        assert_eq!(of("Jo Larch").who, "Jo Larch, social worker");
        assert_eq!(of("Jo Larch").why, ["Was the worker for Maya"]);
        assert_eq!(of("Jo Larch").service, "Children’s social care");
        assert_eq!(
            of("Tom Bramble").why,
            ["Wanted to know who works with Maya"]
        );
        assert_eq!(of("Tom Bramble").day, time::today());
        assert!(seen.lines.iter().all(|l| !l.left_out));
        assert!(seen.decided.starts_with("Jo Larch, on "));
        // What was asked and given is in the journal, as a change of her record.
        let person = home.see(&jo, home.maya).await;
        let changes = casework.gate().changes_of(&person, 10).await.unwrap();
        let kinds: Vec<&str> = changes.iter().map(|c| c.object_kind.as_str()).collect();
        assert_eq!(kinds.iter().filter(|k| **k == "looks_request").count(), 2);
        // A decision stays: a second one is a new list.
        let again = casework
            .decide_looks(
                &jo,
                id,
                &decide(&seen, "hold_back", "It is not safe any more at all."),
            )
            .await;
        assert!(matches!(again, Err(Error::Refused(_))));
        // Who does not work with her learns nothing of the list.
        for other in ["tom.socialworker", "nia.admin", "okafor.director"] {
            let viewer = home.council.viewer(other).await;
            let absent = casework.looks_given(&viewer, id).await;
            assert!(matches!(absent, Err(Error::NotFound)), "{other}");
        }
    }
}

/// R001-27: the police, a sensitive service and whoever works with somebody
/// restricted in the household are left out unless a manager decides otherwise,
/// and what is given never says that something was left out.
#[tokio::test]
async fn r001_27_lines_that_could_harm_somebody_are_left_out() {
    for home in homes().await {
        let casework = home.casework();
        let jo = home.jo().await;
        let mut tx = begin(casework).await;
        // Dev's service is one that nobody is told of; Tom works with Idris,
        // whose record is restricted to him; Chen is a police officer.
        for (person, username, sensitive) in [
            (home.maya, "dev.earlyhelp", true),
            (home.idris, "tom.socialworker", false),
            (home.maya, "chen.police", false),
        ] {
            let row = Involvement {
                role: "other".into(),
                sensitive,
                lead: false,
                ..rows::allocated(person, username)
            };
            tx.insert(&row).await.unwrap();
        }
        tx.insert(&rows::restriction(home.idris, "high_risk"))
            .await
            .unwrap();
        tx.commit().await.unwrap();
        for username in ["dev.earlyhelp", "tom.socialworker"] {
            let viewer = home.council.viewer(username).await;
            let look = casework
                .gate()
                .person(&viewer, home.maya, Asked::index("test"))
                .await;
            assert!(look.unwrap().is_some(), "{username}");
        }
        // The police ask and are refused: that is a look at her too.
        let chen = home.council.viewer("chen.police").await;
        let asked = Asked::to_read("test");
        casework
            .gate()
            .person(&chen, home.maya, asked)
            .await
            .unwrap();

        let id = made(&home, &jo).await;
        let seen = casework.looks_given(&jo, id).await.unwrap();
        let risk = |name: &str| {
            let line = seen.lines.iter().find(|l| l.who.starts_with(name));
            let line = line.unwrap_or_else(|| panic!("{name}: {:?}", seen.lines));
            assert_eq!(line.left_out, line.risk.is_some(), "{line:?}");
            line.risk
        };
        assert_eq!(risk("Dev Moss"), Some(Risk::Sensitive));
        assert_eq!(risk("Tom Bramble"), Some(Risk::SomebodyElse));
        assert_eq!(risk("Chen Rowe"), Some(Risk::Police));
        assert_eq!(risk("Jo Larch"), None);
        assert!(seen.dangers.is_empty());
        // Jo may not put them back; her manager may, with a reason.
        let all = Decide {
            left_out: vec![],
            ..decide(&seen, "give", "I think that it does not matter at all.")
        };
        let refused = casework.decide_looks(&jo, id, &all).await;
        assert!(matches!(refused, Err(Error::Refused(_))), "{refused:?}");
        // One more left out needs its reason.
        let jos = seen
            .lines
            .iter()
            .position(|l| l.who.starts_with("Jo"))
            .unwrap();
        let mut more = decide(&seen, "give", "");
        more.left_out.push(jos);
        let unsaid = casework.decide_looks(&jo, id, &more).await;
        assert!(matches!(unsaid, Err(Error::Findings(_))), "{unsaid:?}");
        casework
            .decide_looks(&jo, id, &decide(&seen, "give", ""))
            .await
            .unwrap();
        let link = casework
            .make_looks_link(&jo, id, SITE, &once())
            .await
            .unwrap();
        let behind = casework.looks_behind(&token(&link.address)).await.unwrap();
        let text = format!("{:?}", behind.lines);
        assert!(text.contains("Jo Larch"), "{text}");
        for hidden in ["Dev Moss", "Tom Bramble", "Chen Rowe"] {
            assert!(!text.contains(hidden), "{hidden}: {text}");
        }
    }
}

/// R001-27: a restricted record, a protected address and an open enquiry hold
/// the list back; only a manager gives it all the same, never by a link.
#[tokio::test]
async fn r001_27_a_list_is_held_back_when_it_is_not_safe() {
    for home in homes().await {
        let casework = home.casework();
        let (jo, priya) = (home.jo().await, home.council.viewer("priya.manager").await);
        let before = given(&home, &jo).await;
        let link = casework
            .make_looks_link(&jo, before, SITE, &once())
            .await
            .unwrap();
        let token = token(&link.address);
        casework.looks_link_waits(&token).await.unwrap();
        let enquiry = Step {
            id: Id::new(),
            kind: "section-47".into(),
            form: None,
            form_version: None,
            pack_version: "test".into(),
            family_id: home.family,
            contact_id: None,
            team_id: Some(team_of("North")),
            worker_id: Some(id_of("jo.socialworker")),
            state: StepState::Open,
            started_on: time::today(),
            submitted_by: None,
            submitted_at: None,
            settled_by: None,
            settled_at: None,
            settled_words: None,
            outcome: None,
            version: 1,
        };
        let subject = StepSubject {
            id: Id::new(),
            step_id: enquiry.id,
            person_id: home.maya,
            version: 1,
        };
        let mut tx = begin(casework).await;
        tx.insert(&enquiry).await.unwrap();
        tx.insert(&subject).await.unwrap();
        tx.commit().await.unwrap();
        // The link that was made before is dead, like one that never was.
        let dead = casework.looks_link_waits(&token).await;
        assert!(matches!(dead, Err(Error::NotFound)));
        let id = made(&home, &jo).await;
        let seen = casework.looks_given(&jo, id).await.unwrap();
        assert_eq!(seen.dangers, [Danger::Enquiry]);
        assert!(!seen.may_give && seen.may_decide);
        let why = "Her father is looked into and would be warned.";
        let refused = casework
            .decide_looks(&jo, id, &decide(&seen, "give", why))
            .await;
        assert!(matches!(refused, Err(Error::Refused(_))));
        let unsaid = casework
            .decide_looks(&jo, id, &decide(&seen, "hold_back", "No."))
            .await;
        assert!(matches!(unsaid, Err(Error::Findings(_))));
        casework
            .decide_looks(&jo, id, &decide(&seen, "hold_back", why))
            .await
            .unwrap();
        let kept: Vec<LooksRequest> = home.all(&format!("id = '{id}'")).await;
        assert_eq!(kept[0].state, "held_back");
        assert_eq!(kept[0].reason.as_deref(), Some(why));
        let none = casework.make_looks_link(&jo, id, SITE, &once()).await;
        assert!(matches!(none, Err(Error::Refused(_))));
        // A manager may: on paper, and no link is made of it.
        let id = made(&home, &priya).await;
        let seen = casework.looks_given(&priya, id).await.unwrap();
        let safe = "The mother knows of the enquiry and the father is abroad.";
        casework
            .decide_looks(&priya, id, &decide(&seen, "give", safe))
            .await
            .unwrap();
        let after = casework.looks_given(&priya, id).await.unwrap();
        assert_eq!(after.dangers_then, [Danger::Enquiry]);
        let link = casework.make_looks_link(&priya, id, SITE, &once()).await;
        assert!(matches!(link, Err(Error::Refused(_))));
        // Restricted to nobody: for everybody the list is as absent as she is.
        let closed: Restriction = rows::restriction(home.maya, "high_risk");
        let mut tx = begin(casework).await;
        tx.insert(&closed).await.unwrap();
        tx.commit().await.unwrap();
        let absent = casework.looks_given(&priya, id).await;
        assert!(matches!(absent, Err(Error::NotFound)));
    }
}

/// R001-27: the link opens one list without an account; looking is on record as
/// the family's; it waits 14 days, stays one day, and a newer one ends it.
#[tokio::test]
async fn r001_27_the_one_time_link_opens_for_a_day_and_is_recorded() {
    for home in homes().await {
        let casework = home.casework();
        let jo = home.jo().await;
        let id = given(&home, &jo).await;
        let first = casework.make_looks_link(&jo, id, SITE, &once()).await;
        let first = first.unwrap();
        assert!(!first.subject.contains("Maya") && !first.body.contains("Maya"));
        assert!(!first.body.contains("record"), "mail is read by others");
        let link = casework.make_looks_link(&jo, id, SITE, &once()).await;
        let link = link.unwrap();
        for dead in [token(&first.address), "0".repeat(64), "x".into()] {
            let tried = casework.looks_behind(&dead).await;
            assert!(matches!(tried, Err(Error::NotFound)), "{dead}");
        }
        // Looking at the page in front opens nothing.
        casework
            .looks_link_waits(&token(&link.address))
            .await
            .unwrap();
        let row = |rows: Vec<LooksLink>| rows.into_iter().next().unwrap();
        let open = format!("request_id = '{id}' and withdrawn_at is null");
        assert!(row(home.all(&open).await).opened_at.is_none());
        let behind = casework.looks_behind(&token(&link.address)).await.unwrap();
        assert_eq!(
            (behind.name.as_str(), behind.worker.as_str()),
            ("Maya", "Jo Larch")
        );
        let kept = row(home.all(&open).await);
        let left = kept.ends_at - Utc::now();
        assert!(left <= Duration::hours(24) && left > Duration::hours(23));
        assert!(!kept.token_hash.contains(&token(&link.address)));
        casework.looks_behind(&token(&link.address)).await.unwrap();
        #[derive(sqlx::FromRow)]
        struct Count {
            n: i64,
        }
        let sql = "select count(*) as n from journal j join journal_subject s \
                   on s.writer = j.writer and s.seq = j.seq where j.action = 'looked' \
                   and j.actor = $1 and s.subject = $2";
        let values = args![
            format!("family:{}", kept.id),
            format!("person:{}", home.maya)
        ];
        let looks: Count = casework.store().read_db().one(sql, values).await.unwrap();
        assert_eq!(looks.n, 2, "both openings are on record");
        casework.withdraw_looks_link(&jo, id).await.unwrap();
        let gone = casework.looks_behind(&token(&link.address)).await;
        assert!(matches!(gone, Err(Error::NotFound)));
    }
}
