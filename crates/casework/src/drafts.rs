//! Drafts as their author meets them: kept before anything is checked, found
//! again at home and on the page they belong to.

use record::Viewer;
use vocabulary::{Id, ids};

use crate::{Casework, Result};

pub use record::drafts::{Draft, DraftAge, NewDraft};
pub use record::submissions::Held;

impl Casework {
    /// Keeps what is being typed. Nothing is checked: invalid is fine.
    pub async fn keep_draft(&self, viewer: &Viewer, draft: &NewDraft) -> Result<()> {
        Ok(self
            .store()
            .save_draft(viewer.principal.worker, draft)
            .await?)
    }

    /// Keeps a text that lost against someone else's save, beside any draft.
    pub async fn keep_refused(&self, viewer: &Viewer, draft: &NewDraft) -> Result<()> {
        let mut tx = self.store().begin(&viewer.actor()).await?;
        tx.keep_draft(viewer.principal.worker, draft, true).await?;
        Ok(tx.commit().await?)
    }

    /// What the viewer was writing here, if anything.
    pub async fn my_draft(&self, viewer: &Viewer, target: &str) -> Result<Option<Draft>> {
        Ok(self
            .store()
            .draft(viewer.principal.worker, target, false)
            .await?)
    }

    /// The viewer's text that lost against someone else's save.
    pub async fn my_refused(&self, viewer: &Viewer, target: &str) -> Result<Option<Draft>> {
        Ok(self
            .store()
            .draft(viewer.principal.worker, target, true)
            .await?)
    }

    /// All that the viewer has not finished, the last one first.
    pub async fn my_drafts(&self, viewer: &Viewer) -> Result<Vec<Draft>> {
        Ok(self.store().drafts_of(viewer.principal.worker).await?)
    }

    /// Throws one of the viewer's drafts away.
    pub async fn discard_draft(&self, viewer: &Viewer, id: Id<ids::Draft>) -> Result<()> {
        Ok(self
            .store()
            .discard_draft(viewer.principal.worker, id)
            .await?)
    }

    /// A team's drafts by author and age, for its manager: never their words.
    pub async fn draft_ages(&self, viewer: &Viewer) -> Result<Vec<DraftAge>> {
        let mut ages = Vec::new();
        for team in &viewer.principal.teams_supervised {
            ages.extend(self.store().draft_ages(*team).await?);
        }
        Ok(ages)
    }
}

impl Casework {
    /// Signs someone out.
    pub async fn sign_out(&self, viewer: &Viewer, session: &str) -> Result<()> {
        self.end_emergencies(viewer, &["override"]).await?;
        Ok(self
            .store()
            .end_session(viewer.principal.worker, session)
            .await?)
    }

    /// Keeps what was being sent when a session ran out; the token goes into
    /// a cookie.
    pub async fn hold(
        &self,
        worker: Option<Id<ids::Worker>>,
        path: &str,
        body: &str,
    ) -> Result<String> {
        Ok(self.store().hold(worker, path, body).await?)
    }

    /// What was being sent, for the worker who sent it. It stays kept.
    pub async fn held(&self, viewer: &Viewer, token: &str) -> Result<Option<Held>> {
        Ok(self
            .store()
            .held_for(viewer.principal.worker, token)
            .await?)
    }

    /// Gives back what was being sent, once, because it is sent on now.
    pub async fn send_held_on(&self, viewer: &Viewer, token: &str) -> Result<Option<Held>> {
        let held = self.held(viewer, token).await?;
        if held.is_some() {
            self.store().held_resumed(token).await?;
        }
        Ok(held)
    }
}
