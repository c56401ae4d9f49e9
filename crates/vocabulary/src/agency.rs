//! The agencies that act around a child. An action, a meeting and a contact
//! each name one.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! agencies {
    ($($(#[$doc:meta])* $name:ident $code:literal $label:literal),* $(,)?) => {
        /// Whose work something is.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Agency {
            $($(#[$doc])* #[serde(rename = $code)] $name),*
        }

        impl Agency {
            /// All agencies, in the order they are offered.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The stored word, the same as in the pack's code set "agencies".
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code),* }
            }

            /// The name on a page.
            pub fn label(self) -> &'static str {
                match self { $(Self::$name => $label),* }
            }
        }
    };
}

agencies! {
    /// The family itself: parents, relatives, the child.
    Family "family" "The family",
    /// Children's social care.
    SocialCare "social_care" "Children’s social care",
    /// Early help and family hubs.
    EarlyHelp "early_help" "Early help",
    /// Schools, nurseries and colleges.
    School "school" "School, nursery or college",
    /// All health services.
    Health "health" "Health",
    /// The police.
    Police "police" "Police",
    /// Housing.
    Housing "housing" "Housing",
    /// Adult social care.
    AdultCare "adult_care" "Adult social care",
    /// Probation.
    Probation "probation" "Probation",
    /// Youth justice.
    YouthJustice "youth_justice" "Youth justice",
    /// Drug and alcohol services.
    SubstanceUse "substance_use" "Drug and alcohol service",
    /// Domestic abuse services.
    DomesticAbuse "domestic_abuse" "Domestic abuse service",
    /// Charities, community and faith groups.
    Voluntary "voluntary" "Charity, community or faith group",
    /// Courts and the children's guardian service.
    Court "court" "Court or Cafcass",
    /// Another council.
    OtherCouncil "other_council" "Another council",
    /// Anyone else.
    Other "other" "Another agency",
}

impl Agency {
    /// The agency with this stored word.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|agency| agency.code() == code)
    }
}

impl fmt::Display for Agency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.label())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_read_back_and_are_unique() {
        for agency in Agency::ALL {
            assert_eq!(Agency::from_code(agency.code()), Some(*agency));
        }
        assert_eq!(Agency::from_code("nobody"), None);
    }
}
