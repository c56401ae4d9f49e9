//! The hard people, one by one: what the engine must and must not say.

use identity::compare::{Comparer, Rarity};
use identity::explain::{Explanation, explain};
use identity::index::{Index, Question};
use identity::link::needs_a_person;
use identity::model::Model;
use identity::row::{Lists, Row, Source};
use vocabulary::NhsNumber;

const HOME: (&str, &str) = ("48 Park Drive", "LK1 7ZS");
const ELSEWHERE: (&str, &str) = ("3 Mill Lane", "QN4 2AB");

/// given, family, date, sex, home, number.
type Person<'a> = (
    &'a str,
    &'a str,
    &'a str,
    &'a str,
    (&'a str, &'a str),
    &'a str,
);

fn source<'a>(p: &Person<'a>) -> Source<'a> {
    Source {
        given: p.0.as_bytes(),
        family: p.1.as_bytes(),
        dob: p.2.as_bytes(),
        sex: p.3.as_bytes(),
        address: p.4.0.as_bytes(),
        postcode: p.4.1.as_bytes(),
        nhs: p.5.as_bytes(),
        ..Source::default()
    }
}

fn compare(a: Person<'_>, b: Person<'_>) -> (Explanation, bool) {
    let mut lists = Lists::default();
    let (a, b) = (
        Row::read(&source(&a), &mut lists),
        Row::read(&source(&b), &mut lists),
    );
    let mut comparer = Comparer::new(&lists, Rarity::of(100_000));
    let levels = comparer.compare(&a, &b);
    assert_eq!(
        levels.pack(),
        comparer.compare(&b, &a).pack(),
        "comparing is even-handed"
    );
    (
        explain(&levels, &Model::shipped(), 0.0),
        needs_a_person(&levels),
    )
}

#[test]
fn one_child_written_in_many_ways() {
    for (a, b) in [
        // Another script, order, spelling, ending, and a short name.
        (
            ("Мария", "Ivanova", "2012-05-09", "F", HOME, ""),
            ("Maria", "Ivanov", "2012-05-09", "F", HOME, ""),
        ),
        (
            ("Nguyễn", "Linh", "2013-02-11", "F", HOME, ""),
            ("Linh", "Nguyen", "2013-02-11", "F", HOME, ""),
        ),
        (
            ("Abdul Rahman", "Al Hassan", "2011-04-03", "M", HOME, ""),
            ("Abdulrahman", "Hassan", "2011-04-03", "M", ELSEWHERE, ""),
        ),
        (
            ("Isabella", "Cole-Winburn", "2016-08-21", "F", HOME, ""),
            ("Bella", "Winburn", "2016-08-21", "F", HOME, ""),
        ),
        (
            ("Łukasz", "Kowalski", "2010-07-04", "M", HOME, ""),
            ("Lucas", "Kowalski", "2010-04-07", "M", HOME, ""),
        ),
        // Moved, nothing else changed.
        (
            ("Kysha", "Kelbury", "2015-06-05", "F", HOME, ""),
            ("Kysha", "Kelbury", "2015-06-05", "F", ELSEWHERE, ""),
        ),
        // A changed first name and sex, at the same home with the same number.
        (
            ("Olivia", "Kelbury", "2009-06-05", "F", HOME, "9434765919"),
            ("Oliver", "Kelbury", "2009-06-05", "M", HOME, "9434765919"),
        ),
    ] {
        let (e, _) = compare(a, b);
        assert!(e.answer.same > 0.5, "{a:?} {b:?} {e:#?}");
    }
}

#[test]
fn twins_brothers_and_sisters_are_not_one_child() {
    for other in [
        ("Ava", "Kelbury", "2015-06-05", "F", HOME, ""),
        ("Noah", "Kelbury", "2015-06-05", "M", HOME, ""),
        ("Ava", "Kelbury", "2012-01-17", "F", HOME, ""),
    ] {
        let (e, held) = compare(("Isla", "Kelbury", "2015-06-05", "F", HOME, ""), other);
        assert!(e.answer.household > 0.6, "{other:?} {e:#?}");
        assert!(held, "a person decides");
        assert!(!e.cautions.is_empty());
    }
}

#[test]
fn a_sibling_s_number_typed_by_mistake_is_not_enough() {
    let number = "9434765919";
    let (e, _) = compare(
        ("Isla", "Kelbury", "2015-06-05", "F", HOME, number),
        ("Noah", "Kelbury", "2011-02-17", "M", HOME, number),
    );
    assert!(e.answer.same < 0.5, "{e:#?}");
}

#[test]
fn two_valid_numbers_are_two_children() {
    let numbers: Vec<String> = (1..40)
        .filter_map(NhsNumber::invented)
        .map(|n| n.digits())
        .take(2)
        .collect();
    let (e, _) = compare(
        ("Isla", "Kelbury", "2015-06-05", "F", HOME, &numbers[0]),
        ("Isla", "Kelbury", "2015-06-05", "F", HOME, &numbers[1]),
    );
    assert!(e.cautions.iter().any(|c| c.contains("valid NHS numbers")));
    // A mistake in one of them is another matter.
    let mut wrong = numbers[0].clone().into_bytes();
    wrong[4] = b'0' + (wrong[4] - b'0' + 1) % 10;
    let wrong = String::from_utf8(wrong).expect("digits");
    let (e, _) = compare(
        ("Isla", "Kelbury", "2015-06-05", "F", HOME, &numbers[0]),
        ("Isla", "Kelbury", "2015-06-05", "F", HOME, &wrong),
    );
    assert!(e.answer.same > 0.9);
}

#[test]
fn an_adopted_child_s_identities_are_held_apart() {
    let (e, held) = compare(
        ("Albie", "Worburn", "2013-06-12", "M", HOME, ""),
        ("Albie", "Wood", "2013-06-12", "M", ELSEWHERE, ""),
    );
    assert!(held);
    assert!(e.cautions.iter().any(|c| c.contains("adopted")));
}

#[test]
fn about_four_and_no_name_is_no_match_but_no_panic() {
    let (e, _) = compare(
        ("boy", "", "2022", "M", ("", ""), ""),
        ("Theo", "Hart", "2022-03-04", "M", HOME, ""),
    );
    assert!(e.answer.same < 0.5);
    let (e, _) = compare(
        ("", "", "", "", ("", ""), ""),
        ("", "", "", "", ("", ""), ""),
    );
    assert!(e.bits.is_finite());
}

#[test]
fn an_unborn_child_fits_the_baby_at_that_home() {
    let (e, _) = compare(
        ("Unborn baby", "Thornhurst", "2026-03-04", "", HOME, ""),
        ("Esme", "Thornhurst", "2026-02-21", "F", HOME, ""),
    );
    assert!(e.answer.same > 0.3, "{e:#?}");
    assert!(e.cautions.iter().any(|c| c.contains("two babies")));
}

#[test]
fn what_is_put_in_is_found_at_once_and_what_is_taken_out_is_not() {
    let mut index = Index::in_memory(Model::shipped());
    let born = "2015-06-05";
    let people = [
        ("1", ("Kysha", "Kelbury", born, "F", HOME, "")),
        ("2", ("Ava", "Kelbury", born, "F", HOME, "")),
        ("3", ("Noah", "Hart", "2011-02-17", "M", ELSEWHERE, "")),
    ];
    for (id, person) in &people {
        index.put(id, &[source(person)]);
    }
    let ask = |index: &mut Index, given: &str, family: &str, dob: &str| {
        index.search(&Question {
            given,
            family,
            dob,
            ..Question::default()
        })
    };
    let result = ask(&mut index, "keisha", "kelbry", "05/06/2015");
    assert_eq!(result.found[0].id, "1", "{result:?}");
    // A new name and an old home are found together; the old word is gone.
    let new = ("Kysha", "Martin", born, "F", ELSEWHERE, "");
    index.put("1", &[source(&new), source(&people[0].1)]);
    assert_eq!(ask(&mut index, "Kysha", "Martin", "2015").found[0].id, "1");
    index.remove("1");
    let result = ask(&mut index, "Kysha", "Kelbury", born);
    assert!(result.found.iter().all(|f| f.id != "1"));
    assert!(ask(&mut index, "", "", "").found.is_empty());
}
