//! What makes the demonstration people's pages show every kind of work: emergency
//! looks that wait for a check, and a text that somebody has not finished.

use casework::clocks::{self, About};
use casework::{Casework, Result};
use chrono::{DateTime, Duration, Utc};
use record::drafts::NewDraft;
use record::model::{AccessGrant, Clock};
use record::{Actor, Recorded, Tx};
use serde_json::json;
use vocabulary::{Id, ids as id};

use super::ids;
use crate::{Borough, What, WorkState};

/// Who looked in an emergency, at which story's eldest child, how many hours
/// ago, and why.
const LOOKS: [(&str, &str, i64, &str); 4] = [
    (
        "tom.socialworker",
        "maya",
        5,
        "Her aunt rang the South team: Maya had not come home and nobody answered at North. I looked for who to ring.",
    ),
    (
        "farah.screener",
        "twins",
        27,
        "The police asked at the front door for the twins’ worker; the family was at the station.",
    ),
    (
        "leila.fostering",
        "baby-expected",
        30,
        "A carer on duty asked which hospital the mother is booked at.",
    ),
    (
        "tom.socialworker",
        "early-help",
        24 * 9,
        "The school said that somebody else collected the children.",
    ),
];

/// Writes them, in the caller's transaction.
pub(crate) async fn write(tx: &mut Tx, borough: &Borough, casework: &Casework) -> Result<()> {
    let now = casework::time::from_local(borough.now);
    for (n, (worker, story, hours, reason)) in LOOKS.into_iter().enumerate() {
        let child = borough.story(story).and_then(|f| f.children().next());
        let Some(child) = child else { continue };
        let at = now - Duration::hours(hours);
        let grant = AccessGrant {
            id: ids::named("grant", &n.to_string()),
            kind: "break_glass".to_owned(),
            worker_id: ids::worker(worker),
            person_id: ids::person(child.no),
            section: "record".to_owned(),
            reason: reason.to_owned(),
            starts_at: at,
            ends_at: at + Duration::hours(4),
            ended_at: None,
            reviewed_by: None,
            reviewed_at: None,
            review_note: None,
            version: 1,
        };
        let by = Actor::worker(ids::worker(worker), None);
        let mut rows: Vec<_> = clocks_of(casework, &grant, at)
            .map(|row| Recorded::new(row, &by, at))
            .collect();
        let mut grant = Recorded::new(grant, &by, at);
        if hours > 24 * 3 {
            let nia = ids::worker("nia.admin");
            let (by, at) = (Actor::worker(nia, None), at + Duration::hours(22));
            grant.change(&by, at, |grant| {
                grant.reviewed_by = Some(nia);
                grant.reviewed_at = Some(at);
                grant.review_note = Some("The reason fits what the school recorded.".to_owned());
            });
            for clock in &mut rows {
                clock.change(&by, at, |clock| clock.done_at = Some(at));
            }
        }
        tx.insert_recorded(&[grant]).await?;
        tx.insert_recorded(&rows).await?;
    }
    draft(tx, borough, now).await
}

fn clocks_of(
    casework: &Casework,
    grant: &AccessGrant,
    at: DateTime<Utc>,
) -> impl Iterator<Item = Clock> {
    let about = About {
        kind: "access_grant",
        id: grant.id.to_string(),
        person: Some(grant.person_id),
        path: format!("/access/{}", grant.id),
        ..About::default()
    };
    let day = casework::time::local(at).date();
    let grant = grant.id;
    let pack = casework.pack();
    pack.clocks_started_by("break_glass.used", day)
        .map(move |rule| {
            let id = ids::named("clock", &format!("{grant} {}", rule.id));
            clocks::clock_of(id, pack, rule, at, &about)
        })
}

/// Yesterday Jo began the analysis of Maya's assessment and was called away.
async fn draft(tx: &mut Tx, borough: &Borough, now: DateTime<Utc>) -> Result<()> {
    let Some(family) = borough.story("maya") else {
        return Ok(());
    };
    let open = family.timeline.iter().any(
        |h| matches!(&h.what, What::Assessment(a) if a.state == WorkState::Draft && !a.early_help),
    );
    let Some(step) = open_step(tx, ids::named("family", &family.no.to_string()))
        .await?
        .filter(|_| open)
    else {
        return Ok(());
    };
    let now_was = tx.now();
    tx.recorded_at(now - Duration::hours(20));
    tx.keep_draft(
        ids::worker("jo.socialworker"),
        &NewDraft {
            target: format!("step:{step}:analysis"),
            title: "Child and family assessment: analysis".to_owned(),
            path: format!("/steps/{step}/analysis"),
            body: json!([["analysis", "Dana asks for help and uses it. What weighs most is the nights: Maya keeps watch while Dana works, and "]]),
            page: "demo".to_owned(),
            seq: 1,
            base_version: None,
        },
        false,
    )
    .await?;
    tx.recorded_at(now_was);
    Ok(())
}

async fn open_step(tx: &mut Tx, family: Id<id::Family>) -> Result<Option<Id<id::Step>>> {
    #[derive(sqlx::FromRow)]
    struct Found {
        id: Id<id::Step>,
    }
    let found: Option<Found> = tx
        .maybe(
            "select id from step where family_id = $1 and kind = 'child-and-family-assessment' \
             and state = 'open' order by started_on desc",
            record::args![family],
        )
        .await?;
    Ok(found.map(|f| f.id))
}
