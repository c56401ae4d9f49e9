//! What every file of a pack has: an id, a title, the day from which it is in
//! force, where its rule comes from and how strong that source is; and the
//! versions of one thing over time.

use chrono::{Days, NaiveDate};

use crate::problem::Place;

/// How strong the source of a rule is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Strength {
    /// An Act or regulations, read at the source.
    Law,
    /// National guidance or a national data standard.
    National,
    /// Published procedures that restate law or guidance.
    Procedure,
    /// A local choice.
    Local,
    /// Believed, but nobody has read it at the source yet.
    #[default]
    Unverified,
}

impl Strength {
    /// The word in a pack's file.
    pub fn code(self) -> &'static str {
        match self {
            Self::Law => "LAW",
            Self::National => "NAT",
            Self::Procedure => "PROC",
            Self::Local => "LOCAL",
            Self::Unverified => "UNVERIFIED",
        }
    }

    /// The strength with this word.
    pub fn from_code(code: &str) -> Option<Self> {
        [
            Self::Law,
            Self::National,
            Self::Procedure,
            Self::Local,
            Self::Unverified,
        ]
        .into_iter()
        .find(|strength| strength.code() == code)
    }

    /// The words on a page.
    pub fn label(self) -> &'static str {
        match self {
            Self::Law => "Law",
            Self::National => "National guidance",
            Self::Procedure => "Published procedure",
            Self::Local => "Local choice",
            Self::Unverified => "Not checked at its source yet",
        }
    }
}

/// The beginning of every file.
#[derive(Debug, Clone)]
pub(crate) struct Head {
    pub id: String,
    pub title: String,
    pub version: NaiveDate,
    pub until: Option<NaiveDate>,
    pub source: String,
    pub strength: Strength,
    pub place: Place,
}

/// A thing that has versions over time.
pub(crate) trait Dated: Clone {
    fn id(&self) -> &str;
    fn version(&self) -> NaiveDate;
    fn until(&self) -> Option<NaiveDate>;
    fn place(&self) -> &Place;
    fn set_dates(&mut self, version: NaiveDate, until: Option<NaiveDate>);
}

/// Declares a struct that begins with the head of its file.
macro_rules! dated {
    ($(#[$doc:meta])* pub struct $name:ident { $($(#[$field_doc:meta])* pub $field:ident: $type:ty,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq)]
        pub struct $name {
            /// Its id, unique among its kind.
            pub id: String,
            /// Its name for people.
            pub title: String,
            /// Its version: the first day it is in force.
            pub version: chrono::NaiveDate,
            /// The last day it may be used for something new, when retired.
            pub until: Option<chrono::NaiveDate>,
            /// Where it comes from.
            pub source: String,
            /// How strong that source is.
            pub strength: crate::Strength,
            /// Where it is written.
            pub place: crate::Place,
            $($(#[$field_doc])* pub $field: $type,)*
        }

        impl $name {
            /// The head filled in, everything else empty.
            pub(crate) fn headed(head: crate::dated::Head) -> Self {
                Self {
                    id: head.id,
                    title: head.title,
                    version: head.version,
                    until: head.until,
                    source: head.source,
                    strength: head.strength,
                    place: head.place,
                    $($field: Default::default(),)*
                }
            }
        }

        impl crate::dated::Dated for $name {
            fn id(&self) -> &str {
                &self.id
            }
            fn version(&self) -> chrono::NaiveDate {
                self.version
            }
            fn until(&self) -> Option<chrono::NaiveDate> {
                self.until
            }
            fn place(&self) -> &crate::Place {
                &self.place
            }
            fn set_dates(&mut self, version: chrono::NaiveDate, until: Option<chrono::NaiveDate>) {
                self.version = version;
                self.until = until;
            }
        }
    };
}
pub(crate) use dated;

/// All versions of one thing, oldest first. An old version stays, so that
/// what was written under it can still be read (R001-39).
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Versions<T>(pub Vec<T>);

impl<T: Dated> Versions<T> {
    /// The version in force on a day, for starting something new. `None`
    /// before the first version and after retirement.
    pub fn on(&self, day: NaiveDate) -> Option<&T> {
        let latest = self.0.iter().rev().find(|item| item.version() <= day)?;
        latest
            .until()
            .is_none_or(|until| day <= until)
            .then_some(latest)
    }

    /// Exactly this version, in force or not, for reading what was written
    /// under it.
    pub fn exactly(&self, version: NaiveDate) -> Option<&T> {
        self.0.iter().find(|item| item.version() == version)
    }

    /// Every version, oldest first.
    pub fn all(&self) -> &[T] {
        &self.0
    }

    /// The days on which something changes: each first day, and the day after
    /// each retirement.
    pub(crate) fn days_of_change(&self) -> impl Iterator<Item = NaiveDate> + '_ {
        self.0.iter().flat_map(|item| {
            let after = item
                .until()
                .and_then(|until| until.checked_add_days(Days::new(1)));
            std::iter::once(item.version()).chain(after)
        })
    }
}
