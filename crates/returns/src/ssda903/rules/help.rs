//! The few shapes that most checks have.

use chrono::NaiveDate;

use super::super::child::Child;
use super::super::data::Row;
use super::super::hits::Hits;
use super::super::tables::{Field, Table};

/// The items of AD1 that describe an adoption.
pub const ADOPTION_ITEMS: [Field; 6] = [
    Field::DATE_INT,
    Field::DATE_MATCH,
    Field::FOSTER_CARE,
    Field::NB_ADOPTR,
    Field::SEX_ADOPTR,
    Field::LS_ADOPTR,
];

/// The items of OC3.
pub const LEAVER_ITEMS: [Field; 3] = [Field::IN_TOUCH, Field::ACTIV, Field::ACCOM];

/// The items of OC2 that are 0 or 1.
pub const YES_NO_ITEMS: [Field; 8] = [
    Field::CONVICTED,
    Field::HEALTH_CHECK,
    Field::IMMUNISATIONS,
    Field::TEETH_CHECK,
    Field::HEALTH_ASSESSMENT,
    Field::SUBSTANCE_MISUSE,
    Field::INTERVENTION_RECEIVED,
    Field::INTERVENTION_OFFERED,
];

/// The items of OC2 that every child looked after all year needs.
pub const NEEDED_ITEMS: [Field; 4] = [
    Field::IMMUNISATIONS,
    Field::TEETH_CHECK,
    Field::HEALTH_ASSESSMENT,
    Field::SUBSTANCE_MISUSE,
];

/// Every row of a table for which the test holds.
pub fn each(c: &Child<'_>, o: &mut Hits<'_>, table: Table, test: impl Fn(Row<'_>) -> bool) {
    for row in c.rows(table).iter().filter(|row| test(**row)) {
        o.hit(&[*row]);
    }
}

/// Every row whose code is filled and not in the year's set.
pub fn code(c: &Child<'_>, o: &mut Hits<'_>, table: Table, field: Field) {
    each(c, o, table, |row| row.has(field) && !c.in_set(row, field));
}

/// Every row whose date is filled and not a real date as DD/MM/YYYY.
pub fn date(c: &Child<'_>, o: &mut Hits<'_>, table: Table, field: Field) {
    each(c, o, table, |row| row.bad_date(field));
}

/// A row together with the child's row of Header.
pub fn with_header(c: &Child<'_>, o: &mut Hits<'_>, row: Row<'_>) {
    match c.header() {
        Some(header) => o.hit(&[row, header]),
        None => o.hit(&[row]),
    }
}

/// Every episode for which the test, given the date of birth of Header,
/// holds; Header is shown with it.
pub fn by_birth(c: &Child<'_>, o: &mut Hits<'_>, test: impl Fn(Row<'_>, NaiveDate) -> bool) {
    let Some(dob) = c.dob() else { return };
    for episode in c.rows(Table::Episodes) {
        if test(*episode, dob) {
            with_header(c, o, *episode);
        }
    }
}

/// Each episode with the one before it, when the test of (episode, before)
/// holds.
pub fn steps(c: &Child<'_>, o: &mut Hits<'_>, test: impl Fn(Row<'_>, Row<'_>) -> bool) {
    for (before, episode) in c.steps() {
        if test(episode, before) {
            o.hit_after(episode, before);
        }
    }
}

/// Rows of a table sorted by a date of theirs; rows without the date are left
/// out.
pub fn sorted<'a>(rows: &[Row<'a>], by: Field) -> Vec<Row<'a>> {
    let mut dated: Vec<Row<'a>> = rows
        .iter()
        .copied()
        .filter(|row| row.date(by).is_some())
        .collect();
    dated.sort_by_key(|row| (row.date(by), row.index));
    dated
}

/// A period of care: from the first episode's start to the last one's end
/// (open when `None`), episodes that follow without a day between joined.
pub fn periods_of_care(c: &Child<'_>) -> Vec<(NaiveDate, Option<NaiveDate>)> {
    let mut periods: Vec<(NaiveDate, Option<NaiveDate>)> = Vec::new();
    for episode in c.episodes() {
        let Some(from) = episode.date(Field::DECOM) else {
            continue;
        };
        let to = if episode.has(Field::DEC) {
            episode.date(Field::DEC)
        } else {
            None
        };
        match periods.last_mut() {
            Some((_, end)) if end.is_none_or(|end| from <= end) => *end = to,
            _ => periods.push((from, to)),
        }
    }
    periods
}

/// Whether a spell lies outside every period of care, or has no end although
/// care has ended.
pub fn outside_care(
    periods: &[(NaiveDate, Option<NaiveDate>)],
    from: NaiveDate,
    to: Option<NaiveDate>,
) -> bool {
    !periods.is_empty()
        && periods.iter().all(|(start, end)| match (to, end) {
            (None, Some(_)) => true,
            (None, None) => from < *start,
            (Some(to), end) => to < *start || end.is_some_and(|end| to > end),
        })
}
