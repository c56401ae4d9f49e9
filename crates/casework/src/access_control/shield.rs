//! Second records of restricted people. Whoever writes a new record that may be
//! about a restricted person learns nothing of it: the possibility comes here,
//! to the few who look after restricted records (security: T3). They say
//! whether it is the same person; then the new record is restricted as well.

use chrono::{DateTime, NaiveDate, Utc};
use record::model::{PossibleDuplicate, Restriction, RestrictionAllow};
use record::{Asked, AssertSqlSafe, Entity, Listed, Tx, Viewer, args};
use vocabulary::{BirthDate, BirthDateKind, Id, ids};

use super::restrict::REVIEW;
use crate::{Casework, Error, Result};

/// One of the two records of a pair.
#[derive(Debug, Clone)]
pub struct Side {
    /// The person.
    pub id: Id<ids::Person>,
    /// Name.
    pub name: String,
    /// Date of birth in words.
    pub born: String,
    /// The record is restricted.
    pub restricted: bool,
}

/// Two records that may be one person, one of them restricted.
#[derive(Debug, Clone)]
pub struct ShieldedPair {
    /// The possibility.
    pub id: Id<ids::Part>,
    /// The newer record, then the older.
    pub sides: [Side; 2],
    /// Why, in sentences.
    pub because: Vec<String>,
    /// How likely, in per cent.
    pub score: i64,
    /// When it was noticed.
    pub raised_at: DateTime<Utc>,
}

#[derive(sqlx::FromRow)]
struct Found {
    id: Id<ids::Part>,
    because: serde_json::Value,
    score: i64,
    raised_at: DateTime<Utc>,
    a_id: Id<ids::Person>,
    a_given: String,
    a_family: String,
    a_born: Option<NaiveDate>,
    a_kind: Option<String>,
    a_closed: bool,
    b_id: Id<ids::Person>,
    b_given: String,
    b_family: String,
    b_born: Option<NaiveDate>,
    b_kind: Option<String>,
    b_closed: bool,
}

fn born(date: Option<NaiveDate>, kind: Option<&str>) -> String {
    let kind = kind.and_then(BirthDateKind::from_code);
    date.map_or_else(
        || "date of birth not known".into(),
        |date| {
            BirthDate {
                date,
                kind: kind.unwrap_or(BirthDateKind::Exact),
            }
            .date_words()
        },
    )
}

fn side(
    id: Id<ids::Person>,
    names: [String; 2],
    date: Option<NaiveDate>,
    kind: Option<&str>,
    restricted: bool,
) -> Side {
    Side {
        id,
        name: names.join(" ").trim().to_owned(),
        born: born(date, kind),
        restricted,
    }
}

/// Whether a restriction of the person in a column is in force.
fn closed(column: &str) -> String {
    format!(
        "exists (select 1 from restriction z where z.person_id = {column} and z.ended_at is null)"
    )
}

impl Casework {
    /// Pairs with a restricted record that nobody has settled, for those who
    /// look after restricted records. Absent for everyone else.
    pub async fn shielded_pairs(
        &self,
        viewer: &Viewer,
        page: &str,
    ) -> Result<Listed<ShieldedPair>> {
        if !viewer.principal.keeps_shields() {
            return Err(Error::NotFound);
        }
        let (newer, mut values) = self.gate().may_see(viewer, Asked::index(page), "a.id", 1);
        let next = values.len() + 1;
        let (older, more) = self
            .gate()
            .may_see(viewer, Asked::index(page), "b.id", next);
        values.extend(more);
        let (a_closed, b_closed) = (closed("a.id"), closed("b.id"));
        let sql = format!(
            "select d.id, d.because, d.score, d.raised_at, \
             a.id as a_id, a.given as a_given, a.family_name as a_family, a.born_on as a_born, \
             a.born_kind as a_kind, {a_closed} as a_closed, \
             b.id as b_id, b.given as b_given, b.family_name as b_family, b.born_on as b_born, \
             b.born_kind as b_kind, {b_closed} as b_closed \
             from possible_duplicate d join person a on a.id = d.person_id \
             join person b on b.id = d.other_id where d.settled_as is null \
             and (d.for_shield_team or {a_closed} or {b_closed}) and {newer} and {older} \
             order by d.score desc, d.raised_at limit 50"
        );
        let db = self.store().read_db();
        let found: Vec<Found> = db.all(AssertSqlSafe(sql), values).await?;
        let rows = found.into_iter().map(|f| ShieldedPair {
            id: f.id,
            because: crate::people::sentences(&f.because),
            score: f.score,
            raised_at: f.raised_at,
            sides: [
                side(
                    f.a_id,
                    [f.a_given, f.a_family],
                    f.a_born,
                    f.a_kind.as_deref(),
                    f.a_closed,
                ),
                side(
                    f.b_id,
                    [f.b_given, f.b_family],
                    f.b_born,
                    f.b_kind.as_deref(),
                    f.b_closed,
                ),
            ],
        });
        let about = |pair: &ShieldedPair| {
            let sides = pair.sides.iter();
            sides.map(|side| format!("person:{}", side.id)).collect()
        };
        let gate = self.gate();
        Ok(gate.listed(viewer, page, rows.collect(), about).await?)
    }

    /// Says whether the two records of a pair are one person. If they are, the
    /// record that is open is restricted as the other is, so that the second
    /// record shows nobody what the first one hides.
    pub async fn settle_shielded(
        &self,
        viewer: &Viewer,
        pair: Id<ids::Part>,
        answer: &str,
        words: &str,
    ) -> Result<()> {
        if !viewer.principal.keeps_shields() {
            return Err(Error::NotFound);
        }
        #[derive(sqlx::FromRow)]
        struct Two {
            person_id: Id<ids::Person>,
            other_id: Id<ids::Person>,
        }
        let sql = "select person_id, other_id from possible_duplicate where id = $1";
        let two: Option<Two> = self.store().read_db().maybe(sql, args![pair]).await?;
        let two = two.ok_or(Error::NotFound)?;
        // The looks are on record before the change begins: both write.
        for person in [two.person_id, two.other_id] {
            let asked = Asked::index("second records");
            self.gate()
                .person(viewer, person, asked)
                .await?
                .ok_or(Error::NotFound)?;
        }
        if !matches!(answer, "same" | "not_the_same") {
            let field = format!("answer-{pair}");
            return Err(Error::finding(
                &field,
                "Answer",
                "Say if it is the same person",
            ));
        }
        if words.trim().chars().count() < 10 {
            let field = format!("words-{pair}");
            return Err(Error::finding(&field, "How you know", "Write how you know"));
        }
        let mut tx = self.store().begin(&viewer.actor()).await?;
        let mut row: PossibleDuplicate = tx.get(pair).await?;
        tx.because_of(words.trim());
        row.settled_as = Some(answer.to_owned());
        row.settled_by = Some(viewer.principal.worker);
        row.settled_at = Some(tx.now());
        tx.update(&mut row).await?;
        if answer == "same" {
            restrict_alike(&mut tx, viewer, row.person_id, row.other_id).await?;
            restrict_alike(&mut tx, viewer, row.other_id, row.person_id).await?;
        }
        Ok(tx.commit().await?)
    }
}

/// Restricts `open` as `closed` is, if only that one is restricted.
async fn restrict_alike(
    tx: &mut Tx,
    viewer: &Viewer,
    closed: Id<ids::Person>,
    open: Id<ids::Person>,
) -> Result<()> {
    let sql = format!(
        "select {} from restriction where person_id = $1 and ended_at is null",
        Restriction::COLUMNS.join(", ")
    );
    let theirs: Vec<Restriction> = tx.all(AssertSqlSafe(sql.clone()), args![closed]).await?;
    let already: Vec<Restriction> = tx.all(AssertSqlSafe(sql), args![open]).await?;
    if !already.is_empty() {
        return Ok(());
    }
    for restriction in theirs {
        let alike = Restriction {
            id: Id::new(),
            person_id: open,
            reason: restriction.reason.clone(),
            set_by: viewer.actor().who,
            set_at: tx.now(),
            review_on: viewer.today + REVIEW,
            ended_at: None,
            version: 1,
        };
        tx.insert(&alike).await?;
        let allowed = format!(
            "select {} from restriction_allow where restriction_id = $1",
            RestrictionAllow::COLUMNS.join(", ")
        );
        let allowed: Vec<RestrictionAllow> = tx
            .all(AssertSqlSafe(allowed), args![restriction.id])
            .await?;
        for who in allowed {
            tx.insert(&RestrictionAllow {
                id: Id::new(),
                restriction_id: alike.id,
                ..who
            })
            .await?;
        }
    }
    Ok(())
}
