//! Moving a family's work to another locality team. It needs a reason, and the
//! number of moves stands on the page: a change of status moves nobody (R003-09).

use packs::{Finding, Severity};
use record::model::{Clock, Decision, Involvement, Step, Team};
use record::submissions::Once;
use record::{Asked, AssertSqlSafe, Entity, Tx, Viewer, args};
use serde_json::json;
use vocabulary::{Id, ids};

use super::allocate::of_family;
use crate::{Casework, Error, Result};

/// Where it goes, and why.
#[derive(Debug, Clone)]
pub struct Transfer {
    /// The family.
    pub family: Id<ids::Family>,
    /// The other team; nothing when none was chosen.
    pub team: Option<Id<ids::Team>>,
    /// Why.
    pub reason: String,
    /// The form's token.
    pub once: String,
}

impl Casework {
    /// Passes a family that has no worker yet to another locality team. One
    /// that has a worker is handed over by the other team's manager choosing
    /// a worker, with the same reason and a visit together.
    pub async fn transfer(&self, viewer: &Viewer, wanted: &Transfer) -> Result<()> {
        let picker = self.picker(viewer, wanted.family).await?;
        let seen = self
            .gate()
            .family(viewer, wanted.family, Asked::to_write("transfer"))
            .await?
            .ok_or(Error::NotFound)?;
        let allowed = |id| picker.other_teams.iter().any(|(team, _)| *team == id);
        let mut findings = Vec::new();
        let mut stop = |field: &str, message: &str| {
            findings.push(Finding {
                field: field.into(),
                label: String::new(),
                message: message.into(),
                severity: Severity::Stop,
            });
        };
        if wanted.team.is_none_or(|team| !allowed(team)) {
            stop("team", "Choose the team that the work goes to");
        }
        if wanted.reason.trim().is_empty() {
            stop("transfer_reason", "Write why another team should have it");
        }
        let team = match wanted.team.filter(|_| findings.is_empty()) {
            Some(team) => self.team(team).await?.ok_or(Error::NotFound)?,
            None => return Err(Error::Findings(findings)),
        };
        let mut tx = self.store().begin(&viewer.actor()).await?;
        if let Once::Again { location } = tx.once(&wanted.once, "/team").await? {
            return Err(Error::Already(location));
        }
        tx.because_of(wanted.reason.trim());
        for child in &picker.children {
            if seen.has(child.id) {
                self.move_child(&mut tx, viewer, child.id, &team, &wanted.reason)
                    .await?;
            }
        }
        let steps: Vec<Step> = of_family(
            &mut tx,
            "worker_id is null and state = $2",
            wanted.family,
            "open",
        )
        .await?;
        for step in steps {
            self.assign_step(&mut tx, step.id, Some(team.id), None)
                .await?;
        }
        let clocks: Vec<Clock> = of_family(
            &mut tx,
            "worker_id is null and team_id <> $2 and done_at is null",
            wanted.family,
            team.id,
        )
        .await?;
        for mut clock in clocks {
            clock.team_id = Some(team.id);
            tx.update(&mut clock).await?;
        }
        let now = tx.now();
        tx.insert(&Decision {
            id: Id::new(),
            kind: "transfer".into(),
            contact_id: None,
            family_id: Some(wanted.family),
            person_id: None,
            step_id: None,
            level: None,
            indicators: json!([]),
            outcome: "transferred".into(),
            rationale: wanted.reason.trim().to_owned(),
            considered: None,
            alternatives: None,
            child_words: None,
            guide_version: None,
            form: None,
            form_version: None,
            answers: json!({ "from": picker.team_id, "to": team.id }),
            decided_by: viewer.principal.worker,
            decided_at: now,
            version: 1,
        })
        .await?;
        tx.commit().await?;
        Ok(())
    }

    async fn move_child(
        &self,
        tx: &mut Tx,
        viewer: &Viewer,
        child: Id<ids::Person>,
        team: &Team,
        reason: &str,
    ) -> Result<()> {
        let sql = format!(
            "select {} from involvement where person_id = $1 and worker_id is null \
             and team_id is not null and (ended_on is null or ended_on > $2)",
            Involvement::COLUMNS.join(", ")
        );
        let held: Vec<Involvement> = tx
            .all(AssertSqlSafe(sql), args![child, viewer.today])
            .await?;
        for mut row in held {
            row.ended_on = Some(viewer.today);
            row.change_reason = Some(reason.trim().to_owned());
            tx.update(&mut row).await?;
        }
        tx.insert(&team_holds(child, team, viewer.today)).await?;
        Ok(())
    }
}

/// A team that has a child's work before it has a worker.
pub(super) fn team_holds(
    child: Id<ids::Person>,
    team: &Team,
    today: chrono::NaiveDate,
) -> Involvement {
    Involvement {
        id: Id::new(),
        person_id: child,
        worker_id: None,
        team_id: Some(team.id),
        role: "other".into(),
        name: format!("{} team", team.name),
        job_title: "Team".into(),
        agency: "social_care".into(),
        phone: team.phone.clone(),
        email: team.email.clone(),
        lead: false,
        sensitive: false,
        started_on: today,
        ended_on: None,
        change_reason: None,
        version: 1,
    }
}
