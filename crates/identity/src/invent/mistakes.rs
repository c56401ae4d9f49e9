//! What services write down about a child, and what goes wrong on the way.
//! Rates are per record; `noise` multiplies them.

use chrono::{Datelike, Days, NaiveDate};

use super::dice::Dice;
use super::lists;
use super::people::{Child, HomeText, Special, iso};
use crate::name::Names;

/// A record of a child, as a line of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Record {
    /// Which service.
    pub source: &'static str,
    /// Given names as written.
    pub given: String,
    /// Middle names.
    pub middle: String,
    /// Family name.
    pub family: String,
    /// Date of birth.
    pub dob: String,
    /// M, F or nothing.
    pub sex: &'static str,
    /// Address line.
    pub address: String,
    /// Postcode.
    pub postcode: String,
    /// NHS number.
    pub nhs: String,
    /// What went wrong, words joined by bars.
    pub errors: Vec<&'static str>,
}

/// The services and how many of 100 records are theirs.
const SOURCES: [(&str, usize); 5] = [
    ("school", 30),
    ("health", 28),
    ("social care", 24),
    ("police", 10),
    ("other council", 8),
];

impl Record {
    /// Writes a record of a child.
    pub fn of(child: &Child, sibling_nhs: Option<&str>, noise: f64, dice: &mut Dice) -> Self {
        let mut left = dice.below(100);
        let source = SOURCES
            .iter()
            .find(|(_, share)| {
                let this = left < *share;
                left = left.saturating_sub(*share);
                this
            })
            .map_or("school", |s| s.0);
        let mut r = Self {
            source,
            given: child.given.clone(),
            middle: child.middle.clone(),
            family: child.family.clone(),
            dob: iso(child.born),
            sex: if child.girl { "F" } else { "M" },
            ..Self::default()
        };
        r.place(child, noise, dice);
        r.number(child, sibling_nhs, noise, dice);
        r.names(child, noise, dice);
        r.birth(child, noise, dice);
        if dice.chance(0.006 * noise) {
            r.sex = if child.girl { "M" } else { "F" };
            r.errors.push("sex");
        } else if dice.chance(0.008) {
            r.sex = "";
        }
        if source == "police" {
            r.given = r.given.to_uppercase();
            r.family = r.family.to_uppercase();
            r.address = r.address.to_uppercase();
        }
        r
    }

    fn place(&mut self, child: &Child, noise: f64, dice: &mut Dice) {
        let home: &HomeText = match (&child.before, &child.second) {
            (Some(before), _) if dice.chance(0.38 * noise.min(1.5)) => {
                self.errors.push("old home");
                before
            }
            (_, Some(second)) if dice.chance(0.4) => {
                self.errors.push("second home");
                second
            }
            _ => &child.home,
        };
        self.address.clone_from(&home.line);
        self.postcode.clone_from(&home.postcode);
        if dice.chance(0.12) {
            let kinds = lists::words(lists::KINDS);
            let at = kinds.iter().position(|kind| self.address.ends_with(kind));
            if let Some(at) = at {
                let short = lists::words(lists::SHORT_KINDS)[at];
                let end = self.address.len() - kinds[at].len();
                self.address.truncate(end);
                self.address.push_str(short);
            }
        }
        if dice.chance(0.025 * noise) {
            self.address = typo(&self.address, dice);
            self.errors.push("address typo");
        }
        let (missing, part, wrong) = (
            if self.source == "police" { 0.2 } else { 0.025 },
            0.004,
            0.012,
        );
        if dice.chance(missing * noise.min(1.5)) {
            self.postcode.clear();
            if dice.chance(0.6) {
                self.address.clear();
            }
            self.errors.push("postcode missing");
        } else if dice.chance(part * noise) {
            let outer = self
                .postcode
                .split(' ')
                .next()
                .unwrap_or_default()
                .to_owned();
            self.postcode = outer;
            self.errors.push("postcode part");
        } else if dice.chance(wrong * noise) {
            self.postcode = typo(&self.postcode, dice).to_uppercase();
            self.errors.push("postcode typo");
        }
    }

    fn number(&mut self, child: &Child, sibling: Option<&str>, noise: f64, dice: &mut Dice) {
        let chance = match self.source {
            "health" => 0.93,
            "social care" => 0.55,
            "school" => 0.25,
            "police" => 0.06,
            _ => 0.35,
        };
        let asylum = child.special == Special::Asylum;
        if !dice.chance(if asylum { chance * 0.6 } else { chance })
            || child.special == Special::Unborn && dice.chance(0.3)
        {
            return;
        }
        self.nhs.clone_from(&child.nhs);
        if let Some(other) = sibling.filter(|_| dice.chance(0.0015 * noise)) {
            self.nhs = other.to_owned();
            self.errors.push("sibling's number");
        } else if dice.chance(0.002 * noise) {
            let at = dice.below(10);
            let mut digits = std::mem::take(&mut self.nhs).into_bytes();
            digits[at] = b'0' + (digits[at] - b'0' + 1 + dice.below(9) as u8) % 10;
            self.nhs = digits.into_iter().map(char::from).collect();
            self.errors.push("number typo");
        }
    }

    fn names(&mut self, child: &Child, noise: f64, dice: &mut Dice) {
        if child.special == Special::Unborn && dice.chance(0.3) {
            self.given = dice
                .one(&["Unborn", "Baby", "Unborn baby", "Infant"])
                .to_owned();
            if dice.chance(0.2) {
                self.given = format!("Baby of {}", self.family);
            }
            self.middle.clear();
            self.sex = "";
            self.errors.push("unborn");
            return;
        }
        if let Some(other) = child.other_family.as_ref().filter(|_| dice.chance(0.36)) {
            self.family.clone_from(other);
            self.errors.push("other family name");
        }
        if self.middle.is_empty() || dice.chance(0.45) || self.source == "police" {
            self.middle.clear();
        } else if dice.chance(0.2) {
            self.middle = self.middle.chars().take(1).collect();
        } else if dice.chance(0.08 * noise) {
            self.given = format!("{} {}", self.given, self.middle);
            self.middle.clear();
            self.errors.push("middle joined");
        }
        if !child.middle.is_empty() && dice.chance(0.009 * noise) {
            std::mem::swap(&mut self.given, &mut self.middle);
            if self.given.chars().count() < 2 {
                self.given.clone_from(&child.middle);
            }
            self.errors.push("called by middle name");
        }
        if dice.chance(0.05 * noise)
            && let Some((name, word)) = also_called(&child.given, dice)
        {
            self.given = name;
            self.errors.push(word);
        }
        if dice.chance(0.018 * noise) && self.given.len() > 2 {
            self.given = typo(&self.given, dice);
            self.errors.push("given typo");
        }
        if dice.chance(0.015 * noise) && self.family.len() > 2 {
            self.family = typo(&self.family, dice);
            self.errors.push("family typo");
        }
        if self.family.contains('-') && dice.chance(0.25 * noise) {
            let parts: Vec<&str> = self.family.split('-').collect();
            self.family = dice.one(&parts).to_owned();
            self.errors.push("half a double name");
        }
        let swaps = if child.culture == 0 { 0.004 } else { 0.018 };
        if dice.chance(swaps * noise) {
            std::mem::swap(&mut self.given, &mut self.family);
            self.errors.push("names swapped");
        }
        if (!self.given.is_ascii() || !self.family.is_ascii()) && dice.chance(0.4) {
            self.given = any_letters(&self.given);
            self.family = any_letters(&self.family);
        }
        if dice.chance(0.003 * noise) {
            self.given = dice.one(&["", "Unknown", "UNKNOWN", "Child"]).to_owned();
            self.errors.push("given missing");
        }
    }

    fn birth(&mut self, child: &Child, noise: f64, dice: &mut Dice) {
        let born = child.born;
        let mut put = |date: Option<NaiveDate>, word: &'static str| {
            if let Some(date) = date {
                self.dob = iso(date);
                self.errors.push(word);
            }
        };
        if self.given.to_lowercase().contains("baby")
            || ["Unborn", "Infant"].contains(&self.given.as_str())
        {
            put(
                born.checked_add_days(Days::new(dice.below(22) as u64)),
                "date expected",
            );
            return;
        }
        if child.special == Special::Asylum && dice.chance(0.55) {
            let year = born.year() + dice.below(5) as i32 - 2;
            put(NaiveDate::from_ymd_opt(year, 1, 1), "date assessed");
            return;
        }
        let roll = dice.share() / noise;
        if roll < 0.004 {
            self.dob.clear();
            self.errors.push("date missing");
        } else if roll < 0.006 {
            put(
                NaiveDate::from_ymd_opt(born.year(), born.day(), born.month()),
                "day and month swapped",
            );
        } else if roll < 0.0085 {
            put(
                NaiveDate::from_ymd_opt(
                    born.year(),
                    born.month(),
                    born.day() / 10 * 10 + dice.below(10) as u32,
                ),
                "date digit",
            );
        } else if roll < 0.0105 {
            put(
                NaiveDate::from_ymd_opt(
                    born.year() + if dice.chance(0.5) { 1 } else { -1 },
                    born.month(),
                    born.day(),
                ),
                "year off",
            );
        } else if roll < 0.0115 {
            put(
                NaiveDate::from_ymd_opt(born.year(), 1, 1),
                "first of January",
            );
        }
    }
}

/// Another spelling or a short name, and which it is.
fn also_called(given: &str, dice: &mut Dice) -> Option<(String, &'static str)> {
    let key = vocabulary::name_key(given);
    let others = Names::also(&key);
    let (name, short) = *others.get(dice.below(others.len().max(1)))?;
    let mut letters = name.chars();
    let first = letters.next()?.to_uppercase();
    Some((
        first.chain(letters).collect(),
        if short { "short name" } else { "spelling" },
    ))
}

/// A text without accents.
fn any_letters(text: &str) -> String {
    text.chars()
        .map(|c| {
            if c.is_ascii() {
                c.to_string()
            } else {
                capital(c, &vocabulary::name_key(&c.to_string()))
            }
        })
        .collect()
}

fn capital(of: char, text: &str) -> String {
    if of.is_uppercase() {
        text.to_uppercase()
    } else {
        text.to_owned()
    }
}

/// One slip of the hand.
pub fn typo(text: &str, dice: &mut Dice) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    if letters.len() < 2 {
        return text.to_owned();
    }
    let at = dice.below(letters.len());
    let near = |c: char, dice: &mut Dice| {
        const ROWS: [&str; 4] = ["1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm"];
        let lower = c.to_ascii_lowercase();
        let row = ROWS.iter().find(|row| row.contains(lower));
        row.map_or('e', |row| {
            let i = row.find(lower).unwrap_or(0);
            let j = if i == 0 || (i + 1 < row.len() && dice.chance(0.5)) {
                i + 1
            } else {
                i - 1
            };
            row.chars().nth(j).unwrap_or('e')
        })
    };
    match dice.below(4) {
        0 => letters[at] = near(letters[at], dice),
        1 => {
            letters.remove(at);
        }
        2 => {
            let c = near(letters[at], dice);
            letters.insert(at, c);
        }
        _ if at + 1 < letters.len() => letters.swap(at, at + 1),
        _ => letters.swap(at, at - 1),
    }
    letters.into_iter().collect()
}
