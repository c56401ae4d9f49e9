//! One section's page: its answers, the viewer's unsaved words, who else wrote
//! here, and what the record knows already.

use packs::{Answers, Section};
use record::model::Person;
use record::{Asked, AssertSqlSafe, Entity, Viewer, args};
use vocabulary::{Id, ids, plain};

use super::overview::when;
use super::seen::{SectionSeen, StepSeen, all_answers, find, may_leave_out};
use crate::drafts::Draft;
use crate::{Casework, Result, time};

/// One section's page.
#[derive(Debug, Clone)]
pub struct SectionPage {
    /// The step.
    pub seen: StepSeen,
    /// The section.
    pub section: Section,
    /// All sections as saved.
    pub sections: Vec<SectionSeen>,
    /// The answers of the whole step: questions may hang on other sections.
    pub answers: Answers,
    /// The version of this section; 0 when nothing is saved.
    pub version: i64,
    /// The viewer's unsaved words here.
    pub draft: Option<Draft>,
    /// The viewer's words that lost against another save.
    pub refused: Option<Draft>,
    /// Words of the viewer that lost before those.
    pub earlier: Vec<Draft>,
    /// "Amina Fenn saved this section 3 minutes ago", when it was not the
    /// viewer and was today.
    pub presence: Option<String>,
    /// What the record knows already, with its source (R001-21).
    pub known: Vec<(String, String)>,
    /// The people of the family, for questions about people.
    pub people: Vec<Person>,
    /// The section after this one.
    pub next: Option<String>,
    /// The viewer may write here.
    pub writes: bool,
}

impl SectionPage {
    /// The section as saved.
    pub fn saved(&self) -> Option<&SectionSeen> {
        find(&self.sections, &self.section.id)
    }

    /// The draft began on an older version than the one saved now.
    pub fn draft_is_behind(&self) -> bool {
        self.draft
            .as_ref()
            .is_some_and(|d| d.base_version.unwrap_or(0) != self.version)
    }

    /// Whether this section may be left out for these children.
    pub fn may_leave_out(&self) -> bool {
        may_leave_out(&self.section)
    }
}

impl Casework {
    /// One section's page.
    pub async fn section_page(
        &self,
        viewer: &Viewer,
        id: Id<ids::Step>,
        section: &str,
    ) -> Result<SectionPage> {
        let seen = self
            .step_seen(viewer, id, Asked::to_read("/steps/section"))
            .await?;
        let section = seen.section(section)?.clone();
        let sections = self.step_sections(&seen).await?;
        let drafts = self.drafts_in(viewer, &seen).await?;
        let target = seen.target(&section.id);
        let pick = |refused: bool| {
            drafts
                .iter()
                .find(|d| d.target == target && d.refused == refused)
                .cloned()
        };
        let (draft, refused) = (pick(false), pick(true));
        let before = format!("{target}:");
        let earlier = drafts
            .iter()
            .filter(|d| d.target.starts_with(&before))
            .cloned()
            .collect();
        let asks_people = section
            .fields
            .iter()
            .any(|field| matches!(field.kind, packs::Kind::People { .. }));
        let people = if asks_people {
            self.family_people(viewer, &seen).await?
        } else {
            Vec::new()
        };
        let mut answers = all_answers(&sections);
        let saved = find(&sections, &section.id);
        if saved.is_none() && draft.is_none() {
            // Record once (R001-21): the children are known from the step.
            for field in &section.fields {
                if let packs::Kind::People {
                    who: packs::Who::Children,
                    many: true,
                } = field.kind
                {
                    let ids = seen.children.iter().map(|child| child.id.to_string());
                    answers.set_list(&field.name, ids);
                }
            }
        }
        Ok(SectionPage {
            version: saved.map_or(0, |s| s.version),
            presence: saved.and_then(|s| presence(viewer, s)),
            known: self.known(&seen, &section).await?,
            next: next(&seen, &section.id, &answers),
            writes: seen.is_open() && viewer.can("case.record"),
            people,
            draft,
            refused,
            earlier,
            answers,
            sections,
            section,
            seen,
        })
    }

    /// The visible people of the step's family, children first.
    pub(crate) async fn family_people(
        &self,
        viewer: &Viewer,
        seen: &StepSeen,
    ) -> Result<Vec<Person>> {
        self.people_of_family(viewer, seen.step.family_id, "/steps/section")
            .await
    }

    /// The same of any family.
    pub(crate) async fn people_of_family(
        &self,
        viewer: &Viewer,
        family: Id<ids::Family>,
        page: &str,
    ) -> Result<Vec<Person>> {
        let asked = Asked::to_read(page);
        let (condition, mut values) = self.gate().may_see(viewer, asked, "p.id", 2);
        let columns: Vec<String> = Person::COLUMNS.iter().map(|c| format!("p.{c}")).collect();
        let sql = format!(
            "select {} from person p join family_member m on m.person_id = p.id \
             where m.family_id = $1 and m.left_on is null and {condition} \
             order by m.household desc, p.born_on desc",
            columns.join(", ")
        );
        values.insert(0, family.into());
        let rows: Vec<Person> = self
            .store()
            .read_db()
            .all(AssertSqlSafe(sql), values)
            .await?;
        let listed = self
            .gate()
            .listed(viewer, asked.page, rows, |p| {
                vec![format!("person:{}", p.id)]
            })
            .await?;
        let mut people: Vec<Person> = Vec::new();
        for person in listed {
            if !people.iter().any(|p| p.id == person.id) {
                people.push(person);
            }
        }
        Ok(people)
    }

    /// What other work with the family already recorded for the same facts.
    async fn known(&self, seen: &StepSeen, section: &Section) -> Result<Vec<(String, String)>> {
        #[derive(sqlx::FromRow)]
        struct Earlier {
            kind: String,
            form: Option<String>,
            form_version: Option<String>,
            started_on: chrono::NaiveDate,
            answers: serde_json::Value,
        }
        if section.fields.iter().all(|field| field.fact.is_none()) {
            return Ok(Vec::new());
        }
        let rows: Vec<Earlier> = self
            .store()
            .read_db()
            .all(
                "select t.kind, t.form, t.form_version, t.started_on, s.answers \
                 from step_section s join step t on t.id = s.step_id \
                 where t.family_id = $1 and t.id <> $2 and exists (select 1 from step_subject x \
                 where x.step_id = t.id and x.person_id = $3) \
                 order by t.started_on desc limit 20",
                args![seen.step.family_id, seen.step.id, seen.first.id],
            )
            .await?;
        let mut known: Vec<(String, String)> = Vec::new();
        for field in section.fields.iter().filter(|f| f.fact.is_some()) {
            let found = rows.iter().find_map(|row| {
                let version = row.form_version.as_deref()?.parse().ok()?;
                let form = self.pack().form_version(row.form.as_deref()?, version)?;
                let same = form.fields().find(|other| other.fact == field.fact)?;
                let answers = Answers::from_map(row.answers.as_object().cloned()?);
                let labels: Vec<String> = answers
                    .list(&same.name)
                    .iter()
                    .map(|value| {
                        same.kind
                            .options()
                            .map_or(*value, |options| options.label(value))
                            .to_owned()
                    })
                    .collect();
                let source = self
                    .pack()
                    .step(&row.kind, row.started_on)
                    .map_or_else(|| row.kind.clone(), |def| def.title.clone());
                (!labels.is_empty()).then(|| {
                    (
                        field.label.clone(),
                        format!(
                            "{} ({}, {})",
                            plain::list(&labels),
                            source.to_lowercase(),
                            plain::date(row.started_on)
                        ),
                    )
                })
            });
            known.extend(found);
        }
        Ok(known)
    }
}

/// Whether somebody else wrote here today, and when.
fn presence(viewer: &Viewer, saved: &SectionSeen) -> Option<String> {
    let today = time::local(saved.saved_at).date() == time::today();
    let other = saved.saved_by != viewer.principal.worker;
    (today && other).then(|| {
        format!(
            "{} saved this section {}.",
            saved.saver,
            when(saved.saved_at)
        )
    })
}

fn next(seen: &StepSeen, section: &str, answers: &Answers) -> Option<String> {
    seen.form
        .sections
        .iter()
        .skip_while(|s| s.id != section)
        .skip(1)
        .find(|s| seen.form.shows_section(s, answers))
        .map(|s| s.id.clone())
}
