//! Links a file with known truth and prints how well.
//!
//! `measure RECORDS.csv TRUTH.csv [FORBIDDEN.csv] [--ignore nhs] [--train] [--truth-train OUT.json]`

use std::collections::{HashMap, HashSet};
use std::fs::{File, read_to_string};
use std::time::Instant;

use identity::learn::{Counts, fit};
use identity::level::{Levels, NhsLevel};
use identity::link::{Decision, Options, link};
use identity::model::{About, Model};
use identity::table::{Mapping, Table};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let has = |name: &str| args.iter().any(|a| a == name);
    let value = |name: &str| {
        args.iter()
            .position(|a| a == name)
            .and_then(|i| args.get(i + 1))
            .cloned()
    };
    let ignore_nhs = has("--ignore");
    let started = Instant::now();
    let mut table = Table::default();
    table.read(
        File::open(&args[0])?,
        &Mapping::default(),
        false,
        |_| {},
        |_| {},
    )?;
    table.close();
    println!("read {} in {:?}", table.rows.len(), started.elapsed());
    if has("--read-only") {
        return Ok(());
    }
    if has("--bare") {
        let options = Options {
            ignore_nhs,
            ..Options::default()
        };
        let linked = link(&table, &Model::shipped(), &options, &|what| {
            eprintln!("{:?} {what}", started.elapsed())
        });
        println!("{} pairs in {:?}", linked.pairs.len(), started.elapsed());
        return Ok(());
    }
    let truth: HashMap<String, (String, String, String, String)> = read_to_string(&args[1])?
        .lines()
        .skip(1)
        .map(|l| {
            let f: Vec<&str> = l.split(',').collect();
            (
                f[0].into(),
                (f[1].into(), f[2].into(), f[3].into(), f[4].into()),
            )
        })
        .collect();
    let of: Vec<&(String, String, String, String)> =
        (0..table.rows.len()).map(|i| &truth[table.id(i)]).collect();
    let mut by_person: HashMap<&str, Vec<u32>> = HashMap::new();
    for (i, t) in of.iter().enumerate() {
        by_person.entry(&t.0).or_default().push(i as u32);
    }
    let all: usize = by_person
        .values()
        .map(|v| v.len() * (v.len() - 1) / 2)
        .sum();
    let model = match value("--model") {
        Some(path) => Model::from_json(&read_to_string(path)?)?,
        None => Model::shipped(),
    };
    let options = Options {
        ignore_nhs,
        train: has("--train"),
        join: value("--join").and_then(|v| v.parse().ok()),
        ..Options::default()
    };
    let started = Instant::now();
    let linked = link(&table, &model, &options, &|what| {
        eprintln!("{:?} {what}", started.elapsed())
    });
    println!(
        "linked in {:?}, compared {}, comparisons {}",
        started.elapsed(),
        linked.compared,
        linked.codes.len()
    );
    for (key, (groups, records)) in identity::block::KEYS.iter().zip(&linked.capped.groups) {
        if *groups > 0 {
            println!("  split: {} {groups} groups {records} records", key.0);
        }
    }
    let same = |a: u32, b: u32| of[a as usize].0 == of[b as usize].0;
    if let Some(out) = value("--truth-train") {
        let mut counts = Counts::default();
        for part in [true, false] {
            let (pairs, _) = identity::block::pairs(&table.rows, &table.lists, None, part);
            let mut comparer = identity::compare::Comparer::new(
                &table.lists,
                identity::compare::Rarity::of(table.rows.len()),
            );
            for pair in pairs {
                let (a, b) = ((pair >> 32) as u32, pair as u32);
                let mut levels: Levels =
                    comparer.compare(&table.rows[a as usize], &table.rows[b as usize]);
                levels.nhs = NhsLevel::Missing;
                let seen = counts.entry(levels.pack()).or_default();
                seen.all += 0.5;
                seen.same += if same(a, b) { 0.5 } else { 0.0 };
            }
        }
        let about = About {
            version: "shipped 2026-11-22".into(),
            learnt: "from the truth of an invented set of 100,000 records of England's children"
                .into(),
            records: table.rows.len(),
            join: 0.0,
            review: -3.0,
        };
        std::fs::write(&out, fit(&counts, &model, about).to_json())?;
    }
    let found: HashSet<(u32, u32)> = linked.pairs.iter().map(|p| (p.left, p.right)).collect();
    let (blocked, _) = identity::block::pairs(&table.rows, &table.lists, None, !ignore_nhs);
    let hit = blocked
        .iter()
        .filter(|p| same((*p >> 32) as u32, **p as u32))
        .count();
    println!(
        "true pairs {all}; found by blocking {:.4}",
        hit as f64 / all as f64
    );
    let report = |name: &str, score: &dyn Fn(&identity::link::Pair) -> f32| {
        let mut scored: Vec<(f32, bool)> = linked
            .pairs
            .iter()
            .map(|p| (score(p), same(p.left, p.right)))
            .collect();
        scored.sort_by(|a, b| b.0.total_cmp(&a.0));
        let (mut tp, mut fp) = (0usize, 0usize);
        let (mut best, mut at, mut r999, mut f0) = (0.0f64, 0.0f32, 0.0f64, 0.0);
        for (i, (s, yes)) in scored.iter().enumerate() {
            if *yes {
                tp += 1
            } else {
                fp += 1
            }
            if scored.get(i + 1).is_some_and(|n| n.0 == *s) {
                continue;
            }
            let (p, r) = (tp as f64 / (tp + fp) as f64, tp as f64 / all as f64);
            let f = 2.0 * p * r / (p + r);
            if f > best {
                (best, at) = (f, *s);
            }
            if p >= 0.999 {
                r999 = r999.max(r);
            }
            if *s >= 0.0 {
                f0 = f;
            }
        }
        println!("{name}: best F1 {best:.4} at {at:.2}; F1 at 0 {f0:.4}; R@P.999 {r999:.4}");
    };
    report("own bits", &|p| p.bits);
    report("score", &|p| p.score);
    report("own, not held back", &|p| {
        if p.decision == Decision::Join {
            p.bits
        } else {
            p.bits.min(-1.0)
        }
    });
    let joined: Vec<_> = linked
        .pairs
        .iter()
        .filter(|p| p.decision == Decision::Join)
        .collect();
    let tp = joined.iter().filter(|p| same(p.left, p.right)).count();
    let (p, r) = (tp as f64 / joined.len() as f64, tp as f64 / all as f64);
    println!(
        "joined {} P {p:.4} R {r:.4} F1 {:.4}",
        joined.len(),
        2.0 * p * r / (p + r)
    );
    let wrong: Vec<_> = joined.iter().filter(|p| !same(p.left, p.right)).collect();
    let in_home = wrong
        .iter()
        .filter(|p| of[p.left as usize].1 == of[p.right as usize].1)
        .count();
    let twins = wrong
        .iter()
        .filter(|p| {
            of[p.left as usize].1 == of[p.right as usize].1
                && of[p.left as usize].2.contains("twin")
        })
        .count();
    println!(
        "wrong {} same household {in_home} twins {twins}",
        wrong.len()
    );
    if let Some(path) = args.get(2).filter(|p| !p.starts_with("--")) {
        let forbidden: HashSet<(String, String)> = read_to_string(path)?
            .lines()
            .skip(1)
            .filter_map(|l| l.split_once(',').map(|(a, b)| (a.to_owned(), b.to_owned())))
            .collect();
        let n = joined
            .iter()
            .filter(|p| {
                let (a, b) = (&of[p.left as usize].0, &of[p.right as usize].0);
                forbidden.contains(&(a.clone(), b.clone()))
                    || forbidden.contains(&(b.clone(), a.clone()))
            })
            .count();
        println!("forbidden joined {n}");
    }
    let joined: HashSet<(u32, u32)> = joined.iter().map(|p| (p.left, p.right)).collect();
    let mut groups: HashMap<&str, (usize, usize)> = HashMap::new();
    let mut errors: HashMap<&str, (usize, usize, usize)> = HashMap::new();
    let blocked: HashSet<u64> = blocked.into_iter().collect();
    for rows in by_person.values() {
        for (i, a) in rows.iter().enumerate() {
            for b in &rows[i + 1..] {
                let yes = joined.contains(&(*a, *b));
                let seen = blocked.contains(&(u64::from(*a) << 32 | u64::from(*b)));
                for flag in of[*a as usize].2.split('|') {
                    let g = groups.entry(flag).or_default();
                    g.0 += 1;
                    g.1 += usize::from(yes);
                }
                let mut kinds: Vec<&str> = of[*a as usize]
                    .3
                    .split('|')
                    .chain(of[*b as usize].3.split('|'))
                    .collect();
                kinds.sort_unstable();
                kinds.dedup();
                for kind in kinds {
                    let e = errors.entry(kind).or_default();
                    e.0 += 1;
                    e.1 += usize::from(yes);
                    e.2 += usize::from(seen);
                }
            }
        }
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by_key(|g| std::cmp::Reverse(g.1.0));
    for (flag, (n, hit)) in groups {
        println!("  {flag:<12} {n:>7} {:.4}", hit as f64 / n as f64);
    }
    let mut errors: Vec<_> = errors.into_iter().collect();
    errors.sort_by_key(|g| std::cmp::Reverse(g.1.0));
    for (kind, (n, hit, seen)) in errors {
        println!(
            "  {kind:<12} {n:>7} recall {:.4} blocked {:.4}",
            hit as f64 / n as f64,
            seen as f64 / n as f64
        );
    }
    if let Some(path) = value("--wrong") {
        use std::io::Write;
        let mut out = File::create(path)?;
        let lines: Vec<String> = read_to_string(&args[0])?
            .lines()
            .skip(1)
            .map(str::to_owned)
            .collect();
        for pair in &linked.pairs {
            let yes = same(pair.left, pair.right);
            if yes != (pair.decision == Decision::Join) && pair.bits > -6.0 {
                let tag = if yes { "LOST" } else { "WRONG" };
                if !yes && pair.decision != Decision::Join {
                    continue;
                }
                writeln!(
                    out,
                    "{tag} {:.1} {:.1} {:?}",
                    pair.bits,
                    pair.score,
                    Levels::unpack(pair.code)
                )?;
                writeln!(
                    out,
                    "   {}\n   {}",
                    lines[pair.left as usize], lines[pair.right as usize]
                )?;
            }
        }
        for rows in by_person.values() {
            for (i, a) in rows.iter().enumerate() {
                for b in &rows[i + 1..] {
                    if !found.contains(&(*a, *b)) {
                        writeln!(
                            out,
                            "UNSEEN\n   {}\n   {}",
                            lines[*a as usize], lines[*b as usize]
                        )?;
                    }
                }
            }
        }
    }
    Ok(())
}
