//! From a file as written to the thing it declares, with every mistake that
//! can be seen in the one file.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use toml::Spanned;
use toml::value::Datetime;

use crate::clock::{ClockRule, TRIGGERS, Unit};
use crate::codes::{Code, CodeSet};
use crate::dated::{Head, Strength};
use crate::form::*;
use crate::letter::{Letter, next_gap};
use crate::problem::{Place, Problem, Source};
use crate::raw::*;
use crate::roles::{MOST_BLOCKS, Named, Role, Roles};
use crate::step::{Authorise, Outcome, StepDef, Subjects};
use crate::threshold::{Indicator, Level, Threshold};
use crate::workload::{Band, Ceiling, StatusPoints, Workload};

/// References from one file to others, checked when all are known.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Copy)]
pub(crate) enum Refers {
    Form,
    Step,
    Clock,
    Codes,
    Capability,
    Role,
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

    pub fn form(&mut self, raw: &RawForm, head: Head, is_overlay: bool) -> Form {
        self.unique("section", raw.section.iter().map(|section| &section.id));
        self.unique(
            "field",
            raw.section
                .iter()
                .flat_map(|s| &s.field)
                .map(|field| &field.name),
        );
        if raw.section.is_empty() && !is_overlay {
            self.problem(
                &raw.id,
                "the form has no section",
                "Add a [[section]] with at least one [[section.field]]",
            );
        }
        let sections = raw
            .section
            .iter()
            .map(|section| Section {
                id: section.id.get_ref().clone(),
                title: section.title.clone(),
                prompt: section.prompt.clone(),
                help: section.help.clone(),
                warning: section.warning.clone(),
                fields: section
                    .field
                    .iter()
                    .filter_map(|field| self.field(field, false))
                    .collect(),
                optional: section.optional,
                show_if: section.show_if.as_ref().and_then(|c| self.condition(c)),
            })
            .collect();
        let form = Form {
            intro: raw.intro.clone(),
            budget: raw.budget.as_ref().map(|budget| *budget.get_ref()),
            sections,
            ..Form::headed(head)
        };
        if let Some(budget) = &raw.budget
            && form.insists_on() > *budget.get_ref()
        {
            self.problem(
                budget,
                format!(
                    "the form insists on {} answers in codes, its budget is {}",
                    form.insists_on(),
                    budget.get_ref()
                ),
                "Make a field optional, or show that a return, a law or people’s needs ask for it",
            );
        }
        form
    }

    fn field(&mut self, raw: &RawField, in_group: bool) -> Option<Field> {
        let required = self.required(raw);
        let kind = self.kind(raw, in_group)?;
        if raw.label.trim().is_empty() {
            self.problem(
                &raw.name,
                "the field has no label",
                "Write the question as people would ask it",
            );
        }
        if raw.name.get_ref().contains('.') || raw.name.get_ref().ends_with("_reason") && in_group {
            self.problem(
                &raw.name,
                format!("“{}” cannot be a field’s name", raw.name.get_ref()),
                "Use small letters and underscores",
            );
        }
        Some(Field {
            name: raw.name.get_ref().clone(),
            label: raw.label.clone(),
            hint: raw.hint.clone(),
            kind,
            required,
            why: raw.why.clone(),
            missing: raw.missing.clone(),
            fact: raw.fact.clone(),
            show_if: raw.show_if.as_ref().and_then(|c| self.condition(c)),
            autocomplete: raw.autocomplete.clone(),
            max_length: raw.max_length,
            min_length: raw.min_length,
            rows: raw.rows,
            place: self.place(&raw.name),
        })
    }

    fn required(&mut self, raw: &RawField) -> Required {
        let Some(word) = &raw.required else {
            return Required::No;
        };
        match self.one_of(
            "an answer to “required”",
            word,
            &[("no", 0), ("yes", 1), ("warn", 2)],
        ) {
            Some(1) => Required::Yes,
            Some(2) => {
                if raw.ask.trim().is_empty() {
                    self.problem(
                        word,
                        "a field that warns must ask something",
                        "Add ask = \"…\": the question when the answer is left out",
                    );
                }
                Required::Warn {
                    ask: raw.ask.clone(),
                }
            }
            _ => Required::No,
        }
    }

    fn kind(&mut self, raw: &RawField, in_group: bool) -> Option<Kind> {
        const KINDS: &[(&str, &str)] = &[
            ("text", "text"),
            ("narrative", "narrative"),
            ("date", "date"),
            ("datetime", "datetime"),
            ("number", "number"),
            ("email", "email"),
            ("phone", "phone"),
            ("postcode", "postcode"),
            ("nhs_number", "nhs_number"),
            ("yes_no", "yes_no"),
            ("radios", "radios"),
            ("checkboxes", "checkboxes"),
            ("select", "select"),
            ("people", "people"),
            ("group", "group"),
        ];
        let word = self.one_of("a kind of field", &raw.kind, KINDS)?;
        let chooses = matches!(word, "radios" | "checkboxes" | "select");
        if !chooses && (raw.codes.is_some() || !raw.options.is_empty()) {
            self.problem(
                &raw.kind,
                format!("a field of kind “{word}” has no choices"),
                "Take out “codes” and “options”, or use radios, checkboxes or select",
            );
        }
        if word != "group" && !raw.field.is_empty() {
            self.problem(
                &raw.kind,
                format!("a field of kind “{word}” has no fields of its own"),
                "Only a group has",
            );
        }
        Some(match word {
            "narrative" => Kind::Narrative,
            "date" => Kind::Date,
            "datetime" => Kind::DateTime,
            "number" => Kind::Number {
                min: raw.min,
                max: raw.max,
            },
            "email" => Kind::Email,
            "phone" => Kind::Phone,
            "postcode" => Kind::Postcode,
            "nhs_number" => Kind::NhsNumber,
            "yes_no" => Kind::YesNo,
            "radios" => Kind::Radios(self.options(raw)),
            "checkboxes" => Kind::Checkboxes(self.options(raw)),
            "select" => Kind::Select(self.options(raw)),
            "people" => Kind::People {
                who: self.who(raw),
                many: raw.many.unwrap_or(true),
            },
            "group" => self.group(raw, in_group),
            _ => Kind::Text,
        })
    }

    fn who(&mut self, raw: &RawField) -> Who {
        let words = [
            ("children", Who::Children),
            ("adults", Who::Adults),
            ("everyone", Who::Everyone),
        ];
        raw.who
            .as_ref()
            .and_then(|word| self.one_of("a set of people", word, &words))
            .unwrap_or(Who::Everyone)
    }

    fn group(&mut self, raw: &RawField, in_group: bool) -> Kind {
        if in_group {
            self.problem(
                &raw.kind,
                "a group cannot stand in a group",
                "Make two groups beside each other",
            );
        }
        if raw.field.is_empty() {
            self.problem(
                &raw.kind,
                "the group has no fields",
                "Add a [[section.field.field]]",
            );
        }
        self.unique("field", raw.field.iter().map(|field| &field.name));
        let max = raw
            .max
            .and_then(|max| usize::try_from(max).ok())
            .filter(|max| (1..=60).contains(max));
        if max.is_none() {
            self.problem(
                &raw.kind,
                "the group does not say how many there may be",
                "Add max = 12 (1 to 60)",
            );
        }
        Kind::Group {
            fields: raw
                .field
                .iter()
                .filter_map(|field| self.field(field, true))
                .collect(),
            max: max.unwrap_or(1),
            noun: raw.noun.clone().unwrap_or_else(|| "one".into()),
        }
    }

    fn options(&mut self, raw: &RawField) -> Options {
        match (&raw.codes, raw.options.as_slice()) {
            (None, []) => self.problem(
                &raw.kind,
                format!("“{}” has no options to choose from", raw.name.get_ref()),
                "Add options = [{ value = \"…\", label = \"…\" }] or codes = \"…\"",
            ),
            (Some(codes), [_, ..]) => {
                self.problem(
                    codes,
                    "a field has either codes or options",
                    "Take one of them out",
                );
            }
            _ => {}
        }
        self.unique("option", raw.options.iter().map(|option| &option.value));
        Options {
            codes: raw
                .codes
                .as_ref()
                .map(|codes| self.refer(Refers::Codes, codes)),
            choices: raw
                .options
                .iter()
                .map(|option| Choice {
                    value: option.value.get_ref().clone(),
                    label: option.label.clone(),
                    hint: option.hint.clone(),
                    alone: option.alone,
                    ..Choice::default()
                })
                .collect(),
        }
    }

    fn condition(&mut self, raw: &RawCondition) -> Option<Condition> {
        let any: Vec<String> = raw
            .equals
            .iter()
            .chain(&raw.any)
            .map(|value| value.get_ref().clone())
            .collect();
        if any.is_empty() {
            self.problem(
                &raw.field,
                "the condition names no answer",
                "Add equals = \"…\" or any = [\"…\"]",
            );
            return None;
        }
        Some(Condition {
            field: raw.field.get_ref().clone(),
            any,
        })
    }

    pub fn step(&mut self, raw: &RawStep, head: Head) -> StepDef {
        self.unique("outcome", raw.outcome.iter().map(|outcome| &outcome.id));
        if raw.outcome.is_empty() {
            self.problem(
                &raw.id,
                "the step has no outcome",
                "Add at least one [[outcome]]: there are no dead ends",
            );
        }
        let subjects = [
            ("child", Subjects::Child),
            ("children", Subjects::Children),
            ("family", Subjects::Family),
        ];
        StepDef {
            form: self.refer(Refers::Form, &raw.form),
            subjects: self
                .one_of("a kind of subject", &raw.subjects, &subjects)
                .unwrap_or_default(),
            clock: raw
                .clock
                .as_ref()
                .map(|clock| self.refer(Refers::Clock, clock)),
            authorise: raw.authorise.as_ref().map(|authorise| Authorise {
                capability: self.refer(Refers::Capability, &authorise.capability),
                not_author: authorise.not_author,
            }),
            outcomes: raw
                .outcome
                .iter()
                .map(|outcome| Outcome {
                    id: outcome.id.get_ref().clone(),
                    title: outcome.title.clone(),
                    hint: outcome.hint.clone(),
                    next: outcome
                        .next
                        .iter()
                        .map(|step| self.refer(Refers::Step, step))
                        .collect(),
                })
                .collect(),
            skip_with_reason: raw.skip_with_reason,
            exemplar: raw.exemplar.clone(),
            ..StepDef::headed(head)
        }
    }

    pub fn clock(&mut self, raw: &RawClock, head: Head) -> ClockRule {
        for event in [&raw.trigger, &raw.stop] {
            if !TRIGGERS.iter().any(|(id, _)| id == event.get_ref()) {
                let ids: Vec<&str> = TRIGGERS.iter().map(|(id, _)| *id).collect();
                self.problem(
                    event,
                    format!("nothing that happens is called “{}”", event.get_ref()),
                    format!("Use one of: {}", ids.join(", ")),
                );
            }
        }
        let unit = Unit::from_code(raw.unit.get_ref());
        if unit.is_none() {
            self.problem(
                &raw.unit,
                format!("“{}” is not a unit", raw.unit.get_ref()),
                "Use one of: hours, calendar_days, working_days, weeks, months, years",
            );
        }
        // 0 means the same day, which only days can say; and nobody waits a
        // century.
        let days = matches!(unit, Some(Unit::CalendarDays | Unit::WorkingDays));
        if !(if days { 0..=36_500 } else { 1..=36_500 }).contains(raw.amount.get_ref())
            || (unit == Some(Unit::Years) && *raw.amount.get_ref() > 100)
        {
            self.problem(
                &raw.amount,
                format!("{} cannot be the amount", raw.amount.get_ref()),
                "Use a whole number from 1; 0 days means the same day",
            );
        }
        ClockRule {
            rule: raw.rule.clone(),
            step: raw.step.as_ref().map(|step| self.refer(Refers::Step, step)),
            trigger: raw.trigger.get_ref().clone(),
            stop: raw.stop.get_ref().clone(),
            amount: (*raw.amount.get_ref()).min(36_500),
            unit: unit.unwrap_or_default(),
            warn_before: raw.warn_before.min(3_650),
            ..ClockRule::headed(head)
        }
    }

    pub fn threshold(&mut self, raw: &RawThreshold, head: Head) -> Threshold {
        self.unique("level", raw.level.iter().map(|level| &level.id));
        self.unique(
            "indicator",
            raw.level
                .iter()
                .flat_map(|level| &level.indicator)
                .map(|i| &i.id),
        );
        let domains = [("development", ()), ("parenting", ()), ("family", ())];
        let mut levels = Vec::new();
        for (i, level) in raw.level.iter().enumerate() {
            if usize::from(level.number) != i + 1 {
                self.problem(
                    &level.id,
                    format!("level {} is out of order", level.number),
                    "Write the levels from 1 upwards",
                );
            }
            let mut indicators = Vec::new();
            for indicator in &level.indicator {
                self.one_of("a domain", &indicator.domain, &domains);
                indicators.push(Indicator {
                    id: indicator.id.get_ref().clone(),
                    text: indicator.text.clone(),
                    domain: indicator.domain.get_ref().clone(),
                });
            }
            levels.push(Level {
                id: level.id.get_ref().clone(),
                number: level.number,
                title: level.title.clone(),
                summary: level.summary.clone(),
                indicators,
            });
        }
        Threshold {
            intro: raw.intro.clone(),
            levels,
            ..Threshold::headed(head)
        }
    }

    pub fn roles(&mut self, raw: &RawRoles, head: Head) -> Roles {
        self.unique("capability", raw.capability.iter().map(|c| &c.id));
        self.unique("block", raw.block.iter().map(|block| &block.id));
        self.unique("role", raw.role.iter().map(|role| &role.id));
        let named = |all: &[RawNamed]| {
            all.iter()
                .map(|n| Named {
                    id: n.id.get_ref().clone(),
                    title: n.title.clone(),
                })
                .collect()
        };
        let mut roles = Vec::new();
        for role in &raw.role {
            self.unique("block", &role.home);
            if role.home.len() > MOST_BLOCKS {
                self.problem(
                    &role.id,
                    format!(
                        "the home page of “{}” has {} blocks",
                        role.id.get_ref(),
                        role.home.len()
                    ),
                    "A home page has at most 7 blocks, so that the first things are seen (R004-37)",
                );
            }
            if role.home.is_empty() {
                self.problem(
                    &role.id,
                    format!("“{}” has no home page", role.id.get_ref()),
                    "Add home = [\"…\"] with at least one block",
                );
            }
            roles.push(Role {
                id: role.id.get_ref().clone(),
                title: role.title.clone(),
                capabilities: role
                    .capabilities
                    .iter()
                    .map(|c| self.refer(Refers::Capability, c))
                    .collect(),
                home: role
                    .home
                    .iter()
                    .map(|block| block.get_ref().clone())
                    .collect(),
                place: self.place(&role.id),
            });
        }
        Roles {
            capabilities: named(&raw.capability),
            blocks: named(&raw.block),
            roles,
            ..Roles::headed(head)
        }
    }

    pub fn codes(&mut self, raw: &RawCodes, head: Head) -> CodeSet {
        self.unique("code", raw.code.iter().map(|code| &code.code));
        if raw.code.is_empty() {
            self.problem(
                &raw.id,
                "the code set has no codes",
                "Add at least one [[code]]",
            );
        }
        let mut codes = Vec::new();
        for code in &raw.code {
            if let Some(inverse) = &code.inverse
                && !raw
                    .code
                    .iter()
                    .any(|other| other.code.get_ref() == inverse.get_ref())
            {
                self.problem(
                    inverse,
                    format!("there is no code “{}” here", inverse.get_ref()),
                    "The other side must be a code of this set",
                );
            }
            codes.push(Code {
                code: code.code.get_ref().clone(),
                label: code.label.clone(),
                hint: code.hint.clone(),
                official: code.official.clone(),
                group: code.group.clone(),
                inverse: code
                    .inverse
                    .as_ref()
                    .map(|i| i.get_ref().clone())
                    .unwrap_or_default(),
                from: code.from.as_ref().and_then(|day| self.day(day)),
                to: code.to.as_ref().and_then(|day| self.day(day)),
                alone: code.alone,
                asks_parental_responsibility: code.asks_parental_responsibility,
            });
        }
        CodeSet {
            codes,
            ..CodeSet::headed(head)
        }
    }

    pub fn workload(&mut self, raw: &RawWorkload, head: Head) -> Workload {
        self.unique("status", raw.points.iter().map(|points| &points.id));
        self.unique("travel band", raw.travel.iter().map(|band| &band.id));
        self.unique("ceiling", raw.ceiling.iter().map(|ceiling| &ceiling.role));
        if !(0.0..=1.0).contains(raw.sibling_share.get_ref()) {
            self.problem(
                &raw.sibling_share,
                "the share of a brother or sister must be from 0 to 1",
                "0.5 counts each further child half",
            );
        }
        Workload {
            points: raw
                .points
                .iter()
                .map(|p| StatusPoints {
                    status: p.id.get_ref().clone(),
                    title: p.title.clone(),
                    points: p.points,
                })
                .collect(),
            court: raw.court,
            sibling_share: *raw.sibling_share.get_ref(),
            travel: raw
                .travel
                .iter()
                .map(|b| Band {
                    id: b.id.get_ref().clone(),
                    title: b.title.clone(),
                    points: b.points,
                })
                .collect(),
            new_allocation: raw.new_allocation,
            new_allocation_weeks: raw.new_allocation_weeks,
            complexity_most: raw.complexity_most,
            ceilings: raw
                .ceiling
                .iter()
                .map(|c| Ceiling {
                    role: self.refer(Refers::Role, &c.role),
                    points: c.points,
                    children: c.children,
                })
                .collect(),
            newly_qualified_percent: raw.newly_qualified_percent,
            ..Workload::headed(head)
        }
    }

    pub fn letter(&mut self, raw: &RawLetter, head: Head) -> Letter {
        for text in [&raw.subject, &raw.body] {
            let mut rest = text.get_ref().as_str();
            while let Some((_, gap, after)) = next_gap(rest) {
                if !raw.gaps.iter().any(|known| known == gap) {
                    self.problem(
                        text,
                        format!("the letter uses {{{gap}}}, which is not among its gaps"),
                        format!("Add \"{gap}\" to gaps, or mend the word"),
                    );
                }
                rest = after;
            }
        }
        Letter {
            subject: raw.subject.get_ref().clone(),
            body: raw.body.get_ref().clone(),
            gaps: raw.gaps.clone(),
            ..Letter::headed(head)
        }
    }

    pub fn closed_days(&mut self, raw: &RawCalendar) -> Vec<(NaiveDate, String)> {
        raw.closed
            .iter()
            .filter_map(|closed| Some((self.day(&closed.date)?, closed.name.clone())))
            .collect()
    }
}
