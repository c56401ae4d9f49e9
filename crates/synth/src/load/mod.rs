//! Brings the invented borough into a record, through the same transactions
//! and the same journal as everything else: each row is told by whoever did
//! the work, at the time of the story.
//!
//! The families that tours and tests name come first, so that the pages can be
//! used while the rest goes on. How far it has come is kept in the record
//! itself (the settings `demo.*`), so that a load that was interrupted goes on
//! where it stopped, and a second start changes nothing.

mod assessment;
mod batch;
mod between;
mod care;
mod care_done;
mod carers;
mod centres;
mod clock;
mod council;
mod court;
mod door;
mod early_help;
mod extras;
mod history;
mod ids;
mod leaving;
mod matters;
mod notes;
mod packages;
mod panels;
mod people;
mod plans;
mod private_fostering;
mod protection;
mod referring;
mod requests;
mod voice;
mod work;
mod written;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use casework::{Casework, Error, Result, time};
use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use record::{Actor, Store, Tx, args};
use tokio::task::JoinHandle;
use vocabulary::{Id, ids as id};

use crate::{Agency, Borough, Family, SEED, Size, Worker};

/// How long one transaction may take. It ends earlier when somebody waits for
/// the writer.
const TURN: Duration = Duration::from_secs(2);
/// How many families are made into rows at a time.
const TOGETHER: usize = 8;

/// How far a load has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Families written.
    pub families: usize,
    /// Families in all.
    pub of: usize,
}

impl Progress {
    /// Whether everything is there.
    pub fn done(self) -> bool {
        self.families == self.of
    }
}

/// What the record says about an invented borough that was loaded into it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loaded {
    /// Which size.
    pub size: Size,
    /// The hour it was made for, in London time.
    pub now: NaiveDateTime,
    /// How far the load came.
    pub progress: Progress,
}

/// What a record holds of an invented borough; nothing if it holds none.
pub async fn loaded(store: &Store) -> Result<Option<Loaded>> {
    let Some(said) = setting(store, "demo.borough").await? else {
        return Ok(None);
    };
    let parts: Vec<&str> = said.split(' ').collect();
    let read = || -> Option<Loaded> {
        let [size, now, families, of] = parts.as_slice() else {
            return None;
        };
        Some(Loaded {
            size: Size::of(size)?,
            now: now.parse().ok()?,
            progress: Progress {
                families: families.parse().ok()?,
                of: of.parse().ok()?,
            },
        })
    };
    read()
        .map(Some)
        .ok_or_else(|| settings(format!("the setting demo.borough cannot be read: {said}")))
}

async fn setting(store: &Store, name: &str) -> Result<Option<String>> {
    #[derive(sqlx::FromRow)]
    struct Setting {
        value: String,
    }
    let found: Option<Setting> = store
        .read_db()
        .maybe("select value from setting where name = $1", args![name])
        .await?;
    Ok(found.map(|s| s.value))
}

/// A load that can be done a part at a time.
pub struct Loader {
    casework: Casework,
    borough: Arc<Borough>,
    /// The families in the order they are written.
    order: Vec<usize>,
    /// How many of them come before the pages open.
    first: usize,
    done: usize,
}

impl Loader {
    /// Begins a load, or goes on with one. Writes teams and workers, with one
    /// password for all, if they are not there yet.
    ///
    /// # Errors
    /// When the record fails, or holds a borough of another size.
    pub async fn begin(
        casework: &Casework,
        size: Size,
        now: NaiveDateTime,
        password_hash: &str,
    ) -> Result<Loader> {
        Loader::begin_with(casework, size, now, password_hash, soon).await
    }

    /// As [`Loader::begin`], with the families that `first` chooses before all
    /// others, for tests and measurements that need no more than them. A load
    /// goes on only with the choice it was begun with.
    ///
    /// # Errors
    /// As [`Loader::begin`].
    pub async fn begin_with(
        casework: &Casework,
        size: Size,
        now: NaiveDateTime,
        password_hash: &str,
        first: impl Fn(&Family) -> bool,
    ) -> Result<Loader> {
        let before = loaded(casework.store()).await?;
        if before.as_ref().is_some_and(|b| b.size != size) {
            return Err(settings(
                "this record holds a borough of another size".to_owned(),
            ));
        }
        let made_for = before.as_ref().map_or(now, |b| b.now);
        let borough = tokio::task::spawn_blocking(move || Borough::generate(size, SEED, made_for))
            .await
            .map_err(|e| settings(e.to_string()))?;
        let (order, first) = order(&borough, first);
        let loader = Loader {
            casework: casework.clone(),
            done: before.as_ref().map_or(0, |b| b.progress.families),
            order,
            first,
            borough: Arc::new(borough),
        };
        if before.is_none() {
            loader.council(password_hash).await?;
        }
        Ok(loader)
    }

    /// The borough that is being loaded.
    pub fn borough(&self) -> &Borough {
        &self.borough
    }

    /// How far it has come.
    pub fn progress(&self) -> Progress {
        Progress {
            families: self.done,
            of: self.order.len(),
        }
    }

    /// Loads what the demonstration's people work with: the named stories, the
    /// front door and the North team.
    ///
    /// # Errors
    /// When the record fails.
    pub async fn first(&mut self, told: impl FnMut(Progress)) -> Result<()> {
        self.up_to(self.first, told).await
    }

    /// Loads everything that is not there yet, and makes way for those who work
    /// meanwhile.
    ///
    /// # Errors
    /// When the record fails.
    pub async fn rest(&mut self, told: impl FnMut(Progress)) -> Result<()> {
        self.up_to(self.order.len(), told).await
    }

    /// Writes families until `end`. The next rows are made while the last ones
    /// are written.
    async fn up_to(&mut self, end: usize, mut told: impl FnMut(Progress)) -> Result<()> {
        let casework = self.casework.clone();
        let clerk = Actor::system("demo");
        let mut next = self.rows(self.done, end);
        while self.done < end {
            let mut tx = casework.store().begin(&clerk).await?;
            let started = Instant::now();
            let mut done = self.done;
            let goes_on = |tx: &Tx| started.elapsed() < TURN && !tx.is_in_the_way();
            while done < end && (done == self.done || goes_on(&tx)) {
                let batch = next.await.map_err(|e| settings(e.to_string()))?;
                done = (done + TOGETHER).min(end);
                next = self.rows(done, end);
                batch.write(&mut tx).await?;
                batch.index(&mut tx).await?;
            }
            if self.done < self.first && done >= self.first {
                extras::write(&mut tx, &self.borough, &casework).await?;
                between::write(&mut tx, &self.borough).await?;
                carers::write(&mut tx, &self.borough, &casework).await?;
                matters::write(&mut tx, &self.borough, &casework).await?;
                centres::write(&mut tx, &self.borough).await?;
                requests::write(&mut tx, &self.borough, &casework).await?;
            }
            if done >= self.order.len() {
                carers::fill(&mut tx).await?;
            }
            self.say(&mut tx, done).await?;
            tx.commit().await?;
            self.done = done;
            told(self.progress());
        }
        Ok(())
    }

    /// The rows of the next families, made on a thread of their own.
    fn rows(&self, from: usize, end: usize) -> JoinHandle<batch::Batch> {
        let numbers = self.order[from..(from + TOGETHER).min(end)].to_vec();
        let (borough, casework) = (self.borough.clone(), self.casework.clone());
        tokio::task::spawn_blocking(move || {
            let land = Land::of(&borough, &casework);
            let mut batch = batch::Batch::default();
            for n in numbers {
                let mut entry = people::Entry::new(&land, &borough.families[n]);
                entry.people(&mut batch);
                entry.history(&mut batch);
            }
            batch
        })
    }

    async fn council(&self, password_hash: &str) -> Result<()> {
        let clerk = Actor::system("demo");
        let mut tx = self.casework.store().begin(&clerk).await?;
        let at = people::morning(self.borough.now.date() - chrono::Duration::days(3650));
        council::write(&mut tx, &self.borough, password_hash, &clerk, at).await?;
        self.say(&mut tx, 0).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Keeps how far the load has come, in the same transaction as the rows.
    async fn say(&self, tx: &mut Tx, done: usize) -> Result<()> {
        let (size, now) = (self.borough.size.word(), self.borough.now);
        let said = format!("{size} {now:?} {done} {}", self.order.len());
        tx.run(
            "insert into setting (name, value) values ('demo.borough', $1) \
             on conflict (name) do update set value = excluded.value",
            args![said],
        )
        .await?;
        let loading = if done < self.order.len() { "yes" } else { "no" };
        tx.run(
            "insert into setting (name, value) values ('demo.loading', $1) \
             on conflict (name) do update set value = excluded.value",
            args![loading],
        )
        .await?;
        Ok(())
    }
}

impl Size {
    /// The word: small, full, large or county.
    pub fn word(self) -> &'static str {
        match self {
            Size::Small => "small",
            Size::Full => "full",
            Size::Large => "large",
            Size::County => "county",
        }
    }

    /// The size of that word.
    pub fn of(word: &str) -> Option<Size> {
        [Size::Small, Size::Full, Size::Large, Size::County]
            .into_iter()
            .find(|s| s.word() == word)
    }
}

/// What the pages need first: the named stories, the front door and the North
/// team.
fn soon(family: &Family) -> bool {
    family.story.is_some() || matches!(family.team, Some("front-door" | "north"))
}

/// The chosen families first; how many those are.
fn order(borough: &Borough, first: impl Fn(&Family) -> bool) -> (Vec<usize>, usize) {
    let chosen = |n: &usize| first(&borough.families[*n]);
    let (mut order, later): (Vec<usize>, Vec<usize>) =
        (0..borough.families.len()).partition(chosen);
    let first = order.len();
    order.extend(later);
    (order, first)
}

/// What all families share while they are written.
pub(crate) struct Land<'a> {
    pub(crate) now: DateTime<Utc>,
    pub(crate) casework: &'a Casework,
    pub(crate) workers: HashMap<&'a str, &'a Worker>,
    pub(crate) managers: HashMap<&'a str, &'a str>,
    languages: HashMap<String, String>,
    teams: HashMap<&'a str, Id<id::Team>>,
}

impl<'a> Land<'a> {
    fn of(borough: &'a Borough, casework: &'a Casework) -> Land<'a> {
        let codes = casework.pack().codes("languages", time::today());
        Land {
            now: time::from_local(borough.now),
            casework,
            workers: borough
                .workers
                .iter()
                .map(|w| (w.username.as_str(), w))
                .collect(),
            managers: borough
                .teams
                .iter()
                .map(|t| (t.id, t.manager.as_str()))
                .collect(),
            languages: codes
                .into_iter()
                .flat_map(|set| set.codes.iter())
                .map(|c| (c.label.clone(), c.code.clone()))
                .collect(),
            teams: borough
                .teams
                .iter()
                .flat_map(|t| t.covers.iter().map(|c| (*c, ids::team(t.id))))
                .collect(),
        }
    }

    /// A worker as the one who acts.
    pub(crate) fn actor(&self, username: &str) -> Actor {
        Actor::worker(ids::worker(username), None)
    }

    /// The code of a language, or the word itself where the pack has none.
    pub(crate) fn language(&self, word: &str) -> String {
        self.languages
            .get(word)
            .cloned()
            .or_else(|| {
                let part = |label: &str| label.split(" or ").any(|l| l == word);
                let found = self.languages.iter().find(|(label, _)| part(label));
                found.map(|(_, code)| code.clone())
            })
            .unwrap_or_else(|| word.to_owned())
    }

    /// The locality team that covers an outcode.
    pub(crate) fn team_of(&self, outcode: &str) -> Option<Id<id::Team>> {
        self.teams.get(outcode).copied()
    }

    /// The manager of a team.
    pub(crate) fn manager_of(&self, team: Option<Id<id::Team>>) -> Option<&'a str> {
        self.managers
            .iter()
            .find(|(id, _)| Some(ids::team(id)) == team)
            .map(|(_, manager)| *manager)
    }

    /// Nine in the morning of a day, and never later than now.
    pub(crate) fn morning(&self, day: NaiveDate) -> DateTime<Utc> {
        people::morning(day).min(self.now)
    }
}

/// The word of the pack's list of agencies.
pub(crate) fn agency(agency: Agency) -> &'static str {
    match agency {
        Agency::SocialCare => "social_care",
        Agency::EarlyHelp => "early_help",
        Agency::Police => "police",
        Agency::Health => "health",
        Agency::School => "school",
        Agency::Housing => "housing",
        Agency::Voluntary => "voluntary",
        Agency::SubstanceUse => "substance_use",
        Agency::DomesticAbuse => "domestic_abuse",
        Agency::Probation => "probation",
        Agency::Youth => "youth_justice",
        Agency::Family => "family",
    }
}

fn settings(message: String) -> Error {
    Error::Record(record::Error::Settings(message))
}
