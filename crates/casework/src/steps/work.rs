//! The assessments, steps and decisions about one child, and starting the next
//! step. Every decision stays readable as it was made (R003-06).

use chrono::{DateTime, Utc};
use record::model::{Decision, Person, Step, StepState};
use record::submissions::Once;
use record::{Asked, AssertSqlSafe, Entity, Guarded, Viewer, args};
use vocabulary::{Id, ids, plain};

use super::document::Answered;
use super::open::OpenStep;
use super::settle::state_words;
use crate::{Casework, Error, Result, time};

/// The page with all the work about a child.
#[derive(Debug, Clone)]
pub struct WorkPage {
    /// The child.
    pub person: Guarded<Person>,
    /// Steps, the newest first.
    pub steps: Vec<WorkRow>,
    /// Decisions, the newest first.
    pub decisions: Vec<DecisionCard>,
    /// What the viewer may start now.
    pub startable: Vec<Startable>,
    /// Children of the family whom a new step may be about.
    pub children: Vec<Person>,
}

/// One step in the list.
#[derive(Debug, Clone)]
pub struct WorkRow {
    /// The step.
    pub id: Id<ids::Step>,
    /// "Child and family assessment".
    pub title: String,
    /// "Being written", "With a manager" ...
    pub state: &'static str,
    /// The state, for the colour.
    pub state_code: StepState,
    /// Who has it.
    pub worker: String,
    /// "Began 3 March 2026, finished 4 May 2026".
    pub dates: String,
    /// The outcome in words.
    pub outcome: Option<String>,
}

/// A decision as a card.
#[derive(Debug, Clone)]
pub struct DecisionCard {
    /// The decision.
    pub id: Id<ids::Decision>,
    /// "Threshold decision".
    pub title: String,
    /// The outcome in words.
    pub outcome: String,
    /// Who decided, and when.
    pub by: String,
    /// When, as a moment.
    pub at: DateTime<Utc>,
    /// Why.
    pub rationale: String,
    /// What was considered.
    pub considered: Option<String>,
    /// What else could have been decided.
    pub alternatives: Option<String>,
    /// What the child was told.
    pub child_words: Option<String>,
    /// The step it was about.
    pub step: Option<Id<ids::Step>>,
    /// What was known then: section titles with their answers, as they were.
    /// Only on the decision's own page.
    pub known: Vec<(String, Vec<Answered>)>,
}

/// A step that may be started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Startable {
    /// The pack's step.
    pub kind: String,
    /// Its title.
    pub title: String,
    /// Why it is offered.
    pub because: String,
}

#[derive(sqlx::FromRow)]
struct StepRow {
    #[sqlx(flatten)]
    step: Step,
    worker_name: Option<String>,
}

#[derive(sqlx::FromRow)]
pub(super) struct DecisionRow {
    #[sqlx(flatten)]
    pub(super) decision: Decision,
    decider: String,
    step_kind: Option<String>,
}

/// Steps that anyone who writes for the child may start by hand. The others
/// come about by decisions: a referral at the front door, a plan by its own page.
const BY_HAND: [&str; 2] = ["child-and-family-assessment", "closure"];

impl Casework {
    /// All the work about a child. Twelve statements at most, with the header.
    pub async fn work_page(&self, viewer: &Viewer, id: Id<ids::Person>) -> Result<WorkPage> {
        let asked = Asked::to_read("/people/work");
        let person = self
            .gate()
            .person(viewer, id, asked)
            .await?
            .ok_or(Error::NotFound)?;
        let rows = self.steps_about(id).await?;
        let decisions = self.decisions_about(id).await?;
        let startable = self.startable(viewer, &person, &rows);
        let children = match startable.is_empty() {
            true => Vec::new(),
            false => self.children_with(viewer, id).await?,
        };
        Ok(WorkPage {
            steps: rows.into_iter().map(|row| self.work_row(row)).collect(),
            decisions: decisions.into_iter().map(|row| self.card(row)).collect(),
            startable,
            children,
            person,
        })
    }

    async fn steps_about(&self, id: Id<ids::Person>) -> Result<Vec<StepRow>> {
        let columns: Vec<String> = Step::COLUMNS.iter().map(|c| format!("s.{c}")).collect();
        let sql = format!(
            "select {}, w.name as worker_name from step s \
             join step_subject x on x.step_id = s.id \
             left join worker w on w.id = s.worker_id \
             where x.person_id = $1 order by s.started_on desc, s.id desc",
            columns.join(", ")
        );
        Ok(self
            .store()
            .read_db()
            .all(AssertSqlSafe(sql), args![id])
            .await?)
    }

    async fn decisions_about(&self, id: Id<ids::Person>) -> Result<Vec<DecisionRow>> {
        let sql = format!(
            "select {DECISION_COLUMNS} from decision d join worker w on w.id = d.decided_by \
             left join step t on t.id = d.step_id where d.person_id = $1 \
             or d.step_id in (select step_id from step_subject where person_id = $1) \
             or d.contact_id in (select contact_id from contact_child where person_id = $1) \
             order by d.decided_at desc",
        );
        Ok(self
            .store()
            .read_db()
            .all(AssertSqlSafe(sql), args![id])
            .await?)
    }

    async fn children_with(&self, viewer: &Viewer, id: Id<ids::Person>) -> Result<Vec<Person>> {
        let asked = Asked::to_write("/people/work");
        let (condition, mut values) = self.gate().may_see(viewer, asked, "p.id", 3);
        let columns: Vec<String> = Person::COLUMNS.iter().map(|c| format!("p.{c}")).collect();
        let sql = format!(
            "select {} from person p where p.id in (select m.person_id from family_member m \
             where m.left_on is null and m.family_id in (select family_id from family_member \
             where person_id = $1 and left_on is null)) and p.kind in ($2, 'expected') \
             and {condition}",
            columns.join(", ")
        );
        values.splice(0..0, args![id, "child"]);
        let rows: Vec<Person> = self
            .store()
            .read_db()
            .all(AssertSqlSafe(sql), values)
            .await?;
        let listed = self
            .gate()
            .listed(viewer, asked.page, rows, |p| {
                vec![format!("person:{}", p.id)]
            })
            .await?;
        let mut children: Vec<Person> = listed.into_iter().collect();
        children.sort_by_key(|child| (child.id != id, child.born_on));
        Ok(children)
    }

    fn startable(
        &self,
        viewer: &Viewer,
        person: &Guarded<Person>,
        rows: &[StepRow],
    ) -> Vec<Startable> {
        if !viewer.can("case.record") || person.kind == record::model::PersonKind::Adult {
            return Vec::new();
        }
        let today = time::today();
        let open = |kind: &str| {
            rows.iter().any(|row| {
                row.step.kind == kind
                    && !matches!(row.step.state, StepState::Done | StepState::Skipped)
            })
        };
        BY_HAND
            .iter()
            .filter(|kind| !open(kind))
            .filter_map(|kind| {
                let def = self.pack().step(kind, today)?;
                let from = rows.iter().find_map(|row| {
                    let step = &row.step;
                    let leads = self
                        .step_def(step)
                        .ok()?
                        .outcome(step.outcome.as_deref()?)?;
                    leads
                        .next
                        .iter()
                        .any(|next| next == kind)
                        .then(|| format!("It follows from: {}", leads.title.to_lowercase()))
                });
                let because = match (from, *kind) {
                    (Some(from), _) => from,
                    (None, "closure") => return None,
                    (None, _) => "When something new makes you worry, or a need is seen".to_owned(),
                };
                Some(Startable {
                    kind: def.id.clone(),
                    title: def.title.clone(),
                    because,
                })
            })
            .collect()
    }

    fn work_row(&self, row: StepRow) -> WorkRow {
        let StepRow { step, worker_name } = row;
        let def = self.step_def(&step).ok();
        let title = def.map_or_else(|| step.kind.replace('-', " "), |def| def.title.clone());
        let outcome = step.outcome.as_deref().map(|id| {
            def.and_then(|def| def.outcome(id))
                .map_or_else(|| id.replace('_', " "), |outcome| outcome.title.clone())
        });
        let ended = match (step.state, step.settled_at, step.submitted_at) {
            (StepState::Done | StepState::Skipped, Some(at), _) => format!(", ended {}", day(at)),
            (StepState::Submitted, _, Some(at)) => format!(", sent {}", day(at)),
            (StepState::SentBack, Some(at), _) => format!(", sent back {}", day(at)),
            _ => String::new(),
        };
        WorkRow {
            id: step.id,
            title,
            state: state_words(step.state),
            state_code: step.state,
            worker: worker_name.unwrap_or_else(|| "Nobody yet".into()),
            dates: format!("Began {}{ended}", plain::date(step.started_on)),
            outcome,
        }
    }

    pub(super) fn card(&self, row: DecisionRow) -> DecisionCard {
        let DecisionRow {
            decision: d,
            decider,
            step_kind,
        } = row;
        let on = time::local(d.decided_at).date();
        let step = step_kind.as_deref().or(match d.kind.as_str() {
            "threshold" => Some("contact"),
            _ => None,
        });
        let outcome = step
            .and_then(|kind| self.pack().step(kind, on))
            .and_then(|def| def.outcome(&d.outcome))
            .map_or_else(
                || plain_outcome(&d.outcome),
                |outcome| outcome.title.clone(),
            );
        DecisionCard {
            id: d.id,
            title: match d.kind.as_str() {
                "authorisation" => "Authorisation".to_owned(),
                "threshold" => "Threshold decision".to_owned(),
                "checkpoint" => "A manager looked on the way".to_owned(),
                other => plain_outcome(other),
            },
            outcome,
            by: format!("{decider}, {}", plain::date_time(time::local(d.decided_at))),
            at: d.decided_at,
            rationale: d.rationale,
            considered: d.considered,
            alternatives: d.alternatives,
            child_words: d.child_words,
            step: d.step_id,
            known: Vec::new(),
        }
    }

    /// Starts a step about some children of a family, by hand.
    pub async fn start_step(
        &self,
        viewer: &Viewer,
        child: Id<ids::Person>,
        kind: &str,
        children: &[Id<ids::Person>],
        once: &str,
    ) -> Result<Id<ids::Step>> {
        let page = self.work_page(viewer, child).await?;
        let Some(kind) = BY_HAND.into_iter().find(|id| *id == kind) else {
            return Err(Error::NotFound);
        };
        if !page.startable.iter().any(|s| s.kind == kind) {
            return Err(Error::Refused(
                "This is under way already, or you cannot start it. Open the one that is there."
                    .into(),
            ));
        }
        let known = |id: &Id<ids::Person>| page.children.iter().any(|c| c.id == *id);
        if children.is_empty() || !children.iter().all(known) {
            return Err(Error::finding(
                "children",
                "Which children is it about?",
                "Choose the children whom it is about",
            ));
        }
        #[derive(sqlx::FromRow)]
        struct Place {
            family_id: Id<ids::Family>,
        }
        let place: Option<Place> = self
            .store()
            .read_db()
            .maybe(
                "select family_id from family_member where person_id = $1 and left_on is null \
                 order by household desc, joined_on desc limit 1",
                args![child],
            )
            .await?;
        let family = place.ok_or_else(no_family)?.family_id;
        let mut tx = self.store().begin(&viewer.actor()).await?;
        let step = self
            .open_step(
                &mut tx,
                OpenStep {
                    kind,
                    family,
                    children: children.to_vec(),
                    contact: None,
                    team: viewer.principal.team,
                    worker: Some(viewer.principal.worker),
                    started_on: time::today(),
                },
            )
            .await?;
        if let Once::Again { location } = tx.once(once, &format!("/steps/{}", step.id)).await? {
            return Err(Error::Already(location));
        }
        for id in children
            .iter()
            .filter(|_| kind == "child-and-family-assessment")
        {
            let mut person: Person = tx.get(*id).await?;
            // A child who already has a plan keeps that status.
            if matches!(
                person.status.as_deref(),
                None | Some("contact" | "referral" | "closed")
            ) {
                person.status = Some("assessment".into());
                tx.update(&mut person).await?;
            }
        }
        tx.commit().await?;
        Ok(step.id)
    }
}

pub(super) const DECISION_COLUMNS: &str = "d.id, d.kind, d.contact_id, d.family_id, d.person_id, d.step_id, \
    d.level, d.indicators, d.outcome, d.rationale, d.considered, d.alternatives, d.child_words, \
    d.guide_version, d.form, d.form_version, d.answers, d.decided_by, d.decided_at, d.version, \
    w.name as decider, t.kind as step_kind";

fn day(at: DateTime<Utc>) -> String {
    plain::date(time::local(at).date())
}

fn plain_outcome(code: &str) -> String {
    let words = code.replace(['_', '-'], " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().collect::<String>() + letters.as_str()
    })
}

fn no_family() -> Error {
    Error::Refused(
        "This child is not in a family yet. Add the child to a family first: then you can start."
            .into(),
    )
}
