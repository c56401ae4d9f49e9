//! A plan as its page shows it: goals with the child's own words beside ours,
//! actions with their latest answer, what is late by agency, what comes next.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use record::model::{Action, Clock, Decision, Goal, GoalState, Meeting, MeetingState, Plan};
use record::{Asked, AssertSqlSafe, Entity, Guarded, Viewer, args};
use vocabulary::{Id, ids, plain};

pub use super::words::{due_words, goal_words, is_open, meeting_words, state_words, when_words};
use super::{PlanSeen, columns, kind_words};
use crate::clocks::ClockView;
use crate::{Casework, Error, Result, time};

/// Everything on the page of a plan.
#[derive(Debug, Clone)]
pub struct PlanView {
    /// The plan and its children.
    pub seen: PlanSeen,
    /// "Child in need plan".
    pub title: String,
    /// The goals in the order they were set, with their actions.
    pub goals: Vec<GoalView>,
    /// Actions that serve no single goal.
    pub other_actions: Vec<ActionView>,
    /// What is open and late, by agency, the most late first (R003-26).
    pub agencies: Vec<AgencyLine>,
    /// The clocks that run.
    pub clocks: Vec<ClockView>,
    /// The meetings, the latest first.
    pub meetings: Vec<MeetingLine>,
    /// The decisions about this plan, such as why it began, newest first.
    pub decisions: Vec<Decision>,
    /// What the family asked, and what was agreed, the unanswered first.
    pub asks: Vec<super::asks::AskView>,
}

/// A goal on the page.
#[derive(Debug, Clone)]
pub struct GoalView {
    /// The goal.
    pub goal: Goal,
    /// The child's first name, if it is one child's.
    pub child: Option<String>,
    /// "Being worked on".
    pub state: &'static str,
    /// Its actions.
    pub actions: Vec<ActionView>,
}

/// An action on the page.
#[derive(Debug, Clone)]
pub struct ActionView {
    /// The action.
    pub action: Action,
    /// The agency's name.
    pub agency: String,
    /// on-time, due-soon, due-today, late or done, for the colour.
    pub clock: &'static str,
    /// "4 December 2026, in 12 days".
    pub due: String,
    /// "To do".
    pub state: &'static str,
    /// What was said last.
    pub latest: Option<Said>,
    /// "Asked Rosa Mbeki on 3 March 2026: no answer yet".
    pub asked: Option<String>,
}

/// What someone said about an action.
#[derive(Debug, Clone)]
pub struct Said {
    /// In words; may be empty.
    pub words: String,
    /// Who, and how if by a link.
    pub by: String,
    /// "3 March 2026 at 2:05pm".
    pub at: String,
    /// By a partner through a link.
    pub partner: bool,
}

/// One agency's share of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgencyLine {
    /// The agency's name.
    pub agency: String,
    /// Actions not settled.
    pub open: usize,
    /// Of them, late.
    pub late: usize,
}

/// A meeting in a list.
#[derive(Debug, Clone)]
pub struct MeetingLine {
    /// The meeting.
    pub id: Id<ids::Meeting>,
    /// "Child in need review".
    pub kind: String,
    /// "Monday 3 March 2026 at 2pm".
    pub when: String,
    /// "Planned", "Held", "Called off".
    pub state: &'static str,
    /// Still to come.
    pub planned: bool,
    /// What was decided.
    pub decision: Option<String>,
}

/// A plan in the list of a child's plans.
#[derive(Debug, Clone)]
pub struct PlanLine {
    /// The plan.
    pub id: Id<ids::Plan>,
    /// "Child in need plan".
    pub title: String,
    /// Whether it is worked on.
    pub open: bool,
    /// "Since 3 March 2026", "3 March to 4 June 2026".
    pub when: String,
    /// What it is for.
    pub summary: Option<String>,
    /// What was different at its end.
    pub different: Option<String>,
}

/// A child's plans.
#[derive(Debug, Clone)]
pub struct ChildPlans {
    /// The child.
    pub child: Guarded<record::model::Person>,
    /// Their plans, open ones first, then the latest.
    pub plans: Vec<PlanLine>,
    /// An authorised assessment that asks for a plan: its step and its day.
    pub assessment: Option<(Id<ids::Step>, NaiveDate)>,
}

#[derive(sqlx::FromRow)]
struct ActionRow {
    #[sqlx(flatten)]
    action: Action,
    said_words: Option<String>,
    said_by: Option<String>,
    said_at: Option<DateTime<Utc>>,
    said_link: Option<String>,
    asked_of: Option<String>,
    asked_at: Option<DateTime<Utc>>,
}

impl PlanView {
    /// The goals being worked on, for choosing which one an action serves.
    pub fn goal_names(&self) -> Vec<(String, String)> {
        working_names(self.goals.iter().map(|g| &g.goal))
    }
}

/// Id and short name of the goals being worked on.
fn working_names<'a>(goals: impl Iterator<Item = &'a Goal>) -> Vec<(String, String)> {
    goals
        .filter(|g| g.state == GoalState::Working)
        .map(|g| (g.id.to_string(), super::goals::short(&g.wording)))
        .collect()
}

impl Casework {
    /// The goals of a plan that are being worked on: id and short name.
    pub async fn goal_names(&self, seen: &PlanSeen) -> Result<Vec<(String, String)>> {
        Ok(working_names(self.goals_of(&seen.plan).await?.iter()))
    }

    /// A child's plans, open and past.
    pub async fn plans_of(&self, viewer: &Viewer, child: Id<ids::Person>) -> Result<ChildPlans> {
        let child = self
            .gate()
            .person(viewer, child, Asked::to_read("plan"))
            .await?
            .ok_or(Error::NotFound)?;
        let sql = format!(
            "select {} from plan p join plan_subject s on s.plan_id = p.id \
             where s.person_id = $1 order by p.state desc, p.started_on desc",
            columns::<Plan>("p")
        );
        let plans: Vec<Plan> = self
            .store()
            .read_db()
            .all(AssertSqlSafe(sql), args![child.id])
            .await?;
        let assessment = self.plan_assessment(child.id).await?;
        Ok(ChildPlans {
            child,
            plans: plans.into_iter().map(plan_line).collect(),
            assessment,
        })
    }

    /// The latest authorised assessment of a child whose outcome is a plan.
    pub(crate) async fn plan_assessment(
        &self,
        child: Id<ids::Person>,
    ) -> Result<Option<(Id<ids::Step>, NaiveDate)>> {
        #[derive(sqlx::FromRow)]
        struct Found {
            id: Id<ids::Step>,
            settled_at: Option<DateTime<Utc>>,
            started_on: NaiveDate,
        }
        let found: Option<Found> = self
            .store()
            .read_db()
            .maybe(
                "select s.id, s.settled_at, s.started_on from step s \
                 join step_subject x on x.step_id = s.id where x.person_id = $1 \
                 and s.kind = 'child-and-family-assessment' and s.state = 'done' \
                 and s.outcome = 'plan' order by s.started_on desc, s.id desc limit 1",
                args![child],
            )
            .await?;
        Ok(found.map(|f| {
            let day = f.settled_at.map(|at| time::local(at).date());
            (f.id, day.unwrap_or(f.started_on))
        }))
    }

    /// The page of a plan.
    pub async fn plan(
        &self,
        viewer: &Viewer,
        id: Id<ids::Plan>,
        child: Option<Id<ids::Person>>,
    ) -> Result<PlanView> {
        let seen = self
            .plan_seen(viewer, id, Asked::to_read("plan"), child)
            .await?;
        let goals = self.goals_of(&seen.plan).await?;
        let mut actions = self.actions_of(seen.plan.id).await?;
        let agencies = by_agency(&actions);
        let mut views = Vec::new();
        for goal in goals {
            let (mine, rest) = actions
                .into_iter()
                .partition(|a: &ActionView| a.action.goal_id == Some(goal.id));
            actions = rest;
            views.push(GoalView {
                child: goal
                    .person_id
                    .and_then(|p| seen.child_with(p.as_str()))
                    .map(record::model::Person::first_name),
                state: goal_words(goal.state),
                actions: mine,
                goal,
            });
        }
        Ok(PlanView {
            title: kind_words(&seen.plan.kind),
            clocks: self.clocks_of_plan(&seen.plan).await?,
            meetings: self.meetings_of_plan(seen.plan.id).await?,
            decisions: self.decisions_of_plan(&seen.plan).await?,
            goals: views,
            other_actions: actions,
            agencies,
            asks: self.asks_of(id).await?,
            seen,
        })
    }

    /// A plan's goals; of a plan that has ended also those that went on in a
    /// later one and were worked on here.
    pub(crate) async fn goals_of(&self, plan: &Plan) -> Result<Vec<Goal>> {
        let sql = format!(
            "select {} from goal where plan_id = $1 \
             or id in (select goal_id from action where plan_id = $1) order by set_on, id",
            Goal::COLUMNS.join(", ")
        );
        Ok(self
            .store()
            .read_db()
            .all(AssertSqlSafe(sql), args![plan.id])
            .await?)
    }

    pub(crate) async fn actions_of(&self, plan: Id<ids::Plan>) -> Result<Vec<ActionView>> {
        let sql = format!(
            "select {}, u.words as said_words, u.said_by, u.said_at, u.link_id as said_link, \
             l.sent_to as asked_of, l.made_at as asked_at from action a \
             left join action_update u on u.id = (select x.id from action_update x \
               where x.action_id = a.id order by x.said_at desc, x.id desc limit 1) \
             left join action_link l on l.id = (select y.id from action_link y \
               where y.action_id = a.id and y.used_at is null and y.withdrawn_at is null \
               and y.ends_at > $2 order by y.made_at desc limit 1) \
             where a.plan_id = $1 order by a.due_on, a.id",
            columns::<Action>("a")
        );
        let rows: Vec<ActionRow> = self
            .store()
            .read_db()
            .all(AssertSqlSafe(sql), args![plan, Utc::now()])
            .await?;
        Ok(rows.into_iter().map(|row| self.action_view(row)).collect())
    }

    fn action_view(&self, row: ActionRow) -> ActionView {
        let latest = match (row.said_by, row.said_at) {
            (Some(by), Some(at)) => Some(said(row.said_words, by, at, row.said_link.is_some())),
            _ => None,
        };
        let asked = match (row.asked_of, row.asked_at) {
            (Some(to), Some(at)) => Some(format!(
                "Asked {to} on {}: no answer yet",
                plain::date(time::local(at).date())
            )),
            _ => None,
        };
        self.view_of(row.action, latest, asked)
    }

    /// An action in words.
    pub(crate) fn view_of(
        &self,
        action: Action,
        latest: Option<Said>,
        asked: Option<String>,
    ) -> ActionView {
        let (clock, due) = due_words(&action);
        ActionView {
            agency: self.label("agencies", &action.agency),
            clock,
            due,
            state: state_words(action.state),
            latest,
            asked,
            action,
        }
    }

    async fn clocks_of_plan(&self, plan: &Plan) -> Result<Vec<ClockView>> {
        let sql = format!(
            "select {} from clock where done_at is null and ((about_kind = 'plan' and about_id = $1) \
             or (about_kind = 'step' and about_id = $2 and rule = 'first-child-in-need-meeting')) \
             order by due_at",
            Clock::COLUMNS.join(", ")
        );
        let step = plan.step_id.map(|s| s.to_string()).unwrap_or_default();
        let clocks: Vec<Clock> = self
            .store()
            .read_db()
            .all(AssertSqlSafe(sql), args![plan.id, step])
            .await?;
        Ok(clocks
            .iter()
            .map(|c| ClockView::of(c, self.pack()))
            .collect())
    }

    async fn meetings_of_plan(&self, plan: Id<ids::Plan>) -> Result<Vec<MeetingLine>> {
        let sql = format!(
            "select {} from meeting where plan_id = $1 order by held_at desc",
            Meeting::COLUMNS.join(", ")
        );
        let meetings: Vec<Meeting> = self
            .store()
            .read_db()
            .all(AssertSqlSafe(sql), args![plan])
            .await?;
        Ok(meetings.into_iter().map(|m| self.meeting_line(m)).collect())
    }

    fn meeting_line(&self, meeting: Meeting) -> MeetingLine {
        MeetingLine {
            id: meeting.id,
            kind: self.label("meeting-kinds", &meeting.kind),
            when: when_words(meeting.held_at),
            state: meeting_words(meeting.state),
            planned: meeting.state == MeetingState::Planned,
            decision: meeting.decision,
        }
    }

    /// The decisions that name the plan: why it began, what reviews found, why
    /// it ended.
    async fn decisions_of_plan(&self, plan: &Plan) -> Result<Vec<Decision>> {
        let sql = format!(
            "select {} from decision where family_id = $1 \
             and kind in ('plan', 'closure', 'review') order by decided_at desc",
            Decision::COLUMNS.join(", ")
        );
        let all: Vec<Decision> = self
            .store()
            .read_db()
            .all(AssertSqlSafe(sql), args![plan.family_id])
            .await?;
        let mine =
            |d: &Decision| d.answers.get("plan").and_then(|p| p.as_str()) == Some(plan.id.as_str());
        Ok(all.into_iter().filter(mine).collect())
    }
}

fn plan_line(plan: Plan) -> PlanLine {
    let from = plain::date(plan.started_on);
    PlanLine {
        id: plan.id,
        title: kind_words(&plan.kind),
        open: plan.ended_on.is_none(),
        when: match plan.ended_on {
            None => format!("since {from}"),
            Some(to) => format!("{from} to {}", plain::date(to)),
        },
        summary: plan.summary,
        different: plan.different,
    }
}

pub(crate) fn said(words: Option<String>, by: String, at: DateTime<Utc>, partner: bool) -> Said {
    Said {
        words: words.unwrap_or_default(),
        by,
        at: plain::date_time(time::local(at)),
        partner,
    }
}

/// The shares of the agencies, those with something late first.
fn by_agency(actions: &[ActionView]) -> Vec<AgencyLine> {
    let mut by: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for view in actions {
        let (open, late) = by.entry(&view.agency).or_default();
        if is_open(view.action.state) {
            *open += 1;
            *late += usize::from(view.clock == "late");
        }
    }
    let mut lines: Vec<AgencyLine> = by
        .into_iter()
        .map(|(agency, (open, late))| AgencyLine {
            agency: agency.to_owned(),
            open,
            late,
        })
        .collect();
    lines.sort_by(|a, b| b.late.cmp(&a.late).then(b.open.cmp(&a.open)));
    lines
}
