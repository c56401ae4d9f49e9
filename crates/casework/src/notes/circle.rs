//! Who else a note can be about: the family around a person, as far as the
//! writer may see it.

use access::{Purpose, Section};
use chrono::NaiveDate;
use record::model::{Person, PersonKind};
use record::{Asked, AssertSqlSafe, Guarded, Viewer};
use vocabulary::{BirthDate, BirthDateKind, Id, ids, name_key};

use crate::{Casework, Result};

/// One of the family whom the viewer may see.
#[derive(Debug, Clone)]
pub struct Member {
    /// The person.
    pub id: Id<ids::Person>,
    /// Full name.
    pub name: String,
    /// First name, for buttons and questions.
    pub first_name: String,
    /// "7", "4 months", "due in 6 weeks"; empty if not known.
    pub age: String,
    /// A child, born or expected.
    pub child: bool,
    /// The viewer may write in this record.
    pub writes: bool,
    /// The viewer may write sensitive notes here.
    pub writes_sensitive: bool,
}

/// A person and the visible family around them.
#[derive(Debug, Clone)]
pub struct Circle {
    /// The person themselves.
    pub me: Member,
    /// The family that a note belongs to.
    pub family: Option<Id<ids::Family>>,
    /// The others whom the viewer may see, children first, eldest first.
    pub others: Vec<Member>,
}

impl Circle {
    /// The other children in whose records the viewer may write.
    pub fn children(&self) -> impl Iterator<Item = &Member> {
        self.others.iter().filter(|m| m.child && m.writes)
    }

    /// Anyone of the visible family.
    pub fn member(&self, id: Id<ids::Person>) -> Option<&Member> {
        std::iter::once(&self.me)
            .chain(&self.others)
            .find(|m| m.id == id)
    }

    /// The children who are named in a text but not ticked: asked about, never
    /// blocked (recording contract, 10).
    pub fn named_but_not(&self, words: &str, ticked: &[Id<ids::Person>]) -> Vec<&Member> {
        let text = words.replace("'s ", " ").replace("’s ", " ");
        let plain: String = text
            .chars()
            .map(|c| {
                if c.is_alphanumeric() || "'’-".contains(c) {
                    c
                } else {
                    ' '
                }
            })
            .collect();
        let plain: Vec<String> = plain.split_whitespace().map(name_key).collect();
        let plain = format!(" {} ", plain.join(" "));
        self.children()
            .filter(|m| !ticked.contains(&m.id))
            .filter(|m| {
                let name = name_key(&m.first_name);
                !name.is_empty() && plain.contains(&format!(" {name} "))
            })
            .collect()
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Id<ids::Person>,
    kind: PersonKind,
    given: String,
    family_name: String,
    known_as: Option<String>,
    described_as: Option<String>,
    born_on: Option<NaiveDate>,
    born_kind: Option<String>,
    family_id: Option<Id<ids::Family>>,
    writes: bool,
    writes_sensitive: bool,
}

impl Casework {
    /// The family around a person whom the viewer may see. One statement, and
    /// one look on record for those whose names are shown.
    pub async fn circle(
        &self,
        viewer: &Viewer,
        person: &Guarded<Person>,
        page: &str,
    ) -> Result<Circle> {
        let gate = self.gate();
        let mut values = record::args![person.id];
        let mut condition = |asked: Asked<'_>| {
            let (sql, more) = gate.may_see(viewer, asked, "p.id", values.len() + 1);
            values.extend(more);
            sql
        };
        let sees = condition(Asked::to_read(page));
        let writes = condition(Asked::to_write(page));
        let sensitive = condition(Asked {
            purpose: Purpose::Write,
            section: Section::Sensitive,
            page,
        });
        let sql = format!(
            "with mine as (select family_id, household, joined_on from family_member \
               where person_id = $1 and left_on is null), \
             seen as (select p.id, p.kind, p.given, p.family_name, p.known_as, p.described_as, \
               p.born_on, p.born_kind, \
               (select m.family_id from mine m order by m.household desc, m.joined_on desc limit 1) as family_id, \
               case when {writes} then true else false end as writes, \
               case when {sensitive} then true else false end as writes_sensitive \
               from person p where p.id = $1 or (p.died_on is null and {sees} and p.id in \
                 (select o.person_id from family_member o join mine m on m.family_id = o.family_id \
                  where o.left_on is null))) \
             select * from seen order by case when kind = 'adult' then 1 else 0 end, born_on, given, id"
        );
        let rows: Vec<Row> = self
            .store()
            .read_db()
            .all(AssertSqlSafe(sql), values)
            .await?;
        let rows = gate
            .listed(viewer, page, rows, |r| vec![format!("person:{}", r.id)])
            .await?;
        let family = rows.iter().find_map(|r| r.family_id);
        let mut me = None;
        let mut others = Vec::new();
        for row in rows {
            let member = row.member(viewer.today);
            if member.id == person.id {
                me = Some(member);
            } else {
                others.push(member);
            }
        }
        let me = me.ok_or(crate::Error::NotFound)?;
        Ok(Circle { me, family, others })
    }
}

impl Row {
    fn member(self, today: NaiveDate) -> Member {
        let given = self
            .known_as
            .filter(|n| !n.trim().is_empty())
            .unwrap_or(self.given);
        let name = match format!("{given} {}", self.family_name).trim() {
            "" => self.described_as.unwrap_or_else(|| "Name not known".into()),
            name => name.to_owned(),
        };
        let kind = match self.born_kind.as_deref() {
            Some("estimated") => BirthDateKind::Estimated,
            Some("assessed") => BirthDateKind::Assessed,
            Some("expected") => BirthDateKind::Expected,
            _ => BirthDateKind::Exact,
        };
        let age = self
            .born_on
            .map(|date| BirthDate { date, kind }.words_on(today))
            .unwrap_or_default();
        Member {
            id: self.id,
            first_name: Some(given.trim().to_owned())
                .filter(|n| !n.is_empty())
                .unwrap_or_else(|| name.clone()),
            name,
            age,
            child: self.kind != PersonKind::Adult,
            writes: self.writes,
            writes_sensitive: self.writes_sensitive,
        }
    }
}

impl Member {
    /// "Maya, 13": the name as a button and a tick say it.
    pub fn with_age(&self) -> String {
        if self.age.is_empty() {
            self.first_name.clone()
        } else {
            format!("{}, {}", self.first_name, self.age)
        }
    }
}
