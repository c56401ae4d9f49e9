//! The dotted ring around those who live together. One outline where the
//! household stands together over its generations, else one a group.

use crate::layout::PLACE;

/// A run of neighbours in one row who all live in the household.
#[derive(Clone, Copy)]
struct Run {
    row: usize,
    left: f64,
    right: f64,
}

/// A generation: top, bottom, and its people as (left, lives in the household).
pub type Place = (f64, f64, Vec<(f64, bool)>);

const ROUND: f64 = 9.0;

/// The outlines as SVG paths, with the corner where each may be labelled.
/// `rows` holds each row's top and bottom and its people as (left, at home).
pub fn outlines(rows: &[Place]) -> Vec<(String, f64, f64)> {
    let mut groups: Vec<Vec<Run>> = Vec::new();
    for (row, (_, _, people)) in rows.iter().enumerate() {
        let mut people = people.clone();
        people.sort_by(|a, b| a.0.total_cmp(&b.0));
        for run in people.chunk_by(|a, b| a.1 == b.1).filter(|run| run[0].1) {
            let ends = (run[0].0 - ROUND, run[run.len() - 1].0 + PLACE - ROUND - 3.0);
            let run = Run {
                row,
                left: ends.0,
                right: ends.1,
            };
            let joins = |g: &&mut Vec<Run>| {
                let last = g[g.len() - 1];
                last.row + 1 == row && last.left < run.right - 24.0 && run.left < last.right - 24.0
            };
            match groups.iter_mut().find(joins) {
                Some(group) => group.push(run),
                None => groups.push(vec![run]),
            }
        }
    }
    groups.iter().map(|group| outline(rows, group)).collect()
}

/// Down the right side of the runs and up the left, stepping between rows.
fn outline(rows: &[Place], group: &[Run]) -> (String, f64, f64) {
    let top = rows[group[0].row].0 - ROUND;
    let bottom = rows[group[group.len() - 1].row].1 + ROUND;
    let step = |n: usize| (rows[group[n].row].1 + rows[group[n + 1].row].0) / 2.0;
    let mut right = vec![(group[0].right, top)];
    let mut left = vec![(group[0].left, top)];
    for n in 1..group.len() {
        for (side, from, to) in [
            (&mut right, group[n - 1].right, group[n].right),
            (&mut left, group[n - 1].left, group[n].left),
        ] {
            side.extend([(from, step(n - 1)), (to, step(n - 1))]);
        }
    }
    right.push((group[group.len() - 1].right, bottom));
    left.push((group[group.len() - 1].left, bottom));
    left.reverse();
    right.extend(left);
    let points: Vec<String> = right
        .iter()
        .map(|(x, y)| format!("{x:.0},{y:.0}"))
        .collect();
    (
        format!("M{} Z", points.join(" L")),
        group[group.len() - 1].left + 4.0,
        bottom + 15.0,
    )
}
