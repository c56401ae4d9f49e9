//! Early help: started by any partner in minutes, with consent; strengths
//! first; one lead practitioner, a team around the family and one plan; up to
//! social care and down from it without anybody telling it all again.
//!
//! Steps, forms, clocks and the meeting stand in the pack. Here is what no file
//! can say: what holds a period of early help together, who leads, what consent
//! opens and closes, and what goes with a family that steps up or down.

pub mod begin;
pub mod board;
pub mod consent;
pub mod end;
pub mod plan;
pub mod start;
pub mod step_up;
pub mod team;
pub mod view;

use packs::Answers;
use record::model::{EarlyHelp, EarlyHelpState, Person};
use record::{Asked, AssertSqlSafe, Guarded, Tx, Viewer, args};
use vocabulary::{Id, ids, plain};

use crate::clocks::About;
use crate::plans::columns;
use crate::{Casework, Error, Result};

/// The kind of plan, which is also the child's status and the kind of team.
pub(crate) const KIND: &str = "early_help";
/// The step that is the assessment.
pub(crate) const ASSESSMENT: &str = "early-help-assessment";
/// What opens the work of early help: a capability of the pack's roles.
pub const CAPABILITY: &str = "early_help.work";

/// A period of early help whose children the viewer may all see.
#[derive(Debug, Clone)]
pub struct HelpSeen {
    /// The period.
    pub help: EarlyHelp,
    /// The child on whose page it is shown.
    pub child: Guarded<Person>,
    /// All its children, the oldest first.
    pub children: Vec<Person>,
}

impl HelpSeen {
    /// "Maya and Idris".
    pub fn names(&self) -> String {
        let names: Vec<String> = self.children.iter().map(Person::first_name).collect();
        plain::list(&names)
    }

    /// Whether it goes on.
    pub fn is_open(&self) -> bool {
        self.help.state == EarlyHelpState::Open
    }

    /// Its children's ids.
    pub(crate) fn ids(&self) -> Vec<Id<ids::Person>> {
        self.children.iter().map(|c| c.id).collect()
    }
}

#[derive(sqlx::FromRow)]
struct HelpFor {
    #[sqlx(flatten)]
    help: EarlyHelp,
    subject: Id<ids::Person>,
}

impl Casework {
    /// A period of early help behind the gate.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is none, or one of its children is not for
    /// this viewer.
    pub async fn early_help_seen(
        &self,
        viewer: &Viewer,
        id: Id<ids::Part>,
        asked: Asked<'_>,
    ) -> Result<HelpSeen> {
        let sql = format!(
            "select {}, c.person_id as subject from early_help h \
             join early_help_child c on c.early_help_id = h.id where h.id = $1 order by c.id",
            columns::<EarlyHelp>("h")
        );
        let db = self.store().read_db();
        let rows: Vec<HelpFor> = db.all(AssertSqlSafe(sql), args![id]).await?;
        let subjects: Vec<Id<ids::Person>> = rows.iter().map(|r| r.subject).collect();
        let help = rows.into_iter().next().ok_or(Error::NotFound)?.help;
        let child = self
            .gate()
            .person(viewer, subjects[0], asked)
            .await?
            .ok_or(Error::NotFound)?;
        let mut children = vec![(*child).clone()];
        if subjects.len() > 1 {
            let (condition, mut values) = self.gate().may_see(viewer, asked, "p.id", 3);
            let sql = format!(
                "select {} from person p join early_help_child c on c.person_id = p.id \
                 where c.early_help_id = $1 and p.id <> $2 and {condition}",
                columns::<Person>("p")
            );
            let mut all = args![id, subjects[0]];
            all.append(&mut values);
            let others: Vec<Person> = db.all(AssertSqlSafe(sql), all).await?;
            let listed = self
                .gate()
                .listed(viewer, asked.page, others, |p| {
                    vec![format!("person:{}", p.id)]
                })
                .await?;
            children.extend(listed);
        }
        if children.len() != subjects.len() {
            return Err(Error::NotFound);
        }
        children.sort_by_key(|c| (c.born_on.is_none(), c.born_on, c.id));
        Ok(HelpSeen {
            help,
            child,
            children,
        })
    }

    /// The same, about to be changed.
    ///
    /// # Errors
    /// As [`Casework::early_help_seen`]; [`Error::Refused`] if the viewer only
    /// reads, or it has ended.
    pub async fn early_help_to_change(
        &self,
        viewer: &Viewer,
        id: Id<ids::Part>,
        page: &str,
    ) -> Result<HelpSeen> {
        let seen = self
            .early_help_seen(viewer, id, Asked::to_write(page))
            .await?;
        if !viewer.can("case.record") {
            return Err(Error::Refused(
                "Only those who work with the family write here. Ask the lead practitioner to add it.".into(),
            ));
        }
        if !seen.is_open() {
            return Err(Error::Refused(
                "This early help has ended, and what it says stays as it was. Start early help again from the child’s page: it takes a minute.".into(),
            ));
        }
        Ok(seen)
    }
}

/// What the clocks of a period of early help are about.
pub(crate) fn about(help: &EarlyHelp, child: Id<ids::Person>) -> About {
    About {
        kind: "early_help",
        id: help.id.to_string(),
        person: Some(child),
        family: Some(help.family_id),
        contact: None,
        team: help.team_id,
        worker: None,
        path: path(help.id),
    }
}

/// The page of a period of early help.
pub fn path(id: Id<ids::Part>) -> String {
    format!("/early-help/{id}")
}

/// The children of a period of early help, inside a transaction.
pub(crate) async fn children_in(tx: &mut Tx, help: Id<ids::Part>) -> Result<Vec<Id<ids::Person>>> {
    #[derive(sqlx::FromRow)]
    struct Child {
        person_id: Id<ids::Person>,
    }
    let rows: Vec<Child> = tx
        .all(
            "select person_id from early_help_child where early_help_id = $1 order by id",
            args![help],
        )
        .await?;
    Ok(rows.into_iter().map(|r| r.person_id).collect())
}

/// An answer as text, nothing if it is empty.
pub(crate) fn given(answers: &Answers, name: &str) -> Option<String> {
    crate::plans::some(answers.text(name))
}

/// What a family said about consent, in words.
pub fn consent_words(said: &str) -> &'static str {
    match said {
        "given" => "The family agrees",
        "refused" => "The family does not agree",
        "withdrawn" => "The family took its consent back",
        _ => "The family has not said yet",
    }
}

/// The statuses of a child with whom social care works now.
const SOCIAL_CARE: [&str; 6] = [
    "referral",
    "assessment",
    "child_in_need",
    "protection_plan",
    "in_care",
    "care_leaver",
];

/// Whether social care works with a child of this status.
pub fn with_social_care(status: Option<&str>) -> bool {
    status.is_some_and(|status| SOCIAL_CARE.contains(&status))
}
