//! Any bytes as a children in need census: read, checked by every rule, and
//! what was read is written and read back with the same number of children.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use returns::cin::check::check_by;
use returns::cin::rules::{Check, catalogue};
use returns::cin::{Options, read::read_all, write::Writer};
use returns::core::Catalogue;

static RULES: LazyLock<Catalogue<Check>> = LazyLock::new(|| catalogue(2026).expect("rules"));

fuzz_target!(|bytes: &[u8]| {
    let options = Options { year: 2026 };
    let report = check_by(RULES.clone(), "fuzz.xml", bytes, options, &|_| {}).expect("2026");
    for not_run in &report.not_run {
        assert!(!not_run.cause.contains("check itself"), "{not_run:?}");
    }
    let (message, _) = read_all("fuzz.xml", bytes);
    let mut writer = Writer::begin(Vec::new(), message.header.as_ref()).expect("memory");
    for child in &message.children {
        writer.child(child).expect("memory");
    }
    let written = writer.end().expect("memory");
    let (again, _) = read_all("again.xml", written.as_slice());
    assert_eq!(again.children.len(), message.children.len());
});
