//! Facts: what the answers of forms are called across all forms and their
//! versions. The pack declares them beside the question (`fact = "..."`).

use std::collections::HashMap;

use packs::Pack;
use record::{AssertSqlSafe, Value, args};
use serde_json::Value as Json;
use vocabulary::{Id, ids};

use crate::{Casework, Result};

/// The facts that returns need and no column holds.
pub(super) const WANTED: [&str; 3] = [
    "assessment.factors",
    "cin.primary_need",
    "cin.closure_reason",
];

/// Where facts stand: by form and section, the fields with their facts.
pub(super) struct Places(HashMap<(String, String), Vec<(String, String)>>);

impl Places {
    /// Where the pack's forms, in all their versions, hold the wanted facts.
    pub(super) fn of(pack: &Pack) -> Places {
        let mut places: HashMap<(String, String), Vec<(String, String)>> = HashMap::new();
        for form in pack.forms() {
            for section in &form.sections {
                for field in &section.fields {
                    let fact = field.fact.as_deref();
                    let Some(fact) = fact.filter(|fact| WANTED.contains(fact)) else {
                        continue;
                    };
                    let place = places
                        .entry((form.id.clone(), section.id.clone()))
                        .or_default();
                    let one = (field.name.clone(), fact.to_owned());
                    if !place.contains(&one) {
                        place.push(one);
                    }
                }
            }
        }
        Places(places)
    }

    /// What the answers of a section say, by fact.
    pub(super) fn said(
        &self,
        form: &str,
        section: &str,
        answers: &Json,
    ) -> Vec<(String, Vec<String>)> {
        let place = self.0.get(&(form.to_owned(), section.to_owned()));
        let fields = place.into_iter().flatten();
        fields
            .map(|(field, fact)| (fact.clone(), texts(answers.get(field))))
            .filter(|(_, said)| !said.is_empty())
            .collect()
    }

    /// What the answers of a whole form say, by fact.
    pub(super) fn said_by_form(&self, form: &str, answers: &Json) -> Vec<(String, Vec<String>)> {
        let sections = self.0.keys().filter(|(of, _)| of == form);
        sections
            .flat_map(|(form, section)| self.said(form, section, answers))
            .collect()
    }

    /// The statement that reads the answers to the wanted questions and nothing
    /// else of a section, in the order of [`WANTED`]: the database takes them
    /// out, so that pages of narrative stay where they are. It goes from the
    /// steps to their sections (`cross join` keeps that order): the sections
    /// are most of what a record holds.
    fn statement(&self, child: Option<Id<ids::Person>>) -> (String, Vec<Value>) {
        let (mut values, of_child) = match child {
            Some(child) => (
                args![child],
                " and s.id in (select step_id from step_subject where person_id = $1)",
            ),
            None => (Vec::new(), ""),
        };
        let mut parts = Vec::new();
        for ((form, section), fields) in &self.0 {
            let n = values.len() + 1;
            values.extend(args![form, section]);
            let mut columns = [const { String::new() }; WANTED.len()];
            for (column, wanted) in columns.iter_mut().zip(WANTED) {
                let mut answers = Vec::new();
                for (field, _) in fields.iter().filter(|(_, fact)| fact == wanted) {
                    values.extend(args![field]);
                    answers.push(format!("x.answers -> cast(${} as text)", values.len()));
                }
                *column = match answers.as_slice() {
                    [] => "cast(null as json)".to_owned(),
                    [one] => one.clone(),
                    many => format!("coalesce({})", many.join(", ")),
                };
            }
            parts.push(format!(
                "select x.step_id, {} as fact_0, {} as fact_1, {} as fact_2 \
                 from step s cross join step_section x \
                 where s.form = ${n} and x.step_id = s.id and x.section = ${}{of_child}",
                columns[0],
                columns[1],
                columns[2],
                n + 1
            ));
        }
        (parts.join(" union all "), values)
    }
}

/// An answer as texts: of a list all, of a text the one.
fn texts(answer: Option<&Json>) -> Vec<String> {
    match answer {
        Some(Json::String(one)) if !one.is_empty() => vec![one.clone()],
        Some(Json::Array(all)) => all
            .iter()
            .filter_map(Json::as_str)
            .map(str::to_owned)
            .collect(),
        _ => Vec::new(),
    }
}

impl Casework {
    /// The wanted facts of all steps, or of those about one child, in one
    /// statement.
    pub(super) async fn step_facts(
        &self,
        places: &Places,
        child: Option<Id<ids::Person>>,
    ) -> Result<HashMap<(Id<ids::Step>, String), Vec<String>>> {
        #[derive(sqlx::FromRow)]
        struct Section {
            step_id: Id<ids::Step>,
            fact_0: Option<Json>,
            fact_1: Option<Json>,
            fact_2: Option<Json>,
        }
        if places.0.is_empty() {
            return Ok(HashMap::new());
        }
        let (sql, values) = places.statement(child);
        let db = self.store().read_db();
        let rows: Vec<Section> = db.all(AssertSqlSafe(sql), values).await?;
        let mut facts = HashMap::new();
        for row in rows {
            let answers = [row.fact_0, row.fact_1, row.fact_2];
            for (fact, answer) in WANTED.into_iter().zip(&answers) {
                let said = texts(answer.as_ref());
                if !said.is_empty() {
                    facts.insert((row.step_id, fact.to_owned()), said);
                }
            }
        }
        Ok(facts)
    }
}
