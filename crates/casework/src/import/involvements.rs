//! A partner's list of the children they work with: one row a child and a
//! professional, with start and end. A row is matched to a child whom we know,
//! never makes one, and says where it comes from.
//!
//! Whoever loads a list learns of a row only that it was taken or that it was
//! not matched. A row that may be about a restricted child goes to the shield
//! team; for the loader it is not matched, as one about a child whom nobody
//! knows (security: T2, T3).

use std::collections::BTreeMap;

use chrono::NaiveDate;
use record::model::{FeedRow, Involvement, InvolvementSource};
use record::{Actor, Tx, args};
use serde_json::json;
use sha2::{Digest, Sha256};
use vocabulary::{Agency, Id, NhsNumber, Postcode, Upn, ids};

use super::{Error, Progress, Rejected, Table, dates};
use crate::find::{self, Duplicate, Wanted};
use crate::{Casework, asking, time};

/// How many rows are one transaction.
const BATCH: usize = 200;
/// From how many per cent a row is taken without asking anybody.
const SURE: u8 = 92;
/// How far the next child must be behind.
const LEAD: u8 = 8;

/// The columns: what each is for, and the headings under which partners send it.
pub const COLUMNS: &[(&str, &str, &[&str])] = &[
    (
        "key",
        "what tells this row from others of the list",
        &["id", "row id", "key", "episode id"],
    ),
    (
        "given",
        "the child’s first names",
        &["given", "forename", "first name", "child first name"],
    ),
    (
        "family",
        "the child’s last name",
        &["family", "surname", "last name", "child last name"],
    ),
    (
        "born",
        "the child’s date of birth",
        &["born", "dob", "date of birth"],
    ),
    (
        "postcode",
        "the child’s postcode",
        &["postcode", "post code"],
    ),
    (
        "nhs",
        "the child’s NHS number",
        &["nhs", "nhs number", "nhs no"],
    ),
    ("upn", "the child’s pupil number", &["upn", "pupil number"]),
    (
        "name",
        "who works with the child",
        &["professional", "worker", "professional name", "name"],
    ),
    (
        "post",
        "what they do, and where",
        &["post", "role", "job title", "job"],
    ),
    (
        "agency",
        "a word of the agencies, such as health",
        &["agency", "organisation type"],
    ),
    ("phone", "their telephone", &["phone", "telephone"]),
    ("email", "their e-mail", &["email", "e mail"]),
    (
        "start",
        "since when",
        &["start", "start date", "from", "started"],
    ),
    (
        "end",
        "until when; empty if they go on",
        &["end", "end date", "to", "ended"],
    ),
    (
        "sensitive",
        "yes if the service must not be named",
        &["sensitive", "hidden"],
    ),
];

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

/// A row that can be read.
#[derive(Debug, Clone)]
struct Read {
    key: String,
    digest: String,
    wanted: Wanted,
    name: String,
    post: String,
    agency: String,
    phone: Option<String>,
    email: Option<String>,
    start: NaiveDate,
    end: Option<NaiveDate>,
    sensitive: bool,
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

type Found = BTreeMap<&'static str, usize>;

/// Which column is what.
fn columns(table: &Table) -> Result<Found, Error> {
    let mut found = Found::new();
    for (field, _, usual) in COLUMNS {
        let plain = |h: &String| vocabulary::name_key(&h.replace(['_', '.'], " "));
        let mut places = (0..table.headings.len()).filter(|i| {
            let heading = plain(&table.headings[*i]);
            heading == *field || usual.contains(&heading.as_str())
        });
        if let Some(at) = places.next() {
            if let Some(other) = places.next() {
                return Err(Error::File(format!(
                    "Two columns could be {field}: “{}” and “{}”. Rename one.",
                    table.headings[at], table.headings[other]
                )));
            }
            found.insert(field, at);
        }
    }
    for needed in ["name", "post", "agency", "start"] {
        if !found.contains_key(needed) {
            let what = COLUMNS.iter().find(|c| c.0 == needed).map_or("", |c| c.1);
            return Err(Error::File(format!(
                "No column is called “{needed}” ({what}). The columns are: {}.",
                table.headings.join(", ")
            )));
        }
    }
    let child = ["given", "family", "nhs", "upn"];
    if !child.iter().any(|c| found.contains_key(c)) {
        return Err(Error::File(
            "No column says who the child is: given, family, nhs or upn.".into(),
        ));
    }
    Ok(found)
}

fn values<'a>(table: &'a Table, columns: &Found) -> impl Iterator<Item = &'a str> {
    let at: Vec<usize> = ["born", "start", "end"]
        .iter()
        .filter_map(|c| columns.get(c).copied())
        .collect();
    table
        .rows
        .iter()
        .flat_map(move |(_, cells)| at.clone().into_iter().filter_map(|i| cells.get(i)))
        .map(String::as_str)
}

/// Reads a row; otherwise every problem as "heading: what is wrong".
fn read(
    cells: &[String],
    columns: &Found,
    order: dates::Order,
    today: NaiveDate,
) -> Result<Read, Vec<String>> {
    let mut wrong = Vec::new();
    let text = |field: &str| -> String {
        let cell = columns.get(field).and_then(|at| cells.get(*at));
        cell.map_or_else(String::new, |c| c.trim().to_owned())
    };
    let some = |field: &str| Some(text(field)).filter(|t| !t.is_empty());
    let mut date = |field: &str| match some(field).map(|t| dates::read(&t, order)) {
        None => None,
        Some(Ok(day)) => Some(day),
        Some(Err(why)) => {
            wrong.push(format!("{field}: {why}"));
            None
        }
    };
    let (born, start, end) = (date("born"), date("start"), date("end"));
    let numbers: [Option<Result<String, String>>; 2] = [
        some("nhs").map(|t| {
            t.parse()
                .map(|n: NhsNumber| n.digits())
                .map_err(|e| format!("nhs: {e}"))
        }),
        some("upn").map(|t| {
            t.parse()
                .map(|n: Upn| n.as_str().to_owned())
                .map_err(|e| format!("upn: {e}"))
        }),
    ];
    let mut known = Vec::new();
    for number in numbers.into_iter().flatten() {
        match number {
            Ok(digits) => known.push(digits),
            Err(why) => wrong.push(why),
        }
    }
    if let Some(postcode) = some("postcode")
        && postcode.parse::<Postcode>().is_err()
    {
        wrong.push(format!(
            "postcode: “{postcode}” is not a postcode, like LK1 4AB"
        ));
    }
    for (field, what) in [
        ("name", "who works with the child"),
        ("post", "what they do"),
    ] {
        if text(field).is_empty() {
            wrong.push(format!("{field}: it is empty. Write {what}"));
        }
    }
    let agency = text("agency").to_lowercase().replace(' ', "_");
    if Agency::from_code(&agency).is_none() || agency == "family" {
        wrong.push(format!(
            "agency: “{}” is no agency, like health or school",
            text("agency")
        ));
    }
    if text("given").is_empty() && text("family").is_empty() && known.is_empty() {
        wrong.push("The child has neither a name nor a number".into());
    }
    match (start, end) {
        (None, _)
            if columns
                .get("start")
                .and_then(|at| cells.get(*at))
                .is_none_or(|c| c.trim().is_empty()) =>
        {
            wrong.push("start: it is empty. Write since when".into());
        }
        (Some(start), _) if start > today => wrong.push("start: the day lies in the future".into()),
        (Some(start), Some(end)) if end < start => {
            wrong.push("end: the day is before the start".into());
        }
        _ => {}
    }
    let sensitive = match text("sensitive").to_lowercase().as_str() {
        "" | "no" | "n" | "false" | "0" => false,
        "yes" | "y" | "true" | "1" => true,
        other => {
            wrong.push(format!("sensitive: “{other}” is not yes or no"));
            true
        }
    };
    let Some(start) = start.filter(|_| wrong.is_empty()) else {
        return Err(wrong);
    };
    let wanted = Wanted {
        given: text("given"),
        family: text("family"),
        born,
        postcode: text("postcode"),
        text: known.join(" "),
    };
    let (name, post) = (text("name"), text("post"));
    let child = format!(
        "{} {} {born:?} {}",
        wanted.given, wanted.family, wanted.text
    );
    let key = some("key").unwrap_or_else(|| {
        let words = format!("{} {name} {agency}", vocabulary::name_key(&child));
        hex::encode(&Sha256::digest(words.to_lowercase().as_bytes())[..12])
    });
    let digest = hex::encode(Sha256::digest(cells.join("\u{1f}").as_bytes()));
    Ok(Read {
        key,
        digest,
        wanted,
        name,
        post,
        agency,
        phone: some("phone"),
        email: some("email"),
        start,
        end,
        sensitive,
    })
}
