//! New sessions of a centre's programmes: once, or every week for some weeks.

use chrono::{Duration, NaiveDate, NaiveTime};
use packs::Answers;
use record::model::{CentreSession, Programme};
use record::{Tx, Viewer, args};
use vocabulary::{Id, ids, plain};

use super::works_there;
use crate::asking::{Done, Sheet, claim};
use crate::{Casework, Error, Result, time};

/// The form of a new session.
pub const FORM: &str = "centre-session";

/// Writes a session and its turn.
pub async fn write_session(tx: &mut Tx, row: &CentreSession) -> Result<()> {
    tx.insert(row).await?;
    tx.run(
        "insert into session_turn (session_id) values ($1)",
        args![row.id],
    )
    .await?;
    Ok(())
}

/// The centre's page for staff.
pub fn path(id: Id<ids::Centre>) -> String {
    format!("/centres/{id}")
}

impl Casework {
    /// The page on which sessions are added.
    ///
    /// # Errors
    /// [`Error::NotFound`] for posts that do not work in a centre.
    pub async fn ask_session(&self, viewer: &Viewer, centre: Id<ids::Centre>) -> Result<Sheet> {
        works_there(viewer)?;
        let page = self.family_centre(centre).await?;
        let address = format!("{}/sessions/new", path(centre));
        let mut sheet = Sheet::new(self.form(FORM)?, address, path(centre));
        sheet.title = format!("{}: new sessions", page.centre.name);
        sheet.button = "Add the sessions".into();
        let programmes = page.programmes.into_iter();
        sheet.offer(
            "programme",
            programmes.map(|p| (p.id.to_string(), p.name)).collect(),
        );
        Ok(sheet)
    }

    /// Adds sessions.
    ///
    /// # Errors
    /// As [`Casework::ask_session`]; [`Error::Findings`].
    pub async fn save_session(
        &self,
        viewer: &Viewer,
        centre: Id<ids::Centre>,
        answers: &Answers,
        once: &str,
    ) -> Result<Done> {
        let sheet = self.ask_session(viewer, centre).await?;
        sheet.check(answers)?;
        let first = day(answers, viewer.today)?;
        let (from, to) = (clock(answers, "from")?, clock(answers, "to")?);
        if to <= from {
            let message = "Write a time that is after the time it begins";
            return Err(Error::finding("to", "Until when?", message));
        }
        let weeks = answers
            .text("weeks")
            .parse::<i64>()
            .unwrap_or(1)
            .clamp(1, 52);
        let places = answers.text("places").parse().unwrap_or(1);
        let mut tx = self.store().begin(&viewer.actor()).await?;
        claim(&mut tx, once, &path(centre)).await?;
        let programme: Programme = tx.get(answers.text("programme")).await?;
        for week in 0..weeks {
            let on = first + Duration::weeks(week);
            let row = CentreSession {
                id: Id::new(),
                centre_id: centre,
                programme_id: programme.id,
                starts_at: time::from_local(on.and_time(from)),
                ends_at: time::from_local(on.and_time(to)),
                places,
                called_off: None,
                version: 1,
            };
            write_session(&mut tx, &row).await?;
        }
        tx.drop_draft(viewer.principal.worker, &sheet.draft())
            .await?;
        tx.commit().await?;
        let words = match weeks {
            1 => format!("{} is added on {}.", programme.name, plain::date(first)),
            n => format!("{} is added for {n} weeks.", programme.name),
        };
        Ok(Done::new(words, path(centre)))
    }
}

fn day(answers: &Answers, today: NaiveDate) -> Result<NaiveDate> {
    answers
        .date("on")
        .filter(|day| *day >= today)
        .ok_or_else(|| Error::finding("on", "On which day?", "Write a day from today on"))
}

fn clock(answers: &Answers, name: &str) -> Result<NaiveTime> {
    plain::read_time(answers.text(name)).ok_or_else(|| {
        let message = "Write a time, such as 10am or 13:30";
        Error::finding(name, "When?", message)
    })
}
