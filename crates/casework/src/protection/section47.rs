//! Section 47 enquiries have five parts: what led there, the enquiries, the
//! analysis, the recommendation, and the decision of a manager who did not
//! write it. A list of enquiries alone never is one (R003-20 to R003-23).

use record::model::StepState;

use crate::steps::Overview;

/// The step of the pack.
const KIND: &str = "section-47";

/// One of the five parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// "Analysis".
    pub title: String,
    /// Whether it is there.
    pub done: bool,
    /// What is missing, or who did it.
    pub words: String,
}

impl Overview {
    /// The five parts of section 47 enquiries; none for any other step.
    pub fn five_parts(&self) -> Vec<Part> {
        if self.seen.step.kind != KIND {
            return Vec::new();
        }
        let mut parts: Vec<Part> = self
            .seen
            .form
            .sections
            .iter()
            .map(|section| {
                let missing: Vec<&str> = self
                    .missing
                    .iter()
                    .filter(|m| m.section == section.id && m.stops())
                    .map(|m| m.finding.message.as_str())
                    .collect();
                Part {
                    title: section.title.clone(),
                    done: missing.is_empty(),
                    words: missing.join(". "),
                }
            })
            .collect();
        let step = &self.seen.step;
        let done = step.state == StepState::Done;
        parts.push(Part {
            title: "The manager’s decision".into(),
            done,
            words: match (&self.seen.settler, step.state) {
                (Some(manager), StepState::Done) => format!("By {manager}"),
                (_, StepState::Submitted) => "It waits for a manager".into(),
                _ => "A manager who did not write it decides".into(),
            },
        });
        parts
    }

    /// The parts that are not there yet, by their titles (R003-22).
    pub fn parts_missing(&self) -> Vec<String> {
        let parts = self.five_parts().into_iter();
        parts.filter(|part| !part.done).map(|p| p.title).collect()
    }
}
