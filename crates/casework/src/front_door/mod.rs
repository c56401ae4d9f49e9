//! The front door: contacts come in, are screened, and are decided.
//!
//! One contact record whatever the route (R003-02): a public page, a school, a
//! police officer, a telephone call. [`incoming`] takes them, [`board`] shows
//! what waits, [`contact`] one of them, [`identify`] finds the child,
//! [`decision`] decides, [`telling`] tells the referrer and the other council,
//! [`early_help`] takes requests for early help and its steps up.

pub mod board;
pub mod contact;
pub mod decision;
pub mod early_help;
pub mod identify;
pub mod incoming;
pub mod public;
pub mod screening;
pub mod telling;

use chrono::{DateTime, NaiveDate, Utc};
use record::model::Contact;
use vocabulary::{BirthDate, plain};

use crate::time;

/// How contacts come in, with the pack's form for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Route {
    /// A parent, a relative, a young person, on the public page.
    Public,
    /// A school's designated lead, on its own page.
    School,
    /// A police officer, on their own page.
    Police,
    /// By telephone, written down by a screener.
    Phone,
    /// A partner who starts early help, on its own page.
    EarlyHelp,
    /// Early help that asks social care.
    StepUp,
}

impl Route {
    /// All routes, in the order of the board's filter.
    pub const ALL: [Route; 6] = [
        Route::Public,
        Route::School,
        Route::Police,
        Route::Phone,
        Route::EarlyHelp,
        Route::StepUp,
    ];

    /// The word in the record.
    pub fn code(self) -> &'static str {
        match self {
            Route::Public => "public",
            Route::School => "school",
            Route::Police => "police",
            Route::Phone => "phone",
            Route::EarlyHelp => "early_help",
            Route::StepUp => "step_up",
        }
    }

    /// The route with this word.
    pub fn from_code(code: &str) -> Option<Route> {
        Route::ALL.into_iter().find(|route| route.code() == code)
    }

    /// The route for people.
    pub fn label(self) -> &'static str {
        match self {
            Route::Public => "Ask for help page",
            Route::School => "School page",
            Route::Police => "Police page",
            Route::Phone => "Phone",
            Route::EarlyHelp => "Early help page",
            Route::StepUp => "Step up from early help",
        }
    }

    /// The form of the pack.
    pub fn form(self) -> &'static str {
        match self {
            Route::Public => "ask-for-help",
            Route::School => "school-contact",
            Route::Police => "police-contact",
            Route::Phone => "phone-contact",
            Route::EarlyHelp => "early-help-request",
            Route::StepUp => "early-help-step-up",
        }
    }

    /// The referral source of the children in need census that goes without
    /// asking; `None` where the form asks.
    fn source(self) -> Option<&'static str> {
        match self {
            Route::School => Some("2A"),
            Route::Police => Some("6"),
            Route::StepUp => Some("5D"),
            Route::Public | Route::Phone | Route::EarlyHelp => None,
        }
    }
}

/// The route of a contact, for people; the stored word if it came from an
/// import.
pub fn route_words(contact: &Contact) -> String {
    route_label(&contact.route)
}

pub(crate) fn route_label(code: &str) -> String {
    Route::from_code(code).map_or_else(|| code.to_owned(), |r| r.label().to_owned())
}

/// An outcome of the threshold decision in people's words.
pub fn outcome_words(outcome: &str) -> &str {
    match outcome {
        "advice" => "information and advice",
        "early_help" => "early help",
        "referral" => "a referral to social care",
        "other_council" => "passed to another council",
        "immediate_risk" => "immediate risk: a social worker acts today",
        other => other,
    }
}

/// A child as the referrer told it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ToldChild {
    /// Given name; "baby" for one who is expected.
    pub given: String,
    /// Family name.
    pub family: String,
    /// Date of birth as typed, ISO if it is a real day.
    pub born: String,
    /// School, nursery or college.
    pub school: String,
}

impl ToldChild {
    /// Reads the JSON of a contact's child.
    pub fn read(told: &serde_json::Value) -> ToldChild {
        let text = |name: &str| {
            told.get(name)
                .and_then(serde_json::Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        ToldChild {
            given: text("given"),
            family: text("family_name"),
            born: text("born"),
            school: text("school"),
        }
    }

    /// The day of birth, when a real one was told.
    pub fn born_on(&self) -> Option<NaiveDate> {
        self.born.parse().ok()
    }

    /// The name as told.
    pub fn name(&self) -> String {
        let name = format!("{} {}", self.given, self.family);
        match name.trim() {
            "" => "A child whose name was not told".into(),
            name => name.to_owned(),
        }
    }

    /// "Maya Thorn, 7", as told.
    pub fn words(&self) -> String {
        match self.born_on() {
            Some(day) => format!(
                "{}, {}",
                self.name(),
                BirthDate::exact(day).words_on(time::today())
            ),
            None => self.name(),
        }
    }
}

/// How long something has been where it is: "3h 20m", "2 days 4h", "12m".
pub fn for_how_long(since: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let minutes = (now - since).num_minutes().max(0);
    let (days, hours, minutes) = (minutes / 1440, minutes / 60 % 24, minutes % 60);
    match (days, hours) {
        (0, 0) => format!("{minutes}m"),
        (0, _) => format!("{hours}h {minutes}m"),
        _ => format!("{} {hours}h", plain::count(days, "day", "days")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_in_a_stage_is_said_shortly() {
        let since: DateTime<Utc> = "2026-11-21T09:00:00Z".parse().unwrap();
        let after = |text: &str| for_how_long(since, text.parse().unwrap());
        assert_eq!(after("2026-11-21T09:12:00Z"), "12m");
        assert_eq!(after("2026-11-21T12:20:00Z"), "3h 20m");
        assert_eq!(after("2026-11-22T13:20:00Z"), "1 day 4h");
        assert_eq!(after("2026-11-21T08:00:00Z"), "0m");
    }

    #[test]
    fn a_child_as_told_may_have_no_name_and_no_real_date() {
        let told = ToldChild::read(&serde_json::json!({ "born": "spring 2019" }));
        assert_eq!(told.words(), "A child whose name was not told");
        assert_eq!(told.born_on(), None);
    }
}
