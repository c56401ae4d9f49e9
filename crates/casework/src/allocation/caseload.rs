//! What each worker holds: children counted, and the same children weighed
//! (R000-20, R004-45). Travel and court weigh too once the record keeps them.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use packs::{Load, Workload};
use record::model::Worker;
use record::{Asked, AssertSqlSafe, Entity, Value, Viewer};
use vocabulary::{Id, ids};

use crate::header::status_words;
use crate::{Casework, Result};

/// A child whom a worker holds.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Held {
    /// Who holds them.
    pub worker_id: Id<ids::Worker>,
    /// The child.
    pub person_id: Id<ids::Person>,
    /// First or known name.
    pub given: String,
    /// Family name.
    pub family_name: String,
    /// Since.
    pub started_on: NaiveDate,
    /// What the child's work is now.
    pub status: Option<String>,
    /// The family, for brothers and sisters.
    pub family_id: Option<Id<ids::Family>>,
    /// Points that a manager added for complexity.
    pub complexity: Option<i64>,
}

/// One worker's caseload.
#[derive(Debug, Clone)]
pub struct Caseload {
    /// The worker.
    pub worker: Worker,
    /// The children, in no order.
    pub held: Vec<Held>,
    /// What they weigh together.
    pub points: f64,
    /// The most points for the role, less for the newly qualified.
    pub points_limit: Option<f64>,
    /// The most children for the role, less for the newly qualified.
    pub children_limit: Option<i64>,
}

impl Held {
    /// The child's name for a list.
    pub fn name(&self) -> String {
        let name = format!("{} {}", self.given, self.family_name);
        name.trim().to_owned()
    }
}

impl Caseload {
    /// How many children.
    pub fn children(&self) -> i64 {
        self.held.len() as i64
    }

    /// Children by what their work is, most first; the numbers add up to
    /// [`Caseload::children`] (R003-28).
    pub fn mix(&self) -> Vec<(String, i64)> {
        mix(self.held.iter())
    }

    /// "above local limit of 18 children", when it is.
    pub fn over(&self) -> Option<String> {
        self.over_with(self.children(), self.points)
    }

    /// The same for a caseload that is not there yet.
    pub fn over_with(&self, children: i64, points: f64) -> Option<String> {
        let newly = if self.worker.newly_qualified {
            " in the first year"
        } else {
            ""
        };
        match (self.children_limit, self.points_limit) {
            (Some(limit), _) if children > limit => {
                Some(format!("above local limit of {limit} children{newly}"))
            }
            (_, Some(limit)) if points > limit => Some(format!(
                "above local limit of {} points{newly}",
                points_words(limit)
            )),
            _ => None,
        }
    }

    /// Whether this worker counts in the team's mean: holds children, or is
    /// there to hold them. A manager who holds none is not.
    pub fn counts(&self, holds_cases: bool) -> bool {
        holds_cases || !self.held.is_empty()
    }
}

/// Points as people write them: "62", "62.5".
pub fn points_words(points: f64) -> String {
    let rounded = (points * 10.0).round() / 10.0;
    if rounded.fract() == 0.0 {
        format!("{rounded:.0}")
    } else {
        format!("{rounded:.1}")
    }
}

pub(super) fn mix<'a>(held: impl Iterator<Item = &'a Held>) -> Vec<(String, i64)> {
    let mut counts: BTreeMap<String, i64> = BTreeMap::new();
    for child in held {
        let words = child
            .status
            .as_deref()
            .map_or_else(|| "Not yet decided".to_owned(), status_words);
        *counts.entry(words).or_default() += 1;
    }
    let mut list: Vec<(String, i64)> = counts.into_iter().collect();
    list.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    list
}

/// What these children weigh together: of one family the first counts in full.
pub(super) fn weigh(workload: Option<&Workload>, held: &[Held], today: NaiveDate) -> f64 {
    let Some(workload) = workload else { return 0.0 };
    let mut families = BTreeSet::new();
    // The sum of nothing is minus nought, which people would read as a mistake.
    let points: f64 = held
        .iter()
        .map(|child| {
            let further = child
                .family_id
                .is_some_and(|family| !families.insert(family));
            workload
                .weigh(&Load {
                    status: child.status.clone().unwrap_or_default(),
                    further_sibling: further,
                    weeks_allocated: (today - child.started_on).num_weeks(),
                    complexity: child.complexity.unwrap_or(0) as f64,
                    ..Load::default()
                })
                .total
        })
        .sum();
    points + 0.0
}

impl Casework {
    /// The caseloads of everyone at work in some teams, by name. A child whose
    /// record is closed to the viewer is not counted. Two statements.
    pub(crate) async fn caseloads(
        &self,
        viewer: &Viewer,
        teams: &[Id<ids::Team>],
    ) -> Result<Vec<Caseload>> {
        if teams.is_empty() {
            return Ok(Vec::new());
        }
        let today = viewer.today;
        let places = |from: usize| {
            let list: Vec<String> = (from..from + teams.len())
                .map(|i| format!("${i}"))
                .collect();
            list.join(", ")
        };
        let ids: Vec<Value> = teams.iter().map(Value::from).collect();
        let mut values = record::args![true, today];
        values.extend(ids.clone());
        let sql = format!(
            "select {} from worker where active = $1 and starts_on <= $2 \
             and (ends_on is null or ends_on >= $2) and team_id in ({}) order by name",
            Worker::COLUMNS.join(", "),
            places(3)
        );
        let db = self.store().read_db();
        let workers: Vec<Worker> = db.all(AssertSqlSafe(sql), values).await?;
        let asked = Asked {
            section: access::Section::Summary,
            ..Asked::to_read("caseloads")
        };
        let mut values = record::args![today];
        values.extend(ids);
        let (open, more) = self
            .gate()
            .may_see(viewer, asked, "i.person_id", values.len() + 1);
        values.extend(more);
        let sql = format!(
            "select i.worker_id, i.person_id, coalesce(nullif(p.known_as, ''), p.given) as given, \
             p.family_name, i.started_on, p.status, \
             (select m.family_id from family_member m where m.person_id = i.person_id \
              and m.left_on is null order by m.household desc, m.family_id limit 1) as family_id, \
             (select x.points from complexity x where x.person_id = i.person_id \
              and x.ended_at is null order by x.set_at desc limit 1) as complexity \
             from involvement i join person p on p.id = i.person_id \
             join worker w on w.id = i.worker_id \
             where i.role = 'allocated' and i.started_on <= $1 \
             and (i.ended_on is null or i.ended_on > $1) \
             and w.team_id in ({}) and {open} order by i.started_on, i.person_id",
            places(2)
        );
        let held: Vec<Held> = db.all(AssertSqlSafe(sql), values).await?;
        let workload = self.pack().workload(today);
        let mut by_worker: BTreeMap<Id<ids::Worker>, Vec<Held>> = BTreeMap::new();
        for child in held {
            by_worker.entry(child.worker_id).or_default().push(child);
        }
        Ok(workers
            .into_iter()
            .map(|worker| {
                let held = by_worker.remove(&worker.id).unwrap_or_default();
                caseload(workload, worker, held, today)
            })
            .collect())
    }

    /// Whether a role is there to hold cases: it records and does not allocate.
    pub(crate) fn holds_cases(&self, role: &str, today: NaiveDate) -> bool {
        self.pack()
            .role(role, today)
            .is_some_and(|role| role.can("case.record") && !role.can("case.allocate"))
    }
}

fn caseload(
    workload: Option<&Workload>,
    worker: Worker,
    held: Vec<Held>,
    today: NaiveDate,
) -> Caseload {
    let share = match workload {
        Some(w) if worker.newly_qualified => w.newly_qualified_percent / 100.0,
        _ => 1.0,
    };
    let most = workload
        .and_then(|w| w.ceilings.iter().find(|c| c.role == worker.role))
        .map(|c| (f64::from(c.children) * share).floor() as i64);
    Caseload {
        points: weigh(workload, &held, today),
        points_limit: workload.and_then(|w| w.ceiling(&worker.role, worker.newly_qualified)),
        children_limit: most,
        worker,
        held,
    }
}
