//! Threshold decisions rated again by somebody who does not see the first
//! rating: how far two people read the same contact alike (R003-05).

use packs::{Answers, Form};
use record::model::{BlindRating, Decision};
use record::{Asked, AssertSqlSafe, Viewer, args};
use vocabulary::{Id, ids};

use crate::plans::{claim, stops};
use crate::{Casework, Error, Result, time};

/// The form of a rating.
const FORM: &str = "blind-rating";

/// A decision to rate: what was told, and nothing of what was decided.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct ToRate {
    /// The decision.
    pub id: Id<ids::Decision>,
    /// The contact it is about.
    pub contact_id: Id<ids::Contact>,
    /// What the referrer said.
    pub concern: String,
}

/// How often two people chose the same level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Agreement {
    /// Ratings.
    pub rated: i64,
    /// Of them, those with the same level.
    pub same: i64,
}

impl Agreement {
    /// So many of a hundred; nothing before the first rating.
    pub fn percent(&self) -> Option<i64> {
        (self.rated > 0).then(|| self.same * 100 / self.rated)
    }
}

impl Casework {
    /// The form of a rating.
    pub fn rating_form(&self) -> Result<Form> {
        Ok(self.form(FORM)?.clone())
    }

    /// Decisions of others that the viewer may see and has not rated, as many
    /// as the standard says.
    pub async fn to_rate(&self, viewer: &Viewer) -> Result<Vec<ToRate>> {
        may_rate(viewer)?;
        let most = self
            .pack()
            .standard("blind-rating-sample", time::today())
            .map_or(5, |s| s.amount as usize);
        // Ids begin with their time and end in chance: the last part mixes them.
        let rows: Vec<ToRate> = self
            .store()
            .read_db()
            .all(
                "select d.id, d.contact_id, c.concern from decision d \
                 join contact c on c.id = d.contact_id where d.kind = 'threshold' \
                 and d.decided_by <> $1 and not exists (select 1 from blind_rating b \
                 where b.decision_id = d.id and b.rated_by = $1) \
                 order by substr(d.id, 25) limit 40",
                args![viewer.principal.worker],
            )
            .await?;
        let ids: Vec<Id<ids::Contact>> = rows.iter().map(|row| row.contact_id).collect();
        let asked = Asked::to_read("blind rating");
        let open = self.gate().contacts(viewer, &ids, asked, most).await?;
        let is_open = |row: &ToRate| open.iter().any(|c| c.id == row.contact_id);
        Ok(rows.into_iter().filter(is_open).take(most).collect())
    }

    /// Rates a decision again, without having seen it.
    pub async fn rate_again(
        &self,
        viewer: &Viewer,
        id: Id<ids::Decision>,
        answers: &Answers,
        once: &str,
    ) -> Result<()> {
        may_rate(viewer)?;
        stops(self.form(FORM)?.check(answers, None))?;
        let mut tx = self.store().begin(&viewer.actor()).await?;
        let decision: Decision = tx.get(id).await?;
        let contact = decision.contact_id.ok_or(Error::NotFound)?;
        drop(tx);
        if decision.decided_by == viewer.principal.worker {
            return Err(Error::Refused(
                "This is your own decision. Somebody else rates it again.".into(),
            ));
        }
        let asked = Asked::to_write("blind rating");
        self.gate()
            .contact(viewer, contact, asked)
            .await?
            .ok_or(Error::NotFound)?;
        let mut tx = self.store().begin(&viewer.actor()).await?;
        claim(&mut tx, once, "/ratings").await?;
        tx.insert(&BlindRating {
            id: Id::new(),
            decision_id: id,
            contact_id: contact,
            level: answers.text("level").to_owned(),
            rationale: answers.text("rationale").to_owned(),
            rated_by: viewer.principal.worker,
            rated_at: tx.now(),
            version: 1,
        })
        .await?;
        Ok(tx.commit().await?)
    }

    /// How often two people chose the same level. Numbers, no names; without
    /// contacts about a child whose record is closed to the viewer.
    pub async fn agreement(&self, viewer: &Viewer) -> Result<Agreement> {
        #[derive(sqlx::FromRow)]
        struct Pair {
            first: Option<String>,
            again: String,
        }
        let (counted, values) = self.gate().may_count_contacts(viewer, 1);
        let sql = format!(
            "select d.level as first, b.level as again from blind_rating b \
             join decision d on d.id = b.decision_id join contact c on c.id = b.contact_id \
             where {counted}"
        );
        let db = self.store().read_db();
        let pairs: Vec<Pair> = db.all(AssertSqlSafe(sql), values).await?;
        let same = pairs
            .iter()
            .filter(|p| p.first.as_deref() == Some(p.again.as_str()));
        let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        Ok(Agreement {
            same: count(same.count()),
            rated: count(pairs.len()),
        })
    }
}

fn may_rate(viewer: &Viewer) -> Result<()> {
    match viewer.can("case.authorise") {
        true => Ok(()),
        false => Err(Error::NotFound),
    }
}
