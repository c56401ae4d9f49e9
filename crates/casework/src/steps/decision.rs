//! One decision on its own page: as it was made, whom it is about as far as the
//! viewer may know, and what was known on that day (R003-06).

use packs::Answers;
use record::model::{Decision, Person, Step, StepSection};
use record::{Asked, AssertSqlSafe, Entity, Guarded, Listed, Viewer, args};
use vocabulary::{Id, ids};

use super::document::{Answered, answered};
use super::work::{DECISION_COLUMNS, DecisionCard, DecisionRow};
use crate::{Casework, Error, Result};

/// A decision, and whose it is.
#[derive(Debug, Clone)]
pub struct DecisionPage {
    /// In whose record it is shown: the eldest of those it is about whom the
    /// viewer may see.
    pub person: Guarded<Person>,
    /// The others it is about whom the viewer may see.
    pub others: Listed<Person>,
    /// The decision, with what was known then.
    pub card: DecisionCard,
}

impl DecisionPage {
    /// Whether it is about somebody, as far as the viewer may know.
    pub fn is_about(&self, person: Id<ids::Person>) -> bool {
        self.person.id == person || self.others.iter().any(|other| other.id == person)
    }
}

/// Somebody whom a decision is about.
#[derive(sqlx::FromRow)]
struct About {
    #[sqlx(flatten)]
    person: Person,
    sees: bool,
    barred: bool,
}

impl Casework {
    /// One decision as it was made, with what was known on that day. Open to
    /// whoever may see somebody it is about, unless another of them is barred
    /// to them: its words may be about all.
    pub async fn decision_page(
        &self,
        viewer: &Viewer,
        id: Id<ids::Decision>,
    ) -> Result<DecisionPage> {
        let sql = format!(
            "select {DECISION_COLUMNS} from decision d join worker w on w.id = d.decided_by \
             left join step t on t.id = d.step_id where d.id = $1"
        );
        let db = self.store().read_db();
        let row: Option<DecisionRow> = db.maybe(AssertSqlSafe(sql), args![id]).await?;
        let row = row.ok_or(Error::NotFound)?;
        let decision = row.decision.clone();
        let asked = Asked::to_read("/decisions");
        let about = self.decided_about(viewer, &decision, asked).await?;
        let shown = about.iter().find(|a| a.barred);
        let shown = shown.or_else(|| about.iter().find(|a| a.sees));
        let shown = shown.or(about.first()).ok_or(Error::NotFound)?;
        // It is the gate that decides, and its refusal that is recorded.
        let person = self
            .gate()
            .person(viewer, shown.person.id, asked)
            .await?
            .ok_or(Error::NotFound)?;
        let others = about.into_iter().filter(|a| a.sees);
        let others = others
            .map(|a| a.person)
            .filter(|p| p.id != person.id)
            .collect();
        let others = self
            .gate()
            .listed(viewer, asked.page, others, |p| {
                vec![format!("person:{}", p.id)]
            })
            .await?;
        let mut card = self.card(row);
        card.known = self.known_at_decision(&person, &decision).await?;
        Ok(DecisionPage {
            person,
            others,
            card,
        })
    }

    /// Whom a decision is about, the eldest first. A decision about one child
    /// says whom; of the others the step or the contact tells.
    async fn decided_about(
        &self,
        viewer: &Viewer,
        decision: &Decision,
        asked: Asked<'_>,
    ) -> Result<Vec<About>> {
        let (step, contact) = match decision.person_id {
            Some(_) => (None, None),
            None => (decision.step_id, decision.contact_id),
        };
        let mut values = args![decision.person_id, step, contact];
        let (sees, more) = self.gate().may_see(viewer, asked, "p.id", values.len() + 1);
        values.extend(more);
        let (barred, more) = self.gate().barred(viewer, "p.id", values.len() + 1);
        values.extend(more);
        let columns: Vec<String> = Person::COLUMNS.iter().map(|c| format!("p.{c}")).collect();
        let sql = format!(
            "select {}, {sees} as sees, {barred} as barred from person p where p.id = $1 \
             or p.id in (select person_id from step_subject where step_id = $2) \
             or p.id in (select person_id from contact_child where contact_id = $3) \
             order by coalesce(p.born_on, '9999-12-31'), p.id",
            columns.join(", ")
        );
        let db = self.store().read_db();
        Ok(db.all(AssertSqlSafe(sql), values).await?)
    }

    /// The sections that a decision names, as they were when it was made.
    async fn known_at_decision(
        &self,
        seen: &Guarded<Person>,
        decision: &Decision,
    ) -> Result<Vec<(String, Vec<Answered>)>> {
        let sections = decision.answers.get("sections").and_then(|s| s.as_object());
        let named = |id: &str| sections?.get(id)?.get("row")?.as_str();
        let Some(step) = decision.step_id.filter(|_| sections.is_some()) else {
            return Ok(Vec::new());
        };
        let sql = format!(
            "select {} from step where id = $1",
            Step::COLUMNS.join(", ")
        );
        let db = self.store().read_db();
        let step: Option<Step> = db.maybe(AssertSqlSafe(sql), args![step]).await?;
        let Some(form) = step.and_then(|step| {
            let version = step.form_version?.parse().ok()?;
            self.pack().form_version(&step.form?, version).cloned()
        }) else {
            return Ok(Vec::new());
        };
        let rows: Vec<&str> = form.sections.iter().filter_map(|s| named(&s.id)).collect();
        let then: Vec<StepSection> = self
            .gate()
            .as_known(seen, &rows, decision.decided_at)
            .await?;
        let mut known = Vec::new();
        for section in &form.sections {
            let row = named(&section.id);
            let Some(then) = then.iter().find(|t| Some(t.id.as_str()) == row) else {
                continue;
            };
            let answers = Answers::from_map(then.answers.as_object().cloned().unwrap_or_default());
            let words = answered(section, &answers, &[(**seen).clone()]);
            known.push((section.title.clone(), words));
        }
        Ok(known)
    }
}
