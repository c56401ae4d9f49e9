//! Statutory returns: made from the record ([`make`]), and files that an
//! analyst checks in the web application. Such a file is the analyst's own and
//! is not kept; that it was checked here is written to the journal before its
//! findings are shown.

mod annex_a;
mod annex_care;
mod annex_rows;
mod annex_words;
pub mod cin;
pub mod daily;
mod daily_rows;
pub mod make;
pub mod place;

use record::journal::{Deed, Event};
use serde_json::json;

use crate::{Casework, Error, Result, Viewer};

impl Casework {
    /// Whether the viewer may check returns; for everyone else the page does
    /// not exist.
    ///
    /// # Errors
    /// `NotFound` when they may not.
    pub fn may_check_returns(&self, viewer: &Viewer) -> Result<()> {
        if viewer.can("returns.check") {
            Ok(())
        } else {
            Err(Error::NotFound)
        }
    }

    /// Writes down that a return was checked: which, of how many children,
    /// with how many findings, under the number that the findings are shown
    /// by. Call it before anything of the file is shown.
    ///
    /// # Errors
    /// `NotFound` when the viewer may not check returns; otherwise when the
    /// journal cannot be written, and then nothing may be shown.
    pub async fn note_return_checked(
        &self,
        viewer: &Viewer,
        number: &str,
        title: &str,
        children: u64,
        findings: usize,
    ) -> Result<()> {
        self.may_check_returns(viewer)?;
        let mut tx = self.store().begin(&viewer.actor()).await?;
        let mut event = Event::new(Deed::Looked, "return-check", number);
        event.plain = Some(json!({ "return": title, "children": children, "findings": findings }));
        tx.note(event).await?;
        tx.commit().await?;
        Ok(())
    }
}
