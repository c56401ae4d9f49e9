//! Records that may be about one person: shown with their reasons, settled by
//! a person, never merged by themselves.

use record::model::{Person, PossibleDuplicate};
use record::{Asked, AssertSqlSafe, Entity, Guarded, Viewer, args};
use vocabulary::{Id, ids};

use crate::same::{Explained, explained};
use crate::{Casework, Error, Listed, Result};

/// A possible duplicate as a page shows it.
#[derive(Debug, Clone)]
pub struct DuplicateView {
    /// This possibility.
    pub id: Id<ids::Part>,
    /// The other record.
    pub other: Id<ids::Person>,
    /// Its name.
    pub name: String,
    /// Its date of birth in words.
    pub born: String,
    /// Why, in sentences.
    pub because: Vec<String>,
    /// How likely, in per cent.
    pub score: i64,
    /// What was said: same, not_the_same.
    pub settled_as: Option<String>,
    /// What the identity engine says of the two, field by field.
    pub explained: Option<Explained>,
    /// The viewer may correct both records, and so join them.
    pub may_join: bool,
}

impl Casework {
    /// Says what a possible duplicate is. "same" is recorded for the people who
    /// merge records; nothing is merged here. "not_the_same" is remembered.
    pub async fn settle_duplicate(
        &self,
        viewer: &Viewer,
        id: Id<ids::Person>,
        duplicate: Id<ids::Part>,
        answer: &str,
    ) -> Result<()> {
        self.person_to_edit(viewer, id, "people.duplicates").await?;
        if !matches!(answer, "same" | "not_the_same") {
            return Err(Error::finding(
                "answer",
                "Answer",
                "Say if it is the same person",
            ));
        }
        let mut tx = self.store().begin(&viewer.actor()).await?;
        let mut row: PossibleDuplicate = tx.get(duplicate).await?;
        if (row.person_id != id && row.other_id != id) || row.for_shield_team {
            return Err(Error::NotFound);
        }
        row.settled_as = Some(answer.to_owned());
        row.settled_by = Some(viewer.principal.worker);
        row.settled_at = Some(tx.now());
        tx.update(&mut row).await?;
        tx.commit().await?;
        Ok(())
    }

    /// The possible duplicates of a person whom the viewer may see; those with
    /// a restricted record are for the shield team and never here.
    pub async fn duplicates_of(
        &self,
        viewer: &Viewer,
        person: &Guarded<Person>,
    ) -> Result<Listed<DuplicateView>> {
        #[derive(sqlx::FromRow)]
        struct Row {
            pair: Id<ids::Part>,
            because: serde_json::Value,
            score: i64,
            settled_as: Option<String>,
            postcode: Option<String>,
            mine: Option<String>,
            may_join: bool,
            #[sqlx(flatten)]
            person: Person,
        }
        let page = "people.duplicates";
        let (may_see, more) = self.gate().may_see(viewer, Asked::index(page), "p.id", 2);
        let mut values = args![person.id];
        values.extend(more);
        let next = values.len() + 1;
        let (correct, more) = self
            .gate()
            .may_see(viewer, Asked::to_correct(page), "p.id", next);
        values.extend(more);
        let columns: Vec<String> = Person::COLUMNS.iter().map(|c| format!("p.{c}")).collect();
        let home = |whose: &str| {
            format!(
                "(select a.postcode from address a where a.person_id = {whose} \
                 and a.ended_on is null and not a.protected and a.postcode is not null \
                 order by a.id limit 1)"
            )
        };
        let sql = format!(
            "select d.id as pair, d.because, d.score, d.settled_as, {} as postcode, {} as mine, \
             case when {correct} then true else false end as may_join, {} \
             from possible_duplicate d join person p on p.id = \
             case when d.person_id = $1 then d.other_id else d.person_id end \
             where (d.person_id = $1 or d.other_id = $1) and not d.for_shield_team and {may_see} \
             order by d.settled_as is not null, d.score desc, d.id",
            home("p.id"),
            home("$1"),
            columns.join(", ")
        );
        let rows: Vec<Row> = self
            .store()
            .read_db()
            .all(AssertSqlSafe(sql), values)
            .await?;
        let views = rows
            .into_iter()
            .map(|row| {
                let ours = row.mine.as_deref().unwrap_or_default();
                let theirs = row.postcode.as_deref().unwrap_or_default();
                let told = explained((person, ours), (&row.person, theirs));
                let born = row.person.birth_date();
                DuplicateView {
                    id: row.pair,
                    other: row.person.id,
                    name: row.person.name(),
                    born: born.map_or_else(
                        || "date of birth not known".to_owned(),
                        |born| born.date_words(),
                    ),
                    because: sentences(&row.because),
                    score: row.score,
                    settled_as: row.settled_as,
                    // Fields of a record that the viewer cannot correct are
                    // not compared for them.
                    explained: row.may_join.then_some(told),
                    may_join: row.may_join,
                }
            })
            .collect();
        Ok(self
            .gate()
            .listed(viewer, page, views, |v| vec![format!("person:{}", v.other)])
            .await?)
    }
}

/// The reasons for a possibility, as they were kept.
pub(crate) fn sentences(because: &serde_json::Value) -> Vec<String> {
    because
        .as_array()
        .map(|list| {
            list.iter()
                .filter_map(|v| v.as_str())
                .map(str::to_owned)
                .collect()
        })
        .unwrap_or_default()
}
