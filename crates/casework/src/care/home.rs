//! The home of a child in care: in or outside our area, how far, the clocks of
//! a new stay, and the address row that the rest of the record reads.

use chrono::NaiveDate;
use record::model::{Address, Care, Placement};
use record::{Tx, args};
use vocabulary::{Id, Postcode, ids};

use super::{Filled, rules};
use crate::clocks::About;
use crate::people::NewAddress;
use crate::{Casework, Error, Result, asking, clocks, time};

impl Casework {
    /// Whether a postcode is in our area: one that a locality team covers.
    /// Nothing when there is no postcode, or no team has a cover.
    async fn outside(&self, postcode: Option<&Postcode>) -> Result<Option<bool>> {
        let Some(postcode) = postcode else {
            return Ok(None);
        };
        Ok(Some(self.team_for_postcode(postcode).await?.is_none()))
    }

    /// The home as it was written on a form, from a day on, with its address.
    pub(super) async fn new_placement(
        &self,
        tx: &mut Tx,
        form: &Filled<'_>,
        care: &Care,
        since: NaiveDate,
    ) -> Result<Placement> {
        let postcode: Option<Postcode> = match form.text("postcode") {
            "" => None,
            typed => Some(typed.parse().map_err(|_| {
                Error::finding(
                    "postcode",
                    "Postcode of the home",
                    "Write the whole postcode, such as LK1 4AB",
                )
            })?),
        };
        let outside = match form.text("where") {
            "in" => Some(false),
            "out" => Some(true),
            _ => self.outside(postcode.as_ref()).await?,
        };
        let hidden = form.answers.has("hidden", "yes");
        let address = NewAddress {
            kind: "placement".into(),
            line1: form
                .said("line1")
                .unwrap_or_else(|| "Address not written down".into()),
            line2: None,
            town: form.said("town"),
            postcode: postcode.as_ref().map(ToString::to_string),
            ward: None,
            started_on: Some(since),
            protected: hidden,
            safe_to_write: !hidden,
            unsafe_reason: hidden.then(|| "The address is kept from somebody".to_owned()),
        };
        self.end_addresses(tx, form.child().id, since).await?;
        let address = self.add_address(tx, form.child().id, &address).await?;
        let row = Placement {
            id: Id::new(),
            care_id: care.id,
            person_id: care.person_id,
            started_on: since,
            ended_on: None,
            home: form.text("home").to_owned(),
            provider: form.text("provider").to_owned(),
            carer: form.text("carer").to_owned(),
            address_id: Some(address.id),
            postcode: postcode.map(|p| p.to_string()),
            hidden,
            outside,
            area: form.said("area"),
            miles: form.text("miles").parse().ok(),
            urn: form.said("urn"),
            registered: form.text("registered") != "no",
            rule: form.text("rule").to_owned(),
            agreed_by: form.said("agreed_by"),
            move_reason: None,
            planned_on: None,
            carer_id: self
                .moved_to_chosen(tx, care.person_id, form.text("carer"))
                .await?,
            version: 1,
        };
        tx.insert(&row).await?;
        let about = self.about_placement(&row).await?;
        start_clocks(tx, self, &row, &about).await?;
        Ok(row)
    }

    /// Ends the homes before this one in the child's addresses.
    pub(super) async fn end_addresses(
        &self,
        tx: &mut Tx,
        child: Id<ids::Person>,
        day: NaiveDate,
    ) -> Result<()> {
        let homes: Vec<Address> = asking::rows(
            tx,
            "person_id = $1 and ended_on is null and kind in ('home', 'temporary', 'placement')",
            args![child],
        )
        .await?;
        for mut home in homes {
            home.ended_on = Some(day);
            tx.update(&mut home).await?;
        }
        Ok(())
    }

    /// What the clocks of a stay are about.
    pub(super) async fn about_placement(&self, placement: &Placement) -> Result<About> {
        let path = format!("/people/{}/care/told", placement.person_id);
        self.about_child(
            placement.person_id,
            "placement",
            placement.id.as_str(),
            path,
        )
        .await
    }
}

/// The clocks that a stay starts. The first visit is its own thing: visits are
/// counted for the child, whatever the home.
async fn start_clocks(
    tx: &mut Tx,
    casework: &Casework,
    placement: &Placement,
    about: &About,
) -> Result<()> {
    let (pack, at) = (casework.pack(), time::start_of(placement.started_on));
    let child = placement.person_id;
    for rule in pack.clocks_started_by("placement.started", placement.started_on) {
        let mut about = about.clone();
        match rule.id.as_str() {
            "care-visit-first" => about = super::visits::about(&about, child),
            "placement-plan" => about.path = format!("/people/{child}/care/living-here"),
            _ => {}
        }
        clocks::start_rule(tx, pack, rule, at, &about).await?;
    }
    if placement.outside == Some(true) {
        clocks::start(tx, pack, "placement.outside", at, about).await?;
    }
    if let Some(trigger) = rules::also_started_by(&placement.rule) {
        let path = match placement.rule.as_str() {
            "secure" => format!("/people/{child}/care/locked"),
            _ => format!("/people/{child}/care"),
        };
        let about = About {
            path,
            ..about.clone()
        };
        clocks::start(tx, pack, trigger, at, &about).await?;
    }
    Ok(())
}
