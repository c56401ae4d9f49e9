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

    /// The condition that picks the sections in question, from `$first` on.
    fn condition(&self, first: usize) -> (String, Vec<Value>) {
        let mut parts = Vec::new();
        let mut values = Vec::new();
        for (form, section) in self.0.keys() {
            let n = first + values.len();
            parts.push(format!("(s.form = ${n} and x.section = ${})", n + 1));
            values.extend(args![form, section]);
        }
        match parts.is_empty() {
            true => ("1 = 0".to_owned(), values),
            false => (parts.join(" or "), values),
        }
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
    /// The wanted facts of all steps, or of those about one child, in one statement: only the sections that
    /// hold one are read.
    pub(super) async fn step_facts(
        &self,
        places: &Places,
        child: Option<Id<ids::Person>>,
    ) -> Result<HashMap<(Id<ids::Step>, String), Vec<String>>> {
        #[derive(sqlx::FromRow)]
        struct Section {
            step_id: Id<ids::Step>,
            form: String,
            section: String,
            answers: Json,
        }
        let (wanted, more) = places.condition(2);
        let mut values = args![child];
        values.extend(more);
        let sql = format!(
            "select x.step_id, s.form, x.section, x.answers from step_section x \
             join step s on s.id = x.step_id where ({wanted}) and ($1 is null or x.step_id in \
             (select step_id from step_subject where person_id = $1))"
        );
        let db = self.store().read_db();
        let rows: Vec<Section> = db.all(AssertSqlSafe(sql), values).await?;
        let mut facts = HashMap::new();
        for row in rows {
            for (fact, said) in places.said(&row.form, &row.section, &row.answers) {
                facts.insert((row.step_id, fact), said);
            }
        }
        Ok(facts)
    }
}
