//! From a file as written to the thing it declares, with every mistake that
//! can be seen in the one file.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use toml::Spanned;
use toml::value::Datetime;

use crate::dated::{Head, Strength};
use crate::problem::{Place, Problem, Source};
use crate::raw::RawHead;

mod form;
mod front;
mod lists;
mod practice;
mod upkeep;

/// References from one file to others, checked when all are known.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Copy)]
pub(crate) enum Refers {
    Form,
    Step,
    Clock,
    Codes,
    Capability,
    Role,
    /// Something that starts or stops a clock.
    Event,
    /// A value of a condition, written `WORD=VALUE`.
    Circumstance,
    /// A kind of meeting that is declared.
    Meeting,
    /// A kind of plan.
    PlanKind,
    /// A kind of meeting among those that can be chosen.
    MeetingKind,
    /// An agency.
    Agency,
    /// A kind of help that there may be none of.
    UnmetNeed,
}

/// One file being turned into what it declares.
pub(crate) struct Builder<'a> {
    pub source: &'a Source,
    pub problems: Vec<Problem>,
    pub references: Vec<(Refers, String, Place)>,
}

impl<'a> Builder<'a> {
    pub fn new(source: &'a Source) -> Self {
        Self {
            source,
            problems: Vec::new(),
            references: Vec::new(),
        }
    }

    fn place<T>(&self, spanned: &Spanned<T>) -> Place {
        self.source.place(spanned.span())
    }

    fn problem<T>(&mut self, at: &Spanned<T>, message: impl Into<String>, help: impl Into<String>) {
        let place = self.place(at);
        self.problems.push(Problem::at(&place, message, help));
    }

    fn refer(&mut self, to: Refers, name: &Spanned<String>) -> String {
        let place = self.place(name);
        self.references.push((to, name.get_ref().clone(), place));
        name.get_ref().clone()
    }

    /// The texts of a value that is one text or a list of them.
    fn texts(&mut self, value: &Spanned<toml::Value>) -> Vec<String> {
        let texts = match value.get_ref() {
            toml::Value::String(one) => Some(vec![one.clone()]),
            toml::Value::Array(many) => many
                .iter()
                .map(|text| text.as_str().map(str::to_owned))
                .collect(),
            _ => None,
        };
        match texts {
            Some(texts) if !texts.is_empty() => texts,
            _ => {
                self.problem(
                    value,
                    "this must be a text or a list of texts",
                    "Write it like \"a\" or [\"a\", \"b\"]",
                );
                Vec::new()
            }
        }
    }

    fn refer_all(&mut self, to: Refers, value: &Spanned<toml::Value>) -> Vec<String> {
        let place = self.place(value);
        let texts = self.texts(value);
        for text in &texts {
            self.references.push((to, text.clone(), place.clone()));
        }
        texts
    }

    /// Points at each name that was there before.
    fn unique<'n>(&mut self, what: &str, names: impl IntoIterator<Item = &'n Spanned<String>>) {
        let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
        for name in names {
            let line = self.place(name).line;
            if let Some(first) = seen.insert(name.get_ref(), line) {
                self.problem(
                    name,
                    format!("{what} “{}” is here twice", name.get_ref()),
                    format!("It is on line {first} already. Rename one of them or take it out"),
                );
            }
        }
    }

    fn one_of<T: Copy>(
        &mut self,
        what: &str,
        word: &Spanned<String>,
        all: &[(&str, T)],
    ) -> Option<T> {
        let found = all
            .iter()
            .find(|(name, _)| name == word.get_ref())
            .map(|(_, value)| *value);
        if found.is_none() {
            let words: Vec<&str> = all.iter().map(|(name, _)| *name).collect();
            self.problem(
                word,
                format!("“{}” is not {what}", word.get_ref()),
                format!("Use one of: {}", words.join(", ")),
            );
        }
        found
    }

    fn day(&mut self, written: &Spanned<Datetime>) -> Option<NaiveDate> {
        let datetime = written.get_ref();
        let day = match (datetime.date, datetime.time) {
            (Some(d), None) => {
                NaiveDate::from_ymd_opt(i32::from(d.year), u32::from(d.month), u32::from(d.day))
            }
            _ => None,
        };
        if day.is_none() {
            self.problem(
                written,
                "this must be a day without a time",
                "Write it like 2026-04-01",
            );
        }
        day
    }

    pub fn head(&mut self, raw: RawHead<'_>) -> Option<Head> {
        let id = raw.id.get_ref();
        let good = !id.is_empty()
            && id
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "-._".contains(c));
        if !good {
            self.problem(
                raw.id,
                format!("“{id}” cannot be an id"),
                "Use small letters, digits, dots and dashes",
            );
        }
        if raw.title.trim().is_empty() {
            self.problem(
                raw.id,
                "the title is empty",
                "Give it a title that people understand",
            );
        }
        if raw.source.get_ref().trim().is_empty() {
            self.problem(
                raw.source,
                "the source is empty",
                "Say where the rule is written, or “Local choice of …”",
            );
        }
        let strength = Strength::from_code(raw.strength.get_ref());
        if strength.is_none() {
            self.problem(
                raw.strength,
                format!("“{}” is not a strength", raw.strength.get_ref()),
                "Use one of: LAW, NAT, PROC, LOCAL, UNVERIFIED",
            );
        }
        let version = self.day(raw.version)?;
        let until = match raw.until {
            None => None,
            Some(written) => {
                let until = self.day(written)?;
                if until < version {
                    self.problem(
                        written,
                        "it ends before it begins",
                        "“until” must not be before “version”",
                    );
                }
                Some(until)
            }
        };
        Some(Head {
            id: id.clone(),
            title: raw.title.to_owned(),
            version,
            until,
            source: raw.source.get_ref().clone(),
            strength: strength?,
            place: self.place(raw.id),
        })
    }
}
