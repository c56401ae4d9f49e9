//! How a period of early help begins, whatever led to it: the child's page, a
//! partner's page, the front door, a referral, or a step down from social care.
//! One place writes it, so that nothing that is known is asked again (R001-21).

use chrono::NaiveDate;
use packs::Answers;
use record::model::{
    Chronology, ChronologyState, Consent, EarlyHelp, EarlyHelpChild, EarlyHelpState, Involvement,
    Person, StepSection, Team,
};
use record::{AssertSqlSafe, Entity, Tx, args};
use serde_json::json;
use vocabulary::{Id, Postcode, ids};

use super::{ASSESSMENT, KIND, about, given};
use crate::plans::columns;
use crate::steps::OpenStep;
use crate::{Casework, Error, Result, clocks, time};

/// What a family said about consent, as far as it is known.
#[derive(Debug, Clone, Default)]
pub(crate) struct Said {
    /// given, asked, refused, withdrawn.
    pub said: String,
    /// Who said so.
    pub by: Option<String>,
    /// When; today if nobody says.
    pub on: Option<NaiveDate>,
    /// in_person, phone, writing.
    pub how: Option<String>,
    /// Agencies.
    pub shares: Vec<String>,
    /// In their own words.
    pub words: Option<String>,
}

impl Said {
    /// Nobody has asked the family yet.
    pub(crate) fn not_yet() -> Said {
        Said {
            said: "asked".into(),
            ..Said::default()
        }
    }

    /// The answers of any form that asks for consent.
    pub(crate) fn read(answers: &Answers) -> Said {
        Said {
            said: given(answers, "consent").unwrap_or_else(|| "asked".into()),
            by: given(answers, "consent_by"),
            on: answers.date("consent_on"),
            how: given(answers, "consent_how"),
            shares: answers
                .list("shares")
                .into_iter()
                .map(str::to_owned)
                .collect(),
            words: given(answers, "words"),
        }
    }
}

/// A period of early help about to begin.
#[derive(Debug, Clone)]
pub(crate) struct Begins<'a> {
    /// The family.
    pub family: Id<ids::Family>,
    /// The children; at least one.
    pub children: Vec<Id<ids::Person>>,
    /// child_page, partner, front_door, step_down.
    pub source: &'static str,
    /// Why, in the words of whoever started it.
    pub reason: &'a str,
    /// The contact that led to it.
    pub contact: Option<Id<ids::Contact>>,
    /// The early help team.
    pub team: Option<Team>,
    /// Who writes it down.
    pub by: Id<ids::Worker>,
    /// Whether that person does the work, so that the step is theirs.
    pub theirs: bool,
    /// What the family said.
    pub said: Said,
}

impl Casework {
    /// The early help team for a place: the viewer's own, the one that covers
    /// the postcode, or the first.
    pub(crate) async fn early_help_team(
        &self,
        own: Option<Id<ids::Team>>,
        postcode: Option<&str>,
    ) -> Result<Option<Team>> {
        let mut teams = self.teams().await?;
        teams.retain(|team| team.kind == KIND);
        if let Some(team) = teams.iter().find(|team| Some(team.id) == own) {
            return Ok(Some(team.clone()));
        }
        let place = postcode.and_then(|code| code.parse::<Postcode>().ok());
        let covers = |team: &&Team| {
            let Some(place) = &place else { return false };
            let parts = [place.sector().to_string(), place.outcode().to_string()];
            team.cover.as_array().is_some_and(|list| {
                list.iter()
                    .filter_map(|c| c.as_str())
                    .any(|c| parts.iter().any(|part| part == c))
            })
        };
        let found = teams.iter().find(covers).or(teams.first());
        Ok(found.cloned())
    }

    /// Begins early help, or gives back the period that is open already for
    /// one of the children: nobody is helped twice side by side.
    pub(crate) async fn begin_early_help(
        &self,
        tx: &mut Tx,
        begins: Begins<'_>,
    ) -> Result<EarlyHelp> {
        if let Some(open) = open_of(tx, &begins.children).await? {
            return Ok(open);
        }
        let first = begins.children.first().copied().ok_or(Error::NotFound)?;
        let now = tx.now();
        let today = time::local(now).date();
        let step = match begins.source {
            "step_down" => None,
            _ => Some(self.open_assessment(tx, &begins, today).await?),
        };
        let help = EarlyHelp {
            id: Id::new(),
            family_id: begins.family,
            began_on: today,
            source: begins.source.to_owned(),
            reason: begins.reason.trim().to_owned(),
            contact_id: begins.contact,
            step_id: step,
            plan_id: None,
            team_id: begins.team.as_ref().map(|team| team.id),
            started_by: Some(begins.by),
            step_up_id: None,
            bring_back: None,
            state: EarlyHelpState::Open,
            ended_on: None,
            outcome: None,
            different: None,
            version: 1,
        };
        tx.insert(&help).await?;
        for child in &begins.children {
            tx.insert(&EarlyHelpChild {
                id: Id::new(),
                early_help_id: help.id,
                person_id: *child,
                version: 1,
            })
            .await?;
            status_of_early_help(tx, *child, begins.source).await?;
            if let Some(team) = &begins.team {
                hold(tx, *child, team, today).await?;
            }
            tx.insert(&entry(tx, *child, &help, "Early help started."))
                .await?;
        }
        keep_consent(tx, &help, &begins.said, Some(begins.by)).await?;
        let about = about(&help, first);
        clocks::start(tx, self.pack(), "early_help.started", now, &about).await?;
        if begins.said.said == "asked" {
            clocks::start(tx, self.pack(), "early_help.asked", now, &about).await?;
        }
        Ok(help)
    }

    /// The assessment, with what is known already in its first section.
    async fn open_assessment(
        &self,
        tx: &mut Tx,
        begins: &Begins<'_>,
        today: NaiveDate,
    ) -> Result<Id<ids::Step>> {
        let open = OpenStep {
            kind: ASSESSMENT,
            family: begins.family,
            children: begins.children.clone(),
            contact: begins.contact,
            team: begins.team.as_ref().map(|team| team.id),
            worker: begins.theirs.then_some(begins.by),
            started_on: today,
        };
        let step = self.open_step(tx, open).await?;
        tx.insert(&StepSection {
            id: Id::new(),
            step_id: step.id,
            subject_id: begins.children[0],
            section: "start".into(),
            answers: json!({ "reason": begins.reason.trim() }),
            finished: true,
            saved_by: begins.by,
            saved_at: tx.now(),
            version: 1,
        })
        .await?;
        Ok(step.id)
    }
}

/// The open period of early help of any of these children.
pub(crate) async fn open_of(
    tx: &mut Tx,
    children: &[Id<ids::Person>],
) -> Result<Option<EarlyHelp>> {
    let sql = format!(
        "select {} from early_help h join early_help_child c on c.early_help_id = h.id \
         where c.person_id = $1 and h.state = 'open' order by h.id limit 1",
        columns::<EarlyHelp>("h")
    );
    for child in children {
        let open: Option<EarlyHelp> = tx.maybe(AssertSqlSafe(sql.clone()), args![*child]).await?;
        if open.is_some() {
            return Ok(open);
        }
    }
    Ok(None)
}

/// Keeps an answer about consent beside those before.
pub(crate) async fn keep_consent(
    tx: &mut Tx,
    help: &EarlyHelp,
    said: &Said,
    by: Option<Id<ids::Worker>>,
) -> Result<()> {
    let row = Consent {
        id: Id::new(),
        early_help_id: help.id,
        family_id: help.family_id,
        said: said.said.clone(),
        said_by: said.by.clone(),
        said_on: said.on.unwrap_or_else(|| time::local(tx.now()).date()),
        how: said.how.clone(),
        shares: json!(said.shares),
        words: said.words.clone(),
        recorded_by: by,
        recorded_at: tx.now(),
        version: 1,
    };
    Ok(tx.insert(&row).await?)
}

/// A status only rises at the start of early help, and comes down to it from
/// social care when that has ended.
async fn status_of_early_help(tx: &mut Tx, child: Id<ids::Person>, source: &str) -> Result<()> {
    let mut person: Person = tx.get(child).await?;
    let may = match person.status.as_deref() {
        None | Some("contact" | "closed") => true,
        Some("referral" | "assessment") => source == "referral",
        _ => source == "step_down",
    };
    if may && person.status.as_deref() != Some(KIND) {
        person.status = Some(KIND.into());
        tx.update(&mut person).await?;
    }
    Ok(())
}

/// The team holds the child from now on, so that it can see the record and
/// give the family a worker.
pub(crate) async fn hold(
    tx: &mut Tx,
    child: Id<ids::Person>,
    team: &Team,
    today: NaiveDate,
) -> Result<()> {
    let sql = format!(
        "select {} from involvement where person_id = $1 and team_id = $2 and ended_on is null",
        Involvement::COLUMNS.join(", ")
    );
    let held: Option<Involvement> = tx.maybe(AssertSqlSafe(sql), args![child, team.id]).await?;
    if held.is_none() {
        let row = crate::front_door::decision::holds(child, team, today);
        tx.insert(&row).await?;
    }
    Ok(())
}

/// An entry that the story may take into the chronology.
pub(crate) fn entry(
    tx: &Tx,
    child: Id<ids::Person>,
    help: &EarlyHelp,
    wording: &str,
) -> Chronology {
    Chronology {
        id: Id::new(),
        person_id: child,
        happened_on: time::local(tx.now()).date(),
        kind: "plan".into(),
        wording: wording.to_owned(),
        response: None,
        impact: None,
        significance: None,
        state: ChronologyState::Proposed,
        source_kind: Some("early_help".into()),
        source_id: Some(help.id.to_string()),
        reported_by: None,
        made_at: tx.now(),
        settled_by: None,
        settled_at: None,
        version: 1,
    }
}
