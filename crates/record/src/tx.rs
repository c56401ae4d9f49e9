//! One transaction: changes and their events, together or not at all.

mod bulk;

pub use bulk::Recorded;

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde::Serialize;
use tokio::sync::OwnedMutexGuard;
use vocabulary::{Id, ids};

use crate::db::{AssertSqlSafe, Dialect, Open, Row, SqlSafeStr, Value};
use crate::entity::Entity;
use crate::journal::chain::{self, Head};
use crate::journal::write::Waiting;
use crate::journal::{Deed, Event, moment};
use crate::keys;
use crate::store::Store;
use crate::{Error, Result, args};

/// Who acts. Every event carries it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// A worker's id, `public:REFERENCE`, `partner:LINK`, `family:LINK` or
    /// `system:NAME`.
    pub who: String,
    /// Whose work it is, when someone covers for a colleague.
    pub acting_for: Option<String>,
    /// The session, as its hash.
    pub session: Option<String>,
}

impl Actor {
    /// A worker who is signed in.
    pub fn worker(worker: Id<ids::Worker>, session: Option<String>) -> Actor {
        Actor {
            who: worker.to_string(),
            acting_for: None,
            session,
        }
    }

    /// Someone without an account, known by a reference.
    pub fn public(reference: &str) -> Actor {
        Actor {
            who: format!("public:{reference}"),
            acting_for: None,
            session: None,
        }
    }

    /// A partner answering through a one-time link.
    pub fn partner(link: &str) -> Actor {
        Actor {
            who: format!("partner:{link}"),
            acting_for: None,
            session: None,
        }
    }

    /// Somebody of the family who opens what was given to them by a one-time
    /// link.
    pub fn family(link: &str) -> Actor {
        Actor {
            who: format!("family:{link}"),
            acting_for: None,
            session: None,
        }
    }

    /// The program itself: an import, a nightly task.
    pub fn system(name: &str) -> Actor {
        Actor {
            who: format!("system:{name}"),
            acting_for: None,
            session: None,
        }
    }
}

/// A transaction that journals what it does. Dropping it undoes everything.
pub struct Tx {
    store: Store,
    open: Open,
    writer: OwnedMutexGuard<Head>,
    head: Head,
    fresh_keys: HashMap<String, [u8; 32]>,
    waiting: Waiting,
    actor: Actor,
    why: Option<String>,
    at: DateTime<Utc>,
}

/// What an event says of a row, as JSON.
pub(crate) struct Content(String);

impl Content {
    /// A row that is new.
    pub(crate) fn created<E: Entity>(after: &E) -> Result<Content> {
        #[derive(Serialize)]
        struct Created<'a, E> {
            after: &'a E,
        }
        Ok(Content(serde_json::to_string(&Created { after })?))
    }

    /// A row that was changed: only the fields that differ as they were, and
    /// all of it as it is now.
    pub(crate) fn changed<E: Entity>(before: &E, after: &E) -> Result<Content> {
        #[derive(Serialize)]
        struct Changed<'a, E> {
            before: serde_json::Value,
            after: &'a E,
        }
        let before = changed(before, after)?;
        Ok(Content(serde_json::to_string(&Changed { before, after })?))
    }

    /// The same with the reason that was asked for.
    fn with_reason(self, why: &str) -> Result<Content> {
        let why = serde_json::to_string(why)?;
        let rest = self.0.strip_prefix('{').unwrap_or(&self.0);
        Ok(Content(format!("{{\"why\":{why},{rest}")))
    }
}

impl Tx {
    pub(crate) async fn begin(store: Store, actor: Actor) -> Result<Tx> {
        // The guard is taken before the transaction: one writer at a time keeps
        // the chain in order and SQLite without a busy wait.
        let writer = store.writer().await;
        let open = store.write_db().begin().await?;
        let head = writer.clone();
        Ok(Tx {
            store,
            open,
            writer,
            head,
            fresh_keys: HashMap::new(),
            waiting: Waiting::default(),
            actor,
            why: None,
            at: Utc::now(),
        })
    }

    /// The reason that goes with every event from here on.
    pub fn because_of(&mut self, why: &str) {
        self.why = Some(why.to_owned());
    }

    /// Who acts in this transaction.
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// The moment that counts as now in this transaction.
    pub fn now(&self) -> DateTime<Utc> {
        self.at
    }

    /// Sets another moment as now: for imports of what was recorded elsewhere
    /// at that time, and for tests that must stand on a day.
    pub fn recorded_at(&mut self, at: DateTime<Utc>) {
        self.at = at;
    }

    /// Whether somebody waits for this transaction to end: a long import makes
    /// way then.
    pub fn is_in_the_way(&self) -> bool {
        self.store.is_wanted()
    }

    pub(crate) fn keys(&self) -> &crate::Keys {
        self.store.keys()
    }

    /// Which database this is.
    pub fn dialect(&self) -> Dialect {
        self.open.dialect()
    }

    /// Writes a new row and its event.
    pub async fn insert<E: Entity>(&mut self, row: &E) -> Result<()> {
        let columns = E::COLUMNS.join(", ");
        let places = places(E::COLUMNS.len());
        let sql = format!("insert into {} ({columns}) values ({places})", E::TABLE);
        self.open.run(AssertSqlSafe(sql), row.values()).await?;
        self.journal_row(Deed::Created, row, Content::created(row)?)
            .await
    }

    /// Changes a row and writes its event, with what it was before. Fails with
    /// [`Error::Stale`] if someone changed the row since it was read; the
    /// version of `row` goes up by one.
    pub async fn update<E: Entity>(&mut self, row: &mut E) -> Result<()> {
        let before: Option<E> = self.find(&row.key()).await?;
        let before = before.ok_or(Error::Absent { table: E::TABLE })?;
        if before.version() != row.version() {
            return Err(Error::Stale { table: E::TABLE });
        }
        row.set_version(before.version() + 1);
        let sets: Vec<String> = E::COLUMNS
            .iter()
            .enumerate()
            .map(|(i, column)| format!("{column} = ${}", i + 1))
            .collect();
        let n = E::COLUMNS.len();
        let sql = format!(
            "update {} set {} where id = ${} and version = ${}",
            E::TABLE,
            sets.join(", "),
            n + 1,
            n + 2
        );
        let mut values = row.values();
        values.extend(args![row.key(), before.version()]);
        if self.open.run(AssertSqlSafe(sql), values).await? != 1 {
            row.set_version(before.version());
            return Err(Error::Stale { table: E::TABLE });
        }
        let content = Content::changed(&before, row)?;
        self.journal_row(Deed::Changed, row, content).await
    }

    /// Reads a row inside the transaction, to change it.
    pub async fn find<E: Entity>(&mut self, id: &str) -> Result<Option<E>> {
        let sql = format!(
            "select {} from {} where id = $1",
            E::COLUMNS.join(", "),
            E::TABLE
        );
        self.open.maybe(AssertSqlSafe(sql), args![id]).await
    }

    /// Reads a row that must be there, to change it.
    pub async fn get<E: Entity>(&mut self, id: impl ToString) -> Result<E> {
        self.find(&id.to_string())
            .await?
            .ok_or(Error::Absent { table: E::TABLE })
    }

    /// All rows of a question asked inside the transaction.
    pub async fn all<T: Row>(
        &mut self,
        sql: impl SqlSafeStr,
        values: Vec<Value>,
    ) -> Result<Vec<T>> {
        self.open.all(sql, values).await
    }

    /// The first row of a question asked inside the transaction.
    pub async fn maybe<T: Row>(
        &mut self,
        sql: impl SqlSafeStr,
        values: Vec<Value>,
    ) -> Result<Option<T>> {
        self.open.maybe(sql, values).await
    }

    /// Runs a statement on what is no record of its own: search keys, sessions,
    /// settings. Entities go through [`Tx::insert`] and [`Tx::update`].
    pub async fn run(&mut self, sql: impl SqlSafeStr, values: Vec<Value>) -> Result<u64> {
        self.open.run(sql, values).await
    }

    /// Writes an event of its own, in this transaction.
    pub async fn note(&mut self, event: Event) -> Result<()> {
        let actor = self.actor.clone();
        self.append(&actor, event).await
    }

    async fn journal_row<E: Entity>(
        &mut self,
        deed: Deed,
        row: &E,
        content: Content,
    ) -> Result<()> {
        let mut event = Event::new(deed, E::TABLE, row.key());
        event.happened_at = row.happened_at();
        let actor = self.actor.clone();
        match row.subject().key() {
            Some(subject) => {
                event.subjects.push(subject.clone());
                // A reason in somebody's words may name people: it is sealed
                // with the rest, so that it goes when the content goes.
                let content = match &self.why {
                    Some(why) => content.with_reason(why)?,
                    None => content,
                };
                let sealed = Some((subject, content.0));
                self.append_with(&actor, event, None, sealed).await
            }
            None => {
                event.why = self.why.clone();
                self.append_with(&actor, event, Some(content.0), None).await
            }
        }
    }

    /// Appends an event to the chain.
    pub(crate) async fn append(&mut self, actor: &Actor, mut event: Event) -> Result<()> {
        let plain = event.plain.take().map(|p| p.to_string());
        let sealed = event.sealed.take();
        let sealed = sealed.map(|(subject, content)| (subject, content.to_string()));
        self.append_with(actor, event, plain, sealed).await
    }

    /// Appends an event whose content is JSON already.
    async fn append_with(
        &mut self,
        actor: &Actor,
        event: Event,
        plain: Option<String>,
        sealed: Option<(String, String)>,
    ) -> Result<()> {
        let (sealed_for, sealed) = match sealed {
            None => (None, None),
            Some((subject, content)) => {
                let place = format!("{}/{}", event.object_kind, event.object_id);
                let key = self.key_of(&subject).await?;
                let sealed = keys::seal(&key, &place, content.as_bytes())?;
                (Some(subject), Some(sealed))
            }
        };
        let mut line = chain::Line {
            seq: self.head.seq + 1,
            recorded_at: moment(self.at),
            happened_at: event.happened_at.map(moment),
            actor: chain::clean(&actor.who),
            acting_for: actor.acting_for.clone(),
            session: actor.session.clone(),
            action: event.deed.word(),
            object_kind: event.object_kind,
            object_id: chain::clean(&event.object_id),
            purpose: event.purpose.as_deref().map(chain::clean),
            why: event.why.as_deref().map(chain::clean),
            because: event.because.as_deref().map(chain::clean),
            plain,
            sealed_for,
            sealed,
            hash: String::new(),
        };
        line.hash = line.hash_after(&self.head.hash);
        self.head.seq = line.seq;
        self.head.hash.clone_from(&line.hash);
        self.waiting.push(line, event.subjects);
        self.waiting
            .write_many(&mut self.open, &self.head.writer)
            .await
    }

    /// Makes the keys of many subjects ready at once.
    async fn keys_of(&mut self, subjects: Vec<String>) -> Result<()> {
        let keys = self.store.keys();
        self.store
            .subject_keys()
            .for_writing_many(keys, &mut self.open, &mut self.fresh_keys, subjects)
            .await
    }

    async fn key_of(&mut self, subject: &str) -> Result<[u8; 32]> {
        let keys = self.store.keys();
        self.store
            .subject_keys()
            .for_writing(keys, &mut self.open, &mut self.fresh_keys, subject)
            .await
    }

    /// Makes everything durable. Only then does anybody learn that it was done.
    pub async fn commit(mut self) -> Result<()> {
        self.waiting
            .write_all(&mut self.open, &self.head.writer)
            .await?;
        self.open.commit().await?;
        self.store.subject_keys().settle(self.fresh_keys);
        *self.writer = self.head;
        Ok(())
    }
}

fn places(n: usize) -> String {
    let list: Vec<String> = (1..=n).map(|i| format!("${i}")).collect();
    list.join(", ")
}

/// Only the fields that differ, as they were.
fn changed<E: Entity>(before: &E, after: &E) -> Result<serde_json::Value> {
    let (before, after) = (serde_json::to_value(before)?, serde_json::to_value(after)?);
    let mut differ = serde_json::Map::new();
    if let (Some(before), Some(after)) = (before.as_object(), after.as_object()) {
        for (field, was) in before {
            if field != "version" && after.get(field) != Some(was) {
                differ.insert(field.clone(), was.clone());
            }
        }
    }
    Ok(differ.into())
}
