//! A step-down on one page: earlier ones first, then the evidence for and
//! against, who tested it, and what would bring the plan back. A manager
//! decides on it; a child protection plan still ends only at a conference
//! (R004-23, R004-25, UX21).

use packs::{Answers, Form, Severity};
use record::model::Step;
use record::{Asked, Tx, Viewer, args};
use vocabulary::{Id, ids, plain};

use super::evidence::{Earlier, span_of};
use super::watch::Began;
use crate::plans::close::save_sections;
use crate::plans::{claim, kind_words, some, stops};
use crate::steps::{OpenStep, StepSeen, path_of};
use crate::{Casework, Error, Result, time};

/// The step, which is also its form.
pub(crate) const KIND: &str = "step-down";
/// How long the evidence must span, a standard of the pack.
const STANDARD: &str = "step-down-evidence";

/// The page of a step-down.
#[derive(Debug, Clone)]
pub struct StepDownPage {
    /// The step and its children.
    pub seen: StepSeen,
    /// "Child protection plan".
    pub plan: String,
    /// What became of the step-downs before: shown before the form.
    pub earlier: Vec<Earlier>,
    /// The form.
    pub form: Form,
    /// What was written.
    pub answers: Answers,
    /// The standard in words.
    pub standard: String,
    /// The viewer may write.
    pub writes: bool,
}

impl Casework {
    /// Begins a step-down from a plan, or goes to the one being written.
    pub async fn start_step_down(
        &self,
        viewer: &Viewer,
        plan: Id<ids::Plan>,
        once: &str,
    ) -> Result<Id<ids::Step>> {
        let seen = self.plan_to_change(viewer, plan, "step down").await?;
        #[derive(sqlx::FromRow)]
        struct Open {
            id: Id<ids::Step>,
        }
        let open: Option<Open> = self
            .store()
            .read_db()
            .maybe(
                "select s.id from step s join step_subject x on x.step_id = s.id \
                 where x.person_id = $1 and s.kind = $2 \
                 and s.state in ('open', 'sent_back', 'submitted') limit 1",
                args![seen.child.id, KIND],
            )
            .await?;
        if let Some(open) = open {
            return Ok(open.id);
        }
        let mut tx = self.store().begin(&viewer.actor()).await?;
        let open = OpenStep {
            kind: KIND,
            family: seen.plan.family_id,
            children: seen.children.iter().map(|c| c.id).collect(),
            contact: None,
            team: seen.plan.team_id.or(viewer.principal.team),
            worker: Some(viewer.principal.worker),
            started_on: time::local(tx.now()).date(),
        };
        let step = self.open_step(&mut tx, open).await?;
        claim(&mut tx, once, &path_of(&step)).await?;
        tx.commit().await?;
        Ok(step.id)
    }

    /// The page of a step-down.
    pub async fn step_down(&self, viewer: &Viewer, id: Id<ids::Step>) -> Result<StepDownPage> {
        let seen = self
            .step_seen(viewer, id, Asked::to_read("step-down"))
            .await?;
        if seen.step.kind != KIND {
            return Err(Error::NotFound);
        }
        let standard = self
            .pack()
            .standard(STANDARD, time::today())
            .map(|s| format!("{} ({})", s.rule, s.strength.label().to_lowercase()))
            .unwrap_or_default();
        let asked = Asked::to_write("step-down");
        let writes = seen.is_open()
            && viewer.can("case.record")
            && self.gate().allows(viewer, &seen.first, asked);
        let plan = self.open_plan_kind(seen.first.id).await?;
        Ok(StepDownPage {
            earlier: self.earlier_step_downs(&seen.children).await?,
            form: seen.form.clone(),
            answers: self.answers_of(id).await?,
            plan: plan.map_or_else(|| "Plan".to_owned(), |kind| kind_words(&kind)),
            standard,
            writes,
            seen,
        })
    }

    /// Saves a step-down, and sends it to a manager. Evidence that spans less
    /// than the standard needs the reason why it is enough.
    ///
    /// # Errors
    /// [`Error::Findings`] when something is missing; then nothing is changed.
    pub async fn send_step_down(
        &self,
        viewer: &Viewer,
        id: Id<ids::Step>,
        answers: &Answers,
        once: &str,
    ) -> Result<()> {
        let page = self.step_down(viewer, id).await?;
        if !page.writes {
            return Err(Error::Refused(
                "This step-down waits for a manager or is decided, so it cannot be changed now."
                    .into(),
            ));
        }
        stops(page.form.check(answers, None))?;
        self.check_span(answers)?;
        let warned = page.form.check(answers, None);
        debug_assert!(warned.iter().all(|f| f.severity == Severity::Warn));
        let mut tx = self.store().begin(&viewer.actor()).await?;
        let first = page.seen.first.id;
        save_sections(&mut tx, viewer, &page.form, &page.seen.step, first, answers).await?;
        tx.drop_draft(viewer.principal.worker, &format!("step-down:{id}"))
            .await?;
        tx.commit().await?;
        // What was asked once and left out goes with the words that say so.
        let reasons: Vec<(String, String)> = warned
            .iter()
            .map(|f| {
                (
                    format!("{}_reason", f.field),
                    "Asked, and left out".to_owned(),
                )
            })
            .collect();
        let sent = self.submit_step(viewer, id, &reasons, once).await?;
        stops(sent.findings)
    }

    fn check_span(&self, answers: &Answers) -> Result<()> {
        if answers.text("outcome") != "step_down" {
            return Ok(());
        }
        let Some(standard) = self.pack().standard(STANDARD, time::today()) else {
            return Ok(());
        };
        let span = span_of(answers);
        if span >= standard.days() || some(answers.text("too_short_reason")).is_some() {
            return Ok(());
        }
        Err(Error::finding(
            "too_short_reason",
            "Why is the evidence enough?",
            &format!(
                "The evidence spans {}. The standard is {}. Add what was seen earlier, or write why it is enough: a manager decides on it",
                plain::count(span, "day", "days"),
                standard.rule
            ),
        ))
    }

    /// A manager agreed to a step-down. Where no conference decides, the watch
    /// begins now.
    pub(crate) async fn step_down_agreed(
        &self,
        tx: &mut Tx,
        step: &Step,
        children: &[Id<ids::Person>],
        answers: &Answers,
    ) -> Result<()> {
        let now = tx.now();
        for child in children {
            let Some(kind) = open_plan_in(tx, *child).await? else {
                continue;
            };
            if kind == super::plan::KIND {
                continue;
            }
            let began = Began {
                child: *child,
                family: step.family_id,
                step: step.id,
                from: &kind,
                to: answers.text("to"),
                bring_back: answers.text("bring_back"),
                worker: step.worker_id,
                team: step.team_id,
            };
            self.begin_watch(tx, &began, now).await?;
        }
        Ok(())
    }

    async fn open_plan_kind(&self, child: Id<ids::Person>) -> Result<Option<String>> {
        let open: Option<Kind> = self
            .store()
            .read_db()
            .maybe(OPEN_PLAN, args![child])
            .await?;
        Ok(open.map(|o| o.kind))
    }
}

#[derive(sqlx::FromRow)]
struct Kind {
    kind: String,
}

/// The strongest open plan: protection before need.
const OPEN_PLAN: &str = "select p.kind from plan p join plan_subject s on s.plan_id = p.id \
     where s.person_id = $1 and p.state = 'open' \
     order by case p.kind when 'protection_plan' then 0 else 1 end limit 1";

async fn open_plan_in(tx: &mut Tx, child: Id<ids::Person>) -> Result<Option<String>> {
    let open: Option<Kind> = tx.maybe(OPEN_PLAN, args![child]).await?;
    Ok(open.map(|o| o.kind))
}
