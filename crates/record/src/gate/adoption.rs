//! The adoption firewall: who a child was before an adoption order and who
//! they are after it.
//!
//! The two records share nothing: no family, no number, no row that names
//! both. Each is restricted to a list of its own, which bars everybody else
//! whatever ties they have, in a page as in a list. The link is one sealed row
//! ([`AdoptionSeal`]) that a copy of the database cannot read. Only a keeper
//! of sealed records, who is on both lists, learns the other side, with a
//! reason and a look on record.

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};
use vocabulary::{Id, ids};

use super::{Asked, Gate, Guarded, Viewer};
use crate::journal::{Deed, Event};
use crate::model::{AdoptionSeal, Person, Restriction, RestrictionAllow};
use crate::{AssertSqlSafe, Entity, Result, Tx, args};

/// The reason of the restriction of the record before the order.
pub const BEFORE: &str = "adopted_before";
/// The reason of the restriction of the record after it.
pub const AFTER: &str = "adopted_after";
/// The capability of a keeper of sealed records.
pub const KEEPS: &str = "adoption.keep";

/// Sealed records are kept for a hundred years (SI 2005/389, regulation 40).
const KEPT: Days = Days::new(36_524);
/// Once a year somebody asks who must still be on the list of the new record.
const ASKED: Days = Days::new(365);

#[derive(Serialize, Deserialize)]
struct Both {
    before: Id<ids::Person>,
    after: Id<ids::Person>,
}

const PLACE: &str = "adoption_seal";

fn mark(keys: &crate::Keys, side: &str, id: Id<ids::Person>) -> String {
    keys.mark(&format!("{PLACE}/{side}"), id.as_str())
}

impl Tx {
    /// Seals an adoption: the link, and both records with their lists.
    /// Everybody else is barred from here on.
    pub async fn seal_adoption(
        &mut self,
        (before, after): (Id<ids::Person>, Id<ids::Person>),
        keepers: &[Id<ids::Worker>],
        others_after: &[Id<ids::Worker>],
        today: NaiveDate,
    ) -> Result<()> {
        let text = serde_json::to_vec(&Both { before, after })?;
        let (sealed, before_mark, after_mark) = {
            let keys = self.keys();
            (
                keys.seal(PLACE, &text)?,
                mark(keys, "before", before),
                mark(keys, "after", after),
            )
        };
        let row = AdoptionSeal {
            id: Id::new(),
            before_mark,
            after_mark,
            sealed,
            sealed_at: self.now(),
            version: 1,
        };
        self.insert(&row).await?;
        let mut list = keepers.to_vec();
        self.close_to(before, BEFORE, today + KEPT, &list).await?;
        list.extend(others_after.iter().filter(|w| !keepers.contains(w)));
        self.close_to(after, AFTER, today + ASKED, &list).await
    }

    async fn close_to(
        &mut self,
        person: Id<ids::Person>,
        reason: &str,
        review_on: NaiveDate,
        list: &[Id<ids::Worker>],
    ) -> Result<()> {
        let row = Restriction {
            id: Id::new(),
            person_id: person,
            reason: reason.to_owned(),
            set_by: "system:adoption order".into(),
            set_at: self.now(),
            review_on,
            ended_at: None,
            version: 1,
        };
        self.insert(&row).await?;
        for worker_id in list {
            self.insert(&RestrictionAllow {
                id: Id::new(),
                restriction_id: row.id,
                worker_id: *worker_id,
                version: 1,
            })
            .await?;
        }
        Ok(())
    }
}

impl Gate {
    /// The other side of an adoption, for a keeper who may see the side they
    /// stand on and is on the list of the record before. `None` for everybody
    /// else, and where there is no adoption: nobody can tell which. The look is
    /// recorded with its reason at the record it was made from.
    pub async fn across_adoption(
        &self,
        viewer: &Viewer,
        person: Id<ids::Person>,
        why: &str,
    ) -> Result<Option<Guarded<Person>>> {
        let asked = Asked::to_read("adoption-link");
        let here = self.person(viewer, person, asked).await?;
        let (Some(here), true) = (here, viewer.can(KEEPS)) else {
            return Ok(None);
        };
        let Some(both) = self.both_sides(person).await? else {
            return Ok(None);
        };
        if !self.is_listed(both.before, viewer.principal.worker).await? {
            return Ok(None);
        }
        let other = match both.before == here.id {
            true => both.after,
            false => both.before,
        };
        let mut event = Event::new(Deed::Looked, "adoption_seal", person.as_str());
        event.purpose = Some(asked.purpose.as_str().to_owned());
        event.why = Some(why.to_owned());
        event.because = Some("A keeper of sealed records opened the link.".to_owned());
        event.subjects = vec![format!("person:{person}")];
        self.store.looks().record(viewer.actor(), event).await?;
        self.person(viewer, other, asked).await
    }

    /// Whether a worker stands on the other side of an adoption: was ever
    /// involved with the child there, or with the family there, or is on the
    /// list there. Such a worker never comes on the list of this side. It
    /// shows nothing, and answers no for who was not adopted.
    pub async fn stands_across(
        &self,
        worker: Id<ids::Worker>,
        person: Id<ids::Person>,
    ) -> Result<bool> {
        #[derive(sqlx::FromRow)]
        struct Many {
            n: i64,
        }
        let Some(both) = self.both_sides(person).await? else {
            return Ok(false);
        };
        let other = match both.before == person {
            true => both.after,
            false => both.before,
        };
        let found: Many = self
            .store
            .read_db()
            .one(
                "select count(*) as n from involvement i where i.worker_id = $1 \
                 and (i.person_id = $2 or i.person_id in (select kin.person_id \
                 from family_member mine join family_member kin \
                 on kin.family_id = mine.family_id where mine.person_id = $2))",
                args![worker, other],
            )
            .await?;
        Ok(found.n > 0 || self.is_listed(other, worker).await?)
    }

    async fn is_listed(&self, person: Id<ids::Person>, worker: Id<ids::Worker>) -> Result<bool> {
        #[derive(sqlx::FromRow)]
        struct Many {
            n: i64,
        }
        let found: Many = self
            .store
            .read_db()
            .one(
                "select count(*) as n from restriction r join restriction_allow a \
                 on a.restriction_id = r.id where r.person_id = $1 and a.worker_id = $2 \
                 and r.ended_at is null and r.reason in ('adopted_before', 'adopted_after')",
                args![person, worker],
            )
            .await?;
        Ok(found.n > 0)
    }

    async fn both_sides(&self, person: Id<ids::Person>) -> Result<Option<Both>> {
        let keys = self.store.keys();
        let sql = format!(
            "select {} from adoption_seal where before_mark = $1 or after_mark = $2",
            AdoptionSeal::COLUMNS.join(", ")
        );
        let marks = args![mark(keys, "before", person), mark(keys, "after", person)];
        let row: Option<AdoptionSeal> = self
            .store
            .read_db()
            .maybe(AssertSqlSafe(sql), marks)
            .await?;
        match row {
            None => Ok(None),
            Some(row) => {
                let text = keys.open(PLACE, &row.sealed)?;
                Ok(Some(serde_json::from_slice(&text)?))
            }
        }
    }
}
