//! Who works with someone, and how to reach them (R001-25). Sensitive
//! services are never named: only that someone is involved, and to ask.

use std::collections::BTreeMap;
use std::fmt;

use chrono::NaiveDate;
use record::model::Involvement;
use record::{AssertSqlSafe, Db, Entity, Value};
use vocabulary::{Id, ids};

use crate::Result;

/// Someone who works with a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Works {
    /// Their name; empty for a sensitive service.
    pub name: String,
    /// What they do.
    pub job_title: String,
    /// Their agency, a code.
    pub agency: String,
    /// Telephone.
    pub phone: Option<String>,
    /// E-mail.
    pub email: Option<String>,
    /// The one lead professional (R000-30).
    pub lead: bool,
    /// They hold the work.
    pub allocated: bool,
    /// Since when.
    pub since: NaiveDate,
    /// Someone is involved who is not named here.
    pub sensitive: bool,
}

/// What stands in place of a sensitive service.
pub const ASK: &str = "Someone else is involved. Ask the lead worker before you contact anyone.";

impl Works {
    /// What may be shown of an involvement.
    pub fn of(row: &Involvement) -> Works {
        let open = |text: &str| {
            if row.sensitive {
                String::new()
            } else {
                text.to_owned()
            }
        };
        Works {
            name: open(&row.name),
            job_title: open(&row.job_title),
            agency: open(&row.agency),
            phone: row.phone.clone().filter(|_| !row.sensitive),
            email: row.email.clone().filter(|_| !row.sensitive),
            lead: row.lead && !row.sensitive,
            allocated: row.role == "allocated" && !row.sensitive,
            since: row.started_on,
            sensitive: row.sensitive,
        }
    }
}

impl fmt::Display for Works {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.sensitive {
            return f.write_str(ASK);
        }
        write!(f, "{}, {}", self.name, lower_first(&self.job_title))?;
        if let Some(phone) = &self.phone {
            write!(f, ", {phone}")?;
        }
        Ok(())
    }
}

/// "Social worker" within a sentence: "social worker"; "GP" stays.
pub fn lower_first(words: &str) -> String {
    let mut letters = words.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), Some(second)) if !second.is_uppercase() => {
            first.to_lowercase().collect::<String>() + letters.as_str()
        }
        _ => words.to_owned(),
    }
}

/// Who works with each of the people today, the lead first. One statement.
pub async fn of_people(
    db: &Db,
    people: &[Id<ids::Person>],
) -> Result<BTreeMap<Id<ids::Person>, Vec<Works>>> {
    let mut all: BTreeMap<Id<ids::Person>, Vec<Works>> = BTreeMap::new();
    if people.is_empty() {
        return Ok(all);
    }
    let places: Vec<String> = (1..=people.len()).map(|i| format!("${i}")).collect();
    let sql = format!(
        "select {} from involvement where ended_on is null and person_id in ({}) \
         order by lead desc, role = 'allocated' desc, started_on, id",
        Involvement::COLUMNS.join(", "),
        places.join(", ")
    );
    let values = people.iter().map(Value::from).collect();
    let rows: Vec<Involvement> = db.all(AssertSqlSafe(sql), values).await?;
    for row in rows {
        let works = all.entry(row.person_id).or_default();
        let shown = Works::of(&row);
        // One line says it, however many sensitive services there are.
        if !(shown.sensitive && works.iter().any(|w| w.sensitive)) {
            works.push(shown);
        }
    }
    Ok(all)
}
