//! Lays out a family as a genogram and draws it as SVG with a table beside it. Pure.
//!
//! [`draw`] takes people and how they are related, in any order and however
//! incomplete, and never fails: what cannot be drawn (somebody recorded as their
//! own grandparent) is left out of the picture and said in words. The same
//! family always gives the same picture. The drawing carries classes only; its
//! looks are in [`STYLE`].

#![forbid(unsafe_code)]

mod generations;
mod layout;
mod model;
mod picture;
mod ring;
mod symbol;
mod table;

pub use model::{Bond, BondKind, Family, Partnership, PartnershipKind, Person, Shape};
pub use picture::{Picture, draw};
pub use table::Row;

/// The style sheet for the classes in the drawing, to be served with the page's own.
pub const STYLE: &str = include_str!("genogram.css");
