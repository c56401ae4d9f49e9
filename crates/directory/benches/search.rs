//! P9: directory search over 20,000 services, every filter; p99 5 ms in
//! process. Prints the times beside a yardstick of the same run: one pass over
//! the names of all services.

use std::time::Instant;

use directory::invented;
use directory::postcodes::MILE;
use directory::search::{Catalogue, Council, How, Near, Synonyms, Wanted};

fn main() {
    let today = chrono::NaiveDate::from_ymd_opt(2026, 11, 22).unwrap_or_default();
    let postcodes = invented::postcodes();
    let begun = Instant::now();
    let directory = invented::directory(20_000, 11, today);
    let synonyms = match Synonyms::own() {
        Ok(synonyms) => synonyms,
        Err(problem) => return eprintln!("{problem}"),
    };
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
    let near = |miles: f64| {
        let found = postcodes.find(&"LK5 5AA".parse().ok()?)?;
        Some(Near {
            point: found.point,
            about: found.about,
            council: found.council,
            within: Some(miles * MILE),
            called: "LK5".into(),
        })
    };
    let mut tags: std::collections::BTreeMap<String, usize> = std::collections::BTreeMap::new();
    for entry in store.directory.entries() {
        for term in store.directory.tags(&entry.service) {
            *tags.entry(term.id.clone()).or_default() += 1;
        }
    }
    let term = tags
        .into_iter()
        .max_by_key(|(_, n)| *n)
        .map(|(id, _)| id)
        .unwrap_or_default();
    let cases: Vec<(&str, Wanted)> = vec![
        ("nothing asked", Wanted::default()),
        (
            "a postcode, 20 miles",
            Wanted {
                near: near(20.0),
                ..Wanted::default()
            },
        ),
        (
            "words",
            Wanted {
                text: "swimming beginners".into(),
                ..Wanted::default()
            },
        ),
        (
            "misspelt words",
            Wanted {
                text: "swiming beginers".into(),
                ..Wanted::default()
            },
        ),
        (
            "a common word",
            Wanted {
                text: "children".into(),
                ..Wanted::default()
            },
        ),
        (
            "words that mean more",
            Wanted {
                text: "somebody to talk to about worry".into(),
                ..Wanted::default()
            },
        ),
        (
            "words and postcode",
            Wanted {
                text: "parenting".into(),
                near: near(20.0),
                ..Wanted::default()
            },
        ),
        (
            "category, age 4, Monday",
            Wanted {
                terms: vec![vec![term.clone()]],
                ages: Some((4.0, 4.0)),
                days: 1,
                ..Wanted::default()
            },
        ),
        (
            "every filter",
            Wanted {
                text: "play".into(),
                terms: vec![vec![term]],
                ages: Some((3.0, 4.0)),
                free: true,
                days: 0b11_1111,
                from: Some(540),
                to: Some(1080),
                language: Some("Urdu".into()),
                access: vec!["step-free".into()],
                how: vec![How::InPerson],
                near: near(20.0),
                ..Wanted::default()
            },
        ),
    ];
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
