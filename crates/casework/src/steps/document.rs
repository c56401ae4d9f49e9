//! A whole step as one readable document: every section with its words, who
//! wrote it and when; what the manager reads before deciding, and what the
//! child may read one day.

use packs::{Answers, Field, Kind, Section};
use record::model::Person;
use record::{Asked, Viewer};
use vocabulary::{Id, ids, plain};

use super::overview::outcome_words;
use super::seen::{SectionSeen, StepSeen, all_answers, find};
use crate::{Casework, Result, time};

/// The section of strengths, worries and grey areas (R003-17).
const BALANCE: &str = "balance";

/// A step to be read from top to bottom.
#[derive(Debug, Clone)]
pub struct Document {
    /// The step.
    pub seen: StepSeen,
    /// Its sections.
    pub parts: Vec<Part>,
    /// The outcome that a manager chose.
    pub outcome: Option<String>,
    /// "Authorised by Priya Thorne, 21 November 2026 at 2pm".
    pub settled: Option<String>,
}

/// One section.
#[derive(Debug, Clone)]
pub struct Part {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// "Jo Larch, 21 November 2026 at 2pm"; empty when nothing is written.
    pub by: String,
    /// Why it was left out for these children.
    pub left_out: Option<String>,
    /// Its answers. Unanswered optional questions are not shown.
    pub answers: Vec<Answered>,
    /// The three columns of strengths, worries and grey areas (R003-17).
    pub columns: bool,
}

/// One question with its answer, for reading.
#[derive(Debug, Clone, PartialEq)]
pub struct Answered {
    /// The question.
    pub label: String,
    /// The answer.
    pub shown: Shown,
}

/// An answer, for reading.
#[derive(Debug, Clone, PartialEq)]
pub enum Shown {
    /// Words as they were written.
    Prose(String),
    /// One or more choices or people.
    List(Vec<String>),
    /// Repeats of a group: each a list of question and answer.
    Rows(Vec<Vec<(String, String)>>),
    /// Why there is no answer.
    Reason(String),
    /// No answer, though one is asked for.
    Nothing,
}

impl Answered {
    /// The answer as plain text, for comparing.
    pub fn as_text(&self) -> String {
        match &self.shown {
            Shown::Prose(words) => words.clone(),
            Shown::List(items) => items.join("\n"),
            Shown::Rows(rows) => rows
                .iter()
                .map(|row| {
                    let parts: Vec<String> = row.iter().map(|(q, a)| format!("{q}: {a}")).collect();
                    parts.join("\n")
                })
                .collect::<Vec<_>>()
                .join("\n\n"),
            Shown::Reason(words) => format!("Left out, because: {words}"),
            Shown::Nothing => String::new(),
        }
    }
}

impl Casework {
    /// The whole step as one document.
    pub async fn step_document(&self, viewer: &Viewer, id: Id<ids::Step>) -> Result<Document> {
        let seen = self
            .step_seen(viewer, id, Asked::to_read("/steps/read"))
            .await?;
        let sections = self.step_sections(&seen).await?;
        self.document_of(viewer, seen, &sections).await
    }

    pub(crate) async fn document_of(
        &self,
        viewer: &Viewer,
        seen: StepSeen,
        sections: &[SectionSeen],
    ) -> Result<Document> {
        let people = self.family_people(viewer, &seen).await?;
        let all = all_answers(sections);
        let parts = seen
            .form
            .sections
            .iter()
            .filter(|section| seen.form.shows_section(section, &all))
            // An optional section that nobody needed is no gap.
            .filter(|section| !section.optional || find(sections, &section.id).is_some())
            .map(|section| {
                let saved = find(sections, &section.id);
                let answers = saved.map(SectionSeen::read).unwrap_or_default();
                let left_out = saved.and_then(SectionSeen::left_out).map(str::to_owned);
                Part {
                    id: section.id.clone(),
                    title: section.title.clone(),
                    by: saved.map_or_else(String::new, |s| {
                        format!("{}, {}", s.saver, plain::date_time(time::local(s.saved_at)))
                    }),
                    answers: if left_out.is_some() {
                        Vec::new()
                    } else {
                        answered(section, &answers, &people)
                    },
                    left_out,
                    columns: section.id == BALANCE,
                }
            })
            .collect();
        let step = &seen.step;
        let settled = step.settled_at.map(|at| {
            let deed = match step.state {
                record::model::StepState::SentBack => "Sent back by",
                record::model::StepState::Skipped => "Left out by",
                _ if seen.def.authorise.is_some() => "Authorised by",
                _ => "Finished by",
            };
            let name = seen.settler.as_deref().unwrap_or("someone");
            format!("{deed} {name}, {}", plain::date_time(time::local(at)))
        });
        Ok(Document {
            outcome: step.outcome.as_deref().map(|id| outcome_words(&seen, id)),
            settled,
            parts,
            seen,
        })
    }
}

/// The answers of a section for reading.
pub(crate) fn answered(section: &Section, answers: &Answers, people: &[Person]) -> Vec<Answered> {
    section
        .fields
        .iter()
        .filter(|field| field.show_if.as_ref().is_none_or(|c| c.is_met(answers)))
        .filter_map(|field| {
            let shown = shown(field, answers, people);
            // The three columns stand side by side, also when one is empty.
            let quiet = field.required == packs::Required::No
                && shown == Shown::Nothing
                && section.id != BALANCE;
            (!quiet).then(|| Answered {
                label: field.label.clone(),
                shown,
            })
        })
        .collect()
}

fn shown(field: &Field, answers: &Answers, people: &[Person]) -> Shown {
    let groups = answers.groups(&field.name);
    if !groups.is_empty() {
        let rows = groups.iter().map(|group| {
            field
                .group_fields()
                .iter()
                .filter_map(|inner| {
                    let words = in_words(inner, group, people).join(", ");
                    (!words.is_empty()).then(|| (inner.label.clone(), words))
                })
                .collect()
        });
        return Shown::Rows(rows.collect());
    }
    let words = in_words(field, answers, people);
    let reason = answers.text(&field.reason_name());
    match (words.is_empty(), reason.is_empty()) {
        (true, true) => Shown::Nothing,
        (true, false) => Shown::Reason(reason.to_owned()),
        (false, _) if matches!(field.kind, Kind::Narrative | Kind::Text) => {
            Shown::Prose(words.join("\n"))
        }
        _ => Shown::List(words),
    }
}

fn in_words(field: &Field, answers: &Answers, people: &[Person]) -> Vec<String> {
    let values = answers.list(&field.name);
    let word = |value: &str| match &field.kind {
        Kind::Date => answers
            .date(&field.name)
            .map_or_else(|| value.to_owned(), plain::date),
        Kind::DateTime => answers
            .date_time(&field.name)
            .map_or_else(|| value.to_owned(), plain::date_time),
        Kind::YesNo if value == "yes" => "Yes".to_owned(),
        Kind::YesNo => "No".to_owned(),
        Kind::People { .. } => people
            .iter()
            .find(|p| p.id.as_str() == value)
            .map_or_else(|| "Someone not shown here".to_owned(), Person::name),
        kind => kind
            .options()
            .map_or(value, |options| options.label(value))
            .to_owned(),
    };
    values.into_iter().map(word).collect()
}
