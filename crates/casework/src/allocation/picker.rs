//! The picker: every worker of the team with children counted, work weighed,
//! and what both would become (R000-20, R004-42, UX12).

use chrono::NaiveDate;
use record::model::{Person, PersonKind, Step};
use record::{Asked, AssertSqlSafe, Entity, Value, Viewer, args};
use vocabulary::{Id, ids, plain};

use super::caseload::{Caseload, Held, points_words, weigh};
use crate::{Casework, Error, Result};

/// One worker to choose.
#[derive(Debug, Clone)]
pub struct Choice {
    /// Their caseload now.
    pub load: Caseload,
    /// Children if this family comes too.
    pub children_then: i64,
    /// Points if this family comes too.
    pub points_then: f64,
    /// The limit that it would pass, in words; it asks for a reason.
    pub over_then: Option<String>,
    /// They have it now.
    pub current: bool,
}

impl Choice {
    /// "9 children, 62 of 100 points. With Maya and Idris: 11 children, 74 points."
    pub fn words(&self) -> String {
        let limit = self
            .load
            .points_limit
            .map_or_else(String::new, |limit| format!(" of {}", points_words(limit)));
        format!(
            "{}, {}{limit} points. With this family: {}, {} points",
            plain::count(self.load.children(), "child", "children"),
            points_words(self.load.points),
            plain::count(self.children_then, "child", "children"),
            points_words(self.points_then),
        )
    }
}

/// Everything the page needs.
#[derive(Debug, Clone)]
pub struct Picker {
    /// The family.
    pub family: Id<ids::Family>,
    /// Its name.
    pub family_name: String,
    /// The children whom the work is about, eldest first.
    pub children: Vec<Person>,
    /// Who has them now, by name; empty when nobody has.
    pub now: Vec<String>,
    /// How many workers they have had in the last 12 months.
    pub workers_in_year: i64,
    /// The team that has the work, by name.
    pub team: Option<String>,
    /// That team.
    pub team_id: Option<Id<ids::Team>>,
    /// The referral that waits, with the day it was made.
    pub referred_on: Option<NaiveDate>,
    /// Who may be chosen.
    pub choices: Vec<Choice>,
    /// Other teams, for passing the work on.
    pub other_teams: Vec<(Id<ids::Team>, String)>,
    /// Moves between teams in the last 12 months (R003-09).
    pub transfers_in_year: i64,
}

#[derive(sqlx::FromRow)]
struct Now {
    person_id: Id<ids::Person>,
    worker_id: Option<Id<ids::Worker>>,
    team_id: Option<Id<ids::Team>>,
    name: String,
    role: String,
    ended_on: Option<NaiveDate>,
}

#[derive(sqlx::FromRow)]
struct Count {
    n: i64,
}

impl Casework {
    /// The picker for a family, for a manager of a team that works with it.
    pub async fn picker(&self, viewer: &Viewer, family: Id<ids::Family>) -> Result<Picker> {
        if !viewer.can("case.allocate") {
            return Err(Error::NotFound);
        }
        let seen = self
            .gate()
            .family(viewer, family, Asked::to_write("allocate"))
            .await?
            .ok_or(Error::NotFound)?;
        let today = viewer.today;
        let mut children: Vec<Person> = seen
            .members
            .iter()
            .filter(|(_, p)| p.kind != PersonKind::Adult && p.died_on.is_none())
            .map(|(_, p)| p.clone())
            .collect();
        children.sort_by_key(|p| (p.born_on, p.id));
        let ids: Vec<Id<ids::Person>> = children.iter().map(|p| p.id).collect();
        let involved = self.allocations_of(&ids, today).await?;
        let referral = self.open_referral(family).await?;
        if let Some((_, of_referral)) = &referral
            && of_referral.iter().any(|id| ids.contains(id))
        {
            children.retain(|p| of_referral.contains(&p.id));
        }
        let open: Vec<&Now> = involved.iter().filter(|n| n.ended_on.is_none()).collect();
        let mut now: Vec<String> = open
            .iter()
            .filter(|n| n.role == "allocated")
            .map(|n| n.name.clone())
            .collect();
        now.dedup();
        let team_id = referral
            .as_ref()
            .and_then(|(step, _)| step.team_id)
            .or_else(|| open.iter().find_map(|n| n.team_id))
            .or(viewer.principal.team);
        let mine = self.may_allocate_in(viewer, team_id).await?;
        let loads = self.caseloads(viewer, &mine).await?;
        let choices = loads
            .into_iter()
            .filter(|load| {
                let role = self.pack().role(&load.worker.role, today);
                role.is_some_and(|role| role.can("case.record"))
            })
            .map(|load| {
                let current = open
                    .iter()
                    .any(|n| n.role == "allocated" && n.worker_id == Some(load.worker.id));
                choice(self, load, &children, family, current, today)
            })
            .collect();
        let teams = self.teams().await?;
        let workers: std::collections::BTreeSet<String> = involved
            .iter()
            .filter(|n| n.role == "allocated")
            .filter(|n| children.first().is_some_and(|c| c.id == n.person_id))
            .filter_map(|n| n.worker_id.map(|id| id.to_string()))
            .collect();
        let moved: Count = self
            .store()
            .read_db()
            .one(
                "select count(*) as n from decision where family_id = $1 and kind = 'transfer' \
                 and decided_at > $2",
                args![
                    family,
                    crate::time::start_of(today - chrono::Days::new(365))
                ],
            )
            .await?;
        Ok(Picker {
            family,
            family_name: seen.family.name.clone(),
            now,
            workers_in_year: workers.len() as i64,
            team: teams
                .iter()
                .find(|t| Some(t.id) == team_id)
                .map(|t| t.name.clone()),
            team_id,
            referred_on: referral.map(|(step, _)| step.started_on),
            children,
            choices,
            other_teams: teams
                .into_iter()
                .filter(|t| t.kind == "locality" && Some(t.id) != team_id)
                .map(|t| (t.id, t.name))
                .collect(),
            transfers_in_year: moved.n,
        })
    }

    /// The teams whose workers this viewer may choose from: those they manage,
    /// or for the head of service the team that has the work.
    pub(super) async fn may_allocate_in(
        &self,
        viewer: &Viewer,
        team: Option<Id<ids::Team>>,
    ) -> Result<Vec<Id<ids::Team>>> {
        let mut teams = viewer.principal.teams_supervised.clone();
        if viewer.can("case.oversee")
            && let Some(team) = team
            && !teams.contains(&team)
        {
            teams.push(team);
        }
        Ok(teams)
    }

    /// The referral of a family that waits for a worker, with its children.
    pub(super) async fn open_referral(
        &self,
        family: Id<ids::Family>,
    ) -> Result<Option<(Step, Vec<Id<ids::Person>>)>> {
        #[derive(sqlx::FromRow)]
        struct WithChild {
            #[sqlx(flatten)]
            step: Step,
            person_id: Id<ids::Person>,
        }
        let columns: Vec<String> = Step::COLUMNS.iter().map(|c| format!("s.{c}")).collect();
        let sql = format!(
            "select {}, c.person_id from step s join step_subject c on c.step_id = s.id \
             where s.family_id = $1 and s.kind = 'referral' and s.state = 'open' \
             order by s.started_on, s.id",
            columns.join(", ")
        );
        let found: Vec<WithChild> = self
            .store()
            .read_db()
            .all(AssertSqlSafe(sql), args![family])
            .await?;
        let Some(step) = found.first().map(|f| f.step.clone()) else {
            return Ok(None);
        };
        let children = found.into_iter().filter(|f| f.step.id == step.id);
        Ok(Some((
            step.clone(),
            children.map(|f| f.person_id).collect(),
        )))
    }

    async fn allocations_of(
        &self,
        children: &[Id<ids::Person>],
        today: NaiveDate,
    ) -> Result<Vec<Now>> {
        if children.is_empty() {
            return Ok(Vec::new());
        }
        let mut values = args![today - chrono::Days::new(365)];
        values.extend(children.iter().map(Value::from));
        let places: Vec<String> = (2..children.len() + 2).map(|i| format!("${i}")).collect();
        let sql = format!(
            "select person_id, worker_id, team_id, name, role, ended_on from involvement \
             where (role = 'allocated' or (worker_id is null and team_id is not null)) \
             and (ended_on is null or ended_on > $1) and person_id in ({}) order by name",
            places.join(", ")
        );
        Ok(self
            .store()
            .read_db()
            .all(AssertSqlSafe(sql), values)
            .await?)
    }
}

fn choice(
    casework: &Casework,
    load: Caseload,
    children: &[Person],
    family: Id<ids::Family>,
    current: bool,
    today: NaiveDate,
) -> Choice {
    let mut then = load.held.clone();
    for child in children {
        if !then.iter().any(|held| held.person_id == child.id) {
            then.push(Held {
                worker_id: load.worker.id,
                person_id: child.id,
                given: child.first_name(),
                family_name: child.family_name.clone(),
                started_on: today,
                status: Some(status_when_allocated(child.status.as_deref()).to_owned()),
                family_id: Some(family),
                complexity: None,
            });
        }
    }
    let points_then = weigh(casework.pack().workload(today), &then, today);
    let children_then = then.len() as i64;
    Choice {
        over_then: load.over_with(children_then, points_then),
        children_then,
        points_then,
        current,
        load,
    }
}

/// A child's status once someone has the work: what was only asked becomes
/// an assessment; anything further on stays what it is.
pub(super) fn status_when_allocated(status: Option<&str>) -> &str {
    match status {
        None | Some("contact" | "referral" | "closed") => "assessment",
        Some(other) => other,
    }
}
