//! P3 in the product: everybody of one council in memory, as the program keeps
//! them for its own search, asked the questions that people type.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use identity::dob::Dob;
use identity::invent;
use identity::model::Model;
use identity::roll::{Asked, Roll};
use identity::row::Source;

use super::identity::memory;
use super::table::row;

/// Measures finding among so many people.
pub fn run(people: usize) -> Result<bool> {
    let figure = |what: &str, measured: String, budget: &str| row("P3", what, measured, budget, "");
    let folder = tempfile::tempdir()?;
    invent::write_index(folder.path(), people, 2_000, 5, 1.0)?;
    let file = |name: &str| csv::Reader::from_path(folder.path().join(name));
    let before = memory_now().unwrap_or(0);
    let started = Instant::now();
    let mut roll = Roll::new(Model::shipped(), 50_000);
    let mut of_one: Vec<csv::StringRecord> = Vec::new();
    for record in file("index.csv")?.into_records() {
        let record = record?;
        if of_one.first().is_some_and(|first| first[0] != record[0]) {
            put(&mut roll, &of_one);
            of_one.clear();
        }
        of_one.push(record);
    }
    put(&mut roll, &of_one);
    let built = started.elapsed();
    let kept = memory_now().map(|now| now.saturating_sub(before));
    figure(
        "people of one council in memory",
        roll.len().to_string(),
        "",
    );
    figure(
        "seconds to read them",
        format!("{:.1}", built.as_secs_f32()),
        "",
    );
    let megabytes = kept.map_or_else(|| "?".into(), |m| format!("{m} MB"));
    figure("memory they take", megabytes, "");
    let right: HashMap<String, (String, String)> = file("query_truth.csv")?
        .into_records()
        .map(|r| r.map(|r| (r[0].to_owned(), (r[1].to_owned(), r[2].to_owned()))))
        .collect::<Result<_, _>>()?;
    let mut times: Vec<Duration> = Vec::new();
    let (mut n, mut first, mut five) = (0usize, 0usize, 0usize);
    for query in file("queries.csv")?.into_records() {
        let q = query?;
        let (id, kind) = right.get(&q[0]).context("query_truth.csv: qid")?;
        let mut words: Vec<String> = words(&q[1]);
        let given = words.len();
        words.extend(self::words(&q[2]));
        let asked = Asked {
            words: &words,
            given: Some(given),
            born: Dob::read(q[3].as_bytes()).unwrap_or_default(),
            postcode: &q[5],
            nhs: &q[6],
            ..Asked::default()
        };
        let mut least = Duration::MAX;
        let mut hits = Vec::new();
        for _ in 0..3 {
            let started = Instant::now();
            hits = roll.search(&asked);
            least = least.min(started.elapsed());
        }
        times.push(least);
        if kind.starts_with("present") {
            let place = hits.iter().position(|hit| *hit.id == **id);
            n += 1;
            first += usize::from(place == Some(0));
            five += usize::from(place.is_some_and(|p| p < 5));
        }
    }
    times.sort_unstable();
    let at = |part: f64| times[((times.len() as f64 * part) as usize).min(times.len() - 1)];
    let ms = |time: Duration| format!("{:.1} ms", time.as_secs_f64() * 1000.0);
    figure("finding: p50", ms(at(0.5)), "");
    figure("finding: p99", ms(at(0.99)), "20 ms over HTTP");
    let share = |hit: usize| format!("{:.1}%", 100.0 * hit as f64 / n.max(1) as f64);
    figure(
        "finding, every kind of question: right child first",
        share(first),
        "95%",
    );
    figure("finding: right child in the first five", share(five), "98%");
    Ok(first as f64 >= 0.95 * n as f64 && five as f64 >= 0.98 * n as f64)
}

fn words(name: &str) -> Vec<String> {
    let key = vocabulary::name_key(name);
    key.split(' ')
        .filter(|w| !w.is_empty())
        .map(str::to_owned)
        .collect()
}

fn put(roll: &mut Roll, records: &[csv::StringRecord]) {
    let Some(first) = records.first() else {
        return;
    };
    let sources: Vec<(Source<'_>, Dob)> = records
        .iter()
        .map(|r| {
            let source = Source {
                given: r[2].as_bytes(),
                middle: r[3].as_bytes(),
                family: r[4].as_bytes(),
                sex: r[6].as_bytes(),
                postcode: r[8].as_bytes(),
                nhs: r[9].as_bytes(),
                ..Source::default()
            };
            (source, Dob::read(r[5].as_bytes()).unwrap_or_default())
        })
        .collect();
    roll.put(&first[0], false, &sources);
}

/// The memory this process holds now, in megabytes.
fn memory_now() -> Option<u64> {
    memory("VmRSS:")
}
