//! Before a meeting: plan it, book the interpreter, take down the views of
//! those who cannot come, or call it off with a reason.

use chrono::{DateTime, Utc};
use packs::Answers;
use record::model::{Meeting, MeetingPerson, MeetingState};
use record::{Tx, Viewer};
use vocabulary::{Id, ids};

use super::{FORM, MeetingSeen, languages, may_record};
use crate::plans::network::Known;
use crate::plans::{PlanSeen, claim, some, stops};
use crate::{Casework, Error, Result, time};

/// A meeting about to be planned.
#[derive(Debug, Clone, Default)]
pub struct PlanMeeting {
    /// Kind, time and place, of the pack's form.
    pub answers: Answers,
    /// What it is for.
    pub purpose: String,
    /// Those of the network who are invited, by their keys.
    pub invite: Vec<String>,
    /// Others: name and agency.
    pub others: Vec<(String, String)>,
    /// The form's once-token.
    pub once: String,
}

impl Casework {
    /// A plan for which this viewer plans a meeting, and whom they can invite.
    pub async fn new_meeting(
        &self,
        viewer: &Viewer,
        plan: Id<ids::Plan>,
    ) -> Result<(PlanSeen, Vec<Known>)> {
        let asked = record::Asked::to_write("plan a meeting");
        let seen = self.plan_seen(viewer, plan, asked, None).await?;
        may_record(viewer)?;
        if !seen.is_open() {
            return Err(Error::Refused(
                "This plan has ended. Start a new plan to plan its meetings.".into(),
            ));
        }
        let network = self.network(viewer, &seen).await?;
        Ok((seen, network))
    }

    /// Plans a meeting. If anyone of the family needs an interpreter, the
    /// meeting asks for one until it is booked or declined (R000-05).
    pub async fn plan_meeting(
        &self,
        viewer: &Viewer,
        plan: Id<ids::Plan>,
        wanted: &PlanMeeting,
    ) -> Result<Id<ids::Meeting>> {
        let (seen, network) = self.new_meeting(viewer, plan).await?;
        stops(self.form(FORM)?.check(&wanted.answers, Some("meeting")))?;
        let held_at = held_at(&wanted.answers)?;
        let mut invited = Vec::new();
        for key in &wanted.invite {
            let known = network.iter().find(|k| k.key == *key);
            invited.push(known.ok_or(Error::NotFound)?);
        }
        let meeting = Meeting {
            id: Id::new(),
            kind: wanted.answers.text("kind").to_owned(),
            family_id: seen.plan.family_id,
            plan_id: Some(plan),
            held_at,
            place: some(wanted.answers.text("place")),
            state: MeetingState::Planned,
            purpose: some(&wanted.purpose),
            discussion: None,
            decision: None,
            interpreter: (!languages(&network).is_empty()).then(|| "needed".to_owned()),
            chaired_by: None,
            made_by: viewer.principal.worker,
            version: 1,
        };
        let mut tx = self.store().begin(&viewer.actor()).await?;
        claim(&mut tx, &wanted.once, &format!("/meetings/{}", meeting.id)).await?;
        tx.insert(&meeting).await?;
        for known in invited {
            invite(&mut tx, &meeting, known).await?;
        }
        for (name, agency) in &wanted.others {
            if let Some(name) = some(name) {
                let mut row = attendance(&meeting, &name, agency);
                row.invited = true;
                tx.insert(&row).await?;
            }
        }
        tx.drop_draft(viewer.principal.worker, &format!("meeting:{plan}"))
            .await?;
        tx.commit().await?;
        Ok(meeting.id)
    }

    /// Books the interpreter, or says why there is none.
    pub async fn settle_interpreter(
        &self,
        viewer: &Viewer,
        id: Id<ids::Meeting>,
        choice: &str,
        reason: &str,
    ) -> Result<()> {
        let mut meeting = self
            .meeting_to_change(viewer, id, "book an interpreter")
            .await?
            .meeting;
        meeting.interpreter = Some(match (choice, some(reason)) {
            ("booked", _) => "booked".to_owned(),
            ("declined", Some(reason)) => format!("declined: {reason}"),
            ("declined", None) => {
                return Err(Error::finding(
                    "interpreter_reason",
                    "Why is no interpreter needed?",
                    "Write why the meeting takes place without an interpreter: without one, someone may not be heard",
                ));
            }
            _ => {
                return Err(Error::finding(
                    "interpreter",
                    "Interpreter",
                    "Choose if an interpreter is booked",
                ));
            }
        });
        let mut tx = self.store().begin(&viewer.actor()).await?;
        tx.update(&mut meeting).await?;
        Ok(tx.commit().await?)
    }

    /// Takes down what someone thinks before the meeting.
    pub async fn add_views(
        &self,
        viewer: &Viewer,
        id: Id<ids::Meeting>,
        who: &str,
        views: &str,
        once: &str,
    ) -> Result<()> {
        let seen = self.meeting_to_change(viewer, id, "add views").await?;
        let who = some(who).ok_or_else(|| {
            Error::finding("who", "Whose views are they?", "Write whose views they are")
        })?;
        let views = some(views).ok_or_else(|| {
            Error::finding(
                "views",
                "What do they say?",
                "Write what they say, in their own words",
            )
        })?;
        let people = self.people_of(id).await?;
        let known = self.family_known(viewer, seen.meeting.family_id).await?;
        let mut tx = self.store().begin(&viewer.actor()).await?;
        claim(&mut tx, once, &format!("/meetings/{id}")).await?;
        match people
            .into_iter()
            .find(|p| p.name.eq_ignore_ascii_case(&who))
        {
            Some(mut person) => {
                person.views = Some(match person.views.take() {
                    Some(before) => format!("{before}\n\n{views}"),
                    None => views,
                });
                tx.update(&mut person).await?;
            }
            None => {
                let family = known.iter().find(|k| k.name.eq_ignore_ascii_case(&who));
                let mut row = attendance(&seen.meeting, &who, "");
                if let Some(known) = family {
                    fill(&mut row, known);
                }
                row.views = Some(views);
                tx.insert(&row).await?;
            }
        }
        Ok(tx.commit().await?)
    }

    /// Calls a planned meeting off. Its clocks run on.
    pub async fn cancel_meeting(
        &self,
        viewer: &Viewer,
        id: Id<ids::Meeting>,
        reason: &str,
    ) -> Result<MeetingSeen> {
        let mut seen = self
            .meeting_to_change(viewer, id, "call off a meeting")
            .await?;
        if !seen.is_planned() {
            return Err(Error::Refused(
                "This meeting is not planned any more, so it cannot be called off.".into(),
            ));
        }
        let reason = some(reason).ok_or_else(|| {
            Error::finding(
                "cancel_reason",
                "Why is it called off?",
                "Write why the meeting is called off",
            )
        })?;
        let mut tx = self.store().begin(&viewer.actor()).await?;
        tx.because_of(&reason);
        seen.meeting.state = MeetingState::Cancelled;
        seen.meeting.decision = Some(format!("Called off: {reason}"));
        tx.update(&mut seen.meeting).await?;
        tx.commit().await?;
        Ok(seen)
    }
}

/// The moment of a meeting, from the form.
pub(super) fn held_at(answers: &Answers) -> Result<DateTime<Utc>> {
    let at = answers.date_time("when").ok_or_else(|| {
        Error::finding(
            "when",
            "When?",
            "Write the day and the time, like 27 3 2027 and 2pm",
        )
    })?;
    Ok(time::from_local(at))
}

async fn invite(tx: &mut Tx, meeting: &Meeting, known: &Known) -> Result<()> {
    let mut row = attendance(meeting, &known.name, &known.agency);
    fill(&mut row, known);
    row.invited = true;
    Ok(tx.insert(&row).await?)
}

pub(crate) fn fill(row: &mut MeetingPerson, known: &Known) {
    row.person_id = known.person;
    row.worker_id = known.worker;
    row.role.clone_from(&known.role);
    row.agency.clone_from(&known.agency);
}

/// An empty row for someone.
pub(crate) fn attendance(meeting: &Meeting, name: &str, agency: &str) -> MeetingPerson {
    MeetingPerson {
        id: Id::new(),
        meeting_id: meeting.id,
        family_id: meeting.family_id,
        person_id: None,
        worker_id: None,
        name: name.trim().to_owned(),
        role: String::new(),
        agency: agency.to_owned(),
        invited: false,
        came: None,
        absent_why: None,
        views: None,
        place: None,
        report_due: None,
        report_received: None,
        dissent: None,
        version: 1,
    }
}
