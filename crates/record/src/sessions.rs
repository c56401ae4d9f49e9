//! Sessions on the server: an opaque cookie here, its hash in the database.
//!
//! Written here rather than taken from a session library because a session
//! must end the moment its worker leaves (T4), must still say whose it was
//! after it ran out (so that what was being typed finds its author), and
//! because starting and ending one is a journalled event.

use chrono::{DateTime, Duration, Utc};
use sha2::{Digest, Sha256};
use vocabulary::{Id, ids};

use crate::entity::Entity;
use crate::journal::{Deed, Event};
use crate::model::Worker;
use crate::tx::Actor;
use crate::{AssertSqlSafe, Result, Store, args};

/// How long a session lasts without a request.
pub const IDLE: Duration = Duration::minutes(60);
/// How long a session lasts at most.
pub const ABSOLUTE: Duration = Duration::hours(12);
/// How stale `last_seen_at` may be, so that not every request writes.
const TOUCH: Duration = Duration::minutes(1);

/// A session that was found by its cookie.
#[derive(Debug, Clone)]
pub enum Found {
    /// It is open.
    Open {
        /// Whose: their row as it is at this request.
        worker: Box<Worker>,
        /// The teams that they manage.
        manages: Vec<Id<ids::Team>>,
        /// Its hash, for the journal.
        session: String,
        /// Until when they have a record open in an emergency.
        emergency: Option<DateTime<Utc>>,
    },
    /// It was this worker's and has run out: sign in again and go on.
    RunOut {
        /// Whose it was.
        worker: Id<ids::Worker>,
    },
    /// There is none.
    None,
}

#[derive(sqlx::FromRow)]
struct Row {
    #[sqlx(flatten)]
    worker: Worker,
    manages: Option<Id<ids::Team>>,
    started_at: DateTime<Utc>,
    last_seen_at: DateTime<Utc>,
    ended_at: Option<DateTime<Utc>>,
    emergency: Option<DateTime<Utc>>,
}

/// A token of 256 random bits, in hexadecimal.
pub fn new_token() -> String {
    hex::encode(rand::random::<[u8; 32]>())
}

/// What the database keeps of a token.
pub fn token_hash(token: &str) -> String {
    hex::encode(Sha256::digest(token.as_bytes()))
}

impl Store {
    /// Starts a session for a worker who has proved who they are; the token
    /// goes into the cookie and is kept nowhere.
    pub async fn start_session(&self, worker: Id<ids::Worker>) -> Result<String> {
        let token = new_token();
        let hash = token_hash(&token);
        let mut tx = self
            .begin(&Actor::worker(worker, Some(hash.clone())))
            .await?;
        let now = tx.now();
        tx.run(
            "insert into session (token_hash, worker_id, started_at, last_seen_at) \
             values ($1, $2, $3, $3)",
            args![hash, worker, now],
        )
        .await?;
        tx.note(Event::new(Deed::SignedIn, "worker", worker))
            .await?;
        tx.commit().await?;
        Ok(token)
    }

    /// Finds the session of a cookie with its worker, in one statement, and
    /// keeps it alive.
    pub async fn find_session(&self, token: &str) -> Result<Found> {
        let hash = token_hash(token);
        let columns: Vec<String> = Worker::COLUMNS.iter().map(|c| format!("w.{c}")).collect();
        let sql = format!(
            "select {}, t.id as manages, s.started_at, s.last_seen_at, s.ended_at, \
             (select max(g.ends_at) from access_grant g where g.worker_id = w.id \
              and g.kind in ('break_glass', 'override') and g.ended_at is null \
              and g.starts_at <= $2 and g.ends_at > $2) as emergency \
             from session s join worker w on w.id = s.worker_id \
             left join team t on t.manager_id = w.id where s.token_hash = $1",
            columns.join(", ")
        );
        let now = Utc::now();
        let values = args![&hash, now];
        let rows: Vec<Row> = self.read_db().all(AssertSqlSafe(sql), values).await?;
        let manages = rows.iter().filter_map(|row| row.manages).collect();
        let Some(row) = rows.into_iter().next() else {
            return Ok(Found::None);
        };
        let old = now - row.last_seen_at > IDLE || now - row.started_at > ABSOLUTE;
        if row.ended_at.is_some() || old {
            return Ok(Found::RunOut {
                worker: row.worker.id,
            });
        }
        if now - row.last_seen_at > TOUCH {
            let mut tx = self.begin(&Actor::system("sessions")).await?;
            tx.run(
                "update session set last_seen_at = $2 where token_hash = $1",
                args![&hash, now],
            )
            .await?;
            tx.commit().await?;
        }
        Ok(Found::Open {
            worker: Box::new(row.worker),
            manages,
            session: hash,
            emergency: row.emergency,
        })
    }

    /// Ends one session.
    pub async fn end_session(&self, worker: Id<ids::Worker>, session: &str) -> Result<()> {
        let mut tx = self
            .begin(&Actor::worker(worker, Some(session.to_owned())))
            .await?;
        let now = tx.now();
        tx.run(
            "update session set ended_at = $2 where token_hash = $1 and ended_at is null",
            args![session, now],
        )
        .await?;
        tx.note(Event::new(Deed::SignedOut, "worker", worker))
            .await?;
        tx.commit().await
    }

    /// Ends every session of a worker: they have left, or lost the device.
    pub async fn end_sessions_of(&self, by: &Actor, worker: Id<ids::Worker>) -> Result<u64> {
        let mut tx = self.begin(by).await?;
        let now = tx.now();
        let ended = tx
            .run(
                "update session set ended_at = $2 where worker_id = $1 and ended_at is null",
                args![worker, now],
            )
            .await?;
        tx.note(Event::new(Deed::SignedOut, "worker", worker))
            .await?;
        tx.commit().await?;
        Ok(ended)
    }

    /// Journals that someone tried to sign in under a name and could not. The
    /// name is kept as a hash: people type their passwords there by mistake.
    pub async fn sign_in_failed(&self, name: &str) -> Result<()> {
        let mut tx = self.begin(&Actor::system("sign-in")).await?;
        let event = Event::new(Deed::SignInFailed, "name", &token_hash(name)[..16]);
        tx.note(event).await?;
        tx.commit().await
    }
}
