//! A matter that began elsewhere, such as in an older system: where it stands
//! now and which clocks it had, from what was done about it.

use packs::{Answers, Pack};
use record::model::{Clock, Matter, MatterEntry};
use vocabulary::Id;

use super::about_matter;
use super::kinds::{END, From, MatterKind};
use crate::{clocks, time};

/// Puts the state, the outcome and the end into the row, as if each entry had
/// been written on its day, and gives the clocks back. Entries are in order.
pub fn replay(
    pack: &Pack,
    kind: MatterKind,
    row: &mut Matter,
    entries: &[MatterEntry],
) -> Vec<Clock> {
    let (state, known, told) = kind.begins();
    row.state = state.to_owned();
    let about = about_matter(kind, row);
    let mut running: Vec<Clock> = Vec::new();
    let mut happens = |event: &str, at, since| {
        for clock in running.iter_mut().filter(|c| c.done_at.is_none()) {
            let rule = pack.clock(&clock.rule, time::local(clock.started_at).date());
            if rule.is_some_and(|rule| rule.is_stopped_by(event)) {
                clock.done_at = Some(at);
            }
        }
        for rule in pack.clocks_started_by(event, time::local(since).date()) {
            running.push(clocks::clock_of(Id::new(), pack, rule, since, &about));
        }
    };
    let at = time::start_of(row.known_on);
    happens(known, at, at);
    if let Some(told) = told {
        happens(told, row.told_at, row.told_at);
    }
    for entry in entries {
        let Some(step) = kind.step(&entry.kind) else {
            continue;
        };
        let answers = Answers::from_map(entry.answers.as_object().cloned().unwrap_or_default());
        let day = time::start_of(entry.happened_on);
        let since = match step.since {
            From::Here => day,
            From::Known => at,
            From::Page(word) => {
                let page = entries.iter().find(|e| e.kind == word);
                page.map_or(day, |page| time::start_of(page.happened_on))
            }
        };
        happens(step.event, day, since);
        if let Some((field, value, event)) = step.also
            && (value.is_empty() || answers.text(field) == value)
        {
            happens(event, day, since);
        }
        if let Some(to) = step.to {
            row.state = to.to_owned();
        }
        if step.word == END {
            row.outcome = Some(answers.text("outcome").to_owned());
            row.closed_on = Some(entry.happened_on);
        }
    }
    running
}
