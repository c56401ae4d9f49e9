//! A conference that was held: who came, whether they could decide, what each
//! thought, and what was decided for each child. A plan is made in the same
//! moment; a review that ends one has read the evidence first (R004-25).

use chrono::{DateTime, Utc};
use packs::{Answers, Condition, Field, Finding, Form, Severity};
use record::model::{
    Decision, Meeting, MeetingState, Person, Plan, Protection, Step, StepMeeting, StepState,
};
use record::{AssertSqlSafe, Entity, Tx, Viewer, args};
use serde_json::json;
use vocabulary::{Id, ids};

use super::conference::{ConferencePage, may_change};
use super::plan::Placed;
use super::strategy::moment;
use super::table::{Seated, missing, seat};
use crate::plans::close::save_sections;
use crate::plans::{claim, some, stops};
use crate::steps::path_of;
use crate::{Casework, Error, Result, clocks};

/// The fields that are asked for each child.
const EACH: [&str; 2] = ["decision", "category"];

/// A conference about to be written down.
#[derive(Debug, Clone, Default)]
pub struct Hold {
    /// The answers to [`form_for`].
    pub answers: Answers,
    /// Who came.
    pub seats: Vec<Seated>,
    /// Why it decided without enough agencies.
    pub not_quorate_why: String,
    /// The form's once-token.
    pub once: String,
}

/// What a conference decided about one child.
struct For<'a> {
    child: &'a Person,
    decision: String,
    category: String,
}

/// The pack's form, made to measure: the decision and the category for each
/// child by name.
pub fn form_for(pack: &Form, children: &[Person]) -> Form {
    let mut form = pack.clone();
    for section in &mut form.sections {
        let mut fields: Vec<Field> = Vec::new();
        let own: Vec<Field> = section
            .fields
            .iter()
            .filter(|f| EACH.contains(&f.name.as_str()))
            .cloned()
            .collect();
        for field in std::mem::take(&mut section.fields) {
            if field.name == "decision" {
                for child in children {
                    fields.extend(own.iter().map(|f| of_child(f, child)));
                }
            } else if !EACH.contains(&field.name.as_str()) {
                fields.push(field);
            }
        }
        section.fields = fields;
    }
    form
}

fn of_child(field: &Field, child: &Person) -> Field {
    let name = |field: &str| format!("{field}_{}", child.id);
    let first = child.first_name();
    Field {
        name: name(&field.name),
        label: match field.name.as_str() {
            "decision" => format!("What was decided for {first}?"),
            _ => format!("{} for {first}", field.label),
        },
        missing: format!("{} for {first}", field.missing),
        show_if: field.show_if.as_ref().map(|when| Condition {
            field: name(&when.field),
            any: when.any.clone(),
        }),
        ..field.clone()
    }
}

impl Casework {
    /// Writes a conference down. What it decided begins at once.
    ///
    /// # Errors
    /// [`Error::Findings`] when the form is not complete, a partner is missing
    /// without a reason, too few agencies were there and nobody says why it
    /// decided all the same, a plan has no actions, or a plan ends without its
    /// evidence.
    pub async fn hold_conference(
        &self,
        viewer: &Viewer,
        id: Id<ids::Step>,
        hold: &Hold,
    ) -> Result<Option<Id<ids::Plan>>> {
        let page = self.conference(viewer, id).await?;
        may_change(&page)?;
        let (Some(meeting), Some(row)) = (&page.meeting, &page.row) else {
            return Err(Error::Refused(
                "Give the conference its day and invite to it first: a conference that nobody was asked to is not one.".into(),
            ));
        };
        let answers = &hold.answers;
        let decided = decided(&page.seen.children, answers);
        let mut findings = page.form.check(answers, None);
        findings.extend(missing(&page.def, &page.seats, &hold.seats));
        let quorate = self.quorate(&page, hold, &mut findings);
        check_plan(&decided, answers, &mut findings);
        let evidence = self.evidence_for(&page, &decided, &mut findings).await?;
        stops(findings)?;
        let held_at = moment(answers, "when")?;
        let children: Vec<Id<ids::Person>> = page.seen.children.iter().map(|c| c.id).collect();
        let came_from = match page.seen.step.kind.as_str() {
            "transfer-conference" => self.came_from(&children).await?,
            _ => None,
        };
        let mut tx = self.store().begin(&viewer.actor()).await?;
        claim(&mut tx, &hold.once, &path_of(&page.seen.step)).await?;
        tx.because_of(answers.text("rationale"));
        let mut meeting: Meeting = tx.get(meeting.id).await?;
        meeting.held_at = held_at;
        meeting.state = MeetingState::Held;
        meeting.chaired_by = some(answers.text("chair"));
        meeting.discussion = some(answers.text("worries")).or(some(answers.text("changed")));
        meeting.decision = Some(words_of(&page.form, &decided, answers));
        tx.update(&mut meeting).await?;
        seat(&mut tx, &meeting, &page.def, &hold.seats).await?;
        save_sections(
            &mut tx,
            viewer,
            &page.form,
            &page.seen.step,
            page.seen.first.id,
            answers,
        )
        .await?;
        let outcome = outcome(&decided);
        let step = finish(&mut tx, viewer, id, outcome).await?;
        for one in &decided {
            tx.insert(&card(viewer, &page, one, answers, held_at))
                .await?;
        }
        let event = format!("meeting.{}.held", page.def.id);
        clocks::stop_of(&mut tx, self.pack(), &event, held_at, &children).await?;
        let plan = match outcome {
            "plan" => {
                let placed = placed(&decided);
                let made = self
                    .begin_protection(
                        &mut tx, viewer, &step, &placed, answers, held_at, &event, came_from,
                    )
                    .await?;
                Some(made.id)
            }
            "continue" | "end" => {
                self.review_decided(
                    &mut tx, &page, &decided, &evidence, answers, held_at, &event,
                )
                .await?
            }
            _ => None,
        };
        let mut row: StepMeeting = tx.get(row.id).await?;
        row.quorate = Some(quorate);
        row.not_quorate_why = some(&hold.not_quorate_why).filter(|_| !quorate);
        row.plan_id = plan;
        tx.update(&mut row).await?;
        self.follow_on(&mut tx, &step, &["finished"], &children, held_at)
            .await?;
        tx.drop_draft(viewer.principal.worker, &format!("conference:{id}"))
            .await?;
        tx.commit().await?;
        Ok(plan)
    }

    fn quorate(&self, page: &ConferencePage, hold: &Hold, findings: &mut Vec<Finding>) -> bool {
        let came = hold
            .seats
            .iter()
            .enumerate()
            .filter(|(_, one)| one.came == "came");
        let agencies = came.map(|(i, one)| match one.agency.as_str() {
            "" => page
                .seats
                .get(i)
                .map_or("", |seat| seat.row.agency.as_str()),
            agency => agency,
        });
        let quorate = page.def.is_quorate(agencies);
        if !quorate && some(&hold.not_quorate_why).is_none() {
            let rule = page.def.quorum.as_ref().map_or("", |q| q.rule.as_str());
            findings.push(stop(
                "not_quorate_why",
                "Enough agencies",
                &format!("Too few agencies were there: {rule}. Write why the conference decided all the same, or hold it again"),
            ));
        }
        quorate
    }

    /// For each child whose plan is to end: the step-down that a manager
    /// authorised since the plan began, with what comes after.
    async fn evidence_for(
        &self,
        page: &ConferencePage,
        decided: &[For<'_>],
        findings: &mut Vec<Finding>,
    ) -> Result<Vec<(Id<ids::Person>, Id<ids::Step>, String, String)>> {
        let mut all = Vec::new();
        for one in decided.iter().filter(|one| one.decision == "end") {
            match self.authorised_step_down(one.child.id, page.plan).await? {
                Some((step, to, bring_back)) => all.push((one.child.id, step, to, bring_back)),
                None => findings.push(stop(
                    &format!("decision_{}", one.child.id),
                    "The plan ends",
                    &format!(
                        "Write the evidence for the step-down of {} first, and let a manager decide on it: a plan that ended too soon comes back",
                        one.child.first_name()
                    ),
                )),
            }
        }
        Ok(all)
    }

    #[allow(clippy::too_many_arguments)] // The parts of one decision, each named once.
    async fn review_decided(
        &self,
        tx: &mut Tx,
        page: &ConferencePage,
        decided: &[For<'_>],
        evidence: &[(Id<ids::Person>, Id<ids::Step>, String, String)],
        answers: &Answers,
        at: DateTime<Utc>,
        event: &str,
    ) -> Result<Option<Id<ids::Plan>>> {
        let id = page.plan.ok_or(Error::NotFound)?;
        let mut plan: Plan = tx.get(id).await?;
        for one in decided.iter().filter(|one| one.decision == "continue") {
            recategorise(tx, id, one).await?;
        }
        let goes_on: Vec<Id<ids::Person>> = decided
            .iter()
            .filter(|one| one.decision == "continue")
            .map(|one| one.child.id)
            .collect();
        for after in ["child_in_need", "early_help", "closed"] {
            let these: Vec<Id<ids::Person>> = evidence
                .iter()
                .filter(|(_, _, to, _)| to == after)
                .map(|(child, ..)| *child)
                .collect();
            if !these.is_empty() {
                self.end_protection(tx, &mut plan, &these, after, answers.text("changed"), at)
                    .await?;
            }
        }
        for (child, step, to, bring_back) in evidence {
            let began = super::watch::Began {
                child: *child,
                family: plan.family_id,
                step: *step,
                from: &plan.kind,
                to,
                bring_back,
                worker: plan.worker_id,
                team: plan.team_id,
            };
            self.begin_watch(tx, &began, at).await?;
            let entry = super::entry(
                tx,
                *child,
                at,
                "Child protection plan ended",
                some(answers.text("rationale")),
                page.seen.step.id,
            );
            tx.insert(&entry).await?;
        }
        if let Some(first) = goes_on.first() {
            let about = crate::plans::about(&plan, *first);
            let case = crate::plans::case(&plan);
            clocks::start_where(tx, self.pack(), event, at, &about, &case).await?;
        }
        Ok(Some(id))
    }
}

fn stop(field: &str, label: &str, message: &str) -> Finding {
    Finding {
        field: field.to_owned(),
        label: label.to_owned(),
        message: message.to_owned(),
        severity: Severity::Stop,
    }
}

fn decided<'a>(children: &'a [Person], answers: &Answers) -> Vec<For<'a>> {
    let answer =
        |name: &str, child: &Person| answers.text(&format!("{name}_{}", child.id)).to_owned();
    children
        .iter()
        .map(|child| For {
            child,
            decision: answer("decision", child),
            category: answer("category", child),
        })
        .collect()
}

/// A plan without what must be different, or in which nobody does anything, is
/// no plan (R003-25).
fn check_plan(decided: &[For<'_>], answers: &Answers, findings: &mut Vec<Finding>) {
    if !decided.iter().any(|one| one.decision == "plan") {
        return;
    }
    if some(answers.text("aim")).is_none() {
        findings.push(stop(
            "aim",
            "What must be different",
            "Write what must be different for the child",
        ));
    }
    if answers.groups("actions").is_empty() {
        findings.push(stop(
            "actions",
            "Who does what?",
            "Add at least one action: with what, who, which agency, by when, and how you will know",
        ));
    }
}

fn outcome(decided: &[For<'_>]) -> &'static str {
    let any = |word: &str| decided.iter().any(|one| one.decision == word);
    match (any("plan"), any("continue"), any("end")) {
        (true, ..) => "plan",
        (_, true, _) => "continue",
        (_, _, true) => "end",
        _ => "no_plan",
    }
}

fn placed<'a>(decided: &'a [For<'a>]) -> Vec<Placed<'a>> {
    let with_plan = decided.iter().filter(|one| one.decision == "plan");
    with_plan
        .map(|one| Placed {
            child: one.child,
            category: one.category.clone(),
        })
        .collect()
}

/// "Maya: a child protection plan, neglect. Idris: no child protection plan."
fn words_of(form: &Form, decided: &[For<'_>], answers: &Answers) -> String {
    let label = |name: String, value: &str| {
        let field = form.field(&name);
        let options = field.and_then(|f| f.kind.options());
        options.map_or_else(|| value.to_owned(), |o| o.label(value).to_owned())
    };
    let each: Vec<String> = decided
        .iter()
        .map(|one| {
            let decision = label(format!("decision_{}", one.child.id), &one.decision);
            let category = match one.category.as_str() {
                "" => String::new(),
                code => format!(
                    ", {}",
                    label(format!("category_{}", one.child.id), code).to_lowercase()
                ),
            };
            format!(
                "{}: {}{category}.",
                one.child.first_name(),
                decision.to_lowercase()
            )
        })
        .collect();
    format!("{} {}", each.join(" "), answers.text("rationale"))
}

async fn finish(tx: &mut Tx, viewer: &Viewer, id: Id<ids::Step>, outcome: &str) -> Result<Step> {
    let mut step: Step = tx.get(id).await?;
    step.state = StepState::Done;
    step.outcome = Some(outcome.to_owned());
    step.submitted_by = Some(viewer.principal.worker);
    step.submitted_at = Some(tx.now());
    step.settled_at = Some(tx.now());
    tx.update(&mut step).await?;
    let now = tx.now();
    clocks::stop_all(tx, now, "step", id.as_str()).await?;
    Ok(step)
}

async fn recategorise(tx: &mut Tx, plan: Id<ids::Plan>, one: &For<'_>) -> Result<()> {
    let sql = format!(
        "select {} from protection where plan_id = $1 and person_id = $2 and ended_on is null",
        Protection::COLUMNS.join(", ")
    );
    let found: Option<Protection> = tx
        .maybe(AssertSqlSafe(sql), args![plan, one.child.id])
        .await?;
    if let Some(mut time_on) = found
        && time_on.category != one.category
    {
        time_on.category.clone_from(&one.category);
        tx.update(&mut time_on).await?;
    }
    Ok(())
}

fn card(
    viewer: &Viewer,
    page: &ConferencePage,
    one: &For<'_>,
    answers: &Answers,
    at: DateTime<Utc>,
) -> Decision {
    let kept: serde_json::Map<String, serde_json::Value> = answers.as_map().clone();
    Decision {
        id: Id::new(),
        kind: "conference".into(),
        contact_id: None,
        family_id: Some(page.seen.step.family_id),
        person_id: Some(one.child.id),
        step_id: Some(page.seen.step.id),
        level: None,
        indicators: json!([]),
        outcome: one.decision.clone(),
        rationale: answers.text("rationale").to_owned(),
        considered: some(answers.text("worries")).or(some(answers.text("changed"))),
        alternatives: some(answers.text("instead")),
        child_words: some(answers.text("tell_child")),
        guide_version: None,
        form: Some(page.form.id.clone()),
        form_version: Some(page.form.version.to_string()),
        answers: kept.into(),
        decided_by: viewer.principal.worker,
        decided_at: at,
        version: 1,
    }
}
