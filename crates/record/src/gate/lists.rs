//! Lists, and questions that show nothing.

use std::collections::BTreeSet;

use access::{Facts, Purpose};
use chrono::NaiveDate;
use serde_json::json;
use vocabulary::{BirthDate, BirthDateKind, Id, ids};

use super::{Asked, FamilySeen, Gate, Guarded, Listed, Viewer, bound};
use crate::db::{AssertSqlSafe, Value};
use crate::journal::{Deed, Event};
use crate::model::{Person, PersonKind};
use crate::{Result, args};

/// What the index says of somebody: who they are, and nothing more.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Named {
    /// The person.
    pub id: Id<ids::Person>,
    /// Child, adult or expected.
    pub kind: PersonKind,
    /// Given names.
    pub given: String,
    /// What they like to be called.
    pub known_as: Option<String>,
    /// Family name.
    pub family_name: String,
    /// Words for someone whose name is not known.
    pub described_as: Option<String>,
    /// Date of birth.
    pub born_on: Option<NaiveDate>,
    /// exact, estimated, assessed or expected.
    pub born_kind: Option<String>,
    /// They live in the household.
    pub household: bool,
}

impl Named {
    /// The name to show, as [`Person::name`].
    pub fn name(&self) -> String {
        let given = self.known_as.as_deref().filter(|n| !n.is_empty());
        let name = format!("{} {}", given.unwrap_or(&self.given), self.family_name);
        match (name.trim(), &self.described_as) {
            ("", Some(words)) => words.clone(),
            ("", None) => "Name not known".into(),
            (name, _) => name.to_owned(),
        }
    }

    /// The date of birth with its kind.
    pub fn birth_date(&self) -> Option<BirthDate> {
        let kind = self.born_kind.as_deref().and_then(BirthDateKind::from_code);
        self.born_on.map(|date| BirthDate {
            date,
            kind: kind.unwrap_or(BirthDateKind::Exact),
        })
    }
}

impl Gate {
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

    /// Records that people are shown for a reason that was asked for, then hands
    /// them over: one look at all of them. `why` goes to the journal in plain
    /// words, so it names nobody. `subjects` as for [`Gate::listed`].
    pub async fn shown_because<T>(
        &self,
        viewer: &Viewer,
        asked: Asked<'_>,
        why: &str,
        rows: Vec<T>,
        subjects: impl Fn(&T) -> Vec<String>,
    ) -> Result<Listed<T>> {
        let about: BTreeSet<String> = rows.iter().flat_map(subjects).collect();
        if !about.is_empty() {
            let nothing = Facts::default();
            let who = &viewer.principal;
            let decision = self
                .policy
                .decide(who, &nothing, asked.purpose, asked.section);
            let because = &decision.because;
            let mut event = self.event(Deed::Looked, asked, "page", asked.page, because);
            event.why = Some(why.to_owned());
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

    /// The condition that something bars the viewer from the person in
    /// `column` (a personal connection, a restriction): for lists by reference
    /// that need no tie, such as checks of emergency looks.
    pub fn barred(
        &self,
        viewer: &Viewer,
        column: &'static str,
        first: usize,
    ) -> (String, Vec<Value>) {
        let piece = access::sql::barred(&viewer.principal, viewer.moment(), column, first);
        (piece.sql, piece.values.into_iter().map(bound).collect())
    }

    /// The condition that keeps a number to whom the viewer may know of. A
    /// number names nobody and needs no tie; but a record that is closed to the
    /// viewer is in no number of theirs, or the number tells that it is there.
    pub fn may_count(
        &self,
        viewer: &Viewer,
        column: &'static str,
        first: usize,
    ) -> (String, Vec<Value>) {
        let (barred, values) = self.barred(viewer, column, first);
        (format!("(not {barred})"), values)
    }

    /// The same for contacts, a table `c`: none of the children whom it names
    /// is closed to the viewer.
    pub fn may_count_contacts(&self, viewer: &Viewer, first: usize) -> (String, Vec<Value>) {
        let (barred, values) = self.barred(viewer, "named.person_id", first);
        let sql = format!(
            "(not exists (select 1 from contact_child named where named.contact_id = c.id \
             and named.person_id is not null and {barred}))"
        );
        (sql, values)
    }

    /// Those of a family whom the viewer sees among its members no further
    /// than the index: for showing who the family is.
    pub async fn others_of(
        &self,
        viewer: &Viewer,
        seen: &Guarded<FamilySeen>,
        page: &str,
    ) -> Result<Listed<Named>> {
        let asked = Asked::index(page);
        let (open, more) = self.may_see(viewer, asked, "p.id", 2);
        let mut values = args![seen.family.id];
        values.extend(more);
        let known: Vec<String> = (1..=seen.members.len())
            .map(|n| format!("${}", values.len() + n))
            .collect();
        values.extend(seen.members.iter().map(|(_, p)| Value::from(p.id)));
        let sql = format!(
            "select p.id, p.kind, p.given, p.known_as, p.family_name, p.described_as, \
             p.born_on, p.born_kind, m.household from person p \
             join family_member m on m.person_id = p.id where m.family_id = $1 \
             and m.left_on is null and p.id not in ({}) and {open} order by p.kind, p.born_on, p.id",
            known.join(", ")
        );
        let rows: Vec<Named> = self.store.read_db().all(AssertSqlSafe(sql), values).await?;
        self.listed(viewer, page, rows, |p| vec![format!("person:{}", p.id)])
            .await
    }

    /// Whether the viewer, who sees this person already, may use another
    /// section of their record too, or for another purpose. Asks no database:
    /// it decides on the facts that the look was decided on.
    pub fn allows(&self, viewer: &Viewer, seen: &Guarded<Person>, asked: Asked<'_>) -> bool {
        self.policy
            .decide(&viewer.principal, &seen.facts, asked.purpose, asked.section)
            .allowed
    }
}
