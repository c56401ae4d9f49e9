//! Words: forgiven, understood, and kept out of addresses.

use crate::{checked, id, named, ready, words};

#[test]
fn slips_stems_and_meanings_are_forgiven_and_explained() {
    let store = ready(vec![
        (
            named(1, "Community pantry", "Cheap shopping on Tuesdays."),
            checked(1),
        ),
        (
            named(2, "Swimming for beginners", "In the shallow pool."),
            checked(1),
        ),
        (named(3, "Talking therapy", "Six meetings."), checked(1)),
    ]);
    for (text, wanted) in [
        ("food bank", 1),
        ("hungry", 1),
        ("swiming", 2),
        ("SWIM", 2),
        ("begginers", 2),
        ("councelling", 3),
        ("anxiety therapy", 3),
        ("swimm", 2),
    ] {
        let found = store.find(&words(text));
        assert_eq!(
            found.hits.first().map(|h| store.id(h).to_owned()),
            Some(id(wanted)),
            "{text}"
        );
    }
    let wanted = words("food bank");
    let found = store.find(&wanted);
    let why = store.why(&wanted, &found, &found.hits[0]);
    assert_eq!(why, ["Has “pantry”, which can mean “food bank”"]);
    assert!(store.find(&words("helicopter")).hits.is_empty());
}

#[test]
fn words_that_the_directory_does_not_know_need_not_stand_in_an_address() {
    let store = ready(vec![(
        named(1, "Debt advice", "Swimming in bills? A May evening."),
        checked(1),
    )]);
    for (typed, kept) in [
        ("Dana Qandili has debt", "has debt"),
        ("swiming", "swiming"),
        ("help for Maya with debts", "help for with debts"),
        ("Debt Advice", "Debt Advice"),
        ("Dana Qandili", ""),
        ("help", "help"),
    ] {
        assert_eq!(store.index.known_words(typed), kept, "{typed}");
    }
}
