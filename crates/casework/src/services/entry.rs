//! The editor's view of the entries: a list to search, and one entry with its
//! standing, its owner, its links and its versions.

use directory::assurance::Standing;
use directory::fields::Snapshot;
use directory::quality;
use packs::{Choice, Kind, Options};
use record::model::DirectoryLink;
use record::{Viewer, args};
use vocabulary::{Id, ids, plain};

use super::EntryForm;
use super::addresses::DeadLink;
use super::changes::{ChangeLine, Line, keeper};
use crate::asking::Sheet;
use crate::{Casework, Error, Result, time};

/// How many entries a list shows.
const SHOWN: usize = 60;

/// An entry in the editor's list.
#[derive(Debug, Clone)]
pub struct Found {
    /// The service.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Who gives it.
    pub owner: String,
    /// "Checked 3 March 2026 by ...".
    pub checked: String,
    /// "On the page", "Not shown" ...
    pub standing: &'static str,
    /// A colour for it.
    pub colour: &'static str,
}

/// A link that was made for the owner.
#[derive(Debug, Clone)]
pub struct LinkLine {
    /// The link.
    pub id: Id<ids::Link>,
    /// To whom.
    pub to: String,
    /// When it was made.
    pub made: String,
    /// "Answered on ...: still right", "Opens until ...".
    pub state: String,
    /// It still opens.
    pub open: bool,
}

/// One entry.
#[derive(Debug, Clone)]
pub struct EntrySeen {
    /// What the list says of it.
    pub found: Found,
    /// What it says now, with secret addresses left out.
    pub lines: Vec<Line>,
    /// "Every 3 months ...", "Next check on ...".
    pub cycle: String,
    /// When it is shown, if not always.
    pub shown: String,
    /// Where its owner is asked; empty if nobody knows.
    pub owner_email: String,
    /// What it lacks, the most useful first.
    pub lacks: Vec<&'static str>,
    /// 0 to 100.
    pub score: u8,
    /// Links for its owner, the newest first.
    pub links: Vec<LinkLine>,
    /// Its versions, the newest first.
    pub versions: Vec<ChangeLine>,
    /// Where it came from.
    pub source: String,
    /// Its addresses that do not work.
    pub dead: Vec<DeadLink>,
}

/// The page of an entry for its editor.
pub(super) fn path_of(id: &str) -> String {
    format!("/directory/services/{id}")
}

pub(super) fn standing_words(standing: Standing) -> (&'static str, &'static str) {
    match standing {
        Standing::Checked => ("On the page", "green"),
        Standing::Due => ("Check is due", "blue"),
        Standing::NotCheckedSince => ("Says not checked", "yellow"),
        Standing::Lowered => ("Comes lower", "orange"),
        Standing::Unpublished => ("Not shown", "red"),
    }
}

impl Casework {
    /// Entries whose name, owner or id hold these words, and how many there are.
    ///
    /// # Errors
    /// `NotFound` for whoever does not keep the directory.
    pub async fn directory_entries(
        &self,
        viewer: &Viewer,
        words: &str,
    ) -> Result<(Vec<Found>, usize)> {
        keeper(viewer)?;
        let catalogue = self.catalogue().await?;
        let directory = &catalogue.directory;
        let words: Vec<String> = words.split_whitespace().map(str::to_lowercase).collect();
        let mut all: Vec<Found> = directory
            .entries()
            .map(|e| found(directory, e, catalogue.today))
            .filter(|f| {
                let text = format!("{} {} {}", f.name, f.owner, f.id).to_lowercase();
                words.iter().all(|w| text.contains(w))
            })
            .collect();
        all.sort_by_key(|f| f.name.to_lowercase());
        let of = all.len();
        all.truncate(SHOWN);
        Ok((all, of))
    }

    /// One entry.
    ///
    /// # Errors
    /// `NotFound` for whoever does not keep the directory.
    pub async fn directory_entry(&self, viewer: &Viewer, id: &str) -> Result<EntrySeen> {
        keeper(viewer)?;
        let catalogue = self.catalogue().await?;
        let directory = &catalogue.directory;
        let entry = directory.entry(id).ok_or(Error::NotFound)?;
        let now = Snapshot::of(directory, entry);
        let lines = now
            .shown()
            .into_iter()
            .filter(|(key, text)| {
                let no = key.name == "secret" && text == "no";
                !text.is_empty() && !no && !matches!(key.name, "show_from" | "take_down")
            })
            .map(|(key, text)| {
                Ok(Line {
                    label: self.label_of(&key)?,
                    old: String::new(),
                    new: self.field_words(directory, &key, &text)?,
                    secret: false,
                })
            })
            .collect::<Result<Vec<_>>>()?;
        let quality = quality::of(directory, entry, catalogue.today);
        let upkeep = &entry.upkeep;
        let cycles = &self.upkeep()?.cycles;
        let cycle = cycles.iter().find(|c| c.id == upkeep.cycle);
        let cycle = cycle.or(cycles.first()).map(|c| c.title.clone());
        let next = match upkeep.next_check() {
            Some(day) => format!("Next check on {}.", plain::date(day)),
            None => "Nobody has checked it yet.".into(),
        };
        let links: Vec<DirectoryLink> = self
            .rows_of(
                "entry = $1 order by made_at desc limit 12",
                args![format!("service/{id}")],
            )
            .await?;
        let mut dead = self.dead_ends().await?;
        dead.retain(|d| d.service == id);
        Ok(EntrySeen {
            found: found(directory, entry, catalogue.today),
            lines,
            cycle: format!("{}. {next}", cycle.unwrap_or_default()),
            shown: shown(upkeep.visible_from, upkeep.visible_to),
            owner_email: self.email_of(&now, upkeep),
            lacks: quality.lacks.iter().map(|l| l.mend).take(6).collect(),
            score: quality.score,
            links: links.into_iter().map(link_line).collect(),
            versions: self.history(&now).await?,
            source: upkeep.source.clone().unwrap_or_default(),
            dead,
        })
    }

    /// The form of an entry for its editor.
    pub async fn service_form(&self, viewer: &Viewer, id: &str) -> Result<(String, EntryForm)> {
        keeper(viewer)?;
        let catalogue = self.catalogue().await?;
        let entry = catalogue.directory.entry(id).ok_or(Error::NotFound)?;
        let now = Snapshot::of(&catalogue.directory, entry);
        let form = self.form_of(&catalogue.directory, &now, false)?;
        Ok((now.service.name, form))
    }

    /// The form for when an entry is shown, filled.
    pub async fn times_form(&self, viewer: &Viewer, id: &str) -> Result<Sheet> {
        keeper(viewer)?;
        let catalogue = self.catalogue().await?;
        let entry = catalogue.directory.entry(id).ok_or(Error::NotFound)?;
        let to = path_of(id);
        let mut sheet = Sheet::new(self.form("service-times")?, format!("{to}/times"), to);
        sheet.title = format!("{}: when it is shown, and who is asked", entry.service.name);
        let upkeep = &entry.upkeep;
        for (name, day) in [
            ("show_from", upkeep.visible_from),
            ("take_down", upkeep.visible_to),
        ] {
            if let Some(day) = day {
                sheet.day(name, day);
            }
        }
        sheet.known("cycle", &Some(upkeep.cycle.clone()));
        sheet.known("owner_email", &upkeep.owner_email);
        let cycles = self.upkeep()?.cycles.iter();
        let choices: Vec<Choice> = cycles
            .map(|c| Choice {
                value: c.id.clone(),
                label: c.title.clone(),
                ..Choice::default()
            })
            .collect();
        for field in sheet.form.sections.iter_mut().flat_map(|s| &mut s.fields) {
            if let (Kind::Radios(options), "cycle") = (&mut field.kind, field.name.as_str()) {
                *options = Options {
                    codes: None,
                    choices: choices.clone(),
                };
            }
        }
        Ok(sheet)
    }

    /// Where the owner of an entry is asked: the address kept for that, else the
    /// one on the page, else that of the organisation.
    pub(super) fn email_of(&self, now: &Snapshot, upkeep: &directory::assurance::Upkeep) -> String {
        let own = upkeep.owner_email.clone();
        own.or_else(|| now.service.email.clone())
            .or_else(|| now.service.contacts.iter().find_map(|c| c.email.clone()))
            .unwrap_or_default()
    }
}

pub(super) fn found(
    directory: &directory::Directory,
    entry: &directory::Entry,
    today: chrono::NaiveDate,
) -> Found {
    let owner = entry.service.organization_id.as_deref();
    let owner = owner.and_then(|id| directory.organization(id));
    let (standing, colour) = standing_words(entry.upkeep.standing(today));
    Found {
        id: entry.service.id.clone(),
        name: entry.service.name.clone(),
        owner: owner.map(|o| o.name.clone()).unwrap_or_default(),
        checked: entry.upkeep.words(today),
        standing,
        colour,
    }
}

fn shown(from: Option<chrono::NaiveDate>, to: Option<chrono::NaiveDate>) -> String {
    let day = plain::date;
    match (from, to) {
        (None, None) => String::new(),
        (Some(from), None) => format!("From {}", day(from)),
        (None, Some(to)) => format!("Until {}", day(to)),
        (Some(from), Some(to)) => format!("From {} until {}", day(from), day(to)),
    }
}

fn link_line(link: DirectoryLink) -> LinkLine {
    let day = |at: chrono::DateTime<chrono::Utc>| plain::date(time::local(at).date());
    let open =
        link.used_at.is_none() && link.withdrawn_at.is_none() && link.ends_at > chrono::Utc::now();
    let state = match (link.used_at, link.withdrawn_at) {
        (Some(at), _) => {
            let what = match link.used_for.as_deref() {
                Some("right") => "still right",
                _ => "sent changes",
            };
            format!("Answered on {}: {what}", day(at))
        }
        (None, Some(at)) => format!("Withdrawn on {}", day(at)),
        (None, None) if open => format!("Opens until {}", day(link.ends_at)),
        (None, None) => format!("Ran out on {}", day(link.ends_at)),
    };
    LinkLine {
        id: link.id,
        to: link.sent_to,
        made: day(link.made_at),
        state,
        open,
    }
}
