//! Sex as it is recorded for returns (CIN census 2025-26: M, F, U). Gender
//! and pronouns are the person's own words and are kept apart.

use serde::{Deserialize, Serialize};

/// A person's recorded sex.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Sex {
    /// Male.
    #[serde(rename = "M")]
    Male,
    /// Female.
    #[serde(rename = "F")]
    Female,
    /// Not known, or a baby not born yet.
    #[serde(rename = "U")]
    Unknown,
}

impl Sex {
    /// All values, in the order they are offered.
    pub const ALL: [Self; 3] = [Self::Female, Self::Male, Self::Unknown];

    /// The code of the returns.
    pub fn code(self) -> &'static str {
        match self {
            Self::Male => "M",
            Self::Female => "F",
            Self::Unknown => "U",
        }
    }

    /// The value with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sex| sex.code() == code)
    }

    /// The word on a page.
    pub fn label(self) -> &'static str {
        match self {
            Self::Male => "Male",
            Self::Female => "Female",
            Self::Unknown => "Not known",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_read_back() {
        for sex in Sex::ALL {
            assert_eq!(Sex::from_code(sex.code()), Some(sex));
            assert_eq!(
                serde_json::to_string(&sex).unwrap(),
                format!("\"{}\"", sex.code())
            );
        }
        assert_eq!(Sex::from_code("m"), None);
    }
}
