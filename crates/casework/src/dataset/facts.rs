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
    /// out, so that pages of narrative stay where they are.
    fn statement(&self, child: Option<Id<ids::Person>>) -> (String, Vec<Value>) {
        let mut values = args![child];
        let mut sections = Vec::new();
        let mut answers: [Vec<String>; WANTED.len()] = Default::default();
        for ((form, section), fields) in &self.0 {
            let n = values.len() + 1;
            let here = format!("s.form = ${n} and x.section = ${}", n + 1);
            values.extend(args![form, section]);
            for (field, fact) in fields {
                let n = values.len() + 1;
                values.extend(args![field]);
                if let Some(at) = WANTED.iter().position(|wanted| wanted == fact) {
                    answers[at].push(format!(
                        "case when {here} then x.answers -> cast(${n} as text) end"
                    ));
                }
            }
            sections.push(format!("({here})"));
        }
        let columns: Vec<String> = (0..)
            .zip(&answers)
            .map(|(n, answers)| match answers.as_slice() {
                [] => format!("null as fact_{n}"),
                [one] => format!("{one} as fact_{n}"),
                many => format!("coalesce({}) as fact_{n}", many.join(", ")),
            })
            .collect();
        let sections = match sections.is_empty() {
            true => "1 = 0".to_owned(),
            false => sections.join(" or "),
        };
        let sql = format!(
            "select x.step_id, {} from step_section x join step s on s.id = x.step_id \
             where ({sections}) and ($1 is null or x.step_id in \
             (select step_id from step_subject where person_id = $1))",
            columns.join(", ")
        );
        (sql, values)
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
