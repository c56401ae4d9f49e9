//! Walking a stretch of a chain: every hash made again, and the first event
//! that does not hold.
//!
//! Each row carries its own hash, so a stretch needs only the row before it:
//! many stretches are walked at the same time, on all cores.

use crate::journal::chain;
use crate::{Db, Result, args};

/// How many events are read at a time: a few megabytes.
pub(super) const STRETCH: i64 = 2_000;

/// A part of a chain.
#[derive(Debug, Clone)]
pub(super) struct Stretch {
    pub writer: String,
    /// The first event to check, from 1.
    pub from: i64,
    /// The last one.
    pub to: i64,
}

/// What a walk found.
#[derive(Debug, Default)]
pub(super) struct Walked {
    /// How many events hold, up to the first that does not.
    pub events: u64,
    /// The first event that does not hold, and why.
    pub fault: Option<(i64, String)>,
    /// The words of the chain's first event, if it is in this stretch.
    pub opening: Option<Vec<u8>>,
}

#[derive(sqlx::FromRow)]
struct Many {
    events: i64,
    shortest: Option<i64>,
    longest: Option<i64>,
    text: Option<Vec<u8>>,
}

/// The length of a hash in hexadecimal.
const HASH: i64 = 64;

/// Reads a stretch and the event before it, and makes every hash again.
pub(super) async fn walk(db: &Db, stretch: &Stretch) -> Result<Walked> {
    let sql = db.dialect().pick(chain::MANY_SQLITE, chain::MANY_POSTGRES);
    let before = stretch.from - 1;
    let many: Many = db
        .one(sql, args![&stretch.writer, before, stretch.to])
        .await?;
    Ok(check(stretch, &many))
}

fn check(stretch: &Stretch, many: &Many) -> Walked {
    let mut walked = Walked::default();
    let mut rest = many.text.as_deref().unwrap_or_default();
    let mut found = 0;
    // The hash before, and the number that comes next.
    let (mut previous, mut expected) = match stretch.from {
        1 => (chain::Head::first(stretch.writer.clone()).hash, 1),
        from => (String::new(), from - 1),
    };
    while expected <= stretch.to {
        let Some(line) = Line::next(&mut rest) else {
            let cannot = !rest.is_empty();
            walked.fault = Some((expected, missing(cannot)));
            return walked;
        };
        found += 1;
        if line.seq != expected {
            let what = format!("this event is missing: the next one found is {}", line.seq);
            walked.fault = Some((expected, what));
            return walked;
        }
        let of_stretch = expected >= stretch.from;
        if of_stretch && chain::hash(&previous, line.seq, line.words) != line.hash {
            let what = "this event, or the one before it, was altered".to_owned();
            walked.fault = Some((line.seq, what));
            return walked;
        }
        if line.seq == 1 {
            walked.opening = Some(line.words.to_vec());
        }
        previous.clear();
        previous.push_str(line.hash);
        expected += 1;
        walked.events += u64::from(of_stretch);
    }
    // Text that was made to look like more or fewer events than there are rows
    // does not get through.
    let whole = found == many.events
        && rest.is_empty()
        && many.shortest == Some(HASH)
        && many.longest == Some(HASH);
    if !whole {
        walked.events = 0;
        walked.fault = Some((
            stretch.from,
            "this event, or one soon after it, was altered".to_owned(),
        ));
    }
    walked
}

fn missing(unreadable: bool) -> String {
    if unreadable {
        "this event was altered: it cannot be read".to_owned()
    } else {
        "this event and those after it are missing".to_owned()
    }
}

/// One event out of the text of many.
struct Line<'a> {
    seq: i64,
    hash: &'a str,
    words: &'a [u8],
}

impl<'a> Line<'a> {
    /// Takes the next one off; nothing at the end or where it cannot be read.
    fn next(rest: &mut &'a [u8]) -> Option<Line<'a>> {
        let mut at = *rest;
        let seq = part(&mut at)?.parse().ok()?;
        let hash = part(&mut at)?;
        let length: usize = part(&mut at)?.parse().ok()?;
        let (words, after) = at.split_at_checked(length)?;
        *rest = after;
        Some(Line { seq, hash, words })
    }
}

/// What stands before the next space.
fn part<'a>(rest: &mut &'a [u8]) -> Option<&'a str> {
    let end = rest.iter().position(|b| *b == b' ')?;
    let text = std::str::from_utf8(&rest[..end]).ok()?;
    *rest = &rest[end + 1..];
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stretch(from: i64, to: i64) -> Stretch {
        Stretch {
            writer: "w".into(),
            from,
            to,
        }
    }

    fn many(events: i64, text: String) -> Many {
        Many {
            events,
            shortest: Some(64),
            longest: Some(64),
            text: Some(text.into_bytes()),
        }
    }

    /// Events as the database gives them, each after the one before.
    fn lines(words: &[&str]) -> Vec<String> {
        let mut hash = chain::Head::first("w".into()).hash;
        let mut all = Vec::new();
        for (n, words) in words.iter().enumerate() {
            let seq = n as i64 + 1;
            hash = chain::hash(&hash, seq, words.as_bytes());
            all.push(format!("{seq} {hash} {} {words}", words.len()));
        }
        all
    }

    #[test]
    fn a_stretch_holds_from_the_start_and_from_the_middle() {
        let all = lines(&["one", "two 2 words", "three"]);
        let walked = check(&stretch(1, 3), &many(3, all.concat()));
        assert_eq!((walked.events, walked.fault), (3, None));
        assert_eq!(walked.opening.as_deref(), Some(&b"one"[..]));
        let walked = check(&stretch(3, 3), &many(2, all[1..].concat()));
        assert_eq!((walked.events, walked.fault), (1, None));
    }

    #[test]
    fn an_event_hidden_in_the_hash_of_another_is_found() {
        let all = lines(&["one", "two", "three"]);
        // Two rows that read as three events.
        let walked = check(&stretch(1, 3), &many(2, all.concat()));
        assert!(walked.fault.is_some());
        let mut short = many(3, all.concat());
        short.longest = Some(200);
        assert!(check(&stretch(1, 3), &short).fault.is_some());
    }

    #[test]
    fn what_is_missing_or_cannot_be_read_is_named() {
        let all = lines(&["one", "two", "three"]);
        let walked = check(&stretch(1, 3), &many(2, all[..2].concat()));
        assert_eq!(walked.fault.map(|f| f.0), Some(3));
        let gap = format!("{}{}", all[0], all[2]);
        let walked = check(&stretch(1, 3), &many(2, gap));
        assert_eq!(walked.fault.map(|f| f.0), Some(2));
        let broken = format!("{}2 nonsense", all[0]);
        let walked = check(&stretch(1, 3), &many(2, broken));
        assert_eq!(walked.fault, Some((2, missing(true))));
    }
}
