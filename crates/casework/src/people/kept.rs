//! What is kept about a person as a page lists it: each name, address, way to
//! reach them, language and tie, the present ones first, with what was before
//! and what was a mistake.

use chrono::NaiveDate;
use vocabulary::plain;

/// One thing that is or was recorded about a person.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Kept {
    /// Its id, for the page that changes it.
    pub id: String,
    /// What it is: "Name at birth", "Home", "Mother of Maya".
    pub title: String,
    /// The words of it, one line each; none is empty.
    pub lines: Vec<String>,
    /// What must not be overlooked: "Not safe to use".
    pub alert: Option<String>,
    /// It holds today.
    pub current: bool,
    /// What a telephone or a mail program opens; `tel:` or `mailto:`.
    pub link: Option<(String, String)>,
}

/// "since 4 March 2026", "4 March 2020 to 1 May 2026"; empty when neither day
/// is known.
pub(crate) fn between(since: Option<NaiveDate>, until: Option<NaiveDate>) -> String {
    match (since, until) {
        (Some(since), None) => format!("since {}", plain::date(since)),
        (Some(since), Some(until)) => {
            format!("{} to {}", plain::date(since), plain::date(until))
        }
        (None, Some(until)) => format!("until {}", plain::date(until)),
        (None, None) => String::new(),
    }
}

/// How something stands that was put right: "It was never so: ...".
pub(crate) fn never(reason: &str) -> String {
    format!("It was never so: {reason}")
}

/// The lines that say something.
pub(crate) fn lines(all: impl IntoIterator<Item = String>) -> Vec<String> {
    all.into_iter().filter(|line| !line.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_says_what_is_known_of_it() {
        let day = |d| NaiveDate::from_ymd_opt(2026, 3, d);
        assert_eq!(between(day(4), None), "since 4 March 2026");
        assert_eq!(between(day(4), day(9)), "4 March 2026 to 9 March 2026");
        assert_eq!(between(None, day(9)), "until 9 March 2026");
        assert_eq!(between(None, None), "");
    }
}
