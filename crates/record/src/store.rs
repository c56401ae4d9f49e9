//! Opening the record: the database, its migrations, and the one writer.

use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::Utc;
use serde_json::json;
use sqlx::postgres::PgPoolOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use tokio::sync::{Mutex, OwnedMutexGuard};
use uuid::Uuid;

use crate::db::Db;
use crate::journal::chain::Head;
use crate::journal::looks::{self, Looks};
use crate::journal::subjects::SubjectKeys;
use crate::journal::{Deed, Event, heads};
use crate::tx::{Actor, Tx};
use crate::{Error, Keys, Result};

/// Every change of the tables, in order.
pub(crate) static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("./migrations");

/// Where the record is and how it is opened.
#[derive(Debug, Clone)]
pub struct StoreOptions {
    /// `sqlite:PATH` or `postgres://...`: the one setting that chooses.
    pub url: String,
    /// Where signed heads of the journal are appended. Put it on another
    /// machine or a medium that the database's operator cannot rewrite.
    pub heads: PathBuf,
}

/// The open record. Cheap to clone; all clones share one writer.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    /// Many readers.
    read: Db,
    /// On SQLite one connection of its own; on PostgreSQL the same pool.
    write: Db,
    writer: Arc<Mutex<Head>>,
    /// How many wait for the writer.
    queue: Arc<AtomicUsize>,
    keys: Keys,
    subjects: SubjectKeys,
    looks: Looks,
    heads: PathBuf,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Store on {:?}", self.inner.read.dialect())
    }
}

impl Store {
    /// Opens the record, brings its tables up to date, and opens this
    /// process's chain of the journal.
    pub async fn open(options: &StoreOptions, keys: Keys) -> Result<Store> {
        let (read, write) = connect(&options.url).await?;
        match &write {
            Db::Sqlite(db) => MIGRATIONS.run(db).await?,
            Db::Postgres(db) => MIGRATIONS.run(db).await?,
        }
        let head = Head::first(Uuid::now_v7().to_string());
        let (looks, incoming) = Looks::channel();
        let store = Store {
            inner: Arc::new(Inner {
                read,
                write,
                writer: Arc::new(Mutex::new(head)),
                queue: Arc::new(AtomicUsize::new(0)),
                keys,
                subjects: SubjectKeys::default(),
                looks,
                heads: options.heads.clone(),
            }),
        };
        store.open_chain().await?;
        looks::record_in_background(store.downgrade(), incoming);
        Ok(store)
    }

    /// The first event of this process's chain names where every chain before
    /// it ended: an old chain that loses its tail is found out by a newer one.
    async fn open_chain(&self) -> Result<()> {
        let before = heads::standing(self.read_db()).await?;
        let mut tx = self.begin(&Actor::system("start")).await?;
        let mut event = Event::new(Deed::Opened, "journal", env!("CARGO_PKG_VERSION"));
        let named: Vec<_> = before
            .iter()
            .map(|h| json!([h.writer, h.seq, h.hash]))
            .collect();
        event.plain = Some(json!({ "chains_before": named }));
        tx.note(event).await?;
        tx.commit().await
    }

    /// Begins a transaction for someone.
    pub async fn begin(&self, actor: &Actor) -> Result<Tx> {
        Tx::begin(self.clone(), actor.clone()).await
    }

    /// The database, for questions that show nobody's record: queues' counts,
    /// teams, code. What shows a record goes through [`crate::Gate`].
    pub fn read_db(&self) -> &Db {
        &self.inner.read
    }

    /// A mark for a text that only this council's key can make: what a signed
    /// link carries. 43 letters, digits, dashes and underscores. The same text
    /// has another mark at another place.
    pub fn mark(&self, place: &str, text: &str) -> String {
        let mark = self.inner.keys.mark(place, text);
        mark.trim_end_matches('=')
            .replace('+', "-")
            .replace('/', "_")
    }

    /// Signs where this process's chain stands and appends it to the heads
    /// file; says what was signed.
    pub async fn sign_head(&self) -> Result<heads::SignedHead> {
        let head = self.inner.writer.lock().await.clone();
        heads::sign(&self.inner.keys, &head, Utc::now(), &self.inner.heads)
    }

    /// Signs the last head and closes the connections.
    pub async fn close(&self) -> Result<()> {
        self.sign_head().await?;
        self.inner.write.close().await;
        self.inner.read.close().await;
        Ok(())
    }

    /// Destroys a subject's key: what the journal keeps about them can never be
    /// read again, and the chain stays whole. For lawful disposal only.
    pub async fn erase(&self, by: &Actor, subject: &str, why: &str) -> Result<()> {
        let mut tx = self.begin(by).await?;
        tx.because_of(why);
        let now = tx.now();
        tx.run(
            "update subject_key set wrapped = '', destroyed_at = $2 where subject = $1",
            crate::args![subject, now],
        )
        .await?;
        let mut event = Event::new(Deed::Erased, "subject", subject);
        event.why = Some(why.to_owned());
        event.subjects = vec![subject.to_owned()];
        tx.note(event).await?;
        tx.commit().await?;
        self.inner.subjects.forget(subject);
        Ok(())
    }

    /// The council's keys.
    pub fn keys(&self) -> &Keys {
        &self.inner.keys
    }

    pub(crate) fn write_db(&self) -> &Db {
        &self.inner.write
    }

    pub(crate) async fn writer(&self) -> OwnedMutexGuard<Head> {
        let _waiting = InQueue::of(&self.inner.queue);
        self.inner.writer.clone().lock_owned().await
    }

    /// Whether somebody waits for the writer.
    pub(crate) fn is_wanted(&self) -> bool {
        self.inner.queue.load(Ordering::Relaxed) > 0
    }

    pub(crate) fn subject_keys(&self) -> &SubjectKeys {
        &self.inner.subjects
    }

    pub(crate) fn looks(&self) -> &Looks {
        &self.inner.looks
    }

    pub(crate) fn downgrade(&self) -> WeakStore {
        WeakStore {
            inner: Arc::downgrade(&self.inner),
        }
    }
}

/// A place in the queue for the writer; given up when dropped, also by someone
/// who no longer waits.
struct InQueue(Arc<AtomicUsize>);

impl InQueue {
    fn of(queue: &Arc<AtomicUsize>) -> InQueue {
        queue.fetch_add(1, Ordering::Relaxed);
        InQueue(queue.clone())
    }
}

impl Drop for InQueue {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A store that does not keep itself open.
pub(crate) struct WeakStore {
    inner: std::sync::Weak<Inner>,
}

impl WeakStore {
    pub(crate) fn upgrade(&self) -> Option<Store> {
        self.inner.upgrade().map(|inner| Store { inner })
    }
}

async fn connect(url: &str) -> Result<(Db, Db)> {
    if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        let pool = PgPoolOptions::new()
            .max_connections(16)
            .connect(url)
            .await?;
        return Ok((Db::Postgres(pool.clone()), Db::Postgres(pool)));
    }
    if !url.starts_with("sqlite:") {
        return Err(Error::Settings(format!(
            "the database must be sqlite:PATH or postgres://..., not {url}"
        )));
    }
    // FULL: an acknowledged write survives a power cut, not only a crash
    // (measured: NORMAL lost acknowledged writes in 216 of 240 states).
    let options = SqliteConnectOptions::from_str(url)?
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(std::time::Duration::from_secs(10))
        // Rows come from a thread of their own: a return reads tens of thousands,
        // and every time the buffer is full both threads wait for one another.
        .row_buffer_size(1024)
        .pragma("trusted_schema", "OFF")
        .pragma("cell_size_check", "ON");
    // The writer keeps more pages and brings them to the database file less
    // often than SQLite's defaults: identifiers are spread over all indexes, so
    // each page is changed again soon (measured, with longer transactions of the
    // loader: 48 s in place of 222 s for the whole invented borough).
    let writer = options
        .clone()
        .pragma("cache_size", "-262144")
        .pragma("wal_autocheckpoint", "8000");
    let write = SqlitePoolOptions::new()
        .max_connections(1)
        .connect_with(writer)
        .await?;
    let read = SqlitePoolOptions::new()
        .max_connections(6)
        .connect_with(options.pragma("cache_size", "-65536"))
        .await?;
    Ok((Db::Sqlite(read), Db::Sqlite(write)))
}
