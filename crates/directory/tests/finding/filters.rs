//! Filters: each narrows, says so, and lets nothing else in.

use directory::search::{How, Scope, Wanted};

use crate::{CATEGORY, at, checked, id, ids, named, ready, tag, words};

#[test]
fn an_untagged_service_does_not_leak_into_a_category() {
    let mut tagged = named(1, "Judo", "For children.");
    tagged.attributes = vec![tag()];
    let untagged = named(2, "Sports day", "Sports for everybody.");
    let store = ready(vec![(tagged, checked(1)), (untagged, checked(1))]);
    let wanted = Wanted {
        terms: vec![vec![CATEGORY.into()]],
        ..Wanted::default()
    };
    assert_eq!(ids(&store, &store.find(&wanted)), [id(1)]);
    let unknown = Wanted {
        terms: vec![vec!["0a000000-0000-4000-8000-0000000000ff".into()]],
        ..Wanted::default()
    };
    assert!(
        store.find(&unknown).hits.is_empty(),
        "an unknown term finds nothing"
    );
}

#[test]
fn a_front_door_shows_only_what_says_that_it_belongs_there() {
    let mut tagged = named(1, "Signing club", "Signs.");
    tagged.attributes = vec![tag()];
    tagged.minimum_age = Some(11.0);
    tagged.maximum_age = Some(18.0);
    let mut silent = named(2, "Signs for all", "Signs.");
    silent.attributes = vec![tag()];
    let mut untagged = named(3, "Signs on Sundays", "Signs.");
    untagged.minimum_age = Some(11.0);
    let store = ready(vec![
        (tagged, checked(1)),
        (silent, checked(1)),
        (untagged, checked(1)),
    ]);
    let terms = store.terms_named(&["sport".into()]);
    assert_eq!(terms, [CATEGORY]);
    let through = |terms, ages| Wanted {
        scope: Some(Scope { terms, ages }),
        ..words("signs")
    };
    let young = store.find(&through(Some(terms.clone()), Some((11.0, 25.0))));
    assert_eq!(
        ids(&store, &young),
        [id(1)],
        "it says its category and ages"
    );
    let any_age = store.find(&through(Some(terms), None));
    assert_eq!(any_age.hits.len(), 2);
    let unknown = store.find(&through(Some(store.terms_named(&["nobody".into()])), None));
    assert!(
        unknown.hits.is_empty(),
        "a category of nobody's shows nothing"
    );
}

#[test]
fn ages_days_and_times_overlap() {
    let mut club = named(1, "After-school club", "Games.");
    club.minimum_age = Some(5.0);
    club.maximum_age = Some(11.0);
    club.schedules = vec![directory::model::Schedule {
        id: "11000000-0000-4000-8000-000000000001".into(),
        byday: Some("MO,WE".into()),
        opens_at: Some("15:30".into()),
        closes_at: Some("18:00".into()),
        ..directory::model::Schedule::default()
    }];
    let store = ready(vec![(club, checked(1))]);
    let holds = |wanted: Wanted| store.find(&wanted).hits.len() == 1;
    assert!(holds(Wanted {
        ages: Some((11.0, 11.0)),
        ..Wanted::default()
    }));
    assert!(!holds(Wanted {
        ages: Some((12.0, 14.0)),
        ..Wanted::default()
    }));
    assert!(holds(Wanted {
        days: 0b100,
        from: Some(17 * 60),
        ..Wanted::default()
    }));
    assert!(!holds(Wanted {
        days: 0b10,
        ..Wanted::default()
    }));
    assert!(!holds(Wanted {
        days: 0b100,
        from: Some(18 * 60),
        ..Wanted::default()
    }));
    assert!(!holds(Wanted {
        days: 0b100,
        to: Some(15 * 60),
        ..Wanted::default()
    }));
}

#[test]
fn cost_language_access_and_ways_narrow_and_say_so() {
    let mut full = named(1, "Play", "Play.");
    full.fees = Some("Free".into());
    full.languages = vec![directory::model::Language {
        id: "12000000-0000-4000-8000-000000000001".into(),
        name: Some("Urdu".into()),
        code: Some("ur".into()),
        ..directory::model::Language::default()
    }];
    full.schedules = vec![directory::model::Schedule {
        id: "11000000-0000-4000-8000-000000000002".into(),
        byday: Some("TU".into()),
        opens_at: Some("18:00".into()),
        closes_at: Some("19:30".into()),
        ..directory::model::Schedule::default()
    }];
    let access = |says: &str| {
        vec![directory::model::Accessibility {
            id: "13000000-0000-4000-8000-000000000001".into(),
            description: Some(says.into()),
            ..directory::model::Accessibility::default()
        }]
    };
    let mut place = at(1, "LK5 5AB", (52.3, 1.9));
    if let Some(location) = &mut place.location {
        location.accessibility = access("Ramp at the side door");
    }
    full.service_at_locations = vec![place];
    let mut other = named(2, "Play", "Play.");
    let mut place = at(2, "LK5 5AC", (52.3, 1.9));
    if let Some(location) = &mut place.location {
        location.accessibility = access("Not wheelchair accessible");
    }
    other.service_at_locations = vec![place];
    let mut line = named(3, "Play by telephone", "Play.");
    line.phones = vec![directory::model::Phone {
        id: "14000000-0000-4000-8000-000000000001".into(),
        number: "01632 960001".into(),
        ..directory::model::Phone::default()
    }];
    let store = ready(vec![
        (full, checked(1)),
        (other, checked(1)),
        (line, checked(1)),
    ]);
    let why_of = |wanted: Wanted, only: u8| {
        let found = store.find(&wanted);
        assert_eq!(ids(&store, &found), [id(only)], "{wanted:?}");
        store.why(&wanted, &found, &found.hits[0])
    };
    let free = Wanted {
        free: true,
        ..Wanted::default()
    };
    assert_eq!(why_of(free, 1), ["Free"]);
    let urdu = Wanted {
        language: Some("Urdu".into()),
        ..Wanted::default()
    };
    assert_eq!(why_of(urdu, 1), ["Speaks Urdu"]);
    let step_free = Wanted {
        access: vec!["step-free".into()],
        ..Wanted::default()
    };
    assert_eq!(why_of(step_free, 1), ["Step-free way in"]);
    let evening = Wanted {
        days: 0b10,
        from: Some(17 * 60),
        ..Wanted::default()
    };
    assert_eq!(why_of(evening, 1), ["Open on Tuesdays"]);
    let by_phone = Wanted {
        how: vec![How::Telephone],
        ..Wanted::default()
    };
    assert!(why_of(by_phone, 3).is_empty());
    let nobody = Wanted {
        access: vec!["swimming pool hoist".into()],
        ..Wanted::default()
    };
    assert!(
        store.find(&nobody).hits.is_empty(),
        "an unknown need is not met"
    );
    assert_eq!(
        store.find(&words("help")).hits.len(),
        3,
        "“help” alone shows all"
    );
}
