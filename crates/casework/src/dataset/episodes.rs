//! From steps to episodes of need: a referral opens one, the end of the work
//! closes it, and what happened between belongs to it. A referral while one is
//! open belongs to the open one, as the census counts it. Work without any
//! referral, such as after a move from another council, is an episode too: it
//! begins with the work, and the returns' rules ask for what is missing.

use chrono::NaiveDate;
use record::model::StepState;
use vocabulary::{Id, ids};

use super::Dataset;
use super::rows::{Child, OnProtection, Planned, StepRow};
use crate::time;

/// One episode of need (ssd_cin_episodes), with what belongs to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Episode<'a> {
    /// The referral; nothing when the work began without one.
    pub referral: Option<&'a StepRow>,
    /// The day of the referral, else the first day of the work.
    pub started_on: NaiveDate,
    /// Nothing followed the referral.
    pub nfa: bool,
    /// The main need, as the last assessment found it, else the referral.
    pub need: Option<&'a str>,
    /// The last day, and why: a code of codes/closure-reason.
    pub closed: Option<(NaiveDate, Option<&'a str>)>,
    /// The step that closed it, where there was one.
    pub closed_by: Option<Id<ids::Step>>,
    /// Assessments, by their steps.
    pub assessments: Vec<&'a StepRow>,
    /// Section 47 enquiries.
    pub enquiries: Vec<Enquiry<'a>>,
    /// Initial conferences that no enquiry led to, such as after a move.
    pub conferences: Vec<Conference<'a>>,
    /// Child in need plans.
    pub plans: Vec<&'a Planned>,
    /// Times on a child protection plan, with the days of their reviews.
    pub protection: Vec<(&'a OnProtection, Vec<NaiveDate>)>,
}

impl Episode<'_> {
    /// Who referred, by the census's codes.
    pub fn source(&self) -> Option<&str> {
        self.referral.and_then(|step| step.source.as_deref())
    }
}

/// Section 47 enquiries with the conference that they led to.
#[derive(Debug, Clone, PartialEq)]
pub struct Enquiry<'a> {
    /// The enquiries.
    pub step: &'a StepRow,
    /// The initial conference.
    pub conference: Option<Conference<'a>>,
}

impl Enquiry<'_> {
    /// Whether it was decided that no conference is needed.
    pub fn no_conference(&self) -> bool {
        self.conference.is_none()
            && self.step.state == StepState::Done
            && self.step.outcome.as_deref() != Some("conference")
    }

    /// The day on which the enquiries were decided.
    pub fn decided_on(&self) -> Option<NaiveDate> {
        let done = self.step.state == StepState::Done;
        let at = self.step.settled_at.filter(|_| done)?;
        Some(time::local(at).date())
    }
}

/// An initial conference that was held.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Conference<'a> {
    /// Its step.
    pub step: &'a StepRow,
    /// The day.
    pub held_on: NaiveDate,
}

/// The episodes of a child, oldest first.
pub fn episodes<'a>(dataset: &'a Dataset, child: &'a Child) -> Vec<Episode<'a>> {
    let steps = dataset.steps.get(&child.id).map_or(&[][..], Vec::as_slice);
    let mut found = opened(dataset, child, steps);
    let starts: Vec<NaiveDate> = found.iter().map(|e| e.started_on).collect();
    // The last episode that had begun on a day.
    let of = |day: NaiveDate| starts.iter().rposition(|start| *start <= day);
    let at_work = |s: &&StepRow| s.state != StepState::Skipped;
    for step in steps.iter().filter(at_work) {
        let Some(at) = of(step.started_on) else {
            continue;
        };
        match step.kind.as_str() {
            "child-and-family-assessment" => found[at].assessments.push(step),
            "section-47" => found[at].enquiries.push(Enquiry {
                step,
                conference: None,
            }),
            _ => {}
        }
    }
    for step in steps.iter().filter(at_work) {
        let initial = ["initial-conference", "transfer-conference"].contains(&step.kind.as_str());
        let held = step
            .held_at
            .filter(|_| initial && step.state == StepState::Done);
        let Some(held_on) = held.map(|at| time::local(at).date()) else {
            continue;
        };
        if held_on <= dataset.until
            && let Some(at) = of(held_on)
        {
            confer(&mut found[at], Conference { step, held_on });
        }
    }
    let plans = dataset.plans.get(&child.id).into_iter().flatten();
    for plan in plans {
        if let Some(at) = of(plan.started_on) {
            found[at].plans.push(plan);
        }
    }
    let protection = dataset.protection.get(&child.id).into_iter().flatten();
    for time_on in protection {
        if let Some(at) = of(time_on.started_on) {
            found[at]
                .protection
                .push((time_on, reviews(dataset, steps, time_on)));
        }
    }
    for episode in &mut found {
        settle(dataset, episode);
    }
    found
}

/// The first day of work with a child who was never referred.
fn unreferred(dataset: &Dataset, child: &Child, steps: &[StepRow]) -> Option<NaiveDate> {
    let worked = ["child-and-family-assessment", "section-47"];
    let steps = steps
        .iter()
        .filter(|s| worked.contains(&s.kind.as_str()) && s.state != StepState::Skipped)
        .map(|s| s.started_on);
    let plans = dataset.plans.get(&child.id).into_iter().flatten();
    let protection = dataset.protection.get(&child.id).into_iter().flatten();
    steps
        .chain(plans.map(|plan| plan.started_on))
        .chain(protection.map(|time_on| time_on.started_on))
        .min()
}

/// One episode for each referral that no open one takes in.
fn opened<'a>(dataset: &'a Dataset, child: &Child, steps: &'a [StepRow]) -> Vec<Episode<'a>> {
    let closures = dataset
        .closures
        .get(&child.id)
        .map_or(&[][..], Vec::as_slice);
    let referrals = steps.iter().filter(|s| s.kind == "referral");
    let mut begun: Vec<(NaiveDate, Option<&StepRow>)> =
        referrals.map(|s| (s.started_on, Some(s))).collect();
    if begun.is_empty() {
        let first = unreferred(dataset, child, steps);
        begun.extend(first.map(|day| (day, None)));
    }
    let mut found: Vec<Episode<'a>> = Vec::new();
    for (n, (start, referral)) in begun.iter().copied().enumerate() {
        let open = found
            .last()
            .is_some_and(|e| !e.nfa && e.closed.is_none_or(|(on, _)| on > start));
        if open {
            continue;
        }
        let nfa = referral.is_some_and(|referral| {
            referral.state == StepState::Skipped
                || referral.state == StepState::Done
                    && matches!(
                        referral.outcome.as_deref(),
                        Some("no_further_action" | "early_help")
                    )
        });
        let more = begun.get(n + 1).is_some();
        let closure = closures.iter().find(|c| {
            // What ended while other work went on ended no episode.
            c.on >= start && (more || !works(child))
        });
        found.push(Episode {
            referral,
            started_on: start,
            nfa,
            need: None,
            closed: closure.map(|c| (c.on, c.reason.as_deref())),
            closed_by: closure.and_then(|c| c.step),
            assessments: Vec::new(),
            enquiries: Vec::new(),
            conferences: Vec::new(),
            plans: Vec::new(),
            protection: Vec::new(),
        });
    }
    found
}

/// Whether social care works with the child today.
fn works(child: &Child) -> bool {
    !matches!(
        child.status.as_deref(),
        None | Some("closed" | "early_help" | "contact")
    )
}

/// Puts a conference to the latest enquiries before it that wait for one.
fn confer<'a>(episode: &mut Episode<'a>, conference: Conference<'a>) {
    let waiting = episode.enquiries.iter_mut().rev().find(|e| {
        e.conference.is_none()
            && e.step.started_on <= conference.held_on
            && conference.step.kind == "initial-conference"
    });
    match waiting {
        Some(enquiry) => enquiry.conference = Some(conference),
        None => episode.conferences.push(conference),
    }
}

/// The days of the reviews of a time on a plan.
fn reviews(dataset: &Dataset, steps: &[StepRow], time_on: &OnProtection) -> Vec<NaiveDate> {
    let until = time_on.ended_on.unwrap_or(dataset.until).min(dataset.until);
    let held = steps
        .iter()
        .filter(|s| s.kind == "review-conference" && s.state == StepState::Done)
        .filter_map(|s| s.held_at)
        .map(|at| time::local(at).date());
    let mut days: Vec<NaiveDate> = held
        .filter(|day| *day > time_on.started_on && *day <= until)
        .collect();
    days.sort();
    days.dedup();
    days
}

/// What follows from all that belongs to an episode.
fn settle<'a>(dataset: &'a Dataset, episode: &mut Episode<'a>) {
    let worked = !episode.assessments.is_empty()
        || !episode.enquiries.is_empty()
        || !episode.plans.is_empty()
        || !episode.protection.is_empty();
    episode.nfa &= !worked;
    if episode.nfa {
        episode.closed = None;
        episode.closed_by = None;
    }
    let assessed = episode.assessments.iter().rev();
    let done = assessed.filter(|s| s.state == StepState::Done);
    episode.need = done
        .map(|s| s.id)
        .chain(episode.referral.map(|s| s.id))
        .find_map(|step| dataset.fact(step, "cin.primary_need"));
}
