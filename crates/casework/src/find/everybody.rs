//! Everybody in memory, for finding: built from the record, and brought up to
//! the journal before every search, so that whatever was committed is found at
//! once, whichever process wrote it.
//!
//! Each process writes its own chain of the journal in order, so it is enough
//! to remember how far each chain was read.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Instant;

use chrono::NaiveDate;
use identity::dob::Dob;
use identity::model::Model;
use identity::roll::Roll;
use identity::row::Source;
use record::db::Db;
use record::{AssertSqlSafe, Value, args};
use serde_json::json;
use tokio::sync::{Mutex, OwnedMutexGuard};
use vocabulary::{BirthDate, BirthDateKind, Id, ids};

use super::candidates::{by_person, names_statement, places, postcodes_statement};
use super::keys;
use crate::Result;
use record::model::{Person, PersonName};

/// How many people are read at once.
const TOGETHER: usize = 2000;
/// Names are thought to be borne among at least so many people.
pub(super) const AMONG: usize = 50_000;

/// What is kept, made at the first search or at the start of the program.
#[derive(Default)]
pub struct Finder {
    kept: Arc<Mutex<Option<Everybody>>>,
}

impl std::fmt::Debug for Finder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Finder")
    }
}

/// Everybody, and how far the journal was read.
pub(super) struct Everybody {
    /// Names, dates, postcodes and numbers.
    pub(super) roll: Roll,
    /// Who has a reference to read out on the telephone.
    references: BTreeMap<String, BTreeSet<String>>,
    /// The last event that was read of each chain.
    read: BTreeMap<String, i64>,
}

/// The lock, with everybody in it.
pub(super) struct Here(OwnedMutexGuard<Option<Everybody>>);

impl Here {
    /// Everybody; `None` only before [`Finder::here`] has made them.
    pub(super) fn everybody(&mut self) -> Option<&mut Everybody> {
        self.0.as_mut()
    }
}

impl Finder {
    /// Everybody as of now. The first caller builds it, others wait. It is done
    /// in a task of its own: a page that is given up half way must not leave
    /// changes behind that were read and not taken in.
    pub(super) async fn here(&self, db: &Db) -> Result<Here> {
        let (kept, db) = (self.kept.clone(), db.clone());
        let task = tokio::spawn(async move {
            let mut kept = kept.lock_owned().await;
            // What was half brought up to date is made anew.
            let fresh = match kept.take() {
                Some(mut everybody) => everybody.catch_up(&db).await.map(|()| everybody),
                None => Everybody::read(&db).await,
            };
            *kept = Some(fresh?);
            Ok::<Here, crate::Error>(Here(kept))
        });
        task.await
            .unwrap_or_else(|stopped| match stopped.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                Err(_) => Err(record::Error::Settings("the program is ending".into()).into()),
            })
    }
}

impl Everybody {
    async fn read(db: &Db) -> Result<Everybody> {
        #[derive(sqlx::FromRow)]
        struct Chain {
            writer: String,
            seq: i64,
        }
        #[derive(sqlx::FromRow)]
        struct Who {
            id: Id<ids::Person>,
        }
        let started = Instant::now();
        // First how far the journal is, then the people: what is changed
        // between is read twice and never missed.
        let sql = "select writer, max(seq) as seq from journal group by writer";
        let chains: Vec<Chain> = db.all(sql, args![]).await?;
        let mut everybody = Everybody {
            roll: Roll::new(Model::shipped(), AMONG),
            references: BTreeMap::new(),
            read: chains.into_iter().map(|c| (c.writer, c.seq)).collect(),
        };
        let mut last = String::new();
        loop {
            let sql = "select id from person where id > $1 order by id limit $2";
            let values = args![last, TOGETHER as i64];
            let people: Vec<Who> = db.all(sql, values).await?;
            let people: Vec<Id<ids::Person>> = people.into_iter().map(|w| w.id).collect();
            let Some(end) = people.last() else {
                break;
            };
            last = end.to_string();
            everybody.put(db, &people).await?;
            if everybody.roll.len() % 50_000 < TOGETHER {
                tracing::debug!(people = everybody.roll.len(), "reading the index");
            }
        }
        tracing::info!(
            people = everybody.roll.len(),
            seconds = started.elapsed().as_secs_f32(),
            "the index of people is ready"
        );
        Ok(everybody)
    }

    /// Reads what the journal says since the last time.
    async fn catch_up(&mut self, db: &Db) -> Result<()> {
        #[derive(sqlx::FromRow)]
        struct Chain {
            writer: String,
        }
        // Every chain opens with an event about the journal itself.
        let sql = "select writer from journal where object_kind = 'journal'";
        let chains: Vec<Chain> = db.all(sql, args![]).await?;
        for chain in chains {
            self.read.entry(chain.writer).or_insert(0);
        }
        let mut changed = Changed::default();
        loop {
            let marks: Vec<_> = self.read.iter().map(|(w, n)| json!([w, n])).collect();
            let sql = db.dialect().pick(SINCE_SQLITE, SINCE_POSTGRES);
            let values = args![serde_json::Value::from(marks)];
            let events: Vec<Event> = db.all(sql, values).await?;
            let more = events.len() >= MANY;
            for event in events {
                let read = self.read.entry(event.writer.clone()).or_insert(0);
                *read = event.seq.max(*read);
                changed.take(event);
            }
            if !more {
                break;
            }
        }
        let people = changed.people(db).await?;
        for some in people.chunks(TOGETHER) {
            self.put(db, some).await?;
        }
        Ok(())
    }

    /// Reads these people again, and takes out whoever is not to be found.
    async fn put(&mut self, db: &Db, people: &[Id<ids::Person>]) -> Result<()> {
        let statement = format!(
            "select p.id, p.given, p.family_name, p.known_as, p.born_on, p.born_kind, p.sex, \
             p.nhs_number, p.upn, {} as restricted, {} as joined \
             from person p where p.id in ({})",
            exists("restriction r where r.person_id = p.id and r.ended_at is null"),
            exists("merged m where m.other_id = p.id and m.parted_at is null"),
            places(1, people.len())
        );
        let which = || people.iter().map(Value::from).collect::<Vec<Value>>();
        let rows: Vec<Known> = db.all(AssertSqlSafe(statement), which()).await?;
        let (sql, values) = names_statement(people);
        let names: Vec<PersonName> = db.all(AssertSqlSafe(sql), values).await?;
        let mut names = by_person(names, |n| n.person_id);
        let (sql, values) = postcodes_statement(people);
        let lived: Vec<super::candidates::Lived> = db.all(AssertSqlSafe(sql), values).await?;
        let mut lived = by_person(lived, |l| l.person_id);
        let numbers: Vec<Numbers> = db
            .all(AssertSqlSafe(joined_numbers(people)), which())
            .await?;
        let mut numbers = by_person(numbers, |n| n.person_id);
        for row in rows {
            let id = row.id.to_string();
            if row.joined {
                self.roll.remove(&id);
                continue;
            }
            let mut also = names.remove(&row.id).unwrap_or_default();
            also.sort_by_key(|name| name.id);
            let lived: Vec<String> = lived
                .remove(&row.id)
                .unwrap_or_default()
                .into_iter()
                .map(|l| l.postcode)
                .collect();
            let numbers = numbers.remove(&row.id).unwrap_or_default();
            put(&mut self.roll, &row, &also, &lived, &numbers);
            let reference = keys::reference_of(&id);
            self.references.entry(reference).or_default().insert(id);
        }
        Ok(())
    }

    /// Who has one of these references.
    pub(super) fn with_reference(&self, references: &[String]) -> Vec<String> {
        let found = references.iter().filter_map(|r| self.references.get(r));
        found.flatten().cloned().collect()
    }
}

/// `case when exists ... end`, which both databases read as true or false.
fn exists(what: &str) -> String {
    format!("case when exists (select 1 from {what}) then true else false end")
}

/// What is known of a person.
#[derive(sqlx::FromRow)]
pub(super) struct Known {
    pub(super) id: Id<ids::Person>,
    pub(super) given: String,
    pub(super) family_name: String,
    pub(super) known_as: Option<String>,
    pub(super) born_on: Option<NaiveDate>,
    pub(super) born_kind: Option<String>,
    pub(super) sex: Option<String>,
    pub(super) nhs_number: Option<String>,
    pub(super) upn: Option<String>,
    /// The record is restricted: shielded from whoever is not on its list.
    pub(super) restricted: bool,
    /// It was joined with another that is written on.
    pub(super) joined: bool,
}

impl From<&Person> for Known {
    fn from(person: &Person) -> Known {
        Known {
            id: person.id,
            given: person.given.clone(),
            family_name: person.family_name.clone(),
            known_as: person.known_as.clone(),
            born_on: person.born_on,
            born_kind: person.born_kind.clone(),
            sex: person.sex.clone(),
            nhs_number: person.nhs_number.clone(),
            upn: person.upn.clone(),
            restricted: false,
            joined: false,
        }
    }
}

/// The numbers of a record that was joined with this one: they are this
/// person's too. A restricted record lends nothing.
#[derive(sqlx::FromRow)]
pub(super) struct Numbers {
    pub(super) person_id: Id<ids::Person>,
    pub(super) nhs_number: Option<String>,
    pub(super) upn: Option<String>,
}

fn joined_numbers(people: &[Id<ids::Person>]) -> String {
    format!(
        "select m.kept_id as person_id, o.nhs_number, o.upn from merged m \
         join person o on o.id = m.other_id \
         where m.parted_at is null and not exists (select 1 from restriction r \
         where r.person_id = o.id and r.ended_at is null) and m.kept_id in ({})",
        places(1, people.len())
    )
}

/// Puts a person in with every name, home and number: the first source is the
/// name in the record, then what they are known as, then the other names.
pub(super) fn put(
    roll: &mut Roll,
    row: &Known,
    also: &[PersonName],
    lived: &[String],
    joined: &[Numbers],
) {
    let mut names: Vec<(&str, &str)> = vec![(&row.given, &row.family_name)];
    names.extend(row.known_as.as_deref().map(|k| (k, &*row.family_name)));
    names.extend(also.iter().map(|n| (&*n.given, &*n.family_name)));
    let own = (row.nhs_number.as_deref(), row.upn.as_deref());
    let mut numbers = vec![own];
    numbers.extend(
        joined
            .iter()
            .map(|n| (n.nhs_number.as_deref(), n.upn.as_deref())),
    );
    let kind = row.born_kind.as_deref().and_then(BirthDateKind::from_code);
    let dob = row.born_on.map_or_else(Dob::default, |date| {
        Dob::from(BirthDate {
            date,
            kind: kind.unwrap_or(BirthDateKind::Exact),
        })
    });
    let most = names.len().max(lived.len()).max(numbers.len());
    let sources: Vec<(Source<'_>, Dob)> = (0..most)
        .map(|i| {
            let (given, family) = names.get(i).copied().unwrap_or(names[0]);
            let (first, rest) = given.split_once(' ').unwrap_or((given, ""));
            let (nhs, upn) = numbers.get(i).copied().unwrap_or(own);
            let source = Source {
                given: first.as_bytes(),
                middle: rest.as_bytes(),
                family: family.as_bytes(),
                sex: row.sex.as_deref().unwrap_or_default().as_bytes(),
                postcode: lived.get(i).map_or("", String::as_str).as_bytes(),
                nhs: nhs.unwrap_or_default().as_bytes(),
                upn: upn.unwrap_or_default().as_bytes(),
                ..Source::default()
            };
            (source, dob)
        })
        .collect();
    roll.put(row.id.as_ref(), row.restricted, &sources);
}

/// How many events are read at once.
const MANY: usize = 4000;

/// The events behind where each chain was read to. Of each chain they come in
/// order, so that the last one read is the new mark.
const SINCE_SQLITE: &str = "select j.writer, j.seq, j.action, j.object_kind, j.object_id \
    from json_each($1) m cross join journal j \
    where j.writer = m.value->>0 and j.seq > m.value->>1 limit 4000";
const SINCE_POSTGRES: &str = "select j.writer, j.seq, j.action, j.object_kind, j.object_id \
    from jsonb_array_elements($1) m cross join lateral \
    (select * from journal x where x.writer = m->>0 and x.seq > (m->>1)::bigint \
    order by x.seq limit 4000) j limit 4000";

#[derive(sqlx::FromRow)]
struct Event {
    writer: String,
    seq: i64,
    action: String,
    object_kind: String,
    object_id: String,
}

/// Rows that were written, whose people are to be read again.
#[derive(Default)]
struct Changed {
    people: BTreeSet<Id<ids::Person>>,
    rows: BTreeMap<&'static str, BTreeSet<String>>,
}

/// Tables by which a person is found, and the column that holds the person.
const ABOUT: [(&str, &str); 5] = [
    ("person_name", "person_id"),
    ("address", "person_id"),
    ("restriction", "person_id"),
    ("merged", "kept_id"),
    ("merged", "other_id"),
];

impl Changed {
    fn take(&mut self, event: Event) {
        if !matches!(event.action.as_str(), "created" | "changed") {
            return;
        }
        if event.object_kind == "person" {
            self.people
                .extend(event.object_id.parse::<Id<ids::Person>>());
        }
        for (table, _) in ABOUT
            .iter()
            .filter(|(table, _)| *table == event.object_kind)
        {
            let rows = self.rows.entry(table).or_default();
            rows.insert(event.object_id.clone());
        }
    }

    /// Everybody whom the changes are about.
    async fn people(mut self, db: &Db) -> Result<Vec<Id<ids::Person>>> {
        #[derive(sqlx::FromRow)]
        struct Who {
            person_id: Id<ids::Person>,
        }
        for (table, column) in ABOUT {
            let rows: Vec<Value> = match self.rows.get(table) {
                Some(rows) => rows.iter().map(Value::from).collect(),
                None => continue,
            };
            for some in rows.chunks(TOGETHER) {
                let sql = format!(
                    "select {column} as person_id from {table} where id in ({})",
                    places(1, some.len())
                );
                let who: Vec<Who> = db.all(AssertSqlSafe(sql), some.to_vec()).await?;
                self.people.extend(who.into_iter().map(|w| w.person_id));
            }
        }
        Ok(self.people.into_iter().collect())
    }
}
