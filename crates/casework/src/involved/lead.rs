//! One lead professional, of any agency, and the handover from one to the next
//! (R000-30). The database holds no second one; what stands here keeps every
//! way of getting one from trying.

use chrono::NaiveDate;
use packs::Answers;
use record::model::Involvement;
use record::{Tx, Viewer, args};
use vocabulary::{Id, ids};

use super::path;
use crate::asking::{Asking, Done, claim, propose, rows, said};
use crate::people::network::lower_first;
use crate::{Casework, Error, Result, time};

/// Whoever leads a child now leads no more: their line ends with the reason,
/// and a new one says that they go on without leading. Returns their names.
pub(crate) async fn others_step_back(
    tx: &mut Tx,
    child: Id<ids::Person>,
    today: NaiveDate,
    reason: &str,
) -> Result<Vec<String>> {
    let leads: Vec<Involvement> = rows(
        tx,
        "person_id = $1 and lead and ended_on is null",
        args![child],
    )
    .await?;
    let mut names = Vec::new();
    for mut row in leads {
        let goes_on = Involvement {
            id: Id::new(),
            lead: false,
            role: match row.role.as_str() {
                "lead_practitioner" => "other".into(),
                role => role.to_owned(),
            },
            started_on: today,
            version: 1,
            ..row.clone()
        };
        row.ended_on = Some(today);
        row.change_reason = Some(reason.to_owned());
        tx.update(&mut row).await?;
        tx.insert(&goes_on).await?;
        names.push(row.name);
    }
    Ok(names)
}

impl Casework {
    /// The page on which the lead passes from one to another.
    pub async fn ask_lead(&self, viewer: &Viewer, child: Id<ids::Person>) -> Result<Asking> {
        let needs = ["case.record"];
        let child = self
            .child_to_write(viewer, child, "working", &needs)
            .await?;
        let mut there: Vec<Involvement> = self
            .rows_of(
                "person_id = $1 and ended_on is null and not lead and not sensitive \
                 and name <> '' order by name, id",
                args![child.id],
            )
            .await?;
        there.retain(|row| row.started_on <= viewer.today);
        let (address, back) = (format!("{}/lead", path(child.id)), path(child.id));
        let mut asking = Asking::new(self.form("lead-handover")?, child, address, back);
        asking.title = format!("Who leads for {}?", asking.child.first_name());
        asking.button = format!("Hand over for {}", asking.child.first_name());
        let choices = there.iter().map(|row| {
            let words = format!("{}, {}", row.name, lower_first(&row.job_title));
            (row.id.to_string(), words)
        });
        asking.offer("who", choices.collect());
        Ok(asking)
    }

    /// Hands the lead over, with its reason: both lines end, both go on, and the
    /// chronology is offered an entry.
    pub async fn hand_over_lead(
        &self,
        viewer: &Viewer,
        child: Id<ids::Person>,
        answers: &Answers,
        once: &str,
    ) -> Result<Done> {
        let asking = self.ask_lead(viewer, child).await?;
        asking.check(answers)?;
        let reason = said(answers, "reason").unwrap_or_default();
        let mut tx = self.store().begin(&viewer.actor()).await?;
        claim(&mut tx, once, &path(child)).await?;
        tx.because_of(&reason);
        let today = time::local(tx.now()).date();
        let mut next: Involvement = tx.get(answers.text("who")).await?;
        if next.person_id != child || next.ended_on.is_some() || next.sensitive || next.lead {
            return Err(Error::NotFound);
        }
        let before = others_step_back(&mut tx, child, today, &reason).await?;
        let leads = Involvement {
            id: Id::new(),
            lead: true,
            started_on: today,
            version: 1,
            ..next.clone()
        };
        next.ended_on = Some(today);
        next.change_reason = Some("Leads from now on".into());
        tx.update(&mut next).await?;
        tx.insert(&leads).await?;
        let words = match before.is_empty() {
            true => format!("{} leads from now on", leads.name),
            false => format!("{} leads in place of {}", leads.name, before.join(" and ")),
        };
        let source = ("involvement", leads.id.to_string());
        propose(&mut tx, child, today, "worker", &words, source).await?;
        tx.drop_draft(viewer.principal.worker, &asking.draft())
            .await?;
        tx.commit().await?;
        Ok(Done::new(format!("{words}."), path(child)))
    }
}
