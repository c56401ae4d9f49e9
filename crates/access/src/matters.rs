//! Matters: allegations, complaints and serious incidents, and what families
//! without a record ask of services and family centres. They hang on no tie to a
//! child, but on a post that deals with them; and nobody ever sees what is said
//! about themselves.

use std::collections::BTreeSet;

use vocabulary::Id;
use vocabulary::ids::Worker;

use crate::facts::Principal;
use crate::policy::Policy;

/// The kinds of matters; the policy must speak of each.
pub const MATTERS: [&str; 5] = ["allegation", "complaint", "incident", "enquiry", "booking"];

/// Who deals with one kind of matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MatterRule {
    /// One of [`MATTERS`].
    pub kind: String,
    /// The worker needs one of these capabilities.
    pub needs: BTreeSet<String>,
    /// The reason recorded with the look.
    pub because: String,
}

impl Policy {
    /// Whether `who` may see a matter of a kind that is about the worker
    /// `about`, and with whose child they have (`knows`) a personal
    /// connection: the reason, for or against. Deny wins and is the default.
    ///
    /// # Errors
    /// Why not, in words for the journal.
    pub fn decide_matter(
        &self,
        who: &Principal,
        kind: &str,
        about: Option<Id<Worker>>,
        knows: bool,
    ) -> Result<&str, &str> {
        if !who.active {
            return Err(&self.left);
        }
        if about == Some(who.worker) {
            return Err(&self.about_them);
        }
        if knows {
            return Err(&self.conflict);
        }
        if let Some(never) = self.never(who) {
            return Err(&never.because);
        }
        self.matters
            .iter()
            .find(|rule| rule.kind == kind && rule.needs.iter().any(|need| who.can(need)))
            .map(|rule| rule.because.as_str())
            .ok_or(&self.no_post)
    }
}
