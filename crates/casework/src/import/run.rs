//! Writing what was read: in batches that are whole or not at all, so that an
//! interrupted run is simply run again.

use std::collections::HashMap;

use record::model::{Address, Person, PersonName};
use record::{Actor, AssertSqlSafe, Entity, Tx, args};
use sha2::{Digest, Sha256};
use vocabulary::{Id, ids};

use super::reading::{self, Read};
use super::{Error, Mapping, Table, dates};
use crate::people::{NewAddress, NewPerson};
use crate::{Casework, find, time};

/// How many rows are one transaction.
const BATCH: usize = 200;

/// How far an import has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Rows looked at.
    pub done: usize,
    /// Rows in all.
    pub of: usize,
}

/// A row that was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejected {
    /// The line it begins on.
    pub line: u64,
    /// The cells as they were.
    pub cells: Vec<String>,
    /// What is wrong, field by field.
    pub wrong: Vec<String>,
}

/// What an import did, or would do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Which column was taken as what: field and heading.
    pub columns: Vec<(String, String)>,
    /// Columns that were not taken.
    pub not_taken: Vec<String>,
    /// What a reader should know.
    pub remarks: Vec<String>,
    /// Rows in the file.
    pub rows: usize,
    /// People added.
    pub added: usize,
    /// People whose row had changed since it was last taken.
    pub changed: usize,
    /// Rows that were taken before and had not changed.
    pub same: usize,
    /// Possible duplicates raised for someone to settle.
    pub duplicates: i64,
    /// Rows that were not taken.
    pub rejected: Vec<Rejected>,
}

#[derive(sqlx::FromRow)]
struct Taken {
    digest: String,
    person_id: Id<ids::Person>,
}

#[derive(sqlx::FromRow)]
struct Count {
    n: i64,
}

impl Casework {
    /// Takes the people of a table. `source` names the old system: the same
    /// key of the same source is the same person. With `dry` everything is
    /// checked and nothing is written.
    pub async fn import_people(
        &self,
        table: &Table,
        mapping: &Mapping,
        source: &str,
        dry: bool,
        mut told: impl FnMut(Progress),
    ) -> Result<Report, Error> {
        let columns = mapping.settle(table)?;
        let born = columns.get("born").copied();
        let values = table
            .rows
            .iter()
            .filter_map(|(_, cells)| born.and_then(|at| cells.get(at)))
            .map(String::as_str);
        let order = dates::order(values, mapping.dates.as_deref()).map_err(Error::File)?;
        let mut report = Report {
            rows: table.rows.len(),
            ..Report::default()
        };
        describe(&mut report, table, &columns, order);
        let mut good: Vec<Read> = Vec::new();
        for (line, cells) in &table.rows {
            match reading::read(cells, &table.headings, &columns, order, time::today()) {
                Ok(read) => good.push(read),
                Err(wrong) => report.rejected.push(Rejected {
                    line: *line,
                    cells: cells.clone(),
                    wrong,
                }),
            }
        }
        let before = self.raised().await?;
        let mut families = HashMap::new();
        let mut done = report.rejected.len();
        for batch in good.chunks(BATCH) {
            let mut tx = self
                .store()
                .begin(&Actor::system(&format!("import {source}")))
                .await?;
            tx.because_of(&format!("Import from {source}"));
            for read in batch {
                self.take(&mut tx, read, source, &mut families, &mut report)
                    .await?;
            }
            if dry {
                drop(tx);
                // A family that was only tried is not there for the next batch.
                families.clear();
            } else {
                tx.commit().await?;
            }
            done += batch.len();
            told(Progress {
                done,
                of: report.rows,
            });
        }
        report.duplicates = self.raised().await? - before;
        Ok(report)
    }

    pub(super) async fn raised(&self) -> Result<i64, Error> {
        let count: Count = self
            .store()
            .read_db()
            .one("select count(*) as n from possible_duplicate", args![])
            .await?;
        Ok(count.n)
    }

    async fn take(
        &self,
        tx: &mut Tx,
        read: &Read,
        source: &str,
        families: &mut HashMap<String, Id<ids::Family>>,
        report: &mut Report,
    ) -> Result<(), Error> {
        let digest = hex::encode(Sha256::digest(format!("{:?}", read).as_bytes()));
        let taken: Option<Taken> = tx
            .maybe(
                "select digest, person_id from imported where source = $1 and source_key = $2",
                args![source, &read.key],
            )
            .await?;
        let person = match taken {
            Some(taken) if taken.digest == digest => {
                report.same += 1;
                return Ok(());
            }
            Some(taken) => {
                self.change(tx, taken.person_id, &read.person).await?;
                report.changed += 1;
                taken.person_id
            }
            None => {
                let family = self.family_for(tx, read, source, families).await?;
                let person = self.add_person(tx, &read.person, family, true).await?;
                report.added += 1;
                person.id
            }
        };
        remember(tx, source, &read.key, &digest, person).await?;
        if let Some(family) = &read.family {
            remember(tx, &format!("{source} family"), family, "", person).await?;
        }
        Ok(())
    }

    /// The family of a family key: that of someone taken before with it, or a
    /// new one. The key is kept as a row of its own kind of source.
    async fn family_for(
        &self,
        tx: &mut Tx,
        read: &Read,
        source: &str,
        families: &mut HashMap<String, Id<ids::Family>>,
    ) -> Result<Option<Id<ids::Family>>, Error> {
        #[derive(sqlx::FromRow)]
        struct Of {
            family_id: Id<ids::Family>,
        }
        let Some(key) = &read.family else {
            return Ok(None);
        };
        if let Some(family) = families.get(key) {
            return Ok(Some(*family));
        }
        // Another run may have begun this family: its first member is kept
        // under the family's key.
        let kept = format!("{source} family");
        let before: Option<Of> = tx
            .maybe(
                "select m.family_id from imported i join family_member m on m.person_id = i.person_id \
                 where i.source = $1 and i.source_key = $2 order by m.id limit 1",
                args![&kept, key],
            )
            .await?;
        let family = match before {
            Some(of) => of.family_id,
            None => {
                let name = match read.person.family_name.as_str() {
                    "" => &read.person.given,
                    name => name,
                };
                self.new_family(tx, name).await?.id
            }
        };
        families.insert(key.clone(), family);
        Ok(Some(family))
    }

    /// Brings a person up to what a changed row says. What the row leaves empty
    /// stays as it is; an earlier name and an earlier home are kept.
    async fn change(&self, tx: &mut Tx, id: Id<ids::Person>, new: &NewPerson) -> Result<(), Error> {
        let before: Person = tx.get(id).await?;
        let mut person = before.clone();
        person.kind = new.kind;
        person.given = new.given.clone();
        person.family_name = new.family_name.clone();
        person.known_as = new.known_as.clone().or(person.known_as);
        person.born_on = new.born_on.or(person.born_on);
        person.sex = new.sex.clone().or(person.sex);
        person.ethnicity = new.ethnicity.clone().or(person.ethnicity);
        person.nhs_number = new.nhs_number.clone().or(person.nhs_number);
        person.upn = new.upn.clone().or(person.upn);
        // A number that was withheld does not come back with a list.
        if person.nhs_number.is_some() && crate::sharing::is_withheld(tx, id).await? {
            person.nhs_number = None;
        }
        let sql = format!(
            "select {} from person_name where person_id = $1",
            PersonName::COLUMNS.join(", ")
        );
        let mut also: Vec<PersonName> = tx.all(AssertSqlSafe(sql), args![id]).await?;
        if (&before.given, &before.family_name) != (&person.given, &person.family_name) {
            let former = PersonName {
                id: Id::new(),
                person_id: id,
                kind: "former".into(),
                given: before.given.clone(),
                family_name: before.family_name.clone(),
                started_on: None,
                ended_on: Some(time::local(tx.now()).date()),
                wrong_reason: None,
                version: 1,
            };
            tx.insert(&former).await?;
            also.push(former);
        }
        if person != before {
            tx.update(&mut person).await?;
            find::index_person(tx, &person, &also).await?;
        }
        if let Some(address) = &new.address {
            self.move_to(tx, id, address).await?;
        }
        Ok(())
    }

    async fn move_to(
        &self,
        tx: &mut Tx,
        id: Id<ids::Person>,
        new: &NewAddress,
    ) -> Result<(), Error> {
        let sql = format!(
            "select {} from address where person_id = $1 and kind = 'home' and ended_on is null",
            Address::COLUMNS.join(", ")
        );
        let homes: Vec<Address> = tx.all(AssertSqlSafe(sql), args![id]).await?;
        let there = homes
            .iter()
            .any(|h| h.line1 == new.line1 && h.postcode == new.postcode);
        if there {
            return Ok(());
        }
        let today = time::local(tx.now()).date();
        for mut home in homes {
            home.ended_on = Some(today);
            tx.update(&mut home).await?;
        }
        self.add_address(tx, id, new).await?;
        Ok(())
    }
}

/// Keeps what was taken. The person of a key stays the one of the first time.
async fn remember(
    tx: &mut Tx,
    source: &str,
    key: &str,
    digest: &str,
    person: Id<ids::Person>,
) -> Result<(), Error> {
    let now = tx.now();
    tx.run(
        "insert into imported (source, source_key, digest, person_id, imported_at) \
         values ($1, $2, $3, $4, $5) on conflict (source, source_key) do update \
         set digest = excluded.digest, imported_at = excluded.imported_at",
        args![source, key, digest, person, now],
    )
    .await?;
    Ok(())
}

/// Says how the file was read.
fn describe(
    report: &mut Report,
    table: &Table,
    columns: &super::mapping::Columns,
    order: dates::Order,
) {
    for (field, at) in columns {
        report
            .columns
            .push(((*field).to_owned(), table.headings[*at].clone()));
    }
    report.not_taken = (0..table.headings.len())
        .filter(|i| !columns.values().any(|at| at == i))
        .map(|i| table.headings[i].clone())
        .filter(|h| !h.is_empty())
        .collect();
    report.remarks.push(format!(
        "Read as {} with {} between columns.",
        table.encoding,
        match table.separator {
            '\t' => "tabs".to_owned(),
            other => format!("“{other}”"),
        }
    ));
    if columns.contains_key("born") {
        let words = match order {
            dates::Order::DayFirst => "day before month",
            dates::Order::MonthFirst => "month before day",
        };
        report.remarks.push(format!(
            "Dates such as 03/04/2013 are read with the {words}."
        ));
    }
    if !columns.contains_key("key") {
        report.remarks.push(
            "No column tells rows apart. A person is known by NHS or pupil number, or by name, date of birth and postcode: a row in which those change counts as a new person. Better: --column key=HEADING."
                .into(),
        );
    }
}
