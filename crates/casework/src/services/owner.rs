//! The owner of an entry, without an account: a signed link asks "Is this still
//! right?". One button says yes; or the owner changes what is wrong, and an
//! editor looks at it, but for the few fields that the pack lets out at once.
//!
//! The token is the link's id and a mark that only this council's key makes, so
//! that it can be made again for a copy or a mail and stands nowhere.

use chrono::{DateTime, Duration, Utc};
use directory::fields::{Key, Snapshot, apply, differences};
use packs::Answers;
use record::model::{DirectoryItem, DirectoryLink};
use record::sessions::token_hash;
use record::{Actor, Tx, Viewer, args};
use serde_json::json;
use vocabulary::{Id, ids, plain};

use super::EntryForm;
use super::changes::{Line, keeper};
use super::decide::stops;
use super::entry::path_of;
use super::publish::{self, By, Checked};
use crate::asking::claim;
use crate::{Casework, Error, Result, time};

/// Where marks of links are at home.
const PLACE: &str = "directory link";

/// A link that was made: the only place in which its token is shown.
#[derive(Debug, Clone)]
pub struct MadeLink {
    /// The service.
    pub service: String,
    /// To whom it goes.
    pub to: String,
    /// The path to open.
    pub path: String,
    /// The letter's subject.
    pub subject: String,
    /// The letter's text, with `{link}` where the address goes.
    pub body: String,
    /// "5 December 2026".
    pub until: String,
}

/// What the page behind a link shows: this entry and nothing else.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The name of the service.
    pub name: String,
    /// What the page says now, in the words of the form; with the owner's own
    /// secret address.
    pub lines: Vec<Line>,
    /// "Checked 3 March 2026 by ...".
    pub checked: String,
    /// Until when the link opens.
    pub until: String,
    /// The form, filled.
    pub form: EntryForm,
}

/// What became of an owner's changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sent {
    /// All is on the page now.
    Published,
    /// An editor looks at all of it first.
    Waiting,
    /// Some is on the page now, an editor looks at the rest.
    Both,
}

impl Casework {
    /// The token of a link.
    pub(crate) fn owner_token(&self, id: Id<ids::Link>) -> String {
        format!("{id}.{}", self.store().mark(PLACE, id.as_str()))
    }

    /// The name of who gives a service, for "checked by".
    pub(super) async fn owner_name(&self, now: &Snapshot) -> Result<String> {
        if let Some(owner) = &now.owner {
            return Ok(owner.name.clone());
        }
        let catalogue = self.catalogue().await?;
        let id = now.service.organization_id.as_deref();
        let owner = id.and_then(|id| catalogue.directory.organization(id));
        Ok(owner.map_or_else(|| "its owner".to_owned(), |o| o.name.clone()))
    }

    /// Makes a link for the owner, for an editor to send or print. Those made
    /// before stop.
    ///
    /// # Errors
    /// A finding when nobody is named to whom it goes.
    pub async fn make_owner_link(
        &self,
        viewer: &Viewer,
        id: &str,
        to: &str,
        once: &str,
    ) -> Result<Id<ids::Link>> {
        keeper(viewer)?;
        let to = to.trim();
        if to.is_empty() {
            let message = "Write to whom it goes, so that it is on record: an email address, or a name for a letter";
            return Err(Error::finding("to", "To whom does it go?", message));
        }
        let catalogue = self.catalogue().await?;
        let entry = catalogue.directory.entry(id).ok_or(Error::NotFound)?;
        let item = format!("service/{id}");
        let mut tx = self.store().begin(&viewer.actor()).await?;
        claim(&mut tx, once, &path_of(id)).await?;
        withdraw(&mut tx, &item).await?;
        let link = self.new_link(&tx, &item, &entry.service.name, to, 0, None)?;
        let link = DirectoryLink {
            made_by: Some(viewer.principal.worker),
            ..link
        };
        tx.insert(&link).await?;
        tx.commit().await?;
        Ok(link.id)
    }

    /// A row for a link that opens for as long as the pack says.
    pub(super) fn new_link(
        &self,
        tx: &Tx,
        item: &str,
        name: &str,
        to: &str,
        round: i64,
        due_on: Option<chrono::NaiveDate>,
    ) -> Result<DirectoryLink> {
        let until = time::local(tx.now()).date() + Duration::days(self.upkeep()?.link_days);
        Ok(DirectoryLink {
            id: Id::new(),
            entry: item.to_owned(),
            name: name.to_owned(),
            sent_to: to.to_owned(),
            round,
            due_on,
            made_by: None,
            made_at: tx.now(),
            ends_at: time::end_of(until),
            used_at: None,
            used_for: None,
            withdrawn_at: None,
            version: 1,
        })
    }

    /// A link that still opens, for an editor to copy or print.
    pub async fn owner_link(&self, viewer: &Viewer, id: Id<ids::Link>) -> Result<MadeLink> {
        keeper(viewer)?;
        let link: DirectoryLink = self
            .rows_of("id = $1", args![id])
            .await?
            .pop()
            .ok_or(Error::NotFound)?;
        if !opens(&link, Utc::now()) {
            return Err(Error::Refused(
                "This link does not open any more. Make a new one.".into(),
            ));
        }
        let (subject, body) = self.link_letter(&link).await?;
        Ok(MadeLink {
            service: link.entry.trim_start_matches("service/").to_owned(),
            to: link.sent_to.clone(),
            path: format!("/still-right/{}", self.owner_token(link.id)),
            subject,
            body,
            until: plain::date(time::local(link.ends_at).date()),
        })
    }

    /// The letter that goes with a link, with `{link}` where the address goes.
    pub(super) async fn link_letter(&self, link: &DirectoryLink) -> Result<(String, String)> {
        let catalogue = self.catalogue().await?;
        let id = link.entry.trim_start_matches("service/");
        let entry = catalogue.directory.entry(id).ok_or(Error::NotFound)?;
        let owner = self
            .owner_name(&Snapshot::of(&catalogue.directory, entry))
            .await?;
        let until = plain::date(time::local(link.ends_at).date());
        let id = match link.round {
            0 | 1 => "service-check",
            _ => "service-check-again",
        };
        self.directory_letter(
            id,
            &[
                ("service", &entry.service.name),
                ("owner", &owner),
                ("link", "{link}"),
                ("link_until", &until),
                ("council", self.name()),
            ],
        )
    }

    /// A letter of the pack with its gaps filled.
    pub(crate) fn directory_letter(
        &self,
        id: &str,
        words: &[(&str, &str)],
    ) -> Result<(String, String)> {
        let missing = |what: String| Error::Record(record::Error::Settings(what));
        let letter = self.pack().letter(id, time::today());
        let letter =
            letter.ok_or_else(|| missing(format!("the practice pack has no letter \"{id}\"")))?;
        let (subject, body) = letter.fill(words).map_err(|e| missing(e.to_string()))?;
        Ok((subject, body.trim().to_owned()))
    }

    /// Withdraws the open links of an entry.
    pub async fn withdraw_owner_links(&self, viewer: &Viewer, id: &str) -> Result<()> {
        keeper(viewer)?;
        let mut tx = self.store().begin(&viewer.actor()).await?;
        withdraw(&mut tx, &format!("service/{id}")).await?;
        Ok(tx.commit().await?)
    }

    /// What a link asks. Looking at it does nothing: programs that read mail
    /// open every address in it.
    ///
    /// # Errors
    /// [`Error::NotFound`] for every token that does not open, whatever the
    /// cause.
    pub async fn asked_of_owner(&self, token: &str) -> Result<Asked> {
        let link = self.open_owner_link(token).await?;
        let catalogue = self.catalogue().await?;
        let directory = &catalogue.directory;
        let id = link.entry.trim_start_matches("service/");
        let entry = directory.entry(id).ok_or(Error::NotFound)?;
        let now = Snapshot::of(directory, entry);
        let form = self.form_of(directory, &now, true)?;
        let lines = now
            .texts()
            .into_iter()
            .filter(|(key, text)| {
                let no = key.name == "secret" && text == "no";
                !text.is_empty() && !no && !matches!(key.name, "show_from" | "take_down")
            })
            .map(|(key, text)| {
                Ok(Line {
                    label: self.label_of(&key)?,
                    old: String::new(),
                    new: self.field_words(directory, &key, &text)?,
                    secret: now.is_secret(&key),
                })
            })
            .collect::<Result<Vec<_>>>()?;
        Ok(Asked {
            name: now.service.name.clone(),
            lines,
            checked: entry.upkeep.words(catalogue.today),
            until: plain::date(time::local(link.ends_at).date()),
            form,
        })
    }

    /// "Yes, still right." The link is used up by it.
    ///
    /// # Errors
    /// [`Error::NotFound`] as [`Casework::asked_of_owner`].
    pub async fn still_right(&self, token: &str) -> Result<()> {
        let link = self.open_owner_link(token).await?;
        let mut tx = self.owner_tx(&link).await?;
        let now = publish::now(&mut tx, &link.entry).await?;
        let owner = self.owner_name(&now).await?;
        use_up(&mut tx, link.id, "right").await?;
        let mut row: DirectoryItem = tx.get(&link.entry).await?;
        row.upkeep["checked_on"] = json!(time::today());
        row.upkeep["checked_by"] = json!(owner);
        tx.update(&mut row).await?;
        Ok(tx.commit().await?)
    }

    /// Takes the owner's changes. The link is used up by it; findings leave it
    /// as it was.
    ///
    /// # Errors
    /// [`Error::NotFound`] as [`Casework::asked_of_owner`]; findings at fields.
    pub async fn owner_changes(&self, token: &str, answers: &Answers, words: &str) -> Result<Sent> {
        let link = self.open_owner_link(token).await?;
        let asked = self.asked_of_owner(token).await?;
        stops(asked.form.form.check(answers, None))?;
        let mut tx = self.owner_tx(&link).await?;
        let now = publish::now(&mut tx, &link.entry).await?;
        let texts = asked.form.texts(&now, answers);
        let faults = |f| Error::Findings(asked.form.findings(f));
        let after = apply(&now, &texts).map_err(faults)?;
        if differences(&now, &after).is_empty() && words.trim().is_empty() {
            return Err(Error::finding(
                "name",
                "Change this service",
                "Nothing is different. If all is right, go back and press “Yes, still right”",
            ));
        }
        let by = By {
            kind: "owner",
            said_by: format!("The owner, through the link sent to {}", link.sent_to),
            worker: None,
            link: Some(link.id),
            words: Some(words.trim()),
        };
        use_up(&mut tx, link.id, "change").await?;
        // What may go out at once goes out; the rest waits, on top of it.
        let at_once = &self.upkeep()?.at_once;
        let goes = |key: &Key, text: &str| {
            let named = at_once.iter().any(|name| name == key.name);
            // What is secret becomes public through an editor only.
            named && (key.name != "secret" || text == "yes")
        };
        let differing: Vec<(Key, String)> = differences(&now, &after)
            .into_iter()
            .map(|d| {
                let text = after.text(&d.key);
                (d.key, text)
            })
            .collect();
        let first: Vec<_> = differing
            .iter()
            .filter(|(k, t)| goes(k, t))
            .cloned()
            .collect();
        let middle = apply(&now, &first).map_err(faults)?;
        let rest = !differences(&middle, &after).is_empty() || first.is_empty();
        if !first.is_empty() {
            let mut row = publish::proposal(&tx, &link.entry, &now, &middle, &by);
            row.state = "published".into();
            tx.insert(&row).await?;
            let owner = self.owner_name(&now).await?;
            let checked = match rest {
                true => Checked::No,
                false => Checked::By(&owner),
            };
            publish::publish(&mut tx, &link.entry, &middle, checked).await?;
        }
        if rest {
            let row = publish::proposal(&tx, &link.entry, &middle, &after, &by);
            tx.insert(&row).await?;
        }
        tx.commit().await?;
        Ok(match (first.is_empty(), rest) {
            (true, _) => Sent::Waiting,
            (false, true) => Sent::Both,
            (false, false) => Sent::Published,
        })
    }

    async fn owner_tx(&self, link: &DirectoryLink) -> Result<Tx> {
        let actor = Actor::partner(link.id.as_str());
        Ok(self.store().begin(&actor).await?)
    }

    /// The link of a token, if it opens.
    async fn open_owner_link(&self, token: &str) -> Result<DirectoryLink> {
        let (id, _) = token.split_once('.').ok_or(Error::NotFound)?;
        let id: Id<ids::Link> = id.parse().map_err(|_| Error::NotFound)?;
        // Compared as hashes, so that the time it takes tells nothing.
        if token_hash(token) != token_hash(&self.owner_token(id)) {
            return Err(Error::NotFound);
        }
        let link: DirectoryLink = self
            .rows_of("id = $1", args![id])
            .await?
            .pop()
            .ok_or(Error::NotFound)?;
        match opens(&link, Utc::now()) {
            true => Ok(link),
            false => Err(Error::NotFound),
        }
    }
}

pub(crate) fn opens(link: &DirectoryLink, now: DateTime<Utc>) -> bool {
    link.used_at.is_none() && link.withdrawn_at.is_none() && link.ends_at > now
}

/// Of two answers at once, one wins.
async fn use_up(tx: &mut Tx, id: Id<ids::Link>, what: &str) -> Result<()> {
    let mut link: DirectoryLink = tx.get(id).await?;
    if !opens(&link, tx.now()) {
        return Err(Error::NotFound);
    }
    link.used_at = Some(tx.now());
    link.used_for = Some(what.to_owned());
    tx.update(&mut link).await?;
    Ok(())
}

/// Stops every open link of an entry.
pub(super) async fn withdraw(tx: &mut Tx, item: &str) -> Result<()> {
    let links: Vec<DirectoryLink> = crate::asking::rows(
        tx,
        "entry = $1 and used_at is null and withdrawn_at is null",
        args![item],
    )
    .await?;
    for mut link in links {
        link.withdrawn_at = Some(tx.now());
        tx.update(&mut link).await?;
    }
    Ok(())
}
