//! Steps, clocks, threshold documents and letters.

use toml::Spanned;

use super::{Builder, Refers};
use crate::clock::{CONDITIONS, ClockRule, STEP_DEEDS, Unit, When};
use crate::dated::Head;
use crate::letter::{Letter, next_gap};
use crate::meeting::{MeetingDef, Need, Partner, Quorum};
use crate::process::Process;
use crate::raw::*;
use crate::standard::{Measure, Standard};
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
        for outcome in &raw.outcome {
            if STEP_DEEDS.contains(&outcome.id.get_ref().as_str()) {
                self.problem(
                    &outcome.id,
                    format!("“{}” cannot be an outcome", outcome.id.get_ref()),
                    "A clock could not tell it from what happens to every step. Choose another word",
                );
            }
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
                    start: self.starts(outcome),
                })
                .collect(),
            skip_with_reason: raw.skip_with_reason,
            exemplar: raw.exemplar.clone(),
            ..StepDef::headed(head)
        }
    }

    /// The steps that an outcome begins at once: they are among those that may
    /// follow it.
    fn starts(&mut self, outcome: &RawOutcome) -> Vec<String> {
        for step in &outcome.start {
            if !outcome.next.iter().any(|n| n.get_ref() == step.get_ref()) {
                self.problem(
                    step,
                    format!("“{}” begins here but may not follow", step.get_ref()),
                    "Add it to “next” of the same outcome",
                );
            }
        }
        let names = outcome.start.iter();
        names.map(|step| step.get_ref().clone()).collect()
    }

    fn when(&mut self, raw: &Spanned<toml::Table>) -> Vec<When> {
        let mut all = Vec::new();
        for (what, value) in raw.get_ref() {
            if !CONDITIONS.iter().any(|(word, ..)| word == what) {
                let words: Vec<&str> = CONDITIONS.iter().map(|(word, ..)| *word).collect();
                self.problem(
                    raw,
                    format!("a clock cannot depend on “{what}”"),
                    format!("Use one of: {}", words.join(", ")),
                );
                continue;
            }
            let any = self.texts(&Spanned::new(raw.span(), value.clone()));
            let place = self.place(raw);
            for one in &any {
                let name = format!("{what}={one}");
                self.references
                    .push((Refers::Circumstance, name, place.clone()));
            }
            all.push(When {
                what: what.clone(),
                any,
            });
        }
        all
    }

    pub fn meeting(&mut self, raw: &RawMeeting, head: Head) -> MeetingDef {
        self.unique("partner", raw.partner.iter().map(|partner| &partner.id));
        let needs = [
            ("expected", Need::Expected),
            ("reason", Need::Reason),
            ("must", Need::Must),
        ];
        let mut partners = Vec::new();
        for partner in &raw.partner {
            if partner.agencies.is_empty() {
                self.problem(
                    &partner.id,
                    format!("no agency fills the place “{}”", partner.id.get_ref()),
                    "Name at least one agency",
                );
            }
            partners.push(Partner {
                id: partner.id.get_ref().clone(),
                title: partner.title.clone(),
                agencies: partner
                    .agencies
                    .iter()
                    .map(|agency| self.refer(Refers::Agency, agency))
                    .collect(),
                need: self
                    .one_of("a need", &partner.need, &needs)
                    .unwrap_or_default(),
                why: partner.why.clone(),
            });
        }
        if let Some(quorum) = &raw.quorum
            && !(1..=20).contains(quorum.agencies.get_ref())
        {
            self.problem(
                &quorum.agencies,
                format!("{} agencies cannot be a quorum", quorum.agencies.get_ref()),
                "Use a whole number from 1 to 20, or leave the quorum out",
            );
        }
        let place = self.place(&raw.id);
        self.references
            .push((Refers::MeetingKind, raw.id.get_ref().clone(), place));
        MeetingDef {
            hint: raw.hint.clone(),
            plans: raw
                .plans
                .iter()
                .map(|plan| self.refer(Refers::PlanKind, plan))
                .collect(),
            form: raw.form.as_ref().map(|form| self.refer(Refers::Form, form)),
            reports_before: raw.reports_before,
            quorum: raw.quorum.as_ref().map(|quorum| Quorum {
                agencies: *quorum.agencies.get_ref(),
                rule: quorum.rule.clone(),
            }),
            partners,
            ..MeetingDef::headed(head)
        }
    }

    pub fn process(&mut self, raw: &RawProcess, head: Head) -> Process {
        let mut all = |to: Refers, names: &[Spanned<String>]| -> Vec<String> {
            names.iter().map(|name| self.refer(to, name)).collect()
        };
        Process {
            intro: raw.intro.clone(),
            steps: all(Refers::Step, &raw.steps),
            meetings: all(Refers::Meeting, &raw.meetings),
            clocks: all(Refers::Clock, &raw.clocks),
            ..Process::headed(head)
        }
    }

    pub fn standard(&mut self, raw: &RawStandard, head: Head) -> Standard {
        let measures = [
            ("count", Measure::Count),
            ("days", Measure::Days),
            ("weeks", Measure::Weeks),
            ("months", Measure::Months),
            ("percent", Measure::Percent),
        ];
        Standard {
            rule: raw.rule.clone(),
            amount: raw.amount.min(36_500),
            measure: self
                .one_of("a unit", &raw.unit, &measures)
                .unwrap_or_default(),
            ..Standard::headed(head)
        }
    }

    pub fn clock(&mut self, raw: &RawClock, head: Head) -> ClockRule {
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
            triggers: self.refer_all(Refers::Event, &raw.trigger),
            stops: self.refer_all(Refers::Event, &raw.stop),
            when: raw.when.as_ref().map_or_else(Vec::new, |w| self.when(w)),
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
