//! Other names of a person: at birth, from before, also known as. An earlier
//! name finds them as well as the present one; a mistake finds nobody.

use packs::Answers;
use record::model::{Person, PersonName};
use record::{AssertSqlSafe, Entity, Guarded, Tx, Viewer, args};
use vocabulary::{Id, ids};

use super::edit::{claim, filled, stop_on};
use super::kept::{Kept, between, lines, never};
use super::ties::day_of;
use crate::{Casework, Error, Result, find};

/// The kind of a name in people's words.
pub(crate) fn kind_words(kind: &str) -> &'static str {
    match kind {
        "birth" => "Name at birth",
        "former" => "Name before",
        "preferred" => "Likes to be called",
        _ => "Also known as",
    }
}

impl Casework {
    /// Every other name of a person, those in use first.
    pub async fn other_names(&self, person: &Guarded<Person>) -> Result<Vec<Kept>> {
        let sql = format!(
            "select {} from person_name where person_id = $1 order by ended_on desc, id",
            PersonName::COLUMNS.join(", ")
        );
        let db = self.store().read_db();
        let rows: Vec<PersonName> = db.all(AssertSqlSafe(sql), args![person.id]).await?;
        let mut kept: Vec<Kept> = rows.iter().map(shown).collect();
        kept.sort_by_key(|one| !one.current);
        Ok(kept)
    }

    /// Adds another name, by which the person is found from now on.
    pub async fn add_name(
        &self,
        viewer: &Viewer,
        id: Id<ids::Person>,
        answers: &Answers,
        once: &str,
    ) -> Result<()> {
        self.person_to_edit(viewer, id, "people.names").await?;
        stop_on(self.form("other-name")?.check(answers, None))?;
        let ended_on = match answers.date("to") {
            Some(_) => Some(day_of(answers, "to", viewer.today, answers.date("from"))?),
            None => None,
        };
        let mut tx = self.store().begin(&viewer.actor()).await?;
        claim(&mut tx, once, id).await?;
        tx.insert(&PersonName {
            id: Id::new(),
            person_id: id,
            kind: answers.text("kind").to_owned(),
            given: answers.text("given").trim().to_owned(),
            family_name: answers.text("family").trim().to_owned(),
            started_on: answers.date("from"),
            ended_on,
            wrong_reason: None,
            version: 1,
        })
        .await?;
        index_again(&mut tx, id).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Ends a name, or says that it never was theirs.
    pub async fn end_name(
        &self,
        viewer: &Viewer,
        id: Id<ids::Person>,
        name: Id<ids::Part>,
        answers: &Answers,
        once: &str,
    ) -> Result<()> {
        self.person_to_edit(viewer, id, "people.names").await?;
        stop_on(self.form("name-end")?.check(answers, None))?;
        let mut tx = self.store().begin(&viewer.actor()).await?;
        let found: Option<PersonName> = tx.find(name.as_str()).await?;
        let mut row = found
            .filter(|row| row.person_id == id && row.wrong_reason.is_none())
            .ok_or(Error::NotFound)?;
        claim(&mut tx, once, id).await?;
        let reason = answers.text("reason").trim();
        if answers.text("what") == "never" {
            tx.because_of(reason);
            row.ended_on = row.ended_on.or(Some(viewer.today));
            row.wrong_reason = filled(reason);
        } else {
            row.ended_on = Some(day_of(answers, "to", viewer.today, row.started_on)?);
        }
        tx.update(&mut row).await?;
        index_again(&mut tx, id).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// Writes the keys by which a person is found: their name and every other one
/// that was no mistake.
pub(super) async fn index_again(tx: &mut Tx, id: Id<ids::Person>) -> Result<()> {
    let person: Person = tx.get(id).await?;
    let also = others(tx, id).await?;
    find::index_person(tx, &person, &also).await
}

async fn others(tx: &mut Tx, person: Id<ids::Person>) -> Result<Vec<PersonName>> {
    let sql = format!(
        "select {} from person_name where person_id = $1 and wrong_reason is null",
        PersonName::COLUMNS.join(", ")
    );
    Ok(tx.all(AssertSqlSafe(sql), args![person]).await?)
}

fn shown(row: &PersonName) -> Kept {
    Kept {
        id: row.id.to_string(),
        title: format!("{} {}", row.given, row.family_name)
            .trim()
            .to_owned(),
        lines: lines([
            kind_words(&row.kind).to_owned(),
            between(row.started_on, row.ended_on),
            row.wrong_reason.as_deref().map_or_else(String::new, never),
        ]),
        current: row.ended_on.is_none() && row.wrong_reason.is_none(),
        ..Kept::default()
    }
}
