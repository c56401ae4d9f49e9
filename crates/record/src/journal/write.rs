//! Events on their way into the tables: kept until the transaction ends or
//! there are many, then written many to a statement.

use serde_json::json;

use crate::db::{AssertSqlSafe, Dialect, Open, Value, rows_of_places};
use crate::journal::chain::Line;
use crate::{Result, args};

/// How many events go into one statement on SQLite. A large import is fastest
/// with many; more than this gains nothing.
const TOGETHER: usize = 64;
/// How many subjects go into one statement on SQLite.
const SUBJECTS_TOGETHER: usize = 256;
/// Up to so many rows have a statement of exactly their size; beyond, few sizes
/// keep each statement prepared.
const FEW: usize = 8;
/// How many subjects wait at most. They are written in their own order, so the
/// more wait, the fewer pages of the index each batch touches.
const SUBJECTS_WAIT: usize = 32_768;

const COLUMNS: &str = "writer, seq, recorded_at, happened_at, actor, acting_for, session, action, \
    object_kind, object_id, purpose, why, because, plain, sealed_for, sealed, hash";

/// Events that wait for the end of the transaction.
#[derive(Default)]
pub(crate) struct Waiting {
    lines: Vec<Line>,
    subjects: Vec<(String, i64)>,
}

impl Waiting {
    /// Takes an event in, with everyone whom it is about.
    pub(crate) fn push(&mut self, line: Line, subjects: Vec<String>) {
        let seq = line.seq;
        self.subjects.extend(subjects.into_iter().map(|s| (s, seq)));
        self.lines.push(line);
    }

    /// Writes events when many wait: a large import must not fill the memory.
    pub(crate) async fn write_many(&mut self, open: &mut Open, writer: &str) -> Result<()> {
        if self.lines.len() >= TOGETHER * 8 {
            self.write_lines(open, writer).await?;
        }
        if self.subjects.len() >= SUBJECTS_WAIT {
            self.write_subjects(open, writer).await?;
        }
        Ok(())
    }

    /// Writes everything that waits.
    pub(crate) async fn write_all(&mut self, open: &mut Open, writer: &str) -> Result<()> {
        self.write_lines(open, writer).await?;
        self.write_subjects(open, writer).await
    }

    async fn write_lines(&mut self, open: &mut Open, writer: &str) -> Result<()> {
        let mut lines = std::mem::take(&mut self.lines);
        if lines.is_empty() {
            return Ok(());
        }
        if open.dialect() == Dialect::Postgres {
            let rows: Vec<_> = lines.iter().map(|l| as_json(l, writer)).collect();
            open.run(LINES_POSTGRES, args![serde_json::Value::from(rows)])
                .await?;
            return Ok(());
        }
        while !lines.is_empty() {
            let size = size_of(lines.len(), TOGETHER);
            let values = lines.drain(..size).flat_map(|l| values(l, writer));
            let places = rows_of_places(open.dialect(), size, 17);
            let sql = format!("insert into journal ({COLUMNS}) values {places}");
            let values = values.collect();
            open.run(AssertSqlSafe(sql), values).await?;
        }
        Ok(())
    }

    async fn write_subjects(&mut self, open: &mut Open, writer: &str) -> Result<()> {
        let mut subjects = std::mem::take(&mut self.subjects);
        if subjects.is_empty() {
            return Ok(());
        }
        // In the order of their index, and each once.
        subjects.sort_unstable();
        subjects.dedup();
        if open.dialect() == Dialect::Postgres {
            let rows: Vec<_> = subjects
                .iter()
                .map(|(subject, seq)| json!([subject, writer, seq]))
                .collect();
            open.run(SUBJECTS_POSTGRES, args![serde_json::Value::from(rows)])
                .await?;
            return Ok(());
        }
        let mut rest = subjects.into_iter();
        while rest.len() > 0 {
            let size = size_of(rest.len(), SUBJECTS_TOGETHER);
            let values = rest
                .by_ref()
                .take(size)
                .flat_map(|(subject, seq)| args![subject, writer, seq])
                .collect();
            let places = rows_of_places(open.dialect(), size, 3);
            let sql = format!(
                "insert into journal_subject (subject, writer, seq) values {places} \
                 on conflict do nothing"
            );
            open.run(AssertSqlSafe(sql), values).await?;
        }
        Ok(())
    }
}

/// How many of the rows that are left go into the next statement.
fn size_of(left: usize, most: usize) -> usize {
    [most, FEW]
        .into_iter()
        .find(|size| left >= *size)
        .unwrap_or(left)
}

/// A line in the order of [`COLUMNS`].
fn values(line: Line, writer: &str) -> Vec<Value> {
    args![
        writer,
        line.seq,
        line.recorded_at,
        line.happened_at,
        line.actor,
        line.acting_for,
        line.session,
        line.action,
        line.object_kind,
        line.object_id,
        line.purpose,
        line.why,
        line.because,
        line.plain,
        line.sealed_for,
        line.sealed,
        line.hash,
    ]
}

/// A line in the order of [`COLUMNS`], for PostgreSQL, which unpacks one list
/// faster than it takes many parameters.
fn as_json(line: &Line, writer: &str) -> serde_json::Value {
    json!([
        writer,
        line.seq,
        line.recorded_at,
        line.happened_at,
        line.actor,
        line.acting_for,
        line.session,
        line.action,
        line.object_kind,
        line.object_id,
        line.purpose,
        line.why,
        line.because,
        line.plain,
        line.sealed_for,
        line.sealed,
        line.hash,
    ])
}

const LINES_POSTGRES: &str = "insert into journal (writer, seq, recorded_at, \
    happened_at, actor, acting_for, session, action, object_kind, object_id, purpose, why, \
    because, plain, sealed_for, sealed, hash) \
    select e->>0, (e->>1)::bigint, e->>2, e->>3, e->>4, e->>5, e->>6, e->>7, e->>8, e->>9, \
    e->>10, e->>11, e->>12, e->>13, e->>14, e->>15, e->>16 from jsonb_array_elements($1) e";
const SUBJECTS_POSTGRES: &str = "insert into journal_subject (subject, writer, seq) \
    select e->>0, e->>1, (e->>2)::bigint from jsonb_array_elements($1) e on conflict do nothing";
