//! The multi-agency part of the front door: what partners are asked, how
//! urgent it is, what they hold, what it means, and a manager's decision
//! (R003-08, R003-14, R003-15). And two looks at the door itself: decisions
//! rated again (R003-05), and children told of again and again (R002-09).

mod answer;
mod ask;
mod rating;
mod repeated;

pub use answer::CheckForPartner;
pub use ask::{CheckLine, MashView};
pub use rating::{Agreement, ToRate};
pub use repeated::Repeated;

use packs::Circumstances;
use record::model::{Mash, MashCheck};
use record::{AssertSqlSafe, Entity, args};
use vocabulary::{Id, ids};

use crate::clocks::About;
use crate::{Casework, Result};

impl Casework {
    /// The partners' part of a contact, if they were asked.
    pub(crate) async fn mash_of(&self, contact: Id<ids::Contact>) -> Result<Option<Mash>> {
        let sql = format!(
            "select {} from mash where contact_id = $1",
            Mash::COLUMNS.join(", ")
        );
        let db = self.store().read_db();
        Ok(db.maybe(AssertSqlSafe(sql), args![contact]).await?)
    }
}

/// What the clock of a check is about.
fn about(check: &MashCheck, team: Option<Id<ids::Team>>) -> About {
    About {
        kind: "mash_check",
        id: check.id.to_string(),
        contact: Some(check.contact_id),
        team,
        worker: Some(check.asked_by),
        path: format!("/contacts/{}/mash", check.contact_id),
        ..About::default()
    }
}

/// How urgent it is, for the clocks.
fn case(rag: &str) -> Circumstances {
    Circumstances::default().with("rag", rag)
}
