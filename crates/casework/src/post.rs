//! Mails of the house. One is written in the transaction of what it tells of,
//! so that neither is ever there alone; the running program sends it, and tries
//! again when the mail server does not answer. Nothing about a child stands in
//! any: a link leads to what is asked, and is put in only when the mail leaves.

use std::sync::atomic::Ordering;

use chrono::{DateTime, Duration, Utc};
use record::model::{DirectoryLink, Mail, ServiceLink};
use record::{Actor, Tx, args};
use vocabulary::{Id, ids, plain};

use crate::{Casework, Result, time};

/// Minutes until the next try, after the first, the second ...; after the last
/// it is given up and an editor is told.
const AGAIN_AFTER: [i64; 6] = [1, 5, 30, 120, 480, 1440];
/// The mail server took it never: the address does not work.
const REFUSED: &str = "refused";
/// It was taken and came back: the address does not work.
const BOUNCED: &str = "bounced";
/// While a mail is being sent nobody else takes it: minutes.
const BEING_SENT: i64 = 15;

/// What became of the mail with a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mailed {
    /// It waits to be sent to this address.
    Waits(String),
    /// The address is known, and this program sends no mails.
    Off(String),
    /// No address is known, or none that is safe.
    Nowhere,
}

/// A mail to be written.
pub(crate) struct NewMail<'a> {
    /// What it is about: the id of a link, a report, a request.
    pub about: &'a str,
    /// The letter of the pack.
    pub kind: &'static str,
    /// The entry of the directory, or what else it hangs on: `KIND/ID`.
    pub entry: &'a str,
    /// To whom.
    pub to: &'a str,
    /// The subject.
    pub subject: String,
    /// The text, with `{link}` where the link goes.
    pub body: String,
    /// The link.
    pub link: Option<Id<ids::Link>>,
}

/// A mail as it leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToSend {
    /// Which.
    pub id: Id<ids::Mail>,
    /// To whom.
    pub to: String,
    /// The subject.
    pub subject: String,
    /// The text, with its link.
    pub body: String,
}

/// Writes a mail, in the transaction of what it tells of.
pub(crate) async fn write(tx: &mut Tx, mail: NewMail<'_>) -> Result<()> {
    let row = Mail {
        id: Id::new(),
        about: mail.about.to_owned(),
        kind: mail.kind.to_owned(),
        entry: mail.entry.to_owned(),
        to_address: mail.to.to_owned(),
        subject: mail.subject,
        body: mail.body,
        link_id: mail.link,
        state: "waiting".into(),
        tries: 0,
        next_at: tx.now(),
        problem: None,
        made_at: tx.now(),
        sent_at: None,
        version: 1,
    };
    Ok(tx.insert(&row).await?)
}

impl Casework {
    /// Tells whether this program sends mails. Without, pages say so and give
    /// the words to copy or print.
    pub fn set_sends_mail(&self, yes: bool) {
        self.shelf().sends_mail.store(yes, Ordering::Relaxed);
    }

    /// Whether mails are sent.
    pub fn sends_mail(&self) -> bool {
        self.shelf().sends_mail.load(Ordering::Relaxed)
    }

    /// Takes the next mail that is due; nobody else takes it meanwhile. `base`
    /// is what its link begins with, such as `https://throughline.larkmere.example`.
    ///
    /// # Errors
    /// When the record fails.
    pub async fn next_mail(&self, base: &str) -> Result<Option<ToSend>> {
        loop {
            let now = Utc::now();
            let due: Vec<Mail> = self
                .rows_of(
                    "state = 'waiting' and next_at <= $1 order by next_at limit 1",
                    args![now],
                )
                .await?;
            let Some(due) = due.into_iter().next() else {
                return Ok(None);
            };
            let mut tx = self.begin_post().await?;
            let mut mail: Mail = tx.get(due.id).await?;
            if mail.state != "waiting" || mail.next_at > now {
                continue; // Another process was faster.
            }
            let Some(body) = self.body_of(&mut tx, &mail, base).await? else {
                mail.state = "failed".into();
                mail.problem = Some("Its link was used or withdrawn before it was sent.".into());
                tx.update(&mut mail).await?;
                tx.commit().await?;
                continue;
            };
            mail.tries += 1;
            mail.next_at = now + Duration::minutes(BEING_SENT);
            tx.update(&mut mail).await?;
            tx.commit().await?;
            return Ok(Some(ToSend {
                id: mail.id,
                to: mail.to_address,
                subject: mail.subject,
                body,
            }));
        }
    }

    /// The text with its link; none when the link does not open any more.
    async fn body_of(&self, tx: &mut Tx, mail: &Mail, base: &str) -> Result<Option<String>> {
        let Some(id) = mail.link_id else {
            return Ok(Some(mail.body.clone()));
        };
        let path = match tx.find::<DirectoryLink>(id.as_str()).await? {
            Some(link) => crate::services::link_opens(&link, tx.now())
                .then(|| format!("/still-right/{}", self.owner_token(id))),
            None => {
                let link: ServiceLink = tx.get(id).await?;
                let opens = crate::referring::links::opens(&link, tx.now());
                crate::referring::links::path_of(self.store(), &link).filter(|_| opens)
            }
        };
        Ok(path.map(|path| mail.body.replace("{link}", &format!("{base}{path}"))))
    }

    /// A mail has left.
    ///
    /// # Errors
    /// When the record fails.
    pub async fn mail_sent(&self, id: Id<ids::Mail>) -> Result<()> {
        let mut tx = self.begin_post().await?;
        let mut mail: Mail = tx.get(id).await?;
        mail.state = "sent".into();
        mail.sent_at = Some(tx.now());
        mail.problem = None;
        tx.update(&mut mail).await?;
        Ok(tx.commit().await?)
    }

    /// A mail was not taken. It is tried again later, unless the server says
    /// that it never will be or it was tried often enough.
    ///
    /// # Errors
    /// When the record fails.
    pub async fn mail_failed(
        &self,
        id: Id<ids::Mail>,
        problem: &str,
        for_good: bool,
    ) -> Result<()> {
        let mut tx = self.begin_post().await?;
        let mut mail: Mail = tx.get(id).await?;
        mail.problem = Some(problem.chars().take(400).collect());
        match again_at(mail.tries, tx.now()).filter(|_| !for_good) {
            Some(at) => mail.next_at = at,
            None if for_good => mail.state = REFUSED.into(),
            None => mail.state = "failed".into(),
        }
        tx.update(&mut mail).await?;
        Ok(tx.commit().await?)
    }

    /// A mail that had left came back: the last one to this address bounced.
    /// Says whether there was one.
    ///
    /// # Errors
    /// When the record fails.
    pub async fn mail_bounced(&self, address: &str, problem: &str) -> Result<bool> {
        let address = address.trim().to_lowercase();
        let last: Vec<Mail> = self
            .rows_of(
                "lower(to_address) = $1 and state in ('sent', 'bounced') \
                 order by sent_at desc, id desc limit 1",
                args![address],
            )
            .await?;
        let Some(last) = last.into_iter().next() else {
            return Ok(false);
        };
        let mut tx = self.begin_post().await?;
        let mut mail: Mail = tx.get(last.id).await?;
        mail.state = BOUNCED.into();
        mail.problem = Some(problem.chars().take(400).collect());
        tx.update(&mut mail).await?;
        tx.commit().await?;
        Ok(true)
    }

    async fn begin_post(&self) -> Result<Tx> {
        Ok(self.store().begin(&Actor::system("post")).await?)
    }
}

/// Where a mail is, in words: "sent on 3 March 2026".
pub(crate) fn words_of(mail: &Mail) -> String {
    let problem = mail.problem.as_deref().unwrap_or_default();
    match (mail.state.as_str(), mail.sent_at) {
        ("sent", Some(at)) => format!("sent on {}", plain::date(time::local(at).date())),
        ("sent", None) => "sent".into(),
        (REFUSED | BOUNCED, _) => format!("the address does not work: {problem}"),
        ("failed", _) => format!("could not be sent: {problem}"),
        _ if mail.tries > 0 && !problem.is_empty() => {
            format!("waits to be sent again: {problem}")
        }
        _ => "waits to be sent".into(),
    }
}

/// When a mail is tried again after so many tries; none when it is given up.
fn again_at(tries: i64, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let at = usize::try_from(tries - 1).ok()?;
    let minutes = AGAIN_AFTER.get(at)?;
    Some(now + Duration::minutes(*minutes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_is_tried_later_and_later_and_then_given_up() {
        let now = Utc::now();
        let waits: Vec<Option<i64>> = (1..=7)
            .map(|tries| again_at(tries, now).map(|at| (at - now).num_minutes()))
            .collect();
        assert_eq!(waits[0], Some(1));
        assert_eq!(waits[5], Some(1440));
        assert_eq!(waits[6], None);
    }
}
