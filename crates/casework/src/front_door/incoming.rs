//! A contact comes in: from answers on one of the pack's forms to rows, clocks
//! and a place on the board, in one transaction.

use packs::{Answers, Form};
use rand::RngExt;
use record::model::{Contact, ContactChild, ContactState, Team};
use record::submissions::Once;
use record::{Tx, Viewer};
use vocabulary::{Id, Postcode, ids};

use super::Route;
use crate::clocks::{self, About};
use crate::{Casework, Error, Result};

/// The longest text that one answer may have. Far more than anybody writes by
/// hand; it keeps a pasted file from being taken for an answer.
pub const LONGEST: usize = 100_000;

/// What the person who made contact is told at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// The contact.
    pub contact: Id<ids::Contact>,
    /// The reference to quote.
    pub reference: String,
    /// The day by which it is decided.
    pub decided_by: chrono::NaiveDate,
}

/// Finds answers that are too long to be answers, whatever the form says.
pub fn too_long(form: &Form, answers: &Answers) -> Vec<packs::Finding> {
    form.fields()
        .filter(|field| answers.text(&field.name).chars().count() > LONGEST)
        .map(|field| packs::Finding {
            field: field.name.clone(),
            label: field.label.clone(),
            message: format!(
                "Make “{}” shorter: it has {} characters, and at most {} can be sent. What you wrote is still here",
                field.label,
                vocabulary::plain::number(
                    i64::try_from(answers.text(&field.name).chars().count()).unwrap_or(i64::MAX)
                ),
                vocabulary::plain::number(i64::try_from(LONGEST).unwrap_or(i64::MAX)),
            ),
            severity: packs::Severity::Stop,
        })
        .collect()
}

impl Casework {
    /// Takes a contact by telephone (UX03). The child may be unknown for now.
    /// Needs `contact.take`.
    pub async fn take_call(
        &self,
        viewer: &Viewer,
        answers: &Answers,
        once: &str,
    ) -> Result<Received> {
        if !viewer.can("contact.take") {
            return Err(Error::NotFound);
        }
        let form = self.form(Route::Phone.form())?;
        let mut findings = form.check(answers, None);
        findings.extend(too_long(form, answers));
        findings.retain(|f| f.severity == packs::Severity::Stop);
        if !findings.is_empty() {
            return Err(Error::Findings(findings));
        }
        let contact = Id::new();
        let mut tx = self.store().begin(&viewer.actor()).await?;
        if let Once::Again { location } = tx.once(once, &format!("/contacts/{contact}")).await? {
            return Err(Error::Already(location));
        }
        let taken_by = Some(viewer.principal.worker);
        let reference = new_reference();
        let received = self
            .receive(&mut tx, Route::Phone, answers, contact, reference, taken_by)
            .await?;
        tx.drop_draft(viewer.principal.worker, PHONE_DRAFT).await?;
        tx.commit().await?;
        Ok(received)
    }

    /// Writes the contact, its children and its clocks.
    pub(crate) async fn receive(
        &self,
        tx: &mut Tx,
        route: Route,
        answers: &Answers,
        id: Id<ids::Contact>,
        reference: String,
        taken_by: Option<Id<ids::Worker>>,
    ) -> Result<Received> {
        let form = self.form(route.form())?;
        let now = tx.now();
        let postcode = answers.text("postcode").parse::<Postcode>().ok();
        let teams = self.teams().await?;
        let team = match (route, &postcode) {
            (Route::EarlyHelp, _) => self.team_of_request(answers, taken_by).await?,
            (_, Some(postcode)) => self.team_for_postcode(postcode).await?,
            (_, None) => None,
        };
        let contact = Contact {
            id,
            reference,
            route: route.code().to_owned(),
            form: form.id.clone(),
            form_version: form.version.to_string(),
            answers: answers.as_map().clone().into(),
            state: ContactState::New,
            priority: priority(answers),
            received_at: now,
            source: route
                .source()
                .map(str::to_owned)
                .or_else(|| given(answers, "source")),
            referrer_name: referrer_name(route, answers),
            referrer_role: referrer_role(self, route, answers),
            referrer_agency: match route {
                Route::Police => Some("Police".into()),
                _ => given(answers, "caller_organisation"),
            },
            referrer_phone: given(answers, "caller_phone"),
            referrer_email: given(answers, "caller_email"),
            concern: answers.text("what").to_owned(),
            postcode: postcode.map(|p| p.to_string()),
            family_id: None,
            team_id: team.as_ref().map(|t| t.id),
            screener_id: None,
            taken_by,
            screening_started_at: None,
            decided_at: None,
            outcome: None,
            version: 1,
        };
        tx.insert(&contact).await?;
        for told in children_told(answers) {
            tx.insert(&ContactChild {
                id: Id::new(),
                contact_id: contact.id,
                told,
                person_id: None,
                settled_at: None,
                version: 1,
            })
            .await?;
        }
        let whose = match route {
            Route::EarlyHelp => team.as_ref().or_else(|| duty_team(&teams)),
            _ => duty_team(&teams),
        };
        let about = about(&contact, whose);
        clocks::start(tx, self.pack(), "contact.received", now, &about).await?;
        if contact.priority == 1 {
            self.start_immediate_risk(tx, &contact, &teams).await?;
        }
        let start = crate::time::local(now);
        let due = self.pack().due("contact-decision", start);
        Ok(Received {
            contact: contact.id,
            reference: contact.reference,
            decided_by: due.map_or(start.date(), |due| due.at.date()),
        })
    }

    /// Starts the clock of immediate risk for the manager of the locality team,
    /// or of the front door where the place is not known: it stands on their
    /// home page at once (R003-07).
    pub(super) async fn start_immediate_risk(
        &self,
        tx: &mut Tx,
        contact: &Contact,
        teams: &[Team],
    ) -> Result<()> {
        let team = teams
            .iter()
            .find(|team| Some(team.id) == contact.team_id)
            .or_else(|| duty_team(teams));
        let now = tx.now();
        let about = about(contact, team);
        clocks::start(tx, self.pack(), "contact.immediate_risk", now, &about).await
    }
}

/// Where the draft of a telephone contact is kept.
pub const PHONE_DRAFT: &str = "contact:new";

/// The team that answers for the front door itself.
pub(super) fn duty_team(teams: &[Team]) -> Option<&Team> {
    teams.iter().find(|team| team.kind == "front_door")
}

/// What a contact's clocks are about: the team given, and its manager.
pub(super) fn about(contact: &Contact, team: Option<&Team>) -> About {
    About {
        kind: "contact",
        id: contact.id.to_string(),
        contact: Some(contact.id),
        team: team.map(|team| team.id),
        worker: team.and_then(|team| team.manager_id),
        path: format!("/contacts/{}", contact.id),
        ..About::default()
    }
}

/// Danger now comes first; what the police grade as high is for today.
fn priority(answers: &Answers) -> i64 {
    match (answers.text("danger"), answers.text("risk_grading")) {
        ("yes", _) => 1,
        (_, "high") => 2,
        _ => 3,
    }
}

fn given(answers: &Answers, name: &str) -> Option<String> {
    Some(answers.text(name).to_owned()).filter(|text| !text.is_empty())
}

fn referrer_name(route: Route, answers: &Answers) -> Option<String> {
    given(answers, "caller_name").or_else(|| match route {
        Route::Police => Some(format!("Officer {}", answers.text("collar_number"))),
        _ => None,
    })
}

fn referrer_role(casework: &Casework, route: Route, answers: &Answers) -> Option<String> {
    match route {
        Route::School => given(answers, "caller_role"),
        Route::Police => Some(format!(
            "Police officer, collar number {}",
            answers.text("collar_number")
        )),
        Route::EarlyHelp | Route::StepUp => None,
        Route::Public | Route::Phone => {
            given(answers, "source").map(|code| casework.label("contact-source", &code))
        }
    }
}

/// The children as told, in the shape that every route shares.
fn children_told(answers: &Answers) -> Vec<serde_json::Value> {
    answers
        .groups("children")
        .into_iter()
        .map(|child| {
            let born = child
                .date("born")
                .map_or_else(|| child.text("born").to_owned(), |day| day.to_string());
            serde_json::json!({
                "given": child.text("given"),
                "family_name": child.text("family"),
                "born": born,
                "school": child.text("school"),
                "description": "",
            })
        })
        .collect()
}

/// A reference to read out on the telephone: eight letters and digits that
/// cannot be taken for one another, "H7KQ-3MPT". More than 10^11 of them.
pub(crate) fn new_reference() -> String {
    const SIGNS: &[u8] = b"23456789CDFGHJKMNPQRTVWXY";
    let mut chance = rand::rng();
    let mut sign = || char::from(SIGNS[chance.random_range(0..SIGNS.len())]);
    let (first, second): (String, String) = (
        (0..4).map(|_| sign()).collect(),
        String::from_iter([sign(), sign(), sign(), sign()]),
    );
    format!("{first}-{second}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_is_easy_to_read_out() {
        let reference = new_reference();
        assert_eq!(reference.len(), 9);
        assert!(!reference.contains(['0', 'O', '1', 'I', 'L']));
        assert_ne!(reference, new_reference());
    }

    #[test]
    fn danger_now_comes_first() {
        let mut answers = Answers::new();
        assert_eq!(priority(&answers), 3);
        answers.set("risk_grading", "high");
        assert_eq!(priority(&answers), 2);
        answers.set("danger", "yes");
        assert_eq!(priority(&answers), 1);
    }
}
