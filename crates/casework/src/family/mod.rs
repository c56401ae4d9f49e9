//! The family's page (R000-12): everyone in rows, adults first and as full
//! people, who works with each, what runs, and the genogram drawn from the
//! relationships (R003-10).

mod picture;
mod ties;

use std::collections::BTreeMap;

use access::{Purpose, Section};
use chrono::{DateTime, NaiveDate, Utc};
use record::model::{FamilyMember, Person, PersonKind, Relationship};
use record::{Asked, AssertSqlSafe, Entity, FamilySeen, Guarded, Named, Value, Viewer, args};
use vocabulary::{Id, ids, plain};

use crate::people::couple::COUPLES;
use crate::people::network::{self, Works};
use crate::people::overview::address_kind;
use crate::{Casework, Error, Result, time};

pub use picture::drawing;

/// Everything on a family's page.
#[derive(Debug, Clone)]
pub struct FamilyPage {
    /// The family and its visible members.
    pub seen: Guarded<FamilySeen>,
    /// Everyone, adults first, each with what the page says of them.
    pub people: Vec<Member>,
    /// What is not recorded: "Maya’s father: not recorded" (R000-18).
    pub gaps: Vec<String>,
    /// Members of whom the viewer sees the index and no more: while a contact
    /// about a child is open, the front door knows who the family is.
    pub others: Vec<Other>,
    /// Plans, steps and meetings that are open.
    pub work: Vec<Open>,
    /// Actions of shared plans that are past their date.
    pub overdue: Vec<Overdue>,
    /// The genogram with its table.
    pub genogram: genogram::Picture,
    /// The viewer may add people and relationships.
    pub may_edit: bool,
}

/// One person of the family.
#[derive(Debug, Clone)]
pub struct Member {
    /// Who.
    pub id: Id<ids::Person>,
    /// Name.
    pub name: String,
    /// Age in words; empty when not known.
    pub age: String,
    /// A child or a baby who is expected.
    pub child: bool,
    /// Lives in the household.
    pub household: bool,
    /// What they are to the others: "Mother of Maya and Idris, with parental
    /// responsibility".
    pub ties: Vec<String>,
    /// Status in words; empty for an adult.
    pub status: String,
    /// "Last seen 12 November, by Jo Larch"; empty for an adult.
    pub last_seen: String,
    /// Who works with them.
    pub network: Vec<Works>,
    /// Where they live: one line; a protected address says whom to ask.
    pub addresses: Vec<String>,
    /// Interpreter and communication needs.
    pub needs: Vec<String>,
}

/// Somebody of the family whose record is not open to the viewer.
#[derive(Debug, Clone)]
pub struct Other {
    /// Who.
    pub id: Id<ids::Person>,
    /// Name.
    pub name: String,
    /// "Adult, 34", "Child, age not known".
    pub who: String,
    /// Lives in the household.
    pub household: bool,
}

/// Something open for the family.
#[derive(Debug, Clone)]
pub struct Open {
    /// "Child in need plan".
    pub title: String,
    /// For whom, when it is for some of the children.
    pub whom: String,
    /// When, in words.
    pub when: String,
    /// Its page.
    pub path: String,
}

/// An action past its date.
#[derive(Debug, Clone)]
pub struct Overdue {
    /// What was to be done.
    pub what: String,
    /// By whom.
    pub owner: String,
    /// "4 days late".
    pub late: String,
    /// Its page.
    pub path: String,
}

#[derive(sqlx::FromRow)]
struct Line {
    what: String,
    id: String,
    title: String,
    person_id: Option<Id<ids::Person>>,
    owner: Option<String>,
    on_day: Option<NaiveDate>,
    at: Option<DateTime<Utc>>,
}

#[derive(sqlx::FromRow)]
struct Seen {
    person_id: Id<ids::Person>,
    happened_at: DateTime<Utc>,
    name: String,
}

#[derive(sqlx::FromRow)]
struct Lives {
    person_id: Id<ids::Person>,
    kind: String,
    words: Option<String>,
}

fn other(person: &Named, today: NaiveDate) -> Other {
    let kind = match person.kind {
        PersonKind::Adult => "Adult",
        PersonKind::Child => "Child",
        PersonKind::Expected => "Expected baby",
    };
    let age = person.birth_date().map(|born| born.words_on(today));
    Other {
        id: person.id,
        name: person.name(),
        who: format!("{kind}, {}", age.as_deref().unwrap_or("age not known")),
        household: person.household,
    }
}

impl Casework {
    /// A family's page. Nine statements with the gate's own.
    pub async fn family_page(&self, viewer: &Viewer, id: Id<ids::Family>) -> Result<FamilyPage> {
        let page = "family.page";
        let seen = self
            .gate()
            .family(viewer, id, Asked::to_read(page))
            .await?
            .ok_or(Error::NotFound)?;
        let others = self.gate().others_of(viewer, &seen, page).await?;
        let people: Vec<Id<ids::Person>> = seen.members.iter().map(|(_, p)| p.id).collect();
        let relationships = self.relationships_among(&people).await?;
        let mut network = network::of_people(self.store().read_db(), &people).await?;
        let last_seen = self.last_seen_of(&people).await?;
        let addresses = self.addresses_of(viewer, &people, page).await?;
        let lines = self.open_of(id, viewer.today).await?;
        let mut members: Vec<Member> = seen
            .members
            .iter()
            .map(|(place, person)| {
                self.member(place, person, &seen, &relationships, &last_seen, &addresses)
            })
            .collect();
        for member in &mut members {
            member.network = network.remove(&member.id).unwrap_or_default();
        }
        members.sort_by(|a, b| {
            (a.child, !a.household, age_order(&seen, a.id)).cmp(&(
                b.child,
                !b.household,
                age_order(&seen, b.id),
            ))
        });
        let (work, overdue) = self.sorted(lines, &seen, viewer.today);
        Ok(FamilyPage {
            // Who is not seen may well be the parent that seems to be missing.
            gaps: match others.is_empty() {
                true => ties::missing_parents(&seen, &relationships),
                false => Vec::new(),
            },
            genogram: picture::draw(&seen, &relationships),
            people: members,
            others: others.iter().map(|p| other(p, viewer.today)).collect(),
            work,
            overdue,
            may_edit: viewer.can("case.record") || viewer.can("people.create"),
            seen,
        })
    }

    /// Relationships between these people that hold, and of couples also those
    /// that ended: the genogram shows a separation. Mistakes are left out.
    pub(crate) async fn relationships_among(
        &self,
        people: &[Id<ids::Person>],
    ) -> Result<Vec<Relationship>> {
        let n = people.len();
        let couples = COUPLES.map(|kind| format!("'{kind}'")).join(", ");
        let sql = format!(
            "select {} from relationship where wrong_reason is null \
             and (ended_on is null or kind in ({couples})) and from_id in ({}) and to_id in ({}) order by id",
            Relationship::COLUMNS.join(", "),
            places(1, n),
            places(n + 1, n)
        );
        let values = people.iter().chain(people).map(Value::from).collect();
        Ok(self
            .store()
            .read_db()
            .all(AssertSqlSafe(sql), values)
            .await?)
    }

    async fn last_seen_of(
        &self,
        people: &[Id<ids::Person>],
    ) -> Result<BTreeMap<Id<ids::Person>, String>> {
        let sql = format!(
            "select n.person_id, n.happened_at, w.name from note n \
             join worker w on w.id = n.author_id \
             join (select person_id, max(happened_at) as at from note \
               where seen and person_id in ({}) group by person_id) last \
             on last.person_id = n.person_id and last.at = n.happened_at where n.seen",
            places(1, people.len())
        );
        let values = people.iter().map(Value::from).collect();
        let rows: Vec<Seen> = self
            .store()
            .read_db()
            .all(AssertSqlSafe(sql), values)
            .await?;
        Ok(rows
            .into_iter()
            .map(|row| {
                let day = plain::date(time::local(row.happened_at).date());
                (row.person_id, format!("Last seen {day}, by {}", row.name))
            })
            .collect())
    }

    /// Present addresses; the words of a protected one only for those who may
    /// see them.
    async fn addresses_of(
        &self,
        viewer: &Viewer,
        people: &[Id<ids::Person>],
        page: &str,
    ) -> Result<BTreeMap<Id<ids::Person>, Vec<String>>> {
        let protected = Asked {
            purpose: Purpose::Look,
            section: Section::ProtectedAddress,
            page,
        };
        let n = people.len();
        let (open, more) = self.gate().may_see(viewer, protected, "a.person_id", n + 1);
        let sql = format!(
            "select a.person_id, a.kind, case when a.protected and not {open} then null else \
             a.line1 || coalesce(', ' || a.town, '') || coalesce(', ' || a.postcode, '') end as words \
             from address a where a.ended_on is null and a.person_id in ({}) order by a.kind, a.id",
            places(1, n)
        );
        let mut values: Vec<Value> = people.iter().map(Value::from).collect();
        values.extend(more);
        let rows: Vec<Lives> = self
            .store()
            .read_db()
            .all(AssertSqlSafe(sql), values)
            .await?;
        let mut all: BTreeMap<Id<ids::Person>, Vec<String>> = BTreeMap::new();
        for row in rows {
            let words = match row.words {
                Some(words) => format!("{}: {words}", address_kind(&row.kind)),
                None => "Protected address: ask the lead worker".to_owned(),
            };
            all.entry(row.person_id).or_default().push(words);
        }
        Ok(all)
    }

    /// Plans, steps, the next meetings and late actions, in one statement.
    async fn open_of(&self, family: Id<ids::Family>, today: NaiveDate) -> Result<Vec<Line>> {
        Ok(self
            .store()
            .read_db()
            .all(
                "select 'plan' as what, p.id, p.kind as title, s.person_id, null as owner, \
                 p.started_on as on_day, null as at \
                 from plan p join plan_subject s on s.plan_id = p.id \
                 where p.family_id = $1 and p.state = 'open' \
                 union all select 'step', p.id, p.kind, s.person_id, null, p.started_on, p.submitted_at \
                 from step p join step_subject s on s.step_id = p.id \
                 where p.family_id = $1 and p.state in ('open', 'submitted', 'sent_back') \
                 union all select 'meeting', m.id, m.kind, null, null, null, m.held_at \
                 from meeting m where m.family_id = $1 and m.state = 'planned' and m.held_at >= $3 \
                 union all select 'action', a.id, a.what, s.person_id, a.owner, a.due_on, null \
                 from action a join plan p on p.id = a.plan_id \
                 join plan_subject s on s.plan_id = p.id \
                 where a.family_id = $1 and p.state = 'open' and a.due_on < $2 \
                 and a.state in ('to_do', 'under_way') order by on_day, at",
                args![family, today, Utc::now()],
            )
            .await?)
    }

    /// Lines about children whom the viewer may not see are left out.
    fn sorted(
        &self,
        lines: Vec<Line>,
        seen: &FamilySeen,
        today: NaiveDate,
    ) -> (Vec<Open>, Vec<Overdue>) {
        let mut whom: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut first: BTreeMap<String, Id<ids::Person>> = BTreeMap::new();
        for line in &lines {
            if let Some(person) = line.person_id.and_then(|id| seen.member(id)) {
                whom.entry(line.id.clone())
                    .or_default()
                    .push(person.first_name());
                first.entry(line.id.clone()).or_insert(person.id);
            }
        }
        let (mut work, mut overdue) = (Vec::new(), Vec::new());
        let mut shown = std::collections::BTreeSet::new();
        for line in lines {
            let about = whom.get(&line.id);
            if (line.what != "meeting" && about.is_none()) || !shown.insert(line.id.clone()) {
                continue;
            }
            let names = about.map_or_else(String::new, |names| plain::list(names));
            let since = line
                .on_day
                .map_or_else(String::new, |d| format!("since {}", plain::date(d)));
            match line.what.as_str() {
                "action" => overdue.push(Overdue {
                    late: line.on_day.map_or_else(String::new, |day| {
                        plain::days_left((day - today).num_days())
                    }),
                    what: line.title,
                    owner: line.owner.unwrap_or_default(),
                    path: format!("/actions/{}", line.id),
                }),
                "plan" => work.push(Open {
                    title: format!("{} plan", crate::header::status_words(&line.title)),
                    path: first.get(&line.id).map_or_else(
                        || format!("/plans/{}", line.id),
                        |p| format!("/people/{p}/plan"),
                    ),
                    whom: names,
                    when: since,
                }),
                "step" => work.push(Open {
                    title: self.step_title(&line.title),
                    whom: names,
                    when: if line.at.is_some() {
                        "waiting for a manager".into()
                    } else {
                        since
                    },
                    path: format!("/steps/{}", line.id),
                }),
                _ => work.push(Open {
                    title: format!("Meeting: {}", self.label("meeting-kinds", &line.title)),
                    whom: String::new(),
                    when: line
                        .at
                        .map_or_else(String::new, |at| plain::date_time(time::local(at))),
                    path: format!("/meetings/{}", line.id),
                }),
            }
        }
        (work, overdue)
    }

    fn member(
        &self,
        place: &FamilyMember,
        person: &Person,
        seen: &FamilySeen,
        relationships: &[Relationship],
        last_seen: &BTreeMap<Id<ids::Person>, String>,
        addresses: &BTreeMap<Id<ids::Person>, Vec<String>>,
    ) -> Member {
        let child = person.kind != PersonKind::Adult;
        Member {
            id: person.id,
            name: person.name(),
            age: person
                .birth_date()
                .map_or_else(String::new, |b| b.words_on(time::today())),
            child,
            household: place.household,
            ties: ties::of(self, person, seen, relationships),
            status: person
                .status
                .as_deref()
                .filter(|_| child)
                .map_or_else(String::new, crate::header::status_words),
            last_seen: match (child, last_seen.get(&person.id)) {
                (true, Some(words)) => words.clone(),
                (true, None) if person.kind == PersonKind::Child => {
                    "Not yet seen by a worker".into()
                }
                _ => String::new(),
            },
            network: Vec::new(),
            addresses: addresses.get(&person.id).cloned().unwrap_or_default(),
            needs: self.needs(person),
        }
    }
}

/// Older first within a group of the page.
fn age_order(seen: &FamilySeen, id: Id<ids::Person>) -> (bool, Option<NaiveDate>, String) {
    let person = seen.member(id);
    let born = person.and_then(|p| p.born_on);
    (born.is_none(), born, id.to_string())
}

fn places(first: usize, n: usize) -> String {
    let all: Vec<String> = (first..first + n).map(|i| format!("${i}")).collect();
    all.join(", ")
}
