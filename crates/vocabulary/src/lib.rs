//! The field's words as types: people, identifiers, dates that may be
//! estimated, working days. No input or output.
//!
//! Every other crate stands on this one. Parsing is strict about what is true
//! (check digits, real dates) and kind about how people type it (spaces, case,
//! dashes). Errors say in plain words what to change.
#![forbid(unsafe_code)]

pub mod agency;
pub mod bank_holidays;
pub mod birth_date;
#[cfg(feature = "sqlx")]
mod columns;
pub mod ids;
pub mod names;
pub mod nhs_number;
pub mod plain;
pub mod postcode;
pub mod sex;
pub mod upn;
pub mod working_days;

pub use agency::Agency;
pub use birth_date::{Age, BirthDate, BirthDateKind};
pub use ids::Id;
pub use names::name_key;
pub use nhs_number::NhsNumber;
pub use postcode::Postcode;
pub use sex::Sex;
pub use upn::Upn;
pub use working_days::WorkingDays;
