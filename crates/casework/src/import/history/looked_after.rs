//! What a child's rows in the tables of children looked after become: who the
//! child is, reviews, times missing, and the social workers that there were.
//! Episodes are in [`super::episodes`], the rest in [`super::health`].

use std::collections::BTreeMap;

use ::returns::ssda903::{Field, Row, Table, Tables};
use chrono::NaiveDate;
use record::args;
use record::model::{CareReview, Involvement, Missing};
use serde_json::json;
use vocabulary::{Id, ids};

use super::bring::{Bringing, Told};
use super::children::Described;
use super::episodes::care_key;
use super::{History, Refused};
use crate::import::Error;
use crate::time;

/// The rows of one child.
#[derive(Default)]
pub(super) struct Rows<'a> {
    pub header: Option<Row<'a>>,
    pub episodes: Vec<Row<'a>>,
    pub reviews: Vec<Row<'a>>,
    pub uasc: Option<Row<'a>>,
    pub health: Option<Row<'a>>,
    pub leaver: Option<Row<'a>>,
    pub adoption: Option<Row<'a>>,
    pub placed: Vec<Row<'a>>,
    pub permanence: Option<Row<'a>>,
    pub missing: Vec<Row<'a>>,
    pub workers: Vec<Row<'a>>,
}

/// The rows of a return by child. A second row where there can be one is
/// refused, and so is a row without a child.
pub(super) fn by_child<'a>(
    tables: &'a Tables,
    report: &mut History,
) -> BTreeMap<&'a str, Rows<'a>> {
    let mut all: BTreeMap<&str, Rows<'_>> = BTreeMap::new();
    let mut refuse = |row: Row<'_>, field: &str, why: &str| {
        report.refused.push(Refused {
            record: line(row),
            child: row.text(Field::CHILD).to_owned(),
            field: field.to_owned(),
            value: String::new(),
            why: why.to_owned(),
            rest_taken: false,
        });
    };
    for row in tables.iter().flatten().flat_map(|data| data.rows()) {
        let number = row.text(Field::CHILD);
        if number.is_empty() {
            refuse(
                row,
                "CHILD",
                "The child’s number is missing: the row was not taken",
            );
            continue;
        }
        let rows = all.entry(number).or_default();
        let one = match row.data().table {
            Table::Header => &mut rows.header,
            Table::UASC => &mut rows.uasc,
            Table::OC2 => &mut rows.health,
            Table::OC3 => &mut rows.leaver,
            Table::AD1 => &mut rows.adoption,
            Table::PrevPerm => &mut rows.permanence,
            Table::Episodes => {
                rows.episodes.push(row);
                continue;
            }
            Table::Reviews => {
                rows.reviews.push(row);
                continue;
            }
            Table::PlacedAdoption => {
                rows.placed.push(row);
                continue;
            }
            Table::Missing => {
                rows.missing.push(row);
                continue;
            }
            Table::SWEpisodes => {
                rows.workers.push(row);
                continue;
            }
            Table::DoLo => {
                let why = "Deprivation of liberty is not brought in: record it here";
                refuse(row, "DOLO_START", why);
                continue;
            }
        };
        if one.is_some() {
            refuse(
                row,
                "CHILD",
                "This child stands here twice: the first row was taken",
            );
        } else {
            *one = Some(row);
        }
    }
    all
}

/// "episodes, line 14".
pub(super) fn line(row: Row<'_>) -> String {
    format!("{}, line {}", row.data().table.file(), row.index + 2)
}

/// A cell as it was written.
pub(super) fn raw(row: Row<'_>, field: Field) -> &str {
    row.raw(field)
}

/// A text, if there is one.
pub(super) fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

impl Rows<'_> {
    /// Who the child is. Without a row of header.csv the date of birth of
    /// another table counts.
    pub fn described(&self, number: &str) -> Described {
        let others = [self.leaver, self.health, self.uasc, self.adoption];
        let any = self.header.or_else(|| others.into_iter().flatten().next());
        let any = any.or_else(|| self.episodes.first().copied());
        let text = |field| self.header.and_then(|row| some(row.text(field)));
        Described {
            record: any.map_or_else(String::new, line),
            number: number.to_owned(),
            upn: text(Field::UPN).filter(|upn| !upn.starts_with("UN")),
            born: any.and_then(|row| row.date(Field::DOB)),
            expected: None,
            died: None,
            sex: text(Field::SEX),
            ethnicity: text(Field::ETHNIC),
            // It says so for a time in care, and stands with that.
            no_upn: None,
            disabilities: Vec::new(),
        }
    }
}

#[derive(sqlx::FromRow)]
struct InCare {
    id: Id<ids::Care>,
    started_on: NaiveDate,
    reviews: i64,
}

impl Bringing<'_> {
    /// The time in care, brought in from a return, that a day belongs to.
    async fn in_care(&mut self, on: NaiveDate) -> Result<Option<InCare>, Error> {
        let found: Vec<InCare> = self
            .tx
            .all(
                "select c.id, c.started_on, \
                 (select count(*) from care_review r where r.care_id = c.id) as reviews \
                 from care c where c.person_id = $1 and c.started_on <= $2 \
                 and (c.ended_on is null or c.ended_on >= $2) order by c.started_on desc",
                args![self.child, on],
            )
            .await?;
        Ok(found
            .into_iter()
            .find(|care| self.known(&care_key(care.started_on)) == Some(care.id.as_str())))
    }

    /// Reviews in care.
    pub async fn reviews(&mut self, rows: &Rows<'_>) -> Result<(), Error> {
        let mut reviews: Vec<(Option<NaiveDate>, Row<'_>)> = Vec::new();
        for row in &rows.reviews {
            reviews.push((row.date(Field::REVIEW), *row));
        }
        reviews.sort_by_key(|(on, row)| (*on, row.index));
        for (on, row) in reviews {
            let record = line(row);
            let written = raw(row, Field::REVIEW).to_owned();
            let Some(on) = on else {
                let why = "The day is missing or is not a date: the review was not taken";
                self.refuse(&record, "REVIEW", &written, why, false);
                continue;
            };
            let Some(care) = self.in_care(on).await? else {
                let why = "No time in care of this file covers the day: the review was not taken";
                self.refuse(&record, "REVIEW", &written, why, false);
                continue;
            };
            let part = Some(row.text(Field::REVIEW_CODE));
            let part = self.code("care-review-part", part, &record, "REVIEW_CODE");
            let key = self.nth(format!("review {on}"));
            let told = Told {
                kind: "reviews in care",
                key: &key,
                record: &record,
                says: format!("{part:?}"),
            };
            let review = CareReview {
                id: Id::new(),
                care_id: care.id,
                person_id: self.child,
                meeting_id: None,
                number: care.reviews + 1,
                held_on: on,
                part: part.unwrap_or_default(),
                permanence: "none".to_owned(),
                decided: format!(
                    "Brought in from {}, which has no words.",
                    self.origin.title()
                ),
                not_done: None,
                early: None,
                chaired_by: None,
                made_by: self.clerk,
                version: 1,
            };
            self.bring(told, review, |old, new| old.part = new.part)
                .await?;
        }
        Ok(())
    }

    /// Times missing or away.
    pub async fn times_missing(&mut self, rows: &Rows<'_>) -> Result<(), Error> {
        for row in &rows.missing {
            let record = line(*row);
            let began = row.date(Field::MIS_START);
            let ended = row.date(Field::MIS_END);
            let bad = row.bad_date(Field::MIS_END) && ended.is_none();
            let (Some(began), false) = (began, bad || ended < began && ended.is_some()) else {
                let why = "The days are missing, no dates, or the wrong way round: not taken";
                let text = format!("{} {}", row.raw(Field::MIS_START), row.raw(Field::MIS_END));
                self.refuse(&record, "MIS_START", text.trim(), why, false);
                continue;
            };
            let kind = Some(row.text(Field::MISSING));
            let Some(kind) = self.code("missing-kind", kind, &record, "MISSING") else {
                let why = "Without M or A it was not taken";
                self.refuse(&record, "MISSING", row.raw(Field::MISSING), why, false);
                continue;
            };
            let care = self.in_care(began).await?;
            let logged_at = self.tx.now();
            let key = self.nth(format!("missing {began}"));
            let told = Told {
                kind: "times missing or away",
                key: &key,
                record: &record,
                says: format!("{kind} {ended:?}"),
            };
            let one = Missing {
                id: Id::new(),
                person_id: self.child,
                family_id: Some(self.family),
                care_id: care.map(|care| care.id),
                kind,
                started_at: time::start_of(began),
                ended_at: ended.map(time::start_of),
                last_seen: None,
                police: None,
                worry: None,
                back_how: None,
                back_place: None,
                back_words: None,
                interview: "none".to_owned(),
                interview_at: None,
                interview_by: None,
                independent: None,
                childs_words: None,
                pushes: json!([]),
                pulls: json!([]),
                exploitation: None,
                no_interview_why: None,
                next: None,
                team_id: None,
                logged_by: self.clerk,
                logged_at,
                version: 1,
            };
            self.bring(told, one, |old, new| {
                old.ended_at = old.ended_at.or(new.ended_at);
            })
            .await?;
        }
        Ok(())
    }

    /// Social workers, by the number that the return gives them: none of them
    /// signs in by it.
    pub async fn social_workers(&mut self, rows: &Rows<'_>) -> Result<(), Error> {
        for row in &rows.workers {
            let record = line(*row);
            let ended = row.date(Field::SW_DEC);
            let Some(on) = row.date(Field::SW_DECOM) else {
                let why = "The first day is missing or is not a date: not taken";
                self.refuse(&record, "SW_DECOM", row.raw(Field::SW_DECOM), why, false);
                continue;
            };
            if ended.is_none() && row.has(Field::SW_DEC) || ended.is_some_and(|end| end < on) {
                let why = "This is not a date, or is before the first day: not taken";
                self.refuse(&record, "SW_DEC", row.raw(Field::SW_DEC), why, false);
                continue;
            }
            let key = self.nth(format!("social worker {on}"));
            let told = Told {
                kind: "social workers",
                key: &key,
                record: &record,
                says: format!("{} {ended:?}", row.raw(Field::SW_ID)),
            };
            let one = Involvement {
                id: Id::new(),
                person_id: self.child,
                worker_id: None,
                team_id: None,
                role: "other".to_owned(),
                name: format!("Social worker {}", row.raw(Field::SW_ID)),
                job_title: "Social worker in an earlier return".to_owned(),
                agency: "social_care".to_owned(),
                phone: None,
                email: None,
                lead: false,
                sensitive: false,
                started_on: on,
                ended_on: ended,
                change_reason: some(row.text(Field::SW_REASON)),
                version: 1,
            };
            self.bring(told, one, |old, new| {
                old.ended_on = old.ended_on.or(new.ended_on);
                old.change_reason = old.change_reason.take().or(new.change_reason);
            })
            .await?;
        }
        Ok(())
    }
}
