//! The invented children: in care all year, come or gone in the year,
//! adopted, unaccompanied, or long gone and told of as care leavers.

use chrono::{Datelike, Days, NaiveDate};
use vocabulary::Upn;

use super::{Dice, Draft};
use crate::core::dates::Period;
use crate::ssda903::child::{aged, birthday};
use crate::ssda903::tables::Field::*;
use crate::ssda903::tables::Table::{self, *};

const ETHNICITIES: [&str; 8] = [
    "WBRI", "WBRI", "WBRI", "MWBC", "APKN", "BAFR", "AIND", "WOTH",
];
const HOMES: [&str; 6] = ["U4", "U6", "U1", "U6", "K2", "U5"];
const DISTRICTS: [&str; 5] = ["B", "CV", "WV", "DY", "WS"];

/// What one child has in common in all its rows.
struct One {
    id: String,
    dob: String,
    born: NaiveDate,
    girl: bool,
    ethnic: &'static str,
    upn: String,
    home: String,
}

/// All rows of one child.
pub fn child(number: u32, period: Period, dice: &mut Dice) -> Vec<Draft> {
    let kind = dice.below(100);
    let (youngest, oldest) = match kind {
        0..60 => (1, 15),
        60..72 => (1, 14),
        72..84 => (2, 14),
        84..88 => (3, 3),
        88..91 => (16, 16),
        _ => (18, 18),
    };
    let years = youngest + dice.below(oldest - youngest + 1);
    // Born between May and December, so that birthdays keep clear of the
    // edges of the collection.
    let month = 5 + dice.below(8) as u32;
    let day = 1 + dice.below(28) as u32;
    let year = period.end.year() - 1 - i32::try_from(years).unwrap_or_default();
    let born = NaiveDate::from_ymd_opt(year, month, day).unwrap_or(period.start);
    let one = One {
        id: format!("{:07}", 1_000_001 + u64::from(number)),
        dob: uk(born),
        born,
        girl: kind < 88 && dice.below(2) == 0,
        ethnic: dice.pick(&ETHNICITIES),
        upn: Upn::invented(801, number).map_or_else(String::new, |upn| upn.as_str().to_owned()),
        home: postcode(dice),
    };
    match kind {
        0..60 => all_year(&one, period, dice),
        60..72 => came(&one, period, dice, false),
        72..84 => left(&one, period, dice),
        84..88 => adopted(&one, period, dice),
        88..91 => came(&one, period, dice, true),
        _ => leaver(&one, period, dice),
    }
}

/// In care before the year and after it, perhaps with a move.
fn all_year(one: &One, period: Period, dice: &mut Dice) -> Vec<Draft> {
    let from = later(period.start, 0, 400).max(later(one.born, 30, 0));
    let (first, moved) = (place(dice), dice.below(2) == 0);
    let mut rows = header(one, true, true);
    rows.extend(social_worker(one, from));
    if moved {
        let day = later(period.start, 60 + dice.below(200), 0);
        let mut second = place(dice);
        second.urn.push('9');
        rows.push(episode(
            one,
            false,
            from,
            "S",
            &first,
            Some((day, "X1", "CARPL")),
        ));
        rows.push(episode(one, false, day, "P", &second, None));
        missing(one, day, dice, &mut rows);
    } else {
        rows.push(episode(one, false, from, "S", &first, None));
    }
    rows.push(episode(one, true, from, "S", &first, None));
    reviews(one, period, &[45, 220], &mut rows);
    rows.push(health(one, period, dice));
    rows
}

/// Started to be looked after in the year, alone in the country or not.
fn came(one: &One, period: Period, dice: &mut Dice, alone: bool) -> Vec<Draft> {
    let from = later(period.start, 40 + dice.below(200), 0);
    let mut rows = header(one, true, false);
    rows.extend(social_worker(one, from));
    let mut home = place(dice);
    if alone {
        home.no_home = true;
        rows.push(Draft::new(
            Table::UASC,
            false,
            &[(CHILD, &one.id), (SEX, "M"), (DOB, &one.dob)],
        ));
    }
    rows.push(episode(one, false, from, "S", &home, None));
    rows.push(Draft::new(
        PrevPerm,
        false,
        &[(CHILD, &one.id), (DOB, &one.dob), (PREV_PERM, "Z1")],
    ));
    rows.push(review(one, later(from, 20, 0)));
    missing(one, from, dice, &mut rows);
    rows
}

/// Left care in the year to live with parents.
fn left(one: &One, period: Period, dice: &mut Dice) -> Vec<Draft> {
    let from = later(period.start, 0, 300).max(later(one.born, 30, 0));
    let day = later(period.start, 50 + dice.below(250), 0);
    let home = place(dice);
    let mut rows = header(one, true, true);
    rows.extend(social_worker(one, from));
    rows.push(episode(
        one,
        false,
        from,
        "S",
        &home,
        Some((day, "E4A", "")),
    ));
    rows.push(episode(one, true, from, "S", &home, None));
    reviews(one, period, &[30], &mut rows);
    rows
}

/// Placed for adoption and adopted in the year.
fn adopted(one: &One, period: Period, dice: &mut Dice) -> Vec<Draft> {
    let from = later(period.start, 0, 200);
    let placed = later(period.start, 60 + dice.below(60), 0);
    let gone = later(placed, 100 + dice.below(60), 0);
    let decided = uk(later(placed, 0, 9));
    let home = place(dice);
    let mut rows = header(one, true, true);
    rows.extend(social_worker(one, from));
    rows.push(episode(
        one,
        false,
        from,
        "S",
        &home,
        Some((placed, "X1", "CARPL")),
    ));
    let mut family = place(dice);
    family.code = "A6";
    family.status = "E1";
    family.urn.push('7');
    rows.push(episode(
        one,
        false,
        placed,
        "B",
        &family,
        Some((gone, "E11", "")),
    ));
    rows.push(episode(one, true, from, "S", &home, None));
    rows.push(Draft::new(
        PlacedAdoption,
        false,
        &[(CHILD, &one.id), (DOB, &one.dob), (DATE_PLACED, &decided)],
    ));
    rows.push(Draft::new(
        AD1,
        false,
        &[
            (CHILD, &one.id),
            (DOB, &one.dob),
            (DATE_INT, &decided),
            (DATE_MATCH, &uk(later(placed, 0, 3))),
            (FOSTER_CARE, "0"),
            (NB_ADOPTR, "2"),
            (SEX_ADOPTR, "MF"),
            (LS_ADOPTR, "L11"),
        ],
    ));
    rows
}

/// Left care at 18 in the year before.
fn leaver(one: &One, period: Period, dice: &mut Dice) -> Vec<Draft> {
    let mut rows = header(one, false, true);
    let touch = [
        ("YES", "F2", "U1"),
        ("YES", "G6", "D1"),
        ("NO", "0", "0"),
        ("YES", "F5", "B1"),
    ];
    let (touch, activity, home) = touch[dice.below(4) as usize];
    rows.push(Draft::new(
        OC3,
        false,
        &[
            (CHILD, &one.id),
            (DOB, &one.dob),
            (IN_TOUCH, touch),
            (ACTIV, activity),
            (ACCOM, home),
        ],
    ));
    let eighteen = birthday(one.born, 18).unwrap_or(period.start);
    rows.push(episode(
        one,
        true,
        later(eighteen, 0, 900),
        "S",
        &place(dice),
        Some((eighteen, "E17", "")),
    ));
    rows
}

/// Header of this year and, for those known before, of last year.
fn header(one: &One, looked_after: bool, known: bool) -> Vec<Draft> {
    let mother = if one.girl && looked_after { "0" } else { "" };
    let row = |last| {
        let sex = if one.girl { "F" } else { "M" };
        Draft::new(
            Header,
            last,
            &[
                (CHILD, &one.id),
                (SEX, sex),
                (DOB, &one.dob),
                (ETHNIC, one.ethnic),
                (UPN, &one.upn),
                (MOTHER, mother),
            ],
        )
    };
    let last = known.then(|| row(true));
    std::iter::once(row(false)).chain(last).collect()
}

fn social_worker(one: &One, from: NaiveDate) -> Option<Draft> {
    let cells = [
        (CHILD, one.id.as_str()),
        (DOB, &one.dob),
        (SW_ID, "SW123456"),
        (SW_DECOM, &uk(from)),
        (SW_REASON, "FCONTA"),
    ];
    Some(Draft::new(SWEpisodes, false, &cells))
}

/// Where a child lives in an episode.
struct Place {
    code: &'static str,
    status: &'static str,
    provider: &'static str,
    urn: String,
    postcode: String,
    no_home: bool,
}

fn place(dice: &mut Dice) -> Place {
    Place {
        code: dice.pick(&HOMES),
        status: "C2",
        provider: dice.pick(&["PR1", "PR4", "PR4", "PR5"]),
        urn: format!("SC{:05}", dice.below(100_000)),
        postcode: postcode(dice),
        no_home: false,
    }
}

fn episode(
    one: &One,
    last: bool,
    from: NaiveDate,
    reason: &str,
    place: &Place,
    end: Option<(NaiveDate, &str, &str)>,
) -> Draft {
    // No home in care is where the child came from, not even by chance.
    let postcode = if place.postcode == one.home {
        "B21 1AA"
    } else {
        &place.postcode
    };
    let (to, why, change) = end.map_or((String::new(), "", ""), |(day, why, change)| {
        (uk(day), why, change)
    });
    Draft::new(
        Episodes,
        last,
        &[
            (CHILD, &one.id),
            (DECOM, &uk(from)),
            (RNE, reason),
            (LS, place.status),
            (CIN, "N1"),
            (PLACE, place.code),
            (PLACE_PROVIDER, place.provider),
            (DEC, &to),
            (REC, why),
            (REASON_PLACE_CHANGE, change),
            (HOME_POST, if place.no_home { "" } else { &one.home }),
            (PL_POST, postcode),
            (URN, &place.urn),
        ],
    )
}

fn reviews(one: &One, period: Period, days: &[u64], rows: &mut Vec<Draft>) {
    rows.extend(
        days.iter()
            .map(|day| review(one, later(period.start, *day, 0))),
    );
}

fn review(one: &One, day: NaiveDate) -> Draft {
    let code = if aged(one.born, 4, day) { "PN1" } else { "PN0" };
    Draft::new(
        Reviews,
        false,
        &[
            (CHILD, &one.id),
            (DOB, &one.dob),
            (REVIEW, &uk(day)),
            (REVIEW_CODE, code),
        ],
    )
}

/// Some went missing once, soon after a day.
fn missing(one: &One, after: NaiveDate, dice: &mut Dice, rows: &mut Vec<Draft>) {
    if dice.below(3) == 0 {
        let from = later(after, 2 + dice.below(20), 0);
        rows.push(Draft::new(
            Missing,
            false,
            &[
                (CHILD, &one.id),
                (DOB, &one.dob),
                (MISSING, dice.pick(&["M", "A"])),
                (MIS_START, &uk(from)),
                (MIS_END, &uk(later(from, 1 + dice.below(3), 0))),
            ],
        ));
    }
}

fn health(one: &One, period: Period, dice: &mut Dice) -> Draft {
    let aged = |age| aged(one.born, age, period.end);
    let mut row = Draft::new(
        OC2,
        false,
        &[
            (CHILD, &one.id),
            (DOB, &one.dob),
            (IMMUNISATIONS, "1"),
            (TEETH_CHECK, dice.pick(&["1", "1", "0"])),
            (HEALTH_ASSESSMENT, "1"),
            (SUBSTANCE_MISUSE, "0"),
        ],
    );
    if aged(4) {
        row.set(SDQ_SCORE, &dice.below(41).to_string());
    }
    if aged(10) {
        row.set(CONVICTED, "0");
    }
    if !aged(5) {
        row.set(HEALTH_CHECK, "1");
    }
    row
}

/// A day some days after and some days before another.
fn later(day: NaiveDate, after: u64, before: u64) -> NaiveDate {
    let day = day.checked_add_days(Days::new(after)).unwrap_or(day);
    day.checked_sub_days(Days::new(before)).unwrap_or(day)
}

fn uk(day: NaiveDate) -> String {
    day.format("%d/%m/%Y").to_string()
}

fn postcode(dice: &mut Dice) -> String {
    let letter = |dice: &mut Dice| char::from(b'A' + dice.below(8) as u8);
    let (a, b) = (letter(dice), letter(dice));
    format!(
        "{}{} {}{a}{b}",
        dice.pick(&DISTRICTS),
        1 + dice.below(20),
        dice.below(10)
    )
}
