//! Invents a census of any size, for measuring and for trying the tool: every
//! child is made up, and every fault is planted on purpose and counted, so
//! that one knows how many findings each rule must give.

use std::collections::BTreeMap;
use std::io::{self, Write};

use chrono::{Datelike, Days, NaiveDate};
use vocabulary::Upn;

use super::model::{
    Assessment, Child, ChildIdentifiers, CinDetails, CinPlan, Date, Disability, Factor, Header,
    ProtectionPlan, Review, Section47, Source,
};
use super::write::Writer;

/// What to invent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Wish {
    /// The census year: 2026 for 2025-26.
    pub year: u16,
    /// How many children.
    pub children: u32,
    /// Of a hundred children, how many get a fault (one each). From 0 to 100.
    pub faults_in_100: f64,
    /// The same seed gives the same file.
    pub seed: u64,
}

/// How many faults were planted, by the rule that must find them.
pub type Planted = BTreeMap<&'static str, u64>;

/// A small generator of numbers: the same on every machine (splitmix64).
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `n`.
    fn below(&mut self, n: u64) -> u64 {
        self.roll() % n.max(1)
    }

    fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        let at = self.below(from.len() as u64) as usize;
        from.get(at).copied().unwrap_or_default()
    }
}

const ETHNICITY: &[&str] = &[
    "WBRI", "WBRI", "WBRI", "MWBC", "APKN", "BAFR", "AIND", "NOBT",
];
const DISABILITY: &[&str] = &[
    "MOB", "HAND", "COMM", "LD", "HEAR", "VIS", "BEH", "AUT", "DDA",
];
const SOURCES: &[&str] = &["1A", "2A", "2B", "3A", "3B", "3E", "5B", "6", "6", "8"];
const NEEDS: &[&str] = &["N1", "N1", "N2", "N3", "N4", "N5", "N6", "N8"];
const FACTORS: &[&str] = &[
    "1B", "2B", "3A", "3B", "4B", "5B", "6B", "9A", "16A", "17A", "20",
];
const ABUSE: &[&str] = &["NEG", "EMO", "PHY", "SAB", "MUL"];

fn text(value: &str) -> Option<Box<str>> {
    Some(value.into())
}

fn later(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_add_days(Days::new(days)).unwrap_or(day)
}

/// The day, or the Monday after a weekend.
fn weekday(day: NaiveDate) -> NaiveDate {
    match day.weekday() {
        chrono::Weekday::Sat => later(day, 2),
        chrono::Weekday::Sun => later(day, 1),
        _ => day,
    }
}

struct Year {
    start: NaiveDate,
    end: NaiveDate,
}

fn child(number: u32, year: &Year, dice: &mut Dice) -> Child {
    // Every fourth child is younger than school age, without a pupil number.
    let small = number % 4 == 3;
    let days = if small {
        dice.below(4 * 365)
    } else {
        6 * 365 + 400 + dice.below(10 * 365)
    };
    let birth = year.start - Days::new(days + 30);
    let upn = Upn::invented(925, number).filter(|_| !small);
    let mut child = Child {
        identifiers: ChildIdentifiers {
            la_child_id: text(&format!("CH{number:08}")),
            upn: upn.map(|upn| upn.as_str().into()),
            upn_unknown: if upn.is_none() { text("UN1") } else { None },
            birth: Date::on(birth),
            sex: text(dice.pick(&["M", "F"])),
            ..ChildIdentifiers::default()
        },
        ..Child::default()
    };
    child.characteristics.ethnicity = text(dice.pick(ETHNICITY));
    let codes = if dice.one_in(8) {
        let first = dice.below(DISABILITY.len() as u64) as usize;
        let mut codes = vec![DISABILITY[first % DISABILITY.len()]];
        if dice.one_in(2) {
            codes.push(DISABILITY[(first + 1) % DISABILITY.len()]);
        }
        codes
    } else {
        vec!["NONE"]
    };
    let disability = |code: &&str| Disability {
        row: 0,
        code: text(code),
    };
    child.disabilities = codes.iter().map(disability).collect();
    child.details.push(episode(year, dice));
    child
}

fn episode(year: &Year, dice: &mut Dice) -> CinDetails {
    let referral = later(year.start, dice.below(60));
    let mut details = CinDetails {
        referral_date: Date::on(referral),
        referral_source: text(dice.pick(SOURCES)),
        primary_need: text(dice.pick(NEEDS)),
        referral_nfa: text("0"),
        ..CinDetails::default()
    };
    let mut assessment = Assessment {
        start: Date::on(later(referral, 1)),
        internal_review: Date::on(later(referral, 12)),
        authorisation: Date::on(later(referral, 40)),
        ..Assessment::default()
    };
    let first = dice.below(FACTORS.len() as u64) as usize;
    for at in 0..=dice.below(3) as usize {
        let code = FACTORS[(first + at) % FACTORS.len()];
        assessment.factors.push(Factor {
            row: 0,
            code: text(code),
        });
    }
    assessment.list_factors();
    details.assessments.push(assessment);
    let mut busy_until = later(referral, 45);
    if dice.one_in(4) {
        // An enquiry, its conference and a protection plan with reviews.
        let conference = weekday(later(referral, 20));
        details.section47.push(Section47 {
            row: 0,
            start: Date::on(later(referral, 3)),
            cpc_target: Date::on(weekday(later(referral, 23))),
            initial_cpc: Date::on(conference),
            cpc_not_required: text("0"),
        });
        let category = dice.pick(ABUSE);
        let mut plan = ProtectionPlan {
            row: 0,
            start: Date::on(conference),
            end: Date::default(),
            initial_category: text(category),
            latest_category: text(category),
            previous_plans: text(dice.pick(&["0", "0", "0", "1"])),
            reviews: Vec::new(),
        };
        for days in [80, 250] {
            plan.reviews.push(Review {
                row: 0,
                date: Date::on(weekday(later(conference, days))),
            });
        }
        busy_until = year.end;
        details.protection_plans.push(plan);
    } else if dice.one_in(2) {
        let end = later(referral, 60 + dice.below(100));
        details.plans.push(CinPlan {
            row: 0,
            start: Date::on(busy_until),
            end: Date::on(end),
        });
        busy_until = end;
    }
    if busy_until < year.end && dice.one_in(2) {
        details.closure_date = Date::on(later(busy_until, 5));
        details.reason_for_closure = text("RC7");
    }
    details
}

/// Spoils a child in one way that one rule must find once; `None` when the
/// child has not got what would be spoilt.
fn spoil(child: &mut Child, year: &Year, dice: &mut Dice) -> Option<&'static str> {
    let details = child.details.first_mut()?;
    let closed = details.closure_date.day.is_some();
    let referral = details.referral_date.day?;
    let rule = match dice.below(22) {
        0 => {
            let upn = child.identifiers.upn.as_deref()?;
            let wrong = if upn.starts_with('A') { 'B' } else { 'A' };
            let rest = upn.get(1..)?;
            child.identifiers.upn = text(&format!("{wrong}{rest}"));
            "1510"
        }
        1 => {
            let id = format!("{}-1", child.id());
            child.identifiers.la_child_id = text(&id);
            "1580"
        }
        2 => {
            child.identifiers.sex = text("X");
            "4180"
        }
        3 => {
            child.characteristics.ethnicity = text("WHITE");
            "4220"
        }
        4 => {
            child.identifiers.expected_birth = Date::on(later(year.end, 30));
            "8525Q"
        }
        5 => {
            child.disabilities = vec![Disability {
                row: 0,
                code: text("DEAF"),
            }];
            "8540"
        }
        6 => {
            let first = child.disabilities.first()?.clone();
            child.disabilities.push(first);
            "8794"
        }
        7 => {
            details.referral_nfa = text("Y");
            "8568"
        }
        8 => {
            let assessment = details.assessments.first_mut()?;
            assessment.start = Date::on(later(referral, 41));
            "8608"
        }
        9 => {
            details.primary_need = None;
            "8610"
        }
        10 if closed => {
            details.reason_for_closure = text("RC0");
            "8640"
        }
        11 => {
            details.primary_need = text("NX");
            "8650"
        }
        12 if closed => {
            details.reason_for_closure = None;
            "8805"
        }
        13 => {
            details.referral_source = text("5E");
            "8866"
        }
        14 => {
            let factors = &mut details.assessments.first_mut()?.factors;
            factors.push(Factor {
                row: 0,
                code: text("8A"),
            });
            "8897Q"
        }
        15 => {
            let factors = &mut details.assessments.first_mut()?.factors;
            let first = factors.first()?.clone();
            factors.push(first);
            "8898"
        }
        16 => {
            details.protection_plans.first_mut()?.initial_category = text("NEGLECT");
            "8905"
        }
        17 => {
            details.protection_plans.first_mut()?.latest_category = None;
            "8910"
        }
        18 => {
            details.protection_plans.first_mut()?.previous_plans = None;
            "8730"
        }
        19 => {
            let plan = details.protection_plans.first_mut()?;
            plan.reviews.first_mut()?.date = plan.start.clone();
            "8841"
        }
        20 => {
            let plan = details.plans.first_mut()?;
            plan.end = Date::on(later(plan.start.day?, 0).pred_opt()?);
            "4011"
        }
        21 => {
            let enquiry = details.section47.first_mut()?;
            let saturday = |day: &NaiveDate| day.weekday() == chrono::Weekday::Sat;
            let held = enquiry.cpc_target.day?;
            enquiry.cpc_target = Date::on(held.iter_days().find(saturday)?);
            "8870Q"
        }
        _ => return None,
    };
    Some(rule)
}

/// Writes an invented census and says what was planted in it.
///
/// # Errors
/// When it cannot be written, or the year is out of the calendar.
pub fn write(wish: Wish, out: impl Write) -> io::Result<Planted> {
    let odd = || io::Error::other("the year is out of the calendar");
    let period = crate::core::dates::Period::of(wish.year).ok_or_else(odd)?;
    let year = Year {
        start: period.start,
        end: period.end,
    };
    let header = Header {
        row: 0,
        collection: text("CIN"),
        year: text(&wish.year.to_string()),
        reference_date: Date::on(year.end),
        sources: vec![Source {
            level: text("L"),
            lea: text("925"),
            software: text("Throughline"),
            release: text("1"),
            serial: text("001"),
            written: text(&format!("{}-06-01T09:00:00", wish.year)),
        }],
    };
    let mut dice = Dice(wish.seed);
    let mut planted = Planted::new();
    let mut writer = Writer::begin(out, Some(&header))?;
    let per_million = (wish.faults_in_100.clamp(0.0, 100.0) * 10_000.0) as u64;
    for number in 1..=wish.children {
        let mut child = child(number, &year, &mut dice);
        if dice.below(1_000_000) < per_million {
            // Some children lack what a fault spoils: try until one fits.
            let rule = (0..100).find_map(|_| spoil(&mut child, &year, &mut dice));
            if let Some(rule) = rule {
                *planted.entry(rule).or_default() += 1;
            }
        }
        writer.child(&child)?;
    }
    writer.end()?;
    Ok(planted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cin::{Options, check};

    fn findings(faults_in_100: f64) -> (Planted, BTreeMap<&'static str, u64>) {
        let mut file = Vec::new();
        let wish = Wish {
            year: 2026,
            children: 2_000,
            faults_in_100,
            seed: 7,
        };
        let planted = write(wish, &mut file).unwrap();
        let report = check("x.xml", file.as_slice(), Options { year: 2026 }, &|_| {}).unwrap();
        assert_eq!(report.problems, []);
        assert_eq!(report.children, 2_000);
        let mut found = BTreeMap::new();
        for finding in &report.findings {
            *found.entry(finding.rule).or_default() += 1;
        }
        for whole in &report.whole {
            *found.entry(whole.rule).or_default() += 1;
        }
        (planted, found)
    }

    #[test]
    fn an_invented_census_without_faults_is_clean() {
        let (planted, found) = findings(0.0);
        assert!(planted.is_empty());
        assert_eq!(found, BTreeMap::new());
    }

    #[test]
    fn every_planted_fault_is_found_once_and_nothing_else() {
        let (planted, found) = findings(40.0);
        assert_eq!(planted.len(), 22);
        assert_eq!(found, planted);
    }
}
