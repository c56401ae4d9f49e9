//! The same family as rows of words, for those who read rather than look.

use crate::generations::Tree;
use crate::model::{BondKind, Family, PartnershipKind, Shape};
use std::collections::BTreeMap;

/// One person of the table beside the picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The person's id; `None` for a parent who is not recorded.
    pub id: Option<String>,
    /// Whose generation: "Parents and their generation".
    pub generation: String,
    /// The full name.
    pub name: String,
    /// What the person is to the index child: "Mother", "Half-brother".
    pub relation: String,
    /// Age, death, couples, bonds, household, and what could not be drawn.
    pub notes: String,
}

pub fn rows(family: &Family, tree: &Tree, x: &[f64]) -> Vec<Row> {
    let mut order: Vec<usize> = (0..tree.people.len()).collect();
    order.sort_by(|a, b| {
        tree.generation[*a]
            .cmp(&tree.generation[*b])
            .then(x[*a].total_cmp(&x[*b]))
            .then(a.cmp(b))
    });
    let level = tree.index.map_or(0, |i| tree.generation[i]);
    order
        .into_iter()
        .map(|n| Row {
            id: (!tree.people[n].gap).then(|| tree.people[n].id.clone()),
            generation: generation(level as i64 - tree.generation[n] as i64),
            name: tree.people[n].name.clone(),
            relation: relation(tree, n),
            notes: notes(family, tree, n),
        })
        .collect()
}

fn generation(above: i64) -> String {
    match above {
        0 => "Children and their generation".to_owned(),
        1 => "Parents and their generation".to_owned(),
        2 => "Grandparents and their generation".to_owned(),
        -1 => "The next generation".to_owned(),
        n if n > 2 => format!(
            "{}grandparents and their generation",
            "Great-".repeat(n as usize - 2)
        ),
        n => format!("{} generations on", -n),
    }
}

/// Everybody above a person with how many steps up, the person at 0.
fn above(tree: &Tree, person: usize) -> BTreeMap<usize, usize> {
    let mut found = BTreeMap::from([(person, 0)]);
    let mut next = vec![person];
    let mut steps = 0;
    while !next.is_empty() {
        steps += 1;
        let ups: Vec<usize> = next
            .iter()
            .flat_map(|p| tree.parents[*p].iter().copied())
            .collect();
        next.clear();
        for up in ups {
            if found
                .insert(up, *found.get(&up).unwrap_or(&steps))
                .is_none()
            {
                next.push(up);
            }
        }
    }
    found
}

fn partners(tree: &Tree, person: usize) -> impl Iterator<Item = usize> + '_ {
    let units = tree
        .units
        .iter()
        .filter(move |u| u.parents.contains(&person));
    units.flat_map(move |u| u.parents.iter().copied().filter(move |p| *p != person))
}

/// What `person` is to the index child, by blood, else through a couple.
fn relation(tree: &Tree, person: usize) -> String {
    let Some(index) = tree.index else {
        return "Not worked out: no child is chosen".to_owned();
    };
    if person == index {
        return "The child this is about".to_owned();
    }
    if let Some(words) = kin(tree, index, person) {
        return words;
    }
    if tree.people[person].gap {
        let children = (0..tree.people.len()).filter(|c| tree.parents[*c].contains(&person));
        let names: Vec<&str> = children.map(|c| tree.people[c].name.as_str()).collect();
        return format!("Parent of {}", names.join(", "));
    }
    if tree.parents[index]
        .iter()
        .any(|p| partners(tree, *p).any(|other| other == person))
    {
        return "Parent's partner, now or before".to_owned();
    }
    let step = tree.parents[person].iter().any(|p| {
        tree.parents[index]
            .iter()
            .any(|mine| partners(tree, *mine).any(|other| other == *p))
    });
    if step {
        return word(
            tree,
            person,
            "Stepbrother",
            "Stepsister",
            "Stepbrother or stepsister",
        );
    }
    let partner = partners(tree, person).find_map(|p| {
        if p == index {
            Some("the child".to_owned())
        } else {
            kin(tree, index, p)
        }
    });
    match partner {
        Some(words) => format!("Partner of {}", words.to_lowercase()),
        None => "Not related by what is recorded".to_owned(),
    }
}

fn word(tree: &Tree, person: usize, man: &str, woman: &str, either: &str) -> String {
    match tree.people[person].shape {
        Shape::Square => man,
        Shape::Circle => woman,
        Shape::Diamond => either,
    }
    .to_owned()
}

fn kin(tree: &Tree, index: usize, person: usize) -> Option<String> {
    let (mine, theirs) = (above(tree, index), above(tree, person));
    let (up, down) = mine
        .iter()
        .filter_map(|(who, up)| theirs.get(who).map(|down| (*up, *down)))
        .min_by_key(|(up, down)| (up + down, *up))?;
    let say = |man: &str, woman: &str, either: &str| Some(word(tree, person, man, woman, either));
    let great = |n: usize| "great-".repeat(n);
    let built = |prefix: String, man: &str, woman: &str, either: &str| {
        let words = word(tree, person, man, woman, either);
        let words = format!("{prefix}{words}");
        let mut letters = words.chars();
        letters
            .next()
            .map(|first| first.to_uppercase().collect::<String>() + letters.as_str())
    };
    match (up, down) {
        (1, 0) => say("Father", "Mother", "Parent"),
        (0, 1) => say("Son", "Daughter", "Child"),
        (1, 1) => {
            let (a, b) = (&tree.parents[index], &tree.parents[person]);
            let shared = a.iter().filter(|p| b.contains(p)).count();
            let gap = a.iter().chain(b).any(|p| tree.people[*p].gap);
            if gap {
                say(
                    "Brother or half-brother",
                    "Sister or half-sister",
                    "Brother or sister",
                )
            } else if shared >= 2 {
                say("Brother", "Sister", "Brother or sister")
            } else {
                say("Half-brother", "Half-sister", "Half-brother or half-sister")
            }
        }
        (up, 0) => built(great(up - 2), "grandfather", "grandmother", "grandparent"),
        (0, down) => built(great(down - 2), "grandson", "granddaughter", "grandchild"),
        (2.., 1) => built(great(up - 2), "uncle", "aunt", "uncle or aunt"),
        (1, 2..) => built(great(down - 2), "nephew", "niece", "nephew or niece"),
        (2, 2) => Some("Cousin".to_owned()),
        _ => Some("Distant cousin".to_owned()),
    }
}

fn notes(family: &Family, tree: &Tree, person: usize) -> String {
    let who = &tree.people[person];
    let mut notes = Vec::new();
    if !who.words.is_empty() {
        notes.push(who.words.clone());
    }
    if who.died && !who.words.to_lowercase().contains("died") {
        notes.push("Died".to_owned());
    }
    if family.household.contains(&who.id) {
        notes.push("Lives in the household".to_owned());
    }
    let pairs = family.partnerships.iter().map(|p| {
        let word = match p.kind {
            PartnershipKind::Married => "Married to",
            PartnershipKind::Cohabiting => "Lives with",
            PartnershipKind::Separated => "Separated from",
            PartnershipKind::Divorced => "Divorced from",
        };
        (&p.a, &p.b, word)
    });
    let bonds = family.bonds.iter().map(|b| {
        let word = match b.kind {
            BondKind::Close => "Close to",
            BondKind::Conflict => "In conflict with",
            BondKind::Distant => "Distant from",
        };
        (&b.a, &b.b, word)
    });
    for (a, b, word) in pairs.chain(bonds) {
        let other = if *a == who.id {
            b
        } else if *b == who.id {
            a
        } else {
            continue;
        };
        if let Some(&other) = tree.numbers.get(other) {
            notes.push(format!("{word} {}", tree.people[other].name));
        }
    }
    for (_, problem) in tree.problems.iter().filter(|(p, _)| *p == person) {
        notes.push(problem.trim_end_matches('.').to_owned());
    }
    if notes.is_empty() {
        String::new()
    } else {
        format!("{}.", notes.join(". "))
    }
}
