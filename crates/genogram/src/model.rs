//! What a genogram is drawn from: people, who is whose parent, who is with
//! whom, how they get on, and who lives together. Ids are any text.

use serde::{Deserialize, Serialize};

/// The symbol that stands for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// A man or a boy.
    Square,
    /// A woman or a girl.
    Circle,
    /// Another or an unknown sex or gender.
    Diamond,
}

/// One person of the family.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Any text, each its own.
    pub id: String,
    /// The name as it is shown.
    pub name: String,
    /// The symbol.
    pub shape: Shape,
    /// Age or birth in words: "7 years", "born 2019", "due in 6 weeks".
    pub words: String,
    /// Where the person stands among brothers and sisters: a day number or any
    /// number that is lower for the older. `None` stands last.
    pub born: Option<i64>,
    /// Crossed out.
    pub died: bool,
    /// Expected, not yet born: a triangle.
    pub unborn: bool,
}

/// How two people are or were together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartnershipKind {
    /// A solid line.
    Married,
    /// A dashed line.
    Cohabiting,
    /// One stroke through the line.
    Separated,
    /// Two strokes through the line.
    Divorced,
}

/// Two people who are or were together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Partnership {
    /// One partner's id.
    pub a: String,
    /// The other's.
    pub b: String,
    /// How.
    pub kind: PartnershipKind,
}

/// How two people get on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BondKind {
    /// A double line.
    Close,
    /// A zigzag.
    Conflict,
    /// A dotted line.
    Distant,
}

/// A bond worth drawing between two people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bond {
    /// One person's id.
    pub a: String,
    /// The other's.
    pub b: String,
    /// How they get on.
    pub kind: BondKind,
}

/// Everything about a family that a genogram shows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Family {
    /// Everybody, in any order.
    pub people: Vec<Person>,
    /// The id of the child the genogram is about.
    pub index: String,
    /// Pairs of ids: parent, child.
    pub parents: Vec<(String, String)>,
    /// Couples, now or before.
    pub partnerships: Vec<Partnership>,
    /// Close, conflicted or distant bonds.
    pub bonds: Vec<Bond>,
    /// Ids of those who live together with the index child.
    pub household: Vec<String>,
}
