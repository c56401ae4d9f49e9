//! Early help as rows: its assessment on the pack's form, consent, plan and
//! meetings of the team around the family, so that the board shows families at
//! every point of it.

use casework::clocks::About;
use chrono::Duration;
use packs::Circumstances;
use record::model::*;
use serde_json::json;
use vocabulary::{Id, ids as id};

use super::batch::{Batch, told};
use super::history::{Moment, SoFar};
use super::ids;
use super::people::Entry;

use crate::{Agency, Attendee, Part, PersonNo, Took, WorkState};

/// Weeks between two meetings of a team around the family.
const WEEKS: i64 = 6;

impl Entry<'_> {
    /// An early help assessment, and what it belongs to.
    pub(crate) fn early_help(
        &mut self,
        batch: &mut Batch,
        far: &mut SoFar,
        m: &Moment<'_>,
        work: &crate::Assessment,
    ) {
        let number = u64::from(work.key.0);
        let help = self.begin_help(batch, far, m, &work.children, number);
        let at = self.step(batch, "early-help-assessment", m.day, m, &work.children);
        let step = batch.steps[at].row.id;
        let worker = ids::worker(m.who);
        batch.steps[at].row.worker_id = Some(worker);
        batch.early_helps[help].row.step_id = Some(step);
        let done = work.state != WorkState::Draft;
        let text = |part: Part| {
            let found = work.parts.iter().find(|p| p.0 == part);
            found.map(|p| p.1.clone())
        };
        let reason = batch.early_helps[help].row.reason.clone();
        let sections = [
            ("start", Some(json!({ "reason": reason }))),
            (
                "strengths",
                text(Part::Strengths).map(|t| json!({ "strengths": t })),
            ),
            (
                "needs",
                text(Part::Worries).map(|t| json!({ "worries": t })),
            ),
            (
                "people",
                done.then(|| json!({ "other_parent": "took_part" })),
            ),
            (
                "child",
                text(Part::ChildsVoice).map(|t| json!({ "childs_words": t })),
            ),
            (
                "next",
                done.then(|| {
                    json!({
                        "outcome": "plan",
                        "tell_child": text(Part::NextSteps).unwrap_or_default(),
                    })
                }),
            ),
        ];
        for (n, (section, answers)) in sections.into_iter().enumerate() {
            let Some(answers) = answers else { continue };
            let later = m.at + Duration::days(4 * n as i64);
            let written = Moment {
                at: later.min(self.land.now - Duration::hours(20)).max(m.at),
                ..m.clone()
            };
            self.section(batch, &written, at, &work.children, section, answers);
        }
        let about = About {
            kind: "step",
            id: step.to_string(),
            path: format!("/steps/{step}"),
            worker: Some(worker),
            ..self.about_help(batch, help, &work.children)
        };
        self.start(batch, "early-help-assessment.started", m.at, &about, |_| {
            true
        });
        if done {
            let sent = (m.at + Duration::days(30)).min(self.land.now);
            batch.steps[at].change(&m.by, sent, |step| {
                step.state = StepState::Done;
                step.submitted_by = Some(worker);
                step.submitted_at = Some(sent);
                step.outcome = Some("plan".to_owned());
            });
            self.stop(batch, "early-help-assessment.finished", sent, &about.id);
        }
    }

    /// A period of early help begins, with what the family said.
    fn begin_help(
        &mut self,
        batch: &mut Batch,
        far: &mut SoFar,
        m: &Moment<'_>,
        children: &[PersonNo],
        number: u64,
    ) -> usize {
        let contact = far.contacts.values().max_by_key(|(_, row)| *row).copied();
        let reason = contact.map_or_else(
            || "The family asked for help before things get harder.".to_owned(),
            |(_, row)| batch.contacts[row].row.concern.clone(),
        );
        let row = EarlyHelp {
            id: ids::named("early-help", &number.to_string()),
            family_id: self.id,
            began_on: m.day,
            source: "front_door".to_owned(),
            reason,
            contact_id: contact.map(|(id, _)| id),
            step_id: None,
            plan_id: None,
            team_id: self.team(),
            started_by: Some(ids::worker(m.who)),
            step_up_id: None,
            bring_back: None,
            state: EarlyHelpState::Open,
            ended_on: None,
            outcome: None,
            different: None,
            version: 1,
        };
        let help = row.id;
        batch.early_helps.push(told(&m.by, m.at, row));
        for person_id in Self::persons(children) {
            let child = EarlyHelpChild {
                id: self.ids.next(),
                early_help_id: help,
                person_id,
                version: 1,
            };
            batch.early_help_children.push(told(&m.by, m.at, child));
        }
        let at = batch.early_helps.len() - 1;
        far.help = Some(at);
        self.family_says(batch, m, help);
        if self.family.standing == crate::Standing::EarlyHelp {
            self.who_leads(batch, m, at, children);
        }
        at
    }

    /// What differs between families goes by their own number: those of one
    /// worker follow one another, so that each case is there on any day. The
    /// number of a piece of work depends on the day that the story is told.
    fn turn(&self, of: u32) -> u32 {
        self.family.no % of
    }

    /// Most families agree; some have not said yet, and one took it back.
    fn family_says(&mut self, batch: &mut Batch, m: &Moment<'_>, help: Id<id::Part>) {
        let open = self.family.standing == crate::Standing::EarlyHelp;
        let adult = self.family.people.iter().find(|p| !p.child);
        let by = adult.map(|p| format!("{} {}", p.given, p.family));
        let waiting = open && self.turn(9) == 4;
        let mut said = vec![(if waiting { "asked" } else { "given" }, m.at)];
        if open && self.turn(11) == 5 && !waiting {
            let later = self.land.now - Duration::days(2);
            said.push(("withdrawn", later.max(m.at + Duration::hours(1))));
        }
        for (word, at) in said {
            let row = Consent {
                id: self.ids.next(),
                early_help_id: help,
                family_id: self.id,
                said: word.to_owned(),
                said_by: by.clone().filter(|_| word != "asked"),
                said_on: casework::time::local(at).date(),
                how: (word != "asked").then(|| "in_person".to_owned()),
                shares: json!(match word {
                    "given" => vec!["school", "health"],
                    _ => Vec::new(),
                }),
                words: None,
                recorded_by: Some(ids::worker(m.who)),
                recorded_at: at,
                version: 1,
            };
            batch.consents.push(told(&m.by, at, row));
        }
    }

    /// The worker of the early help team leads, or a partner does, or nobody
    /// has been found yet.
    fn who_leads(&mut self, batch: &mut Batch, m: &Moment<'_>, help: usize, children: &[PersonNo]) {
        let about = self.about_help(batch, help, children);
        if self.turn(9) == 4 {
            self.start(batch, "early_help.asked", m.at, &about, |_| true);
        }
        let leads = self.turn(5);
        if leads < 3 {
            return;
        }
        let theirs = Self::persons(children);
        let held = batch.involvements.iter_mut().map(|row| &mut row.row);
        for row in held.filter(|row| theirs.contains(&row.person_id) && row.ended_on.is_none()) {
            row.lead = false;
            let school = row.agency == "school" && leads == 4;
            if school {
                row.lead = true;
                row.role = "lead_practitioner".to_owned();
            }
        }
        if leads == 3 {
            self.start(batch, "early_help.started", m.at, &about, |_| true);
        }
    }

    /// The plan of a period of early help, and the meetings of its team.
    pub(super) fn early_help_plan(
        &mut self,
        batch: &mut Batch,
        far: &mut SoFar,
        m: &Moment<'_>,
        plan: &crate::Plan,
        id: Id<id::Plan>,
    ) {
        let help = match far.help {
            Some(help) => help,
            None => self.begin_help(batch, far, m, &plan.children, plan.key.0.into()),
        };
        batch.early_helps[help].row.plan_id = Some(id);
        let about = About {
            kind: "plan",
            id: id.to_string(),
            path: format!("/plans/{id}"),
            ..self.about_help(batch, help, &plan.children)
        };
        self.start(batch, "plan.started", m.at, &about, of_early_help);
        if self.family.standing != crate::Standing::EarlyHelp {
            return;
        }
        let mut at = m.at + Duration::days(20);
        // In some families the last meeting is overdue.
        let late = if self.turn(4) == 1 { WEEKS * 7 } else { 0 };
        while at < self.land.now - Duration::days(1 + late) {
            let held = Moment { at, ..m.clone() };
            self.team_met(batch, &held, id);
            self.stop(batch, "meeting.team_around_family.held", at, &about.id);
            self.start(
                batch,
                "meeting.team_around_family.held",
                at,
                &about,
                of_early_help,
            );
            at += Duration::weeks(WEEKS) - Duration::days(2);
        }
    }

    fn team_met(&mut self, batch: &mut Batch, m: &Moment<'_>, plan: Id<id::Plan>) {
        let id = ids::named("team-around-family", &format!("{plan} {}", m.at));
        batch.meetings.push(told(
            &m.by,
            m.at,
            Meeting {
                id,
                kind: "team_around_family".to_owned(),
                family_id: self.id,
                plan_id: Some(plan),
                held_at: m.at,
                place: Some("Family hub, the blue room".to_owned()),
                state: MeetingState::Held,
                purpose: None,
                discussion: Some(
                    "The family said what is easier and what is still hard; each action was looked at."
                        .to_owned(),
                ),
                decision: Some("The plan goes on".to_owned()),
                interpreter: None,
                chaired_by: None,
                made_by: ids::worker(m.who),
                version: 1,
            },
        ));
        let adult = self.family.people.iter().find(|p| !p.child);
        let name = adult.map(|p| format!("{} {}", p.given, p.family));
        let mut people = vec![Attendee {
            name: "Allocated worker".into(),
            agency: Agency::EarlyHelp,
            took: Took::Came,
        }];
        people.extend(name.map(|name| Attendee {
            name,
            agency: Agency::Family,
            took: Took::Came,
        }));
        for person in &people {
            self.attendance(batch, m, m.at, id, person);
        }
    }

    /// The period ends with the work.
    pub(super) fn early_help_ended(
        &mut self,
        batch: &mut Batch,
        far: &mut SoFar,
        m: &Moment<'_>,
        different: &str,
    ) {
        let Some(help) = far.help.take() else {
            return;
        };
        batch.early_helps[help].change(&m.by, m.at, |row| {
            row.state = EarlyHelpState::Closed;
            row.ended_on = Some(m.day);
            row.outcome = Some("done".to_owned());
            row.different = Some(different.to_owned());
        });
    }

    fn about_help(&self, batch: &Batch, help: usize, children: &[PersonNo]) -> About {
        let id = batch.early_helps[help].row.id;
        About {
            kind: "early_help",
            id: id.to_string(),
            person: children.first().copied().map(ids::person),
            family: Some(self.id),
            contact: None,
            team: self.team(),
            worker: self.family.worker.as_deref().map(ids::worker),
            path: format!("/early-help/{id}"),
        }
    }
}

/// The clocks of an early help plan.
fn of_early_help(rule: &packs::ClockRule) -> bool {
    rule.runs_under(&Circumstances::default().with("plan", "early_help"))
}
