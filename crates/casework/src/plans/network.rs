//! Who can take an action or come to a meeting: those who work with the
//! children of a plan, and the family itself.

use record::model::{Person, PersonKind};
use record::{Asked, AssertSqlSafe, Value, Viewer, args};
use vocabulary::{Id, ids};

use super::{PlanSeen, columns};
use crate::{Casework, Result};

/// Someone of the network around the children.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// `person:ID` or `involvement:ID`, as a form posts it.
    pub key: String,
    /// Their name.
    pub name: String,
    /// Who they are: "school nurse", "adult of the family".
    pub role: String,
    /// A code of the pack's agencies.
    pub agency: String,
    /// If one of the family.
    pub person: Option<Id<ids::Person>>,
    /// If they sign in here.
    pub worker: Option<Id<ids::Worker>>,
    /// Where to write to them at work.
    pub email: Option<String>,
    /// Their telephone at work.
    pub phone: Option<String>,
    /// The language for which they need an interpreter (R000-05).
    pub interpreter: Option<String>,
}

impl Casework {
    /// The network of a plan's children, workers first, in one statement.
    /// Someone whose involvement is sensitive is not offered: they are asked
    /// for by hand.
    pub async fn network(&self, viewer: &Viewer, seen: &PlanSeen) -> Result<Vec<Known>> {
        let children: Vec<Id<ids::Person>> = seen.children.iter().map(|c| c.id).collect();
        self.network_of(viewer, seen.plan.family_id, &children)
            .await
    }

    /// The same for children of a family, whom the viewer may see.
    pub(crate) async fn network_of(
        &self,
        viewer: &Viewer,
        family: Id<ids::Family>,
        children: &[Id<ids::Person>],
    ) -> Result<Vec<Known>> {
        let places: Vec<String> = (2..=children.len() + 1).map(|n| format!("${n}")).collect();
        let places = places.join(", ");
        let mut values = args![family];
        values.extend(children.iter().map(Value::from));
        let (open, more) =
            self.gate()
                .may_see(viewer, Asked::to_read("network"), "p.id", values.len() + 1);
        values.extend(more);
        let sql = format!(
            "select 0 as part, case when i.lead then 0 else 1 end as sort_a, i.role as sort_b, \
             i.name as sort_c, i.id as involvement_id, cast(null as text) as person_id, \
             i.worker_id, i.name, cast(null as text) as known_as, cast(null as text) as family_name, \
             cast(null as text) as described_as, i.job_title as role, i.agency, i.email, i.phone, \
             cast(null as text) as language from involvement i \
             where i.person_id in ({places}) and i.ended_on is null and not i.sensitive \
             union all select 1, 0, p.kind, coalesce(cast(p.born_on as text), ''), null, p.id, null, \
             p.given, p.known_as, p.family_name, p.described_as, p.kind, 'family', null, null, \
             case when p.interpreter then coalesce(p.first_language, '') end from person p \
             join family_member m on m.person_id = p.id \
             where m.family_id = $1 and m.left_on is null and p.died_on is null \
             and p.kind <> 'expected' and {open} order by part, sort_a, sort_b, sort_c"
        );
        let db = self.store().read_db();
        let rows: Vec<Around> = db.all(AssertSqlSafe(sql), values).await?;
        let listed = self
            .gate()
            .listed(viewer, "network", rows, |row| {
                row.person_id
                    .iter()
                    .map(|id| format!("person:{id}"))
                    .collect()
            })
            .await?;
        let mut known: Vec<Known> = Vec::new();
        for row in listed {
            let one = self.known_around(row);
            // A worker of two brothers is one person at the table.
            let again = |k: &Known| {
                k.person.is_none()
                    && one.person.is_none()
                    && k.name == one.name
                    && k.agency == one.agency
            };
            if !known.iter().any(again) {
                known.push(one);
            }
        }
        Ok(known)
    }

    fn known_around(&self, row: Around) -> Known {
        let (key, name, role) = match (&row.involvement_id, row.person_id) {
            (Some(id), _) => (format!("involvement:{id}"), row.name, row.role),
            (None, id) => {
                let given = row.known_as.filter(|n| !n.is_empty()).unwrap_or(row.name);
                let name = format!("{given} {}", row.family_name.unwrap_or_default());
                let name = match name.trim() {
                    "" => row.described_as.unwrap_or_else(|| "Name not known".into()),
                    name => name.to_owned(),
                };
                let role = match row.role.as_str() {
                    "adult" => "adult of the family",
                    _ => "child",
                };
                let id = id.map(|id| id.to_string()).unwrap_or_default();
                (format!("person:{id}"), name, role.to_owned())
            }
        };
        Known {
            key,
            name,
            role,
            agency: row.agency,
            person: row.person_id,
            worker: row.worker_id,
            email: row.email,
            phone: row.phone,
            interpreter: row.language.map(|code| match code.as_str() {
                "" => "language not recorded".to_owned(),
                code => self.label("languages", code),
            }),
        }
    }

    /// Those of a family whom the viewer may see.
    pub(crate) async fn family_known(
        &self,
        viewer: &Viewer,
        family: Id<ids::Family>,
    ) -> Result<Vec<Known>> {
        let (condition, mut values) =
            self.gate()
                .may_see(viewer, Asked::to_read("network"), "p.id", 2);
        let sql = format!(
            "select {} from person p join family_member m on m.person_id = p.id \
             where m.family_id = $1 and m.left_on is null and p.died_on is null \
             and p.kind <> 'expected' and {condition} order by p.kind, p.born_on",
            columns::<Person>("p")
        );
        values.insert(0, family.into());
        let people: Vec<Person> = self
            .store()
            .read_db()
            .all(AssertSqlSafe(sql), values)
            .await?;
        let listed = self
            .gate()
            .listed(viewer, "network", people, |p| {
                vec![format!("person:{}", p.id)]
            })
            .await?;
        let language = |p: &Person| match p.first_language.as_deref() {
            Some(code) => self.label("languages", code),
            None => "language not recorded".to_owned(),
        };
        Ok(listed
            .into_iter()
            .map(|p| Known {
                interpreter: p.interpreter.then(|| language(&p)),
                ..of_family(p)
            })
            .collect())
    }
}

/// One of the network as the database tells it.
#[derive(sqlx::FromRow)]
struct Around {
    involvement_id: Option<Id<ids::Involvement>>,
    person_id: Option<Id<ids::Person>>,
    worker_id: Option<Id<ids::Worker>>,
    name: String,
    known_as: Option<String>,
    family_name: Option<String>,
    described_as: Option<String>,
    role: String,
    agency: String,
    email: Option<String>,
    phone: Option<String>,
    language: Option<String>,
}

fn of_family(person: Person) -> Known {
    let role = match person.kind {
        PersonKind::Adult => "adult of the family",
        _ => "child",
    };
    Known {
        key: format!("person:{}", person.id),
        name: person.name(),
        role: role.into(),
        agency: "family".into(),
        person: Some(person.id),
        worker: None,
        email: None,
        phone: None,
        interpreter: None,
    }
}

/// The one of the network whom someone typed, whatever the case.
pub fn find<'a>(network: &'a [Known], typed: &str) -> Option<&'a Known> {
    let typed = typed.trim().to_lowercase();
    // "Rosa Mbeki, health visitor" is how the list offers her.
    let whole = |k: &&Known| format!("{}, {}", k.name, k.role).to_lowercase() == typed;
    let name = |k: &&Known| k.name.to_lowercase() == typed;
    network
        .iter()
        .find(name)
        .or_else(|| network.iter().find(whole))
}
