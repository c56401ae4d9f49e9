//! Section 47 enquiries, conferences, and time on a child protection plan with
//! its reviews, as the children in need census has them.

use ::returns::cin::model::{ProtectionPlan, flag};
use chrono::NaiveDate;
use record::model::{Meeting, MeetingState, Protection, StepMeeting, StepState};
use vocabulary::{Id, ids};

use super::bring::{Bringing, Told, Was, noon};
use super::census::{Need, day_of, ends, first_day, last_day};
use crate::import::Error;

impl Bringing<'_> {
    /// The enquiries of an episode, and the conferences that followed.
    pub async fn enquiries(&mut self, need: &Need<'_>) -> Result<(), Error> {
        for one in &need.details.section47 {
            let record = format!("Section47 {}", one.row);
            let field = "S47ActualStartDate";
            let Some(on) = first_day(self, &one.start, need.on, &record, field) else {
                continue;
            };
            let Ok(held) = last_day(self, &one.initial_cpc, on, &record, "DateOfInitialCPC") else {
                continue;
            };
            let needless = flag(&one.cpc_not_required) == Some(true);
            // The census does not say when enquiries without a conference
            // ended: by the end of the work, or of the file.
            let over = (needless || need.closed.is_some()).then(|| need.over(self.origin.as_at));
            let settled = held.or(over).map(|day| day.max(on));
            let state = match settled {
                Some(_) => StepState::Done,
                None => StepState::Open,
            };
            let mut step = self.step("section-47", state, on, settled)?;
            step.outcome = held.map(|_| "conference".to_owned());
            let key = self.nth(format!("section 47 {} {on}", need.key));
            let told = Told {
                kind: "section 47 enquiries",
                key: &key,
                record: &record,
                says: format!("{held:?} {needless} {settled:?}"),
            };
            let (_, was) = self
                .bring(told, step.clone(), |old, new| {
                    old.state = new.state;
                    old.settled_at = new.settled_at;
                    old.outcome = new.outcome;
                })
                .await?;
            if was == Was::New {
                self.subject(step.id).await?;
                let wording = "Section 47 enquiries began.";
                self.chronicle(on, "harm", wording, ("step", step.id.as_str()), &record)
                    .await?;
            }
            if let Some(held) = held {
                self.conference(need, held, &record).await?;
            }
        }
        let date = &need.details.initial_cpc;
        if let Some(held) = day_of(self, date, &need.record, "DateOfInitialCPC") {
            self.conference(need, held, &need.record).await?;
        }
        Ok(())
    }

    /// An initial conference that was held.
    async fn conference(
        &mut self,
        need: &Need<'_>,
        held: NaiveDate,
        record: &str,
    ) -> Result<(), Error> {
        let mut plans = need.details.protection_plans.iter();
        let planned = plans.any(|plan| plan.start.day == Some(held));
        let outcome = planned.then_some("plan");
        let told = Told {
            kind: "initial conferences",
            key: &format!("initial conference {held}"),
            record,
            says: format!("{outcome:?}"),
        };
        self.held(
            told,
            ("initial-conference", "initial_conference"),
            held,
            outcome,
            None,
        )
        .await
    }

    /// A step that was done at a meeting.
    async fn held(
        &mut self,
        told: Told<'_>,
        (kind, meeting): (&str, &str),
        on: NaiveDate,
        outcome: Option<&str>,
        plan: Option<Id<ids::Plan>>,
    ) -> Result<(), Error> {
        let mut step = self.step(kind, StepState::Done, on, Some(on))?;
        step.outcome = outcome.map(str::to_owned);
        let (_, was) = self
            .bring(told, step.clone(), |old, new| {
                old.outcome = old.outcome.take().or(new.outcome);
            })
            .await?;
        if was != Was::New {
            return Ok(());
        }
        self.subject(step.id).await?;
        let meeting = Meeting {
            id: Id::new(),
            kind: meeting.to_owned(),
            family_id: self.family,
            plan_id: plan,
            held_at: noon(on),
            place: None,
            state: MeetingState::Held,
            purpose: None,
            discussion: None,
            decision: None,
            interpreter: None,
            chaired_by: None,
            made_by: self.clerk,
            version: 1,
        };
        self.tx.insert(&meeting).await?;
        self.tx
            .insert(&StepMeeting {
                id: Id::new(),
                step_id: step.id,
                meeting_id: meeting.id,
                family_id: self.family,
                chair_id: None,
                quorate: None,
                not_quorate_why: None,
                plan_id: plan,
                given_at: None,
                version: 1,
            })
            .await?;
        Ok(())
    }

    /// Time on a child protection plan.
    pub async fn protection_plan(
        &mut self,
        need: &Need<'_>,
        one: &ProtectionPlan,
    ) -> Result<(), Error> {
        let record = format!("ChildProtectionPlans {}", one.row);
        let Some(on) = first_day(self, &one.start, need.on, &record, "CPPstartDate") else {
            return Ok(());
        };
        let Ok(ended) = last_day(self, &one.end, on, &record, "CPPendDate") else {
            return Ok(());
        };
        let list = "protection-category";
        let first = one.initial_category.as_deref();
        let first = self.code(list, first, &record, "InitialCategoryOfAbuse");
        let latest = one.latest_category.as_deref();
        let latest = self.code(list, latest, &record, "LatestCategoryOfAbuse");
        let Some(first) = first.or_else(|| latest.clone()) else {
            let why = "The category is missing: the plan was not taken";
            self.refuse(&record, "InitialCategoryOfAbuse", "", why, false);
            return Ok(());
        };
        let earlier = one.previous_plans.as_deref().unwrap_or_default();
        let earlier: i64 = earlier.parse().unwrap_or_else(|_| {
            let why = "This is not a number: it was taken as 0";
            self.refuse(&record, "NumberOfPreviousCPP", earlier, why, true);
            0
        });
        let plan = self.plan_row("protection_plan", on, ended);
        let key = self.nth(format!("protection {} {on}", need.key));
        let told = Told {
            kind: "child protection plans",
            key: &key,
            record: &record,
            says: format!("{ended:?}"),
        };
        let (plan_id, was) = self.bring(told, plan.clone(), ends).await?;
        let plan_id: Id<ids::Plan> = plan_id.parse().map_err(|_| crate::Error::NotFound)?;
        if was == Was::New {
            self.planned_for(plan_id).await?;
        }
        let time_on = Protection {
            id: Id::new(),
            person_id: self.child,
            family_id: self.family,
            plan_id,
            started_on: on,
            category: latest.clone().unwrap_or_else(|| first.clone()),
            first_category: first.clone(),
            earlier,
            ended_on: ended,
            end_reason: None,
            came_from: None,
            version: 1,
        };
        let told = Told {
            kind: "times on a child protection plan",
            key: &format!("time {key}"),
            record: &record,
            says: format!("{first} {latest:?} {earlier} {ended:?}"),
        };
        let (_, was) = self
            .bring(told, time_on, |old, new| {
                old.category = new.category;
                old.ended_on = old.ended_on.or(new.ended_on);
            })
            .await?;
        let source = ("plan", plan_id.to_string());
        if was == Was::New {
            let wording = "Child protection plan began.";
            self.chronicle(on, "plan", wording, (source.0, &source.1), &record)
                .await?;
        }
        if was != Was::Same
            && let Some(ended) = ended
        {
            let wording = "Child protection plan ended.";
            self.chronicle(ended, "plan", wording, (source.0, &source.1), &record)
                .await?;
        }
        for review in &one.reviews {
            let record = format!("Reviews {}", review.row);
            let Some(held) = first_day(self, &review.date, on, &record, "CPPreviewDate") else {
                continue;
            };
            let key = self.nth(format!("review of {key} {held}"));
            let told = Told {
                kind: "reviews of child protection plans",
                key: &key,
                record: &record,
                says: String::new(),
            };
            let kinds = ("review-conference", "review_conference");
            self.held(told, kinds, held, None, Some(plan_id)).await?;
        }
        Ok(())
    }
}
