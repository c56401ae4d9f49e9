//! Checks answers against their form and says in plain words what to change.
//!
//! A finding that stops is rare: law, safety or a return demands the answer.
//! A warning asks for a reason and lets the work go on.

use vocabulary::{NhsNumber, Postcode};

use crate::answers::Answers;
use crate::form::{Condition, Field, Form, Kind, Options, Required};

/// The years in which a typed date can lie: outside them it is a slip of the
/// finger.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2100;

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The form cannot be submitted so.
    Stop,
    /// It can, with a reason.
    Warn,
}

/// Something about an answer that the person should look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The field's name; within a group "children.0.given".
    pub field: String,
    /// The question.
    pub label: String,
    /// What to do, in plain words.
    pub message: String,
    /// How much it weighs.
    pub severity: Severity,
}

impl Form {
    /// Checks the answers of one section, or of the whole form. Questions and
    /// sections that are not shown are not checked.
    pub fn check(&self, answers: &Answers, section: Option<&str>) -> Vec<Finding> {
        let mut findings = Vec::new();
        for part in &self.sections {
            if section.is_some_and(|id| id != part.id) || !self.shows_section(part, answers) {
                continue;
            }
            for field in &part.fields {
                if is_met(field.show_if.as_ref(), answers) {
                    check_field(field, "", answers, &mut findings);
                }
            }
        }
        findings
    }

    /// Whether a section is asked, given the answers so far.
    pub fn shows_section(&self, section: &crate::Section, answers: &Answers) -> bool {
        is_met(section.show_if.as_ref(), answers)
    }

    /// Whether a field is asked, given the answers so far.
    pub fn shows_field(&self, field: &Field, answers: &Answers) -> bool {
        is_met(field.show_if.as_ref(), answers)
    }
}

impl Condition {
    /// Whether the answers meet the condition.
    pub fn is_met(&self, answers: &Answers) -> bool {
        self.any.iter().any(|value| answers.has(&self.field, value))
    }
}

fn is_met(condition: Option<&Condition>, answers: &Answers) -> bool {
    condition.is_none_or(|condition| condition.is_met(answers))
}

fn check_field(field: &Field, prefix: &str, answers: &Answers, findings: &mut Vec<Finding>) {
    let mut found = |message: String, severity| {
        findings.push(Finding {
            field: format!("{prefix}{}", field.name),
            label: field.label.clone(),
            message,
            severity,
        });
    };
    if answers.list(&field.name).is_empty() && answers.groups(&field.name).is_empty() {
        match &field.required {
            Required::No => {}
            Required::Yes => found(missing_message(field), Severity::Stop),
            Required::Warn { ask } => {
                if answers.text(&field.reason_name()).is_empty() {
                    found(ask.clone(), Severity::Warn);
                }
            }
        }
        return;
    }
    if let Some(message) = wrong_message(field, answers) {
        found(message, Severity::Stop);
    }
    for (i, group) in answers.groups(&field.name).iter().enumerate() {
        for inner in field.group_fields() {
            if is_met(inner.show_if.as_ref(), group) {
                check_field(
                    inner,
                    &format!("{prefix}{}.{i}.", field.name),
                    group,
                    findings,
                );
            }
        }
    }
}

fn missing_message(field: &Field) -> String {
    if !field.missing.is_empty() {
        return field.missing.clone();
    }
    let label = field.label.trim_end_matches('?');
    match &field.kind {
        Kind::YesNo | Kind::Radios(_) | Kind::Select(_) => format!("Choose an answer: {label}"),
        Kind::Checkboxes(_) | Kind::People { .. } => format!("Choose at least one: {label}"),
        Kind::Group { noun, .. } => format!("Tell us about at least one {noun}"),
        _ => format!("Fill in: {label}"),
    }
}

/// What is wrong with an answer that was given; `None` when it is fine.
fn wrong_message(field: &Field, answers: &Answers) -> Option<String> {
    let label = &field.label;
    let text = answers.text(&field.name);
    let length = text.chars().count();
    if let Some(most) = field.max_length.filter(|most| length > *most) {
        return Some(format!(
            "{label}: use {most} characters or fewer. You have {length}"
        ));
    }
    if let Some(least) = field.min_length.filter(|least| length < *least) {
        return Some(format!(
            "{label}: use at least {least} characters. You have {length}"
        ));
    }
    match &field.kind {
        Kind::Text | Kind::Narrative => None,
        Kind::Date => match answers.date(&field.name) {
            Some(date) if YEARS.contains(&chrono::Datelike::year(&date)) => None,
            _ => Some(format!("{label} must be a real date, like 27 3 2019")),
        },
        Kind::DateTime => match answers.date_time(&field.name) {
            Some(at) if YEARS.contains(&chrono::Datelike::year(&at.date())) => None,
            _ => Some(format!(
                "{label} must be a real date and time, like 27 3 2019 and 2:30pm"
            )),
        },
        Kind::Number { min, max } => check_number(label, text, *min, *max),
        Kind::Email => (!looks_like_email(text))
            .then(|| "Enter an email address with an @, like name@example.com".to_owned()),
        Kind::Phone => (!looks_like_phone(text))
            .then(|| "Enter a phone number, like 01632 960 001 or 07700 900 982".to_owned()),
        Kind::Postcode => text.parse::<Postcode>().err().map(|e| e.to_string()),
        Kind::NhsNumber => text.parse::<NhsNumber>().err().map(|e| e.to_string()),
        Kind::YesNo => {
            (!["yes", "no"].contains(&text)).then(|| format!("{label}: choose yes or no"))
        }
        Kind::Radios(options) | Kind::Select(options) => check_choices(label, options, &[text]),
        Kind::Checkboxes(options) => check_choices(label, options, &answers.list(&field.name)),
        Kind::People { many: false, .. } => {
            (answers.list(&field.name).len() > 1).then(|| format!("{label}: choose one person"))
        }
        Kind::People { .. } => None,
        Kind::Group { max, noun, .. } => (answers.groups(&field.name).len() > *max).then(|| {
            format!(
                "{label}: add {max} at most. If there is another {noun}, say so in your own words"
            )
        }),
    }
}

fn check_number(label: &str, text: &str, min: Option<i64>, max: Option<i64>) -> Option<String> {
    let Ok(number) = text.replace([',', ' '], "").parse::<i64>() else {
        return Some(format!("{label} must be a whole number, like 7"));
    };
    match (min, max) {
        (Some(min), _) if number < min => Some(format!("{label} must be {min} or more")),
        (_, Some(max)) if number > max => Some(format!("{label} must be {max} or less")),
        _ => None,
    }
}

fn check_choices(label: &str, options: &Options, values: &[&str]) -> Option<String> {
    let find = |value: &&str| {
        options
            .choices
            .iter()
            .find(|choice| choice.value == **value)
    };
    if !values.iter().all(|value| find(value).is_some()) {
        return Some(format!("{label}: choose from the list"));
    }
    let alone = values.iter().filter_map(find).find(|choice| choice.alone)?;
    (values.len() > 1).then(|| format!("{label}: choose “{}” alone, or leave it out", alone.label))
}

/// One @ with something on both sides and a dot after it: enough to catch
/// slips without refusing an address that works.
fn looks_like_email(text: &str) -> bool {
    text.split_once('@').is_some_and(|(name, host)| {
        !name.is_empty()
            && !host.contains('@')
            && !text.contains(char::is_whitespace)
            && host.split('.').count() > 1
            && host.split('.').all(|part| !part.is_empty())
    })
}

fn looks_like_phone(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let other = |c: char| !(c.is_ascii_digit() || c.is_whitespace() || "+()-.".contains(c));
    // "extension 4" is a fine thing to write after a number.
    let plain = text
        .to_lowercase()
        .replace("extension", "")
        .replace("ext", "")
        .replace('x', "");
    (7..=18).contains(&digits) && !plain.contains(other)
}
