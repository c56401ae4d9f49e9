//! Packages of support on some plans: just begun, under way and looked at, or
//! ended with an outcome of each service.

use casework::clocks::About;
use chrono::Duration;
use record::model::*;
use serde_json::json;

use super::batch::{Batch, told};
use super::people::{Entry, morning};
use crate::dice::Dice;

/// Name, aim, and its services: what, from whom, how much.
type Kit = (
    &'static str,
    &'static str,
    [(&'static str, &'static str, &'static str); 3],
);

const KITS: [Kit; 3] = [
    (
        "After school and evenings",
        "Homework and tea are calm on school days, and the parents get help early.",
        [
            (
                "Homework club",
                "Larkmere family centre",
                "two evenings a week",
            ),
            (
                "Parenting group",
                "Larkmere family centre",
                "ten Wednesdays",
            ),
            ("Family support worker", "Early help team", "once a week"),
        ],
    ),
    (
        "Two homes, one plan",
        "The parents agree on days, school and money without arguing in front of the children.",
        [
            ("Mediation", "Quillbrook mediation", "six meetings"),
            (
                "Somebody to talk to at school",
                "Place of calm",
                "once a week for a term",
            ),
            (
                "Child care on handover days",
                "Tumblewick nursery",
                "two mornings a week",
            ),
        ],
    ),
    (
        "A steady start",
        "The little ones sleep, eat and play well, and their mother is less alone.",
        [
            (
                "Nursery place",
                "Tumblewick nursery",
                "fifteen hours a week",
            ),
            (
                "Home visits by a volunteer",
                "Doorstep friends",
                "once a week",
            ),
            ("Help with money", "Larkmere advice", "three meetings"),
        ],
    ),
];

impl Entry<'_> {
    /// A package on the family's last plan, for some.
    pub(super) fn packages(&mut self, batch: &mut Batch) {
        let mut dice = Dice::new(crate::SEED ^ 0x9AC6, u64::from(self.family.no));
        let mut mine = batch.plans.iter().filter(|p| p.row.family_id == self.id);
        let Some(plan) = mine.next_back().map(|p| p.row.clone()) else {
            return;
        };
        let weight = match plan.kind.as_str() {
            "early_help" => 3,
            "child_in_need" => 8,
            _ => return,
        };
        let jos = self.family.worker.as_deref() == Some("jo.socialworker");
        let has_one = dice.chance(weight) || (jos && self.family.story.is_none() && dice.chance(3));
        if !has_one {
            return;
        }
        let (name, aim, services) = *dice.pick(&KITS);
        let today = self.land.now.date_naive();
        let starts_on = (plan.started_on + Duration::days(dice.between(5, 15))).min(today);
        let goals = batch.goals.iter().filter(|g| g.row.plan_id == plan.id);
        let goals: Vec<String> = goals.take(1).map(|g| g.row.id.to_string()).collect();
        let row = SupportPackage {
            id: self.ids.next(),
            plan_id: plan.id,
            family_id: self.id,
            name: name.to_owned(),
            aim: aim.to_owned(),
            goals: json!(goals),
            starts_on,
            state: "open".to_owned(),
            ended_on: None,
            outcome: None,
            end_words: None,
            made_by: self.worker_or("jo.socialworker"),
            made_at: self.land.morning(starts_on),
            version: 1,
        };
        let by = self.clerk.clone();
        let mut kept = told(&by, row.made_at, row.clone());
        let about = About {
            kind: "package",
            id: row.id.to_string(),
            person: batch
                .plan_subjects
                .iter()
                .find(|s| s.row.plan_id == plan.id)
                .map(|s| s.row.person_id),
            family: Some(self.id),
            contact: None,
            team: plan.team_id,
            worker: plan.worker_id,
            path: format!("/packages/{}", row.id),
        };
        let ended_on = plan.ended_on.map(|day| day.max(starts_on));
        if let Some(day) = ended_on {
            let outcome = *dice.pick(&["completed", "completed", "partly"]);
            kept.change(&by, self.land.morning(day), |package| {
                package.state = "ended".to_owned();
                package.ended_on = Some(day);
                package.outcome = Some(outcome.to_owned());
                package.end_words = Some("The family goes on without us.".to_owned());
            });
        }
        batch.support_packages.push(kept);
        self.parts_of(batch, &row, &services, ended_on, &mut dice);
        let last = self.looks_at(batch, &row, ended_on.unwrap_or(today));
        if ended_on.is_none() {
            self.runs(batch, "package-review", morning(last), &about);
        }
    }

    fn parts_of(
        &mut self,
        batch: &mut Batch,
        package: &SupportPackage,
        services: &[(&str, &str, &str)],
        ended_on: Option<chrono::NaiveDate>,
        dice: &mut Dice,
    ) {
        let by = self.clerk.clone();
        let today = self.land.now.date_naive();
        for (at, (service, provider, much)) in services.iter().enumerate() {
            let part = SupportPart {
                id: self.ids.next(),
                package_id: package.id,
                family_id: self.id,
                service: (*service).to_owned(),
                provider: (*provider).to_owned(),
                how_much: Some((*much).to_owned()),
                state: "waiting".to_owned(),
                since: package.starts_on,
                helped: None,
                words: None,
                made_by: package.made_by,
                made_at: package.made_at,
                version: 1,
            };
            let mut kept = told(&by, part.made_at, part);
            let (state, helped, day) = match ended_on {
                Some(day) => (
                    *dice.pick(&["completed", "completed", "stopped", "not_taken_up"]),
                    Some(*dice.pick(&["yes", "some"])),
                    day,
                ),
                None if at == 2 => ("waiting", None, package.starts_on),
                None => ("under_way", None, package.starts_on + Duration::days(7)),
            };
            if state != "waiting" && day <= today {
                kept.change(&by, self.land.morning(day), |part| {
                    part.state = state.to_owned();
                    part.since = day;
                    part.helped = helped
                        .filter(|_| state != "not_taken_up")
                        .map(str::to_owned);
                });
            }
            batch.support_parts.push(kept);
        }
    }

    /// Looks every ten weeks; gives back the day from which the next counts.
    fn looks_at(
        &mut self,
        batch: &mut Batch,
        package: &SupportPackage,
        until: chrono::NaiveDate,
    ) -> chrono::NaiveDate {
        let by = self.clerk.clone();
        let mut last = package.starts_on;
        while last + Duration::weeks(10) < until && last < package.starts_on + Duration::weeks(30) {
            last += Duration::weeks(10);
            let at = self.land.morning(last);
            let look = SupportReview {
                id: self.ids.next(),
                package_id: package.id,
                family_id: self.id,
                reviewed_on: last,
                family_words: Some("It is calmer at home, and we know whom to ring.".to_owned()),
                words: "It goes as agreed. We go on.".to_owned(),
                made_by: package.made_by,
                made_at: at,
                version: 1,
            };
            batch.support_reviews.push(told(&by, at, look));
        }
        last
    }
}
