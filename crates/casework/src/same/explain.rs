//! Why two records may be one person, from the identity engine: a sentence a
//! field with how strongly it speaks, made from the numbers that decide.

use identity::compare::{Comparer, Rarity};
use identity::model::Model;
use identity::row::{Lists, Row, Source};
use record::model::Person;

/// How many children a comparison thinks it has been made among.
const AMONG: usize = 50_000;

/// What the engine says of two records.
#[derive(Debug, Clone, PartialEq)]
pub struct Explained {
    /// How likely it is the same child, in per cent.
    pub same: u8,
    /// How likely it is another child of the household.
    pub household: u8,
    /// A sentence a field, and how strongly it speaks: "strongly for".
    pub reasons: Vec<(String, &'static str)>,
    /// What to think of before deciding.
    pub cautions: Vec<&'static str>,
}

/// Compares two people with the postcodes of their homes; no protected ones.
pub(crate) fn explained(a: (&Person, &str), b: (&Person, &str)) -> Explained {
    let mut lists = Lists::default();
    let rows = [a, b].map(|(person, postcode)| row(person, postcode, &mut lists));
    let model = Model::shipped();
    let mut comparer = Comparer::new(&lists, Rarity::of(AMONG));
    let levels = comparer.compare(&rows[0], &rows[1]);
    let told = identity::explain::explain(&levels, &model, model.strangers(AMONG));
    // A probability in per cent fits into a byte.
    let percent = |p: f32| (p * 100.0).round().clamp(0.0, 100.0) as u8;
    Explained {
        same: percent(told.answer.same),
        household: percent(told.answer.household),
        reasons: told
            .reasons
            .iter()
            .map(|r| (r.words.clone(), r.strength()))
            .collect(),
        cautions: told.cautions,
    }
}

fn row(person: &Person, postcode: &str, lists: &mut Lists) -> Row {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let born = person.born_on.map_or_else(String::new, |b| b.to_string());
    let school = person.school_id.map_or_else(String::new, |s| s.to_string());
    let (sex, nhs, upn) = (
        text(&person.sex),
        text(&person.nhs_number),
        text(&person.upn),
    );
    let mut given = person.given.splitn(2, ' ');
    let first = given.next().unwrap_or_default();
    let source = Source {
        given: first.as_bytes(),
        middle: given.next().unwrap_or_default().as_bytes(),
        family: person.family_name.as_bytes(),
        dob: born.as_bytes(),
        sex: sex.as_bytes(),
        postcode: postcode.as_bytes(),
        nhs: nhs.as_bytes(),
        upn: upn.as_bytes(),
        school: school.as_bytes(),
        ..Source::default()
    };
    Row::read(&source, lists)
}
