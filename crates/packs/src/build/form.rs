//! Forms: sections, fields, what they offer and when they are shown.

use super::{Builder, Refers};
use crate::dated::Head;
use crate::form::*;
use crate::raw::*;

impl Builder<'_> {
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
}
