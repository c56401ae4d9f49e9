//! A family's people: names, addresses, relationships, who works with them,
//! and who may not look.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use record::Actor;
use record::model::*;
use serde_json::{Value as Json, json};
use vocabulary::{Id, Upn, ids as id};

use super::batch::{Batch, told};
use super::{Land, ids};
use crate::{AddressKind, BirthKind, NameKind, PersonNo, Standing, Tie, Who};

/// One family on its way into the record.
pub(crate) struct Entry<'a> {
    pub(crate) land: &'a Land<'a>,
    pub(crate) family: &'a crate::Family,
    pub(crate) id: Id<id::Family>,
    pub(crate) ids: ids::Counter,
    /// When the first record of them was made.
    pub(crate) opened: DateTime<Utc>,
    /// Who recorded what nobody in the story did.
    pub(crate) clerk: Actor,
}

impl<'a> Entry<'a> {
    pub(crate) fn new(land: &'a Land<'a>, family: &'a crate::Family) -> Entry<'a> {
        let first = family.timeline.first();
        let opened = first.map_or(land.now, |h| casework::time::from_local(h.at).min(land.now));
        let clerk = first.map_or(Actor::system("demo"), |h| land.actor(&h.by));
        Entry {
            land,
            family,
            id: ids::named("family", &family.no.to_string()),
            ids: ids::Counter::new(family.no),
            opened,
            clerk,
        }
    }

    /// Everything but the history.
    pub(crate) fn people(&mut self, batch: &mut Batch) {
        let (by, at) = (self.clerk.clone(), self.opened);
        batch.families.push(told(
            &by,
            at,
            Family {
                id: self.id,
                name: self.family.name.clone(),
                created_at: at,
                version: 1,
            },
        ));
        let household = self.household();
        for person in &self.family.people {
            self.person(person, batch);
            batch.members.push(told(
                &by,
                at,
                FamilyMember {
                    id: self.ids.next(),
                    family_id: self.id,
                    person_id: ids::person(person.no),
                    household: person.child || household.contains(&person.no),
                    joined_on: None,
                    left_on: None,
                    version: 1,
                },
            ));
        }
        self.addresses(batch);
        self.relationships(batch);
        self.involvements(batch);
        self.bars(batch);
    }

    fn person(&mut self, person: &crate::Person, batch: &mut Batch) {
        let (by, at) = (self.clerk.clone(), self.opened);
        let kind = match (person.child, person.born_kind) {
            (true, BirthKind::Expected) => PersonKind::Expected,
            (true, _) => PersonKind::Child,
            (false, _) => PersonKind::Adult,
        };
        let born_kind = match person.born_kind {
            BirthKind::Exact => "exact",
            BirthKind::Estimated => "estimated",
            BirthKind::Assessed => "assessed",
            BirthKind::Expected => "expected",
        };
        let known_as = person
            .other_names
            .iter()
            .find(|n| n.kind == NameKind::KnownAs)
            .map(|n| n.given.clone());
        let id = ids::person(person.no);
        batch.people.push(told(
            &by,
            at,
            Person {
                id,
                kind,
                given: person.given.clone(),
                family_name: person.family.clone(),
                known_as,
                described_as: None,
                pronouns: None,
                sex: Some(person.sex.to_string()),
                gender: None,
                born_on: Some(person.born),
                born_kind: Some(born_kind.to_owned()),
                died_on: None,
                ethnicity: Some(person.ethnicity.to_owned()),
                religion: None,
                first_language: Some(self.land.language(person.language)),
                interpreter: person.interpreter,
                communication: None,
                nhs_number: person.nhs_number.clone(),
                upn: self.pupil_number(person),
                no_upn: person.unaccompanied.then(|| "UN2".to_owned()),
                disabilities: disabilities(person),
                school_id: person.school.as_deref().map(ids::organisation),
                going_well: None,
                status: person.child.then(|| self.first_status().to_owned()),
                created_at: at,
                version: 1,
            },
        ));
        for name in &person.other_names {
            let kind = match name.kind {
                NameKind::Misspelt => "alias",
                NameKind::Former => "former",
                NameKind::KnownAs => "preferred",
            };
            batch.names.push(told(
                &by,
                at,
                PersonName {
                    id: self.ids.next(),
                    person_id: id,
                    kind: kind.to_owned(),
                    given: name.given.clone(),
                    family_name: name.family.clone(),
                    started_on: None,
                    ended_on: None,
                    wrong_reason: None,
                    version: 1,
                },
            ));
        }
        if let Some(phone) = &person.phone {
            batch.reaches.push(told(
                &by,
                at,
                Reach {
                    id: self.ids.next(),
                    person_id: id,
                    kind: "phone".to_owned(),
                    value: phone.clone(),
                    safe: true,
                    note: None,
                    ended_on: None,
                    asked: None,
                    place: None,
                    messages: None,
                    best_time: None,
                    started_on: None,
                    wrong_reason: None,
                    version: 1,
                },
            ));
        }
    }

    /// The pupil number of a child who has been at a school here. In one
    /// record of forty nobody has asked for it, nor of Jo's boy with three
    /// referrals, so that there is something to mend.
    fn pupil_number(&self, person: &crate::Person) -> Option<String> {
        let today = self.land.now.date_naive();
        let five = today
            .years_since(person.born)
            .is_some_and(|years| years >= 5);
        let asked = person.no.0 % 40 != 7 && self.family.story != Some("three-referrals");
        let at_school = person.child && five && !person.unaccompanied && asked;
        let number = at_school.then(|| Upn::invented(925, person.no.0))?;
        number.map(|upn| upn.as_str().to_owned())
    }

    /// Where the work with the children stood when they became known.
    fn first_status(&self) -> &'static str {
        match self.family.timeline.first().map(|h| &h.what) {
            Some(crate::What::Contact(_)) => "contact",
            _ => status(self.family.standing),
        }
    }

    /// Those who live where the family's children live, or where its first
    /// adult lives when no child is at home.
    fn household(&self) -> Vec<PersonNo> {
        let current: Vec<_> = self
            .family
            .addresses
            .iter()
            .filter(|a| a.to.is_none())
            .collect();
        let children: Vec<PersonNo> = self.family.children().map(|c| c.no).collect();
        let home = current
            .iter()
            .filter(|a| a.kind != AddressKind::CareHome)
            .find(|a| a.who.iter().any(|w| children.contains(w)) && a.who.len() > 1)
            .or_else(|| current.iter().find(|a| a.kind != AddressKind::CareHome));
        let Some(home) = home else {
            return Vec::new();
        };
        current
            .iter()
            .filter(|a| (&a.line, &a.postcode) == (&home.line, &home.postcode))
            .flat_map(|a| a.who.iter().copied())
            .collect()
    }

    fn addresses(&mut self, batch: &mut Batch) {
        for address in &self.family.addresses {
            let kind = match address.kind {
                AddressKind::Home => "home",
                AddressKind::CareHome => "placement",
                AddressKind::Refuge | AddressKind::Temporary => "temporary",
            };
            let postcode: Option<vocabulary::Postcode> = address.postcode.parse().ok();
            let team = postcode
                .as_ref()
                .and_then(|p| self.land.team_of(p.outcode()));
            for who in &address.who {
                let row = Address {
                    id: self.ids.next(),
                    person_id: ids::person(*who),
                    kind: kind.to_owned(),
                    line1: address.line.clone(),
                    line2: None,
                    town: Some(address.town.clone()),
                    postcode: Some(
                        postcode
                            .as_ref()
                            .map_or_else(|| address.postcode.clone(), ToString::to_string),
                    ),
                    ward: address.ward.map(str::to_owned),
                    team_id: team,
                    started_on: Some(address.from),
                    ended_on: None,
                    protected: address.protected.is_some(),
                    safe_to_write: address.protected.is_none(),
                    unsafe_reason: address.protected.clone(),
                    wrong_reason: None,
                    version: 1,
                };
                let came = self.land.morning(address.from).max(self.opened);
                let mut row = told(&self.clerk, came, row);
                if let Some(left) = address.to {
                    row.change(&self.clerk, self.land.morning(left), |address| {
                        address.ended_on = Some(left);
                    });
                }
                batch.addresses.push(row);
            }
        }
    }

    fn relationships(&mut self, batch: &mut Batch) {
        for tie in &self.family.relationships {
            let sex = self.family.person(tie.from).map(|p| p.sex);
            let (kind, standing, parent) = match (tie.tie, sex) {
                (Tie::BirthParent, Some('F')) => ("mother", None, true),
                (Tie::BirthParent, Some('M')) => ("father", None, true),
                (Tie::BirthParent, _) => ("parent", None, true),
                (Tie::StepParent, _) => ("step_parent", None, true),
                (Tie::Grandparent, _) => ("grandparent", None, false),
                (Tie::AuntOrUncle, _) => ("aunt_uncle", None, false),
                (Tie::FosterCarer, _) => ("carer", None, true),
                (Tie::Married, _) => ("spouse", Some("married"), false),
                (Tie::Partner, _) => ("partner", Some("cohabiting"), false),
                (Tie::Separated, _) => ("ex_partner", Some("separated"), false),
                (Tie::Twin, _) => ("twin", None, false),
            };
            let row = Relationship {
                id: self.ids.next(),
                from_id: ids::person(tie.from),
                to_id: ids::person(tie.to),
                kind: kind.to_owned(),
                parental_responsibility: parent.then_some(tie.responsibility),
                standing: standing.map(str::to_owned),
                closeness: None,
                started_on: None,
                ended_on: None,
                end_reason: None,
                wrong_reason: None,
                version: 1,
            };
            batch
                .relationships
                .push(told(&self.clerk, self.opened, row));
        }
    }

    fn involvements(&mut self, batch: &mut Batch) {
        for with in &self.family.involvements {
            let row = match &with.who {
                Who::Worker(username) => {
                    let Some(worker) = self.land.workers.get(username.as_str()) else {
                        continue;
                    };
                    Involvement {
                        worker_id: Some(ids::worker(username)),
                        // Only who holds the work brings the team with them: a
                        // reviewing officer's colleagues have no part in it.
                        team_id: worker.team.filter(|_| with.lead).map(ids::team),
                        role: if with.lead { "allocated" } else { "other" }.to_owned(),
                        name: format!("{} {}", worker.given, worker.family),
                        job_title: worker.post.to_owned(),
                        agency: if worker.role == "early_help" {
                            "early_help"
                        } else {
                            "social_care"
                        }
                        .to_owned(),
                        phone: Some(super::council::phone(username)),
                        email: Some(format!("{username}@larkmere.example")),
                        ..self.involvement(with)
                    }
                }
                Who::Professional {
                    name,
                    agency,
                    organisation,
                    phone,
                } => Involvement {
                    name: name.clone(),
                    job_title: format!("{}, {organisation}", with.role),
                    agency: super::agency(*agency).to_owned(),
                    phone: Some(phone.clone()),
                    ..self.involvement(with)
                },
            };
            let at = self.land.morning(with.from).max(self.opened);
            let mut row = told(&self.clerk, at, row);
            if let Some(left) = with.to {
                row.change(&self.clerk, self.land.morning(left), |with| {
                    with.ended_on = Some(left);
                });
            }
            batch.involvements.push(row);
        }
    }

    fn involvement(&mut self, with: &crate::Involvement) -> Involvement {
        Involvement {
            id: self.ids.next(),
            person_id: ids::person(with.child),
            worker_id: None,
            team_id: None,
            role: "other".to_owned(),
            name: String::new(),
            job_title: with.role.to_owned(),
            agency: String::new(),
            phone: None,
            email: None,
            lead: with.lead,
            sensitive: false,
            started_on: with.from,
            ended_on: None,
            change_reason: None,
            version: 1,
        }
    }

    /// Restricted records with those who may still look, and the weight of
    /// care proceedings.
    fn bars(&mut self, batch: &mut Batch) {
        let may_look: Vec<&str> = self
            .family
            .worker
            .iter()
            .map(String::as_str)
            .chain(
                self.family
                    .team
                    .and_then(|t| self.land.managers.get(t).copied()),
            )
            .chain(["okafor.director"])
            .collect();
        let director = self.land.actor("okafor.director");
        for person in self.family.people.iter().filter(|p| p.restricted.is_some()) {
            let restriction = self.ids.next();
            let set_at = self.opened + Duration::hours(1);
            batch.restrictions.push(told(
                &director,
                set_at,
                Restriction {
                    id: restriction,
                    person_id: ids::person(person.no),
                    reason: "staff_relative".to_owned(),
                    set_by: director.who.clone(),
                    set_at,
                    review_on: self.land.now.date_naive() + Duration::days(60),
                    ended_at: None,
                    version: 1,
                },
            ));
            for worker in &may_look {
                batch.allowed.push(told(
                    &director,
                    set_at,
                    RestrictionAllow {
                        id: self.ids.next(),
                        restriction_id: restriction,
                        worker_id: ids::worker(worker),
                        version: 1,
                    },
                ));
            }
        }
        let manager = self
            .family
            .team
            .and_then(|t| self.land.managers.get(t).copied());
        if let (true, Some(manager)) = (self.family.in_court, manager) {
            let set_at = self.land.now - Duration::days(30);
            for child in self.family.children() {
                batch.complexities.push(told(
                    &self.land.actor(manager),
                    set_at,
                    Complexity {
                        id: self.ids.next(),
                        person_id: ids::person(child.no),
                        points: 3,
                        reason: "Care proceedings are in court.".to_owned(),
                        set_by: ids::worker(manager),
                        set_at,
                        ended_at: None,
                        version: 1,
                    },
                ));
            }
        }
    }
}

/// The word that lists use for where a child stands.
pub(crate) fn status(standing: Standing) -> &'static str {
    match standing {
        Standing::ContactWaiting => "contact",
        Standing::Assessment => "assessment",
        Standing::ChildInNeed => "child_in_need",
        Standing::ProtectionPlan => "protection_plan",
        Standing::InCare => "in_care",
        Standing::CareLeaver => "care_leaver",
        Standing::EarlyHelp => "early_help",
        Standing::Closed => "closed",
    }
}

/// Nine in the morning of a day in England.
pub(crate) fn morning(day: NaiveDate) -> DateTime<Utc> {
    casework::time::start_of(day) + Duration::hours(9)
}

/// What was found of a child's disabilities: asked of everybody who is born.
fn disabilities(person: &crate::Person) -> Option<Json> {
    if !person.child || person.born_kind == BirthKind::Expected {
        return None;
    }
    match person.disabilities.as_slice() {
        [] => Some(json!(["NONE"])),
        codes => Some(json!(codes)),
    }
}
