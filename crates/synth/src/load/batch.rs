//! Rows that wait to be written together, in an order that no row refers to
//! one after it.

use chrono::{DateTime, Utc};
use record::model::*;
use record::{Actor, Recorded, Result, Tx};

macro_rules! batch {
    ($($field:ident: $row:ty),* $(,)?) => {
        /// All rows of a few families.
        #[derive(Default)]
        pub(crate) struct Batch {
            $(pub(crate) $field: Vec<Recorded<$row>>,)*
        }

        impl Batch {
            /// Writes every row with its event.
            pub(crate) async fn write(&self, tx: &mut Tx) -> Result<()> {
                $(tx.insert_recorded(&self.$field).await?;)*
                Ok(())
            }
        }
    };
}

batch! {
    people: Person,
    names: PersonName,
    addresses: Address,
    reaches: Reach,
    relationships: Relationship,
    families: Family,
    members: FamilyMember,
    involvements: Involvement,
    restrictions: Restriction,
    allowed: RestrictionAllow,
    complexities: Complexity,
}

/// A row with who recorded it and when.
pub(crate) fn told<E>(by: &Actor, at: DateTime<Utc>, row: E) -> Recorded<E> {
    Recorded {
        row,
        by: by.clone(),
        at,
    }
}
