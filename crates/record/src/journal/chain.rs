//! The hash chain, and the lines it is made of.

use sha2::{Digest, Sha256};

/// The unit separator stands between the parts of a line. It cannot occur in
/// them: JSON escapes it, and [`clean`] takes it out of free words.
const BETWEEN: char = '\u{1f}';

/// Where a chain stands: the last number written and its hash.
#[derive(Debug, Clone)]
pub(crate) struct Head {
    pub writer: String,
    pub seq: i64,
    pub hash: String,
}

impl Head {
    /// A new chain. Its first hash covers the writer's name.
    pub(crate) fn first(writer: String) -> Head {
        let hash = hex::encode(Sha256::digest(writer.as_bytes()));
        Head {
            writer,
            seq: 0,
            hash,
        }
    }
}

/// One event as it stands in the table.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct Line {
    pub writer: String,
    pub seq: i64,
    pub recorded_at: String,
    pub happened_at: Option<String>,
    pub actor: String,
    pub acting_for: Option<String>,
    pub session: Option<String>,
    pub action: String,
    pub object_kind: String,
    pub object_id: String,
    pub purpose: Option<String>,
    pub why: Option<String>,
    pub because: Option<String>,
    pub plain: Option<String>,
    pub sealed_for: Option<String>,
    pub sealed: Option<String>,
    pub hash: String,
}

impl Line {
    /// The words that the hash covers, in the order of [`line_sql`].
    pub(crate) fn words(&self) -> String {
        let or_empty = |v: &Option<String>| v.clone().unwrap_or_default();
        [
            self.recorded_at.clone(),
            or_empty(&self.happened_at),
            self.actor.clone(),
            or_empty(&self.acting_for),
            or_empty(&self.session),
            self.action.clone(),
            self.object_kind.clone(),
            self.object_id.clone(),
            or_empty(&self.purpose),
            or_empty(&self.why),
            or_empty(&self.because),
            or_empty(&self.plain),
            or_empty(&self.sealed_for),
            or_empty(&self.sealed),
        ]
        .join(&BETWEEN.to_string())
    }
}

impl Line {
    /// The line as a row for [`WRITE_SQLITE`] and [`WRITE_POSTGRES`].
    pub(crate) fn as_json(&self) -> serde_json::Value {
        serde_json::json!([
            self.writer,
            self.seq,
            self.recorded_at,
            self.happened_at,
            self.actor,
            self.acting_for,
            self.session,
            self.action,
            self.object_kind,
            self.object_id,
            self.purpose,
            self.why,
            self.because,
            self.plain,
            self.sealed_for,
            self.sealed,
            self.hash,
        ])
    }
}

/// Many lines from one JSON list: a pair.
pub(crate) const WRITE_SQLITE: &str = "insert into journal (writer, seq, recorded_at, \
    happened_at, actor, acting_for, session, action, object_kind, object_id, purpose, why, \
    because, plain, sealed_for, sealed, hash) \
    select e.value->>0, e.value->>1, e.value->>2, e.value->>3, e.value->>4, e.value->>5, \
    e.value->>6, e.value->>7, e.value->>8, e.value->>9, e.value->>10, e.value->>11, \
    e.value->>12, e.value->>13, e.value->>14, e.value->>15, e.value->>16 from json_each($1) e";
pub(crate) const WRITE_POSTGRES: &str = "insert into journal (writer, seq, recorded_at, \
    happened_at, actor, acting_for, session, action, object_kind, object_id, purpose, why, \
    because, plain, sealed_for, sealed, hash) \
    select e->>0, (e->>1)::bigint, e->>2, e->>3, e->>4, e->>5, e->>6, e->>7, e->>8, e->>9, \
    e->>10, e->>11, e->>12, e->>13, e->>14, e->>15, e->>16 from jsonb_array_elements($1) e";
pub(crate) const SUBJECTS_SQLITE: &str = "insert into journal_subject (subject, writer, seq) \
    select e.value->>0, e.value->>1, e.value->>2 from json_each($1) e where true \
    on conflict do nothing";
pub(crate) const SUBJECTS_POSTGRES: &str = "insert into journal_subject (subject, writer, seq) \
    select e->>0, e->>1, (e->>2)::bigint from jsonb_array_elements($1) e on conflict do nothing";

/// The hash of an event: over the previous hash, the number, the length of the
/// words and the words.
pub(crate) fn hash(previous: &str, seq: i64, words: &str) -> String {
    let mut sha = Sha256::new();
    sha.update(previous.as_bytes());
    sha.update(seq.to_be_bytes());
    sha.update((words.len() as u64).to_be_bytes());
    sha.update(words.as_bytes());
    hex::encode(sha.finalize())
}

/// Free words without the separator, and without the null character, which
/// PostgreSQL cannot keep.
pub(crate) fn clean(words: &str) -> String {
    words.replace([BETWEEN, '\0'], " ")
}

/// The words of an event put together by the database, so that a million
/// events are read as three columns: a pair, because the separator differs.
pub(crate) const LINE_SQLITE: &str = "select seq, hash, \
    recorded_at || char(31) || coalesce(happened_at,'') || char(31) || actor || char(31) || \
    coalesce(acting_for,'') || char(31) || coalesce(session,'') || char(31) || action || char(31) || \
    object_kind || char(31) || object_id || char(31) || coalesce(purpose,'') || char(31) || \
    coalesce(why,'') || char(31) || coalesce(because,'') || char(31) || coalesce(plain,'') || char(31) || \
    coalesce(sealed_for,'') || char(31) || coalesce(sealed,'') as words \
    from journal where writer = $1 and seq > $2 and seq <= $3 order by seq";
pub(crate) const LINE_POSTGRES: &str = "select seq, hash, \
    concat_ws(chr(31), recorded_at, coalesce(happened_at,''), actor, coalesce(acting_for,''), \
    coalesce(session,''), action, object_kind, object_id, coalesce(purpose,''), coalesce(why,''), \
    coalesce(because,''), coalesce(plain,''), coalesce(sealed_for,''), coalesce(sealed,'')) as words \
    from journal where writer = $1 and seq > $2 and seq <= $3 order by seq";
