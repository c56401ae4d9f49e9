//! The case record: schema, transactions, journal, drafts, versions, time travel, on SQLite and PostgreSQL.
