//! JSON feeds: which edition it is, and one record after another.

use serde_json::{Map, Value};

use super::{Imported, Problem, Reject, older, take};
use crate::model::Service;

/// Fields that must be numbers, and come as text from many suppliers.
const NUMBERS: &[&str] = &[
    "minimum_age",
    "maximum_age",
    "latitude",
    "longitude",
    "amount",
    "interval",
    "extension",
];

/// Fields whose list comes as a single thing, or as nothing, from some.
const LISTS: &[&str] = &[
    "schedules",
    "service_areas",
    "service_at_locations",
    "languages",
    "funding",
    "cost_options",
    "contacts",
    "phones",
    "attributes",
    "addresses",
    "accessibility",
    "organization_identifiers",
];

/// Fields that hold one thing, and come as a list of one from some.
const SINGLE: &[&str] = &["organization", "location", "taxonomy_term", "service"];

pub(super) fn read(bytes: &[u8], source: &str) -> Result<Imported, Problem> {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut done = Imported::default();
    let records = match serde_json::from_slice::<Value>(text) {
        Ok(whole) => records(whole, &mut done)?,
        Err(problem) => return lines(text, source).ok_or(Problem::Json(problem)),
    };
    for (number, record) in records.into_iter().enumerate() {
        one(record, number + 1, source, &mut done);
    }
    Ok(done)
}

/// The records of a page, a list, or one service alone.
fn records(whole: Value, done: &mut Imported) -> Result<Vec<Value>, Problem> {
    match whole {
        Value::Array(list) => Ok(list),
        Value::Object(mut page) => {
            let pages = page.get("total_pages").or_else(|| page.get("totalPages"));
            done.pages = pages.and_then(Value::as_u64);
            for name in ["contents", "content", "services"] {
                if let Some(Value::Array(list)) = page.remove(name) {
                    return Ok(list);
                }
            }
            if page.contains_key("name") && page.contains_key("id") {
                return Ok(vec![Value::Object(page)]);
            }
            Err(Problem::Shape)
        }
        _ => Err(Problem::Shape),
    }
}

/// One record a line. `None` when not even the first line is JSON.
fn lines(text: &[u8], source: &str) -> Option<Imported> {
    let mut done = Imported::default();
    let mut first = true;
    for (number, line) in text.split(|b| *b == b'\n').enumerate() {
        let line = line.trim_ascii();
        if line.is_empty() {
            continue;
        }
        match serde_json::from_slice::<Value>(line) {
            Ok(record) => one(record, number + 1, source, &mut done),
            Err(_) if first => return None,
            Err(problem) => done.rejects.push(Reject {
                at: number + 1,
                what: String::new(),
                reason: format!("This line is no JSON: {problem}"),
            }),
        }
        first = false;
    }
    (!first).then_some(done)
}

fn one(record: Value, at: usize, source: &str, done: &mut Imported) {
    let mut reject = |what: String, reason: String| done.rejects.push(Reject { at, what, reason });
    let Value::Object(mut fields) = record else {
        reject(String::new(), "It is no service: it has no fields.".into());
        return;
    };
    if older::is_older(&fields) {
        fields = older::to_present(fields);
    }
    let what = ["name", "id"]
        .iter()
        .find_map(|f| fields.get(*f).and_then(Value::as_str))
        .unwrap_or_default()
        .to_owned();
    loosen(&mut fields);
    let read = serde_json::from_value::<Service>(Value::Object(fields));
    match read.map_err(|p| plain(&p)).and_then(|s| take(s, source)) {
        Ok(taken) => done.services.push(taken),
        Err(reason) => reject(what, reason),
    }
}

/// A fault of the shape in words.
fn plain(problem: &serde_json::Error) -> String {
    format!("A field has the wrong kind of value: {problem}.")
}

/// Takes out what is empty, and gives text and numbers the kind they should
/// have: an id may come as a number, an age as text.
fn loosen(fields: &mut Map<String, Value>) {
    fields.retain(|_, value| match value {
        Value::Null => false,
        Value::String(text) => !text.trim().is_empty(),
        _ => true,
    });
    for (name, value) in fields.iter_mut() {
        if NUMBERS.contains(&name.as_str()) {
            if let Value::String(text) = value {
                let read = text.trim().parse::<f64>();
                *value = read.map_or(Value::Null, Value::from);
            }
        } else if LISTS.contains(&name.as_str()) {
            if value.is_object() {
                *value = Value::Array(vec![value.take()]);
            }
        } else if SINGLE.contains(&name.as_str()) {
            if let Value::Array(items) = value {
                let first = items.drain(..).next();
                *value = first.unwrap_or(Value::Null);
            }
        } else if value.is_number() || value.is_boolean() {
            *value = Value::String(value.to_string());
        }
        if name == "status"
            && let Value::String(text) = value
        {
            *text = text.trim().to_lowercase();
        }
        if matches!(name.as_str(), "location_type" | "address_type")
            && let Value::String(text) = value
        {
            *text = text.trim().to_lowercase();
        }
        match value {
            Value::Object(inner) => loosen(inner),
            Value::Array(items) => {
                items.retain(|i| !i.is_null());
                for item in items {
                    if let Value::Object(inner) = item {
                        loosen(inner);
                    }
                }
            }
            _ => {}
        }
    }
    fields.retain(|_, value| !value.is_null());
}
