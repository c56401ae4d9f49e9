//! Writing a note: one row in each child's record.

use chrono::{DateTime, NaiveDateTime, Utc};
use record::model::{Note, Person};
use record::submissions::Once;
use record::{Asked, Guarded, Tx, Viewer};
use vocabulary::{Id, ids};

use super::{Circle, Member, filled, happened};
use crate::{Casework, Error, Result};

/// A note as it was written.
#[derive(Debug, Clone)]
pub struct NewNote {
    /// In whose record it was written.
    pub person: Id<ids::Person>,
    /// The words that all copies share.
    pub words: String,
    /// The words that stay with this child alone.
    pub only_here: String,
    /// When it happened, on the clock on the wall; now if left out.
    pub happened_at: Option<NaiveDateTime>,
    /// Only for those who may see sensitive matters.
    pub sensitive: bool,
    /// Also about all the other children of the family.
    pub all_children: bool,
    /// Also about these children.
    pub also: Vec<Id<ids::Person>>,
    /// The form's token.
    pub once: String,
}

/// A note that was saved.
#[derive(Debug, Clone)]
pub struct Saved {
    /// The row in the record where it was written.
    pub note: Id<ids::Note>,
    /// Whose records it is in now, first names.
    pub children: Vec<String>,
}

impl Casework {
    /// Saves a note in a child's record and in those of the brothers and
    /// sisters who were ticked (UX04, UX05). A ticked child whose record the
    /// writer may not write gets nothing, and nothing says so: such a child
    /// was never offered.
    pub async fn save_note(&self, viewer: &Viewer, new: &NewNote) -> Result<Saved> {
        let (person, circle) = self.to_write_about(viewer, new.person, "notes/new").await?;
        let words = filled(&new.words)
            .ok_or_else(|| Error::finding("text", "What happened?", "Write the note"))?;
        let also = ticked(&circle, new.all_children, &new.also);
        if new.sensitive {
            sensitive_can_go(&circle.me, &also)?;
        }
        let mut tx = self.store().begin(&viewer.actor()).await?;
        let location = format!("/people/{}/story", person.id);
        claim(&mut tx, &new.once, &location).await?;
        let now = tx.now();
        let first = row(viewer, &circle, now);
        let first = Note {
            kind: "note".into(),
            happened_at: happened(new.happened_at, now)?,
            words,
            only_here: filled(&new.only_here),
            sensitive: new.sensitive,
            ..first
        };
        tx.insert(&first).await?;
        for child in &also {
            tx.insert(&Note {
                id: Id::new(),
                person_id: child.id,
                only_here: None,
                ..first.clone()
            })
            .await?;
        }
        tx.drop_draft(viewer.principal.worker, &draft_of(new.person))
            .await?;
        tx.commit().await?;
        Ok(Saved {
            note: first.id,
            children: names(&circle, &also),
        })
    }

    /// The person and their circle, for someone who may write there.
    pub(super) async fn to_write_about(
        &self,
        viewer: &Viewer,
        person: Id<ids::Person>,
        page: &str,
    ) -> Result<(Guarded<Person>, Circle)> {
        let person = self
            .gate()
            .person(viewer, person, Asked::to_write(page))
            .await?
            .ok_or(Error::NotFound)?;
        if !viewer.can("case.record") {
            return Err(Error::Refused(
                "Your post reads records but does not write notes and visits. \
                 Ask the child’s worker to write it down."
                    .into(),
            ));
        }
        let circle = self.circle(viewer, &person, page).await?;
        Ok((person, circle))
    }
}

/// Where a note's draft is kept while it is being written.
pub fn draft_of(person: Id<ids::Person>) -> String {
    format!("note:{person}")
}

/// The ticked children in whose records the writer may write.
pub(super) fn ticked<'a>(
    circle: &'a Circle,
    all: bool,
    also: &[Id<ids::Person>],
) -> Vec<&'a Member> {
    circle
        .children()
        .filter(|m| all || also.contains(&m.id))
        .collect()
}

/// A sensitive note goes only where its writer could read it again.
fn sensitive_can_go(me: &Member, also: &[&Member]) -> Result<()> {
    let cannot: Vec<&str> = std::iter::once(me)
        .chain(also.iter().copied())
        .filter(|m| !m.writes_sensitive)
        .map(|m| m.first_name.as_str())
        .collect();
    if cannot.is_empty() {
        return Ok(());
    }
    Err(Error::finding(
        "sensitive",
        "Sensitive",
        &format!(
            "You work with {} through the family, so you cannot keep a sensitive note there. \
             Untick them, or untick “sensitive”.",
            vocabulary::plain::list(&cannot)
        ),
    ))
}

/// Claims a form's token, or says where the first submission led.
pub(super) async fn claim(tx: &mut Tx, once: &str, location: &str) -> Result<()> {
    match tx.once(once, location).await? {
        Once::First => Ok(()),
        Once::Again { location } => Err(Error::Already(location)),
    }
}

/// A row with everything that is the same for notes and visits.
pub(super) fn row(viewer: &Viewer, circle: &Circle, now: DateTime<Utc>) -> Note {
    let id = Id::new();
    Note {
        id,
        person_id: circle.me.id,
        family_id: circle.family,
        group_id: id,
        kind: String::new(),
        happened_at: now,
        recorded_at: now,
        author_id: viewer.principal.worker,
        words: String::new(),
        only_here: None,
        visit: None,
        goal_id: None,
        seen: None,
        seen_alone: None,
        sensitive: false,
        pinned: false,
        corrected_at: None,
        correction_reason: None,
        version: 1,
    }
}

pub(super) fn names(circle: &Circle, also: &[&Member]) -> Vec<String> {
    std::iter::once(&circle.me)
        .chain(also.iter().copied())
        .map(|m| m.first_name.clone())
        .collect()
}
