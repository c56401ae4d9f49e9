//! Where somebody stands with a service: asked, waiting, started, ended, and
//! whether it helped. Referrals of workers and requests of families stand
//! alike, so what may follow upon what is written here once.
//!
//! The first day on which anybody was asked never changes, whoever gives the
//! service later (R002-26); what came of it is asked until it is known (R002-34).

use chrono::NaiveDate;
use packs::Answers;
use record::model::{Enquiry, ServiceReferral};
use vocabulary::plain;

use super::answer::Onward;
use crate::asking::{past_day, said};
use crate::{Casework, Error, Result, time};

/// The states in which somebody still waits for help, as a list for SQL.
pub(crate) const WAITS: &str = "('asked', 'accepted', 'waiting')";

/// Who said what came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Teller {
    /// The family, the asker.
    Family,
    /// The service.
    Service,
    /// Somebody of the council.
    Worker,
}

impl Teller {
    /// The word in the record.
    pub fn code(self) -> &'static str {
        match self {
            Teller::Family => "family",
            Teller::Service => "service",
            Teller::Worker => "worker",
        }
    }

    /// "The family says".
    pub fn says(code: Option<&str>) -> &'static str {
        match code {
            Some("family") => "The family says",
            Some("service") => "The service says",
            _ => "Noted by a worker",
        }
    }
}

/// What is the same of a referral and a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The service in the directory.
    pub service_id: Option<String>,
    /// Its name, as it was.
    pub service: String,
    /// Who gives it.
    pub provider: String,
    /// The first day on which anybody was asked.
    pub asked_on: NaiveDate,
    /// codes/service-state.
    pub state: String,
    /// In this state since.
    pub state_on: NaiveDate,
    /// Why the service said no.
    pub declined_why: Option<String>,
    /// About how long the wait is.
    pub wait_words: Option<String>,
    /// When the help began.
    pub started_on: Option<NaiveDate>,
    /// When it ended.
    pub ended_on: Option<NaiveDate>,
    /// codes/service-result.
    pub result: Option<String>,
    /// When that was known.
    pub result_on: Option<NaiveDate>,
    /// Who said so.
    pub result_by: Option<String>,
    /// What was said last.
    pub words: Option<String>,
}

/// A row that stands somewhere with a service.
pub trait Stands {
    /// Where it stands.
    fn standing(&self) -> Standing;
    /// Puts it there.
    fn stand(&mut self, standing: Standing);
}

macro_rules! stands {
    ($($row:ident),*) => {$(
        impl Stands for $row {
            fn standing(&self) -> Standing {
                let row = self.clone();
                Standing {
                    service_id: row.service_id,
                    service: row.service,
                    provider: row.provider,
                    asked_on: row.asked_on,
                    state: row.state,
                    state_on: row.state_on,
                    declined_why: row.declined_why,
                    wait_words: row.wait_words,
                    started_on: row.started_on,
                    ended_on: row.ended_on,
                    result: row.result,
                    result_on: row.result_on,
                    result_by: row.result_by,
                    words: row.words,
                }
            }
            fn stand(&mut self, to: Standing) {
                // The first day is not among them: nothing moves it.
                self.service_id = to.service_id;
                self.service = to.service;
                self.provider = to.provider;
                self.state = to.state;
                self.state_on = to.state_on;
                self.declined_why = to.declined_why;
                self.wait_words = to.wait_words;
                self.started_on = to.started_on;
                self.ended_on = to.ended_on;
                self.result = to.result;
                self.result_on = to.result_on;
                self.result_by = to.result_by;
                self.words = to.words;
            }
        }
    )*};
}
stands!(ServiceReferral, Enquiry);

/// What was said of somebody's place with a service.
#[derive(Debug, Clone, Default)]
pub struct Said {
    /// The state that it is in now.
    pub state: String,
    /// Since when.
    pub on: NaiveDate,
    /// Why not.
    pub why: Option<String>,
    /// About how long the wait is.
    pub wait: Option<String>,
    /// Whether it helped, where it ended.
    pub result: Option<String>,
    /// A few words about it.
    pub words: Option<String>,
}

impl Said {
    /// Reads what was said from the fields that every form about it has.
    ///
    /// # Errors
    /// [`Error::Findings`] for a day that is none or lies ahead.
    pub fn read(answers: &Answers, today: NaiveDate) -> Result<Said> {
        let state = answers.text("state").to_owned();
        let of = |wanted: &[&str], name: &str| match wanted.contains(&state.as_str()) {
            true => said(answers, name),
            false => None,
        };
        Ok(Said {
            on: past_day(answers, "on", today)?,
            why: of(&["declined", "withdrawn"], "why"),
            wait: of(&["waiting"], "wait"),
            result: of(&["ended"], "result"),
            words: said(answers, "words"),
            state,
        })
    }
}

impl Standing {
    /// The states that may come next.
    pub fn may_follow(&self) -> &'static [&'static str] {
        match self.state.as_str() {
            "asked" => &["accepted", "waiting", "started", "declined", "withdrawn"],
            "accepted" => &["waiting", "started", "declined", "withdrawn"],
            "waiting" => &["accepted", "started", "declined", "withdrawn"],
            "started" => &["ended", "withdrawn"],
            _ => &[],
        }
    }

    /// Whether the help has not begun: it may still be taken back, or moved.
    pub fn waits(&self) -> bool {
        matches!(self.state.as_str(), "asked" | "accepted" | "waiting")
    }

    /// Whether it stands in a queue: nobody has said yes for now.
    pub fn queues(&self) -> bool {
        matches!(self.state.as_str(), "asked" | "waiting")
    }

    /// Whether the service is done with it, or never began.
    pub fn is_over(&self) -> bool {
        matches!(self.state.as_str(), "declined" | "withdrawn" | "ended")
    }

    /// Takes what was said; what came of it is known where nothing came of it.
    ///
    /// # Errors
    /// [`Error::Findings`] for what cannot follow, or a day before the first.
    pub fn say(&mut self, said: Said, by: Teller) -> Result<()> {
        self.check_day(said.on)?;
        if !self.may_follow().contains(&said.state.as_str()) {
            let message = "This was answered in the meantime. Look at where it stands now";
            return Err(Error::finding("state", "What happens?", message));
        }
        match said.state.as_str() {
            "declined" | "withdrawn" if self.started_on.is_none() => {
                self.know("no", None, said.on, by);
            }
            "started" => self.started_on = Some(said.on),
            "ended" => self.ended_on = Some(said.on),
            _ => {}
        }
        if let Some(result) = &said.result {
            self.know(result, said.words.clone(), said.on, by);
        }
        self.state = said.state;
        self.state_on = said.on;
        self.declined_why = said.why;
        if said.wait.is_some() {
            self.wait_words = said.wait;
        }
        if said.words.is_some() {
            self.words = said.words;
        }
        Ok(())
    }

    /// Whether it helped.
    ///
    /// # Errors
    /// [`Error::Findings`] for a day before the first.
    pub fn helped(
        &mut self,
        result: &str,
        words: Option<String>,
        on: NaiveDate,
        by: Teller,
    ) -> Result<()> {
        self.check_day(on)?;
        self.know(result, words, on, by);
        Ok(())
    }

    /// Another service takes it over. The first day, and with it the place in
    /// the queue, stays (R002-26). What the one before said yes to, the other
    /// has yet to answer.
    pub(crate) fn goes_to(&mut self, onward: &Onward) {
        if self.state == "accepted" {
            self.state = "asked".to_owned();
            self.state_on = onward.day;
        }
        self.service = onward.service.clone();
        self.provider = onward.provider.clone();
        self.service_id = None;
    }

    fn know(&mut self, result: &str, words: Option<String>, on: NaiveDate, by: Teller) {
        self.result = Some(result.to_owned());
        self.result_on = Some(on);
        self.result_by = Some(by.code().to_owned());
        if words.is_some() {
            self.words = words;
        }
    }

    fn check_day(&self, on: NaiveDate) -> Result<()> {
        if on >= self.asked_on {
            return Ok(());
        }
        let from = plain::date(self.asked_on);
        let message = format!("Write a day from {from} on, when the service was asked");
        Err(Error::finding("on", "When?", &message))
    }
}

/// Who waits, by weeks since the first day: from which week, and in words.
#[derive(Debug, Clone)]
pub(crate) struct Bands(Vec<i64>);

impl Bands {
    /// How many there are in each, of those who wait so many weeks.
    pub(crate) fn count(&self, weeks: impl Iterator<Item = i64>) -> Vec<(String, usize)> {
        let waits: Vec<i64> = weeks.collect();
        let each = self.0.iter().enumerate().map(|(i, from)| {
            let to = self.0.get(i + 1).copied();
            let inside = |w: &&i64| **w >= *from && to.is_none_or(|to| **w < to);
            let words = match (from, to) {
                (0, Some(to)) => format!("Under {to} weeks"),
                (from, Some(to)) => format!("{from} to {to} weeks"),
                (0, None) => "However long".to_owned(),
                (from, None) => format!("{from} weeks and more"),
            };
            (words, waits.iter().filter(inside).count())
        });
        each.collect()
    }
}

impl Casework {
    /// The bands of a queue, from the pack: each standard `waiting-band-N` is
    /// the week from which the next begins.
    pub(crate) fn bands(&self) -> Bands {
        let today = time::today();
        let mut from = vec![0];
        from.extend((1..).map_while(|n| {
            let standard = self.pack().standard(&format!("waiting-band-{n}"), today)?;
            Some(i64::from(standard.amount))
        }));
        Bands(from)
    }

    /// The last day on which what came of a referral need not be known yet,
    /// by the pack's clock `service-result`.
    pub(crate) fn result_is_due(&self, asked_on: NaiveDate) -> Option<NaiveDate> {
        let start = asked_on.and_time(chrono::NaiveTime::MIN);
        let due = self.pack().due("service-result", start)?;
        Some(due.at.date())
    }

    /// Whether it should be known by now and is not (R002-34).
    pub(crate) fn result_is_late(&self, asked_on: NaiveDate) -> bool {
        self.result_is_due(asked_on)
            .is_some_and(|day| time::today() > day)
    }

    /// The days after which it should be known, in the pack's words: "within 28
    /// days of asking".
    pub(crate) fn result_rule(&self) -> String {
        let rule = self.pack().clock("service-result", time::today());
        rule.map_or_else(String::new, |rule| rule.rule.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(n: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 3, n).unwrap()
    }

    fn asked() -> Standing {
        Standing {
            service_id: Some("one".into()),
            service: "Quiet minds".into(),
            provider: "Quillbrook care".into(),
            asked_on: day(2),
            state: "asked".into(),
            state_on: day(2),
            declined_why: None,
            wait_words: None,
            started_on: None,
            ended_on: None,
            result: None,
            result_on: None,
            result_by: None,
            words: None,
        }
    }

    fn said(state: &str, on: u32) -> Said {
        Said {
            state: state.into(),
            on: day(on),
            ..Said::default()
        }
    }

    /// R002-34: from yes to the end, and whether it helped.
    #[test]
    fn r002_34_a_place_goes_from_asked_to_ended_and_nothing_is_skipped_back() {
        let mut place = asked();
        place.say(said("waiting", 4), Teller::Service).unwrap();
        assert!(place.waits() && place.result.is_none());
        place.say(said("started", 20), Teller::Service).unwrap();
        assert_eq!(place.started_on, Some(day(20)));
        assert!(place.say(said("waiting", 21), Teller::Service).is_err());
        let ended = Said {
            result: Some("partly".into()),
            ..said("ended", 25)
        };
        place.say(ended, Teller::Service).unwrap();
        assert_eq!(place.result.as_deref(), Some("partly"));
        // The family's own word counts for more, and comes later.
        place.helped("yes", None, day(28), Teller::Family).unwrap();
        assert_eq!(place.result_by.as_deref(), Some("family"));
        assert!(place.is_over() && place.asked_on == day(2));
    }

    #[test]
    fn a_no_is_a_result_and_a_day_before_the_first_is_none() {
        let mut place = asked();
        assert!(place.say(said("accepted", 1), Teller::Worker).is_err());
        place.say(said("declined", 3), Teller::Worker).unwrap();
        assert_eq!(place.result.as_deref(), Some("no"));
        assert!(place.may_follow().is_empty());
    }

    #[test]
    fn bands_hold_each_week_once() {
        let bands = Bands(vec![0, 4, 12, 26]);
        let counted = bands.count([0, 3, 4, 11, 12, 25, 26, 90].into_iter());
        let words: Vec<&str> = counted.iter().map(|(w, _)| w.as_str()).collect();
        let expected = [
            "Under 4 weeks",
            "4 to 12 weeks",
            "12 to 26 weeks",
            "26 weeks and more",
        ];
        assert_eq!(words, expected);
        assert!(counted.iter().all(|(_, n)| *n == 2));
    }
}
