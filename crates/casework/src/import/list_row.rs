//! One row of a partner's list: which column is what, and the child and the
//! professional of it, or what is wrong with it.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use sha2::{Digest, Sha256};
use vocabulary::{Agency, NhsNumber, Postcode, Upn};

use super::{Error, Table, dates};
use crate::find::Wanted;

/// The columns: what each is for, and the headings under which partners send it.
pub const COLUMNS: &[(&str, &str, &[&str])] = &[
    (
        "key",
        "what tells this row from others of the list",
        &["id", "row id", "key", "episode id"],
    ),
    (
        "given",
        "the child’s first names",
        &["given", "forename", "first name", "child first name"],
    ),
    (
        "family",
        "the child’s last name",
        &["family", "surname", "last name", "child last name"],
    ),
    (
        "born",
        "the child’s date of birth",
        &["born", "dob", "date of birth"],
    ),
    (
        "postcode",
        "the child’s postcode",
        &["postcode", "post code"],
    ),
    (
        "nhs",
        "the child’s NHS number",
        &["nhs", "nhs number", "nhs no"],
    ),
    ("upn", "the child’s pupil number", &["upn", "pupil number"]),
    (
        "name",
        "who works with the child",
        &["professional", "worker", "professional name", "name"],
    ),
    (
        "post",
        "what they do, and where",
        &["post", "role", "job title", "job"],
    ),
    (
        "agency",
        "a word of the agencies, such as health",
        &["agency", "organisation type"],
    ),
    ("phone", "their telephone", &["phone", "telephone"]),
    ("email", "their e-mail", &["email", "e mail"]),
    (
        "start",
        "since when",
        &["start", "start date", "from", "started"],
    ),
    (
        "end",
        "until when; empty if they go on",
        &["end", "end date", "to", "ended"],
    ),
    (
        "sensitive",
        "yes if the service must not be named",
        &["sensitive", "hidden"],
    ),
];

/// A row that can be read.
#[derive(Debug, Clone)]
pub(super) struct Read {
    pub(super) key: String,
    pub(super) digest: String,
    pub(super) wanted: Wanted,
    pub(super) name: String,
    pub(super) post: String,
    pub(super) agency: String,
    pub(super) phone: Option<String>,
    pub(super) email: Option<String>,
    pub(super) start: NaiveDate,
    pub(super) end: Option<NaiveDate>,
    pub(super) sensitive: bool,
}

pub(super) type Found = BTreeMap<&'static str, usize>;

/// Which column is what.
pub(super) fn columns(table: &Table) -> Result<Found, Error> {
    let mut found = Found::new();
    for (field, _, usual) in COLUMNS {
        let plain = |h: &String| vocabulary::name_key(&h.replace(['_', '.'], " "));
        let mut places = (0..table.headings.len()).filter(|i| {
            let heading = plain(&table.headings[*i]);
            heading == *field || usual.contains(&heading.as_str())
        });
        if let Some(at) = places.next() {
            if let Some(other) = places.next() {
                return Err(Error::File(format!(
                    "Two columns could be {field}: “{}” and “{}”. Rename one.",
                    table.headings[at], table.headings[other]
                )));
            }
            found.insert(field, at);
        }
    }
    for needed in ["name", "post", "agency", "start"] {
        if !found.contains_key(needed) {
            let what = COLUMNS.iter().find(|c| c.0 == needed).map_or("", |c| c.1);
            return Err(Error::File(format!(
                "No column is called “{needed}” ({what}). The columns are: {}.",
                table.headings.join(", ")
            )));
        }
    }
    let child = ["given", "family", "nhs", "upn"];
    if !child.iter().any(|c| found.contains_key(c)) {
        return Err(Error::File(
            "No column says who the child is: given, family, nhs or upn.".into(),
        ));
    }
    Ok(found)
}

pub(super) fn values<'a>(table: &'a Table, columns: &Found) -> impl Iterator<Item = &'a str> {
    let at: Vec<usize> = ["born", "start", "end"]
        .iter()
        .filter_map(|c| columns.get(c).copied())
        .collect();
    table
        .rows
        .iter()
        .flat_map(move |(_, cells)| at.clone().into_iter().filter_map(|i| cells.get(i)))
        .map(String::as_str)
}

/// Reads a row; otherwise every problem as "heading: what is wrong".
pub(super) fn read(
    cells: &[String],
    columns: &Found,
    order: dates::Order,
    today: NaiveDate,
) -> Result<Read, Vec<String>> {
    let mut wrong = Vec::new();
    let text = |field: &str| -> String {
        let cell = columns.get(field).and_then(|at| cells.get(*at));
        cell.map_or_else(String::new, |c| c.trim().to_owned())
    };
    let some = |field: &str| Some(text(field)).filter(|t| !t.is_empty());
    let mut date = |field: &str| match some(field).map(|t| dates::read(&t, order)) {
        None => None,
        Some(Ok(day)) => Some(day),
        Some(Err(why)) => {
            wrong.push(format!("{field}: {why}"));
            None
        }
    };
    let (born, start, end) = (date("born"), date("start"), date("end"));
    let numbers: [Option<Result<String, String>>; 2] = [
        some("nhs").map(|t| {
            t.parse()
                .map(|n: NhsNumber| n.digits())
                .map_err(|e| format!("nhs: {e}"))
        }),
        some("upn").map(|t| {
            t.parse()
                .map(|n: Upn| n.as_str().to_owned())
                .map_err(|e| format!("upn: {e}"))
        }),
    ];
    let mut known = Vec::new();
    for number in numbers.into_iter().flatten() {
        match number {
            Ok(digits) => known.push(digits),
            Err(why) => wrong.push(why),
        }
    }
    if let Some(postcode) = some("postcode")
        && postcode.parse::<Postcode>().is_err()
    {
        wrong.push(format!(
            "postcode: “{postcode}” is not a postcode, like LK1 4AB"
        ));
    }
    for (field, what) in [
        ("name", "who works with the child"),
        ("post", "what they do"),
    ] {
        if text(field).is_empty() {
            wrong.push(format!("{field}: it is empty. Write {what}"));
        }
    }
    let agency = text("agency").to_lowercase().replace(' ', "_");
    if Agency::from_code(&agency).is_none() || agency == "family" {
        wrong.push(format!(
            "agency: “{}” is no agency, like health or school",
            text("agency")
        ));
    }
    if text("given").is_empty() && text("family").is_empty() && known.is_empty() {
        wrong.push("The child has neither a name nor a number".into());
    }
    match (start, end) {
        (None, _)
            if columns
                .get("start")
                .and_then(|at| cells.get(*at))
                .is_none_or(|c| c.trim().is_empty()) =>
        {
            wrong.push("start: it is empty. Write since when".into());
        }
        (Some(start), _) if start > today => wrong.push("start: the day lies in the future".into()),
        (Some(start), Some(end)) if end < start => {
            wrong.push("end: the day is before the start".into());
        }
        _ => {}
    }
    let sensitive = match text("sensitive").to_lowercase().as_str() {
        "" | "no" | "n" | "false" | "0" => false,
        "yes" | "y" | "true" | "1" => true,
        other => {
            wrong.push(format!("sensitive: “{other}” is not yes or no"));
            true
        }
    };
    let Some(start) = start.filter(|_| wrong.is_empty()) else {
        return Err(wrong);
    };
    let wanted = Wanted {
        given: text("given"),
        family: text("family"),
        born,
        postcode: text("postcode"),
        text: known.join(" "),
    };
    let (name, post) = (text("name"), text("post"));
    let child = format!(
        "{} {} {born:?} {}",
        wanted.given, wanted.family, wanted.text
    );
    let key = some("key").unwrap_or_else(|| {
        let words = format!("{} {name} {agency}", vocabulary::name_key(&child));
        hex::encode(&Sha256::digest(words.to_lowercase().as_bytes())[..12])
    });
    let digest = hex::encode(Sha256::digest(cells.join("\u{1f}").as_bytes()));
    Ok(Read {
        key,
        digest,
        wanted,
        name,
        post,
        agency,
        phone: some("phone"),
        email: some("email"),
        start,
        end,
        sensitive,
    })
}
