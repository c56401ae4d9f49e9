//! Typed identifiers. An [`Id<Person>`](Id) cannot be handed to something that
//! wants an `Id<Note>`, so the compiler finds mixed-up arguments.
//!
//! An identifier is a version 7 UUID: its text sorts by the time it was made,
//! which keeps rows made together close together in both databases.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

/// The length of an identifier's text: 32 hexadecimal digits and 4 dashes.
const LENGTH: usize = 36;

/// An identifier of one kind of thing, kept as its 36 characters of
/// lower-case text so that it is cheap to copy and to show.
pub struct Id<T> {
    text: [u8; LENGTH],
    kind: PhantomData<fn() -> T>,
}

/// What was wrong with a text that should have been an identifier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not an identifier")]
pub struct NotAnId(pub String);

impl<T> Id<T> {
    /// A new identifier, later in order than those this process made before.
    #[allow(clippy::new_without_default)] // A default that differs each time would surprise.
    pub fn new() -> Self {
        Self::from_uuid(Uuid::now_v7())
    }

    /// The identifier with this UUID.
    pub fn from_uuid(uuid: Uuid) -> Self {
        let mut text = [0; LENGTH];
        uuid.hyphenated().encode_lower(&mut text);
        Self {
            text,
            kind: PhantomData,
        }
    }

    /// An identifier from a time (milliseconds since 1970) and ten bytes of
    /// chance. Invented data uses it to come out the same from the same seed.
    pub fn from_parts(milliseconds: u64, chance: [u8; 10]) -> Self {
        Self::from_uuid(
            uuid::Builder::from_unix_timestamp_millis(milliseconds, &chance).into_uuid(),
        )
    }

    /// The identifier as text, for a database column or an address.
    pub fn as_str(&self) -> &str {
        // The bytes come only from the UUID library's own ASCII output.
        std::str::from_utf8(&self.text).expect("an identifier is ASCII")
    }

    /// The same identifier under another type: for the few places that store
    /// the subject of an event without caring what it is.
    pub fn cast<U>(self) -> Id<U> {
        Id {
            text: self.text,
            kind: PhantomData,
        }
    }
}

impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Id<T> {}
impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}
impl<T> Eq for Id<T> {}
impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.text.cmp(&other.text)
    }
}
impl<T> Hash for Id<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}
impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
impl<T> fmt::Display for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
impl<T> AsRef<str> for Id<T> {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl<T> FromStr for Id<T> {
    type Err = NotAnId;

    /// Reads an identifier in its usual form. Upper case is accepted; the
    /// forms without dashes or in braces are not, so that one identifier has
    /// one text.
    fn from_str(text: &str) -> Result<Self, NotAnId> {
        let bad = || NotAnId(text.chars().take(60).collect());
        if text.len() != LENGTH {
            return Err(bad());
        }
        Uuid::try_parse(text)
            .map(Self::from_uuid)
            .map_err(|_| bad())
    }
}

impl<T> Serialize for Id<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
impl<'de, T> Deserialize<'de> for Id<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

/// Declares the marker types: names only, never made.
macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {
        $($(#[$doc])* #[derive(Debug, Clone, Copy, PartialEq, Eq)] pub enum $name {})*
    };
}

kinds! {
    /// A child, an adult, or a baby who is expected.
    Person,
    /// A family: the people who are looked at together.
    Family,
    /// One relationship between two people.
    Relationship,
    /// An address of a person, with its dates.
    Address,
    /// A contact at the front door.
    Contact,
    /// A step of work: a referral, an assessment, a plan's review.
    Step,
    /// A plan for a child or a family.
    Plan,
    /// A goal of a plan.
    Goal,
    /// An action of a plan, owned by someone.
    Action,
    /// A meeting about a child or a family.
    Meeting,
    /// Someone invited to a meeting.
    Attendance,
    /// A case note.
    Note,
    /// A visit.
    Visit,
    /// Someone who works here or signs in from a partner.
    Worker,
    /// A team.
    Team,
    /// An organisation: a council, a school, a police force.
    Organisation,
    /// Writing that is not yet submitted.
    Draft,
    /// A decision with its reasoning.
    Decision,
    /// A clock that runs towards a due date.
    Clock,
    /// Who works with whom, from when to when.
    Involvement,
    /// A signed-in session.
    Session,
    /// A permission given by name for a time.
    Grant,
    /// A restriction or a conflict of interest on a record.
    Restriction,
    /// An entry of a chronology.
    Chronology,
    /// A document.
    Document,
    /// A message or letter that was sent.
    Message,
    /// A one-time link for someone without an account.
    Link,
    /// An event of the journal.
    Event,
    /// A notice for a worker.
    Notice,
    /// A run of an import.
    Import,
    /// A time in care, from its first to its last day.
    Care,
    /// An episode of care, as the yearly return counts them.
    Episode,
    /// A home that a child in care lives in, from when to when.
    Placement,
    /// A time when a child was missing or away.
    Missing,
    /// An allegation, a complaint or a serious incident.
    Matter,
    /// A private fostering arrangement.
    Arrangement,
    /// A package of support on a plan.
    Package,
    /// A referral from a plan to a service of the directory.
    ServiceReferral,
    /// Somebody asks a service for help without an account.
    Enquiry,
    /// A family centre.
    Centre,
    /// What a family centre offers again and again.
    Programme,
    /// One session of a programme, on a day.
    CentreSession,
    /// A family's place at a session, or its place in the queue.
    Booking,
    /// A young person on the way out of care, or out of it.
    Leaver,
    /// Work before and in the family court.
    CourtCase,
    /// An order that deprives a child of liberty.
    Deprivation,
    /// A household that fosters or adopts, or wants to.
    Carer,
    /// A panel on one day.
    Sitting,
    /// A household before a panel.
    PanelItem,
    /// A search for a home for a child.
    HomeSearch,
    /// A child and a household who may belong together.
    Match,
    /// A change to an entry of the services directory.
    Change,
    /// A report that something is wrong with an entry of the services directory.
    Report,
    /// A mail that is to be sent.
    Mail,
    /// A row that belongs to another and is named by nothing else: a phone
    /// number, a household place, an answer to an action.
    Part,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn new_ids_sort_in_the_order_they_were_made() {
        let ids: Vec<Id<Person>> = (0..1000).map(|_| Id::new()).collect();
        assert!(ids.windows(2).all(|pair| pair[0] < pair[1]));
    }

    #[test]
    fn bad_texts_are_refused() {
        for bad in [
            "",
            "1",
            "018f3c2e9d7a7b3c8d4e5f60718293a4",
            "{018f3c2e-9d7a-7b3c-8d4e-5f60718293a4}",
            "018f3c2e-9d7a-7b3c-8d4e-5f60718293ag",
        ] {
            assert!(bad.parse::<Id<Person>>().is_err(), "{bad}");
        }
    }

    #[test]
    fn json_is_plain_text() {
        let id: Id<Note> = "018F3C2E-9D7A-7B3C-8D4E-5F60718293A4".parse().unwrap();
        let json = serde_json::to_string(&id).unwrap();
        assert_eq!(json, "\"018f3c2e-9d7a-7b3c-8d4e-5f60718293a4\"");
        assert_eq!(serde_json::from_str::<Id<Note>>(&json).unwrap(), id);
    }

    proptest! {
        #[test]
        fn every_id_reads_back_as_itself(at in 0u64..(1 << 47), chance: [u8; 10]) {
            let id: Id<Step> = Id::from_parts(at, chance);
            prop_assert_eq!(id.as_str().parse::<Id<Step>>(), Ok(id));
            prop_assert_eq!(id, Id::from_parts(at, chance));
        }

        #[test]
        fn any_text_is_read_or_refused_without_panic(text in ".{0,60}") {
            let read = text.parse::<Id<Step>>();
            prop_assert!(read.is_err() || text.to_lowercase() == read.unwrap().as_str());
        }
    }
}
