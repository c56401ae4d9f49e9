//! What is asked of a service without an account, and the links by which the
//! service answers and the asker sees where it stands.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value as Json;
use vocabulary::{Id, ids};

use crate::entity;

entity! {
    /// Somebody asks a service for help. It is no case record: it is sealed
    /// under a key of its own and emptied after its time.
    pub struct Enquiry in "enquiry", about Enquiry(id), at made_at {
        /// This row.
        pub id: Id<ids::Enquiry>,
        /// To quote on the telephone.
        pub reference: String,
        /// SHA-256 of the reference with the asker's word; empty when erased.
        pub word_hash: String,
        /// self, parent, carer, professional.
        pub asker: String,
        /// The form.
        pub form: String,
        /// That form’s version.
        pub form_version: String,
        /// Everything that was said on it.
        pub answers: Json,
        /// What the service may read: all, less.
        pub shares: String,
        /// They said that somebody is hurt or in danger.
        pub danger: bool,
        /// Then the front door has it too, as this contact.
        pub contact_id: Option<Id<ids::Contact>>,
        /// Why somebody of the council reads it before the service does.
        pub held: Option<String>,
        /// A known child, put there by a worker who may see them.
        pub person_id: Option<Id<ids::Person>>,
        /// Where the service is written to.
        pub provider_email: Option<String>,
        /// The service in the directory.
        pub service_id: Option<String>,
        /// Its name, as it was.
        pub service: String,
        /// Who gives it.
        pub provider: String,
        /// The first day on which anybody was asked; it never changes.
        pub asked_on: NaiveDate,
        /// codes/service-state.
        pub state: String,
        /// In this state since.
        pub state_on: NaiveDate,
        /// Why the service said no.
        pub declined_why: Option<String>,
        /// About how long the wait is, as the service says.
        pub wait_words: Option<String>,
        /// When the help began.
        pub started_on: Option<NaiveDate>,
        /// When it ended.
        pub ended_on: Option<NaiveDate>,
        /// codes/service-result: did the family get help?
        pub result: Option<String>,
        /// When that was known.
        pub result_on: Option<NaiveDate>,
        /// Who said so: family, service, worker.
        pub result_by: Option<String>,
        /// What was said last.
        pub words: Option<String>,
        /// After this day everything that was said is erased.
        pub keep_until: Option<NaiveDate>,
        /// When.
        pub made_at: DateTime<Utc>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// Another service takes an enquiry over.
    pub struct EnquiryMove in "enquiry_move", about Enquiry(enquiry_id), at made_at {
        /// This row.
        pub id: Id<ids::Part>,
        /// The enquiry.
        pub enquiry_id: Id<ids::Enquiry>,
        /// When.
        pub moved_on: NaiveDate,
        /// From which service.
        pub from_service: String,
        /// To which.
        pub to_service: String,
        /// Who gives that one.
        pub to_provider: String,
        /// Why.
        pub why: String,
        /// Who wrote it down.
        pub made_by: Id<ids::Worker>,
        /// When.
        pub made_at: DateTime<Utc>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// A link for the service that was asked, or for who asked.
    pub struct ServiceLink in "service_link", about Nobody {
        /// The link.
        pub id: Id<ids::Link>,
        /// SHA-256 of the token; the token itself is not kept.
        pub token_hash: String,
        /// service, asker.
        pub whose: String,
        /// enquiry, service_referral or booking.
        pub about_kind: String,
        /// Which one.
        pub about_id: String,
        /// To whom it was given, where it was given to somebody by name.
        pub sent_to: Option<String>,
        /// By whom; nobody when the program made it.
        pub made_by: Option<Id<ids::Worker>>,
        /// When.
        pub made_at: DateTime<Utc>,
        /// Until when it opens.
        pub ends_at: DateTime<Utc>,
        /// When it was answered by last.
        pub answered_at: Option<DateTime<Utc>>,
        /// When it was withdrawn.
        pub withdrawn_at: Option<DateTime<Utc>>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}
