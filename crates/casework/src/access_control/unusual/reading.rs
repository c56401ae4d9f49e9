//! Reading the journal on, and weighing each worker's day as a whole.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Datelike, Days, NaiveDate, Timelike, Utc, Weekday};
use record::model::{UnusualLook, WorkerHome};
use record::{AssertSqlSafe, Entity, LookMade, LookedOn, Tx, Value, args};
use serde_json::json;
use vocabulary::Id;

use super::super::homes::{Marks, homes};
use super::{ENOUGH, Sign};
use crate::{Casework, Error, Result, time};

/// The name under which the journal is read.
const READER: &str = "unusual_looks";
/// How many events are read at a time.
const MOST: i64 = 20_000;
/// Looks of one worker at one person in a day that are many without a tie.
const AGAIN: usize = 3;
/// People whom one worker looks at in a day without a tie that are many.
const PEOPLE: usize = 15;

/// Looks of one worker at one person on one day that no tie explains.
#[derive(Debug, Default)]
struct Day {
    looks: usize,
    refused: bool,
    out_of_hours: bool,
    first: Option<DateTime<Utc>>,
    last: Option<DateTime<Utc>>,
}

/// Whether somebody at a desk would not be at work: before 7, from 8 in the
/// evening, at a weekend or on a bank holiday.
fn out_of_hours(at: DateTime<Utc>, calendar: impl Fn(NaiveDate) -> bool) -> bool {
    let local = time::local(at);
    let weekend = matches!(local.weekday(), Weekday::Sat | Weekday::Sun);
    weekend || !(7..20).contains(&local.hour()) || calendar(local.date())
}

/// What the worker and the person have in common.
#[derive(Debug, Clone, Copy, Default)]
struct Same {
    name: bool,
    address: bool,
    postcode: bool,
}

fn signs(day: &Day, people: usize, same: Same) -> Vec<Sign> {
    let holds = |sign: &Sign| match sign {
        Sign::SameName => same.name,
        Sign::SameAddress => same.address,
        Sign::SamePostcode => same.postcode && !same.address,
        Sign::Refused => day.refused,
        Sign::OutOfHours => day.out_of_hours,
        Sign::Again => day.looks >= AGAIN,
        Sign::ManyPeople => people >= PEOPLE,
    };
    Sign::ALL.into_iter().filter(holds).collect()
}

/// The family name, as two spellings of it compare.
fn name_key(name: &str) -> String {
    vocabulary::name_key(name.split_whitespace().next_back().unwrap_or_default())
}

impl Casework {
    /// Reads the journal on to its end and writes what is unusual; says how
    /// many rows. A day is always weighed as a whole, however often it is read.
    pub async fn find_unusual_looks(&self) -> Result<usize> {
        let mut written = 0;
        loop {
            let mut tx = self.store().begin(&record::Actor::system(READER)).await?;
            let lookers = self.gate().lookers_since(&mut tx, READER, MOST).await?;
            if lookers.is_empty() {
                tx.commit().await?;
                return Ok(written);
            }
            for (worker, day) in days_in_england(lookers) {
                written += self.weigh(&mut tx, &worker, day).await?;
            }
            tx.commit().await?;
        }
    }

    /// Weighs one worker's day.
    async fn weigh(&self, tx: &mut Tx, worker: &str, day: NaiveDate) -> Result<usize> {
        let (from, until) = (time::start_of(day), time::start_of(day + Days::new(1)));
        let made = self.gate().looks_made(tx, worker, from, until).await?;
        let people = self.without_a_tie(made);
        if people.is_empty() {
            return Ok(0);
        }
        let theirs = names_of(tx, "worker", std::iter::once(&worker.to_owned())).await?;
        let names = names_of(tx, "person", people.keys()).await?;
        let homes = homes(tx, worker).await?;
        let lives = match homes.is_empty() {
            true => BTreeMap::new(),
            false => self.marks_of_people(tx, people.keys()).await?,
        };
        let mut written = 0;
        for (person, looks) in &people {
            let name = match (theirs.get(worker), names.get(person)) {
                (Some(theirs), Some(names)) => theirs.iter().any(|name| names.contains(name)),
                // Not a person of this record, or not a worker: nobody to check.
                _ => continue,
            };
            let theirs = lives.get(person).map(Vec::as_slice).unwrap_or_default();
            let any = |same: &dyn Fn(&WorkerHome, &Marks) -> bool| {
                homes
                    .iter()
                    .any(|home| theirs.iter().any(|m| same(home, m)))
            };
            let same = Same {
                name,
                address: any(&|home, m| home.address_mark == m.address),
                postcode: any(&|home, m| home.postcode_mark == m.postcode),
            };
            let signs = signs(looks, people.len(), same);
            if signs.iter().map(|s| s.weight()).sum::<u8>() >= ENOUGH {
                keep(tx, worker, person, day, looks, &signs).await?;
                written += 1;
            }
        }
        Ok(written)
    }

    /// The marks of every address that people have or had.
    async fn marks_of_people<'a>(
        &self,
        tx: &mut Tx,
        people: impl Iterator<Item = &'a String>,
    ) -> Result<BTreeMap<String, Vec<Marks>>> {
        #[derive(sqlx::FromRow)]
        struct Lives {
            person_id: String,
            line1: String,
            postcode: Option<String>,
        }
        let ids: Vec<&String> = people.collect();
        let mut marks: BTreeMap<String, Vec<Marks>> = BTreeMap::new();
        for some in ids.chunks(500) {
            let places: Vec<String> = (1..=some.len()).map(|n| format!("${n}")).collect();
            let sql = format!(
                "select person_id, line1, postcode from address where wrong_reason is null \
                 and postcode is not null and person_id in ({})",
                places.join(", ")
            );
            let values: Vec<Value> = some.iter().map(|id| Value::from(id.as_str())).collect();
            let rows: Vec<Lives> = tx.all(AssertSqlSafe(sql), values).await?;
            for row in rows {
                let postcode = row.postcode.unwrap_or_default();
                let of = self.marks_of(&row.line1, &postcode);
                marks.entry(row.person_id).or_default().push(of);
            }
        }
        Ok(marks)
    }

    /// The looks that no tie explains, by person.
    fn without_a_tie(&self, made: Vec<LookMade>) -> BTreeMap<String, Day> {
        let holiday = |day: NaiveDate| !self.pack().working_days().is_working_day(day);
        let mut people: BTreeMap<String, Day> = BTreeMap::new();
        for look in made {
            let because = look.because.as_deref().unwrap_or_default();
            let refused = look.action == "refused";
            if !refused && self.gate().is_of_the_work(because) {
                continue;
            }
            let Some(person) = look.subject.strip_prefix("person:") else {
                continue;
            };
            let at = match DateTime::parse_from_rfc3339(&look.recorded_at) {
                Ok(at) => at.with_timezone(&Utc),
                Err(problem) => {
                    tracing::error!(%problem, "an event has no readable time");
                    continue;
                }
            };
            let day = people.entry(person.to_owned()).or_default();
            day.looks += 1;
            day.refused |= refused;
            day.out_of_hours |= out_of_hours(at, holiday);
            day.first = Some(day.first.map_or(at, |first| first.min(at)));
            day.last = Some(day.last.map_or(at, |last| last.max(at)));
        }
        people
    }
}

/// The days in England that these days in UTC touch.
fn days_in_england(lookers: Vec<LookedOn>) -> BTreeSet<(String, NaiveDate)> {
    let mut days = BTreeSet::new();
    for looker in lookers {
        let Ok(day) = looker.day.parse::<NaiveDate>() else {
            tracing::error!(day = looker.day, "an event has no readable day");
            continue;
        };
        let first = time::local(day.and_time(chrono::NaiveTime::MIN).and_utc()).date();
        let last = time::local(
            (day + Days::new(1))
                .and_time(chrono::NaiveTime::MIN)
                .and_utc(),
        );
        days.insert((looker.actor.clone(), first));
        // Midnight itself belongs to the next day: only in summer is there more.
        if last.time() > chrono::NaiveTime::MIN {
            days.insert((looker.actor, last.date()));
        }
    }
    days
}

/// The family names of workers, or of people with all the names they had.
async fn names_of<'a>(
    tx: &mut Tx,
    of: &str,
    ids: impl Iterator<Item = &'a String>,
) -> Result<BTreeMap<String, BTreeSet<String>>> {
    #[derive(sqlx::FromRow)]
    struct Name {
        id: String,
        name: String,
    }
    let ids: BTreeSet<&String> = ids.collect();
    let mut names: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for some in ids.into_iter().collect::<Vec<_>>().chunks(500) {
        let places: Vec<String> = (1..=some.len()).map(|n| format!("${n}")).collect();
        let places = places.join(", ");
        let sql = match of {
            "worker" => format!("select id, name from worker where id in ({places})"),
            _ => format!(
                "select id, family_name as name from person where id in ({places}) \
                 union all select person_id as id, family_name as name from person_name \
                 where person_id in ({places})"
            ),
        };
        let values: Vec<Value> = some.iter().map(|id| Value::from(id.as_str())).collect();
        let rows: Vec<Name> = tx.all(AssertSqlSafe(sql), values).await?;
        for row in rows {
            let key = name_key(&row.name);
            let known = names.entry(row.id).or_default();
            if !key.is_empty() {
                known.insert(key);
            }
        }
    }
    Ok(names)
}

/// Writes what is unusual of a day, or brings up to date what was found of it
/// before.
async fn keep(
    tx: &mut Tx,
    worker: &str,
    person: &str,
    day: NaiveDate,
    looks: &Day,
    signs: &[Sign],
) -> Result<()> {
    let columns = UnusualLook::COLUMNS.join(", ");
    let sql = format!(
        "select {columns} from unusual_look where worker_id = $1 and person_id = $2 and day = $3"
    );
    let known: Option<UnusualLook> = tx
        .maybe(AssertSqlSafe(sql), args![worker, person, day])
        .await?;
    let now = tx.now();
    let (first, last) = (looks.first.unwrap_or(now), looks.last.unwrap_or(now));
    let count = i64::try_from(looks.looks).unwrap_or(i64::MAX);
    let words: BTreeSet<&str> = signs.iter().map(|s| s.word()).collect();
    match known {
        Some(mut row) => {
            if row.looks == count {
                return Ok(());
            }
            row.looks = count;
            row.last_at = last;
            row.signs = json!(words);
            // What was checked before these looks does not speak of them.
            row.reviewed_by = None;
            row.reviewed_at = None;
            row.outcome = None;
            tx.update(&mut row).await?;
        }
        None => {
            let (Ok(worker_id), Ok(person_id)) = (worker.parse(), person.parse()) else {
                return Err(Error::NotFound);
            };
            tx.insert(&UnusualLook {
                id: Id::new(),
                worker_id,
                person_id,
                day,
                signs: json!(words),
                looks: count,
                first_at: first,
                last_at: last,
                reviewed_by: None,
                reviewed_at: None,
                review_note: None,
                outcome: None,
                version: 1,
            })
            .await?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;

    #[test]
    fn a_name_is_enough_and_the_rest_must_come_together() {
        let at_night = Day {
            looks: 1,
            out_of_hours: true,
            ..Day::default()
        };
        let weight = |day: &Day, people, name| -> u8 {
            let same = Same {
                name,
                ..Same::default()
            };
            signs(day, people, same).iter().map(|s| s.weight()).sum()
        };
        assert!(weight(&Day::default(), 1, true) >= ENOUGH);
        assert!(weight(&at_night, 1, false) < ENOUGH);
        let again = Day {
            looks: AGAIN,
            out_of_hours: true,
            ..Day::default()
        };
        assert!(weight(&again, 1, false) >= ENOUGH);
        assert!(weight(&at_night, PEOPLE, false) >= ENOUGH);
    }

    #[test]
    fn night_weekend_and_bank_holidays_are_out_of_hours() {
        let never = |_: NaiveDate| false;
        let at = |day, hour| Utc.with_ymd_and_hms(2026, 11, day, hour, 0, 0).unwrap();
        assert!(!out_of_hours(at(20, 11), never), "a Friday morning");
        assert!(out_of_hours(at(20, 22), never), "a Friday night");
        assert!(out_of_hours(at(21, 11), never), "a Saturday");
        assert!(out_of_hours(at(20, 11), |_| true), "a bank holiday");
    }
}
