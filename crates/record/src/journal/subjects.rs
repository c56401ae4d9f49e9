//! A key for each subject, so that lawful erasure does not break the proof.

use std::collections::HashMap;
use std::sync::Mutex;

use chrono::Utc;

use crate::db::{AssertSqlSafe, Open, Value, rows_of_places};
use crate::keys::{self, Keys};
use crate::{Db, Error, Result, args};

#[derive(sqlx::FromRow)]
struct Wrapped {
    wrapped: String,
}

#[derive(sqlx::FromRow)]
struct Held {
    subject: String,
    wrapped: String,
    destroyed: bool,
}

/// How many keys are asked for in one statement.
const TOGETHER: usize = 64;

/// Subjects' keys, unwrapped once and remembered while the process runs.
#[derive(Debug, Default)]
pub(crate) struct SubjectKeys {
    known: Mutex<HashMap<String, [u8; 32]>>,
}

const FIND: &str = "select wrapped from subject_key where subject = $1 and destroyed_at is null";

impl SubjectKeys {
    fn known(&self, subject: &str) -> Option<[u8; 32]> {
        let known = self.known.lock().unwrap_or_else(|e| e.into_inner());
        known.get(subject).copied()
    }

    fn remember(&self, subject: &str, key: [u8; 32]) {
        let mut known = self.known.lock().unwrap_or_else(|e| e.into_inner());
        // A council has fewer subjects than this; a runaway import must not
        // fill the memory.
        if known.len() > 200_000 {
            known.clear();
        }
        known.insert(subject.to_owned(), key);
    }

    /// The key to seal with, made on first use in the same transaction. It is
    /// remembered only by [`SubjectKeys::settle`], after the commit.
    pub(crate) async fn for_writing(
        &self,
        keys: &Keys,
        open: &mut Open,
        fresh: &mut HashMap<String, [u8; 32]>,
        subject: &str,
    ) -> Result<[u8; 32]> {
        if let Some(key) = fresh.get(subject).copied().or_else(|| self.known(subject)) {
            return Ok(key);
        }
        let key = match open.maybe::<Wrapped>(FIND, args![subject]).await? {
            Some(found) => unwrap(keys, subject, &found.wrapped)?,
            None => {
                let key = keys::new_key();
                let made = open
                    .run(
                        "insert into subject_key (subject, wrapped, created_at) values ($1, $2, $3) \
                         on conflict (subject) do nothing",
                        args![subject, keys.seal(subject, &key)?, Utc::now()],
                    )
                    .await?;
                if made == 0 {
                    return Err(Error::Key(format!(
                        "the key of {subject} was destroyed: nothing more can be written about it"
                    )));
                }
                key
            }
        };
        fresh.insert(subject.to_owned(), key);
        Ok(key)
    }

    /// Makes the keys of many subjects ready in few statements, so that
    /// [`SubjectKeys::for_writing`] asks the database for none of them. A key that
    /// was destroyed is left for it to refuse.
    pub(crate) async fn for_writing_many(
        &self,
        keys: &Keys,
        open: &mut Open,
        fresh: &mut HashMap<String, [u8; 32]>,
        mut subjects: Vec<String>,
    ) -> Result<()> {
        subjects.sort_unstable();
        subjects.dedup();
        subjects.retain(|s| !fresh.contains_key(s) && self.known(s).is_none());
        for some in subjects.chunks(TOGETHER) {
            let places = rows_of_places(open.dialect(), 1, some.len());
            let sql = format!(
                "select subject, wrapped, destroyed_at is not null as destroyed \
                 from subject_key where subject in {places}"
            );
            let values = some.iter().map(Value::from).collect();
            let found: Vec<Held> = open.all(AssertSqlSafe(sql), values).await?;
            let mut made = Vec::new();
            for subject in some {
                match found.iter().find(|f| f.subject == *subject) {
                    Some(held) if held.destroyed => {}
                    Some(held) => {
                        let key = unwrap(keys, subject, &held.wrapped)?;
                        fresh.insert(subject.clone(), key);
                    }
                    None => {
                        let key = keys::new_key();
                        made.extend(args![subject, keys.seal(subject, &key)?, Utc::now()]);
                        fresh.insert(subject.clone(), key);
                    }
                }
            }
            if !made.is_empty() {
                let places = rows_of_places(open.dialect(), made.len() / 3, 3);
                let sql = format!(
                    "insert into subject_key (subject, wrapped, created_at) values {places}"
                );
                open.run(AssertSqlSafe(sql), made).await?;
            }
        }
        Ok(())
    }

    /// Remembers the keys of a transaction that was committed.
    pub(crate) fn settle(&self, fresh: HashMap<String, [u8; 32]>) {
        for (subject, key) in fresh {
            self.remember(&subject, key);
        }
    }

    /// Forgets a key that was destroyed.
    pub(crate) fn forget(&self, subject: &str) {
        let mut known = self.known.lock().unwrap_or_else(|e| e.into_inner());
        known.remove(subject);
    }

    /// The key to read with; nothing if it was destroyed.
    pub(crate) async fn for_reading(
        &self,
        keys: &Keys,
        db: &Db,
        subject: &str,
    ) -> Result<Option<[u8; 32]>> {
        if let Some(key) = self.known(subject) {
            return Ok(Some(key));
        }
        let Some(found) = db.maybe::<Wrapped>(FIND, args![subject]).await? else {
            return Ok(None);
        };
        let key = unwrap(keys, subject, &found.wrapped)?;
        self.remember(subject, key);
        Ok(Some(key))
    }
}

fn unwrap(keys: &Keys, subject: &str, wrapped: &str) -> Result<[u8; 32]> {
    <[u8; 32]>::try_from(keys.open(subject, wrapped)?)
        .map_err(|_| Error::Key(format!("the key of {subject} has the wrong length")))
}
