//! Fresh, empty stores on both databases, for tests.
//!
//! SQLite always; PostgreSQL when `THROUGHLINE_TEST_POSTGRES` names a server
//! (`scripts/with-postgres` starts a throw-away one and sets it). Each store
//! has its own file or database, copied from one whose tables were made once,
//! and gone with the test: a run of a thousand tests needs no more room than
//! the few that run at the same time.

use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tempfile::TempDir;
use tokio::sync::OnceCell;

use crate::store::MIGRATIONS;
use crate::{Keys, Store, StoreOptions};

/// A store that goes away with the value.
pub struct TestStore {
    /// The open store.
    pub store: Store,
    /// How it was opened, to open it again.
    pub options: StoreOptions,
    /// Its files.
    pub folder: TempDir,
    _database: Option<Database>,
}

impl TestStore {
    /// Closes the store and opens it again, as a restart does.
    pub async fn restart(&mut self) {
        self.store.close().await.expect("the store closes");
        let keys = Keys::in_folder(self.folder.path()).expect("keys");
        self.store = Store::open(&self.options, keys)
            .await
            .expect("the store opens again");
    }
}

/// A fresh store on every database that this run has.
pub async fn stores() -> Vec<TestStore> {
    let mut stores = vec![sqlite().await];
    match std::env::var("THROUGHLINE_TEST_POSTGRES") {
        Ok(url) => stores.push(postgres(&url).await),
        Err(_) => eprintln!("THROUGHLINE_TEST_POSTGRES is not set: tested on SQLite only"),
    }
    stores
}

/// A fresh store on the embedded database.
pub async fn sqlite() -> TestStore {
    static EMPTY: OnceCell<Vec<u8>> = OnceCell::const_new();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("record.db");
    let empty = EMPTY.get_or_init(empty_file).await;
    std::fs::write(&file, empty).expect("a copy of the empty database");
    open(folder, format!("sqlite:{}", file.display()), None).await
}

/// The bytes of a database in which every table stands, and no row.
async fn empty_file() -> Vec<u8> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("empty.db");
    let options = SqliteConnectOptions::new()
        .filename(&file)
        .create_if_missing(true);
    let mut connection = SqliteConnection::connect_with(&options)
        .await
        .expect("a new database");
    MIGRATIONS.run(&mut connection).await.expect("its tables");
    connection.close().await.expect("closed");
    std::fs::read(&file).expect("the new database")
}

async fn postgres(server: &str) -> TestStore {
    static EMPTY: OnceCell<String> = OnceCell::const_new();
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let empty = EMPTY.get_or_init(|| empty_database(server)).await;
    let n = NEXT.fetch_add(1, Ordering::Relaxed);
    let name = format!("test_{}_{n}", std::process::id());
    let made = format!("create database {name} template {empty} strategy file_copy");
    ask(server, &made).await.expect("a database of its own");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let url = on_server(server, &name);
    let database = Database {
        server: server.to_owned(),
        name,
    };
    open(folder, url, Some(database)).await
}

/// The name of a database of this server in which every table stands, and no
/// row. The first test that asks makes it, whichever process that is; it stays
/// for the next run, until the tables change.
async fn empty_database(server: &str) -> String {
    let tables = MIGRATIONS.iter().fold(0_u64, |sum, one| {
        one.checksum.iter().fold(sum, |sum, byte| {
            sum.wrapping_mul(0x0100_0000_01b3) ^ u64::from(*byte)
        })
    });
    let name = format!("throughline_empty_{tables:016x}");
    let mut connection = PgConnection::connect(server)
        .await
        .expect("the test server answers");
    // Held until the connection closes: one process makes it, the others wait.
    sqlx::query("select pg_advisory_lock(7420)")
        .execute(&mut connection)
        .await
        .expect("a turn");
    let known: bool =
        sqlx::query_scalar("select exists(select 1 from pg_database where datname = $1)")
            .bind(&name)
            .fetch_one(&mut connection)
            .await
            .expect("the server's databases");
    if !known {
        let half = format!("{name}_half");
        for sql in [
            format!("drop database if exists {half}"),
            format!("create database {half}"),
        ] {
            ask(server, &sql).await.expect("a new database");
        }
        let mut new = PgConnection::connect(&on_server(server, &half))
            .await
            .expect("the new database");
        MIGRATIONS.run(&mut new).await.expect("its tables");
        new.close().await.expect("closed");
        // Whole, or not there under this name.
        ask(server, &format!("alter database {half} rename to {name}"))
            .await
            .expect("its name");
    }
    connection.close().await.expect("closed");
    name
}

/// The same server's address with another database.
fn on_server(server: &str, name: &str) -> String {
    let (address, options) = server.split_once('?').unwrap_or((server, ""));
    let (host, _) = address.rsplit_once('/').expect("postgres://HOST/DATABASE");
    match options {
        "" => format!("{host}/{name}"),
        options => format!("{host}/{name}?{options}"),
    }
}

async fn ask(server: &str, sql: &str) -> sqlx::Result<()> {
    let mut connection = PgConnection::connect(server).await?;
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
        .execute(&mut connection)
        .await?;
    connection.close().await
}

/// A database of the test server that goes away with the value.
struct Database {
    server: String,
    name: String,
}

impl Drop for Database {
    /// A test's end cannot wait for a future: another thread does.
    fn drop(&mut self) {
        let sql = format!("drop database if exists {} with (force)", self.name);
        let server = self.server.clone();
        let dropped = std::thread::spawn(move || {
            tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .map_err(|e| e.to_string())?
                .block_on(ask(&server, &sql))
                .map_err(|e| e.to_string())
        })
        .join();
        match dropped {
            Ok(Ok(())) => {}
            other => eprintln!("the database {} of a test stays: {other:?}", self.name),
        }
    }
}

async fn open(folder: TempDir, url: String, database: Option<Database>) -> TestStore {
    let keys = Keys::in_folder(folder.path()).expect("keys");
    let options = StoreOptions {
        url,
        heads: folder.path().join("heads.jsonl"),
    };
    let store = Store::open(&options, keys)
        .await
        .expect("a fresh store opens");
    TestStore {
        store,
        options,
        folder,
        _database: database,
    }
}
