//! The case record: everything that is written down about children, families
//! and the work done with them, and the journal that says who wrote it.
//!
//! Three promises are kept here and nowhere else:
//!
//! * **No change without its event.** A row changes only through [`Tx`], which
//!   journals it in the same transaction ([`journal`]).
//! * **No look without its event.** Personal data leaves only as
//!   [`Guarded<T>`], which the [`Gate`] hands out after the look is on disk.
//! * **Two databases, one meaning.** [`Db`] speaks SQLite and PostgreSQL with
//!   the same statements; where they must differ, the pair stands side by side.
//!
//! The crate knows no practice: what a contact or an assessment means is for
//! `casework` and the packs.
#![forbid(unsafe_code)]

mod code;
pub mod db;
pub mod drafts;
pub mod entity;
mod error;
mod gate;
pub mod journal;
mod keys;
pub mod model;
pub mod public_answers;
pub mod sessions;
mod store;
pub mod submissions;
#[cfg(feature = "testing")]
pub mod testing;
mod time_travel;
mod tx;

pub use db::{AssertSqlSafe, Db, Row, Value};
pub use entity::{Entity, Subject};
pub use error::{Error, Result};
pub use gate::{
    AFTER, Asked, BEFORE, FamilySeen, Gate, Guarded, KEEPS, Listed, LookMade, LookedOn, Named,
    Viewer,
};
pub use keys::Keys;
pub use store::{Store, StoreOptions};
pub use time_travel::Known;
pub use tx::{Actor, Recorded, Tx};
