//! The answers to a form, from a browser's pairs or from storage. Whatever was
//! typed is kept, also when it is wrong: the person must find it again.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use vocabulary::plain;

use crate::form::{Field, Form, Kind, Required};

/// The most repeats of a group that are read, whatever the form says. More
/// can only come from something other than a browser.
const MOST_REPEATS: usize = 60;

/// Answers by field name: a text, a list of texts, or for a group a list of
/// answers. An empty answer is not kept.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Answers(Map<String, Value>);

impl Answers {
    /// No answers.
    pub fn new() -> Self {
        Self::default()
    }

    /// The answers in a JSON object, as they were stored.
    pub fn from_map(map: Map<String, Value>) -> Self {
        Self(map)
    }

    /// The answers as a JSON object, to store.
    pub fn into_map(self) -> Map<String, Value> {
        self.0
    }

    /// The answers as a JSON object.
    pub fn as_map(&self) -> &Map<String, Value> {
        &self.0
    }

    /// Reads the pairs of a submitted page. Only the form's own fields are
    /// kept, with the reasons for what was left out. Checkboxes come as
    /// repeated names, dates as `born.day`, `born.month`, `born.year` (or one
    /// text), times as `when.time`, groups as `children.0.given`.
    pub fn from_pairs<K, V>(form: &Form, pairs: impl IntoIterator<Item = (K, V)>) -> Self
    where
        K: AsRef<str>,
        V: AsRef<str>,
    {
        let mut by_name: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (name, value) in pairs {
            let value = clean(value.as_ref());
            if !value.is_empty() {
                by_name
                    .entry(name.as_ref().to_owned())
                    .or_default()
                    .push(value);
            }
        }
        let mut map = Map::new();
        for field in form.fields() {
            if let Some(value) = read_field(field, "", &by_name) {
                map.insert(field.name.clone(), value);
            }
            if matches!(field.required, Required::Warn { .. }) {
                let name = field.reason_name();
                if let Some(reason) = by_name.get(&name).and_then(|v| v.first()) {
                    map.insert(name, reason.clone().into());
                }
            }
        }
        Self(map)
    }

    /// Whether nothing was answered.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text of an answer; empty when there is none.
    pub fn text(&self, name: &str) -> &str {
        self.0.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    /// The texts of an answer: of a list all, of a text the one.
    pub fn list(&self, name: &str) -> Vec<&str> {
        match self.0.get(name) {
            Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).collect(),
            Some(Value::String(one)) => vec![one],
            _ => Vec::new(),
        }
    }

    /// Whether this value is among the answer's texts.
    pub fn has(&self, name: &str, value: &str) -> bool {
        self.list(name).contains(&value)
    }

    /// The answer as a day, when it is a real one.
    pub fn date(&self, name: &str) -> Option<NaiveDate> {
        let text = self.text(name);
        plain::read_date(text.split_once('T').map_or(text, |(day, _)| day))
    }

    /// The answer as a day and time, when it is a real one.
    pub fn date_time(&self, name: &str) -> Option<NaiveDateTime> {
        read_date_time(self.text(name))
    }

    /// The three boxes of a date as typed: day, month, year.
    pub fn date_parts(&self, name: &str) -> [String; 3] {
        let text = self.text(name);
        let day = text.split_once('T').map_or(text, |(day, _)| day);
        if let Ok(date) = day.parse::<NaiveDate>() {
            return [date.format("%-d"), date.format("%-m"), date.format("%Y")]
                .map(|part| part.to_string());
        }
        let mut parts = day.splitn(3, '/').map(str::to_owned);
        std::array::from_fn(|_| parts.next().unwrap_or_default())
    }

    /// The time box of a date and time, as typed.
    pub fn time_part(&self, name: &str) -> &str {
        self.text(name).split_once('T').map_or("", |(_, time)| time)
    }

    /// The answers of each repeat of a group.
    pub fn groups(&self, name: &str) -> Vec<Answers> {
        match self.0.get(name) {
            Some(Value::Array(items)) => items
                .iter()
                .filter_map(|item| item.as_object().cloned().map(Answers))
                .collect(),
            _ => Vec::new(),
        }
    }

    /// Sets the text of an answer; an empty text removes it.
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<String>) {
        let (name, value) = (name.into(), value.into());
        if value.is_empty() {
            self.0.shift_remove(&name);
        } else {
            self.0.insert(name, Value::String(value));
        }
    }

    /// Sets a list answer; an empty list removes it.
    pub fn set_list<S: Into<String>>(
        &mut self,
        name: impl Into<String>,
        values: impl IntoIterator<Item = S>,
    ) {
        let name = name.into();
        let values: Vec<Value> = values
            .into_iter()
            .map(|v| Value::String(v.into()))
            .collect();
        if values.is_empty() {
            self.0.shift_remove(&name);
        } else {
            self.0.insert(name, Value::Array(values));
        }
    }

    /// Sets the repeats of a group; none removes it.
    pub fn set_groups(&mut self, name: impl Into<String>, groups: Vec<Answers>) {
        let name = name.into();
        if groups.is_empty() {
            self.0.shift_remove(&name);
        } else {
            let groups = groups
                .into_iter()
                .map(|group| Value::Object(group.0))
                .collect();
            self.0.insert(name, Value::Array(groups));
        }
    }

    /// Takes over the answers of one section from a newer set, and drops the
    /// section's answers that are no longer there: how a page of a long form
    /// is saved without touching the others.
    pub fn replace_section(&mut self, form: &Form, section: &str, newer: &Answers) {
        for field in form
            .section(section)
            .map_or(&[][..], |section| &section.fields)
        {
            for name in [field.name.clone(), field.reason_name()] {
                match newer.0.get(&name) {
                    Some(value) => {
                        self.0.insert(name, value.clone());
                    }
                    None => {
                        self.0.shift_remove(&name);
                    }
                }
            }
        }
    }
}

/// Line ends made one kind, outer space gone, and without the NUL that a
/// database cannot keep.
fn clean(text: &str) -> String {
    text.replace("\r\n", "\n")
        .replace('\r', "\n")
        .replace('\0', "")
        .trim()
        .to_owned()
}

fn read_field(field: &Field, prefix: &str, pairs: &BTreeMap<String, Vec<String>>) -> Option<Value> {
    let name = format!("{prefix}{}", field.name);
    let first = |name: &str| pairs.get(name).and_then(|values| values.first()).cloned();
    match &field.kind {
        Kind::Group { fields, .. } => read_group(fields, &name, pairs),
        kind if kind.is_list() => {
            let mut seen: Vec<Value> = Vec::new();
            for value in pairs.get(&name)? {
                let value = Value::String(value.clone());
                if !seen.contains(&value) {
                    seen.push(value);
                }
            }
            Some(Value::Array(seen))
        }
        Kind::Date => read_day(&name, pairs)
            .or_else(|| first(&name).map(tidy_date))
            .map(Value::String),
        Kind::DateTime => {
            let time = first(&format!("{name}.time"));
            match (read_day(&name, pairs), time) {
                (None, None) => first(&name).map(|text| Value::String(tidy_date_time(text))),
                (day, time) => {
                    let text = format!("{}T{}", day.unwrap_or_default(), time.unwrap_or_default());
                    Some(Value::String(tidy_date_time(text)))
                }
            }
        }
        _ => first(&name).map(Value::String),
    }
}

/// The three boxes of a date as one text: the day itself when it is real,
/// otherwise what was typed with slashes between.
fn read_day(name: &str, pairs: &BTreeMap<String, Vec<String>>) -> Option<String> {
    let part = |part: &str| {
        pairs
            .get(&format!("{name}.{part}"))
            .and_then(|v| v.first())
            .map_or("", String::as_str)
    };
    let (day, month, year) = (part("day"), part("month"), part("year"));
    if day.is_empty() && month.is_empty() && year.is_empty() {
        return None;
    }
    Some(match plain::read_date_parts(day, month, year) {
        Some(date) => date.to_string(),
        None => format!("{day}/{month}/{year}"),
    })
}

fn tidy_date(text: String) -> String {
    plain::read_date(&text).map_or(text, |date| date.to_string())
}

fn tidy_date_time(text: String) -> String {
    read_date_time(&text).map_or(text, |at| at.format("%Y-%m-%dT%H:%M").to_string())
}

fn read_date_time(text: &str) -> Option<NaiveDateTime> {
    let (day, time) = text.split_once('T').or_else(|| text.rsplit_once(' '))?;
    Some(plain::read_date(day)?.and_time(plain::read_time(time)?))
}

fn read_group(
    fields: &[Field],
    name: &str,
    pairs: &BTreeMap<String, Vec<String>>,
) -> Option<Value> {
    let start = format!("{name}.");
    let mut indexes: Vec<usize> = pairs
        .range(start.clone()..)
        .take_while(|(key, _)| key.starts_with(&start))
        .filter_map(|(key, _)| key[start.len()..].split_once('.')?.0.parse().ok())
        .collect();
    indexes.sort_unstable();
    indexes.dedup();
    let mut repeats = Vec::new();
    for index in indexes.into_iter().take(MOST_REPEATS) {
        let prefix = format!("{name}.{index}.");
        let mut repeat = Map::new();
        for field in fields {
            if let Some(value) = read_field(field, &prefix, pairs) {
                repeat.insert(field.name.clone(), value);
            }
        }
        if !repeat.is_empty() {
            repeats.push(Value::Object(repeat));
        }
    }
    (!repeats.is_empty()).then_some(Value::Array(repeats))
}
