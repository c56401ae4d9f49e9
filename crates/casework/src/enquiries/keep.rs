//! How long an enquiry is kept. When what came of it is known, the pack's
//! standard `enquiry-kept` says until when; after that everything that was said
//! is emptied, its key is destroyed, and only what can be counted stays.

use chrono::{Days, Months, NaiveDate};
use packs::Measure;
use record::model::{Enquiry, Mail, ServiceLink};
use record::{Actor, args};
use serde_json::json;

use super::KIND;
use crate::asking::rows;
use crate::{Casework, Result, time};

/// Why a key is destroyed, as the journal keeps it.
const WHY: &str = "The time for which a request to a service is kept is over.";

impl Casework {
    /// Sets until when an enquiry is kept, once what came of it is known.
    pub(super) fn settle_enquiry(&self, row: &mut Enquiry) {
        row.keep_until = row.result_on.and_then(|day| self.kept_until(day));
    }

    fn kept_until(&self, settled: NaiveDate) -> Option<NaiveDate> {
        let standard = self.pack().standard("enquiry-kept", settled)?;
        let n = standard.amount;
        match standard.measure {
            Measure::Months => settled.checked_add_months(Months::new(n)),
            Measure::Weeks => settled.checked_add_days(Days::new(u64::from(n) * 7)),
            _ => settled.checked_add_days(Days::new(u64::from(n))),
        }
    }

    /// Erases what is past its time; says how many.
    ///
    /// # Errors
    /// When the record fails; what was erased until then stays erased.
    pub async fn erase_old_enquiries(&self) -> Result<usize> {
        let past: Vec<Enquiry> = self
            .rows_of(
                "keep_until is not null and keep_until < $1 and word_hash <> '' order by id limit 500",
                args![time::today()],
            )
            .await?;
        let by = Actor::system("retention");
        for row in &past {
            let mut tx = self.store().begin(&by).await?;
            tx.because_of(WHY);
            let mut row: Enquiry = tx.get(row.id).await?;
            row.word_hash = String::new();
            row.answers = json!({});
            row.held = None;
            row.person_id = None;
            row.contact_id = None;
            row.provider_email = None;
            row.declined_why = None;
            row.wait_words = None;
            row.words = None;
            tx.update(&mut row).await?;
            let links: Vec<ServiceLink> = rows(
                &mut tx,
                "about_kind = $1 and about_id = $2 and withdrawn_at is null",
                args![KIND, row.id],
            )
            .await?;
            for mut link in links {
                link.withdrawn_at = Some(tx.now());
                link.sent_to = None;
                tx.update(&mut link).await?;
            }
            let mails: Vec<Mail> = rows(&mut tx, "about = $1", args![row.id]).await?;
            let mailed = !mails.is_empty();
            for mut mail in mails {
                mail.to_address = String::new();
                if mail.state == "waiting" {
                    mail.state = "failed".into();
                }
                tx.update(&mut mail).await?;
            }
            tx.commit().await?;
            let subject = format!("enquiry:{}", row.id);
            self.store().erase(&by, &subject, WHY).await?;
            if mailed {
                // Mails are sealed under the key of what they are about.
                let subject = format!("matter:{}", row.id);
                self.store().erase(&by, &subject, WHY).await?;
            }
        }
        Ok(past.len())
    }
}
