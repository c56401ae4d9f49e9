//! Many rows at once, for imports and the invented borough: the same rows and
//! the same events as one by one, in far fewer statements.

use chrono::{DateTime, Utc};

use super::{Actor, Content, Tx};
use crate::Result;
use crate::db::{AssertSqlSafe, Dialect, rows_of_places};
use crate::entity::Entity;
use crate::journal::Deed;

/// A row, with who recorded it and when: for bringing in what was recorded
/// elsewhere.
#[derive(Debug, Clone)]
pub struct Recorded<E> {
    /// The row.
    pub row: E,
    /// Who recorded it.
    pub by: Actor,
    /// When it was recorded.
    pub at: DateTime<Utc>,
}

/// How many rows go into one statement. Few sizes, so that the database keeps
/// each statement prepared.
const SIZES: [usize; 3] = [40, 8, 1];

impl Tx {
    /// Writes new rows and one event for each, told by whoever recorded it and
    /// at that time. What this transaction calls now is afterwards as before.
    pub async fn insert_recorded<E: Entity>(&mut self, rows: &[Recorded<E>]) -> Result<()> {
        let mut rest = rows;
        while let Some(size) = SIZES.into_iter().find(|n| *n <= rest.len()) {
            let (now, later) = rest.split_at(size);
            let values = now.iter().flat_map(|r| r.row.values()).collect();
            let sql = AssertSqlSafe(statement::<E>(self.dialect(), size));
            self.open.run(sql, values).await?;
            rest = later;
        }
        let (actor, at) = (self.actor.clone(), self.at);
        let result = self.journal_recorded(rows).await;
        (self.actor, self.at) = (actor, at);
        result
    }

    async fn journal_recorded<E: Entity>(&mut self, rows: &[Recorded<E>]) -> Result<()> {
        for recorded in rows {
            self.actor = recorded.by.clone();
            self.at = recorded.at;
            let row = &recorded.row;
            self.journal_row(Deed::Created, row, Content::created(row)?)
                .await?;
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
