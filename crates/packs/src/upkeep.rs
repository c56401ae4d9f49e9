//! The services directory's own practice: how it is kept true, and the words
//! that mean the same in its search.

use crate::dated::dated;

dated! {
    /// How the services directory is kept true. All spans are days after the
    /// day on which a check is due, unless they say otherwise.
    pub struct Upkeep {
        /// How often kinds of service are checked; the first is for every kind
        /// that no other names.
        pub cycles: Vec<UpkeepCycle>,
        /// The days on which the owner is asked.
        pub ask_after: Vec<u64>,
        /// The page says since when nobody checked it.
        pub say_so_after: u64,
        /// It comes lower in results.
        pub lower_after: u64,
        /// It is not published.
        pub unpublish_after: u64,
        /// How many days an owner's link opens.
        pub link_days: i64,
        /// How many working days a report from the public may wait.
        pub answer_working_days: i64,
        /// Days after the answer until the reporter's address is forgotten.
        pub forget_after: i64,
        /// How often in a row a web address must fail to be called dead.
        pub dead_after: i64,
        /// Whoever proposed a change does not approve it.
        pub second_person: bool,
        /// The fields that an owner changes without waiting.
        pub at_once: Vec<String>,
    }
}

/// How often a kind of service is checked.
#[derive(Debug, Clone, PartialEq)]
pub struct UpkeepCycle {
    /// Its id.
    pub id: String,
    /// Its words.
    pub title: String,
    /// In months.
    pub months: u32,
    /// Words that the name of a category of this kind holds, in small letters.
    pub categories: Vec<String>,
}

dated! {
    /// Words that mean the same to someone who looks for help.
    pub struct Synonyms {
        /// The groups: whoever asks for one word finds all.
        pub groups: Vec<Vec<String>>,
    }
}

impl Synonyms {
    /// A council's groups stand beside England's.
    pub(crate) fn over(&self, under: &Self) -> Self {
        let mut both = self.clone();
        both.groups = under.groups.iter().chain(&self.groups).cloned().collect();
        both
    }
}
