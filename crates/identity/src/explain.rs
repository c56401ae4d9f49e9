//! Why two records were thought to be one child, or not: a sentence for each
//! field, made from the same bits that decided. The bits of all sentences and
//! the start add up to the score exactly.

use crate::dob::DobLevel;
use crate::home::HomeLevel;
use crate::level::{FamilyLevel, GivenLevel, Levels, MiddleLevel, NhsLevel, Order, Plain};
use crate::model::{Answer, Context, Field, Model, answer, context};

/// What one field had to say.
#[derive(Debug, Clone, PartialEq)]
pub struct Reason {
    /// The field.
    pub field: Field,
    /// In words: "Date of birth: the same".
    pub words: String,
    /// Bits for being one child, or against it when below zero.
    pub bits: f32,
}

impl Reason {
    /// How strongly, in words.
    pub fn strength(&self) -> &'static str {
        match self.bits {
            b if b >= 6.0 => "strongly for",
            b if b >= 2.5 => "for",
            b if b >= 0.5 => "slightly for",
            b if b > -0.5 => "says little",
            b if b > -2.5 => "slightly against",
            b if b > -6.0 => "against",
            _ => "strongly against",
        }
    }

    /// Five steps each way, for a small bar: -5 to 5.
    pub fn steps(&self) -> i8 {
        (self.bits / 2.0).round().clamp(-5.0, 5.0) as i8
    }
}

/// The whole explanation.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// The score, in bits.
    pub bits: f32,
    /// The three answers.
    pub answer: Answer,
    /// What is thought before any field is looked at, and what follows from
    /// fields that are not known.
    pub start: f32,
    /// What each field said, the weightiest first. Fields that are not known
    /// on one side are left out when they say nothing.
    pub reasons: Vec<Reason>,
    /// What a person should think of before deciding.
    pub cautions: Vec<&'static str>,
}

/// Explains the comparison of two records. `strangers` from
/// [`Model::strangers`].
pub fn explain(levels: &Levels, model: &Model, strangers: f32) -> Explanation {
    let bits = model.bits(levels, strangers);
    let mut by_field: Vec<(Field, f32)> = Vec::new();
    for part in model.parts(levels) {
        // What two fields say together is said with the first of them.
        match by_field.iter_mut().find(|(field, _)| *field == part.field) {
            Some((_, sum)) => *sum += part.bits,
            None => by_field.push((part.field, part.bits)),
        }
    }
    let mut start = model.start(levels, strangers);
    let mut reasons: Vec<Reason> = Vec::with_capacity(by_field.len());
    for (field, bits) in by_field {
        let words = words(field, levels);
        if !words.is_empty() {
            reasons.push(Reason { field, words, bits });
        } else if bits.abs() >= 0.5 && field != Field::Order {
            let words = format!("{}: not known on one side", title(field));
            reasons.push(Reason { field, words, bits });
        } else {
            // What is not known says next to nothing: it is a part of the start.
            start += bits;
        }
    }
    reasons.sort_by(|a, b| b.bits.abs().total_cmp(&a.bits.abs()));
    Explanation {
        bits,
        answer: answer(bits, levels),
        start,
        reasons,
        cautions: cautions(levels),
    }
}

fn title(field: Field) -> &'static str {
    match field {
        Field::Given => "First name",
        Field::Family => "Last name",
        Field::Middle => "Middle name",
        Field::Order => "Order of the names",
        Field::Dob => "Date of birth",
        Field::Sex => "Sex",
        Field::Home => "Home",
        Field::Nhs => "NHS number",
        Field::Upn => "Pupil number",
        Field::School => "School",
        Field::Parents => "Parents",
    }
}

/// What the levels of a field say; empty for a field that is not known.
fn words(field: Field, l: &Levels) -> String {
    let said = match field {
        Field::Given => match l.given {
            GivenLevel::SameVeryCommon => "the same, but very many children are called so",
            GivenLevel::SameCommon => "the same, a common one",
            GivenLevel::Same => "the same",
            GivenLevel::SameRare => "the same, a rare one",
            GivenLevel::Spelling => "the same name, spelt differently",
            GivenLevel::Short => "a short form of the other",
            GivenLevel::Slip => "one letter differs",
            GivenLevel::Sound => "sounds the same",
            GivenLevel::Near => "nearly the same",
            GivenLevel::Part => "they share a part",
            GivenLevel::ByMiddle => "one is called by the other’s middle name",
            GivenLevel::Initial => "the initial fits",
            GivenLevel::Different => "different",
            GivenLevel::NotYet => "one has no name yet",
            GivenLevel::Missing => "",
        },
        Field::Family => match l.family {
            FamilyLevel::SameVeryCommon => "the same, but very many families are called so",
            FamilyLevel::SameCommon => "the same, a common one",
            FamilyLevel::Same => "the same",
            FamilyLevel::SameRare => "the same, a rare one",
            FamilyLevel::Spelling => "the same name, spelt differently",
            FamilyLevel::Slip => "one letter differs",
            FamilyLevel::Sound => "sounds the same",
            FamilyLevel::Near => "nearly the same",
            FamilyLevel::Part => "one is a part of the other",
            FamilyLevel::Different => "different",
            FamilyLevel::Missing => "",
        },
        Field::Middle => match l.middle {
            MiddleLevel::Same => "the same",
            MiddleLevel::Initial => "the initial fits",
            MiddleLevel::Near => "nearly the same",
            MiddleLevel::Different => "different",
            MiddleLevel::Missing => "",
        },
        Field::Order => match l.order {
            Order::Straight => "",
            Order::Swapped => "first and last name stand in each other’s place",
            Order::Half => "one name stands in the other’s place",
        },
        Field::Dob => match l.dob {
            DobLevel::Same => "the same",
            DobLevel::SameDefault => "the same first of January, which may stand for “about”",
            DobLevel::Swapped => "day and month are swapped",
            DobLevel::OneDigit => "one digit differs",
            DobLevel::YearApart => "same day and month, a year apart",
            DobLevel::DefaultSameYear => "same year, one is the first of January",
            DobLevel::DefaultNear => "years close to each other, one is estimated or assessed",
            DobLevel::Near => "within a month of each other",
            DobLevel::SameDay => "same day and month, another year",
            DobLevel::SameYear => "only the year is the same",
            DobLevel::Years => "up to three years apart",
            DobLevel::Different => "different",
            DobLevel::PartSame => "what is known of it is the same",
            DobLevel::PartNear => "the years are one apart",
            DobLevel::Missing => "",
        },
        Field::Home => match l.home {
            HomeLevel::Same => "the same address",
            HomeLevel::SameHouse => "the same house, as far as the postcode can be read",
            HomeLevel::SameLine => "the same house and street, another postcode",
            HomeLevel::SamePostcode => "the same postcode",
            HomeLevel::Neighbour => "the same street, another number or flat",
            HomeLevel::PostcodeOnly => "the same postcode, another street",
            HomeLevel::Area => "different, in the same area",
            HomeLevel::Different => "different; families move",
            HomeLevel::Missing => "",
        },
        Field::Nhs => match l.nhs {
            NhsLevel::Same => "the same",
            NhsLevel::Conflict => "two different valid numbers",
            NhsLevel::Near => "one digit differs, one of them has a mistake in it",
            NhsLevel::Unlike => "different, one of them has a mistake in it",
            NhsLevel::Missing => "",
        },
        Field::Sex | Field::Upn | Field::School | Field::Parents => {
            let level = match field {
                Field::Sex => l.sex,
                Field::Upn => l.upn,
                Field::School => l.school,
                _ => l.parents,
            };
            match level {
                Plain::Same => "the same",
                Plain::Different => "different",
                Plain::Missing => "",
            }
        }
    };
    if said.is_empty() {
        String::new()
    } else {
        format!("{}: {said}", title(field))
    }
}

fn cautions(l: &Levels) -> Vec<&'static str> {
    let mut found = Vec::new();
    let same_day = matches!(l.dob, DobLevel::Same | DobLevel::SameDefault);
    let another_name = matches!(
        l.given,
        GivenLevel::Different | GivenLevel::ByMiddle | GivenLevel::Initial | GivenLevel::Near
    );
    if context(l) == Context::Shared && same_day && another_name {
        found.push("Could be a twin: same home and date of birth, different first name.");
    } else if context(l) == Context::Shared && another_name {
        found.push("Could be a brother or sister: same home, different first name.");
    }
    if l.given == GivenLevel::NotYet {
        found.push("One record is of an unborn or unnamed baby: there may be two babies.");
    }
    if l.family == FamilyLevel::Different
        && context(l) != Context::Shared
        && l.nhs != NhsLevel::Same
    {
        found.push("Another last name at another home: an adopted child’s two identities must never meet. Ask before joining.");
    }
    if l.nhs == NhsLevel::Conflict {
        found.push("Two different valid NHS numbers: not joined unless the NHS says that one replaced the other.");
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_twin_is_named_as_one() {
        let levels = Levels {
            given: GivenLevel::Different,
            family: FamilyLevel::Same,
            middle: MiddleLevel::Missing,
            order: Order::Straight,
            dob: DobLevel::Same,
            sex: Plain::Same,
            home: HomeLevel::Same,
            nhs: NhsLevel::Missing,
            upn: Plain::Missing,
            school: Plain::Missing,
            parents: Plain::Missing,
        };
        let e = explain(&levels, &Model::shipped(), 0.0);
        assert!(e.answer.household > e.answer.same, "{e:?}");
        assert!(e.cautions[0].contains("twin"));
        assert!(
            e.reasons
                .iter()
                .any(|r| r.words == "First name: different" && r.bits < 0.0)
        );
    }

    proptest! {
        #[test]
        fn the_sentences_add_up_to_the_score(code: u32, strangers in -6.0f32..12.0) {
            let levels = Levels::unpack(code);
            let model = Model::shipped();
            let e = explain(&levels, &model, strangers);
            let sum: f32 = e.start + e.reasons.iter().map(|r| r.bits).sum::<f32>();
            prop_assert!((sum - e.bits).abs() < 0.15, "{sum} {}", e.bits);
            let total = e.answer.same + e.answer.household + e.answer.stranger;
            prop_assert!((total - 1.0).abs() < 1e-4);
            prop_assert_eq!(Levels::unpack(levels.pack()), levels);
        }
    }
}
