//! The journal: one line of events, written once, in order, for ever.
//!
//! Each running process writes its own hash chain: an event's hash covers the
//! previous hash and every word of the event. A chain opens by naming the heads
//! of all the chains before it, so that no old chain can lose its tail unseen,
//! and the last head is signed into a file that can leave the machine
//! ([`heads`]). [`verify`] walks every chain and names the first bad event;
//! [`history`] answers "who looked, who changed what, when and why".
//!
//! Personal content is sealed under a key for each subject ([`subjects`]):
//! destroying that key erases the content and leaves the chain whole.

pub(crate) mod chain;
pub mod heads;
pub mod history;
pub(crate) mod looks;
pub(crate) mod subjects;
pub mod verify;
mod walk;
pub(crate) mod write;

use chrono::{DateTime, SecondsFormat, Utc};

/// What an event says was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// A row was written for the first time.
    Created,
    /// A row was changed.
    Changed,
    /// One record was shown.
    Looked,
    /// A list was shown.
    Listed,
    /// A look was refused.
    Refused,
    /// Someone signed in.
    SignedIn,
    /// Someone tried to sign in and could not.
    SignInFailed,
    /// Someone who is signed in gave their password again before a sensitive
    /// act, and it was right.
    ProvedAgain,
    /// As before, and it was wrong.
    NotProved,
    /// Someone signed out, or was signed out.
    SignedOut,
    /// A chain was opened by a starting process.
    Opened,
    /// A subject's key was destroyed.
    Erased,
}

impl Deed {
    /// The word that the journal keeps.
    pub fn word(self) -> &'static str {
        match self {
            Deed::Created => "created",
            Deed::Changed => "changed",
            Deed::Looked => "looked",
            Deed::Listed => "listed",
            Deed::Refused => "refused",
            Deed::SignedIn => "signed_in",
            Deed::SignInFailed => "sign_in_failed",
            Deed::ProvedAgain => "proved_again",
            Deed::NotProved => "not_proved",
            Deed::SignedOut => "signed_out",
            Deed::Opened => "opened",
            Deed::Erased => "erased",
        }
    }
}

/// An event that is about to be written.
#[derive(Debug, Clone)]
pub struct Event {
    /// What was done.
    pub deed: Deed,
    /// The kind of object: a table, a page.
    pub object_kind: String,
    /// Which one.
    pub object_id: String,
    /// When it happened, if not now.
    pub happened_at: Option<DateTime<Utc>>,
    /// The purpose that was given or implied.
    pub purpose: Option<String>,
    /// The reason that was asked for.
    pub why: Option<String>,
    /// The access decision's reason.
    pub because: Option<String>,
    /// Content that names nobody.
    pub plain: Option<serde_json::Value>,
    /// Personal content, and the subject whose key seals it.
    pub sealed: Option<(String, serde_json::Value)>,
    /// Everyone whom the event is about, as `person:ID`.
    pub subjects: Vec<String>,
}

impl Event {
    /// An event with only its deed and object.
    pub fn new(deed: Deed, object_kind: &str, object_id: impl ToString) -> Event {
        Event {
            deed,
            object_kind: object_kind.to_owned(),
            object_id: object_id.to_string(),
            happened_at: None,
            purpose: None,
            why: None,
            because: None,
            plain: None,
            sealed: None,
            subjects: Vec::new(),
        }
    }
}

/// A moment as the journal writes it: RFC 3339, UTC, always six decimals, so
/// that text order is time order.
pub fn moment(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Micros, true)
}
