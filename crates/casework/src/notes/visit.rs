//! Recording a visit: why we went, who was seen and alone, where, the child's
//! own words, and what happens next (R003-13, UX06).

use packs::{
    Answers, Choice, Circumstances, Condition, Field, Form, Kind, Options, Required, Section,
    Severity,
};
use record::model::{Note, Person};
use record::{Guarded, Tx, Viewer, args};
use serde_json::json;
use vocabulary::{Id, ids};

use super::write::{claim, names, row, ticked};
use super::{Circle, Saved, filled, happened};
use crate::clocks::{self, About};
use crate::{Casework, Error, Result};

/// A goal of an open plan, as a purpose to choose.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Goal {
    /// The goal.
    pub id: Id<ids::Goal>,
    /// What will be different for the child.
    pub wording: String,
}

/// What was seen of one child.
struct VisitOf {
    /// yes, video or no.
    seen: String,
    /// yes, chose_not, too_young or no.
    alone: String,
    /// Why the child was not seen, and what will be done.
    not_seen_why: String,
    /// The child's own words, kept exactly as they were typed.
    childs_words: String,
}

/// A visit as it was written.
#[derive(Debug, Clone)]
pub struct NewVisit {
    /// In whose record it was written.
    pub person: Id<ids::Person>,
    /// The answers to [`VisitForm::form`].
    pub answers: Answers,
    /// The warnings were shown and the writer saves all the same.
    pub warned: bool,
    /// The form's token.
    pub once: String,
}

/// The pack's form `visit`, made to measure: the goals of the plan as purposes
/// to choose, and the same questions for each brother and sister.
#[derive(Debug, Clone)]
pub struct VisitForm {
    /// The form to show and to check.
    pub form: Form,
    /// The child and the family around them.
    pub circle: Circle,
    goals: Vec<Goal>,
}

impl Casework {
    /// The goals that a visit to this person can serve: those of open plans,
    /// for this child or for the whole family.
    pub async fn goals_for_visit(&self, person: &Guarded<Person>) -> Result<Vec<Goal>> {
        Ok(self
            .store()
            .read_db()
            .all(
                "select g.id, g.wording from goal g join plan p on p.id = g.plan_id \
                 join plan_subject s on s.plan_id = p.id \
                 where s.person_id = $1 and p.state = 'open' and g.state = 'working' \
                 and (g.person_id is null or g.person_id = $1) order by g.set_on, g.id",
                args![person.id],
            )
            .await?)
    }

    /// The form for a visit to this person, for someone who may write there.
    pub async fn visit_form(
        &self,
        viewer: &Viewer,
        person: Id<ids::Person>,
    ) -> Result<(Guarded<Person>, VisitForm)> {
        let (person, circle) = self.to_write_about(viewer, person, "visits/new").await?;
        let goals = self.goals_for_visit(&person).await?;
        let form = form_for(self.form("visit")?, &circle, &goals);
        Ok((
            person,
            VisitForm {
                form,
                circle,
                goals,
            },
        ))
    }

    /// Saves a visit in each visited child's record, with whether that child
    /// was seen and alone, and runs the clocks of visits.
    pub async fn save_visit(&self, viewer: &Viewer, new: &NewVisit) -> Result<Saved> {
        let (person, visit) = self.visit_form(viewer, new.person).await?;
        let (answers, circle) = (&new.answers, &visit.circle);
        let mut findings = visit.form.check(answers, None);
        if new.warned {
            findings.retain(|f| f.severity == Severity::Stop);
        }
        if !findings.is_empty() {
            return Err(Error::Findings(findings));
        }
        let mut tx = self.store().begin(&viewer.actor()).await?;
        let location = format!("/people/{}/story", person.id);
        claim(&mut tx, &new.once, &location).await?;
        let now = tx.now();
        let base = Note {
            kind: "visit".into(),
            happened_at: happened(answers.date_time("happened_at"), now)?,
            words: answers.text("text").trim().to_owned(),
            goal_id: visit.goal(answers),
            ..row(viewer, circle, now)
        };
        let first = of_child(&base, answers, &said(answers, None));
        tx.insert(&first).await?;
        self.run_clocks(&mut tx, circle, &first).await?;
        crate::care::visits::visited(self, &mut tx, &first).await?;
        let also: Vec<Id<ids::Person>> = answers
            .list("also")
            .iter()
            .filter_map(|id| id.parse().ok())
            .collect();
        let also = ticked(circle, false, &also);
        for child in &also {
            let copy = Note {
                id: Id::new(),
                person_id: child.id,
                ..of_child(&base, answers, &said(answers, Some(child.id)))
            };
            tx.insert(&copy).await?;
            self.run_clocks(&mut tx, circle, &copy).await?;
            crate::care::visits::visited(self, &mut tx, &copy).await?;
        }
        tx.drop_draft(viewer.principal.worker, &draft_of(new.person))
            .await?;
        tx.commit().await?;
        Ok(Saved {
            note: first.id,
            children: names(circle, &also),
        })
    }

    /// A visit that saw a child answers immediate risk. One that saw a child
    /// with a plan starts the clock of the next one, as the kind of plan asks,
    /// and that of its own write-up, which stops at once because here it is. A
    /// visit written down after a later one changes nothing.
    async fn run_clocks(&self, tx: &mut Tx, circle: &Circle, visit: &Note) -> Result<()> {
        #[derive(sqlx::FromRow)]
        struct Standing {
            later: bool,
            worker_id: Option<Id<ids::Worker>>,
            team_id: Option<Id<ids::Team>>,
        }
        if visit.seen != Some(true) {
            return Ok(());
        }
        if let Some(family) = circle.family {
            let at = visit.happened_at;
            clocks::stop_of_family(tx, self.pack(), "visit.made", at, family).await?;
        }
        let case = plans_of(tx, visit.person_id).await?;
        let standing: Option<Standing> = tx
            .maybe(
                "select exists (select 1 from note n where n.person_id = $1 and n.seen = $2 \
                   and n.happened_at > $3) as later, \
                 (select i.worker_id from involvement i where i.person_id = $1 and i.role = 'allocated' \
                   and i.ended_on is null order by i.started_on desc limit 1) as worker_id, \
                 (select i.team_id from involvement i where i.person_id = $1 and i.role = 'allocated' \
                   and i.ended_on is null order by i.started_on desc limit 1) as team_id",
                args![visit.person_id, true, visit.happened_at],
            )
            .await?;
        let Some(standing) = standing.filter(|s| !s.later && case != Circumstances::default())
        else {
            return Ok(());
        };
        let (pack, at, now) = (self.pack(), visit.happened_at, tx.now());
        let child = [visit.person_id];
        clocks::stop_of(tx, pack, "visit.made", at, &child).await?;
        let about = About {
            kind: "person",
            id: visit.person_id.to_string(),
            person: Some(visit.person_id),
            family: circle.family,
            team: standing.team_id,
            worker: standing.worker_id,
            path: format!("/people/{}/visits/new", visit.person_id),
            ..About::default()
        };
        clocks::start_where(tx, pack, "visit.made", at, &about, &case).await?;
        clocks::stop_of(tx, pack, "visit.recorded", now, &child).await
    }
}

/// The kinds of a child's open plans, on which clocks of visits depend.
async fn plans_of(tx: &mut Tx, child: Id<ids::Person>) -> Result<Circumstances> {
    #[derive(sqlx::FromRow)]
    struct Open {
        kind: String,
    }
    let open: Vec<Open> = tx
        .all(
            "select distinct p.kind from plan p join plan_subject s on s.plan_id = p.id \
             where s.person_id = $1 and p.state = 'open'",
            args![child],
        )
        .await?;
    let case = Circumstances::default();
    Ok(open.iter().fold(case, |c, plan| c.with("plan", &plan.kind)))
}

/// How a purpose says that it is a goal of the plan.
const GOAL: &str = "goal:";

impl VisitForm {
    /// The goal that was chosen as the purpose, if it is one that was offered.
    fn goal(&self, answers: &Answers) -> Option<Id<ids::Goal>> {
        let chosen = answers.text("purpose").strip_prefix(GOAL)?;
        self.goals
            .iter()
            .map(|g| g.id)
            .find(|id| id.as_str() == chosen)
    }
}

/// The form of the pack with the family's own choices in it.
fn form_for(pack: &Form, circle: &Circle, goals: &[Goal]) -> Form {
    let mut form = pack.clone();
    let own: Vec<Field> = ["seen", "not_seen_why", "alone", "childs_words"]
        .iter()
        .filter_map(|name| form.field(name).cloned())
        .collect();
    for field in form.sections.iter_mut().flat_map(|s| &mut s.fields) {
        match (field.name.as_str(), &mut field.kind) {
            ("purpose", Kind::Radios(options)) => offer_goals(options, goals),
            ("seen", _) => field.label = format!("Did you see {}?", circle.me.first_name),
            ("alone", _) => field.label = format!("Did you see {} alone?", circle.me.first_name),
            _ => {}
        }
    }
    let Some(seen) = own.first() else { return form };
    let children: Vec<_> = circle.children().collect();
    if children.is_empty() {
        return form;
    }
    let choices = children.iter().map(|child| Choice {
        value: child.id.to_string(),
        label: child.with_age(),
        ..Choice::default()
    });
    form.sections.push(section(
        "also",
        "Who else did you visit?",
        vec![Field {
            name: "also".into(),
            label: "This visit was also to".into(),
            hint: "Each child’s record gets the visit, with what you saw of that child".into(),
            kind: Kind::Checkboxes(Options {
                codes: None,
                choices: choices.collect(),
            }),
            required: Required::No,
            fact: None,
            show_if: None,
            ..seen.clone()
        }],
    ));
    for child in children {
        let name = |field: &str| format!("{field}_{}", child.id);
        let fields = own.iter().map(|field| Field {
            name: name(&field.name),
            label: field.label.replace("the child", &child.first_name),
            missing: field.missing.replace("the child", &child.first_name),
            required: match field.required {
                // The reason is asked once, for the child whose page this is.
                Required::Warn { .. } => Required::No,
                ref other => other.clone(),
            },
            show_if: field.show_if.as_ref().map(|when| Condition {
                field: name(&when.field),
                any: when.any.clone(),
            }),
            ..field.clone()
        });
        let mut own = section(&name("child"), &child.with_age(), fields.collect());
        own.show_if = Some(Condition {
            field: "also".into(),
            any: vec![child.id.to_string()],
        });
        form.sections.push(own);
    }
    form
}

/// The plan's goals stand where the form says "as the plan says".
fn offer_goals(options: &mut Options, goals: &[Goal]) {
    let Some(at) = options.choices.iter().position(|c| c.value == "plan") else {
        return;
    };
    if goals.is_empty() {
        return;
    }
    let hint = options.choices[at].label.clone();
    let goals = goals.iter().map(|goal| Choice {
        value: format!("{GOAL}{}", goal.id),
        label: goal.wording.clone(),
        hint: hint.clone(),
        ..Choice::default()
    });
    options.choices.splice(at..=at, goals);
}

fn section(id: &str, title: &str, fields: Vec<Field>) -> Section {
    Section {
        id: id.to_owned(),
        title: title.to_owned(),
        prompt: String::new(),
        help: String::new(),
        warning: String::new(),
        fields,
        optional: false,
        show_if: None,
    }
}

/// What was answered about one child: the page's own, or a brother or sister.
fn said(answers: &Answers, child: Option<Id<ids::Person>>) -> VisitOf {
    let answer = |name: &str| match child {
        None => answers.text(name).to_owned(),
        Some(id) => answers.text(&format!("{name}_{id}")).to_owned(),
    };
    VisitOf {
        seen: answer("seen"),
        alone: answer("alone"),
        not_seen_why: answer("not_seen_why"),
        childs_words: answer("childs_words"),
    }
}

/// Where a visit's draft is kept while it is being written.
pub fn draft_of(person: Id<ids::Person>) -> String {
    format!("visit:{person}")
}

/// One child's row: seen counts only in person, because a visit by video does
/// not show how a child lives.
fn of_child(base: &Note, answers: &Answers, of: &VisitOf) -> Note {
    let seen = of.seen == "yes";
    let kept = |name: &str| filled(answers.text(name));
    Note {
        seen: Some(seen),
        seen_alone: seen.then_some(of.alone == "yes"),
        visit: Some(json!({
            "purpose": kept("purpose").map(|p| if p.starts_with(GOAL) { "plan".to_owned() } else { p }),
            "seen": of.seen,
            "not_seen_why": filled(&of.not_seen_why).filter(|_| of.seen == "no"),
            "alone": filled(&of.alone).filter(|_| of.seen != "no"),
            "where": kept("where"),
            "childs_words": Some(&of.childs_words).filter(|w| !w.trim().is_empty()),
            "childs_words_why_none": kept("childs_words_reason"),
            "next": kept("next"),
        })),
        ..base.clone()
    }
}
