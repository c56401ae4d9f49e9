//! A few invented people, and the questions that find them.

use super::*;

fn roll(people: &[(&str, &str, &str, &str, &str)]) -> Roll {
    let mut roll = Roll::new(Model::shipped(), 50_000);
    for who in people {
        put(&mut roll, false, *who);
    }
    roll
}

fn put(roll: &mut Roll, shielded: bool, who: (&str, &str, &str, &str, &str)) {
    let source = Source {
        given: who.1.as_bytes(),
        family: who.2.as_bytes(),
        postcode: who.4.as_bytes(),
        ..Source::default()
    };
    let dob = Dob::read(who.3.as_bytes()).expect("a date");
    roll.put(who.0, shielded, &[(source, dob)]);
}

fn ask(roll: &mut Roll, words: &str, dob: &str) -> Vec<Hit> {
    let words: Vec<String> = words.split(' ').map(str::to_owned).collect();
    roll.search(&Asked {
        words: &words,
        born: Dob::read(dob.as_bytes()).expect("a date"),
        ..Asked::default()
    })
}

const PEOPLE: [(&str, &str, &str, &str, &str); 4] = [
    ("maya", "Maya", "Quillfeather", "2013-04-11", "LK1 4AB"),
    ("zach", "Zachary", "Quillfeather", "2013-04-11", "LK1 4AB"),
    ("ivy", "Ivy", "Quarrington", "2015-09-02", "LK2 9ZZ"),
    ("beth", "Elizabeth", "Thornebury", "2009-01-05", ""),
];

#[test]
fn found_by_any_part_and_any_spelling() {
    let mut roll = roll(&PEOPLE);
    for (words, dob, who) in [
        ("quillfeather maya", "", "maya"),
        ("maia kwilfether", "", "maya"),
        ("maya quil", "", "maya"),
        ("amya quillfeather", "2013", "maya"),
        ("maya", "2013-11-04", "maya"),
        ("maya", "2013-04-12", "maya"),
        ("betty thornbury", "", "beth"),
        ("thornebury", "", "beth"),
    ] {
        let hits = ask(&mut roll, words, dob);
        let first = hits.first().map(|h| &*h.id);
        assert_eq!(first, Some(who), "{words} {dob}: {hits:?}");
        assert!(hits[0].likely > 0.1, "{words} {dob}: {hits:?}");
    }
    assert!(ask(&mut roll, "zebedee ottershaw", "").is_empty());
    let hits = ask(&mut roll, "maya quillfeather", "2013-04-11");
    let twin = hits.iter().find(|h| &*h.id == "zach");
    assert!(twin.is_none_or(|t| t.bits + 6.0 < hits[0].bits), "{hits:?}");
}

#[test]
fn what_is_changed_or_taken_out_is_found_so_at_once() {
    let mut roll = roll(&PEOPLE);
    put(
        &mut roll,
        false,
        ("maya", "Maya", "Winterbourne", "2013-04-11", ""),
    );
    let hits = ask(&mut roll, "maya quillfeather", "");
    let still = |h: &&Hit| h.levels.family < FamilyLevel::Different && &*h.id == "maya";
    assert_eq!(hits.iter().find(still), None);
    assert_eq!(&*ask(&mut roll, "maya winterbourne", "")[0].id, "maya");
    roll.remove("maya");
    assert!(ask(&mut roll, "maya winterbourne", "").is_empty());
    for n in 0..3000 {
        let given = if n % 2 == 0 { "Ivy" } else { "Ivie" };
        put(
            &mut roll,
            false,
            ("ivy", given, "Quarrington", "2015-09-02", ""),
        );
    }
    assert!(roll.people.len() < 2000, "old places are given back");
    assert_eq!(ask(&mut roll, "ivy quarrington", "").len(), 1);
}

#[test]
fn the_shielded_change_nothing_for_others() {
    let mut without = roll(&PEOPLE);
    let mut with = roll(&PEOPLE);
    for n in 0..500 {
        let id = format!("hidden{n}");
        put(
            &mut with,
            true,
            (&id, "Maya", "Quillfeather", "2013-04-11", "LK1 4AB"),
        );
    }
    for (words, dob) in [
        ("maya quillfeather", ""),
        ("maya", "2013"),
        ("quil", "2013-04-11"),
    ] {
        let mut seen = ask(&mut with, words, dob);
        seen.retain(|h| !h.shielded);
        assert_eq!(seen, ask(&mut without, words, dob), "{words} {dob}");
    }
}

/// UX02: a name as it was heard at a telephone finds its bearer, ahead of those
/// who only share one name letter for letter.
#[test]
fn a_name_as_it_was_heard_comes_before_half_a_name() {
    let mut roll = roll(&[
        ("maya", "Maya", "Qandili", "2013-07-28", ""),
        ("mia", "Mia", "Kettleworthy", "2013-01-21", ""),
        ("older", "Mia", "Rookdale", "1970-10-22", ""),
        ("father", "Idris", "Qandili", "1989-08-23", ""),
    ]);
    for words in ["mia kandili", "kandili mia", "maia qandili"] {
        let hits = ask(&mut roll, words, "");
        assert_eq!(&*hits[0].id, "maya", "{words}: {hits:?}");
        assert_eq!(hits[0].levels.order, Order::Straight, "{words}");
        assert!(hits[0].likely > 0.85, "{words}: {hits:?}");
    }
    // Little was asked: whoever sounds like it stands close behind.
    let hits = ask(&mut roll, "mia", "2013");
    let order: Vec<&str> = hits.iter().take(2).map(|h| &*h.id).collect();
    assert_eq!(order, ["mia", "maya"], "{hits:?}");
    assert!(hits[0].bits - hits[1].bits < 8.0, "{hits:?}");
}
