//! The gate: the one door to a record.
//!
//! Nothing personal leaves this crate except as [`Guarded<T>`] or
//! [`Listed<T>`], and neither can be made outside this file. To get one, a
//! viewer asks for a person, a family or a contact; the gate fetches the facts
//! between the two, asks the policy, writes the look (or the refusal) to the
//! journal, and only then hands over the value. Denied and absent are the same
//! answer: `None`.

use std::collections::BTreeSet;
use std::ops::Deref;
use std::sync::Arc;

use access::{Decision, FactRow, Facts, Level, Moment, Policy, Principal, Purpose, Section};
use chrono::{DateTime, Utc};
use serde_json::json;
use vocabulary::{Id, ids};

use crate::db::{AssertSqlSafe, Value};
use crate::entity::Entity;
use crate::journal::history::Entry;
use crate::journal::{Deed, Event, moment};
use crate::model::{AccessGrant, Contact, ContactState, Family, FamilyMember, Person};
use crate::time_travel::Known;
use crate::{Actor, Error, Result, Store, args};

/// Someone who is signed in and looks.
#[derive(Debug, Clone)]
pub struct Viewer {
    /// Who they are and what their role lets them do.
    pub principal: Principal,
    /// Their session, as its hash.
    pub session: Option<String>,
    /// The name that others see.
    pub name: String,
    /// The day in England.
    pub today: chrono::NaiveDate,
}

impl Viewer {
    /// The viewer as the author of changes.
    pub fn actor(&self) -> Actor {
        Actor::worker(self.principal.worker, self.session.clone())
    }

    /// Whether their role gives them a capability.
    pub fn can(&self, capability: &str) -> bool {
        self.principal.can(capability)
    }

    fn moment(&self) -> Moment {
        Moment {
            at: Utc::now(),
            today: self.today,
        }
    }
}

/// A value that someone may see, and whose look is on record.
#[derive(Debug, Clone)]
pub struct Guarded<T> {
    value: T,
    /// How far the viewer reaches.
    pub level: Level,
    /// Why they may see it.
    pub because: String,
}

impl<T> Deref for Guarded<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> Guarded<T> {
    /// The value, to be changed and written back.
    pub fn into_inner(self) -> T {
        self.value
    }
}

/// A list whose showing is on record.
#[derive(Debug, Clone)]
pub struct Listed<T>(Vec<T>);

impl<T> Default for Listed<T> {
    fn default() -> Self {
        Listed(Vec::new())
    }
}

impl<T> Deref for Listed<T> {
    type Target = [T];
    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T> IntoIterator for Listed<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

/// A family with those of its members whom the viewer may see.
#[derive(Debug, Clone)]
pub struct FamilySeen {
    /// The family.
    pub family: Family,
    /// Its visible members with their places, in no order.
    pub members: Vec<(FamilyMember, Person)>,
}

impl FamilySeen {
    /// Whether a person is a visible member.
    pub fn has(&self, person: Id<ids::Person>) -> bool {
        self.members.iter().any(|(_, p)| p.id == person)
    }

    /// The visible member with this id.
    pub fn member(&self, person: Id<ids::Person>) -> Option<&Person> {
        self.members.iter().map(|(_, p)| p).find(|p| p.id == person)
    }
}

/// What a look is for and where it is shown.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// Read, write or send.
    pub purpose: Purpose,
    /// Which class of things.
    pub section: Section,
    /// The page or command, for the journal.
    pub page: &'a str,
}

impl<'a> Asked<'a> {
    /// To read the record itself.
    pub fn to_read(page: &'a str) -> Asked<'a> {
        Asked {
            purpose: Purpose::Look,
            section: Section::Record,
            page,
        }
    }

    /// To add to the record or change it.
    pub fn to_write(page: &'a str) -> Asked<'a> {
        Asked {
            purpose: Purpose::Write,
            section: Section::Record,
            page,
        }
    }

    /// To see who someone is and who works with them.
    pub fn index(page: &'a str) -> Asked<'a> {
        Asked {
            purpose: Purpose::Look,
            section: Section::Index,
            page,
        }
    }
}

/// The gate. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Gate {
    store: Store,
    policy: Arc<Policy>,
}

impl Gate {
    /// A gate over a store, with the council's access policy.
    pub fn new(store: Store, policy: Arc<Policy>) -> Gate {
        Gate { store, policy }
    }

    /// The store behind the gate.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// One person. `None` if there is no such person or the viewer may not
    /// see them: nobody can tell which.
    pub async fn person(
        &self,
        viewer: &Viewer,
        id: Id<ids::Person>,
        asked: Asked<'_>,
    ) -> Result<Option<Guarded<Person>>> {
        let decision = self.decide(viewer, id, asked).await?;
        let found: Option<Person> = self.row(id).await?;
        let subjects = vec![format!("person:{id}")];
        if !decision.allowed || found.is_none() {
            if found.is_some() {
                self.refused(viewer, asked, "person", id.as_str(), &decision, subjects)
                    .await?;
            }
            return Ok(None);
        }
        let level = decision.level;
        let because = decision.because.clone();
        self.looked(viewer, asked, "person", id.as_str(), &because, subjects)
            .await?;
        Ok(found.map(|value| Guarded {
            value,
            level,
            because,
        }))
    }

    /// One family with the members whom the viewer may see at this section.
    /// `None` if there is nobody among them.
    pub async fn family(
        &self,
        viewer: &Viewer,
        id: Id<ids::Family>,
        asked: Asked<'_>,
    ) -> Result<Option<Guarded<FamilySeen>>> {
        let Some(family) = self.row::<Family, _>(id).await? else {
            return Ok(None);
        };
        let (condition, mut values) = self.may_see(viewer, asked, "p.id", 2);
        let sql = format!(
            "select {} from person p join family_member m on m.person_id = p.id \
             where m.family_id = $1 and m.left_on is null and {condition}",
            prefixed::<Person>("p")
        );
        values.insert(0, id.into());
        let people: Vec<Person> = self.store.read_db().all(AssertSqlSafe(sql), values).await?;
        if people.is_empty() {
            let because = "No member of the family is open to this worker.".to_owned();
            let mut event = self.event(Deed::Refused, asked, "family", id.as_str(), &because);
            event.subjects = vec![format!("family:{id}")];
            self.store.looks().record(viewer.actor(), event).await?;
            return Ok(None);
        }
        let places: Vec<FamilyMember> = self
            .store
            .read_db()
            .all(
                AssertSqlSafe(format!(
                    "select {} from family_member where family_id = $1 and left_on is null",
                    FamilyMember::COLUMNS.join(", ")
                )),
                args![id],
            )
            .await?;
        let members = people
            .into_iter()
            .filter_map(|p| Some((places.iter().find(|m| m.person_id == p.id)?.clone(), p)))
            .collect();
        let seen = FamilySeen { family, members };
        let because = "A member of the family is open to this worker.".to_owned();
        let mut subjects: Vec<String> = seen
            .members
            .iter()
            .map(|(_, p)| format!("person:{}", p.id))
            .collect();
        subjects.push(format!("family:{id}"));
        self.looked(viewer, asked, "family", id.as_str(), &because, subjects)
            .await?;
        let level = match asked.section {
            Section::Index => Level::Index,
            Section::Summary => Level::Summary,
            _ => Level::Full,
        };
        Ok(Some(Guarded {
            value: seen,
            level,
            because,
        }))
    }

    /// One contact. Open to the front door while no identified child bars the
    /// viewer, to the team it went to, and to whoever may see all its
    /// identified children.
    pub async fn contact(
        &self,
        viewer: &Viewer,
        id: Id<ids::Contact>,
        asked: Asked<'_>,
    ) -> Result<Option<Guarded<Contact>>> {
        #[derive(sqlx::FromRow)]
        struct Named {
            person_id: Id<ids::Person>,
        }
        let Some(contact) = self.row::<Contact, _>(id).await? else {
            return Ok(None);
        };
        let named: Vec<Named> = self
            .store
            .read_db()
            .all(
                "select person_id from contact_child where contact_id = $1 \
                 and person_id is not null",
                args![id],
            )
            .await?;
        let mut subjects = vec![format!("contact:{id}")];
        let mut barred = None;
        let mut all_seen = !named.is_empty();
        for child in &named {
            subjects.push(format!("person:{}", child.person_id));
            let facts = self.facts(viewer, child.person_id).await?;
            if facts.bar().is_some() {
                barred = Some(self.policy.decide(
                    &viewer.principal,
                    &facts,
                    asked.purpose,
                    asked.section,
                ));
            }
            let decision =
                self.policy
                    .decide(&viewer.principal, &facts, asked.purpose, asked.section);
            all_seen = all_seen && decision.allowed;
        }
        let because = self.contact_reason(viewer, &contact, all_seen);
        let id = id.to_string();
        match (barred, because) {
            (None, Some(because)) => {
                self.looked(viewer, asked, "contact", &id, &because, subjects)
                    .await?;
                Ok(Some(Guarded {
                    value: contact,
                    level: Level::Full,
                    because,
                }))
            }
            (barred, _) => {
                let because = barred.map_or_else(
                    || "Nothing connects the worker with this contact.".to_owned(),
                    |d| d.because,
                );
                let mut event = self.event(Deed::Refused, asked, "contact", &id, &because);
                event.subjects = subjects;
                self.store.looks().record(viewer.actor(), event).await?;
                Ok(None)
            }
        }
    }

    fn contact_reason(&self, viewer: &Viewer, contact: &Contact, all: bool) -> Option<String> {
        if !viewer.principal.active || self.policy.never(&viewer.principal).is_some() {
            return None;
        }
        let open = contact.state != ContactState::Decided;
        let mine = viewer.principal.team.is_some() && viewer.principal.team == contact.team_id;
        if viewer.can("contact.screen") && open {
            return Some("A contact is open at the front door.".into());
        }
        if all {
            return Some("The children whom the contact is about are open to this worker.".into());
        }
        let team_may = viewer.can("case.record") || viewer.can("case.allocate");
        if mine && team_may && !open {
            return Some("The contact went to this worker's team.".into());
        }
        if viewer.can("contact.screen") {
            return Some("The contact was decided at the front door.".into());
        }
        None
    }

    /// The condition that keeps a list to what the viewer may see. `column` is
    /// the column that holds the person; `first` the first free `$n`.
    pub fn may_see(
        &self,
        viewer: &Viewer,
        asked: Asked<'_>,
        column: &'static str,
        first: usize,
    ) -> (String, Vec<Value>) {
        let piece = access::sql::may_see(
            &self.policy,
            &viewer.principal,
            asked.purpose,
            asked.section,
            viewer.moment(),
            column,
            first,
        );
        (piece.sql, piece.values.into_iter().map(bound).collect())
    }

    /// Records that a list is shown, then hands it over. `subjects` says whom a
    /// row is about, as `person:ID`, `family:ID` or `contact:ID`.
    pub async fn listed<T>(
        &self,
        viewer: &Viewer,
        page: &str,
        rows: Vec<T>,
        subjects: impl Fn(&T) -> Vec<String>,
    ) -> Result<Listed<T>> {
        let about: BTreeSet<String> = rows.iter().flat_map(subjects).collect();
        if !about.is_empty() {
            let mut event = Event::new(Deed::Listed, "page", page);
            event.purpose = Some(Purpose::Look.as_str().to_owned());
            event.plain = Some(json!({ "rows": rows.len() }));
            event.subjects = about.into_iter().collect();
            self.store.looks().record(viewer.actor(), event).await?;
        }
        Ok(Listed(rows))
    }

    /// Whether the viewer may see a person at this section, without showing
    /// anything and so without a look on record: for choosing what a page
    /// offers.
    pub async fn would_allow(
        &self,
        viewer: &Viewer,
        id: Id<ids::Person>,
        asked: Asked<'_>,
    ) -> Result<bool> {
        Ok(self.decide(viewer, id, asked).await?.allowed)
    }

    /// Whether a person is barred to the viewer (restricted, in conflict):
    /// for emergency access, which no bar yields to.
    pub async fn is_barred(&self, viewer: &Viewer, id: Id<ids::Person>) -> Result<bool> {
        Ok(self.facts(viewer, id).await?.bar().is_some())
    }

    /// A row as it was known at a moment, of a person the viewer may see.
    pub async fn as_known<E: Entity, T>(
        &self,
        _seen: &Guarded<T>,
        id: &str,
        at: DateTime<Utc>,
    ) -> Result<Option<E>> {
        self.store.as_known(id, at).await
    }

    /// Everything about a person, and about the family they are seen in with
    /// those of its members whom the viewer may see, as it was known at a
    /// moment: rows of these tables. The caller picks those about the person.
    pub async fn known_then(
        &self,
        seen: &Guarded<Person>,
        family: Option<&Guarded<FamilySeen>>,
        kinds: &[&'static str],
        at: DateTime<Utc>,
    ) -> Result<Known> {
        let mut subjects = vec![format!("person:{}", seen.id)];
        if let Some(family) = family {
            subjects.push(format!("family:{}", family.family.id));
            let others = family.members.iter().filter(|(_, p)| p.id != seen.id);
            subjects.extend(others.map(|(_, p)| format!("person:{}", p.id)));
        }
        self.store.known(&subjects, kinds, at).await
    }

    /// The looks that were made under one emergency access, oldest first: when
    /// and which page, never what was read. For whoever checks it, who may not
    /// open the record themselves.
    pub async fn looks_under(&self, grant: &AccessGrant) -> Result<Vec<Entry>> {
        let until = grant.ended_at.unwrap_or(grant.ends_at).min(grant.ends_at);
        self.store
            .looks_by(
                grant.worker_id.as_str(),
                &format!("person:{}", grant.person_id),
                &moment(grant.starts_at),
                &moment(until),
            )
            .await
    }

    /// Every change of one row of a person the viewer may see, oldest first.
    pub async fn changes_of_row<T>(
        &self,
        _seen: &Guarded<T>,
        kind: &str,
        id: &str,
    ) -> Result<Vec<Entry>> {
        self.store.changes_of_row(kind, id).await
    }

    /// Who has looked at a record, newest first.
    pub async fn looks_at(&self, person: &Guarded<Person>, limit: i64) -> Result<Vec<Entry>> {
        self.store
            .looks_at(&[format!("person:{}", person.id)], limit)
            .await
    }

    /// Who has changed a record, newest first.
    pub async fn changes_of(&self, person: &Guarded<Person>, limit: i64) -> Result<Vec<Entry>> {
        self.store
            .changes_of(&[format!("person:{}", person.id)], limit)
            .await
    }

    async fn decide(
        &self,
        viewer: &Viewer,
        id: Id<ids::Person>,
        asked: Asked<'_>,
    ) -> Result<Decision> {
        let facts = self.facts(viewer, id).await?;
        Ok(self
            .policy
            .decide(&viewer.principal, &facts, asked.purpose, asked.section))
    }

    async fn facts(&self, viewer: &Viewer, id: Id<ids::Person>) -> Result<Facts> {
        #[derive(sqlx::FromRow)]
        struct Found {
            fact: String,
            through: Option<String>,
            section: Option<String>,
            until: Option<DateTime<Utc>>,
        }
        let piece = access::sql::facts(&viewer.principal, &id, viewer.moment(), 1);
        let values = piece.values.into_iter().map(bound).collect();
        let rows: Vec<Found> = self
            .store
            .read_db()
            .all(AssertSqlSafe(piece.sql), values)
            .await?;
        Facts::from_rows(rows.into_iter().map(|r| FactRow {
            fact: r.fact,
            through: r.through,
            section: r.section,
            until: r.until,
        }))
        .map_err(|e| Error::Settings(e.to_string()))
    }

    async fn row<E: Entity, T>(&self, id: Id<T>) -> Result<Option<E>> {
        let sql = format!(
            "select {} from {} where id = $1",
            E::COLUMNS.join(", "),
            E::TABLE
        );
        self.store
            .read_db()
            .maybe(AssertSqlSafe(sql), args![id])
            .await
    }

    fn event(&self, deed: Deed, asked: Asked<'_>, kind: &str, id: &str, because: &str) -> Event {
        let mut event = Event::new(deed, kind, id);
        event.purpose = Some(asked.purpose.as_str().to_owned());
        event.because = Some(because.to_owned());
        event.plain = Some(json!({ "page": asked.page, "section": asked.section.as_str() }));
        event
    }

    async fn looked(
        &self,
        viewer: &Viewer,
        asked: Asked<'_>,
        kind: &str,
        id: &str,
        because: &str,
        subjects: Vec<String>,
    ) -> Result<()> {
        let mut event = self.event(Deed::Looked, asked, kind, id, because);
        event.subjects = subjects;
        self.store.looks().record(viewer.actor(), event).await
    }

    async fn refused(
        &self,
        viewer: &Viewer,
        asked: Asked<'_>,
        kind: &str,
        id: &str,
        decision: &Decision,
        subjects: Vec<String>,
    ) -> Result<()> {
        let mut event = self.event(Deed::Refused, asked, kind, id, &decision.because);
        event.subjects = subjects;
        self.store.looks().record(viewer.actor(), event).await
    }
}

/// An entity's columns under a table's alias.
fn prefixed<E: Entity>(alias: &str) -> String {
    let columns: Vec<String> = E::COLUMNS.iter().map(|c| format!("{alias}.{c}")).collect();
    columns.join(", ")
}

fn bound(value: access::sql::Value) -> Value {
    match value {
        access::sql::Value::Text(v) => v.into(),
        access::sql::Value::Date(v) => v.into(),
        access::sql::Value::Time(v) => v.into(),
    }
}
