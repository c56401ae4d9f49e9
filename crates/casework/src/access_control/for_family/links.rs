//! The one-time link to a list that was given: for an old phone, without an
//! account. The token is shown once and only its hash is kept. It opens one
//! list, for 14 days until it is first opened and for one day from then, and
//! not at all once telling the family has become unsafe.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use record::journal::{Deed, Event};
use record::model::{LooksLink, LooksRequest, Person};
use record::sessions::{new_token, token_hash};
use record::{Actor, Tx, Viewer, args};
use serde_json::json;
use vocabulary::{Id, ids, plain};

use super::{FamilyLine, columns, lines_of, span};
use crate::asking::claim;
use crate::{Casework, Error, Result, time};

const LETTER: &str = "family-looks-link";
/// How long a link waits to be opened.
const WAITS: Duration = Duration::days(14);
/// How long it stays open from then: a phone that reloads must not lose it.
const OPENS: Duration = Duration::hours(24);

/// A link that was just made. The token is nowhere else.
#[derive(Debug, Clone)]
pub struct MadeLooksLink {
    /// The address to send.
    pub address: String,
    /// The message's subject.
    pub subject: String,
    /// The message's text, with the address in it.
    pub body: String,
    /// "5 December 2026".
    pub until: String,
}

/// A link of a list.
#[derive(Debug, Clone)]
pub struct LooksLinkLine {
    /// When it was made.
    pub made: String,
    /// "Opened on 3 March 2027".
    pub state: String,
    /// It still opens.
    pub open: bool,
}

/// What the page behind a link shows.
#[derive(Debug, Clone)]
pub struct SeenLooks {
    /// The first name of whose record it is.
    pub name: String,
    /// From when to when.
    pub span: String,
    /// The lines, the newest first.
    pub lines: Vec<FamilyLine>,
    /// Whom to ask.
    pub worker: String,
    /// Their telephone.
    pub phone: String,
    /// Until when the page opens again.
    pub until: String,
}

impl Casework {
    /// Makes a link to a list that was given; an earlier one stops working.
    /// `site` is the address of this service.
    pub async fn make_looks_link(
        &self,
        viewer: &Viewer,
        id: Id<ids::Part>,
        site: &str,
        once: &str,
    ) -> Result<MadeLooksLink> {
        let seen = self.looks_given(viewer, id).await?;
        if seen.request.state != "given" {
            return Err(Error::Refused(
                "Only a list that was given has a link.".into(),
            ));
        }
        if !seen.dangers.is_empty() {
            let why = "Something speaks against telling the family now, so there is no link: a link can be read by others. If the list may be given all the same, read it out or give it on paper in a safe place.";
            return Err(Error::Refused(why.into()));
        }
        let me = self.worker(viewer.principal.worker).await?;
        let me = me.ok_or(Error::NotFound)?;
        let token = new_token();
        let mut tx = self.store().begin(&viewer.actor()).await?;
        claim(&mut tx, once, &format!("/looks-given/{id}")).await?;
        withdraw(&mut tx, id).await?;
        let link = LooksLink {
            id: Id::new(),
            request_id: id,
            person_id: seen.request.person_id,
            token_hash: token_hash(&token),
            made_by: viewer.principal.worker,
            made_at: tx.now(),
            ends_at: tx.now() + WAITS,
            opened_at: None,
            withdrawn_at: None,
            version: 1,
        };
        tx.insert(&link).await?;
        tx.commit().await?;
        let address = format!("{site}/looked/{token}");
        let until = day(link.ends_at);
        let missing = |what: String| Error::Record(record::Error::Settings(what));
        let letter = self.pack().letter(LETTER, time::today()).ok_or_else(|| {
            missing(format!(
                "the practice pack has no letter \"{LETTER}\" in force today"
            ))
        })?;
        let words = [
            ("link", address.as_str()),
            ("link_until", &until),
            ("worker", &me.name),
            ("phone", me.phone.as_deref().unwrap_or("the council")),
            ("council", self.name()),
        ];
        let (subject, body) = letter.fill(&words).map_err(|e| missing(e.to_string()))?;
        Ok(MadeLooksLink {
            address,
            subject,
            body,
            until,
        })
    }

    /// Withdraws the links of a list.
    pub async fn withdraw_looks_link(&self, viewer: &Viewer, id: Id<ids::Part>) -> Result<()> {
        self.looks_given(viewer, id).await?;
        let mut tx = self.store().begin(&viewer.actor()).await?;
        withdraw(&mut tx, id).await?;
        Ok(tx.commit().await?)
    }

    /// Whether a link opens: for the page in front of the list, which shows
    /// nothing, so that a mail program that follows links does not open it.
    ///
    /// # Errors
    /// [`Error::NotFound`] for every token that does not open, whatever the
    /// cause.
    pub async fn looks_link_waits(&self, token: &str) -> Result<()> {
        self.open_looks(token).await.map(|_| ())
    }

    /// The list behind a link. The look is on record before this returns, and
    /// from the first time on the link has one more day.
    ///
    /// # Errors
    /// [`Error::NotFound`] as [`Casework::looks_link_waits`].
    pub async fn looks_behind(&self, token: &str) -> Result<SeenLooks> {
        let (mut tx, mut link, request) = self.open_looks(token).await?;
        let person: Person = tx.get(request.person_id).await?;
        if link.opened_at.is_none() {
            link.opened_at = Some(tx.now());
            link.ends_at = link.ends_at.min(tx.now() + OPENS);
            tx.update(&mut link).await?;
        }
        let mut look = Event::new(Deed::Looked, "looks_request", request.id);
        look.purpose = Some("look".into());
        look.because = Some("They hold the one-time link to the list of who has looked.".into());
        look.plain = Some(json!({ "page": "looks-given", "link": link.id }));
        look.subjects = vec![format!("person:{}", request.person_id)];
        tx.note(look).await?;
        tx.commit().await?;
        // Whoever made the link, or nobody if they have left since.
        let worker = self.worker(link.made_by).await?.filter(|w| w.active);
        let lines = lines_of(&request)?.into_iter();
        Ok(SeenLooks {
            name: person.first_name(),
            span: span(&request),
            lines: lines.filter(|line| !line.left_out).collect(),
            phone: worker
                .as_ref()
                .and_then(|w| w.phone.clone())
                .unwrap_or_default(),
            worker: worker.map_or_else(String::new, |w| w.name),
            until: plain::date_time(time::local(link.ends_at)),
        })
    }

    /// The transaction in which an open link is looked at, in the name of
    /// whoever holds it.
    async fn open_looks(&self, token: &str) -> Result<(Tx, LooksLink, LooksRequest)> {
        let plausible = token.len() == 64 && token.bytes().all(|b| b.is_ascii_hexdigit());
        if !plausible {
            return Err(Error::NotFound);
        }
        let hash = token_hash(token);
        let found: Vec<LooksLink> = self.rows_of("token_hash = $1", args![hash]).await?;
        let found = found.into_iter().next().ok_or(Error::NotFound)?;
        let actor = Actor::family(found.id.as_str());
        let mut tx = self.store().begin(&actor).await?;
        // Read again inside the transaction: it may have been withdrawn since.
        let link: LooksLink = tx.get(found.id).await?;
        let request: LooksRequest = tx.get(link.request_id).await?;
        let opens =
            link.withdrawn_at.is_none() && link.ends_at > tx.now() && request.state == "given";
        // What was safe when it was given may not be safe any more.
        if !opens || !Self::dangers_in(&mut tx, link.person_id).await?.is_empty() {
            return Err(Error::NotFound);
        }
        Ok((tx, link, request))
    }

    pub(super) async fn looks_links(&self, request: Id<ids::Part>) -> Result<Vec<LooksLinkLine>> {
        let condition = "request_id = $1 order by made_at desc";
        let links: Vec<LooksLink> = self.rows_of(condition, args![request]).await?;
        Ok(links.into_iter().map(line).collect())
    }
}

async fn withdraw(tx: &mut Tx, request: Id<ids::Part>) -> Result<()> {
    let sql = columns::<LooksLink>("request_id = $1 and withdrawn_at is null");
    let links: Vec<LooksLink> = tx.all(sql, args![request]).await?;
    for mut link in links.into_iter().filter(|l| l.ends_at > Utc::now()) {
        link.withdrawn_at = Some(tx.now());
        tx.update(&mut link).await?;
    }
    Ok(())
}

fn day(at: DateTime<Utc>) -> String {
    let day: NaiveDate = time::local(at).date();
    plain::date(day)
}

fn line(link: LooksLink) -> LooksLinkLine {
    let over = link.ends_at <= Utc::now();
    LooksLinkLine {
        made: day(link.made_at),
        state: match (link.withdrawn_at, link.opened_at) {
            (Some(at), None) => format!("withdrawn on {}, never opened", day(at)),
            (Some(at), Some(opened)) => {
                format!("opened on {}, withdrawn on {}", day(opened), day(at))
            }
            (None, Some(opened)) => format!("opened on {}", day(opened)),
            (None, None) if over => format!("ran out on {}, never opened", day(link.ends_at)),
            (None, None) => format!("not opened yet, opens until {}", day(link.ends_at)),
        },
        open: link.withdrawn_at.is_none() && !over,
    }
}
