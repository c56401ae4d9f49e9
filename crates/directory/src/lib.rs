//! The services directory: what help there is for children, young people and
//! families in a place, published as Open Referral UK 3.0, searched so that a
//! parent at midnight finds it, and kept true.
//!
//! A pure engine. It knows no database, no web and no clock of its own: the
//! day is always told to it. [`Directory`] is a whole directory in memory;
//! [`api`] answers the eleven Open Referral endpoints from it; [`search`]
//! finds and explains; [`import`] reads other people's feeds; [`quality`] says
//! what a record lacks, [`assurance`] whether it can still be trusted, and
//! [`fields`] is a record as a form's words, to change and to compare.

#![forbid(unsafe_code)]

pub mod api;
pub mod assurance;
pub mod clean;
pub mod fields;
pub mod import;
pub mod invented;
pub mod measure;
pub mod model;
pub mod postcodes;
pub mod quality;
pub mod search;
mod store;

pub use store::{Directory, Entry, Place};
