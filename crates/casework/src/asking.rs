//! One page with one form of the pack about one child: what is asked, what is
//! filled in already, and what came of it. Shared by the areas whose pages are
//! a form each.
//!
//! A page asks with an [`Asking`] and answers with a [`Done`]; the command
//! checks the same form again, so that no page can forget to.

use chrono::{DateTime, NaiveDate, Utc};
use packs::{Answers, Choice, Form, Kind, Options};
use record::model::{Chronology, ChronologyState, Decision, Person, PersonKind};
use record::submissions::Once;
use record::{Asked, AssertSqlSafe, Entity, Guarded, Tx, Viewer, args};
use serde_json::json;
use vocabulary::{Id, ids};

use crate::clocks::About;
use crate::{Casework, Error, Result, time};

/// A form about a child, about to be shown. It is a [`Sheet`] and a child.
#[derive(Debug, Clone)]
pub struct Asking {
    /// The child it is about.
    pub child: Guarded<Person>,
    /// The form itself.
    pub sheet: Sheet,
}

impl std::ops::Deref for Asking {
    type Target = Sheet;
    fn deref(&self) -> &Sheet {
        &self.sheet
    }
}

impl std::ops::DerefMut for Asking {
    fn deref_mut(&mut self) -> &mut Sheet {
        &mut self.sheet
    }
}

/// A form about to be shown, whoever it is about.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// The heading.
    pub title: String,
    /// A line under it; empty if there is nothing to say.
    pub words: String,
    /// The words of the button, which name the child.
    pub button: String,
    /// The form, with this family's own choices in it.
    pub form: Form,
    /// What is known already.
    pub answers: Answers,
    /// People whom a question may offer: id, name and what tells them apart.
    pub people: Vec<(String, String, String)>,
    /// Where it is sent, which is also its own address.
    pub address: String,
    /// Where it leads back to.
    pub back: String,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// What was done, for the notice.
    pub words: String,
    /// The page to go to.
    pub to: String,
}

impl Done {
    /// Done, with the words for the notice and the page to go to.
    pub fn new(words: impl Into<String>, to: impl Into<String>) -> Done {
        Done {
            words: words.into(),
            to: to.into(),
        }
    }
}

impl Asking {
    /// A form of the pack about a child, with nothing filled in.
    pub fn new(form: &Form, child: Guarded<Person>, address: String, back: String) -> Asking {
        let mut sheet = Sheet::new(form, address, back);
        sheet.title = format!("{}: {}", form.title, child.first_name());
        Asking { child, sheet }
    }
}

impl Sheet {
    /// A form of the pack with nothing filled in.
    pub fn new(form: &Form, address: String, back: String) -> Sheet {
        Sheet {
            title: form.title.clone(),
            words: form.intro.clone(),
            button: "Save".to_owned(),
            form: form.clone(),
            answers: Answers::new(),
            people: Vec::new(),
            address,
            back,
        }
    }

    /// The draft of what is being typed: its name says nothing of the child.
    pub fn draft(&self) -> String {
        self.address.trim_start_matches('/').replace('/', ":")
    }

    /// Puts these choices, value and words, into a question of the form.
    pub(crate) fn offer(&mut self, field: &str, choices: Vec<(String, String)>) {
        let options = Options {
            codes: None,
            choices: choices
                .into_iter()
                .map(|(value, label)| Choice {
                    value,
                    label,
                    ..Choice::default()
                })
                .collect(),
        };
        let fields = self.form.sections.iter_mut().flat_map(|s| &mut s.fields);
        for found in fields.filter(|f| f.name == field) {
            match &mut found.kind {
                Kind::Radios(old) | Kind::Select(old) | Kind::Checkboxes(old) => {
                    *old = options.clone();
                }
                _ => {}
            }
        }
    }

    /// Leaves only these of the choices that a question of the form has.
    pub(crate) fn keep_only(&mut self, field: &str, values: &[&str]) {
        let fields = self.form.sections.iter_mut().flat_map(|s| &mut s.fields);
        for found in fields.filter(|f| f.name == field) {
            if let Kind::Radios(options) | Kind::Select(options) | Kind::Checkboxes(options) =
                &mut found.kind
            {
                let choices = &mut options.choices;
                choices.retain(|choice| values.contains(&choice.value.as_str()));
            }
        }
    }

    /// Fills in a day.
    pub(crate) fn day(&mut self, field: &str, day: NaiveDate) {
        self.answers.set(field, day.to_string());
    }

    /// Fills in what is known.
    pub(crate) fn known(&mut self, field: &str, value: &Option<String>) {
        if let Some(value) = value {
            self.answers.set(field, value.clone());
        }
    }

    /// What stops: warnings ask for a reason on the page and let the work go on.
    pub(crate) fn check(&self, answers: &Answers) -> Result<()> {
        let mut findings = self.form.check(answers, None);
        findings.retain(|f| f.severity == packs::Severity::Stop);
        match findings.is_empty() {
            true => Ok(()),
            false => Err(Error::Findings(findings)),
        }
    }
}

/// The words of an answer, if there are any.
pub(crate) fn said(answers: &Answers, name: &str) -> Option<String> {
    let text = answers.text(name).trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// A day that must be there and not lie ahead of us.
pub(crate) fn past_day(answers: &Answers, name: &str, today: NaiveDate) -> Result<NaiveDate> {
    let day = answers
        .date(name)
        .ok_or_else(|| Error::finding(name, "When?", "Write the day, such as 27 3 2026"))?;
    if day > today {
        let message = "Write a day that is not in the future: this page is for what has happened";
        return Err(Error::finding(name, "When?", message));
    }
    Ok(day)
}

/// A day and time that must be there and not lie ahead of us.
pub(crate) fn past_moment(answers: &Answers, name: &str) -> Result<DateTime<Utc>> {
    let at = answers.date_time(name).ok_or_else(|| {
        Error::finding(name, "When?", "Write the day and the time, such as 18:30")
    })?;
    let at = time::from_local(at);
    if at > Utc::now() + chrono::Duration::minutes(5) {
        let message = "Write a time that is not in the future";
        return Err(Error::finding(name, "When?", message));
    }
    Ok(at)
}

/// Claims a form's once-token, or says where its first submission went.
pub(crate) async fn claim(tx: &mut Tx, once: &str, location: &str) -> Result<()> {
    match tx.once(once, location).await? {
        Once::First => Ok(()),
        Once::Again { location } => Err(Error::Already(location)),
    }
}

/// All rows of an entity that fulfil a condition, inside a transaction.
pub(crate) async fn rows<E: Entity>(
    tx: &mut Tx,
    condition: &'static str,
    values: Vec<record::Value>,
) -> Result<Vec<E>> {
    let sql = format!(
        "select {} from {} where {condition}",
        E::COLUMNS.join(", "),
        E::TABLE
    );
    Ok(tx.all(AssertSqlSafe(sql), values).await?)
}

impl Casework {
    /// All rows of an entity that fulfil a condition, for someone who has
    /// passed the gate for whom they are about.
    pub(crate) async fn rows_of<E: Entity>(
        &self,
        condition: &'static str,
        values: Vec<record::Value>,
    ) -> Result<Vec<E>> {
        let sql = format!(
            "select {} from {} where {condition}",
            E::COLUMNS.join(", "),
            E::TABLE
        );
        let db = self.store().read_db();
        Ok(db.all(AssertSqlSafe(sql), values).await?)
    }

    /// A child whose record the viewer may write in.
    pub(crate) async fn child_to_write(
        &self,
        viewer: &Viewer,
        id: Id<ids::Person>,
        page: &str,
        needs: &[&str],
    ) -> Result<Guarded<Person>> {
        let child = self
            .gate()
            .person(viewer, id, Asked::to_write(page))
            .await?
            .ok_or(Error::NotFound)?;
        if child.kind == PersonKind::Adult {
            let why = "This page is for a child. Open the page of the child.";
            return Err(Error::Refused(why.into()));
        }
        if !needs.iter().any(|capability| viewer.can(capability)) {
            let why =
                "Only those who work with the child write here. Ask the child’s worker to add it.";
            return Err(Error::Refused(why.into()));
        }
        Ok(child)
    }

    /// Whom and whose the clocks of a child are: the family, the allocated
    /// worker and the team.
    pub(crate) async fn about_child(
        &self,
        child: Id<ids::Person>,
        kind: &'static str,
        id: &str,
        path: String,
    ) -> Result<About> {
        #[derive(sqlx::FromRow)]
        struct Lead {
            worker_id: Option<Id<ids::Worker>>,
            team_id: Option<Id<ids::Team>>,
        }
        let lead: Option<Lead> = self
            .store()
            .read_db()
            .maybe(
                "select worker_id, team_id from involvement where person_id = $1 \
                 and role = 'allocated' and ended_on is null order by started_on desc limit 1",
                args![child],
            )
            .await?;
        Ok(About {
            kind,
            id: id.to_owned(),
            person: Some(child),
            family: self.family_of(child).await?,
            contact: None,
            team: lead.as_ref().and_then(|l| l.team_id),
            worker: lead.and_then(|l| l.worker_id),
            path,
        })
    }
}

/// A decision with its reason, and what the child is told (R004-11).
pub(crate) struct Decided<'a> {
    /// Which kind, a word of the timeline: care, court, leaving_care.
    pub kind: &'static str,
    /// What was decided, in words.
    pub outcome: &'a str,
    /// Why.
    pub why: &'a str,
    /// The form and what was answered on it.
    pub asking: &'a Asking,
    /// What was answered.
    pub answers: &'a Answers,
    /// The family.
    pub family: Option<Id<ids::Family>>,
}

/// Writes a decision.
pub(crate) async fn decide(tx: &mut Tx, viewer: &Viewer, decided: Decided<'_>) -> Result<()> {
    let row = Decision {
        id: Id::new(),
        kind: decided.kind.into(),
        contact_id: None,
        family_id: decided.family,
        person_id: Some(decided.asking.child.id),
        step_id: None,
        level: None,
        indicators: json!([]),
        outcome: decided.outcome.to_owned(),
        rationale: decided.why.to_owned(),
        considered: said(decided.answers, "childs_words"),
        alternatives: None,
        child_words: said(decided.answers, "tell_child"),
        guide_version: None,
        form: Some(decided.asking.form.id.clone()),
        form_version: Some(decided.asking.form.version.to_string()),
        answers: decided.answers.clone().into_map().into(),
        decided_by: viewer.principal.worker,
        decided_at: tx.now(),
        version: 1,
    };
    Ok(tx.insert(&row).await?)
}

/// Proposes an event to the chronology.
pub(crate) async fn propose(
    tx: &mut Tx,
    child: Id<ids::Person>,
    day: NaiveDate,
    kind: &str,
    wording: &str,
    source: (&str, String),
) -> Result<()> {
    let row = Chronology {
        id: Id::new(),
        person_id: child,
        happened_on: day,
        kind: kind.to_owned(),
        wording: wording.to_owned(),
        response: None,
        impact: None,
        significance: None,
        state: ChronologyState::Proposed,
        source_kind: Some(source.0.to_owned()),
        source_id: Some(source.1),
        reported_by: None,
        made_at: tx.now(),
        settled_by: None,
        settled_at: None,
        version: 1,
    };
    Ok(tx.insert(&row).await?)
}
