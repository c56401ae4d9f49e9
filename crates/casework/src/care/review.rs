//! Reviews in care and the officer who chairs them (SI 2010/959, regulations
//! 32 to 38 and 45). A review is a meeting as any other, with what the law asks
//! for beside it.

use packs::Answers;
use record::model::{CareReview, Involvement, Meeting, MeetingPerson, MeetingState, Plan, Worker};
use record::{AssertSqlSafe, Entity, Tx, args};
use vocabulary::{Id, ids};

use super::{Filled, Now, rules};
use crate::asking::{self, Asking, Decided};
use crate::meetings::REVIEW_IN_CARE;
use crate::meetings::record::take_part;
use crate::plans::network::Known;
use crate::{Casework, Error, Result, clocks, time};

impl Casework {
    pub(super) async fn save_review(
        &self,
        tx: &mut Tx,
        form: &Filled<'_>,
        mut now: Now,
        known: &[Known],
    ) -> Result<String> {
        let day = form.day("on")?;
        if day < now.care.started_on {
            return Err(Error::finding(
                "on",
                "When was the review?",
                "The child was not in care yet on that day",
            ));
        }
        let before: Vec<CareReview> =
            asking::rows(tx, "care_id = $1 order by held_on", args![now.care.id]).await?;
        let number = before.iter().filter(|r| r.held_on <= day).count() as i64 + 1;
        let last = before.iter().all(|r| r.held_on <= day);
        let permanence = form.text("permanence").to_owned();
        let family = self.family_of(now.care.person_id).await?;
        let meeting = match family {
            Some(family) => Some(self.review_meeting(tx, form, family, day, known).await?),
            None => None,
        };
        tx.insert(&CareReview {
            id: Id::new(),
            care_id: now.care.id,
            person_id: now.care.person_id,
            meeting_id: meeting,
            number,
            held_on: day,
            part: form.text("part").to_owned(),
            permanence: permanence.clone(),
            decided: form.text("words").to_owned(),
            not_done: form.said("not_done"),
            early: form.said("early").filter(|e| e != "no"),
            chaired_by: now.care.iro_id,
            made_by: form.viewer.principal.worker,
            version: 1,
        })
        .await?;
        if last && permanence != now.care.permanence {
            now.care.permanence_on = (permanence != "none").then_some(day);
            now.care.permanence = permanence.clone();
            tx.update(&mut now.care).await?;
        }
        let (at, id) = (time::start_of(day), now.care.id.to_string());
        let pack = self.pack();
        if last {
            clocks::stop(tx, pack, "care_review.held", at, "care", &id).await?;
            let mut about = self.about_care(&now.care).await?;
            about.path = format!("/people/{}/care/review", now.care.person_id);
            clocks::start(tx, pack, rules::after_review(number), at, &about).await?;
        }
        if permanence != "none" {
            clocks::stop(tx, pack, "permanence.planned", at, "care", &id).await?;
        }
        self.start_leaving_clock(tx, &now.care, form.child().born_on)
            .await?;
        let decided = Decided {
            kind: "care",
            outcome: "Review in care held",
            why: form.text("words"),
            asking: form.asking,
            answers: form.answers,
            family,
        };
        asking::decide(tx, form.viewer, decided).await?;
        Ok(match (permanence.as_str(), number) {
            ("none", 2..) => "The review is saved. There is still no plan for a permanent home: it was due by the second review.".into(),
            ("none", _) => "The review is saved. The plan for a permanent home is due by the second review.".into(),
            _ => "The review is saved. The next one is on the page.".into(),
        })
    }

    /// The meeting of this review, through the one component of all meetings:
    /// the one that was planned is held, with those who were invited to it; a
    /// review that nobody planned is a meeting as well. The next one is planned
    /// if its day is agreed.
    async fn review_meeting(
        &self,
        tx: &mut Tx,
        form: &Filled<'_>,
        family: Id<ids::Family>,
        day: chrono::NaiveDate,
        known: &[Known],
    ) -> Result<Id<ids::Meeting>> {
        let child = form.child();
        let plans: Vec<Plan> = asking::rows(
            tx,
            "state = 'open' and kind in ('in_care', 'care_leaver') and exists (select 1 from \
             plan_subject s where s.plan_id = plan.id and s.person_id = $1) order by id desc",
            args![child.id],
        )
        .await?;
        let plan = plans.first().map(|p| p.id);
        let planned: Vec<Meeting> = asking::rows(
            tx,
            "kind = 'review_in_care' and state = 'planned' and plan_id = $1 order by held_at",
            args![plan],
        )
        .await?;
        let row = |at, state| Meeting {
            id: Id::new(),
            kind: REVIEW_IN_CARE.into(),
            family_id: family,
            plan_id: plan,
            held_at: at,
            place: None,
            state,
            purpose: Some(format!("Review in care of {}", child.first_name())),
            discussion: None,
            // What was decided stands in the review, which is the child's own:
            // a meeting belongs to the family and is read by more people.
            decision: None,
            interpreter: None,
            chaired_by: Some(form.viewer.name.clone()),
            made_by: form.viewer.principal.worker,
            version: 1,
        };
        let meeting = match planned.into_iter().next() {
            Some(mut meeting) => {
                meeting.state = MeetingState::Held;
                meeting.held_at = time::start_of(day);
                meeting.chaired_by = Some(form.viewer.name.clone());
                tx.update(&mut meeting).await?;
                meeting
            }
            None => {
                let meeting = row(time::start_of(day), MeetingState::Held);
                tx.insert(&meeting).await?;
                meeting
            }
        };
        let mut people: Vec<MeetingPerson> =
            asking::rows(tx, "meeting_id = $1 order by id", args![meeting.id]).await?;
        for posted in form.answers.groups("people") {
            take_part(tx, &meeting, &mut people, &posted, known).await?;
        }
        if let Some(words) = form.said("childs_words") {
            let mut said = Answers::new();
            said.set("name", child.name());
            said.set("views", words);
            take_part(tx, &meeting, &mut people, &said, known).await?;
        }
        if let Some(next) = form.answers.date("next").filter(|next| *next > day) {
            tx.insert(&row(time::start_of(next), MeetingState::Planned))
                .await?;
        }
        Ok(meeting.id)
    }

    /// The officers who can be named.
    pub(super) async fn offer_officers(&self, asking: &mut Asking) -> Result<()> {
        let sql = format!(
            "select {} from worker where role = 'iro' and active = $1 order by name",
            Worker::COLUMNS.join(", ")
        );
        let officers: Vec<Worker> = self
            .store()
            .read_db()
            .all(AssertSqlSafe(sql), args![true])
            .await?;
        let choices = officers.into_iter().map(|w| (w.id.to_string(), w.name));
        asking.offer("worker", choices.collect());
        asking.day("on", time::today());
        Ok(())
    }

    /// Names the officer, who can then see the child's record.
    pub(super) async fn name_officer(
        &self,
        tx: &mut Tx,
        form: &Filled<'_>,
        mut now: Now,
    ) -> Result<String> {
        let day = form.day("on")?;
        let id: Id<ids::Worker> = form.text("worker").parse().map_err(|_| Error::NotFound)?;
        let officer: Worker = tx.get(id).await?;
        if officer.role != "iro" {
            return Err(Error::NotFound);
        }
        let last: Vec<Involvement> = asking::rows(
            tx,
            "person_id = $1 and job_title = 'Independent reviewing officer' and ended_on is null",
            args![now.care.person_id],
        )
        .await?;
        for mut earlier in last {
            earlier.ended_on = Some(day);
            earlier.change_reason = Some("Another reviewing officer was named".into());
            tx.update(&mut earlier).await?;
        }
        tx.insert(&Involvement {
            id: Id::new(),
            person_id: now.care.person_id,
            worker_id: Some(officer.id),
            team_id: None,
            role: "other".into(),
            name: officer.name.clone(),
            job_title: "Independent reviewing officer".into(),
            agency: "social_care".into(),
            phone: officer.phone.clone(),
            email: officer.email.clone(),
            lead: false,
            sensitive: false,
            started_on: day,
            ended_on: None,
            change_reason: None,
            version: 1,
        })
        .await?;
        now.care.iro_id = Some(officer.id);
        tx.update(&mut now.care).await?;
        Ok(format!("{} is the reviewing officer.", officer.name))
    }
}
