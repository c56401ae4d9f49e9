//! Turns the family into numbered people, couples with their children, and a
//! generation for each person: partners share one, children come below.
//!
//! Whatever would put somebody above themselves is dropped and reported.

use crate::model::{Family, PartnershipKind, Person, Shape};
use std::collections::{BTreeMap, BTreeSet};

/// A person on the page: from the record, or a gap where a parent should be.
#[derive(Debug, Clone)]
pub struct Someone {
    pub id: String,
    pub name: String,
    pub words: String,
    pub shape: Shape,
    pub born: Option<i64>,
    pub died: bool,
    pub unborn: bool,
    /// A parent who is not recorded.
    pub gap: bool,
}

/// One or two parents and the children they have together, or a couple without.
#[derive(Debug, Clone)]
pub struct Unit {
    pub parents: Vec<usize>,
    pub kind: Option<PartnershipKind>,
    pub children: Vec<usize>,
}

/// The family as numbers, ready to lay out.
#[derive(Debug)]
pub struct Tree {
    pub people: Vec<Someone>,
    pub index: Option<usize>,
    pub units: Vec<Unit>,
    pub generation: Vec<usize>,
    /// Recorded parents of each person, also those that could not be drawn.
    pub parents: Vec<Vec<usize>>,
    pub numbers: BTreeMap<String, usize>,
    pub problems: Vec<(usize, String)>,
}

pub fn build(family: &Family) -> Tree {
    let mut people: Vec<Someone> = Vec::new();
    let mut numbers = BTreeMap::new();
    let mut problems = Vec::new();
    for person in &family.people {
        if let Some(first) = numbers.get(&person.id) {
            problems.push((*first, format!("{} is entered twice.", person.name)));
            continue;
        }
        numbers.insert(person.id.clone(), people.len());
        people.push(someone(person));
    }
    let index = numbers.get(&family.index).copied();
    let mut parents: Vec<Vec<usize>> = vec![Vec::new(); people.len()];
    for (parent, child) in &family.parents {
        if let (Some(&parent), Some(&child)) = (numbers.get(parent), numbers.get(child)) {
            if parent == child {
                problems.push((
                    child,
                    format!("{} is entered as their own parent.", people[child].name),
                ));
            } else if !parents[child].contains(&parent) {
                parents[child].push(parent);
            }
        }
    }
    fill_gaps(index, &mut people, &mut parents);
    let mut units = units(family, &numbers, &people, &parents, &mut problems);
    let generation = generations(&people, &mut units, &mut problems);
    Tree {
        people,
        index,
        units,
        generation,
        parents,
        numbers,
        problems,
    }
}

fn someone(person: &Person) -> Someone {
    Someone {
        id: person.id.clone(),
        name: person.name.clone(),
        words: person.words.clone(),
        shape: person.shape,
        born: person.born,
        died: person.died,
        unborn: person.unborn,
        gap: false,
    }
}

/// Draws a gap for a parent of the index child, or of a brother or sister, who
/// is not recorded: an unknown father is a question to ask, not an empty space.
fn fill_gaps(index: Option<usize>, people: &mut Vec<Someone>, parents: &mut Vec<Vec<usize>>) {
    let Some(index) = index else { return };
    let mut wanted: Vec<(Shape, Vec<usize>)> = Vec::new();
    if parents[index].is_empty() {
        wanted = vec![(Shape::Square, vec![index]), (Shape::Circle, vec![index])];
    }
    for &known in &parents[index] {
        let alone: Vec<usize> = (0..parents.len())
            .filter(|c| parents[*c] == [known])
            .collect();
        let shape = match people[known].shape {
            Shape::Square => Shape::Circle,
            Shape::Circle => Shape::Square,
            Shape::Diamond => Shape::Diamond,
        };
        if !alone.is_empty() {
            wanted.push((shape, alone));
        }
    }
    for (shape, children) in wanted {
        let word = match shape {
            Shape::Square => "Father",
            Shape::Circle => "Mother",
            Shape::Diamond => "Other parent",
        };
        for child in children {
            parents[child].push(people.len());
        }
        people.push(Someone {
            id: format!("gap {}", people.len()),
            name: format!("{word}: not recorded"),
            words: String::new(),
            shape,
            born: None,
            died: false,
            unborn: false,
            gap: true,
        });
        parents.push(Vec::new());
    }
}

fn units(
    family: &Family,
    numbers: &BTreeMap<String, usize>,
    people: &[Someone],
    parents: &[Vec<usize>],
    problems: &mut Vec<(usize, String)>,
) -> Vec<Unit> {
    let mut found: BTreeMap<Vec<usize>, Unit> = BTreeMap::new();
    let mut unit = |mut couple: Vec<usize>, kind: Option<PartnershipKind>, child: Option<usize>| {
        couple.sort_unstable();
        let parents = couple.clone();
        let unit = found.entry(couple).or_insert(Unit {
            parents,
            kind: None,
            children: Vec::new(),
        });
        unit.kind = kind.or(unit.kind);
        unit.children.extend(child);
    };
    for p in &family.partnerships {
        if let (Some(&a), Some(&b)) = (numbers.get(&p.a), numbers.get(&p.b))
            && a != b
        {
            unit(vec![a, b], Some(p.kind), None);
        }
    }
    for (child, theirs) in parents
        .iter()
        .enumerate()
        .filter(|(_, theirs)| !theirs.is_empty())
    {
        unit(theirs.iter().copied().take(2).collect(), None, Some(child));
        for more in theirs.iter().skip(2) {
            problems.push((child, format!("Also their parent: {}.", people[*more].name)));
        }
    }
    found.into_values().collect()
}

/// Gives each person a generation, 0 the oldest. Children whose place would be
/// above or beside their own parents lose that line, and it is said in words.
fn generations(
    people: &[Someone],
    units: &mut [Unit],
    problems: &mut Vec<(usize, String)>,
) -> Vec<usize> {
    // Partners, and parents of the same child, stand in one group.
    let mut group: Vec<usize> = (0..people.len()).collect();
    for unit in units.iter() {
        if let [a, b] = unit.parents[..] {
            let (from, to) = (group[a].max(group[b]), group[a].min(group[b]));
            group
                .iter_mut()
                .filter(|g| **g == from)
                .for_each(|g| *g = to);
        }
    }
    // A line is kept only when its child's group does not lead back above.
    let mut below: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); people.len()];
    for unit in units.iter_mut() {
        let top = group[unit.parents[0]];
        unit.children.retain(|&child| {
            let bottom = group[child];
            let kept = top != bottom && !leads_to(&below, bottom, top);
            if kept {
                below[top].insert(bottom);
            } else {
                let name = &people[child].name;
                problems.push((child, format!(
                    "The lines between {name} and their parents go round in a circle and are not drawn. Check the relationships."
                )));
            }
            kept
        });
    }
    // Longest way down from the top, then each group up against its children.
    let mut depth = vec![0usize; people.len()];
    for _ in 0..people.len() {
        let mut moved = false;
        for (top, bottoms) in below.iter().enumerate() {
            for &bottom in bottoms {
                if depth[bottom] <= depth[top] {
                    depth[bottom] = depth[top] + 1;
                    moved = true;
                }
            }
        }
        if !moved {
            break;
        }
    }
    for _ in 0..people.len() {
        let mut moved = false;
        for (top, bottoms) in below.iter().enumerate() {
            if let Some(nearest) = bottoms.iter().map(|b| depth[*b]).min()
                && depth[top] + 1 < nearest
            {
                depth[top] = nearest - 1;
                moved = true;
            }
        }
        if !moved {
            break;
        }
    }
    group.iter().map(|g| depth[*g]).collect()
}

fn leads_to(below: &[BTreeSet<usize>], from: usize, to: usize) -> bool {
    let (mut stack, mut seen) = (vec![from], BTreeSet::new());
    while let Some(at) = stack.pop() {
        if at == to {
            return true;
        }
        if seen.insert(at) {
            stack.extend(&below[at]);
        }
    }
    false
}
