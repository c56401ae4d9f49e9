//! Referrals to services on some plans: just asked, waiting, answered, with a
//! result or without one for too long; and needs for which there was nothing.

use casework::clocks::About;
use chrono::{Duration, NaiveDate};
use record::model::*;

use super::batch::{Batch, told};
use super::people::{Entry, morning};
use crate::dice::Dice;

/// Names as the invented directory could have them: service and provider.
const SERVICES: [(&str, &str); 6] = [
    ("Quiet minds for young people", "Quillbrook care"),
    ("Sleep clinic", "Larkmere health visiting"),
    ("Stay and play", "Larkmere family centre"),
    ("Somebody to talk to", "Doorstep friends"),
    ("Boxing and breakfast", "Fenmarch boys and girls club"),
    ("Mediation for parents", "Quillbrook mediation"),
];

const NEEDS: [(&str, &str); 6] = [
    ("mental_health", "full"),
    ("mental_health", "full"),
    ("activities", "cost"),
    ("disability", "none"),
    ("housing", "none"),
    ("parenting", "times"),
];

impl Entry<'_> {
    /// Referrals and unmet needs on the family's last plan, for some.
    pub(super) fn referred(&mut self, batch: &mut Batch) {
        let mut dice = Dice::new(crate::SEED ^ 0x5E2F, u64::from(self.family.no));
        let mut mine = batch.plans.iter().filter(|p| p.row.family_id == self.id);
        let Some(plan) = mine.next_back().map(|p| p.row.clone()) else {
            return;
        };
        let subject = batch
            .plan_subjects
            .iter()
            .find(|s| s.row.plan_id == plan.id);
        let Some(child) = subject.map(|s| s.row.person_id) else {
            return;
        };
        let open = plan.ended_on.is_none() && self.family.story.is_none();
        if !open || !["early_help", "child_in_need"].contains(&plan.kind.as_str()) {
            return;
        }
        let today = self.land.now.date_naive();
        if dice.chance(8) {
            let days = dice.between(3, 250);
            let on = (today - Duration::days(days)).max(plan.started_on);
            self.refers(batch, &plan, child, on, &mut dice);
        }
        if dice.chance(9) {
            let (need, why) = *dice.pick(&NEEDS);
            let on = (today - Duration::days(dice.between(3, 300))).max(plan.started_on);
            let row = UnmetNeed {
                id: self.ids.next(),
                plan_id: plan.id,
                family_id: self.id,
                person_id: child,
                need: need.to_owned(),
                why: why.to_owned(),
                words: None,
                noted_on: on,
                made_by: self.worker_or("jo.socialworker"),
                made_at: self.land.morning(on),
                version: 1,
            };
            let by = self.clerk.clone();
            batch.unmet_needs.push(told(&by, row.made_at, row));
        }
    }

    fn refers(
        &mut self,
        batch: &mut Batch,
        plan: &Plan,
        child: vocabulary::Id<vocabulary::ids::Person>,
        on: NaiveDate,
        dice: &mut Dice,
    ) {
        let by = self.clerk.clone();
        let at = self.land.morning(on);
        let today = self.land.now.date_naive();
        let (service, provider) = *dice.pick(&SERVICES);
        let made_by = self.worker_or("jo.socialworker");
        let action = Action {
            id: self.ids.next(),
            plan_id: plan.id,
            family_id: self.id,
            goal_id: None,
            what: format!("Help from {service}"),
            agency: "other".to_owned(),
            owner: provider.to_owned(),
            owner_worker_id: None,
            owner_email: None,
            due_on: on + Duration::days(28),
            measure: "The family gets the help, and says if it is any good".to_owned(),
            state: ActionState::ToDo,
            made_by,
            made_at: at,
            settled_on: None,
            version: 1,
        };
        let mut kept_action = told(&by, at, action.clone());
        let row = ServiceReferral {
            id: self.ids.next(),
            plan_id: plan.id,
            action_id: action.id,
            family_id: self.id,
            person_id: child,
            service_id: None,
            service: service.to_owned(),
            provider: provider.to_owned(),
            asked_on: on,
            state: "asked".to_owned(),
            state_on: on,
            declined_why: None,
            wait_words: None,
            started_on: None,
            ended_on: None,
            result: None,
            result_on: None,
            result_by: None,
            words: None,
            made_by,
            made_at: at,
            version: 1,
        };
        let about = About {
            kind: "service_referral",
            id: row.id.to_string(),
            person: Some(child),
            family: Some(self.id),
            contact: None,
            team: plan.team_id,
            worker: plan.worker_id,
            path: format!("/service-referrals/{}", row.id),
        };
        let mut kept = told(&by, at, row);
        let answered = on + Duration::days(dice.between(4, 9));
        let heard = answered <= today && dice.chance(65);
        if heard {
            let state = *dice.pick(&["accepted", "waiting", "waiting"]);
            kept.change(&by, self.land.morning(answered), |r| {
                r.state = state.to_owned();
                r.state_on = answered;
            });
            kept_action.change(&by, self.land.morning(answered), |a| {
                a.state = ActionState::UnderWay;
            });
        }
        let known = on + Duration::days(26);
        let settled = heard && known <= today && dice.chance(45);
        if settled {
            let result = *dice.pick(&["yes", "yes", "partly"]);
            kept.change(&by, self.land.morning(known), |r| {
                r.result = Some(result.to_owned());
                r.result_on = Some(known);
                r.words = Some("They went, and would go again.".to_owned());
            });
            kept_action.change(&by, self.land.morning(known), |a| {
                a.state = ActionState::Done;
                a.settled_on = Some(known);
            });
        }
        batch.actions.push(kept_action);
        batch.service_referrals.push(kept);
        if settled {
            return;
        }
        if !heard {
            self.runs(batch, "service-answer", morning(on), &about);
        }
        self.runs(batch, "service-result", morning(on), &about);
    }
}
