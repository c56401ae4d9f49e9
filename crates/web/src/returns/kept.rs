//! Findings in memory, each for its owner alone and for half an hour at most.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use ::returns::core::report::Report;
use casework::Viewer;

/// How long findings stay when nobody forgets them.
const STAY: Duration = Duration::from_secs(30 * 60);
/// How many reports stay at most; the oldest goes first.
const MOST: usize = 8;

struct One {
    owner: String,
    report: Arc<Report>,
    since: Instant,
}

/// The reports that are in memory now.
#[derive(Default)]
pub(crate) struct Kept(Mutex<HashMap<String, One>>);

impl Kept {
    fn all(&self) -> std::sync::MutexGuard<'_, HashMap<String, One>> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, one| one.since.elapsed() < STAY);
        all
    }

    /// Keeps a report for its owner under a number that cannot be guessed.
    pub fn keep(&self, number: String, owner: &Viewer, report: Report) {
        let mut all = self.all();
        while all.len() >= MOST {
            let oldest = all.iter().min_by_key(|(_, one)| one.since);
            let Some(oldest) = oldest.map(|(number, _)| number.clone()) else {
                break;
            };
            all.remove(&oldest);
        }
        let one = One {
            owner: owner.principal.worker.to_string(),
            report: Arc::new(report),
            since: Instant::now(),
        };
        all.insert(number, one);
    }

    /// A report of this owner. Another's is the same as none.
    pub fn get(&self, number: &str, owner: &Viewer) -> Option<Arc<Report>> {
        let all = self.all();
        let one = all.get(number)?;
        (one.owner == owner.principal.worker.to_string()).then(|| one.report.clone())
    }

    /// Forgets a report of this owner.
    pub fn forget(&self, number: &str, owner: &Viewer) {
        let owner = owner.principal.worker.to_string();
        self.all()
            .retain(|known, one| known != number || one.owner != owner);
    }

    /// Forgets all reports of this owner: the visit is over.
    pub fn forget_all(&self, owner: &Viewer) {
        let owner = owner.principal.worker.to_string();
        self.all().retain(|_, one| one.owner != owner);
    }
}
