//! The live board: who is missing now, who is back and waits for an interview,
//! and the last thirty days.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use record::model::Clock;
use record::{Asked, AssertSqlSafe, Entity, Listed, Value, Viewer};
use vocabulary::{Id, ids, plain};

use crate::care::board::{name_and_age, sees_boards};
use crate::clocks::ClockView;
use crate::{Casework, Error, Result, time};

/// How many days of what is settled the board shows.
const DAYS: i64 = 30;

/// One time missing on the board.
#[derive(Debug, Clone)]
pub struct MissingRow {
    /// The time missing.
    pub id: Id<ids::Missing>,
    /// The child.
    pub person: Id<ids::Person>,
    /// "Maya Kerr, 13".
    pub name: String,
    /// "Missing" or "Away without permission".
    pub kind: &'static str,
    /// "21 November 2026 at 6:30pm".
    pub since: String,
    /// How long it lasts or lasted: "5 hours", "3 days".
    pub lasting: String,
    /// Where and with whom last seen, or where found.
    pub place: Option<String>,
    /// The police's reference.
    pub police: Option<String>,
    /// The clock of the interview, once back.
    pub clock: Option<ClockView>,
    /// Where the interview stands.
    pub interview: String,
    /// How often in 90 days.
    pub often: i64,
    /// In care.
    pub in_care: bool,
}

/// The board.
#[derive(Debug, Clone)]
pub struct MissingBoard {
    /// Missing or away now, the longest first.
    pub now: Listed<MissingRow>,
    /// Back, and the interview is due.
    pub due: Listed<MissingRow>,
    /// Settled in the last thirty days.
    pub settled: Listed<MissingRow>,
}

#[derive(sqlx::FromRow)]
struct Found {
    id: Id<ids::Missing>,
    person_id: Id<ids::Person>,
    given: String,
    known_as: Option<String>,
    family_name: String,
    born_on: Option<NaiveDate>,
    kind: String,
    started_at: DateTime<Utc>,
    ended_at: Option<DateTime<Utc>>,
    last_seen: Option<String>,
    back_place: Option<String>,
    police: Option<String>,
    interview: String,
    care_id: Option<Id<ids::Care>>,
    often: i64,
}

impl Casework {
    /// The board of those whom the viewer may see.
    ///
    /// # Errors
    /// [`Error::NotFound`] for posts that work with no children.
    pub async fn missing_board(&self, viewer: &Viewer) -> Result<MissingBoard> {
        if !sees_boards(viewer) {
            return Err(Error::NotFound);
        }
        let since = Utc::now() - Duration::days(DAYS);
        let mut values: Vec<Value> = vec![since.into()];
        let (open, more) = self
            .gate()
            .may_see(viewer, Asked::to_read("missing"), "p.id", 2);
        values.extend(more);
        let sql = format!(
            "select m.id, m.person_id, p.given, p.known_as, p.family_name, p.born_on, m.kind, \
             m.started_at, m.ended_at, m.last_seen, m.back_place, m.police, m.interview, m.care_id, \
             {} as often from missing m join person p on p.id = m.person_id \
             where (m.ended_at is null or m.interview = 'due' or m.ended_at >= $1) and {open} \
             order by m.started_at, m.id limit 300",
            self.often_sql()
        );
        let found: Vec<Found> = self
            .store()
            .read_db()
            .all(AssertSqlSafe(sql), values)
            .await?;
        let clocks = self.interview_clocks(&found).await?;
        let mut parts = (Vec::new(), Vec::new(), Vec::new());
        for one in found {
            let clock = clocks.iter().find(|c| c.about_id == one.id.as_str());
            let view = clock.map(|clock| ClockView::of(clock, self.pack()));
            match (one.ended_at, one.interview.as_str()) {
                (None, _) => parts.0.push(row(one, None)),
                (Some(_), "due") => parts.1.push(row(one, view)),
                _ => parts.2.push(row(one, view)),
            }
        }
        parts.2.reverse();
        Ok(MissingBoard {
            now: self.missing_rows(viewer, parts.0).await?,
            due: self.missing_rows(viewer, parts.1).await?,
            settled: self.missing_rows(viewer, parts.2).await?,
        })
    }

    /// How often a child was missing in the 90 days up to this time.
    fn often_sql(&self) -> &'static str {
        let dialect = self.store().read_db().dialect();
        dialect.pick(
            "(select count(*) from missing o where o.person_id = m.person_id \
             and o.started_at <= m.started_at \
             and julianday(o.started_at) > julianday(m.started_at) - 90)",
            "(select count(*) from missing o where o.person_id = m.person_id \
             and o.started_at <= m.started_at \
             and o.started_at > m.started_at - interval '90 days')",
        )
    }

    async fn missing_rows(
        &self,
        viewer: &Viewer,
        rows: Vec<MissingRow>,
    ) -> Result<Listed<MissingRow>> {
        Ok(self
            .gate()
            .listed(viewer, "missing", rows, |row| {
                vec![format!("person:{}", row.person)]
            })
            .await?)
    }

    async fn interview_clocks(&self, found: &[Found]) -> Result<Vec<Clock>> {
        let back: Vec<&Found> = found.iter().filter(|f| f.ended_at.is_some()).collect();
        if back.is_empty() {
            return Ok(Vec::new());
        }
        let places: Vec<String> = (1..=back.len()).map(|i| format!("${i}")).collect();
        let values = back.iter().map(|f| f.id.to_string().into()).collect();
        let sql = format!(
            "select {} from clock where about_kind = 'missing' and about_id in ({})",
            Clock::COLUMNS.join(", "),
            places.join(", ")
        );
        Ok(self
            .store()
            .read_db()
            .all(AssertSqlSafe(sql), values)
            .await?)
    }
}

fn row(found: Found, clock: Option<ClockView>) -> MissingRow {
    let until = found.ended_at.unwrap_or_else(Utc::now);
    MissingRow {
        name: name_and_age(
            &found.given,
            found.known_as.as_deref(),
            &found.family_name,
            found.born_on,
        ),
        kind: kind_words(&found.kind),
        since: plain::date_time(time::local(found.started_at)),
        lasting: lasting(until - found.started_at),
        place: match found.ended_at {
            None => found.last_seen,
            Some(_) => found.back_place,
        },
        police: found.police,
        interview: match found.interview.as_str() {
            "held" => "Held".into(),
            "refused" => "The child did not want to".into(),
            "decided_not" => "Decided not to".into(),
            "due" => "Due".into(),
            _ => String::new(),
        },
        clock,
        often: found.often,
        in_care: found.care_id.is_some(),
        id: found.id,
        person: found.person_id,
    }
}

/// "Missing" or "Away without permission".
pub fn kind_words(kind: &str) -> &'static str {
    match kind {
        "A" => "Away without permission",
        _ => "Missing",
    }
}

/// How long: hours up to two days, then days.
pub fn lasting(time: Duration) -> String {
    match time.num_hours() {
        0 => "less than an hour".into(),
        hours @ 1..=47 => plain::count(hours, "hour", "hours"),
        hours => plain::count(hours / 24, "day", "days"),
    }
}
