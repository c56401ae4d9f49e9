//! A session as the centre's worker has it on the telephone in their hand: who
//! comes, who came, who waits, and to whom a free place was offered.

use std::collections::BTreeSet;

use record::model::Booking;
use record::{Asked, Viewer, args};
use vocabulary::{Id, ids};

use super::{KIND, SessionRow, works_there};
use crate::{Casework, Error, Result};

/// A session with everybody in it.
#[derive(Debug, Clone)]
pub struct Register {
    /// The session.
    pub session: SessionRow,
    /// Those who have a place, by name.
    pub booked: Vec<Booking>,
    /// Those to whom a place is offered, the longest first.
    pub offered: Vec<Booking>,
    /// Those who wait, the longest first.
    pub waiting: Vec<Booking>,
}

/// What a worker does about one booking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// They came.
    Came,
    /// They did not come.
    Missed,
    /// They take the place that is offered.
    Takes,
    /// Nobody answered: the next one is offered it.
    Next,
    /// They do not come.
    Cancels,
}

impl Mark {
    /// The mark with this word of a form.
    pub fn from_word(word: &str) -> Option<Mark> {
        Some(match word {
            "came" => Mark::Came,
            "missed" => Mark::Missed,
            "takes" => Mark::Takes,
            "next" => Mark::Next,
            "cancels" => Mark::Cancels,
            _ => return None,
        })
    }
}

impl Casework {
    /// The register of a session. The look at everybody in it is on record
    /// before this returns.
    ///
    /// # Errors
    /// [`Error::NotFound`] for posts that do not work in a centre.
    pub async fn register(&self, viewer: &Viewer, id: Id<ids::CentreSession>) -> Result<Register> {
        works_there(viewer)?;
        let session = self.centre_session(id).await?;
        let all: Vec<Booking> = self
            .rows_of(
                "session_id = $1 and state <> 'cancelled' order by queued_at, id",
                args![id],
            )
            .await?;
        let subjects: BTreeSet<String> = all.iter().map(|b| format!("enquiry:{}", b.id)).collect();
        let asked = Asked::to_write("register");
        let about = ("centre_session", id.as_str());
        if !self
            .gate()
            .look_by_post(viewer, KIND, about, asked, subjects)
            .await?
        {
            return Err(Error::NotFound);
        }
        let of = |state: &str| -> Vec<Booking> {
            let mine = all.iter().filter(|b| b.state == state);
            mine.cloned().collect()
        };
        let mut booked = of("booked");
        booked.sort_by_key(|b| b.name.to_lowercase());
        Ok(Register {
            session,
            booked,
            offered: of("offered"),
            waiting: of("waiting"),
        })
    }

    /// Notes something about one booking of a session.
    ///
    /// # Errors
    /// [`Error::NotFound`] for whom it is not; [`Error::Refused`] for what does
    /// not fit where it stands now.
    pub async fn mark(
        &self,
        viewer: &Viewer,
        session: Id<ids::CentreSession>,
        booking: Id<ids::Booking>,
        mark: Mark,
    ) -> Result<()> {
        works_there(viewer)?;
        let mut tx = self.store().begin(&viewer.actor()).await?;
        let row: Option<Booking> = tx.find(booking.as_str()).await?;
        let mut row = row
            .filter(|b| b.session_id == session)
            .ok_or(Error::NotFound)?;
        match mark {
            Mark::Came | Mark::Missed => {
                if row.state != "booked" {
                    let why = "They have no place at this session. Give them one first.";
                    return Err(Error::Refused(why.into()));
                }
                row.came = Some(mark == Mark::Came);
                tx.update(&mut row).await?;
                Ok(tx.commit().await?)
            }
            Mark::Takes => self.put_booking(tx, booking, "booked").await,
            Mark::Next => self.put_booking(tx, booking, "waiting").await,
            Mark::Cancels => self.put_booking(tx, booking, "cancelled").await,
        }
    }
}
