//! What a browser posted, as answers, with the requests that only change the
//! page's shape ("Add another child", "Remove child 2") kept apart.

use packs::{Answers, Form};

/// A posted form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posted {
    /// What was typed, also where it is wrong.
    pub answers: Answers,
    /// The token of the page, for idempotent submission.
    pub once: String,
    /// The value of the button named `then`, such as "later".
    pub then: String,
    /// Whether another item of a group was asked for or one was removed.
    pub reshape: Option<Reshape>,
    /// Every pair as posted, for fields that are not the form's.
    pub pairs: Vec<(String, String)>,
}

/// A request to show the page again in another shape; nothing is submitted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reshape {
    /// One more empty item of this group.
    Add(String),
    /// This group lost an item (already gone from the answers).
    Removed(String),
}

impl Posted {
    /// Reads an `application/x-www-form-urlencoded` body. Reading never fails:
    /// what makes no sense as a form has no answers.
    pub fn read(form: &Form, body: &[u8]) -> Self {
        let mut pairs: Vec<(String, String)> =
            url::form_urlencoded::parse(body).into_owned().collect();
        whole_dates(&mut pairs);
        let value = |name: &str| {
            let found = pairs.iter().find(|(key, _)| key == name);
            found.map(|(_, value)| value.clone()).unwrap_or_default()
        };
        let (add, remove) = (value("add"), value("remove"));
        let mut reshape = (!add.is_empty()).then_some(Reshape::Add(add));
        let mut kept = pairs.clone();
        if let Some((group, number)) = remove.split_once(':') {
            let start = format!("{group}.{number}.");
            kept.retain(|(name, _)| !name.starts_with(&start));
            reshape = Some(Reshape::Removed(group.to_owned()));
        }
        Self {
            answers: Answers::from_pairs(form, kept),
            once: value("once"),
            then: value("then"),
            reshape,
            pairs,
        }
    }

    /// The group that gets one more empty item, if that was asked.
    pub fn adding(&self) -> Option<&str> {
        match &self.reshape {
            Some(Reshape::Add(group)) => Some(group),
            _ => None,
        }
    }

    /// The value of a posted field that is not the form's; empty if absent.
    pub fn other(&self, name: &str) -> &str {
        let found = self.pairs.iter().find(|(key, _)| key == name);
        found.map_or("", |(_, value)| value.as_str())
    }
}

/// People paste or type a whole date into the first of the three boxes, such
/// as "2019-03-27": then it is the date.
fn whole_dates(pairs: &mut [(String, String)]) {
    let filled: Vec<String> = pairs
        .iter()
        .filter(|(_, value)| !value.trim().is_empty())
        .map(|(name, _)| name.clone())
        .collect();
    for (name, value) in pairs {
        let Some(base) = name.strip_suffix(".day") else {
            continue;
        };
        let alone = ["month", "year"]
            .iter()
            .all(|part| !filled.contains(&format!("{base}.{part}")));
        if !alone {
            continue;
        }
        if let Some(date) = vocabulary::plain::read_date(value) {
            *value = date.to_string();
            *name = base.to_owned();
        }
    }
}
