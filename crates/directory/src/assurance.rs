//! Whether a record can still be trusted: the day it was *checked*, by whom,
//! is kept apart from the day it was *edited*, because every directory that
//! showed the second as if it were the first misled its readers.
//!
//! A kind of service has a cycle. When it has run, the owner is asked; when
//! nobody answers, the public page says "not checked since", then the record
//! comes lower in results, then it is no longer published.

use std::sync::Arc;

use chrono::{Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};

/// How often a kind of service is checked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cycle {
    /// Its id, as a record names it.
    pub id: String,
    /// In months.
    pub months: u32,
    /// Words that the name of a category of this kind holds, in small letters.
    pub categories: Vec<String>,
}

/// A council's rules: they stand in its practice pack, dated and sourced. All
/// spans are days after the day on which a check is due.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rules {
    /// The cycles; the first is for every kind that no other names. Without
    /// any nothing is ever due.
    pub cycles: Vec<Cycle>,
    /// The days on which the owner is asked.
    pub ask_after: Vec<u64>,
    /// The page says "not checked since".
    pub say_so_after: u64,
    /// The record comes lower in results.
    pub lower_after: u64,
    /// The record is not published.
    pub unpublish_after: u64,
}

impl Rules {
    /// The cycle that a record names, else the first.
    pub fn cycle(&self, id: &str) -> Option<&Cycle> {
        let named = self.cycles.iter().find(|c| c.id == id);
        named.or(self.cycles.first())
    }

    /// The cycle for a service with these categories: the first that names one.
    pub fn cycle_for<'a>(&self, categories: impl Iterator<Item = &'a str>) -> Option<&Cycle> {
        let names: Vec<String> = categories.map(str::to_lowercase).collect();
        let fits = |c: &&Cycle| {
            let mut words = c.categories.iter();
            words.any(|word| names.iter().any(|n| n.contains(word)))
        };
        self.cycles.iter().find(fits).or(self.cycles.first())
    }
}

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
    /// How often it is checked: a cycle of the rules. Empty: by its categories.
    pub cycle: String,
    /// Not to be seen before this day.
    pub visible_from: Option<NaiveDate>,
    /// Not to be seen after this day.
    pub visible_to: Option<NaiveDate>,
    /// Kept for staff only, or waiting for approval.
    pub held_back: bool,
    /// Where it came from: "council", or the address of a feed.
    pub source: Option<String>,
    /// The address of whoever is asked; never published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner_email: Option<String>,
    /// It was changed here since it came: a feed no longer writes over it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub changed_here: bool,
    /// The council's rules, told by the directory that holds the record.
    #[serde(skip)]
    pub rules: Arc<Rules>,
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
        let cycle = self.rules.cycle(&self.cycle)?;
        since.checked_add_months(Months::new(cycle.months))
    }

    /// How far it can be trusted on a day.
    pub fn standing(&self, today: NaiveDate) -> Standing {
        let outside = self.visible_from.is_some_and(|from| today < from)
            || self.visible_to.is_some_and(|to| today > to);
        if self.held_back || outside {
            return Standing::Unpublished;
        }
        if self.checked_on.or(self.edited_on).is_none() {
            return Standing::NotCheckedSince;
        }
        let Some(next) = self.next_check() else {
            return Standing::Checked;
        };
        let rules = &self.rules;
        let passed = |days: u64| next + Days::new(days) <= today;
        if passed(rules.unpublish_after) {
            Standing::Unpublished
        } else if passed(rules.lower_after) {
            Standing::Lowered
        } else if passed(rules.say_so_after) {
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

    /// How often its owner should have been asked by today since the check was
    /// due; 0 when nothing is.
    pub fn reminder(&self, today: NaiveDate) -> usize {
        if self.rules.cycles.is_empty() {
            return 0;
        }
        let Some(next) = self.next_check() else {
            return 1;
        };
        let days = self.rules.ask_after.iter();
        days.filter(|d| next + Days::new(**d) <= today).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules() -> Arc<Rules> {
        let cycle = |id: &str, months, category: &str| Cycle {
            id: id.into(),
            months,
            categories: vec![category.into()],
        };
        Arc::new(Rules {
            cycles: vec![
                cycle("quarter", 3, "no such"),
                cycle("year", 12, "childminder"),
            ],
            ask_after: vec![0, 14, 28],
            say_so_after: 28,
            lower_after: 60,
            unpublish_after: 180,
        })
    }

    #[test]
    fn a_kind_of_service_has_its_own_cycle() {
        let rules = rules();
        let of = |category: &str| rules.cycle_for([category].into_iter()).unwrap().months;
        assert_eq!((of("Childminders"), of("Choirs")), (12, 3));
        assert_eq!(rules.cycle("gone").unwrap().id, "quarter");
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_record_past_its_check_date_is_labelled_then_lowered_then_unpublished() {
        let upkeep = Upkeep {
            checked_on: Some(day("2026-01-31")),
            checked_by: Some("the provider".into()),
            edited_on: Some(day("2026-06-01")),
            rules: rules(),
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
            rules: rules(),
            ..Upkeep::default()
        };
        let asked: Vec<usize> = ["2026-03-31", "2026-04-01", "2026-04-15", "2026-04-29"]
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
            rules: rules(),
            ..Upkeep::default()
        };
        assert_eq!(upkeep.standing(day("2026-07-19")), Standing::Unpublished);
        assert_eq!(upkeep.standing(day("2026-07-20")), Standing::Checked);
        assert_eq!(upkeep.standing(day("2026-08-31")), Standing::Checked);
        assert_eq!(upkeep.standing(day("2026-09-01")), Standing::Unpublished);
    }
}
