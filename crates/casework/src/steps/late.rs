//! Why a clock is late, and who agreed. Shown beside the clock for ever; a
//! clock never blocks the work.

use packs::{Answers, Form};
use record::model::Clock;
use record::submissions::Once;
use record::{Asked, AssertSqlSafe, Entity, Viewer, args};
use vocabulary::{Id, ids, plain};

use crate::clocks::ClockView;
use crate::{Casework, Error, Result, clocks};

/// The page on which a reason is given.
#[derive(Debug, Clone)]
pub struct LatePage {
    /// The clock.
    pub clock: ClockView,
    /// The form.
    pub form: Form,
}

impl Casework {
    /// A clock that the viewer may see, to give a reason for it.
    pub async fn late_page(&self, viewer: &Viewer, id: Id<ids::Clock>) -> Result<LatePage> {
        let clock = self
            .clock_seen(viewer, id, Asked::to_read("/clocks/reason"))
            .await?;
        Ok(LatePage {
            clock: ClockView::of(&clock, self.pack()),
            form: self.form("late-reason")?.clone(),
        })
    }

    async fn clock_seen(
        &self,
        viewer: &Viewer,
        id: Id<ids::Clock>,
        asked: Asked<'_>,
    ) -> Result<Clock> {
        let sql = format!(
            "select {} from clock where id = $1",
            Clock::COLUMNS.join(", ")
        );
        let clock: Option<Clock> = self
            .store()
            .read_db()
            .maybe(AssertSqlSafe(sql), args![id])
            .await?;
        let clock = clock.ok_or(Error::NotFound)?;
        let gate = self.gate();
        // What came in at the front door is the front door's to explain.
        let of_door = ["contact", "told"].contains(&clock.about_kind.as_str());
        let open = match (clock.person_id, clock.family_id, clock.contact_id) {
            (_, _, Some(contact)) if of_door => {
                gate.contact(viewer, contact, asked).await?.is_some()
            }
            (Some(person), _, _) => gate.person(viewer, person, asked).await?.is_some(),
            (_, Some(family), _) => gate.family(viewer, family, asked).await?.is_some(),
            (_, _, Some(contact)) => gate.contact(viewer, contact, asked).await?.is_some(),
            _ if clock.about_kind == crate::matters::KIND => {
                let id = clock.about_id.parse().map_err(|_| Error::NotFound)?;
                gate.matter(viewer, id, asked).await?.is_some()
            }
            _ => false,
        };
        if open {
            Ok(clock)
        } else {
            Err(Error::NotFound)
        }
    }

    /// Keeps the reason why a clock is late. Gives back where the work is.
    pub async fn late_reason(
        &self,
        viewer: &Viewer,
        id: Id<ids::Clock>,
        answers: &Answers,
        once: &str,
    ) -> Result<String> {
        let clock = self
            .clock_seen(viewer, id, Asked::to_write("/clocks/reason"))
            .await?;
        let findings = self.form("late-reason")?.check(answers, None);
        if !findings.is_empty() {
            return Err(Error::Findings(findings));
        }
        let agreed = answers.text("agreed_by");
        let mut words = format!("{} Agreed by {agreed}.", with_stop(answers.text("why")));
        if let Some(date) = answers.date("new_date") {
            words.push_str(&format!(" To be done by {}.", plain::date(date)));
        }
        let agreed_by = self.worker_called(agreed).await?;
        let mut tx = self.store().begin(&viewer.actor()).await?;
        if let Once::Again { location } = tx.once(once, &clock.path).await? {
            return Err(Error::Already(location));
        }
        clocks::give_reason(&mut tx, id, &words, agreed_by).await?;
        tx.commit().await?;
        Ok(clock.path)
    }

    /// The one worker at work with this name or username; nobody when the
    /// name does not say which.
    async fn worker_called(&self, name: &str) -> Result<Option<Id<ids::Worker>>> {
        #[derive(sqlx::FromRow)]
        struct Found {
            id: Id<ids::Worker>,
        }
        let name = name.trim().to_lowercase();
        let found: Vec<Found> = self
            .store()
            .read_db()
            .all(
                "select id from worker where active = $2 and (lower(name) = $1 or username = $1)",
                args![name, true],
            )
            .await?;
        Ok(match found.as_slice() {
            [one] => Some(one.id),
            _ => None,
        })
    }
}

fn with_stop(words: &str) -> String {
    let words = words.trim();
    if words.ends_with(['.', '!', '?']) {
        words.to_owned()
    } else {
        format!("{words}.")
    }
}
