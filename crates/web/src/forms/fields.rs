//! From a pack's form, the answers and the findings to HTML.

use std::fmt;

use askama::Template;
use askama::filters::HtmlSafe;
use chrono::NaiveDate;
use packs::{
    Answers, Choice, Condition, Field, Finding, Form, Kind, Options, Required, Section, Severity,
    Who,
};

use super::view::{ChoiceView, FieldView, Input, Nudge, SectionView, When};

/// Finished HTML: a template shows it as it is, with `{{ fields }}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Html(String);

impl fmt::Display for Html {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl HtmlSafe for Html {}

impl Html {
    /// What a template of this crate wrote.
    pub(crate) fn of(rendered: String) -> Html {
        Html(rendered)
    }
}

/// Someone whom a field of people may offer. The caller decides who: only
/// people the worker may know of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonChoice {
    /// Their id, which becomes the answer.
    pub id: String,
    /// Their name.
    pub name: String,
    /// What tells them apart: "mother", "7, brother".
    pub note: String,
    /// Whether this is a child of the family.
    pub child: bool,
}

/// A form, or one section of it, about to be shown.
#[derive(Debug, Clone)]
pub struct Fields<'a> {
    form: &'a Form,
    answers: &'a Answers,
    today: NaiveDate,
    section: Option<&'a str>,
    titles: bool,
    findings: &'a [Finding],
    people: &'a [PersonChoice],
    adding: Option<&'a str>,
    list: Option<(&'a str, &'a [String])>,
}

impl<'a> Fields<'a> {
    /// The whole form with these answers. `today` decides which codes are
    /// still offered.
    pub fn new(form: &'a Form, answers: &'a Answers, today: NaiveDate) -> Self {
        Self {
            form,
            answers,
            today,
            section: None,
            titles: true,
            findings: &[],
            people: &[],
            adding: None,
            list: None,
        }
    }

    /// Only this section, without its heading (the page's `h1` says it).
    #[must_use]
    pub fn section(mut self, id: &'a str) -> Self {
        self.section = Some(id);
        self.titles = false;
        self
    }

    /// With what was found, each message at its field.
    #[must_use]
    pub fn findings(mut self, findings: &'a [Finding]) -> Self {
        self.findings = findings;
        self
    }

    /// The people that fields of people may offer.
    #[must_use]
    pub fn people(mut self, people: &'a [PersonChoice]) -> Self {
        self.people = people;
        self
    }

    /// With one more empty item of this group ("Add another").
    #[must_use]
    pub fn adding(mut self, group: Option<&'a str>) -> Self {
        self.adding = group;
        self
    }

    /// With words offered while this field of one line is typed, such as the
    /// names of the network. The browser shows them; it needs no script.
    #[must_use]
    pub fn list(mut self, field: &'a str, words: &'a [String]) -> Self {
        self.list = Some((field, words));
        self
    }

    /// The HTML: fields only. The page brings the `<form method="post"
    /// novalidate>`, the `once` field and the buttons.
    ///
    /// # Errors
    /// When a template cannot be rendered, which no input should cause.
    pub fn html(&self) -> Result<Html, askama::Error> {
        let mut out = String::new();
        let groups = self
            .sections()
            .flat_map(|section| &section.fields)
            .any(|field| matches!(field.kind, Kind::Group { .. }));
        if groups {
            // Enter in a field presses the first button of a form: that must
            // not be "Remove".
            out.push_str("<button type=\"submit\" class=\"govuk-visually-hidden\" tabindex=\"-1\" aria-hidden=\"true\">Continue</button>\n");
        }
        for section in self.sections() {
            out.push_str(&self.write_section(section)?);
        }
        Ok(Html(out))
    }

    fn write_section(&self, section: &Section) -> Result<String, askama::Error> {
        let prompts: Vec<String> = lines(&section.prompt);
        // The prompts stand beside the first box for writing; without one,
        // they stand on top of the section.
        let writes = section
            .fields
            .iter()
            .position(|field| field.kind == Kind::Narrative);
        let mut fields = Vec::new();
        for (i, field) in section.fields.iter().enumerate() {
            let beside = if writes == Some(i) {
                prompts.clone()
            } else {
                Vec::new()
            };
            fields.push(self.write_field(field, &section.fields, "", self.answers, beside)?);
        }
        SectionView {
            id: section.id.clone(),
            title: self.titles.then(|| section.title.clone()),
            warning: section.warning.clone(),
            prompts: if writes.is_some() {
                Vec::new()
            } else {
                prompts
            },
            help: section.help.clone(),
            // A section alone on its page was reached because it is asked.
            when: section
                .show_if
                .as_ref()
                .filter(|condition| self.is_on_page(condition, &[]))
                .map(|condition| self.when(condition, "", &[])),
            fields,
        }
        .render()
    }

    fn write_field(
        &self,
        field: &Field,
        siblings: &[Field],
        prefix: &str,
        answers: &Answers,
        prompts: Vec<String>,
    ) -> Result<String, askama::Error> {
        let id = format!("{prefix}{}", field.name);
        // A question that hangs on an answer given on another page is asked or
        // not: nothing on this page could reveal it.
        let here = |condition: &&Condition| self.is_on_page(condition, siblings);
        let when = field.show_if.as_ref().filter(here);
        if when.is_none() && !self.form.shows_field(field, self.answers) {
            return Ok(String::new());
        }
        let found = |severity| {
            self.findings
                .iter()
                .find(|finding| finding.field == id && finding.severity == severity)
                .map(|finding| finding.message.clone())
        };
        let reason = answers.text(&field.reason_name()).to_owned();
        let asked = found(Severity::Warn);
        let nudge = match &field.required {
            Required::Warn { ask } if asked.is_some() || !reason.is_empty() => Some(Nudge {
                ask: ask.clone(),
                name: format!("{prefix}{}", field.reason_name()),
                reason,
                asked: asked.is_some(),
            }),
            _ => None,
        };
        let input = self.input(field, &id, answers, prompts)?;
        FieldView {
            label: field.label.clone(),
            optional: field.required == Required::No,
            hint: field.hint.clone(),
            why: field.why.clone(),
            error: found(Severity::Stop).unwrap_or_default(),
            nudge,
            when: when.map(|condition| self.when(condition, prefix, siblings)),
            input,
            id,
        }
        .render()
    }

    fn input(
        &self,
        field: &Field,
        id: &str,
        answers: &Answers,
        prompts: Vec<String>,
    ) -> Result<Input, askama::Error> {
        let text = answers.text(&field.name).to_owned();
        let line = |kind, mode, class, spellcheck| Input::Line {
            kind,
            mode,
            class,
            spellcheck,
            autocomplete: field.autocomplete.clone().unwrap_or_default(),
            value: text.clone(),
            list: self
                .list
                .filter(|(name, _)| *name == field.name)
                .map(|(_, words)| words.to_vec())
                .unwrap_or_default(),
        };
        Ok(match &field.kind {
            Kind::Text => line("text", "", "", true),
            Kind::Number { .. } => line("text", "numeric", "govuk-input--width-5", false),
            Kind::Email => line("email", "", "", false),
            Kind::Phone => line("tel", "", "govuk-input--width-20", false),
            Kind::Postcode => line("text", "", "govuk-input--width-10", false),
            Kind::NhsNumber => line("text", "numeric", "govuk-input--width-10", false),
            Kind::Narrative => Input::Area {
                rows: field.rows.unwrap_or(8),
                max: field.max_length,
                value: text,
                prompts,
            },
            Kind::Date | Kind::DateTime => Input::Date {
                parts: answers.date_parts(&field.name),
                time: (field.kind == Kind::DateTime)
                    .then(|| answers.time_part(&field.name).to_owned()),
                birthday: field.autocomplete.as_deref() == Some("bday"),
            },
            Kind::YesNo => Input::Choice {
                many: false,
                inline: true,
                choices: [("yes", "Yes"), ("no", "No")]
                    .map(|(value, label)| plain_choice(value, label, text == value))
                    .into(),
                none: "",
            },
            Kind::Radios(options) => self.choice(field, options, answers, false),
            Kind::Checkboxes(options) => self.choice(field, options, answers, true),
            Kind::Select(options) => Input::Select {
                groups: grouped(self.choices(field, options, answers)),
                autocomplete: field.autocomplete.clone().unwrap_or_default(),
            },
            Kind::People { who, many } => Input::Choice {
                many: *many,
                inline: false,
                choices: self.person_choices(*who, answers, &field.name),
                none: "Nobody is recorded yet. Add people on the family page.",
            },
            Kind::Group { fields, max, noun } => {
                let mut repeats = answers.groups(&field.name);
                if repeats.is_empty() {
                    repeats.push(Answers::new());
                }
                if self.adding == Some(&field.name) && repeats.len() < *max {
                    repeats.push(Answers::new());
                }
                let write = |number: &str, repeat: &Answers| -> Result<String, askama::Error> {
                    let prefix = format!("{id}.{number}.");
                    fields
                        .iter()
                        .map(|inner| self.write_field(inner, fields, &prefix, repeat, Vec::new()))
                        .collect()
                };
                let mut items = Vec::new();
                for (i, repeat) in repeats.iter().enumerate() {
                    items.push(write(&i.to_string(), repeat)?);
                }
                Input::Group {
                    noun: if noun.is_empty() {
                        "item".to_owned()
                    } else {
                        noun.clone()
                    },
                    items,
                    template: write("__N__", &Answers::new())?,
                    max: *max,
                }
            }
        })
    }

    fn choice(&self, field: &Field, options: &Options, answers: &Answers, many: bool) -> Input {
        Input::Choice {
            many,
            inline: false,
            choices: self.choices(field, options, answers),
            none: "",
        }
    }

    /// The choices of today, and those that were chosen when they still could be.
    fn choices(&self, field: &Field, options: &Options, answers: &Answers) -> Vec<ChoiceView> {
        let today: Vec<&Choice> = options.on(self.today).collect();
        let mut heading = "";
        options
            .choices
            .iter()
            .filter(|choice| today.contains(choice) || answers.has(&field.name, &choice.value))
            .map(|choice| {
                let new = choice.group != heading;
                heading = &choice.group;
                ChoiceView {
                    value: choice.value.clone(),
                    label: choice.label.clone(),
                    hint: choice.hint.clone(),
                    heading: if new {
                        choice.group.clone()
                    } else {
                        String::new()
                    },
                    alone: choice.alone,
                    chosen: answers.has(&field.name, &choice.value),
                }
            })
            .collect()
    }

    fn person_choices(&self, who: Who, answers: &Answers, name: &str) -> Vec<ChoiceView> {
        let offered = |person: &&PersonChoice| match who {
            Who::Children => person.child,
            Who::Adults => !person.child,
            Who::Everyone => true,
        };
        self.people
            .iter()
            .filter(offered)
            .map(|person| ChoiceView {
                hint: person.note.clone(),
                ..plain_choice(&person.id, &person.name, answers.has(name, &person.id))
            })
            .collect()
    }

    /// Whether the question that a condition names is on the page shown.
    fn is_on_page(&self, condition: &Condition, siblings: &[Field]) -> bool {
        siblings
            .iter()
            .chain(self.sections().flat_map(|section| &section.fields))
            .any(|field| field.name == condition.field)
    }

    /// The sections shown.
    fn sections(&self) -> impl Iterator<Item = &'a Section> {
        let only = self.section;
        self.form
            .sections
            .iter()
            .filter(move |section| only.is_none_or(|id| id == section.id))
    }

    fn when(&self, condition: &Condition, prefix: &str, siblings: &[Field]) -> When {
        let sibling = siblings.iter().find(|field| field.name == condition.field);
        // Of the same group, or of the form around it.
        let prefix = if sibling.is_some() { prefix } else { "" };
        let asked = sibling.or_else(|| self.form.field(&condition.field));
        let words: Vec<String> = condition
            .any
            .iter()
            .map(|value| {
                let label = match asked.map(|field| &field.kind) {
                    Some(Kind::YesNo) if value == "yes" => "Yes",
                    Some(Kind::YesNo) => "No",
                    Some(kind) => kind.options().map_or(value.as_str(), |o| o.label(value)),
                    None => value,
                };
                format!("“{label}”")
            })
            .collect();
        let question = asked.map_or(condition.field.as_str(), |field| &field.label);
        When {
            field: format!("{prefix}{}", condition.field),
            values: condition.any.join("|"),
            words: format!(
                "Only if you answered {} to “{question}”.",
                words.join(" or ")
            ),
        }
    }
}

fn plain_choice(value: &str, label: &str, chosen: bool) -> ChoiceView {
    ChoiceView {
        value: value.to_owned(),
        label: label.to_owned(),
        hint: String::new(),
        heading: String::new(),
        alone: false,
        chosen,
    }
}

fn grouped(choices: Vec<ChoiceView>) -> Vec<(String, Vec<ChoiceView>)> {
    let mut groups: Vec<(String, Vec<ChoiceView>)> = Vec::new();
    for choice in choices {
        match groups.last_mut() {
            Some((_, members)) if choice.heading.is_empty() => members.push(choice),
            _ => groups.push((choice.heading.clone(), vec![choice])),
        }
    }
    groups
}

/// The lines of a prompt, without the dashes of a written list.
fn lines(text: &str) -> Vec<String> {
    text.lines()
        .map(|line| {
            line.trim()
                .trim_start_matches(['-', '*', '•'])
                .trim()
                .to_owned()
        })
        .filter(|line| !line.is_empty())
        .collect()
}
