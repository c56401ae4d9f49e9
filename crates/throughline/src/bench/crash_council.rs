//! The small council of the crash harness, and the account of what is in its
//! record after each kill.

use std::collections::HashMap;
use std::path::Path;

use anyhow::Result;
use casework::people::NewPerson;
use casework::{Casework, time};
use chrono::Days;
use record::journal::verify;
use record::model::{Involvement, Team, Worker};
use record::{Actor, args};
use vocabulary::{Id, ids};

use super::crash_http::{Acknowledged, counted};
use crate::council::{self, Place};

/// How many workers write at the same time.
const WRITERS: usize = 8;
/// Their children: names that are not alike.
const CHILDREN: [&str; WRITERS] = [
    "Wren Tarnbeck",
    "Odalys Quill",
    "Bram Fennimore",
    "Isolde Marsh",
    "Cato Pellwether",
    "Juno Askrigg",
    "Tove Lindqvist",
    "Rafe Oxenholme",
];
/// Their password.
pub(super) const PASSWORD: &str = "otter bridge violin";

/// The record of a folder.
pub(super) fn database(folder: &Path) -> String {
    format!("sqlite:{}", folder.join("council.db").display())
}

async fn open(folder: &Path) -> Result<Casework> {
    council::open(&Place {
        name: "Children’s services".to_owned(),
        database: database(folder),
        keys: folder.join("keys"),
        heads: folder.join("keys/heads.jsonl"),
        packs: Vec::new(),
        policy: None,
    })
    .await
}

/// Makes a team whose every worker holds one child; gives each worker's
/// username and id, and the child.
pub(super) async fn make(folder: &Path) -> Result<Vec<(String, Id<ids::Worker>, Id<ids::Person>)>> {
    let casework = open(folder).await?;
    let password_hash = casework::sign_in::hash_password(PASSWORD)?;
    let mut tx = casework.store().begin(&Actor::system("bench")).await?;
    let team = Team {
        id: Id::new(),
        name: "North".to_owned(),
        kind: "locality".to_owned(),
        phone: None,
        email: None,
        manager_id: None,
        cover: serde_json::json!([]),
        version: 1,
    };
    tx.insert(&team).await?;
    let mut made = Vec::new();
    for (n, child) in CHILDREN.iter().enumerate() {
        let worker = Worker {
            id: Id::new(),
            username: format!("writer.{n}"),
            name: format!("Writer {n}"),
            job_title: "Social worker".to_owned(),
            role: "social_worker".to_owned(),
            team_id: Some(team.id),
            agency: "social_care".to_owned(),
            phone: None,
            email: None,
            fte_hundredths: 100,
            newly_qualified: false,
            supervisor_id: None,
            starts_on: time::today() - Days::new(30),
            ends_on: None,
            active: true,
            password_hash: password_hash.clone(),
            social_work_number: None,
            version: 1,
        };
        tx.insert(&worker).await?;
        let (given, family_name) = child.split_once(' ').unwrap_or((child, ""));
        let family = casework.new_family(&mut tx, family_name).await?;
        let new = NewPerson {
            given: given.to_owned(),
            family_name: family_name.to_owned(),
            ..NewPerson::default()
        };
        let child = casework
            .add_person(&mut tx, &new, Some(family.id), true)
            .await?;
        tx.insert(&held(&worker, child.id)).await?;
        made.push((worker.username, worker.id, child.id));
    }
    tx.commit().await?;
    casework.store().close().await?;
    Ok(made)
}

fn held(worker: &Worker, child: Id<ids::Person>) -> Involvement {
    Involvement {
        id: Id::new(),
        person_id: child,
        worker_id: Some(worker.id),
        team_id: worker.team_id,
        role: "allocated".to_owned(),
        name: worker.name.clone(),
        job_title: worker.job_title.clone(),
        agency: "social_care".to_owned(),
        phone: None,
        email: None,
        lead: true,
        sensitive: false,
        started_on: time::today(),
        ended_on: None,
        change_reason: None,
        version: 1,
    }
}

/// What is wrong after a kill. All zero is well.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Account {
    /// Acknowledged, and not there with its event.
    pub lost: u64,
    /// There more than once.
    pub twice: u64,
    /// Chains that do not hold; rows without events and events without rows.
    pub faults: u64,
}

impl Account {
    pub fn add(&mut self, other: &Account) {
        self.lost += other.lost;
        self.twice += other.twice;
        self.faults += other.faults;
    }
}

#[derive(sqlx::FromRow)]
struct Words {
    words: String,
}

#[derive(sqlx::FromRow)]
struct Count {
    n: i64,
}

/// Opens the record as a restart does and looks for everything.
pub(super) async fn account(folder: &Path, known: &Acknowledged) -> Result<Account> {
    let casework = open(folder).await?;
    let db = casework.store().read_db();
    let notes: Vec<Words> = db
        .all(
            "select n.words from note n join journal j on j.object_kind = 'note' \
             and j.object_id = n.id and j.action = 'created'",
            args![],
        )
        .await?;
    let contacts: Vec<Words> = db
        .all(
            "select c.concern as words from contact c join journal j on j.object_kind = 'contact' \
             and j.object_id = c.id and j.action = 'created'",
            args![],
        )
        .await?;
    let mut account = Account::default();
    compare(&known.notes, notes, &mut account);
    compare(&known.contacts, contacts, &mut account);
    for ((worker, target), (seq, mark)) in &known.drafts {
        let draft = casework.store().draft(*worker, target, false).await?;
        // A later save may have been under way and got through.
        let there = draft.is_some_and(|d| {
            d.seq > *seq || (d.seq == *seq && d.body.to_string().contains(mark.as_str()))
        });
        account.lost += u64::from(!there);
    }
    for torn in [
        "select count(*) as n from note where not exists (select 1 from journal j \
         where j.object_kind = 'note' and j.object_id = note.id and j.action = 'created')",
        "select count(*) as n from journal j where j.object_kind = 'note' and j.action = 'created' \
         and not exists (select 1 from note where note.id = j.object_id)",
        "select count(*) as n from contact where not exists (select 1 from journal j \
         where j.object_kind = 'contact' and j.object_id = contact.id and j.action = 'created')",
        "select count(*) as n from journal j where j.object_kind = 'contact' \
         and j.action = 'created' and not exists (select 1 from contact where contact.id = j.object_id)",
    ] {
        let count: Count = db.one(torn, args![]).await?;
        account.faults += count.n.unsigned_abs();
    }
    let report = verify::verify(db, &[], |_| {}).await?;
    for fault in &report.faults {
        eprintln!(
            "chain {}, event {}: {}",
            fault.writer, fault.seq, fault.what
        );
    }
    account.faults += report.faults.len() as u64;
    casework.store().close().await?;
    Ok(account)
}

fn compare(known: &[String], found: Vec<Words>, account: &mut Account) {
    let there: HashMap<String, u32> = counted(found.into_iter().map(|w| w.words).collect());
    account.lost += known.iter().filter(|m| !there.contains_key(*m)).count() as u64;
    account.twice += there.values().filter(|n| **n > 1).count() as u64;
}
