//! Time as people in England read it. The record keeps UTC.

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeZone, Utc};
use chrono_tz::Europe::London;

/// A moment as the clock on the wall shows it.
pub fn local(at: DateTime<Utc>) -> NaiveDateTime {
    at.with_timezone(&London).naive_local()
}

/// Today in England.
pub fn today() -> NaiveDate {
    local(Utc::now()).date()
}

/// Now, as the clock on the wall shows it.
pub fn now_local() -> NaiveDateTime {
    local(Utc::now())
}

/// The moment when the clock on the wall shows this. In the hour that summer
/// time takes away it is the first moment after; in the hour that comes twice
/// it is the first time round.
pub fn from_local(at: NaiveDateTime) -> DateTime<Utc> {
    match London.from_local_datetime(&at).earliest() {
        Some(at) => at.with_timezone(&Utc),
        None => (London.from_utc_datetime(&at)).with_timezone(&Utc),
    }
}

/// The last moment of a day in England.
pub fn end_of(day: NaiveDate) -> DateTime<Utc> {
    from_local(day.and_hms_opt(23, 59, 59).unwrap_or_default())
}

/// The first moment of a day in England.
pub fn start_of(day: NaiveDate) -> DateTime<Utc> {
    from_local(day.and_hms_opt(0, 0, 0).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summer_time_is_an_hour_ahead() {
        let june = "2026-06-01T10:00:00Z".parse::<DateTime<Utc>>().unwrap();
        assert_eq!(local(june).to_string(), "2026-06-01 11:00:00");
        assert_eq!(from_local(local(june)), june);
    }

    #[test]
    fn the_hour_that_does_not_exist_still_has_a_moment() {
        let gap: NaiveDateTime = "2026-03-29T01:30:00".parse().unwrap();
        assert_eq!(from_local(gap).to_rfc3339(), "2026-03-29T01:30:00+00:00");
    }
}
