//! A partner answers a check: signed in, for its own agency, and sees only the
//! question it was asked (UX17). The front door writes down an answer that
//! came by telephone.

use packs::{Answers, Form};
use record::model::MashCheck;
use record::{Asked, AssertSqlSafe, Entity, Viewer, args};
use vocabulary::{Id, ids};

use super::ask::state_of;
use crate::plans::{claim, some, stops};
use crate::{Casework, Error, Result, clocks};

/// The form of an answer.
const FORM: &str = "mash-answer";

/// A check as the partner sees it.
#[derive(Debug, Clone)]
pub struct CheckForPartner {
    /// The check.
    pub check: MashCheck,
    /// The form of the answer.
    pub form: Form,
    /// "Waiting", "Returned".
    pub state: &'static str,
    /// The urgency in words.
    pub urgency: String,
}

/// The person asked ($2) knows a child of the check privately: a colleague
/// answers it.
const CONNECTED: &str = "exists (select 1 from contact_child c join conflict x \
     on x.person_id = c.person_id where c.contact_id = mash_check.contact_id \
     and x.worker_id = $2 and x.ended_at is null)";

impl Casework {
    /// The checks that wait for the viewer's agency, the oldest first.
    pub async fn checks_for_me(&self, viewer: &Viewer) -> Result<Vec<CheckForPartner>> {
        let Some(agency) = self.partner_agency(viewer).await? else {
            return Err(Error::NotFound);
        };
        let sql = format!(
            "select {} from mash_check where agency = $1 and answered_at is null \
             and withdrawn_at is null and not {CONNECTED} order by asked_at limit 100",
            MashCheck::COLUMNS.join(", ")
        );
        let rows: Vec<MashCheck> = self
            .store()
            .read_db()
            .all(AssertSqlSafe(sql), args![agency, viewer.principal.worker])
            .await?;
        let listed = self
            .gate()
            .listed(viewer, "partner checks", rows, |c| {
                vec![format!("contact:{}", c.contact_id)]
            })
            .await?;
        listed
            .into_iter()
            .map(|check| self.for_partner(check))
            .collect()
    }

    /// One check, for a partner of its agency or for the front door.
    pub async fn check(&self, viewer: &Viewer, id: Id<ids::Part>) -> Result<CheckForPartner> {
        let sql = format!(
            "select {} from mash_check where id = $1 and not {CONNECTED}",
            MashCheck::COLUMNS.join(", ")
        );
        let check: Option<MashCheck> = self
            .store()
            .read_db()
            .maybe(AssertSqlSafe(sql), args![id, viewer.principal.worker])
            .await?;
        let check = check.ok_or(Error::NotFound)?;
        let mine = self.partner_agency(viewer).await?.as_deref() == Some(check.agency.as_str());
        if !mine {
            // The look at the whole contact is recorded by its gate.
            let asked = Asked::to_write("partner checks");
            let contact = self.gate().contact(viewer, check.contact_id, asked).await?;
            if contact.is_none() || !viewer.can("contact.screen") {
                return Err(Error::NotFound);
            }
            return self.for_partner(check);
        }
        let listed = self
            .gate()
            .listed(viewer, "partner checks", vec![check], |c| {
                vec![format!("contact:{}", c.contact_id)]
            })
            .await?;
        let check = listed.into_iter().next().ok_or(Error::NotFound)?;
        self.for_partner(check)
    }

    /// Answers a check.
    pub async fn answer_check(
        &self,
        viewer: &Viewer,
        id: Id<ids::Part>,
        answers: &Answers,
        once: &str,
    ) -> Result<()> {
        let seen = self.check(viewer, id).await?;
        if seen.state != "Waiting" {
            return Err(Error::Refused(
                "This check is answered already. If you know more, call the front door.".into(),
            ));
        }
        stops(seen.form.check(answers, None))?;
        let name = self.worker_name(viewer.principal.worker).await?;
        let mut tx = self.store().begin(&viewer.actor()).await?;
        claim(&mut tx, once, &format!("/mash/checks/{id}")).await?;
        let now = tx.now();
        let mut check: MashCheck = tx.get(id).await?;
        check.found = Some(answers.text("found").to_owned());
        check.words = some(answers.text("words"));
        check.worry = some(answers.text("worry"));
        check.answered_by = Some(name);
        check.answered_at = Some(now);
        tx.update(&mut check).await?;
        clocks::stop(
            &mut tx,
            self.pack(),
            "mash.check_returned",
            now,
            "mash_check",
            id.as_str(),
        )
        .await?;
        tx.drop_draft(viewer.principal.worker, &format!("check:{id}"))
            .await?;
        Ok(tx.commit().await?)
    }

    fn for_partner(&self, check: MashCheck) -> Result<CheckForPartner> {
        Ok(CheckForPartner {
            form: self.form(FORM)?.clone(),
            state: state_of(&check),
            urgency: self.label("mash-urgency", &check.rag),
            check,
        })
    }

    /// The agency of a partner who is signed in; nothing for our own workers.
    async fn partner_agency(&self, viewer: &Viewer) -> Result<Option<String>> {
        if !viewer.can("contact.send") {
            return Ok(None);
        }
        #[derive(sqlx::FromRow)]
        struct Of {
            agency: String,
        }
        let of: Option<Of> = self
            .store()
            .read_db()
            .maybe(
                "select agency from worker where id = $1",
                args![viewer.principal.worker],
            )
            .await?;
        Ok(of.map(|o| o.agency))
    }
}
