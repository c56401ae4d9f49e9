//! Screening a contact: taking it, raising immediate risk, asking another team
//! for checks. Each is on record; the reference stays the same throughout.

use record::model::{Contact, ContactState, Decision, Team};
use record::submissions::Once;
use record::{Asked, Tx, Viewer};
use serde_json::json;
use vocabulary::{Id, ids};

use super::incoming::duty_team;
use crate::{Casework, Error, Result, clocks};

impl Casework {
    /// A contact that the viewer may work on, or nothing to be seen.
    pub(super) async fn contact_to_write(
        &self,
        viewer: &Viewer,
        id: Id<ids::Contact>,
        page: &str,
    ) -> Result<Contact> {
        let seen = self
            .gate()
            .contact(viewer, id, Asked::to_write(page))
            .await?;
        let contact = seen.ok_or(Error::NotFound)?.into_inner();
        // A request for early help is for anybody in early help to take up.
        let theirs = contact.route == super::Route::EarlyHelp.code()
            && viewer.can("case.record")
            && viewer.can(crate::early_help::CAPABILITY);
        if !viewer.can("contact.screen") && !theirs {
            return Err(Error::Refused(
                "Only people at the front door and managers can work on a contact. You can read this one."
                    .into(),
            ));
        }
        Ok(contact)
    }

    /// The viewer takes a contact to screen it. Taking it from a colleague is
    /// possible: work must not wait for someone who is away.
    pub async fn start_screening(&self, viewer: &Viewer, id: Id<ids::Contact>) -> Result<()> {
        self.contact_to_write(viewer, id, "start screening").await?;
        let mut tx = self.store().begin(&viewer.actor()).await?;
        let mut contact: Contact = tx.get(id).await?;
        if contact.state == ContactState::Decided {
            return Err(Error::Refused(
                "This contact is decided. Its decision stands for ever; a new worry is a new contact."
                    .into(),
            ));
        }
        if contact.screener_id == Some(viewer.principal.worker) {
            return Ok(());
        }
        take(&mut contact, &tx, viewer);
        tx.update(&mut contact).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Someone may be in danger now (R003-07): the contact goes to the top of
    /// the board, the clock starts, and it stands on the manager's home page.
    /// `danger` says what the danger is; the manager reads it first.
    pub async fn raise_immediate_risk(
        &self,
        viewer: &Viewer,
        id: Id<ids::Contact>,
        danger: &str,
        once: &str,
    ) -> Result<()> {
        self.contact_to_write(viewer, id, "immediate risk").await?;
        let danger = danger.trim();
        if danger.is_empty() {
            return Err(Error::finding(
                "danger",
                "What is the danger?",
                "Write in a few words what the danger is: the manager reads it first",
            ));
        }
        let teams = self.teams().await?;
        let here = format!("/contacts/{id}");
        let mut tx = self.store().begin(&viewer.actor()).await?;
        if let Once::Again { location } = tx.once(once, &here).await? {
            return Err(Error::Already(location));
        }
        let mut contact: Contact = tx.get(id).await?;
        if contact.state == ContactState::Decided {
            return Err(Error::Refused(
                "This contact is decided already. Take a new contact for what has happened since, and mark that one."
                    .into(),
            ));
        }
        tx.because_of(danger);
        tx.insert(&on_record(
            "immediate_risk",
            &contact,
            viewer,
            &tx,
            "immediate_risk",
            danger,
        ))
        .await?;
        if contact.priority != 1 {
            contact.priority = 1;
            tx.update(&mut contact).await?;
            self.start_immediate_risk(&mut tx, &contact, &teams).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Passes a contact between the front door and a locality team, to ask for
    /// checks or to give it back (R003-02): one reference, one history.
    pub async fn pass_to_team(
        &self,
        viewer: &Viewer,
        id: Id<ids::Contact>,
        team: Id<ids::Team>,
        reason: &str,
        once: &str,
    ) -> Result<()> {
        self.contact_to_write(viewer, id, "pass to a team").await?;
        let teams = self.teams_at_the_door().await?;
        let Some(team) = teams.into_iter().find(|t| t.id == team) else {
            return Err(Error::finding(
                "team",
                "Which team?",
                "Choose the team that looks at it next",
            ));
        };
        if reason.trim().is_empty() {
            return Err(Error::finding(
                "reason",
                "What should they do?",
                "Write what you ask them to do",
            ));
        }
        let mut tx = self.store().begin(&viewer.actor()).await?;
        if let Once::Again { location } = tx.once(once, &format!("/contacts/{id}")).await? {
            return Err(Error::Already(location));
        }
        let mut contact: Contact = tx.get(id).await?;
        if contact.state == ContactState::Decided {
            return Err(Error::Refused(
                "This contact is decided: there is nothing left to check.".into(),
            ));
        }
        tx.because_of(reason.trim());
        tx.insert(&on_record(
            "transfer",
            &contact,
            viewer,
            &tx,
            &team.name,
            reason.trim(),
        ))
        .await?;
        contact.team_id = Some(team.id);
        contact.screener_id = None;
        tx.update(&mut contact).await?;
        clocks::hand_over(
            &mut tx,
            "contact",
            id.as_str(),
            Some(team.id),
            team.manager_id,
        )
        .await?;
        tx.commit().await?;
        Ok(())
    }

    /// The teams that screen contacts: the front door itself and the localities.
    pub async fn teams_at_the_door(&self) -> Result<Vec<Team>> {
        let mut teams = self.teams().await?;
        let duty = duty_team(&teams).map(|team| team.id);
        teams.retain(|team| Some(team.id) == duty || team.kind == "locality");
        Ok(teams)
    }
}

/// The viewer becomes the screener; the time in screening runs from the first
/// who took it.
pub(super) fn take(contact: &mut Contact, tx: &Tx, viewer: &Viewer) {
    contact.state = ContactState::Screening;
    contact.screener_id = Some(viewer.principal.worker);
    contact.screening_started_at.get_or_insert(tx.now());
}

/// Something decided about a contact on the way, short of its threshold
/// decision.
fn on_record(
    kind: &str,
    contact: &Contact,
    viewer: &Viewer,
    tx: &Tx,
    outcome: &str,
    rationale: &str,
) -> Decision {
    Decision {
        id: Id::new(),
        kind: kind.to_owned(),
        contact_id: Some(contact.id),
        family_id: None,
        person_id: None,
        step_id: None,
        level: None,
        indicators: json!([]),
        outcome: outcome.to_owned(),
        rationale: rationale.to_owned(),
        considered: None,
        alternatives: None,
        child_words: None,
        guide_version: None,
        form: None,
        form_version: None,
        answers: json!({}),
        decided_by: viewer.principal.worker,
        decided_at: tx.now(),
        version: 1,
    }
}
