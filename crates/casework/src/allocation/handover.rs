//! The handover after a change of worker: what the last worker left, and the
//! visit together that ends it (R000-22, R003-09).

use chrono::NaiveDate;
use record::model::{Clock, Note};
use record::{Asked, AssertSqlSafe, Entity, Viewer, args};
use vocabulary::{Id, ids};

use super::allocate::of_family;
use crate::{Casework, Error, Result, clocks};

/// What the next worker reads.
#[derive(Debug, Clone)]
pub struct Handover {
    /// The family's name.
    pub family_name: String,
    /// The notes of the handover, newest first, with whose name they are under.
    pub notes: Vec<(String, String)>,
    /// Whether the handover is still open.
    pub open: bool,
    /// The first child, for the way to its visits.
    pub child: Option<Id<ids::Person>>,
}

impl Casework {
    /// The handover of a family to the viewer's work.
    pub async fn handover(&self, viewer: &Viewer, family: Id<ids::Family>) -> Result<Handover> {
        let seen = self
            .gate()
            .family(viewer, family, Asked::to_read("handover"))
            .await?
            .ok_or(Error::NotFound)?;
        #[derive(sqlx::FromRow)]
        struct Running {
            n: i64,
        }
        let sql = format!(
            "select {} from note where family_id = $1 and kind = 'handover' \
             order by happened_at desc, id limit 20",
            Note::COLUMNS.join(", ")
        );
        let db = self.store().read_db();
        let notes: Vec<Note> = db.all(AssertSqlSafe(sql), args![family]).await?;
        let running: Running = db
            .one(
                "select count(*) as n from clock where family_id = $1 \
                 and about_kind = 'handover' and done_at is null",
                args![family],
            )
            .await?;
        let shown = notes.iter().filter_map(|note| {
            let child = seen.member(note.person_id)?;
            Some((child.first_name(), note.words.clone()))
        });
        Ok(Handover {
            family_name: seen.family.name.clone(),
            notes: shown.collect(),
            open: running.n > 0,
            child: seen
                .members
                .iter()
                .find(|(_, p)| p.kind != record::model::PersonKind::Adult)
                .map(|(_, p)| p.id),
        })
    }

    /// Ends the handover: the two workers met the family together on a day, or
    /// a reason says why not.
    pub async fn finish_handover(
        &self,
        viewer: &Viewer,
        family: Id<ids::Family>,
        met_on: Option<NaiveDate>,
        why_not: &str,
    ) -> Result<()> {
        if !viewer.can("case.record") && !viewer.can("case.allocate") {
            return Err(Error::NotFound);
        }
        self.gate()
            .family(viewer, family, Asked::to_write("handover"))
            .await?
            .ok_or(Error::NotFound)?;
        let words = match met_on {
            Some(day) if day > viewer.today => {
                let message = "The day you met must be today or before";
                return Err(Error::finding("met_on", "Day", message));
            }
            Some(day) => format!("Met together on {}", vocabulary::plain::date(day)),
            None if why_not.trim().is_empty() => {
                let message = "Give the day you met the family together, or write why you did not";
                return Err(Error::finding("met_on", "Day", message));
            }
            None => format!("Not met together: {}", why_not.trim()),
        };
        let mut tx = self.store().begin(&viewer.actor()).await?;
        tx.because_of(&words);
        let running: Vec<Clock> = of_family(
            &mut tx,
            "about_kind = $2 and done_at is null",
            family,
            "handover",
        )
        .await?;
        let now = tx.now();
        for clock in running {
            clocks::stop(
                &mut tx,
                self.pack(),
                "handover.finished",
                now,
                "handover",
                &clock.about_id,
            )
            .await?;
        }
        tx.commit().await?;
        Ok(())
    }
}
