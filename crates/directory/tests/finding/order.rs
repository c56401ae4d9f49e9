//! What stands above what.

use directory::assurance::Standing;
use directory::invented;
use directory::search::{Hit, Order, Wanted};

use crate::{checked, id, ids, named, near, ready, settled, today, words};

#[test]
fn one_past_its_check_date_says_so_comes_lower_and_goes() {
    let fresh = named(1, "Zumba for mums", "Dance.");
    let old = named(2, "Aerobics dance", "Dance dance.");
    let gone = named(3, "Dance of last year", "Dance.");
    let store = ready(vec![
        (fresh, checked(5)),
        (old, checked(170)),
        (gone, checked(400)),
    ]);
    let wanted = words("dance");
    let found = store.find(&wanted);
    assert_eq!(
        ids(&store, &found),
        [id(1), id(2)],
        "the old one fits better and still comes lower"
    );
    let why = store.why(&wanted, &found, &found.hits[1]);
    assert!(
        why.iter().any(|w| w.starts_with("Not checked since")),
        "{why:?}"
    );
}

#[test]
fn results_stand_in_the_order_that_was_asked_for() {
    let store = settled(invented::directory(600, 3, today()));
    let name = |hit: &Hit| {
        let s = &store.entry(hit).unwrap().service;
        (s.name.to_lowercase(), s.id.clone())
    };
    let low = |hit: &Hit| hit.standing == Standing::Lowered;
    let far = |hit: &Hit| hit.metres.unwrap_or(f64::INFINITY);
    let mut lowered = 0;
    for text in ["", "help", "children", "parents play"] {
        for place in [None, near("LK5 5AA", 4.0)] {
            for order in [Order::Best, Order::Nearest, Order::Name] {
                let wanted = Wanted {
                    near: place.clone(),
                    order,
                    ..words(text)
                };
                let found = store.find(&wanted);
                assert!(found.hits.len() > 20, "{wanted:?}");
                lowered += found.hits.iter().filter(|hit| low(hit)).count();
                let by_words = !text.is_empty() && order == Order::Best;
                let by_place = place.is_some() && order != Order::Name;
                let stands = |a: &Hit, b: &Hit| {
                    let mut said = low(a).cmp(&low(b));
                    if by_words {
                        said = said.then(b.score.total_cmp(&a.score));
                    }
                    if by_place {
                        said = said.then(a.group.cmp(&b.group));
                        said = said.then(far(a).total_cmp(&far(b)));
                    }
                    said.then_with(|| name(a).cmp(&name(b)))
                };
                assert!(
                    found.hits.is_sorted_by(|a, b| stands(a, b).is_lt()),
                    "{wanted:?}"
                );
            }
        }
    }
    assert!(lowered > 0, "some are past their check date");
}
