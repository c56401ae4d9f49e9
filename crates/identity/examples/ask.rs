//! Builds an index and asks it a file of questions with known answers:
//! `ask INDEX.csv QUERIES.csv TRUTH.csv FOLDER [--built [WRONG.txt]]`; the
//! questions whose child did not come first go to the last file.

use std::collections::{BTreeMap, HashMap};
use std::fs::{File, read_to_string};
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use identity::index::{Index, Question, build};
use identity::model::Model;
use identity::table::{Mapping, Table};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let folder = Path::new(&args[3]);
    if args.len() < 5 {
        let started = Instant::now();
        let mut table = Table::default();
        table.read(
            File::open(&args[0])?,
            &Mapping::default(),
            true,
            |_| {},
            |_| {},
        )?;
        table.close();
        println!("read {} in {:?}", table.rows.len(), started.elapsed());
        build(&table, folder, &|what| {
            eprintln!("{:?} {what}", started.elapsed())
        })?;
        println!("built in {:?}", started.elapsed());
    }
    let started = Instant::now();
    let mut index = Index::open(folder, Model::shipped())?;
    println!("opened in {:?}", started.elapsed());
    let truth: HashMap<String, (String, String)> = read_to_string(&args[2])?
        .lines()
        .skip(1)
        .map(|l| {
            let f: Vec<&str> = l.split(',').collect();
            (f[0].into(), (f[1].into(), f[2..].join(",")))
        })
        .collect();
    let text = read_to_string(&args[1])?;
    let mut times: Vec<Duration> = Vec::new();
    #[derive(Default)]
    struct Tally {
        n: usize,
        first: usize,
        five: usize,
        twenty: usize,
        sure: usize,
        sure_wrong: usize,
    }
    let mut kinds: BTreeMap<String, Tally> = BTreeMap::new();
    let mut wrong = match args.get(5) {
        Some(path) => Some(File::create(path)?),
        None => None,
    };
    for round in 0..3 {
        kinds.clear();
        for (n, line) in text.lines().skip(1).enumerate() {
            let f: Vec<&str> = line.split(',').map(|x| x.trim_matches('"')).collect();
            let question = Question {
                given: f[1],
                family: f[2],
                dob: f[3],
                sex: f[4],
                postcode: f[5],
                nhs: f[6],
                ..Question::default()
            };
            let started = Instant::now();
            let result = index.search(&question);
            let took = started.elapsed();
            // The least of three: what another process took is not the search's.
            match times.get_mut(n) {
                Some(least) => *least = took.min(*least),
                None => times.push(took),
            }
            let (right, kind) = &truth[f[0]];
            let place = result.found.iter().position(|h| h.id == *right);
            if let (Some(out), true, 0) = (
                &mut wrong,
                kind.starts_with("present") && place != Some(0),
                round,
            ) {
                let levels = |n: usize| {
                    result
                        .found
                        .get(n)
                        .map(|f| (f.id.as_str(), f.bits, f.levels))
                };
                writeln!(
                    out,
                    "{kind}\t{line}\t{right}\t{place:?}\t{:?}\t{:?}",
                    levels(0),
                    place.and_then(levels)
                )?;
            }
            let t = kinds.entry(kind.clone()).or_default();
            t.n += 1;
            t.first += usize::from(place == Some(0));
            t.five += usize::from(place.is_some_and(|p| p < 5));
            t.twenty += usize::from(place.is_some());
            t.sure += usize::from(result.confident);
            t.sure_wrong += usize::from(result.confident && place != Some(0));
        }
    }
    for (kind, t) in kinds {
        let p = |x: usize| 100.0 * x as f64 / t.n as f64;
        println!(
            "{kind:<44} {:>6} first {:>5.1} five {:>5.1} twenty {:>5.1} sure {:>5.1} sure but wrong {:.2}",
            t.n,
            p(t.first),
            p(t.five),
            p(t.twenty),
            p(t.sure),
            p(t.sure_wrong)
        );
    }
    times.sort();
    let at = |p: f64| times[((times.len() as f64 * p) as usize).min(times.len() - 1)];
    println!(
        "p50 {:?} p99 {:?} p99.9 {:?} max {:?}",
        at(0.5),
        at(0.99),
        at(0.999),
        at(1.0)
    );
    Ok(())
}
