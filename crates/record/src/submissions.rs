//! A form that is sent twice is one record; a form that is sent after the
//! session ran out is kept for its author.

use chrono::{DateTime, Utc};
use vocabulary::{Id, ids};

use crate::sessions::{new_token, token_hash};
use crate::tx::{Actor, Tx};
use crate::{Result, Store, args};

/// What a form's once-token says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Once {
    /// It has not been used: go on.
    First,
    /// It was used, and led here.
    Again {
        /// Where the first submission went.
        location: String,
    },
}

#[derive(sqlx::FromRow)]
struct Made {
    location: Option<String>,
}

impl Tx {
    /// Claims a form's once-token inside the transaction that does the work:
    /// a double click, the back button and a retry make one record.
    pub async fn once(&mut self, token: &str, location: &str) -> Result<Once> {
        let made: Option<Made> = self
            .maybe(
                "select location from submission where once = $1",
                args![token],
            )
            .await?;
        if let Some(made) = made {
            return Ok(Once::Again {
                location: made.location.unwrap_or_default(),
            });
        }
        let (actor, now) = (self.actor().who.clone(), self.now());
        self.run(
            "insert into submission (once, actor, location, made_at) values ($1, $2, $3, $4)",
            args![token, actor, location, now],
        )
        .await?;
        Ok(Once::First)
    }
}

/// What was being sent when a session ran out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Where it was going.
    pub path: String,
    /// The body as sent, url-encoded.
    pub body: String,
    /// When it was held.
    pub held_at: DateTime<Utc>,
}

#[derive(sqlx::FromRow)]
struct HeldRow {
    worker_id: Option<Id<ids::Worker>>,
    path: String,
    body: String,
    held_at: DateTime<Utc>,
}

impl Store {
    /// Keeps a body whose session ran out, sealed; the token goes into a
    /// cookie, and only the worker whose session it was can have it back.
    pub async fn hold(
        &self,
        worker: Option<Id<ids::Worker>>,
        path: &str,
        body: &str,
    ) -> Result<String> {
        let token = new_token();
        let hash = token_hash(&token);
        let sealed = self.keys().seal(&hash, body.as_bytes())?;
        let mut tx = self.begin(&Actor::system("held")).await?;
        let now = tx.now();
        tx.run(
            "insert into held_submission (token_hash, worker_id, path, body, held_at) \
             values ($1, $2, $3, $4, $5)",
            args![hash, worker, path, sealed, now],
        )
        .await?;
        tx.commit().await?;
        Ok(token)
    }

    /// Gives a held body back to its author.
    pub async fn held_for(&self, worker: Id<ids::Worker>, token: &str) -> Result<Option<Held>> {
        let hash = token_hash(token);
        let row: Option<HeldRow> = self
            .read_db()
            .maybe(
                "select worker_id, path, body, held_at from held_submission \
                 where token_hash = $1 and resumed_at is null",
                args![&hash],
            )
            .await?;
        let Some(row) = row else { return Ok(None) };
        if row.worker_id.is_some_and(|owner| owner != worker) {
            return Ok(None);
        }
        let body = String::from_utf8_lossy(&self.keys().open(&hash, &row.body)?).into_owned();
        Ok(Some(Held {
            path: row.path,
            body,
            held_at: row.held_at,
        }))
    }

    /// Marks a held body as sent on.
    pub async fn held_resumed(&self, token: &str) -> Result<()> {
        let mut tx = self.begin(&Actor::system("held")).await?;
        let now = tx.now();
        tx.run(
            "update held_submission set resumed_at = $2 where token_hash = $1",
            args![token_hash(token), now],
        )
        .await?;
        tx.commit().await
    }
}
