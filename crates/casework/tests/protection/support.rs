//! Steps of the way that several tests walk.

use casework::model::{Clock, Step};
use casework::protection::{Arrange, From, Hold, Seated};
use casework::steps::{Authorisation, SaveSection};
use casework::testing::TestCouncil;
use casework::{Casework, Viewer, time};
use chrono::{DateTime, Duration, Utc};
use packs::Answers;
use record::drafts::NewDraft;
use record::{AssertSqlSafe, Entity, args};
use vocabulary::{Id, ids};

use crate::at_work::{Home, once};

pub fn form_answers(form: &packs::Form, pairs: &[(&str, &str)]) -> Answers {
    Answers::from_pairs(form, pairs.iter().copied())
}

/// A moment as a form posts it.
pub fn stamp(at: DateTime<Utc>) -> String {
    time::local(at).format("%Y-%m-%dT%H:%M").to_string()
}

pub async fn rows<E: Entity>(council: &TestCouncil, condition: &str) -> Vec<E> {
    let sql = format!(
        "select {} from {} where {condition}",
        E::COLUMNS.join(", "),
        E::TABLE
    );
    let db = council.casework.store().read_db();
    db.all(AssertSqlSafe(sql), args![]).await.unwrap()
}

pub async fn running(council: &TestCouncil, rule: &str) -> Vec<Clock> {
    rows(council, &format!("rule = '{rule}' and done_at is null")).await
}

/// Everybody at the table took part.
pub fn all_came(seats: &[casework::protection::Seat]) -> Vec<Seated> {
    seats
        .iter()
        .map(|seat| Seated {
            row: Some(seat.row.id),
            name: match seat.row.name.as_str() {
                "" => format!("Somebody of {}", seat.title),
                name => name.to_owned(),
            },
            agency: seat.row.agency.clone(),
            came: "came".into(),
            ..Seated::default()
        })
        .collect()
}

pub fn strategy_answers(casework: &Casework, outcome: &str, at: DateTime<Utc>) -> Answers {
    let at = stamp(at);
    crate::at_work::answers(
        casework,
        "strategy-discussion",
        &[
            (
                "known",
                "Maya told her teacher that she was hit with a belt.",
            ),
            ("safe_now", "with_steps"),
            (
                "safe_how",
                "Maya stays with her aunt tonight; Jo sees to it.",
            ),
            ("held_at", &at),
            ("how", "online"),
            ("outcome", outcome),
            ("joint", "joint"),
            (
                "rationale",
                "A mark that fits what Maya says, seen by the nurse.",
            ),
        ],
    )
}

/// A strategy discussion for Maya that decides on section 47.
pub async fn to_section47(council: &TestCouncil, home: &Home, at: DateTime<Utc>) -> Step {
    let casework = &council.casework;
    let id = casework
        .start_strategy(&home.jo, From::Child(home.maya), &once())
        .await
        .unwrap();
    let page = casework.strategy(&home.jo, id).await.unwrap();
    let answers = strategy_answers(casework, "section47", at);
    let begun = casework
        .record_strategy(&home.jo, id, &answers, &all_came(&page.seats), &once())
        .await
        .unwrap();
    begun.into_iter().next().expect("enquiries begin")
}

pub async fn save(
    casework: &Casework,
    who: &Viewer,
    step: Id<ids::Step>,
    section: &str,
    pairs: &[(&str, &str)],
) {
    let overview = casework.step_overview(who, step).await.unwrap();
    let base = casework
        .section_page(who, step, section)
        .await
        .map(|page| page.version)
        .unwrap();
    let words = NewDraft {
        target: format!("step:{step}:{section}"),
        title: "Enquiries".into(),
        path: format!("/steps/{step}/{section}"),
        body: serde_json::json!([]),
        page: "one".into(),
        seq: 1,
        base_version: Some(base),
    };
    casework
        .save_section(
            who,
            SaveSection {
                step,
                section: section.into(),
                answers: form_answers(&overview.seen.form, pairs),
                finished: false,
                base,
                once: once(),
                words,
                settles: false,
            },
        )
        .await
        .unwrap();
}

pub const ENQUIRIES: &[(&str, &str)] = &[
    ("enquiries.0.who", "Rosa Mbeki, health visitor"),
    ("enquiries.0.agency", "health"),
    (
        "enquiries.0.said",
        "A loop mark on the arm, about two days old.",
    ),
    ("child_seen", "alone"),
    ("childs_words", "He did it because I was loud."),
];

/// All parts that a worker writes.
pub async fn write_section47(casework: &Casework, who: &Viewer, step: Id<ids::Step>) {
    save(casework, who, step, "enquiries", ENQUIRIES).await;
    let analysis = [
        (
            "analysis",
            "What Maya says fits the mark; it is likely to happen again.",
        ),
        ("not_known", "If Idris was hit too."),
    ];
    save(casework, who, step, "analysis", &analysis).await;
    let recommendation = [
        ("outcome", "conference"),
        ("why", "The risk goes on while he is in the home."),
        (
            "interim_safety",
            "Maya stays with her aunt. Jo calls every day.",
        ),
        ("tell_child", "We talk with everyone who can keep you safe."),
    ];
    save(casework, who, step, "recommendation", &recommendation).await;
}

pub async fn authorise(
    casework: &Casework,
    who: &Viewer,
    step: Id<ids::Step>,
    outcome: &str,
) -> casework::Result<()> {
    let answers = crate::at_work::answers(
        casework,
        "authorisation",
        &[
            ("decision", "authorise"),
            ("view", "Clear, and Maya is heard. I agree."),
        ],
    );
    casework
        .authorise(
            who,
            Authorisation {
                step,
                answers,
                outcome: outcome.into(),
                once: once(),
            },
        )
        .await
        .map(|_| ())
}

/// Enquiries that a manager authorised for a conference; the conference.
pub async fn to_conference(council: &TestCouncil, home: &Home, at: DateTime<Utc>) -> Step {
    let casework = &council.casework;
    let step = to_section47(council, home, at).await;
    write_section47(casework, &home.jo, step.id).await;
    let sent = casework
        .submit_step(&home.jo, step.id, &[], &once())
        .await
        .unwrap();
    assert!(sent.findings.is_empty(), "{:?}", sent.findings);
    authorise(casework, &home.priya, step.id, "conference")
        .await
        .unwrap();
    let found: Vec<Step> = rows(council, "kind = 'initial-conference'").await;
    found.into_iter().next_back().expect("a conference begins")
}

pub fn arrange(page: &casework::protection::ConferencePage, in_days: i64) -> Arrange {
    Arrange {
        when: stamp(Utc::now() + Duration::days(in_days)),
        place: "Town hall".into(),
        chair: page
            .chairs
            .first()
            .map(|c| c.id.to_string())
            .unwrap_or_default(),
        invite: page.network.iter().map(|k| k.key.clone()).collect(),
        others: vec![
            ("PC Rowe".into(), "police".into()),
            ("Ms Oakes, head".into(), "school".into()),
        ],
        once: once(),
        ..Arrange::default()
    }
}

/// What a conference decides about each child.
pub fn decided(
    page: &casework::protection::ConferencePage,
    each: &[(Id<ids::Person>, &str)],
) -> Hold {
    let due = (time::today() + chrono::Days::new(14)).to_string();
    let at = stamp(Utc::now());
    let mut pairs: Vec<(String, String)> = [
        ("when", at.as_str()),
        ("chair", "Graham Ash"),
        ("worries", "He hits, and nobody at home stops him."),
        ("changed", "Nothing yet."),
        ("childs_views", "I want to sleep at my aunt’s."),
        ("parents_views", "Layla wants help. He was not there."),
        ("rationale", "Without a plan it is likely to happen again."),
        ("aim", "Nobody hits Maya."),
        ("actions.0.what", "Speak with Maya each week at school"),
        ("actions.0.owner", "Ms Oakes, head"),
        ("actions.0.agency", "school"),
        ("actions.0.due", due.as_str()),
        ("actions.0.measure", "Maya names an adult she goes to"),
        ("tell_child", "Grown-ups will meet until you are safe."),
    ]
    .into_iter()
    .map(|(k, v)| (k.to_owned(), v.to_owned()))
    .collect();
    for (child, decision) in each {
        pairs.push((format!("decision_{child}"), (*decision).to_owned()));
        if matches!(*decision, "plan" | "continue") {
            pairs.push((format!("category_{child}"), "PHY".into()));
        }
    }
    Hold {
        answers: Answers::from_pairs(&page.form, pairs.iter().map(|(k, v)| (k, v))),
        seats: all_came(&page.seats),
        once: once(),
        ..Hold::default()
    }
}

/// The conference is arranged and held with a plan for Maya.
pub async fn to_plan(council: &TestCouncil, home: &Home) -> Id<ids::Plan> {
    let casework = &council.casework;
    let step = to_conference(council, home, Utc::now() - Duration::hours(2)).await;
    let page = casework.conference(&home.jo, step.id).await.unwrap();
    casework
        .arrange_conference(&home.jo, step.id, &arrange(&page, 5))
        .await
        .unwrap();
    let page = casework.conference(&home.jo, step.id).await.unwrap();
    let hold = decided(&page, &[(home.maya, "plan")]);
    let plan = casework.hold_conference(&home.jo, step.id, &hold).await;
    plan.unwrap().expect("a plan is made")
}
