//! A whole waiting list moves to another service: a contract ends, a team is
//! merged. Every child keeps the day on which they were first referred
//! (R002-26: a hundred waiting children, a hundred dates).

use packs::Answers;
use record::{Asked, AssertSqlSafe, Viewer, args};

use super::answer::{Onward, moved, waiting_for};
use crate::asking::{self, Done, Sheet};
use crate::{Casework, Error, Result};

/// Where it is done.
const PATH: &str = "/service-referrals/handover";
/// The board that it leads back to.
const BOARD: &str = "/service-referrals";

impl Casework {
    /// The page on which a waiting list moves.
    ///
    /// # Errors
    /// [`Error::NotFound`] for posts that do not lead a team or a service.
    pub async fn ask_handover(&self, viewer: &Viewer) -> Result<Sheet> {
        leads(viewer)?;
        let names = self.services_with_a_queue(viewer).await?;
        let mut sheet = Sheet::new(self.form("service-handover")?, PATH.into(), BOARD.into());
        sheet.words = "Every child keeps the day on which they were first referred. Only lists of children who are open to you are offered.".into();
        sheet.button = "Move the waiting list".into();
        if !names.is_empty() {
            sheet.offer("from", names.into_iter().map(|n| (n.clone(), n)).collect());
        }
        sheet.day("on", viewer.today);
        Ok(sheet)
    }

    /// Moves the waiting list: all children of it who are open to the viewer,
    /// in one transaction.
    ///
    /// # Errors
    /// [`Error::Findings`] when something must be put right.
    pub async fn save_handover(
        &self,
        viewer: &Viewer,
        answers: &Answers,
        once: &str,
    ) -> Result<Done> {
        let sheet = self.ask_handover(viewer).await?;
        sheet.check(answers)?;
        let from = answers.text("from").to_owned();
        let onward = Onward::read(answers, viewer.today)?;
        if onward.service == from {
            let message = "Write another service than the one that hands over";
            return Err(Error::finding("service", "To which service?", message));
        }
        let open = self.open_to(viewer, &from).await?;
        let mut tx = self.store().begin(&viewer.actor()).await?;
        asking::claim(&mut tx, once, BOARD).await?;
        tx.because_of(&onward.why);
        let mut count = 0;
        for mut row in waiting_for(&mut tx, &from).await? {
            if open.contains(&row.id.to_string()) {
                moved(&mut tx, viewer, &mut row, &onward).await?;
                count += 1;
            }
        }
        tx.drop_draft(viewer.principal.worker, &sheet.draft())
            .await?;
        tx.commit().await?;
        let words = match count {
            1 => "1 child moved, with the day of the first referral.".to_owned(),
            n => format!("{n} children moved, each with the day of the first referral."),
        };
        Ok(Done::new(words, BOARD))
    }

    async fn services_with_a_queue(&self, viewer: &Viewer) -> Result<Vec<String>> {
        #[derive(sqlx::FromRow)]
        struct Name {
            service: String,
        }
        let (condition, values) =
            self.gate()
                .may_see(viewer, Asked::to_write("service-handover"), "p.id", 1);
        let sql = format!(
            "select distinct r.service from service_referral r join person p on p.id = r.person_id \
             where r.result is null and r.state in ('asked', 'accepted', 'waiting') \
             and {condition} order by r.service limit 200"
        );
        let db = self.store().read_db();
        let rows: Vec<Name> = db.all(AssertSqlSafe(sql), values).await?;
        Ok(rows.into_iter().map(|r| r.service).collect())
    }

    /// The referrals of a list whose children are open to the viewer.
    async fn open_to(
        &self,
        viewer: &Viewer,
        service: &str,
    ) -> Result<std::collections::HashSet<String>> {
        #[derive(sqlx::FromRow)]
        struct One {
            id: String,
            person_id: String,
        }
        let (condition, more) =
            self.gate()
                .may_see(viewer, Asked::to_write("service-handover"), "p.id", 2);
        let mut values = args![service];
        values.extend(more);
        let sql = format!(
            "select r.id, r.person_id from service_referral r join person p on p.id = r.person_id \
             where r.service = $1 and r.result is null \
             and r.state in ('asked', 'accepted', 'waiting') and {condition}"
        );
        let db = self.store().read_db();
        let rows: Vec<One> = db.all(AssertSqlSafe(sql), values).await?;
        let listed = self
            .gate()
            .listed(viewer, "service-handover", rows, |row| {
                vec![format!("person:{}", row.person_id)]
            })
            .await?;
        Ok(listed.into_iter().map(|row| row.id).collect())
    }
}

fn leads(viewer: &Viewer) -> Result<()> {
    match viewer.can("case.allocate") {
        true => Ok(()),
        false => Err(Error::NotFound),
    }
}
