//! The gates that a release must pass, on invented children of a seed that no
//! weight was learnt from: quality, harm, and the gap between naming cultures.

use std::collections::{BTreeMap, HashSet};
use std::fs::File;
use std::path::Path;

use identity::index::{Index, Question, build};
use identity::invent;
use identity::link::{Decision, Linked, Options, link};
use identity::model::Model;
use identity::table::{Mapping, Table};

const CHILDREN: usize = 12_000;

struct Set {
    table: Table,
    /// Person, household, culture, special.
    truth: Vec<(String, String, String, String)>,
    forbidden: HashSet<(String, String)>,
}

fn columns(path: &Path) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(path).expect("readable");
    text.lines()
        .skip(1)
        .map(|l| l.split(',').map(str::to_owned).collect())
        .collect()
}

fn set(seed: u64, noise: f64) -> Set {
    let folder = tempfile::tempdir().expect("a folder");
    invent::write_records(folder.path(), CHILDREN, seed, noise).expect("written");
    let mut table = Table::default();
    let file = File::open(folder.path().join("records.csv")).expect("records");
    table
        .read(
            file,
            &Mapping::default(),
            false,
            |r| panic!("{r:?}"),
            |_| {},
        )
        .expect("read");
    let truth = columns(&folder.path().join("truth.csv"))
        .into_iter()
        .map(|f| {
            let (culture, special) = f[3].split_once('|').unwrap_or((&f[3], ""));
            (
                f[1].clone(),
                f[2].clone(),
                culture.to_owned(),
                special.to_owned(),
            )
        })
        .collect();
    let forbidden = columns(&folder.path().join("forbidden.csv"))
        .into_iter()
        .map(|f| (f[0].clone(), f[1].clone()))
        .collect();
    Set {
        table,
        truth,
        forbidden,
    }
}

struct Found {
    f1: f64,
    twins: usize,
    forbidden: usize,
    gap: f64,
    worst: String,
}

fn judge(set: &Set, linked: &Linked) -> Found {
    let joined: HashSet<(u32, u32)> = linked
        .pairs
        .iter()
        .filter(|p| p.decision == Decision::Join)
        .map(|p| (p.left, p.right))
        .collect();
    let of = |i: u32| &set.truth[i as usize];
    let wrong: Vec<&(u32, u32)> = joined
        .iter()
        .filter(|(l, r)| of(*l).0 != of(*r).0)
        .collect();
    let twins = wrong
        .iter()
        .filter(|(l, r)| of(*l).1 == of(*r).1 && of(*l).3 == "twin")
        .count();
    let forbidden = wrong
        .iter()
        .filter(|(l, r)| {
            let (a, b) = (of(*l).0.clone(), of(*r).0.clone());
            set.forbidden.contains(&(a.clone(), b.clone())) || set.forbidden.contains(&(b, a))
        })
        .count();
    let mut people: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
    for (i, t) in set.truth.iter().enumerate() {
        people.entry(&t.0).or_default().push(i as u32);
    }
    let mut cultures: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for rows in people.values() {
        for (i, l) in rows.iter().enumerate() {
            for r in &rows[i + 1..] {
                let c = cultures.entry(&of(*l).2).or_default();
                c.0 += 1;
                c.1 += usize::from(joined.contains(&(*l, *r)));
            }
        }
    }
    let (all, hit) = cultures
        .values()
        .fold((0, 0), |a, c| (a.0 + c.0, a.1 + c.1));
    let precision = (joined.len() - wrong.len()) as f64 / joined.len() as f64;
    let recall = hit as f64 / all as f64;
    let rates: Vec<(&str, f64)> = cultures
        .iter()
        .filter(|c| c.1.0 >= 150)
        .map(|(name, (n, hit))| (*name, *hit as f64 / *n as f64))
        .collect();
    let best = rates.iter().map(|r| r.1).fold(0.0, f64::max);
    let worst = rates
        .iter()
        .min_by(|a, b| a.1.total_cmp(&b.1))
        .expect("a culture");
    println!(
        "P {precision:.4} R {recall:.4} twins {twins} forbidden {forbidden} cultures {rates:.4?}"
    );
    Found {
        f1: 2.0 * precision * recall / (precision + recall),
        twins,
        forbidden,
        gap: best - worst.1,
        worst: worst.0.to_owned(),
    }
}

/// The gap is a release gate (issue of the child index, point 4). Small groups
/// have a few hundred pairs here, so chance is given one point more than the
/// 1.5 that `throughline bench p4` holds a large set to.
#[test]
fn linking_passes_its_gates_with_and_without_numbers() {
    let set = set(411, 1.0);
    for ignore_nhs in [false, true] {
        let options = Options {
            ignore_nhs,
            ..Options::default()
        };
        let found = judge(
            &set,
            &link(&set.table, &Model::shipped(), &options, &|_| {}),
        );
        assert!(found.f1 >= 0.985, "F1 {}", found.f1);
        assert_eq!(found.forbidden, 0, "identities that must never meet");
        // Without numbers nothing but the first name tells twins apart.
        let most = if ignore_nhs { 250 } else { 100 };
        assert!(
            found.twins * 100_000 <= most * set.table.rows.len(),
            "twins {}",
            found.twins
        );
        assert!(found.gap <= 0.025, "gap {} of {}", found.gap, found.worst);
    }
}

#[test]
fn weights_learnt_without_labels_are_about_as_good() {
    let set = set(412, 1.4);
    let shipped = judge(
        &set,
        &link(&set.table, &Model::shipped(), &Options::default(), &|_| {}),
    );
    for ignore_nhs in [false, true] {
        let options = Options {
            ignore_nhs,
            train: true,
            ..Options::default()
        };
        let linked = link(&set.table, &Model::shipped(), &options, &|_| {});
        assert!(linked.learnt.is_some());
        let found = judge(&set, &linked);
        assert!(
            found.f1 >= shipped.f1 - 0.015,
            "{} after {}",
            found.f1,
            shipped.f1
        );
        let again = Model::from_json(&linked.model.to_json()).expect("a model reads back");
        assert_eq!(again.about, linked.model.about);
    }
}

#[test]
fn linking_again_gives_the_same_and_a_person_s_word_holds() {
    let set = set(413, 1.0);
    let model = Model::shipped();
    let first = link(&set.table, &model, &Options::default(), &|_| {});
    let again = link(&set.table, &model, &Options::default(), &|_| {});
    assert_eq!(first.pairs, again.pairs);
    assert_eq!(first.groups.all(), again.groups.all());
    // Take the strongest joined pair apart: neither it nor its group joins it again.
    let pair = first
        .pairs
        .iter()
        .find(|p| p.decision == Decision::Join)
        .expect("a pair");
    let options = Options {
        apart: vec![(pair.right, pair.left)],
        ..Options::default()
    };
    let after = link(&set.table, &model, &options, &|_| {});
    assert_ne!(
        after.groups.group(pair.left),
        after.groups.group(pair.right)
    );
    for group in after.groups.all() {
        let mut numbers: Vec<u64> = group
            .iter()
            .map(|r| set.table.rows[*r as usize].nhs)
            .filter(|n| identity::row::nhs_is_valid(*n))
            .collect();
        numbers.sort_unstable();
        numbers.dedup();
        assert!(numbers.len() < 2, "two valid numbers in one group");
    }
}

#[test]
fn searching_finds_the_child_first() {
    let folder = tempfile::tempdir().expect("a folder");
    invent::write_index(folder.path(), 20_000, 3_000, 414, 1.0).expect("written");
    let mut table = Table::default();
    let file = File::open(folder.path().join("index.csv")).expect("index");
    table
        .read(file, &Mapping::default(), true, |r| panic!("{r:?}"), |_| {})
        .expect("read");
    let built = folder.path().join("index");
    build(&table, &built, &|_| {}).expect("built");
    let mut index = Index::open(&built, Model::shipped()).expect("opened");
    let truth = columns(&folder.path().join("query_truth.csv"));
    let (mut asked, mut first, mut five, mut sure_wrong) = (0, 0, 0, 0);
    for (q, t) in columns(&folder.path().join("queries.csv"))
        .iter()
        .zip(&truth)
    {
        let question = Question {
            given: &q[1],
            family: &q[2],
            dob: &q[3],
            sex: &q[4],
            postcode: &q[5],
            nhs: &q[6],
            ..Question::default()
        };
        let result = index.search(&question);
        let place = result.found.iter().position(|f| f.id == t[1]);
        sure_wrong += usize::from(result.confident && place != Some(0));
        if t[2] == "present: name and date" {
            asked += 1;
            first += usize::from(place == Some(0));
            five += usize::from(place.is_some_and(|p| p < 5));
        }
    }
    println!("{asked} asked, first {first}, in five {five}, sure but wrong {sure_wrong}");
    assert!(first * 100 >= asked * 95 && five * 100 >= asked * 98);
    assert!(
        sure_wrong * 1000 <= truth.len() * 4,
        "sure but wrong: {sure_wrong}"
    );
}
