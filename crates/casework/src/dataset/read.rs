//! The statements: one for each kind of thing, over all children at once.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use record::args;
use record::model::StepState;
use serde_json::Value as Json;
use vocabulary::{Id, ids};

use super::Dataset;
use super::facts::Places;
use super::rows::{Child, Closure, Known, Looked, OnProtection, Planned, StepRow};
use crate::{Casework, Result, time};

/// The step by which the work with a child ends.
const CLOSURE: &str = "closure";

#[derive(sqlx::FromRow)]
struct Ended {
    person_id: Option<Id<ids::Person>>,
    family_id: Option<Id<ids::Family>>,
    form: Option<String>,
    answers: Json,
    decided_at: DateTime<Utc>,
}

impl Casework {
    /// Reads the dataset as at a day.
    ///
    /// # Errors
    /// When the record fails.
    pub async fn dataset(&self, until: NaiveDate) -> Result<Dataset> {
        self.dataset_of(until, None).await
    }

    /// The same of one child alone.
    ///
    /// # Errors
    /// When the record fails.
    pub async fn dataset_of(
        &self,
        until: NaiveDate,
        child: Option<Id<ids::Person>>,
    ) -> Result<Dataset> {
        let places = Places::of(self.pack());
        let db = self.store().read_db();
        // The answers of forms are half of what there is to read: they come on a
        // connection of their own.
        let rows = async {
            let children: Vec<Child> = db
                .all(
                    "select p.id, p.kind, p.sex, p.born_on, p.born_kind, p.died_on, p.ethnicity, \
                 p.upn, p.no_upn, p.disabilities, p.status, \
                 exists (select 1 from restriction r where r.person_id = p.id \
                 and r.ended_at is null) as restricted from person p \
                 where exists (select 1 from step_subject x where x.person_id = p.id) \
                 and ($1 is null or p.id = $1) order by p.id",
                    args![child],
                )
                .await?;
            let steps: Vec<StepRow> = db
            .all(
                "select s.id, s.kind, x.person_id, s.family_id, s.state, s.started_on, s.settled_at, \
                 s.outcome, s.worker_id, s.team_id, c.source, m.held_at \
                 from step s join step_subject x on x.step_id = s.id \
                 left join contact c on c.id = s.contact_id \
                 left join step_meeting sm on sm.step_id = s.id \
                 left join meeting m on m.id = sm.meeting_id and m.state = 'held' \
                 where s.started_on <= $1 and ($2 is null or x.person_id = $2) and s.kind in ('referral', 'child-and-family-assessment', \
                 'section-47', 'initial-conference', 'transfer-conference', 'review-conference', \
                 'closure', 'early-help-assessment') order by s.started_on, s.id",
                args![until, child],
            )
            .await?;
            let plans: Vec<Planned> = db
                .all(
                    "select p.id, s.person_id, p.started_on, p.ended_on from plan p \
                 join plan_subject s on s.plan_id = p.id \
                 where p.kind = 'child_in_need' and p.started_on <= $1 \
                 and ($2 is null or s.person_id = $2) order by p.started_on, p.id",
                    args![until, child],
                )
                .await?;
            let protection: Vec<OnProtection> = db
            .all(
                "select plan_id, person_id, started_on, ended_on, first_category, category, earlier \
                 from protection where started_on <= $1 and ($2 is null or person_id = $2) \
                 order by started_on, id",
                args![until, child],
            )
            .await?;
            let ended: Vec<Ended> = db
                .all(
                    "select person_id, family_id, form, answers, decided_at from decision \
                 where kind = 'closure' and step_id is null and form is not null \
                 and ($1 is null or person_id = $1 or family_id in (select s.family_id from step s \
                 join step_subject x on x.step_id = s.id where x.person_id = $1)) \
                 order by decided_at",
                    args![child],
                )
                .await?;
            let no_upn: Vec<Known> = db
                .all(
                    "select person_id, no_upn as value from care where no_upn is not null \
                 and ($1 is null or person_id = $1) order by started_on",
                    args![child],
                )
                .await?;
            let numbers: Vec<Known> = db
                .all(
                    "select person_id, source_key as value from imported \
                 where source in ('cin-census', 'ssda903') \
                 and ($1 is null or person_id = $1) order by source desc, imported_at",
                    args![child],
                )
                .await?;
            let looked: Vec<Looked> = db
                .all(
                    "select step_id, decided_at from decision where kind = 'checkpoint' \
                 and step_id is not null and ($1 is null or step_id in \
                 (select step_id from step_subject where person_id = $1)) order by decided_at",
                    args![child],
                )
                .await?;
            Ok((
                children, steps, plans, protection, ended, no_upn, numbers, looked,
            ))
        };
        let (rows, facts) = tokio::try_join!(rows, self.step_facts(&places, child))?;
        let (children, steps, plans, protection, ended, no_upn, numbers, looked) = rows;
        let steps = by_child(steps, |s| s.person_id);
        let mut dataset = Dataset {
            closures: HashMap::new(),
            looked: looked
                .into_iter()
                .map(|l| (l.step_id, time::local(l.decided_at).date()))
                .collect(),
            plans: by_child(plans, |p| p.person_id),
            protection: by_child(protection, |p| p.person_id),
            no_upn: no_upn.into_iter().map(|k| (k.person_id, k.value)).collect(),
            numbers: numbers
                .into_iter()
                .filter(|k| is_number(&k.value))
                .map(|k| (k.person_id, k.value))
                .collect(),
            children,
            steps,
            facts,
            until,
        };
        dataset.closures = closures(&dataset, &ended, &places);
        Ok(dataset)
    }
}

/// Whether another system's number may stand in a return: at most 20 letters
/// and digits (rules 1570 and 1580).
fn is_number(text: &str) -> bool {
    (1..=20).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric())
}

fn by_child<T>(
    rows: Vec<T>,
    of: impl Fn(&T) -> Id<ids::Person>,
) -> HashMap<Id<ids::Person>, Vec<T>> {
    let mut all: HashMap<Id<ids::Person>, Vec<T>> = HashMap::new();
    for row in rows {
        all.entry(of(&row)).or_default().push(row);
    }
    all
}

/// The ends of work by child: closures that a manager agreed to, and those
/// that a family's record brought along.
fn closures(
    dataset: &Dataset,
    ended: &[Ended],
    places: &Places,
) -> HashMap<Id<ids::Person>, Vec<Closure>> {
    let mut of_family: HashMap<Id<ids::Family>, Vec<&Ended>> = HashMap::new();
    let mut of_child: HashMap<Id<ids::Person>, Vec<&Ended>> = HashMap::new();
    for one in ended {
        match (one.person_id, one.family_id) {
            (Some(child), _) => of_child.entry(child).or_default().push(one),
            (None, Some(family)) => of_family.entry(family).or_default().push(one),
            (None, None) => {}
        }
    }
    let mut all = HashMap::new();
    for (child, steps) in &dataset.steps {
        let mut found: Vec<Closure> = Vec::new();
        let agreed = steps
            .iter()
            .filter(|s| s.kind == CLOSURE && s.state == StepState::Done);
        for step in agreed {
            if let Some(at) = step.settled_at {
                found.push(Closure {
                    on: time::local(at).date(),
                    reason: dataset
                        .fact(step.id, "cin.closure_reason")
                        .map(str::to_owned),
                    step: Some(step.id),
                });
            }
        }
        let mut families: Vec<Id<ids::Family>> = steps.iter().map(|s| s.family_id).collect();
        families.sort();
        families.dedup();
        let told = families.iter().filter_map(|family| of_family.get(family));
        for one in told.chain(of_child.get(child)).flatten() {
            let form = one.form.as_deref().unwrap_or_default();
            let said = places.said_by_form(form, &one.answers);
            let reason = said
                .into_iter()
                .find(|(fact, _)| fact == "cin.closure_reason");
            found.push(Closure {
                on: time::local(one.decided_at).date(),
                reason: reason.and_then(|(_, codes)| codes.into_iter().next()),
                step: None,
            });
        }
        found.retain(|closure| closure.on <= dataset.until);
        found.sort_by_key(|closure| closure.on);
        if !found.is_empty() {
            all.insert(*child, found);
        }
    }
    all
}
