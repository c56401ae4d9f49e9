//! Asking for what somebody asked of a service: open to the posts that look
//! after it, and to whoever may see the child to whom a worker put it. Nobody
//! who is barred from that child sees it.

use std::collections::BTreeSet;

use access::{Facts, Level};
use vocabulary::{Id, ids};

use super::{Asked, Gate, Guarded, Viewer};
use crate::Result;
use crate::db::Value;
use crate::model::Enquiry;

/// The word of the policy for it.
const KIND: &str = "enquiry";

impl Gate {
    /// One enquiry. `None` if there is none for this viewer: nobody can tell
    /// whether there is one at all.
    pub async fn enquiry(
        &self,
        viewer: &Viewer,
        id: Id<ids::Enquiry>,
        asked: Asked<'_>,
    ) -> Result<Option<Guarded<Enquiry>>> {
        let Some(row) = self.row::<Enquiry, _>(id).await? else {
            return Ok(None);
        };
        let mut subjects = vec![format!("enquiry:{id}")];
        let (mut sees, mut barred, mut facts) = (None, false, Facts::default());
        if let Some(child) = row.person_id {
            subjects.push(format!("person:{child}"));
            facts = self.facts(viewer, child).await?;
            barred = facts.bar().is_some();
            let who = &viewer.principal;
            let decision = self
                .policy
                .decide(who, &facts, asked.purpose, asked.section);
            sees = decision.allowed.then_some(decision.because);
        }
        let by_post = self
            .policy
            .decide_matter(&viewer.principal, KIND, None, barred);
        let because = match (by_post, sees) {
            (Ok(because), _) => Ok(because.to_owned()),
            (Err(_), Some(because)) if !barred => Ok(because),
            (Err(why), _) => Err(why.to_owned()),
        };
        match because {
            Err(why) => {
                self.refused(viewer, asked, KIND, id.as_str(), &why, subjects)
                    .await?;
                Ok(None)
            }
            Ok(because) => {
                self.looked(viewer, asked, KIND, id.as_str(), &because, subjects)
                    .await?;
                Ok(Some(Guarded {
                    value: row,
                    level: Level::Full,
                    because,
                    facts,
                }))
            }
        }
    }

    /// Whether the viewer's post looks after a kind of what is asked: `enquiry`
    /// or `booking`.
    pub fn looks_after(&self, viewer: &Viewer, kind: &str) -> bool {
        let who = &viewer.principal;
        self.policy.decide_matter(who, kind, None, false).is_ok()
    }

    /// The condition that keeps a list of a table `e` to the enquiries that the
    /// viewer's post may see; `None` where it sees none. `first` is the first
    /// free `$n`.
    pub fn may_see_enquiries(&self, viewer: &Viewer, first: usize) -> Option<(String, Vec<Value>)> {
        if !self.looks_after(viewer, KIND) {
            return None;
        }
        let (barred, values) = self.barred(viewer, "e.person_id", first);
        Some((format!("(e.person_id is null or not ({barred}))"), values))
    }

    /// Records that somebody whose post allows it looks at what hangs on no
    /// child, such as the bookings of a session. False if the post does not.
    pub async fn look_by_post(
        &self,
        viewer: &Viewer,
        kind: &str,
        about: (&str, &str),
        asked: Asked<'_>,
        subjects: BTreeSet<String>,
    ) -> Result<bool> {
        let decided = self
            .policy
            .decide_matter(&viewer.principal, kind, None, false);
        let subjects = subjects.into_iter().collect();
        match decided {
            Err(why) => {
                self.refused(viewer, asked, about.0, about.1, why, Vec::new())
                    .await?;
                Ok(false)
            }
            Ok(because) => {
                self.looked(viewer, asked, about.0, about.1, because, subjects)
                    .await?;
                Ok(true)
            }
        }
    }
}
