//! Web addresses of the directory that do not answer. The program asks each of
//! them; here stands which there are, and what came of it the last time.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use record::journal::{Deed, Event};
use record::{Actor, args};
use serde_json::json;
use vocabulary::plain;

use crate::{Casework, Result, time};

/// An address to ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToAsk {
    /// The address.
    pub url: String,
    /// The row that names it: `service/UUID`.
    pub entry: String,
    /// Its name.
    pub name: String,
    /// Which field.
    pub field: &'static str,
}

/// What came of asking one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Which.
    pub what: ToAsk,
    /// A page came.
    pub answers: bool,
    /// What came, in words: "There is no such page (404)".
    pub words: String,
}

/// A dead link on the editor's board.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadLink {
    /// The service whose page names it.
    pub service: String,
    /// Its name.
    pub name: String,
    /// The address.
    pub url: String,
    /// What came.
    pub words: String,
    /// Since when: "21 November 2026".
    pub since: String,
}

#[derive(sqlx::FromRow)]
struct Row {
    url: String,
    entry: String,
    name: String,
    words: String,
    checked_on: NaiveDate,
    failing_since: Option<NaiveDate>,
    fails: i64,
}

impl Casework {
    /// The addresses of what families see, each once.
    ///
    /// # Errors
    /// When the record fails.
    pub async fn addresses_to_ask(&self) -> Result<Vec<ToAsk>> {
        let catalogue = self.catalogue().await?;
        let directory = &catalogue.directory;
        let mut all: BTreeMap<String, ToAsk> = BTreeMap::new();
        let mut add = |url: &Option<String>, entry: &directory::Entry, field| {
            let Some(url) = url.as_deref().filter(|u| u.starts_with("http")) else {
                return;
            };
            all.entry(url.to_owned()).or_insert_with(|| ToAsk {
                url: url.to_owned(),
                entry: format!("service/{}", entry.service.id),
                name: entry.service.name.clone(),
                field,
            });
        };
        for entry in directory.published(catalogue.today) {
            add(&entry.service.url, entry, "url");
            let owner = entry.service.organization_id.as_deref();
            if let Some(owner) = owner.and_then(|id| directory.organization(id)) {
                add(&owner.website, entry, "organization.website");
            }
        }
        Ok(all.into_values().collect())
    }

    /// Writes what came of asking them all, in place of the last time. Gives how
    /// many are dead now.
    ///
    /// # Errors
    /// When the record or the pack fails.
    pub async fn keep_addresses(&self, asked: &[Asked]) -> Result<usize> {
        let today = time::today();
        let before: HashMap<String, Row> = self
            .address_rows()
            .await?
            .into_iter()
            .map(|row| (row.url.clone(), row))
            .collect();
        let enough = self.upkeep()?.dead_after;
        let mut tx = self.store().begin(&Actor::system("check links")).await?;
        tx.run("delete from directory_address", args![]).await?;
        let mut dead = 0;
        for one in asked {
            let old = before.get(&one.what.url).filter(|old| old.fails > 0);
            // Twice on one day is once: a server may be down for an hour.
            let fails = match (one.answers, old) {
                (true, _) => 0,
                (false, Some(old)) if old.checked_on == today => old.fails,
                (false, Some(old)) => old.fails + 1,
                (false, None) => 1,
            };
            let since = match one.answers {
                true => None,
                false => Some(old.and_then(|o| o.failing_since).unwrap_or(today)),
            };
            dead += usize::from(fails >= enough);
            tx.run(
                "insert into directory_address (url, entry, name, field, answers, words, \
                 checked_on, failing_since, fails) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                args![
                    one.what.url.clone(),
                    one.what.entry.clone(),
                    one.what.name.clone(),
                    one.what.field,
                    one.answers,
                    one.words.clone(),
                    today,
                    since,
                    fails
                ],
            )
            .await?;
        }
        let mut event = Event::new(Deed::Listed, "page", "directory addresses");
        event.plain = Some(json!({ "asked": asked.len(), "dead": dead }));
        tx.note(event).await?;
        tx.commit().await?;
        Ok(dead)
    }

    async fn address_rows(&self) -> Result<Vec<Row>> {
        Ok(self
            .store()
            .read_db()
            .all(
                "select url, entry, name, words, checked_on, failing_since, fails \
                 from directory_address",
                args![],
            )
            .await?)
    }

    /// Web and email addresses of entries that do not work, as the editor's
    /// board and the fix list count them.
    ///
    /// # Errors
    /// When the record or the pack fails.
    pub async fn dead_ends(&self) -> Result<Vec<DeadLink>> {
        let mut all = self.dead_emails().await?;
        all.extend(self.dead_links().await?);
        Ok(all)
    }

    /// Email addresses of entries to which a mail was refused for good or came
    /// back, and to which none has gone since.
    ///
    /// # Errors
    /// When the record fails.
    pub async fn dead_emails(&self) -> Result<Vec<DeadLink>> {
        #[derive(sqlx::FromRow)]
        struct Refused {
            address: String,
            problem: Option<String>,
            made_at: DateTime<Utc>,
        }
        let rows: Vec<Refused> = self
            .store()
            .read_db()
            .all(
                "select lower(m.to_address) as address, m.problem, m.made_at from mail m \
                 where m.state in ('refused', 'bounced') and m.to_address <> '' \
                 and not exists (select 1 from mail n where n.state = 'sent' \
                 and lower(n.to_address) = lower(m.to_address) and n.made_at > m.made_at) \
                 order by m.made_at",
                args![],
            )
            .await?;
        let refused: HashMap<String, Refused> =
            rows.into_iter().map(|r| (r.address.clone(), r)).collect();
        if refused.is_empty() {
            return Ok(Vec::new());
        }
        let catalogue = self.catalogue().await?;
        let mut dead = Vec::new();
        for entry in catalogue.directory.entries() {
            let service = &entry.service;
            let contacts = service.contacts.iter().filter_map(|c| c.email.as_ref());
            let all = entry.upkeep.owner_email.iter().chain(&service.email);
            let mut seen: Vec<String> = Vec::new();
            for address in all.chain(contacts).map(|a| a.to_lowercase()) {
                let Some(why) = refused.get(&address).filter(|_| !seen.contains(&address)) else {
                    continue;
                };
                let said = why.problem.as_deref().unwrap_or_default();
                dead.push(DeadLink {
                    service: service.id.clone(),
                    name: service.name.clone(),
                    url: address.clone(),
                    words: format!("The address does not work. {said}"),
                    since: plain::date(time::local(why.made_at).date()),
                });
                seen.push(address);
            }
        }
        Ok(dead)
    }

    /// Addresses that failed often enough, those that fail longest first.
    ///
    /// # Errors
    /// When the record or the pack fails.
    pub async fn dead_links(&self) -> Result<Vec<DeadLink>> {
        let enough = self.upkeep()?.dead_after;
        let mut rows = self.address_rows().await?;
        rows.retain(|row| row.fails >= enough);
        rows.sort_by(|a, b| (a.failing_since, &a.name).cmp(&(b.failing_since, &b.name)));
        let line = |row: Row| DeadLink {
            service: row.entry.trim_start_matches("service/").to_owned(),
            name: row.name,
            url: row.url,
            words: row.words,
            since: row.failing_since.map(plain::date).unwrap_or_default(),
        };
        Ok(rows.into_iter().map(line).collect())
    }

    /// Whether the addresses have not been asked today.
    ///
    /// # Errors
    /// When the record fails.
    pub async fn addresses_are_due(&self) -> Result<bool> {
        let today = time::today();
        let rows = self.address_rows().await?;
        Ok(rows.iter().all(|row| row.checked_on < today))
    }
}
