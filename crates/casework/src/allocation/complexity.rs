//! Complexity: points that a manager adds to a child's weight, with a reason,
//! because twelve children are not twelve children (R004-45).

use record::model::Complexity;
use record::submissions::Once;
use record::{Asked, AssertSqlSafe, Entity, Viewer, args};
use vocabulary::{Id, ids};

use crate::{Casework, Error, Result};

/// The points for one child, and why.
#[derive(Debug, Clone)]
pub struct SetComplexity {
    /// The child.
    pub person: Id<ids::Person>,
    /// As typed: a whole number from 0.
    pub points: String,
    /// Why.
    pub reason: String,
    /// The form's token.
    pub once: String,
}

impl Casework {
    /// The points in force for a child, for the page that changes them.
    pub async fn complexity(
        &self,
        viewer: &Viewer,
        person: Id<ids::Person>,
    ) -> Result<(record::Guarded<record::model::Person>, Option<Complexity>)> {
        if !viewer.can("case.allocate") {
            return Err(Error::NotFound);
        }
        let child = self
            .gate()
            .person(viewer, person, Asked::to_write("complexity"))
            .await?
            .ok_or(Error::NotFound)?;
        let sql = format!(
            "select {} from complexity where person_id = $1 and ended_at is null \
             order by set_at desc limit 1",
            Complexity::COLUMNS.join(", ")
        );
        let now = self
            .store()
            .read_db()
            .maybe(AssertSqlSafe(sql), args![person])
            .await?;
        Ok((child, now))
    }

    /// The most points that a manager may add.
    pub fn complexity_most(&self, viewer: &Viewer) -> i64 {
        self.pack()
            .workload(viewer.today)
            .map_or(0, |w| w.complexity_most as i64)
    }

    /// Sets the points; the last ones stay on record with their end.
    pub async fn set_complexity(&self, viewer: &Viewer, wanted: &SetComplexity) -> Result<()> {
        let (child, before) = self.complexity(viewer, wanted.person).await?;
        let most = self.complexity_most(viewer);
        let points = wanted.points.trim().parse::<i64>().ok();
        let Some(points) = points.filter(|p| (0..=most).contains(p)) else {
            let message = format!("Points must be a whole number from 0 to {most}");
            return Err(Error::finding("points", "Points", &message));
        };
        if wanted.reason.trim().is_empty() {
            let message = "Write what makes this work heavier or lighter";
            return Err(Error::finding("reason", "Reason", message));
        }
        let mut tx = self.store().begin(&viewer.actor()).await?;
        if let Once::Again { location } = tx.once(&wanted.once, "/team").await? {
            return Err(Error::Already(location));
        }
        tx.because_of(wanted.reason.trim());
        let now = tx.now();
        if let Some(mut before) = before {
            before.ended_at = Some(now);
            tx.update(&mut before).await?;
        }
        tx.insert(&Complexity {
            id: Id::new(),
            person_id: child.id,
            points,
            reason: wanted.reason.trim().to_owned(),
            set_by: viewer.principal.worker,
            set_at: now,
            ended_at: None,
            version: 1,
        })
        .await?;
        tx.commit().await?;
        Ok(())
    }
}
