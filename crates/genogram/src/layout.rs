//! Where everybody stands: an order within each generation that keeps couples
//! together and the father's side left of the mother's, then places that centre
//! parents over their children without ever letting two people overlap.

use crate::generations::Tree;
use crate::model::Shape;
use std::collections::{BTreeMap, VecDeque};

/// Width of one person's place: the symbol and the words to its right.
pub const PLACE: f64 = 176.0;
/// Side of a symbol.
pub const SYMBOL: f64 = 44.0;
/// Space kept free between groups that are not couples.
const APART: f64 = 12.0;

/// People of one generation who stand side by side: a chain of couples.
struct Group {
    members: Vec<usize>,
    key: f64,
}

/// The left edge of each person's symbol.
pub fn places(tree: &Tree) -> Vec<f64> {
    let keys = keys(tree);
    let rows = rows(tree, &keys);
    let mut x = vec![0.0; tree.people.len()];
    for row in &rows {
        let mut at = 0.0;
        for group in row {
            for (n, person) in group.members.iter().enumerate() {
                x[*person] = at + n as f64 * PLACE;
            }
            at += group.members.len() as f64 * PLACE + APART;
        }
    }
    for _ in 0..12 {
        rows.iter()
            .skip(1)
            .for_each(|row| settle(tree, row, &mut x, Towards::Parents));
        rows.iter()
            .rev()
            .skip(1)
            .for_each(|row| settle(tree, row, &mut x, Towards::Children));
    }
    rows.iter()
        .skip(1)
        .for_each(|row| settle(tree, row, &mut x, Towards::Parents));
    let left = x.iter().copied().fold(f64::INFINITY, f64::min);
    x.iter().map(|x| (x - left).round()).collect()
}

/// A number for each person, smaller further left: the index child in the
/// middle, the father's forebears on one side, the mother's on the other.
fn keys(tree: &Tree) -> Vec<f64> {
    let count = tree.people.len();
    let mut keys: Vec<Option<f64>> = vec![None; count];
    let mut base = 0.0;
    for start in tree.index.into_iter().chain(0..count) {
        if keys[start].is_some() {
            continue;
        }
        keys[start] = Some(base);
        base += 1000.0;
        let mut queue = VecDeque::from([(start, 128.0)]);
        while let Some((at, step)) = queue.pop_front() {
            let here = keys[at].unwrap_or(base);
            let mut reach = |who: usize, key: f64, step: f64| {
                if keys[who].is_none() {
                    keys[who] = Some(key);
                    queue.push_back((who, step));
                }
            };
            for unit in tree.units.iter().filter(|u| u.children.contains(&at)) {
                let mut parents = unit.parents.clone();
                parents.sort_by_key(|p| tree.people[*p].shape == Shape::Circle);
                for (n, parent) in parents.iter().enumerate() {
                    let side = if n == 0 && parents.len() > 1 {
                        -step
                    } else {
                        step
                    };
                    reach(*parent, here + side, step / 2.0);
                }
            }
            let side = if here < 0.0 { -1.0 } else { 1.0 };
            let units = tree.units.iter().filter(|u| u.parents.contains(&at));
            for (n, unit) in units.enumerate() {
                let beside = here + side * step * 0.05 * (n + 1) as f64;
                unit.parents
                    .iter()
                    .for_each(|p| reach(*p, beside, step / 2.0));
                unit.children
                    .iter()
                    .for_each(|c| reach(*c, beside, step / 2.0));
            }
        }
    }
    keys.into_iter().map(|key| key.unwrap_or(base)).collect()
}

/// The groups of each generation from left to right. Below the first row a
/// group follows its parents, so that lines seldom cross.
fn rows(tree: &Tree, keys: &[f64]) -> Vec<Vec<Group>> {
    let deepest = tree.generation.iter().copied().max().unwrap_or(0);
    let mut place: Vec<f64> = keys.to_vec();
    let mut rows = Vec::new();
    for generation in 0..=deepest {
        let mut chains: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for person in (0..keys.len()).filter(|p| tree.generation[*p] == generation) {
            chains.entry(chain(tree, person)).or_default().push(person);
        }
        let mut row: Vec<Group> = chains
            .into_values()
            .map(|mut members| {
                let born: Vec<f64> = members
                    .iter()
                    .filter_map(|m| Some((*m, tree.units.iter().find(|u| u.children.contains(m))?)))
                    .map(|(_, unit)| mean(unit.parents.iter().map(|p| place[*p])))
                    .collect();
                let own = mean(members.iter().map(|m| keys[*m]));
                let key = if born.is_empty() {
                    own
                } else {
                    mean(born.into_iter())
                };
                members.sort_by(|a, b| keys[*a].total_cmp(&keys[*b]).then(a.cmp(b)));
                if members.len() == 2 && keys[members[0]] * keys[members[1]] >= 0.0 {
                    members.sort_by_key(|m| tree.people[*m].shape == Shape::Circle);
                }
                Group { members, key }
            })
            .collect();
        let age = |g: &Group| {
            let child = g
                .members
                .iter()
                .find(|m| tree.units.iter().any(|u| u.children.contains(m)));
            child.and_then(|m| tree.people[*m].born).unwrap_or(i64::MAX)
        };
        row.sort_by(|a, b| {
            a.key
                .total_cmp(&b.key)
                .then(age(a).cmp(&age(b)))
                .then(a.members.cmp(&b.members))
        });
        let order = row.iter().flat_map(|g| &g.members);
        for (n, person) in order.enumerate() {
            place[*person] = n as f64 - 0.5;
        }
        rows.push(row);
    }
    rows
}

/// The lowest number among all who are joined to `person` through couples.
fn chain(tree: &Tree, person: usize) -> usize {
    let (mut seen, mut stack) = (vec![person], vec![person]);
    while let Some(at) = stack.pop() {
        for unit in tree.units.iter().filter(|u| u.parents.contains(&at)) {
            for other in &unit.parents {
                if !seen.contains(other) {
                    seen.push(*other);
                    stack.push(*other);
                }
            }
        }
    }
    seen.into_iter().min().unwrap_or(person)
}

#[derive(Clone, Copy, PartialEq)]
enum Towards {
    Parents,
    Children,
}

/// Moves the groups of a row as close as they can be to where they want to be,
/// keeping their order and distance. Neighbours that want the same place are
/// pooled and share the difference.
fn settle(tree: &Tree, row: &[Group], x: &mut [f64], towards: Towards) {
    let mut pools: Vec<(f64, usize, Vec<usize>)> = Vec::new();
    let mut offset = 0.0;
    let mut offsets = Vec::new();
    for (n, group) in row.iter().enumerate() {
        offsets.push(offset);
        let mut pool = (wanted(tree, group, x, towards) - offset, 1, vec![n]);
        offset += group.members.len() as f64 * PLACE + APART;
        while let Some(last) = pools.last()
            && last.0 > pool.0
        {
            let total = last.0 * last.1 as f64 + pool.0 * pool.1 as f64;
            let (count, mut groups) = (last.1 + pool.1, last.2.clone());
            groups.append(&mut pool.2);
            pool = (total / count as f64, count, groups);
            pools.pop();
        }
        pools.push(pool);
    }
    for (at, _, groups) in pools {
        for n in groups {
            for (k, person) in row[n].members.iter().enumerate() {
                x[*person] = at + offsets[n] + k as f64 * PLACE;
            }
        }
    }
}

/// Where the left edge of the group would like to be.
fn wanted(tree: &Tree, group: &Group, x: &[f64], towards: Towards) -> f64 {
    let middle = |of: &[usize]| mean(of.iter().map(|p| x[*p]));
    let mut wishes = Vec::new();
    for (k, person) in group.members.iter().enumerate() {
        let inside = k as f64 * PLACE;
        for unit in &tree.units {
            if towards == Towards::Parents && unit.children.contains(person) {
                let shift = x[*person] - middle(&unit.children);
                wishes.push(middle(&unit.parents) + shift - inside);
            }
            if towards == Towards::Children
                && unit.parents.first() == Some(person)
                && !unit.children.is_empty()
            {
                let shift = middle(&unit.parents) - x[group.members[0]];
                wishes.push(middle(&unit.children) - shift);
            }
        }
    }
    if wishes.is_empty() {
        x[group.members[0]]
    } else {
        mean(wishes.into_iter())
    }
}

pub fn mean(numbers: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = numbers.fold((0.0, 0), |(sum, count), n| (sum + n, count + 1));
    if count == 0 {
        0.0
    } else {
        sum / f64::from(count)
    }
}
