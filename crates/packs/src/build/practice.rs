//! Steps, clocks, threshold documents and letters.

use super::{Builder, Refers};
use crate::clock::{ClockRule, TRIGGERS, Unit};
use crate::dated::Head;
use crate::letter::{Letter, next_gap};
use crate::raw::*;
use crate::step::{Authorise, Outcome, StepDef, Subjects};
use crate::threshold::{Indicator, Level, Threshold};

impl Builder<'_> {
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
}
