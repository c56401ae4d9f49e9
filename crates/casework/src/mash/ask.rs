//! Asking partners: whom, what, how urgent; who has not answered; and the
//! analysis, without which nothing is decided.

use chrono::{DateTime, Utc};
use packs::{Answers, Finding, Form, Severity};
use record::model::{Clock, Contact, Decision, Mash, MashCheck};
use record::{Asked, AssertSqlSafe, Entity, Guarded, Tx, Viewer, args};
use serde_json::json;
use vocabulary::{Id, ids, plain};

use super::{about, case};
use crate::clocks::ClockView;
use crate::plans::{claim, stops};
use crate::{Casework, Error, Result, clocks, time};

/// The forms of the pack.
const ASK: &str = "mash-send";
const ANALYSIS: &str = "mash-analysis";

/// The partners' part of a contact, as its page shows it.
#[derive(Debug, Clone)]
pub struct MashView {
    /// The contact.
    pub contact: Guarded<Contact>,
    /// How urgent it is, once partners were asked.
    pub rag: Option<String>,
    /// The checks.
    pub checks: Vec<CheckLine>,
    /// The agencies that have not answered, by name (R003-08).
    pub waiting: Vec<String>,
    /// The analysis, as answered.
    pub analysis: Answers,
    /// Who wrote it, and when.
    pub written: Option<String>,
    /// What is recommended, in words.
    pub recommended: Option<String>,
    /// The form of the questions.
    pub ask: Form,
    /// The form of the analysis.
    pub form: Form,
    /// The viewer may work on it.
    pub writes: bool,
}

/// One check on the page.
#[derive(Debug, Clone)]
pub struct CheckLine {
    /// The check.
    pub check: MashCheck,
    /// The agency's name.
    pub agency: String,
    /// Its clock.
    pub clock: Option<ClockView>,
    /// "Returned", "No trace", "Waiting".
    pub state: &'static str,
}

impl Casework {
    /// The partners' part of a contact.
    pub async fn mash(&self, viewer: &Viewer, id: Id<ids::Contact>) -> Result<MashView> {
        let contact = self
            .gate()
            .contact(viewer, id, Asked::to_read("partner checks"))
            .await?
            .ok_or(Error::NotFound)?;
        let mash = self.mash_of(id).await?;
        let checks = self.checks_of(id).await?;
        let waiting = checks
            .iter()
            .filter(|line| line.state == "Waiting")
            .map(|line| line.agency.clone())
            .collect();
        let form = self.form(ANALYSIS)?.clone();
        let analysis = mash
            .as_ref()
            .and_then(|m| m.answers.as_object().cloned())
            .map_or_else(Answers::new, Answers::from_map);
        let written = match mash
            .as_ref()
            .and_then(|m| Some((m.written_by?, m.written_at?)))
        {
            Some((by, at)) => Some(format!(
                "{}, {}",
                self.worker_name(by).await?,
                plain::date_time(time::local(at))
            )),
            None => None,
        };
        let recommended = mash
            .as_ref()
            .and_then(|m| m.recommendation.as_deref())
            .map(|code| {
                let field = form.field("recommendation").and_then(|f| f.kind.options());
                field.map_or_else(|| code.to_owned(), |o| o.label(code).to_owned())
            });
        let open = contact.state != record::model::ContactState::Decided;
        Ok(MashView {
            rag: mash.map(|m| m.rag),
            writes: open && viewer.can("contact.screen"),
            ask: self.form(ASK)?.clone(),
            contact,
            checks,
            waiting,
            analysis,
            written,
            recommended,
            form,
        })
    }

    /// Asks partners. Those who were asked already are not asked twice.
    pub async fn ask_partners(
        &self,
        viewer: &Viewer,
        id: Id<ids::Contact>,
        answers: &Answers,
        once: &str,
    ) -> Result<()> {
        let view = self.mash(viewer, id).await?;
        may_write(&view)?;
        stops(view.ask.check(answers, None))?;
        let told = self.told_to_partners(id).await?;
        let rag = answers.text("rag").to_owned();
        let mut tx = self.store().begin(&viewer.actor()).await?;
        claim(&mut tx, once, &format!("/contacts/{id}/mash")).await?;
        let now = tx.now();
        if view.rag.is_none() {
            tx.insert(&Mash {
                id: Id::new(),
                contact_id: id,
                rag: rag.clone(),
                opened_by: viewer.principal.worker,
                opened_at: now,
                answers: json!({}),
                form_version: None,
                recommendation: None,
                written_by: None,
                written_at: None,
                version: 1,
            })
            .await?;
        }
        for agency in answers.list("agencies") {
            let asked = |line: &CheckLine| line.check.agency == agency && line.state == "Waiting";
            if view.checks.iter().any(asked) {
                continue;
            }
            let check = MashCheck {
                id: Id::new(),
                contact_id: id,
                agency: agency.to_owned(),
                rag: rag.clone(),
                about: told.clone(),
                question: answers.text("question").to_owned(),
                asked_by: viewer.principal.worker,
                asked_at: now,
                found: None,
                words: None,
                worry: None,
                answered_by: None,
                answered_at: None,
                withdrawn_at: None,
                version: 1,
            };
            tx.insert(&check).await?;
            self.start_check(&mut tx, viewer, &check).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Changes how urgent it is, with a reason; the open checks get the clock
    /// of the new urgency, from the moment they were asked (R003-14).
    pub async fn change_urgency(
        &self,
        viewer: &Viewer,
        id: Id<ids::Contact>,
        rag: &str,
        reason: &str,
        once: &str,
    ) -> Result<()> {
        let view = self.mash(viewer, id).await?;
        may_write(&view)?;
        let known = self
            .pack()
            .codes("mash-urgency", time::today())
            .is_some_and(|set| set.code(rag).is_some());
        let before = view.rag.clone().ok_or(Error::NotFound)?;
        if !known || before == rag {
            return Err(Error::finding(
                "rag",
                "How urgent is it?",
                "Choose another urgency",
            ));
        }
        if reason.trim().is_empty() {
            return Err(Error::finding(
                "rag_reason",
                "Why?",
                "Write why the urgency changes",
            ));
        }
        let mut tx = self.store().begin(&viewer.actor()).await?;
        claim(&mut tx, once, &format!("/contacts/{id}/mash")).await?;
        tx.because_of(reason.trim());
        let now = tx.now();
        let words = format!(
            "{} to {}",
            self.label("mash-urgency", &before),
            self.label("mash-urgency", rag)
        );
        tx.insert(&urgency_card(viewer, id, rag, &words, reason.trim(), now))
            .await?;
        if let Some(found) = self.mash_of(id).await? {
            let mut mash: Mash = tx.get(found.id).await?;
            mash.rag = rag.to_owned();
            tx.update(&mut mash).await?;
        }
        for line in view.checks.iter().filter(|line| line.state == "Waiting") {
            let mut check: MashCheck = tx.get(line.check.id).await?;
            check.rag = rag.to_owned();
            tx.update(&mut check).await?;
            clocks::stop_all(&mut tx, now, "mash_check", check.id.as_str()).await?;
            self.start_check(&mut tx, viewer, &check).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Writes the analysis: what we know, what we do not know, what it means.
    pub async fn write_analysis(
        &self,
        viewer: &Viewer,
        id: Id<ids::Contact>,
        answers: &Answers,
        once: &str,
    ) -> Result<()> {
        let view = self.mash(viewer, id).await?;
        may_write(&view)?;
        let found = self.mash_of(id).await?.ok_or(Error::NotFound)?;
        stops(view.form.check(answers, None))?;
        let mut tx = self.store().begin(&viewer.actor()).await?;
        claim(&mut tx, once, &format!("/contacts/{id}/mash")).await?;
        let mut mash: Mash = tx.get(found.id).await?;
        mash.answers = answers.as_map().clone().into();
        mash.form_version = Some(view.form.version.to_string());
        mash.recommendation = Some(answers.text("recommendation").to_owned());
        mash.written_by = Some(viewer.principal.worker);
        mash.written_at = Some(tx.now());
        tx.update(&mut mash).await?;
        tx.drop_draft(viewer.principal.worker, &format!("mash:{id}"))
            .await?;
        Ok(tx.commit().await?)
    }

    /// What a threshold decision needs when partners were asked: the analysis,
    /// and a manager (R003-15). Nothing when someone is in danger now.
    pub(crate) async fn check_mash(
        &self,
        viewer: &Viewer,
        id: Id<ids::Contact>,
        outcome: &str,
    ) -> Result<Vec<Finding>> {
        let Some(mash) = self
            .mash_of(id)
            .await?
            .filter(|_| outcome != "immediate_risk")
        else {
            return Ok(Vec::new());
        };
        let stop = |message: &str| Finding {
            field: "outcome".into(),
            label: "What happens now?".into(),
            message: message.to_owned(),
            severity: Severity::Stop,
        };
        let mut findings = Vec::new();
        if mash.written_at.is_none() {
            findings.push(stop("Partners were asked: write what their answers mean before you decide. Your words stay here"));
        }
        if !viewer.can("case.authorise") {
            findings.push(stop("Partners were asked, so a manager decides. Your words stay here as a draft for them to read with you"));
        }
        Ok(findings)
    }

    async fn start_check(&self, tx: &mut Tx, viewer: &Viewer, check: &MashCheck) -> Result<()> {
        let about = about(check, viewer.principal.team);
        let at = check.asked_at;
        clocks::start_where(
            tx,
            self.pack(),
            "mash.check_asked",
            at,
            &about,
            &case(&check.rag),
        )
        .await
    }

    /// Names and birth dates of the children, as a partner needs them to look.
    async fn told_to_partners(&self, id: Id<ids::Contact>) -> Result<String> {
        let children = self.children_of_contact(id).await?;
        match children.is_empty() {
            true => Ok("The child’s name is not known yet".into()),
            false => Ok(children.join("; ")),
        }
    }

    async fn children_of_contact(&self, id: Id<ids::Contact>) -> Result<Vec<String>> {
        #[derive(sqlx::FromRow)]
        struct Child {
            told: serde_json::Value,
            given: Option<String>,
            family_name: Option<String>,
            born_on: Option<chrono::NaiveDate>,
        }
        let rows: Vec<Child> = self
            .store()
            .read_db()
            .all(
                "select c.told, p.given, p.family_name, p.born_on from contact_child c \
                 left join person p on p.id = c.person_id where c.contact_id = $1 order by c.id",
                args![id],
            )
            .await?;
        let told = |child: &Child, part: &str| {
            let found = child.told.get(part).and_then(serde_json::Value::as_str);
            found.unwrap_or_default().to_owned()
        };
        Ok(rows
            .iter()
            .map(|child| {
                let given = child.given.clone().unwrap_or_else(|| told(child, "given"));
                let family = child
                    .family_name
                    .clone()
                    .unwrap_or_else(|| told(child, "family_name"));
                let born = child
                    .born_on
                    .map_or_else(|| told(child, "born"), plain::date);
                match born.is_empty() {
                    true => format!("{given} {family}"),
                    false => format!("{given} {family}, born {born}"),
                }
            })
            .collect())
    }

    async fn checks_of(&self, id: Id<ids::Contact>) -> Result<Vec<CheckLine>> {
        let db = self.store().read_db();
        let sql = format!(
            "select {} from mash_check where contact_id = $1 order by asked_at, agency",
            MashCheck::COLUMNS.join(", ")
        );
        let checks: Vec<MashCheck> = db.all(AssertSqlSafe(sql), args![id]).await?;
        let sql = format!(
            "select {} from clock where contact_id = $1 and about_kind = 'mash_check' order by id",
            Clock::COLUMNS.join(", ")
        );
        let clocks: Vec<Clock> = db.all(AssertSqlSafe(sql), args![id]).await?;
        Ok(checks
            .into_iter()
            .map(|check| CheckLine {
                agency: self.label("agencies", &check.agency),
                clock: clocks
                    .iter()
                    .rfind(|clock| clock.about_id == check.id.as_str())
                    .map(|clock| ClockView::of(clock, self.pack())),
                state: state_of(&check),
                check,
            })
            .collect())
    }
}

/// Where a check stands.
pub(super) fn state_of(check: &MashCheck) -> &'static str {
    match (check.found.as_deref(), check.withdrawn_at) {
        (Some("no_trace"), _) => "No trace",
        (Some(_), _) => "Returned",
        (None, Some(_)) => "Taken back",
        (None, None) => "Waiting",
    }
}

fn may_write(view: &MashView) -> Result<()> {
    if view.writes {
        return Ok(());
    }
    Err(Error::Refused(
        "You can read this, but not change it: the front door and managers ask partners, until the contact is decided.".into(),
    ))
}

fn urgency_card(
    viewer: &Viewer,
    contact: Id<ids::Contact>,
    rag: &str,
    words: &str,
    reason: &str,
    at: DateTime<Utc>,
) -> Decision {
    Decision {
        id: Id::new(),
        kind: "mash_urgency".into(),
        contact_id: Some(contact),
        family_id: None,
        person_id: None,
        step_id: None,
        level: None,
        indicators: json!([]),
        outcome: rag.to_owned(),
        rationale: reason.to_owned(),
        considered: Some(words.to_owned()),
        alternatives: None,
        child_words: None,
        guide_version: None,
        form: None,
        form_version: None,
        answers: json!({}),
        decided_by: viewer.principal.worker,
        decided_at: at,
        version: 1,
    }
}
