//! Those who belong to someone: the family's members and everybody they are
//! related to, each with what they are to the person, so that an adult with
//! children in two families reaches both (R000-13).

use record::model::{Person, PersonKind};
use record::{Asked, AssertSqlSafe, Guarded, Viewer, args};
use vocabulary::{BirthDate, BirthDateKind, Id, ids};

use super::couple::standing_words;
use crate::{Casework, Listed, Result, time};

/// Someone who belongs to a person.
#[derive(Debug, Clone)]
pub struct Related {
    /// Who.
    pub id: Id<ids::Person>,
    /// Name.
    pub name: String,
    /// "7", "4 months"; empty when not known.
    pub age: String,
    /// Date of birth, for the order: older first.
    pub born_on: Option<chrono::NaiveDate>,
    /// Whether it is a child or a baby who is expected.
    pub child: bool,
    /// What they are to the person: "Mother", "Brother or sister".
    pub relation: String,
    /// Who has parental responsibility where that is known: between an adult
    /// and a child.
    pub responsibility: Option<bool>,
    /// They live in the household.
    pub household: bool,
    /// Their family.
    pub family: Option<Id<ids::Family>>,
    /// What it is called.
    pub family_name: Option<String>,
    /// Died.
    pub died: bool,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Id<ids::Person>,
    given: String,
    family_name: String,
    known_as: Option<String>,
    described_as: Option<String>,
    kind: PersonKind,
    born_on: Option<chrono::NaiveDate>,
    born_kind: Option<String>,
    died_on: Option<chrono::NaiveDate>,
    relation: Option<String>,
    standing: Option<String>,
    is_from: Option<bool>,
    parental_responsibility: Option<bool>,
    household: Option<bool>,
    family_id: Option<Id<ids::Family>>,
    family: Option<String>,
    shares_parent: bool,
}

/// The codes of codes/relationships that make someone a parent.
pub const PARENTS: [&str; 4] = ["mother", "father", "parent", "adoptive_parent"];

impl Casework {
    /// Everybody who belongs to the person and whom the viewer may see, adults
    /// first. One statement; the look at each of them is recorded.
    pub async fn related(
        &self,
        viewer: &Viewer,
        person: &Guarded<Person>,
    ) -> Result<Listed<Related>> {
        let page = "people.related";
        let (may_see, values) = self.gate().may_see(viewer, Asked::index(page), "p.id", 2);
        let parents = PARENTS.map(|p| format!("'{p}'")).join(", ");
        let sql = format!(
            "select p.id, p.given, p.family_name, p.known_as, p.described_as, p.kind, p.born_on, \
             p.born_kind, p.died_on, r.kind as relation, r.standing, \
             case when r.id is null then null else r.from_id = p.id end as is_from, \
             r.parental_responsibility, m.household, m.family_id, f.name as family, \
             exists (select 1 from relationship one join relationship other \
               on other.from_id = one.from_id \
               where one.to_id = p.id and other.to_id = $1 \
               and one.kind in ({parents}) and other.kind in ({parents})) as shares_parent \
             from person p \
             left join relationship r on r.ended_on is null and \
               ((r.from_id = p.id and r.to_id = $1) or (r.from_id = $1 and r.to_id = p.id)) \
             left join family_member m on m.id = (select own.id from family_member own \
               where own.person_id = p.id and own.left_on is null \
               order by own.family_id in (select f1.family_id from family_member f1 \
                 where f1.person_id = $1 and f1.left_on is null) desc, own.household desc, own.id limit 1) \
             left join family f on f.id = m.family_id \
             where p.id <> $1 and p.id in ( \
               select m2.person_id from family_member m2 join family_member mine \
                 on mine.family_id = m2.family_id \
                 where mine.person_id = $1 and mine.left_on is null and m2.left_on is null \
               union select to_id from relationship where from_id = $1 and ended_on is null \
               union select from_id from relationship where to_id = $1 and ended_on is null) \
             and {may_see}"
        );
        let mut all = args![person.id];
        all.extend(values);
        let rows: Vec<Row> = self.store().read_db().all(AssertSqlSafe(sql), all).await?;
        let mut people: Vec<Related> = Vec::new();
        for row in rows {
            let related = self.shown(row);
            // Two relationships with one person are one line with both words.
            match people.iter_mut().find(|p| p.id == related.id) {
                Some(known) => {
                    if known.relation != related.relation {
                        known.relation = format!(
                            "{}, {}",
                            known.relation,
                            super::network::lower_first(&related.relation)
                        );
                    }
                    known.responsibility = known.responsibility.or(related.responsibility);
                }
                None => people.push(related),
            }
        }
        people.sort_by(|a, b| {
            let key = |r: &Related| (r.child, !r.household, r.born_on.is_none(), r.born_on);
            key(a).cmp(&key(b)).then_with(|| a.name.cmp(&b.name))
        });
        Ok(self
            .gate()
            .listed(viewer, page, people, |p| vec![format!("person:{}", p.id)])
            .await?)
    }

    fn shown(&self, row: Row) -> Related {
        let relation = match (&row.relation, row.is_from) {
            (Some(kind), Some(true)) => self.label("relationships", kind),
            (Some(kind), _) => self.inverse_label(kind),
            (None, _) if row.shares_parent => self.label("relationships", "sibling"),
            (None, _) => "In the family".to_owned(),
        };
        let relation = match row.standing.as_deref().map_or("", standing_words) {
            "" => relation,
            standing => format!("{relation}, {standing}"),
        };
        let born = row.born_on.map(|date| BirthDate {
            date,
            kind: row
                .born_kind
                .as_deref()
                .and_then(BirthDateKind::from_code)
                .unwrap_or(BirthDateKind::Exact),
        });
        let child = match row.kind {
            PersonKind::Adult => false,
            PersonKind::Child | PersonKind::Expected => true,
        };
        Related {
            id: row.id,
            name: name_of(&row),
            age: born.map_or_else(String::new, |b| b.words_on(time::today())),
            born_on: row.born_on,
            child,
            relation,
            responsibility: row.parental_responsibility,
            household: row.household.unwrap_or(false),
            family: row.family_id,
            family_name: row.family,
            died: row.died_on.is_some(),
        }
    }

    /// The word from the other side: if Dana is Maya's mother, Maya is Dana's
    /// child.
    pub fn inverse_label(&self, kind: &str) -> String {
        let codes = self.pack().codes("relationships", time::today());
        let inverse = codes
            .and_then(|set| set.code(kind))
            .map(|code| code.inverse.clone())
            .filter(|code| !code.is_empty());
        self.label("relationships", inverse.as_deref().unwrap_or(kind))
    }
}

fn name_of(row: &Row) -> String {
    let given = row
        .known_as
        .as_deref()
        .filter(|n| !n.is_empty())
        .unwrap_or(&row.given);
    let name = format!("{given} {}", row.family_name);
    match name.trim() {
        "" => row
            .described_as
            .clone()
            .unwrap_or_else(|| "Name not known".into()),
        name => name.to_owned(),
    }
}
