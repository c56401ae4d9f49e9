//! Why a result is there, from the same facts that decided.

use super::docs::Index;
use super::text::Kind;
use super::{Found, Group, Hit, How, Wanted};
use crate::assurance::Standing;
use crate::postcodes::MILE;
use crate::store::Directory;

impl Index {
    /// Short sentences for the reader, the most telling first.
    pub fn why(
        &self,
        directory: &Directory,
        wanted: &Wanted,
        found: &Found,
        hit: &Hit,
    ) -> Vec<String> {
        let doc = &self.docs[hit.doc as usize];
        let mut told = Vec::new();
        for unit in &found.units {
            let held = unit.ways.iter().find(|way| {
                let mut stems = way.stems.iter();
                stems.all(|s| self.words.weight(*s, hit.doc).is_some())
            });
            match held.map(|way| &way.kind) {
                Some(Kind::Same) => {}
                Some(Kind::Means(words)) => {
                    told.push(format!("Has “{words}”, which can mean “{}”", unit.typed));
                }
                Some(Kind::Spelt(words) | Kind::Begins(words)) => {
                    told.push(format!("Has “{words}”"));
                }
                None => told.push(format!("Does not mention “{}”", unit.typed)),
            }
        }
        let entry = directory.entry(&doc.id);
        for id in wanted.terms.iter().flatten() {
            let Some(term) = directory.term(id) else {
                continue;
            };
            let number = self.terms.get(id);
            if number.is_some_and(|n| doc.terms.binary_search(n).is_ok()) {
                told.push(format!("In “{}”", term.name));
            }
        }
        if let Some((from, to)) = wanted.ages {
            told.push(match doc.ages {
                None => "Does not say for which ages".into(),
                Some((least, most)) => for_ages(least, most, from, to),
            });
        }
        if let Some(near) = &wanted.near {
            told.push(self.where_it_is(near.about, &near.called, hit));
        }
        if hit.over_the_border {
            told.push(format!("Over the border of {}", self.council.name));
        }
        if let Some(language) = &wanted.language {
            told.push(format!("Speaks {}", capital(language)));
        }
        match hit.standing {
            Standing::NotCheckedSince | Standing::Lowered => {
                if let Some(entry) = entry {
                    let day = entry.upkeep.checked_on.map(vocabulary::plain::date);
                    told.push(match day {
                        Some(day) => format!("Not checked since {day}: ring before you go"),
                        None => "Nobody has checked this yet: ring before you go".into(),
                    });
                }
            }
            _ => {}
        }
        told
    }

    fn where_it_is(&self, about: bool, called: &str, hit: &Hit) -> String {
        let doc = &self.docs[hit.doc as usize];
        match (hit.metres, hit.group) {
            (Some(metres), _) => {
                let word = if about { "About " } else { "" };
                format!("{word}{} from {called}", miles(metres))
            }
            (None, Group::Place) => "Its place is not known: ask them".into(),
            (None, Group::NoPlace) => {
                let ways = [How::Online, How::Telephone, How::InPerson];
                let known: Vec<&str> = ways
                    .into_iter()
                    .filter(|h| doc.how & h.bit() != 0)
                    .map(|h| match h {
                        How::InPerson => "comes to you",
                        other => other.words(),
                    })
                    .collect();
                if known.is_empty() {
                    "Has no place to go to".into()
                } else {
                    capital(&format!("{}, wherever you live here", known.join(" or ")))
                }
            }
        }
    }
}

/// "0.4 miles", "1 mile", "12 miles".
pub fn miles(metres: f64) -> String {
    let miles = metres / MILE;
    if miles < 0.05 {
        return "less than 0.1 miles".into();
    }
    let rounded = if miles < 10.0 {
        (miles * 10.0).round() / 10.0
    } else {
        miles.round()
    };
    if (rounded - 1.0).abs() < f64::EPSILON {
        "1 mile".into()
    } else {
        format!("{rounded} miles")
    }
}

fn for_ages(least: f64, most: f64, from: f64, to: f64) -> String {
    let most = most.floor();
    let whom = match (least, most) {
        (l, m) if l <= 0.0 && m >= 150.0 => "all ages".into(),
        (l, m) if l <= 0.0 => format!("up to {m} years"),
        (l, m) if m >= 150.0 => format!("from {l} years"),
        (l, m) => format!("{l} to {m} years"),
    };
    if least <= from && most + 0.999 >= to {
        format!("For {whom}")
    } else {
        format!("For {whom}: not for every age you asked for")
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
    fn miles_are_said_as_people_say_them() {
        assert_eq!(miles(20.0), "less than 0.1 miles");
        assert_eq!(miles(640.0), "0.4 miles");
        assert_eq!(miles(1609.344), "1 mile");
        assert_eq!(miles(20_000.0), "12 miles");
    }

    #[test]
    fn ages_that_fit_only_partly_say_so() {
        assert_eq!(for_ages(0.0, 5.999, 3.0, 4.0), "For up to 5 years");
        assert_eq!(
            for_ages(5.0, 11.999, 3.0, 6.0),
            "For 5 to 11 years: not for every age you asked for"
        );
    }
}
