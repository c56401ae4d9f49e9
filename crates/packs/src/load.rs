//! From folders of TOML files to a [`Pack`], or to every problem in them.
//!
//! Each file is read by itself, then the layers are laid over each other, then
//! what points from one file to another is checked.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use chrono::NaiveDate;

use crate::build::{Builder, Refers};
use crate::clock::ClockRule;
use crate::codes::CodeSet;
use crate::cross;
use crate::dated::{Dated, Head, Versions};
use crate::form::Form;
use crate::front::{Door, Language, Needs};
use crate::layers::{Shelf, lay};
use crate::letter::Letter;
use crate::meeting::MeetingDef;
use crate::pack::{Inner, Pack};
use crate::problem::{Place, Problem, Source};
use crate::process::Process;
use crate::raw::*;
use crate::roles::Roles;
use crate::standard::Standard;
use crate::step::StepDef;
use crate::threshold::Threshold;
use crate::upkeep::{Synonyms, Upkeep};
use crate::workload::Workload;

/// The files of one pack, in memory.
#[derive(Debug, Clone, Default)]
pub struct Layer {
    /// How the pack is named in problems: its folder.
    pub name: String,
    /// The files: path within the pack, and text.
    pub files: Vec<(String, String)>,
}

impl Layer {
    /// A pack without files yet.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            files: Vec::new(),
        }
    }

    /// The same with one more file.
    #[must_use]
    pub fn with(mut self, path: impl Into<String>, text: impl Into<String>) -> Self {
        self.files.push((path.into(), text.into()));
        self
    }

    /// Reads the TOML files of a folder and of the folders in it.
    ///
    /// # Errors
    /// What could not be read.
    pub fn read(dir: &Path) -> Result<Self, Vec<Problem>> {
        let mut layer = Self::new(dir.display().to_string());
        let mut problems = Vec::new();
        layer.read_folder(dir, "", 0, &mut problems);
        layer.files.sort();
        if problems.is_empty() {
            Ok(layer)
        } else {
            Err(problems)
        }
    }

    fn read_folder(&mut self, dir: &Path, prefix: &str, depth: usize, problems: &mut Vec<Problem>) {
        let trouble = |path: &Path, error: std::io::Error| {
            let place = Place {
                file: path.display().to_string().into(),
                line: 0,
                column: 0,
            };
            Problem::at(
                &place,
                format!("cannot be read: {error}"),
                "Check that it exists and may be read",
            )
        };
        let entries = match std::fs::read_dir(dir) {
            Ok(entries) => entries,
            Err(error) => return problems.push(trouble(dir, error)),
        };
        for entry in entries {
            let path = match entry {
                Ok(entry) => entry.path(),
                Err(error) => {
                    problems.push(trouble(dir, error));
                    continue;
                }
            };
            let Some(name) = path
                .file_name()
                .map(|name| name.to_string_lossy().into_owned())
            else {
                continue;
            };
            let inner = format!("{prefix}{name}");
            if path.is_dir() {
                if depth == 0 {
                    self.read_folder(&path, &format!("{inner}/"), depth + 1, problems);
                }
            } else if name.ends_with(".toml") {
                match std::fs::read_to_string(&path) {
                    Ok(text) => self.files.push((inner, text)),
                    Err(error) => problems.push(trouble(&path, error)),
                }
            }
        }
    }
}

/// Everything that one layer declares.
#[derive(Default)]
struct Contents {
    about: Option<Head>,
    forms: Vec<Form>,
    steps: Vec<StepDef>,
    clocks: Vec<ClockRule>,
    thresholds: Vec<Threshold>,
    codes: Vec<CodeSet>,
    letters: Vec<Letter>,
    meetings: Vec<MeetingDef>,
    standards: Vec<Standard>,
    processes: Vec<Process>,
    roles: Vec<Roles>,
    workloads: Vec<Workload>,
    upkeep: Vec<Upkeep>,
    synonyms: Vec<Synonyms>,
    doors: Vec<Door>,
    languages: Vec<Language>,
    needs: Vec<Needs>,
    closed: Vec<(NaiveDate, String)>,
}

/// Loads layers, the first at the bottom.
pub(crate) fn load(layers: &[Layer]) -> Result<Pack, Vec<Problem>> {
    let mut problems = Vec::new();
    let mut references = Vec::new();
    let mut inner = Inner::default();
    for (i, layer) in layers.iter().enumerate() {
        let contents = read_layer(layer, i > 0, &mut problems, &mut references);
        match contents.about {
            Some(head) => {
                inner.id = head.id;
                inner.title = head.title;
            }
            None => {
                let place = Place {
                    file: format!("{}/pack.toml", layer.name).into(),
                    line: 0,
                    column: 0,
                };
                problems.push(Problem::at(
                    &place,
                    "the pack has no pack.toml that can be read",
                    "Add one with id, title, version, source and strength",
                ));
            }
        }
        let shelf = &mut problems;
        inner.forms = lay(
            inner.forms,
            shelve(contents.forms, "form", shelf),
            Form::over,
        );
        inner.steps = lay(
            inner.steps,
            shelve(contents.steps, "step", shelf),
            |over, _| over.clone(),
        );
        inner.clocks = lay(
            inner.clocks,
            shelve(contents.clocks, "clock", shelf),
            ClockRule::over,
        );
        inner.thresholds = lay(
            inner.thresholds,
            shelve(contents.thresholds, "threshold document", shelf),
            |over, _| over.clone(),
        );
        inner.codes = lay(
            inner.codes,
            shelve(contents.codes, "code set", shelf),
            |over, _| over.clone(),
        );
        inner.letters = lay(
            inner.letters,
            shelve(contents.letters, "letter", shelf),
            |over, _| over.clone(),
        );
        inner.meetings = lay(
            inner.meetings,
            shelve(contents.meetings, "meeting", shelf),
            |over, _| over.clone(),
        );
        inner.standards = lay(
            inner.standards,
            shelve(contents.standards, "standard", shelf),
            |over, _| over.clone(),
        );
        inner.processes = lay(
            inner.processes,
            shelve(contents.processes, "process", shelf),
            |over, _| over.clone(),
        );
        inner.roles = lay(
            inner.roles,
            shelve(contents.roles, "list of roles", shelf),
            Roles::over,
        );
        inner.workloads = lay(
            inner.workloads,
            shelve(contents.workloads, "workload", shelf),
            |over, _| over.clone(),
        );
        inner.upkeep = lay(
            inner.upkeep,
            shelve(contents.upkeep, "upkeep of the directory", shelf),
            |over, _| over.clone(),
        );
        inner.synonyms = lay(
            inner.synonyms,
            shelve(contents.synonyms, "list of words", shelf),
            Synonyms::over,
        );
        inner.doors = lay(
            inner.doors,
            shelve(contents.doors, "front door", shelf),
            |over, _| over.clone(),
        );
        inner.languages = lay(
            inner.languages,
            shelve(contents.languages, "language", shelf),
            Language::over,
        );
        inner.needs = lay(
            inner.needs,
            shelve(contents.needs, "list of needs", shelf),
            |over, _| over.clone(),
        );
        for (date, name) in contents.closed {
            inner.days = inner.days.with_day_off(date, name);
        }
    }
    cross::check(&mut inner, &references, &mut problems);
    problems.sort();
    problems.dedup();
    if problems.is_empty() {
        Ok(Pack(Arc::new(inner)))
    } else {
        Err(problems)
    }
}

type References = Vec<(Refers, String, Place)>;

fn read_layer(
    layer: &Layer,
    is_overlay: bool,
    problems: &mut Vec<Problem>,
    references: &mut References,
) -> Contents {
    let mut contents = Contents::default();
    for (path, text) in &layer.files {
        let source = Source {
            file: format!("{}/{path}", layer.name).into(),
            text: text.clone(),
        };
        let mut b = Builder::new(&source);
        let (folder, _) = path.split_once('/').unwrap_or(("", path));
        match (folder, path.as_str()) {
            ("", "pack.toml") => contents.about = read::<RawAbout>(&mut b).map(|(_, head)| head),
            ("", "roles.toml") => {
                contents
                    .roles
                    .extend(read(&mut b).map(|(raw, head)| b.roles(&raw, named(head, "roles"))));
            }
            ("", "workload.toml") => {
                contents.workloads.extend(
                    read(&mut b).map(|(raw, head)| b.workload(&raw, named(head, "workload"))),
                );
            }
            ("", "calendar.toml") => {
                if let Some((raw, _)) = read(&mut b) {
                    contents.closed.extend(b.closed_days(&raw));
                }
            }
            ("directory", "directory/upkeep.toml") => {
                contents
                    .upkeep
                    .extend(read(&mut b).map(|(raw, head)| b.upkeep(&raw, named(head, "upkeep"))));
            }
            ("directory", "directory/synonyms.toml") => {
                contents.synonyms.extend(
                    read(&mut b).map(|(raw, head)| b.synonyms(&raw, named(head, "synonyms"))),
                );
            }
            ("directory", "directory/needs.toml") => {
                contents
                    .needs
                    .extend(read(&mut b).map(|(raw, head)| b.needs(&raw, named(head, "needs"))));
            }
            ("doors", _) => contents
                .doors
                .extend(read(&mut b).map(|(raw, head)| b.door(&raw, head))),
            ("languages", _) => contents
                .languages
                .extend(read(&mut b).map(|(raw, head)| b.language(&raw, head))),
            ("forms", _) => {
                contents
                    .forms
                    .extend(read(&mut b).map(|(raw, head)| b.form(&raw, head, is_overlay)));
            }
            ("steps", _) => contents
                .steps
                .extend(read(&mut b).map(|(raw, head)| b.step(&raw, head))),
            ("clocks", _) => contents
                .clocks
                .extend(read(&mut b).map(|(raw, head)| b.clock(&raw, head))),
            ("thresholds", _) => {
                contents
                    .thresholds
                    .extend(read(&mut b).map(|(raw, head)| b.threshold(&raw, head)));
            }
            ("codes", _) => contents
                .codes
                .extend(read(&mut b).map(|(raw, head)| b.codes(&raw, head))),
            ("letters", _) => contents
                .letters
                .extend(read(&mut b).map(|(raw, head)| b.letter(&raw, head))),
            ("meetings", _) => contents
                .meetings
                .extend(read(&mut b).map(|(raw, head)| b.meeting(&raw, head))),
            ("processes", _) => contents
                .processes
                .extend(read(&mut b).map(|(raw, head)| b.process(&raw, head))),
            ("standards", _) => contents
                .standards
                .extend(read(&mut b).map(|(raw, head)| b.standard(&raw, head))),
            _ => b.problems.push(Problem::at(
                &source.whole(),
                "no pack has a file here",
                "Put it in forms, steps, clocks, thresholds, codes, letters, meetings, processes, standards, doors or languages, or take it out",
            )),
        }
        problems.append(&mut b.problems);
        references.append(&mut b.references);
    }
    contents
}

/// There is one of these in a pack, so its id is fixed and layers match.
fn named(head: Head, id: &str) -> Head {
    Head {
        id: id.to_owned(),
        ..head
    }
}

/// Reads one file's TOML and its head; the problem goes to the builder.
fn read<R: RawFile>(builder: &mut Builder<'_>) -> Option<(R, Head)> {
    match toml::from_str::<R>(&builder.source.text) {
        Ok(raw) => {
            let head = builder.head(raw.head())?;
            Some((raw, head))
        }
        Err(error) => {
            let place = match error.span() {
                Some(span) => builder.source.place(span),
                None => builder.source.whole(),
            };
            let (message, help) = in_plain_words(error.message());
            builder.problems.push(Problem::at(&place, message, help));
            None
        }
    }
}

/// The TOML reader's messages, for someone who writes forms and not programs.
fn in_plain_words(message: &str) -> (String, String) {
    if let Some(rest) = message.strip_prefix("unknown field `")
        && let Some((key, rest)) = rest.split_once('`')
    {
        let known: Vec<&str> = rest.split('`').skip(1).step_by(2).collect();
        return (
            format!("there is no key “{key}” here"),
            format!("Use one of: {}", known.join(", ")),
        );
    }
    if let Some(key) = message.strip_prefix("missing field `") {
        let key = key.trim_end_matches('`');
        return (
            format!("the key “{key}” is missing"),
            format!("Add {key} = …"),
        );
    }
    if message.starts_with("invalid type") {
        return (
            format!("the wrong kind of value: {}", message.replace('`', "")),
            "Text stands in quotation marks; days, numbers, true and false do not".into(),
        );
    }
    (
        format!("this cannot be read: {}", message.trim()),
        "Check quotation marks, brackets and equals signs here".into(),
    )
}

/// Puts the versions of each id together, and points at any that is there
/// twice.
fn shelve<T: Dated>(items: Vec<T>, what: &str, problems: &mut Vec<Problem>) -> Shelf<T> {
    let mut by_id: BTreeMap<String, Vec<T>> = BTreeMap::new();
    for item in items {
        let versions = by_id.entry(item.id().to_owned()).or_default();
        if let Some(first) = versions
            .iter()
            .find(|other| other.version() == item.version())
        {
            problems.push(Problem::at(
                item.place(),
                format!(
                    "the {what} “{}” in force from {} is here twice",
                    item.id(),
                    item.version()
                ),
                format!(
                    "It is in {} already. Give a new version its own first day",
                    first.place()
                ),
            ));
            continue;
        }
        versions.push(item);
    }
    by_id
        .into_iter()
        .map(|(id, mut versions)| {
            versions.sort_by_key(Dated::version);
            (id, Versions(versions))
        })
        .collect()
}
