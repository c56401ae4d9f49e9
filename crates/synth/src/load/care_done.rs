//! What was done for children in care: health, school, who was told of a home,
//! and the clocks that run from what was done last.

use casework::care::rules::{self, Stay};
use casework::clocks::{self, About};
use chrono::{DateTime, Duration, NaiveDate, Utc};
use record::model::*;
use vocabulary::{Id, ids as id};

use super::batch::{Batch, told};
use super::care::Told;
use super::ids;
use super::people::{Entry, morning};
use crate::Person as Invented;
use crate::dice::Dice;

impl Entry<'_> {
    /// Health and school of the last year; the day of each.
    pub(super) fn checks(
        &mut self,
        batch: &mut Batch,
        care: &Care,
        child: &Invented,
        dice: &mut Dice,
    ) -> Vec<(&'static str, NaiveDate)> {
        let today = self.land.now.date_naive();
        let age = today.years_since(child.born).unwrap_or(0);
        let mut done = Vec::new();
        for (kind, latest, percent) in [
            ("assessment", if age < 5 { 200 } else { 400 }, 90),
            ("dentist", 400, 82),
            ("immunisations", 300, 85),
            (
                "questionnaire",
                400,
                if (4..17).contains(&age) { 78 } else { 0 },
            ),
            ("review", 140, if (3..18).contains(&age) { 88 } else { 0 }),
        ] {
            let day = today - Duration::days(dice.between(1, latest));
            if !dice.chance(percent) || day < care.started_on {
                continue;
            }
            let row = CareCheck {
                id: self.ids.next(),
                person_id: care.person_id,
                kind: kind.to_owned(),
                happened_on: day,
                done: "yes".to_owned(),
                score: (kind == "questionnaire").then(|| dice.between(3, 26)),
                no_score: None,
                help: None,
                place: child.school.clone().filter(|_| kind == "review"),
                who: None,
                words: None,
                childs_words: None,
                made_by: self.worker_or("jo.socialworker"),
                version: 1,
            };
            let at = self.land.morning(day);
            batch.care_checks.push(told(&self.clerk.clone(), at, row));
            done.push((kind, day));
        }
        done
    }

    pub(super) fn told_home(&mut self, batch: &mut Batch, home: &Placement, dice: &mut Dice) {
        let day = home.started_on + Duration::days(2);
        let at = self.land.morning(day);
        let mut whom = vec!["child", "parents", "health", "gp", "iro", "school"];
        if home.outside == Some(true) && dice.chance(86) {
            whom.push("area");
        }
        for whom in whom {
            let row = PlacementTold {
                id: self.ids.next(),
                placement_id: home.id,
                person_id: home.person_id,
                whom: whom.to_owned(),
                told_on: day.min(self.land.now.date_naive()),
                how: "letter".to_owned(),
                words: home.area.clone().filter(|_| whom == "area"),
                told_by: self.worker_or("jo.socialworker"),
                version: 1,
            };
            batch
                .placement_told
                .push(told(&self.clerk.clone(), at, row));
        }
    }

    /// The clocks that run today, from what was done last.
    pub(super) fn care_clocks(
        &mut self,
        batch: &mut Batch,
        care: &Care,
        home: &Placement,
        told_of: &Told<'_>,
        reviews: &[NaiveDate],
        checked: &[(&'static str, NaiveDate)],
    ) {
        let of_care = |page: &str, entry: &Self| About {
            kind: "care",
            id: care.id.to_string(),
            path: format!("/people/{}/care/{page}", care.person_id),
            ..entry.about_person(care.person_id, "care", "care")
        };
        let about = of_care("review", self);
        match reviews.last() {
            None => self.runs(batch, "care-review-first", morning(care.started_on), &about),
            Some(day) if reviews.len() == 1 => {
                self.runs(batch, "care-review-second", morning(*day), &about);
                self.runs(batch, "care-permanence", morning(*day), &about);
            }
            Some(day) => self.runs(batch, "care-review-later", morning(*day), &about),
        }
        let seen = told_of
            .seen
            .iter()
            .copied()
            .filter(|d| *d >= home.started_on)
            .max();
        let visits = About {
            kind: "care_visit",
            ..self.about_person(care.person_id, "care_visit", "visits/new")
        };
        match seen {
            None => self.runs(batch, "care-visit-first", morning(home.started_on), &visits),
            Some(day) => {
                let stay = Stay {
                    home: &home.home,
                    legal_status: told_of.episode.legal_status,
                    rule: &home.rule,
                    since: home.started_on,
                    reviewed: !reviews.is_empty(),
                };
                let trigger = rules::next_visit(&stay, day);
                self.start(batch, trigger, morning(day), &visits, |_| true);
            }
        }
        let born = Some(told_of.child.born);
        let last = |kind: &str| {
            checked
                .iter()
                .find(|(k, _)| *k == kind)
                .map(|(_, day)| *day)
        };
        let health = of_care("health", self);
        match last("assessment") {
            Some(day) => {
                self.start(
                    batch,
                    rules::after_health(born, day),
                    morning(day),
                    &health,
                    |_| true,
                );
            }
            None => self.runs(batch, "health-first", morning(care.started_on), &health),
        }
        if let Some(day) = last("dentist") {
            self.runs(batch, "health-dentist", morning(day), &health);
        }
        let today = self.land.now.date_naive();
        if rules::of_school_age(born, today) {
            let school = of_care("education", self);
            match last("review") {
                Some(day) => self.runs(batch, "education-review", morning(day), &school),
                None => self.runs(batch, "education-plan", morning(care.started_on), &school),
            }
        }
        let told_area = batch
            .placement_told
            .iter()
            .any(|t| t.row.placement_id == home.id && t.row.whom == "area");
        if home.outside == Some(true) && !told_area {
            let about = About {
                kind: "placement",
                id: home.id.to_string(),
                ..self.about_person(care.person_id, "placement", "care/told")
            };
            self.runs(batch, "area-notice", morning(home.started_on), &about);
        }
    }

    /// A clock about a person of this family.
    pub(super) fn about_person(
        &self,
        person: Id<id::Person>,
        kind: &'static str,
        page: &str,
    ) -> About {
        About {
            kind,
            id: person.to_string(),
            person: Some(person),
            family: Some(self.id),
            contact: None,
            team: self.team(),
            worker: self.family.worker.as_deref().map(ids::worker),
            path: format!("/people/{person}/{page}"),
        }
    }

    /// One running clock, by its rule.
    pub(super) fn runs(&mut self, batch: &mut Batch, rule: &str, at: DateTime<Utc>, about: &About) {
        let pack = self.land.casework.pack();
        let day = casework::time::local(at).date();
        if let Some(rule) = pack.clock(rule, day) {
            let clock = clocks::clock_of(self.ids.next(), pack, rule, at, about);
            let recorded = at.min(self.land.now);
            batch
                .clocks
                .push(told(&self.clerk.clone(), recorded, clock));
        }
    }
}
