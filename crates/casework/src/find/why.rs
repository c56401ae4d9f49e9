//! Why somebody may be meant, in sentences for the screen: made from the levels
//! that decided, so that no reason is given which had no say.

use chrono::NaiveDate;
use identity::dob::DobLevel;
use identity::home::HomeLevel;
use identity::level::{FamilyLevel, GivenLevel, Levels, NhsLevel, Order, Plain};

use super::asked::Asked;
use super::keys;

/// How one part of a name fits, best last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fits {
    Part,
    Initial,
    Near,
    Sounds,
    Begins,
    Short,
    Same,
}

impl Fits {
    fn verb(self) -> &'static str {
        match self {
            Fits::Part => "fits in part",
            Fits::Initial => "has the same initial",
            Fits::Near => "is spelt nearly the same",
            Fits::Sounds => "sounds the same",
            Fits::Begins => "begins the same",
            Fits::Short => "is a short form",
            Fits::Same => "is the same",
        }
    }
}

/// The name that fits best, with how it stands in the record.
pub(super) struct Named<'a> {
    /// Given names.
    pub(super) given: &'a str,
    /// Family name.
    pub(super) family: &'a str,
    /// What to say when it is not the name in the record: "Known as Mo".
    pub(super) instead: Option<String>,
}

/// The reasons, names first.
pub(super) fn why(
    asked: &Asked,
    levels: &Levels,
    named: Named<'_>,
    born: Option<NaiveDate>,
) -> Vec<String> {
    let mut because = Vec::new();
    if levels.nhs == NhsLevel::Same {
        because.push("Same NHS number".to_owned());
    }
    if levels.upn == Plain::Same {
        because.push("Same pupil number".to_owned());
    }
    if !because.is_empty() {
        return because;
    }
    let fits = name(asked, levels, &named);
    match named.instead {
        Some(instead) if fits.is_some() => because.push(instead),
        _ => because.extend(fits),
    }
    because.extend(date(asked, levels.dob, born));
    because.extend(home(levels.home));
    because
}

fn given(level: GivenLevel) -> Option<Fits> {
    Some(match level {
        GivenLevel::SameVeryCommon
        | GivenLevel::SameCommon
        | GivenLevel::Same
        | GivenLevel::SameRare => Fits::Same,
        GivenLevel::Spelling | GivenLevel::Sound => Fits::Sounds,
        GivenLevel::Short => Fits::Short,
        GivenLevel::Slip | GivenLevel::Near => Fits::Near,
        GivenLevel::Part | GivenLevel::ByMiddle => Fits::Part,
        GivenLevel::Initial => Fits::Initial,
        GivenLevel::Different | GivenLevel::Missing | GivenLevel::NotYet => return None,
    })
}

fn family(level: FamilyLevel) -> Option<Fits> {
    Some(match level {
        FamilyLevel::SameVeryCommon
        | FamilyLevel::SameCommon
        | FamilyLevel::Same
        | FamilyLevel::SameRare => Fits::Same,
        FamilyLevel::Spelling | FamilyLevel::Sound => Fits::Sounds,
        FamilyLevel::Slip | FamilyLevel::Near => Fits::Near,
        FamilyLevel::Part => Fits::Part,
        FamilyLevel::Different | FamilyLevel::Missing => return None,
    })
}

/// One sentence for the name. A single part that fits is named.
fn name(asked: &Asked, levels: &Levels, named: &Named<'_>) -> Option<String> {
    let begins = |fits: Fits, name: &str| {
        let typed = |word: &String| {
            let words = keys::words(name);
            asked
                .words
                .iter()
                .any(|a| word.starts_with(a.as_str()) && word != a)
                && words.contains(word)
        };
        match fits {
            Fits::Near | Fits::Part if keys::words(name).iter().any(typed) => Fits::Begins,
            _ => fits,
        }
    };
    let first = given(levels.given).map(|fits| begins(fits, named.given));
    let last = family(levels.family).map(|fits| begins(fits, named.family));
    let both_asked = levels.given != GivenLevel::Missing && levels.family != FamilyLevel::Missing;
    match (first, last) {
        (None, None) => None,
        (Some(_), None) if levels.order == Order::Half => {
            Some("One name stands in the other’s place".to_owned())
        }
        (Some(fits), None) => Some(one("first name", fits)),
        (None, Some(fits)) => Some(one("last name", fits)),
        (Some(Fits::Same), Some(Fits::Same)) => Some("Same name".to_owned()),
        (Some(Fits::Same), Some(loose)) if both_asked => Some(format!(
            "Same first name, and the last name {}",
            loose.verb()
        )),
        (Some(loose), Some(Fits::Same)) if both_asked => Some(format!(
            "Same last name, and the first name {}",
            loose.verb()
        )),
        (Some(a), Some(b)) => Some(one("name", a.min(b))),
    }
}

fn one(which: &str, fits: Fits) -> String {
    match fits {
        Fits::Same => format!("Same {which}"),
        fits => format!("The {which} {}", fits.verb()),
    }
}

fn date(asked: &Asked, level: DobLevel, born: Option<NaiveDate>) -> Option<String> {
    let one_digit = |born: NaiveDate| {
        asked
            .born
            .is_some_and(|asked| keys::one_digit_off(asked).contains(&born))
    };
    let words = match level {
        DobLevel::Same | DobLevel::SameDefault => "Same date of birth",
        DobLevel::Swapped => "Day and month of birth are swapped",
        DobLevel::OneDigit => "The date of birth differs by one digit",
        DobLevel::YearApart if born.is_some_and(one_digit) => {
            "The date of birth differs by one digit"
        }
        DobLevel::YearApart | DobLevel::SameDay => "Same birthday, another year",
        DobLevel::PartSame => "Born in that year",
        DobLevel::PartNear => "Born a year from that",
        DobLevel::DefaultSameYear | DobLevel::DefaultNear => "Born about then: a date is estimated",
        DobLevel::Near => "Born within a month of that",
        DobLevel::SameYear => "Born in the same year",
        DobLevel::Missing | DobLevel::Years | DobLevel::Different => return None,
    };
    Some(words.to_owned())
}

fn home(level: HomeLevel) -> Option<String> {
    match level {
        HomeLevel::Same | HomeLevel::SamePostcode | HomeLevel::PostcodeOnly => {
            Some("Same postcode".to_owned())
        }
        HomeLevel::SameHouse => Some("Nearly the same postcode".to_owned()),
        HomeLevel::Area => Some("Lives near that postcode".to_owned()),
        _ => None,
    }
}
