//! What can happen to a family, as a loader replays it.
//!
//! Each [`Happening`] says when, by whom and what. Later ones refer to earlier
//! ones by their [`Key`]: a decision to its contact, an authorisation to its assessment.

use chrono::NaiveDate;
use serde::Serialize;

use crate::{Agency, At, Key, PersonNo};

/// One thing that happened, or is planned when `at` lies ahead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Happening {
    /// When it happened, in London time.
    pub at: At,
    /// Username of the worker who did or recorded it.
    pub by: String,
    /// What it was.
    pub what: What,
}

/// The kinds of happening.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum What {
    /// Somebody told the front door about the children.
    Contact(Contact),
    /// The threshold decision on a contact.
    Decision(Decision),
    /// The children became a referral.
    Referral(Referral),
    /// A worker was given the children.
    Allocated(Allocated),
    /// An assessment began; its text follows here whole, as it stands today.
    Assessment(Assessment),
    /// A manager's answer to work that was sent for authorisation.
    Authorisation(Authorisation),
    /// A strategy discussion (Children Act 1989, section 47).
    StrategyDiscussion(Meeting),
    /// A case note.
    Note(Note),
    /// A visit to the children.
    Visit(Visit),
    /// A plan was made, with its goals and actions as they stand today.
    Plan(Plan),
    /// A meeting held, or planned when it lies ahead.
    Meeting(Meeting),
    /// Children became subject to a child protection plan.
    ProtectionPlan(ProtectionPlan),
    /// A child came into care, or moved to another home while in care.
    Episode(Episode),
    /// The work with the family ended.
    Closed(Closed),
}

/// A contact at the front door.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Contact {
    /// Names it for later happenings.
    pub key: Key,
    /// The children it is about; empty when they are not yet identified.
    pub children: Vec<PersonNo>,
    /// Source code of the children in need census, such as `2A` for schools.
    pub source: &'static str,
    /// Agency of the caller.
    pub agency: Agency,
    /// Name and organisation of the caller.
    pub from: String,
    /// What the caller said.
    pub narrative: String,
    /// Somebody thinks a child may be in danger now.
    pub urgent: bool,
    /// The parents know of the contact, when that is known.
    pub parents_know: Option<bool>,
}

/// What was decided on a contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Outcome {
    InformationAndAdvice,
    EarlyHelp,
    Referral,
    OtherCouncil,
    ImmediateRisk,
}

/// A threshold decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Decision {
    /// The contact it answers.
    pub contact: Key,
    /// Level of need, 1 (universal) to 4 (specialist).
    pub level: u8,
    /// What follows.
    pub outcome: Outcome,
    /// What was seen that speaks for the level.
    pub indicators: Vec<&'static str>,
    /// Why.
    pub rationale: String,
    /// When the caller was told; `None` while that is owed.
    pub referrer_told: Option<At>,
}

/// A referral to children's social care.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Referral {
    /// The contact it came from.
    pub contact: Key,
    /// The children.
    pub children: Vec<PersonNo>,
    /// Source code of the census.
    pub source: &'static str,
    /// Primary need code of the census, such as `N1`.
    pub need: &'static str,
    /// An earlier referral started within the twelve months before.
    pub again_within_year: bool,
}

/// An allocation to a worker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Allocated {
    /// The children.
    pub children: Vec<PersonNo>,
    /// Username of the worker.
    pub worker: String,
    /// Team, by its id.
    pub team: &'static str,
    /// Why this worker.
    pub reason: &'static str,
}

/// Which part of an assessment a text belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Part {
    Summary,
    WhyNow,
    ChildsVoice,
    ChildsNeeds,
    Parenting,
    FamilyAndEnvironment,
    OtherParent,
    Strengths,
    Worries,
    GreyAreas,
    Analysis,
    NextSteps,
}

/// How far an assessment has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[allow(missing_docs, reason = "the names say it")]
pub enum WorkState {
    Draft,
    WaitingForManager,
    SentBack,
    Authorised,
}

/// A child and family assessment, or an early help assessment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Assessment {
    /// Names it for authorisations.
    pub key: Key,
    /// An early help assessment, not one under section 17.
    pub early_help: bool,
    /// The children.
    pub children: Vec<PersonNo>,
    /// Texts that are written so far, in the order of the form.
    pub parts: Vec<(Part, String)>,
    /// Factor codes of the census; empty until the end.
    pub factors: Vec<&'static str>,
    /// How far it has come.
    pub state: WorkState,
    /// When it was sent to the manager.
    pub sent: Option<At>,
    /// Why it is or was late, when it passed 45 working days.
    pub late_reason: Option<&'static str>,
}

/// A manager's answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Authorisation {
    /// The assessment or plan.
    pub of: Key,
    /// Authorised, or sent back.
    pub given: bool,
    /// The manager's words.
    pub comment: String,
}

/// A case note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Note {
    /// The children whose records hold it.
    pub children: Vec<PersonNo>,
    /// What kind: "Telephone call", "Email", "Case supervision" and the like.
    pub kind: &'static str,
    /// The text.
    pub text: String,
    /// A part that only one child's record may hold.
    pub only_for: Option<PersonNo>,
}

/// A visit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Visit {
    /// The children it was to.
    pub children: Vec<PersonNo>,
    /// Those who were seen.
    pub seen: Vec<PersonNo>,
    /// Those who were seen without a parent or carer.
    pub alone: Vec<PersonNo>,
    /// Where: "Home", "School", "Family centre".
    pub place: &'static str,
    /// The child's own words, or what was observed of a baby.
    pub words: String,
    /// What happened.
    pub text: String,
    /// What is next.
    pub next: String,
}

/// Which plan it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[allow(missing_docs, reason = "the names say it")]
pub enum PlanKind {
    EarlyHelp,
    ChildInNeed,
    Protection,
    Care,
    Pathway,
}

/// A plan as it stands today.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Plan {
    /// Names it for authorisations.
    pub key: Key,
    /// Which plan.
    pub kind: PlanKind,
    /// The children.
    pub children: Vec<PersonNo>,
    /// Goals with their actions.
    pub goals: Vec<Goal>,
}

/// What should be different.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Goal {
    /// In the family's words.
    pub text: String,
    /// What is done towards it.
    pub actions: Vec<Action>,
}

/// One action of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Action {
    /// Names it for answers.
    pub key: Key,
    /// What is to be done.
    pub what: String,
    /// Which agency.
    pub agency: Agency,
    /// Person or post who owns it.
    pub owner: String,
    /// By when.
    pub due: NaiveDate,
    /// How we will know.
    pub measure: String,
    /// When it was done; an open action with `due` behind us is late.
    pub done: Option<NaiveDate>,
    /// What came of it, or why it is late.
    pub progress: Option<String>,
}

/// How somebody took part in a meeting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Took {
    Invited,
    Came,
    SentViews,
    Apologies,
    Absent,
}

/// Somebody invited to a meeting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Attendee {
    /// Name, with the post for professionals.
    pub name: String,
    /// Agency; `Family` for the family itself.
    pub agency: Agency,
    /// How they took part.
    pub took: Took,
}

/// Which meeting it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[allow(missing_docs, reason = "the names say it")]
pub enum MeetingKind {
    Strategy,
    InitialConference,
    ReviewConference,
    CoreGroup,
    ChildInNeedReview,
    TeamAroundTheFamily,
    ReviewInCare,
    PathwayReview,
}

/// A meeting, held or planned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Meeting {
    /// Names it.
    pub key: Key,
    /// Which meeting.
    pub kind: MeetingKind,
    /// The children.
    pub children: Vec<PersonNo>,
    /// Who was invited and how they took part.
    pub people: Vec<Attendee>,
    /// What was said; empty while it is planned.
    pub summary: String,
    /// What was decided; empty while it is planned.
    pub decisions: String,
}

/// The start of a child protection plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ProtectionPlan {
    /// The children.
    pub children: Vec<PersonNo>,
    /// Category of abuse: `NEG`, `PHY`, `SAB`, `EMO` or `MUL`.
    pub category: &'static str,
}

/// An episode of care.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Episode {
    /// The child.
    pub child: PersonNo,
    /// Legal status code of the SSDA903 return, such as `C2`.
    pub legal_status: &'static str,
    /// Placement code of the return, such as `U6`.
    pub placement: &'static str,
    /// The home lies outside the borough.
    pub outside: bool,
    /// Whole miles from the home the child came from; `None` when there was none.
    pub miles: Option<u16>,
    /// First episode of this time in care, not a move.
    pub first: bool,
    /// The episode has ended (an earlier home, or the child has left care).
    pub ended: Option<NaiveDate>,
}

/// The end of the work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Closed {
    /// The children.
    pub children: Vec<PersonNo>,
    /// Closure code of the census, `RC1` to `RC9`; `None` for work that never was a referral.
    pub reason: Option<&'static str>,
    /// What is different for the children.
    pub different: String,
}
