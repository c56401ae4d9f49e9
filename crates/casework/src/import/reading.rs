//! One row to one person, or to what is wrong with it, field by field.

use chrono::NaiveDate;
use record::model::PersonKind;
use vocabulary::{NhsNumber, Postcode, Upn};

use super::dates::{self, Order};
use super::mapping::Columns;
use crate::people::{NewAddress, NewName, NewPerson};

/// A row that can be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    /// What tells it from other rows.
    pub key: String,
    /// The person.
    pub person: NewPerson,
    /// What is the same for all of one family.
    pub family: Option<String>,
}

/// Reads a row; otherwise every problem as "heading: what is wrong".
pub fn read(
    cells: &[String],
    headings: &[String],
    columns: &Columns,
    order: Order,
    today: NaiveDate,
) -> Result<Read, Vec<String>> {
    let mut wrong: Vec<String> = Vec::new();
    let extra = cells.iter().skip(headings.len()).any(|c| !c.is_empty());
    if cells.len() < headings.len() || extra {
        return Err(vec![format!(
            "The row has {} columns and the headings have {}: a separator or a quotation mark is missing or too many",
            cells.len(),
            headings.len()
        )]);
    }
    if cells.iter().zip(headings).filter(|(c, h)| c == h).count() * 2 > headings.len() {
        return Err(vec!["The row repeats the headings".into()]);
    }
    let get = |field: &str| -> Option<(&str, &str)> {
        let at = *columns.get(field)?;
        let value = cells.get(at)?.trim();
        let none =
            value.is_empty() || matches!(value.to_lowercase().as_str(), "null" | "n/a" | "none");
        (!none).then_some((value, headings[at].as_str()))
    };
    let text = |field: &str| get(field).map(|(value, _)| value.to_owned());
    let mut person = NewPerson {
        given: text("given").unwrap_or_default(),
        family_name: text("family").unwrap_or_default(),
        known_as: text("known_as"),
        ethnicity: text("ethnicity"),
        phone: text("phone"),
        email: text("email"),
        ..NewPerson::default()
    };
    if person.given.is_empty() && person.family_name.is_empty() {
        wrong.push("Name: both first and last name are empty".into());
    }
    for name in [&person.given, &person.family_name] {
        if name.contains('\u{fffd}') || name.contains("Ã") {
            wrong.push(format!(
                "Name: “{name}” was damaged on the way. Export the file as UTF-8"
            ));
        }
    }
    if let Some((value, heading)) = get("born") {
        match dates::read(value, order) {
            Ok(born) if born > today + chrono::Days::new(300) => {
                wrong.push(format!("{heading}: {value} lies in the future"));
            }
            Ok(born) if born < today - chrono::Days::new(130 * 365) => {
                wrong.push(format!("{heading}: {value} is more than 130 years ago"));
            }
            Ok(born) => person.born_on = Some(born),
            Err(why) => wrong.push(format!("{heading}: {why}")),
        }
    }
    number(
        get("nhs_number"),
        &mut wrong,
        |v| {
            v.parse::<NhsNumber>()
                .map(|n| n.digits())
                .map_err(|e| e.to_string())
        },
        &mut person.nhs_number,
    );
    number(
        get("upn"),
        &mut wrong,
        |v| {
            v.parse::<Upn>()
                .map(|n| n.as_str().to_owned())
                .map_err(|e| e.to_string())
        },
        &mut person.upn,
    );
    if let Some((value, heading)) = get("sex") {
        match value.to_lowercase().as_str() {
            "f" | "female" | "girl" | "2" => person.sex = Some("F".into()),
            "m" | "male" | "boy" | "1" => person.sex = Some("M".into()),
            "u" | "unknown" | "not known" | "0" | "9" | "x" | "i" => person.sex = Some("U".into()),
            _ => wrong.push(format!("{heading}: “{value}” is not F, M or U")),
        }
    }
    person.kind = kind(text("kind").as_deref(), person.born_on, today);
    let mut postcode = None;
    if let Some((value, heading)) = get("postcode") {
        match value.parse::<Postcode>() {
            Ok(good) => postcode = Some(good.to_string()),
            Err(_) => wrong.push(format!(
                "{heading}: “{value}” is not a postcode, like LK1 4AB"
            )),
        }
    }
    if postcode.is_some() || text("address").is_some() {
        person.address = Some(NewAddress {
            line1: text("address").unwrap_or_default(),
            town: text("town"),
            postcode,
            ..NewAddress::default()
        });
    }
    if let Some(former) = text("former_family") {
        person.also.push(NewName {
            kind: "former".into(),
            given: person.given.clone(),
            family_name: former,
        });
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let key = text("key").unwrap_or_else(|| own_key(&person));
    Ok(Read {
        key,
        family: text("family_key"),
        person,
    })
}

/// Checks a number of a register, and knows what spreadsheets do to one.
fn number(
    found: Option<(&str, &str)>,
    wrong: &mut Vec<String>,
    read: impl Fn(&str) -> Result<String, String>,
    into: &mut Option<String>,
) {
    let Some((value, heading)) = found else {
        return;
    };
    let upper = value.to_uppercase();
    if upper.contains("E+") {
        wrong.push(format!(
            "{heading}: a spreadsheet has shortened the number to “{value}”. Show the column as text and export again"
        ));
        return;
    }
    match read(value) {
        Ok(good) => *into = Some(good),
        Err(why) => wrong.push(format!("{heading}: “{value}”: {why}")),
    }
}

fn kind(said: Option<&str>, born: Option<NaiveDate>, today: NaiveDate) -> PersonKind {
    match said.map(str::to_lowercase).as_deref() {
        Some("adult" | "parent" | "carer") => return PersonKind::Adult,
        Some("child" | "young person") => return PersonKind::Child,
        Some("expected" | "unborn") => return PersonKind::Expected,
        _ => {}
    }
    match born.and_then(|b| today.years_since(b)) {
        Some(18..) => PersonKind::Adult,
        None if born.is_some() => PersonKind::Expected,
        _ => PersonKind::Child,
    }
}

/// Without a key column a row is known by what identifies the person.
fn own_key(person: &NewPerson) -> String {
    if let Some(number) = person.nhs_number.as_ref().or(person.upn.as_ref()) {
        return format!("number {number}");
    }
    let place = person.address.as_ref().and_then(|a| a.postcode.clone());
    format!(
        "{} {} {} {}",
        vocabulary::name_key(&person.given),
        vocabulary::name_key(&person.family_name),
        person.born_on.map_or_else(String::new, |b| b.to_string()),
        place.unwrap_or_default()
    )
}
