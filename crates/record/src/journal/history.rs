//! What the journal says about a child: who looked, who changed what, when,
//! and why.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::db::AssertSqlSafe;
use crate::keys;
use crate::{Result, Store, Value, args};

/// One event of a history, readable.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// When it was recorded, RFC 3339.
    pub recorded_at: String,
    /// When it happened, where that differs.
    pub happened_at: Option<String>,
    /// Who: a worker's id, or `public:`, `partner:`, `system:` and a name.
    pub actor: String,
    /// The deed, as [`crate::journal::Deed::word`].
    pub action: String,
    /// The kind of object: a table or a page.
    pub object_kind: String,
    /// Which one.
    pub object_id: String,
    /// The purpose given or implied.
    pub purpose: Option<String>,
    /// The reason asked for.
    pub why: Option<String>,
    /// The access decision's reason.
    pub because: Option<String>,
    /// The content: `before` and `after`. Nothing if the subject's key was
    /// destroyed.
    pub content: Option<serde_json::Value>,
}

#[derive(sqlx::FromRow)]
struct Found {
    recorded_at: String,
    happened_at: Option<String>,
    actor: String,
    action: String,
    object_kind: String,
    object_id: String,
    purpose: Option<String>,
    why: Option<String>,
    because: Option<String>,
    plain: Option<String>,
    sealed_for: Option<String>,
    sealed: Option<String>,
}

const COLUMNS: &str = "j.recorded_at, j.happened_at, j.actor, j.action, j.object_kind, \
    j.object_id, j.purpose, j.why, j.because, j.plain, j.sealed_for, j.sealed";

impl Store {
    /// Who looked at any of these subjects (`person:ID`), newest first.
    pub(crate) async fn looks_at(&self, subjects: &[String], limit: i64) -> Result<Vec<Entry>> {
        self.entries(
            subjects,
            "j.action in ('looked', 'listed', 'refused')",
            limit,
        )
        .await
    }

    /// Who looked at one subject between two moments, oldest first, so many at
    /// most.
    pub(crate) async fn looks_between(
        &self,
        subject: &str,
        from: &str,
        until: &str,
        limit: i64,
    ) -> Result<Vec<Entry>> {
        let sql = format!(
            "select {COLUMNS} from journal_subject s \
             join journal j on j.writer = s.writer and j.seq = s.seq \
             where s.subject = $1 and j.recorded_at >= $2 and j.recorded_at < $3 \
             and j.action in ('looked', 'listed', 'refused') \
             order by j.recorded_at, j.seq limit $4"
        );
        let values = args![subject, from, until, limit];
        let found = self.read_db().all(AssertSqlSafe(sql), values).await?;
        self.open_all(found).await
    }

    /// What one worker looked at of one subject between two moments, oldest
    /// first: for checking emergency access without opening the record.
    pub(crate) async fn looks_by(
        &self,
        worker: &str,
        subject: &str,
        from: &str,
        until: &str,
    ) -> Result<Vec<Entry>> {
        let sql = format!(
            "select {COLUMNS} from journal_subject s \
             join journal j on j.writer = s.writer and j.seq = s.seq \
             where s.subject = $1 and j.actor = $2 and j.recorded_at >= $3 \
             and j.recorded_at <= $4 and j.action in ('looked', 'listed', 'refused') \
             order by j.recorded_at, j.seq limit 500"
        );
        let values = args![subject, worker, from, until];
        let found = self.read_db().all(AssertSqlSafe(sql), values).await?;
        self.open_all(found).await
    }

    /// Who changed what about these subjects, newest first.
    pub(crate) async fn changes_of(&self, subjects: &[String], limit: i64) -> Result<Vec<Entry>> {
        self.entries(
            subjects,
            "j.action in ('created', 'changed', 'erased')",
            limit,
        )
        .await
    }

    /// Every change of one row, oldest first.
    pub(crate) async fn changes_of_row(&self, kind: &str, id: &str) -> Result<Vec<Entry>> {
        let sql = format!(
            "select {COLUMNS} from journal j where j.object_kind = $1 and j.object_id = $2 \
             and j.action in ('created', 'changed') order by j.recorded_at, j.seq"
        );
        let found = self
            .read_db()
            .all(AssertSqlSafe(sql), args![kind, id])
            .await?;
        self.open_all(found).await
    }

    async fn entries(&self, subjects: &[String], which: &str, limit: i64) -> Result<Vec<Entry>> {
        if subjects.is_empty() {
            return Ok(Vec::new());
        }
        let places: Vec<String> = (1..=subjects.len()).map(|i| format!("${i}")).collect();
        let sql = format!(
            "select distinct j.writer, j.seq, {COLUMNS} from journal_subject s \
             join journal j on j.writer = s.writer and j.seq = s.seq \
             where s.subject in ({}) and {which} \
             order by j.recorded_at desc, j.seq desc limit ${}",
            places.join(", "),
            subjects.len() + 1
        );
        let mut values: Vec<Value> = subjects.iter().map(Value::from).collect();
        values.push(limit.into());
        let found = self.read_db().all(AssertSqlSafe(sql), values).await?;
        self.open_all(found).await
    }

    async fn open_all(&self, found: Vec<Found>) -> Result<Vec<Entry>> {
        let mut subject_keys: BTreeMap<String, Option<[u8; 32]>> = BTreeMap::new();
        let mut entries = Vec::with_capacity(found.len());
        for f in found {
            let content: Option<serde_json::Value> = match (&f.plain, &f.sealed_for, &f.sealed) {
                (_, Some(subject), Some(sealed)) => {
                    if !subject_keys.contains_key(subject) {
                        let key = self
                            .subject_keys()
                            .for_reading(self.keys(), self.read_db(), subject)
                            .await?;
                        subject_keys.insert(subject.clone(), key);
                    }
                    let place = format!("{}/{}", f.object_kind, f.object_id);
                    match subject_keys.get(subject).copied().flatten() {
                        Some(key) => {
                            Some(serde_json::from_slice(&keys::open(&key, &place, sealed)?)?)
                        }
                        None => None,
                    }
                }
                (Some(plain), _, _) => Some(serde_json::from_str(plain)?),
                _ => None,
            };
            let sealed_why = content.as_ref().and_then(|c| c.get("why")?.as_str());
            let why = f.why.or_else(|| sealed_why.map(str::to_owned));
            entries.push(Entry {
                recorded_at: f.recorded_at,
                happened_at: f.happened_at,
                actor: f.actor,
                action: f.action,
                object_kind: f.object_kind,
                object_id: f.object_id,
                purpose: f.purpose,
                why,
                because: f.because,
                content,
            });
        }
        Ok(entries)
    }
}

/// The content of a change, as written by [`crate::Tx`].
#[derive(Debug, Deserialize)]
pub(crate) struct Change<E> {
    pub after: E,
}
