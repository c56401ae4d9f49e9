//! The forms on a page, filled in as somebody in a hurry would: enough to pass
//! a check, so that only the gate stands between a post and the record; or
//! badly, as [`crate::bad_input`] does.

use casework::time;
use chrono::{Datelike, Days};

/// One form of a page.
#[derive(Debug, Clone)]
pub struct Form {
    /// Where it goes.
    pub action: String,
    /// Its fields, filled in.
    pub fields: Vec<Field>,
}

impl Form {
    /// What a browser would send.
    pub fn pairs(&self) -> Vec<(String, String)> {
        let fields = self.fields.iter();
        fields.map(|f| (f.name.clone(), f.value.clone())).collect()
    }
}

/// One field of a form.
#[derive(Debug, Clone)]
pub struct Field {
    pub name: String,
    pub value: String,
    pub kind: Kind,
}

/// How somebody fills a field in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// By typing.
    Typed,
    /// By typing what nobody else may read: no page gives it back.
    Secret,
    /// By ticking or choosing.
    Chosen,
    /// Not at all: the page put it there, or a button did.
    Hidden,
}

/// Every form of a page that posts. `path` is where the page stands.
pub fn on(path: &str, page: &str) -> Vec<Form> {
    let mut forms = Vec::new();
    for piece in page.split("<form ").skip(1) {
        let Some((form, _)) = piece.split_once("</form>") else {
            continue;
        };
        let Some((tag, inside)) = form.split_once('>') else {
            continue;
        };
        if attribute(tag, "method").as_deref() == Some("post") {
            forms.push(Form {
                action: attribute(tag, "action").unwrap_or_else(|| path.to_owned()),
                fields: fields(inside),
            });
        }
    }
    forms
}

fn fields(form: &str) -> Vec<Field> {
    let mut fields: Vec<Field> = Vec::new();
    for piece in form.split('<').skip(1) {
        let (tag, _) = piece.split_once('>').unwrap_or((piece, ""));
        let Some(name) = attribute(tag, "name") else {
            continue;
        };
        let value = attribute(tag, "value").unwrap_or_default();
        let (kind, value) = match tag.split_whitespace().next().unwrap_or_default() {
            "textarea" => (Kind::Typed, words()),
            "select" => (Kind::Chosen, choice(form, piece)),
            "button" => (Kind::Hidden, value),
            "input" => match attribute(tag, "type").as_deref() {
                Some("hidden" | "submit") => (Kind::Hidden, value),
                Some("radio" | "checkbox") => (Kind::Chosen, value),
                Some("password") => (Kind::Secret, typed(&name)),
                _ => (Kind::Typed, typed(&name)),
            },
            _ => continue,
        };
        if !fields.iter().any(|known| known.name == name) {
            fields.push(Field { name, value, kind });
        }
    }
    fields
}

/// The first option of a select that says something.
fn choice(form: &str, select: &str) -> String {
    let from = form.find(select).unwrap_or_default();
    let all = form[from..].split("</select>").next().unwrap_or_default();
    let options = all.split("<option").skip(1);
    let mut values = options.filter_map(|o| attribute(o.split('>').next()?, "value"));
    values.find(|v| !v.is_empty()).unwrap_or_default()
}

fn words() -> String {
    "Words that are long enough to pass a check of forty letters.".into()
}

fn typed(name: &str) -> String {
    let soon = time::today() + Days::new(7);
    if name.ends_with(".day") {
        soon.day().to_string()
    } else if name.ends_with(".month") {
        soon.month().to_string()
    } else if name.ends_with(".year") {
        soon.year().to_string()
    } else if name.contains("password") || name == "old" {
        casework::testing::PASSWORD.into()
    } else if name.contains("email") {
        "someone@larkmere.example".into()
    } else if name.contains("phone") {
        "020 7946 0123".into()
    } else if name.contains("points") {
        "2".into()
    } else if name.contains("time") {
        "10:30".into()
    } else {
        words()
    }
}

/// The value of an attribute of a tag, its entities read.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let mark = format!("{name}=\"");
    let at = tag
        .match_indices(&mark)
        .map(|(at, _)| at)
        .find(|at| *at == 0 || tag.as_bytes()[at - 1].is_ascii_whitespace())?;
    let (value, _) = tag[at + mark.len()..].split_once('"')?;
    Some(
        value
            .replace("&#34;", "\"")
            .replace("&#39;", "'")
            .replace("&#60;", "<")
            .replace("&#62;", ">")
            .replace("&#38;", "&")
            .replace("&amp;", "&"),
    )
}
