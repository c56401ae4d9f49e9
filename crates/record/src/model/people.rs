//! People, their names, addresses and relationships, and families.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value as Json;
use vocabulary::{BirthDate, BirthDateKind, Id, ids};

use crate::{code_enum, entity};

code_enum! {
    /// What kind of person a record is about.
    pub enum PersonKind {
        /// A child or young person.
        Child = "child",
        /// An adult, with needs and services of their own.
        Adult = "adult",
        /// A baby who is expected.
        Expected = "expected",
    }
}

entity! {
    /// A child, an adult, or a baby who is expected.
    pub struct Person in "person", about Person(id) {
        /// The person.
        pub id: Id<ids::Person>,
        /// Child, adult or expected.
        pub kind: PersonKind,
        /// Given names; may be empty.
        pub given: String,
        /// Family name; may be empty.
        pub family_name: String,
        /// What they like to be called.
        pub known_as: Option<String>,
        /// Words for someone whose name is not known: "boy, about 4".
        pub described_as: Option<String>,
        /// Pronouns, if they gave them.
        pub pronouns: Option<String>,
        /// Sex, a code of codes/sex.
        pub sex: Option<String>,
        /// Gender in their own words.
        pub gender: Option<String>,
        /// Date of birth, or the date a baby is expected.
        pub born_on: Option<NaiveDate>,
        /// exact, estimated, assessed or expected.
        pub born_kind: Option<String>,
        /// Date of death.
        pub died_on: Option<NaiveDate>,
        /// Ethnicity, a code of codes/ethnicity.
        pub ethnicity: Option<String>,
        /// Religion in their own words.
        pub religion: Option<String>,
        /// First language.
        pub first_language: Option<String>,
        /// Needs an interpreter.
        pub interpreter: bool,
        /// Communication needs, in words.
        pub communication: Option<String>,
        /// NHS number, ten digits.
        pub nhs_number: Option<String>,
        /// Unique pupil number.
        pub upn: Option<String>,
        /// Why there is none, a code of codes/upn-unknown.
        pub no_upn: Option<String>,
        /// Disabilities, a list of codes of codes/disability: "NONE" alone
        /// when it was asked and there is none. Nothing when nobody asked.
        pub disabilities: Option<Json>,
        /// School.
        pub school_id: Option<Id<ids::Organisation>>,
        /// Strengths, hopes and achievements (R001-34).
        pub going_well: Option<String>,
        /// The child's present status, kept by casework for lists.
        pub status: Option<String>,
        /// When the record was opened.
        pub created_at: DateTime<Utc>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

impl Person {
    /// The name to show: known-as or given, and family name; the description
    /// if there is no name.
    pub fn name(&self) -> String {
        let given = self
            .known_as
            .as_deref()
            .filter(|n| !n.is_empty())
            .unwrap_or(&self.given);
        let name = format!("{given} {}", self.family_name);
        match name.trim() {
            "" => self
                .described_as
                .clone()
                .unwrap_or_else(|| "Name not known".into()),
            name => name.to_owned(),
        }
    }

    /// The first name alone, for headings and buttons.
    pub fn first_name(&self) -> String {
        let given = self
            .known_as
            .as_deref()
            .filter(|n| !n.is_empty())
            .unwrap_or(&self.given);
        match given.trim() {
            "" => self.name(),
            given => given.to_owned(),
        }
    }

    /// The date of birth with its kind.
    pub fn birth_date(&self) -> Option<BirthDate> {
        let kind = match self.born_kind.as_deref() {
            Some("estimated") => BirthDateKind::Estimated,
            Some("assessed") => BirthDateKind::Assessed,
            Some("expected") => BirthDateKind::Expected,
            _ => BirthDateKind::Exact,
        };
        self.born_on.map(|date| BirthDate { date, kind })
    }
}

entity! {
    /// Another name that a person has or had.
    pub struct PersonName in "person_name", about Person(person_id) {
        /// This name.
        pub id: Id<ids::Part>,
        /// Whose.
        pub person_id: Id<ids::Person>,
        /// birth, former, alias, preferred.
        pub kind: String,
        /// Given names.
        pub given: String,
        /// Family name.
        pub family_name: String,
        /// From.
        pub started_on: Option<NaiveDate>,
        /// To.
        pub ended_on: Option<NaiveDate>,
        /// It was written by mistake: why. It stays, and nobody is found by it.
        pub wrong_reason: Option<String>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// An address with its dates, and whether it is safe.
    pub struct Address in "address", about Person(person_id) {
        /// This address.
        pub id: Id<ids::Address>,
        /// Whose.
        pub person_id: Id<ids::Person>,
        /// home, placement, temporary, correspondence, other_parent.
        pub kind: String,
        /// First line.
        pub line1: String,
        /// Second line.
        pub line2: Option<String>,
        /// Town.
        pub town: Option<String>,
        /// Postcode, normalised.
        pub postcode: Option<String>,
        /// Ward.
        pub ward: Option<String>,
        /// The locality team that covers it.
        pub team_id: Option<Id<ids::Team>>,
        /// From.
        pub started_on: Option<NaiveDate>,
        /// To.
        pub ended_on: Option<NaiveDate>,
        /// A place that someone must not learn.
        pub protected: bool,
        /// Letters may be sent here.
        pub safe_to_write: bool,
        /// Why letters may not be sent here.
        pub unsafe_reason: Option<String>,
        /// It was never their address: why.
        pub wrong_reason: Option<String>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// A telephone number or an e-mail address.
    pub struct Reach in "reach", about Person(person_id) {
        /// This way to reach them.
        pub id: Id<ids::Part>,
        /// Whom.
        pub person_id: Id<ids::Person>,
        /// phone or email.
        pub kind: String,
        /// The number or address.
        pub value: String,
        /// Safe to use.
        pub safe: bool,
        /// Somebody has asked if it is safe.
        pub asked: Option<bool>,
        /// Whose it is: own, home, work, through.
        pub place: Option<String>,
        /// If a message may be left: yes, name_only, text, no.
        pub messages: Option<String>,
        /// Good times, codes joined by a comma: morning, school_hours ...
        pub best_time: Option<String>,
        /// When and how to use it.
        pub note: Option<String>,
        /// In use since.
        pub started_on: Option<NaiveDate>,
        /// No longer in use since.
        pub ended_on: Option<NaiveDate>,
        /// It was never theirs: why.
        pub wrong_reason: Option<String>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// Which language someone knows best, and what a talk or a letter needs.
    /// The open row holds; the ones before are history.
    pub struct PersonLanguage in "person_language", about Person(person_id) {
        /// This row.
        pub id: Id<ids::Part>,
        /// Whose.
        pub person_id: Id<ids::Person>,
        /// The best language, a code of codes/languages.
        pub language: String,
        /// Their English: well, some, none.
        pub english: Option<String>,
        /// Reads a letter in English: yes, translated, aloud.
        pub reads: Option<String>,
        /// needed, sign, declined, no.
        pub interpreter: String,
        /// What else helps.
        pub about: Option<String>,
        /// From.
        pub started_on: NaiveDate,
        /// To.
        pub ended_on: Option<NaiveDate>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// One page about a child in its own words. A page is never edited: the
    /// next one takes its place.
    pub struct Profile in "profile", about Person(person_id), at written_at {
        /// This page.
        pub id: Id<ids::Part>,
        /// The child.
        pub person_id: Id<ids::Person>,
        /// What people like about me.
        pub likes: Option<String>,
        /// What is important to me.
        pub matters: Option<String>,
        /// How best to support me.
        pub support: Option<String>,
        /// How I say no.
        pub say_no: Option<String>,
        /// Whose words: child, with, parent, observed.
        pub whose: String,
        /// Who helped or said it.
        pub helper: Option<String>,
        /// Who wrote it down.
        pub written_by: Id<ids::Worker>,
        /// When.
        pub written_at: DateTime<Utc>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// One relationship: `from` is the `kind` of `to`.
    pub struct Relationship in "relationship", about Person(to_id) {
        /// This relationship.
        pub id: Id<ids::Relationship>,
        /// Who.
        pub from_id: Id<ids::Person>,
        /// To whom.
        pub to_id: Id<ids::Person>,
        /// A code of codes/relationships: parent, partner, sibling ...
        pub kind: String,
        /// Parental responsibility, where that can be.
        pub parental_responsibility: Option<bool>,
        /// Partners: married, cohabiting, separated, divorced.
        pub standing: Option<String>,
        /// close, conflict, distant.
        pub closeness: Option<String>,
        /// From.
        pub started_on: Option<NaiveDate>,
        /// To.
        pub ended_on: Option<NaiveDate>,
        /// Why it ended.
        pub end_reason: Option<String>,
        /// It was never so: why. What was written by mistake stays, and has ended.
        pub wrong_reason: Option<String>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// A family: the people who are looked at together.
    pub struct Family in "family", about Family(id) {
        /// The family.
        pub id: Id<ids::Family>,
        /// What it is called.
        pub name: String,
        /// When its page was opened.
        pub created_at: DateTime<Utc>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// A person's place in a family.
    pub struct FamilyMember in "family_member", about Person(person_id) {
        /// This place.
        pub id: Id<ids::Part>,
        /// The family.
        pub family_id: Id<ids::Family>,
        /// The person.
        pub person_id: Id<ids::Person>,
        /// Lives in the household, or matters from outside it.
        pub household: bool,
        /// From.
        pub joined_on: Option<NaiveDate>,
        /// To.
        pub left_on: Option<NaiveDate>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// A school, a surgery, a police force, another council.
    pub struct Organisation in "organisation", about Nobody {
        /// The organisation.
        pub id: Id<ids::Organisation>,
        /// What it is called.
        pub name: String,
        /// school, gp, hospital, police, housing, voluntary, council.
        pub kind: String,
        /// Telephone.
        pub phone: Option<String>,
        /// E-mail.
        pub email: Option<String>,
        /// Postcode.
        pub postcode: Option<String>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// Who works with whom, in which role, from when to when. Allocation is an
    /// involvement whose role is `allocated`.
    pub struct Involvement in "involvement", about Person(person_id) {
        /// This involvement.
        pub id: Id<ids::Involvement>,
        /// With whom.
        pub person_id: Id<ids::Person>,
        /// Who, if they sign in here.
        pub worker_id: Option<Id<ids::Worker>>,
        /// Their team, or the team that holds the work.
        pub team_id: Option<Id<ids::Team>>,
        /// allocated, co_worker, supervisor, other.
        pub role: String,
        /// The name that others see.
        pub name: String,
        /// What they do.
        pub job_title: String,
        /// Their agency.
        pub agency: String,
        /// Telephone.
        pub phone: Option<String>,
        /// E-mail.
        pub email: Option<String>,
        /// The one lead professional (R000-30).
        pub lead: bool,
        /// Shown only as "someone is involved: ask".
        pub sensitive: bool,
        /// From.
        pub started_on: NaiveDate,
        /// To.
        pub ended_on: Option<NaiveDate>,
        /// Why it changed hands (R000-22).
        pub change_reason: Option<String>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// Two records that may be one person. Shown, never merged silently.
    pub struct PossibleDuplicate in "possible_duplicate", about Person(person_id) {
        /// This possibility.
        pub id: Id<ids::Part>,
        /// The newer record.
        pub person_id: Id<ids::Person>,
        /// The other record.
        pub other_id: Id<ids::Person>,
        /// Why, in sentences: a list of text.
        pub because: serde_json::Value,
        /// How likely, in per cent.
        pub score: i64,
        /// When it was noticed.
        pub raised_at: DateTime<Utc>,
        /// same or not_the_same, once someone has said.
        pub settled_as: Option<String>,
        /// Who said.
        pub settled_by: Option<Id<ids::Worker>>,
        /// When.
        pub settled_at: Option<DateTime<Utc>>,
        /// The other record is restricted: only the shield team may know.
        pub for_shield_team: bool,
        /// Goes up by one with every change.
        pub version: i64,
    }
}
