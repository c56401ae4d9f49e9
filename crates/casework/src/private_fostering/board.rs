//! The board: who lives with somebody else, when they were last seen, and what
//! is due first.

use chrono::{DateTime, Days, NaiveDate, Utc};
use record::model::PrivateFostering;
use record::{Asked, AssertSqlSafe, Entity, Listed, Viewer, args};
use vocabulary::{Id, ids, plain};

use super::{notice_words, view::over_by_age};
use crate::care::board::{due_words, name_and_age, sees_boards};
use crate::{Casework, Error, Result, time};

/// An arrangement as a row.
#[derive(Debug, Clone)]
pub struct ArrangementRow {
    /// The arrangement.
    pub id: Id<ids::Arrangement>,
    /// The child.
    pub person: Id<ids::Person>,
    /// "Maya Kerr, 13".
    pub name: String,
    /// Whose work it is.
    pub worker: Option<String>,
    /// With whom, and since when.
    pub lives: String,
    /// Whether we were told in time.
    pub told: String,
    /// What was decided.
    pub decision: String,
    /// When last seen, and if alone.
    pub seen: String,
    /// What is due first.
    pub due: Option<(&'static str, String)>,
    /// What that is.
    pub due_what: Option<String>,
    /// When it is over by age, or when it ended.
    pub ends: String,
}

/// The board.
#[derive(Debug, Clone)]
pub struct ArrangementBoard {
    /// Those that last, the first due first.
    pub open: Listed<ArrangementRow>,
    /// Those that ended in the last year.
    pub ended: Listed<ArrangementRow>,
    /// How many of those that last are late.
    pub late: usize,
}

#[derive(sqlx::FromRow)]
struct Found {
    #[sqlx(flatten)]
    row: PrivateFostering,
    given: String,
    known_as: Option<String>,
    surname: String,
    born_on: Option<NaiveDate>,
    worker: Option<String>,
    due: Option<DateTime<Utc>>,
    due_what: Option<String>,
    seen_on: Option<NaiveDate>,
    seen_alone: Option<String>,
}

impl Casework {
    /// The arrangements of the children whom the viewer may see.
    ///
    /// # Errors
    /// [`Error::NotFound`] for posts that work with no children.
    pub async fn private_fostering_board(&self, viewer: &Viewer) -> Result<ArrangementBoard> {
        if !sees_boards(viewer) {
            return Err(Error::NotFound);
        }
        let mut values = args![time::today() - Days::new(365), true];
        let (open, more) =
            self.gate()
                .may_see(viewer, Asked::to_read("private-fostering"), "p.id", 3);
        values.extend(more);
        let columns: Vec<String> = PrivateFostering::COLUMNS
            .iter()
            .map(|c| format!("a.{c}"))
            .collect();
        let sql = format!(
            "select {}, p.given, p.known_as, p.family_name as surname, p.born_on, \
             (select w.name from involvement i join worker w on w.id = i.worker_id \
              where i.person_id = p.id and i.role = 'allocated' and i.ended_on is null \
              order by i.started_on desc limit 1) as worker, \
             c.due_at as due, c.title as due_what, v.visited_on as seen_on, v.alone as seen_alone \
             from private_fostering a join person p on p.id = a.person_id \
             left join clock c on c.id = (select y.id from clock y \
              where y.about_kind = 'private_fostering' and y.about_id = a.id \
              and y.done_at is null order by y.due_at, y.id limit 1) \
             left join private_fostering_visit v on v.id = (select z.id \
              from private_fostering_visit z where z.arrangement_id = a.id and z.seen = $2 \
              order by z.visited_on desc, z.id desc limit 1) \
             where (a.state = 'open' or a.ended_on >= $1) and {open} \
             order by case when c.due_at is null then 1 else 0 end, c.due_at, a.ended_on desc, a.id \
             limit 300",
            columns.join(", ")
        );
        let found: Vec<Found> = self
            .store()
            .read_db()
            .all(AssertSqlSafe(sql), values)
            .await?;
        let (open, ended): (Vec<Found>, Vec<Found>) =
            found.into_iter().partition(|f| f.row.state == "open");
        let rows = |found: Vec<Found>| -> Vec<ArrangementRow> {
            found.into_iter().map(|f| self.arrangement_row(f)).collect()
        };
        let (open, ended) = (rows(open), rows(ended));
        let late = |row: &&ArrangementRow| row.due.as_ref().is_some_and(|d| d.0 == "late");
        Ok(ArrangementBoard {
            late: open.iter().filter(late).count(),
            open: self.arrangement_rows(viewer, open).await?,
            ended: self.arrangement_rows(viewer, ended).await?,
        })
    }

    async fn arrangement_rows(
        &self,
        viewer: &Viewer,
        rows: Vec<ArrangementRow>,
    ) -> Result<Listed<ArrangementRow>> {
        Ok(self
            .gate()
            .listed(viewer, "private-fostering", rows, |row| {
                vec![format!("person:{}", row.person)]
            })
            .await?)
    }

    fn arrangement_row(&self, found: Found) -> ArrangementRow {
        let row = found.row;
        ArrangementRow {
            name: name_and_age(
                &found.given,
                found.known_as.as_deref(),
                &found.surname,
                found.born_on,
            ),
            worker: found.worker,
            lives: format!("{}, since {}", row.carer, plain::date(row.starts_on)),
            told: notice_words(&row),
            decision: match &row.decision {
                Some(code) => self.label("private-fostering-decision", code),
                None => "Not decided yet".into(),
            },
            seen: match (found.seen_on, found.seen_alone.as_deref()) {
                (None, _) => "Not seen yet".into(),
                (Some(day), Some("yes")) => format!("{}, alone", plain::date(day)),
                (Some(day), _) => format!("{}, not alone", plain::date(day)),
            },
            due: found.due.map(due_words),
            due_what: found.due_what,
            ends: match row.ended_on {
                Some(day) => format!(
                    "{}. {}",
                    plain::date(day),
                    self.label(
                        "private-fostering-end",
                        row.end_why.as_deref().unwrap_or_default()
                    )
                ),
                None => over_by_age(&row, found.born_on).unwrap_or_default(),
            },
            person: row.person_id,
            id: row.id,
        }
    }
}
