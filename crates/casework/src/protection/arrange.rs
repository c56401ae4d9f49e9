//! Arranging a conference: its day, its chair, its guests and their reports;
//! saying why it is late; and who has the outline plan.

use record::model::{Clock, Involvement, Meeting, MeetingPerson, MeetingState, StepMeeting, Told};
use record::{Asked, AssertSqlSafe, Entity, Tx, Viewer, args};
use vocabulary::{Id, ids, plain};

use super::conference::{ConferencePage, Guest, may_arrange, may_change, meeting_kind};
use crate::plans::network::Known;
use crate::plans::{claim, some};
use crate::steps::{OpenStep, StepSeen, path_of};
use crate::{Casework, Error, Result, clocks, time};

/// A conference about to be arranged.
#[derive(Debug, Clone, Default)]
pub struct Arrange {
    /// When: day and time, as the record writes them.
    pub when: String,
    /// Where.
    pub place: String,
    /// Who chairs it: a worker's id.
    pub chair: String,
    /// Those of the network who are invited, by their keys.
    pub invite: Vec<String>,
    /// Others: name and agency.
    pub others: Vec<(String, String)>,
    /// Why it is later than the rule says.
    pub late_reason: String,
    /// Who agreed to that: the manager and the chair.
    pub late_agreed: String,
    /// The form's once-token.
    pub once: String,
}

impl Casework {
    /// Gives a conference its day and invites to it. Reports are due as many
    /// working days before as the pack says.
    ///
    /// # Errors
    /// [`Error::Findings`] when there is no day, nobody is invited, or the day
    /// is later than the clock and no reason was agreed.
    pub async fn arrange_conference(
        &self,
        viewer: &Viewer,
        id: Id<ids::Step>,
        wanted: &Arrange,
    ) -> Result<()> {
        let page = self.conference(viewer, id).await?;
        may_change(&page)?;
        let at = chrono::NaiveDateTime::parse_from_str(&wanted.when, "%Y-%m-%dT%H:%M").map_err(
            |_| {
                Error::finding(
                    "when",
                    "When?",
                    "Write the day and the time, like 27 3 2027 and 2pm",
                )
            },
        )?;
        if at.date() < time::today() {
            return Err(Error::finding(
                "when",
                "When?",
                "This day is past. Choose a day to come",
            ));
        }
        let chair = page.chairs.iter().find(|c| c.id.as_str() == wanted.chair);
        if chair.is_none() {
            return Err(Error::finding(
                "chair",
                "Who chairs it?",
                "Choose who chairs it: somebody who does not manage the work",
            ));
        }
        if wanted.invite.is_empty() && wanted.others.iter().all(|(name, _)| name.trim().is_empty())
        {
            return Err(Error::finding(
                "invite",
                "Who is invited?",
                "Choose who is invited",
            ));
        }
        let late = page.due_on.is_some_and(|due| at.date() > due);
        if late && (some(&wanted.late_reason).is_none() || some(&wanted.late_agreed).is_none()) {
            let due = page.due_on.map(plain::date).unwrap_or_default();
            let field = if some(&wanted.late_reason).is_none() {
                "late_reason"
            } else {
                "late_agreed"
            };
            return Err(Error::finding(
                field,
                "Why is it late?",
                &format!(
                    "It is due by {due}. Write why it is later, and that the manager and the chair agreed"
                ),
            ));
        }
        let mut tx = self.store().begin(&viewer.actor()).await?;
        claim(&mut tx, &wanted.once, &path_of(&page.seen.step)).await?;
        let meeting = self
            .put_meeting(&mut tx, viewer, &page, wanted, at, chair)
            .await?;
        self.put_guests(&mut tx, &page, &meeting, wanted).await?;
        if let Some(chair) = chair {
            involve_chair(&mut tx, &page.seen, chair).await?;
        }
        if late {
            let reason = format!(
                "{} Agreed: {}",
                wanted.late_reason.trim(),
                wanted.late_agreed.trim()
            );
            let manager = viewer
                .can("case.authorise")
                .then_some(viewer.principal.worker);
            self.late_conference(&mut tx, &page.seen, &reason, manager.or(page.seen.manager))
                .await?;
        }
        let now = tx.now();
        let children: Vec<Id<ids::Person>> = page.seen.children.iter().map(|c| c.id).collect();
        clocks::stop_of(&mut tx, self.pack(), "conference.arranged", now, &children).await?;
        Ok(tx.commit().await?)
    }

    /// Puts on record that somebody's report has come.
    pub async fn report_received(
        &self,
        viewer: &Viewer,
        id: Id<ids::Step>,
        guest: Id<ids::Attendance>,
    ) -> Result<()> {
        let page = self.conference(viewer, id).await?;
        may_change(&page)?;
        let here = page.seats.iter().any(|seat| seat.row.id == guest);
        if !here {
            return Err(Error::NotFound);
        }
        let mut tx = self.store().begin(&viewer.actor()).await?;
        let mut row: MeetingPerson = tx.get(guest).await?;
        row.report_received = Some(time::local(tx.now()).date());
        tx.update(&mut row).await?;
        Ok(tx.commit().await?)
    }

    /// The family and the core group have the outline plan: its clock stops,
    /// and who had it is on record.
    pub async fn outline_given(
        &self,
        viewer: &Viewer,
        id: Id<ids::Step>,
        who: &str,
        once: &str,
    ) -> Result<()> {
        let page = self.conference(viewer, id).await?;
        if !page.writes {
            return Err(Error::NotFound);
        }
        let (Some(row), Some(_)) = (&page.row, page.plan) else {
            return Err(Error::NotFound);
        };
        let who = some(who).ok_or_else(|| {
            Error::finding(
                "who",
                "Who has the outline plan?",
                "Write who has the outline plan, and how they got it",
            )
        })?;
        let mut tx = self.store().begin(&viewer.actor()).await?;
        claim(&mut tx, once, &path_of(&page.seen.step)).await?;
        let mut row: StepMeeting = tx.get(row.id).await?;
        let now = tx.now();
        row.given_at = Some(now);
        tx.update(&mut row).await?;
        tx.insert(&Told {
            id: Id::new(),
            contact_id: None,
            family_id: Some(page.seen.step.family_id),
            who: who.clone(),
            how: "in_person".into(),
            words: "The outline child protection plan".into(),
            told_by: viewer.principal.worker,
            told_at: now,
            reason: "outline_plan".into(),
            acknowledged_at: None,
            acknowledged_by: None,
            version: 1,
        })
        .await?;
        let children: Vec<Id<ids::Person>> = page.seen.children.iter().map(|c| c.id).collect();
        clocks::stop_of(&mut tx, self.pack(), "outline_plan.given", now, &children).await?;
        Ok(tx.commit().await?)
    }

    /// Opens the review conference of a child protection plan, or goes to the
    /// one that is open.
    pub async fn open_review(
        &self,
        viewer: &Viewer,
        plan: Id<ids::Plan>,
        once: &str,
    ) -> Result<Id<ids::Step>> {
        let seen = self
            .plan_seen(
                viewer,
                plan,
                Asked::to_write("arrange a review conference"),
                None,
            )
            .await?;
        if !may_arrange(viewer) || !seen.is_open() || seen.plan.kind != super::plan::KIND {
            return Err(Error::NotFound);
        }
        #[derive(sqlx::FromRow)]
        struct Open {
            id: Id<ids::Step>,
        }
        let open: Option<Open> = self
            .store()
            .read_db()
            .maybe(
                "select s.id from step s join step_subject x on x.step_id = s.id \
                 where x.person_id = $1 and s.kind = 'review-conference' and s.state = 'open' limit 1",
                args![seen.child.id],
            )
            .await?;
        if let Some(open) = open {
            return Ok(open.id);
        }
        let children = self.on_protection(&seen).await?;
        let mut tx = self.store().begin(&viewer.actor()).await?;
        let open = OpenStep {
            kind: "review-conference",
            family: seen.plan.family_id,
            children,
            contact: None,
            team: seen.plan.team_id,
            worker: seen.plan.worker_id,
            started_on: time::local(tx.now()).date(),
        };
        let step = self.open_step(&mut tx, open).await?;
        claim(&mut tx, once, &path_of(&step)).await?;
        tx.commit().await?;
        Ok(step.id)
    }

    async fn put_meeting(
        &self,
        tx: &mut Tx,
        viewer: &Viewer,
        page: &ConferencePage,
        wanted: &Arrange,
        at: chrono::NaiveDateTime,
        chair: Option<&Guest>,
    ) -> Result<Meeting> {
        let held_at = time::from_local(at);
        if let (Some(meeting), Some(row)) = (&page.meeting, &page.row) {
            let mut meeting: Meeting = tx.get(meeting.id).await?;
            meeting.held_at = held_at;
            meeting.place = some(&wanted.place);
            meeting.chaired_by = chair.map(|c| c.name.clone());
            tx.update(&mut meeting).await?;
            let mut row: StepMeeting = tx.get(row.id).await?;
            row.chair_id = chair.map(|c| c.id);
            tx.update(&mut row).await?;
            return Ok(meeting);
        }
        let languages = crate::meetings::languages(&page.network);
        let meeting = Meeting {
            id: Id::new(),
            kind: page.def.id.clone(),
            family_id: page.seen.step.family_id,
            plan_id: None,
            held_at,
            place: some(&wanted.place),
            state: MeetingState::Planned,
            purpose: None,
            discussion: None,
            decision: None,
            interpreter: (!languages.is_empty()).then(|| "needed".to_owned()),
            chaired_by: chair.map(|c| c.name.clone()),
            made_by: viewer.principal.worker,
            version: 1,
        };
        tx.insert(&meeting).await?;
        tx.insert(&StepMeeting {
            id: Id::new(),
            step_id: page.seen.step.id,
            meeting_id: meeting.id,
            family_id: meeting.family_id,
            chair_id: chair.map(|c| c.id),
            quorate: None,
            not_quorate_why: None,
            plan_id: None,
            given_at: None,
            version: 1,
        })
        .await?;
        self.lay_table(tx, &meeting, &page.def, &page.network)
            .await?;
        Ok(meeting)
    }

    /// Invites, and says when each agency's report is due.
    async fn put_guests(
        &self,
        tx: &mut Tx,
        page: &ConferencePage,
        meeting: &Meeting,
        wanted: &Arrange,
    ) -> Result<()> {
        let day = time::local(meeting.held_at).date();
        let due = page.def.reports_before.map(|n| {
            self.pack()
                .working_days()
                .add_working_days(day, -i64::from(n))
        });
        let sql = format!(
            "select {} from meeting_person where meeting_id = $1 order by id",
            MeetingPerson::COLUMNS.join(", ")
        );
        let mut rows: Vec<MeetingPerson> = tx.all(AssertSqlSafe(sql), args![meeting.id]).await?;
        let mut guests: Vec<(String, String, Option<&Known>)> = Vec::new();
        for key in &wanted.invite {
            let known = page
                .network
                .iter()
                .find(|k| k.key == *key)
                .ok_or(Error::NotFound)?;
            guests.push((known.name.clone(), known.agency.clone(), Some(known)));
        }
        for (name, agency) in &wanted.others {
            if let Some(name) = some(name) {
                guests.push((name, agency.clone(), None));
            }
        }
        for (name, agency, known) in guests {
            let report = due.filter(|_| agency != "family");
            let place = page.def.partner_of(&agency).map(|p| p.id.clone());
            // An empty place of the same agency is filled before a row is added.
            let found = rows
                .iter()
                .position(|r| r.name.eq_ignore_ascii_case(&name))
                .or_else(|| {
                    rows.iter()
                        .position(|r| r.name.is_empty() && r.place == place)
                });
            let mut row = match found {
                Some(i) => rows.swap_remove(i),
                None => crate::meetings::attendance(meeting, &name, &agency),
            };
            let version = row.version;
            if let Some(known) = known {
                crate::meetings::fill(&mut row, known);
            }
            row.name = name;
            row.agency = agency;
            row.place = place;
            row.invited = true;
            row.report_due = report;
            match found {
                Some(_) => {
                    row.version = version;
                    tx.update(&mut row).await?;
                }
                None => tx.insert(&row).await?,
            }
        }
        Ok(())
    }

    async fn late_conference(
        &self,
        tx: &mut Tx,
        seen: &StepSeen,
        reason: &str,
        agreed: Option<Id<ids::Worker>>,
    ) -> Result<()> {
        let rules = meeting_kind(&seen.step.kind).map_or(&[][..], |(_, rules)| rules);
        let sql = format!(
            "select {} from clock where person_id = $1 and done_at is null",
            Clock::COLUMNS.join(", ")
        );
        for child in &seen.children {
            let running: Vec<Clock> = tx.all(AssertSqlSafe(sql.clone()), args![child.id]).await?;
            for clock in running.iter().filter(|c| rules.contains(&c.rule.as_str())) {
                clocks::give_reason(tx, clock.id, reason, agreed).await?;
            }
        }
        Ok(())
    }
}

/// The chair sees the record of the children whose conference they chair.
async fn involve_chair(tx: &mut Tx, seen: &StepSeen, chair: &Guest) -> Result<()> {
    let sql = format!(
        "select {} from involvement where person_id = $1 and worker_id = $2 and ended_on is null",
        Involvement::COLUMNS.join(", ")
    );
    for child in &seen.children {
        let known: Option<Involvement> = tx
            .maybe(AssertSqlSafe(sql.clone()), args![child.id, chair.id])
            .await?;
        if known.is_some() {
            continue;
        }
        tx.insert(&Involvement {
            id: Id::new(),
            person_id: child.id,
            worker_id: Some(chair.id),
            team_id: None,
            role: "other".into(),
            name: chair.name.clone(),
            job_title: chair.job_title.clone(),
            agency: "social_care".into(),
            phone: None,
            email: None,
            lead: false,
            sensitive: false,
            started_on: time::local(tx.now()).date(),
            ended_on: None,
            change_reason: None,
            version: 1,
        })
        .await?;
    }
    Ok(())
}
