//! Whether a record can still be trusted: the day it was *checked*, by whom,
//! is kept apart from the day it was *edited*, because every directory that
//! showed the second as if it were the first misled its readers.
//!
//! A kind of service has a cycle. When it has run, the owner is asked; when
//! nobody answers, the public page says "not checked since", then the record
//! comes lower in results, then it is no longer published.

use chrono::{Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};

/// How often a kind of service is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cycle {
    /// Drop-ins, groups, activities: 3 months (the three months that the
    /// standard's compliance page recommends).
    #[default]
    Quarter,
    /// Statutory services and schools: 6 months.
    HalfYear,
    /// Childcare on Ofsted's list: its changes come with that list; 12 months
    /// for what Ofsted does not hold.
    Year,
}

impl Cycle {
    /// In months.
    pub fn months(self) -> u32 {
        match self {
            Cycle::Quarter => 3,
            Cycle::HalfYear => 6,
            Cycle::Year => 12,
        }
    }
}

/// After this many days without an answer the owner is asked again.
pub const ASK_AGAIN_AFTER: u64 = 14;
/// After this many days without an answer the page says "not checked since".
pub const SAY_SO_AFTER: u64 = 28;
/// After this many days without an answer the record comes lower in results.
pub const LOWER_AFTER: u64 = 60;
/// After this many days without an answer the record is not published.
pub const UNPUBLISH_AFTER: u64 = 180;

/// What the directory knows about the upkeep of a record.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Upkeep {
    /// The day somebody last said that it is right.
    pub checked_on: Option<NaiveDate>,
    /// Who said so.
    pub checked_by: Option<String>,
    /// The day it was last changed.
    pub edited_on: Option<NaiveDate>,
    /// How often it is checked.
    pub cycle: Cycle,
    /// Not to be seen before this day.
    pub visible_from: Option<NaiveDate>,
    /// Not to be seen after this day.
    pub visible_to: Option<NaiveDate>,
    /// Kept for staff only, or waiting for approval.
    pub held_back: bool,
    /// Where it came from: "council", or the address of a feed.
    pub source: Option<String>,
}

/// How far a record can be trusted today.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Checked within its cycle.
    Checked,
    /// Its owner is being asked.
    Due,
    /// The page says since when it was not checked.
    NotCheckedSince,
    /// As before, and it comes lower in results.
    Lowered,
    /// Nobody sees it.
    Unpublished,
}

impl Upkeep {
    /// The day on which its owner is asked. A record never checked counts from
    /// the day it was last edited; one with neither day was never vouched for
    /// and is asked about at once.
    pub fn next_check(&self) -> Option<NaiveDate> {
        let since = self.checked_on.or(self.edited_on)?;
        since.checked_add_months(Months::new(self.cycle.months()))
    }

    /// How far it can be trusted on a day.
    pub fn standing(&self, today: NaiveDate) -> Standing {
        let outside = self.visible_from.is_some_and(|from| today < from)
            || self.visible_to.is_some_and(|to| today > to);
        if self.held_back || outside {
            return Standing::Unpublished;
        }
        let Some(next) = self.next_check() else {
            return Standing::NotCheckedSince;
        };
        let passed = |days: u64| next + Days::new(days) <= today;
        if passed(UNPUBLISH_AFTER) {
            Standing::Unpublished
        } else if passed(LOWER_AFTER) {
            Standing::Lowered
        } else if passed(SAY_SO_AFTER) {
            Standing::NotCheckedSince
        } else if today >= next {
            Standing::Due
        } else {
            Standing::Checked
        }
    }

    /// What a reader is told: "Checked 3 March 2026", "Not checked since
    /// 3 March 2025".
    pub fn words(&self, today: NaiveDate) -> String {
        let day = |d: NaiveDate| vocabulary::plain::date(d);
        match (self.checked_on, self.standing(today)) {
            (Some(on), Standing::Checked | Standing::Due) => match &self.checked_by {
                Some(who) => format!("Checked {} by {who}", day(on)),
                None => format!("Checked {}", day(on)),
            },
            (Some(on), _) => format!("Not checked since {}", day(on)),
            (None, _) => "Nobody has checked this yet".into(),
        }
    }

    /// Which reminder its owner is owed today: 1 at once, 2 after 14 days, 3
    /// after 28; 0 when none.
    pub fn reminder(&self, today: NaiveDate) -> u8 {
        let Some(next) = self.next_check() else {
            return 1;
        };
        if today < next {
            0
        } else if today < next + Days::new(ASK_AGAIN_AFTER) {
            1
        } else if today < next + Days::new(SAY_SO_AFTER) {
            2
        } else {
            3
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_record_past_its_check_date_is_labelled_then_lowered_then_unpublished() {
        let upkeep = Upkeep {
            checked_on: Some(day("2026-01-31")),
            checked_by: Some("the provider".into()),
            edited_on: Some(day("2026-06-01")),
            ..Upkeep::default()
        };
        // Three months on, by the calendar: 30 April. The edit in June does
        // not make it checked.
        let told: Vec<Standing> = [
            "2026-04-29",
            "2026-04-30",
            "2026-05-28",
            "2026-06-29",
            "2026-10-27",
        ]
        .iter()
        .map(|d| upkeep.standing(day(d)))
        .collect();
        assert_eq!(
            told,
            [
                Standing::Checked,
                Standing::Due,
                Standing::NotCheckedSince,
                Standing::Lowered,
                Standing::Unpublished
            ]
        );
        assert_eq!(
            upkeep.words(day("2026-03-01")),
            "Checked 31 January 2026 by the provider"
        );
        assert_eq!(
            upkeep.words(day("2026-06-15")),
            "Not checked since 31 January 2026"
        );
    }

    #[test]
    fn the_owner_is_asked_three_times() {
        let upkeep = Upkeep {
            checked_on: Some(day("2026-01-01")),
            ..Upkeep::default()
        };
        let asked: Vec<u8> = ["2026-03-31", "2026-04-01", "2026-04-15", "2026-04-29"]
            .iter()
            .map(|d| upkeep.reminder(day(d)))
            .collect();
        assert_eq!(asked, [0, 1, 2, 3]);
    }

    #[test]
    fn timed_publishing_opens_and_closes_on_its_days() {
        let upkeep = Upkeep {
            checked_on: Some(day("2026-07-01")),
            visible_from: Some(day("2026-07-20")),
            visible_to: Some(day("2026-08-31")),
            ..Upkeep::default()
        };
        assert_eq!(upkeep.standing(day("2026-07-19")), Standing::Unpublished);
        assert_eq!(upkeep.standing(day("2026-07-20")), Standing::Checked);
        assert_eq!(upkeep.standing(day("2026-08-31")), Standing::Checked);
        assert_eq!(upkeep.standing(day("2026-09-01")), Standing::Unpublished);
    }
}
