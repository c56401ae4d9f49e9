//! The searches that P9 is measured with: every filter, alone and together.

use crate::postcodes::{MILE, Postcodes};
use crate::search::{Catalogue, How, Near, Wanted};

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
    for entry in store.directory.entries() {
        for term in store.directory.tags(&entry.service) {
            *tags.entry(term.id.clone()).or_default() += 1;
        }
    }
    let most = tags.into_iter().max_by_key(|(_, n)| *n);
    let term = most.map(|(id, _)| id).unwrap_or_default();
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
