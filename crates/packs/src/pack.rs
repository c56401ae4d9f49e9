//! The loaded pack: cheap to share, asked by id and day.

use std::path::Path;
use std::sync::Arc;

use chrono::{NaiveDate, NaiveDateTime};
use vocabulary::{WorkingDays, plain};

use crate::clock::{ClockRule, Due};
use crate::codes::CodeSet;
use crate::dated::Dated;
use crate::form::Form;
use crate::front::{Door, Language, Needs};
use crate::layers::Shelf;
use crate::letter::Letter;
use crate::load::{self, Layer};
use crate::meeting::MeetingDef;
use crate::problem::Problem;
use crate::process::Process;
use crate::roles::{Role, Roles};
use crate::standard::Standard;
use crate::step::StepDef;
use crate::threshold::Threshold;
use crate::upkeep::{Synonyms, Upkeep};
use crate::workload::Workload;

/// Everything a council's pack says, with England's under it. Cloning shares.
#[derive(Debug, Clone)]
pub struct Pack(pub(crate) Arc<Inner>);

#[derive(Debug, Default)]
pub(crate) struct Inner {
    pub id: String,
    pub title: String,
    pub forms: Shelf<Form>,
    pub steps: Shelf<StepDef>,
    pub clocks: Shelf<ClockRule>,
    pub thresholds: Shelf<Threshold>,
    pub codes: Shelf<CodeSet>,
    pub letters: Shelf<Letter>,
    pub meetings: Shelf<MeetingDef>,
    pub standards: Shelf<Standard>,
    pub processes: Shelf<Process>,
    pub roles: Shelf<Roles>,
    pub workloads: Shelf<Workload>,
    pub upkeep: Shelf<Upkeep>,
    pub synonyms: Shelf<Synonyms>,
    pub doors: Shelf<Door>,
    pub languages: Shelf<Language>,
    pub needs: Shelf<Needs>,
    pub days: WorkingDays,
    pub warnings: Vec<Problem>,
}

impl Pack {
    /// Loads the pack in a folder.
    ///
    /// # Errors
    /// Every problem that was found, in the order of files and lines.
    pub fn load(dir: impl AsRef<Path>) -> Result<Self, Vec<Problem>> {
        Self::load_layers(&[dir.as_ref()])
    }

    /// Loads packs laid over each other, the first at the bottom: England's,
    /// then the council's.
    ///
    /// # Errors
    /// Every problem that was found, in the order of files and lines.
    pub fn load_layers<P: AsRef<Path>>(dirs: &[P]) -> Result<Self, Vec<Problem>> {
        let mut layers = Vec::new();
        for dir in dirs {
            layers.push(Layer::read(dir.as_ref())?);
        }
        Self::from_layers(&layers)
    }

    /// The same from files in memory.
    ///
    /// # Errors
    /// Every problem that was found, in the order of files and lines.
    pub fn from_layers(layers: &[Layer]) -> Result<Self, Vec<Problem>> {
        load::load(layers)
    }

    /// Problems as text for a terminal: one a paragraph, with the count last.
    pub fn problems_text(problems: &[Problem]) -> String {
        let mut text = String::new();
        for problem in problems {
            text.push_str(&format!(
                "{problem}

"
            ));
        }
        let count = i64::try_from(problems.len()).unwrap_or(i64::MAX);
        text + &match count {
            0 => "No problems.\n".to_owned(),
            _ => format!("{}.\n", plain::count(count, "problem", "problems")),
        }
    }

    /// The id of the uppermost pack.
    pub fn id(&self) -> &str {
        &self.0.id
    }

    /// The title of the uppermost pack.
    pub fn title(&self) -> &str {
        &self.0.title
    }

    /// What is allowed but its author should know.
    pub fn warnings(&self) -> &[Problem] {
        &self.0.warnings
    }

    /// The calendar of working days, with the council's own closures.
    pub fn working_days(&self) -> &WorkingDays {
        &self.0.days
    }

    /// The form to start something new on, on a day. `None` when there is
    /// none or it is retired.
    pub fn form(&self, id: &str, on: NaiveDate) -> Option<&Form> {
        on_day(&self.0.forms, id, on)
    }

    /// The form in exactly this version, to read what was written on it.
    pub fn form_version(&self, id: &str, version: NaiveDate) -> Option<&Form> {
        self.0.forms.get(id)?.exactly(version)
    }

    /// Every form in every version.
    pub fn forms(&self) -> impl Iterator<Item = &Form> {
        self.0.forms.values().flat_map(|versions| versions.all())
    }

    /// The kind of step in force on a day.
    pub fn step(&self, id: &str, on: NaiveDate) -> Option<&StepDef> {
        on_day(&self.0.steps, id, on)
    }

    /// All kinds of step in force on a day.
    pub fn steps(&self, on: NaiveDate) -> impl Iterator<Item = &StepDef> {
        self.0
            .steps
            .values()
            .filter_map(move |versions| versions.on(on))
    }

    /// The rule of a clock for something that starts on a day.
    pub fn clock(&self, id: &str, starts: NaiveDate) -> Option<&ClockRule> {
        on_day(&self.0.clocks, id, starts)
    }

    /// The rules of all clocks that an event starts on a day.
    pub fn clocks_started_by(
        &self,
        trigger: &str,
        on: NaiveDate,
    ) -> impl Iterator<Item = &ClockRule> {
        self.clocks(on)
            .filter(move |rule| rule.is_started_by(trigger))
    }

    /// The rules of all clocks that an event stops.
    pub fn clocks_stopped_by(
        &self,
        event: &str,
        on: NaiveDate,
    ) -> impl Iterator<Item = &ClockRule> {
        self.clocks(on)
            .filter(move |rule| rule.is_stopped_by(event))
    }

    /// The rules of all clocks in force on a day.
    pub fn clocks(&self, on: NaiveDate) -> impl Iterator<Item = &ClockRule> {
        self.0
            .clocks
            .values()
            .filter_map(move |versions| versions.on(on))
    }

    /// When something that started then is due, by the rule in force on the
    /// day it started (R001-02) and the pack's working days.
    pub fn due(&self, clock: &str, start: NaiveDateTime) -> Option<Due> {
        Some(self.clock(clock, start.date())?.due(start, &self.0.days))
    }

    /// The threshold document in force on a day.
    pub fn threshold(&self, id: &str, on: NaiveDate) -> Option<&Threshold> {
        on_day(&self.0.thresholds, id, on)
    }

    /// A threshold document in exactly this version.
    pub fn threshold_version(&self, id: &str, version: NaiveDate) -> Option<&Threshold> {
        self.0.thresholds.get(id)?.exactly(version)
    }

    /// The code set in force on a day.
    pub fn codes(&self, id: &str, on: NaiveDate) -> Option<&CodeSet> {
        on_day(&self.0.codes, id, on)
    }

    /// The letter in force on a day.
    pub fn letter(&self, id: &str, on: NaiveDate) -> Option<&Letter> {
        on_day(&self.0.letters, id, on)
    }

    /// The kind of meeting in force on a day.
    pub fn meeting(&self, id: &str, on: NaiveDate) -> Option<&MeetingDef> {
        on_day(&self.0.meetings, id, on)
    }

    /// All kinds of meeting in force on a day.
    pub fn meetings(&self, on: NaiveDate) -> impl Iterator<Item = &MeetingDef> {
        self.0
            .meetings
            .values()
            .filter_map(move |versions| versions.on(on))
    }

    /// The standard in force on a day.
    pub fn standard(&self, id: &str, on: NaiveDate) -> Option<&Standard> {
        on_day(&self.0.standards, id, on)
    }

    /// All processes in force on a day.
    pub fn processes(&self, on: NaiveDate) -> impl Iterator<Item = &Process> {
        self.0
            .processes
            .values()
            .filter_map(move |versions| versions.on(on))
    }

    /// All roles in force on a day.
    pub fn roles(&self, on: NaiveDate) -> Option<&Roles> {
        on_day(&self.0.roles, "roles", on)
    }

    /// The role in force on a day.
    pub fn role(&self, id: &str, on: NaiveDate) -> Option<&Role> {
        self.roles(on)?.role(id)
    }

    /// How the services directory is kept true on a day.
    pub fn upkeep(&self, on: NaiveDate) -> Option<&Upkeep> {
        on_day(&self.0.upkeep, "upkeep", on)
    }

    /// The words that mean the same in the directory's search, on a day.
    pub fn synonyms(&self, on: NaiveDate) -> Option<&Synonyms> {
        on_day(&self.0.synonyms, "synonyms", on)
    }

    /// The front doors of the directory that are open on a day, in their order.
    pub fn doors(&self, on: NaiveDate) -> Vec<&Door> {
        let all = self.0.doors.values();
        let mut doors: Vec<&Door> = all.filter_map(|versions| versions.on(on)).collect();
        doors.sort_by_key(|door| (door.order, &door.id));
        doors
    }

    /// The words of the public pages in a language, on a day.
    pub fn language(&self, id: &str, on: NaiveDate) -> Option<&Language> {
        on_day(&self.0.languages, id, on)
    }

    /// The languages that the public pages speak on a day.
    pub fn languages(&self, on: NaiveDate) -> impl Iterator<Item = &Language> {
        let all = self.0.languages.values();
        all.filter_map(move |versions| versions.on(on))
    }

    /// The needs that searches and gaps are counted by, on a day.
    pub fn needs(&self, on: NaiveDate) -> Option<&Needs> {
        on_day(&self.0.needs, "needs", on)
    }

    /// How work is weighed on a day.
    pub fn workload(&self, on: NaiveDate) -> Option<&Workload> {
        on_day(&self.0.workloads, "workload", on)
    }
}

fn on_day<'a, T: Dated>(shelf: &'a Shelf<T>, id: &str, on: NaiveDate) -> Option<&'a T> {
    shelf.get(id)?.on(on)
}
