//! Where staff live, so that a look at a neighbour is found (security: T1).
//!
//! Only marks are kept, made with the council's key: they are equal when the
//! addresses are, and nobody can read an address from them, not in a page, not
//! in a copy of the database. So there is nothing to show to a colleague.

use record::model::WorkerHome;
use record::{Tx, Viewer, args};
use vocabulary::{Id, Postcode, ids, plain};

use crate::{Casework, Error, Result, time};

/// The marks of one address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Marks {
    pub address: String,
    pub postcode: String,
}

/// Letters and numbers alone, so that two ways to write an address compare.
fn plain_text(text: &str) -> String {
    let kept = text.chars().filter(|c| c.is_alphanumeric());
    kept.flat_map(char::to_lowercase).collect()
}

impl Casework {
    pub(super) fn marks_of(&self, line1: &str, postcode: &str) -> Marks {
        let (line1, postcode) = (plain_text(line1), plain_text(postcode));
        Marks {
            address: self
                .gate()
                .home_mark("address", &format!("{line1} {postcode}")),
            postcode: self.gate().home_mark("postcode", &postcode),
        }
    }

    /// Since when a worker's addresses are kept, and how many: for the worker
    /// and for whoever looks after workers. Never the addresses.
    pub async fn homes_kept(
        &self,
        viewer: &Viewer,
        worker: Id<ids::Worker>,
    ) -> Result<Option<String>> {
        self.may_keep_home(viewer, worker)?;
        let condition = "worker_id = $1 and ended_at is null order by told_at desc";
        let rows: Vec<WorkerHome> = self.rows_of(condition, args![worker]).await?;
        Ok(rows.first().map(|row| {
            let many = plain::count(rows.len() as i64, "address", "addresses");
            let day = plain::date(time::local(row.told_at).date());
            format!("{many}, the last told on {day}")
        }))
    }

    /// Keeps where a worker lives. Where they lived before counts on: the old
    /// neighbours are known to them as well.
    pub async fn keep_home(
        &self,
        viewer: &Viewer,
        worker: Id<ids::Worker>,
        line1: &str,
        postcode: &str,
    ) -> Result<()> {
        self.may_keep_home(viewer, worker)?;
        if plain_text(line1).is_empty() {
            let message = "Write the house number or name, and the street";
            return Err(Error::finding("line1", "House and street", message));
        }
        let Ok(postcode) = postcode.parse::<Postcode>() else {
            let message = "Write a whole postcode, like LK1 2AB";
            return Err(Error::finding("postcode", "Postcode", message));
        };
        self.worker(worker).await?.ok_or(Error::NotFound)?;
        let marks = self.marks_of(line1, &postcode.to_string());
        let mut tx = self.store().begin(&viewer.actor()).await?;
        let known = homes(&mut tx, worker.as_str()).await?;
        if known.iter().any(|home| home.address_mark == marks.address) {
            return Ok(());
        }
        tx.insert(&WorkerHome {
            id: Id::new(),
            worker_id: worker,
            address_mark: marks.address,
            postcode_mark: marks.postcode,
            told_by: viewer.principal.worker,
            told_at: tx.now(),
            ended_at: None,
            version: 1,
        })
        .await?;
        Ok(tx.commit().await?)
    }

    /// Lets a worker's addresses count no more.
    pub async fn forget_homes(&self, viewer: &Viewer, worker: Id<ids::Worker>) -> Result<()> {
        self.may_keep_home(viewer, worker)?;
        let mut tx = self.store().begin(&viewer.actor()).await?;
        for mut home in homes(&mut tx, worker.as_str()).await? {
            home.ended_at = Some(tx.now());
            // What does not count is not kept: the marks go with it.
            home.address_mark = String::new();
            home.postcode_mark = String::new();
            tx.update(&mut home).await?;
        }
        Ok(tx.commit().await?)
    }

    fn may_keep_home(&self, viewer: &Viewer, worker: Id<ids::Worker>) -> Result<()> {
        match viewer.principal.worker == worker || viewer.can("admin.workers") {
            true => Ok(()),
            false => Err(Error::NotFound),
        }
    }
}

/// The addresses of a worker that count.
pub(super) async fn homes(tx: &mut Tx, worker: &str) -> Result<Vec<WorkerHome>> {
    crate::asking::rows(tx, "worker_id = $1 and ended_at is null", args![worker]).await
}
