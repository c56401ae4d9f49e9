//! Where people live and lived. A new home ends the one before it and proposes
//! the move to the chronology; a mistake stays, marked, with its reason.

use access::{Purpose, Section};
use chrono::NaiveDate;
use packs::Answers;
use record::model::{Address, Chronology, ChronologyState, Person};
use record::{Asked, AssertSqlSafe, Entity, Guarded, Tx, Viewer, args};
use vocabulary::{Id, ids};

use super::add::NewAddress;
use super::edit::{claim, filled, stop_on};
use super::kept::{Kept, between, lines, never};
use super::overview::address_kind;
use super::ties::day_of;
use crate::{Casework, Error, Result};

/// What a protected address is called for those who may not see it.
const HIDDEN: &str = "Protected: ask the lead worker";

impl Casework {
    /// Every address of a person, the present ones first; a protected one by
    /// its name only, unless the viewer may see it.
    pub async fn addresses_kept(
        &self,
        viewer: &Viewer,
        person: &Guarded<Person>,
    ) -> Result<Vec<Kept>> {
        let open = self.sees_protected(viewer, person.id).await?;
        let sql = format!(
            "select {} from address where person_id = $1 order by ended_on desc, started_on desc, id",
            Address::COLUMNS.join(", ")
        );
        let db = self.store().read_db();
        let rows: Vec<Address> = db.all(AssertSqlSafe(sql), args![person.id]).await?;
        let mut kept: Vec<Kept> = rows.iter().map(|row| shown(row, open)).collect();
        kept.sort_by_key(|one| !one.current);
        Ok(kept)
    }

    /// Whether the viewer may see the protected addresses of a person.
    pub(crate) async fn sees_protected(
        &self,
        viewer: &Viewer,
        id: Id<ids::Person>,
    ) -> Result<bool> {
        let asked = Asked {
            purpose: Purpose::Look,
            section: Section::ProtectedAddress,
            page: "people.addresses",
        };
        Ok(self.gate().would_allow(viewer, id, asked).await?)
    }

    /// Records where someone lives. A new home ends the one before it and
    /// proposes the move to the chronology.
    pub async fn save_address(
        &self,
        viewer: &Viewer,
        id: Id<ids::Person>,
        answers: &Answers,
        once: &str,
    ) -> Result<()> {
        self.person_to_edit(viewer, id, "people.address").await?;
        stop_on(self.form("address")?.check(answers, None))?;
        let mut tx = self.store().begin(&viewer.actor()).await?;
        claim(&mut tx, once, id).await?;
        let since = answers.date("since").unwrap_or(viewer.today);
        let new = NewAddress {
            kind: answers.text("kind").to_owned(),
            line1: answers.text("line1").to_owned(),
            line2: None,
            town: filled(answers.text("town")),
            postcode: filled(answers.text("postcode")),
            ward: None,
            started_on: Some(since),
            protected: answers.has("safety", "protected"),
            safe_to_write: !answers.has("safety", "unsafe") && !answers.has("safety", "protected"),
            unsafe_reason: filled(answers.text("why")),
        };
        let mut moved = false;
        if matches!(new.kind.as_str(), "home" | "temporary" | "placement") {
            moved = end_homes(&mut tx, id, since).await?;
        }
        self.add_address(&mut tx, id, &new).await?;
        if moved {
            propose_move(&mut tx, id, since, new.protected).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Changes an address that holds: they left it, it became safe or unsafe,
    /// or it was never theirs.
    pub async fn change_address(
        &self,
        viewer: &Viewer,
        id: Id<ids::Person>,
        address: Id<ids::Address>,
        answers: &Answers,
        once: &str,
    ) -> Result<()> {
        self.person_to_edit(viewer, id, "people.address").await?;
        stop_on(self.form("address-change")?.check(answers, None))?;
        let open = self.sees_protected(viewer, id).await?;
        let mut tx = self.store().begin(&viewer.actor()).await?;
        let found: Option<Address> = tx.find(address.as_str()).await?;
        let mut row = found
            .filter(|row| row.person_id == id && row.ended_on.is_none())
            .ok_or(Error::NotFound)?;
        if row.protected && !open {
            return Err(Error::Refused(
                "This address is protected. Ask the lead worker to change it: only those who may see it can say if it is safe.".into(),
            ));
        }
        claim(&mut tx, once, id).await?;
        let why = answers.text("why").trim();
        if !why.is_empty() {
            tx.because_of(why);
        }
        match answers.text("what") {
            "ended" => row.ended_on = Some(day_of(answers, "on", viewer.today, row.started_on)?),
            "safety" => {
                let safety = answers.text("safety");
                row.protected = safety == "protected";
                row.safe_to_write = safety == "safe";
                row.unsafe_reason = filled(why).filter(|_| safety != "safe");
            }
            _ => {
                row.ended_on = Some(viewer.today);
                row.wrong_reason = filled(why);
            }
        }
        tx.update(&mut row).await?;
        tx.commit().await?;
        Ok(())
    }
}

fn shown(row: &Address, open: bool) -> Kept {
    let hidden = row.protected && !open;
    let parts = [
        Some(row.line1.clone()),
        row.line2.clone(),
        row.town.clone(),
        row.postcode.clone(),
    ];
    let whole = lines(parts.into_iter().flatten()).join(", ");
    let reason = row
        .unsafe_reason
        .as_deref()
        .unwrap_or("ask the lead worker");
    let alert = match (row.protected, row.safe_to_write) {
        (true, _) if hidden => Some("Protected address".to_owned()),
        (true, _) => Some("Protected: do not give it to anyone".to_owned()),
        (false, false) => Some(format!("Do not write to this address: {reason}")),
        (false, true) => None,
    };
    Kept {
        id: row.id.to_string(),
        title: address_kind(&row.kind).to_owned(),
        lines: lines([
            if hidden { HIDDEN.to_owned() } else { whole },
            between(row.started_on, row.ended_on),
            row.wrong_reason.as_deref().map_or_else(String::new, never),
        ]),
        alert,
        current: row.ended_on.is_none() && row.wrong_reason.is_none(),
        link: None,
    }
}

/// Ends the homes that had not ended; says whether there was one.
async fn end_homes(tx: &mut Tx, person: Id<ids::Person>, since: NaiveDate) -> Result<bool> {
    let sql = format!(
        "select {} from address where person_id = $1 and ended_on is null \
         and kind in ('home', 'temporary', 'placement')",
        Address::COLUMNS.join(", ")
    );
    let homes: Vec<Address> = tx.all(AssertSqlSafe(sql), args![person]).await?;
    let any = !homes.is_empty();
    for mut home in homes {
        home.ended_on = Some(since);
        tx.update(&mut home).await?;
    }
    Ok(any)
}

async fn propose_move(
    tx: &mut Tx,
    person: Id<ids::Person>,
    since: NaiveDate,
    protected: bool,
) -> Result<()> {
    // The chronology is read more widely than a protected address.
    let wording = if protected {
        "Moved to a protected address"
    } else {
        "Moved home"
    };
    tx.insert(&Chronology {
        id: Id::new(),
        person_id: person,
        happened_on: since,
        kind: "move".into(),
        wording: wording.into(),
        response: None,
        impact: None,
        significance: None,
        state: ChronologyState::Proposed,
        source_kind: Some("person".into()),
        source_id: Some(person.to_string()),
        reported_by: None,
        made_at: tx.now(),
        settled_by: None,
        settled_at: None,
        version: 1,
    })
    .await?;
    Ok(())
}
