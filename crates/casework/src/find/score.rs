//! How well a person fits a question, and why, in sentences for the screen.
//! Pure: rows in, a number and its reasons out.

use chrono::{Datelike, NaiveDate};
use record::model::{Person, PersonName};
use vocabulary::Postcode;

use super::asked::Asked;
use super::keys;

/// What a match is made from.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// The person.
    pub person: &'a Person,
    /// Their other names.
    pub also: &'a [PersonName],
    /// Postcodes of their addresses, never a protected one.
    pub postcodes: &'a [String],
    /// A contact with the reference that was asked for is about them.
    pub by_contact: bool,
}

/// The result of a comparison.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    /// 0 to 100.
    pub likely: u8,
    /// Why, in sentences; empty when nothing fits.
    pub because: Vec<String>,
    /// Name and something beside the name fit, or a number does: enough to ask
    /// whether two records are one person.
    pub more_than_a_name: bool,
}

/// Two words of a name compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum How {
    Different,
    Near,
    Sounds,
    Begins,
    Same,
}

/// The weights of name, date and postcode against one another.
const NAME: f64 = 6.0;
const BORN: f64 = 4.0;
const YEAR: f64 = 3.0;
const PLACE: f64 = 2.0;

/// Compares a person with a question.
pub fn fit(asked: &Asked, known: &Known<'_>) -> Fit {
    let mut because = Vec::new();
    if let Some(number) = same_number(asked, known) {
        because.push(number);
    }
    let sure = !because.is_empty();
    let (mut got, mut most) = (0.0, 0.0);
    let mut name_fits = false;
    if !asked.words.is_empty() && !sure {
        let (share, reason) = name(asked, known);
        name_fits = share >= 0.8;
        got += NAME * share;
        most += NAME;
        because.extend(reason);
    }
    let mut other = false;
    if let Some(born) = asked.born {
        let (share, reason) = birth(born, known.person.born_on);
        other |= share >= 0.7;
        got += BORN * share;
        most += BORN;
        because.extend(reason);
    }
    if let Some(year) = asked.year {
        let (share, reason) = birth_year(year, known.person.born_on);
        got += YEAR * share;
        most += YEAR;
        because.extend(reason);
    }
    if let Some(postcode) = &asked.postcode {
        let (share, reason) = place(postcode, known.postcodes);
        other |= share >= 1.0;
        got += PLACE * share;
        most += PLACE;
        because.extend(reason);
    }
    let share = if most > 0.0 { got / most } else { 0.0 };
    let likely = if sure {
        99.0
    } else {
        (share * 100.0).min(98.0)
    };
    Fit {
        // In 0..=99 by construction.
        likely: likely.max(0.0) as u8,
        because,
        more_than_a_name: sure || (name_fits && other),
    }
}

fn same_number(asked: &Asked, known: &Known<'_>) -> Option<String> {
    let person = known.person;
    let nhs = person.nhs_number.as_deref().map(keys::digits);
    if asked.nhs.is_some() && asked.nhs == nhs {
        return Some("Same NHS number".into());
    }
    if asked.upn.is_some() && asked.upn.as_deref() == person.upn.as_deref() {
        return Some("Same pupil number".into());
    }
    if asked.references.contains(&keys::reference(person)) {
        return Some("Same reference".into());
    }
    (known.by_contact && !asked.references.is_empty())
        .then(|| "A contact with this reference is about them".into())
}

/// The best of the names that the person has or had.
fn name(asked: &Asked, known: &Known<'_>) -> (f64, Option<String>) {
    let person = known.person;
    let (share, hows, places) = one_name(asked, &person.given, &person.family_name);
    let mut best = (share, reason(&hows, &places, asked.words.len()));
    if let Some(called) = &person.known_as {
        let (share, _, _) = one_name(asked, called, &person.family_name);
        if share > best.0 + 0.001 {
            best = (share, Some(format!("Known as {called}")));
        }
    }
    for other in known.also {
        let (share, _, _) = one_name(asked, &other.given, &other.family_name);
        if share > best.0 + 0.001 {
            let name = format!("{} {}", other.given, other.family_name);
            best = (
                share,
                Some(format!("Another name of theirs fits: {}", name.trim())),
            );
        }
    }
    best
}

/// Compares the words asked with one name, in any order: share, how each word
/// asked fits, and whether it fits the given (true) or the family name.
fn one_name(asked: &Asked, given: &str, family: &str) -> (f64, Vec<How>, Vec<bool>) {
    let mut theirs: Vec<(String, bool)> =
        keys::words(given).into_iter().map(|w| (w, true)).collect();
    theirs.extend(keys::words(family).into_iter().map(|w| (w, false)));
    let joined = [keys::words(given).concat(), keys::words(family).concat()];
    let mut used = vec![false; theirs.len()];
    let (mut got, mut most) = (0.0, 0.0);
    let (mut hows, mut places) = (Vec::new(), Vec::new());
    for (i, word) in asked.words.iter().enumerate() {
        let meant = asked.given.map(|n| i < n);
        let mut best: Option<(f64, How, Option<usize>, bool)> = None;
        for (at, (their, is_given)) in theirs.iter().enumerate() {
            if used[at] {
                continue;
            }
            let (mut share, how) = alike(word, their);
            // First and last name in each other's place happens; it is a
            // little less likely than in their own.
            if meant.is_some_and(|given| given != *is_given) {
                share *= 0.9;
            }
            if best.as_ref().is_none_or(|b| share > b.0) {
                best = Some((share, how, Some(at), *is_given));
            }
        }
        for (their, is_given) in joined.iter().zip([true, false]) {
            let (share, how) = alike(word, their);
            if best.as_ref().is_none_or(|b| share > b.0) {
                best = Some((share, how, None, is_given));
            }
        }
        let weight = weight(word);
        most += weight;
        if let Some((share, how, at, is_given)) = best {
            if let Some(at) = at {
                used[at] = true;
            }
            got += weight * share;
            hows.push(how);
            places.push(is_given);
        }
    }
    let share = if most > 0.0 { got / most } else { 0.0 };
    // Names that nobody asked for speak a little against the match.
    let left = used.iter().filter(|u| !**u).count().min(3) as f64;
    (share * (1.0 - 0.01 * left), hows, places)
}

/// A long word says more than a short one.
fn weight(word: &str) -> f64 {
    (word.len() as f64).clamp(2.0, 8.0).sqrt()
}

/// How alike two words are, 0 to 1, and in which way.
fn alike(asked: &str, theirs: &str) -> (f64, How) {
    if asked == theirs {
        return (1.0, How::Same);
    }
    if asked.len() >= 2 && theirs.starts_with(asked) {
        let part = asked.len() as f64 / theirs.len() as f64;
        return (0.86 + 0.12 * part, How::Begins);
    }
    let letters = strsim::jaro_winkler(asked, theirs);
    let slips = strsim::damerau_levenshtein(asked, theirs);
    let sounds = keys::sounds(asked)
        .iter()
        .any(|code| keys::sounds(theirs).contains(code));
    let share = match (slips, sounds) {
        (1, true) => 0.94,
        (1, false) => 0.84 + 0.1 * letters.max(0.5),
        (_, true) => 0.74 + 0.18 * letters,
        (2, false) if asked.len() >= 6 => 0.8 * letters,
        _ => 0.55 * letters,
    };
    let how = match (slips, sounds) {
        (_, true) => How::Sounds,
        (1 | 2, false) if share > 0.6 => How::Near,
        _ => How::Different,
    };
    (share.min(0.97), how)
}

/// One sentence for how the words fit. A single part that fits is named.
fn reason(hows: &[How], places: &[bool], asked: usize) -> Option<String> {
    let good: Vec<(How, bool)> = hows
        .iter()
        .copied()
        .zip(places.iter().copied())
        .filter(|(how, _)| *how != How::Different)
        .collect();
    let worst = good.iter().map(|(how, _)| *how).min()?;
    let which = match (good.iter().any(|g| g.1), good.iter().any(|g| !g.1)) {
        (true, false) => "first name",
        (false, true) => "last name",
        _ => "name",
    };
    let all = good.len() == asked;
    let same = good.iter().filter(|g| g.0 == How::Same).count();
    // "The first name is the same, the last name sounds the same" says more
    // than either alone.
    if all && good.len() == 2 && same == 1 && worst != How::Same {
        let part = |given: bool| if given { "first name" } else { "last name" };
        let exact = good.iter().find(|g| g.0 == How::Same)?;
        let loose = good.iter().find(|g| g.0 != How::Same)?;
        if exact.1 != loose.1 {
            return Some(format!(
                "Same {}, and the {} {}",
                part(exact.1),
                part(loose.1),
                verb(loose.0)
            ));
        }
    }
    Some(match worst {
        How::Same => format!("Same {which}"),
        how => format!("The {which} {}", verb(how)),
    })
}

fn verb(how: How) -> &'static str {
    match how {
        How::Sounds => "sounds the same",
        How::Begins => "begins the same",
        How::Same => "is the same",
        How::Near | How::Different => "is spelt nearly the same",
    }
}

fn birth(asked: NaiveDate, theirs: Option<NaiveDate>) -> (f64, Option<String>) {
    let Some(born) = theirs else {
        return (0.3, None);
    };
    if born == asked {
        return (1.0, Some("Same date of birth".into()));
    }
    if keys::swapped(asked) == Some(born) {
        let words = "Day and month of birth are swapped";
        return (0.85, Some(words.into()));
    }
    if keys::one_digit_off(asked).contains(&born) {
        let words = "The date of birth differs by one digit";
        return (0.75, Some(words.into()));
    }
    if (born.day(), born.month()) == (asked.day(), asked.month()) {
        return (0.5, Some("Same birthday, another year".into()));
    }
    if born.year() == asked.year() {
        return (0.4, Some("Born in the same year".into()));
    }
    (0.0, None)
}

fn birth_year(asked: i32, theirs: Option<NaiveDate>) -> (f64, Option<String>) {
    match theirs.map(|born| (born.year() - asked).abs()) {
        Some(0) => (1.0, Some("Born in that year".into())),
        Some(1) => (0.5, Some("Born a year from that".into())),
        None => (0.3, None),
        Some(_) => (0.0, None),
    }
}

fn place(asked: &Postcode, theirs: &[String]) -> (f64, Option<String>) {
    let postcodes = || {
        theirs
            .iter()
            .filter_map(|text| text.parse::<Postcode>().ok())
    };
    if postcodes().any(|p| p == *asked) {
        return (1.0, Some("Same postcode".into()));
    }
    if postcodes().any(|p| p.sector() == asked.sector()) {
        return (0.5, Some("Lives near that postcode".into()));
    }
    (0.0, None)
}
