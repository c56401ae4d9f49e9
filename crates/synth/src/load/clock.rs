//! Clocks of the story, by the rules of the pack: started and stopped as the
//! happenings come, each written once as it stands today.

use casework::clocks::{self, About};
use chrono::{DateTime, Utc};
use packs::{Circumstances, ClockRule};
use record::model::Clock;
use vocabulary::{Id, ids as id};

use super::batch::{Batch, told};
use super::people::Entry;

impl Entry<'_> {
    /// Starts the clocks that a trigger starts and that `wanted` lets through.
    pub(crate) fn start(
        &mut self,
        batch: &mut Batch,
        trigger: &str,
        at: DateTime<Utc>,
        about: &About,
        wanted: impl Fn(&ClockRule) -> bool,
    ) {
        let pack = self.land.casework.pack();
        let day = casework::time::local(at).date();
        for rule in pack.clocks_started_by(trigger, day).filter(|r| wanted(r)) {
            let clock = clocks::clock_of(self.ids.next(), pack, rule, at, about);
            batch.clocks.push(told(&self.clerk, at, clock));
        }
    }

    /// Stops what an event stops, of the clocks about one thing.
    pub(crate) fn stop(&self, batch: &mut Batch, event: &str, at: DateTime<Utc>, about: &str) {
        let pack = self.land.casework.pack();
        for clock in running(batch, about) {
            let day = casework::time::local(clock.started_at).date();
            if pack
                .clock(&clock.rule, day)
                .is_some_and(|r| r.is_stopped_by(event))
            {
                clock.done_at = Some(at);
            }
        }
    }

    /// Stops all clocks of this family: the work has ended.
    pub(crate) fn stop_family(&self, batch: &mut Batch, at: DateTime<Utc>) {
        let of_family =
            |c: &Clock, id: Id<id::Family>| c.family_id == Some(id) && c.done_at.is_none();
        for clock in batch.clocks.iter_mut().map(|c| &mut c.row) {
            if of_family(clock, self.id) {
                clock.done_at = Some(at);
            }
        }
    }

    /// Gives the reason for a clock that is or was late.
    pub(crate) fn late(
        &self,
        batch: &mut Batch,
        rule: &str,
        about: &str,
        reason: &str,
        manager: &str,
    ) {
        let agreed = super::ids::worker(manager);
        for clock in batch.clocks.iter_mut().map(|c| &mut c.row) {
            if clock.rule == rule && clock.about_id == about {
                let at = clock.due_at.min(self.land.now);
                clock.late_reason = Some(reason.to_owned());
                clock.late_agreed_by = Some(agreed);
                clock.late_recorded_at = Some(at);
            }
        }
    }
}

/// The clocks of a child in need, and those of any plan.
pub(crate) fn of_child_in_need(rule: &ClockRule) -> bool {
    rule.runs_under(&Circumstances::default().with("plan", "child_in_need"))
}

/// The clocks about one thing that still run.
fn running<'b>(batch: &'b mut Batch, about: &str) -> impl Iterator<Item = &'b mut Clock> {
    batch
        .clocks
        .iter_mut()
        .map(|c| &mut c.row)
        .filter(move |c| c.about_id == about && c.done_at.is_none())
}
