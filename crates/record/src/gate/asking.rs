//! Asking for a person or a family: the facts, the decision, the look.

use access::{Decision, FactRow, Facts, Level, Section};
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;
use vocabulary::{Id, ids};

use super::{Asked, FamilySeen, Gate, Guarded, Viewer, bound};
use crate::db::AssertSqlSafe;
use crate::entity::Entity;
use crate::journal::{Deed, Event};
use crate::model::{Family, FamilyMember, Person};
use crate::{Error, Result, args};

/// One tie or bar, as the database tells it; all empty where there is none.
#[derive(sqlx::FromRow)]
struct Fact {
    fact: Option<String>,
    through: Option<String>,
    section: Option<String>,
    until: Option<DateTime<Utc>>,
}

/// A person with one of the facts between them and the viewer.
#[derive(sqlx::FromRow)]
struct PersonFact {
    #[sqlx(flatten)]
    person: Person,
    #[sqlx(flatten)]
    fact: Fact,
}

/// A person with their place in a family.
#[derive(sqlx::FromRow)]
struct Member {
    #[sqlx(flatten)]
    person: Person,
    place: Id<ids::Part>,
    household: bool,
    joined_on: Option<NaiveDate>,
    place_version: i64,
}

impl Member {
    fn of(self, family: Id<ids::Family>) -> (FamilyMember, Person) {
        let place = FamilyMember {
            id: self.place,
            family_id: family,
            person_id: self.person.id,
            household: self.household,
            joined_on: self.joined_on,
            left_on: None,
            version: self.place_version,
        };
        (place, self.person)
    }
}

fn read(rows: impl IntoIterator<Item = Fact>) -> Result<Facts> {
    let rows = rows.into_iter().filter_map(|row| {
        Some(FactRow {
            fact: row.fact?,
            through: row.through,
            section: row.section,
            until: row.until,
        })
    });
    Facts::from_rows(rows).map_err(|e| Error::Settings(e.to_string()))
}

impl Gate {
    /// One person. `None` if there is no such person or the viewer may not
    /// see them: nobody can tell which.
    pub async fn person(
        &self,
        viewer: &Viewer,
        id: Id<ids::Person>,
        asked: Asked<'_>,
    ) -> Result<Option<Guarded<Person>>> {
        self.person_at_best(viewer, id, &[asked]).await
    }

    /// One person, as far as the viewer may: the first of `asked` that is
    /// allowed. The look says which. For a page that shows a record to those
    /// who may read it, and who works with the person to the others.
    pub async fn person_at_best(
        &self,
        viewer: &Viewer,
        id: Id<ids::Person>,
        asked: &[Asked<'_>],
    ) -> Result<Option<Guarded<Person>>> {
        let Some((found, facts)) = self.person_and_facts(viewer, id).await? else {
            return Ok(None);
        };
        let who = &viewer.principal;
        let mut decided = Vec::new();
        for one in asked {
            let decision = self.policy.decide(who, &facts, one.purpose, one.section);
            decided.push((*one, decision));
        }
        let best = decided.iter().position(|(_, decision)| decision.allowed);
        let last = decided.len().saturating_sub(1);
        if decided.is_empty() {
            return Ok(None);
        }
        let (asked, decision) = decided.swap_remove(best.unwrap_or(last));
        let subjects = vec![format!("person:{id}")];
        if !decision.allowed {
            let because = &decision.because;
            self.refused(viewer, asked, "person", id.as_str(), because, subjects)
                .await?;
            return Ok(None);
        }
        let level = decision.level;
        let because = decision.because.clone();
        self.looked(viewer, asked, "person", id.as_str(), &because, subjects)
            .await?;
        Ok(Some(Guarded {
            value: found,
            level,
            because,
            facts,
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
            "select {}, m.id as place, m.household, m.joined_on, m.version as place_version \
             from person p join family_member m on m.person_id = p.id \
             where m.family_id = $1 and m.left_on is null and {condition}",
            prefixed::<Person>("p")
        );
        values.insert(0, id.into());
        let people: Vec<Member> = self.store.read_db().all(AssertSqlSafe(sql), values).await?;
        if people.is_empty() {
            let because = "No member of the family is open to this worker.".to_owned();
            let subjects = vec![format!("family:{id}")];
            self.refused(viewer, asked, "family", id.as_str(), &because, subjects)
                .await?;
            return Ok(None);
        }
        let members = people.into_iter().map(|m| m.of(id)).collect();
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
            facts: Facts::default(),
        }))
    }

    pub(super) async fn decide(
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

    pub(super) async fn facts(&self, viewer: &Viewer, id: Id<ids::Person>) -> Result<Facts> {
        let piece = access::sql::facts(&viewer.principal, &id, viewer.moment(), 1);
        let values = piece.values.into_iter().map(bound).collect();
        let db = self.store.read_db();
        let rows: Vec<Fact> = db.all(AssertSqlSafe(piece.sql), values).await?;
        read(rows)
    }

    /// A person and all that holds between them and the viewer, in one
    /// statement.
    async fn person_and_facts(
        &self,
        viewer: &Viewer,
        id: Id<ids::Person>,
    ) -> Result<Option<(Person, Facts)>> {
        let piece = access::sql::facts(&viewer.principal, &id, viewer.moment(), 2);
        let sql = format!(
            "select {}, f.fact, f.through, f.section, f.until \
             from person p left join ({}) f on 1 = 1 where p.id = $1",
            prefixed::<Person>("p"),
            piece.sql
        );
        let mut values = args![id];
        values.extend(piece.values.into_iter().map(bound));
        let db = self.store.read_db();
        let rows: Vec<PersonFact> = db.all(AssertSqlSafe(sql), values).await?;
        let Some(person) = rows.first().map(|row| row.person.clone()) else {
            return Ok(None);
        };
        let facts = read(rows.into_iter().map(|row| row.fact))?;
        Ok(Some((person, facts)))
    }

    pub(super) async fn row<E: Entity, T>(&self, id: Id<T>) -> Result<Option<E>> {
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

    pub(super) fn event(
        &self,
        deed: Deed,
        asked: Asked<'_>,
        kind: &str,
        id: &str,
        because: &str,
    ) -> Event {
        let mut event = Event::new(deed, kind, id);
        event.purpose = Some(asked.purpose.as_str().to_owned());
        event.because = Some(because.to_owned());
        event.plain = Some(json!({ "page": asked.page, "section": asked.section.as_str() }));
        event
    }

    pub(super) async fn looked(
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

    pub(super) async fn refused(
        &self,
        viewer: &Viewer,
        asked: Asked<'_>,
        kind: &str,
        id: &str,
        because: &str,
        subjects: Vec<String>,
    ) -> Result<()> {
        let mut event = self.event(Deed::Refused, asked, kind, id, because);
        event.subjects = subjects;
        self.store.looks().record(viewer.actor(), event).await
    }
}

/// An entity's columns under a table's alias.
fn prefixed<E: Entity>(alias: &str) -> String {
    let columns: Vec<String> = E::COLUMNS.iter().map(|c| format!("{alias}.{c}")).collect();
    columns.join(", ")
}
