//! The files of the services directory.

use toml::Spanned;

use super::Builder;
use crate::dated::Head;
use crate::raw::{RawSynonyms, RawUpkeep};
use crate::upkeep::{Synonyms, Upkeep, UpkeepCycle};

impl Builder<'_> {
    pub fn upkeep(&mut self, raw: &RawUpkeep, head: Head) -> Upkeep {
        self.unique("cycle", raw.cycle.iter().map(|cycle| &cycle.id));
        if raw.cycle.is_empty() {
            self.problem(
                &raw.id,
                "nothing says how often a service is checked",
                "Add at least one [[cycle]] with id, title and months",
            );
        }
        for cycle in raw.cycle.iter().filter(|c| *c.months.get_ref() == 0) {
            self.problem(
                &cycle.months,
                "a service cannot be checked every 0 months",
                "Write 1 or more",
            );
        }
        self.in_order(&raw.ask_after);
        let steps = [&raw.say_so_after, &raw.lower_after, &raw.unpublish_after];
        for pair in steps.windows(2) {
            if pair[0].get_ref() > pair[1].get_ref() {
                self.problem(
                    pair[1],
                    "this comes before the step that should come first",
                    "First the page says so, then the record is lowered, then it is taken down",
                );
            }
        }
        Upkeep {
            cycles: raw
                .cycle
                .iter()
                .map(|c| UpkeepCycle {
                    id: c.id.get_ref().clone(),
                    title: c.title.clone(),
                    months: *c.months.get_ref(),
                    categories: c.categories.iter().map(|w| w.to_lowercase()).collect(),
                })
                .collect(),
            ask_after: raw.ask_after.get_ref().clone(),
            say_so_after: *raw.say_so_after.get_ref(),
            lower_after: *raw.lower_after.get_ref(),
            unpublish_after: *raw.unpublish_after.get_ref(),
            link_days: raw.link_days.into(),
            answer_working_days: raw.answer_working_days.into(),
            forget_after: raw.forget_after.into(),
            dead_after: raw.dead_after.into(),
            second_person: raw.second_person,
            at_once: raw.at_once.clone(),
            ..Upkeep::headed(head)
        }
    }

    fn in_order(&mut self, days: &Spanned<Vec<u64>>) {
        if !days.get_ref().is_sorted() || days.get_ref().is_empty() {
            self.problem(
                days,
                "the days on which the owner is asked do not stand in order",
                "Write them like [0, 14, 28]",
            );
        }
    }

    pub fn synonyms(&mut self, raw: &RawSynonyms, head: Head) -> Synonyms {
        for group in raw.groups.iter().filter(|g| g.get_ref().len() < 2) {
            self.problem(
                group,
                "a word alone means the same as nothing",
                "Name at least two, or take the group out",
            );
        }
        Synonyms {
            groups: raw.groups.iter().map(|g| g.get_ref().clone()).collect(),
            ..Synonyms::headed(head)
        }
    }
}
