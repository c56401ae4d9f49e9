//! What changed since a child was last sent. Content is compared without the
//! systems' own numbers, so that a move to another system sends nothing anew
//! by itself; changes carry the child's numbers and details and the parts that
//! changed, matched by their numbers; what is gone is sent with `purge`.

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::record::ChildRecord;

/// What to do about one child.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// The child was never sent: everything.
    Full(Value),
    /// Something changed: the parts that did.
    Delta(Value),
    /// The child is gone: delete.
    Purge(Value),
    /// Nothing to send.
    None,
}

impl Change {
    /// What to send, if anything.
    pub fn payload(&self) -> Option<&Value> {
        match self {
            Self::Full(value) | Self::Delta(value) | Self::Purge(value) => Some(value),
            Self::None => None,
        }
    }

    /// The word in the log.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Full(_) => "full",
            Self::Delta(_) => "delta",
            Self::Purge(_) => "purge",
            Self::None => "unchanged",
        }
    }
}

/// The field by which an item of a list is known, if it has one.
fn id_of(item: &Value) -> Option<(&str, &str)> {
    let fields = item.as_object()?;
    let (name, value) = fields.iter().find(|(name, _)| name.ends_with("_id"))?;
    // A worker stands in a list more than once; dates tell the times apart.
    (name != "worker_id").then_some(())?;
    Some((name.as_str(), value.as_str()?))
}

/// The content without the case system's own numbers, its lists in an order
/// of their own, its fields in order of name: what the hash is made of.
fn meaning(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let mut names: Vec<&String> = fields.keys().collect();
            names.sort_unstable();
            let system =
                |name: &str| name.ends_with("_id") && name != "la_child_id" && name != "worker_id";
            let kept = names.into_iter().filter(|name| !system(name));
            let pairs = kept.filter_map(|name| Some((name.clone(), meaning(fields.get(name)?))));
            Value::Object(pairs.collect())
        }
        Value::Array(items) => {
            let mut items: Vec<Value> = items.iter().map(meaning).collect();
            items.sort_by_key(Value::to_string);
            Value::Array(items)
        }
        other => other.clone(),
    }
}

/// SHA-256 of a record's meaning, in hex.
///
/// # Errors
/// When the record cannot be written as JSON.
pub fn hash(record: &ChildRecord) -> Result<String, serde_json::Error> {
    let value = meaning(&serde_json::to_value(record)?);
    Ok(hex::encode(Sha256::digest(value.to_string())))
}

/// What to send about a child, given what the receiver has of it.
///
/// # Errors
/// When a record cannot be written as JSON.
pub fn changes(
    sent: Option<&ChildRecord>,
    now: Option<&ChildRecord>,
) -> Result<Change, serde_json::Error> {
    Ok(match (sent, now) {
        (None, None) => Change::None,
        (None, Some(now)) => Change::Full(serde_json::to_value(now)?),
        (Some(sent), None) => {
            let gone = ChildRecord::purged(&sent.la_child_id, sent.mis_child_id.as_deref());
            Change::Purge(serde_json::to_value(gone)?)
        }
        (Some(sent), Some(now)) if hash(sent)? == hash(now)? => Change::None,
        (Some(sent), Some(now)) => {
            let (old, new) = (serde_json::to_value(sent)?, serde_json::to_value(now)?);
            let mut delta = part(&old, &new);
            // Numbers and details always go with it.
            if let (Value::Object(delta), Value::Object(new)) = (&mut delta, &new) {
                for name in ["la_child_id", "mis_child_id", "purge", "child_details"] {
                    if let (Some(value), false) = (new.get(name), delta.contains_key(name)) {
                        delta.insert(name.to_owned(), value.clone());
                    }
                }
            }
            Change::Delta(delta)
        }
    })
}

/// The parts of an object that changed. Plain fields all go with it as soon
/// as one did, because a field that is left out means "as before".
fn part(old: &Value, new: &Value) -> Value {
    let (Value::Object(old), Value::Object(new)) = (old, new) else {
        return new.clone();
    };
    let mut out = Map::new();
    let listed = |value: &Value| match value {
        Value::Array(items) => !items.is_empty() && items.iter().all(|item| id_of(item).is_some()),
        _ => false,
    };
    for (name, value) in new {
        match old.get(name) {
            Some(before) if before == value && (value.is_array() || value.is_object()) => {}
            Some(before) if listed(value) || listed(before) => {
                out.insert(name.clone(), items(before, value));
            }
            Some(before) if before.is_object() && value.is_object() => {
                out.insert(name.clone(), part(before, value));
            }
            _ => {
                out.insert(name.clone(), value.clone());
            }
        }
    }
    for (name, before) in old {
        if new.contains_key(name) {
            continue;
        }
        // Gone: a list by its items, a block by purge, a value by null.
        let gone = match before {
            Value::Array(_) if listed(before) => items(before, &Value::Array(Vec::new())),
            Value::Object(_) => serde_json::json!({ "purge": true }),
            Value::Array(_) => Value::Array(Vec::new()),
            _ => Value::Null,
        };
        out.insert(name.clone(), gone);
    }
    Value::Object(out)
}

/// The items of a list that are new or changed, and those that are gone.
fn items(old: &Value, new: &Value) -> Value {
    let none = Vec::new();
    let old = old.as_array().unwrap_or(&none);
    let new = new.as_array().unwrap_or(&none);
    let same = |a: &Value, b: &Value| id_of(a) == id_of(b);
    let mut out = Vec::new();
    for item in new {
        match old.iter().find(|before| same(before, item)) {
            Some(before) if before == item => {}
            Some(before) => out.push(part(before, item)),
            None => out.push(item.clone()),
        }
    }
    for before in old {
        if let Some((name, id)) = id_of(before)
            && !new.iter().any(|item| same(item, before))
        {
            let mut gone = Map::new();
            gone.insert(name.to_owned(), Value::String(id.to_owned()));
            gone.insert("purge".to_owned(), Value::Bool(true));
            out.push(Value::Object(gone));
        }
    }
    Value::Array(out)
}
