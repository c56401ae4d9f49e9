//! The searches that P9 is measured with: every filter, alone and together.

use crate::model::Service;
use crate::postcodes::{MILE, Postcodes};
use crate::search::{Catalogue, How, Near, Scope, Wanted};

/// Each search with its name, over an invented directory.
pub fn searches(store: &Catalogue, postcodes: &Postcodes) -> Vec<(&'static str, Wanted)> {
    let near = |miles: f64| {
        let found = postcodes.find_area("LK5 5")?;
        Some(Near {
            point: found.point,
            about: found.about,
            council: found.council,
            within: Some(miles * MILE),
            called: "LK5".into(),
        })
    };
    let mut tags: std::collections::BTreeMap<String, usize> = std::collections::BTreeMap::new();
    // The category most used for children of this age: a search with it and
    // every other filter must have something to find.
    let for_four = |s: &Service| {
        s.minimum_age.is_some_and(|least| least <= 3.0)
            && s.maximum_age.is_some_and(|most| most >= 4.0)
    };
    let entries = store.directory.entries();
    for entry in entries.filter(|e| for_four(&e.service)) {
        for term in store.directory.tags(&entry.service) {
            *tags.entry(term.id.clone()).or_default() += 1;
        }
    }
    let most = tags.into_iter().max_by_key(|(_, n)| *n);
    let term = most.map(|(id, _)| id).unwrap_or_default();
    let owner = store.directory.organizations().next().map(|o| o.id.clone());
    let words = |text: &str| Wanted {
        text: text.into(),
        ..Wanted::default()
    };
    vec![
        ("nothing asked", Wanted::default()),
        (
            "a postcode, 20 miles",
            Wanted {
                near: near(20.0),
                ..Wanted::default()
            },
        ),
        ("words", words("swimming beginners")),
        ("misspelt words", words("swiming beginers")),
        ("a common word", words("children")),
        (
            "words that mean more",
            words("somebody to talk to about worry"),
        ),
        (
            "words and postcode",
            Wanted {
                near: near(20.0),
                ..words("parenting")
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
            "one owner, a front door, 5 miles",
            Wanted {
                organization: owner,
                scope: Some(Scope {
                    terms: Some(vec![term.clone()]),
                    ages: Some((0.0, 5.0)),
                }),
                near: near(5.0),
                ..Wanted::default()
            },
        ),
        (
            "every filter",
            Wanted {
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
                ..words("play")
            },
        ),
    ]
}
