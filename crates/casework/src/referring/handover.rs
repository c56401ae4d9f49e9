//! A whole waiting list moves to another service: a contract ends, a team is
//! merged. Every child keeps the day on which they were first referred
//! (R002-26: a hundred waiting children, a hundred dates), and so does every
//! family that asked by itself.

use packs::Answers;
use record::{Asked, AssertSqlSafe, Value, Viewer};

use super::answer::{Onward, moved, waiting_for};
use super::standing::WAITS;
use crate::asking::{self, Done, Sheet};
use crate::enquiries::desk::enquiries_waiting_for;
use crate::{Casework, Error, Result, enquiries};

/// Where it is done.
const PATH: &str = "/service-referrals/handover";
/// The board that it leads back to.
const BOARD: &str = "/service-referrals";

impl Casework {
    /// The page on which a waiting list moves.
    ///
    /// # Errors
    /// [`Error::NotFound`] for posts that do not lead a team or a service;
    /// [`Error::Refused`] where nobody waits.
    pub async fn ask_handover(&self, viewer: &Viewer) -> Result<Sheet> {
        if !viewer.can("case.allocate") && !self.gate().looks_after(viewer, enquiries::KIND) {
            return Err(Error::NotFound);
        }
        let names = self.services_with_a_queue(viewer).await?;
        let mut sheet = Sheet::new(self.form("service-handover")?, PATH.into(), BOARD.into());
        if names.is_empty() {
            return Err(Error::Refused(nobody_waits()));
        }
        sheet.words = "Everybody keeps the day on which they were first referred or first asked. Only lists of children who are open to you are offered.".into();
        sheet.button = "Move the waiting list".into();
        sheet.offer("from", names.into_iter().map(|n| (n.clone(), n)).collect());
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
            if open.contains(row.id.as_str()) {
                moved(&mut tx, viewer, &mut row, &onward).await?;
                count += 1;
            }
        }
        for mut row in enquiries_waiting_for(&mut tx, &from).await? {
            if open.contains(row.id.as_str()) {
                self.enquiry_moved(&mut tx, viewer, &mut row, &onward)
                    .await?;
                count += 1;
            }
        }
        if count == 0 {
            return Err(Error::finding(
                "from",
                "Which waiting list?",
                &nobody_waits(),
            ));
        }
        tx.drop_draft(viewer.principal.worker, &sheet.draft())
            .await?;
        tx.commit().await?;
        let words = match count {
            1 => "1 moved, with the first day.".to_owned(),
            n => format!("{n} moved, each with their first day."),
        };
        Ok(Done::new(words, BOARD))
    }

    async fn services_with_a_queue(&self, viewer: &Viewer) -> Result<Vec<String>> {
        #[derive(sqlx::FromRow)]
        struct Name {
            service: String,
        }
        let (sql, values) = self.queues(viewer, "service", None);
        let sql = format!("select distinct service from ({sql}) q order by service limit 200");
        let db = self.store().read_db();
        let rows: Vec<Name> = db.all(AssertSqlSafe(sql), values).await?;
        Ok(rows.into_iter().map(|r| r.service).collect())
    }

    /// What of a list is open to the viewer: referrals by the child, what
    /// families asked by the post.
    async fn open_to(
        &self,
        viewer: &Viewer,
        service: &str,
    ) -> Result<std::collections::HashSet<String>> {
        #[derive(sqlx::FromRow)]
        struct One {
            id: String,
            about: String,
        }
        let (sql, values) = self.queues(viewer, "id, about", Some(service));
        let db = self.store().read_db();
        let rows: Vec<One> = db.all(AssertSqlSafe(sql), values).await?;
        let listed = self
            .gate()
            .listed(viewer, "service-handover", rows, |row| {
                vec![row.about.clone()]
            })
            .await?;
        Ok(listed.into_iter().map(|row| row.id).collect())
    }

    /// Everything that waits for a service and is open to the viewer, or for
    /// one of them: id, service, and whom it is about for the journal.
    fn queues(
        &self,
        viewer: &Viewer,
        columns: &'static str,
        service: Option<&str>,
    ) -> (String, Vec<Value>) {
        let mut values: Vec<Value> = service.into_iter().map(Value::from).collect();
        let this = if service.is_some() {
            "service = $1 and"
        } else {
            ""
        };
        let asked = Asked::to_write("service-handover");
        let mut parts = Vec::new();
        if viewer.can("case.allocate") {
            let (open, more) = self.gate().may_see(viewer, asked, "p.id", values.len() + 1);
            values.extend(more);
            parts.push(format!(
                "select r.id, r.service, 'person:' || r.person_id as about from service_referral r \
                 join person p on p.id = r.person_id where {this} r.result is null \
                 and r.state in {WAITS} and {open}"
            ));
        }
        if let Some((open, more)) = self.gate().may_see_enquiries(viewer, values.len() + 1) {
            values.extend(more);
            parts.push(format!(
                "select e.id, e.service, 'enquiry:' || e.id as about from enquiry e \
                 where {this} e.result is null and e.state in {WAITS} and {open}"
            ));
        }
        let all = parts.join(" union all ");
        (format!("select {columns} from ({all}) w"), values)
    }
}

fn nobody_waits() -> String {
    "Nobody whose record is open to you waits for a service, so there is no list to move."
        .to_owned()
}
