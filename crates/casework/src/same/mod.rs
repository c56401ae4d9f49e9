//! The matching queue: records that may be one person and rows of partners'
//! lists that may be about a child, with the reasons; what is not the same is
//! remembered, what is the same is joined and can be taken apart.

mod explain;
mod merge;
mod queue;

pub use explain::Explained;
pub(crate) use explain::explained;
pub use merge::Joined;
pub use queue::{Queue, QueuePair, QueueRow};
