//! Health in the year (OC2), care leavers (OC3), adoption, and children who
//! seek asylum alone, as SSDA903 has them.

use ::returns::ssda903::{Field, Row};
use chrono::{Datelike, NaiveDate};
use record::args;
use record::model::{AdoptionPlan, CareCheck, Leaver, LeaverContact, Unaccompanied};
use vocabulary::{Id, ids};

use super::bring::{Bringing, Told, capital};
use super::looked_after::{Rows, line, some};
use crate::import::Error;

/// The columns of OC2 that are yes or no, and what they are in the record.
const CHECKS: [(Field, &str); 6] = [
    (Field::CONVICTED, "convicted"),
    (Field::HEALTH_CHECK, "development"),
    (Field::IMMUNISATIONS, "immunisations"),
    (Field::TEETH_CHECK, "dentist"),
    (Field::HEALTH_ASSESSMENT, "assessment"),
    (Field::SUBSTANCE_MISUSE, "substance"),
];

impl Bringing<'_> {
    /// What was done for the child's health in the year. The return knows no
    /// days: each stands on the last day of the year, and says so.
    pub async fn health(&mut self, rows: &Rows<'_>) -> Result<(), Error> {
        let Some(row) = rows.health else {
            return Ok(());
        };
        for (field, kind) in CHECKS {
            let done = match row.text(field) {
                "1" => "yes",
                "0" => "no",
                "" => continue,
                other => {
                    let why = "Write 1 or 0: it was left out";
                    self.refuse(&line(row), field.name(), other, why, true);
                    continue;
                }
            };
            let help = match (kind, row.text(Field::INTERVENTION_RECEIVED)) {
                ("substance", "1") => Some("received"),
                ("substance", "0") => match row.text(Field::INTERVENTION_OFFERED) {
                    "1" => Some("offered"),
                    _ => Some("none"),
                },
                _ => None,
            };
            let check = CareCheck {
                help: help.map(str::to_owned),
                ..self.check(kind, done)
            };
            self.one_check(row, kind, check).await?;
        }
        let no_score = Some(row.text(Field::SDQ_REASON));
        let no_score = self.code("care-sdq-reason", no_score, &line(row), "SDQ_REASON");
        let score = row.text(Field::SDQ_SCORE);
        let read: Option<i64> = score.parse().ok().filter(|score| (0..=40).contains(score));
        if read.is_none() && !score.is_empty() {
            let why = "The score is a whole number from 0 to 40: it was left out";
            self.refuse(&line(row), "SDQ_SCORE", score, why, true);
        }
        if read.is_some() || no_score.is_some() {
            let done = if read.is_some() { "yes" } else { "no" };
            let check = CareCheck {
                score: read,
                no_score,
                ..self.check("questionnaire", done)
            };
            self.one_check(row, "questionnaire", check).await?;
        }
        Ok(())
    }

    fn check(&self, kind: &str, done: &str) -> CareCheck {
        CareCheck {
            id: Id::new(),
            person_id: self.child,
            kind: kind.to_owned(),
            happened_on: self.origin.as_at,
            done: done.to_owned(),
            score: None,
            no_score: None,
            help: None,
            place: None,
            who: None,
            words: Some(format!(
                "In the year. {} does not say on which day.",
                capital(&self.origin.title())
            )),
            childs_words: None,
            made_by: self.clerk,
            version: 1,
        }
    }

    async fn one_check(&mut self, row: Row<'_>, kind: &str, check: CareCheck) -> Result<(), Error> {
        let record = line(row);
        let key = format!("health {kind} {}", self.origin.year);
        let told = Told {
            kind: "health checks in care",
            key: &key,
            record: &record,
            says: format!(
                "{} {:?} {:?} {:?}",
                check.done, check.score, check.no_score, check.help
            ),
        };
        self.bring(told, check, |old, new| {
            old.done = new.done;
            old.score = new.score;
            old.no_score = new.no_score;
            old.help = new.help;
        })
        .await?;
        Ok(())
    }

    /// A young person who left care, as they were around their birthday.
    pub async fn leaver(&mut self, rows: &Rows<'_>) -> Result<(), Error> {
        let Some(row) = rows.leaver else {
            return Ok(());
        };
        let record = line(row);
        let Some(born) = row.date(Field::DOB) else {
            let why = "Without the date of birth it was not taken";
            self.refuse(&record, "DOB", row.raw(Field::DOB), why, false);
            return Ok(());
        };
        let in_touch = Some(row.text(Field::IN_TOUCH));
        let Some(in_touch) = self.code("leaver-in-touch", in_touch, &record, "IN_TOUCH") else {
            let why = "Without it the row was not taken";
            self.refuse(&record, "IN_TOUCH", row.raw(Field::IN_TOUCH), why, false);
            return Ok(());
        };
        let activity = self.code(
            "leaver-activity",
            Some(row.text(Field::ACTIV)),
            &record,
            "ACTIV",
        );
        let home = Some(row.text(Field::ACCOM)).filter(|home| *home != "0");
        let home = self.code("leaver-home", home, &record, "ACCOM");
        let day = self.birthday(born);
        let eighteen = born.with_year(born.year() + 18).unwrap_or(born);
        let told = Told {
            kind: "care leavers",
            key: "leaver",
            record: &record,
            says: String::new(),
        };
        let leaver = Leaver {
            id: Id::new(),
            person_id: self.child,
            status: if day < eighteen {
                "relevant"
            } else {
                "former_relevant"
            }
            .to_owned(),
            since: day.min(eighteen),
            adviser_id: None,
            words: Some(format!("Brought in from {}.", self.origin.title())),
            assessed_on: None,
            assessment: None,
            planned_on: None,
            plan_id: None,
            pathway: None,
            housed_on: None,
            ended_on: None,
            version: 1,
        };
        let there: Option<Known> = self
            .tx
            .maybe(
                "select id from leaver where person_id = $1 order by since limit 1",
                args![self.child],
            )
            .await?;
        let leaver_id: Id<ids::Leaver> = match there {
            Some(there) if self.known("leaver").is_none() => there.id,
            _ => {
                let id = self.bring(told, leaver, |_, _| {}).await?.0;
                id.parse().map_err(|_| crate::Error::NotFound)?
            }
        };
        let key = format!("in touch {}", self.origin.year);
        let told = Told {
            kind: "care leavers’ years",
            key: &key,
            record: &record,
            says: format!("{in_touch} {activity:?} {home:?}"),
        };
        let contact = LeaverContact {
            id: Id::new(),
            leaver_id,
            person_id: self.child,
            happened_on: day,
            how: "return".to_owned(),
            in_touch,
            home,
            suitable: None,
            activity,
            words: None,
            made_by: self.clerk,
            version: 1,
        };
        self.bring(told, contact, |old, new| {
            old.in_touch = new.in_touch;
            old.home = new.home;
            old.activity = new.activity;
        })
        .await?;
        Ok(())
    }

    /// The birthday in the year of the return.
    fn birthday(&self, born: NaiveDate) -> NaiveDate {
        let end = self.origin.as_at;
        let in_year = |year| {
            // Born on 29 February: the day before counts.
            born.with_year(year)
                .or_else(|| NaiveDate::from_ymd_opt(year, 2, 28))
        };
        let this = in_year(end.year()).filter(|day| *day <= end);
        this.or_else(|| in_year(end.year() - 1)).unwrap_or(end)
    }

    /// Decisions for adoption, and what came of them.
    pub async fn adoption(&mut self, rows: &Rows<'_>) -> Result<(), Error> {
        let about = rows.adoption;
        let day = |field| about.and_then(|row: Row<'_>| row.date(field));
        let text = |field| about.and_then(|row: Row<'_>| some(row.text(field)));
        let mut decided: Vec<(NaiveDate, Row<'_>)> = Vec::new();
        for row in &rows.placed {
            match row.date(Field::DATE_PLACED) {
                Some(on) => decided.push((on, *row)),
                None => {
                    let why = "The day is missing or is not a date: not taken";
                    let written = row.raw(Field::DATE_PLACED);
                    self.refuse(&line(*row), "DATE_PLACED", written, why, false);
                }
            }
        }
        if decided.is_empty()
            && let Some(row) = about
        {
            match day(Field::DATE_INT).or(day(Field::DATE_MATCH)) {
                Some(on) => decided.push((on, row)),
                None => {
                    let why = "No day of a decision or a match is known: not taken";
                    self.refuse(&line(row), "DATE_INT", row.raw(Field::DATE_INT), why, false);
                }
            }
        }
        decided.sort_by_key(|(on, row)| (*on, row.index));
        let last = decided.len().saturating_sub(1);
        for (at, (on, row)) in decided.into_iter().enumerate() {
            // The adopters belong to the last decision.
            let of = |value: Option<String>| value.filter(|_| at == last);
            let record = line(row);
            let plan = AdoptionPlan {
                id: Id::new(),
                person_id: self.child,
                decided_on: on,
                ended_on: row.date(Field::DATE_PLACED_CEASED),
                ended_why: some(row.text(Field::REASON_PLACED_CEASED)),
                matched_on: day(Field::DATE_MATCH).filter(|_| at == last),
                intended_on: day(Field::DATE_INT).filter(|_| at == last),
                foster: of(text(Field::FOSTER_CARE)),
                adopters: of(text(Field::NB_ADOPTR)).and_then(|n| n.parse().ok()),
                adopters_sex: of(text(Field::SEX_ADOPTR)),
                adopters_status: of(text(Field::LS_ADOPTR)),
                version: 1,
            };
            let key = self.nth(format!("adoption {on}"));
            let told = Told {
                kind: "plans for adoption",
                key: &key,
                record: &record,
                says: format!(
                    "{:?}",
                    (
                        plan.ended_on,
                        &plan.ended_why,
                        plan.matched_on,
                        plan.intended_on,
                        &plan.foster,
                        plan.adopters,
                        &plan.adopters_sex,
                        &plan.adopters_status
                    )
                ),
            };
            self.bring(told, plan, |old, new| {
                let (id, version) = (old.id, old.version);
                *old = AdoptionPlan { id, version, ..new };
            })
            .await?;
        }
        Ok(())
    }

    /// A child who seeks asylum without parents.
    pub async fn alone(&mut self, rows: &Rows<'_>) -> Result<(), Error> {
        let Some(row) = rows.uasc else {
            return Ok(());
        };
        let record = line(row);
        let began = rows
            .episodes
            .iter()
            .filter_map(|row| row.date(Field::DECOM));
        let told = Told {
            kind: "children alone in the country",
            key: "alone",
            record: &record,
            says: row.raw(Field::DUC).to_owned(),
        };
        let one = Unaccompanied {
            id: Id::new(),
            person_id: self.child,
            since: began.min().unwrap_or(self.origin.as_at),
            ceased_on: row.date(Field::DUC),
            arrived_on: None,
            age: None,
            age_on: None,
            leave_kind: None,
            leave_ends: None,
            transferred: false,
            transfer_from: None,
            words: Some(format!("Brought in from {}.", self.origin.title())),
            version: 1,
        };
        self.bring(told, one, |old, new| {
            old.ceased_on = old.ceased_on.or(new.ceased_on);
        })
        .await?;
        Ok(())
    }
}

#[derive(sqlx::FromRow)]
struct Known {
    id: Id<ids::Leaver>,
}
