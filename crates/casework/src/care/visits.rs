//! Visits to children in care: each visit starts the clock of the next one, by
//! the regime that the stay falls under (SI 2010/959, regulation 28).

use chrono::{DateTime, Utc};
use record::model::Note;
use record::{Tx, args};
use vocabulary::{Id, ids};

use super::rules::{self, Stay};
use crate::clocks::About;
use crate::{Casework, Result, clocks, time};

/// The kind of thing that these clocks are about.
const KIND: &str = "care_visit";

/// What the clocks of visits are about: the child, wherever they live.
pub(crate) fn about(placement: &About, child: Id<ids::Person>) -> About {
    About {
        kind: KIND,
        id: child.to_string(),
        path: format!("/people/{child}/visits/new"),
        ..placement.clone()
    }
}

#[derive(sqlx::FromRow)]
struct Found {
    home: String,
    rule: String,
    since: chrono::NaiveDate,
    legal_status: String,
    reviewed: bool,
}

/// A child was visited. For a child in care who was seen, the clock of the
/// visit stops and the next one starts. A visit written down after a later one
/// changes nothing.
pub(crate) async fn visited(casework: &Casework, tx: &mut Tx, visit: &Note) -> Result<()> {
    if visit.seen != Some(true) {
        return Ok(());
    }
    let (child, at) = (visit.person_id, visit.happened_at);
    let found: Option<Found> = tx
        .maybe(
            "select p.home, p.rule, p.started_on as since, e.legal_status, \
             exists (select 1 from care_review r where r.care_id = c.id) as reviewed \
             from care c join care_episode e on e.care_id = c.id and e.ended_on is null \
             join placement p on p.id = e.placement_id \
             where c.person_id = $1 and c.ended_on is null and not exists (select 1 from note n \
             where n.person_id = $1 and n.seen = $2 and n.happened_at > $3)",
            args![child, true, at],
        )
        .await?;
    let Some(found) = found else {
        return Ok(());
    };
    stop(tx, child, at).await?;
    let stay = Stay {
        home: &found.home,
        legal_status: &found.legal_status,
        rule: &found.rule,
        since: found.since,
        reviewed: found.reviewed,
    };
    let trigger = rules::next_visit(&stay, time::local(at).date());
    let whose = casework
        .about_child(child, KIND, child.as_str(), String::new())
        .await?;
    clocks::start(tx, casework.pack(), trigger, at, &about(&whose, child)).await
}

/// Stops the child's clocks of visits in care.
pub(crate) async fn stop(tx: &mut Tx, child: Id<ids::Person>, at: DateTime<Utc>) -> Result<()> {
    clocks::stop_all(tx, at, KIND, child.as_str()).await
}
