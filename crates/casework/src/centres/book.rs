//! Booking a session: a place while there is one, else a place in the queue.
//! Whoever books takes the session's turn first, so that two who want the last
//! place at once get one place and one place in the queue, on either database.
//!
//! A place that falls free is held for the family that waits longest: it is
//! offered at once, and nobody can take it from them by booking. The centre
//! rings, as centres do, and gives it on if nobody answers.

use chrono::Duration;
use packs::{Answers, Severity};
use record::journal::{Deed, Event};
use record::model::{Booking, CentreSession, ServiceLink};
use record::{Actor, AssertSqlSafe, Tx, Viewer, args};
use vocabulary::{Id, ids};

use super::{KIND, SessionRow, sessions, works_there};
use crate::asking::{claim, rows, said};
use crate::front_door::incoming::new_reference;
use crate::referring::links::{self, NewLink, Whose};
use crate::{Casework, Error, Result};

/// The form of a booking.
pub const FORM: &str = "centre-booking";

/// What became of a booking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Booked {
    /// There was a place.
    Place,
    /// There was none: they wait.
    Waits,
}

/// The family's own page about its booking.
#[derive(Debug, Clone)]
pub struct MyBooking {
    /// The booking.
    pub row: Booking,
    /// The session.
    pub session: SessionRow,
    /// Where it is, and the centre's telephone.
    pub place: (String, String),
    /// How many families have waited longer.
    pub before: i64,
}

/// Takes the session's turn: until this transaction ends nobody else books or
/// cancels there.
pub(super) async fn turn(tx: &mut Tx, session: Id<ids::CentreSession>) -> Result<SessionRow> {
    let sql = "update session_turn set session_id = session_id where session_id = $1";
    if tx.run(sql, args![session]).await? != 1 {
        return Err(Error::NotFound);
    }
    let sql = format!("{} where s.id = $1", sessions());
    tx.maybe(AssertSqlSafe(sql), args![session])
        .await?
        .ok_or(Error::NotFound)
}

/// Offers what is free to those who wait, the longest first; somebody who needs
/// more places than are free does not stop those behind them from smaller gaps
/// only when they themselves fit: the order is kept.
pub(super) async fn offer(tx: &mut Tx, session: Id<ids::CentreSession>) -> Result<usize> {
    let now = turn(tx, session).await?;
    let mut left = now.left();
    let mut offered = 0;
    if !now.is_open() {
        return Ok(0);
    }
    let waits: Vec<Booking> = rows(
        tx,
        "session_id = $1 and state = 'waiting' order by queued_at, id",
        args![session],
    )
    .await?;
    for mut booking in waits {
        if booking.places > left {
            break;
        }
        left -= booking.places;
        booking.state = "offered".into();
        booking.offered_at = Some(tx.now());
        tx.update(&mut booking).await?;
        offered += 1;
    }
    Ok(offered)
}

impl Casework {
    /// Books for a family without an account; gives what became of it and the
    /// token of the family's own page.
    ///
    /// # Errors
    /// [`Error::NotFound`] for no such session; [`Error::Refused`] for one that
    /// has begun or is called off; [`Error::Findings`].
    pub async fn book(
        &self,
        session: Id<ids::CentreSession>,
        answers: &Answers,
        once: &str,
    ) -> Result<(Booked, String)> {
        let reference = new_reference();
        let tx = self.store().begin(&Actor::public(&reference)).await?;
        self.book_in(tx, session, answers, once, reference, None)
            .await
    }

    /// The same by a worker of the centre, for a family that rings or comes in.
    ///
    /// # Errors
    /// As [`Casework::book`].
    pub async fn book_for(
        &self,
        viewer: &Viewer,
        session: Id<ids::CentreSession>,
        answers: &Answers,
        once: &str,
    ) -> Result<Booked> {
        works_there(viewer)?;
        let tx = self.store().begin(&viewer.actor()).await?;
        let by = Some(viewer.principal.worker);
        let booked = self
            .book_in(tx, session, answers, once, new_reference(), by)
            .await?;
        Ok(booked.0)
    }

    async fn book_in(
        &self,
        mut tx: Tx,
        session: Id<ids::CentreSession>,
        answers: &Answers,
        once: &str,
        reference: String,
        made_by: Option<Id<ids::Worker>>,
    ) -> Result<(Booked, String)> {
        let mut findings = self.form(FORM)?.check(answers, None);
        findings.retain(|f| f.severity == Severity::Stop);
        if !findings.is_empty() {
            return Err(Error::Findings(findings));
        }
        let now = turn(&mut tx, session).await?;
        if !now.is_open() {
            let why = "This session has begun or does not take place. Look at the centre’s page for another one.";
            return Err(Error::Refused(why.into()));
        }
        let again = format!("/family-centres/sessions/{session}");
        claim(&mut tx, once, &again).await?;
        let places: i64 = answers.text("children").parse().unwrap_or(1);
        let fits = now.waiting == 0 && places <= now.left();
        let row = Booking {
            id: Id::new(),
            session_id: session,
            reference,
            name: answers.text("name").trim().to_owned(),
            places,
            phone: said(answers, "phone"),
            message: said(answers, "message"),
            needs: said(answers, "needs"),
            state: if fits { "booked" } else { "waiting" }.into(),
            queued_at: tx.now(),
            offered_at: None,
            came: None,
            made_by,
            made_at: tx.now(),
            version: 1,
        };
        tx.insert(&row).await?;
        let opens_for = now.row.ends_at - tx.now() + Duration::days(1);
        let (token, _) = links::make(
            self.store(),
            &mut tx,
            NewLink {
                whose: Whose::Asker,
                kind: KIND,
                about: row.id.to_string(),
                sent_to: None,
                made_by,
                opens_for,
            },
        )
        .await?;
        tx.commit().await?;
        let booked = if fits { Booked::Place } else { Booked::Waits };
        Ok((booked, token))
    }

    async fn own_booking(&self, token: &str) -> Result<(Tx, Booking)> {
        let (mut tx, link): (Tx, ServiceLink) = self.open_service_link(token, Whose::Asker).await?;
        if link.about_kind != KIND {
            return Err(Error::NotFound);
        }
        let row: Booking = tx.get(&link.about_id).await?;
        Ok((tx, row))
    }

    /// The family's own page. The look is on record before this returns.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a link that does not open.
    pub async fn my_booking(&self, token: &str) -> Result<MyBooking> {
        let (mut tx, row) = self.own_booking(token).await?;
        let mut look = Event::new(Deed::Looked, KIND, row.id);
        look.because = Some("They hold the link of the one who booked.".into());
        look.subjects = vec![format!("enquiry:{}", row.id)];
        tx.note(look).await?;
        tx.commit().await?;
        let session = self.centre_session(row.session_id).await?;
        let centre = self.family_centre(session.row.centre_id).await?.centre;
        let waits: Vec<Booking> = self
            .rows_of(
                "session_id = $1 and state = 'waiting' order by queued_at, id",
                args![row.session_id],
            )
            .await?;
        let before = waits.iter().position(|b| b.id == row.id).unwrap_or(0);
        Ok(MyBooking {
            before: i64::try_from(before).unwrap_or(i64::MAX),
            place: (
                format!("{}, {}, {}", centre.name, centre.address, centre.postcode),
                centre.phone,
            ),
            session,
            row,
        })
    }

    /// The family takes the place that is offered, or gives up its place; what
    /// falls free is offered to who waits longest.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a link that does not open; [`Error::Refused`]
    /// for a place that is no longer theirs.
    pub async fn change_my_booking(&self, token: &str, takes: bool) -> Result<()> {
        let (tx, row) = self.own_booking(token).await?;
        let to = if takes { "booked" } else { "cancelled" };
        self.put_booking(tx, row.id, to).await
    }

    /// Puts a booking into another state, and offers what falls free.
    pub(super) async fn put_booking(
        &self,
        mut tx: Tx,
        id: Id<ids::Booking>,
        to: &'static str,
    ) -> Result<()> {
        let row: Booking = tx.get(id).await?;
        turn(&mut tx, row.session_id).await?;
        // Read again in our turn: the offer may have gone on meanwhile.
        let mut row: Booking = tx.get(id).await?;
        let may = matches!(
            (row.state.as_str(), to),
            ("offered", "booked" | "waiting") | ("booked" | "waiting" | "offered", "cancelled")
        );
        if !may {
            let why = "That has changed in the meantime. Look at where it stands now.";
            return Err(Error::Refused(why.into()));
        }
        row.state = to.to_owned();
        if to == "waiting" {
            // Nobody answered: they go to the end of the queue, not out of it.
            row.queued_at = tx.now();
            row.offered_at = None;
        }
        tx.update(&mut row).await?;
        offer(&mut tx, row.session_id).await?;
        Ok(tx.commit().await?)
    }

    /// Calls a session off, with the reason that families read.
    ///
    /// # Errors
    /// [`Error::NotFound`] for whom it is not; [`Error::Findings`] without why.
    pub async fn call_off(
        &self,
        viewer: &Viewer,
        id: Id<ids::CentreSession>,
        why: &str,
    ) -> Result<()> {
        works_there(viewer)?;
        if why.trim().is_empty() {
            let message = "Write why, in words that families may read";
            return Err(Error::finding("why", "Why?", message));
        }
        let mut tx = self.store().begin(&viewer.actor()).await?;
        turn(&mut tx, id).await?;
        let mut row: CentreSession = tx.get(id).await?;
        row.called_off = Some(why.trim().to_owned());
        tx.update(&mut row).await?;
        Ok(tx.commit().await?)
    }
}
