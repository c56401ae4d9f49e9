//! Invented children with known truth, any number of them, to measure the
//! engine with: households of many cultures, twins, children adopted, unborn,
//! seeking asylum, living in two homes, renamed; and what different services
//! write down about them, mistakes included.

mod dice;
mod files;
mod lists;
mod mistakes;
mod people;
mod search;

pub use dice::Dice;
pub use files::{write_index, write_records};
pub use mistakes::Record;
pub use people::{Child, Maker, Special};
pub use search::{Query, queries};
