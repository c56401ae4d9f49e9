//! Any row as it was known on a day.
//!
//! The journal keeps the whole row with each change, so the row on a day is the
//! last one written by then. Nothing else is kept for it.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::Value as Json;

use crate::db::AssertSqlSafe;
use crate::entity::Entity;
use crate::journal::history::Change;
use crate::journal::moment;
use crate::{Result, Store, args, keys};

/// Everything that was known about some subjects at a moment: rows by table.
#[derive(Debug, Clone, Default)]
pub struct Known {
    rows: BTreeMap<String, Vec<Json>>,
}

impl Known {
    /// The rows of one entity as they were, the oldest first.
    pub fn all<E: Entity>(&self) -> Result<Vec<E>> {
        let rows = self.rows.get(E::TABLE).map_or(&[][..], Vec::as_slice);
        rows.iter()
            .map(|row| Ok(serde_json::from_value(row.clone())?))
            .collect()
    }
}

#[derive(sqlx::FromRow)]
struct KeptRow {
    object_kind: String,
    object_id: String,
    plain: Option<String>,
    sealed_for: Option<String>,
    sealed: Option<String>,
}

impl Store {
    /// Rows as they were recorded by a moment, in one question: without those
    /// that had not been written yet, or whose subject's key has been destroyed
    /// since. What shows them to anyone is [`crate::Gate::as_known`].
    pub(crate) async fn as_known<E: Entity>(
        &self,
        ids: &[&str],
        at: DateTime<Utc>,
    ) -> Result<Vec<E>> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let places: Vec<String> = (3..ids.len() + 3).map(|i| format!("${i}")).collect();
        let sql = format!(
            "select j.object_kind, j.object_id, j.plain, j.sealed_for, j.sealed from journal j \
             where j.object_kind = $1 and j.object_id in ({}) \
             and j.action in ('created', 'changed') and j.recorded_at <= $2 and not exists ( \
               select 1 from journal k where k.object_kind = j.object_kind \
               and k.object_id = j.object_id and k.action in ('created', 'changed') \
               and k.recorded_at <= $2 and (k.recorded_at > j.recorded_at \
                 or (k.recorded_at = j.recorded_at and k.seq > j.seq))) \
             order by j.recorded_at, j.seq",
            places.join(", ")
        );
        let mut values = args![E::TABLE, moment(at)];
        values.extend(ids.iter().map(|id| crate::Value::from(*id)));
        let kept: Vec<KeptRow> = self.read_db().all(AssertSqlSafe(sql), values).await?;
        self.opened(kept).await?.all()
    }

    /// Every row about these subjects (`person:ID`) as it was recorded by a
    /// moment, in one question. `kinds` are tables, our own words. What shows
    /// it to anyone is [`crate::Gate::known_then`].
    pub(crate) async fn known(
        &self,
        subjects: &[String],
        kinds: &[&'static str],
        at: DateTime<Utc>,
    ) -> Result<Known> {
        let places: Vec<String> = (2..subjects.len() + 2).map(|i| format!("${i}")).collect();
        let words: Vec<String> = kinds.iter().map(|kind| format!("'{kind}'")).collect();
        let sql = format!(
            "select j.object_kind, j.object_id, j.plain, j.sealed_for, j.sealed \
             from journal_subject s join journal j on j.writer = s.writer and j.seq = s.seq \
             where s.subject in ({}) and j.object_kind in ({}) \
             and j.action in ('created', 'changed') and j.recorded_at <= $1 \
             order by j.recorded_at, j.seq",
            places.join(", "),
            words.join(", ")
        );
        let mut values = args![moment(at)];
        values.extend(subjects.iter().map(crate::Value::from));
        let kept: Vec<KeptRow> = self.read_db().all(AssertSqlSafe(sql), values).await?;
        self.opened(kept).await
    }

    /// The last state of each row, opened with its subject's key.
    async fn opened(&self, kept: Vec<KeptRow>) -> Result<Known> {
        // Only the last state of each row is opened: opening is the dear part.
        let mut order = Vec::new();
        let mut last: BTreeMap<(String, String), KeptRow> = BTreeMap::new();
        for row in kept {
            let key = (row.object_kind.clone(), row.object_id.clone());
            if last.insert(key.clone(), row).is_none() {
                order.push(key);
            }
        }
        let mut keys_found: BTreeMap<String, Option<[u8; 32]>> = BTreeMap::new();
        let mut known = Known::default();
        for key in order {
            let Some(row) = last.remove(&key) else {
                continue;
            };
            let change: Change<Json> = match (row.plain, row.sealed_for, row.sealed) {
                (_, Some(subject), Some(sealed)) => {
                    if !keys_found.contains_key(&subject) {
                        let found = self
                            .subject_keys()
                            .for_reading(self.keys(), self.read_db(), &subject)
                            .await?;
                        keys_found.insert(subject.clone(), found);
                    }
                    let Some(found) = keys_found.get(&subject).copied().flatten() else {
                        continue;
                    };
                    let place = format!("{}/{}", key.0, key.1);
                    serde_json::from_slice(&keys::open(&found, &place, &sealed)?)?
                }
                (Some(plain), _, _) => serde_json::from_str(&plain)?,
                _ => continue,
            };
            known.rows.entry(key.0).or_default().push(change.after);
        }
        Ok(known)
    }
}
