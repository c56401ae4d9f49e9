//! The practice pack's own words and rules, for tests and the benchmark.

use directory::assurance::{Cycle, Rules};
use directory::search::Synonyms;
use serde::Deserialize;

/// The words that mean the same, from `packs/england`.
pub fn synonyms() -> Synonyms {
    #[derive(Deserialize)]
    struct File {
        groups: Vec<Vec<String>>,
    }
    let text = include_str!("../../../../packs/england/directory/synonyms.toml");
    let file: File = toml::from_str(text).expect("the pack's words");
    Synonyms::of(&file.groups)
}

/// The rules of upkeep, from `packs/england`.
#[allow(dead_code)] // Not every test that shares this file needs them.
pub fn rules() -> Rules {
    #[derive(Deserialize)]
    struct File {
        ask_after: Vec<u64>,
        say_so_after: u64,
        lower_after: u64,
        unpublish_after: u64,
        cycle: Vec<One>,
    }
    #[derive(Deserialize)]
    struct One {
        id: String,
        months: u32,
        #[serde(default)]
        categories: Vec<String>,
    }
    let text = include_str!("../../../../packs/england/directory/upkeep.toml");
    let file: File = toml::from_str(text).expect("the pack's rules");
    let cycles = file.cycle.into_iter().map(|c| Cycle {
        id: c.id,
        months: c.months,
        categories: c.categories,
    });
    Rules {
        cycles: cycles.collect(),
        ask_after: file.ask_after,
        say_so_after: file.say_so_after,
        lower_after: file.lower_after,
        unpublish_after: file.unpublish_after,
    }
}
