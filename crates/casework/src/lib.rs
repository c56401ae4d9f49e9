//! What people do, one module an area: commands that change the record and
//! queries that show it, with every rule of practice that a pack cannot hold.
//!
//! Every function that shows or changes a child's record takes the
//! [`Viewer`] who asks, and goes through the record's gate. Areas do not call
//! one another sideways: they meet in what they share, [`clocks`], [`header`],
//! [`drafts`] and the rows of [`record::model`].
#![forbid(unsafe_code)]

pub mod access_control;
pub mod adopting;
pub mod allocation;
pub mod asking;
pub mod care;
pub mod carers;
pub mod centres;
pub mod clocks;
mod council;
pub mod court;
pub mod dataset;
pub mod drafts;
pub mod due;
pub mod early_help;
pub mod enquiries;
mod error;
pub mod family;
pub mod find;
pub mod front_door;
pub mod header;
pub mod import;
pub mod index;
pub mod involved;
pub mod leaving_care;
pub mod letters;
pub mod mash;
pub mod matching;
pub mod matters;
pub mod meetings;
pub mod missing;
pub mod notes;
pub mod panels;
pub mod people;
pub mod plans;
pub mod post;
pub mod private_fostering;
pub mod protection;
pub mod questions;
pub mod referring;
pub mod returns;
pub mod same;
pub mod services;
pub mod sharing;
pub mod sign_in;
pub mod steps;
pub mod story;
#[cfg(feature = "testing")]
pub mod testing;
pub mod time;
pub mod work;
pub mod workers;
pub mod your_data;

pub use council::{Casework, Council};
pub use error::{Error, Result};
pub use record::model;
pub use record::{Asked, FamilySeen, Guarded, Listed, Viewer};
