//! The rules of care that no file can say: how an episode begins, which visit
//! regime of regulation 28 a stay falls under, and when someone is eligible.
//! Pure functions, so that a table can hold them to the law.

use chrono::{Days, Months, NaiveDate};

/// How an episode begins, as the SSDA903 return writes it (RNE). Nothing when
/// nothing changed: then there is no new episode.
pub fn began(status_changed: bool, moved: bool, same_carers: bool) -> Option<&'static str> {
    match (status_changed, moved, same_carers) {
        (true, true, true) => Some("U"),
        (true, true, false) => Some("B"),
        (true, false, _) => Some("L"),
        (false, true, true) => Some("T"),
        (false, true, false) => Some("P"),
        (false, false, _) => None,
    }
}

/// What the rule for visits depends on (SI 2010/959, regulation 28).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stay<'a> {
    /// Kind of home: `P1` is with parents.
    pub home: &'a str,
    /// Legal status: `C1` interim care order, `C2` care order.
    pub legal_status: &'a str,
    /// Kind of stay, codes/care-rule.
    pub rule: &'a str,
    /// First day in this home.
    pub since: NaiveDate,
    /// The first review of this time in care was held.
    pub reviewed: bool,
}

/// The clock that a visit on this day starts: the word of a trigger in the
/// pack. The stricter regimes come first.
pub fn next_visit(stay: &Stay<'_>, visited: NaiveDate) -> &'static str {
    let with_parents = stay.home == "P1";
    if stay.rule == "relatives" || (with_parents && stay.legal_status == "C1") {
        return match stay.reviewed {
            false => "care_visit.relatives_before_review",
            true => "care_visit.relatives_after_review",
        };
    }
    if stay.rule == "parents_before" {
        return match stay.reviewed {
            false => "care_visit.parents_before_review",
            true => "care_visit.parents_after_review",
        };
    }
    if with_parents && stay.legal_status == "C2" {
        return "care_visit.order_at_home";
    }
    match (visited < stay.since + Months::new(12), stay.rule) {
        (true, _) => "care_visit.first_year",
        (false, "to_18") => "care_visit.to_18",
        (false, _) => "care_visit.later",
    }
}

/// The trigger that a stay of this kind raises besides that of any stay.
pub fn also_started_by(rule: &str) -> Option<&'static str> {
    match rule {
        "relatives" => Some("placement.relatives"),
        "emergency" => Some("placement.emergency"),
        "short_break" => Some("placement.short_break"),
        "secure" => Some("placement.secure"),
        _ => None,
    }
}

/// The trigger of a legal status that the law ends by itself: police protection,
/// an emergency protection order, a child assessment order.
pub fn legal_clock(status: &str) -> Option<&'static str> {
    match status {
        "L1" => Some("legal_status.police_protection"),
        "L2" => Some("legal_status.emergency_order"),
        "L3" => Some("legal_status.assessment_order"),
        _ => None,
    }
}

/// How many days of the twelve months up to `on` were spent in short breaks:
/// 75 at the most (SI 2010/959, regulation 48). Each stay is its first day and,
/// if it has ended, its last.
pub fn short_break_days(
    stays: impl Iterator<Item = (NaiveDate, Option<NaiveDate>)>,
    on: NaiveDate,
) -> i64 {
    let year_ago = on - Months::new(12);
    stays
        .map(|(from, to)| (to.unwrap_or(on).min(on) - from.max(year_ago)).num_days())
        .map(|days| days.max(0))
        .sum()
}

/// The trigger of a review with this number in one time in care (regulation 33).
pub fn after_review(number: i64) -> &'static str {
    match number {
        ..=1 => "care_review.first",
        _ => "care_review.later",
    }
}

/// The trigger of a health assessment: how soon the next one is due depends on
/// the age on that day.
pub fn after_health(born: Option<NaiveDate>, on: NaiveDate) -> &'static str {
    match born.and_then(|born| on.years_since(born)) {
        Some(age) if age < 5 => "health.assessed_under_5",
        _ => "health.assessed_from_5",
    }
}

/// From which day a child in care is eligible for help with leaving care: 16,
/// and thirteen weeks in care since 14 (SI 2010/959, regulation 40(1)).
/// `before` counts days in care since 14 in earlier times in care.
pub fn eligible_on(born: NaiveDate, in_care_since: NaiveDate, before: i64) -> NaiveDate {
    let (fourteen, sixteen) = (born + Months::new(14 * 12), born + Months::new(16 * 12));
    let counts_from = in_care_since.max(fourteen);
    let missing = (13 * 7 - before).max(0);
    let enough = counts_from + Days::new(missing.unsigned_abs());
    sixteen.max(enough)
}

/// Whether a child of this age goes to school or nursery, so that a personal
/// education plan is due.
pub fn of_school_age(born: Option<NaiveDate>, on: NaiveDate) -> bool {
    let age = born.and_then(|born| on.years_since(born));
    age.is_some_and(|age| (3..18).contains(&age))
}

/// Whether the yearly return asks for a questionnaire at this age.
pub fn of_questionnaire_age(born: Option<NaiveDate>, on: NaiveDate) -> bool {
    let age = born.and_then(|born| on.years_since(born));
    age.is_some_and(|age| (4..17).contains(&age))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn an_episode_begins_as_the_return_says() {
        for (status, moved, same, code) in [
            (true, false, false, Some("L")),
            (false, true, false, Some("P")),
            (false, true, true, Some("T")),
            (true, true, false, Some("B")),
            (true, true, true, Some("U")),
            (false, false, true, None),
        ] {
            assert_eq!(began(status, moved, same), code);
        }
    }

    /// Regulation 28, paragraph by paragraph.
    #[test]
    fn each_stay_falls_under_its_regime() {
        let stay = Stay {
            home: "U6",
            legal_status: "C2",
            rule: "ordinary",
            since: day("2025-02-03"),
            reviewed: true,
        };
        let (early, late) = (day("2025-06-01"), day("2026-02-03"));
        let home = Stay { home: "P1", ..stay };
        let new = |s: Stay<'static>| Stay {
            reviewed: false,
            ..s
        };
        for (stay, on, trigger) in [
            (stay, early, "care_visit.first_year"),
            (stay, day("2026-02-02"), "care_visit.first_year"),
            (stay, late, "care_visit.later"),
            (
                Stay {
                    rule: "to_18",
                    ..stay
                },
                early,
                "care_visit.first_year",
            ),
            (
                Stay {
                    rule: "to_18",
                    ..stay
                },
                late,
                "care_visit.to_18",
            ),
            (home, late, "care_visit.order_at_home"),
            (
                Stay {
                    legal_status: "C1",
                    ..home
                },
                late,
                "care_visit.relatives_after_review",
            ),
            (
                new(Stay {
                    legal_status: "C1",
                    ..home
                }),
                early,
                "care_visit.relatives_before_review",
            ),
            (
                new(Stay {
                    rule: "relatives",
                    home: "U3",
                    ..stay
                }),
                early,
                "care_visit.relatives_before_review",
            ),
            (
                new(Stay {
                    rule: "parents_before",
                    ..home
                }),
                early,
                "care_visit.parents_before_review",
            ),
            (
                Stay {
                    rule: "parents_before",
                    ..home
                },
                early,
                "care_visit.parents_after_review",
            ),
        ] {
            assert_eq!(next_visit(&stay, on), trigger, "{stay:?}");
        }
    }

    /// Regulation 48: only the days of the last twelve months count.
    #[test]
    fn short_breaks_are_counted_over_twelve_months() {
        let on = day("2026-11-22");
        for (stays, days) in [
            (vec![("2026-11-01", Some("2026-11-15"))], 14),
            (vec![("2025-11-12", Some("2025-11-29"))], 7),
            (vec![("2024-01-01", Some("2024-01-17"))], 0),
            (
                vec![("2026-11-12", None), ("2026-06-01", Some("2026-06-18"))],
                27,
            ),
        ] {
            let stays = stays.iter().map(|(from, to)| (day(from), to.map(day)));
            assert_eq!(short_break_days(stays, on), days);
        }
    }

    /// Regulation 40(1): sixteen, and thirteen weeks since fourteen.
    #[test]
    fn eligible_from_sixteen_after_thirteen_weeks() {
        let born = day("2010-03-27");
        assert_eq!(eligible_on(born, day("2015-01-01"), 0), day("2026-03-27"));
        assert_eq!(eligible_on(born, day("2026-03-01"), 0), day("2026-05-31"));
        assert_eq!(eligible_on(born, day("2026-03-01"), 60), day("2026-04-01"));
    }
}
