//! Many rows at once, for imports and the invented borough: the same rows and
//! the same events as one by one, in far fewer statements.

use chrono::{DateTime, Utc};

use super::{Actor, Content, Tx};
use crate::Result;
use crate::db::{AssertSqlSafe, Dialect, rows_of_places};
use crate::entity::Entity;
use crate::journal::Deed;

/// A row, with who recorded it and when, and what it was before: for bringing in
/// what was recorded elsewhere.
#[derive(Debug, Clone)]
pub struct Recorded<E> {
    /// The row as it stands.
    pub row: E,
    by: Actor,
    at: DateTime<Utc>,
    earlier: Vec<(E, Actor, DateTime<Utc>)>,
}

impl<E: Entity> Recorded<E> {
    /// A new row, told by whoever recorded it and when.
    pub fn new(row: E, by: &Actor, at: DateTime<Utc>) -> Recorded<E> {
        Recorded {
            row,
            by: by.clone(),
            at,
            earlier: Vec::new(),
        }
    }

    /// Changes the row as someone did at a moment, at the earliest when it was
    /// last recorded. What it was before stays in the journal, as with
    /// [`Tx::update`].
    pub fn change(&mut self, by: &Actor, at: DateTime<Utc>, what: impl FnOnce(&mut E)) {
        let at = at.max(self.at);
        let before = self.row.clone();
        what(&mut self.row);
        self.row.set_version(before.version() + 1);
        let by = std::mem::replace(&mut self.by, by.clone());
        let at = std::mem::replace(&mut self.at, at);
        self.earlier.push((before, by, at));
    }
}

/// How many rows go into one statement. Few sizes, so that the database keeps
/// each statement prepared.
const SIZES: [usize; 3] = [40, 8, 1];

impl Tx {
    /// Writes new rows as they stand, and for each the event of its making and
    /// one for every change since, told by whoever it was and at that time.
    /// What this transaction calls now is afterwards as before.
    pub async fn insert_recorded<E: Entity>(&mut self, rows: &[Recorded<E>]) -> Result<()> {
        let mut rest = rows;
        while let Some(size) = SIZES.into_iter().find(|n| *n <= rest.len()) {
            let (now, later) = rest.split_at(size);
            let values = now.iter().flat_map(|r| r.row.values()).collect();
            let sql = AssertSqlSafe(statement::<E>(self.dialect(), size));
            self.open.run(sql, values).await?;
            rest = later;
        }
        let subjects = rows.iter().filter_map(|r| r.row.subject().key());
        self.keys_of(subjects.collect()).await?;
        let (actor, at) = (self.actor.clone(), self.at);
        let result = self.journal_recorded(rows).await;
        (self.actor, self.at) = (actor, at);
        result
    }

    async fn journal_recorded<E: Entity>(&mut self, rows: &[Recorded<E>]) -> Result<()> {
        for recorded in rows {
            let mut before: Option<&E> = None;
            let earlier = recorded.earlier.iter().map(|(row, by, at)| (row, by, *at));
            let last = (&recorded.row, &recorded.by, recorded.at);
            for (row, by, at) in earlier.chain([last]) {
                self.actor.clone_from(by);
                self.at = at;
                let (deed, content) = match before {
                    None => (Deed::Created, Content::created(row)?),
                    Some(before) => (Deed::Changed, Content::changed(before, row)?),
                };
                self.journal_row(deed, row, content).await?;
                before = Some(row);
            }
        }
        Ok(())
    }
}

/// `insert into t (a, b) values (?, ?), (?, ?)` for so many rows.
fn statement<E: Entity>(dialect: Dialect, rows: usize) -> String {
    format!(
        "insert into {} ({}) values {}",
        E::TABLE,
        E::COLUMNS.join(", "),
        rows_of_places(dialect, rows, E::COLUMNS.len())
    )
}
