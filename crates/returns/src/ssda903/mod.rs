//! The SSDA903 return: children looked after by the authority and young
//! people who left its care, in twelve tables, with last year's beside them.
//!
//! Begin with `tables` (what the files hold) and `child` (how a check sees
//! one child). The rules' texts stand in `rules/ssda903`, their checks in
//! `rules` by family; `run` brings both together.

#[cfg(test)]
mod cases;
pub mod child;
pub mod codes;
pub mod collection;
pub mod csv_in;
pub mod data;
pub mod derive;
pub mod hits;
pub mod invent;
pub mod providers;
pub mod read;
pub mod rules;
pub mod run;
pub mod tables;
pub mod troubles;
pub mod write;
pub mod xml_in;
pub mod zipped;

pub use child::{Child, Tables};
pub use collection::Collection;
pub use data::{Row, TableData};
pub use read::{Loaded, Named, read, read_memory};
pub use run::check;
pub use tables::{Field, Table};
