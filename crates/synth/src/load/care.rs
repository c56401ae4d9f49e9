//! Children in care as the record keeps them: the time in care, homes and
//! episodes, who was told, reviews, health and school, and their clocks.

use chrono::{Duration, NaiveDate};
use record::model::*;
use vocabulary::{Id, ids as id};

use super::batch::{Batch, told};
use super::ids;
use super::people::{Entry, morning};
use crate::dice::Dice;
use crate::{AddressKind, Episode, MeetingKind, Person as Invented, Standing, What};

/// What was told of one child's time in care, gathered from the timeline.
pub(super) struct Told<'a> {
    pub child: &'a Invented,
    pub episode: &'a Episode,
    /// The first day of the home that lasts, or lasted.
    pub since: NaiveDate,
    pub reviews: Vec<NaiveDate>,
    pub seen: Vec<NaiveDate>,
}

/// What was written, for those who go on from here.
pub(super) struct Written {
    pub care: Id<id::Care>,
    pub started: NaiveDate,
    pub ended: Option<NaiveDate>,
}

impl Entry<'_> {
    /// Everything about care, missing, leaving care and court.
    pub(crate) fn care(&mut self, batch: &mut Batch) {
        let family = self.family;
        let mut issued = None;
        for child in family.children() {
            let Some(told) = self.told_of(child) else {
                continue;
            };
            let mut dice = Dice::new(crate::SEED ^ 0x0CA2E, u64::from(child.no.0));
            let written = self.time_in_care(batch, &told, &mut dice);
            if told.episode.legal_status == "C1" && written.ended.is_none() {
                issued = Some(written.started);
            }
            self.missing(batch, child, &written, &mut dice);
            self.leaving_care(batch, child, &written, &mut dice);
            self.deprivation(batch, &told, &mut dice);
        }
        self.court(batch, issued);
    }

    fn told_of<'b>(&self, child: &'b Invented) -> Option<Told<'b>>
    where
        Self: 'b,
    {
        let mut found = None;
        let (mut reviews, mut seen) = (Vec::new(), Vec::new());
        for happening in &self.family.timeline {
            let day = happening.at.date();
            match &happening.what {
                What::Episode(e) if e.child == child.no => found = Some((e, day)),
                What::Meeting(m)
                    if m.kind == MeetingKind::ReviewInCare && day <= self.land.now.date_naive() =>
                {
                    reviews.push(day);
                }
                What::Visit(v) if v.seen.contains(&child.no) => seen.push(day),
                _ => {}
            }
        }
        let (episode, since) = found?;
        Some(Told {
            child,
            episode,
            since,
            reviews,
            seen,
        })
    }

    fn time_in_care(&mut self, batch: &mut Batch, told_of: &Told<'_>, dice: &mut Dice) -> Written {
        let (child, e) = (told_of.child, told_of.episode);
        let person = ids::person(child.no);
        // Who moved here came into care some time before.
        let earlier = (!e.first).then(|| dice.between(60, 500));
        let started = told_of.since - Duration::days(earlier.unwrap_or(0));
        let started = started.max(child.born);
        let moved = started < told_of.since;
        let ended = e.ended;
        let officer = if child.no.0 % 2 == 0 {
            "graham.iro"
        } else {
            "olu.conference"
        };
        let reviews = held(told_of, started);
        let permanence = match (e.placement, reviews.len()) {
            (_, 0) => "none",
            ("U4" | "U1", _) => "fostering",
            ("P1", _) => "home",
            ("K3", _) => "independence",
            _ if e.legal_status == "E1" => "adoption",
            (_, 1) => "none",
            _ if dice.chance(92) => "fostering",
            _ => "none",
        };
        let by = self.clerk.clone();
        let at = self.land.morning(started);
        let care = Care {
            id: self.ids.next(),
            person_id: person,
            family_id: Some(self.id),
            started_on: started,
            ended_on: ended,
            iro_id: Some(ids::worker(officer)),
            permanence: permanence.to_owned(),
            permanence_on: reviews.get(1).copied().filter(|_| permanence != "none"),
            previous: Some("Z1".to_owned()),
            previous_council: None,
            previous_on: None,
            no_upn: child.unaccompanied.then(|| "UN2".to_owned()),
            mother: (child.sex == 'F').then_some(false),
            mother_on: None,
            why: self.why(child.unaccompanied).to_owned(),
            version: 1,
        };
        let need = if child.unaccompanied {
            "N8"
        } else {
            self.need()
        };
        let home_postcode = self.home_postcode(child);
        let mut episode = CareEpisode {
            id: self.ids.next(),
            care_id: care.id,
            person_id: person,
            placement_id: Id::from_parts(0, [0; 10]),
            started_on: started,
            began: "S".to_owned(),
            legal_status: e.legal_status.to_owned(),
            need: need.to_owned(),
            ended_on: None,
            ended_why: None,
            home_postcode,
            corrected_at: None,
            correction_reason: None,
            version: 1,
        };
        batch.cares.push(told(&by, at, care.clone()));
        if moved {
            let first = self.first_home(&care, told_of, dice);
            episode.placement_id = first.id;
            episode.legal_status = if child.unaccompanied {
                "V2"
            } else {
                e.legal_status
            }
            .into();
            let mut before = episode.clone();
            before.ended_on = Some(told_of.since);
            before.ended_why = Some("X1".to_owned());
            batch.placements.push(told(&by, at, first));
            batch.episodes.push(told(&by, at, before));
            episode.id = self.ids.next();
            episode.began = "P".to_owned();
            episode.started_on = told_of.since;
            episode.legal_status = e.legal_status.to_owned();
        }
        let home = self.home_now(&care, told_of, dice);
        episode.placement_id = home.id;
        episode.ended_on = ended;
        episode.ended_why = ended.map(|_| leaving_code(e.placement).to_owned());
        let at = self.land.morning(told_of.since);
        batch.placements.push(told(&by, at, home.clone()));
        batch.episodes.push(told(&by, at, episode));
        self.reviews_held(batch, &care, &reviews, permanence, officer, child);
        if child.unaccompanied {
            self.came_alone(batch, told_of, started, dice);
        }
        if ended.is_none() {
            self.officer(batch, &care, officer);
            let checked = self.checks(batch, &care, child, dice);
            self.told_home(batch, &home, dice);
            self.care_clocks(batch, &care, &home, told_of, &reviews, &checked);
        }
        Written {
            care: care.id,
            started,
            ended,
        }
    }

    fn why(&self, alone: bool) -> &'static str {
        match alone {
            true => "Came to this country alone, and nobody here has parental responsibility.",
            false => {
                "It was not safe to stay at home, and nobody in the family could look after the child then."
            }
        }
    }

    fn need(&self) -> &'static str {
        let referral = self.family.timeline.iter().find_map(|h| match &h.what {
            What::Referral(referral) => Some(referral.need),
            _ => None,
        });
        referral
            .filter(|need| matches!(*need, "N1" | "N2" | "N3" | "N4" | "N5" | "N6" | "N7" | "N8"))
            .unwrap_or("N1")
    }

    fn home_postcode(&self, child: &Invented) -> Option<String> {
        let home =
            self.family.addresses.iter().find(|a| {
                a.kind == AddressKind::Home && (a.who.contains(&child.no) || a.to.is_none())
            });
        home.filter(|_| !child.unaccompanied)
            .map(|a| a.postcode.clone())
    }

    fn first_home(&mut self, care: &Care, told_of: &Told<'_>, dice: &mut Dice) -> Placement {
        Placement {
            id: self.ids.next(),
            care_id: care.id,
            person_id: care.person_id,
            started_on: care.started_on,
            ended_on: Some(told_of.since),
            home: "U6".to_owned(),
            provider: "PR1".to_owned(),
            carer: crate::places::professional_name(dice),
            address_id: None,
            postcode: Some("LK2 1AA".to_owned()),
            hidden: false,
            outside: Some(false),
            area: None,
            miles: Some(2),
            urn: None,
            registered: true,
            rule: "ordinary".to_owned(),
            agreed_by: None,
            move_reason: Some("CARPL".to_owned()),
            planned_on: Some(care.started_on + Duration::days(3)),
            carer_id: None,
            version: 1,
        }
    }

    /// The home that lasts, where the child's address is.
    fn home_now(&mut self, care: &Care, told_of: &Told<'_>, dice: &mut Dice) -> Placement {
        let (child, e) = (told_of.child, told_of.episode);
        let home = self
            .family
            .addresses
            .iter()
            .find(|a| a.kind == AddressKind::CareHome && a.who.contains(&child.no));
        let provider = match (e.placement, e.outside) {
            ("P1", _) => "PR0",
            ("U1" | "U3", _) | (_, false) => "PR1",
            (_, true) => dice.weighted(&[("PR4", 70), ("PR5", 15), ("PR2", 15)]),
        };
        let carer = match e.placement {
            "K2" | "K3" => format!(
                "{} House",
                dice.pick(&["Fern", "Rowan", "Hazel", "Quay", "Mill"])
            ),
            "P1" => "Parents".to_owned(),
            _ => crate::places::professional_name(dice),
        };
        Placement {
            id: self.ids.next(),
            care_id: care.id,
            person_id: care.person_id,
            started_on: told_of.since,
            ended_on: e.ended,
            home: e.placement.to_owned(),
            provider: provider.to_owned(),
            carer,
            address_id: None,
            postcode: home.map_or_else(|| Some("LK2 1AA".to_owned()), |h| Some(h.postcode.clone())),
            hidden: home.is_some_and(|h| h.protected.is_some()),
            outside: Some(e.outside),
            area: home.filter(|_| e.outside).map(|h| h.town.clone()),
            miles: e.miles.map(i64::from),
            urn: matches!(e.placement, "K2" | "K3" | "U4" | "U6")
                .then(|| format!("SC{:06}", 400_000 + child.no.0 % 90_000)),
            registered: !(e.placement == "K2" && e.outside && child.no.0 % 7 == 0),
            rule: match e.placement {
                "U4" | "U1" => "to_18",
                "U3" if self.is_new(told_of.since) => "relatives",
                _ => "ordinary",
            }
            .to_owned(),
            agreed_by: Some("Head of service".to_owned()),
            move_reason: None,
            planned_on: Some(told_of.since + Duration::days(4)),
            carer_id: None,
            version: 1,
        }
    }

    fn is_new(&self, since: NaiveDate) -> bool {
        (self.land.now.date_naive() - since).num_days() < 16 * 7
    }

    fn reviews_held(
        &mut self,
        batch: &mut Batch,
        care: &Care,
        reviews: &[NaiveDate],
        permanence: &str,
        officer: &str,
        child: &Invented,
    ) {
        let actor = self.land.actor(officer);
        for (n, day) in reviews.iter().enumerate() {
            let age = day.years_since(child.born).unwrap_or(0);
            let part = match (age, (child.no.0 as usize + n) % 5) {
                (..4, _) => "PN0",
                (_, 0) => "PN6",
                (_, 1) => "PN2",
                _ => "PN1",
            };
            let row = CareReview {
                id: self.ids.next(),
                care_id: care.id,
                person_id: care.person_id,
                meeting_id: None,
                number: i64::try_from(n).unwrap_or(0) + 1,
                held_on: *day,
                part: part.to_owned(),
                permanence: if n == 0 { "none" } else { permanence }.to_owned(),
                decided: "The plan goes on. School and family time were talked about.".to_owned(),
                not_done: None,
                early: None,
                chaired_by: care.iro_id,
                made_by: ids::worker(officer),
                version: 1,
            };
            let at = self.land.morning(*day);
            batch.care_reviews.push(told(&actor, at, row));
        }
    }

    /// The reviewing officer works with the child, and so can see the record.
    fn officer(&mut self, batch: &mut Batch, care: &Care, officer: &str) {
        let Some(who) = self.land.workers.get(officer).copied() else {
            return;
        };
        let row = Involvement {
            id: self.ids.next(),
            person_id: care.person_id,
            worker_id: Some(ids::worker(officer)),
            team_id: None,
            role: "other".to_owned(),
            name: format!("{} {}", who.given, who.family),
            job_title: "Independent reviewing officer".to_owned(),
            agency: "social_care".to_owned(),
            phone: Some(super::council::phone(officer)),
            email: Some(format!("{officer}@larkmere.example")),
            lead: false,
            sensitive: false,
            started_on: care.started_on,
            ended_on: None,
            change_reason: None,
            version: 1,
        };
        let at = self.land.morning(care.started_on);
        batch.involvements.push(told(&self.clerk.clone(), at, row));
    }

    fn came_alone(
        &mut self,
        batch: &mut Batch,
        told_of: &Told<'_>,
        started: NaiveDate,
        dice: &mut Dice,
    ) {
        let today = self.land.now.date_naive();
        let ended = told_of.episode.ended;
        let uasc = dice.chance(55);
        let row = Unaccompanied {
            id: self.ids.next(),
            person_id: ids::person(told_of.child.no),
            since: started,
            ceased_on: ended,
            arrived_on: Some(started - Duration::days(dice.between(1, 20))),
            age: Some(
                if dice.chance(80) {
                    "not_needed"
                } else {
                    "agreed"
                }
                .to_owned(),
            ),
            age_on: None,
            leave_kind: Some(if uasc { "uasc" } else { "applied" }.to_owned()),
            leave_ends: uasc.then(|| today + Duration::days(dice.between(40, 700))),
            transferred: dice.chance(60),
            transfer_from: None,
            words: Some("A lawyer and an interpreter are found.".to_owned()),
            version: 1,
        };
        let at = self.land.morning(started);
        batch
            .unaccompanied
            .push(told(&self.clerk.clone(), at, row.clone()));
        if let Some(ends) = row.leave_ends.filter(|_| ended.is_none()) {
            let about = self.about_person(row.person_id, "leave", "care/alone");
            let from = ends - Duration::days(180);
            self.runs(batch, "leave-to-remain", morning(from), &about);
        }
    }

    /// Whether the family's young people have left care.
    pub(super) fn has_left(&self) -> bool {
        self.family.standing == Standing::CareLeaver
    }
}

/// The reviews of one time in care: the first within twenty working days.
fn held(told_of: &Told<'_>, started: NaiveDate) -> Vec<NaiveDate> {
    let mut reviews: Vec<NaiveDate> = told_of
        .reviews
        .iter()
        .copied()
        .filter(|day| *day >= started)
        .collect();
    reviews.sort_unstable();
    let Some(first) = reviews.first().copied() else {
        return reviews;
    };
    // The story tells of the last year or so; the law asks for those before.
    let mut before = Vec::new();
    let mut day = started + Duration::days(24);
    let mut gap = 85;
    while day < first - Duration::days(40) {
        before.push(day);
        day += Duration::days(gap);
        gap = 175;
    }
    before.extend(reviews);
    before
}

/// How the time in care of a young person who has left it ended (REC).
fn leaving_code(placement: &str) -> &'static str {
    match placement {
        "U4" | "U6" | "U1" | "U3" => "E17",
        "K3" => "E5",
        _ => "E6",
    }
}
