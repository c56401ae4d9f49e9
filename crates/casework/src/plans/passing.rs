//! One plan gives way to the next: from child in need to protection, to care,
//! to a pathway plan, and back. It stays the same goal, with its actions and
//! with what came of it so far (R001-30); nobody copies anything.

use chrono::{DateTime, Utc};
use record::model::{Action, Goal, Plan, PlanState, PlanSubject};
use record::{AssertSqlSafe, Entity, Tx, args};
use vocabulary::{Id, ids, plain};

use super::{about, case, columns, kind_words, subjects};
use crate::{Casework, Result, clocks, time};

/// The plans that give way to any other kind of plan.
pub(crate) const IN_NEED: [&str; 2] = ["child_in_need", "early_help"];

impl Casework {
    /// The open plans of these kinds that these children have give way to
    /// `next`: their goals go on in it. A plan that also serves a brother or
    /// sister who is not among them stays open for them, with its goals.
    pub(crate) async fn plans_give_way(
        &self,
        tx: &mut Tx,
        next: &Plan,
        children: &[Id<ids::Person>],
        kinds: &[&str],
        at: DateTime<Utc>,
    ) -> Result<()> {
        let sql = format!(
            "select {} from plan p join plan_subject s on s.plan_id = p.id \
             where s.person_id = $1 and p.state = 'open' and p.id <> $2 order by p.id",
            columns::<Plan>("p")
        );
        let mut seen: Vec<Id<ids::Plan>> = Vec::new();
        for child in children {
            let values = args![*child, next.id];
            let open: Vec<Plan> = tx.all(AssertSqlSafe(sql.clone()), values).await?;
            for mut before in open {
                let theirs = subjects(tx, before.id).await?;
                let gives_way = kinds.contains(&before.kind.as_str())
                    && !seen.contains(&before.id)
                    && theirs.iter().all(|c| children.contains(c));
                if !gives_way {
                    continue;
                }
                seen.push(before.id);
                move_goals(tx, &before, next, at).await?;
                clocks::stop_all(tx, at, "plan", before.id.as_str()).await?;
                clocks::stop_of(tx, self.pack(), "plan.closed", at, &theirs).await?;
                before.state = PlanState::Closed;
                before.ended_on = Some(time::local(at).date());
                before.end_reason = Some(next.kind.clone());
                tx.update(&mut before).await?;
                self.early_help_overtaken(tx, before.id, at).await?;
            }
        }
        Ok(())
    }

    /// A child in need plan for these children takes over from a plan that has
    /// ended, with its goals and its clocks.
    pub(crate) async fn go_on_in_need(
        &self,
        tx: &mut Tx,
        before: &Plan,
        children: &[Id<ids::Person>],
        at: DateTime<Utc>,
    ) -> Result<()> {
        let next = Plan {
            id: Id::new(),
            kind: "child_in_need".into(),
            state: PlanState::Open,
            started_on: time::local(at).date(),
            ended_on: None,
            end_reason: None,
            different: None,
            version: 1,
            ..before.clone()
        };
        tx.insert(&next).await?;
        for child in children {
            tx.insert(&PlanSubject {
                id: Id::new(),
                plan_id: next.id,
                person_id: *child,
                version: 1,
            })
            .await?;
        }
        if before.state == PlanState::Closed {
            move_goals(tx, before, &next, at).await?;
        }
        let about = about(&next, children[0]);
        clocks::start_where(tx, self.pack(), "plan.started", at, &about, &case(&next)).await
    }
}

/// Goals that are being worked on go on in the next plan: the same goal, with
/// what came of it so far. The actions that are not settled go along.
pub(crate) async fn move_goals(
    tx: &mut Tx,
    before: &Plan,
    next: &Plan,
    at: DateTime<Utc>,
) -> Result<()> {
    let sql = format!(
        "select {} from goal where plan_id = $1 and state = 'working' order by id",
        Goal::COLUMNS.join(", ")
    );
    let goals: Vec<Goal> = tx.all(AssertSqlSafe(sql), args![before.id]).await?;
    for mut goal in goals {
        let words = format!(
            "Since {} in the {}",
            plain::date(time::local(at).date()),
            kind_words(&next.kind).to_lowercase()
        );
        goal.result = Some(match goal.result.take() {
            Some(earlier) => format!("{earlier}. {words}"),
            None => words,
        });
        goal.plan_id = next.id;
        tx.update(&mut goal).await?;
    }
    // Whoever promised something goes on with it, under a goal or not.
    let sql = format!(
        "select {} from action where plan_id = $1 and state in ('to_do', 'under_way') order by id",
        Action::COLUMNS.join(", ")
    );
    let open: Vec<Action> = tx.all(AssertSqlSafe(sql), args![before.id]).await?;
    for mut action in open {
        action.plan_id = next.id;
        tx.update(&mut action).await?;
    }
    Ok(())
}
