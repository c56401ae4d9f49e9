//! The weights: how many bits each level of each field speaks for or against
//! two records being one child, and how they add up.
//!
//! The question is never "the same child or a random one?". Where the home is
//! shared, the other answer is a brother, sister or twin; elsewhere it is a
//! stranger. So every weight has a part that always counts and a part for the
//! one of three contexts: home shared, home not known, home elsewhere. Pairs
//! of fields that speak together (first name and date of birth, first name and
//! sex, ...) have weights of their own.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use crate::dob::DobLevel;
use crate::home::HomeLevel;
use crate::level::{FamilyLevel, GivenLevel, Levels, MiddleLevel, NhsLevel, Order, Plain};

/// The fields that are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// Given name.
    Given,
    /// Family name.
    Family,
    /// Middle names.
    Middle,
    /// Order of the names.
    Order,
    /// Date of birth.
    Dob,
    /// Sex.
    Sex,
    /// Home.
    Home,
    /// NHS number.
    Nhs,
    /// Unique pupil number.
    Upn,
    /// School.
    School,
    /// Parents.
    Parents,
}

/// What the other answer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Context {
    /// One household: the other answer is a brother, sister or twin.
    Shared,
    /// A home is not known.
    Unknown,
    /// Two homes: the other answer is a stranger.
    Elsewhere,
}

/// How many features can be on for one pair.
const ON: usize = FIELDS.len() * 2 + CROSSES * 2 + 1;

const FIELDS: [(Field, &str, usize); 11] = [
    (Field::Given, "given", 15),
    (Field::Family, "family", 11),
    (Field::Middle, "middle", 5),
    (Field::Order, "order", 3),
    (Field::Dob, "dob", 15),
    (Field::Sex, "sex", 3),
    (Field::Home, "home", 9),
    (Field::Nhs, "nhs", 5),
    (Field::Upn, "upn", 3),
    (Field::School, "school", 3),
    (Field::Parents, "parents", 3),
];

const CROSSES: usize = 6;
/// The pairs of fields that speak together.
pub const CROSSED: [(Field, Field); CROSSES] = [
    (Field::Given, Field::Dob),
    (Field::Given, Field::Family),
    (Field::Family, Field::Dob),
    (Field::Given, Field::Middle),
    (Field::Given, Field::Sex),
    (Field::Middle, Field::Dob),
];
/// Coarse steps of a field in a cross.
const COARSE: usize = 5;
const CONTEXTS: [(&str, Option<Context>); 4] = [
    ("", None),
    ("home shared: ", Some(Context::Shared)),
    ("home not known: ", Some(Context::Unknown)),
    ("home elsewhere: ", Some(Context::Elsewhere)),
];

/// One weight that spoke.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Part {
    /// The field it is about.
    pub field: Field,
    /// The other field, where two speak together.
    pub with: Option<Field>,
    /// Bits for (positive) or against.
    pub bits: f32,
}

/// A set of weights.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// What it is called and how it came about.
    pub about: About,
    weights: Vec<f32>,
}

/// Where a model comes from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct About {
    /// The model's version: a name and a date.
    pub version: String,
    /// How the weights were learnt, in a sentence.
    pub learnt: String,
    /// How many records they were learnt from. In a larger file more strangers
    /// agree by chance; the score is corrected by the ratio.
    pub records: usize,
    /// Bits from which a pair is joined.
    pub join: f32,
    /// Bits from which a pair that is not joined is worth a person's look.
    pub review: f32,
}

#[derive(Serialize, Deserialize)]
struct File {
    #[serde(flatten)]
    about: About,
    weights: BTreeMap<String, f32>,
}

/// Why a model file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BadModel {
    /// Not the expected JSON.
    #[error("The model file cannot be read: {0}")]
    Json(#[from] serde_json::Error),
    /// A weight that this program does not know.
    #[error(
        "The model file has a weight “{0}” that this version does not know: learn it again with --train"
    )]
    Unknown(String),
}

fn main_offset(field: usize) -> usize {
    FIELDS[..field].iter().map(|f| f.2).sum()
}

fn block_len() -> usize {
    main_offset(FIELDS.len()) + CROSSES * COARSE * COARSE
}

/// How many weights a model has.
pub fn len() -> usize {
    1 + CONTEXTS.len() * block_len()
}

/// The names of all weights in the order of their numbers.
pub fn weight_names() -> &'static [String] {
    static NAMES: OnceLock<Vec<String>> = OnceLock::new();
    NAMES.get_or_init(|| {
        let mut names = vec!["start".to_owned()];
        for (context, _) in CONTEXTS {
            for (field, name, n) in FIELDS {
                names.extend(
                    (0..n).map(|level| format!("{context}{name} {}", level_name(field, level))),
                );
            }
            for (a, b) in CROSSED {
                for x in 0..COARSE {
                    for y in 0..COARSE {
                        names.push(format!(
                            "{context}{} {} & {} {}",
                            field_name(a),
                            coarse_name(a, x),
                            field_name(b),
                            coarse_name(b, y)
                        ));
                    }
                }
            }
        }
        names
    })
}

fn field_name(field: Field) -> &'static str {
    FIELDS.iter().find(|f| f.0 == field).map_or("", |f| f.1)
}

fn level_name(field: Field, level: usize) -> String {
    fn name<T: Serialize>(all: &[T], level: usize) -> String {
        match all.get(level).map(serde_json::to_value) {
            Some(Ok(serde_json::Value::String(name))) => name,
            _ => level.to_string(),
        }
    }
    match field {
        Field::Given => name(GivenLevel::ALL, level),
        Field::Family => name(FamilyLevel::ALL, level),
        Field::Middle => name(MiddleLevel::ALL, level),
        Field::Order => name(Order::ALL, level),
        Field::Dob => name(&DobLevel::ALL, level),
        Field::Home => name(&HomeLevel::ALL, level),
        Field::Nhs => name(NhsLevel::ALL, level),
        Field::Sex | Field::Upn | Field::School | Field::Parents => name(Plain::ALL, level),
    }
}

fn coarse_name(field: Field, step: usize) -> &'static str {
    match field {
        Field::Sex => ["missing", "same", "different", "unused", "unused too"][step],
        Field::Middle => ["missing", "same", "initial", "near", "different"][step],
        _ => ["same", "close", "weak", "different", "missing"][step],
    }
}

fn level_of(field: Field, levels: &Levels) -> usize {
    match field {
        Field::Given => levels.given as usize,
        Field::Family => levels.family as usize,
        Field::Middle => levels.middle as usize,
        Field::Order => levels.order as usize,
        Field::Dob => levels.dob as usize,
        Field::Sex => levels.sex as usize,
        Field::Home => levels.home as usize,
        Field::Nhs => levels.nhs as usize,
        Field::Upn => levels.upn as usize,
        Field::School => levels.school as usize,
        Field::Parents => levels.parents as usize,
    }
}

fn coarse(field: Field, levels: &Levels) -> usize {
    match field {
        Field::Given => match levels.given {
            GivenLevel::SameVeryCommon
            | GivenLevel::SameCommon
            | GivenLevel::Same
            | GivenLevel::SameRare => 0,
            GivenLevel::Spelling | GivenLevel::Short | GivenLevel::Slip | GivenLevel::Sound => 1,
            GivenLevel::Near | GivenLevel::Part | GivenLevel::ByMiddle | GivenLevel::Initial => 2,
            GivenLevel::Different => 3,
            GivenLevel::Missing | GivenLevel::NotYet => 4,
        },
        Field::Family => match levels.family {
            FamilyLevel::SameVeryCommon
            | FamilyLevel::SameCommon
            | FamilyLevel::Same
            | FamilyLevel::SameRare => 0,
            FamilyLevel::Spelling | FamilyLevel::Slip | FamilyLevel::Sound | FamilyLevel::Near => 1,
            FamilyLevel::Part => 2,
            FamilyLevel::Different => 3,
            FamilyLevel::Missing => 4,
        },
        Field::Dob => match levels.dob {
            DobLevel::Same => 0,
            DobLevel::SameDefault
            | DobLevel::Swapped
            | DobLevel::OneDigit
            | DobLevel::YearApart
            | DobLevel::DefaultSameYear
            | DobLevel::PartSame => 1,
            DobLevel::DefaultNear | DobLevel::Near | DobLevel::SameDay | DobLevel::PartNear => 2,
            DobLevel::SameYear | DobLevel::Years | DobLevel::Different => 3,
            DobLevel::Missing => 4,
        },
        other => level_of(other, levels).min(COARSE - 1),
    }
}

/// The context of a pair.
pub fn context(levels: &Levels) -> Context {
    match levels.home {
        HomeLevel::Missing => Context::Unknown,
        home if home.is_shared() => Context::Shared,
        _ => Context::Elsewhere,
    }
}

/// The numbers of the weights that speak for these levels, and which fields
/// each is about.
pub fn features(levels: &Levels) -> [(u16, Field, Option<Field>); ON - 1] {
    let mut on = [(0u16, Field::Given, None); ON - 1];
    let mut n = 0;
    let block = block_len();
    let special = 1 + block * (1 + context(levels) as usize);
    for start in [1, special] {
        let mut offset = start;
        for (field, _, levels_of) in FIELDS {
            on[n] = ((offset + level_of(field, levels)) as u16, field, None);
            offset += levels_of;
            n += 1;
        }
        for (a, b) in CROSSED {
            on[n] = (
                (offset + coarse(a, levels) * COARSE + coarse(b, levels)) as u16,
                a,
                Some(b),
            );
            offset += COARSE * COARSE;
            n += 1;
        }
    }
    on
}

impl Model {
    /// A model with these weights, in the order of [`weight_names`].
    pub fn new(about: About, weights: Vec<f32>) -> Self {
        debug_assert_eq!(weights.len(), len());
        Self { about, weights }
    }

    /// The weights that ship with the program.
    pub fn shipped() -> Self {
        let shipped = Self::from_json(include_str!("../models/shipped.json"));
        shipped.expect("the shipped weights are read by a test")
    }

    /// Reads a model file.
    pub fn from_json(text: &str) -> Result<Self, BadModel> {
        let file: File = serde_json::from_str(text)?;
        let mut weights = vec![0.0; len()];
        let numbers: BTreeMap<&str, usize> = weight_names()
            .iter()
            .enumerate()
            .map(|(i, name)| (name.as_str(), i))
            .collect();
        for (name, bits) in file.weights {
            match numbers.get(name.as_str()) {
                Some(i) => weights[*i] = bits,
                None => return Err(BadModel::Unknown(name)),
            }
        }
        Ok(Self {
            about: file.about,
            weights,
        })
    }

    /// The model as a file: JSON, one weight a line, without those that are 0.
    pub fn to_json(&self) -> String {
        let named = weight_names()
            .iter()
            .cloned()
            .zip(self.weights.iter().copied());
        let file = File {
            about: self.about.clone(),
            weights: named.filter(|(_, bits)| *bits != 0.0).collect(),
        };
        let mut text = serde_json::to_string_pretty(&file).unwrap_or_default();
        text.push('\n');
        text
    }

    /// The weight with this number.
    pub fn weight(&self, number: usize) -> f32 {
        self.weights[number]
    }

    /// All weights.
    pub fn weights(&self) -> &[f32] {
        &self.weights
    }

    /// How many bits a set of `records` takes from pairs whose other answer is
    /// a stranger: the number of strangers who agree by chance grows with it.
    pub fn strangers(&self, records: usize) -> f32 {
        ((records.max(2) as f32) / (self.about.records.max(2) as f32))
            .log2()
            .clamp(-6.0, 12.0)
    }

    /// The bits for one child: the sum of what [`Model::parts`] lists.
    /// `strangers` from [`Model::strangers`].
    pub fn bits(&self, levels: &Levels, strangers: f32) -> f32 {
        let mut bits = self.start(levels, strangers);
        for (number, ..) in features(levels) {
            bits += self.weights[usize::from(number)];
        }
        bits
    }

    /// What is known before any field is looked at.
    pub fn start(&self, levels: &Levels, strangers: f32) -> f32 {
        let correction = if context(levels) == Context::Shared {
            0.0
        } else {
            strangers
        };
        let nameless = if has_no_name(levels) { NAMELESS } else { 0.0 };
        self.weights[0] - correction - nameless
    }

    /// Every weight that speaks for these levels, the start not among them.
    pub fn parts(&self, levels: &Levels) -> Vec<Part> {
        features(levels)
            .into_iter()
            .map(|(number, field, with)| Part {
                field,
                with,
                bits: self.weights[usize::from(number)],
            })
            .collect()
    }
}

/// Bits that a pair loses when one of the records has no name at all.
const NAMELESS: f32 = 12.0;

/// Whether a record is only "boy, about 4": no first name, no last name and no
/// shared number. The weights never saw such pairs, because no key finds them.
fn has_no_name(levels: &Levels) -> bool {
    matches!(levels.given, GivenLevel::Missing | GivenLevel::NotYet)
        && levels.family == FamilyLevel::Missing
        && levels.nhs != NhsLevel::Same
        && levels.upn != Plain::Same
}

/// Bits as a probability.
pub fn probability(bits: f32) -> f32 {
    1.0 / (1.0 + (-bits).exp2())
}

/// The three answers for a pair: the same child, another child of the same
/// household, a stranger. They add up to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Answer {
    /// The same child.
    pub same: f32,
    /// A brother, sister or twin, or another child at this home.
    pub household: f32,
    /// Somebody else.
    pub stranger: f32,
}

/// Splits what is left of the probability between household and stranger: by
/// home and family name, which is what they differ in.
pub fn answer(bits: f32, levels: &Levels) -> Answer {
    let same = probability(bits);
    let family = coarse(Field::Family, levels) <= 2;
    let household = match (context(levels), family) {
        (Context::Shared, true) => 0.99,
        (Context::Shared, false) => 0.9,
        (Context::Unknown, true) => 0.5,
        (Context::Elsewhere, true) => match levels.dob {
            // A twin with an old address is likelier than a stranger with this
            // name and day.
            DobLevel::Same => 0.5,
            _ => 0.1,
        },
        _ => 0.01,
    };
    Answer {
        same,
        household: (1.0 - same) * household,
        stranger: (1.0 - same) * (1.0 - household),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_weight_has_its_own_name() {
        let names = weight_names();
        assert_eq!(names.len(), len());
        let distinct: std::collections::BTreeSet<&String> = names.iter().collect();
        assert_eq!(distinct.len(), names.len());
    }
}
