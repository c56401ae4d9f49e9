//! The step's own page: what it is, its clocks, its list of sections, what is
//! still missing, and where to go on.

use packs::{Finding, Form, Severity};
use record::model::Clock;
use record::{Asked, AssertSqlSafe, Entity, Viewer, args};
use vocabulary::{Id, ids, plain};

use super::seen::{SectionSeen, StepSeen, all_answers, find, may_leave_out};
use crate::clocks::ClockView;
use crate::drafts::Draft;
use crate::{Casework, Result, time};

/// The sections of the three domains (R001-31).
const DOMAINS: [&str; 3] = ["development", "parenting", "family"];

/// Everything on the step's page.
#[derive(Debug, Clone)]
pub struct Overview {
    /// The step.
    pub seen: StepSeen,
    /// The sections as tasks.
    pub tasks: Vec<Task>,
    /// What is missing before it can be sent; nothing here stops the writing.
    pub missing: Vec<Missing>,
    /// Its clocks, those that run first.
    pub clocks: Vec<ClockView>,
    /// The five-line summary, once written.
    pub summary: String,
    /// The three domains in a few words each.
    pub glances: Vec<Glance>,
    /// The section to go on with: the viewer's last draft, else what was saved
    /// last and is not finished, else the first that is not finished (UX28).
    pub go_on: Option<String>,
    /// The address to go on at: the question that was written in last.
    pub go_on_path: Option<String>,
    /// The viewer may write here.
    pub writes: bool,
    /// The viewer may decide on it; the words say why not, when they may not
    /// although they are a manager.
    pub authorises: std::result::Result<bool, String>,
    /// What may follow now that it is done: step id and title.
    pub follows: Vec<(String, String)>,
    /// The outcome in words.
    pub outcome: Option<String>,
}

/// One section in the task list.
#[derive(Debug, Clone, PartialEq)]
pub struct Task {
    /// The section's id.
    pub section: String,
    /// Its title.
    pub title: String,
    /// How far it is.
    pub state: TaskState,
    /// "Saved by Amina Fenn, today at 2:05pm".
    pub saved: String,
    /// "You have words here that are not saved yet", with when.
    pub draft: Option<String>,
    /// Whether it may be left out for these children.
    pub optional: bool,
}

/// How far a section is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TaskState {
    /// Nothing was saved.
    NotStarted,
    /// Something was saved.
    InProgress,
    /// Its author says that it is finished.
    Finished,
    /// It was left out, with a reason.
    LeftOut,
}

impl TaskState {
    /// The words on the page.
    pub fn words(self) -> &'static str {
        match self {
            TaskState::NotStarted => "Not started",
            TaskState::InProgress => "In progress",
            TaskState::Finished => "Finished",
            TaskState::LeftOut => "Left out",
        }
    }
}

/// Something missing before the step can be sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Missing {
    /// The section it is in.
    pub section: String,
    /// That section's title.
    pub title: String,
    /// What the form found.
    pub finding: Finding,
}

impl Missing {
    /// Whether it must be put right; otherwise a reason is enough.
    pub fn stops(&self) -> bool {
        self.finding.severity == Severity::Stop
    }
}

/// One of the three domains in a few words.
#[derive(Debug, Clone, PartialEq)]
pub struct Glance {
    /// The section's id.
    pub section: String,
    /// Its title.
    pub title: String,
    /// Its first words, or the reason for none.
    pub words: String,
}

impl Casework {
    /// The step's page. At most twelve statements.
    pub async fn step_overview(&self, viewer: &Viewer, id: Id<ids::Step>) -> Result<Overview> {
        let seen = self.step_seen(viewer, id, Asked::to_read("/steps")).await?;
        let sections = self.step_sections(&seen).await?;
        let drafts = self.drafts_in(viewer, &seen).await?;
        let clocks = self.step_clocks(&seen).await?;
        let missing = missing(&seen.form, &sections);
        let go_on = go_on(&seen, &sections, &drafts);
        let writes = seen.is_open() && self.writes(viewer, &seen);
        let answers = all_answers(&sections);
        let follows = self.follows(&seen);
        let outcome = seen
            .step
            .outcome
            .as_deref()
            .map(|id| outcome_words(&seen, id));
        Ok(Overview {
            tasks: tasks(&seen, &sections, &drafts),
            go_on_path: go_on.as_deref().map(|id| path_in(&seen, id, &drafts)),
            go_on,
            summary: answers.text("summary").to_owned(),
            glances: glances(&seen, &sections),
            authorises: super::authorise::may_decide(viewer, &seen),
            missing,
            clocks,
            writes,
            follows,
            outcome,
            seen,
        })
    }

    fn writes(&self, viewer: &Viewer, seen: &StepSeen) -> bool {
        let asked = Asked::to_write("/steps");
        viewer.can("case.record") && self.gate().allows(viewer, &seen.first, asked)
    }

    /// The viewer's drafts of any section of this step, the newest first.
    pub(crate) async fn drafts_in(&self, viewer: &Viewer, seen: &StepSeen) -> Result<Vec<Draft>> {
        let prefix = format!("step:{}:", seen.step.id);
        Ok(self
            .store()
            .drafts_under(viewer.principal.worker, &prefix)
            .await?)
    }

    /// The clocks of a step, those that run first.
    pub(crate) async fn step_clocks(&self, seen: &StepSeen) -> Result<Vec<ClockView>> {
        let sql = format!(
            "select {} from clock where about_kind = 'step' and about_id = $1 \
             order by case when done_at is null then 0 else 1 end, due_at",
            Clock::COLUMNS.join(", ")
        );
        let rows: Vec<Clock> = self
            .store()
            .read_db()
            .all(AssertSqlSafe(sql), args![seen.step.id])
            .await?;
        Ok(rows.iter().map(|c| ClockView::of(c, self.pack())).collect())
    }

    /// The steps that may follow a finished one.
    fn follows(&self, seen: &StepSeen) -> Vec<(String, String)> {
        let next = seen
            .step
            .outcome
            .as_deref()
            .and_then(|id| seen.def.outcome(id))
            .map(|outcome| outcome.next.clone())
            .unwrap_or_default();
        next.into_iter()
            .filter_map(|id| {
                let title = self.pack().step(&id, time::today())?.title.clone();
                Some((id, title))
            })
            .collect()
    }
}

/// What is missing in the whole form, section by section, in its order.
/// Sections that were left out are not looked at.
pub(crate) fn missing(form: &Form, sections: &[SectionSeen]) -> Vec<Missing> {
    let answers = all_answers(sections);
    let mut all = Vec::new();
    for section in &form.sections {
        let left_out = find(sections, &section.id).is_some_and(|s| s.left_out().is_some());
        if left_out && may_leave_out(section) {
            continue;
        }
        for finding in form.check(&answers, Some(&section.id)) {
            all.push(Missing {
                section: section.id.clone(),
                title: section.title.clone(),
                finding,
            });
        }
    }
    all
}

/// An outcome of a step in the pack's words.
pub(crate) fn outcome_words(seen: &StepSeen, id: &str) -> String {
    seen.def
        .outcome(id)
        .map_or_else(|| id.replace('_', " "), |outcome| outcome.title.clone())
}

/// "today at 2:05pm", "21 November 2026 at 9am".
pub(crate) fn when(at: chrono::DateTime<chrono::Utc>) -> String {
    let local = time::local(at);
    let minutes = (chrono::Utc::now() - at).num_minutes();
    match minutes {
        0 => "just now".into(),
        1..=59 => format!("{} ago", plain::count(minutes, "minute", "minutes")),
        _ if local.date() == time::today() => format!("today at {}", plain::time(local.time())),
        _ => format!("on {}", plain::date_time(local)),
    }
}

fn tasks(seen: &StepSeen, sections: &[SectionSeen], drafts: &[Draft]) -> Vec<Task> {
    let answers = all_answers(sections);
    let task = |section: &packs::Section| {
        let saved = find(sections, &section.id);
        let draft = drafts.iter().find(|d| d.target == seen.target(&section.id));
        Task {
            section: section.id.clone(),
            title: section.title.clone(),
            state: match saved {
                None => TaskState::NotStarted,
                Some(s) if s.left_out().is_some() => TaskState::LeftOut,
                Some(s) if s.finished => TaskState::Finished,
                Some(_) => TaskState::InProgress,
            },
            saved: saved.map_or_else(String::new, |s| {
                format!("Saved by {} {}", s.saver, when(s.saved_at))
            }),
            draft: draft.map(|d| match d.refused {
                true => "Two versions: choose what to keep".to_owned(),
                false => format!("Your draft from {} is not saved yet", when_bare(d.saved_at)),
            }),
            optional: may_leave_out(section),
        }
    };
    seen.form
        .sections
        .iter()
        .filter(|section| seen.form.shows_section(section, &answers))
        .map(task)
        .collect()
}

fn when_bare(at: chrono::DateTime<chrono::Utc>) -> String {
    let words = when(at);
    words
        .strip_prefix("on ")
        .map_or(words.clone(), str::to_owned)
}

fn go_on(seen: &StepSeen, sections: &[SectionSeen], drafts: &[Draft]) -> Option<String> {
    let of_draft = drafts
        .first()
        .and_then(|draft| draft.target.split(':').nth(2))
        .filter(|id| seen.form.section(id).is_some());
    let open = |id: &str| find(sections, id).is_none_or(|s| !s.finished && s.left_out().is_none());
    let of_record = sections
        .iter()
        .filter(|s| !s.finished && s.left_out().is_none())
        .max_by_key(|s| s.saved_at)
        .map(|s| s.section.as_str());
    let first = seen
        .form
        .sections
        .iter()
        .map(|s| s.id.as_str())
        .find(|id| open(id));
    of_draft.or(of_record).or(first).map(str::to_owned)
}

/// The address of a section; with a draft, of the question written in last.
fn path_in(seen: &StepSeen, section: &str, drafts: &[Draft]) -> String {
    let path = format!("{}/{section}", seen.path());
    let target = seen.target(section);
    drafts
        .iter()
        .find(|draft| draft.target == target && !draft.refused)
        .map(|draft| draft.path.clone())
        .filter(|kept| kept.split('#').next() == Some(path.as_str()))
        .unwrap_or(path)
}

fn glances(seen: &StepSeen, sections: &[SectionSeen]) -> Vec<Glance> {
    DOMAINS
        .iter()
        .filter_map(|id| {
            let section = seen.form.section(id)?;
            let answers = find(sections, id)
                .map(SectionSeen::read)
                .unwrap_or_default();
            let field = section.fields.first()?;
            let words = match (
                answers.text(&field.name),
                answers.text(&field.reason_name()),
            ) {
                ("", "") => "Nothing written yet".to_owned(),
                ("", reason) => format!("Nothing, because: {}", beginning(reason)),
                (words, _) => beginning(words),
            };
            Some(Glance {
                section: section.id.clone(),
                title: section.title.clone(),
                words,
            })
        })
        .collect()
}

/// The first 160 characters, cut between words.
fn beginning(words: &str) -> String {
    const MOST: usize = 160;
    if words.chars().count() <= MOST {
        return words.to_owned();
    }
    let cut: String = words.chars().take(MOST).collect();
    let end = cut.rfind(char::is_whitespace).unwrap_or(cut.len());
    format!("{}…", cut[..end].trim_end())
}
