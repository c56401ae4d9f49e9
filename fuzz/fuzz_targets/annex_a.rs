//! Any bytes as the workbook of Annex A, read and checked.
#![no_main]

use libfuzzer_sys::fuzz_target;
use returns::annex_a;

fuzz_target!(|bytes: &[u8]| {
    if let Ok((book, problems)) = annex_a::read::workbook("fuzz.xlsx", std::io::Cursor::new(bytes)) {
        let as_at = "2026-06-01".parse().expect("a day");
        let options = annex_a::Options { as_at };
        annex_a::check("fuzz.xlsx", &book, problems, options).expect("our own rules");
    }
});
