//! The pack's form of an entry, filled with what it says now, and a sent form
//! back as texts of its fields.

use std::collections::HashMap;

use directory::Directory;
use directory::fields::{Fault, Key, PLACE_FIELDS, Snapshot};
use packs::{Answers, Choice, Finding, Form, Kind, Options, Section, Severity};

use crate::{Casework, Result};

/// The pack's form of a service, and of one place of it.
pub(super) const FORM: &str = "service-entry";
pub(super) const PLACE: &str = "service-place";

/// The form of one entry.
#[derive(Debug, Clone)]
pub struct EntryForm {
    /// The form with this entry's places and the directory's headings in it.
    pub form: Form,
    /// What the entry says now.
    pub answers: Answers,
    /// Its places, by id, in the order of the form.
    places: Vec<String>,
    /// Where a secret place is, is not shown: left empty it stays.
    masked: bool,
}

/// The name of a field in the form: `p1_town` for the first place.
fn name_of(key: &Key, places: &[String]) -> Option<String> {
    match &key.place {
        None => Some(key.name.to_owned()),
        Some(id) => {
            let at = places.iter().position(|p| p == id)?;
            Some(format!("p{}_{}", at + 1, key.name))
        }
    }
}

impl Casework {
    /// The form of an entry. Its owner sees its own secret addresses in it;
    /// nobody else does.
    pub(super) fn form_of(
        &self,
        directory: &Directory,
        now: &Snapshot,
        owner: bool,
    ) -> Result<EntryForm> {
        let mut form = self.form(FORM)?.clone();
        let place = self.form(PLACE)?;
        let places = now.place_ids();
        for (at, id) in places.iter().enumerate() {
            for section in &place.sections {
                form.sections.push(of_place(section, at + 1, places.len()));
            }
            let secret = now.places[id].hidden && !owner;
            if secret {
                hint_secret(&mut form, at + 1);
            }
        }
        offer(&mut form, "categories", headings(directory));
        let mut answers = Answers::new();
        let shown = if owner { now.texts() } else { now.shown() };
        for (key, text) in shown {
            let Some(name) = name_of(&key, &places) else {
                continue;
            };
            match key.name {
                "categories" | "how" => answers.set_list(name, text.lines()),
                _ => answers.set(name, text),
            }
        }
        Ok(EntryForm {
            form,
            answers,
            places,
            masked: !owner,
        })
    }
}

impl EntryForm {
    /// What a sent form says, as texts. A field that the form does not have
    /// stays as it is; so does a secret one that was left empty.
    pub(super) fn texts(&self, now: &Snapshot, answers: &Answers) -> Vec<(Key, String)> {
        let all = now.texts().into_iter().filter_map(|(key, _)| {
            let name = name_of(&key, &self.places)?;
            let field = self.form.field(&name)?;
            let text = match key.name {
                "categories" => {
                    // A term that the form does not offer stays as it is.
                    let offered = |id: &&str| {
                        let mut all = field.kind.options().into_iter().flat_map(|o| &o.choices);
                        all.any(|c| c.value == *id)
                    };
                    let old = now.text(&key);
                    let kept = old.lines().filter(|id| !offered(id));
                    let all: Vec<&str> = kept.chain(answers.list(&name)).collect();
                    all.join("\n")
                }
                "how" => answers.list(&name).join("\n"),
                _ => answers.text(&name).to_owned(),
            };
            let kept = self.masked && text.is_empty() && now.is_secret(&key);
            (!kept).then_some((key, text))
        });
        all.collect()
    }

    /// Faults as the page shows them, each at its field.
    pub(super) fn findings(&self, faults: Vec<Fault>) -> Vec<Finding> {
        let finding = |fault: Fault| {
            let field = name_of(&fault.key, &self.places).unwrap_or_default();
            let label = self.form.field(&field).map(|f| f.label.clone());
            Finding {
                label: label.unwrap_or_default(),
                field,
                message: fault.message,
                severity: Severity::Stop,
            }
        };
        faults.into_iter().map(finding).collect()
    }
}

/// The section of one place: its fields wear the place's number.
fn of_place(section: &Section, number: usize, of: usize) -> Section {
    let mut section = section.clone();
    section.id = format!("{}{number}", section.id);
    if of > 1 {
        section.title = format!("{}: place {number} of {of}", section.title);
    }
    for field in &mut section.fields {
        field.name = format!("p{number}_{}", field.name);
    }
    section
}

fn hint_secret(form: &mut Form, number: usize) {
    let fields = form.sections.iter_mut().flat_map(|s| &mut s.fields);
    let own: Vec<String> = PLACE_FIELDS
        .iter()
        .filter(|f| matches!(**f, "place" | "address_1" | "address_2" | "postcode"))
        .map(|f| format!("p{number}_{f}"))
        .collect();
    for field in fields.filter(|f| own.contains(&f.name)) {
        field.hint =
            "Kept secret, so it is not shown here. Leave it empty to leave it as it is".into();
    }
}

pub(super) fn offer(form: &mut Form, field: &str, choices: Vec<Choice>) {
    let fields = form.sections.iter_mut().flat_map(|s| &mut s.fields);
    for found in fields.filter(|f| f.name == field) {
        if let Kind::Checkboxes(options) | Kind::Select(options) = &mut found.kind {
            *options = Options {
                codes: None,
                choices: choices.clone(),
            };
        }
    }
    // Without any heading there is nothing to choose.
    if choices.is_empty() {
        for section in &mut form.sections {
            section.fields.retain(|f| f.name != field);
        }
    }
}

/// The terms that stand under another, by the one they stand under.
pub(super) fn headings(directory: &Directory) -> Vec<Choice> {
    let names: HashMap<&str, &str> = directory
        .terms()
        .map(|t| (t.id.as_str(), t.name.as_str()))
        .collect();
    let parents: Vec<&str> = directory
        .terms()
        .filter_map(|t| t.parent_id.as_deref())
        .collect();
    let mut choices: Vec<Choice> = directory
        .terms()
        .filter(|t| !parents.contains(&t.id.as_str()))
        .map(|t| Choice {
            value: t.id.clone(),
            label: t.name.clone(),
            group: t
                .parent_id
                .as_deref()
                .and_then(|p| names.get(p))
                .map(|p| (*p).to_owned())
                .unwrap_or_default(),
            ..Choice::default()
        })
        .collect();
    choices.sort_by(|a, b| (&a.group, &a.label).cmp(&(&b.group, &b.label)));
    choices
}
