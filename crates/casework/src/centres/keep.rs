//! How long a booking is kept: the pack's standard `booking-kept` counts from
//! the session. Then who booked is erased; how many came stays to be counted.

use chrono::Months;
use record::model::Booking;
use record::{Actor, args};

use crate::{Casework, Result, time};

const WHY: &str = "The time for which a booking of a family centre is kept is over.";

impl Casework {
    /// Erases who booked sessions of long ago; says how many.
    ///
    /// # Errors
    /// When the record fails; what was erased until then stays erased.
    pub async fn erase_old_bookings(&self) -> Result<usize> {
        let Some(kept) = self.pack().standard("booking-kept", time::today()) else {
            return Ok(0);
        };
        let Some(before) = time::today().checked_sub_months(Months::new(kept.amount)) else {
            return Ok(0);
        };
        let past: Vec<Booking> = self
            .rows_of(
                "name <> '' and session_id in (select id from centre_session where ends_at < $1) \
                 order by id limit 500",
                args![time::start_of(before)],
            )
            .await?;
        let by = Actor::system("retention");
        for row in &past {
            let mut tx = self.store().begin(&by).await?;
            tx.because_of(WHY);
            let mut row: Booking = tx.get(row.id).await?;
            row.name = String::new();
            row.phone = None;
            row.message = None;
            row.needs = None;
            tx.update(&mut row).await?;
            tx.commit().await?;
            let subject = format!("enquiry:{}", row.id);
            self.store().erase(&by, &subject, WHY).await?;
        }
        Ok(past.len())
    }
}
