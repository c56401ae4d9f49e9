//! A record as it was known on a day: the person, addresses, who worked with
//! them, assessments and plans, read from the journal alone. What was written
//! or put right later is not in it.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use record::model::{
    Action, Address, Goal, Involvement, Person, Plan, PlanSubject, Relationship, Step, StepSection,
    StepSubject,
};
use record::{Asked, Guarded, Viewer, args};
use serde_json::Value as Json;
use vocabulary::{Id, ids, plain};

use crate::people::couple::standing_words;
use crate::{Casework, Error, Result, time};

/// A section of an assessment as it stood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownSection {
    /// "Child and family assessment: What we are worried about".
    pub title: String,
    /// Question and answer.
    pub answers: Vec<(String, String)>,
}

/// An action of a plan as it stood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownAction {
    /// What.
    pub what: String,
    /// Who, of which agency.
    pub owner: String,
    /// By when.
    pub due: String,
    /// Where it stood.
    pub state: String,
}

/// The record as it was known.
#[derive(Debug)]
pub struct KnownRecord {
    /// The person as they are now, for the page's name.
    pub now: Guarded<Person>,
    /// The day.
    pub on: NaiveDate,
    /// Whether anything was known.
    pub known: bool,
    /// Name, date of birth and the rest, label and value.
    pub details: Vec<(String, String)>,
    /// Where they lived, as known then.
    pub addresses: Vec<String>,
    /// How they belonged together with others, as known then: "Mother: Dana".
    pub relationships: Vec<String>,
    /// Who worked with them.
    pub workers: Vec<String>,
    /// Assessments.
    pub sections: Vec<KnownSection>,
    /// Goals of plans in force.
    pub goals: Vec<String>,
    /// Actions of plans in force.
    pub actions: Vec<KnownAction>,
}

const KINDS: [&str; 11] = [
    "person",
    "address",
    "relationship",
    "involvement",
    "step",
    "step_subject",
    "step_section",
    "plan",
    "plan_subject",
    "goal",
    "action",
];

impl Casework {
    /// A person's record as it was known at the end of a day.
    pub async fn as_known(
        &self,
        viewer: &Viewer,
        person: Id<ids::Person>,
        on: NaiveDate,
    ) -> Result<KnownRecord> {
        #[derive(sqlx::FromRow)]
        struct Place {
            family_id: Id<ids::Family>,
        }
        let now = self
            .gate()
            .person(viewer, person, Asked::to_read("as-known"))
            .await?
            .ok_or(Error::NotFound)?;
        let place: Option<Place> = self
            .store()
            .read_db()
            .maybe(
                "select family_id from family_member where person_id = $1 and left_on is null \
                 order by household desc, joined_on desc limit 1",
                args![person],
            )
            .await?;
        let family = match place {
            Some(place) => {
                let asked = Asked::to_read("as-known");
                self.gate().family(viewer, place.family_id, asked).await?
            }
            None => None,
        };
        let protected = Asked {
            section: access::Section::ProtectedAddress,
            ..Asked::to_read("as-known")
        };
        let sees_protected = self.gate().allows(viewer, &now, protected);
        let known = self
            .gate()
            .known_then(&now, family.as_ref(), &KINDS, time::end_of(on))
            .await?;
        let people = known.all::<Person>()?;
        let then: Option<Person> = people.iter().find(|p| p.id == person).cloned();
        let mine = |id: Id<ids::Person>| id == person;
        let addresses = known.all::<Address>()?;
        let workers = known.all::<Involvement>()?;
        let step_ids: Vec<Id<ids::Step>> = known
            .all::<StepSubject>()?
            .into_iter()
            .filter(|s| mine(s.person_id))
            .map(|s| s.step_id)
            .collect();
        let steps: BTreeMap<Id<ids::Step>, Step> = known
            .all::<Step>()?
            .into_iter()
            .filter(|s| step_ids.contains(&s.id))
            .map(|s| (s.id, s))
            .collect();
        let plan_ids: Vec<Id<ids::Plan>> = known
            .all::<PlanSubject>()?
            .into_iter()
            .filter(|s| mine(s.person_id))
            .map(|s| s.plan_id)
            .collect();
        let open: Vec<Id<ids::Plan>> = known
            .all::<Plan>()?
            .into_iter()
            .filter(|p| plan_ids.contains(&p.id) && p.started_on <= on)
            .filter(|p| p.ended_on.is_none_or(|end| end >= on))
            .map(|p| p.id)
            .collect();
        Ok(KnownRecord {
            on,
            known: then.is_some(),
            details: then.map(|p| self.details(&p, on)).unwrap_or_default(),
            addresses: addresses
                .iter()
                .filter(|a| mine(a.person_id) && a.ended_on.is_none_or(|end| end > on))
                .map(|a| address_words(a, sees_protected))
                .collect(),
            relationships: known
                .all::<Relationship>()?
                .iter()
                .filter(|r| r.wrong_reason.is_none() && r.ended_on.is_none_or(|end| end > on))
                .filter_map(|r| self.known_tie(r, person, &people))
                .collect(),
            workers: workers
                .iter()
                .filter(|i| mine(i.person_id) && !i.sensitive)
                .filter(|i| i.started_on <= on && i.ended_on.is_none_or(|end| end > on))
                .map(|i| format!("{}, {}", i.name, i.job_title.to_lowercase()))
                .collect(),
            sections: known
                .all::<StepSection>()?
                .iter()
                .filter_map(|section| Some(self.section(steps.get(&section.step_id)?, section)))
                .collect(),
            goals: known
                .all::<Goal>()?
                .into_iter()
                .filter(|g| open.contains(&g.plan_id) && g.person_id.is_none_or(mine))
                .map(|g| g.wording)
                .collect(),
            actions: known
                .all::<Action>()?
                .into_iter()
                .filter(|a| open.contains(&a.plan_id))
                .map(|a| KnownAction {
                    owner: format!("{}, {}", a.owner, self.label("agencies", &a.agency)),
                    due: plain::date(a.due_on),
                    state: state_words(a.state.as_str()),
                    what: a.what,
                })
                .collect(),
            now,
        })
    }

    /// "Mother: Dana Quill", as it was recorded then; only for people who are
    /// in the family now and whom the viewer may see.
    fn known_tie(
        &self,
        row: &Relationship,
        person: Id<ids::Person>,
        people: &[Person],
    ) -> Option<String> {
        let name = |id: Id<ids::Person>| people.iter().find(|p| p.id == id).map(Person::name);
        let (word, other) = if row.to_id == person {
            (self.label("relationships", &row.kind), name(row.from_id)?)
        } else if row.from_id == person {
            (self.inverse_label(&row.kind), name(row.to_id)?)
        } else {
            return None;
        };
        let standing = row.standing.as_deref().map_or("", standing_words);
        Some(match standing {
            "" => format!("{word}: {other}"),
            standing => format!("{word}: {other}, {standing}"),
        })
    }

    fn details(&self, person: &Person, on: NaiveDate) -> Vec<(String, String)> {
        let born = person.birth_date();
        let sex = person.sex.as_deref().map(|s| self.label("sex", s));
        let status = person.status.as_deref().map(crate::header::status_words);
        let language = person.first_language.as_deref();
        let pairs = [
            ("Name", Some(person.name())),
            ("Born", born.map(|b| b.date_words())),
            ("Age that day", born.map(|b| b.words_on(on))),
            ("Sex", sex),
            ("Pronouns", person.pronouns.clone()),
            (
                "First language",
                language.map(|l| self.label("languages", l)),
            ),
            ("Communication", person.communication.clone()),
            ("Where the work stood", status),
            ("What goes well", person.going_well.clone()),
        ];
        pairs
            .into_iter()
            .filter_map(|(label, value)| Some((label.to_owned(), value?)))
            .collect()
    }

    /// A section's answers with the questions of the form as it was then.
    fn section(&self, step: &Step, section: &StepSection) -> KnownSection {
        let form = step.form.as_deref().and_then(|id| {
            let version = step.form_version.as_deref().and_then(|v| v.parse().ok());
            version
                .and_then(|version| self.pack().form_version(id, version))
                .or_else(|| self.pack().form(id, step.started_on))
        });
        let title = form.map_or_else(|| step.kind.replace('-', " "), |f| f.title.clone());
        let part = form
            .and_then(|f| f.section(&section.section))
            .map_or_else(|| section.section.clone(), |s| s.title.clone());
        let empty = serde_json::Map::new();
        let answers = section.answers.as_object().unwrap_or(&empty);
        KnownSection {
            title: format!("{title}: {part}"),
            answers: answers
                .iter()
                .map(|(name, value)| {
                    let field = form.and_then(|f| f.field(name));
                    let label = field.map_or_else(|| name.replace('_', " "), |f| f.label.clone());
                    let options = field.and_then(|f| f.kind.options());
                    let word = |code: &str| match options {
                        Some(options) => options.label(code).to_owned(),
                        None => code.to_owned(),
                    };
                    (label, answer_words(value, &word))
                })
                .filter(|(_, words)| !words.is_empty())
                .collect(),
        }
    }
}

fn answer_words(value: &Json, word: &dyn Fn(&str) -> String) -> String {
    match value {
        Json::String(text) => word(text),
        Json::Array(list) => {
            let words: Vec<String> = list.iter().map(|v| answer_words(v, word)).collect();
            words.join("; ")
        }
        Json::Object(group) => {
            let words: Vec<String> = group.values().map(|v| answer_words(v, word)).collect();
            words.join(", ")
        }
        Json::Null => String::new(),
        other => other.to_string(),
    }
}

fn address_words(address: &Address, sees_protected: bool) -> String {
    if address.protected && !sees_protected {
        return "A protected address, which is not shown".into();
    }
    let parts = [
        Some(address.line1.clone()),
        address.line2.clone(),
        address.town.clone(),
        address.postcode.clone(),
    ];
    let shown: Vec<String> = parts
        .into_iter()
        .flatten()
        .filter(|p| !p.is_empty())
        .collect();
    shown.join(", ")
}

fn state_words(state: &str) -> String {
    match state {
        "to_do" => "Not begun",
        "under_way" => "Begun",
        "done" => "Done",
        "cannot" => "Cannot be done",
        other => other,
    }
    .to_owned()
}
