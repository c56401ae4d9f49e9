//! Languages and interpreter, recorded once on the person and carried to every
//! letter, meeting and visit (R000-05). What was recorded before stays.

use packs::Answers;
use record::model::{Person, PersonLanguage};
use record::{AssertSqlSafe, Entity, Guarded, Viewer, args};
use vocabulary::{Id, ids};

use super::edit::{claim, filled, stop_on};
use super::kept::{Kept, between, lines};
use super::reach::use_words;
use crate::{Casework, Result};

impl Casework {
    /// What is and was recorded about the languages of a person.
    pub async fn languages_kept(&self, person: &Guarded<Person>) -> Result<Vec<Kept>> {
        let form = self.form("languages")?;
        let rows = self.languages_of(person.id).await?;
        let mut kept: Vec<Kept> = rows
            .iter()
            .map(|row| {
                let english = use_words(form, "english", row.english.as_deref());
                let reads = use_words(form, "reads", row.reads.as_deref());
                let labelled = |label: &str, words: String| match words.as_str() {
                    "" => words,
                    _ => format!("{label}: {}", super::network::lower_first(&words)),
                };
                Kept {
                    id: row.id.to_string(),
                    title: self.label("languages", &row.language),
                    lines: lines([
                        labelled("English", english),
                        labelled("Reads a letter in English", reads),
                        labelled(
                            "Interpreter",
                            use_words(form, "interpreter", Some(&row.interpreter)),
                        ),
                        row.about.clone().unwrap_or_default(),
                        between(Some(row.started_on), row.ended_on),
                    ]),
                    alert: needs(&row.interpreter).then(|| "Interpreter needed".to_owned()),
                    current: row.ended_on.is_none(),
                    link: None,
                }
            })
            .collect();
        if kept.is_empty() && person.first_language.is_some() {
            let code = person.first_language.as_deref().unwrap_or_default();
            kept.push(Kept {
                title: self.label("languages", code),
                alert: person.interpreter.then(|| "Interpreter needed".to_owned()),
                current: true,
                ..Kept::default()
            });
        }
        Ok(kept)
    }

    async fn languages_of(&self, person: Id<ids::Person>) -> Result<Vec<PersonLanguage>> {
        let sql = format!(
            "select {} from person_language where person_id = $1 \
             order by case when ended_on is null then 0 else 1 end, ended_on desc, id desc",
            PersonLanguage::COLUMNS.join(", ")
        );
        let db = self.store().read_db();
        Ok(db.all(AssertSqlSafe(sql), args![person]).await?)
    }

    /// What the form about languages starts from.
    pub async fn languages_to_change(&self, person: &Guarded<Person>) -> Result<Answers> {
        let mut answers = Answers::new();
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        match self.languages_of(person.id).await?.first() {
            Some(row) if row.ended_on.is_none() => {
                answers.set("first", row.language.clone());
                answers.set("english", text(&row.english));
                answers.set("reads", text(&row.reads));
                answers.set("interpreter", row.interpreter.clone());
                answers.set("about", text(&row.about));
            }
            _ => {
                answers.set("first", text(&person.first_language));
                let need = if person.interpreter { "needed" } else { "" };
                answers.set("interpreter", need);
            }
        }
        Ok(answers)
    }

    /// Records the languages of a person; what was recorded before ends today.
    pub async fn save_languages(
        &self,
        viewer: &Viewer,
        id: Id<ids::Person>,
        answers: &Answers,
        once: &str,
    ) -> Result<()> {
        self.person_to_edit(viewer, id, "people.languages").await?;
        stop_on(self.form("languages")?.check(answers, None))?;
        let before = self.languages_of(id).await?;
        let mut tx = self.store().begin(&viewer.actor()).await?;
        claim(&mut tx, once, id).await?;
        for mut row in before.into_iter().filter(|row| row.ended_on.is_none()) {
            row.ended_on = Some(viewer.today);
            tx.update(&mut row).await?;
        }
        let row = PersonLanguage {
            id: Id::new(),
            person_id: id,
            language: answers.text("first").to_owned(),
            english: filled(answers.text("english")),
            reads: filled(answers.text("reads")),
            interpreter: answers.text("interpreter").to_owned(),
            about: filled(answers.text("about")),
            started_on: viewer.today,
            ended_on: None,
            version: 1,
        };
        tx.insert(&row).await?;
        let mut person: Person = tx.get(id).await?;
        let (first, interpreter) = (Some(row.language.clone()), needs(&row.interpreter));
        if (&person.first_language, person.interpreter) != (&first, interpreter) {
            (person.first_language, person.interpreter) = (first, interpreter);
            tx.update(&mut person).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}

fn needs(interpreter: &str) -> bool {
    matches!(interpreter, "needed" | "sign")
}
