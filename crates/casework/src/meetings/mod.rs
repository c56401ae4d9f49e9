//! Meetings: who was invited, came, sent views or was absent and why; what was
//! said, what was decided, and who does what next. One component for every
//! kind of meeting.

pub mod plan;
pub mod record;

use ::record::model::{Meeting, MeetingPerson, MeetingState, Person, PersonKind, Plan, PlanState};
use ::record::{Asked, AssertSqlSafe, Entity, Guarded, Viewer, args};
use vocabulary::{Id, ids};

pub(crate) use plan::{attendance, fill};

use crate::plans::PlanSeen;
use crate::plans::network::Known;
use crate::plans::view::{meeting_words, when_words};
use crate::{Casework, Error, Result};

/// The pack's form of a meeting.
pub const FORM: &str = "meeting";
/// The pack's form of what a review finds.
pub const REVIEW_FORM: &str = "child-in-need-review";
/// The kind of meeting that reviews a child in care.
pub(crate) const REVIEW_IN_CARE: &str = "review_in_care";
/// The kinds of meeting that review a child in need plan, the first included.
const REVIEWS: [&str; 2] = ["child_in_need_first", "child_in_need_review"];

/// A meeting about children whom the viewer may see.
#[derive(Debug, Clone)]
pub struct MeetingSeen {
    /// The meeting.
    pub meeting: Meeting,
    /// The plan it is about, if any.
    pub plan: Option<Plan>,
    /// The child on whose page it is shown.
    pub child: Guarded<Person>,
    /// All children it is about.
    pub children: Vec<Person>,
}

/// The page of a meeting.
#[derive(Debug, Clone)]
pub struct MeetingView {
    /// The meeting and its children.
    pub seen: MeetingSeen,
    /// "Child in need review".
    pub kind: String,
    /// "Monday 3 March 2026 at 2pm".
    pub when: String,
    /// "Planned".
    pub state: &'static str,
    /// Who has to do with it.
    pub people: Vec<MeetingPerson>,
    /// The languages for which nobody is booked yet: "Arabic, for Layla Haddad".
    pub interpreter_for: Vec<String>,
    /// Whether the plan still takes actions.
    pub plan_open: bool,
}

impl MeetingSeen {
    /// The plan that it reviews, with its children, if it reviews one.
    pub fn plan_seen(&self) -> Option<PlanSeen> {
        Some(PlanSeen {
            plan: self.plan.clone()?,
            child: self.child.clone(),
            children: self.children.clone(),
            closing: None,
            packages: None,
        })
    }

    /// Whether it is still to be held.
    pub fn is_planned(&self) -> bool {
        self.meeting.state == MeetingState::Planned
    }
}

impl Casework {
    /// A meeting behind the gate: through its plan, or through the family.
    pub async fn meeting_seen(
        &self,
        viewer: &Viewer,
        id: Id<ids::Meeting>,
        asked: Asked<'_>,
    ) -> Result<MeetingSeen> {
        let sql = format!(
            "select {} from meeting where id = $1",
            Meeting::COLUMNS.join(", ")
        );
        let meeting: Option<Meeting> = self
            .store()
            .read_db()
            .maybe(AssertSqlSafe(sql), args![id])
            .await?;
        let meeting = meeting.ok_or(Error::NotFound)?;
        if let Some(plan) = meeting.plan_id {
            let seen = self.plan_seen(viewer, plan, asked, None).await?;
            return Ok(MeetingSeen {
                meeting,
                plan: Some(seen.plan),
                child: seen.child,
                children: seen.children,
            });
        }
        let family = self
            .gate()
            .family(viewer, meeting.family_id, asked)
            .await?
            .ok_or(Error::NotFound)?;
        let mut children: Vec<Person> = family
            .members
            .iter()
            .map(|(_, p)| p)
            .filter(|p| p.kind != PersonKind::Adult)
            .cloned()
            .collect();
        children.sort_by_key(|c| (c.born_on.is_none(), c.born_on, c.id));
        let first = children.first().ok_or(Error::NotFound)?.id;
        let child = self
            .gate()
            .person(viewer, first, asked)
            .await?
            .ok_or(Error::NotFound)?;
        Ok(MeetingSeen {
            meeting,
            plan: None,
            child,
            children,
        })
    }

    /// A meeting that this viewer is about to change.
    pub(crate) async fn meeting_to_change(
        &self,
        viewer: &Viewer,
        id: Id<ids::Meeting>,
        page: &str,
    ) -> Result<MeetingSeen> {
        let seen = self.meeting_seen(viewer, id, Asked::to_write(page)).await?;
        may_record(viewer)?;
        Ok(seen)
    }

    /// The page of a meeting.
    pub async fn meeting(&self, viewer: &Viewer, id: Id<ids::Meeting>) -> Result<MeetingView> {
        let seen = self
            .meeting_seen(viewer, id, Asked::to_read("meeting"))
            .await?;
        let known = self.family_known(viewer, seen.meeting.family_id).await?;
        Ok(MeetingView {
            kind: self.label("meeting-kinds", &seen.meeting.kind),
            when: when_words(seen.meeting.held_at),
            state: meeting_words(seen.meeting.state),
            people: self.people_of(id).await?,
            interpreter_for: match prompts(&seen.meeting) {
                true => languages(&known),
                false => Vec::new(),
            },
            plan_open: seen
                .plan
                .as_ref()
                .is_some_and(|p| p.state == PlanState::Open),
            seen,
        })
    }

    pub(crate) async fn people_of(&self, id: Id<ids::Meeting>) -> Result<Vec<MeetingPerson>> {
        let sql = format!(
            "select {} from meeting_person where meeting_id = $1 order by id",
            MeetingPerson::COLUMNS.join(", ")
        );
        Ok(self
            .store()
            .read_db()
            .all(AssertSqlSafe(sql), args![id])
            .await?)
    }
}

/// Whether a meeting still asks for its interpreter: until one is booked, or
/// declined with a reason (R000-05).
fn prompts(meeting: &Meeting) -> bool {
    let settled = |words: &str| words == "booked" || words.starts_with("declined");
    meeting.state == MeetingState::Planned && !meeting.interpreter.as_deref().is_some_and(settled)
}

/// "Arabic, for Layla Haddad", for each who needs one.
pub fn languages(known: &[Known]) -> Vec<String> {
    known
        .iter()
        .filter_map(|k| {
            let language = k.interpreter.as_ref()?;
            Some(format!("{language}, for {}", k.name))
        })
        .collect()
}

fn may_record(viewer: &Viewer) -> Result<()> {
    if viewer.can("meeting.record") {
        return Ok(());
    }
    Err(Error::Refused(
        "Your post does not record meetings. Ask the child’s worker to do it.".into(),
    ))
}
