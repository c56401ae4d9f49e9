//! Families that wait for a worker: a referral nobody has yet, work that another
//! team passed on, and children whose worker has left.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use record::{Asked, AssertSqlSafe, Listed, Value, Viewer};
use vocabulary::{Id, ids, plain};

use crate::due::family_words;
use crate::{Casework, Result};

/// A family that waits.
#[derive(Debug, Clone)]
pub struct Waiting {
    /// The family.
    pub family: Id<ids::Family>,
    /// "Kerr family".
    pub name: String,
    /// First names of the children: "Maya and Idris".
    pub children: String,
    /// Why it waits: "Referred 3 November", "Jo Larch has left".
    pub why: String,
    /// Since when.
    pub since: NaiveDate,
    /// The team that has it, by name.
    pub team: String,
    /// The children, for the journal.
    people: Vec<Id<ids::Person>>,
}

#[derive(sqlx::FromRow)]
struct Found {
    cause: String,
    family_id: Id<ids::Family>,
    family_name: String,
    person_id: Id<ids::Person>,
    given: String,
    known_as: Option<String>,
    since: NaiveDate,
    team_name: Option<String>,
    worker_name: Option<String>,
}

impl Casework {
    /// What waits in some teams, the longest first. One statement.
    pub async fn unallocated(
        &self,
        viewer: &Viewer,
        teams: &[Id<ids::Team>],
        page: &str,
    ) -> Result<Listed<Waiting>> {
        if teams.is_empty() {
            return Ok(Listed::default());
        }
        let mut values: Vec<Value> = record::args![viewer.today, true];
        values.extend(teams.iter().map(Value::from));
        let places: Vec<String> = (3..teams.len() + 3).map(|i| format!("${i}")).collect();
        let places = places.join(", ");
        let asked = Asked {
            section: access::Section::Summary,
            ..Asked::to_read(page)
        };
        let (open, more) = self
            .gate()
            .may_see(viewer, asked, "x.person_id", values.len() + 1);
        values.extend(more);
        let sql = format!(
            "select x.cause, f.id as family_id, f.name as family_name, p.id as person_id, p.given, \
             p.known_as, x.since, t.name as team_name, x.worker_name from ( \
             select 'referral' as cause, s.family_id, c.person_id, s.started_on as since, \
              s.team_id, cast(null as text) as worker_name \
              from step s join step_subject c on c.step_id = s.id \
              where s.kind = 'referral' and s.state = 'open' and s.worker_id is null \
              and s.team_id in ({places}) \
             union all \
             select 'passed', (select m.family_id from family_member m where m.person_id = i.person_id \
              and m.left_on is null order by m.household desc, m.family_id limit 1), i.person_id, \
              i.started_on, i.team_id, null from involvement i \
              where i.worker_id is null and i.team_id in ({places}) \
              and (i.ended_on is null or i.ended_on > $1) \
             union all \
             select 'left', (select m.family_id from family_member m where m.person_id = i.person_id \
              and m.left_on is null order by m.household desc, m.family_id limit 1), i.person_id, \
              coalesce(w.ends_on, i.started_on), w.team_id, w.name from involvement i \
              join worker w on w.id = i.worker_id \
              where i.role = 'allocated' and (i.ended_on is null or i.ended_on > $1) \
              and w.team_id in ({places}) and (w.active <> $2 or w.ends_on < $1) \
             ) x join person p on p.id = x.person_id join family f on f.id = x.family_id \
             left join team t on t.id = x.team_id \
             where p.kind <> 'adult' and {open} order by x.since, f.id, p.born_on, p.id limit 300"
        );
        let found: Vec<Found> = self
            .store()
            .read_db()
            .all(AssertSqlSafe(sql), values)
            .await?;
        let rows = by_family(found);
        Ok(self
            .gate()
            .listed(viewer, page, rows, |row| {
                let people = row.people.iter().map(|id| format!("person:{id}"));
                people.chain([format!("family:{}", row.family)]).collect()
            })
            .await?)
    }
}

fn by_family(found: Vec<Found>) -> Vec<Waiting> {
    let mut rows: Vec<Waiting> = Vec::new();
    let mut names: BTreeMap<Id<ids::Family>, Vec<String>> = BTreeMap::new();
    for one in found {
        let row = match rows.iter_mut().position(|r| r.family == one.family_id) {
            Some(i) => &mut rows[i],
            None => {
                let day = plain::date(one.since);
                let why = match (one.cause.as_str(), &one.worker_name) {
                    ("left", Some(worker)) => format!("{worker} has left"),
                    ("passed", _) => format!("With the team since {day}"),
                    _ => format!("Referred {day}"),
                };
                rows.push(Waiting {
                    family: one.family_id,
                    name: family_words(&one.family_name),
                    children: String::new(),
                    why,
                    since: one.since,
                    team: one.team_name.clone().unwrap_or_default(),
                    people: Vec::new(),
                });
                let last = rows.len() - 1;
                &mut rows[last]
            }
        };
        if !row.people.contains(&one.person_id) {
            row.people.push(one.person_id);
            let given = one.known_as.filter(|n| !n.is_empty()).unwrap_or(one.given);
            let given = given.trim().to_owned();
            let name = if given.is_empty() {
                "a child without a name yet".into()
            } else {
                given
            };
            names.entry(one.family_id).or_default().push(name);
        }
    }
    for row in &mut rows {
        row.children = plain::list(names.get(&row.family).map_or(&[][..], Vec::as_slice));
    }
    rows
}
