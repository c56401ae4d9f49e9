//! Times in care, homes and episodes from the episodes of SSDA903. An episode
//! that begins with S opens a time in care, one that ends with anything but X1
//! closes it; a change of legal status alone stays in the same home.

use ::returns::ssda903::{Field, Row, providers};
use chrono::NaiveDate;
use record::model::{Care, CareEpisode, Placement, Restriction};
use record::{AssertSqlSafe, Entity, args};
use vocabulary::{Id, ids};

use super::bring::{Bringing, Told, Was};
use super::looked_after::{Rows, line, raw, some};
use crate::import::Error;
use crate::time;

/// The reasons for which care ends by an adoption.
const ADOPTED: [&str; 2] = ["E11", "E12"];
/// Days until somebody looks again at a restriction.
const REVIEW: u64 = 90;

/// An episode that can be taken.
#[derive(Clone)]
struct One<'a> {
    on: NaiveDate,
    ended: Option<NaiveDate>,
    home: String,
    status: String,
    row: Row<'a>,
}

impl One<'_> {
    /// Care ends with it.
    fn leaves(&self) -> bool {
        self.ended.is_some() && self.row.text(Field::REC) != "X1"
    }
}

/// A time in care: its homes, each with its episodes.
#[derive(Default)]
struct Time<'a> {
    homes: Vec<Vec<One<'a>>>,
}

impl<'a> Time<'a> {
    fn first(&self) -> Option<&One<'a>> {
        self.homes.first().and_then(|home| home.first())
    }

    fn last(&self) -> Option<&One<'a>> {
        self.homes.last().and_then(|home| home.last())
    }

    fn ended(&self) -> Option<NaiveDate> {
        let last = self.last().filter(|last| last.leaves())?;
        last.ended
    }
}

/// The times in care that episodes, in the order of their days, make up.
fn times(episodes: Vec<One<'_>>) -> Vec<Time<'_>> {
    let mut all: Vec<Time<'_>> = Vec::new();
    for one in episodes {
        let began = one.row.text(Field::RNE);
        let goes_on = began != "S" && all.last().is_some_and(|time| time.ended().is_none());
        match all.last_mut().filter(|_| goes_on) {
            None => all.push(Time {
                homes: vec![vec![one]],
            }),
            Some(time) => match time.homes.last_mut().filter(|_| began == "L") {
                Some(home) => home.push(one),
                None => time.homes.push(vec![one]),
            },
        }
    }
    all
}

impl Bringing<'_> {
    /// Brings the episodes of a child in.
    pub async fn episodes(&mut self, rows: &Rows<'_>) -> Result<(), Error> {
        let mut episodes: Vec<One<'_>> = Vec::new();
        for row in &rows.episodes {
            episodes.extend(self.readable(*row));
        }
        episodes.sort_by_key(|one| (one.on, one.row.index));
        for time in times(episodes) {
            self.time_in_care(&time, rows).await?;
        }
        Ok(())
    }

    /// An episode with all that the record needs of it.
    fn readable<'r>(&mut self, row: Row<'r>) -> Option<One<'r>> {
        let record = line(row);
        let Some(on) = row.date(Field::DECOM) else {
            let why = "The first day is missing or is not a date: the episode was not taken";
            self.refuse(&record, "DECOM", raw(row, Field::DECOM), why, false);
            return None;
        };
        let ended = row.date(Field::DEC);
        if ended.is_none() && row.has(Field::DEC) || ended.is_some_and(|end| end < on) {
            let why = "This is not a date, or is before the first day: the episode was not taken";
            self.refuse(&record, "DEC", raw(row, Field::DEC), why, false);
            return None;
        }
        let pack = self.casework.pack();
        let known = |list: &str, field| {
            let codes = pack.codes(list, time::today());
            let text = row.text(field);
            codes
                .is_some_and(|codes| codes.code(text).is_some())
                .then(|| text.to_owned())
        };
        let (home, status) = (
            known("care-home", Field::PLACE),
            known("care-legal-status", Field::LS),
        );
        let (Some(home), Some(status)) = (&home, &status) else {
            let field = if home.is_none() {
                Field::PLACE
            } else {
                Field::LS
            };
            let why = "This code is missing or not in the list: the episode was not taken";
            self.refuse(&record, field.name(), raw(row, field), why, false);
            return None;
        };
        Some(One {
            on,
            ended,
            home: home.clone(),
            status: status.clone(),
            row,
        })
    }

    async fn time_in_care(&mut self, time: &Time<'_>, rows: &Rows<'_>) -> Result<(), Error> {
        let (Some(first), Some(last)) = (time.first(), time.last()) else {
            return Ok(());
        };
        let record = line(first.row);
        let Some(started_on) = self.care_began(first.on).await? else {
            for one in time.homes.iter().flatten() {
                let why =
                    "The record has a time in care of its own here: the episode was not taken";
                let text = raw(one.row, Field::DECOM);
                self.refuse(&line(one.row), "DECOM", text, why, false);
            }
            return Ok(());
        };
        let care = Care {
            ended_on: time.ended(),
            ..self.care_row(started_on, rows)
        };
        let key = care_key(started_on);
        let told = Told {
            kind: "times in care",
            key: &key,
            record: &record,
            says: format!(
                "{:?}",
                (
                    care.ended_on,
                    &care.previous,
                    &care.previous_council,
                    &care.previous_on,
                    &care.no_upn,
                    care.mother,
                    care.mother_on
                )
            ),
        };
        let (id, was) = self.bring(told, care, fill_care).await?;
        let id: Id<ids::Care> = id.parse().map_err(|_| crate::Error::NotFound)?;
        if was == Was::New {
            let source = ("care", id.as_str());
            self.chronicle(started_on, "move", "Came into care.", source, &record)
                .await?;
        }
        if was != Was::Same
            && let Some(ended) = time.ended()
        {
            let source = ("care", id.as_str());
            self.chronicle(ended, "move", "Left care.", source, &line(last.row))
                .await?;
        }
        for home in &time.homes {
            self.home(id, home).await?;
        }
        if ADOPTED.contains(&last.row.text(Field::REC)) && last.leaves() {
            self.seal(&line(last.row)).await?;
        }
        Ok(())
    }

    /// The day on which the time in care began that a day belongs to: that of
    /// one which an earlier file left open, else the day itself. Nothing when
    /// the record has a time in care of its own there.
    async fn care_began(&mut self, on: NaiveDate) -> Result<Option<NaiveDate>, Error> {
        let sql = format!(
            "select {} from care where person_id = $1 order by started_on desc",
            Care::COLUMNS.join(", ")
        );
        let there: Vec<Care> = self.tx.all(AssertSqlSafe(sql), args![self.child]).await?;
        let mut began = on;
        for care in there {
            let brought = self.known(&care_key(care.started_on)) == Some(care.id.as_str());
            let covers = care.started_on <= on && care.ended_on.is_none_or(|end| on < end);
            match brought {
                true if covers => began = care.started_on,
                true => {}
                false if covers || care.ended_on.is_none() || care.started_on >= on => {
                    return Ok(None);
                }
                false => {}
            }
        }
        Ok(Some(began))
    }

    fn care_row(&self, on: NaiveDate, rows: &Rows<'_>) -> Care {
        let text = |row: Option<Row<'_>>, field| row.and_then(|row| some(row.text(field)));
        let (header, permanence) = (rows.header, rows.permanence);
        let upn = text(header, Field::UPN);
        Care {
            id: Id::new(),
            person_id: self.child,
            family_id: Some(self.family),
            started_on: on,
            ended_on: None,
            iro_id: None,
            permanence: "none".into(),
            permanence_on: None,
            previous: text(permanence, Field::PREV_PERM),
            previous_council: text(permanence, Field::LA_PERM),
            previous_on: text(permanence, Field::DATE_PERM),
            no_upn: upn.filter(|upn| upn.starts_with("UN")),
            mother: match text(header, Field::MOTHER).as_deref() {
                Some("1") => Some(true),
                Some("0") => Some(false),
                _ => None,
            },
            mother_on: header.and_then(|row| row.date(Field::MC_DOB)),
            why: format!(
                "Brought in from {}, which has no words.",
                self.origin.title()
            ),
            version: 1,
        }
    }

    /// A home with its episodes.
    async fn home(&mut self, care: Id<ids::Care>, episodes: &[One<'_>]) -> Result<(), Error> {
        let (Some(first), Some(last)) = (episodes.first(), episodes.last()) else {
            return Ok(());
        };
        let record = line(first.row);
        let on = self.home_began(first).await?;
        let urn = some(first.row.text(Field::URN)).filter(|urn| providers::real(urn));
        let short = matches!(first.status.as_str(), "V3" | "V4");
        let reason = some(last.row.text(Field::REASON_PLACE_CHANGE));
        let one = Placement {
            id: Id::new(),
            care_id: care,
            person_id: self.child,
            started_on: on,
            ended_on: last.ended,
            home: first.home.clone(),
            provider: first.row.text(Field::PLACE_PROVIDER).to_owned(),
            carer: "Not named in the return".to_owned(),
            address_id: None,
            postcode: some(raw(first.row, Field::PL_POST)),
            hidden: false,
            outside: None,
            area: None,
            miles: None,
            urn,
            registered: true,
            rule: if short { "short_break" } else { "ordinary" }.to_owned(),
            agreed_by: None,
            move_reason: reason,
            planned_on: None,
            carer_id: None,
            version: 1,
        };
        let key = self.nth(home_key(on));
        let told = Told {
            kind: "homes in care",
            key: &key,
            record: &record,
            says: format!(
                "{:?}",
                (
                    &one.home,
                    &one.provider,
                    &one.postcode,
                    &one.urn,
                    one.ended_on,
                    &one.move_reason
                )
            ),
        };
        let (placement, _) = self
            .bring(told, one, |old, new| {
                old.ended_on = old.ended_on.or(new.ended_on);
                old.move_reason = old.move_reason.take().or(new.move_reason);
            })
            .await?;
        let placement = placement.parse().map_err(|_| crate::Error::NotFound)?;
        for one in episodes {
            self.one_episode(care, placement, one).await?;
        }
        Ok(())
    }

    /// The day on which a home began: when the first episode of this file only
    /// changed the legal status, that of the home which an earlier file knows.
    async fn home_began(&mut self, first: &One<'_>) -> Result<NaiveDate, Error> {
        let known = self.known(&episode_key(first.on)).map(str::to_owned);
        let Some(episode) = known else {
            return Ok(first.on);
        };
        let episode: CareEpisode = self.tx.get(episode).await?;
        let placement: Placement = self.tx.get(episode.placement_id).await?;
        Ok(placement.started_on)
    }

    async fn one_episode(
        &mut self,
        care_id: Id<ids::Care>,
        placement_id: Id<ids::Placement>,
        one: &One<'_>,
    ) -> Result<(), Error> {
        let record = line(one.row);
        let need = self.code("care-need", Some(one.row.text(Field::CIN)), &record, "CIN");
        let row = CareEpisode {
            id: Id::new(),
            care_id,
            person_id: self.child,
            placement_id,
            started_on: one.on,
            began: one.row.text(Field::RNE).to_owned(),
            legal_status: one.status.clone(),
            need: need.unwrap_or_default(),
            ended_on: one.ended,
            ended_why: one.ended.map(|_| one.row.text(Field::REC).to_owned()),
            home_postcode: some(raw(one.row, Field::HOME_POST)),
            corrected_at: None,
            correction_reason: None,
            version: 1,
        };
        let columns = one.row.data().table.columns().iter();
        let says: Vec<&str> = columns.map(|field| one.row.raw(*field)).collect();
        let key = self.nth(episode_key(one.on));
        let told = Told {
            kind: "episodes in care",
            key: &key,
            record: &record,
            says: says.join("|"),
        };
        self.bring(told, row, |old, new| {
            old.ended_on = old.ended_on.or(new.ended_on);
            old.ended_why = old.ended_why.take().or(new.ended_why);
        })
        .await?;
        Ok(())
    }

    /// The record of a child who was adopted is closed to everybody but those
    /// who look after restricted records, as an order of this system's own
    /// would close it.
    async fn seal(&mut self, record: &str) -> Result<(), Error> {
        let now = self.tx.now();
        let row = Restriction {
            id: Id::new(),
            person_id: self.child,
            reason: "adoption".to_owned(),
            set_by: self.tx.actor().who.clone(),
            set_at: now,
            review_on: time::local(now).date() + chrono::Days::new(REVIEW),
            ended_at: None,
            version: 1,
        };
        let told = Told {
            kind: "restrictions after an adoption",
            key: "adopted",
            record,
            says: String::new(),
        };
        let was = self.bring(told, row, |_, _| {}).await?.1;
        self.report.sealed += usize::from(was == Was::New);
        Ok(())
    }
}

/// The key of a time in care.
pub(super) fn care_key(started_on: NaiveDate) -> String {
    format!("care {started_on}")
}

fn home_key(started_on: NaiveDate) -> String {
    format!("home {started_on}")
}

fn episode_key(started_on: NaiveDate) -> String {
    format!("episode {started_on}")
}

fn fill_care(old: &mut Care, new: Care) {
    old.ended_on = old.ended_on.or(new.ended_on);
    old.previous = old.previous.take().or(new.previous);
    old.previous_council = old.previous_council.take().or(new.previous_council);
    old.previous_on = old.previous_on.take().or(new.previous_on);
    old.no_upn = old.no_upn.take().or(new.no_upn);
    old.mother = old.mother.or(new.mother);
    old.mother_on = old.mother_on.or(new.mother_on);
}
