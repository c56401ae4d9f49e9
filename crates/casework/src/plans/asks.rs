//! "You asked / We agreed / Why" (R000-29): what a child or a family asked of a
//! plan, in their own words, beside what was agreed and why it is not quite
//! that. A plan does not end while an ask has no answer.

use packs::{Answers, Finding, Severity};
use record::model::FamilyAsk;
use record::{AssertSqlSafe, Entity, FamilySeen, Guarded, Viewer, args};
use vocabulary::{Id, ids, plain};

use super::goals::short;
use super::{PlanSeen, claim, some, stops};
use crate::{Asked, Casework, Error, Result, time};

/// The form of an ask.
pub const FORM: &str = "family-ask";
/// The form of its answer.
pub const ANSWER_FORM: &str = "family-answer";

/// An ask as the plan's page shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskView {
    /// The ask.
    pub id: Id<ids::Part>,
    /// Who asked: a first name.
    pub by: String,
    /// When.
    pub on: String,
    /// In their own words.
    pub words: String,
    /// "Yes", "In part", "No"; `None` while nobody has answered.
    pub agreed: Option<&'static str>,
    /// What happens now.
    pub what: String,
    /// Why, where it is not what they asked.
    pub why: String,
}

impl Casework {
    /// What was asked of a plan, the unanswered first.
    pub(crate) async fn asks_of(&self, plan: Id<ids::Plan>) -> Result<Vec<AskView>> {
        let sql = format!(
            "select {} from family_ask where plan_id = $1 \
             order by case when agreed is null then 0 else 1 end, asked_on desc, id desc",
            FamilyAsk::COLUMNS.join(", ")
        );
        let db = self.store().read_db();
        let rows: Vec<FamilyAsk> = db.all(AssertSqlSafe(sql), args![plan]).await?;
        Ok(rows.into_iter().map(shown).collect())
    }

    /// The people of the family who may have asked, for the form.
    pub async fn who_asks(
        &self,
        viewer: &Viewer,
        plan: Id<ids::Plan>,
    ) -> Result<(PlanSeen, Guarded<FamilySeen>)> {
        let seen = self.plan_to_change(viewer, plan, "what was asked").await?;
        let family = self
            .gate()
            .family(viewer, seen.plan.family_id, Asked::index("what was asked"))
            .await?
            .ok_or(Error::NotFound)?;
        Ok((seen, family))
    }

    /// Keeps what somebody of the family asked for.
    pub async fn add_ask(
        &self,
        viewer: &Viewer,
        plan: Id<ids::Plan>,
        answers: &Answers,
        once: &str,
    ) -> Result<()> {
        let (seen, family) = self.who_asks(viewer, plan).await?;
        stops(self.form(FORM)?.check(answers, None))?;
        let who = answers.text("who").parse().ok();
        let who = who.and_then(|id: Id<ids::Person>| family.member(id));
        let Some(who) = who else {
            return Err(Error::finding("who", "Who asked?", "Choose who asked"));
        };
        let mut tx = self.store().begin(&viewer.actor()).await?;
        claim(&mut tx, once, &format!("/plans/{plan}")).await?;
        let row = FamilyAsk {
            id: Id::new(),
            plan_id: plan,
            family_id: seen.plan.family_id,
            person_id: Some(who.id),
            asked_by: who.first_name(),
            words: answers.text("words").to_owned(),
            asked_on: time::local(tx.now()).date(),
            agreed: None,
            what: None,
            why: None,
            answered_by: None,
            answered_at: None,
            made_by: viewer.principal.worker,
            version: 1,
        };
        tx.insert(&row).await?;
        Ok(tx.commit().await?)
    }

    /// An ask that waits for its answer, with its plan.
    pub async fn ask_to_answer(
        &self,
        viewer: &Viewer,
        id: Id<ids::Part>,
    ) -> Result<(PlanSeen, FamilyAsk)> {
        let sql = format!(
            "select {} from family_ask where id = $1",
            FamilyAsk::COLUMNS.join(", ")
        );
        let db = self.store().read_db();
        let found: Option<FamilyAsk> = db.maybe(AssertSqlSafe(sql), args![id]).await?;
        let ask = found.ok_or(Error::NotFound)?;
        let seen = self
            .plan_to_change(viewer, ask.plan_id, "what was asked")
            .await?;
        if ask.agreed.is_some() {
            return Err(Error::Refused(
                "This was answered already. If they ask again, add it as a new ask: both stay."
                    .into(),
            ));
        }
        Ok((seen, ask))
    }

    /// Answers an ask: what was agreed, and why where it is not quite that.
    pub async fn answer_ask(
        &self,
        viewer: &Viewer,
        id: Id<ids::Part>,
        answers: &Answers,
        once: &str,
    ) -> Result<Id<ids::Plan>> {
        let (seen, mut ask) = self.ask_to_answer(viewer, id).await?;
        stops(self.form(ANSWER_FORM)?.check(answers, None))?;
        let mut tx = self.store().begin(&viewer.actor()).await?;
        claim(&mut tx, once, &format!("/plans/{}", seen.plan.id)).await?;
        ask.agreed = some(answers.text("agreed"));
        ask.what = some(answers.text("what"));
        ask.why = some(answers.text("why"));
        ask.answered_by = Some(viewer.principal.worker);
        ask.answered_at = Some(tx.now());
        tx.update(&mut ask).await?;
        tx.commit().await?;
        Ok(seen.plan.id)
    }

    /// Asks without an answer, as what stops the end of a plan (R000-29).
    pub(super) async fn unanswered(&self, plan: Id<ids::Plan>) -> Result<Vec<Finding>> {
        let open = self.asks_of(plan).await?.into_iter();
        Ok(open
            .filter(|ask| ask.agreed.is_none())
            .map(|ask| Finding {
                field: "outcome".into(),
                label: "What they asked for".into(),
                message: format!(
                    "Answer {} first: “{}”. Whoever asked hears what was agreed and why before the plan ends",
                    ask.by,
                    short(&ask.words)
                ),
                severity: Severity::Stop,
            })
            .collect())
    }
}

fn shown(row: FamilyAsk) -> AskView {
    AskView {
        id: row.id,
        by: row.asked_by,
        on: plain::date(row.asked_on),
        words: row.words,
        agreed: row.agreed.as_deref().map(|code| match code {
            "yes" => "Yes",
            "partly" => "In part",
            _ => "No",
        }),
        what: row.what.unwrap_or_default(),
        why: row.why.unwrap_or_default(),
    }
}
