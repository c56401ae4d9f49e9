//! Early help at the front door: a partner's request becomes early help once
//! its children are found, a request of a worker, and a step up to social care.
//! All are contacts like any other (R003-02).

use packs::Answers;
use record::model::{Contact, ContactChild, ContactState, Decision, Person, Team};
use record::submissions::Once;
use record::{Tx, Viewer};
use serde_json::json;
use vocabulary::{Id, ids};

use super::Route;
use super::contact::ChildView;
use super::decision::{Placed, THRESHOLD};
use super::incoming::new_reference;
use crate::early_help::begin::{Begins, Said};
use crate::early_help::start::StartHelp;
use crate::early_help::{HelpSeen, given};
use crate::{Casework, Error, Guarded, Result, time};

/// The form on which a request is accepted.
pub const ACCEPT_FORM: &str = "early-help-accept";

/// A request about to be accepted.
#[derive(Debug, Clone)]
pub struct Accepting {
    /// The contact.
    pub contact: Contact,
    /// Its children.
    pub children: Vec<ChildView>,
    /// What was told about consent.
    pub consent: &'static str,
}

impl Casework {
    /// Whether a contact is a request for early help that this viewer may take
    /// up: anybody in early help, and whoever decides at the front door.
    pub fn takes_up_early_help(&self, viewer: &Viewer, contact: &Contact) -> bool {
        let theirs = viewer.can("case.record") && viewer.can(crate::early_help::CAPABILITY);
        contact.route == Route::EarlyHelp.code()
            && contact.state != ContactState::Decided
            && (theirs || viewer.can("contact.decide"))
    }

    /// A request for early help that this viewer may accept.
    pub async fn early_help_request(
        &self,
        viewer: &Viewer,
        id: Id<ids::Contact>,
    ) -> Result<Accepting> {
        let contact = self
            .contact_to_write(viewer, id, "accept early help")
            .await?;
        if contact.route != Route::EarlyHelp.code() {
            return Err(Error::NotFound);
        }
        if contact.state != ContactState::Decided && !self.takes_up_early_help(viewer, &contact) {
            return Err(Error::Refused(
                "The early help team takes this up, or somebody who decides at the front door. Ask one of them.".into(),
            ));
        }
        let children = self.children_with_names(id).await?;
        let answers = answers_of(&contact);
        Ok(Accepting {
            consent: crate::early_help::consent_words(answers.text("consent")),
            contact,
            children,
        })
    }

    /// Accepts a request: early help begins with what was told, and whoever
    /// asked is told (R002-04). Gives the children's new pages.
    ///
    /// # Errors
    /// A finding while a child is not found yet; [`Error::Stale`] when it was
    /// decided meanwhile.
    pub async fn accept_early_help(
        &self,
        viewer: &Viewer,
        id: Id<ids::Contact>,
        answers: &Answers,
        version: i64,
        once: &str,
    ) -> Result<Id<ids::Part>> {
        let asked = self.early_help_request(viewer, id).await?;
        crate::plans::stops(self.form(ACCEPT_FORM)?.check(answers, None))?;
        if let Some(child) = asked.children.iter().find(|c| c.person.is_none()) {
            return Err(Error::finding(
                "rationale",
                "Children",
                &format!(
                    "Find or create {} first: early help stands in a child’s record. Your words stay here",
                    child.name
                ),
            ));
        }
        let teams = self.teams().await?;
        let mut tx = self.store().begin(&viewer.actor()).await?;
        if let Once::Again { location } = tx.once(once, &format!("/contacts/{id}")).await? {
            return Err(Error::Already(location));
        }
        let mut contact: Contact = tx.get(id).await?;
        if contact.state == ContactState::Decided || contact.version != version {
            return Err(Error::Stale);
        }
        let placed = self.placed(&mut tx, &contact, &asked.children).await?;
        let decision = self.accepted(&contact, &placed, answers, viewer, &tx);
        tx.because_of(&decision.rationale);
        tx.insert(&decision).await?;
        self.settle_contact(&mut tx, &mut contact, "early_help", &placed, viewer, &teams)
            .await?;
        let said = Said::read(&answers_of(&contact));
        let begun = self
            .early_help_from_contact(&mut tx, viewer, &mut contact, &placed, said)
            .await?;
        self.propose_entries(&mut tx, &contact, &placed, &decision)
            .await?;
        tx.commit().await?;
        begun.ok_or(Error::NotFound)
    }

    /// Early help begins for each family of a contact; the first of them is
    /// given back.
    pub(super) async fn early_help_from_contact(
        &self,
        tx: &mut Tx,
        viewer: &Viewer,
        contact: &mut Contact,
        placed: &[Placed],
        said: Said,
    ) -> Result<Option<Id<ids::Part>>> {
        let own = viewer.principal.team;
        let team = self
            .early_help_team(own, contact.postcode.as_deref())
            .await?;
        let Some(team) = team else {
            return Err(Error::Refused(
                "There is no early help team to give this to. An administrator can add one; your words are kept."
                    .into(),
            ));
        };
        contact.team_id = Some(team.id);
        tx.update(contact).await?;
        let mut families: Vec<Id<ids::Family>> = placed.iter().map(|p| p.family_id).collect();
        families.sort();
        families.dedup();
        let mut first = None;
        for family in families {
            let of = placed.iter().filter(|p| p.family_id == family);
            let begins = Begins {
                family,
                children: of.map(|p| p.person_id).collect(),
                source: match contact.route.as_str() {
                    "early_help" => "partner",
                    _ => "front_door",
                },
                reason: &contact.concern,
                contact: Some(contact.id),
                team: Some(team.clone()),
                by: viewer.principal.worker,
                theirs: false,
                said: said.clone(),
            };
            let help = self.begin_early_help(tx, begins).await?;
            first = first.or(Some(help.id));
        }
        Ok(first)
    }

    fn accepted(
        &self,
        contact: &Contact,
        placed: &[Placed],
        answers: &Answers,
        viewer: &Viewer,
        tx: &Tx,
    ) -> Decision {
        let today = time::local(tx.now()).date();
        let form = self.pack().form(ACCEPT_FORM, today);
        let guide = self.pack().threshold(THRESHOLD, today);
        Decision {
            id: Id::new(),
            kind: "threshold".into(),
            contact_id: Some(contact.id),
            family_id: placed.first().map(|p| p.family_id).or(contact.family_id),
            person_id: match placed {
                [only] => Some(only.person_id),
                _ => None,
            },
            step_id: None,
            level: Some("early_help".into()),
            indicators: json!([]),
            outcome: "early_help".into(),
            rationale: answers.text("rationale").to_owned(),
            considered: None,
            alternatives: None,
            child_words: None,
            guide_version: guide.map(|guide| format!("{} {}", guide.id, guide.version)),
            form: form.map(|form| form.id.clone()),
            form_version: form.map(|form| form.version.to_string()),
            answers: answers.as_map().clone().into(),
            decided_by: viewer.principal.worker,
            decided_at: tx.now(),
            version: 1,
        }
    }

    /// A worker asks for early help for a child whose record is not theirs, or
    /// with whom social care works: a contact, already about that child.
    pub(crate) async fn ask_for_early_help(
        &self,
        viewer: &Viewer,
        child: &Guarded<Person>,
        social_care: bool,
        start: &StartHelp,
    ) -> Result<String> {
        let family = self.family_of(child.id).await?;
        let me = self.worker(viewer.principal.worker).await?;
        let mut answers = Answers::new();
        for (name, value) in [
            ("what", start.answers.text("reason")),
            ("consent", start.answers.text("consent")),
            ("consent_by", start.answers.text("consent_by")),
            ("caller_name", viewer.name.as_str()),
        ] {
            answers.set(name, value);
        }
        if let Some(me) = &me {
            answers.set("caller_organisation", self.label("agencies", &me.agency));
            answers.set("caller_phone", me.phone.clone().unwrap_or_default());
            answers.set("caller_email", me.email.clone().unwrap_or_default());
        }
        answers.set_groups("children", vec![as_told(child)]);
        let reference = new_reference();
        let id = Id::new();
        let mut tx = self.store().begin(&viewer.actor()).await?;
        let there = format!("/people/{}", child.id);
        if let Once::Again { location } = tx.once(&start.once, &there).await? {
            return Err(Error::Already(location));
        }
        // What social care holds goes to the front door, and early help sees
        // who was asked.
        let route = match social_care {
            true => Route::StepUp,
            false => Route::EarlyHelp,
        };
        let by = Some(viewer.principal.worker);
        self.receive(&mut tx, route, &answers, id, reference.clone(), by)
            .await?;
        already_found(&mut tx, id, &[child.id], family).await?;
        tx.commit().await?;
        Ok(reference)
    }

    /// The contact by which early help asks social care.
    pub(crate) async fn step_up_contact(
        &self,
        tx: &mut Tx,
        viewer: &Viewer,
        seen: &HelpSeen,
        mut answers: Answers,
    ) -> Result<(Id<ids::Contact>, String)> {
        let children: Vec<Answers> = seen.children.iter().map(as_told).collect();
        answers.set_groups("children", children);
        answers.set("caller_name", viewer.name.as_str());
        if let Some(me) = self.worker(viewer.principal.worker).await? {
            answers.set("caller_organisation", "Early help");
            answers.set("caller_phone", me.phone.unwrap_or_default());
            answers.set("caller_email", me.email.unwrap_or_default());
        }
        let id = Id::new();
        let by = Some(viewer.principal.worker);
        let reference = new_reference();
        self.receive(tx, Route::StepUp, &answers, id, reference.clone(), by)
            .await?;
        let ids: Vec<Id<ids::Person>> = seen.children.iter().map(|c| c.id).collect();
        already_found(tx, id, &ids, Some(seen.help.family_id)).await?;
        Ok((id, reference))
    }

    /// The team that has a request for early help while nobody decided on it.
    pub(super) async fn team_of_request(
        &self,
        answers: &Answers,
        by: Option<Id<ids::Worker>>,
    ) -> Result<Option<Team>> {
        let own = match by {
            Some(worker) => self.worker(worker).await?.and_then(|w| w.team_id),
            None => None,
        };
        self.early_help_team(own, given(answers, "postcode").as_deref())
            .await
    }
}

/// The answers of a contact, as its form reads them.
pub(super) fn answers_of(contact: &Contact) -> Answers {
    Answers::from_map(contact.answers.as_object().cloned().unwrap_or_default())
}

/// What the threshold decision's form says about the family's agreement.
pub(super) fn said_at_decision(contact: &Contact, answers: &Answers) -> Said {
    let told = answers_of(contact);
    if !told.text("consent").is_empty() {
        return Said::read(&told);
    }
    let said = match answers.text("family_agrees") {
        "yes" => "given",
        "no" => "refused",
        _ => "asked",
    };
    Said {
        said: said.into(),
        by: (said != "asked").then(|| "The family, as told to the front door".to_owned()),
        ..Said::default()
    }
}

fn as_told(child: &Person) -> Answers {
    let mut told = Answers::new();
    told.set("given", child.first_name());
    told.set("family", child.family_name.clone());
    if let Some(born) = child.born_on {
        told.set("born", born.to_string());
    }
    told
}

/// The children of a contact that somebody of ours wrote are known: in the
/// order in which they were told.
async fn already_found(
    tx: &mut Tx,
    contact: Id<ids::Contact>,
    children: &[Id<ids::Person>],
    family: Option<Id<ids::Family>>,
) -> Result<()> {
    let sql = format!(
        "select {} from contact_child where contact_id = $1 order by id",
        <ContactChild as record::Entity>::COLUMNS.join(", ")
    );
    let told: Vec<ContactChild> = tx
        .all(record::AssertSqlSafe(sql), record::args![contact])
        .await?;
    for (mut row, child) in told.into_iter().zip(children) {
        row.person_id = Some(*child);
        row.settled_at = Some(tx.now());
        tx.update(&mut row).await?;
    }
    if family.is_some() {
        let mut contact: Contact = tx.get(contact).await?;
        contact.family_id = family;
        tx.update(&mut contact).await?;
    }
    Ok(())
}
