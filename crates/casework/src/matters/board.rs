//! The board of one kind of matter: what is open, what is due first, and what
//! was settled in the last year.

use chrono::{DateTime, Days, NaiveDate, Utc};
use record::{AssertSqlSafe, Listed, Viewer};
use vocabulary::{Id, ids, plain};

use super::kinds::{MatterKind, state_words};
use crate::care::board::due_words;
use crate::{Casework, Error, Result, time};

/// A matter as a row.
#[derive(Debug, Clone)]
pub struct MatterRow {
    /// The matter.
    pub id: Id<ids::Matter>,
    /// Whom or what it is about.
    pub title: String,
    /// When it was known.
    pub known: String,
    /// Where it stands.
    pub state: &'static str,
    /// Who deals with it.
    pub officer: Option<String>,
    /// What is due first.
    pub due: Option<(&'static str, String)>,
    /// What that is.
    pub due_what: Option<String>,
    /// When it was settled, and with which outcome.
    pub settled: String,
}

/// The board.
#[derive(Debug, Clone)]
pub struct MatterBoard {
    /// Open, the first due first.
    pub open: Listed<MatterRow>,
    /// Settled in the last year.
    pub settled: Listed<MatterRow>,
    /// How many of the open ones have something late.
    pub late: usize,
    /// How many were settled with each outcome.
    pub outcomes: Vec<(String, usize)>,
}

#[derive(sqlx::FromRow)]
struct Found {
    id: Id<ids::Matter>,
    title: String,
    known_on: NaiveDate,
    state: String,
    officer: Option<String>,
    due: Option<DateTime<Utc>>,
    due_what: Option<String>,
    outcome: Option<String>,
    closed_on: Option<NaiveDate>,
}

impl Casework {
    /// The board of a kind, without what is about the viewer.
    ///
    /// # Errors
    /// [`Error::NotFound`] for posts that do not deal with that kind.
    pub async fn matter_board(&self, viewer: &Viewer, kind: MatterKind) -> Result<MatterBoard> {
        let (open, mut values) = self
            .gate()
            .may_see_matters(viewer, kind.word())
            .ok_or(Error::NotFound)?;
        values.push(kind.word().into());
        values.push((time::today() - Days::new(365)).into());
        let sql = format!(
            "select m.id, m.title, m.known_on, m.state, w.name as officer, c.due_at as due, \
             c.title as due_what, m.outcome, m.closed_on \
             from matter m left join worker w on w.id = m.officer_id \
             left join clock c on c.id = (select y.id from clock y where y.about_kind = 'matter' \
              and y.about_id = m.id and y.done_at is null order by y.due_at, y.id limit 1) \
             where m.kind = $2 and (m.state <> 'closed' or m.closed_on >= $3) and {open} \
             order by case when c.due_at is null then 1 else 0 end, c.due_at, m.closed_on desc, m.id \
             limit 300"
        );
        let found: Vec<Found> = self
            .store()
            .read_db()
            .all(AssertSqlSafe(sql), values)
            .await?;
        let (open, settled): (Vec<Found>, Vec<Found>) =
            found.into_iter().partition(|f| f.state != "closed");
        let mut outcomes: Vec<(String, usize)> = Vec::new();
        for code in settled.iter().filter_map(|f| f.outcome.as_deref()) {
            let words = self.outcome_words(kind, code);
            match outcomes.iter_mut().find(|(known, _)| *known == words) {
                Some((_, many)) => *many += 1,
                None => outcomes.push((words, 1)),
            }
        }
        let row = |f: Found| self.matter_row(kind, f);
        let open: Vec<MatterRow> = open.into_iter().map(row).collect();
        let settled: Vec<MatterRow> = settled.into_iter().map(row).collect();
        let late = |row: &&MatterRow| row.due.as_ref().is_some_and(|d| d.0 == "late");
        Ok(MatterBoard {
            late: open.iter().filter(late).count(),
            open: self.matter_rows(viewer, kind, open).await?,
            settled: self.matter_rows(viewer, kind, settled).await?,
            outcomes,
        })
    }

    async fn matter_rows(
        &self,
        viewer: &Viewer,
        kind: MatterKind,
        rows: Vec<MatterRow>,
    ) -> Result<Listed<MatterRow>> {
        Ok(self
            .gate()
            .listed(viewer, kind.folder(), rows, |row| {
                vec![format!("matter:{}", row.id)]
            })
            .await?)
    }

    fn matter_row(&self, kind: MatterKind, found: Found) -> MatterRow {
        let outcome = found.outcome.as_deref();
        MatterRow {
            id: found.id,
            title: found.title,
            known: plain::date(found.known_on),
            state: state_words(&found.state),
            officer: found.officer,
            due: found.due.map(due_words),
            due_what: found.due_what,
            settled: found.closed_on.map_or_else(String::new, |day| {
                let words = outcome.map_or_else(String::new, |c| self.outcome_words(kind, c));
                format!("{words}, {}", plain::date(day))
            }),
        }
    }

    /// The first words of an outcome: "Unsubstantiated".
    pub(super) fn outcome_words(&self, kind: MatterKind, code: &str) -> String {
        let label = self.label(kind.outcomes(), code);
        label.split(':').next().unwrap_or_default().to_owned()
    }
}
