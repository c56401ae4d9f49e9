//! Rows as plain structs.
//!
//! [`entity!`](crate::entity) declares a struct once; its columns, its values
//! and its place in the journal follow from it, so that no row can be written
//! without being journalled and no column can be forgotten.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::db::{Row, Value};

/// Whom a row is about: whose key seals it in the journal, and in whose
/// history it appears.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Subject {
    /// A child or an adult.
    Person(String),
    /// A whole family.
    Family(String),
    /// A contact whose child may not be identified yet.
    Contact(String),
    /// An allegation, a complaint or a serious incident, which stands in no
    /// child’s history.
    Matter(String),
    /// Somebody who asks a service for help, or books a session, without a
    /// record of a child.
    Enquiry(String),
    /// Not personal: a team, a setting.
    Nobody,
}

impl Subject {
    /// The subject as the journal keeps it, `person:ID`; nothing for
    /// [`Subject::Nobody`].
    pub fn key(&self) -> Option<String> {
        match self {
            Subject::Person(id) => Some(format!("person:{id}")),
            Subject::Family(id) => Some(format!("family:{id}")),
            Subject::Contact(id) => Some(format!("contact:{id}")),
            Subject::Matter(id) => Some(format!("matter:{id}")),
            Subject::Enquiry(id) => Some(format!("enquiry:{id}")),
            Subject::Nobody => None,
        }
    }
}

/// A row that can be written, journalled and read back as it was.
pub trait Entity: Row + Serialize + DeserializeOwned + Clone + Sync {
    /// The table, which is also the kind of object in the journal.
    const TABLE: &'static str;
    /// The columns, in the order of [`Entity::values`].
    const COLUMNS: &'static [&'static str];
    /// The row's identifier.
    fn key(&self) -> String;
    /// The version that was read.
    fn version(&self) -> i64;
    /// Sets the version, after a write.
    fn set_version(&mut self, version: i64);
    /// The values, in the order of [`Entity::COLUMNS`].
    fn values(&self) -> Vec<Value>;
    /// Whom the row is about.
    fn subject(&self) -> Subject;
    /// When the thing happened, if the row knows.
    fn happened_at(&self) -> Option<DateTime<Utc>>;
}

/// Declares an [`Entity`]. The struct needs `id` and `version: i64`.
///
/// ```ignore
/// entity! {
///     /// A note about one child.
///     pub struct Note in "note", about Person(person_id), at happened_at {
///         /// The note's own identifier.
///         pub id: Id<ids::Note>,
///         ...
///         /// Goes up by one with every change.
///         pub version: i64,
///     }
/// }
/// ```
#[macro_export]
macro_rules! entity {
    (
        $(#[$meta:meta])*
        pub struct $name:ident in $table:literal, about $about:ident $(($about_field:ident))? $(, at $at:ident)? {
            $( $(#[$field_meta:meta])* pub $field:ident : $type:ty, )*
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize, sqlx::FromRow)]
        pub struct $name {
            $( $(#[$field_meta])* pub $field : $type, )*
        }

        impl $crate::entity::Entity for $name {
            const TABLE: &'static str = $table;
            const COLUMNS: &'static [&'static str] = &[$(stringify!($field)),*];
            fn key(&self) -> String { self.id.to_string() }
            fn version(&self) -> i64 { self.version }
            fn set_version(&mut self, version: i64) { self.version = version; }
            fn values(&self) -> Vec<$crate::db::Value> {
                vec![$($crate::db::Value::from(self.$field.clone())),*]
            }
            fn subject(&self) -> $crate::entity::Subject {
                $crate::entity_subject!(self, $about $(, $about_field)?)
            }
            fn happened_at(&self) -> Option<chrono::DateTime<chrono::Utc>> {
                $crate::entity_at!(self $(, $at)?)
            }
        }
    };
}

/// Part of [`entity!`](crate::entity): whom the row is about.
#[doc(hidden)]
#[macro_export]
macro_rules! entity_subject {
    ($row:ident, Nobody) => {
        $crate::entity::Subject::Nobody
    };
    ($row:ident, MaybeContact, $field:ident) => {
        $row.$field
            .as_ref()
            .map_or($crate::entity::Subject::Nobody, |id| {
                $crate::entity::Subject::Contact(id.to_string())
            })
    };
    ($row:ident, MaybeFamily, $field:ident) => {
        $row.$field
            .as_ref()
            .map_or($crate::entity::Subject::Nobody, |id| {
                $crate::entity::Subject::Family(id.to_string())
            })
    };
    ($row:ident, Decided, $field:ident) => {
        $row.whose()
    };
    ($row:ident, $about:ident, $field:ident) => {
        $crate::entity::Subject::$about($row.$field.to_string())
    };
}

/// Part of [`entity!`](crate::entity): when the thing happened.
#[doc(hidden)]
#[macro_export]
macro_rules! entity_at {
    ($row:ident) => {
        None
    };
    ($row:ident, $at:ident) => {
        Some($row.$at)
    };
}
