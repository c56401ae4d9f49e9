//! Going through a file in batches that are whole or not at all, so that an
//! interrupted import is simply run again.

use std::collections::HashSet;
use std::io::Read;

use ::returns::cin::model::Child;
use ::returns::cin::read::Reader;
use ::returns::core::Problem;
use ::returns::core::dates::Period;
use ::returns::ssda903::{Loaded, TableData};
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use record::model::{Person, Worker};
use record::{Actor, args};
use vocabulary::{Id, ids};

use super::bring::{Bringing, CLERK, clerk};
use super::children::Described;
use super::looked_after::{Rows, by_child};
use super::{History, Origin, Refused, Return};
use crate::import::Error;
use crate::{Casework, time};

/// How many children are one transaction.
const BATCH: usize = 25;

#[derive(sqlx::FromRow)]
struct Stands {
    worked_with: bool,
    in_care: bool,
    protected: bool,
    planned: bool,
    assessed: bool,
    leaver: bool,
}

impl Casework {
    /// Brings in a children in need census. `name` is the file's name in the
    /// record, `year` stands in for a header that does not say the reference
    /// date, and `people` is the source under which `import people` brought
    /// the council's people. `told` hears how many children were done.
    ///
    /// # Errors
    /// The file is no census, or has children of whom the year is not known;
    /// or the record failed. Trouble with single records is in the report.
    pub async fn import_census(
        &self,
        name: &str,
        inner: impl Read,
        year: Option<u16>,
        people: &str,
        mut told: impl FnMut(usize),
    ) -> Result<History, Error> {
        let mut reader = Reader::new(name, inner);
        let mut next = reader.next_child();
        let header = reader.header();
        let said = header.and_then(|header| header.reference_date.day);
        let as_at = match year {
            Some(year) => Period::of(year).map(|period| period.end),
            None => said,
        };
        let mut report = History::default();
        if next.is_some() {
            let as_at = as_at.ok_or_else(|| {
                Error::File(
                    "The header does not say the reference date: say the census year with --year."
                        .into(),
                )
            })?;
            let origin = Origin {
                what: Return::Census,
                file: name.to_owned(),
                year: u16::try_from(as_at.year()).unwrap_or_default(),
                as_at,
                people: people.to_owned(),
            };
            let clerk = self.clerk_of_imports().await?;
            let before = self.raised().await?;
            let mut seen = HashSet::new();
            let mut done = 0;
            while next.is_some() {
                let mut tx = self.store().begin(&Actor::system("import")).await?;
                for _ in 0..BATCH {
                    let Some(child) = next.take() else { break };
                    if is_fit(&child, &mut seen, &mut report) {
                        self.census_child(&mut tx, &origin, &child, clerk, &mut report)
                            .await?;
                    }
                    done += 1;
                    next = reader.next_child();
                }
                tx.commit().await?;
                told(done);
            }
            report.duplicates = self.raised().await? - before;
        }
        let (problems, more) = reader.into_problems();
        troubles(&problems, more, &mut report);
        match problems.iter().find(|problem| problem.stops) {
            Some(problem) if report.kinds.is_empty() => Err(Error::File(problem.to_string())),
            _ => Ok(report),
        }
    }

    async fn census_child(
        &self,
        tx: &mut record::Tx,
        origin: &Origin,
        child: &Child,
        clerk: Id<ids::Worker>,
        report: &mut History,
    ) -> Result<(), Error> {
        let identifiers = &child.identifiers;
        let text = |text: &Option<Box<str>>| text.as_deref().map(str::to_owned);
        let described = Described {
            record: format!("ChildIdentifiers {}", identifiers.row),
            number: child.id().to_owned(),
            upn: text(&identifiers.upn),
            born: identifiers.birth.day,
            expected: identifiers.expected_birth.day,
            died: identifiers.death.day,
            sex: text(&identifiers.sex),
            ethnicity: text(&child.characteristics.ethnicity),
            no_upn: text(&identifiers.upn_unknown),
            disabilities: child
                .disabilities
                .iter()
                .filter_map(|d| text(&d.code))
                .collect(),
        };
        let number = described.number.clone();
        let (person, family) = self.child_of_file(tx, origin, described, report).await?;
        let mut bringing =
            Bringing::begin(self, tx, origin, report, clerk, (number, person, family)).await?;
        for details in &child.details {
            bringing.need(details).await?;
        }
        self.now_stands(tx, person).await
    }

    /// Brings in the tables of children looked after, of one year.
    ///
    /// # Errors
    /// No table could be read, or the record failed. Trouble with single rows
    /// is in the report.
    pub async fn import_looked_after(
        &self,
        name: &str,
        loaded: &Loaded,
        year: u16,
        people: &str,
        mut told: impl FnMut(usize),
    ) -> Result<History, Error> {
        let period = Period::of(year)
            .ok_or_else(|| Error::File(format!("There is no collection year {year}.")))?;
        let mut report = History::default();
        troubles(&loaded.troubles.kept, loaded.troubles.more, &mut report);
        let rows = by_child(&loaded.this, &mut report);
        if rows.is_empty() && loaded.this.iter().flatten().all(TableData::is_empty) {
            let first = loaded.troubles.kept.iter().find(|problem| problem.stops);
            let why = first.map_or_else(|| "There is no child in it.".into(), ToString::to_string);
            return Err(Error::File(why));
        }
        let origin = Origin {
            what: Return::LookedAfter,
            file: name.to_owned(),
            year,
            as_at: period.end,
            people: people.to_owned(),
        };
        let clerk = self.clerk_of_imports().await?;
        let before = self.raised().await?;
        let children: Vec<(&str, Rows<'_>)> = rows.into_iter().collect();
        let mut done = 0;
        for batch in children.chunks(BATCH) {
            let mut tx = self.store().begin(&Actor::system("import")).await?;
            for (number, rows) in batch {
                let described = rows.described(number);
                let number = (*number).to_owned();
                let (person, family) = self
                    .child_of_file(&mut tx, &origin, described, &mut report)
                    .await?;
                let whose = (number, person, family);
                let mut bringing =
                    Bringing::begin(self, &mut tx, &origin, &mut report, clerk, whose).await?;
                bringing.episodes(rows).await?;
                bringing.reviews(rows).await?;
                bringing.times_missing(rows).await?;
                bringing.health(rows).await?;
                bringing.alone(rows).await?;
                bringing.adoption(rows).await?;
                bringing.leaver(rows).await?;
                bringing.social_workers(rows).await?;
                self.now_stands(&mut tx, person).await?;
            }
            tx.commit().await?;
            done += batch.len();
            told(done);
        }
        report.duplicates = self.raised().await? - before;
        Ok(report)
    }

    /// The worker whose name stands where a row must say who wrote it.
    async fn clerk_of_imports(&self) -> Result<Id<ids::Worker>, Error> {
        #[derive(sqlx::FromRow)]
        struct Known {
            id: Id<ids::Worker>,
        }
        let mut tx = self.store().begin(&Actor::system("import")).await?;
        let known: Option<Known> = tx
            .maybe("select id from worker where username = $1", args![CLERK])
            .await?;
        if let Some(known) = known {
            return Ok(known.id);
        }
        let row: Worker = clerk(time::today());
        tx.insert(&row).await?;
        tx.commit().await?;
        Ok(row.id)
    }

    /// Where the work with a child stands, for lists: what is open says it. A
    /// child whom somebody here works with is left as they are.
    async fn now_stands(&self, tx: &mut record::Tx, child: Id<ids::Person>) -> Result<(), Error> {
        let found: Stands = tx
            .all(
                "select exists (select 1 from involvement i where i.person_id = $1 \
                  and i.worker_id is not null and i.ended_on is null) as worked_with, \
                 exists (select 1 from care c where c.person_id = $1 and c.ended_on is null) as in_care, \
                 exists (select 1 from protection x where x.person_id = $1 and x.ended_on is null) \
                  as protected, \
                 exists (select 1 from plan p join plan_subject s on s.plan_id = p.id \
                  where s.person_id = $1 and p.kind = 'child_in_need' and p.state = 'open') as planned, \
                 exists (select 1 from step t join step_subject s on s.step_id = t.id \
                  where s.person_id = $1 and t.kind = 'child-and-family-assessment' \
                  and t.state = 'open') as assessed, \
                 exists (select 1 from leaver l where l.person_id = $1 and l.ended_on is null) as leaver",
                args![child],
            )
            .await?
            .into_iter()
            .next()
            .ok_or(crate::Error::NotFound)?;
        if found.worked_with {
            return Ok(());
        }
        let mut person: Person = tx.get(child).await?;
        let word = if found.in_care {
            "in_care"
        } else if found.protected {
            "protection_plan"
        } else if found.planned {
            "child_in_need"
        } else if found.assessed {
            "assessment"
        } else if needs_go_on(tx, child).await? {
            "child_in_need"
        } else if found.leaver {
            "care_leaver"
        } else {
            "closed"
        };
        if person.status.as_deref() != Some(word) {
            person.status = Some(word.to_owned());
            tx.update(&mut person).await?;
        }
        Ok(())
    }
}

/// Whether a referral that something followed has not ended.
async fn needs_go_on(tx: &mut record::Tx, child: Id<ids::Person>) -> Result<bool, Error> {
    #[derive(sqlx::FromRow)]
    struct Began {
        started_on: NaiveDate,
    }
    #[derive(sqlx::FromRow)]
    struct Ended {
        decided_at: DateTime<Utc>,
    }
    let began: Option<Began> = tx
        .maybe(
            "select t.started_on from step t join step_subject s on s.step_id = t.id \
             where s.person_id = $1 and t.kind = 'referral' and t.outcome = 'assess' \
             order by t.started_on desc limit 1",
            args![child],
        )
        .await?;
    let ended: Option<Ended> = tx
        .maybe(
            "select decided_at from decision where person_id = $1 and kind = 'closure' \
             order by decided_at desc limit 1",
            args![child],
        )
        .await?;
    Ok(began.is_some_and(|began| {
        ended.is_none_or(|ended| time::local(ended.decided_at).date() < began.started_on)
    }))
}

/// Whether a child can be told from others: it has a number, and one that no
/// child before it has.
fn is_fit(child: &Child, seen: &mut HashSet<String>, report: &mut History) -> bool {
    let number = child.id().to_owned();
    let why = if number.is_empty() {
        "The child’s number is missing: the child was not taken"
    } else if !seen.insert(number.clone()) {
        "This child stands in the file twice: the first was taken"
    } else {
        return true;
    };
    report.refused.push(Refused {
        record: format!("ChildIdentifiers {}", child.identifiers.row),
        child: number.clone(),
        field: "LAchildID".to_owned(),
        value: number,
        why: why.to_owned(),
        rest_taken: false,
    });
    false
}

/// Trouble in reading, among what was not taken.
fn troubles(problems: &[Problem], more: u64, report: &mut History) {
    for problem in problems {
        report.refused.push(Refused {
            record: problem.place.to_string(),
            child: String::new(),
            field: String::new(),
            value: String::new(),
            why: problem.message.clone(),
            rest_taken: !problem.stops,
        });
    }
    if more > 0 {
        report.refused.push(Refused {
            record: String::new(),
            child: String::new(),
            field: String::new(),
            value: String::new(),
            why: format!("{more} more of the same kinds"),
            rest_taken: true,
        });
    }
}
