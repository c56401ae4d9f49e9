//! Names for groups that stay the same when linking is run again: a group
//! keeps the name that most of its records had before, else it is called
//! after its first record.

use rustc_hash::{FxHashMap, FxHashSet};

/// A name for each group. `groups` holds records by number, `id` gives a
/// record's identifier, `before` the group that an identifier was in.
pub fn names<'a>(
    groups: &[Vec<u32>],
    id: impl Fn(u32) -> &'a str,
    before: &FxHashMap<String, String>,
) -> Vec<String> {
    let mut wishes: Vec<(usize, usize, &str)> = Vec::new();
    for (i, rows) in groups.iter().enumerate() {
        let mut votes: FxHashMap<&str, usize> = FxHashMap::default();
        for row in rows {
            if let Some(name) = before.get(id(*row)) {
                *votes.entry(name).or_default() += 1;
            }
        }
        wishes.extend(votes.into_iter().map(|(name, n)| (n, i, name)));
    }
    // The group with most of the old records keeps the name.
    wishes.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.2.cmp(b.2)).then(a.1.cmp(&b.1)));
    let mut names: Vec<Option<String>> = vec![None; groups.len()];
    let mut taken: FxHashSet<String> = FxHashSet::default();
    for (_, i, name) in wishes {
        if names[i].is_none() && taken.insert(name.to_owned()) {
            names[i] = Some(name.to_owned());
        }
    }
    groups
        .iter()
        .zip(names)
        .map(|(rows, name)| {
            name.unwrap_or_else(|| {
                let first = rows.iter().map(|row| id(*row)).min().unwrap_or_default();
                let mut name = format!("child-{first}");
                while !taken.insert(name.clone()) {
                    name.push('+');
                }
                name
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_keep_their_names() {
        let ids = ["a", "b", "c", "d", "e"];
        let id = |row: u32| ids[row as usize];
        let first = names(&[vec![0, 1], vec![2], vec![3]], id, &FxHashMap::default());
        assert_eq!(first, ["child-a", "child-c", "child-d"]);
        let mut before = FxHashMap::default();
        for (record, group) in [
            ("a", "child-a"),
            ("b", "child-a"),
            ("c", "child-c"),
            ("d", "child-d"),
        ] {
            before.insert(record.to_owned(), group.to_owned());
        }
        // e is new and joins; a leaves; c and d become one.
        let again = names(&[vec![1, 4], vec![0], vec![2, 3]], id, &before);
        assert_eq!(again[2], "child-c");
        assert!(again[0] == "child-a" || again[1] == "child-a");
        assert_ne!(again[0], again[1]);
    }
}
