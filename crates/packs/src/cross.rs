//! What can only be seen with all files on the table: names that point
//! nowhere, facts that are two things, conditions that can never be met, and
//! a council's clocks that England's overrule.

use std::collections::{BTreeMap, BTreeSet};

use crate::build::Refers;
use crate::clock::{CONDITIONS, STEP_DEEDS};
use crate::codes::{Code, CodeSet};
use crate::dated::Versions;
use crate::form::{Choice, Condition, Field, Form, Kind};
use crate::pack::Inner;
use crate::problem::{Place, Problem};
use crate::threshold::{Indicator, Level, Threshold};
use crate::triggers::TRIGGERS;

pub(crate) fn check(
    inner: &mut Inner,
    references: &[(Refers, String, Place)],
    problems: &mut Vec<Problem>,
) {
    offer_thresholds_as_codes(inner);
    check_references(inner, references, problems);
    check_home_blocks(inner, problems);
    for versions in inner.forms.values_mut() {
        for form in &mut versions.0 {
            for field in form
                .sections
                .iter_mut()
                .flat_map(|section| &mut section.fields)
            {
                fill_choices(field, &inner.codes);
            }
        }
    }
    check_facts(inner, problems);
    check_outcomes(inner, problems);
    for form in inner.forms.values().flat_map(Versions::all) {
        check_conditions(form, problems);
    }
    crate::languages::check(inner, problems);
    warn_of_overruled_clocks(inner);
}

/// A form can ask for a level or for indicators of a threshold document: its
/// choices are code sets named after it, "continuum.levels" and
/// "continuum.indicators", in the document's own versions.
fn offer_thresholds_as_codes(inner: &mut Inner) {
    let set = |threshold: &Threshold, what: &str, codes: Vec<Code>| CodeSet {
        id: format!("{}.{what}", threshold.id),
        title: threshold.title.clone(),
        version: threshold.version,
        until: threshold.until,
        source: threshold.source.clone(),
        strength: threshold.strength,
        place: threshold.place.clone(),
        codes,
    };
    for versions in inner.thresholds.values() {
        let levels = versions.all().iter().map(|threshold| {
            let code = |level: &Level| Code {
                code: level.id.clone(),
                label: level.title.clone(),
                hint: level.summary.clone(),
                ..Code::default()
            };
            set(
                threshold,
                "levels",
                threshold.levels.iter().map(code).collect(),
            )
        });
        let indicators = versions.all().iter().map(|threshold| {
            let of_level = |level: &Level| -> Vec<Code> {
                let code = |indicator: &Indicator| Code {
                    code: indicator.id.clone(),
                    label: indicator.text.clone(),
                    group: level.title.clone(),
                    ..Code::default()
                };
                level.indicators.iter().map(code).collect()
            };
            set(
                threshold,
                "indicators",
                threshold.levels.iter().flat_map(of_level).collect(),
            )
        });
        for sets in [Versions(levels.collect()), Versions(indicators.collect())] {
            if let Some(first) = sets.all().first() {
                inner.codes.insert(first.id.clone(), sets);
            }
        }
    }
}

/// A step's outcomes are the choices of its form's field "outcome", where it
/// has one: otherwise an answer could lead nowhere.
fn check_outcomes(inner: &Inner, problems: &mut Vec<Problem>) {
    for step in inner.steps.values().flat_map(Versions::all) {
        let Some(form) = inner
            .forms
            .get(&step.form)
            .and_then(|versions| versions.all().last())
        else {
            continue;
        };
        let Some(options) = form.field("outcome").and_then(|field| field.kind.options()) else {
            continue;
        };
        let answers: BTreeSet<&str> = options.choices.iter().map(|c| c.value.as_str()).collect();
        let outcomes: BTreeSet<&str> = step.outcomes.iter().map(|o| o.id.as_str()).collect();
        for lost in answers.symmetric_difference(&outcomes) {
            problems.push(Problem::at(
                &step.place,
                format!(
                    "the outcome “{lost}” is not both in this step and in its form “{}”",
                    form.id
                ),
                "Make the [[outcome]] of the step and the options of the field “outcome” the same",
            ));
        }
    }
}

fn check_references(
    inner: &Inner,
    references: &[(Refers, String, Place)],
    problems: &mut Vec<Problem>,
) {
    let roles: Vec<_> = inner.roles.values().flat_map(Versions::all).collect();
    let ids = |to: Refers| -> (&str, BTreeSet<&str>) {
        match to {
            Refers::Form => ("form", inner.forms.keys().map(String::as_str).collect()),
            Refers::Step => ("step", inner.steps.keys().map(String::as_str).collect()),
            Refers::Clock => ("clock", inner.clocks.keys().map(String::as_str).collect()),
            Refers::Codes => ("code set", inner.codes.keys().map(String::as_str).collect()),
            Refers::Capability => (
                "capability",
                roles
                    .iter()
                    .flat_map(|r| &r.capabilities)
                    .map(|c| c.id.as_str())
                    .collect(),
            ),
            Refers::Role => (
                "role",
                roles
                    .iter()
                    .flat_map(|r| &r.roles)
                    .map(|r| r.id.as_str())
                    .collect(),
            ),
            Refers::Meeting => (
                "meeting",
                inner.meetings.keys().map(String::as_str).collect(),
            ),
            Refers::PlanKind => ("kind of plan", codes_of(inner, "plan-kinds")),
            Refers::MeetingKind => ("kind of meeting", codes_of(inner, "meeting-kinds")),
            Refers::Agency => ("agency", codes_of(inner, "agencies")),
            Refers::UnmetNeed => ("need", codes_of(inner, "unmet-need")),
            Refers::Event | Refers::Circumstance => ("", BTreeSet::new()),
        }
    };
    let events = events(inner);
    for (to, name, place) in references {
        match to {
            Refers::Event => {
                check_event(&events, name, place, problems);
                continue;
            }
            Refers::Circumstance => {
                check_circumstance(inner, name, place, problems);
                continue;
            }
            _ => {}
        }
        let (what, known) = ids(*to);
        if !known.contains(name.as_str()) {
            let known: Vec<&str> = known.into_iter().collect();
            let help = if known.is_empty() {
                format!("The pack has no {what} yet")
            } else {
                format!("There is: {}", known.join(", "))
            };
            problems.push(Problem::at(
                place,
                format!("there is no {what} “{name}”"),
                help,
            ));
        }
    }
}

/// The codes of the newest version of a set.
fn codes_of<'a>(inner: &'a Inner, set: &str) -> BTreeSet<&'a str> {
    inner
        .codes
        .get(set)
        .and_then(|versions| versions.all().last())
        .map(|set| set.codes.iter().map(|code| code.code.as_str()).collect())
        .unwrap_or_default()
}

/// Everything that can start or stop a clock: what casework raises by itself,
/// what happens to the pack's own steps, and its meetings.
fn events(inner: &Inner) -> BTreeSet<String> {
    let mut events: BTreeSet<String> = TRIGGERS.iter().map(|(id, _)| (*id).to_owned()).collect();
    for step in inner.steps.values().flat_map(Versions::all) {
        let deeds = STEP_DEEDS.iter().copied();
        let outcomes = step.outcomes.iter().map(|outcome| outcome.id.as_str());
        events.extend(
            deeds
                .chain(outcomes)
                .map(|word| format!("{}.{word}", step.id)),
        );
    }
    let meetings = inner.meetings.keys();
    events.extend(meetings.map(|id| format!("meeting.{id}.held")));
    events
}

/// The help names what comes nearest, because the list is long.
fn check_event(events: &BTreeSet<String>, name: &str, place: &Place, problems: &mut Vec<Problem>) {
    if events.contains(name) {
        return;
    }
    let about = name.split('.').next().unwrap_or(name);
    let near: Vec<&str> = events
        .iter()
        .map(String::as_str)
        .filter(|event| event.split('.').next() == Some(about))
        .collect();
    let near = match near.is_empty() {
        true => events.iter().map(String::as_str).collect(),
        false => near,
    };
    problems.push(Problem::at(
        place,
        format!("nothing that happens is called “{name}”"),
        format!("Use one of: {}", near.join(", ")),
    ));
}

fn check_circumstance(inner: &Inner, name: &str, place: &Place, problems: &mut Vec<Problem>) {
    let (what, value) = name.split_once('=').unwrap_or((name, ""));
    let set = CONDITIONS.iter().find(|(word, ..)| *word == what);
    let known = set
        .map(|(.., set)| codes_of(inner, set))
        .unwrap_or_default();
    if !known.contains(value) {
        let known: Vec<&str> = known.into_iter().collect();
        problems.push(Problem::at(
            place,
            format!("“{what}” is never “{value}”"),
            format!("Use one of: {}", known.join(", ")),
        ));
    }
}

fn check_home_blocks(inner: &Inner, problems: &mut Vec<Problem>) {
    for roles in inner.roles.values().flat_map(Versions::all) {
        for role in &roles.roles {
            for block in role
                .home
                .iter()
                .filter(|b| !roles.blocks.iter().any(|known| known.id == **b))
            {
                problems.push(Problem::at(
                    &role.place,
                    format!(
                        "the home page of “{}” names a block “{block}” that does not exist",
                        role.id
                    ),
                    "Declare it with [[block]], or mend the word",
                ));
            }
        }
    }
}

/// Puts the codes of a code set among a field's choices. The newest version
/// of the set has them all; each says when it may be chosen.
fn fill_choices(field: &mut Field, codes: &BTreeMap<String, Versions<CodeSet>>) {
    match &mut field.kind {
        Kind::Radios(options) | Kind::Checkboxes(options) | Kind::Select(options) => {
            let set = options
                .codes
                .as_ref()
                .and_then(|id| codes.get(id)?.all().last());
            if let Some(set) = set {
                options.choices = set
                    .codes
                    .iter()
                    .map(|code| Choice {
                        value: code.code.clone(),
                        label: code.label.clone(),
                        hint: code.hint.clone(),
                        group: code.group.clone(),
                        alone: code.alone,
                        from: code.from,
                        to: code.to,
                    })
                    .collect();
            }
        }
        Kind::Group { fields, .. } => fields
            .iter_mut()
            .for_each(|field| fill_choices(field, codes)),
        _ => {}
    }
}

fn all_fields(form: &Form) -> impl Iterator<Item = &Field> {
    form.fields()
        .flat_map(|field| std::iter::once(field).chain(field.group_fields()))
}

fn check_facts(inner: &Inner, problems: &mut Vec<Problem>) {
    let mut facts: BTreeMap<&str, &Field> = BTreeMap::new();
    for field in inner
        .forms
        .values()
        .flat_map(Versions::all)
        .flat_map(all_fields)
    {
        let Some(fact) = &field.fact else { continue };
        let first = facts.entry(fact).or_insert(field);
        if first.kind.holds() != field.kind.holds() {
            problems.push(Problem::at(
                &field.place,
                format!(
                    "the fact “{fact}” holds {} here and {} elsewhere",
                    field.kind.holds(),
                    first.kind.holds()
                ),
                format!("It is at {} too. One fact has one kind", first.place),
            ));
        }
    }
}

fn check_conditions(form: &Form, problems: &mut Vec<Problem>) {
    for section in &form.sections {
        if let Some(condition) = &section.show_if {
            check_condition(condition, &form.place, form.fields(), problems);
        }
        for field in &section.fields {
            if let Some(condition) = &field.show_if {
                check_condition(condition, &field.place, form.fields(), problems);
            }
            for inner in field.group_fields() {
                if let Some(condition) = &inner.show_if {
                    check_condition(
                        condition,
                        &inner.place,
                        field.group_fields().iter(),
                        problems,
                    );
                }
            }
        }
    }
}

fn check_condition<'a>(
    condition: &Condition,
    place: &Place,
    mut fields: impl Iterator<Item = &'a Field>,
    problems: &mut Vec<Problem>,
) {
    let Some(field) = fields.find(|field| field.name == condition.field) else {
        problems.push(Problem::at(
            place,
            format!(
                "it is shown after the answer to “{}”, which is not asked",
                condition.field
            ),
            "Name a field of the same form; within a group, of the same group",
        ));
        return;
    };
    let known: Vec<&str> = match (&field.kind, field.kind.options()) {
        (Kind::YesNo, _) => vec!["yes", "no"],
        (_, Some(options)) => options
            .choices
            .iter()
            .map(|choice| choice.value.as_str())
            .collect(),
        _ => return,
    };
    for value in condition
        .any
        .iter()
        .filter(|value| !known.contains(&value.as_str()))
    {
        problems.push(Problem::at(
            place,
            format!(
                "it is shown when “{}” is “{value}”, which cannot be answered",
                condition.field
            ),
            format!("The answers are: {}", known.join(", ")),
        ));
    }
}

/// A council's clock that is looser than England's does no harm, because the
/// stricter wins, but its author should know.
fn warn_of_overruled_clocks(inner: &mut Inner) {
    for rule in inner.clocks.values().flat_map(Versions::all) {
        for national in &rule.under {
            if rule.is_ever_later_than(national, &inner.days) {
                inner.warnings.push(Problem::at(
                    &rule.place,
                    format!(
                        "“{}” is looser than the rule it lies over: {}",
                        rule.rule, national.rule
                    ),
                    "The earlier due date counts, so this rule has no effect on those days",
                ));
            }
        }
    }
    inner.warnings.sort();
    inner.warnings.dedup();
}
