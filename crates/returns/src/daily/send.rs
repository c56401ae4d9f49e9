//! Sends what changed: in batches of at most 100, each tried again when the
//! receiver is busy, a batch that one bad record spoils sent again without it.

use std::collections::BTreeMap;
use std::io;
use std::time::Duration;

use serde_json::Value;

use super::check::check;
use super::delta::{Change, changes, hash};
use super::log::{Entry, Log};
use super::record::ChildRecord;

/// The most children in one batch.
pub const BATCH: usize = 100;
/// How often a batch is tried.
const TRIES: u32 = 3;
/// The first pause between tries; it doubles up to the longest.
const PAUSE: Duration = Duration::from_secs(5);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// What the receiver answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// The HTTP status; 0 when nothing came back.
    pub status: u16,
    /// The body as text.
    pub body: String,
}

/// What came of a submission.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Outcome {
    /// One entry for each child that was to be sent.
    pub entries: Vec<Entry>,
    /// How many children had not changed.
    pub unchanged: usize,
    /// How many batches were posted, tries included.
    pub posts: usize,
}

impl Outcome {
    /// How many children have an entry with this state.
    pub fn count(&self, state: &str) -> usize {
        self.entries
            .iter()
            .filter(|entry| entry.state == state)
            .count()
    }
}

/// One child that is to be sent.
struct Waiting<'a> {
    id: String,
    change: Change,
    now: Option<&'a ChildRecord>,
}

/// Submits the cohort: everything that changed since the log, with children
/// that left the cohort purged. `at` is the time for the log, `post` sends one
/// batch (a JSON array), `keep` writes what came of it to the log before the
/// next batch goes, `pause` waits.
///
/// # Errors
/// When a record cannot be written as JSON, or the log cannot be kept: what is
/// not in the log is sent again next time.
pub fn submit(
    cohort: &[ChildRecord],
    log: &Log,
    at: &str,
    mut post: impl FnMut(&Value) -> Response,
    mut keep: impl FnMut(&[Entry]) -> io::Result<()>,
    mut pause: impl FnMut(Duration),
) -> io::Result<Outcome> {
    let mut outcome = Outcome::default();
    let now: BTreeMap<&str, &ChildRecord> = cohort
        .iter()
        .map(|record| (record.la_child_id.as_str(), record))
        .collect();
    let mut ids: Vec<&str> = now.keys().copied().chain(log.children()).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut waiting = Vec::new();
    for id in ids {
        let record = now.get(id).copied();
        let change = changes(log.sent(id), record)?;
        if change == Change::None {
            outcome.unchanged += 1;
            continue;
        }
        let one = Waiting {
            id: id.to_owned(),
            change,
            now: record,
        };
        let wrong = record.map(check).unwrap_or_default();
        if wrong.is_empty() {
            waiting.push(one);
        } else {
            let why = wrong.join("; ");
            outcome.entries.push(entry(&one, at, "kept back", &why)?);
        }
    }
    let mut batches: Vec<Vec<Waiting<'_>>> = Vec::new();
    for one in waiting {
        match batches.last_mut() {
            Some(batch) if batch.len() < BATCH => batch.push(one),
            _ => batches.push(vec![one]),
        }
    }
    keep(&outcome.entries)?;
    let mut kept = outcome.entries.len();
    // The last batch first, so that halves of a split one come next.
    batches.reverse();
    // The answer of a receiver that took nothing after every try: it is not
    // asked again for the rest.
    let mut away: Option<Response> = None;
    while let Some(batch) = batches.pop() {
        let array = Value::Array(
            batch
                .iter()
                .filter_map(|one| one.change.payload().cloned())
                .collect(),
        );
        let response = match &away {
            Some(away) => Response::clone(away),
            None => patiently(&array, &mut post, &mut pause, &mut outcome.posts),
        };
        if matches!(response.status, 0 | 401 | 403 | 500..=599) {
            away = Some(response.clone());
        }
        settle(batch, &response, at, &mut batches, &mut outcome)?;
        keep(&outcome.entries[kept..])?;
        kept = outcome.entries.len();
    }
    Ok(outcome)
}

/// Posts a batch, and again while the receiver is busy or away.
fn patiently(
    array: &Value,
    post: &mut impl FnMut(&Value) -> Response,
    pause: &mut impl FnMut(Duration),
    posts: &mut usize,
) -> Response {
    let mut wait = PAUSE;
    let mut tries = 1;
    loop {
        *posts += 1;
        let response = post(array);
        let again = matches!(response.status, 0 | 401 | 403 | 429 | 500..=599);
        if !again || tries == TRIES {
            return response;
        }
        pause(wait);
        wait = (wait * 2).min(LONGEST_PAUSE);
        tries += 1;
    }
}

/// The positions that a refusal names as "[3]".
fn named(body: &str) -> Vec<usize> {
    let mut places: Vec<usize> = body
        .split('[')
        .skip(1)
        .filter_map(|rest| rest.split(']').next()?.parse().ok())
        .collect();
    places.sort_unstable();
    places.dedup();
    places
}

fn settle<'a>(
    batch: Vec<Waiting<'a>>,
    response: &Response,
    at: &str,
    batches: &mut Vec<Vec<Waiting<'a>>>,
    outcome: &mut Outcome,
) -> Result<(), serde_json::Error> {
    let bad: Vec<usize> = match response.status {
        400 => named(&response.body)
            .into_iter()
            .filter(|n| *n < batch.len())
            .collect(),
        _ => Vec::new(),
    };
    match response.status {
        200 | 201 | 204 => {
            // One receipt for each record, in order.
            let receipts: Vec<String> = serde_json::from_str(&response.body).unwrap_or_default();
            for (place, one) in batch.iter().enumerate() {
                let receipt = receipts.get(place).map_or("no receipt", String::as_str);
                outcome.entries.push(entry(one, at, "sent", receipt)?);
            }
        }
        400 if !bad.is_empty() => {
            let mut rest = Vec::new();
            for (place, one) in batch.into_iter().enumerate() {
                if bad.contains(&place) {
                    outcome
                        .entries
                        .push(entry(&one, at, "refused", &response.body)?);
                } else {
                    rest.push(one);
                }
            }
            if !rest.is_empty() {
                batches.push(rest);
            }
        }
        413 if batch.len() > 1 => {
            let mut first = batch;
            let second = first.split_off(first.len() / 2);
            batches.push(second);
            batches.push(first);
        }
        status => {
            let why = format!("{status}: {}", response.body);
            for one in &batch {
                outcome.entries.push(entry(one, at, "refused", &why)?);
            }
        }
    }
    Ok(())
}

fn entry(
    one: &Waiting<'_>,
    at: &str,
    state: &str,
    answer: &str,
) -> Result<Entry, serde_json::Error> {
    let content = one.now.filter(|_| state == "sent");
    Ok(Entry {
        at: at.to_owned(),
        la_child_id: one.id.clone(),
        kind: one.change.word().to_owned(),
        state: state.to_owned(),
        answer: answer.to_owned(),
        hash: content.map(hash).transpose()?,
        content: content.cloned(),
    })
}
