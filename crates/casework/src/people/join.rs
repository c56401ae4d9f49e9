//! Adding someone: alone, to a family, or someone who is known already. Who may
//! be meant is shown before, never in the way.

use packs::Answers;
use record::submissions::Once;
use record::{Asked, Viewer};
use vocabulary::{Id, ids};

use super::edit::{may_change, new_person, stop_on};
use crate::find::{Match, Wanted};
use crate::{Casework, Error, Listed, Result};

/// What makes two records look like one from how many per cent: shown before
/// someone is added, never in the way.
const SHOW: u8 = 72;

impl Casework {
    /// Whom the viewer may know of and who may be the same person as someone
    /// about to be added, best first.
    pub async fn alike(&self, viewer: &Viewer, wanted: &Wanted) -> Result<Vec<Match>> {
        let found = self.find(viewer, wanted, "people.alike").await?;
        Ok(likely(found))
    }

    /// Adds someone new to a family.
    pub async fn add_to_family(
        &self,
        viewer: &Viewer,
        family: Id<ids::Family>,
        answers: &Answers,
        once: &str,
    ) -> Result<Id<ids::Person>> {
        self.family_to_edit(viewer, family).await?;
        stop_on(self.form("person")?.check(answers, None))?;
        let mut tx = self.store().begin(&viewer.actor()).await?;
        if let Once::Again { location } = tx.once(once, &format!("/families/{family}")).await? {
            return Err(Error::Already(location));
        }
        let household = answers.text("lives") != "elsewhere";
        let person = self
            .add_person(&mut tx, &new_person(answers), Some(family), household)
            .await?;
        tx.commit().await?;
        Ok(person.id)
    }

    /// Adds someone who is known already to a family.
    pub async fn join(
        &self,
        viewer: &Viewer,
        family: Id<ids::Family>,
        person: Id<ids::Person>,
        household: bool,
        once: &str,
    ) -> Result<()> {
        self.family_to_edit(viewer, family).await?;
        self.gate()
            .person(viewer, person, Asked::index("family.join"))
            .await?
            .ok_or(Error::NotFound)?;
        let mut tx = self.store().begin(&viewer.actor()).await?;
        if let Once::Again { location } = tx.once(once, &format!("/families/{family}")).await? {
            return Err(Error::Already(location));
        }
        self.join_family(&mut tx, person, family, household).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Adds a person with a family of their own.
    pub async fn add_alone(
        &self,
        viewer: &Viewer,
        answers: &Answers,
        once: &str,
    ) -> Result<Id<ids::Person>> {
        if !viewer.can("people.create") {
            return Err(Error::NotFound);
        }
        stop_on(self.form("person")?.check(answers, None))?;
        let mut tx = self.store().begin(&viewer.actor()).await?;
        let new = new_person(answers);
        let name = match new.family_name.trim() {
            "" => new.given.clone(),
            name => name.to_owned(),
        };
        let family = self.new_family(&mut tx, &name).await?;
        let person = self
            .add_person(&mut tx, &new, Some(family.id), true)
            .await?;
        let location = format!("/people/{}", person.id);
        if let Once::Again { location } = tx.once(once, &location).await? {
            return Err(Error::Already(location));
        }
        tx.commit().await?;
        Ok(person.id)
    }

    async fn family_to_edit(&self, viewer: &Viewer, family: Id<ids::Family>) -> Result<()> {
        self.gate()
            .family(viewer, family, Asked::to_correct("family.add"))
            .await?
            .ok_or(Error::NotFound)?;
        may_change(viewer)
    }
}

/// The matches that are likely enough to ask about.
fn likely(found: Listed<Match>) -> Vec<Match> {
    found
        .into_iter()
        .filter(|m| m.likely >= SHOW)
        .take(5)
        .collect()
}
