//! One matter on its page: what was told, what was done since, its clocks, and
//! what comes next.

use packs::{Answers, Field, Kind};
use record::model::{Clock, Matter, MatterEntry};
use record::{Asked, AssertSqlSafe, Entity, Guarded, Viewer, args};
use vocabulary::{Id, ids, plain};

use super::KIND;
use super::kinds::{MatterKind, MatterStep, state_words};
use crate::clocks::ClockView;
use crate::{Casework, Result, time};

/// Everything on the page.
#[derive(Debug, Clone)]
pub struct MatterPage {
    /// The matter.
    pub matter: Guarded<Matter>,
    /// Where it stands.
    pub state: &'static str,
    /// The outcome, once it is settled.
    pub outcome: Option<String>,
    /// Who deals with it.
    pub officer: Option<String>,
    /// What was told: question and answer.
    pub told: Vec<(String, String)>,
    /// What was done since, the last first.
    pub entries: Vec<EntryRow>,
    /// Clocks that run, then those that are done.
    pub clocks: Vec<ClockView>,
    /// The pages that may be opened now.
    pub steps: Vec<&'static MatterStep>,
}

/// Something that was done.
#[derive(Debug, Clone)]
pub struct EntryRow {
    /// "4 March 2026".
    pub when: String,
    /// The form's title.
    pub title: String,
    /// Who wrote it.
    pub by: String,
    /// Question and answer.
    pub said: Vec<(String, String)>,
}

#[derive(sqlx::FromRow)]
struct Name {
    id: Id<ids::Worker>,
    name: String,
}

impl Casework {
    /// The page of one matter.
    ///
    /// # Errors
    /// As [`Casework::matter`].
    pub async fn matter_page(
        &self,
        viewer: &Viewer,
        kind: MatterKind,
        id: Id<ids::Matter>,
    ) -> Result<MatterPage> {
        let matter = self
            .matter(viewer, kind, id, Asked::to_read(kind.folder()))
            .await?;
        let entries: Vec<MatterEntry> = self
            .rows_of(
                "matter_id = $1 order by happened_on desc, id desc",
                args![id],
            )
            .await?;
        let sql = format!(
            "select {} from clock where about_kind = $1 and about_id = $2 \
             order by case when done_at is null then 0 else 1 end, due_at, id",
            Clock::COLUMNS.join(", ")
        );
        let db = self.store().read_db();
        let clocks: Vec<Clock> = db.all(AssertSqlSafe(sql), args![KIND, id]).await?;
        let names: Vec<Name> = db
            .all(
                "select w.id, w.name from worker w where w.id in \
                 (select m.told_by from matter m where m.id = $1 \
                 union select m.officer_id from matter m where m.id = $1 \
                 union select m.about_worker_id from matter m where m.id = $1 \
                 union select e.made_by from matter_entry e where e.matter_id = $1)",
                args![id],
            )
            .await?;
        let name = |id: Id<ids::Worker>| {
            let found = names.iter().find(|n| n.id == id);
            found.map_or_else(String::new, |n| n.name.clone())
        };
        let mut told = self.said_on(&matter.form, &matter.answers, time::local(matter.told_at));
        if let Some(worker) = matter.about_worker_id {
            told.push(("Our own worker".into(), name(worker)));
        }
        told.push((
            "Told by".into(),
            format!(
                "{}, {}",
                name(matter.told_by),
                plain::date_time(time::local(matter.told_at))
            ),
        ));
        let fits = |step: &&'static MatterStep| step.from.contains(&matter.state.as_str());
        Ok(MatterPage {
            state: state_words(&matter.state),
            outcome: matter
                .outcome
                .as_deref()
                .map(|c| self.outcome_words(kind, c)),
            officer: matter.officer_id.map(name),
            told,
            entries: entries
                .into_iter()
                .map(|entry| EntryRow {
                    when: plain::date(entry.happened_on),
                    title: kind
                        .step(&entry.kind)
                        .map_or_else(String::new, |step| step.link.to_owned()),
                    by: name(entry.made_by),
                    said: self.said_on(&entry.form, &entry.answers, time::local(entry.made_at)),
                })
                .collect(),
            clocks: clocks
                .iter()
                .map(|clock| ClockView::of(clock, self.pack()))
                .collect(),
            steps: kind.steps().iter().filter(fits).collect(),
            matter,
        })
    }

    /// What was answered on a form, by the words of the form of that day.
    fn said_on(
        &self,
        form: &str,
        answers: &serde_json::Value,
        at: chrono::NaiveDateTime,
    ) -> Vec<(String, String)> {
        let map = answers.as_object().cloned().unwrap_or_default();
        let answers = Answers::from_map(map);
        let Some(form) = self.pack().form(form, at.date()) else {
            return Vec::new();
        };
        let fields = form
            .sections
            .iter()
            .flat_map(|s: &packs::Section| &s.fields);
        fields
            .filter(|field| field.name != "about_worker")
            .map(|field| (field.label.clone(), answer_words(field, &answers)))
            .filter(|(_, words)| !words.is_empty())
            .collect()
    }
}

/// An answer in words.
fn answer_words(field: &Field, answers: &Answers) -> String {
    let text = answers.text(&field.name);
    match &field.kind {
        Kind::Date => answers
            .date(&field.name)
            .map_or_else(String::new, plain::date),
        Kind::YesNo => match text {
            "yes" => "Yes".into(),
            "no" => "No".into(),
            _ => String::new(),
        },
        Kind::Radios(options) | Kind::Select(options) => options.label(text).to_owned(),
        Kind::Checkboxes(options) => {
            let words: Vec<String> = answers
                .list(&field.name)
                .iter()
                .map(|value| options.label(value).to_owned())
                .collect();
            words.join("; ")
        }
        _ => text.trim().to_owned(),
    }
}
