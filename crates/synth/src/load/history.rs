//! A family's history, one happening after another, as rows.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use record::Actor;
use record::model::*;
use vocabulary::{Id, ids as id};

use super::batch::{Batch, told};
use super::people::Entry;
use super::{Land, ids};
use crate::{Happening, Key, PersonNo, Standing, What};

/// Where the telling of a family's history has come to.
#[derive(Default)]
pub(crate) struct SoFar {
    /// Contacts by key: the id, and where its row waits.
    pub(crate) contacts: HashMap<Key, (Id<id::Contact>, usize)>,
    /// The last referral: its step, where that waits, and when it was made.
    pub(crate) referral: Option<(usize, DateTime<Utc>, Key, &'static str)>,
    /// Assessments by key: where the step waits.
    pub(crate) assessments: HashMap<Key, usize>,
    /// The last assessment that was authorised.
    pub(crate) assessed: Option<Id<id::Step>>,
    /// The open early help: where its row waits.
    pub(crate) help: Option<usize>,
    /// The open plan: where its row waits.
    pub(crate) plan: Option<usize>,
    /// Where the protection of the children stands.
    pub(crate) protecting: super::protection::Protecting,
    /// Who was given the children, when, and which children.
    pub(crate) given: Option<(String, NaiveDate, Vec<PersonNo>)>,
}

/// One happening with what its rows need.
#[derive(Clone)]
pub(crate) struct Moment<'a> {
    /// Who did or recorded it.
    pub(crate) by: Actor,
    /// The same, by username.
    pub(crate) who: &'a str,
    /// When.
    pub(crate) at: DateTime<Utc>,
    /// The day in England.
    pub(crate) day: NaiveDate,
}

impl<'a> Moment<'a> {
    fn of(land: &Land<'_>, happening: &'a Happening) -> Moment<'a> {
        Moment {
            by: land.actor(&happening.by),
            who: &happening.by,
            at: casework::time::from_local(happening.at),
            day: happening.at.date(),
        }
    }
}

impl<'a> Entry<'a> {
    /// The whole history.
    pub(crate) fn history(&mut self, batch: &mut Batch) {
        let mut far = SoFar::default();
        let family = self.family;
        self.births(batch);
        let mut last = None;
        for happening in &family.timeline {
            let m = Moment::of(self.land, happening);
            if m.at <= self.land.now {
                self.stands(batch, &m, &happening.what);
                last = Some(m.clone());
            }
            match &happening.what {
                What::Contact(contact) => self.contact(batch, &mut far, &m, contact),
                What::Decision(decision) => self.decision(batch, &mut far, &m, decision),
                What::Referral(referral) => self.referral(batch, &mut far, &m, referral),
                What::Allocated(given) => self.allocated(batch, &mut far, &m, given),
                What::Assessment(work) if work.early_help => {
                    self.early_help(batch, &mut far, &m, work);
                }
                What::Assessment(work) => self.assessment(batch, &mut far, &m, work),
                What::Authorisation(answer) => self.authorisation(batch, &mut far, &m, answer),
                What::StrategyDiscussion(meeting) | What::Meeting(meeting) => {
                    self.meeting(batch, &far, &m, meeting);
                    self.protects(batch, &mut far, &m, meeting);
                }
                What::Note(note) => self.note(batch, &m, note),
                What::Visit(visit) => self.visit(batch, &far, &m, visit),
                What::Plan(plan) => {
                    self.plan(batch, &mut far, &m, plan);
                    if plan.kind == crate::PlanKind::Protection {
                        self.protected(batch, &mut far, &m);
                    }
                }
                What::ProtectionPlan(plan) => {
                    self.category(&mut far, plan);
                    let category = match plan.category {
                        "NEG" => "neglect",
                        "PHY" => "physical abuse",
                        "SAB" => "sexual abuse",
                        "EMO" => "emotional abuse",
                        _ => "more than one kind of harm",
                    };
                    let wording = format!("Child protection plan began, for {category}.");
                    self.chronicle(batch, &m, &plan.children, "plan", &wording, "high", None);
                }
                What::Episode(episode) => self.episode(batch, &m, episode),
                What::Closed(closed) => self.closed(batch, &mut far, &m, closed),
            }
        }
        if let Some(m) = last {
            let children: Vec<PersonNo> = family.children().map(|c| c.no).collect();
            let word = super::people::status(family.standing);
            self.status(batch, &m, &children, word);
        }
        self.care(batch);
        self.private_fostering(batch);
        self.packages(batch);
        self.referred(batch);
    }

    /// Where the work with the children stands from this happening on.
    fn stands(&self, batch: &mut Batch, m: &Moment<'_>, what: &What) {
        let (children, word) = match what {
            What::Referral(r) => (&r.children, "referral"),
            What::Assessment(a) if !a.early_help => (&a.children, "assessment"),
            What::Plan(plan) => (&plan.children, super::plans::kind_of(plan.kind)),
            What::ProtectionPlan(plan) => (&plan.children, "protection_plan"),
            What::Closed(closed) => (&closed.children, "closed"),
            _ => return,
        };
        self.status(batch, m, children, word);
    }

    fn status(&self, batch: &mut Batch, m: &Moment<'_>, children: &[PersonNo], word: &str) {
        for child in Self::persons(children) {
            let row = batch.people.iter_mut().find(|p| p.row.id == child);
            if let Some(row) = row.filter(|r| r.row.status.as_deref() != Some(word)) {
                row.change(&m.by, m.at, |person| person.status = Some(word.to_owned()));
            }
        }
    }

    /// An entry of the chronology for each child: taken in by the worker, or
    /// still proposed when it is of the last four weeks.
    #[expect(
        clippy::too_many_arguments,
        reason = "a chronology entry has these parts"
    )]
    pub(crate) fn chronicle(
        &mut self,
        batch: &mut Batch,
        m: &Moment<'_>,
        children: &[PersonNo],
        kind: &str,
        wording: &str,
        significance: &str,
        source: Option<(&str, String)>,
    ) {
        let fresh = (self.land.now - m.at).num_days() < 28 && self.family.standing.open();
        let worker = self.family.worker.as_deref().unwrap_or(m.who);
        for child in children {
            let row = Chronology {
                id: self.ids.next(),
                person_id: ids::person(*child),
                happened_on: m.day,
                kind: kind.to_owned(),
                wording: wording.to_owned(),
                response: None,
                impact: None,
                significance: (!fresh).then(|| significance.to_owned()),
                state: if fresh {
                    ChronologyState::Proposed
                } else {
                    ChronologyState::Accepted
                },
                source_kind: source.as_ref().map(|s| s.0.to_owned()),
                source_id: source.as_ref().map(|s| s.1.clone()),
                reported_by: None,
                made_at: m.at,
                settled_by: (!fresh).then(|| ids::worker(worker)),
                settled_at: (!fresh).then_some(m.at),
                version: 1,
            };
            batch.chronology.push(told(&m.by, m.at, row));
        }
    }

    /// Births of children in families that a worker holds.
    fn births(&mut self, batch: &mut Batch) {
        if !self.family.standing.open() || self.family.standing == Standing::ContactWaiting {
            return;
        }
        for child in self.family.children() {
            if child.born > self.land.now.date_naive() || child.born_kind != crate::BirthKind::Exact
            {
                continue;
            }
            let row = Chronology {
                id: self.ids.next(),
                person_id: ids::person(child.no),
                happened_on: child.born,
                kind: "birth".to_owned(),
                wording: format!("{} was born.", child.given),
                response: None,
                impact: None,
                significance: Some("medium".to_owned()),
                state: ChronologyState::Accepted,
                source_kind: None,
                source_id: None,
                reported_by: Some("Birth certificate".to_owned()),
                made_at: self.opened,
                settled_by: self.family.worker.as_deref().map(ids::worker),
                settled_at: Some(self.opened),
                version: 1,
            };
            batch.chronology.push(told(&self.clerk, self.opened, row));
        }
    }

    fn episode(&mut self, batch: &mut Batch, m: &Moment<'_>, episode: &crate::Episode) {
        let place = if episode.outside {
            "outside the borough"
        } else {
            "in the borough"
        };
        let wording = match (episode.first, episode.miles) {
            (true, Some(miles)) => {
                format!("Came into care. The new home is {place}, {miles} miles away.")
            }
            (true, None) => format!("Came into care. The home is {place}."),
            (false, Some(miles)) => format!("Moved to another home {place}, {miles} miles away."),
            (false, None) => format!("Moved to another home {place}."),
        };
        self.chronicle(batch, m, &[episode.child], "move", &wording, "high", None);
    }

    /// The children of a happening as the record knows them.
    pub(crate) fn persons(children: &[PersonNo]) -> Vec<Id<id::Person>> {
        children.iter().copied().map(ids::person).collect()
    }

    /// First names for a sentence.
    pub(crate) fn names(&self, children: &[PersonNo]) -> String {
        let names: Vec<&str> = children
            .iter()
            .filter_map(|no| self.family.person(*no))
            .map(|p| {
                if p.given.is_empty() {
                    "the baby"
                } else {
                    p.given.as_str()
                }
            })
            .collect();
        vocabulary::plain::list(&names)
    }

    /// The team that holds the family, and its manager.
    pub(crate) fn team(&self) -> Option<Id<id::Team>> {
        self.family.team.map(ids::team)
    }

    pub(crate) fn manager(&self) -> &'a str {
        self.family
            .team
            .and_then(|t| self.land.managers.get(t).copied())
            .unwrap_or("sam.manager")
    }

    /// The worker who holds the family today, or who did the work then.
    pub(crate) fn worker_or<'b>(&'b self, who: &'b str) -> Id<id::Worker> {
        ids::worker(self.family.worker.as_deref().unwrap_or(who))
    }
}
