//! "Your data": the rules of the census run over the live record each night,
//! and each finding stands on the list of the worker who can mend it, one
//! click from the field. What is mended is gone the next night, or at once
//! when the worker asks for the child to be checked again.
//!
//! The findings are made from the record and from nothing else, so they are
//! replaced and never changed. Who sees them is decided when the list is
//! shown, by the gate: whoever is allocated to the child.

use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

use ::returns::core::report::Report;
use ::returns::core::rule::{Rule, Severity};
use access::Section;
use chrono::{DateTime, NaiveDate, Utc};
use record::journal::{Deed, Event};
use record::{Actor, Asked, AssertSqlSafe, Listed, Tx, Viewer, args};
use serde_json::json;
use vocabulary::{Id, ids, plain};

use crate::returns::cin::{Census, Year};
use crate::returns::make::{checked, off_thread};
use crate::{Casework, Error, Result, time};

/// The newest rules of the census.
const RULES: u16 = 2026;
/// When the record was checked last.
const CHECKED: &str = "data.checked_at";
/// How many findings are written in one statement.
const TOGETHER: usize = 40;
/// The most findings that a page shows.
const MOST: i64 = 200;

/// What a check of the whole record came to. Counts, and nobody's name.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Checked {
    /// Children whom a return would be about.
    pub children: usize,
    /// What must be put right before a return is accepted.
    pub errors: usize,
    /// What must be put right or explained.
    pub queries: usize,
}

/// One thing to look at in the record of a child.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToMend {
    /// The child.
    pub person: Id<ids::Person>,
    /// "Maya Qandili, 13".
    pub name: String,
    /// What it is about: "Pupil number".
    pub what: String,
    /// What is wrong, in plain words.
    pub wrong: String,
    /// How to mend it.
    pub mend: String,
    /// The page where it is mended.
    pub path: String,
    /// A return is refused until it is put right.
    pub must: bool,
    /// The first night that it was found.
    pub since: NaiveDate,
}

/// What a worker of a team has to mend, as a number.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct WorkerCount {
    /// The worker.
    pub name: String,
    /// How many findings.
    pub findings: i64,
    /// How many of them a return is refused for.
    pub errors: i64,
}

/// The page "Your data".
#[derive(Debug, Clone)]
pub struct YourData {
    /// What the viewer's own children's records need.
    pub rows: Listed<ToMend>,
    /// Counts by worker, for who supervises them.
    pub workers: Vec<WorkerCount>,
    /// When the record was checked last.
    pub checked_at: Option<DateTime<Utc>>,
}

/// A finding as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Found {
    person: Id<ids::Person>,
    rule: String,
    kind: &'static str,
    field: &'static str,
    path: String,
}

#[derive(sqlx::FromRow)]
struct FindingRow {
    person_id: Id<ids::Person>,
    given: String,
    known_as: Option<String>,
    family_name: String,
    rule: String,
    field: String,
    path: String,
    found_on: NaiveDate,
}

impl Casework {
    /// Runs the rules over the whole record and replaces every list.
    ///
    /// # Errors
    /// When the record fails, or the built-in rules do not read.
    pub async fn check_record(&self) -> Result<Checked> {
        let (found, children) = self.findings_of(None).await?;
        let mut tx = self.store().begin(&Actor::system("nightly check")).await?;
        let since = first_nights(&mut tx, None).await?;
        tx.run("delete from data_finding", args![]).await?;
        write(&mut tx, &found, &since).await?;
        let count = |kind| found.iter().filter(|f| f.kind == kind).count();
        let done = Checked {
            children,
            errors: count(Severity::Error.word()),
            queries: count(Severity::Query.word()),
        };
        let now = tx.now().to_rfc3339();
        tx.run(
            "insert into setting (name, value) values ($1, $2) \
             on conflict (name) do update set value = excluded.value",
            args![CHECKED, now],
        )
        .await?;
        let mut event = Event::new(Deed::Listed, "page", "your-data");
        event.plain = Some(json!({ "rows": found.len(), "children": children }));
        tx.note(event).await?;
        tx.commit().await?;
        Ok(done)
    }

    /// Checks one child again, at once, for whoever works with them. Says how
    /// many findings are left.
    ///
    /// # Errors
    /// `NotFound` when the child is not for this viewer.
    pub async fn check_again(&self, viewer: &Viewer, child: Id<ids::Person>) -> Result<usize> {
        let asked = Asked::to_read("your-data");
        self.gate()
            .person(viewer, child, asked)
            .await?
            .ok_or(Error::NotFound)?;
        let (found, _) = self.findings_of(Some(child)).await?;
        let mut tx = self.store().begin(&viewer.actor()).await?;
        let since = first_nights(&mut tx, Some(child)).await?;
        tx.run(
            "delete from data_finding where person_id = $1",
            args![child],
        )
        .await?;
        write(&mut tx, &found, &since).await?;
        tx.commit().await?;
        Ok(found.len())
    }

    /// What the rules find today, of everybody or of one child.
    async fn findings_of(&self, child: Option<Id<ids::Person>>) -> Result<(Vec<Found>, usize)> {
        let today = time::today();
        let year = Year::as_at(today).ok_or_else(|| Error::Page("today".to_owned()))?;
        let dataset = self.dataset_of(today, child).await?;
        let census = self.census_of(&dataset, year);
        let children = census.message.children.len();
        let found = off_thread(move || {
            let (_, report) = checked(&census, RULES)?;
            Ok(found(&census, &report))
        })
        .await?;
        Ok((found, children))
    }

    /// The page "Your data".
    ///
    /// # Errors
    /// `NotFound` for a post that works with no child's record.
    pub async fn your_data(&self, viewer: &Viewer) -> Result<YourData> {
        // As the boards: posts that work with children.
        let works = [
            "case.record",
            "case.review",
            "case.allocate",
            "case.oversee",
        ];
        if !works.iter().any(|capability| viewer.can(capability)) {
            return Err(Error::NotFound);
        }
        Ok(YourData {
            rows: self.to_mend(viewer, "your-data", MOST).await?,
            workers: self.to_mend_by_worker(viewer).await?,
            checked_at: self.data_checked_at().await?,
        })
    }

    /// What the records of the viewer's own children need, what must be put
    /// right first. The look at the list is on record.
    pub(crate) async fn to_mend(
        &self,
        viewer: &Viewer,
        page: &str,
        most: i64,
    ) -> Result<Listed<ToMend>> {
        let asked = Asked {
            section: Section::Summary,
            ..Asked::to_read(page)
        };
        let (open, more) = self.gate().may_see(viewer, asked, "p.id", 4);
        let mut values = args![viewer.principal.worker, viewer.today, most];
        values.extend(more);
        let sql = format!(
            "select d.person_id, p.given, p.known_as, p.family_name, d.rule, d.field, d.path, \
             d.found_on from data_finding d join person p on p.id = d.person_id \
             where exists (select 1 from involvement i where i.person_id = p.id \
             and i.worker_id = $1 and i.role = 'allocated' \
             and (i.ended_on is null or i.ended_on > $2)) and {open} \
             order by case d.kind when 'error' then 0 else 1 end, p.family_name, p.given, p.id, \
             d.path, d.rule limit $3"
        );
        let db = self.store().read_db();
        let rows: Vec<FindingRow> = db.all(AssertSqlSafe(sql), values).await?;
        let rules = rules()?;
        let rows = rows.into_iter().filter_map(|row| {
            let rule = rules.get(row.rule.as_str())?;
            Some(self.to_mend_row(row, rule))
        });
        let about = |row: &ToMend| vec![format!("person:{}", row.person)];
        Ok(self
            .gate()
            .listed(viewer, page, rows.collect(), about)
            .await?)
    }

    fn to_mend_row(&self, row: FindingRow, rule: &Rule) -> ToMend {
        let known = row.known_as.as_deref().filter(|name| !name.is_empty());
        let name = format!("{} {}", known.unwrap_or(&row.given), row.family_name);
        ToMend {
            person: row.person_id,
            name: match name.trim() {
                "" => "a child without a name".to_owned(),
                name => name.to_owned(),
            },
            what: self.label("census-fields", &row.field),
            wrong: rule.explain.clone(),
            mend: rule.mend.clone(),
            path: row.path,
            must: rule.kind == Severity::Error,
            since: row.found_on,
        }
    }

    /// How much each worker of the teams that the viewer leads has to mend, in
    /// the records that are open to the viewer. Numbers only.
    async fn to_mend_by_worker(&self, viewer: &Viewer) -> Result<Vec<WorkerCount>> {
        let teams = &viewer.principal.teams_supervised;
        if teams.is_empty() || !viewer.can("case.allocate") {
            return Ok(Vec::new());
        }
        let places: Vec<String> = (2..teams.len() + 2).map(|n| format!("${n}")).collect();
        let asked = Asked {
            section: Section::Summary,
            ..Asked::to_read("your-data")
        };
        let (open, more) = self.gate().may_see(viewer, asked, "p.id", teams.len() + 2);
        let sql = format!(
            "select w.name, count(*) as findings, \
             sum(case d.kind when 'error' then 1 else 0 end) as errors \
             from data_finding d join person p on p.id = d.person_id \
             join involvement i on i.person_id = d.person_id \
             and i.role = 'allocated' and (i.ended_on is null or i.ended_on > $1) \
             join worker w on w.id = i.worker_id where w.team_id in ({}) and {open} \
             group by w.id, w.name order by w.name",
            places.join(", ")
        );
        let mut values = args![viewer.today];
        values.extend(teams.iter().map(record::Value::from));
        values.extend(more);
        Ok(self
            .store()
            .read_db()
            .all(AssertSqlSafe(sql), values)
            .await?)
    }

    async fn data_checked_at(&self) -> Result<Option<DateTime<Utc>>> {
        #[derive(sqlx::FromRow)]
        struct Setting {
            value: String,
        }
        let found: Option<Setting> = self
            .store()
            .read_db()
            .maybe("select value from setting where name = $1", args![CHECKED])
            .await?;
        Ok(found.and_then(|setting| {
            let at = DateTime::parse_from_rfc3339(&setting.value).ok()?;
            Some(at.with_timezone(&Utc))
        }))
    }

    /// Whether the record was not checked yet on this day.
    ///
    /// # Errors
    /// When the record fails.
    pub async fn data_is_due(&self) -> Result<bool> {
        let last = self.data_checked_at().await?;
        Ok(last.is_none_or(|at| time::local(at).date() < time::today()))
    }
}

type Texts = HashMap<&'static str, Rule>;

/// The texts of the newest rules, by code, read once.
fn rules() -> Result<&'static Texts> {
    static TEXTS: OnceLock<std::result::Result<Texts, String>> = OnceLock::new();
    let read = || {
        let catalogue = ::returns::cin::rules::catalogue(RULES).map_err(|e| e.to_string())?;
        let rules = catalogue.rules.into_iter();
        Ok(rules.map(|one| (one.code, one.rule)).collect())
    };
    let texts = TEXTS.get_or_init(read).as_ref();
    texts.map_err(|error| Error::Page(error.clone()))
}

/// The findings about children, each once for a page where it is mended. What
/// is about the return as a whole is nobody's to mend.
fn found(census: &Census, report: &Report) -> Vec<Found> {
    let mut all = BTreeMap::new();
    for finding in &report.findings {
        let Some(rule) = report.rule(finding.rule) else {
            continue;
        };
        // The row to mend first stands first; of its fields the one that is
        // missing, else the first.
        let placed = finding.rows.iter().find_map(|row| {
            let place = census.rows.place(row.table, row.row)?;
            let empty = row.cells.iter().find(|cell| cell.value.is_none());
            let cell = empty.or(row.cells.first())?;
            Some((place, cell.field))
        });
        let Some((place, field)) = placed else {
            continue;
        };
        let one = Found {
            person: place.child,
            rule: finding.rule.to_owned(),
            kind: rule.kind.word(),
            field,
            path: place.path_for(field),
        };
        all.entry((one.person, one.rule.clone(), one.path.clone()))
            .or_insert(one);
    }
    all.into_values().collect()
}

/// Since when what is found stands there already.
async fn first_nights(
    tx: &mut Tx,
    child: Option<Id<ids::Person>>,
) -> Result<HashMap<(String, String, String), NaiveDate>> {
    #[derive(sqlx::FromRow)]
    struct Before {
        person_id: String,
        rule: String,
        path: String,
        found_on: NaiveDate,
    }
    let sql = "select person_id, rule, path, found_on from data_finding";
    let rows: Vec<Before> = match child {
        None => tx.all(sql, args![]).await?,
        Some(child) => {
            let sql = format!("{sql} where person_id = $1");
            tx.all(AssertSqlSafe(sql), args![child]).await?
        }
    };
    let rows = rows.into_iter();
    Ok(rows
        .map(|b| ((b.person_id, b.rule, b.path), b.found_on))
        .collect())
}

async fn write(
    tx: &mut Tx,
    found: &[Found],
    since: &HashMap<(String, String, String), NaiveDate>,
) -> Result<()> {
    let today = time::today();
    for some in found.chunks(TOGETHER) {
        let mut values = Vec::new();
        let mut places = Vec::new();
        for one in some {
            let key = (one.person.to_string(), one.rule.clone(), one.path.clone());
            let first = since.get(&key).copied().unwrap_or(today);
            let n = values.len();
            places.push(format!(
                "(${}, ${}, ${}, ${}, ${}, ${})",
                n + 1,
                n + 2,
                n + 3,
                n + 4,
                n + 5,
                n + 6
            ));
            values.extend(args![
                one.person, &one.rule, one.kind, one.field, &one.path, first
            ]);
        }
        let sql = format!(
            "insert into data_finding (person_id, rule, kind, field, path, found_on) values {}",
            places.join(", ")
        );
        tx.run(AssertSqlSafe(sql), values).await?;
    }
    Ok(())
}

impl YourData {
    /// The findings by child, in the order of the list.
    pub fn by_child(&self) -> Vec<(&ToMend, Vec<&ToMend>)> {
        let mut children: Vec<(&ToMend, Vec<&ToMend>)> = Vec::new();
        for row in self.rows.iter() {
            match children
                .iter_mut()
                .find(|(first, _)| first.person == row.person)
            {
                Some((_, rows)) => rows.push(row),
                None => children.push((row, vec![row])),
            }
        }
        children
    }

    /// "3 things in the records of 2 children".
    pub fn words(&self) -> String {
        let children = self.by_child().len() as i64;
        format!(
            "{} in the records of {}",
            plain::count(self.rows.len() as i64, "thing", "things"),
            plain::count(children, "child", "children")
        )
    }
}
