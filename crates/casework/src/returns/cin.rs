//! The children in need census from the dataset: every child with an episode
//! of need in the census year, as the record stood on its last day.
//!
//! What the record does not hold stays out, so that the rules find it and the
//! worker mends it. A code is given only where it follows from the record: U
//! for the sex of a baby who is not born, UN1 for a child too young for
//! school, UN7 where every referral went no further.

use std::collections::HashMap;

use ::returns::cin::model::{
    Assessment, Child, ChildCharacteristics, ChildIdentifiers, CinDetails, CinPlan, Date,
    Disability, Factor, Header, Message, ProtectionPlan, Review, Section47, Source, Text,
};
use chrono::{Datelike, NaiveDate, NaiveDateTime};
use packs::Pack;
use vocabulary::{Id, ids};

use super::place::{Place, Rows};
use crate::dataset::{self, Dataset, Enquiry, Episode, episodes};

/// A census with where each of its rows comes from.
#[derive(Debug, Clone, Default)]
pub struct Census {
    /// The message.
    pub message: Message,
    /// The records behind the rows.
    pub rows: Rows,
    /// How many of its children are restricted.
    pub restricted: usize,
}

/// The days that a census is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Year {
    /// 1 April.
    pub from: NaiveDate,
    /// The last day that counts.
    pub until: NaiveDate,
}

impl Year {
    /// The census year that ends on 31 March of a year.
    pub fn ending(year: u16) -> Option<Year> {
        Year::as_at(NaiveDate::from_ymd_opt(i32::from(year), 3, 31)?)
    }

    /// As at a day: from 1 April of the calendar year before, so that a return
    /// that is still being put right stays in it.
    pub fn as_at(until: NaiveDate) -> Option<Year> {
        let from = NaiveDate::from_ymd_opt(until.year().checked_sub(1)?, 4, 1)?;
        Some(Year { from, until })
    }

    fn has(self, day: NaiveDate) -> bool {
        self.from <= day && day <= self.until
    }

    /// A day that had come by the end; nothing for what came later.
    fn by_end(self, day: Option<NaiveDate>) -> Option<NaiveDate> {
        day.filter(|day| *day <= self.until)
    }

    /// Whether something that began belongs to the year: it had not ended
    /// before the year began.
    fn touches(self, ended: Option<NaiveDate>) -> bool {
        ended.is_none_or(|day| day >= self.from)
    }
}

/// Makes the census of a year. `authority` is the council's three digits,
/// `written` the moment in England.
pub fn census(
    dataset: &Dataset,
    pack: &Pack,
    year: Year,
    authority: &str,
    written: NaiveDateTime,
) -> Census {
    let mut census = Census::default();
    let rows = &mut census.rows;
    census.message.header = Some(header(rows, year, authority, written));
    for child in &dataset.children {
        let all = episodes(dataset, child);
        let counted: Vec<&Episode<'_>> = all.iter().filter(|e| counts(e, year)).collect();
        if counted.is_empty() {
            continue;
        }
        let about = About {
            dataset,
            pack,
            year,
            child,
        };
        census.restricted += usize::from(child.restricted);
        census.message.children.push(about.child(rows, &counted));
    }
    census
}

/// Whether an episode belongs to the year: it was open on some day of it, or
/// was referred in it and went no further.
fn counts(episode: &Episode<'_>, year: Year) -> bool {
    let start = episode.started_on;
    if episode.nfa {
        return year.has(start);
    }
    start <= year.until && year.touches(episode.closed.map(|(on, _)| on))
}

fn header(rows: &mut Rows, year: Year, authority: &str, written: NaiveDateTime) -> Header {
    rows.outside("Header");
    Header {
        row: 0,
        collection: text("CIN"),
        year: text(&year.until.year().to_string()),
        reference_date: Date::on(year.until),
        sources: vec![Source {
            level: text("L"),
            lea: text(authority),
            software: text("Throughline"),
            release: text(env!("CARGO_PKG_VERSION")),
            serial: text("001"),
            written: text(&written.format("%Y-%m-%dT%H:%M:%S").to_string()),
        }],
    }
}

fn text(value: &str) -> Text {
    Some(value).filter(|v| !v.is_empty()).map(Into::into)
}

fn date(day: Option<NaiveDate>) -> Date {
    day.map_or_else(Date::default, Date::on)
}

fn flag(yes: bool) -> Text {
    text(if yes { "1" } else { "0" })
}

/// One child on the way into the message.
struct About<'a> {
    dataset: &'a Dataset,
    pack: &'a Pack,
    year: Year,
    child: &'a dataset::Child,
}

impl About<'_> {
    fn child(&self, rows: &mut Rows, counted: &[&Episode<'_>]) -> Child {
        let place = |field: &'static str| Place::person(self.child.id, field);
        let nothing_followed = counted.iter().all(|e| e.nfa);
        let identifiers = ChildIdentifiers {
            row: rows.next("ChildIdentifiers", place("born")),
            ..self.identifiers(nothing_followed)
        };
        let characteristics = ChildCharacteristics {
            row: rows.next("ChildCharacteristics", place("ethnicity")),
            ethnicity: self.ethnicity(),
        };
        let mut disabilities = Vec::new();
        for code in self.child.disability_codes() {
            disabilities.push(Disability {
                row: rows.next("Disabilities", place("disabilities")),
                code: text(code),
            });
        }
        Child {
            identifiers,
            characteristics,
            disabilities,
            details: counted.iter().map(|e| self.details(rows, e)).collect(),
        }
    }

    fn identifiers(&self, nothing_followed: bool) -> ChildIdentifiers {
        let child = self.child;
        let expected = child.is_expected();
        let upn = child.upn.as_deref().and_then(text);
        ChildIdentifiers {
            la_child_id: text(&self.dataset.number(child.id)),
            upn_unknown: match upn {
                Some(_) => None,
                None => self.no_upn(nothing_followed),
            },
            upn,
            birth: date(child.born_on.filter(|_| !expected)),
            expected_birth: date(child.born_on.filter(|_| expected)),
            sex: match (&child.sex, expected) {
                (_, true) => text("U"),
                (sex, false) => sex.as_deref().and_then(text),
            },
            death: date(self.year.by_end(child.died_on)),
            ..ChildIdentifiers::default()
        }
    }

    /// Why there is no pupil number: what was recorded, else what follows from
    /// the record.
    fn no_upn(&self, nothing_followed: bool) -> Text {
        if nothing_followed {
            return text("UN7");
        }
        let child = self.child;
        let recorded = child.no_upn.as_deref();
        let recorded = recorded.or_else(|| self.dataset.no_upn.get(&child.id).map(String::as_str));
        if let Some(code) = recorded {
            return text(code);
        }
        let born = child.born_on.filter(|_| !child.is_expected());
        let too_young = match born {
            None => child.is_expected(),
            Some(born) => self
                .year
                .until
                .years_since(born)
                .is_none_or(|years| years < 5),
        };
        too_young.then(|| "UN1".into())
    }

    fn ethnicity(&self) -> Text {
        match (&self.child.ethnicity, self.child.is_expected()) {
            (Some(code), _) => text(code),
            (None, true) => text("NOBT"),
            (None, false) => None,
        }
    }

    fn details(&self, rows: &mut Rows, episode: &Episode<'_>) -> CinDetails {
        let closed = episode.closed.filter(|(on, _)| *on <= self.year.until);
        let place = match episode.referral {
            Some(referral) => Place::step(self.child.id, referral.id, "referral"),
            None => Place::work(self.child.id),
        };
        let place = match episode.closed_by {
            Some(step) => place.or_for(
                &["CINclosureDate", "ReasonForClosure"],
                Place::step(self.child.id, step, "after"),
            ),
            None => place,
        };
        let row = rows.next("CINdetails", place);
        let conference = episode
            .conferences
            .iter()
            .find(|c| self.year.has(c.held_on));
        CinDetails {
            row,
            referral_date: Date::on(episode.started_on),
            referral_source: episode.source().and_then(text),
            primary_need: episode.need.and_then(text),
            closure_date: date(closed.map(|(on, _)| on)),
            reason_for_closure: closed.and_then(|(_, why)| why).and_then(text),
            initial_cpc: date(conference.map(|c| c.held_on)),
            referral_nfa: flag(episode.nfa),
            assessments: self.assessments(rows, episode),
            plans: self.plans(rows, episode),
            section47: self.enquiries(rows, episode),
            protection_plans: self.protection(rows, episode),
        }
    }

    fn assessments(&self, rows: &mut Rows, episode: &Episode<'_>) -> Vec<Assessment> {
        let mut all = Vec::new();
        for step in &episode.assessments {
            let done = step.state == record::model::StepState::Done;
            let authorised = step.settled_at.filter(|_| done);
            let authorised = authorised.map(|at| crate::time::local(at).date());
            if !self.year.touches(authorised) {
                continue;
            }
            let authorised = self.year.by_end(authorised);
            let place = || Place::step(self.child.id, step.id, "factors");
            let mut assessment = Assessment {
                row: rows.next("Assessments", place()),
                start: Date::on(step.started_on),
                internal_review: date(self.year.by_end(self.dataset.looked.get(&step.id).copied())),
                authorisation: date(authorised),
                ..Assessment::default()
            };
            if authorised.is_some() {
                for code in self.dataset.all(step.id, "assessment.factors") {
                    assessment.factors.push(Factor {
                        row: rows.next("AssessmentFactorsList", place()),
                        code: text(code),
                    });
                }
            }
            assessment.list_factors();
            all.push(assessment);
        }
        all
    }

    fn plans(&self, rows: &mut Rows, episode: &Episode<'_>) -> Vec<CinPlan> {
        let mut all = Vec::new();
        for plan in episode
            .plans
            .iter()
            .filter(|p| self.year.touches(p.ended_on))
        {
            all.push(CinPlan {
                row: rows.next("CINplanDates", Place::plan(self.child.id, plan.id)),
                start: Date::on(plan.started_on),
                end: date(self.year.by_end(plan.ended_on)),
            });
        }
        all
    }

    fn enquiries(&self, rows: &mut Rows, episode: &Episode<'_>) -> Vec<Section47> {
        let mut all = Vec::new();
        for enquiry in &episode.enquiries {
            let held = enquiry.conference.map(|c| c.held_on);
            let needless = enquiry.no_conference();
            let ended = held.or(enquiry.decided_on().filter(|_| needless));
            if !self.year.touches(ended) {
                continue;
            }
            let needless = needless && self.year.by_end(ended).is_some();
            all.push(Section47 {
                row: rows.next(
                    "Section47",
                    Place::step(self.child.id, enquiry.step.id, "recommendation"),
                ),
                start: Date::on(enquiry.step.started_on),
                cpc_target: date(self.target(enquiry).filter(|_| !needless)),
                initial_cpc: date(self.year.by_end(held)),
                cpc_not_required: flag(needless),
            });
        }
        all
    }

    /// The last day on which the conference is in time, by the pack's clock.
    fn target(&self, enquiry: &Enquiry<'_>) -> Option<NaiveDate> {
        let start = enquiry.step.started_on.and_hms_opt(9, 0, 0)?;
        let due = self.pack.due("initial-conference", start)?;
        Some(due.at.date())
    }

    fn protection(&self, rows: &mut Rows, episode: &Episode<'_>) -> Vec<ProtectionPlan> {
        let mut all = Vec::new();
        for (time_on, reviews) in &episode.protection {
            if !self.year.touches(time_on.ended_on) {
                continue;
            }
            let place = || Place::plan(self.child.id, time_on.plan_id);
            let row = rows.next("ChildProtectionPlans", place());
            let held = reviews.iter().filter(|day| self.year.has(**day));
            all.push(ProtectionPlan {
                row,
                start: Date::on(time_on.started_on),
                end: date(self.year.by_end(time_on.ended_on)),
                initial_category: text(&time_on.first_category),
                latest_category: text(&time_on.category),
                previous_plans: text(&time_on.earlier.to_string()),
                reviews: held
                    .map(|day| Review {
                        row: rows.next("Reviews", place()),
                        date: Date::on(*day),
                    })
                    .collect(),
            });
        }
        all
    }
}

/// The children of a census by the number that it gives them.
pub fn by_number(dataset: &Dataset) -> HashMap<String, Id<ids::Person>> {
    let children = dataset.children.iter();
    children.map(|c| (dataset.number(c.id), c.id)).collect()
}
