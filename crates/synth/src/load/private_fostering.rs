//! A few children who live with somebody who is no close relative, as the
//! record keeps them: some just told of, some in their first year, some longer,
//! some back home.

use casework::clocks::About;
use chrono::{Duration, Months, NaiveDate};
use record::model::*;

use super::batch::{Batch, told};
use super::ids;
use super::people::{Entry, morning};
use crate::Standing;
use crate::dice::Dice;

const CARERS: [(&str, &str); 5] = [
    ("Mr and Mrs Oduya-Finch", "Parents of a friend"),
    ("Bela Marchwood", "Great-aunt"),
    ("The Pellingham family", "Host family of a language school"),
    ("Coach Arden Silloway", "Football coach"),
    ("Mina Tarrowby", "Former neighbour"),
];

impl Entry<'_> {
    /// An arrangement for the eldest child of some families in need.
    pub(super) fn private_fostering(&mut self, batch: &mut Batch) {
        let today = self.land.now.date_naive();
        let mut dice = Dice::new(crate::SEED ^ 0x9F05, u64::from(self.family.no));
        let family = self.family;
        let jos = family.worker.as_deref() == Some("jo.socialworker") && family.story.is_none();
        let age = |born: NaiveDate| today.years_since(born).unwrap_or(0);
        let child = family.children().find(|c| (3..15).contains(&age(c.born)));
        let (Some(child), Standing::ChildInNeed) = (child, family.standing) else {
            return;
        };
        if !jos && !dice.chance(4) {
            return;
        }
        // Just told of, in the first year, longer, over.
        let stage = if jos { 1 } else { dice.below(4) };
        let days = match stage {
            0 => dice.between(1, 8),
            1 => dice.between(70, 300),
            _ => dice.between(400, 600),
        };
        let told_on = today - Duration::days(days);
        let starts_on = told_on + Duration::days(dice.weighted(&[(50, 2), (10, 3), (-12, 4)]));
        let person = ids::person(child.no);
        let (carer, relation) = *dice.pick(&CARERS);
        let ended_on = (stage == 3).then(|| today - Duration::days(dice.between(20, 90)));
        let decided_on = (stage > 0).then(|| told_on + Duration::days(40));
        let row = PrivateFostering {
            id: self.ids.next(),
            person_id: person,
            family_id: Some(self.id),
            told_on,
            told_by: dice
                .weighted(&[
                    ("parent", 2),
                    ("carer", 2),
                    ("professional", 5),
                    ("found", 2),
                ])
                .to_owned(),
            starts_on,
            until: None,
            carer: carer.to_owned(),
            relation: Some(relation.to_owned()),
            place: None,
            why: "A parent works away, and the family asked people whom the child knows well."
                .to_owned(),
            childs_words: Some("I like it here, and I miss my own room.".to_owned()),
            disabled: false,
            state: if ended_on.is_some() { "ended" } else { "open" }.to_owned(),
            decision: decided_on.map(|_| {
                dice.weighted(&[("suitable", 4), ("requirements", 1)])
                    .to_owned()
            }),
            decided_on,
            decision_words: decided_on.map(|_| {
                "The home is safe, the child is well, and the parents stay in touch.".to_owned()
            }),
            ended_on,
            end_why: ended_on.map(|_| "home".to_owned()),
            end_words: ended_on.map(|_| "With a parent, who is back.".to_owned()),
            team_id: self.team(),
            made_by: self.worker_or("jo.socialworker"),
            made_at: self.land.morning(told_on),
            version: 1,
        };
        let by = self.clerk.clone();
        batch
            .private_fostering
            .push(told(&by, row.made_at, row.clone()));
        let about = About {
            kind: "private_fostering",
            id: row.id.to_string(),
            path: format!("/private-fostering/{}", row.id),
            ..self.about_person(person, "private_fostering", "private_fostering")
        };
        let last = self.private_visits(batch, &row, &mut dice);
        if row.ended_on.is_some() {
            return;
        }
        match last {
            None => self.runs(
                batch,
                "private-fostering-first-visit",
                morning(told_on),
                &about,
            ),
            Some(day) if day < told_on + Months::new(12) => self.runs(
                batch,
                "private-fostering-visit-first-year",
                morning(day),
                &about,
            ),
            Some(day) => self.runs(batch, "private-fostering-visit-later", morning(day), &about),
        }
        if row.decided_on.is_none() {
            self.runs(
                batch,
                "private-fostering-decision",
                morning(told_on),
                &about,
            );
        }
    }

    /// Visits up to the last one that was made; the one after it is due, or
    /// late.
    fn private_visits(
        &mut self,
        batch: &mut Batch,
        row: &PrivateFostering,
        dice: &mut Dice,
    ) -> Option<NaiveDate> {
        let until = row
            .ended_on
            .unwrap_or_else(|| self.land.now.date_naive() - Duration::days(dice.between(4, 48)));
        let by = self.clerk.clone();
        let (mut day, mut last) = (row.told_on + Duration::days(6), None);
        while day < until {
            let alone = dice.weighted(&[("yes", 8), ("chose_not", 1), ("no", 1)]);
            let visit = PrivateFosteringVisit {
                id: self.ids.next(),
                arrangement_id: row.id,
                person_id: row.person_id,
                visited_on: day,
                seen: true,
                alone: Some(alone.to_owned()),
                why_not: None,
                childs_words: Some("We watched the match together on Sunday.".to_owned()),
                satisfactory: Some(true),
                words: "The child has a bed and a desk of their own and goes to school every day."
                    .to_owned(),
                next: None,
                made_by: row.made_by,
                made_at: self.land.morning(day),
                version: 1,
            };
            let at = visit.made_at;
            batch.private_fostering_visits.push(told(&by, at, visit));
            last = Some(day);
            let weeks = match day < row.told_on + Months::new(12) {
                true => 6,
                false => 12,
            };
            day += Duration::days(weeks * 7 - dice.between(0, 6));
        }
        last
    }
}
