//! What waits for somebody who knows: pairs of records and rows of lists, the
//! likeliest first. Nothing about a restricted child is here: that is for the
//! shield team, who have a queue of the same shape of their own.

use chrono::NaiveDate;
use record::model::{FeedRow, Involvement};
use record::{Asked, AssertSqlSafe, Entity, Listed, Viewer, args};
use serde::Deserialize;
use vocabulary::{Id, ids, plain};

use crate::asking::claim;
use crate::care::board::name_and_age;
use crate::{Casework, Error, Result};

/// How many of each are shown.
const MOST: i64 = 50;

/// Two records that may be one person.
#[derive(Debug, Clone)]
pub struct QueuePair {
    /// The newer record.
    pub person: Id<ids::Person>,
    /// Both names with age.
    pub names: [String; 2],
    /// Why, in sentences.
    pub because: Vec<String>,
    /// How likely, in per cent.
    pub score: i64,
    other: Id<ids::Person>,
}

/// A row of a partner's list that may be about a child.
#[derive(Debug, Clone)]
pub struct QueueRow {
    /// The row.
    pub id: Id<ids::Part>,
    /// The child of the record, with age.
    pub child: String,
    /// The child as the list has it.
    pub told: String,
    /// Who works with them, as the list has it.
    pub who: String,
    /// The name of the list.
    pub source: String,
    /// Why it may be this child.
    pub because: Vec<String>,
    /// How likely, in per cent.
    pub score: i64,
    person: Id<ids::Person>,
}

/// The queue.
#[derive(Debug)]
pub struct Queue {
    /// Pairs of records.
    pub pairs: Listed<QueuePair>,
    /// Rows of lists.
    pub rows: Listed<QueueRow>,
}

/// What a row of a list says, as it was kept.
#[derive(Debug, Clone, Deserialize)]
struct Content {
    given: String,
    family: String,
    born: Option<NaiveDate>,
    postcode: String,
    name: String,
    post: String,
    agency: String,
    phone: Option<String>,
    email: Option<String>,
    start: NaiveDate,
    end: Option<NaiveDate>,
    sensitive: bool,
}

#[derive(sqlx::FromRow)]
struct FoundPair {
    because: serde_json::Value,
    score: i64,
    a_id: Id<ids::Person>,
    a_given: String,
    a_family: String,
    a_born: Option<NaiveDate>,
    b_id: Id<ids::Person>,
    b_given: String,
    b_family: String,
    b_born: Option<NaiveDate>,
}

#[derive(sqlx::FromRow)]
struct FoundRow {
    #[sqlx(flatten)]
    row: FeedRow,
    given: String,
    surname: String,
    born_on: Option<NaiveDate>,
}

/// Who settles what may be one person: whoever changes who somebody is.
fn settles(viewer: &Viewer) -> bool {
    viewer.can("people.create") || viewer.can("case.record")
}

impl Casework {
    /// What waits for the viewer: only where they may correct the record.
    ///
    /// # Errors
    /// [`Error::NotFound`] for posts that change nobody's record.
    pub async fn matching_queue(&self, viewer: &Viewer) -> Result<Queue> {
        if !settles(viewer) {
            return Err(Error::NotFound);
        }
        Ok(Queue {
            pairs: self.queue_pairs(viewer).await?,
            rows: self.queue_rows(viewer, false).await?,
        })
    }

    async fn queue_pairs(&self, viewer: &Viewer) -> Result<Listed<QueuePair>> {
        let page = "matching queue";
        let correct = Asked::to_correct(page);
        let (newer, mut values) = self.gate().may_see(viewer, correct, "a.id", 1);
        let (older, more) = self
            .gate()
            .may_see(viewer, correct, "b.id", values.len() + 1);
        values.extend(more);
        let sql = format!(
            "select d.because, d.score, a.id as a_id, a.given as a_given, \
             a.family_name as a_family, a.born_on as a_born, b.id as b_id, b.given as b_given, \
             b.family_name as b_family, b.born_on as b_born from possible_duplicate d \
             join person a on a.id = d.person_id join person b on b.id = d.other_id \
             where d.settled_as is null and not d.for_shield_team and {newer} and {older} \
             order by d.score desc, d.raised_at, d.id limit {MOST}"
        );
        let db = self.store().read_db();
        let found: Vec<FoundPair> = db.all(AssertSqlSafe(sql), values).await?;
        let pairs = found.into_iter().map(|f| QueuePair {
            person: f.a_id,
            other: f.b_id,
            names: [
                name_and_age(&f.a_given, None, &f.a_family, f.a_born),
                name_and_age(&f.b_given, None, &f.b_family, f.b_born),
            ],
            because: crate::people::sentences(&f.because),
            score: f.score,
        });
        let about = |p: &QueuePair| {
            vec![
                format!("person:{}", p.person),
                format!("person:{}", p.other),
            ]
        };
        Ok(self
            .gate()
            .listed(viewer, page, pairs.collect(), about)
            .await?)
    }

    /// Rows of lists that wait: of open records, or for the shield team of
    /// restricted ones.
    pub async fn queue_rows(&self, viewer: &Viewer, shield: bool) -> Result<Listed<QueueRow>> {
        let page = match shield {
            true if !viewer.principal.keeps_shields() => return Err(Error::NotFound),
            true => "second records",
            false => "matching queue",
        };
        // Whoever looks after restricted records sees the index of all of them;
        // the others settle what they may correct.
        let asked = match shield {
            true => Asked::index(page),
            false => Asked::to_correct(page),
        };
        let (open, more) = self.gate().may_see(viewer, asked, "p.id", 2);
        let mut values = args![shield];
        values.extend(more);
        let columns: Vec<String> = FeedRow::COLUMNS.iter().map(|c| format!("f.{c}")).collect();
        let sql = format!(
            "select {}, p.given, p.family_name as surname, p.born_on from feed_row f \
             join person p on p.id = f.person_id where f.settled_as is null \
             and f.for_shield_team = $1 and {open} order by f.score desc, f.told_at, f.id limit {MOST}",
            columns.join(", ")
        );
        let db = self.store().read_db();
        let found: Vec<FoundRow> = db.all(AssertSqlSafe(sql), values).await?;
        let mut rows = Vec::new();
        for f in found {
            let told = content(&f.row)?;
            let born = told.born.map_or_else(
                || "date of birth not given".to_owned(),
                |b| format!("born {}", plain::date(b)),
            );
            let child = format!("{} {}", told.given, told.family);
            let child = [child.trim(), &born, &told.postcode];
            rows.push(QueueRow {
                id: f.row.id,
                child: name_and_age(&f.given, None, &f.surname, f.born_on),
                told: child
                    .into_iter()
                    .filter(|part| !part.is_empty())
                    .collect::<Vec<_>>()
                    .join(", "),
                who: format!(
                    "{}, {} ({}), since {}",
                    told.name,
                    crate::people::network::lower_first(&told.post),
                    self.label("agencies", &told.agency),
                    plain::date(told.start)
                ),
                source: f.row.source,
                because: crate::people::sentences(&f.row.because),
                score: f.row.score,
                person: f.row.person_id,
            });
        }
        let about = |r: &QueueRow| vec![format!("person:{}", r.person)];
        Ok(self.gate().listed(viewer, page, rows, about).await?)
    }

    /// Says whether a row of a list is about the child. If it is, the
    /// involvement is recorded with where it comes from; if not, that is
    /// remembered, and the row does not come again for this child.
    pub async fn settle_feed_row(
        &self,
        viewer: &Viewer,
        id: Id<ids::Part>,
        answer: &str,
        once: &str,
    ) -> Result<()> {
        let found: Vec<FeedRow> = self.rows_of("id = $1", args![id]).await?;
        let row = found.into_iter().next().ok_or(Error::NotFound)?;
        let asked = match row.for_shield_team {
            true if !viewer.principal.keeps_shields() => return Err(Error::NotFound),
            true => Asked::index("second records"),
            false if !settles(viewer) => return Err(Error::NotFound),
            false => Asked::to_correct("matching queue"),
        };
        self.gate()
            .person(viewer, row.person_id, asked)
            .await?
            .ok_or(Error::NotFound)?;
        if !matches!(answer, "same" | "not_the_same") {
            return Err(Error::finding(
                "answer",
                "Answer",
                "Say if it is the same child",
            ));
        }
        let mut tx = self.store().begin(&viewer.actor()).await?;
        claim(&mut tx, once, "/same-person").await?;
        let mut row: FeedRow = tx.get(id).await?;
        if row.settled_as.is_some() {
            return Err(Error::Stale);
        }
        row.settled_as = Some(answer.to_owned());
        row.settled_by = Some(viewer.principal.worker);
        row.settled_at = Some(tx.now());
        tx.update(&mut row).await?;
        if answer == "same" {
            let told = content(&row)?;
            let new = Involvement {
                id: Id::new(),
                person_id: row.person_id,
                worker_id: None,
                team_id: None,
                role: "other".into(),
                name: told.name,
                job_title: told.post,
                agency: told.agency,
                phone: told.phone,
                email: told.email,
                lead: false,
                sensitive: told.sensitive,
                started_on: told.start,
                ended_on: told.end,
                change_reason: None,
                version: 1,
            };
            let from = (
                row.source.as_str(),
                row.source_key.as_str(),
                row.digest.as_str(),
            );
            crate::import::add_from_list(&mut tx, row.person_id, new, from).await?;
        }
        Ok(tx.commit().await?)
    }
}

fn content(row: &FeedRow) -> Result<Content> {
    serde_json::from_value(row.content.clone())
        .map_err(|e| Error::Record(record::Error::Settings(format!("a row of a list: {e}"))))
}
