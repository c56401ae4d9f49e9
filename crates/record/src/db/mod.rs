//! One thin layer over two databases.
//!
//! Statements are written once, with `$1` parameters, which both SQLite and
//! PostgreSQL understand through sqlx. [`Db`] is a pool for reading; changes go
//! through [`crate::Tx`]. A statement must be a literal, or be wrapped in
//! [`AssertSqlSafe`] by someone who has read it for injected text.

mod value;

use sqlx::postgres::{PgPool, PgRow};
use sqlx::sqlite::{SqlitePool, SqliteRow};
use sqlx::{FromRow, Postgres, Sqlite, Transaction};

pub use sqlx::{AssertSqlSafe, SqlSafeStr};
pub use value::Value;

use crate::Result;

tokio::task_local! {
    static COUNTED: std::cell::Cell<u32>;
}

/// Runs `work` and counts the statements it sends, for the budget of twelve a
/// page (P5). Statements of other tasks are not counted.
pub async fn count_queries<F: Future>(work: F) -> (F::Output, u32) {
    COUNTED
        .scope(std::cell::Cell::new(0), async move {
            let output = work.await;
            (output, COUNTED.with(std::cell::Cell::get))
        })
        .await
}

/// Outside [`count_queries`] there is no counter, and nothing to do.
fn count_one() {
    COUNTED.try_with(|n| n.set(n.get() + 1)).unwrap_or_default();
}

/// A type that can be read from a row of either database.
pub trait Row:
    for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin + 'static
{
}
impl<T> Row for T where
    T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin + 'static
{
}

/// Which database this is, for the few statements that must differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// The embedded database.
    Sqlite,
    /// A PostgreSQL server.
    Postgres,
}

impl Dialect {
    /// Picks one of a pair of statements that must differ.
    pub fn pick(self, sqlite: &'static str, postgres: &'static str) -> &'static str {
        match self {
            Dialect::Sqlite => sqlite,
            Dialect::Postgres => postgres,
        }
    }
}

/// The parameters of many rows, `(...), (...)`, counted through. SQLite takes
/// them without numbers: sqlx asks it for the name of every numbered one, and
/// SQLite looks through all of them to find it.
pub(crate) fn rows_of_places(dialect: Dialect, rows: usize, width: usize) -> String {
    let mut sql = String::with_capacity(rows * (width * 3 + 3));
    for row in 0..rows {
        sql.push_str(if row == 0 { "(" } else { ", (" });
        for column in 0..width {
            if column > 0 {
                sql.push(',');
            }
            match dialect {
                Dialect::Sqlite => sql.push('?'),
                Dialect::Postgres => {
                    sql.push('$');
                    sql.push_str(&(row * width + column + 1).to_string());
                }
            }
        }
        sql.push(')');
    }
    sql
}

/// A pool of connections for reading.
#[derive(Debug, Clone)]
pub enum Db {
    /// The embedded database.
    Sqlite(SqlitePool),
    /// A PostgreSQL server.
    Postgres(PgPool),
}

/// One open transaction.
pub(crate) enum Open {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

/// Binds every value, in order, to a query of either database.
macro_rules! bind_all {
    ($query:expr, $values:expr) => {{
        let mut query = $query;
        for value in $values {
            query = match value {
                Value::Text(v) => query.bind(v),
                Value::Integer(v) => query.bind(v),
                Value::Boolean(v) => query.bind(v),
                Value::Date(v) => query.bind(v),
                Value::Time(v) => query.bind(v),
                Value::Json(v) => query.bind(v),
            };
        }
        query
    }};
}

/// The four ways of asking, on a pool and in a transaction.
macro_rules! ask {
    ($self:ident, $sql:expr, $values:expr, $call:ident, $kind:ident, $executor:ident) => {{
        count_one();
        let sql = $sql.into_sql_str();
        Ok(match $self {
            Self::Sqlite(db) => {
                bind_all!(sqlx::$kind(sql), $values)
                    .$call($executor!(db))
                    .await?
            }
            Self::Postgres(db) => {
                bind_all!(sqlx::$kind(sql), $values)
                    .$call($executor!(db))
                    .await?
            }
        })
    }};
}
macro_rules! pool {
    ($db:ident) => {
        &*$db
    };
}
macro_rules! connection {
    ($db:ident) => {
        &mut **$db
    };
}

impl Db {
    /// Which database this is.
    pub fn dialect(&self) -> Dialect {
        match self {
            Db::Sqlite(_) => Dialect::Sqlite,
            Db::Postgres(_) => Dialect::Postgres,
        }
    }

    /// All rows.
    pub async fn all<T: Row>(&self, sql: impl SqlSafeStr, values: Vec<Value>) -> Result<Vec<T>> {
        ask!(self, sql, values, fetch_all, query_as, pool)
    }

    /// The first row, if there is one.
    pub async fn maybe<T: Row>(
        &self,
        sql: impl SqlSafeStr,
        values: Vec<Value>,
    ) -> Result<Option<T>> {
        ask!(self, sql, values, fetch_optional, query_as, pool)
    }

    /// The one row that there must be, such as a count.
    pub async fn one<T: Row>(&self, sql: impl SqlSafeStr, values: Vec<Value>) -> Result<T> {
        ask!(self, sql, values, fetch_one, query_as, pool)
    }

    pub(crate) async fn begin(&self) -> Result<Open> {
        Ok(match self {
            Db::Sqlite(db) => Open::Sqlite(db.begin_with("begin immediate").await?),
            Db::Postgres(db) => Open::Postgres(db.begin().await?),
        })
    }

    pub(crate) async fn close(&self) {
        match self {
            Db::Sqlite(db) => db.close().await,
            Db::Postgres(db) => db.close().await,
        }
    }
}

impl Open {
    pub(crate) fn dialect(&self) -> Dialect {
        match self {
            Open::Sqlite(_) => Dialect::Sqlite,
            Open::Postgres(_) => Dialect::Postgres,
        }
    }

    pub(crate) async fn all<T: Row>(
        &mut self,
        sql: impl SqlSafeStr,
        values: Vec<Value>,
    ) -> Result<Vec<T>> {
        ask!(self, sql, values, fetch_all, query_as, connection)
    }

    pub(crate) async fn maybe<T: Row>(
        &mut self,
        sql: impl SqlSafeStr,
        values: Vec<Value>,
    ) -> Result<Option<T>> {
        ask!(self, sql, values, fetch_optional, query_as, connection)
    }

    /// Runs a statement and says how many rows it touched.
    pub(crate) async fn run(&mut self, sql: impl SqlSafeStr, values: Vec<Value>) -> Result<u64> {
        count_one();
        let sql = sql.into_sql_str();
        Ok(match self {
            Open::Sqlite(db) => bind_all!(sqlx::query(sql), values)
                .execute(&mut **db)
                .await?
                .rows_affected(),
            Open::Postgres(db) => bind_all!(sqlx::query(sql), values)
                .execute(&mut **db)
                .await?
                .rows_affected(),
        })
    }

    pub(crate) async fn commit(self) -> Result<()> {
        match self {
            Open::Sqlite(db) => db.commit().await?,
            Open::Postgres(db) => db.commit().await?,
        }
        Ok(())
    }
}
