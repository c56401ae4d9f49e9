//! The weighted caseload: points for each child by status, with additions, and
//! ceilings by role. Councils differ, so every figure is in the pack.

use crate::dated::dated;

dated! {
    /// How a council weighs work.
    pub struct Workload {
        /// Points for a child by status.
        pub points: Vec<StatusPoints>,
        /// More points while a child's case is in court.
        pub court: f64,
        /// The share of its points that each further child of one family
        /// counts: 0.5 is half.
        pub sibling_share: f64,
        /// More points by distance.
        pub travel: Vec<Band>,
        /// More points for a child just allocated.
        pub new_allocation: f64,
        /// For how many weeks these count.
        pub new_allocation_weeks: i64,
        /// The most points a manager may add for complexity, with a reason.
        pub complexity_most: f64,
        /// Ceilings by role.
        pub ceilings: Vec<Ceiling>,
        /// The share of a ceiling for a newly qualified worker, in percent.
        pub newly_qualified_percent: f64,
    }
}

/// Points for a child with a status.
#[derive(Debug, Clone, PartialEq)]
pub struct StatusPoints {
    /// The status's id.
    pub status: String,
    /// Its words.
    pub title: String,
    /// The points.
    pub points: f64,
}

/// A band of travel.
#[derive(Debug, Clone, PartialEq)]
pub struct Band {
    /// Its id.
    pub id: String,
    /// Its words.
    pub title: String,
    /// The points.
    pub points: f64,
}

/// The most that a worker of a role should carry.
#[derive(Debug, Clone, PartialEq)]
pub struct Ceiling {
    /// The role.
    pub role: String,
    /// The points.
    pub points: f64,
    /// The children.
    pub children: u32,
}

/// The facts about one child that weigh.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Load {
    /// The status's id.
    pub status: String,
    /// Whether the case is in court.
    pub court: bool,
    /// Whether a brother or sister with the same worker is counted in full.
    pub further_sibling: bool,
    /// The travel band, if any.
    pub travel: Option<String>,
    /// Whole weeks since this worker was allocated.
    pub weeks_allocated: i64,
    /// What a manager added for complexity.
    pub complexity: f64,
}

/// The points of one child, with the words that explain them.
#[derive(Debug, Clone, PartialEq)]
pub struct Weight {
    /// The points.
    pub total: f64,
    /// What they are made of.
    pub parts: Vec<(String, f64)>,
}

impl Workload {
    /// The points for one child. A status that the pack does not know weighs
    /// nothing and says so.
    pub fn weigh(&self, load: &Load) -> Weight {
        let mut parts = Vec::new();
        match self.points.iter().find(|p| p.status == load.status) {
            Some(p) => parts.push((p.title.clone(), p.points)),
            None => parts.push((format!("No points are set for “{}”", load.status), 0.0)),
        }
        if load.court {
            parts.push(("In court".into(), self.court));
        }
        if let Some(band) = self
            .travel
            .iter()
            .find(|b| Some(&b.id) == load.travel.as_ref())
        {
            parts.push((band.title.clone(), band.points));
        }
        let mut total: f64 = parts.iter().map(|(_, points)| points).sum();
        if load.further_sibling {
            let less = total * (self.sibling_share - 1.0);
            parts.push(("Brother or sister already counted".into(), less));
            total += less;
        }
        if load.weeks_allocated < self.new_allocation_weeks {
            parts.push(("Just allocated".into(), self.new_allocation));
            total += self.new_allocation;
        }
        let complexity = load.complexity.clamp(0.0, self.complexity_most);
        if complexity > 0.0 {
            parts.push(("Complexity, by the manager".into(), complexity));
            total += complexity;
        }
        Weight { total, parts }
    }

    /// The ceiling in points for a role, less for a newly qualified worker.
    pub fn ceiling(&self, role: &str, newly_qualified: bool) -> Option<f64> {
        let ceiling = self.ceilings.iter().find(|c| c.role == role)?;
        let share = if newly_qualified {
            self.newly_qualified_percent / 100.0
        } else {
            1.0
        };
        Some(ceiling.points * share)
    }
}
