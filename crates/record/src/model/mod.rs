//! The rows of the record, one struct a table.
//!
//! What a row means in practice is for `casework`; here stand only its columns,
//! whom it is about, and the words that its states may take.

mod access;
mod care;
mod carers;
mod centres;
mod court;
mod directory;
mod early_help;
mod enquiries;
mod front_door;
mod index;
mod involved;
mod leaving_care;
mod looks;
mod mash;
mod matching;
mod matters;
mod meetings;
mod missing;
mod notes;
mod packages;
mod panels;
mod people;
mod plans;
mod private_fostering;
mod protection;
mod questions;
mod referring;
mod same;
mod sharing;
mod steps;
mod workers;

pub use access::*;
pub use care::*;
pub use carers::*;
pub use centres::*;
pub use court::*;
pub use directory::*;
pub use early_help::*;
pub use enquiries::*;
pub use front_door::*;
pub use index::*;
pub use involved::*;
pub use leaving_care::*;
pub use looks::*;
pub use mash::*;
pub use matching::*;
pub use matters::*;
pub use meetings::*;
pub use missing::*;
pub use notes::*;
pub use packages::*;
pub use panels::*;
pub use people::*;
pub use plans::*;
pub use private_fostering::*;
pub use protection::*;
pub use questions::*;
pub use referring::*;
pub use same::*;
pub use sharing::*;
pub use steps::*;
pub use workers::*;
