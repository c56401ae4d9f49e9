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
#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub seq: i64,
    pub recorded_at: String,
    pub happened_at: Option<String>,
    pub actor: String,
    pub acting_for: Option<String>,
    pub session: Option<String>,
    pub action: &'static str,
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
    /// The hash of this event after the one before it: over the same bytes as
    /// [`hash`], without putting them together first.
    pub(crate) fn hash_after(&self, previous: &str) -> String {
        fn or_empty(word: &Option<String>) -> &str {
            word.as_deref().unwrap_or_default()
        }
        // The order of MANY_SQLITE and MANY_POSTGRES.
        let words: [&str; 14] = [
            &self.recorded_at,
            or_empty(&self.happened_at),
            &self.actor,
            or_empty(&self.acting_for),
            or_empty(&self.session),
            self.action,
            &self.object_kind,
            &self.object_id,
            or_empty(&self.purpose),
            or_empty(&self.why),
            or_empty(&self.because),
            or_empty(&self.plain),
            or_empty(&self.sealed_for),
            or_empty(&self.sealed),
        ];
        let length = words.iter().map(|w| w.len()).sum::<usize>() + words.len() - 1;
        let mut sha = begin(previous, self.seq, length);
        for (n, word) in words.iter().enumerate() {
            if n > 0 {
                sha.update([BETWEEN as u8]);
            }
            sha.update(word.as_bytes());
        }
        hex::encode(sha.finalize())
    }
}

/// The hash of an event: over the previous hash, the number, the length of the
/// words and the words.
pub(crate) fn hash(previous: &str, seq: i64, words: &[u8]) -> String {
    let mut sha = begin(previous, seq, words.len());
    sha.update(words);
    hex::encode(sha.finalize())
}

fn begin(previous: &str, seq: i64, length: usize) -> Sha256 {
    let mut sha = Sha256::new();
    sha.update(previous.as_bytes());
    sha.update(seq.to_be_bytes());
    sha.update((length as u64).to_be_bytes());
    sha
}

/// Free words without the separator, and without the null character, which
/// PostgreSQL cannot keep.
pub(crate) fn clean(words: &str) -> String {
    words.replace([BETWEEN, '\0'], " ")
}

/// Many events put together by the database into one row, which is far faster
/// than a row for each: how many, the shortest and the longest hash, and as
/// bytes each event's number, hash, length of words, and words. A pair, because
/// the separator and the way to join differ. [`crate::journal::walk`] reads it.
pub(crate) const MANY_SQLITE: &str = "select count(*) as events, \
    min(octet_length(hash)) as shortest, max(octet_length(hash)) as longest, \
    cast(group_concat(concat_ws(' ', seq, hash, octet_length(words), words), '') as blob) as text \
    from ( \
    select seq, hash, concat_ws(char(31), recorded_at, coalesce(happened_at,''), actor, \
    coalesce(acting_for,''), coalesce(session,''), action, object_kind, object_id, \
    coalesce(purpose,''), coalesce(why,''), coalesce(because,''), coalesce(plain,''), \
    coalesce(sealed_for,''), coalesce(sealed,'')) as words \
    from journal where writer = $1 and seq >= $2 and seq <= $3 order by seq) lines";
pub(crate) const MANY_POSTGRES: &str = "select count(*) as events, \
    cast(min(octet_length(hash)) as bigint) as shortest, \
    cast(max(octet_length(hash)) as bigint) as longest, \
    convert_to(string_agg(concat_ws(' ', seq, hash, octet_length(words), words), '' order by seq), \
    'UTF8') as text from ( \
    select seq, hash, concat_ws(chr(31), recorded_at, coalesce(happened_at,''), actor, \
    coalesce(acting_for,''), coalesce(session,''), action, object_kind, object_id, \
    coalesce(purpose,''), coalesce(why,''), coalesce(because,''), coalesce(plain,''), \
    coalesce(sealed_for,''), coalesce(sealed,'')) as words \
    from journal where writer = $1 and seq >= $2 and seq <= $3) lines";
