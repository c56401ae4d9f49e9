//! Who can take an action or come to a meeting: those who work with the
//! children of a plan, and the family itself.

use record::model::{Involvement, Person, PersonKind};
use record::{Asked, AssertSqlSafe, Viewer};
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
    /// The network of a plan's children, workers first. Someone whose
    /// involvement is sensitive is not offered: they are asked for by hand.
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
        let places: Vec<String> = (1..=children.len()).map(|n| format!("${n}")).collect();
        let sql = format!(
            "select {} from involvement i where i.person_id in ({}) and i.ended_on is null \
             and not i.sensitive order by i.lead desc, i.role, i.name",
            columns::<Involvement>("i"),
            places.join(", ")
        );
        let values = children.iter().map(|child| (*child).into()).collect();
        let workers: Vec<Involvement> = self
            .store()
            .read_db()
            .all(AssertSqlSafe(sql), values)
            .await?;
        let mut known: Vec<Known> = Vec::new();
        for worker in workers {
            // A worker of two brothers is one person at the table.
            let again = |k: &Known| k.name == worker.name && k.agency == worker.agency;
            if !known.iter().any(again) {
                known.push(of_worker(worker));
            }
        }
        known.extend(self.family_known(viewer, family).await?);
        Ok(known)
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

fn of_worker(worker: Involvement) -> Known {
    Known {
        key: format!("involvement:{}", worker.id),
        role: worker.job_title,
        agency: worker.agency,
        person: None,
        worker: worker.worker_id,
        email: worker.email,
        phone: worker.phone,
        interpreter: None,
        name: worker.name,
    }
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
