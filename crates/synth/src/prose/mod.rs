//! Words for invented lives: sentences with gaps, chosen by theme and age.
//!
//! A [`Cast`] says who fills the gaps. A sentence is only used when the cast
//! can fill all its gaps, so that nobody's "father" appears where none is known
//! and no baby has a form tutor.

pub(crate) mod lines;
pub(crate) mod themes;
pub(crate) mod themes_more;

use std::collections::HashSet;

use crate::dice::Dice;

/// The age a sentence is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Age {
    Any,
    Unborn,
    Baby,
    Child,
    Teen,
}

/// One sentence with gaps in braces.
pub(crate) struct Line(pub(crate) Age, pub(crate) &'static str);

/// For any child.
pub(crate) const fn a(text: &'static str) -> Line {
    Line(Age::Any, text)
}
/// For a baby who is expected.
pub(crate) const fn u(text: &'static str) -> Line {
    Line(Age::Unborn, text)
}
/// For a baby or toddler under 3.
pub(crate) const fn b(text: &'static str) -> Line {
    Line(Age::Baby, text)
}
/// For a child of 3 to 10.
pub(crate) const fn k(text: &'static str) -> Line {
    Line(Age::Child, text)
}
/// For a young person of 11 and over.
pub(crate) const fn t(text: &'static str) -> Line {
    Line(Age::Teen, text)
}

/// Who fills the gaps.
pub(crate) struct Cast {
    pub(crate) age: Age,
    pub(crate) sex: char,
    pub(crate) child: String,
    pub(crate) carer: Option<String>,
    pub(crate) other: Option<String>,
    pub(crate) sib: Option<String>,
    pub(crate) gran: Option<String>,
    pub(crate) school: Option<String>,
    /// Sentences already said of this family, by address, so that few come twice.
    pub(crate) told: HashSet<usize>,
}

impl Cast {
    /// What fills this gap, if anything does.
    fn fill(&self, gap: &str) -> Option<&str> {
        let girl = self.sex == 'F';
        let born = self.age != Age::Unborn;
        match gap {
            "child" => Some(&self.child),
            "carer" => self.carer.as_deref(),
            "other" => self.other.as_deref(),
            "sib" => self.sib.as_deref(),
            "gran" => self.gran.as_deref(),
            "school" => self.school.as_deref(),
            "he" if born => Some(if girl { "she" } else { "he" }),
            "him" if born => Some(if girl { "her" } else { "him" }),
            "his" if born => Some(if girl { "her" } else { "his" }),
            _ => None,
        }
    }

    /// The sentence with its gaps filled, or `None` when one cannot be.
    fn say(&self, line: &Line) -> Option<String> {
        if line.0 != Age::Any && line.0 != self.age {
            return None;
        }
        let mut out = String::with_capacity(line.1.len() + 24);
        let mut rest = line.1;
        while let Some(open) = rest.find('{') {
            let close = open + rest[open..].find('}')?;
            out.push_str(&rest[..open]);
            out.push_str(self.fill(&rest[open + 1..close])?);
            rest = &rest[close + 1..];
        }
        out.push_str(rest);
        capitalise(&mut out);
        Some(out)
    }

    /// Up to `n` different sentences of a pool as one paragraph, those not yet
    /// said of this family before those that were.
    pub(crate) fn tell(&mut self, pool: &[Line], n: usize, dice: &mut Dice) -> String {
        let start = dice.below(pool.len());
        // A stride that shares no factor with the length meets every sentence once.
        let stride = [1, 5, 7, 11, 13][dice.below(5)];
        let stride = if pool.len().is_multiple_of(stride) {
            1
        } else {
            stride
        };
        let mut said_now: Vec<usize> = Vec::with_capacity(n);
        let mut said = String::new();
        let mut count = 0;
        // First the sentences not yet said of this family, then the others.
        for round in 0..2 {
            let mut at = start;
            for _ in 0..pool.len() {
                if count == n {
                    break;
                }
                at = (at + stride) % pool.len();
                let id = pool[at].1.as_ptr() as usize;
                let fresh = !self.told.contains(&id);
                if (round == 0 && !fresh) || said_now.contains(&id) {
                    continue;
                }
                if let Some(sentence) = self.say(&pool[at]) {
                    if count > 0 {
                        said.push(' ');
                    }
                    said.push_str(&sentence);
                    count += 1;
                    said_now.push(id);
                }
            }
            if round == 0 && count < n {
                // All was said once: begin again.
                for line in pool {
                    self.told.remove(&(line.1.as_ptr() as usize));
                }
            }
        }
        self.told.extend(said_now);
        said
    }

    /// One filled text of a pool of alternatives.
    pub(crate) fn one(&mut self, pool: &[Line], dice: &mut Dice) -> String {
        self.tell(pool, 1, dice)
    }

    /// A text with its gaps filled; a text that cannot be filled stays out.
    pub(crate) fn text(&self, text: &'static str) -> Option<String> {
        self.say(&a(text))
    }
}

/// Gives each sentence of a filled text its capital.
fn capitalise(text: &mut String) {
    let mut starts = Vec::new();
    for (i, byte) in text.bytes().enumerate() {
        let begins = i == 0 || (i > 1 && matches!(text.as_bytes()[i - 2], b'.' | b'?' | b'!'));
        if begins && byte.is_ascii_lowercase() {
            starts.push(i);
        }
    }
    for i in starts {
        let capital = text[i..=i].to_ascii_uppercase();
        text.replace_range(i..=i, &capital);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nobody_else(age: Age) -> Cast {
        Cast {
            age,
            sex: 'F',
            child: "the baby".into(),
            carer: Some("Ada".into()),
            other: None,
            sib: None,
            gran: None,
            school: None,
            told: HashSet::new(),
        }
    }

    #[test]
    fn a_sentence_whose_gap_cannot_be_filled_is_not_said() {
        let mut cast = nobody_else(Age::Unborn);
        let pool = [
            a("{other} rang."),
            k("{child} plays."),
            u("{child} is due."),
        ];
        let mut dice = Dice::new(5, 5);
        assert_eq!(cast.tell(&pool, 3, &mut dice), "The baby is due.");
    }

    #[test]
    fn every_pool_has_enough_to_say_for_every_age() {
        for age in [Age::Unborn, Age::Baby, Age::Child, Age::Teen] {
            let cast = nobody_else(age);
            for (name, pool) in lines::all() {
                let said = pool.iter().filter(|l| cast.say(l).is_some()).count();
                assert!(said >= 3, "{name} says only {said} things for {age:?}");
            }
        }
    }
}
