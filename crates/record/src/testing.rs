//! Fresh, empty stores on both databases, for tests.
//!
//! SQLite always; PostgreSQL when `THROUGHLINE_TEST_POSTGRES` names a server
//! (`scripts/with-postgres` starts a throw-away one and sets it). Each store
//! has its own file or schema.

use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tempfile::TempDir;

use crate::{Keys, Store, StoreOptions};

/// A store that goes away with the value.
pub struct TestStore {
    /// The open store.
    pub store: Store,
    /// How it was opened, to open it again.
    pub options: StoreOptions,
    /// Its files.
    pub folder: TempDir,
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
    let folder = tempfile::tempdir().expect("a temporary folder");
    let url = format!("sqlite:{}", folder.path().join("record.db").display());
    open(folder, url).await
}

async fn postgres(server: &str) -> TestStore {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let schema = format!(
        "t{}_{}",
        std::process::id(),
        NEXT.fetch_add(1, Ordering::Relaxed)
    );
    let mut connection = PgConnection::connect(server)
        .await
        .expect("the test server answers");
    sqlx::raw_sql(AssertSqlSafe(format!("create schema {schema}")))
        .execute(&mut connection)
        .await
        .expect("a schema");
    connection.close().await.expect("closed");
    let join = if server.contains('?') { '&' } else { '?' };
    open(
        folder,
        format!("{server}{join}options[search_path]={schema}"),
    )
    .await
}

async fn open(folder: TempDir, url: String) -> TestStore {
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
    }
}
