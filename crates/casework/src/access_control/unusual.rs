//! Looks that nothing in the work explains (security: T1): somebody of the same
//! name, no tie to the person, at night, again and again. They are found by
//! reading the journal on (every hour, and when somebody asks), listed for
//! information governance by reference, and marked as checked with a note. The
//! list obeys the gate, and showing it is itself a look.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Datelike, Days, NaiveDate, Timelike, Utc, Weekday};
use record::model::UnusualLook;
use record::{AssertSqlSafe, Entity, Listed, LookMade, LookedOn, Tx, Value, Viewer, args};
use serde_json::json;
use vocabulary::{Id, ids};

use crate::{Casework, Error, Result, time};

/// The name under which the journal is read.
const READER: &str = "unusual_looks";
/// How many events are read at a time.
const MOST: i64 = 20_000;
/// Looks of one worker at one person in a day that are many without a tie.
const AGAIN: usize = 3;
/// People whom one worker looks at in a day without a tie that are many.
const PEOPLE: usize = 15;
/// How much must come together before a person is asked to check it.
const ENOUGH: u8 = 3;

/// What is unusual about a look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sign {
    /// The worker and the person have the same family name.
    SameName,
    /// The record was closed to the worker, who tried to open it.
    Refused,
    /// At night, at a weekend, or on a bank holiday.
    OutOfHours,
    /// Several times in one day.
    Again,
    /// One of many people whom the worker looked at that day.
    ManyPeople,
}

impl Sign {
    const ALL: [Sign; 5] = [
        Sign::SameName,
        Sign::Refused,
        Sign::OutOfHours,
        Sign::Again,
        Sign::ManyPeople,
    ];

    fn word(self) -> &'static str {
        match self {
            Sign::SameName => "same_name",
            Sign::Refused => "refused",
            Sign::OutOfHours => "out_of_hours",
            Sign::Again => "again",
            Sign::ManyPeople => "many_people",
        }
    }

    /// In a sentence, for the page.
    pub fn words(self) -> &'static str {
        match self {
            Sign::SameName => "The worker has the same family name",
            Sign::Refused => "The record was closed to the worker",
            Sign::OutOfHours => "Outside working hours",
            Sign::Again => "Several times in one day",
            Sign::ManyPeople => "The worker looked at many people that day",
        }
    }

    /// Alone only a name is enough; the others must come together.
    fn weight(self) -> u8 {
        match self {
            Sign::SameName => ENOUGH,
            Sign::Again | Sign::ManyPeople => 2,
            Sign::Refused | Sign::OutOfHours => 1,
        }
    }
}

/// One line of the page.
#[derive(Debug, Clone)]
pub struct UnusualRow {
    /// The row.
    pub id: Id<ids::Part>,
    /// Who looked.
    pub worker: String,
    /// The record's reference: the last eight characters of its id.
    pub reference: String,
    /// The day.
    pub day: NaiveDate,
    /// What is unusual, in sentences.
    pub signs: Vec<&'static str>,
    /// How many looks.
    pub looks: i64,
    /// The first of them.
    pub first_at: DateTime<Utc>,
    /// Who checked it, when, and what they found.
    pub reviewed: Option<super::Reviewed>,
    /// The viewer looked, so somebody else checks it.
    pub own: bool,
    subject: Id<ids::Person>,
}

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

fn signs(day: &Day, people: usize, same_name: bool) -> Vec<Sign> {
    let holds = |sign: &Sign| match sign {
        Sign::SameName => same_name,
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
    /// The looks that nothing in the work explains, as far as the journal was
    /// read: those to check, then the last ones that were checked.
    pub async fn unusual_looks(&self, viewer: &Viewer) -> Result<Listed<UnusualRow>> {
        if !viewer.can("access.review") {
            return Err(Error::NotFound);
        }
        let (barred, values) = self.gate().barred(viewer, "u.person_id", 1);
        let columns: Vec<String> = UnusualLook::COLUMNS
            .iter()
            .map(|c| format!("u.{c}"))
            .collect();
        #[derive(sqlx::FromRow)]
        struct Found {
            #[sqlx(flatten)]
            row: UnusualLook,
            worker: String,
            reviewer: Option<String>,
        }
        let sql = format!(
            "select {}, w.name as worker, r.name as reviewer from unusual_look u \
             join worker w on w.id = u.worker_id left join worker r on r.id = u.reviewed_by \
             where not {barred} \
             order by case when u.reviewed_at is null then 0 else 1 end, u.day desc, u.id limit 100",
            columns.join(", ")
        );
        let db = self.store().read_db();
        let found: Vec<Found> = db.all(AssertSqlSafe(sql), values).await?;
        let rows = found.into_iter().map(|f| UnusualRow {
            id: f.row.id,
            worker: f.worker,
            reference: f.row.person_id.as_str()[28..].to_uppercase(),
            day: f.row.day,
            signs: in_words(&f.row.signs),
            looks: f.row.looks,
            first_at: f.row.first_at,
            own: f.row.worker_id == viewer.principal.worker,
            subject: f.row.person_id,
            reviewed: match (f.row.reviewed_at, f.reviewer) {
                (Some(at), Some(by)) => Some(super::Reviewed {
                    by,
                    at,
                    words: f.row.review_note.unwrap_or_default(),
                }),
                _ => None,
            },
        });
        let about = |row: &UnusualRow| vec![format!("person:{}", row.subject)];
        Ok(self
            .gate()
            .listed(viewer, "unusual looks", rows.collect(), about)
            .await?)
    }

    /// Marks a look as checked, with what was found. Nobody checks their own.
    pub async fn review_unusual(
        &self,
        viewer: &Viewer,
        id: Id<ids::Part>,
        words: &str,
    ) -> Result<()> {
        if !viewer.can("access.review") {
            return Err(Error::NotFound);
        }
        let mut tx = self.store().begin(&viewer.actor()).await?;
        let mut row: UnusualLook = tx.get(id).await?;
        if self.gate().is_barred(viewer, row.person_id).await? {
            return Err(Error::NotFound);
        }
        if row.worker_id == viewer.principal.worker {
            return Err(Error::Refused(
                "This was your own look, so somebody else must check it.".into(),
            ));
        }
        if words.trim().chars().count() < 10 {
            let message = "Write what you found: why did they look, and what happens now?";
            return Err(Error::finding(
                &format!("words-{id}"),
                "What you found",
                message,
            ));
        }
        row.reviewed_by = Some(viewer.principal.worker);
        row.reviewed_at = Some(tx.now());
        row.review_note = Some(words.trim().to_owned());
        tx.because_of(words.trim());
        tx.update(&mut row).await?;
        Ok(tx.commit().await?)
    }

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
        let mut written = 0;
        for (person, looks) in &people {
            let same_name = match (theirs.get(worker), names.get(person)) {
                (Some(theirs), Some(names)) => theirs.iter().any(|name| names.contains(name)),
                // Not a person of this record, or not a worker: nobody to check.
                _ => continue,
            };
            let signs = signs(looks, people.len(), same_name);
            if signs.iter().map(|s| s.weight()).sum::<u8>() >= ENOUGH {
                keep(tx, worker, person, day, looks, &signs).await?;
                written += 1;
            }
        }
        Ok(written)
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

fn in_words(signs: &serde_json::Value) -> Vec<&'static str> {
    let kept: Vec<&str> = signs
        .as_array()
        .map(|list| list.iter().filter_map(|v| v.as_str()).collect())
        .unwrap_or_default();
    Sign::ALL
        .into_iter()
        .filter(|sign| kept.contains(&sign.word()))
        .map(Sign::words)
        .collect()
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
        let weight = |day: &Day, people, same| -> u8 {
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
