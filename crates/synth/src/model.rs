//! The shapes of the invented borough: plain data, in the order a loader wants it.
//!
//! A [`Family`] holds its people, how they are related, where they lived, who
//! works with them, and one [`Happening`] after another in the order of time.
//! Nothing here knows a database: people carry small numbers, workers carry
//! usernames, and things that later happenings refer to carry a [`Key`].

use chrono::{NaiveDate, NaiveDateTime};
use serde::Serialize;

/// A person's number, unique in the borough, counted from 1 in the order of families.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct PersonNo(pub u32);

/// The number of a contact, assessment, plan, action or meeting, unique in the borough.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct Key(pub u32);

/// How well a date of birth is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum BirthKind {
    /// Seen on a document or told by a parent.
    Exact,
    /// Somebody's best guess.
    Estimated,
    /// Settled by an age assessment.
    Assessed,
    /// The date on which a baby is expected.
    Expected,
}

/// What a name is to its owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum NameKind {
    /// An earlier record spelt it wrongly.
    Misspelt,
    /// A name given up, by marriage or choice.
    Former,
    /// The name they go by.
    KnownAs,
}

/// Another name of a person, kept so that a search finds them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OtherName {
    /// What this name is to its owner.
    pub kind: NameKind,
    /// Given name.
    pub given: String,
    /// Family name.
    pub family: String,
}

/// One invented person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Person {
    /// Unique in the borough.
    pub no: PersonNo,
    /// A child or young person the council knows, not a parent or other adult.
    pub child: bool,
    /// Given name; empty for a baby who has none yet.
    pub given: String,
    /// Family name.
    pub family: String,
    /// Other names, earlier misspellings among them.
    pub other_names: Vec<OtherName>,
    /// `F`, `M` or `U` (not known, for instance before birth), as the census writes it.
    pub sex: char,
    /// Date of birth, or the date a baby is expected.
    pub born: NaiveDate,
    /// How well that date is known.
    pub born_kind: BirthKind,
    /// Ethnicity code of the children in need census, such as `WBRI`.
    pub ethnicity: &'static str,
    /// First language in English words.
    pub language: &'static str,
    /// Needs an interpreter in that language.
    pub interpreter: bool,
    /// Ten digits with a good check digit, from the 999 range that is never issued.
    pub nhs_number: Option<String>,
    /// A telephone number from the range kept for drama (07700 900000 to 900999).
    pub phone: Option<String>,
    /// Name of the school or nursery, for those who go to one.
    pub school: Option<String>,
    /// Name of the GP practice.
    pub gp: Option<String>,
    /// Census disability codes, such as `AUT`; empty when none.
    pub disabilities: Vec<&'static str>,
    /// An unaccompanied child who seeks asylum.
    pub unaccompanied: bool,
    /// The address must not be told to somebody; see `Address::protected`.
    pub address_protected: bool,
    /// Why the record is restricted, when it is.
    pub restricted: Option<String>,
}

/// How one person is related to another. `from` is the parent, partner or elder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Tie {
    /// `from` gave birth to or fathered `to`.
    BirthParent,
    /// `from` lives or lived with a parent of `to`.
    StepParent,
    /// `from` is a parent of a parent of `to`.
    Grandparent,
    /// `from` is an aunt or uncle of `to`.
    AuntOrUncle,
    /// `from` looks after `to` as a foster carer.
    FosterCarer,
    /// Married to one another.
    Married,
    /// Live as a couple.
    Partner,
    /// Were a couple and are apart.
    Separated,
    /// Born together.
    Twin,
}

/// One relationship. Brothers and sisters follow from shared parents and are not listed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Relationship {
    /// Parent, elder, or either partner.
    pub from: PersonNo,
    /// Child, younger, or the other partner.
    pub to: PersonNo,
    /// What they are to one another.
    pub tie: Tie,
    /// `from` holds parental responsibility for `to` (Children Act 1989, section 3).
    pub responsibility: bool,
}

/// What an address is to those who live there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum AddressKind {
    /// Where the family or a parent lives.
    Home,
    /// Where a child in care lives.
    CareHome,
    /// A refuge or other place of safety.
    Refuge,
    /// Temporary housing.
    Temporary,
}

/// Where some people lived, from when to when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Address {
    /// Those who lived there.
    pub who: Vec<PersonNo>,
    /// House number or flat, and street.
    pub line: String,
    /// Town or district.
    pub town: String,
    /// Postcode in the usual form, with its space.
    pub postcode: String,
    /// Ward name; `None` outside the borough.
    pub ward: Option<&'static str>,
    /// What it is to them.
    pub kind: AddressKind,
    /// First day there.
    pub from: NaiveDate,
    /// Last day there; `None` while they live there.
    pub to: Option<NaiveDate>,
    /// Must not be shown or put in a letter; the reason in words.
    pub protected: Option<String>,
}

/// Who is involved: a worker with a sign-in, or a professional of another agency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Who {
    /// A worker of the council or a partner who signs in, by username.
    Worker(String),
    /// Somebody of another agency who does not sign in.
    Professional {
        /// Full name.
        name: String,
        /// Which agency, as [`Agency`] says it.
        agency: Agency,
        /// Organisation, such as a school.
        organisation: String,
        /// A telephone number kept for drama.
        phone: String,
    },
}

/// An agency, in the words that plans and meetings use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Agency {
    SocialCare,
    EarlyHelp,
    Police,
    Health,
    School,
    Housing,
    Voluntary,
    SubstanceUse,
    DomesticAbuse,
    Probation,
    Youth,
    Family,
}

/// Who works with a child, as what, from when to when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Involvement {
    /// The child.
    pub child: PersonNo,
    /// Who works with the child.
    pub who: Who,
    /// Role in words, such as "School nurse".
    pub role: &'static str,
    /// The lead worker for the child.
    pub lead: bool,
    /// First day.
    pub from: NaiveDate,
    /// Last day; `None` while active.
    pub to: Option<NaiveDate>,
}

/// Where a family stands with the council today.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Standing {
    ContactWaiting,
    Assessment,
    ChildInNeed,
    ProtectionPlan,
    InCare,
    CareLeaver,
    EarlyHelp,
    Closed,
}

impl Standing {
    /// Whether somebody has work to do with this family.
    pub fn open(self) -> bool {
        self != Standing::Closed
    }
}

/// One family with all that the council knows of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Family {
    /// Unique in the borough, from 1.
    pub no: u32,
    /// Family name by which the record goes.
    pub name: String,
    /// A name that tours and tests use for the families with a fixed story.
    pub story: Option<&'static str>,
    /// Where they stand today.
    pub standing: Standing,
    /// The team that holds the work, when open.
    pub team: Option<&'static str>,
    /// Username of the worker it is allocated to, when it is.
    pub worker: Option<String>,
    /// Proceedings are in court.
    pub in_court: bool,
    /// Children first, eldest first, then adults.
    pub people: Vec<Person>,
    /// Relationships between them.
    pub relationships: Vec<Relationship>,
    /// Addresses, oldest first.
    pub addresses: Vec<Address>,
    /// Who works with the children.
    pub involvements: Vec<Involvement>,
    /// What happened, oldest first; planned meetings at the end.
    pub timeline: Vec<crate::Happening>,
}

impl Family {
    /// The children and young people, eldest first.
    pub fn children(&self) -> impl Iterator<Item = &Person> {
        self.people.iter().filter(|p| p.child)
    }

    /// A person of this family by number.
    pub fn person(&self, no: PersonNo) -> Option<&Person> {
        self.people.iter().find(|p| p.no == no)
    }
}

/// A moment of work, and who did it.
pub type At = NaiveDateTime;
