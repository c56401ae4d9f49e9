//! The child's header: three lines on top of every page about a child, so that
//! nobody writes in the wrong record and everybody knows when the child was
//! last seen (R003-16).

use chrono::{DateTime, NaiveDate, Utc};
use record::model::Person;
use record::{Guarded, args};
use vocabulary::{Id, ids, plain};

use crate::{Casework, Result, time};

/// What the header says.
#[derive(Debug, Clone)]
pub struct ChildHeader {
    /// The child.
    pub id: Id<ids::Person>,
    /// Name.
    pub name: String,
    /// First name, for buttons: "Save note to Maya, 7".
    pub first_name: String,
    /// Pronouns, if given.
    pub pronouns: Option<String>,
    /// "7", "4 months", "due in 6 weeks".
    pub age: String,
    /// "27 March 2019", "about 2019 (estimated)".
    pub born: String,
    /// The short id to read out on the telephone: the last eight characters.
    pub reference: String,
    /// Status words for tags: "Child in need since 4 March 2026".
    pub statuses: Vec<String>,
    /// "Last seen 12 November, alone, by Jo Larch".
    pub last_seen: String,
    /// "Jo Larch, social worker, since March 2024", or that nobody is.
    pub worker: String,
    /// "Maya has had 3 social workers since March 2024"; empty before the first
    /// (R000-22).
    pub workers: String,
    /// The lead worker's telephone.
    pub worker_phone: Option<String>,
    /// "Interpreter needed: Arabic" and other needs (R000-05).
    pub needs: Vec<String>,
    /// Safety lines: address not safe to write to, restricted, protected.
    pub safety: Vec<String>,
    /// The family's page.
    pub family: Option<Id<ids::Family>>,
    /// Died on, for wording.
    pub died_on: Option<NaiveDate>,
}

#[derive(Default, sqlx::FromRow)]
struct Found {
    happened_at: Option<DateTime<Utc>>,
    seen_alone: Option<bool>,
    seen_by: Option<String>,
    lead: Option<String>,
    job_title: Option<String>,
    phone: Option<String>,
    started_on: Option<NaiveDate>,
    family_id: Option<Id<ids::Family>>,
    restricted: bool,
    protected: bool,
    unsafe_to_write: bool,
    workers: i64,
    first_worker_on: Option<NaiveDate>,
    plan_kind: Option<String>,
    plan_since: Option<NaiveDate>,
}

impl Casework {
    /// The header of a person the viewer may see. One statement.
    pub async fn header(&self, person: &Guarded<Person>) -> Result<ChildHeader> {
        let db = self.store().read_db();
        let today = time::today();
        let rows: Vec<Found> = db
            .all(
                "select n.happened_at, n.seen_alone, w.name as seen_by, i.name as lead, \
                 i.job_title, i.phone, i.started_on, \
                 (select family_id from family_member where person_id = $1 and left_on is null \
                   order by household desc, joined_on desc limit 1) as family_id, \
                 (select count(distinct coalesce(worker_id, name)) from involvement \
                   where person_id = $1 and role = 'allocated') as workers, \
                 (select min(started_on) from involvement \
                   where person_id = $1 and role = 'allocated') as first_worker_on, \
                 exists (select 1 from restriction where person_id = $1 and ended_at is null) as restricted, \
                 exists (select 1 from address where person_id = $1 and ended_on is null and protected) as protected, \
                 exists (select 1 from address where person_id = $1 and ended_on is null and not safe_to_write) as unsafe_to_write, \
                 q.kind as plan_kind, \
                 case when q.kind = 'in_care' then coalesce((select max(started_on) from care \
                   where person_id = $1 and ended_on is null), q.started_on) \
                   else q.started_on end as plan_since \
                 from (select 1 as one) here \
                 left join note n on n.id = (select id from note where person_id = $1 and seen \
                   order by happened_at desc limit 1) \
                 left join worker w on w.id = n.author_id \
                 left join involvement i on i.id = (select id from involvement where person_id = $1 \
                   and role = 'allocated' and ended_on is null order by started_on desc limit 1) \
                 left join plan_subject x on x.person_id = $1 \
                 left join plan q on q.id = x.plan_id and q.state = 'open' \
                 order by q.started_on",
                args![person.id],
            )
            .await?;
        let statuses = statuses(person, &rows);
        let found = rows.into_iter().next().unwrap_or_default();
        let born = person.birth_date();
        Ok(ChildHeader {
            id: person.id,
            name: person.name(),
            first_name: person.first_name(),
            pronouns: person.pronouns.clone(),
            age: born.map_or_else(|| "age not known".into(), |b| b.words_on(today)),
            born: born.map_or_else(|| "date of birth not known".into(), |b| b.date_words()),
            reference: person.id.as_str()[28..].to_uppercase(),
            statuses,
            last_seen: last_seen(person, &found),
            worker: worker(&found),
            workers: workers(&person.first_name(), &found),
            needs: self.needs(person),
            safety: safety_lines(&found),
            worker_phone: found.phone,
            family: found.family_id,
            died_on: person.died_on,
        })
    }

    /// What a conversation with them needs (R000-05).
    pub fn needs(&self, person: &Person) -> Vec<String> {
        let mut needs = Vec::new();
        if person.interpreter {
            let language = person.first_language.as_deref().map_or_else(
                || "language not recorded".to_owned(),
                |code| self.label("languages", code),
            );
            needs.push(format!("Interpreter needed: {language}"));
        }
        needs.extend(person.communication.clone());
        needs
    }
}

/// The plans that are open, in words; without one, where the child stands.
fn statuses(person: &Person, rows: &[Found]) -> Vec<String> {
    let plan = |row: &Found| {
        let (kind, since) = (row.plan_kind.as_deref()?, row.plan_since?);
        Some(format!(
            "{} since {}",
            status_words(kind),
            plain::date(since)
        ))
    };
    let mut words: Vec<String> = rows.iter().filter_map(plan).collect();
    if words.is_empty() {
        words.extend(person.status.as_deref().map(status_words));
    }
    words
}

/// A status in people's words.
pub fn status_words(status: &str) -> String {
    match status {
        "contact" => "Contact being looked at".into(),
        "referral" => "Referred".into(),
        "assessment" => "Being assessed".into(),
        "child_in_need" => "Child in need".into(),
        "protection_plan" => "Protection plan".into(),
        "in_care" => "In care".into(),
        "care_leaver" => "Care leaver".into(),
        "early_help" => "Early help".into(),
        "closed" => "Not open to us now".into(),
        other => {
            let words = other.replace('_', " ");
            let mut letters = words.chars();
            letters.next().map_or_else(String::new, |first| {
                first.to_uppercase().collect::<String>() + letters.as_str()
            })
        }
    }
}

fn last_seen(person: &Person, found: &Found) -> String {
    match (found.happened_at, &found.seen_by) {
        _ if person.kind == record::model::PersonKind::Expected => "Not born yet".into(),
        (Some(at), Some(by)) => {
            let day = plain::date(time::local(at).date());
            let alone = match found.seen_alone {
                Some(true) => ", alone",
                Some(false) => ", not alone",
                None => "",
            };
            format!("Last seen {day}{alone}, by {by}")
        }
        _ => "Not yet seen by a worker".into(),
    }
}

fn worker(found: &Found) -> String {
    match (&found.lead, &found.job_title, found.started_on) {
        (Some(name), Some(job), Some(since)) => {
            format!(
                "{name}, {}, since {}",
                job.to_lowercase(),
                plain::date(since)
            )
        }
        _ => "No worker allocated".into(),
    }
}

/// How often the worker changed, as the child counts it.
fn workers(name: &str, found: &Found) -> String {
    match (found.workers, found.first_worker_on) {
        (0, _) | (_, None) => String::new(),
        (n, Some(since)) => format!(
            "{name} has had {} since {}",
            plain::count(n, "worker", "workers"),
            since.format("%B %Y")
        ),
    }
}

fn safety_lines(safety: &Found) -> Vec<String> {
    let mut lines = Vec::new();
    if safety.restricted {
        lines.push("Restricted record: only named people can see it".into());
    }
    if safety.protected {
        lines.push("Protected address: do not give it to anyone".into());
    }
    if safety.unsafe_to_write {
        lines.push("It is not safe to write to this address".into());
    }
    lines
}
