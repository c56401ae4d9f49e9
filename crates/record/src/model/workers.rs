//! Teams and the people who work in them or sign in from a partner.

use chrono::NaiveDate;
use serde_json::Value as Json;
use vocabulary::{Id, ids};

use crate::entity;

entity! {
    /// A team.
    pub struct Team in "team", about Nobody {
        /// The team.
        pub id: Id<ids::Team>,
        /// What it is called.
        pub name: String,
        /// front_door, locality, early_help, fostering, quality, leadership, partner.
        pub kind: String,
        /// The team's telephone.
        pub phone: Option<String>,
        /// The team's mailbox.
        pub email: Option<String>,
        /// Who manages it.
        pub manager_id: Option<Id<ids::Worker>>,
        /// The postcode sectors or outcodes it covers, as a list of text.
        pub cover: Json,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// Someone who works here or signs in from a partner.
    pub struct Worker in "worker", about Nobody {
        /// The worker.
        pub id: Id<ids::Worker>,
        /// The name to sign in with.
        pub username: String,
        /// The name that others see.
        pub name: String,
        /// What they do.
        pub job_title: String,
        /// A role of the practice pack.
        pub role: String,
        /// Their team.
        pub team_id: Option<Id<ids::Team>>,
        /// social_care, police, health, school ...
        pub agency: String,
        /// Direct line.
        pub phone: Option<String>,
        /// Work address.
        pub email: Option<String>,
        /// Full-time equivalent in hundredths: 100 is full time.
        pub fte_hundredths: i64,
        /// In their assessed and supported year.
        pub newly_qualified: bool,
        /// Who supervises them.
        pub supervisor_id: Option<Id<ids::Worker>>,
        /// First day.
        pub starts_on: NaiveDate,
        /// Last day, once known.
        pub ends_on: Option<NaiveDate>,
        /// May sign in.
        pub active: bool,
        /// Argon2id, in PHC form.
        #[serde(skip_serializing, default)]
        pub password_hash: String,
        /// The number under which Social Work England registers them, "SW" and
        /// digits; nothing for who is not a social worker.
        #[serde(default)]
        pub social_work_number: Option<String>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}
