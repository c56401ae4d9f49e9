//! Threshold documents: the levels of need and the signs of each. Partners
//! publish one; a decision keeps the version it was made under.

use crate::dated::dated;

dated! {
    /// A threshold document in one version.
    pub struct Threshold {
        /// Words at the top.
        pub intro: String,
        /// The levels, lowest first.
        pub levels: Vec<Level>,
    }
}

/// One level of need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Level {
    /// Its id.
    pub id: String,
    /// Its number, from 1.
    pub number: u8,
    /// Its name.
    pub title: String,
    /// What it means, in a few lines.
    pub summary: String,
    /// Signs of this level.
    pub indicators: Vec<Indicator>,
}

/// One sign of a level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Indicator {
    /// Its id, unique in the document.
    pub id: String,
    /// Its words.
    pub text: String,
    /// The domain: "development", "parenting" or "family".
    pub domain: String,
}

impl Threshold {
    /// The level with this id.
    pub fn level(&self, id: &str) -> Option<&Level> {
        self.levels.iter().find(|level| level.id == id)
    }

    /// The indicator with this id, and its level.
    pub fn indicator(&self, id: &str) -> Option<(&Level, &Indicator)> {
        self.levels.iter().find_map(|level| {
            level
                .indicators
                .iter()
                .find(|i| i.id == id)
                .map(|i| (level, i))
        })
    }
}
