//! Who is this child? Compares two people and says why, links and dedupes
//! files, and searches an index of millions.
//!
//! Pure: knows the field's words and nothing else of ours; no database, no
//! web. The three uses share one comparison ([`compare`]), one set of weights
//! ([`model`]) and one explanation.
#![forbid(unsafe_code)]

pub mod block;
pub mod cluster;
pub mod compare;
pub mod dob;
pub mod explain;
pub mod home;
pub mod index;
pub mod invent;
pub mod learn;
pub mod level;
pub mod link;
pub mod model;
pub mod name;
mod rarity;
pub mod roll;
pub mod row;
pub mod stable;
pub mod table;
