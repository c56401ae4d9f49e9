//! What only those who deal with it may see: allegations against people who
//! work with children, complaints under the Children Act, serious incidents.
//!
//! Anybody who works with children tells; whoever deals with that kind opens
//! it, decides and settles it. Whoever told it does not see it again, and the
//! worker whom it is about never does: the access policy says so, and a matter
//! stands in no child's record.

pub mod board;
pub mod kinds;
pub mod replay;
mod settle;
pub mod view;

use chrono::NaiveDate;
use packs::Answers;
use record::model::{Matter, MatterEntry, Person};
use record::{Asked, Guarded, Tx, Viewer, args};
use vocabulary::{Id, ids};

use self::kinds::{END, From, MatterKind, MatterStep};
use crate::asking::{self, Done, Sheet, past_day, said};
use crate::clocks::About;
use crate::{Casework, Error, Result, clocks, time};

/// What the clocks of a matter say that they are about.
pub(crate) const KIND: &str = "matter";

/// Whose post may tell of a matter: everybody who works with children.
const TELLS: [&str; 9] = [
    "case.record",
    "case.review",
    "case.allocate",
    "case.oversee",
    "contact.take",
    "contact.screen",
    "carers.record",
    "early_help.work",
    "panel.advise",
];

/// Somebody who may deal with a matter, or be the one whom it is about.
#[derive(sqlx::FromRow)]
struct AtWork {
    id: Id<ids::Worker>,
    name: String,
    job_title: String,
    role: String,
}

impl Casework {
    /// Whether a post deals with a kind of matter.
    pub fn deals_with(&self, viewer: &Viewer, kind: MatterKind) -> bool {
        self.gate().may_see_matters(viewer, kind.word()).is_some()
    }

    /// Whether a post may tell of matters.
    pub fn tells_matters(&self, viewer: &Viewer) -> bool {
        TELLS.iter().any(|capability| viewer.can(capability))
            || MatterKind::ALL
                .iter()
                .any(|kind| self.deals_with(viewer, *kind))
    }

    /// The page on which a matter is told, from nowhere or from a child's page.
    ///
    /// # Errors
    /// [`Error::NotFound`] for posts that work with no children, and for whom
    /// the child is not.
    pub async fn ask_matter_new(
        &self,
        viewer: &Viewer,
        kind: MatterKind,
        child: Option<Id<ids::Person>>,
    ) -> Result<(Option<Guarded<Person>>, Sheet)> {
        if !self.tells_matters(viewer) {
            return Err(Error::NotFound);
        }
        let (form, title, button) = kind.telling();
        let child = match child {
            Some(id) => Some(
                self.gate()
                    .person(viewer, id, Asked::to_write(form))
                    .await?
                    .ok_or(Error::NotFound)?,
            ),
            None => None,
        };
        let (address, back) = match &child {
            Some(child) => (
                format!("/people/{}/{}", child.id, kind.word()),
                format!("/people/{}", child.id),
            ),
            None => (
                format!("/{}/new", kind.folder()),
                match self.deals_with(viewer, kind) {
                    true => format!("/{}", kind.folder()),
                    false => "/".to_owned(),
                },
            ),
        };
        let mut sheet = Sheet::new(self.form(form)?, address, back);
        sheet.title = title.to_owned();
        sheet.button = button.to_owned();
        sheet.day("on", viewer.today);
        if let Some(child) = &child {
            sheet.answers.set("child", child.name());
        }
        let workers = self.at_work().await?;
        let offered = workers
            .into_iter()
            .map(|w| (w.id.to_string(), format!("{}, {}", w.name, w.job_title)));
        sheet.offer("about_worker", offered.collect());
        Ok((child, sheet))
    }

    /// Tells of a matter. The clocks run from the day on which it was known.
    ///
    /// # Errors
    /// [`Error::Findings`] when something must be put right.
    pub async fn save_matter_new(
        &self,
        viewer: &Viewer,
        kind: MatterKind,
        child: Option<Id<ids::Person>>,
        answers: &Answers,
        once: &str,
    ) -> Result<Done> {
        let (child, sheet) = self.ask_matter_new(viewer, kind, child).await?;
        sheet.check(answers)?;
        let known_on = past_day(answers, "on", viewer.today)?;
        let about = match answers.text("about_worker") {
            "" => None,
            id => Some(id.parse().map_err(|_| Error::NotFound)?),
        };
        let (officer, alone) = self.officer_for(kind, about).await?;
        let (state, known, told) = kind.begins();
        let mut tx = self.store().begin(&viewer.actor()).await?;
        let row = Matter {
            id: Id::new(),
            kind: kind.word().into(),
            state: state.into(),
            known_on,
            title: self.matter_title(kind, answers),
            about_worker_id: about,
            person_id: child.map(|c| c.id),
            child_name: said(answers, "child"),
            words: answers.text("words").trim().to_owned(),
            form: sheet.form.id.clone(),
            form_version: sheet.form.version.to_string(),
            answers: answers.clone().into_map().into(),
            officer_id: officer,
            outcome: None,
            closed_on: None,
            told_by: viewer.principal.worker,
            told_at: tx.now(),
            version: 1,
        };
        let sees = self.deals_with(viewer, kind) && about != Some(viewer.principal.worker);
        let page = match sees {
            true => format!("/{}/{}", kind.folder(), row.id),
            false => "/".to_owned(),
        };
        asking::claim(&mut tx, once, &page).await?;
        tx.insert(&row).await?;
        let of = about_matter(kind, &row);
        let (at, now) = (time::start_of(known_on), tx.now());
        clocks::start(&mut tx, self.pack(), known, at, &of).await?;
        if let Some(told) = told {
            clocks::stop(&mut tx, self.pack(), told, now, KIND, &of.id).await?;
            clocks::start(&mut tx, self.pack(), told, now, &of).await?;
        }
        if answers.text("what") == "leaver_died" {
            let event = "incident.leaver_died";
            clocks::start(&mut tx, self.pack(), event, at, &of).await?;
        }
        tx.drop_draft(viewer.principal.worker, &sheet.draft())
            .await?;
        tx.commit().await?;
        Ok(Done::new(told_words(kind, sees, alone), page))
    }

    /// A matter of a kind, for those who deal with it.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is none for this viewer.
    pub async fn matter(
        &self,
        viewer: &Viewer,
        kind: MatterKind,
        id: Id<ids::Matter>,
        asked: Asked<'_>,
    ) -> Result<Guarded<Matter>> {
        let seen = self.gate().matter(viewer, id, asked).await?;
        seen.filter(|m| m.kind == kind.word())
            .ok_or(Error::NotFound)
    }

    /// One of the pages about a matter.
    ///
    /// # Errors
    /// [`Error::NotFound`] for whom the matter is not; [`Error::Refused`] when
    /// it is not the moment for this page.
    pub async fn ask_matter(
        &self,
        viewer: &Viewer,
        kind: MatterKind,
        id: Id<ids::Matter>,
        word: &str,
    ) -> Result<(Guarded<Matter>, Sheet, &'static MatterStep)> {
        let step = kind.step(word).ok_or(Error::NotFound)?;
        let matter = self
            .matter(viewer, kind, id, Asked::to_write(step.form))
            .await?;
        if !step.from.contains(&matter.state.as_str()) {
            return Err(Error::Refused(format!(
                "“{}” does not fit where this stands now: {}. Open it to see what comes next.",
                step.link,
                kinds::state_words(&matter.state).to_lowercase()
            )));
        }
        let page = format!("/{}/{id}", kind.folder());
        let mut sheet = Sheet::new(self.form(step.form)?, format!("{page}/{word}"), page);
        sheet.title = format!("{}: {}", step.link, matter.title);
        sheet.button = "Save".to_owned();
        sheet.day("on", viewer.today);
        Ok((matter, sheet, step))
    }

    /// Saves one of the pages about a matter: keeps what was answered, moves
    /// its clocks, and at the end its outcome.
    ///
    /// # Errors
    /// As [`Casework::ask_matter`]; [`Error::Findings`] when something must be
    /// put right.
    pub async fn save_matter(
        &self,
        viewer: &Viewer,
        kind: MatterKind,
        id: Id<ids::Matter>,
        word: &str,
        answers: &Answers,
        once: &str,
    ) -> Result<Done> {
        let (seen, sheet, step) = self.ask_matter(viewer, kind, id, word).await?;
        sheet.check(answers)?;
        let day = past_day(answers, "on", viewer.today)?;
        if day < seen.known_on {
            let message = format!(
                "Write a day from {} on, when it was known",
                vocabulary::plain::date(seen.known_on)
            );
            return Err(Error::finding("on", "When?", &message));
        }
        if step.word == END {
            self.may_stand_in_chronology(&seen, answers).await?;
        }
        let mut tx = self.store().begin(&viewer.actor()).await?;
        asking::claim(&mut tx, once, &sheet.back).await?;
        let mut row: Matter = tx.get(id).await?;
        if !step.from.contains(&row.state.as_str()) {
            return Err(Error::Already(sheet.back));
        }
        let entry = MatterEntry {
            id: Id::new(),
            matter_id: id,
            kind: step.word.into(),
            happened_on: day,
            form: sheet.form.id.clone(),
            form_version: sheet.form.version.to_string(),
            answers: answers.clone().into_map().into(),
            made_by: viewer.principal.worker,
            made_at: tx.now(),
            version: 1,
        };
        tx.insert(&entry).await?;
        if let Some(to) = step.to {
            row.state = to.into();
        }
        let first = row.officer_id.is_none();
        row.officer_id = row.officer_id.or(Some(viewer.principal.worker));
        if step.word == END {
            row.outcome = said(answers, "outcome");
            row.closed_on = Some(day);
        }
        if row != *seen {
            tx.update(&mut row).await?;
        }
        if first {
            clocks::hand_over(&mut tx, KIND, id.as_str(), None, row.officer_id).await?;
        }
        self.move_clocks(&mut tx, kind, &row, step, answers, day)
            .await?;
        let words = match step.word {
            END => {
                self.settle_matter(&mut tx, kind, &row, answers, day)
                    .await?
            }
            _ => "Saved.".to_owned(),
        };
        tx.drop_draft(viewer.principal.worker, &sheet.draft())
            .await?;
        tx.commit().await?;
        Ok(Done::new(words, sheet.back))
    }

    /// Stops and starts what a page stops and starts.
    async fn move_clocks(
        &self,
        tx: &mut Tx,
        kind: MatterKind,
        row: &Matter,
        step: &MatterStep,
        answers: &Answers,
        day: NaiveDate,
    ) -> Result<()> {
        let (pack, about) = (self.pack(), about_matter(kind, row));
        let since = match step.since {
            From::Here => day,
            From::Known => row.known_on,
            From::Page(word) => {
                let pages: Vec<MatterEntry> = asking::rows(
                    tx,
                    "matter_id = $1 and kind = $2 order by happened_on desc",
                    args![row.id, word],
                )
                .await?;
                pages.first().map_or(day, |page| page.happened_on)
            }
        };
        let mut events = vec![step.event];
        if let Some((field, value, event)) = step.also
            && (value.is_empty() || answers.text(field) == value)
        {
            events.push(event);
        }
        for event in events {
            clocks::stop(tx, pack, event, time::start_of(day), KIND, &about.id).await?;
            clocks::start(tx, pack, event, time::start_of(since), &about).await?;
        }
        Ok(())
    }

    /// What a matter is called on its board.
    fn matter_title(&self, kind: MatterKind, answers: &Answers) -> String {
        let text = |name: &str| answers.text(name).trim().to_owned();
        match kind {
            MatterKind::Allegation => format!("{}, {}", text("about_name"), text("about_post")),
            MatterKind::Complaint => format!("{}: {}", text("by_name"), text("about")),
            MatterKind::Incident => {
                let what = self.label("incident-kind", answers.text("what"));
                let what = what.split(',').next().unwrap_or_default().to_owned();
                format!("{}: {}", text("child"), what.to_lowercase())
            }
        }
    }

    /// Everybody at work today, by name.
    async fn at_work(&self) -> Result<Vec<AtWork>> {
        Ok(self
            .store()
            .read_db()
            .all(
                "select id, name, job_title, role from worker where active = $1 \
                 and starts_on <= $2 and (ends_on is null or ends_on >= $2) order by name, id",
                args![true, time::today()],
            )
            .await?)
    }

    /// Who deals with a new matter, when only one person does; and whether
    /// nobody does but the one whom it is about.
    async fn officer_for(
        &self,
        kind: MatterKind,
        about: Option<Id<ids::Worker>>,
    ) -> Result<(Option<Id<ids::Worker>>, bool)> {
        let needs = self.gate().deals_with_matters(kind.word());
        let deal: Vec<Id<ids::Worker>> = self
            .at_work()
            .await?
            .into_iter()
            .filter(|worker| {
                let role = self.pack().role(&worker.role, time::today());
                role.is_some_and(|role| role.capabilities.iter().any(|c| needs.contains(c)))
            })
            .map(|worker| worker.id)
            .filter(|id| Some(*id) != about)
            .collect();
        Ok((
            deal.first().copied().filter(|_| deal.len() == 1),
            deal.is_empty(),
        ))
    }
}

/// Whose the clocks of a matter are: its officer's and nobody else's. They name
/// no child, so that no list about a child shows them.
pub(crate) fn about_matter(kind: MatterKind, row: &Matter) -> About {
    About {
        kind: KIND,
        id: row.id.to_string(),
        worker: row.officer_id,
        path: format!("/{}/{}", kind.folder(), row.id),
        ..About::default()
    }
}

fn told_words(kind: MatterKind, sees: bool, alone: bool) -> String {
    let who = match kind {
        MatterKind::Allegation => "The designated officer has it",
        MatterKind::Complaint => "Those who deal with complaints have it",
        MatterKind::Incident => "Those who deal with serious incidents have it",
    };
    match (sees, alone) {
        (_, true) => "Saved, but nobody at work deals with this: ring the director now.".into(),
        (true, false) => "Saved. The clocks are running.".into(),
        (false, false) => {
            format!("{who}. You do not see it again: talk about it only with them.")
        }
    }
}
