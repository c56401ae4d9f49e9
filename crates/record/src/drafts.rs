//! Drafts: what someone is still writing. Saved before anything is checked,
//! sealed, kept until it is submitted, shown to nobody but its author.

use chrono::{DateTime, Utc};
use vocabulary::{Id, ids};

use crate::tx::{Actor, Tx};
use crate::{Result, Store, args};

/// Where a draft belongs and what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDraft {
    /// What is being written, such as `step:ID:SECTION` or `note:PERSON`.
    pub target: String,
    /// For the list of unfinished work; names nobody.
    pub title: String,
    /// Where to go on writing.
    pub path: String,
    /// The fields as typed, as JSON.
    pub body: serde_json::Value,
    /// One opening of the page, within which `seq` counts.
    pub page: String,
    /// Counts up in one open page: an older save that arrives late is dropped.
    pub seq: i64,
    /// The version of the text that was read, for the side-by-side comparison.
    pub base_version: Option<i64>,
}

/// A draft as its author sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// The draft.
    pub id: Id<ids::Draft>,
    /// What is being written.
    pub target: String,
    /// For the list of unfinished work.
    pub title: String,
    /// Where to go on writing.
    pub path: String,
    /// The fields as typed.
    pub body: serde_json::Value,
    /// The last number saved.
    pub seq: i64,
    /// The version of the text that was read.
    pub base_version: Option<i64>,
    /// It was refused because someone else had saved first.
    pub refused: bool,
    /// When the writing began.
    pub started_at: DateTime<Utc>,
    /// When it was last saved.
    pub saved_at: DateTime<Utc>,
}

/// What a manager sees of a draft: that it is there, and how old it is.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct DraftAge {
    /// Whose.
    pub worker_id: Id<ids::Worker>,
    /// The title, which names nobody.
    pub title: String,
    /// When the writing began.
    pub started_at: DateTime<Utc>,
    /// When it was last saved.
    pub saved_at: DateTime<Utc>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Id<ids::Draft>,
    target: String,
    title: String,
    path: String,
    body: String,
    seq: i64,
    base_version: Option<i64>,
    refused: bool,
    started_at: DateTime<Utc>,
    saved_at: DateTime<Utc>,
}

const COLUMNS: &str =
    "id, target, title, path, body, seq, base_version, refused, started_at, saved_at";

fn place(worker: Id<ids::Worker>, target: &str) -> String {
    format!("draft/{worker}/{target}")
}

impl Tx {
    /// Keeps what was typed. A save with a lower number than the last one from
    /// the same opened page is dropped, so that a slow request cannot bring old words back. Drafts are
    /// not journalled word by word: their submission is.
    pub async fn keep_draft(
        &mut self,
        worker: Id<ids::Worker>,
        draft: &NewDraft,
        refused: bool,
    ) -> Result<()> {
        let body = self.keys().seal(
            &place(worker, &draft.target),
            &serde_json::to_vec(&draft.body)?,
        )?;
        let now = self.now();
        self.run(
            "insert into draft (id, worker_id, target, title, path, body, page, seq, \
             base_version, refused, started_at, saved_at) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11) \
             on conflict (worker_id, target, refused) do update set title = excluded.title, \
             path = excluded.path, body = excluded.body, page = excluded.page, \
             seq = excluded.seq, base_version = excluded.base_version, \
             saved_at = excluded.saved_at \
             where draft.page <> excluded.page or draft.seq <= excluded.seq",
            args![
                Id::<ids::Draft>::new(),
                worker,
                &draft.target,
                &draft.title,
                &draft.path,
                body,
                &draft.page,
                draft.seq,
                draft.base_version,
                refused,
                now
            ],
        )
        .await?;
        Ok(())
    }

    /// Takes a draft away because its text has been submitted, in the same
    /// transaction as the submission.
    pub async fn drop_draft(&mut self, worker: Id<ids::Worker>, target: &str) -> Result<()> {
        self.run(
            "delete from draft where worker_id = $1 and target = $2",
            args![worker, target],
        )
        .await?;
        Ok(())
    }
}

impl Store {
    /// Keeps what was typed, in a transaction of its own.
    pub async fn save_draft(&self, worker: Id<ids::Worker>, draft: &NewDraft) -> Result<()> {
        let mut tx = self.begin(&Actor::worker(worker, None)).await?;
        tx.keep_draft(worker, draft, false).await?;
        tx.commit().await
    }

    /// The author's draft of a target: `refused` asks for the text that lost.
    pub async fn draft(
        &self,
        worker: Id<ids::Worker>,
        target: &str,
        refused: bool,
    ) -> Result<Option<Draft>> {
        let sql = format!(
            "select {COLUMNS} from draft where worker_id = $1 and target = $2 and refused = $3"
        );
        let row: Option<Row> = self
            .read_db()
            .maybe(crate::AssertSqlSafe(sql), args![worker, target, refused])
            .await?;
        row.map(|row| self.open_draft(worker, row)).transpose()
    }

    /// All the author's drafts, the last one first.
    pub async fn drafts_of(&self, worker: Id<ids::Worker>) -> Result<Vec<Draft>> {
        let sql = format!(
            "select {COLUMNS} from draft where worker_id = $1 order by saved_at desc limit 50"
        );
        let rows: Vec<Row> = self
            .read_db()
            .all(crate::AssertSqlSafe(sql), args![worker])
            .await?;
        rows.into_iter()
            .map(|row| self.open_draft(worker, row))
            .collect()
    }

    /// The author's drafts of all targets that begin so, kept and refused, the
    /// last one first.
    pub async fn drafts_under(&self, worker: Id<ids::Worker>, prefix: &str) -> Result<Vec<Draft>> {
        let sql = format!(
            "select {COLUMNS} from draft where worker_id = $1 and target >= $2 and target < $3 \
             order by saved_at desc"
        );
        // Everything between the prefix and the prefix with the last character
        // of all after it.
        let end = format!("{prefix}\u{10FFFF}");
        let rows: Vec<Row> = self
            .read_db()
            .all(crate::AssertSqlSafe(sql), args![worker, prefix, end])
            .await?;
        rows.into_iter()
            .map(|row| self.open_draft(worker, row))
            .collect()
    }

    /// Throws a draft away: its author said so.
    pub async fn discard_draft(&self, worker: Id<ids::Worker>, id: Id<ids::Draft>) -> Result<()> {
        let mut tx = self.begin(&Actor::worker(worker, None)).await?;
        tx.run(
            "delete from draft where worker_id = $1 and id = $2",
            args![worker, id],
        )
        .await?;
        tx.commit().await
    }

    /// Which drafts a team's workers have and how old they are, for the
    /// manager: never what they say.
    pub async fn draft_ages(&self, team: Id<ids::Team>) -> Result<Vec<DraftAge>> {
        self.read_db()
            .all(
                "select d.worker_id, d.title, d.started_at, d.saved_at from draft d \
                 join worker w on w.id = d.worker_id where w.team_id = $1 \
                 order by d.saved_at",
                args![team],
            )
            .await
    }

    fn open_draft(&self, worker: Id<ids::Worker>, row: Row) -> Result<Draft> {
        let text = self.keys().open(&place(worker, &row.target), &row.body)?;
        Ok(Draft {
            id: row.id,
            target: row.target,
            title: row.title,
            path: row.path,
            body: serde_json::from_slice(&text)?,
            seq: row.seq,
            base_version: row.base_version,
            refused: row.refused,
            started_at: row.started_at,
            saved_at: row.saved_at,
        })
    }
}
