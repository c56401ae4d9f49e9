//! The top of every page about a child: who it is, and the parts of the record.

use askama::Template;
use casework::header::ChildHeader;

/// The child's header and the navigation under it. Put it in a page's struct
/// and write `{{ top|safe }}` in the block `before`.
#[derive(Debug, Template)]
#[template(path = "ui/identity.html")]
pub struct ChildTop {
    header: ChildHeader,
    current: Part,
    noting_here: bool,
}

/// A part of a child's record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The front page.
    Overview,
    /// Timeline and chronology.
    Story,
    /// The family's page.
    Family,
    /// Plan and actions.
    Plan,
    /// Assessments and decisions.
    Work,
    /// Home, care, court and leaving care.
    Care,
    /// Who has looked at this record.
    Looks,
    /// A page that is none of these.
    Other,
}

impl ChildTop {
    /// The top of a page about this child.
    pub fn new(header: ChildHeader, current: Part) -> ChildTop {
        ChildTop {
            header,
            current,
            noting_here: false,
        }
    }

    /// The page holds the folded form for a note: "Add note" opens it there.
    #[must_use]
    pub fn noting_here(mut self) -> ChildTop {
        self.noting_here = true;
        self
    }

    fn sections(&self) -> Vec<(&'static str, String, bool)> {
        let person = format!("/people/{}", self.header.id);
        let family = self.header.family.map(|id| format!("/families/{id}"));
        let all = [
            ("Overview", Some(person.clone()), Part::Overview),
            ("Story", Some(format!("{person}/story")), Part::Story),
            ("Family and network", family, Part::Family),
            ("Plan", Some(format!("{person}/plan")), Part::Plan),
            (
                "Assessments and decisions",
                Some(format!("{person}/work")),
                Part::Work,
            ),
            ("Home and care", Some(format!("{person}/care")), Part::Care),
            (
                "Who has looked",
                Some(format!("{person}/looks")),
                Part::Looks,
            ),
        ];
        all.into_iter()
            .filter_map(|(name, href, part)| Some((name, href?, part == self.current)))
            .collect()
    }
}
