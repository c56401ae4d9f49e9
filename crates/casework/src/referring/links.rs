//! Links for people without an account: the service that was asked answers by
//! one as often as things change, and the asker sees where it stands by one.
//!
//! The token is shown once; only its hash is kept. It is made of the link's id by
//! the council's key, so that a mail can wait in the outbox without it. Used up,
//! expired, withdrawn and invented tokens are all the same: absent.

use chrono::{DateTime, Duration, Utc};
use record::model::ServiceLink;
use record::sessions::token_hash;
use record::{Actor, Store, Tx, args};
use vocabulary::{Id, ids};

use crate::asking::rows;
use crate::{Casework, Error, Result};

/// Where marks of these links are at home.
const PLACE: &str = "service link";
/// How long a new link of a service opens.
pub(crate) const SERVICE_DAYS: i64 = 60;
/// How much longer it opens after each answer: a waiting list is long.
const AFTER_ANSWER_DAYS: i64 = 180;

/// Whose a link is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Whose {
    /// The service that was asked.
    Service,
    /// Who asked.
    Asker,
}

impl Whose {
    fn code(self) -> &'static str {
        match self {
            Whose::Service => "service",
            Whose::Asker => "asker",
        }
    }
}

/// A link to be made.
pub(crate) struct NewLink {
    pub whose: Whose,
    pub kind: &'static str,
    pub about: String,
    pub sent_to: Option<String>,
    pub made_by: Option<Id<ids::Worker>>,
    pub opens_for: Duration,
}

/// The token of a link: only this council's key makes it.
pub(crate) fn token_of(store: &Store, id: Id<ids::Link>) -> String {
    token_hash(&format!("{id}.{}", store.mark(PLACE, id.as_str())))
}

/// The path that a link opens; none for what has no page behind it.
pub(crate) fn path_of(store: &Store, link: &ServiceLink) -> Option<String> {
    let token = token_of(store, link.id);
    match (link.whose.as_str(), link.about_kind.as_str()) {
        ("service", _) => Some(format!("/service-answer/{token}")),
        ("asker", crate::enquiries::KIND) => Some(format!("/your-request/{token}")),
        _ => None,
    }
}

/// Makes a link and gives its token, which stands nowhere. Gives the row too.
pub(crate) async fn make(
    store: &Store,
    tx: &mut Tx,
    new: NewLink,
) -> Result<(String, ServiceLink)> {
    let id = Id::new();
    let token = token_of(store, id);
    let link = ServiceLink {
        id,
        token_hash: token_hash(&token),
        whose: new.whose.code().to_owned(),
        about_kind: new.kind.to_owned(),
        about_id: new.about,
        sent_to: new.sent_to,
        made_by: new.made_by,
        made_at: tx.now(),
        ends_at: tx.now() + new.opens_for,
        answered_at: None,
        withdrawn_at: None,
        version: 1,
    };
    tx.insert(&link).await?;
    Ok((token, link))
}

/// Stops every link that the service has to one thing.
pub(crate) async fn withdraw(tx: &mut Tx, kind: &str, about: &str) -> Result<()> {
    let links: Vec<ServiceLink> = rows(
        tx,
        "about_kind = $1 and about_id = $2 and whose = 'service' and withdrawn_at is null",
        args![kind, about],
    )
    .await?;
    for mut link in links {
        link.withdrawn_at = Some(tx.now());
        tx.update(&mut link).await?;
    }
    Ok(())
}

/// Notes that a service answered by its link, which opens on.
pub(crate) async fn answered(tx: &mut Tx, mut link: ServiceLink) -> Result<()> {
    link.answered_at = Some(tx.now());
    link.ends_at = tx.now() + Duration::days(AFTER_ANSWER_DAYS);
    Ok(tx.update(&mut link).await?)
}

/// Whether it opens at a moment.
pub(crate) fn opens(link: &ServiceLink, at: DateTime<Utc>) -> bool {
    link.withdrawn_at.is_none() && link.ends_at > at
}

impl Casework {
    /// The transaction in which a link is looked at or used, in the name of
    /// whoever holds it.
    ///
    /// # Errors
    /// [`Error::NotFound`] for every token that does not open, whatever the
    /// cause.
    pub(crate) async fn open_service_link(
        &self,
        token: &str,
        whose: Whose,
    ) -> Result<(Tx, ServiceLink)> {
        let plausible = token.len() == 64 && token.bytes().all(|b| b.is_ascii_hexdigit());
        if !plausible {
            return Err(Error::NotFound);
        }
        let found: Vec<ServiceLink> = self
            .rows_of(
                "token_hash = $1 and whose = $2",
                args![token_hash(token), whose.code()],
            )
            .await?;
        let found = found.into_iter().next().ok_or(Error::NotFound)?;
        let actor = match whose {
            Whose::Service => Actor::partner(found.id.as_str()),
            Whose::Asker => Actor::public(found.id.as_str()),
        };
        let mut tx = self.store().begin(&actor).await?;
        // Read again inside the transaction: it may have been withdrawn.
        let link: ServiceLink = tx.get(found.id).await?;
        if !opens(&link, tx.now()) {
            return Err(Error::NotFound);
        }
        Ok((tx, link))
    }
}
