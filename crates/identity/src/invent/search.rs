//! Questions as people ask them, with the right answer: half-known dates,
//! slips, names in the wrong order, children who are not there.

use super::dice::Dice;
use super::mistakes::Record;
use super::people::Child;

/// A question about one child.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// Given name as typed.
    pub given: String,
    /// Family name.
    pub family: String,
    /// Date or only the year of birth.
    pub dob: String,
    /// M, F or nothing.
    pub sex: &'static str,
    /// Postcode or its first part.
    pub postcode: String,
    /// NHS number.
    pub nhs: String,
    /// The right child's identifier, if they are in the index.
    pub right: Option<u64>,
    /// What is asked with.
    pub kind: &'static str,
}

/// A question about a child, who is in the index or not.
pub fn queries(child: &Child, present: bool, noise: f64, dice: &mut Dice) -> Query {
    let r = Record::of(child, None, noise, dice);
    let mut query = Query {
        given: r.given,
        family: r.family,
        dob: r.dob,
        sex: r.sex,
        postcode: r.postcode,
        right: present.then_some(child.person),
        ..Query::default()
    };
    let year = || query.dob.split('-').next().unwrap_or_default().to_owned();
    match dice.below(100) {
        0..30 => {
            query.kind = "name and date";
            query.postcode.clear();
        }
        30..45 => {
            query.kind = "name, date and area";
            query.postcode = query
                .postcode
                .split(' ')
                .next()
                .unwrap_or_default()
                .to_owned();
        }
        45..65 => query.kind = "all but the number",
        65..80 => {
            query.kind = "name, year and postcode";
            query.dob = year();
        }
        80..90 => {
            query.kind = "name and postcode";
            query.dob.clear();
        }
        90..95 => {
            query.kind = "family name, date and postcode";
            query.given.clear();
        }
        _ => {
            query.kind = "all";
            query.nhs.clone_from(&child.nhs);
        }
    }
    query
}
