//! Whom a referral is for: one child of the plan, several, an adult of the
//! family, or all of them; and the link by which its service answers.

use chrono::Duration;
use record::model::{PersonKind, ReferralSubject, ServiceReferral};
use record::{Asked, AssertSqlSafe, Listed, Tx, Viewer, args};
use vocabulary::{Id, ids, plain};

use super::letters::TO_SERVICE;
use super::links::{self, NewLink, SERVICE_DAYS, Whose};
use super::standing::Stands;
use super::{KIND, path};
use crate::asking::{claim, rows};
use crate::enquiries::desk::SentLink;
use crate::plans::PlanSeen;
use crate::{Casework, Error, Result};

/// Somebody of the family whom a referral may be for.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Someone {
    /// Who.
    pub id: Id<ids::Person>,
    /// Child, adult or expected.
    pub kind: PersonKind,
    given: String,
    known_as: Option<String>,
    family_name: String,
    described_as: Option<String>,
}

impl Someone {
    /// What they are called.
    pub fn first_name(&self) -> String {
        let known = self.known_as.as_deref().filter(|n| !n.is_empty());
        match known.unwrap_or(self.given.as_str()) {
            "" => self.name(),
            name => name.to_owned(),
        }
    }

    /// The name to show.
    pub fn name(&self) -> String {
        let given = self.known_as.as_deref().filter(|n| !n.is_empty());
        let name = format!("{} {}", given.unwrap_or(&self.given), self.family_name);
        match (name.trim(), &self.described_as) {
            ("", Some(words)) => words.clone(),
            ("", None) => "Name not known".into(),
            (name, _) => name.to_owned(),
        }
    }
}

/// Whom a referral is for, the first of them first.
pub(super) async fn whom(tx: &mut Tx, row: &ServiceReferral) -> Result<Vec<Id<ids::Person>>> {
    let rest: Vec<ReferralSubject> =
        rows(tx, "referral_id = $1 order by id", args![row.id]).await?;
    let mut all = vec![row.person_id];
    for subject in rest {
        if !all.contains(&subject.person_id) {
            all.push(subject.person_id);
        }
    }
    Ok(all)
}

/// Writes the others whom a referral is for.
pub(super) async fn write(
    tx: &mut Tx,
    referral: Id<ids::ServiceReferral>,
    people: &[Id<ids::Person>],
) -> Result<()> {
    for person in people {
        tx.insert(&ReferralSubject {
            id: Id::new(),
            referral_id: referral,
            person_id: *person,
            version: 1,
        })
        .await?;
    }
    Ok(())
}

const COLUMNS: &str = "p.id, p.kind, p.given, p.known_as, p.family_name, p.described_as";

impl Casework {
    /// Everybody of the plan's family whom the viewer sees: the children first.
    pub(super) async fn of_the_family(
        &self,
        viewer: &Viewer,
        seen: &PlanSeen,
    ) -> Result<Listed<Someone>> {
        let asked = Asked::to_write("choose-service");
        let (open, more) = self.gate().may_see(viewer, asked, "p.id", 2);
        let mut values = args![seen.plan.family_id];
        values.extend(more);
        let sql = format!(
            "select {COLUMNS} from person p join family_member m on m.person_id = p.id \
             where m.family_id = $1 and m.left_on is null and {open} \
             order by p.kind desc, p.born_on, p.id limit 30"
        );
        let db = self.store().read_db();
        let mut found: Vec<Someone> = db.all(AssertSqlSafe(sql), values).await?;
        found.sort_by_key(|p| p.kind == PersonKind::Adult);
        Ok(self
            .gate()
            .listed(viewer, "choose-service", found, |p| {
                vec![format!("person:{}", p.id)]
            })
            .await?)
    }

    /// The names of those whom a referral is for, as far as the viewer sees
    /// them.
    pub(super) async fn referred_names(
        &self,
        viewer: &Viewer,
        row: &ServiceReferral,
    ) -> Result<String> {
        let asked = Asked::to_read("service-referral");
        let (open, more) = self.gate().may_see(viewer, asked, "p.id", 2);
        let mut values = args![row.id];
        values.extend(more);
        let sql = format!(
            "select {COLUMNS} from person p join service_referral_subject s on s.person_id = p.id \
             where s.referral_id = $1 and {open} order by s.id"
        );
        let db = self.store().read_db();
        let found: Vec<Someone> = db.all(AssertSqlSafe(sql), values).await?;
        let found = self
            .gate()
            .listed(viewer, "service-referral", found, |p| {
                vec![format!("person:{}", p.id)]
            })
            .await?;
        let names: Vec<String> = found.iter().map(Someone::name).collect();
        Ok(plain::list(&names))
    }

    /// Makes the link by which the service of a referral answers, with its
    /// letter; an earlier one stops working. `site` as for
    /// [`Casework::send_to_service`].
    ///
    /// # Errors
    /// [`Error::NotFound`] for whom it is not; [`Error::Refused`] once it is
    /// settled, or where the family does not want it shared.
    pub async fn send_referral(
        &self,
        viewer: &Viewer,
        id: Id<ids::ServiceReferral>,
        site: &str,
        once: &str,
    ) -> Result<SentLink> {
        let seen = self.referral_to_change(viewer, id, "service-link").await?;
        let place = seen.row.standing();
        if place.result.is_some() || place.is_over() {
            let why = "It is over, so there is nothing to ask the service.";
            return Err(Error::Refused(why.into()));
        }
        let (_, action) = self.action_to_share(viewer, seen.row.action_id).await?;
        let mut tx = self.store().begin(&viewer.actor()).await?;
        claim(&mut tx, once, &path(id)).await?;
        links::withdraw(&mut tx, KIND, id.as_str()).await?;
        let (token, link) = links::make(
            self.store(),
            &mut tx,
            NewLink {
                whose: Whose::Service,
                kind: KIND,
                about: id.to_string(),
                sent_to: action
                    .owner_email
                    .clone()
                    .or(Some(seen.row.provider.clone())),
                made_by: Some(viewer.principal.worker),
                opens_for: Duration::days(SERVICE_DAYS),
            },
        )
        .await?;
        let mut shared =
            record::journal::Event::new(record::journal::Deed::Looked, "service_referral", id);
        shared.purpose = Some("share".into());
        shared.because = Some("A link was made, to be sent to the service that is asked.".into());
        shared.subjects = vec![
            format!("person:{}", seen.row.person_id),
            format!("family:{}", seen.row.family_id),
        ];
        tx.note(shared).await?;
        let service = &seen.row.service;
        let letter = self.service_letter(service, "a referral", seen.row.asked_on, &link)?;
        let to = action.owner_email.as_deref();
        let mailed = self
            .mail_link(&mut tx, &link, TO_SERVICE, to, &letter)
            .await?;
        tx.commit().await?;
        let address = format!("{site}/service-answer/{token}");
        Ok(SentLink::new(mailed, address, letter, &link))
    }
}
