//! Referrals to services of the directory: from a plan in two clicks
//! (R001-28), answered with yes, no or a wait, until it is known whether the
//! family got help (R002-34); and needs for which there is no service (R002-16).
//!
//! A referral is an action of its plan, whose owner is the service. The first
//! day on which anybody was asked stays with it, whoever gives the service
//! later (R002-26).

pub(crate) mod answer;
pub mod board;
pub mod choose;
mod handover;
pub(crate) mod letters;
pub mod links;
pub mod provider;
pub mod standing;
pub mod whom;

use record::model::{Action, ActionState, ActionUpdate, ServiceReferral};
use record::{Asked, Tx, Viewer, args};
use vocabulary::{Id, ids};

use self::whom::whom;
use crate::clocks::About;
use crate::plans::PlanSeen;
use crate::plans::actions::settle;
use crate::{Casework, Error, Result, plans};

/// What the clocks of a referral say that they are about.
pub(crate) const KIND: &str = "service_referral";

/// The pages of one form each about a referral.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReferralForm {
    /// What the service said.
    Answer,
    /// Another service takes it over.
    Move,
    /// Whether the family got help.
    Result,
}

impl ReferralForm {
    /// Every page, in the order in which they are offered.
    pub const ALL: [ReferralForm; 3] = [
        ReferralForm::Answer,
        ReferralForm::Move,
        ReferralForm::Result,
    ];

    /// Those that make sense where it stands now.
    fn open(place: &standing::Standing) -> Vec<ReferralForm> {
        let fits = |form: &ReferralForm| match form {
            ReferralForm::Answer => !place.may_follow().is_empty(),
            ReferralForm::Move => place.waits(),
            ReferralForm::Result => true,
        };
        ReferralForm::ALL.into_iter().filter(fits).collect()
    }

    /// The last part of its address.
    pub fn word(self) -> &'static str {
        match self {
            ReferralForm::Answer => "answer",
            ReferralForm::Move => "move",
            ReferralForm::Result => "result",
        }
    }

    /// The pack's form.
    pub fn form(self) -> &'static str {
        match self {
            ReferralForm::Answer => "service-answer",
            ReferralForm::Move => "service-move",
            ReferralForm::Result => "service-result",
        }
    }

    /// The words of the link that leads there.
    pub fn link(self) -> &'static str {
        match self {
            ReferralForm::Answer => "What the service said",
            ReferralForm::Move => "Another service takes it over",
            ReferralForm::Result => "Did the family get help?",
        }
    }
}

/// A referral on a plan that the viewer may see.
#[derive(Debug, Clone)]
pub struct ReferralSeen {
    /// The plan and its children.
    pub plan: PlanSeen,
    /// The row.
    pub row: ServiceReferral,
}

impl ReferralSeen {
    /// The first name of the child it is for.
    pub fn child(&self) -> String {
        let found = self.plan.child_with(self.row.person_id.as_str());
        found.unwrap_or(&self.plan.child).first_name()
    }
}

/// The page of a referral.
pub fn path(id: Id<ids::ServiceReferral>) -> String {
    format!("/service-referrals/{id}")
}

/// Whether nothing more is to be found out about it.
pub fn is_settled(row: &ServiceReferral) -> bool {
    row.result.is_some()
}

impl Casework {
    /// A referral behind the gate of its plan.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is none for this viewer.
    pub async fn service_referral(
        &self,
        viewer: &Viewer,
        id: Id<ids::ServiceReferral>,
        asked: Asked<'_>,
    ) -> Result<ReferralSeen> {
        let rows: Vec<ServiceReferral> = self.rows_of("id = $1", args![id]).await?;
        let row = rows.into_iter().next().ok_or(Error::NotFound)?;
        let child = Some(row.person_id);
        let plan = self.plan_seen(viewer, row.plan_id, asked, child).await?;
        Ok(ReferralSeen { plan, row })
    }

    /// A referral that this viewer is about to change. A plan that ended does
    /// not stop it: what came of a referral is often known only later.
    async fn referral_to_change(
        &self,
        viewer: &Viewer,
        id: Id<ids::ServiceReferral>,
        page: &str,
    ) -> Result<ReferralSeen> {
        let seen = self
            .service_referral(viewer, id, Asked::to_write(page))
            .await?;
        if !viewer.can("case.record") {
            let why =
                "Only those who work with the child write here. Ask the child’s worker to add it.";
            return Err(Error::Refused(why.into()));
        }
        Ok(seen)
    }
}

/// Who says something on a plan about a referral.
pub(crate) struct Speaker {
    name: String,
    worker: Option<Id<ids::Worker>>,
}

impl Speaker {
    fn of(viewer: &Viewer) -> Speaker {
        Speaker {
            name: viewer.name.clone(),
            worker: Some(viewer.principal.worker),
        }
    }

    fn service(name: &str) -> Speaker {
        Speaker {
            name: name.to_owned(),
            worker: None,
        }
    }
}

/// Says on the plan where the action of a referral stands now.
async fn tell_plan(
    tx: &mut Tx,
    by: &Speaker,
    row: &ServiceReferral,
    state: ActionState,
    words: &str,
) -> Result<()> {
    let mut action: Action = tx.get(row.action_id).await?;
    if action.state != state {
        settle(tx, &mut action, state).await?;
    }
    let update = ActionUpdate {
        id: Id::new(),
        action_id: row.action_id,
        family_id: row.family_id,
        state,
        words: words.to_owned(),
        said_by: by.name.clone(),
        worker_id: by.worker,
        link_id: None,
        said_at: tx.now(),
        version: 1,
    };
    Ok(tx.insert(&update).await?)
}

fn about(seen: &PlanSeen, row: &ServiceReferral) -> About {
    About {
        kind: KIND,
        id: row.id.to_string(),
        path: path(row.id),
        ..plans::about(&seen.plan, row.person_id)
    }
}
