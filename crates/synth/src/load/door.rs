//! Contacts on the forms of the pack, threshold decisions, and who was told.

use casework::clocks::About;
use chrono::Duration;
use record::model::*;
use serde_json::{Value as Json, json};

use super::batch::{Batch, told};
use super::history::{Moment, SoFar};
use super::ids;
use super::people::Entry;
use crate::{Agency, BirthKind, Outcome, PersonNo, Standing};

/// The code of an outcome in the threshold decision.
fn outcome_code(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::InformationAndAdvice => "advice",
        Outcome::EarlyHelp => "early_help",
        Outcome::Referral => "referral",
        Outcome::OtherCouncil => "other_council",
        Outcome::ImmediateRisk => "immediate_risk",
    }
}

fn outcome_words(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::InformationAndAdvice => "information and advice",
        Outcome::EarlyHelp => "early help",
        Outcome::Referral => "referral to social care",
        Outcome::OtherCouncil => "passed to another council",
        Outcome::ImmediateRisk => "someone acts today",
    }
}

impl Entry<'_> {
    pub(crate) fn contact(
        &mut self,
        batch: &mut Batch,
        far: &mut SoFar,
        m: &Moment<'_>,
        contact: &crate::Contact,
    ) {
        let (route, form) = match contact.source {
            "2A" => ("school", "school-contact"),
            "6" => ("police", "police-contact"),
            "1A" if contact.key.0.is_multiple_of(2) => ("public", "ask-for-help"),
            _ => ("phone", "phone-contact"),
        };
        let id = ids::named("contact", &contact.key.0.to_string());
        // Of those that wait, the oldest third is being looked at: the children
        // are found and the screener has begun.
        let waits = self.family.standing == Standing::ContactWaiting
            && self.family.timeline.last().is_some_and(
                |h| matches!(&h.what, crate::What::Contact(last) if last.key == contact.key),
            );
        let begun = waits && contact.key.0.is_multiple_of(3) && !contact.urgent;
        let found = !waits || begun;
        let high = route == "police" && contact.key.0.is_multiple_of(4);
        let priority = match (contact.urgent, high) {
            (true, _) => 1,
            (_, true) => 2,
            _ => 3,
        };
        let postcode = self.family.addresses.last().map(|a| a.postcode.clone());
        let (name, from) = match contact.from.split_once(", ") {
            Some((name, from)) => (name.to_owned(), from.to_owned()),
            None => (contact.from.clone(), String::new()),
        };
        let telephone = super::council::phone(&contact.from);
        let team = postcode
            .as_deref()
            .and_then(|p| p.split_whitespace().next())
            .and_then(|outcode| self.land.team_of(outcode));
        let front_door = ids::team("front-door");
        let pack = self.land.casework.pack();
        let row = Contact {
            id,
            reference: reference(id.as_str()),
            route: route.to_owned(),
            form: form.to_owned(),
            form_version: pack
                .form(form, m.day)
                .map(|f| f.version.to_string())
                .unwrap_or_default(),
            answers: self.answers(route, contact, &name, &from, &telephone, high, waits),
            state: ContactState::New,
            priority,
            received_at: m.at,
            source: Some(contact.source.to_owned()),
            referrer_name: Some(name),
            referrer_role: Some(from.clone()).filter(|f| !f.is_empty()),
            referrer_agency: Some(match contact.agency {
                Agency::Police => "Police".to_owned(),
                _ if from.contains(", ") => from.rsplit(", ").next().unwrap_or_default().to_owned(),
                _ => from,
            })
            .filter(|f| !f.is_empty()),
            referrer_phone: Some(telephone).filter(|_| contact.source != "9"),
            referrer_email: None,
            concern: contact.narrative.clone(),
            postcode,
            family_id: None,
            team_id: team,
            screener_id: None,
            taken_by: (route == "phone").then(|| ids::worker("farah.screener")),
            screening_started_at: None,
            decided_at: None,
            outcome: None,
            version: 1,
        };
        let who = if route == "phone" {
            m.by.clone()
        } else {
            record::Actor::public(&row.reference)
        };
        let farah = self.land.actor("farah.screener");
        for no in &contact.children {
            let child = ContactChild {
                id: self.ids.next(),
                contact_id: id,
                told: self.as_told(*no, waits),
                person_id: None,
                settled_at: None,
                version: 1,
            };
            let mut child = told(&who, m.at, child);
            if found {
                let at = (m.at + Duration::minutes(25)).min(self.land.now);
                child.change(&farah, at, |child| {
                    child.person_id = Some(ids::person(*no));
                    child.settled_at = Some(at);
                });
            }
            batch.contact_children.push(child);
        }
        let about = About {
            kind: "contact",
            id: id.to_string(),
            contact: Some(id),
            team: Some(front_door),
            worker: Some(ids::worker("ines.manager")),
            path: format!("/contacts/{id}"),
            ..About::default()
        };
        self.start(batch, "contact.received", m.at, &about, |_| true);
        if contact.urgent {
            let manager = self.land.manager_of(team).map(ids::worker);
            let about = About {
                team: team.or(about.team),
                worker: manager.or(about.worker),
                ..about
            };
            self.start(batch, "contact.immediate_risk", m.at, &about, |_| true);
        }
        far.contacts.insert(contact.key, (id, batch.contacts.len()));
        let mut row = told(&who, m.at, row);
        if found {
            let at = (m.at + Duration::minutes(20)).min(self.land.now);
            let family = self.id;
            row.change(&farah, at, |contact| {
                contact.state = ContactState::Screening;
                contact.family_id = Some(family);
                contact.screener_id = Some(ids::worker("farah.screener"));
                contact.screening_started_at = Some(at);
            });
        }
        batch.contacts.push(row);
        let source = Some(("contact", id.to_string()));
        if !waits {
            let wording = format!("Contact from {}.", contact.from);
            self.chronicle(
                batch,
                m,
                &contact.children,
                "contact",
                &wording,
                "low",
                source,
            );
        }
    }

    /// A child as the caller gave the name: every third is spelt as it was heard.
    fn as_told(&self, no: PersonNo, waits: bool) -> Json {
        let Some(child) = self.family.person(no) else {
            return json!({});
        };
        let heard = child
            .other_names
            .iter()
            .find(|n| waits && n.kind == crate::NameKind::Misspelt);
        let given = heard.map_or(&child.given, |n| &n.given);
        let family = heard.map_or(&child.family, |n| &n.family);
        let mut told = json!({
            "given": given,
            "family_name": family,
            "school": child.school.as_deref().unwrap_or_default(),
            "description": "",
        });
        // A caller does not always know the date: then there is no answer, as
        // in a form that was left empty.
        if child.born_kind == BirthKind::Exact && !no.0.is_multiple_of(4) {
            told["born"] = child.born.to_string().into();
        }
        told
    }

    #[expect(clippy::too_many_arguments, reason = "a contact has these parts")]
    fn answers(
        &self,
        route: &str,
        contact: &crate::Contact,
        name: &str,
        from: &str,
        telephone: &str,
        high: bool,
        waits: bool,
    ) -> Json {
        let children: Vec<Json> = contact
            .children
            .iter()
            .map(|no| {
                let told = self.as_told(*no, waits);
                let said = |field: &str| told[field].as_str().unwrap_or_default().to_owned();
                let mut child = json!({
                    "given": said("given"),
                    "family": said("family_name"),
                });
                if let Some(born) = told.get("born") {
                    child["born"] = born.clone();
                }
                if route == "phone" || route == "public" {
                    child["school"] = said("school").into();
                }
                child
            })
            .collect();
        let postcode = self.family.addresses.last().map(|a| a.postcode.as_str());
        let mut all = json!({
            "caller_name": name,
            "caller_phone": telephone,
            "danger": if contact.urgent { "yes" } else { "no" },
            "what": contact.narrative,
            "children": children,
            "postcode": postcode.unwrap_or_default(),
        });
        let parents = match contact.parents_know {
            Some(true) => "agree",
            Some(false) => "not_safe",
            None => "not_yet",
        };
        match route {
            "school" => {
                let (role, organisation) = from.split_once(", ").unwrap_or((from, from));
                all["caller_role"] = role.into();
                all["caller_organisation"] = organisation.into();
                all["parents_told"] = parents.into();
            }
            "police" => {
                all["collar_number"] = format!("{}", 2000 + contact.key.0 % 6000).into();
                all["incident_reference"] = format!("LK{:06}", contact.key.0).into();
                all["risk_grading"] = if high { "high" } else { "medium" }.into();
                all["parents_told"] = parents.into();
            }
            "public" => {
                all["source"] = contact.source.into();
                all["safe_contact"] = json!(["phone"]);
            }
            _ => {
                all["source"] = contact.source.into();
                all["child_known"] = if contact.children.is_empty() {
                    "not_yet"
                } else {
                    "yes"
                }
                .into();
                all["caller_organisation"] = from.into();
                all["parents_told"] = parents.into();
            }
        }
        all
    }

    pub(crate) fn decision(
        &mut self,
        batch: &mut Batch,
        far: &mut SoFar,
        m: &Moment<'_>,
        decision: &crate::Decision,
    ) {
        let Some(&(contact, row)) = far.contacts.get(&decision.contact) else {
            return;
        };
        let pack = self.land.casework.pack();
        let code = outcome_code(decision.outcome);
        let waiting = &mut batch.contacts[row];
        waiting.change(&m.by, m.at, |contact| {
            contact.state = ContactState::Decided;
            contact.decided_at = Some(m.at);
            contact.outcome = Some(code.to_owned());
        });
        let referrer = waiting.row.referrer_name.clone().unwrap_or_default();
        let guide = pack.threshold("continuum", m.day);
        let level = guide.and_then(|g| {
            g.levels
                .iter()
                .find(|l| i64::from(l.number) == i64::from(decision.level))
        });
        let indicators: Vec<&str> = level
            .into_iter()
            .flat_map(|l| {
                let skip = decision.contact.0 as usize % l.indicators.len().max(1);
                let seen = l
                    .indicators
                    .iter()
                    .cycle()
                    .skip(skip)
                    .take(l.indicators.len());
                seen.take(decision.indicators.len()).map(|i| i.id.as_str())
            })
            .collect();
        let need = self.need_after(decision.contact);
        let mut answers = json!({
            "level": level.map(|l| l.id.as_str()),
            "indicators": indicators,
            "rationale": decision.rationale,
            "outcome": code,
        });
        if let Some(need) = need {
            answers["primary_need"] = need.into();
        }
        if decision.outcome == Outcome::ImmediateRisk {
            answers["immediate_action"] =
                "The duty social worker went to the family the same day.".into();
        }
        let form = pack.form("threshold-decision", m.day);
        let id: vocabulary::Id<vocabulary::ids::Decision> = self.ids.next();
        batch.decisions.push(told(
            &m.by,
            m.at,
            Decision {
                id,
                kind: "threshold".to_owned(),
                contact_id: Some(contact),
                family_id: Some(self.id),
                person_id: None,
                step_id: None,
                level: level.map(|l| l.id.clone()),
                indicators: json!(indicators),
                outcome: code.to_owned(),
                rationale: decision.rationale.clone(),
                considered: None,
                alternatives: None,
                child_words: None,
                guide_version: guide.map(|g| g.version.to_string()),
                form: form.map(|f| f.id.clone()),
                form_version: form.map(|f| f.version.to_string()),
                answers,
                decided_by: ids::worker(m.who),
                decided_at: m.at,
                version: 1,
            },
        ));
        let about = contact.to_string();
        self.stop(batch, "contact.decided", m.at, &about);
        let clock = About {
            kind: "contact",
            id: about.clone(),
            contact: Some(contact),
            team: Some(ids::team("front-door")),
            worker: Some(ids::worker(m.who)),
            path: format!("/contacts/{contact}/tell"),
            ..About::default()
        };
        self.start(batch, "contact.decided", m.at, &clock, |_| true);
        // What is owed for weeks would have been found by the front door's
        // manager: only the newest are still owed.
        let telling = decision
            .referrer_told
            .map(casework::time::from_local)
            .or_else(|| {
                let old = (self.land.now - m.at).num_days() > 12;
                old.then(|| m.at + Duration::days(4))
            });
        if let Some(at) = telling {
            batch.told.push(told(
                &m.by,
                at,
                Told {
                    id: self.ids.next(),
                    contact_id: Some(contact),
                    family_id: Some(self.id),
                    who: referrer,
                    how: if decision.contact.0.is_multiple_of(3) {
                        "email"
                    } else {
                        "phone"
                    }
                    .to_owned(),
                    words: format!(
                        "We told you what we decided: {}. Thank you for telling us.",
                        outcome_words(decision.outcome)
                    ),
                    told_by: ids::worker(m.who),
                    told_at: at,
                    reason: "outcome".to_owned(),
                    acknowledged_at: None,
                    acknowledged_by: None,
                    version: 1,
                },
            ));
            self.stop(batch, "contact.referrer_told", at, &about);
        }
    }

    /// The primary need of the referral that a contact became.
    fn need_after(&self, contact: crate::Key) -> Option<&'static str> {
        self.family.timeline.iter().find_map(|h| match &h.what {
            crate::What::Referral(r) if r.contact == contact => Some(r.need),
            _ => None,
        })
    }
}

/// A reference in the way of the front door's, from an identifier.
fn reference(id: &str) -> String {
    const SIGNS: &[u8] = b"23456789CDFGHJKMNPQRTVWXY";
    let signs: Vec<char> = id
        .bytes()
        .filter(|b| *b != b'-')
        .collect::<Vec<u8>>()
        .chunks(2)
        .rev()
        .take(8)
        .map(|pair| {
            let n = pair.iter().fold(0usize, |n, b| n * 31 + usize::from(*b));
            char::from(SIGNS[n % SIGNS.len()])
        })
        .collect();
    let (first, second) = signs.split_at(4.min(signs.len()));
    format!(
        "{}-{}",
        first.iter().collect::<String>(),
        second.iter().collect::<String>()
    )
}
