//! An index of children, searched in thousandths of a second: files that are
//! built once ([`build`]) and mapped ([`Store`]), a part in memory that takes
//! changes at once ([`Fresh`]), and the search over both ([`Index`]).

mod fresh;
mod keys;
mod search;
mod store;

pub use fresh::Fresh;
pub use search::{Found, Index, Question, Result};
pub use store::{BadIndex, Store, build};
