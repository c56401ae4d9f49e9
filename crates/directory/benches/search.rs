//! P9: directory search over 20,000 services, every filter; p99 5 ms in
//! process. Prints the times beside a yardstick of the same run: one pass over
//! the names of all services.

#[path = "../tests/shared/mod.rs"]
mod shared;

use std::time::Instant;

use directory::search::{Catalogue, Council};
use directory::{invented, measure};

fn main() {
    let today = chrono::NaiveDate::from_ymd_opt(2026, 11, 22).unwrap_or_default();
    let postcodes = invented::postcodes();
    let begun = Instant::now();
    let directory = invented::directory(20_000, 11, today);
    let synonyms = shared::synonyms();
    let council = Council {
        name: "Larkmere".into(),
        codes: vec![invented::COUNCIL.into()],
    };
    let store = Catalogue::new(directory, &postcodes, synonyms, council, today);
    println!(
        "20,000 services made and indexed in {:.2} s; {} are public",
        begun.elapsed().as_secs_f64(),
        store.index.len()
    );
    let cases = measure::searches(&store, &postcodes);
    let mut yard = Vec::new();
    for _ in 0..200 {
        let begun = Instant::now();
        let held = store
            .directory
            .entries()
            .filter(|e| e.service.name.contains("zz"))
            .count();
        yard.push(begun.elapsed());
        std::hint::black_box(held);
    }
    yard.sort();
    let yard = yard[yard.len() / 2].as_secs_f64() * 1000.0;
    println!("yardstick: one pass over all names {yard:.3} ms\n");
    println!(
        "{:<28}{:>8}{:>10}{:>10}{:>10}{:>9}",
        "search", "found", "p50 ms", "p99 ms", "max ms", "x yard"
    );
    for (name, wanted) in cases {
        let mut times = Vec::new();
        let mut found = 0;
        for _ in 0..500 {
            let begun = Instant::now();
            let hits = store.find(&wanted);
            for hit in hits.hits.iter().take(20) {
                std::hint::black_box(store.why(&wanted, &hits, hit));
            }
            times.push(begun.elapsed());
            found = hits.hits.len();
        }
        times.sort();
        let ms = |at: usize| times[at].as_secs_f64() * 1000.0;
        println!(
            "{name:<28}{found:>8}{:>10.3}{:>10.3}{:>10.3}{:>9.1}",
            ms(250),
            ms(495),
            ms(499),
            ms(495) / yard
        );
    }
}
