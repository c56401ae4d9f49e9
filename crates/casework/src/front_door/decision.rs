//! The threshold decision: level, signs and reasons together, by the person who
//! is signed in, with the version of the threshold document (R003-05, R003-06,
//! R003-18). It stands for ever; what follows from it happens at once.

use chrono::NaiveDate;
use packs::{Answers, Finding, Severity};
use record::model::{
    Chronology, ChronologyState, Contact, ContactState, Decision, Involvement, Person, Step, Team,
    Told,
};
use record::submissions::Once;
use record::{Tx, Viewer, args};
use serde_json::json;
use vocabulary::{Id, ids};

use super::contact::ChildView;
use super::early_help::said_at_decision;
use super::incoming::{about, duty_team, too_long};
use super::outcome_words;
use super::screening::take;
use crate::clocks;
use crate::steps::OpenStep;
use crate::{Casework, Error, Result, time};

/// What the decision page sends besides the form's answers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Deciding {
    /// The version of the contact that the page was opened on.
    pub version: i64,
    /// The team for a referral; the suggested one unless changed.
    pub team: Option<Id<ids::Team>>,
    /// The page's token.
    pub once: String,
}

/// The threshold document that decisions stand on.
pub const THRESHOLD: &str = "continuum";

/// Where the draft of a decision is kept.
pub fn decision_draft(contact: Id<ids::Contact>) -> String {
    format!("contact:{contact}:decision")
}

/// An identified child with the family whose record the decision goes to.
#[derive(Debug, Clone, Copy, sqlx::FromRow)]
pub(super) struct Placed {
    pub(super) person_id: Id<ids::Person>,
    pub(super) family_id: Id<ids::Family>,
}

impl Casework {
    /// Makes the threshold decision about a contact. Needs `contact.decide`.
    pub async fn decide_contact(
        &self,
        viewer: &Viewer,
        id: Id<ids::Contact>,
        answers: &Answers,
        page: &Deciding,
    ) -> Result<()> {
        self.contact_to_write(viewer, id, "threshold decision")
            .await?;
        if !viewer.can("contact.decide") {
            return Err(Error::Refused(
                "Only people whom the council trusts with threshold decisions can make one. Ask your manager."
                    .into(),
            ));
        }
        let teams = self.teams().await?;
        let children = self.children_with_names(id).await?;
        let team = page
            .team
            .and_then(|team| teams.iter().find(|t| t.id == team && t.kind == "locality"));
        self.check_decision(answers, &children, team)?;
        let asked = self.check_mash(viewer, id, answers.text("outcome")).await?;
        if !asked.is_empty() {
            return Err(Error::Findings(asked));
        }
        let mut tx = self.store().begin(&viewer.actor()).await?;
        let here = format!("/contacts/{id}");
        if let Once::Again { location } = tx.once(&page.once, &here).await? {
            return Err(Error::Already(location));
        }
        let mut contact: Contact = tx.get(id).await?;
        if contact.state == ContactState::Decided || contact.version != page.version {
            return Err(Error::Stale);
        }
        let placed = self.placed(&mut tx, &contact, &children).await?;
        let outcome = answers.text("outcome").to_owned();
        let decision = self.decision_row(&contact, &placed, answers, viewer, &tx);
        tx.because_of(&decision.rationale);
        tx.insert(&decision).await?;
        self.settle_contact(&mut tx, &mut contact, &outcome, &placed, viewer, &teams)
            .await?;
        match outcome.as_str() {
            "referral" | "immediate_risk" if !placed.is_empty() => {
                let team = team.or_else(|| teams.iter().find(|t| Some(t.id) == contact.team_id));
                self.refer(&mut tx, &mut contact, &placed, team, &outcome)
                    .await?;
            }
            "early_help" => {
                let said = said_at_decision(&contact, answers);
                self.early_help_from_contact(&mut tx, viewer, &mut contact, &placed, said)
                    .await?;
            }
            "other_council" => {
                self.pass_on(&mut tx, &contact, answers, viewer, &teams)
                    .await?
            }
            // Advice needs nobody else; a risk to a child who is not found yet
            // stays on the board.
            _ => {}
        }
        self.statuses_after(&mut tx, &placed, &outcome).await?;
        self.propose_entries(&mut tx, &contact, &placed, &decision)
            .await?;
        tx.drop_draft(viewer.principal.worker, &decision_draft(id))
            .await?;
        tx.commit().await?;
        Ok(())
    }

    /// What the pack's form cannot know: a referral needs a child whom we know.
    fn check_decision(
        &self,
        answers: &Answers,
        children: &[ChildView],
        team: Option<&Team>,
    ) -> Result<()> {
        let form = self.form("threshold-decision")?;
        let mut findings = form.check(answers, None);
        findings.extend(too_long(form, answers));
        findings.retain(|finding| finding.severity == Severity::Stop);
        let mut stop = |field: &str, label: &str, message: &str| {
            findings.push(Finding {
                field: field.to_owned(),
                label: label.to_owned(),
                message: message.to_owned(),
                severity: Severity::Stop,
            });
        };
        let known = children.iter().any(|child| child.person.is_some());
        let outcome = answers.text("outcome");
        if outcome == "referral" && !known {
            stop(
                "outcome",
                "What happens now?",
                "Find or create the child before you refer: a social worker cannot be sent to a child whose record is not known. Your words stay here",
            );
        }
        if outcome == "early_help" && !known {
            stop(
                "outcome",
                "What happens now?",
                "Find or create the child before early help starts: it stands in the child’s record. Your words stay here",
            );
        }
        if outcome == "referral" && known && team.is_none() {
            stop(
                "team",
                "Which team?",
                "Choose the team for the referral: the postcode does not say which one",
            );
        }
        match findings.is_empty() {
            true => Ok(()),
            false => Err(Error::Findings(findings)),
        }
    }

    /// The identified children with the family that each belongs to: the
    /// contact's family if the child is in it, else the child's own.
    pub(super) async fn placed(
        &self,
        tx: &mut Tx,
        contact: &Contact,
        children: &[ChildView],
    ) -> Result<Vec<Placed>> {
        let mut placed = Vec::new();
        for person in children.iter().filter_map(|child| child.person) {
            let families: Vec<Placed> = tx
                .all(
                    "select person_id, family_id from family_member where person_id = $1 \
                     and left_on is null order by household desc, joined_on desc",
                    args![person],
                )
                .await?;
            let of_contact = families
                .iter()
                .find(|place| Some(place.family_id) == contact.family_id);
            placed.extend(of_contact.or(families.first()).copied());
        }
        Ok(placed)
    }

    fn decision_row(
        &self,
        contact: &Contact,
        placed: &[Placed],
        answers: &Answers,
        viewer: &Viewer,
        tx: &Tx,
    ) -> Decision {
        let given = |name: &str| Some(answers.text(name).to_owned()).filter(|t| !t.is_empty());
        let today = time::local(tx.now()).date();
        let form = self.pack().form("threshold-decision", today);
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
            level: given("level"),
            indicators: json!(answers.list("indicators")),
            outcome: answers.text("outcome").to_owned(),
            rationale: answers.text("rationale").to_owned(),
            considered: given("considered"),
            alternatives: given("alternatives"),
            child_words: given("child_words"),
            guide_version: guide.map(|guide| format!("{} {}", guide.id, guide.version)),
            form: form.map(|form| form.id.clone()),
            form_version: form.map(|form| form.version.to_string()),
            answers: answers.as_map().clone().into(),
            decided_by: viewer.principal.worker,
            decided_at: tx.now(),
            version: 1,
        }
    }

    /// Closes the contact and its clocks, and starts the one for telling the
    /// referrer. Immediate risk to a child not yet identified stays open on top
    /// of the board: the manager is told, and the search for the child goes on.
    pub(super) async fn settle_contact(
        &self,
        tx: &mut Tx,
        contact: &mut Contact,
        outcome: &str,
        placed: &[Placed],
        viewer: &Viewer,
        teams: &[Team],
    ) -> Result<()> {
        let now = tx.now();
        if contact.screening_started_at.is_none() {
            take(contact, tx, viewer);
        }
        if outcome == "immediate_risk" && placed.is_empty() {
            if contact.priority != 1 {
                contact.priority = 1;
                self.start_immediate_risk(tx, contact, teams).await?;
            }
            tx.update(contact).await?;
            return Ok(());
        }
        contact.state = ContactState::Decided;
        contact.decided_at = Some(now);
        contact.outcome = Some(outcome.to_owned());
        if outcome == "immediate_risk" {
            contact.priority = 1;
        }
        tx.update(contact).await?;
        let (event, id) = ("contact.decided", contact.id.to_string());
        clocks::stop(tx, self.pack(), event, now, "contact", &id).await?;
        let mut about = about(contact, duty_team(teams));
        about.worker = Some(viewer.principal.worker);
        about.path = format!("/contacts/{}/tell", contact.id);
        clocks::start(tx, self.pack(), event, now, &about).await
    }

    /// Opens a referral for each family concerned and gives it to the team.
    async fn refer(
        &self,
        tx: &mut Tx,
        contact: &mut Contact,
        placed: &[Placed],
        team: Option<&Team>,
        outcome: &str,
    ) -> Result<()> {
        let today = time::local(tx.now()).date();
        let mut families: Vec<Id<ids::Family>> = placed.iter().map(|p| p.family_id).collect();
        families.sort();
        families.dedup();
        for family in families {
            let step = self
                .open_step(
                    tx,
                    OpenStep {
                        kind: "referral",
                        family,
                        children: placed
                            .iter()
                            .filter(|p| p.family_id == family)
                            .map(|p| p.person_id)
                            .collect(),
                        contact: Some(contact.id),
                        team: team.map(|team| team.id),
                        worker: None,
                        started_on: today,
                    },
                )
                .await?;
            if outcome == "immediate_risk" {
                self.immediate_risk_of_step(tx, contact, &step, team)
                    .await?;
            }
        }
        if let Some(team) = team {
            self.hold_for(tx, placed, team).await?;
            if contact.team_id != Some(team.id) {
                contact.team_id = Some(team.id);
                tx.update(contact).await?;
            }
        }
        Ok(())
    }

    /// The clock of immediate risk goes on with the referral, in the manager's
    /// name, until a social worker has acted.
    async fn immediate_risk_of_step(
        &self,
        tx: &mut Tx,
        contact: &Contact,
        step: &Step,
        team: Option<&Team>,
    ) -> Result<()> {
        let now = tx.now();
        let about = clocks::About {
            kind: "step",
            id: step.id.to_string(),
            family: Some(step.family_id),
            path: format!("/steps/{}", step.id),
            ..about(contact, team)
        };
        clocks::start(tx, self.pack(), "contact.immediate_risk", now, &about).await
    }

    /// The team holds the children from now on, so that it can see them and
    /// give them a worker.
    async fn hold_for(&self, tx: &mut Tx, placed: &[Placed], team: &Team) -> Result<()> {
        #[derive(sqlx::FromRow)]
        struct Held {
            #[sqlx(rename = "id")]
            _id: String,
        }
        let today = time::local(tx.now()).date();
        for place in placed {
            let held: Option<Held> = tx
                .maybe(
                    "select id from involvement where person_id = $1 and team_id = $2 \
                     and ended_on is null",
                    args![place.person_id, team.id],
                )
                .await?;
            if held.is_none() {
                tx.insert(&holds(place.person_id, team, today)).await?;
            }
        }
        Ok(())
    }

    async fn pass_on(
        &self,
        tx: &mut Tx,
        contact: &Contact,
        answers: &Answers,
        viewer: &Viewer,
        teams: &[Team],
    ) -> Result<()> {
        let now = tx.now();
        tx.insert(&Told {
            id: Id::new(),
            contact_id: Some(contact.id),
            family_id: contact.family_id,
            who: format!(
                "{} ({})",
                answers.text("other_council"),
                answers.text("other_council_told")
            ),
            how: "passed_on".into(),
            words: answers.text("rationale").to_owned(),
            told_by: viewer.principal.worker,
            told_at: now,
            reason: "passed_on".into(),
            acknowledged_at: None,
            acknowledged_by: None,
            version: 1,
        })
        .await?;
        let about = about(contact, duty_team(teams));
        clocks::start(tx, self.pack(), "cross_border.passed", now, &about).await
    }

    /// A status only rises here: a child with a plan keeps it, and nobody's
    /// record is closed by a contact unless the contact had opened it.
    async fn statuses_after(&self, tx: &mut Tx, placed: &[Placed], outcome: &str) -> Result<()> {
        for place in placed {
            let mut person: Person = tx.get(place.person_id).await?;
            let now = person.status.as_deref();
            let next = match (outcome, now) {
                (
                    "referral" | "immediate_risk",
                    None | Some("contact" | "closed" | "early_help"),
                ) => "referral",
                ("early_help", None | Some("contact" | "closed")) => "early_help",
                ("advice" | "other_council", Some("contact")) => "closed",
                _ => continue,
            };
            person.status = Some(next.to_owned());
            tx.update(&mut person).await?;
        }
        Ok(())
    }

    pub(super) async fn propose_entries(
        &self,
        tx: &mut Tx,
        contact: &Contact,
        placed: &[Placed],
        decision: &Decision,
    ) -> Result<()> {
        let from = contact
            .referrer_agency
            .clone()
            .or_else(|| contact.referrer_role.clone())
            .unwrap_or_else(|| "someone who did not say who they are".into());
        for place in placed {
            tx.insert(&Chronology {
                id: Id::new(),
                person_id: place.person_id,
                happened_on: time::local(contact.received_at).date(),
                kind: "contact".into(),
                wording: format!("Contact from {from}."),
                response: Some(format!("Decided: {}.", outcome_words(&decision.outcome))),
                impact: None,
                significance: None,
                state: ChronologyState::Proposed,
                source_kind: Some("contact".into()),
                source_id: Some(contact.id.to_string()),
                reported_by: contact.referrer_name.clone(),
                made_at: tx.now(),
                settled_by: None,
                settled_at: None,
                version: 1,
            })
            .await?;
        }
        Ok(())
    }
}

/// A team's hold on a child before there is a worker.
pub(crate) fn holds(person: Id<ids::Person>, team: &Team, today: NaiveDate) -> Involvement {
    Involvement {
        id: Id::new(),
        person_id: person,
        worker_id: None,
        team_id: Some(team.id),
        role: "other".into(),
        name: format!("{} team", team.name),
        job_title: "Team that has the work".into(),
        agency: match team.kind.as_str() {
            "early_help" => "early_help",
            _ => "social_care",
        }
        .into(),
        phone: team.phone.clone(),
        email: team.email.clone(),
        lead: false,
        sensitive: false,
        started_on: today,
        ended_on: None,
        change_reason: None,
        version: 1,
    }
}
