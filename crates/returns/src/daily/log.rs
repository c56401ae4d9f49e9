//! What the receiver has of each child, and every try to send: a file of one
//! JSON object a line, added to and never changed, so that a crash loses
//! nothing that was acknowledged.

use std::collections::BTreeMap;
use std::io::{self, BufRead, Write};

use serde::{Deserialize, Serialize};

use super::record::ChildRecord;

/// One line of the log: what became of one child in one submission.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// When, as the caller's clock says (RFC 3339).
    pub at: String,
    /// The council's own number for the child.
    pub la_child_id: String,
    /// "full", "delta" or "purge".
    pub kind: String,
    /// "sent", "refused" or "kept back".
    pub state: String,
    /// The receiver's word for it: its receipt, or why it refused.
    pub answer: String,
    /// The hash of the content, when sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hash: Option<String>,
    /// What the receiver has now; absent after a purge and when nothing was
    /// taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<ChildRecord>,
}

/// What the receiver has, from all entries.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Log {
    known: BTreeMap<String, ChildRecord>,
}

impl Log {
    /// Reads a log. A last line that was cut short by a crash is passed over:
    /// it was not acknowledged.
    ///
    /// # Errors
    /// When it cannot be read, or a line before the last is no entry.
    pub fn read(source: impl BufRead) -> io::Result<Self> {
        let mut log = Self::default();
        let mut lines = source.lines().enumerate().peekable();
        while let Some((number, line)) = lines.next() {
            let line = line?;
            match serde_json::from_str(&line) {
                Ok(entry) => log.apply(entry),
                Err(_) if lines.peek().is_none() => {}
                Err(error) => {
                    let message = format!("line {} of the log: {error}", number + 1);
                    return Err(io::Error::new(io::ErrorKind::InvalidData, message));
                }
            }
        }
        Ok(log)
    }

    /// Takes an entry into account.
    pub fn apply(&mut self, entry: Entry) {
        if entry.state != "sent" {
            return;
        }
        match entry.content {
            Some(content) => self.known.insert(entry.la_child_id, content),
            None => self.known.remove(&entry.la_child_id),
        };
    }

    /// What the receiver has of a child.
    pub fn sent(&self, la_child_id: &str) -> Option<&ChildRecord> {
        self.known.get(la_child_id)
    }

    /// The children that the receiver has, in order of their numbers.
    pub fn children(&self) -> impl Iterator<Item = &str> {
        self.known.keys().map(String::as_str)
    }
}

/// Adds entries to the end of a log.
///
/// # Errors
/// When they cannot be written: what was sent must then be sent again.
pub fn append(entries: &[Entry], mut out: impl Write) -> io::Result<()> {
    for entry in entries {
        serde_json::to_writer(&mut out, entry)?;
        out.write_all(b"\n")?;
    }
    out.flush()
}
