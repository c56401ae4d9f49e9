//! The services directory: public records, about nobody.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value as Json;
use vocabulary::{Id, ids};

use crate::entity;

entity! {
    /// A service, an organisation, a place or a taxonomy of the directory.
    pub struct DirectoryItem in "directory_item", about Nobody {
        /// `service/UUID`, `organization/UUID`, `location/UUID`, `taxonomy/UUID`.
        pub id: String,
        /// service, organization, location or taxonomy.
        pub kind: String,
        /// Its name, for lists of staff.
        pub name: String,
        /// The record in Open Referral's own shape.
        pub body: Json,
        /// A place whose exact address nobody may learn.
        pub hidden: bool,
        /// What is known of its upkeep: `directory::assurance::Upkeep`.
        pub upkeep: Json,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// One change to an entry of the directory: a version of it.
    pub struct DirectoryChange in "directory_change", about Nobody {
        /// Its own identifier.
        pub id: Id<ids::Change>,
        /// The row that it changes: `service/UUID` or `location/UUID`.
        pub entry: String,
        /// The name of the entry.
        pub name: String,
        /// waiting, published or declined.
        pub state: String,
        /// new, editor, owner, import or restore.
        pub kind: String,
        /// Who proposed it, in words.
        pub said_by: String,
        /// Who proposed it, when it was one of us.
        pub worker_id: Option<Id<ids::Worker>>,
        /// The link through which an owner sent it.
        pub link_id: Option<Id<ids::Link>>,
        /// The whole entry as it was: `directory::fields::Snapshot`.
        pub before: Json,
        /// The whole entry as it is after.
        pub after: Json,
        /// What the proposer said.
        pub words: Option<String>,
        /// When.
        pub made_at: DateTime<Utc>,
        /// Who approved or declined it.
        pub decided_by: Option<Id<ids::Worker>>,
        /// When.
        pub decided_at: Option<DateTime<Utc>>,
        /// In their words.
        pub decided_why: Option<String>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// A link through which the owner of an entry answers without an account.
    pub struct DirectoryLink in "directory_link", about Nobody {
        /// Its own identifier, and half of the token.
        pub id: Id<ids::Link>,
        /// The entry: `service/UUID`.
        pub entry: String,
        /// The name of the entry.
        pub name: String,
        /// To whom it went.
        pub sent_to: String,
        /// Which reminder it is; 0 when an editor made it.
        pub round: i64,
        /// The day on which the check was due.
        pub due_on: Option<NaiveDate>,
        /// The editor who made it; none when the program did.
        pub made_by: Option<Id<ids::Worker>>,
        /// When.
        pub made_at: DateTime<Utc>,
        /// It opens no longer than this.
        pub ends_at: DateTime<Utc>,
        /// When it was answered.
        pub used_at: Option<DateTime<Utc>>,
        /// right or change.
        pub used_for: Option<String>,
        /// When it was withdrawn.
        pub withdrawn_at: Option<DateTime<Utc>>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// Somebody of the public says that something is wrong on a service's page.
    /// Sealed under a key of its own: there may be an address of a person in it.
    pub struct DirectoryReport in "directory_report", about Matter(id) {
        /// Its own identifier.
        pub id: Id<ids::Report>,
        /// The entry: `service/UUID`; `suggestion/ID` until one is made.
        pub entry: String,
        /// The name of the entry.
        pub name: String,
        /// What is wrong: a choice of the form `service-wrong`, or `missing`.
        pub what: String,
        /// In their words.
        pub words: Option<String>,
        /// A service that is missing, as it was suggested: the answers of the
        /// form `service-missing`. Nothing for a fault.
        pub suggested: Option<Json>,
        /// Where to send the answer, until it is forgotten.
        pub reply: Option<String>,
        /// When it came.
        pub made_at: DateTime<Utc>,
        /// The last day for the answer.
        pub answer_by: NaiveDate,
        /// What came of it: a choice of the form `service-wrong-answer`.
        pub outcome: Option<String>,
        /// What they were told.
        pub answer: Option<String>,
        /// Who answered.
        pub answered_by: Option<Id<ids::Worker>>,
        /// When.
        pub answered_at: Option<DateTime<Utc>>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// A mail that is to be sent, was sent, or could not be. Sealed: the address
    /// may be a person's.
    pub struct Mail in "mail", about Matter(about) {
        /// Its own identifier.
        pub id: Id<ids::Mail>,
        /// What it is about: the id of a link or a report.
        pub about: String,
        /// The letter of the pack.
        pub kind: String,
        /// The entry of the directory.
        pub entry: String,
        /// To whom.
        pub to_address: String,
        /// The subject.
        pub subject: String,
        /// The text; `{link}` stands where the link is put in when it is sent.
        pub body: String,
        /// The link that is put in.
        pub link_id: Option<Id<ids::Link>>,
        /// waiting, sent or failed.
        pub state: String,
        /// How often it was tried.
        pub tries: i64,
        /// Not tried before this.
        pub next_at: DateTime<Utc>,
        /// What the mail server said last, when it did not take it.
        pub problem: Option<String>,
        /// When it was written.
        pub made_at: DateTime<Utc>,
        /// When it was sent.
        pub sent_at: Option<DateTime<Utc>>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// How often something was looked for in a month, and how often in vain:
    /// counts, without words, postcode or person.
    pub struct DirectorySearch in "directory_search", about Nobody {
        /// `MONTH/DOOR/KIND/WHAT/AREA`.
        pub id: String,
        /// The first day of the month.
        pub month: NaiveDate,
        /// The front door.
        pub door: String,
        /// `all`, `need` or `narrowed`.
        pub kind: String,
        /// Which need, or how it was narrowed.
        pub what: String,
        /// An outward code, or nothing.
        pub area: String,
        /// How many searches.
        pub searches: i64,
        /// How many of them found nothing.
        pub in_vain: i64,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// What a family said of the local offer, and the council's answer (SI
    /// 2014/1530 regulation 56). Sealed under a key of its own, because a
    /// comment may say more than it should.
    pub struct OfferComment in "offer_comment", about Matter(id) {
        /// This comment.
        pub id: Id<ids::Part>,
        /// The front door.
        pub door: String,
        /// The words as they came; nothing once they are removed.
        pub words: Option<String>,
        /// When.
        pub made_on: NaiveDate,
        /// `waiting`, `published` or `refused`.
        pub state: String,
        /// The words as anybody may read them.
        pub published: Option<String>,
        /// What the council says.
        pub answer: Option<String>,
        /// What is done about it.
        pub action: Option<String>,
        /// Why it is not published.
        pub refused_why: Option<String>,
        /// When that was decided.
        pub decided_on: Option<NaiveDate>,
        /// By whom.
        pub decided_by: Option<Id<ids::Worker>>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}
