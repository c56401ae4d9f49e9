//! Any bytes as files of the SSDA903: one CSV file of this year and of last, or
//! XML, or a zip file; read and checked by every rule.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use returns::core::{Catalogue, Reference};
use returns::ssda903::run::{catalogue, check_by};
use returns::ssda903::{self, Named};

type Rules = Catalogue<ssda903::hits::Check>;
static RULES: LazyLock<Rules> = LazyLock::new(|| catalogue(2026).expect("rules"));

const NAMES: [&str; 13] = [
    "header.csv",
    "episodes.csv",
    "reviews.csv",
    "uasc.csv",
    "oc2.csv",
    "oc3.csv",
    "ad1.csv",
    "placed_for_adoption.csv",
    "previous_permanence.csv",
    "missing.csv",
    "social_worker.csv",
    "dolo.csv",
    "return.xml",
];

fuzz_target!(|bytes: &[u8]| {
    let Some((first, content)) = bytes.split_first() else {
        return;
    };
    let (this, last) = if ssda903::zipped::is_zip(content) {
        let Ok(files) = ssda903::zipped::unpack(content) else {
            return;
        };
        files
    } else {
        let name = NAMES[usize::from(*first) % NAMES.len()].to_owned();
        let content = content.to_vec();
        (vec![Named { name: name.clone(), content: content.clone() }], vec![Named { name, content }])
    };
    let loaded = ssda903::read_memory(this, last);
    let collection = ssda903::Collection::of(2026).expect("a year");
    let report = check_by(&RULES, loaded, &collection, &Reference::default()).expect("2026");
    assert!(report.not_run.iter().all(|not_run| not_run.child.is_none()));
});
