//! Young people who leave or have left care, times missing, and orders that
//! deprive of liberty, as the record keeps them.

use casework::clocks::About;
use chrono::{Datelike, Duration, Months};
use record::model::*;
use serde_json::json;

use super::batch::{Batch, told};
use super::care::{Told, Written};
use super::ids;
use super::people::{Entry, morning};
use crate::Person as Invented;
use crate::dice::Dice;

/// Places that come up again, so that there are patterns to see.
const PLACES: [&str; 6] = [
    "Larkmere bus station",
    "Kings Park",
    "The arcade on Quay Street",
    "Flat above the chicken shop",
    "Hartlebridge station",
    "The skate bowl",
];
const PEOPLE: [(&str, &str); 4] = [
    ("Dex", "about 25, has a grey car"),
    ("Kez", "a friend from school"),
    ("Older cousin", "lives in Hartlebridge"),
    ("Somebody met online", "not known"),
];

impl Entry<'_> {
    /// The adviser, the plan, being in touch and the offer.
    pub(super) fn leaving_care(
        &mut self,
        batch: &mut Batch,
        child: &Invented,
        written: &Written,
        dice: &mut Dice,
    ) {
        let today = self.land.now.date_naive();
        let sixteen = child.born + Months::new(16 * 12);
        let left = self.has_left();
        if !left && (today < sixteen || !dice.chance(75)) {
            return;
        }
        let since = sixteen.max(written.started + Duration::days(91)).min(today);
        let adult = today >= child.born + Months::new(18 * 12);
        let person = ids::person(child.no);
        let adviser = self.worker_or("jo.socialworker");
        let assessed = since + Duration::days(60);
        let planned = today - Duration::days(dice.between(5, 200));
        let plan = batch
            .plans
            .iter()
            .find(|p| p.row.family_id == self.id && p.row.kind == "care_leaver");
        let row = Leaver {
            id: self.ids.next(),
            person_id: person,
            status: if adult { "former_relevant" } else { "eligible" }.to_owned(),
            since,
            adviser_id: Some(adviser),
            words: Some("Somewhere quiet, and help with money.".to_owned()),
            assessed_on: (assessed <= today).then_some(assessed),
            assessment: Some(
                json!({ "home": "A place that will last.", "money": "Learning to budget." }),
            ),
            planned_on: (planned >= since).then_some(planned),
            plan_id: plan.map(|p| p.row.id),
            pathway: Some(
                json!({ "home": "Stay near friends.", "work": "College three days a week." }),
            ),
            housed_on: None,
            ended_on: None,
            version: 1,
        };
        let by = self.clerk.clone();
        let at = self.land.morning(since);
        let leaver = row.id;
        batch.leavers.push(told(&by, at, row.clone()));
        let longest = if dice.chance(85) { 50 } else { 110 };
        let reached = today - Duration::days(dice.between(2, longest));
        if reached >= since {
            self.in_touch(batch, &row, reached, adult, dice);
        }
        let about = self.about_person(person, "leaver", "leaving-care/in-touch");
        self.runs(
            batch,
            "leaver-in-touch",
            morning(reached.max(since)),
            &about,
        );
        let about = self.about_person(person, "leaver", "leaving-care/plan");
        match row.planned_on {
            Some(day) => self.runs(batch, "pathway-review", morning(day), &about),
            None => self.runs(batch, "pathway-plan", morning(assessed), &about),
        }
        let made = dice.below(11);
        let codes = self.land.casework.pack().codes("leaver-offer", today);
        let codes: Vec<_> = codes
            .into_iter()
            .flat_map(|set| set.codes.clone())
            .collect();
        for code in codes.iter().take(made) {
            let day = since + Duration::days(dice.between(5, 300));
            let offer = LeaverOffer {
                id: self.ids.next(),
                leaver_id: leaver,
                person_id: person,
                what: code.code.clone(),
                department: code.group.clone(),
                state: dice
                    .weighted(&[("offered", 4), ("taken", 5), ("declined", 1)])
                    .to_owned(),
                happened_on: day.min(today),
                words: None,
                made_by: adviser,
                version: 1,
            };
            batch
                .leaver_offers
                .push(told(&by, self.land.morning(day), offer));
        }
    }

    fn in_touch(
        &mut self,
        batch: &mut Batch,
        leaver: &Leaver,
        day: chrono::NaiveDate,
        adult: bool,
        dice: &mut Dice,
    ) {
        let home = match adult {
            true => dice.weighted(&[
                ("U1", 40),
                ("Z1", 20),
                ("D1", 18),
                ("B1", 10),
                ("S2", 4),
                ("V2", 3),
                ("X2", 2),
                ("K1", 3),
            ]),
            false => dice.weighted(&[("D1", 60), ("E1", 40)]),
        };
        let row = LeaverContact {
            id: self.ids.next(),
            leaver_id: leaver.id,
            person_id: leaver.person_id,
            happened_on: day,
            how: dice
                .weighted(&[("visit", 5), ("met", 2), ("phone", 3)])
                .to_owned(),
            in_touch: dice
                .weighted(&[("YES", 94), ("REFU", 3), ("NREQ", 3)])
                .to_owned(),
            home: Some(home.to_owned()),
            suitable: None,
            activity: Some(
                dice.weighted(&[
                    ("F2", 30),
                    ("F5", 22),
                    ("P5", 8),
                    ("F4", 8),
                    ("F1", 6),
                    ("G5", 18),
                    ("G4", 5),
                    ("G6", 3),
                ])
                .to_owned(),
            ),
            words: Some("We talked about the next months.".to_owned()),
            made_by: leaver
                .adviser_id
                .unwrap_or_else(|| ids::worker("jo.socialworker")),
            version: 1,
        };
        let at = self.land.morning(day);
        batch
            .leaver_contacts
            .push(told(&self.clerk.clone(), at, row));
    }

    /// Times missing of children over eleven: some now, some back and waiting to
    /// be heard, most settled.
    pub(super) fn missing(
        &mut self,
        batch: &mut Batch,
        child: &Invented,
        written: &Written,
        dice: &mut Dice,
    ) {
        let today = self.land.now.date_naive();
        let age = today.years_since(child.born).unwrap_or(0);
        if written.ended.is_some() || !(11..18).contains(&age) || !dice.chance(16) {
            return;
        }
        let times = dice.weighted(&[(1, 50), (2, 25), (4, 25)]);
        for n in 0..times {
            let days = dice.between(3, 25) + n * 26;
            let started = self.land.now - Duration::hours(days * 24 + dice.between(0, 12));
            if started.date_naive() <= written.started {
                continue;
            }
            let newest = n == 0;
            let lasts = Duration::hours(dice.between(4, 40));
            // One in four is missing tonight, one in four came back this week.
            let fresh = if newest { dice.below(4) } else { 3 };
            let (started, ended) = match fresh {
                0 => (self.land.now - Duration::hours(dice.between(2, 30)), None),
                1 => {
                    let back = self.land.now - Duration::hours(dice.between(5, 90));
                    (back - lasts, Some(back))
                }
                _ => (started, Some(started + lasts)),
            };
            self.one_time(batch, child, written, (started, ended, fresh), dice);
        }
    }

    fn one_time(
        &mut self,
        batch: &mut Batch,
        child: &Invented,
        written: &Written,
        (started, ended, fresh): (
            chrono::DateTime<chrono::Utc>,
            Option<chrono::DateTime<chrono::Utc>>,
            usize,
        ),
        dice: &mut Dice,
    ) {
        let person = ids::person(child.no);
        let interview = match fresh {
            0 => "none",
            1 => "due",
            _ => dice.weighted(&[("held", 75), ("refused", 20), ("decided_not", 5)]),
        };
        let settled = ended
            .filter(|_| fresh > 1)
            .map(|at| at + Duration::hours(dice.between(10, 90)));
        let worker = self.worker_or("jo.socialworker");
        let row = Missing {
            id: self.ids.next(),
            person_id: person,
            family_id: Some(self.id),
            care_id: Some(written.care),
            kind: dice.weighted(&[("M", 70), ("A", 30)]).to_owned(),
            started_at: started,
            ended_at: ended,
            last_seen: Some(dice.pick(&PLACES).to_string()),
            police: Some(format!(
                "LK{}{:04}",
                started.year() % 100,
                child.no.0 % 10_000
            )),
            worry: None,
            back_how: ended.map(|_| {
                dice.weighted(&[("alone", 5), ("police", 3), ("carers", 2)])
                    .to_owned()
            }),
            back_place: ended.map(|_| dice.pick(&PLACES).to_string()),
            back_words: ended.map(|_| "Tired and hungry, not hurt.".to_owned()),
            interview: interview.to_owned(),
            interview_at: settled,
            interview_by: settled.map(|_| crate::places::professional_name(dice)),
            independent: settled.map(|_| true),
            childs_words: settled.map(|_| "I wanted to see my friends.".to_owned()),
            pushes: json!(["argument"]),
            pulls: json!(["friends"]),
            exploitation: settled.map(|_| {
                dice.weighted(&[("none", 7), ("some", 2), ("strong", 1)])
                    .to_owned()
            }),
            no_interview_why: (interview != "held" && settled.is_some())
                .then(|| "Did not want to talk this time.".to_owned()),
            next: None,
            team_id: self.team(),
            logged_by: worker,
            logged_at: started,
            version: 1,
        };
        let by = self.clerk.clone();
        batch.missing.push(told(&by, started, row.clone()));
        let about = About {
            kind: "missing",
            id: row.id.to_string(),
            path: format!("/missing/{}/interview", row.id),
            ..self.about_person(person, "missing", "missing")
        };
        if let Some(back) = ended {
            self.runs(batch, "return-interview", back, &about);
            if let (Some(at), Some(clock)) = (settled, batch.clocks.last_mut()) {
                clock.row.done_at = Some(at);
            }
        }
        if let Some(at) = settled.filter(|_| interview == "held") {
            let (who, what) = *dice.pick(&PEOPLE);
            for (kind, name, who) in [
                ("place", *dice.pick(&PLACES), None),
                ("person", who, Some(what)),
            ] {
                let link = MissingLink {
                    id: self.ids.next(),
                    missing_id: row.id,
                    person_id: person,
                    kind: kind.to_owned(),
                    plain_name: casework::missing::patterns::plain_name(name),
                    name: name.to_owned(),
                    who: who.map(str::to_owned),
                    version: 1,
                };
                batch.missing_links.push(told(&by, at, link));
            }
        }
        if row.exploitation.as_deref() == Some("strong") || (fresh == 1 && dice.chance(40)) {
            self.on_the_panel(batch, &row, dice);
        }
    }

    fn on_the_panel(&mut self, batch: &mut Batch, missing: &Missing, dice: &mut Dice) {
        let day = self.land.now.date_naive() - Duration::days(dice.between(1, 26));
        let row = PanelReferral {
            id: self.ids.next(),
            person_id: missing.person_id,
            kinds: json!([dice.weighted(&[("criminal", 6), ("sexual", 3), ("gang", 2)])]),
            words: "New phone and trainers, and away at night.".to_owned(),
            referred_on: day,
            referred_by: missing.logged_by,
            decided_on: None,
            decision: None,
            decision_words: None,
            version: 1,
        };
        let about = About {
            kind: "panel",
            id: row.id.to_string(),
            path: format!("/panel/{}", row.id),
            ..self.about_person(missing.person_id, "panel", "panel")
        };
        let at = self.land.morning(day);
        batch
            .panel_referrals
            .push(told(&self.clerk.clone(), at, row));
        self.runs(batch, "exploitation-panel", at, &about);
    }

    /// An order for some of those in children's homes.
    pub(super) fn deprivation(&mut self, batch: &mut Batch, told_of: &Told<'_>, dice: &mut Dice) {
        let today = self.land.now.date_naive();
        let age = today.years_since(told_of.child.born).unwrap_or(0);
        let here = told_of.episode.placement == "K2" && told_of.episode.ended.is_none();
        if !here || !(12..18).contains(&age) || !dice.chance(22) {
            return;
        }
        let started = (today - Duration::days(dice.between(10, 80))).max(told_of.since);
        let review = today + Duration::days(dice.between(-4, 40));
        let person = ids::person(told_of.child.no);
        let row = Deprivation {
            id: self.ids.next(),
            person_id: person,
            started_on: started,
            ended_on: None,
            review_on: review,
            place: "Children’s home".to_owned(),
            registered: !dice.chance(30),
            urn: None,
            words: "Doors are locked at night, and somebody walks along outside.".to_owned(),
            childs_words: Some("I hate the locks. Dee is all right.".to_owned()),
            made_by: self.worker_or("jo.socialworker"),
            version: 1,
        };
        let about = About {
            kind: "deprivation",
            id: row.id.to_string(),
            ..self.about_person(person, "deprivation", "deprivation")
        };
        let at = self.land.morning(started);
        batch.deprivations.push(told(&self.clerk.clone(), at, row));
        self.runs(
            batch,
            "deprivation-review",
            morning(review - Duration::days(28)),
            &about,
        );
    }
}
