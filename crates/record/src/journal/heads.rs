//! Signed heads: where each chain stood, in a file that can leave the machine.
//!
//! A chain alone cannot show that its last events were cut off. A head that
//! was signed and kept elsewhere can.

use std::io::Write as _;
use std::path::Path;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::journal::chain::Head;
use crate::journal::moment;
use crate::{Db, Error, Keys, Result, keys};

/// Where a chain stood at a moment, signed with the council's key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedHead {
    /// The chain.
    pub writer: String,
    /// The number of its last event.
    pub seq: i64,
    /// The hash of that event.
    pub hash: String,
    /// When it was signed.
    pub at: String,
    /// The public key that checks the signature (Ed25519, base64).
    pub key: String,
    /// The signature over chain, number, hash and time (base64).
    pub signature: String,
}

impl SignedHead {
    fn words(&self) -> String {
        format!("{} {} {} {}", self.writer, self.seq, self.hash, self.at)
    }

    /// Whether the signature fits the words and the key in the head.
    pub fn holds(&self) -> bool {
        keys::signed_by(&self.key, &self.words(), &self.signature)
    }
}

/// Signs a head and appends it to a file, one JSON object a line.
pub(crate) fn sign(keys: &Keys, head: &Head, at: DateTime<Utc>, file: &Path) -> Result<SignedHead> {
    let mut signed = SignedHead {
        writer: head.writer.clone(),
        seq: head.seq,
        hash: head.hash.clone(),
        at: moment(at),
        key: keys.public(),
        signature: String::new(),
    };
    signed.signature = keys.sign(&signed.words());
    let failed = |source| Error::File {
        path: file.display().to_string(),
        source,
    };
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    let mut out = std::fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(file)
        .map_err(failed)?;
    let mut text = serde_json::to_string(&signed)?;
    text.push('\n');
    out.write_all(text.as_bytes()).map_err(failed)?;
    out.sync_all().map_err(failed)?;
    Ok(signed)
}

/// Reads a heads file; a line that is not a head names its number.
pub fn read(file: &Path) -> Result<Vec<SignedHead>> {
    let failed = |source| Error::File {
        path: file.display().to_string(),
        source,
    };
    let text = std::fs::read_to_string(file).map_err(failed)?;
    text.lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(n, line)| {
            serde_json::from_str(line).map_err(|e| {
                Error::Settings(format!(
                    "{}, line {}: not a signed head: {e}",
                    file.display(),
                    n + 1
                ))
            })
        })
        .collect()
}

/// Where every chain stands in the database.
pub(crate) async fn standing(db: &Db) -> Result<Vec<Head>> {
    #[derive(sqlx::FromRow)]
    struct Found {
        writer: String,
        seq: i64,
        hash: String,
    }
    let found: Vec<Found> = db
        .all(
            "select j.writer, j.seq, j.hash from journal j join \
             (select writer, max(seq) as seq from journal group by writer) last \
             on last.writer = j.writer and last.seq = j.seq order by j.writer",
            vec![],
        )
        .await?;
    Ok(found
        .into_iter()
        .map(|f| Head {
            writer: f.writer,
            seq: f.seq,
            hash: f.hash,
        })
        .collect())
}
