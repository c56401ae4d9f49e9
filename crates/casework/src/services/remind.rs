//! Owners are asked when the check of their entry is due, again when they do
//! not answer, by the days of the pack. Each time is one link and one mail.

use std::collections::HashSet;

use chrono::NaiveDate;
use directory::Entry;
use directory::fields::Snapshot;
use record::model::Mail;
use record::{Actor, Viewer, args};
use vocabulary::{Id, ids};

use super::changes::keeper;
use super::entry::path_of;
use super::owner;
use crate::asking::Done;
use crate::{Casework, Error, Result, post};

/// What a round of asking came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reminded {
    /// Mails written.
    pub asked: usize,
    /// Owners whom nobody knows how to reach.
    pub unknown: usize,
}

#[derive(sqlx::FromRow)]
struct Told {
    entry: String,
    round: i64,
    due_on: Option<NaiveDate>,
}

/// A mail that could not be sent.
#[derive(Debug, Clone)]
pub struct MailLine {
    /// The mail.
    pub id: Id<ids::Mail>,
    /// The page of what it is about.
    pub href: String,
    /// To whom it should have gone.
    pub to: String,
    /// The subject.
    pub subject: String,
    /// What the mail server said.
    pub problem: String,
}

impl Casework {
    /// Writes the mails that are due today. Nothing when mails are not sent.
    /// Run as often as you like: nobody is asked twice for the same round.
    ///
    /// # Errors
    /// When the record or the pack fails.
    pub async fn remind_owners(&self) -> Result<Reminded> {
        let mut done = Reminded::default();
        if !self.sends_mail() {
            return Ok(done);
        }
        let catalogue = self.catalogue().await?;
        let today = catalogue.today;
        let told: Vec<Told> = self
            .store()
            .read_db()
            .all(
                "select entry, round, due_on from directory_link where round > 0",
                args![],
            )
            .await?;
        let told: HashSet<(String, i64, Option<NaiveDate>)> = told
            .into_iter()
            .map(|t| (t.entry, t.round, t.due_on))
            .collect();
        let dead: HashSet<(String, String)> = self
            .dead_emails()
            .await?
            .into_iter()
            .map(|d| (d.service, d.url))
            .collect();
        for entry in catalogue.directory.entries() {
            let upkeep = &entry.upkeep;
            let over = upkeep.held_back || upkeep.visible_to.is_some_and(|to| to < today);
            let round = upkeep.reminder(today);
            if over || round == 0 {
                continue;
            }
            let due = upkeep.next_check();
            let item = format!("service/{}", entry.service.id);
            let round = i64::try_from(round).unwrap_or(i64::MAX);
            if told.contains(&(item.clone(), round, due)) {
                continue;
            }
            let now = Snapshot::of(&catalogue.directory, entry);
            let to = self.email_of(&now, upkeep);
            let refused = dead.contains(&(entry.service.id.clone(), to.to_lowercase()));
            if to.is_empty() || refused {
                done.unknown += 1;
                continue;
            }
            self.ask_owner(entry, &item, &to, round, due).await?;
            done.asked += 1;
        }
        Ok(done)
    }

    async fn ask_owner(
        &self,
        entry: &Entry,
        item: &str,
        to: &str,
        round: i64,
        due: Option<NaiveDate>,
    ) -> Result<()> {
        let actor = Actor::system("reminders");
        let mut tx = self.store().begin(&actor).await?;
        owner::withdraw(&mut tx, item).await?;
        let link = self.new_link(&tx, item, &entry.service.name, to, round, due)?;
        let (subject, body) = self.link_letter(&link).await?;
        tx.insert(&link).await?;
        let mail = post::NewMail {
            about: link.id.as_str(),
            kind: "service-check",
            entry: item,
            to,
            subject,
            body,
            link: Some(link.id),
        };
        post::write(&mut tx, mail).await?;
        Ok(tx.commit().await?)
    }

    /// Mails that could not be sent and after which none was, the newest first.
    pub(super) async fn failed_mails(&self, most: i64) -> Result<Vec<MailLine>> {
        let rows: Vec<Mail> = self
            .rows_of(
                "state in ('failed', 'refused', 'bounced') \
                 and (entry like 'service/%' or entry like 'suggestion/%') and not exists (select 1 from mail m where m.entry = mail.entry \
                 and m.made_at > mail.made_at) order by made_at desc limit $1",
                args![most],
            )
            .await?;
        let line = |m: Mail| MailLine {
            id: m.id,
            href: match m.entry.strip_prefix("service/") {
                Some(id) => path_of(id),
                None => format!("/directory/reports/{}", m.about),
            },
            to: m.to_address,
            subject: m.subject,
            problem: m.problem.unwrap_or_default(),
        };
        Ok(rows.into_iter().map(line).collect())
    }

    /// An editor has a mail tried again.
    ///
    /// # Errors
    /// `NotFound` for whoever does not keep the directory.
    pub async fn send_mail_again(&self, viewer: &Viewer, id: Id<ids::Mail>) -> Result<Done> {
        keeper(viewer)?;
        let mut tx = self.store().begin(&viewer.actor()).await?;
        let mut mail: Mail = tx.get(id).await?;
        if !matches!(mail.state.as_str(), "failed" | "refused" | "bounced") {
            return Err(Error::Refused("This mail is on its way already.".into()));
        }
        mail.state = "waiting".into();
        mail.tries = 0;
        mail.next_at = tx.now();
        tx.update(&mut mail).await?;
        tx.commit().await?;
        Ok(Done::new("It is tried again now.", "/directory"))
    }
}
