//! The court tracker: every case that is open to the viewer, with its weeks,
//! its next hearing and its delays (R004-13).

use chrono::{DateTime, NaiveDate, Utc};
use record::model::{CourtCase, CourtChild};
use record::{Asked, AssertSqlSafe, Entity, Listed, Viewer, args};
use vocabulary::{Id, ids, plain};

use super::view::{Weeks, state_words, weeks};
use crate::care::board::{due_words, sees_boards};
use crate::{Casework, Error, Result, time};

/// From the legal gateway to issue, our own limit in days (R004-13): the same
/// as the clock “court-issue” of the pack.
const LIMIT_RULE: &str = "court-issue";

/// A case as a row.
#[derive(Debug, Clone)]
pub struct CaseRow {
    /// The case.
    pub id: Id<ids::CourtCase>,
    /// "Maya and Idris Kerr".
    pub names: String,
    /// Where it stands.
    pub state: &'static str,
    /// Its weeks in court.
    pub weeks: Option<Weeks>,
    /// Days from the gateway to issue, or to today.
    pub days_to_issue: Option<i64>,
    /// These are more than our limit.
    pub over_limit: bool,
    /// What is due first.
    pub due: Option<(&'static str, String)>,
    /// What that is.
    pub due_what: Option<String>,
    /// The next hearing.
    pub hearing: Option<String>,
    /// Weeks lost to delays, and the last reason with its owner.
    pub delay: Option<String>,
    /// Whose work it is.
    pub worker: Option<String>,
    people: Vec<Id<ids::Person>>,
}

/// The tracker.
#[derive(Debug, Clone)]
pub struct CourtBoard {
    /// Cases before court.
    pub before: Listed<CaseRow>,
    /// Cases in court, the longest first.
    pub in_court: Listed<CaseRow>,
    /// Cases that ended in the last year.
    pub ended: Listed<CaseRow>,
}

#[derive(sqlx::FromRow)]
struct Found {
    #[sqlx(flatten)]
    case: CourtCase,
    worker: Option<String>,
    due: Option<DateTime<Utc>>,
    due_what: Option<String>,
    hearing: Option<NaiveDate>,
    lost: Option<i64>,
    reason: Option<String>,
    owner: Option<String>,
}

#[derive(sqlx::FromRow)]
struct Named {
    case_id: Id<ids::CourtCase>,
    person_id: Id<ids::Person>,
    given: String,
    known_as: Option<String>,
    family_name: String,
}

impl Casework {
    /// Cases whose children the viewer may all see.
    ///
    /// # Errors
    /// [`Error::NotFound`] for posts that work with no children.
    pub async fn court_board(&self, viewer: &Viewer) -> Result<CourtBoard> {
        if !sees_boards(viewer) {
            return Err(Error::NotFound);
        }
        let today = time::today();
        let mut values = args![today - chrono::Days::new(365), today];
        let (open, more) = self
            .gate()
            .may_see(viewer, Asked::to_read("court"), "cc.person_id", 3);
        values.extend(more);
        let columns: Vec<String> = CourtCase::COLUMNS
            .iter()
            .map(|c| format!("k.{c}"))
            .collect();
        let sql = format!(
            "select {}, w.name as worker, c.due_at as due, c.title as due_what, \
             (select min(h.listed_on) from hearing h where h.case_id = k.id \
              and h.state = 'planned' and h.listed_on >= $2) as hearing, \
             (select cast(sum(d.weeks) as bigint) from court_delay d where d.case_id = k.id) as lost, \
             d.reason, d.owner from court_case k left join worker w on w.id = k.worker_id \
             left join clock c on c.id = (select y.id from clock y where y.about_kind = 'court' \
              and y.about_id = k.id and y.done_at is null order by y.due_at, y.id limit 1) \
             left join court_delay d on d.id = (select z.id from court_delay z \
              where z.case_id = k.id order by z.since desc, z.id desc limit 1) \
             where (k.state <> 'ended' or k.ended_on >= $1) and not exists \
             (select 1 from court_child cc where cc.case_id = k.id and not ({open})) \
             order by coalesce(k.issued_on, k.gateway_on), k.id limit 300",
            columns.join(", ")
        );
        let found: Vec<Found> = self
            .store()
            .read_db()
            .all(AssertSqlSafe(sql), values)
            .await?;
        let named: Vec<Named> = self
            .store()
            .read_db()
            .all(
                "select cc.case_id, cc.person_id, p.given, p.known_as, p.family_name \
                 from court_child cc join person p on p.id = cc.person_id \
                 join court_case k on k.id = cc.case_id \
                 where k.state <> 'ended' or k.ended_on >= $1 order by p.born_on, p.id",
                args![today - chrono::Days::new(365)],
            )
            .await?;
        let mut parts = (Vec::new(), Vec::new(), Vec::new());
        for one in found {
            let theirs: Vec<&Named> = named.iter().filter(|n| n.case_id == one.case.id).collect();
            let state = one.case.state.clone();
            let row = self.case_row(one, &theirs);
            match state.as_str() {
                "issued" => parts.1.push(row),
                "ended" => parts.2.push(row),
                _ => parts.0.push(row),
            }
        }
        Ok(CourtBoard {
            before: self.case_rows(viewer, parts.0).await?,
            in_court: self.case_rows(viewer, parts.1).await?,
            ended: self.case_rows(viewer, parts.2).await?,
        })
    }

    async fn case_rows(&self, viewer: &Viewer, rows: Vec<CaseRow>) -> Result<Listed<CaseRow>> {
        Ok(self
            .gate()
            .listed(viewer, "court", rows, |row| {
                row.people.iter().map(|id| format!("person:{id}")).collect()
            })
            .await?)
    }

    fn case_row(&self, found: Found, theirs: &[&Named]) -> CaseRow {
        let case = found.case;
        let until = case.issued_on.or(case.ended_on).unwrap_or_else(time::today);
        let days_to_issue = case.gateway_on.map(|day| (until - day).num_days());
        let limit = case.gateway_on.and_then(|day| {
            let rule = self.pack().clock(LIMIT_RULE, day)?;
            let due = rule.due(time::local(time::start_of(day)), self.pack().working_days());
            Some((due.at.date() - day).num_days())
        });
        let reason = found.reason.map(|code| self.label("court-delay", &code));
        CaseRow {
            names: names(theirs),
            state: state_words(&case),
            weeks: weeks(&case),
            over_limit: case.state != "ended"
                && days_to_issue
                    .zip(limit)
                    .is_some_and(|(days, limit)| days > limit),
            days_to_issue,
            due: found.due.map(due_words),
            due_what: found.due_what,
            hearing: found.hearing.map(plain::date),
            delay: found.lost.zip(reason).map(|(lost, reason)| {
                format!(
                    "{}. {reason} ({})",
                    plain::count(lost, "week", "weeks"),
                    found.owner.unwrap_or_default()
                )
            }),
            worker: found.worker,
            people: theirs.iter().map(|n| n.person_id).collect(),
            id: case.id,
        }
    }

    /// The open case of a child, if the viewer's page of the child should lead
    /// there. Only for those who passed the gate for the child.
    pub async fn case_of(&self, child: Id<ids::Person>) -> Result<Option<Id<ids::CourtCase>>> {
        let rows: Vec<CourtChild> = self
            .rows_of(
                "person_id = $1 and exists (select 1 from court_case k \
                 where k.id = court_child.case_id and k.state <> 'ended')",
                args![child],
            )
            .await?;
        Ok(rows.into_iter().next().map(|row| row.case_id))
    }
}

/// "Maya and Idris Kerr".
fn names(theirs: &[&Named]) -> String {
    let first: Vec<String> = theirs
        .iter()
        .map(|n| {
            let known = n.known_as.as_ref().filter(|k| !k.is_empty());
            known.unwrap_or(&n.given).trim().to_owned()
        })
        .collect();
    let family = theirs.first().map_or("", |n| n.family_name.as_str());
    format!("{} {family}", plain::list(&first))
        .trim()
        .to_owned()
}
