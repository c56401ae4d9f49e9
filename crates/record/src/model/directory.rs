//! The services directory: public records, about nobody.

use serde_json::Value as Json;

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
