//! The editor's home: what needs somebody now, as one board.

use directory::assurance::Standing;
use record::Viewer;

use super::addresses::DeadLink;
use super::changes::{ChangeLine, keeper, waiting};
use super::entry::{Found, found};
use super::remind::MailLine;
use super::reports::ReportLine;
use crate::{Casework, Result};

/// How many rows of each list are shown.
const SHOWN: usize = 25;

/// What needs an editor.
#[derive(Debug, Clone)]
pub struct Board {
    /// How many entries there are.
    pub entries: usize,
    /// How many of them families see today.
    pub shown: usize,
    /// Changes that wait for approval, the oldest first.
    pub waiting: Vec<ChangeLine>,
    /// Reports of the public without an answer, the most urgent first.
    pub reports: Vec<ReportLine>,
    /// Web and email addresses that do not work.
    pub dead: Vec<DeadLink>,
    /// Mails that could not be sent.
    pub mails: Vec<MailLine>,
    /// Whether mails are sent at all.
    pub sends_mail: bool,
    /// Entries past their check, the longest first.
    pub past: Vec<Found>,
    /// How many are.
    pub past_of: usize,
}

impl Casework {
    /// The board.
    ///
    /// # Errors
    /// `NotFound` for whoever does not keep the directory.
    pub async fn directory_board(&self, viewer: &Viewer) -> Result<Board> {
        keeper(viewer)?;
        let catalogue = self.catalogue().await?;
        let (directory, today) = (&catalogue.directory, catalogue.today);
        let mut past: Vec<_> = directory
            .entries()
            .filter(|e| {
                // What is not shown on purpose is not asked about.
                let u = &e.upkeep;
                let taken_down = u.held_back || u.visible_to.is_some_and(|to| to < today);
                !taken_down && u.next_check().is_none_or(|next| next <= today)
            })
            .collect();
        past.sort_by_key(|e| (e.upkeep.next_check(), e.service.name.clone()));
        let past_of = past.len();
        Ok(Board {
            entries: directory.entries().count(),
            shown: directory
                .entries()
                .filter(|e| e.upkeep.standing(today) != Standing::Unpublished)
                .count(),
            waiting: waiting(self, SHOWN as i64).await?,
            reports: self.open_reports(SHOWN as i64).await?,
            dead: self.dead_ends().await?,
            mails: self.failed_mails(SHOWN as i64).await?,
            sends_mail: self.sends_mail(),
            past: past
                .into_iter()
                .take(SHOWN)
                .map(|e| found(directory, e, today))
                .collect(),
            past_of,
        })
    }
}
