//! Cases in court and before it, as the record keeps them.

use casework::clocks::About;
use chrono::{Datelike, Duration};
use record::model::*;
use serde_json::json;

use super::batch::{Batch, told};
use super::ids;
use super::people::{Entry, morning};
use crate::dice::Dice;

impl Entry<'_> {
    /// A case in court, before it, or none.
    pub(super) fn court(&mut self, batch: &mut Batch, in_care_since: Option<chrono::NaiveDate>) {
        let today = self.land.now.date_naive();
        let mut dice = Dice::new(crate::SEED ^ 0xC0327, u64::from(self.family.no));
        let protected = self.family.standing == crate::Standing::ProtectionPlan;
        let in_court = in_care_since.is_some() || self.family.in_court;
        if !(in_court || protected && dice.chance(9)) {
            return;
        }
        let weeks_ago = dice.between(1, 38);
        let issued = in_court.then(|| {
            let day = today - Duration::days(weeks_ago * 7);
            in_care_since.map_or(day, |since| day.max(since.min(today)))
        });
        let before = dice.between(15, 130);
        let gateway = issued.unwrap_or(today) - Duration::days(before);
        let letter = gateway + Duration::days(dice.between(2, 12));
        let case = CourtCase {
            id: self.ids.next(),
            family_id: self.id,
            state: if in_court {
                "issued"
            } else {
                "pre_proceedings"
            }
            .to_owned(),
            gateway_on: Some(gateway),
            gateway_words: Some(
                "The children are not safe, and help has not been enough.".to_owned(),
            ),
            letter_on: Some(letter.min(today)),
            letter_to: Some("Both parents".to_owned()),
            letter_words: Some("What must change, by when, and who helps.".to_owned()),
            met_on: None,
            met_words: None,
            issued_on: issued,
            number: issued.map(|day| format!("LK{}C{:05}", day.year() % 100, self.family.no)),
            court: issued.map(|_| "Larkmere Family Court".to_owned()),
            seeks: issued.map(|_| "Care orders".to_owned()),
            papers: json!(["statement", "chronology", "care_plan"]),
            ended_on: None,
            outcome: None,
            outcome_words: None,
            lawyer: Some(crate::places::professional_name(&mut dice)),
            worker_id: self.family.worker.as_deref().map(ids::worker),
            team_id: self.team(),
            version: 1,
        };
        let by = self.clerk.clone();
        let at = self.land.morning(gateway);
        batch.court_cases.push(told(&by, at, case.clone()));
        let family = self.family;
        let born = family.children().filter(|c| c.born <= today);
        for child in born {
            let row = CourtChild {
                id: self.ids.next(),
                case_id: case.id,
                person_id: ids::person(child.no),
                version: 1,
            };
            batch.court_children.push(told(&by, at, row));
        }
        self.hearings(batch, &case, &mut dice);
        let eldest = family.children().next().map(|c| ids::person(c.no));
        if let Some(person) = eldest {
            let about = About {
                kind: "court",
                id: case.id.to_string(),
                path: format!("/court/{}", case.id),
                ..self.about_person(person, "court", "court")
            };
            match issued {
                Some(day) => self.runs(batch, "court-26-weeks", morning(day), &about),
                None => {
                    self.runs(batch, "court-pre-proceedings", morning(letter), &about);
                    self.runs(batch, "court-issue", morning(gateway), &about);
                }
            }
        }
    }

    fn hearings(&mut self, batch: &mut Batch, case: &CourtCase, dice: &mut Dice) {
        let Some(issued) = case.issued_on else { return };
        let today = self.land.now.date_naive();
        let by = self.clerk.clone();
        for (kind, days) in [("cmh", 21), ("irh", 140), ("final", 180)] {
            let day = issued + Duration::days(days);
            let held = day <= today;
            let row = Hearing {
                id: self.ids.next(),
                case_id: case.id,
                family_id: self.id,
                kind: kind.to_owned(),
                listed_on: day,
                state: if held { "held" } else { "planned" }.to_owned(),
                words: held.then(|| "Directions were given.".to_owned()),
                version: 1,
            };
            batch.hearings.push(told(&by, self.land.morning(day), row));
        }
        let weeks = (today - issued).num_days() / 7;
        if weeks > 15 && dice.chance(70) {
            let since = issued + Duration::days(70);
            let row = CourtDelay {
                id: self.ids.next(),
                case_id: case.id,
                family_id: self.id,
                reason: dice
                    .weighted(&[
                        ("expert", 4),
                        ("assessment", 3),
                        ("relatives", 2),
                        ("court_time", 3),
                    ])
                    .to_owned(),
                owner: dice
                    .weighted(&[("Legal services", 3), ("Team manager", 3), ("The court", 2)])
                    .to_owned(),
                since,
                weeks: dice.between(2, 10),
                words: "A day was asked for, and a reminder sent.".to_owned(),
                agreed_by: None,
                made_by: self.worker_or("jo.socialworker"),
                version: 1,
            };
            batch
                .court_delays
                .push(told(&by, self.land.morning(since), row));
        }
        let task = CourtTask {
            id: self.ids.next(),
            case_id: case.id,
            family_id: self.id,
            what: "Parenting assessment".to_owned(),
            owner: crate::places::professional_name(dice),
            due_on: issued + Duration::days(84),
            done_on: (weeks > 13).then(|| issued + Duration::days(88)),
            version: 1,
        };
        batch
            .court_tasks
            .push(told(&by, self.land.morning(issued), task));
    }
}
