//! Kinds of meeting: which partners belong at the table, when it can decide,
//! and what is asked when somebody is missing.

use crate::dated::dated;

dated! {
    /// One kind of meeting.
    pub struct MeetingDef {
        /// A line of help under its name.
        pub hint: String,
        /// The kinds of plan that it belongs to; of any, when there is none.
        pub plans: Vec<String>,
        /// A form of what this meeting finds, beside that of every meeting.
        pub form: Option<String>,
        /// How many working days before it reports are due.
        pub reports_before: Option<u32>,
        /// When it can decide.
        pub quorum: Option<Quorum>,
        /// Those who belong at the table, listed in advance and never ticked.
        pub partners: Vec<Partner>,
    }
}

/// A place at the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partner {
    /// Its id within the meeting.
    pub id: String,
    /// What it is called: "Police".
    pub title: String,
    /// The agencies that fill it, codes of the set "agencies".
    pub agencies: Vec<String>,
    /// What happens when nobody of them comes.
    pub need: Need,
    /// Why they belong there.
    pub why: String,
}

/// What happens when a place stays empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Need {
    /// Nothing: it is listed so that nobody forgets it.
    #[default]
    Expected,
    /// The reason is asked, and the absence is counted (R003-24).
    Reason,
    /// The meeting is not one without it (R000-14).
    Must,
}

/// How many agencies must be there for a decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quorum {
    /// So many agencies besides children's social care.
    pub agencies: u32,
    /// The rule in words.
    pub rule: String,
}

impl MeetingDef {
    /// Whether so many different agencies, those of children's social care not
    /// counted, are enough for a decision.
    pub fn is_quorate<'a>(&self, agencies: impl IntoIterator<Item = &'a str>) -> bool {
        let Some(quorum) = &self.quorum else {
            return true;
        };
        let mut others: Vec<&str> = agencies
            .into_iter()
            .filter(|agency| !["social_care", "family", ""].contains(agency))
            .collect();
        others.sort_unstable();
        others.dedup();
        u32::try_from(others.len()).is_ok_and(|n| n >= quorum.agencies)
    }

    /// The place that an agency fills.
    pub fn partner_of(&self, agency: &str) -> Option<&Partner> {
        let fills = |partner: &&Partner| partner.agencies.iter().any(|a| a == agency);
        self.partners.iter().find(fills)
    }
}
