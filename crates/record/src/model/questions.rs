//! Messages between practitioners about a child.

use chrono::{DateTime, Utc};
use vocabulary::{Id, ids};

use crate::entity;

entity! {
    /// A question about a child, from one practitioner to another.
    pub struct Question in "question", about Person(person_id), at asked_at {
        /// This question.
        pub id: Id<ids::Part>,
        /// The child.
        pub person_id: Id<ids::Person>,
        /// Who asks.
        pub asked_by: Id<ids::Worker>,
        /// The name and post that the other side sees.
        pub asked_as: String,
        /// Who is asked.
        pub to_worker: Option<Id<ids::Worker>>,
        /// Or the team on duty.
        pub to_team: Option<Id<ids::Team>>,
        /// Who is asked, as the asker sees it.
        pub to_name: String,
        /// The beginning of the first words.
        pub topic: String,
        /// Whose turn it is: asked, asker, nobody.
        pub waits_for: String,
        /// When it was asked.
        pub asked_at: DateTime<Utc>,
        /// When the last message was written.
        pub moved_at: DateTime<Utc>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// One message of a question: never edited.
    pub struct QuestionMessage in "question_message", about Person(person_id), at written_at {
        /// This message.
        pub id: Id<ids::Part>,
        /// Of which question.
        pub question_id: Id<ids::Part>,
        /// The child.
        pub person_id: Id<ids::Person>,
        /// Who wrote it.
        pub written_by: Id<ids::Worker>,
        /// Their name and post then.
        pub written_as: String,
        /// The words.
        pub words: String,
        /// When.
        pub written_at: DateTime<Utc>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}
