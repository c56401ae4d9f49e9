//! The rows that a question could mean: by key in the database, never more
//! than a page of comparisons.

use std::collections::BTreeMap;

use record::model::{Person, PersonName};
use record::{AssertSqlSafe, Entity, Value, args};
use vocabulary::{Id, ids};

use super::asked::Asked;

/// How many candidates there are at most when somebody is added: the date, the
/// postcode or a number is shared, and a name is alike.
const MOST: usize = 400;

/// The record is written on: it was not joined with another that is.
pub const ALONE: &str = "not exists (select 1 from merged joined \
     where joined.other_id = p.id and joined.parted_at is null)";

/// Whom contacts with these references are about.
pub fn contacts_statement(references: &[String]) -> (String, Vec<Value>) {
    let sql = format!(
        "select distinct c.person_id from contact_child c \
         join contact on contact.id = c.contact_id \
         where contact.reference in ({}) and c.person_id is not null",
        places(1, references.len())
    );
    (sql, references.iter().map(Value::from).collect())
}

/// The statement that fetches records which may be about one person: the date,
/// the postcode or a number is shared, and the name sounds or looks alike.
/// Narrow, because an import asks it for every row.
pub fn duplicates_statement(asked: &Asked) -> (String, Vec<Value>) {
    let keys = asked.keys();
    let of = |kinds: &[&str]| -> Vec<Value> {
        let all = keys
            .iter()
            .filter(|k| kinds.iter().any(|kind| k.starts_with(kind)));
        all.map(Value::from).collect()
    };
    let (names, dates, numbers) = (of(&["s:", "d:"]), of(&["b:"]), of(&["n:", "u:"]));
    let mut values: Vec<Value> = Vec::new();
    let mut sources = Vec::new();
    let mut evidence = Vec::new();
    if !dates.is_empty() {
        let list = places(values.len() + 1, dates.len());
        evidence.push(format!(
            "select person_id from person_key where key in ({list})"
        ));
        values.extend(dates);
    }
    if let Some(postcode) = &asked.postcode {
        values.push(postcode.as_str().into());
        evidence.push(format!(
            "select person_id from address where postcode = ${} and not protected",
            values.len()
        ));
    }
    if !evidence.is_empty() && !names.is_empty() {
        let list = places(values.len() + 1, names.len());
        sources.push(format!(
            "select e.person_id from ({}) e where exists (select 1 from person_key k \
             where k.person_id = e.person_id and k.key in ({list}))",
            evidence.join(" union ")
        ));
        values.extend(names);
    } else {
        values.clear();
    }
    if !numbers.is_empty() {
        let list = places(values.len() + 1, numbers.len());
        sources.push(format!(
            "select person_id from person_key where key in ({list})"
        ));
        values.extend(numbers);
    }
    if sources.is_empty() {
        sources.push("select id as person_id from person where 1 = 0".into());
    }
    let sql = format!(
        "select {} from (select distinct person_id from ({}) found limit {MOST}) h \
         join person p on p.id = h.person_id where {ALONE}",
        columns("p"),
        sources.join(" union all ")
    );
    (sql, values)
}

/// A candidate row.
#[derive(Debug, sqlx::FromRow)]
pub struct Candidate {
    /// The person.
    #[sqlx(flatten)]
    pub person: Person,
}

/// The columns of a person.
pub fn columns(alias: &str) -> String {
    let all: Vec<String> = Person::COLUMNS
        .iter()
        .map(|c| format!("{alias}.{c}"))
        .collect();
    all.join(", ")
}

/// `$3, $4, $5`.
pub fn places(first: usize, n: usize) -> String {
    let all: Vec<String> = (first..first + n).map(|i| format!("${i}")).collect();
    all.join(", ")
}

/// The other names of the people, by person; not those written by mistake.
pub fn names_statement(people: &[Id<ids::Person>]) -> (String, Vec<Value>) {
    let sql = format!(
        "select {} from person_name where wrong_reason is null and person_id in ({})",
        PersonName::COLUMNS.join(", "),
        places(1, people.len())
    );
    (sql, people.iter().map(Value::from).collect())
}

/// A postcode that may be compared.
#[derive(Debug, sqlx::FromRow)]
pub struct Lived {
    /// Who.
    pub person_id: Id<ids::Person>,
    /// Where.
    pub postcode: String,
}

/// The postcodes of the people, without protected addresses.
pub fn postcodes_statement(people: &[Id<ids::Person>]) -> (String, Vec<Value>) {
    let sql = format!(
        "select person_id, postcode from address \
         where postcode is not null and not protected and person_id in ({})",
        places(1, people.len())
    );
    (sql, people.iter().map(Value::from).collect())
}

/// Groups rows by person.
pub fn by_person<T>(
    rows: Vec<T>,
    whose: impl Fn(&T) -> Id<ids::Person>,
) -> BTreeMap<Id<ids::Person>, Vec<T>> {
    let mut groups: BTreeMap<Id<ids::Person>, Vec<T>> = BTreeMap::new();
    for row in rows {
        groups.entry(whose(&row)).or_default().push(row);
    }
    groups
}

/// Writes a statement that has been read for injected text: everything in it
/// comes from this file, columns of entities and numbered places.
pub fn safe(sql: String) -> AssertSqlSafe<String> {
    AssertSqlSafe(sql)
}

/// The statement that forgets a person's keys.
pub fn forget(person: Id<ids::Person>) -> (&'static str, Vec<Value>) {
    ("delete from person_key where person_id = $1", args![person])
}
