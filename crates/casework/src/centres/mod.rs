//! Family centres: programmes, sessions with a number of places, booking
//! without an account, a waiting list, and who came (R000-16).
//!
//! What a centre offers is public. A booking is no case record: it is sealed
//! under a key of its own, open to those who work in a centre, and emptied
//! after its time.

pub mod book;
mod keep;
pub mod programme;
pub mod register;

use chrono::{DateTime, Utc};
use record::model::{CentreSession, FamilyCentre, Programme};
use record::{AssertSqlSafe, Viewer, args};
use vocabulary::{Id, ids, plain};

use crate::plans::columns;
use crate::{Casework, Error, Result, time};

/// Whoever works in a family centre.
pub const CAPABILITY: &str = "centres.work";
/// What the policy and the links call a booking.
pub(crate) const KIND: &str = "booking";
/// How many days ahead sessions are shown.
const AHEAD: i64 = 15;

/// A session with how full it is.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct SessionRow {
    /// The session.
    #[sqlx(flatten)]
    pub row: CentreSession,
    /// Its programme.
    pub programme: String,
    /// For whom.
    pub for_whom: String,
    /// The centre.
    pub centre: String,
    /// Places that are booked, or offered to somebody who waits.
    pub taken: i64,
    /// Families who wait.
    pub waiting: i64,
    /// Families who came.
    pub came: i64,
}

impl SessionRow {
    /// "10am to 11:30am".
    pub fn hours(&self) -> String {
        let at = |moment: DateTime<Utc>| plain::time(time::local(moment).time());
        format!("{} to {}", at(self.row.starts_at), at(self.row.ends_at))
    }

    /// "Friday 27 November".
    pub fn day(&self) -> String {
        plain::date_with_day(time::local(self.row.starts_at).date())
    }

    /// Places left.
    pub fn left(&self) -> i64 {
        (self.row.places - self.taken).max(0)
    }

    /// A new family goes to the waiting list: it is full, or others wait.
    pub fn is_full(&self) -> bool {
        self.left() == 0 || self.waiting > 0
    }

    /// "3 places left", "Full, 2 families wait".
    pub fn room(&self) -> String {
        if self.row.called_off.is_some() {
            return "Called off".to_owned();
        }
        match (self.left(), self.waiting) {
            (0, 0) => "Full".to_owned(),
            (_, n) if n > 0 => {
                format!("Full, {}", plain::count(n, "family waits", "families wait"))
            }
            (left, _) => plain::count(left, "place left", "places left"),
        }
    }

    /// "4 families came".
    pub fn who_came(&self) -> String {
        plain::count(self.came, "family came", "families came")
    }

    /// It can still be booked.
    pub fn is_open(&self) -> bool {
        self.row.called_off.is_none() && self.row.starts_at > Utc::now()
    }
}

/// A centre with its sessions of today and of the days after.
#[derive(Debug, Clone)]
pub struct CentrePage {
    /// The centre.
    pub centre: FamilyCentre,
    /// What it offers.
    pub programmes: Vec<Programme>,
    /// Today's sessions.
    pub today: Vec<SessionRow>,
    /// Those of the next two weeks.
    pub later: Vec<SessionRow>,
}

/// The columns of [`SessionRow`], with the tables they come from.
pub(crate) fn sessions() -> String {
    format!(
        "select {}, g.name as programme, g.for_whom, c.name as centre, \
         cast(coalesce((select sum(b.places) from booking b where b.session_id = s.id \
           and b.state in ('booked', 'offered')), 0) as bigint) as taken, \
         (select count(*) from booking b where b.session_id = s.id and b.state = 'waiting') as waiting, \
         (select count(*) from booking b where b.session_id = s.id and b.came) as came \
         from centre_session s join programme g on g.id = s.programme_id \
         join family_centre c on c.id = s.centre_id",
        columns::<CentreSession>("s")
    )
}

impl Casework {
    /// Every centre, each with its sessions of today.
    pub async fn family_centres(&self) -> Result<Vec<(FamilyCentre, Vec<SessionRow>)>> {
        let centres: Vec<FamilyCentre> = self.rows_of("1 = 1 order by name", args![]).await?;
        let today = time::today();
        let sessions = self
            .sessions_between(None, time::start_of(today), time::end_of(today))
            .await?;
        let of = |centre: &FamilyCentre| {
            let mine = sessions.iter().filter(|s| s.row.centre_id == centre.id);
            mine.cloned().collect()
        };
        Ok(centres.into_iter().map(|c| (c.clone(), of(&c))).collect())
    }

    /// A centre's page.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is none.
    pub async fn family_centre(&self, id: Id<ids::Centre>) -> Result<CentrePage> {
        let centre: Vec<FamilyCentre> = self.rows_of("id = $1", args![id]).await?;
        let centre = centre.into_iter().next().ok_or(Error::NotFound)?;
        let programmes = self
            .rows_of("centre_id = $1 order by name, id", args![id])
            .await?;
        let today = time::today();
        let until = time::end_of(today + chrono::Duration::days(AHEAD));
        let all = self
            .sessions_between(Some(id), time::start_of(today), until)
            .await?;
        let is_today = |s: &SessionRow| time::local(s.row.starts_at).date() == today;
        let (today, later) = all.into_iter().partition(is_today);
        Ok(CentrePage {
            centre,
            programmes,
            today,
            later,
        })
    }

    /// One session.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is none.
    pub async fn centre_session(&self, id: Id<ids::CentreSession>) -> Result<SessionRow> {
        let sql = format!("{} where s.id = $1", sessions());
        let db = self.store().read_db();
        db.maybe(AssertSqlSafe(sql), args![id])
            .await?
            .ok_or(Error::NotFound)
    }

    async fn sessions_between(
        &self,
        centre: Option<Id<ids::Centre>>,
        from: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<Vec<SessionRow>> {
        let (mine, mut values) = match centre {
            Some(id) => ("s.centre_id = $3 and", args![from, until, id]),
            None => ("", args![from, until]),
        };
        let sql = format!(
            "{} where {mine} s.starts_at >= $1 and s.starts_at <= $2 order by s.starts_at, s.id",
            sessions()
        );
        let values = std::mem::take(&mut values);
        Ok(self
            .store()
            .read_db()
            .all(AssertSqlSafe(sql), values)
            .await?)
    }
}

/// Whoever works in a centre; for others there is no such page.
pub(crate) fn works_there(viewer: &Viewer) -> Result<()> {
    match viewer.can(CAPABILITY) {
        true => Ok(()),
        false => Err(Error::NotFound),
    }
}
