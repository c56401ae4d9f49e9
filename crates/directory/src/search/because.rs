//! Why a result is there, as facts: each can be said in English here, or in
//! another language by whoever has its words.

use chrono::NaiveDate;

use super::How;
use crate::postcodes::MILE;

/// One reason for one result.
#[derive(Debug, Clone, PartialEq)]
pub enum Because {
    /// It has a word that can mean what was typed.
    Means {
        /// The word it has.
        has: String,
        /// The word that was typed.
        typed: String,
    },
    /// It has a word that was meant: mistyped, or not finished.
    Has(String),
    /// It does not hold a word that was typed.
    Lacks(String),
    /// It is in a category that was asked for.
    Category(String),
    /// It does not say for which ages it is.
    AgesUnknown,
    /// It is for these ages, in years; `whole` when for every age asked for.
    Ages {
        /// From, where it says so.
        from: Option<f64>,
        /// To and with, where it says so.
        to: Option<f64>,
        /// For every age that was asked for.
        whole: bool,
    },
    /// How far away it is.
    Far {
        /// Measured from the middle of an area.
        about: bool,
        /// In metres, as the crow flies.
        metres: f64,
        /// From where: an outward code or a sector.
        from: String,
    },
    /// It has a place and nobody knows where.
    PlaceUnknown,
    /// It has no place, and is met in these ways by everybody here.
    NoPlace(Vec<How>),
    /// It lies in another council than this.
    OverTheBorder(String),
    /// It speaks a language that was asked for.
    Speaks(String),
    /// It costs nothing, as was asked.
    Free,
    /// It is open on days that were asked for: Monday is bit 0; none when only
    /// a time of day was asked for.
    Open(u8),
    /// It meets an access need: its id among [`super::NEEDS`].
    Access(&'static str),
    /// Nobody said that it is right since this day.
    NotCheckedSince(NaiveDate),
    /// Nobody ever did.
    NeverChecked,
}

/// The pattern of each reason in English, by key. Other languages have the
/// same keys in their own files.
pub const PATTERNS: &[(&str, &str)] = &[
    ("why.access", "{need}"),
    ("why.ages", "For {ages}"),
    ("why.ages.all", "all ages"),
    ("why.ages.between", "{from} to {to} years"),
    ("why.ages.from", "from {from} years"),
    (
        "why.ages.part",
        "For {ages}: not for every age you asked for",
    ),
    ("why.ages.to", "up to {to} years"),
    ("why.ages.unknown", "Does not say for which ages"),
    ("why.border", "Over the border of {council}"),
    ("why.category", "In “{category}”"),
    ("why.far", "{far} from {place}"),
    ("why.far.about", "About {far} from {place}"),
    ("why.free", "Free"),
    ("why.has", "Has “{word}”"),
    ("why.how.online", "online"),
    ("why.how.or", "or"),
    ("why.how.person", "comes to you"),
    ("why.how.phone", "on the telephone"),
    ("why.lacks", "Does not mention “{word}”"),
    ("why.means", "Has “{has}”, which can mean “{word}”"),
    ("why.miles", "{number} miles"),
    ("why.miles.less", "less than 0.1 miles"),
    ("why.miles.one", "1 mile"),
    (
        "why.never",
        "Nobody has checked this yet: ring before you go",
    ),
    ("why.noplace", "{how}, wherever you live here"),
    ("why.noplace.unknown", "Has no place to go to"),
    (
        "why.notchecked",
        "Not checked since {day}: ring before you go",
    ),
    ("why.open", "Open on {days}"),
    ("why.open.time", "Open at that time"),
    ("why.place.unknown", "Its place is not known: ask them"),
    ("why.speaks", "Speaks {language}"),
];

/// The days of a mask, Monday first, by their keys in a language's file.
pub const DAY_KEYS: [&str; 7] = [
    "day.0", "day.1", "day.2", "day.3", "day.4", "day.5", "day.6",
];

const DAYS: [&str; 7] = [
    "Mondays",
    "Tuesdays",
    "Wednesdays",
    "Thursdays",
    "Fridays",
    "Saturdays",
    "Sundays",
];

impl Because {
    /// In English, as a short sentence.
    pub fn english(&self) -> String {
        self.say(&|key| english(key).to_owned())
    }

    /// In any language: `words` gives the pattern of a key, in English where
    /// the language has none.
    pub fn say(&self, words: &dyn Fn(&str) -> String) -> String {
        let fill = |key: &str, gaps: &[(&str, &str)]| {
            let mut text = words(key);
            for (name, value) in gaps {
                text = text.replace(&format!("{{{name}}}"), value);
            }
            text
        };
        match self {
            Because::Means { has, typed } => fill("why.means", &[("has", has), ("word", typed)]),
            Because::Has(word) => fill("why.has", &[("word", word)]),
            Because::Lacks(word) => fill("why.lacks", &[("word", word)]),
            Because::Category(name) => fill("why.category", &[("category", name)]),
            Because::AgesUnknown => words("why.ages.unknown"),
            Because::Ages { from, to, whole } => {
                let year = |y: &f64| y.to_string();
                let ages = match (from, to) {
                    (None, None) => words("why.ages.all"),
                    (None, Some(t)) => fill("why.ages.to", &[("to", &year(t))]),
                    (Some(f), None) => fill("why.ages.from", &[("from", &year(f))]),
                    (Some(f), Some(t)) => {
                        fill("why.ages.between", &[("from", &year(f)), ("to", &year(t))])
                    }
                };
                let key = if *whole { "why.ages" } else { "why.ages.part" };
                fill(key, &[("ages", &ages)])
            }
            Because::Far {
                about,
                metres,
                from,
            } => {
                let far = say_miles(*metres, words);
                let key = if *about { "why.far.about" } else { "why.far" };
                fill(key, &[("far", &far), ("place", from)])
            }
            Because::PlaceUnknown => words("why.place.unknown"),
            Because::NoPlace(how) if how.is_empty() => words("why.noplace.unknown"),
            Because::NoPlace(how) => {
                let each = how.iter().map(|h| {
                    words(match h {
                        How::InPerson => "why.how.person",
                        How::Online => "why.how.online",
                        How::Telephone => "why.how.phone",
                    })
                });
                let or = format!(" {} ", words("why.how.or"));
                let how = capital(&each.collect::<Vec<_>>().join(&or));
                fill("why.noplace", &[("how", &how)])
            }
            Because::OverTheBorder(council) => fill("why.border", &[("council", council)]),
            Because::Speaks(language) => fill("why.speaks", &[("language", &capital(language))]),
            Because::Free => words("why.free"),
            Because::Open(0) => words("why.open.time"),
            Because::Open(days) => {
                let named = DAY_KEYS.iter().enumerate();
                let named = named.filter(|(at, _)| days & (1 << at) != 0);
                let list: Vec<String> = named.map(|(_, key)| words(key)).collect();
                fill("why.open", &[("days", &list.join(", "))])
            }
            Because::Access(need) => {
                fill("why.access", &[("need", &words(&format!("access.{need}")))])
            }
            Because::NotCheckedSince(day) => {
                let day = vocabulary::plain::date(*day);
                fill("why.notchecked", &[("day", &day)])
            }
            Because::NeverChecked => words("why.never"),
        }
    }
}

/// The English words of a key: a reason, a day or an access need.
pub fn english(key: &str) -> &str {
    if let Ok(at) = PATTERNS.binary_search_by(|(known, _)| (*known).cmp(key)) {
        return PATTERNS[at].1;
    }
    if let Some(at) = DAY_KEYS.iter().position(|known| *known == key) {
        return DAYS[at];
    }
    let need = key.strip_prefix("access.").unwrap_or(key);
    let known = super::NEEDS.iter().find(|n| n.id == need);
    known.map_or(key, |n| n.label)
}

/// "0.4 miles", "1 mile", "12 miles".
pub fn miles(metres: f64) -> String {
    say_miles(metres, &|key| english(key).to_owned())
}

fn say_miles(metres: f64, words: &dyn Fn(&str) -> String) -> String {
    let miles = metres / MILE;
    if miles < 0.05 {
        return words("why.miles.less");
    }
    let rounded = if miles < 10.0 {
        (miles * 10.0).round() / 10.0
    } else {
        miles.round()
    };
    if (rounded - 1.0).abs() < f64::EPSILON {
        words("why.miles.one")
    } else {
        words("why.miles").replace("{number}", &rounded.to_string())
    }
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().collect::<String>() + letters.as_str(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_stand_in_order_so_that_they_are_found() {
        assert!(PATTERNS.is_sorted_by_key(|(key, _)| *key));
        for (key, words) in PATTERNS {
            assert_eq!(english(key), *words);
        }
    }

    #[test]
    fn miles_are_said_as_people_say_them() {
        assert_eq!(miles(20.0), "less than 0.1 miles");
        assert_eq!(miles(640.0), "0.4 miles");
        assert_eq!(miles(1609.344), "1 mile");
        assert_eq!(miles(20_000.0), "12 miles");
    }

    #[test]
    fn ages_that_fit_only_partly_say_so() {
        let ages = |from, to, whole| Because::Ages { from, to, whole }.english();
        assert_eq!(ages(None, Some(5.0), true), "For up to 5 years");
        assert_eq!(
            ages(Some(5.0), Some(11.0), false),
            "For 5 to 11 years: not for every age you asked for"
        );
    }

    #[test]
    fn ways_and_days_are_joined_in_words() {
        let how = Because::NoPlace(vec![How::Online, How::Telephone]);
        assert_eq!(
            how.english(),
            "Online or on the telephone, wherever you live here"
        );
        assert_eq!(
            Because::Open(0b10_0001).english(),
            "Open on Mondays, Saturdays"
        );
        assert_eq!(Because::Access("step-free").english(), "Step-free way in");
    }
}
