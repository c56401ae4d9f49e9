//! Annex A from the record: the eleven lists that an inspection asks for, as
//! at a day. Lists 1 to 7 are here, those of care and adoption in
//! [`super::annex_care`]. The words of its values are the pack's
//! (`codes/annex-a.toml`); what the record does not hold is left blank.

use std::collections::{BTreeSet, HashSet};

use ::returns::annex_a::{Book, Filled};
use ::returns::core::report::Report;
use chrono::{DateTime, Datelike, Months, NaiveDate, Utc};
use packs::Pack;
use record::model::StepState;
use vocabulary::{Id, ids};

use super::annex_rows::All;
use super::annex_words::{ethnicity, need, reason, source};
use super::make::{Made, Maker, off_thread};
use crate::dataset::{Child, Episode, StepRow, episodes, number_of};
use crate::{Casework, Error, Result, time};

/// A cell of a list.
pub(super) type Cell = Option<Box<str>>;

/// What stands where nobody is allocated: the column may not be blank.
const NOBODY: &str = "Not allocated";

/// The lists on the way.
pub(super) struct Lists<'a> {
    pub all: &'a All,
    /// The episodes of need of each child of the dataset, in its order.
    pub episodes: &'a [Vec<Episode<'a>>],
    /// Who is in care on the day.
    pub in_care: HashSet<Id<ids::Person>>,
    pub pack: &'a Pack,
    pub council: &'a str,
    pub layout: Vec<::returns::annex_a::List>,
    pub as_at: NaiveDate,
    /// Six and twelve months before.
    pub half: NaiveDate,
    pub year: NaiveDate,
    /// Whom they are about.
    pub about: BTreeSet<Id<ids::Person>>,
}

impl Casework {
    /// Makes the lists as at a day.
    ///
    /// # Errors
    /// `NotFound` when the maker may not.
    pub async fn make_annex_a(&self, maker: Maker<'_>, as_at: NaiveDate) -> Result<Made> {
        let actor = maker.actor()?;
        let before = |months| as_at.checked_sub_months(Months::new(months));
        let (Some(half), Some(year)) = (before(6), before(12)) else {
            return Err(Error::Refused(
                "That day is out of the calendar.".to_owned(),
            ));
        };
        let all = self.annex_rows(as_at, half, year).await?;
        let children = all.dataset.children.iter();
        let episodes: Vec<_> = children
            .map(|child| episodes(&all.dataset, child))
            .collect();
        let open = |on: Option<NaiveDate>| on.is_none_or(|on| on > as_at);
        let cares = all.cares.iter().filter(|care| open(care.ended_on));
        let mut lists = Lists {
            all: &all,
            episodes: &episodes,
            in_care: cares.map(|care| care.person_id).collect(),
            pack: self.pack(),
            council: self.name(),
            layout: ::returns::annex_a::layout().map_err(Error::Page)?,
            as_at,
            half,
            year,
            about: BTreeSet::new(),
        };
        let book = lists.book();
        let about = std::mem::take(&mut lists.about);
        let restricted = about
            .iter()
            .filter(|id| all.people.get(id).is_some_and(|p| p.restricted));
        let restricted = restricted.count();
        let (bytes, report, book) = off_thread(move || written(book, as_at)).await?;
        let children = about.len();
        let of_whom = about.iter().map(|id| format!("person:{id}")).collect();
        self.note_made(&actor, "annex-a", &as_at.to_string(), children, of_whom)
            .await?;
        Ok(Made {
            title: report.title.clone(),
            file: format!("annex-a-{as_at}.xlsx"),
            kind: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            bytes,
            report,
            children,
            restricted,
            until: as_at,
            lists: Some(book),
        })
    }
}

/// The workbook, and what the rules find in it: written on one core while the
/// other checks.
fn written(book: Book, as_at: NaiveDate) -> std::result::Result<(Vec<u8>, Report, Book), String> {
    let options = ::returns::annex_a::Options { as_at };
    let (bytes, report) = std::thread::scope(|scope| {
        let writing = scope.spawn(|| {
            let mut bytes = Vec::new();
            let done = ::returns::annex_a::write::workbook(&book, &mut bytes);
            done.map(|()| bytes).map_err(|e| e.to_string())
        });
        let report = ::returns::annex_a::check("the record", &book, Vec::new(), options);
        let written = writing.join();
        (
            written.unwrap_or_else(|_| Err("The workbook could not be written.".to_owned())),
            report,
        )
    });
    Ok((bytes?, report?, book))
}

/// A cell with words; blank when there are none.
pub(super) fn text(words: &str) -> Cell {
    Some(words).filter(|w| !w.is_empty()).map(Into::into)
}

/// A cell with a day.
pub(super) fn day(on: Option<NaiveDate>) -> Cell {
    on.map(|on| on.to_string().into())
}

/// A cell with a number.
pub(super) fn number(n: usize) -> Cell {
    text(&n.to_string())
}

/// "a) Yes" or "b) No".
pub(super) fn yes(yes: bool) -> Cell {
    text(if yes { "a) Yes" } else { "b) No" })
}

/// The day of a moment.
pub(super) fn on(at: DateTime<Utc>) -> NaiveDate {
    time::local(at).date()
}

/// Whole years from a birth to a day.
fn age(born: NaiveDate, at: NaiveDate) -> i32 {
    let before = (at.month(), at.day()) < (born.month(), born.day());
    (at.year() - born.year() - i32::from(before)).max(0)
}

impl<'a> Lists<'a> {
    fn book(&mut self) -> Book {
        let mut book = Book::default();
        let lists = [
            self.contacts(),
            self.early_help(),
            self.referrals(),
            self.assessments(),
            self.enquiries(),
            self.in_need(),
            self.protection(),
            self.in_care(),
            self.leavers(),
            self.adoption(),
            self.adopters(),
        ];
        for (place, mut rows) in book.lists.iter_mut().zip(lists) {
            // The same child told of twice on one day by the same agency is
            // one row: nothing in the list could tell the two apart.
            let mut seen = BTreeSet::new();
            rows.retain(|row| seen.insert(row.clone()));
            *place = Some(Filled { rows });
        }
        book
    }

    /// The word of Annex A for a code of ours.
    pub(super) fn word(&self, list: &str, code: &str) -> Cell {
        let set = self.pack.codes("annex-a", self.as_at)?;
        let code = set.code(&format!("{list}:{code}"))?;
        text(&code.label)
    }

    /// The child's number, gender, ethnicity, birth and age, which begin every
    /// list of children; none for somebody whom the record does not know.
    pub(super) fn child(&mut self, id: Id<ids::Person>) -> Option<Vec<Cell>> {
        let all = self.all;
        let child = all.people.get(&id)?;
        self.about.insert(id);
        let mut cells = vec![text(&all.dataset.number(id))];
        cells.extend(self.who(child));
        cells.push(day(child.born_on));
        let years = child.born_on.map(|born| age(born, self.as_at));
        cells.push(years.and_then(|years| text(&years.to_string())));
        Some(cells)
    }

    /// Gender and ethnicity.
    pub(super) fn who(&self, child: &Child) -> [Cell; 2] {
        let sex = if child.is_expected() {
            "U"
        } else {
            child.sex.as_deref().unwrap_or("U")
        };
        [
            self.word("gender", sex),
            ethnicity(child.ethnicity.as_deref()),
        ]
    }

    /// Whether a child has a disability.
    pub(super) fn disabled(&self, id: Id<ids::Person>) -> Cell {
        let codes = self.all.people.get(&id).map(Child::disability_codes);
        match codes.as_deref() {
            None | Some([]) => text("c) Unknown"),
            Some(["NONE"]) => text("b) No"),
            Some(_) => text("a) Yes"),
        }
    }

    /// The team and the worker of a child.
    pub(super) fn allocated(&self, id: Id<ids::Person>) -> [Cell; 2] {
        let found = self.all.allocated.get(&id);
        let team = found.and_then(|a| a.team.as_deref()).unwrap_or(NOBODY);
        [text(team), text(found.map_or(NOBODY, |a| &a.worker))]
    }

    /// The last visit at which the child was seen, in a time.
    pub(super) fn last_seen(
        &self,
        id: Id<ids::Person>,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Option<(NaiveDate, Option<bool>)> {
        let visits = self.all.visits.get(&id)?.iter().rev();
        let mut days = visits.map(|v| (on(v.happened_at), v.seen_alone));
        days.find(|(day, _)| from <= *day && *day <= to)
    }

    /// Every child with a step, and their episodes of need.
    fn children(&self) -> impl Iterator<Item = (&'a Child, &'a [Episode<'a>])> + use<'a> {
        let episodes = self.episodes.iter().map(Vec::as_slice);
        self.all.dataset.children.iter().zip(episodes)
    }

    fn contacts(&mut self) -> Vec<Vec<Cell>> {
        let all = self.all;
        let mut rows = Vec::new();
        for told in &all.contacts {
            let Some(mut row) = self.child(told.person_id) else {
                continue;
            };
            row.push(day(Some(on(told.received_at))));
            row.push(source(told.source.as_deref()));
            rows.push(row);
        }
        rows
    }

    fn early_help(&mut self) -> Vec<Vec<Cell>> {
        let all = self.all;
        let mut rows = Vec::new();
        for helped in &all.helped {
            let Some(mut row) = self.child(helped.person_id) else {
                continue;
            };
            row.push(day(Some(helped.began_on)));
            row.push(day(helped.assessed_at.map(on).or(helped.ended_on)));
            row.push(text(helped.team.as_deref().unwrap_or(self.council)));
            rows.push(row);
        }
        rows
    }

    fn referrals(&mut self) -> Vec<Vec<Cell>> {
        let all = self.all;
        let mut rows = Vec::new();
        for step in steps(all, "referral") {
            if step.started_on < self.half {
                continue;
            }
            let Some(mut row) = self.child(step.person_id) else {
                continue;
            };
            let mine = all.dataset.steps.get(&step.person_id).into_iter().flatten();
            let recent = mine.filter(|s| s.kind == "referral" && s.started_on >= self.year);
            let nothing = matches!(
                step.outcome.as_deref(),
                Some("no_further_action" | "early_help")
            );
            row.push(day(Some(step.started_on)));
            row.push(source(step.source.as_deref()));
            row.push(yes(nothing || step.state == StepState::Skipped));
            row.push(number(recent.count()));
            row.extend(self.allocated(step.person_id));
            rows.push(row);
        }
        rows
    }

    fn assessments(&mut self) -> Vec<Vec<Cell>> {
        let all = self.all;
        let mut rows = Vec::new();
        for step in steps(all, "child-and-family-assessment") {
            let done = step.settled_at.filter(|_| step.state == StepState::Done);
            let done = done.map(on).filter(|day| *day <= self.as_at);
            if step.state == StepState::Skipped || done.is_some_and(|day| day < self.half) {
                continue;
            }
            let Some(mut row) = self.child(step.person_id) else {
                continue;
            };
            let until = done.unwrap_or(self.as_at);
            let seen = self.last_seen(step.person_id, step.started_on, until);
            let unborn = all
                .people
                .get(&step.person_id)
                .is_some_and(Child::is_expected);
            row.push(self.disabled(step.person_id));
            row.push(day(Some(step.started_on)));
            row.push(if unborn {
                text("b) No")
            } else {
                yes(seen.is_some())
            });
            row.push(day(done));
            row.push(match step.outcome.as_deref().filter(|_| done.is_some()) {
                Some("plan" | "strategy") => yes(true),
                Some(_) => yes(false),
                None => None,
            });
            row.extend(self.allocated(step.person_id));
            rows.push(row);
        }
        rows
    }

    fn enquiries(&mut self) -> Vec<Vec<Cell>> {
        let mut rows = Vec::new();
        for (child, found) in self.children() {
            let enquiries: Vec<_> = found.iter().flat_map(|e| &e.enquiries).collect();
            let led = enquiries.iter().filter_map(|e| e.conference);
            let others = found.iter().flat_map(|e| &e.conferences).copied();
            let held: Vec<NaiveDate> = led.chain(others).map(|c| c.held_on).collect();
            let held = held.into_iter().filter(|day| *day >= self.year).count();
            let recent = enquiries
                .iter()
                .filter(|e| e.step.started_on >= self.year)
                .count();
            for enquiry in &enquiries {
                if enquiry.step.started_on < self.half {
                    continue;
                }
                let Some(mut row) = self.child(child.id) else {
                    continue;
                };
                let decided = enquiry.decided_on().is_some();
                row.push(self.disabled(child.id));
                row.push(day(Some(enquiry.step.started_on)));
                row.push(decided.then(|| yes(enquiry.no_conference())).flatten());
                row.push(day(enquiry.conference.map(|c| c.held_on)));
                let plan = enquiry
                    .conference
                    .map(|c| c.step.outcome.as_deref() == Some("plan"));
                row.push(plan.and_then(yes));
                row.push(number(recent));
                row.push(number(held));
                row.extend(self.allocated(child.id));
                rows.push(row);
            }
        }
        rows
    }

    fn in_need(&mut self) -> Vec<Vec<Cell>> {
        let mut rows = Vec::new();
        for (child, found) in self.children() {
            let in_care = self.is_in_care(child.id);
            if child.status.as_deref() == Some("care_leaver") && !in_care {
                continue;
            }
            for episode in found {
                let closed = episode.closed.filter(|(on, _)| *on <= self.as_at);
                let old = closed.is_some_and(|(on, _)| on < self.half);
                if !old && !episode.nfa {
                    rows.extend(self.one_in_need(child, episode, in_care));
                }
            }
        }
        rows
    }

    fn one_in_need(
        &mut self,
        child: &Child,
        episode: &Episode<'_>,
        in_care: bool,
    ) -> Option<Vec<Cell>> {
        let mut row = self.child(child.id)?;
        let start = episode.started_on;
        let closed = episode.closed.filter(|(on, _)| *on <= self.as_at);
        let until = closed.map_or(self.as_at, |(on, _)| on);
        let protected = episode.protection.iter().any(|(p, _)| p.ended_on.is_none());
        let planned = episode.plans.iter().any(|p| p.ended_on.is_none());
        let case = match (closed, in_care, protected, planned) {
            (Some(_), ..) => "closed",
            (_, true, ..) => "in_care",
            (_, _, true, _) => "protection_plan",
            (_, _, _, true) => "child_in_need",
            _ => "open",
        };
        row.push(self.disabled(child.id));
        row.push(day(Some(start)));
        row.push(need(episode.need));
        row.push(day(self
            .last_seen(child.id, start, until)
            .map(|(on, _)| on)));
        row.push(day(closed.map(|(on, _)| on)));
        row.push(closed.and_then(|(_, why)| reason(why?)));
        row.push(self.word("case", case));
        row.extend(self.allocated(child.id));
        Some(row)
    }

    /// Whether a child is in care on the day.
    pub(super) fn is_in_care(&self, id: Id<ids::Person>) -> bool {
        self.in_care.contains(&id)
    }

    fn protection(&mut self) -> Vec<Vec<Cell>> {
        let mut rows = Vec::new();
        for (child, found) in self.children() {
            for (time_on, reviews) in found.iter().flat_map(|e| &e.protection) {
                let ended = time_on.ended_on.filter(|on| *on <= self.as_at);
                if ended.is_some_and(|on| on < self.half) {
                    continue;
                }
                let Some(mut row) = self.child(child.id) else {
                    continue;
                };
                let until = ended.unwrap_or(self.as_at);
                let seen = self.last_seen(child.id, time_on.started_on, until);
                row.push(self.disabled(child.id));
                row.push(day(Some(time_on.started_on)));
                row.push(self.word("category", &time_on.first_category));
                row.push(self.word("category", &time_on.category));
                row.push(day(seen.map(|(on, _)| on)));
                row.push(match seen {
                    Some((_, Some(alone))) => yes(alone),
                    Some((_, None)) => text("c) Unknown"),
                    None => None,
                });
                row.push(day(reviews.last().copied()));
                row.push(day(ended));
                row.push(yes(self.was_protected_at_once(child.id)));
                row.push(number(usize::try_from(time_on.earlier).unwrap_or(0)));
                row.extend(self.allocated(child.id));
                rows.push(row);
            }
        }
        rows
    }

    /// An emergency protection order or police protection in the six months.
    fn was_protected_at_once(&self, id: Id<ids::Person>) -> bool {
        let episodes = self.all.episodes.get(&id).into_iter().flatten();
        let mut urgent = episodes.filter(|e| ["L1", "L2"].contains(&e.legal_status.as_str()));
        urgent.any(|e| e.ended_on.is_none_or(|on| on >= self.half))
    }
}

/// Steps of a kind, child by child.
fn steps<'a>(all: &'a All, kind: &'a str) -> impl Iterator<Item = &'a StepRow> {
    let children = all.dataset.children.iter();
    let steps = children.filter_map(|c| all.dataset.steps.get(&c.id));
    steps.flatten().filter(move |s| s.kind == kind)
}

/// The number of an adopter or a household.
pub(super) fn number_of_carer(id: &str) -> Cell {
    let id: Id<ids::Person> = id.parse().ok()?;
    text(&number_of(id))
}
