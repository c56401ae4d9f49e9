//! Clocks: by when something should have happened, by which rule. A clock
//! warns, explains and asks for a reason; it never blocks.
//!
//! The rule in force on the day the clock starts is the one that counts, so a
//! change of law touches only what starts on or after it (R001-02). Where a
//! council's rule lies over England's, the earlier due date wins.

use chrono::{Days, Duration, Months, NaiveDate, NaiveDateTime, NaiveTime};
use vocabulary::{WorkingDays, plain};

use crate::dated::{Strength, dated};

/// What can happen to a step: each step of the pack gives the events
/// `STEP.started` and so on, and for each of its outcomes `STEP.OUTCOME`.
/// Each meeting gives `meeting.MEETING.held`.
pub const STEP_DEEDS: &[&str] = &["started", "submitted", "authorised", "finished", "skipped"];

/// What a clock can depend on: its word, what it means, and the code set that
/// lists its values.
pub const CONDITIONS: &[(&str, &str, &str)] = &[
    ("plan", "The kind of the child’s open plan", "plan-kinds"),
    ("born", "Whether the child is born or expected", "born"),
    (
        "rag",
        "How urgent a check among partners is",
        "mash-urgency",
    ),
];

/// A clock runs only where this holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct When {
    /// One of [`CONDITIONS`].
    pub what: String,
    /// Any of these values will do.
    pub any: Vec<String>,
}

/// What is the case where something happens: values of [`CONDITIONS`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Circumstances(Vec<(&'static str, String)>);

impl Circumstances {
    /// The same with one more that holds; of one condition several may.
    #[must_use]
    pub fn with(mut self, what: &'static str, value: &str) -> Self {
        self.0.push((what, value.to_owned()));
        self
    }

    fn hold(&self, when: &When) -> bool {
        self.0
            .iter()
            .any(|(what, value)| *what == when.what && when.any.contains(value))
    }
}

/// What a clock counts in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Unit {
    /// Hours, day and night.
    Hours,
    /// All days.
    CalendarDays,
    /// Monday to Friday without bank holidays.
    #[default]
    WorkingDays,
    /// Weeks of seven days.
    Weeks,
    /// Months of the calendar; the last day where the day does not exist.
    Months,
    /// Years of the calendar.
    Years,
}

impl Unit {
    /// The word in a pack's file.
    pub fn code(self) -> &'static str {
        match self {
            Self::Hours => "hours",
            Self::CalendarDays => "calendar_days",
            Self::WorkingDays => "working_days",
            Self::Weeks => "weeks",
            Self::Months => "months",
            Self::Years => "years",
        }
    }

    /// The unit with this word.
    pub fn from_code(code: &str) -> Option<Self> {
        [
            Self::Hours,
            Self::CalendarDays,
            Self::WorkingDays,
            Self::Weeks,
            Self::Months,
            Self::Years,
        ]
        .into_iter()
        .find(|unit| unit.code() == code)
    }
}

dated! {
    /// The rule of a clock. `version` is the first day it is in force and
    /// `until` the last.
    pub struct ClockRule {
        /// The rule in words: "within 45 working days of the referral".
        pub rule: String,
        /// The step it belongs to, if any.
        pub step: Option<String>,
        /// What starts it: of [`crate::TRIGGERS`], or an event of a step or a meeting.
        pub triggers: Vec<String>,
        /// What stops it.
        pub stops: Vec<String>,
        /// It runs only where all of these hold.
        pub when: Vec<When>,
        /// How many units.
        pub amount: u32,
        /// The unit.
        pub unit: Unit,
        /// How long before it is due to warn: in hours for a clock of hours,
        /// in working days for one of working days, otherwise in days.
        pub warn_before: u32,
        /// The rules that this one lies over. Theirs is the due date when it
        /// is earlier.
        pub under: Vec<ClockRule>,
    }
}

/// When something is due, and by which rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// The last moment on time; for days, the end of the day.
    pub at: NaiveDateTime,
    /// From when to warn.
    pub warn_from: NaiveDateTime,
    /// The clock's id.
    pub clock: String,
    /// The rule in words.
    pub rule: String,
    /// The first day the rule was in force.
    pub version: NaiveDate,
    /// Where the rule comes from.
    pub source: String,
    /// How strong that source is.
    pub strength: Strength,
    /// What the clock counts in.
    pub unit: Unit,
}

/// How a running clock stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ClockState {
    /// Late, by so many hours, working days or days (as the clock counts).
    Late {
        /// How many.
        by: i64,
    },
    /// Due today.
    DueToday,
    /// Close enough to warn.
    DueSoon,
    /// Time enough.
    OnTime,
}

impl ClockRule {
    /// The first day the rule is in force.
    pub fn in_force_from(&self) -> NaiveDate {
        self.version
    }

    /// The last day the rule is in force, if it ends.
    pub fn in_force_to(&self) -> Option<NaiveDate> {
        self.until
    }

    /// Whether an event starts it.
    pub fn is_started_by(&self, event: &str) -> bool {
        self.triggers.iter().any(|trigger| trigger == event)
    }

    /// Whether an event stops it.
    pub fn is_stopped_by(&self, event: &str) -> bool {
        self.stops.iter().any(|stop| stop == event)
    }

    /// Whether it runs under these circumstances. A condition of which nothing
    /// is known does not hold.
    pub fn runs_under(&self, circumstances: &Circumstances) -> bool {
        self.when.iter().all(|when| circumstances.hold(when))
    }

    /// When something that started then is due. The strictest of the layered
    /// rules counts.
    pub fn due(&self, start: NaiveDateTime, days: &WorkingDays) -> Due {
        let mut due = self.own_due(start, days);
        for rule in &self.under {
            let other = rule.due(start, days);
            if other.at < due.at {
                due = other;
            }
        }
        due
    }

    /// The due date by this rule alone.
    pub(crate) fn own_due(&self, start: NaiveDateTime, days: &WorkingDays) -> Due {
        let day = start.date();
        let amount = u64::from(self.amount);
        let at = match self.unit {
            Unit::Hours => start + Duration::hours(i64::from(self.amount)),
            Unit::CalendarDays => end_of(day + Days::new(amount)),
            Unit::WorkingDays => end_of(days.add_working_days(day, i64::from(self.amount))),
            Unit::Weeks => end_of(day + Days::new(amount * 7)),
            Unit::Months => end_of(day + Months::new(self.amount)),
            Unit::Years => end_of(day + Months::new(self.amount.saturating_mul(12))),
        };
        let warn_from = match self.unit {
            Unit::Hours => at - Duration::hours(i64::from(self.warn_before)),
            Unit::WorkingDays => {
                start_of(days.add_working_days(at.date(), -i64::from(self.warn_before)))
            }
            _ => start_of(at.date() - Days::new(u64::from(self.warn_before))),
        };
        Due {
            at,
            warn_from,
            clock: self.id.clone(),
            rule: self.rule.clone(),
            version: self.version,
            source: self.source.clone(),
            strength: self.strength,
            unit: self.unit,
        }
    }

    /// A council's rule laid over England's.
    pub(crate) fn over(&self, under: &Self) -> Self {
        Self {
            under: vec![under.clone()],
            ..self.clone()
        }
    }

    /// Whether this rule is later than the other for some start within two
    /// years of its first day: such a rule would be overruled then.
    pub(crate) fn is_ever_later_than(&self, other: &Self, days: &WorkingDays) -> bool {
        let morning = NaiveTime::from_hms_opt(9, 30, 0).unwrap_or_default();
        self.version.iter_days().take(730).any(|day| {
            let start = day.and_time(morning);
            self.own_due(start, days).at > other.due(start, days).at
        })
    }
}

impl Due {
    /// How the clock stands at a moment.
    pub fn state(&self, now: NaiveDateTime, days: &WorkingDays) -> ClockState {
        if now > self.at {
            let by = match self.unit {
                Unit::Hours => (now - self.at).num_hours(),
                Unit::WorkingDays => days.between(self.at.date(), now.date()),
                _ => (now.date() - self.at.date()).num_days(),
            };
            return ClockState::Late { by: by.max(1) };
        }
        if now.date() == self.at.date() {
            ClockState::DueToday
        } else if now >= self.warn_from {
            ClockState::DueSoon
        } else {
            ClockState::OnTime
        }
    }

    /// The time that is left, in words: "in 3 working days", "due today",
    /// "2 days late", "in 5 hours".
    pub fn words(&self, now: NaiveDateTime, days: &WorkingDays) -> String {
        let late = now > self.at;
        match self.unit {
            Unit::Hours if late => match self.state(now, days) {
                ClockState::Late { by } if by >= 48 => plain::days_left(-(by / 24)),
                ClockState::Late { by } => format!("{} late", plain::count(by, "hour", "hours")),
                _ => plain::days_left(0),
            },
            Unit::Hours => match (self.at - now).num_hours() {
                0 => "due within the hour".into(),
                hours => format!("in {}", plain::count(hours, "hour", "hours")),
            },
            Unit::WorkingDays => plain::working_days_left(match self.state(now, days) {
                ClockState::Late { by } => -by,
                // On a weekend before the due day no working day may be left
                // to count, though the day is still to come.
                ClockState::DueToday => 0,
                _ => days.between(now.date(), self.at.date()).max(1),
            }),
            _ => plain::days_left((self.at.date() - now.date()).num_days()),
        }
    }
}

fn start_of(day: NaiveDate) -> NaiveDateTime {
    day.and_time(NaiveTime::MIN)
}

fn end_of(day: NaiveDate) -> NaiveDateTime {
    day.and_time(NaiveTime::from_hms_opt(23, 59, 59).unwrap_or(NaiveTime::MIN))
}
