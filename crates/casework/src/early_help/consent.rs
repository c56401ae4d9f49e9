//! Consent: who agreed, when, to what; and its withdrawal, after which nothing
//! more is shared. Each answer is kept beside those before.

use packs::Answers;
use record::model::Action;
use record::{AssertSqlSafe, Entity, Tx, Viewer, args};
use vocabulary::{Id, ids};

use super::begin::{Said, entry, keep_consent};
use super::{about, children_in, consent_words, path};
use crate::plans::{claim, closed, links, stops};
use crate::{Casework, Error, Result, clocks};

/// The form.
pub const FORM: &str = "early-help-consent";

impl Casework {
    /// Keeps what the family said. Taken back, or refused: partners' links stop
    /// at once and planned meetings are called off, because nothing more may be
    /// shared; the plan stays, and somebody decides what happens.
    pub async fn record_consent(
        &self,
        viewer: &Viewer,
        id: Id<ids::Part>,
        answers: &Answers,
        once: &str,
    ) -> Result<()> {
        let seen = self.early_help_to_change(viewer, id, "consent").await?;
        stops(self.form(FORM)?.check(answers, None))?;
        let said = Said::read(answers);
        let mut tx = self.store().begin(&viewer.actor()).await?;
        claim(&mut tx, once, &path(id)).await?;
        tx.because_of(consent_words(&said.said));
        let by = Some(viewer.principal.worker);
        keep_consent(&mut tx, &seen.help, &said, by).await?;
        let (now, about) = (tx.now(), about(&seen.help, seen.child.id));
        let pack = self.pack();
        // The clock that asked for this answer stops before the next one runs.
        let settled = "early_help.consent_settled";
        clocks::stop(&mut tx, pack, settled, now, about.kind, &about.id).await?;
        match said.said.as_str() {
            "asked" => clocks::start(&mut tx, pack, "early_help.asked", now, &about).await?,
            "withdrawn" | "refused" => {
                let event = "early_help.consent_withdrawn";
                clocks::start(&mut tx, pack, event, now, &about).await?;
                if let Some(plan) = seen.help.plan_id {
                    stop_sharing(&mut tx, plan).await?;
                    let words = "Called off: the family does not agree to it now";
                    closed::call_off_meetings(&mut tx, plan, words).await?;
                }
                for child in children_in(&mut tx, id).await? {
                    let words = format!("{}.", consent_words(&said.said));
                    let row = entry(&tx, child, &seen.help, &words);
                    tx.insert(&row).await?;
                }
            }
            _ => {}
        }
        Ok(tx.commit().await?)
    }

    /// Whether what stands in an early help plan may go to a partner now.
    ///
    /// # Errors
    /// [`Error::Refused`] when the family has not agreed to it.
    pub(crate) async fn may_share_plan(&self, plan: Id<ids::Plan>) -> Result<()> {
        #[derive(sqlx::FromRow)]
        struct Last {
            said: String,
        }
        let last: Option<Last> = self
            .store()
            .read_db()
            .maybe(
                "select c.said from consent c join early_help h on h.id = c.early_help_id \
                 where h.plan_id = $1 order by c.recorded_at desc, c.id desc limit 1",
                args![plan],
            )
            .await?;
        match last {
            Some(last) if last.said != "given" => Err(Error::Refused(format!(
                "{}, so nothing of this plan can be sent to a partner. Record the family’s consent first. To keep a child safe you need none: then ask social care.",
                consent_words(&last.said)
            ))),
            _ => Ok(()),
        }
    }
}

async fn stop_sharing(tx: &mut Tx, plan: Id<ids::Plan>) -> Result<()> {
    let sql = format!(
        "select {} from action where plan_id = $1",
        Action::COLUMNS.join(", ")
    );
    let actions: Vec<Action> = tx.all(AssertSqlSafe(sql), args![plan]).await?;
    for action in actions {
        links::withdraw(tx, action.id).await?;
    }
    Ok(())
}
