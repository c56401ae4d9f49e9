//! A step behind the gate: the step, its pinned form, its children and its
//! sections, with the names of those who wrote them.

use chrono::{DateTime, NaiveDate, Utc};
use packs::{Answers, Form, Section, StepDef};
use record::model::{Person, Step, StepState};
use record::{Asked, AssertSqlSafe, Entity, Guarded, Viewer, args};
use serde_json::Value as Json;
use vocabulary::{Id, ids};

use crate::{Casework, Error, Result};

/// The name under which a section that was left out keeps the reason
/// (R001-03). No field of a form may begin with an underscore.
pub(crate) const LEFT_OUT: &str = "_left_out";

/// A step that the viewer may see, with all its children.
#[derive(Debug, Clone)]
pub struct StepSeen {
    /// The step.
    pub step: Step,
    /// What the pack says about such a step, as it was when this one began.
    pub def: StepDef,
    /// The form it is written on, in the version it began with (R001-39).
    pub form: Form,
    /// The first child; the look is on record.
    pub first: Guarded<Person>,
    /// All its children, the first named first.
    pub children: Vec<Person>,
    /// Who has it.
    pub worker: Option<String>,
    /// Who sent it.
    pub submitter: Option<String>,
    /// Who authorised it, sent it back or skipped it.
    pub settler: Option<String>,
    /// The team.
    pub team: Option<String>,
    /// The manager of that team.
    pub manager: Option<Id<ids::Worker>>,
    /// The manager whom the worker answers to.
    pub supervisor: Option<Id<ids::Worker>>,
}

/// A section as saved, with the name of who saved it.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct SectionSeen {
    /// The row.
    pub id: Id<ids::Part>,
    /// Which section of the form.
    pub section: String,
    /// What was answered, as stored.
    pub answers: Json,
    /// Its author says it is finished.
    pub finished: bool,
    /// Who saved it last.
    pub saved_by: Id<ids::Worker>,
    /// When.
    pub saved_at: DateTime<Utc>,
    /// Its version.
    pub version: i64,
    /// The name of who saved it last.
    pub saver: String,
}

#[derive(sqlx::FromRow)]
struct Found {
    #[sqlx(flatten)]
    step: Step,
    worker_name: Option<String>,
    submitter_name: Option<String>,
    settler_name: Option<String>,
    team_name: Option<String>,
    manager_id: Option<Id<ids::Worker>>,
    supervisor_id: Option<Id<ids::Worker>>,
}

impl SectionSeen {
    /// The answers as the form reads them.
    pub fn read(&self) -> Answers {
        Answers::from_map(self.answers.as_object().cloned().unwrap_or_default())
    }

    /// Why the section was left out for this family, if it was.
    pub fn left_out(&self) -> Option<&str> {
        self.answers.get(LEFT_OUT).and_then(Json::as_str)
    }
}

impl StepSeen {
    /// The first names of the children: "Maya, Idris and Sami".
    pub fn names(&self) -> String {
        let names: Vec<String> = self.children.iter().map(Person::first_name).collect();
        vocabulary::plain::list(&names)
    }

    /// Whether it can still be written.
    pub fn is_open(&self) -> bool {
        matches!(self.step.state, StepState::Open | StepState::SentBack)
    }

    /// The section of its form with this id.
    pub fn section(&self, id: &str) -> Result<&Section> {
        self.form.section(id).ok_or(Error::NotFound)
    }

    /// The target under which drafts of a section are kept.
    pub fn target(&self, section: &str) -> String {
        format!("step:{}:{section}", self.step.id)
    }

    /// Where the step is.
    pub fn path(&self) -> String {
        format!("/steps/{}", self.step.id)
    }
}

impl Casework {
    /// A step that the viewer may see. Five statements at most.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none, or when one of its children is
    /// not open to the viewer.
    pub async fn step_seen(
        &self,
        viewer: &Viewer,
        id: Id<ids::Step>,
        asked: Asked<'_>,
    ) -> Result<StepSeen> {
        let db = self.store().read_db();
        let columns: Vec<String> = Step::COLUMNS.iter().map(|c| format!("s.{c}")).collect();
        let sql = format!(
            "select {}, w.name as worker_name, b.name as submitter_name, e.name as settler_name, \
             t.name as team_name, t.manager_id, w.supervisor_id from step s \
             left join worker w on w.id = s.worker_id \
             left join worker b on b.id = s.submitted_by \
             left join worker e on e.id = s.settled_by \
             left join team t on t.id = s.team_id where s.id = $1",
            columns.join(", ")
        );
        let found: Option<Found> = db.maybe(AssertSqlSafe(sql), args![id]).await?;
        let found = found.ok_or(Error::NotFound)?;
        let children = self.children_of(viewer, id, asked).await?;
        let first = children
            .first()
            .map(|child| child.id)
            .ok_or(Error::NotFound)?;
        let first = self
            .gate()
            .person(viewer, first, asked)
            .await?
            .ok_or(Error::NotFound)?;
        let def = self.step_def(&found.step)?.clone();
        let form = self.pinned_form(&found.step, &def)?.clone();
        Ok(StepSeen {
            step: found.step,
            def,
            form,
            first,
            children,
            worker: found.worker_name,
            submitter: found.submitter_name,
            settler: found.settler_name,
            team: found.team_name,
            manager: found.manager_id,
            supervisor: found.supervisor_id,
        })
    }

    /// All the children of a step, the first named first; or not found, when
    /// one of them is not open to the viewer: the words are about all of them.
    async fn children_of(
        &self,
        viewer: &Viewer,
        step: Id<ids::Step>,
        asked: Asked<'_>,
    ) -> Result<Vec<Person>> {
        #[derive(sqlx::FromRow)]
        struct Named {
            #[sqlx(flatten)]
            person: Person,
            named: i64,
        }
        let (condition, mut values) = self.gate().may_see(viewer, asked, "p.id", 2);
        let columns: Vec<String> = Person::COLUMNS.iter().map(|c| format!("p.{c}")).collect();
        let sql = format!(
            "select {}, (select count(*) from step_subject n where n.step_id = $1) as named \
             from step_subject s join person p on p.id = s.person_id \
             where s.step_id = $1 and {condition} order by s.id",
            columns.join(", ")
        );
        values.insert(0, step.into());
        let rows: Vec<Named> = self
            .store()
            .read_db()
            .all(AssertSqlSafe(sql), values)
            .await?;
        let all = rows.first().map_or(0, |row| row.named);
        if rows.is_empty() || i64::try_from(rows.len()) != Ok(all) {
            return self.refused_children(viewer, step, asked).await;
        }
        let people = rows.into_iter().map(|row| row.person).collect();
        let listed = self
            .gate()
            .listed(viewer, asked.page, people, |p| {
                vec![format!("person:{}", p.id)]
            })
            .await?;
        Ok(listed.into_iter().collect())
    }

    /// Puts the refusal on record with every child.
    async fn refused_children(
        &self,
        viewer: &Viewer,
        step: Id<ids::Step>,
        asked: Asked<'_>,
    ) -> Result<Vec<Person>> {
        #[derive(sqlx::FromRow)]
        struct Subject {
            person_id: Id<ids::Person>,
        }
        let subjects: Vec<Subject> = self
            .store()
            .read_db()
            .all(
                "select person_id from step_subject where step_id = $1",
                args![step],
            )
            .await?;
        for subject in subjects {
            let seen = self.gate().person(viewer, subject.person_id, asked).await?;
            tracing::debug!(open = seen.is_some(), "a child of a step that is not open");
        }
        Err(Error::NotFound)
    }

    /// A step that the viewer may write. A viewer who may only read is told so.
    pub(crate) async fn step_to_write(
        &self,
        viewer: &Viewer,
        id: Id<ids::Step>,
        page: &str,
    ) -> Result<StepSeen> {
        let seen = self.step_seen(viewer, id, Asked::to_read(page)).await?;
        let may = viewer.can("case.record") || viewer.can("case.authorise");
        let asked = Asked::to_write(page);
        if !may || !self.gate().allows(viewer, &seen.first, asked) {
            return Err(Error::Refused(
                "You can read this, but not change it: the workers of these children write here. Ask one of them, or their manager."
                    .into(),
            ));
        }
        Ok(seen)
    }

    /// The form that a step began on.
    fn pinned_form(&self, step: &Step, def: &StepDef) -> Result<&Form> {
        let id = step.form.as_deref().unwrap_or(&def.form);
        let pinned = step
            .form_version
            .as_deref()
            .and_then(|version| version.parse::<NaiveDate>().ok());
        pinned
            .and_then(|version| self.pack().form_version(id, version))
            .or_else(|| self.pack().form(id, step.started_on))
            .ok_or_else(|| {
                Error::Record(record::Error::Settings(format!(
                    "the practice pack no longer has the form \"{id}\" of {}: put its file back, what was written on it needs it",
                    step.form_version.as_deref().unwrap_or("an unknown version")
                )))
            })
    }

    /// All saved sections of a step the viewer may see.
    pub(crate) async fn step_sections(&self, seen: &StepSeen) -> Result<Vec<SectionSeen>> {
        Ok(self
            .store()
            .read_db()
            .all(
                "select s.id, s.section, s.answers, s.finished, s.saved_by, s.saved_at, \
                 s.version, w.name as saver from step_section s \
                 join worker w on w.id = s.saved_by where s.step_id = $1",
                args![seen.step.id],
            )
            .await?)
    }
}

/// The answers of all sections together, without those left out.
pub(crate) fn all_answers(sections: &[SectionSeen]) -> Answers {
    let mut all = serde_json::Map::new();
    for section in sections.iter().filter(|s| s.left_out().is_none()) {
        all.extend(section.read().into_map());
    }
    Answers::from_map(all)
}

/// The saved section with this id.
pub(crate) fn find<'a>(sections: &'a [SectionSeen], id: &str) -> Option<&'a SectionSeen> {
    sections.iter().find(|s| s.section == id)
}

/// Whether a section may be left out for a child (R001-03): only one that the
/// pack calls optional, and never one that holds an item that a return needs
/// or that must be answered.
pub(crate) fn may_leave_out(section: &Section) -> bool {
    section.optional
        && section
            .fields
            .iter()
            .all(|field| field.fact.is_none() && field.required != packs::Required::Yes)
}
