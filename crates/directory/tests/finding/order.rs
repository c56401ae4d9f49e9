//! What stands above what.

use crate::{checked, id, ids, named, ready, words};

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
