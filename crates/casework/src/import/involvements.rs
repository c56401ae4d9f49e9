//! A partner's list of the children they work with: one row a child and a
//! professional, with start and end. A row is matched to a child whom we know,
//! never makes one, and says where it comes from.
//!
//! Whoever loads a list learns of a row only that it was taken or that it was
//! not matched. A row that may be about a restricted child goes to the shield
//! team; for the loader it is not matched, as one about a child whom nobody
//! knows (security: T2, T3).

use record::model::{FeedRow, Involvement, InvolvementSource};
use record::{Actor, Tx, args};
use serde_json::json;
use vocabulary::{Id, ids};

use super::list_row::{Read, columns, read, values};
use super::{Error, Progress, Rejected, Table, dates};
use crate::find::{self, Duplicate};
use crate::{Casework, asking, time};

/// How many rows are one transaction.
const BATCH: usize = 200;
/// From how many per cent a row is taken without asking anybody.
const SURE: u8 = 92;
/// How far the next child must be behind.
const LEAD: u8 = 8;

/// What a list did, or would do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListReport {
    /// Rows in the file.
    pub rows: usize,
    /// Involvements that are new.
    pub added: usize,
    /// Involvements that changed or ended.
    pub changed: usize,
    /// Rows that were known and are the same.
    pub same: usize,
    /// Rows about a child whom nobody could be matched to surely. Who they are
    /// is not said.
    pub not_matched: usize,
    /// Rows that were not taken.
    pub rejected: Vec<Rejected>,
}

impl Casework {
    /// Takes a partner's list. `source` names it: the same key of the same
    /// source is the same involvement, so that the list of the next month
    /// changes what changed and nothing else.
    ///
    /// # Errors
    /// [`Error::File`] for a file that cannot be read as such a list.
    pub async fn import_involvements(
        &self,
        table: &Table,
        source: &str,
        dry: bool,
        mut told: impl FnMut(Progress),
    ) -> Result<ListReport, Error> {
        let columns = columns(table)?;
        let order = dates::order(values(table, &columns), None).map_err(Error::File)?;
        let mut report = ListReport {
            rows: table.rows.len(),
            ..ListReport::default()
        };
        let mut good = Vec::new();
        for (line, cells) in &table.rows {
            match read(cells, &columns, order, time::today()) {
                Ok(row) => good.push(row),
                Err(wrong) => report.rejected.push(Rejected {
                    line: *line,
                    cells: cells.clone(),
                    wrong,
                }),
            }
        }
        let mut done = report.rejected.len();
        for batch in good.chunks(BATCH) {
            let actor = Actor::system(&format!("list {source}"));
            let mut tx = self.store().begin(&actor).await?;
            tx.because_of(&format!("From the list {source}"));
            for row in batch {
                self.take_row(&mut tx, row, source, &mut report).await?;
            }
            match dry {
                true => drop(tx),
                false => tx.commit().await?,
            }
            done += batch.len();
            told(Progress {
                done,
                of: report.rows,
            });
        }
        Ok(report)
    }

    async fn take_row(
        &self,
        tx: &mut Tx,
        row: &Read,
        source: &str,
        report: &mut ListReport,
    ) -> Result<(), Error> {
        let known: Vec<InvolvementSource> = asking::rows(
            tx,
            "source = $1 and source_key = $2",
            args![source, &row.key],
        )
        .await?;
        if let Some(known) = known.into_iter().next() {
            return change(tx, known, row, report).await;
        }
        match self.child_of(tx, row).await? {
            Child::Known(person) => {
                report.added += 1;
                Ok(add(tx, person, row, source).await?)
            }
            Child::Nobody => {
                report.not_matched += 1;
                Ok(())
            }
            Child::MayBe(may_be) => {
                report.not_matched += 1;
                Ok(wait(tx, may_be, row, source).await?)
            }
        }
    }

    /// Whom a row is about.
    async fn child_of(&self, tx: &mut Tx, row: &Read) -> Result<Child, Error> {
        let nobody = Id::new();
        let mut found = find::duplicates(tx, &row.wanted, nobody).await?;
        found.retain(|one| one.child);
        // A restricted child among those who fit: only the shield team learns
        // of it, even where somebody else fits better.
        if let Some(hidden) = found.iter().find(|one| one.restricted) {
            return Ok(Child::MayBe(hidden.clone()));
        }
        let Some(first) = found.first() else {
            return Ok(Child::Nobody);
        };
        let next = found.get(1).map_or(0, |one| one.likely);
        match first.likely >= SURE && first.likely - next >= LEAD {
            true => Ok(Child::Known(first.other)),
            false => Ok(Child::MayBe(first.clone())),
        }
    }
}

enum Child {
    Known(Id<ids::Person>),
    MayBe(Duplicate),
    Nobody,
}

/// A new involvement with where it comes from. Somebody of the same name who is
/// in the record already is the same person: then only the source is new.
pub(crate) async fn add_from_list(
    tx: &mut Tx,
    person: Id<ids::Person>,
    row: Involvement,
    from: (&str, &str, &str),
) -> crate::Result<()> {
    let there: Vec<Involvement> =
        asking::rows(tx, "person_id = $1 and ended_on is null", args![person]).await?;
    let same = there.iter().find(|i| {
        i.agency == row.agency && i.name.eq_ignore_ascii_case(&row.name) && !i.name.is_empty()
    });
    let involvement = match same {
        Some(same) => same.id,
        None => {
            tx.insert(&row).await?;
            row.id
        }
    };
    let (source, source_key, digest) = from;
    tx.insert(&InvolvementSource {
        id: Id::new(),
        involvement_id: involvement,
        person_id: person,
        source: source.to_owned(),
        source_key: source_key.to_owned(),
        digest: digest.to_owned(),
        told_at: tx.now(),
        version: 1,
    })
    .await?;
    Ok(())
}

async fn add(tx: &mut Tx, person: Id<ids::Person>, row: &Read, source: &str) -> crate::Result<()> {
    let worker = signs_in(tx, row.email.as_deref()).await?;
    let new = Involvement {
        id: Id::new(),
        person_id: person,
        worker_id: worker,
        team_id: None,
        role: "other".into(),
        name: row.name.clone(),
        job_title: row.post.clone(),
        agency: row.agency.clone(),
        phone: row.phone.clone(),
        email: row.email.clone(),
        lead: false,
        sensitive: row.sensitive,
        started_on: row.start,
        ended_on: row.end,
        change_reason: None,
        version: 1,
    };
    add_from_list(tx, person, new, (source, &row.key, &row.digest)).await
}

/// The practitioner of another agency who signs in with this address. Nobody
/// of the council: a list must never open a record to a worker.
async fn signs_in(tx: &mut Tx, email: Option<&str>) -> crate::Result<Option<Id<ids::Worker>>> {
    #[derive(sqlx::FromRow)]
    struct Who {
        id: Id<ids::Worker>,
    }
    let Some(email) = email else {
        return Ok(None);
    };
    let sql = "select id from worker where lower(email) = $1 and role = 'practitioner' and active";
    let who: Option<Who> = tx.maybe(sql, args![email.to_lowercase()]).await?;
    Ok(who.map(|w| w.id))
}

async fn change(
    tx: &mut Tx,
    mut known: InvolvementSource,
    row: &Read,
    report: &mut ListReport,
) -> Result<(), Error> {
    if known.digest == row.digest {
        report.same += 1;
        return Ok(());
    }
    report.changed += 1;
    let mut with: Involvement = tx.get(known.involvement_id).await?;
    // Whoever holds the work or leads is the council's to change: the list
    // only says who they are.
    if with.role == "other" && !with.lead {
        with.job_title = row.post.clone();
        with.name = row.name.clone();
        with.started_on = row.start;
        with.ended_on = row.end;
    }
    with.phone = row.phone.clone().or(with.phone);
    with.email = row.email.clone().or(with.email);
    with.sensitive = with.sensitive || row.sensitive;
    tx.update(&mut with).await?;
    known.digest = row.digest.clone();
    known.told_at = tx.now();
    Ok(tx.update(&mut known).await?)
}

/// Keeps a row for whoever says who is meant; once for each child.
async fn wait(tx: &mut Tx, may_be: Duplicate, row: &Read, source: &str) -> crate::Result<()> {
    let known: Vec<FeedRow> = asking::rows(
        tx,
        "source = $1 and source_key = $2 and person_id = $3",
        args![source, &row.key, may_be.other],
    )
    .await?;
    let content = json!({
        "given": row.wanted.given, "family": row.wanted.family, "born": row.wanted.born,
        "postcode": row.wanted.postcode, "name": row.name, "post": row.post,
        "agency": row.agency, "phone": row.phone, "email": row.email,
        "start": row.start, "end": row.end, "sensitive": row.sensitive,
    });
    if let Some(mut known) = known.into_iter().next() {
        if known.digest != row.digest && known.settled_as.is_none() {
            known.digest = row.digest.clone();
            known.content = content;
            known.told_at = tx.now();
            tx.update(&mut known).await?;
        }
        return Ok(());
    }
    tx.insert(&FeedRow {
        id: Id::new(),
        person_id: may_be.other,
        source: source.to_owned(),
        source_key: row.key.clone(),
        digest: row.digest.clone(),
        content,
        because: may_be.because.into(),
        score: i64::from(may_be.likely),
        for_shield_team: may_be.restricted,
        told_at: tx.now(),
        settled_as: None,
        settled_by: None,
        settled_at: None,
        version: 1,
    })
    .await?;
    Ok(())
}
