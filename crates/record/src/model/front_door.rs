//! Contacts, the children they are about, decisions, and who was told.

use chrono::{DateTime, Utc};
use serde_json::Value as Json;
use vocabulary::{Id, ids};

use crate::entity::Subject;
use crate::{code_enum, entity};

code_enum! {
    /// Where a contact stands at the front door.
    pub enum ContactState {
        /// Nobody has opened it yet.
        New = "new",
        /// Someone is looking at it.
        Screening = "screening",
        /// A decision has been made.
        Decided = "decided",
    }
}

entity! {
    /// A contact: someone told the council about a child.
    pub struct Contact in "contact", about Contact(id), at received_at {
        /// The contact.
        pub id: Id<ids::Contact>,
        /// What the referrer is given to quote.
        pub reference: String,
        /// public, school, police, phone, council.
        pub route: String,
        /// The form of the pack it was written on.
        pub form: String,
        /// That form's version.
        pub form_version: String,
        /// Everything that was answered.
        pub answers: Json,
        /// New, screening or decided.
        pub state: ContactState,
        /// 1 immediate risk, 2 today, 3 usual.
        pub priority: i64,
        /// When it arrived.
        pub received_at: DateTime<Utc>,
        /// Referral source, CIN census code.
        pub source: Option<String>,
        /// Who told us.
        pub referrer_name: Option<String>,
        /// Who they are to the child.
        pub referrer_role: Option<String>,
        /// Their agency.
        pub referrer_agency: Option<String>,
        /// Their telephone.
        pub referrer_phone: Option<String>,
        /// Their e-mail.
        pub referrer_email: Option<String>,
        /// What they are worried about, in their own words.
        pub concern: String,
        /// The family's postcode, as told.
        pub postcode: Option<String>,
        /// The family, once it is known.
        pub family_id: Option<Id<ids::Family>>,
        /// The locality team that the postcode suggests.
        pub team_id: Option<Id<ids::Team>>,
        /// Who is screening it.
        pub screener_id: Option<Id<ids::Worker>>,
        /// Who took it down, if it came by telephone.
        pub taken_by: Option<Id<ids::Worker>>,
        /// When screening began.
        pub screening_started_at: Option<DateTime<Utc>>,
        /// When the decision was made.
        pub decided_at: Option<DateTime<Utc>>,
        /// The outcome, an option of the threshold decision.
        pub outcome: Option<String>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// A child whom a contact is about: as told, and as found.
    pub struct ContactChild in "contact_child", about Contact(contact_id) {
        /// This mention.
        pub id: Id<ids::Part>,
        /// The contact.
        pub contact_id: Id<ids::Contact>,
        /// As told: given, family_name, born, school, description.
        pub told: Json,
        /// The child, once identified.
        pub person_id: Option<Id<ids::Person>>,
        /// When the child was identified.
        pub settled_at: Option<DateTime<Utc>>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// A decision with its reasons, for ever (R003-06).
    pub struct Decision in "decision", about Decided(id), at decided_at {
        /// The decision.
        pub id: Id<ids::Decision>,
        /// threshold, allocation, authorisation, closure ...
        pub kind: String,
        /// The contact it was about.
        pub contact_id: Option<Id<ids::Contact>>,
        /// The family it was about.
        pub family_id: Option<Id<ids::Family>>,
        /// The child it was about.
        pub person_id: Option<Id<ids::Person>>,
        /// The step it was about.
        pub step_id: Option<Id<ids::Step>>,
        /// The threshold level.
        pub level: Option<String>,
        /// The indicators that were seen, a list of ids of the threshold document.
        pub indicators: Json,
        /// What was decided.
        pub outcome: String,
        /// Why.
        pub rationale: String,
        /// What was considered.
        pub considered: Option<String>,
        /// What else could have been decided, and why not.
        pub alternatives: Option<String>,
        /// What we will tell the child (R004-11).
        pub child_words: Option<String>,
        /// The version of the threshold document in force (R003-18).
        pub guide_version: Option<String>,
        /// The form it was written on.
        pub form: Option<String>,
        /// That form's version.
        pub form_version: Option<String>,
        /// Everything that was answered.
        pub answers: Json,
        /// Who decided, from their sign-in.
        pub decided_by: Id<ids::Worker>,
        /// When.
        pub decided_at: DateTime<Utc>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

impl Decision {
    /// A decision belongs to the child, else the family, else the contact.
    fn whose(&self) -> Subject {
        match (self.person_id, self.family_id, self.contact_id) {
            (Some(id), _, _) => Subject::Person(id.to_string()),
            (_, Some(id), _) => Subject::Family(id.to_string()),
            (_, _, Some(id)) => Subject::Contact(id.to_string()),
            _ => Subject::Nobody,
        }
    }
}

entity! {
    /// Someone was told something, and it is on record (R001-11).
    pub struct Told in "told", about Decided(id), at told_at {
        /// This telling.
        pub id: Id<ids::Message>,
        /// About which contact.
        pub contact_id: Option<Id<ids::Contact>>,
        /// About which family.
        pub family_id: Option<Id<ids::Family>>,
        /// Who was told.
        pub who: String,
        /// phone, email, letter, in_person, secure_link.
        pub how: String,
        /// What they were told.
        pub words: String,
        /// Who told them.
        pub told_by: Id<ids::Worker>,
        /// When.
        pub told_at: DateTime<Utc>,
        /// outcome, passed_on, acknowledgement.
        pub reason: String,
        /// When the other side confirmed it.
        pub acknowledged_at: Option<DateTime<Utc>>,
        /// Who confirmed it.
        pub acknowledged_by: Option<String>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

impl Told {
    fn whose(&self) -> Subject {
        match (self.contact_id, self.family_id) {
            (Some(id), _) => Subject::Contact(id.to_string()),
            (_, Some(id)) => Subject::Family(id.to_string()),
            _ => Subject::Nobody,
        }
    }
}
