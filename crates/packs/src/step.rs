//! Steps of work: what may be started, on which form, who authorises it, and
//! what may follow. A step can be skipped with a reason; there are no dead
//! ends.

use crate::dated::dated;

dated! {
    /// One kind of step.
    pub struct StepDef {
        /// The form it is written on.
        pub form: String,
        /// Whom one step is about.
        pub subjects: Subjects,
        /// The clock that runs while it is open.
        pub clock: Option<String>,
        /// Who must authorise it, if anyone.
        pub authorise: Option<Authorise>,
        /// How it can end.
        pub outcomes: Vec<Outcome>,
        /// Whether it can be passed over with a reason.
        pub skip_with_reason: bool,
        /// A short example of good writing, shown folded.
        pub exemplar: String,
    }
}

/// Whom one step is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Subjects {
    /// One child.
    #[default]
    Child,
    /// Several children of a family, written once.
    Children,
    /// The family as a whole.
    Family,
}

/// Who must authorise a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authorise {
    /// The capability that the authoriser's role must have.
    pub capability: String,
    /// Nobody authorises their own work (R003-23).
    pub not_author: bool,
}

/// One way a step can end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Its id within the step.
    pub id: String,
    /// Its words.
    pub title: String,
    /// A line of help under them.
    pub hint: String,
    /// The steps that may follow.
    pub next: Vec<String>,
    /// Those of them that begin at once, for the same children.
    pub start: Vec<String>,
}

impl StepDef {
    /// The outcome with this id.
    pub fn outcome(&self, id: &str) -> Option<&Outcome> {
        self.outcomes.iter().find(|outcome| outcome.id == id)
    }
}
