//! Notes and visits: one row in each child's record, joined by a group.

use casework::clocks::About;
use chrono::Duration;
use record::model::*;
use serde_json::json;
use vocabulary::Id;

use super::batch::{Batch, told};
use super::clock::of_child_in_need;
use super::history::{Moment, SoFar};
use super::ids;
use super::people::Entry;

impl Entry<'_> {
    pub(crate) fn note(&mut self, batch: &mut Batch, m: &Moment<'_>, note: &crate::Note) {
        let kind = if note.kind == "Case supervision" {
            "supervision"
        } else {
            "note"
        };
        let words = match note.kind {
            "Case note" | "Case supervision" => note.text.clone(),
            kind => format!("{kind}. {}", note.text),
        };
        let children = match note.only_for {
            Some(only) => vec![only],
            None => note.children.clone(),
        };
        let group = self.ids.next();
        for (n, child) in children.iter().enumerate() {
            let row = self.row(m, group, n, ids::person(*child), kind, &words);
            batch.notes.push(told(&m.by, row.recorded_at, row));
        }
    }

    fn row(
        &mut self,
        m: &Moment<'_>,
        group: Id<vocabulary::ids::Note>,
        n: usize,
        person: Id<vocabulary::ids::Person>,
        kind: &str,
        words: &str,
    ) -> Note {
        // Written up the same evening or the next morning.
        let later = if m.day.format("%j").to_string().ends_with('3') {
            19
        } else {
            2
        };
        Note {
            id: if n == 0 { group } else { self.ids.next() },
            person_id: person,
            family_id: Some(self.id),
            group_id: group,
            kind: kind.to_owned(),
            happened_at: m.at,
            recorded_at: (m.at + Duration::hours(later)).min(self.land.now).max(m.at),
            author_id: ids::worker(m.who),
            words: words.to_owned(),
            only_here: None,
            visit: None,
            goal_id: None,
            seen: None,
            seen_alone: None,
            sensitive: false,
            pinned: false,
            corrected_at: None,
            correction_reason: None,
            version: 1,
        }
    }

    pub(crate) fn visit(
        &mut self,
        batch: &mut Batch,
        far: &SoFar,
        m: &Moment<'_>,
        visit: &crate::Visit,
    ) {
        let group = self.ids.next();
        let place = match visit.place {
            "Home" => "home",
            "School" => "school",
            _ => "elsewhere",
        };
        let in_need = far.plan.is_some_and(|p| {
            let plan = &batch.plans[p].row;
            plan.kind == "child_in_need" && plan.state == PlanState::Open
        });
        let purpose = if far.plan.is_some() {
            "plan"
        } else {
            "assessment"
        };
        for (n, child) in visit.children.iter().enumerate() {
            let (seen, alone) = (visit.seen.contains(child), visit.alone.contains(child));
            let person = ids::person(*child);
            let base = self.row(m, group, n, person, "visit", &visit.text);
            let young = self
                .family
                .person(*child)
                .is_some_and(|p| (m.day - p.born).num_days() < 3 * 365);
            let row = Note {
                seen: Some(seen),
                seen_alone: seen.then_some(alone),
                visit: Some(json!({
                    "purpose": purpose,
                    "seen": if seen { "yes" } else { "no" },
                    "not_seen_why": (!seen).then_some("Nobody was in at the time agreed."),
                    "alone": seen.then_some(match (alone, young) {
                        (true, _) => "yes",
                        (_, true) => "too_young",
                        _ => "chose_not",
                    }),
                    "where": place,
                    "childs_words": Some(&visit.words).filter(|w| !w.is_empty() && seen),
                    "next": visit.next,
                })),
                ..base
            };
            let recorded = row.recorded_at;
            batch.notes.push(told(&m.by, recorded, row));
            if in_need && seen {
                let about = About {
                    kind: "person",
                    id: person.to_string(),
                    person: Some(person),
                    family: Some(self.id),
                    contact: None,
                    team: self.team(),
                    worker: Some(self.worker_or(m.who)),
                    path: format!("/people/{person}/visits/new"),
                };
                self.stop(batch, "visit.made", m.at, &about.id);
                self.start(batch, "visit.made", m.at, &about, of_child_in_need);
                self.stop(batch, "visit.recorded", recorded, &about.id);
            }
        }
    }
}
