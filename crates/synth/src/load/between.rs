//! What passes between agencies in the demonstration: a school that works with
//! a child, questions asked and answered, and what was shared and what was not.

use casework::Result;
use chrono::{DateTime, Duration, Utc};
use record::model::{Involvement, Question, QuestionMessage, Sharing};
use record::{Actor, Recorded, Tx};
use vocabulary::{Id, ids as id};

use super::{council, ids};
use crate::Borough;

/// The practitioner who works with a story's eldest child, and since how many
/// days.
const WORKS: [(&str, &str, &str, i64); 3] = [
    ("noor.school", "maya", "school", 300),
    ("noor.school", "twins", "school", 120),
    ("hana.visitor", "early-help", "health", 90),
];

/// A question: who asks, whom (nobody: the front door), about whom, and the
/// messages: hours ago, from the asker or not, words.
type Asked = (
    &'static str,
    Option<&'static str>,
    &'static str,
    &'static [(i64, bool, &'static str)],
);

const QUESTIONS: [Asked; 3] = [
    (
        "noor.school",
        Some("jo.socialworker"),
        "maya",
        &[
            (
                50,
                true,
                "Maya was late three times this week and very tired. Is there anything at home that we should plan her mornings around?",
            ),
            (
                44,
                false,
                "Her mother works nights until Friday. A later start on those days would help, and somebody to have breakfast with.",
            ),
        ],
    ),
    (
        "jo.socialworker",
        Some("noor.school"),
        "maya",
        &[(
            6,
            true,
            "Who is the grown-up that Maya goes to at school? She drew her, and I would like to ask her to the meeting.",
        )],
    ),
    (
        "hana.visitor",
        None,
        "early-help",
        &[(
            3,
            true,
            "The family moved on Monday and the new health visitor asks who leads. Whom shall she ring?",
        )],
    ),
];

/// A decision: about whom, days ago, shared or not, what, with whom, agency,
/// why, ground or harm.
type Decided = (
    &'static str,
    i64,
    bool,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
);

const DECISIONS: [Decided; 3] = [
    (
        "maya",
        40,
        true,
        "That Maya keeps watch at night while her mother works, and how it shows at school",
        "Noor Hazelgrove, lead for safeguarding",
        "school",
        "So that school plans her mornings and has somebody for her",
        "section_17",
    ),
    (
        "maya",
        21,
        false,
        "What Maya said about her father",
        "The after-school club",
        "voluntary",
        "The club does not need it to keep her safe, and she asked that it stays between us",
        "She would stop going, and it is where she eats with friends",
    ),
    (
        "twins",
        12,
        true,
        "The days on which the twins are with their grandmother",
        "Hana Tolwether, health visitor",
        "health",
        "So that the two-year check is at the right door",
        "cooperation",
    ),
];

/// Writes them, in the caller's transaction.
pub(crate) async fn write(tx: &mut Tx, borough: &Borough) -> Result<()> {
    let now = casework::time::from_local(borough.now);
    for (n, (who, story, agency, days)) in WORKS.into_iter().enumerate() {
        let Some(child) = eldest(borough, story) else {
            continue;
        };
        let Some(worker) = borough.worker(who) else {
            continue;
        };
        let at = now - Duration::days(days);
        let row = Involvement {
            id: ids::named("involvement between", &n.to_string()),
            person_id: child,
            worker_id: Some(ids::worker(who)),
            team_id: None,
            role: "other".to_owned(),
            name: format!("{} {}", worker.given, worker.family),
            job_title: worker.post.to_owned(),
            agency: agency.to_owned(),
            phone: Some(council::phone(who)),
            email: Some(format!("{who}@larkmere.example")),
            lead: false,
            sensitive: false,
            started_on: at.date_naive(),
            ended_on: None,
            change_reason: None,
            version: 1,
        };
        let by = Actor::worker(ids::worker("jo.socialworker"), None);
        tx.insert_recorded(&[Recorded::new(row, &by, at)]).await?;
    }
    for (n, asked) in QUESTIONS.into_iter().enumerate() {
        question(tx, borough, now, n, asked).await?;
    }
    for (n, decided) in DECISIONS.into_iter().enumerate() {
        decision(tx, borough, now, n, decided).await?;
    }
    Ok(())
}

fn eldest(borough: &Borough, story: &str) -> Option<Id<id::Person>> {
    let child = borough.story(story).and_then(|f| f.children().next());
    child.map(|c| ids::person(c.no))
}

fn signature(borough: &Borough, who: &str) -> String {
    borough.worker(who).map_or_else(String::new, |w| {
        let post = casework::people::network::lower_first(w.post);
        format!("{} {}, {post}", w.given, w.family)
    })
}

async fn question(
    tx: &mut Tx,
    borough: &Borough,
    now: DateTime<Utc>,
    n: usize,
    (by, to, story, messages): Asked,
) -> Result<()> {
    let (Some(child), [(hours, _, topic), ..]) = (eldest(borough, story), messages) else {
        return Ok(());
    };
    let id = ids::named("question", &n.to_string());
    let last = messages.last().map_or(*hours, |m| m.0);
    let answered = messages.last().is_some_and(|m| !m.1);
    let asker = Actor::worker(ids::worker(by), None);
    let at = now - Duration::hours(*hours);
    let row = Question {
        id,
        person_id: child,
        asked_by: ids::worker(by),
        asked_as: signature(borough, by),
        to_worker: to.map(ids::worker),
        to_team: to.is_none().then(|| ids::team("front-door")),
        to_name: to.map_or_else(|| "Front door".to_owned(), |to| signature(borough, to)),
        topic: casework::plans::goals::short(topic),
        waits_for: if answered { "asker" } else { "asked" }.to_owned(),
        asked_at: at,
        moved_at: now - Duration::hours(last),
        version: 1,
    };
    tx.insert_recorded(&[Recorded::new(row, &asker, at)])
        .await?;
    for (m, (hours, from_asker, words)) in messages.iter().enumerate() {
        let writer = match (from_asker, to) {
            (true, _) | (false, None) => by,
            (false, Some(to)) => to,
        };
        let at = now - Duration::hours(*hours);
        let row = QuestionMessage {
            id: ids::named("question message", &format!("{n} {m}")),
            question_id: id,
            person_id: child,
            written_by: ids::worker(writer),
            written_as: signature(borough, writer),
            words: (*words).to_owned(),
            written_at: at,
            version: 1,
        };
        let by = Actor::worker(ids::worker(writer), None);
        tx.insert_recorded(&[Recorded::new(row, &by, at)]).await?;
    }
    Ok(())
}

async fn decision(
    tx: &mut Tx,
    borough: &Borough,
    now: DateTime<Utc>,
    n: usize,
    (story, days, shared, what, with_whom, agency, why, ground): Decided,
) -> Result<()> {
    let Some(child) = eldest(borough, story) else {
        return Ok(());
    };
    let at = now - Duration::days(days);
    let jo = ids::worker("jo.socialworker");
    let row = Sharing {
        id: ids::named("sharing", &n.to_string()),
        person_id: child,
        shared,
        what: what.to_owned(),
        with_whom: with_whom.to_owned(),
        agency: agency.to_owned(),
        why: why.to_owned(),
        gateway: shared.then(|| ground.to_owned()),
        harm: (!shared).then(|| ground.to_owned()),
        consent: Some("yes".to_owned()),
        consent_why: None,
        channel: shared.then(|| "spoken".to_owned()),
        on_day: at.date_naive(),
        decided_by: jo,
        decided_at: at,
        version: 1,
    };
    let by = Actor::worker(jo, None);
    tx.insert_recorded(&[Recorded::new(row, &by, at)]).await?;
    Ok(())
}
