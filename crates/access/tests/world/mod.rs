//! Small invented worlds: workers, people and everything that can stand between
//! them. [`World::facts`] reads a world in plain Rust, without any SQL, so that
//! it can disagree with the database when either is wrong.

#![allow(dead_code)] // The benchmark and the tests each use a part.

use access::{Bar, Facts, Moment, Principal, Section, Tie, TieKind};
use chrono::{DateTime, Days, NaiveDate, SecondsFormat, TimeDelta, Utc};
use vocabulary::Id;

/// The tables, as the contract between this crate and the record names them.
pub const TABLES: &str = "
CREATE TABLE involvement (id text, person_id text, worker_id text, team_id text, role text, started_on date, ended_on date);
CREATE TABLE restriction (id text, person_id text, reason text, ended_at timestamptz);
CREATE TABLE restriction_allow (restriction_id text, worker_id text);
CREATE TABLE conflict (id text, worker_id text, person_id text, ended_at timestamptz);
CREATE TABLE access_grant (id text, kind text, worker_id text, person_id text, section text,
  starts_at timestamptz, ends_at timestamptz, ended_at timestamptz);
CREATE TABLE contact (id text, state text);
CREATE TABLE contact_child (contact_id text, person_id text);
CREATE TABLE worker (id text, team_id text, role text, supervisor_id text, starts_on date, ends_on date, active boolean);
CREATE TABLE family_member (family_id text, person_id text, left_on date);
CREATE TABLE person (id text);
";

/// A row's day, counted from today.
pub type Day = i64;
/// A row's instant, in hours from now.
pub type Hour = i64;

#[derive(Debug, Clone)]
pub struct Worker {
    pub team: Option<usize>,
    pub supervisor: Option<usize>,
    pub starts: Day,
    pub ends: Option<Day>,
    pub active: bool,
}

#[derive(Debug, Clone)]
pub struct Involvement {
    pub person: usize,
    pub worker: Option<usize>,
    pub team: Option<usize>,
    pub role: &'static str,
    pub started: Day,
    pub ended: Option<Day>,
}

#[derive(Debug, Clone)]
pub struct Restriction {
    pub person: usize,
    pub ended: Option<Hour>,
    pub allow: Vec<usize>,
}

#[derive(Debug, Clone)]
pub struct Conflict {
    pub worker: usize,
    pub person: usize,
    pub ended: Option<Hour>,
}

#[derive(Debug, Clone)]
pub struct Grant {
    pub kind: TieKind,
    pub worker: usize,
    pub person: usize,
    pub section: Section,
    pub starts: Hour,
    pub ends: Hour,
    pub ended: Option<Hour>,
}

#[derive(Debug, Clone)]
pub struct Contact {
    pub state: &'static str,
    pub children: Vec<usize>,
}

#[derive(Debug, Clone)]
pub struct Member {
    pub family: usize,
    pub person: usize,
    pub left: Option<Day>,
}

#[derive(Debug, Clone)]
pub struct World {
    pub people: usize,
    pub workers: Vec<Worker>,
    pub involvements: Vec<Involvement>,
    pub restrictions: Vec<Restriction>,
    pub conflicts: Vec<Conflict>,
    pub grants: Vec<Grant>,
    pub contacts: Vec<Contact>,
    pub members: Vec<Member>,
    /// The first worker looks after restricted records.
    pub shield: bool,
}

/// The moment at which every world is asked.
pub fn moment() -> Moment {
    let today = NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();
    Moment {
        at: today.and_hms_opt(9, 30, 0).unwrap().and_utc(),
        today,
    }
}

/// A made-up id that is the same each time.
pub fn id<T>(number: usize) -> Id<T> {
    let mut chance = [0; 10];
    chance[2..].copy_from_slice(&(number as u64).to_be_bytes());
    Id::from_parts(1, chance)
}

fn day(offset: Day) -> NaiveDate {
    match u64::try_from(offset) {
        Ok(ahead) => moment().today + Days::new(ahead),
        Err(_) => moment().today - Days::new(offset.unsigned_abs()),
    }
}

fn hour(offset: Hour) -> DateTime<Utc> {
    moment().at + TimeDelta::hours(offset)
}

impl World {
    /// The worker numbered 0, who asks.
    pub fn principal(&self, role: &str, capabilities: &[&str], teams: &[usize]) -> Principal {
        Principal {
            worker: id(0),
            role: role.to_owned(),
            capabilities: capabilities.iter().map(|c| (*c).to_owned()).collect(),
            team: self.workers[0].team.map(id),
            teams_supervised: teams.iter().map(|t| id(*t)).collect(),
            active: true,
        }
    }

    /// What holds between worker 0 and `person`, read from the rows.
    pub fn facts(&self, person: usize, teams_supervised: &[usize]) -> Facts {
        let mut facts = Facts {
            ties: self.involved(person, teams_supervised),
            bars: self.bars(person),
        };
        let open = |c: &Contact| ["new", "screening", "mash"].contains(&c.state);
        let at_the_door = |who| {
            self.contacts
                .iter()
                .any(|c| open(c) && c.children.contains(&who))
        };
        let lives = |family, who| {
            self.members.iter().any(|m| {
                m.family == family && m.person == who && m.left.is_none_or(|left| left > 0)
            })
        };
        for family in 0..self.people {
            for kin in (0..self.people).filter(|kin| *kin != person) {
                let barred = self
                    .bars(kin)
                    .iter()
                    .any(|b| matches!(b, Bar::Conflict | Bar::Restricted { allowed: false }));
                if lives(family, person) && lives(family, kin) && !barred {
                    let through = self.involved(kin, teams_supervised);
                    facts
                        .ties
                        .extend(through.iter().map(|tie| Tie::family(tie.kind)));
                    if at_the_door(kin) {
                        facts.ties.push(Tie::family(TieKind::OpenContact));
                    }
                }
            }
        }
        if at_the_door(person) {
            facts.ties.push(Tie::of(TieKind::OpenContact));
        }
        for grant in self
            .grants
            .iter()
            .filter(|g| g.worker == 0 && g.person == person)
        {
            if grant.starts <= 0 && grant.ends > 0 && grant.ended.is_none_or(|e| e > 0) {
                facts
                    .ties
                    .push(Tie::granted(grant.kind, grant.section, hour(grant.ends)));
            }
        }
        tidy(facts)
    }

    fn involved(&self, person: usize, teams_supervised: &[usize]) -> Vec<Tie> {
        let mut ties = Vec::new();
        let manages = |team: Option<usize>| team.is_some_and(|t| teams_supervised.contains(&t));
        for row in self.involvements.iter().filter(|i| i.person == person) {
            if row.started > 0 || row.ended.is_some_and(|e| e <= 0) {
                continue;
            }
            if row.worker == Some(0) {
                ties.push(Tie::of(match row.role {
                    "allocated" => TieKind::Allocated,
                    "co_worker" => TieKind::CoWorker,
                    "supervisor" => TieKind::Supervising,
                    _ => TieKind::Involved,
                }));
            }
            if row.team.is_some() && row.team == self.workers[0].team {
                ties.push(Tie::of(TieKind::TeamHolds));
            }
            let theirs = row.worker.map(|w| &self.workers[w]);
            if manages(row.team)
                || theirs.is_some_and(|w| w.supervisor == Some(0) || manages(w.team))
            {
                ties.push(Tie::of(TieKind::Supervising));
            }
        }
        ties
    }

    fn bars(&self, person: usize) -> Vec<Bar> {
        let live = |ended: Option<Hour>| ended.is_none_or(|e| e > 0);
        let mut bars = Vec::new();
        let me = &self.workers[0];
        if !me.active || me.starts > 0 || me.ends.is_some_and(|e| e < 0) {
            bars.push(Bar::Left);
        }
        if self
            .conflicts
            .iter()
            .any(|c| c.worker == 0 && c.person == person && live(c.ended))
        {
            bars.push(Bar::Conflict);
        }
        for row in self
            .restrictions
            .iter()
            .filter(|r| r.person == person && live(r.ended))
        {
            bars.push(Bar::Restricted {
                allowed: self.shield || row.allow.contains(&0),
            });
        }
        bars
    }

    /// The statements that empty the tables and fill them with this world.
    pub fn statements(&self) -> String {
        let mut sql = String::from(
            "DELETE FROM involvement; DELETE FROM restriction; DELETE FROM restriction_allow; \
             DELETE FROM conflict; DELETE FROM access_grant; DELETE FROM contact; \
             DELETE FROM contact_child; DELETE FROM worker; DELETE FROM family_member; \
             DELETE FROM person;\n",
        );
        let mut row = |table: &str, values: &[String]| {
            sql.push_str(&format!(
                "INSERT INTO {table} VALUES ({});\n",
                values.join(", ")
            ));
        };
        for n in 0..self.people {
            row("person", &[key(n)]);
        }
        for (n, w) in self.workers.iter().enumerate() {
            let (team, boss) = (maybe(w.team, key), maybe(w.supervisor, key));
            let active = w.active.to_string();
            row(
                "worker",
                &[
                    key(n),
                    team,
                    word("any"),
                    boss,
                    on(w.starts),
                    maybe(w.ends, on),
                    active,
                ],
            );
        }
        for (n, i) in self.involvements.iter().enumerate() {
            let (worker, team) = (maybe(i.worker, key), maybe(i.team, key));
            let (from, to) = (on(i.started), maybe(i.ended, on));
            row(
                "involvement",
                &[key(n), key(i.person), worker, team, word(i.role), from, to],
            );
        }
        for (n, r) in self.restrictions.iter().enumerate() {
            row(
                "restriction",
                &[
                    key(n),
                    key(r.person),
                    word("high profile"),
                    maybe(r.ended, at),
                ],
            );
            for worker in &r.allow {
                row("restriction_allow", &[key(n), key(*worker)]);
            }
        }
        for (n, c) in self.conflicts.iter().enumerate() {
            row(
                "conflict",
                &[key(n), key(c.worker), key(c.person), maybe(c.ended, at)],
            );
        }
        for (n, g) in self.grants.iter().enumerate() {
            let (kind, section) = (word(g.kind.as_str()), word(g.section.as_str()));
            let times = [at(g.starts), at(g.ends), maybe(g.ended, at)];
            row(
                "access_grant",
                &[
                    &[key(n), kind, key(g.worker), key(g.person), section],
                    &times[..],
                ]
                .concat(),
            );
        }
        for (n, c) in self.contacts.iter().enumerate() {
            row("contact", &[key(n), word(c.state)]);
            for child in &c.children {
                row("contact_child", &[key(n), key(*child)]);
            }
        }
        for m in &self.members {
            row(
                "family_member",
                &[key(m.family), key(m.person), maybe(m.left, on)],
            );
        }
        sql
    }
}

/// Facts in one order, each once, so that two readings can be compared.
pub fn tidy(mut facts: Facts) -> Facts {
    facts.ties.sort();
    facts.ties.dedup();
    facts.bars.sort();
    facts.bars.dedup();
    facts
}

fn word(text: &str) -> String {
    format!("'{text}'")
}
fn key(number: usize) -> String {
    word(id::<()>(number).as_str())
}
fn on(offset: Day) -> String {
    word(&day(offset).to_string())
}
fn at(offset: Hour) -> String {
    // As sqlx writes an instant to SQLite.
    word(&hour(offset).to_rfc3339_opts(SecondsFormat::AutoSi, false))
}
fn maybe<T>(value: Option<T>, text: impl Fn(T) -> String) -> String {
    value.map_or("NULL".to_owned(), text)
}
