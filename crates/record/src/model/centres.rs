//! Family centres: what they offer, when, and who comes.

use chrono::{DateTime, Utc};
use vocabulary::{Id, ids};

use crate::entity;

entity! {
    /// A family centre (R000-16).
    pub struct FamilyCentre in "family_centre", about Nobody {
        /// The centre.
        pub id: Id<ids::Centre>,
        /// Its name.
        pub name: String,
        /// What it is, in a few sentences.
        pub about: String,
        /// Street and town.
        pub address: String,
        /// Postcode.
        pub postcode: String,
        /// Reception.
        pub phone: String,
        /// When it is open, in words.
        pub opens: String,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// What a centre offers again and again.
    pub struct Programme in "programme", about Nobody {
        /// The programme.
        pub id: Id<ids::Programme>,
        /// The centre.
        pub centre_id: Id<ids::Centre>,
        /// Its name.
        pub name: String,
        /// For whom, in words.
        pub for_whom: String,
        /// What happens there.
        pub about: String,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// One session of a programme.
    pub struct CentreSession in "centre_session", about Nobody {
        /// The session.
        pub id: Id<ids::CentreSession>,
        /// The centre.
        pub centre_id: Id<ids::Centre>,
        /// The programme.
        pub programme_id: Id<ids::Programme>,
        /// From.
        pub starts_at: DateTime<Utc>,
        /// To.
        pub ends_at: DateTime<Utc>,
        /// For how many children there is room.
        pub places: i64,
        /// Why it does not take place.
        pub called_off: Option<String>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// A family's place at a session, or its place in the queue.
    pub struct Booking in "booking", about Enquiry(id), at made_at {
        /// This row.
        pub id: Id<ids::Booking>,
        /// The session.
        pub session_id: Id<ids::CentreSession>,
        /// To quote.
        pub reference: String,
        /// Who comes; empty when erased.
        pub name: String,
        /// How many children.
        pub places: i64,
        /// A safe number.
        pub phone: Option<String>,
        /// Whether a message may be left: no, plain, yes.
        pub message: Option<String>,
        /// What makes it easier.
        pub needs: Option<String>,
        /// booked, waiting, offered, cancelled.
        pub state: String,
        /// From when the place in the queue counts.
        pub queued_at: DateTime<Utc>,
        /// When a place was offered.
        pub offered_at: Option<DateTime<Utc>>,
        /// Whether they came; nothing until somebody has looked.
        pub came: Option<bool>,
        /// Who wrote it down; nobody when the family did.
        pub made_by: Option<Id<ids::Worker>>,
        /// When.
        pub made_at: DateTime<Utc>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}
