//! A value to bind to a statement, typed so that PostgreSQL accepts its nulls.

use chrono::{DateTime, NaiveDate, SubsecRound, Utc};
use vocabulary::Id;

/// One bound value. Build it with `.into()`, or a whole list with
/// [`args!`](crate::args).
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Text, identifiers and codes.
    Text(Option<String>),
    /// Whole numbers.
    Integer(Option<i64>),
    /// Yes or no.
    Boolean(Option<bool>),
    /// A day.
    Date(Option<NaiveDate>),
    /// A moment, UTC, to the microsecond (what PostgreSQL keeps).
    Time(Option<DateTime<Utc>>),
    /// A JSON document.
    Json(Option<serde_json::Value>),
}

/// A list of bound values, in the order of `$1`, `$2`, ...
#[macro_export]
macro_rules! args {
    ($($value:expr),* $(,)?) => { vec![$($crate::Value::from($value)),*] };
}

macro_rules! value_from {
    ($($from:ty => $variant:ident, $v:ident => $into:expr;)*) => {$(
        impl From<$from> for Value {
            fn from($v: $from) -> Self { Value::$variant(Some($into)) }
        }
        impl From<Option<$from>> for Value {
            fn from(v: Option<$from>) -> Self { Value::$variant(v.map(|$v| $into)) }
        }
    )*};
}

value_from! {
    String => Text, v => v;
    &str => Text, v => v.to_owned();
    &String => Text, v => v.clone();
    i64 => Integer, v => v;
    i32 => Integer, v => i64::from(v);
    u32 => Integer, v => i64::from(v);
    bool => Boolean, v => v;
    NaiveDate => Date, v => v;
    DateTime<Utc> => Time, v => v.trunc_subsecs(6);
    serde_json::Value => Json, v => v;
}

impl<T> From<Id<T>> for Value {
    fn from(id: Id<T>) -> Self {
        Value::Text(Some(id.to_string()))
    }
}
impl<T> From<&Id<T>> for Value {
    fn from(id: &Id<T>) -> Self {
        Value::Text(Some(id.to_string()))
    }
}
impl<T> From<Option<Id<T>>> for Value {
    fn from(id: Option<Id<T>>) -> Self {
        Value::Text(id.map(|id| id.to_string()))
    }
}
