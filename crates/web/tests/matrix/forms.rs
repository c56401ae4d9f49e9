//! The forms on a page, filled in as somebody in a hurry would: enough to pass
//! a check, so that only the gate stands between a post and the record.

use casework::time;
use chrono::{Datelike, Days};

/// One form of a page.
#[derive(Debug, Clone)]
pub struct Form {
    /// Where it goes.
    pub action: String,
    /// Its fields, filled in.
    pub pairs: Vec<(String, String)>,
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
                pairs: fields(inside),
            });
        }
    }
    forms
}

fn fields(form: &str) -> Vec<(String, String)> {
    let mut pairs: Vec<(String, String)> = Vec::new();
    let mut put = |name: String, value: String| {
        if !pairs.iter().any(|(known, _)| *known == name) {
            pairs.push((name, value));
        }
    };
    for piece in form.split('<').skip(1) {
        let (tag, rest) = piece.split_once('>').unwrap_or((piece, ""));
        let kind = tag.split_whitespace().next().unwrap_or_default();
        let Some(name) = attribute(tag, "name") else {
            continue;
        };
        let value = attribute(tag, "value").unwrap_or_default();
        match kind {
            "textarea" => put(name, words()),
            "select" => put(name, choice(form, piece)),
            "button" => put(name, value),
            "input" => match attribute(tag, "type").as_deref() {
                Some("hidden" | "radio" | "checkbox" | "submit") => put(name, value),
                _ => {
                    let typed = typed(&name);
                    put(name, typed);
                }
            },
            _ => debug_assert!(rest.len() <= form.len()),
        }
    }
    pairs
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
    } else if name.contains("password") {
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
