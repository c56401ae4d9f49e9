//! Any row as it was known on a day.
//!
//! The journal keeps the whole row with each change, so the row on a day is the
//! last one written by then. Nothing else is kept for it.

use chrono::{DateTime, Utc};

use crate::entity::Entity;
use crate::journal::history::Change;
use crate::journal::moment;
use crate::{Result, Store, args, keys};

#[derive(sqlx::FromRow)]
struct Kept {
    plain: Option<String>,
    sealed_for: Option<String>,
    sealed: Option<String>,
}

impl Store {
    /// A row as it was recorded by a moment: nothing if it had not been
    /// written yet, or if its subject's key has been destroyed since. What
    /// shows it to anyone is [`crate::Gate::as_known`].
    pub(crate) async fn as_known<E: Entity>(
        &self,
        id: &str,
        at: DateTime<Utc>,
    ) -> Result<Option<E>> {
        let kept: Option<Kept> = self
            .read_db()
            .maybe(
                "select plain, sealed_for, sealed from journal where object_kind = $1 and \
                 object_id = $2 and action in ('created', 'changed') and recorded_at <= $3 \
                 order by recorded_at desc, seq desc limit 1",
                args![E::TABLE, id, moment(at)],
            )
            .await?;
        let Some(kept) = kept else { return Ok(None) };
        let change: Change<E> = match (kept.plain, kept.sealed_for, kept.sealed) {
            (_, Some(subject), Some(sealed)) => {
                let key = self
                    .subject_keys()
                    .for_reading(self.keys(), self.read_db(), &subject)
                    .await?;
                let Some(key) = key else { return Ok(None) };
                let place = format!("{}/{id}", E::TABLE);
                serde_json::from_slice(&keys::open(&key, &place, &sealed)?)?
            }
            (Some(plain), _, _) => serde_json::from_str(&plain)?,
            _ => return Ok(None),
        };
        Ok(Some(change.after))
    }
}
