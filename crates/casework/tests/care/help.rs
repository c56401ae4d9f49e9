//! What the tests of these processes share.

use casework::model::{Clock, Involvement};
use casework::testing::id_of;
use casework::{Error, Viewer, time};
use chrono::{Days, NaiveDate, Utc};
use packs::{Answers, Finding};
use vocabulary::{Id, ids};

pub use crate::small_family::{Home, homes};

/// So many days ago.
pub fn ago(days: u64) -> NaiveDate {
    time::today() - Days::new(days)
}

/// So many days ago, as a form has it.
pub fn day(days: u64) -> String {
    ago(days).to_string()
}

/// A token for a form.
pub fn once() -> String {
    Id::<ids::Event>::new().to_string()
}

/// Answers by name.
pub fn answers(pairs: &[(&str, &str)]) -> Answers {
    let mut answers = Answers::new();
    for (name, value) in pairs {
        answers.set(*name, *value);
    }
    answers
}

/// The fields that stopped a command.
pub fn stopped<T: std::fmt::Debug>(result: Result<T, Error>) -> Vec<String> {
    match result {
        Err(Error::Findings(findings)) => findings.into_iter().map(|f: Finding| f.field).collect(),
        other => panic!("nothing stopped it: {other:?}"),
    }
}

/// The running clocks of a child, by rule.
pub async fn running(home: &Home, child: Id<ids::Person>) -> Vec<String> {
    let clocks: Vec<Clock> = home
        .all(&format!(
            "person_id = '{child}' and done_at is null order by rule"
        ))
        .await;
    clocks.into_iter().map(|c| c.rule).collect()
}

/// When a running clock of a child is due.
pub async fn due(home: &Home, child: Id<ids::Person>, rule: &str) -> NaiveDate {
    let clocks: Vec<Clock> = home
        .all(&format!(
            "person_id = '{child}' and rule = '{rule}' and done_at is null"
        ))
        .await;
    assert_eq!(clocks.len(), 1, "one running clock {rule}");
    time::local(clocks[0].due_at).date()
}

/// A worker of another team, who works with nobody of the family.
pub async fn stranger(home: &Home) -> Viewer {
    home.council.viewer("tom.socialworker").await
}

/// Lets a worker look after another child of the family.
pub async fn allocate(home: &Home, child: Id<ids::Person>, username: &str) {
    let mut tx = crate::small_family::begin(home.casework()).await;
    tx.insert(&Involvement {
        id: Id::new(),
        person_id: child,
        worker_id: Some(id_of(username)),
        team_id: None,
        role: "allocated".into(),
        name: username.into(),
        job_title: "Social worker".into(),
        agency: "social_care".into(),
        phone: None,
        email: None,
        lead: true,
        sensitive: false,
        started_on: ago(40),
        ended_on: None,
        change_reason: None,
        version: 1,
    })
    .await
    .unwrap();
    tx.commit().await.unwrap();
}

/// Now, as a form has it, so many hours ago.
pub fn hours_ago(hours: i64) -> String {
    let at = time::local(Utc::now() - chrono::Duration::hours(hours));
    at.format("%Y-%m-%dT%H:%M").to_string()
}
