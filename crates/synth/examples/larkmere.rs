//! Prints what is in the borough: `cargo run -p synth --example larkmere [STORY]`.
//! With a story, such as `maya`, prints that family's people and history.

use std::collections::BTreeMap;
use std::time::Instant;

use chrono::NaiveDate;
use synth::{Borough, SEED, Size, What};

fn main() {
    let now = NaiveDate::from_ymd_opt(2026, 11, 19).and_then(|d| d.and_hms_opt(14, 20, 0));
    let Some(now) = now else { return };
    let start = Instant::now();
    let borough = Borough::generate(Size::Full, SEED, now);
    let took = start.elapsed();
    if let Some(family) = std::env::args().nth(1).and_then(|s| borough.story(&s)) {
        println!("{family:#?}");
        return;
    }
    let mut standings: BTreeMap<_, usize> = BTreeMap::new();
    let mut happenings: BTreeMap<&str, usize> = BTreeMap::new();
    for family in &borough.families {
        *standings.entry(family.standing).or_default() += family.children().count();
        for happening in &family.timeline {
            *happenings.entry(kind(&happening.what)).or_default() += 1;
        }
    }
    let people: usize = borough.families.iter().map(|f| f.people.len()).sum();
    println!("made in {took:?}");
    println!(
        "families {}, people {people}, workers {}",
        borough.families.len(),
        borough.workers.len()
    );
    println!("children by standing {standings:#?}");
    println!(
        "happenings {happenings:#?}, in all {}",
        happenings.values().sum::<usize>()
    );
}

fn kind(what: &What) -> &'static str {
    match what {
        What::Contact(_) => "contact",
        What::Decision(_) => "decision",
        What::Referral(_) => "referral",
        What::Allocated(_) => "allocation",
        What::Assessment(_) => "assessment",
        What::Authorisation(_) => "authorisation",
        What::StrategyDiscussion(_) => "strategy discussion",
        What::Note(_) => "note",
        What::Visit(_) => "visit",
        What::Plan(_) => "plan",
        What::Meeting(_) => "meeting",
        What::ProtectionPlan(_) => "protection plan",
        What::Episode(_) => "episode",
        What::Closed(_) => "closure",
    }
}
