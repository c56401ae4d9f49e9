//! Records that may be about one person: shown with their reasons, settled by
//! a person, never merged by themselves.

use record::model::{Person, PossibleDuplicate};
use record::{Asked, AssertSqlSafe, Guarded, Viewer, args};
use vocabulary::{BirthDate, BirthDateKind, Id, ids};

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
            id: Id<ids::Part>,
            other: Id<ids::Person>,
            given: String,
            family_name: String,
            born_on: Option<chrono::NaiveDate>,
            born_kind: Option<String>,
            because: serde_json::Value,
            score: i64,
            settled_as: Option<String>,
        }
        let page = "people.duplicates";
        let (may_see, values) = self.gate().may_see(viewer, Asked::index(page), "p.id", 2);
        let sql = format!(
            "select d.id, p.id as other, p.given, p.family_name, p.born_on, p.born_kind, \
             d.because, d.score, d.settled_as from possible_duplicate d join person p on p.id = \
             case when d.person_id = $1 then d.other_id else d.person_id end \
             where (d.person_id = $1 or d.other_id = $1) and not d.for_shield_team and {may_see} \
             order by d.settled_as is not null, d.score desc, d.id"
        );
        let mut all = args![person.id];
        all.extend(values);
        let rows: Vec<Row> = self.store().read_db().all(AssertSqlSafe(sql), all).await?;
        let views = rows
            .into_iter()
            .map(|row| DuplicateView {
                id: row.id,
                other: row.other,
                name: format!("{} {}", row.given, row.family_name)
                    .trim()
                    .to_owned(),
                born: row.born_on.map_or_else(
                    || "date of birth not known".to_owned(),
                    |date| {
                        let kind = row.born_kind.as_deref().and_then(BirthDateKind::from_code);
                        BirthDate {
                            date,
                            kind: kind.unwrap_or(BirthDateKind::Exact),
                        }
                        .date_words()
                    },
                ),
                because: sentences(&row.because),
                score: row.score,
                settled_as: row.settled_as,
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
