//! Search as families need it: each way in which other directories fail has a
//! test of its own.

mod shared;

use chrono::{Days, NaiveDate};
use directory::api::{Answer, answer};
use directory::assurance::Upkeep;
use directory::model::{
    Address, Attribute, Location, Service, ServiceArea, ServiceAtLocation, Taxonomy, TaxonomyTerm,
};
use directory::postcodes::{MILE, Postcodes};
use directory::search::{Catalogue, Council, Found, Group, How, Near, Scope, Wanted};
use directory::{Directory, invented};

const CATEGORY: &str = "0a000000-0000-4000-8000-00000000000c";

fn today() -> NaiveDate {
    "2026-11-22".parse().unwrap()
}

fn checked(days_ago: u64) -> Upkeep {
    Upkeep {
        checked_on: Some(today() - Days::new(days_ago)),
        ..Upkeep::default()
    }
}

fn id(number: u8) -> String {
    format!("0b000000-0000-4000-8000-0000000000{number:02x}")
}

fn at(number: u8, postcode: &str, point: (f64, f64)) -> ServiceAtLocation {
    ServiceAtLocation {
        id: format!("0c000000-0000-4000-8000-0000000000{number:02x}"),
        location: Some(Location {
            id: format!("0d000000-0000-4000-8000-0000000000{number:02x}"),
            name: Some("Quiet House".into()),
            latitude: Some(point.0),
            longitude: Some(point.1),
            addresses: vec![Address {
                id: format!("0e000000-0000-4000-8000-0000000000{number:02x}"),
                address_1: "14 Hidden Street".into(),
                city: "Larkmere".into(),
                state_province: "Larkshire".into(),
                postal_code: postcode.into(),
                country: "GB".into(),
                ..Address::default()
            }],
            ..Location::default()
        }),
        ..ServiceAtLocation::default()
    }
}

fn tag() -> Attribute {
    Attribute {
        id: "0f000000-0000-4000-8000-000000000001".into(),
        taxonomy_term_id: Some(CATEGORY.into()),
        ..Attribute::default()
    }
}

fn named(number: u8, name: &str, about: &str) -> Service {
    Service {
        id: id(number),
        name: name.into(),
        description: Some(about.into()),
        ..Service::default()
    }
}

fn ready(services: Vec<(Service, Upkeep)>) -> Catalogue {
    let mut directory = Directory::new();
    directory.put_taxonomy(Taxonomy {
        id: "0a000000-0000-4000-8000-00000000000a".into(),
        name: "Categories".into(),
        description: "Categories".into(),
        taxonomy_terms: vec![TaxonomyTerm {
            id: CATEGORY.into(),
            name: "Sports".into(),
            description: "Sports".into(),
            ..TaxonomyTerm::default()
        }],
        ..Taxonomy::default()
    });
    for (service, upkeep) in services {
        directory.put_service(service, upkeep);
    }
    settled(directory)
}

fn settled(mut directory: Directory) -> Catalogue {
    directory.set_rules(shared::rules());
    let council = Council {
        name: "Larkmere".into(),
        codes: vec![invented::COUNCIL.into()],
    };
    Catalogue::new(
        directory,
        &invented::postcodes(),
        shared::synonyms(),
        council,
        today(),
    )
}

fn near(postcode: &str, miles: f64) -> Option<Near> {
    let found = invented::postcodes()
        .find(&postcode.parse().unwrap())
        .unwrap();
    Some(Near {
        point: found.point,
        about: found.about,
        council: found.council,
        within: Some(miles * MILE),
        called: postcode.split(' ').next().unwrap().into(),
    })
}

fn ids<'a>(store: &'a Catalogue, found: &Found) -> Vec<&'a str> {
    found.hits.iter().map(|h| store.id(h)).collect()
}

fn words(text: &str) -> Wanted {
    Wanted {
        text: text.into(),
        ..Wanted::default()
    }
}

#[test]
fn a_service_with_no_place_is_found_by_postcode() {
    let here = invented::postcodes()
        .find(&"LK5 5AA".parse().unwrap())
        .unwrap()
        .point;
    let mut line = named(1, "Night line", "Somebody to talk to at any hour.");
    line.service_areas = vec![ServiceArea {
        id: "10000000-0000-4000-8000-000000000001".into(),
        name: Some("England".into()),
        ..ServiceArea::default()
    }];
    let mut hall = named(2, "Youth hall", "Table tennis.");
    hall.service_at_locations = vec![at(2, "LK5 5AB", (here.latitude, here.longitude))];
    let mut elsewhere = named(3, "Another town's line", "Somebody to talk to.");
    elsewhere.service_areas = vec![ServiceArea {
        id: "10000000-0000-4000-8000-000000000002".into(),
        name: Some("Somewhere far".into()),
        ..ServiceArea::default()
    }];
    let store = ready(vec![
        (line, checked(1)),
        (hall, checked(1)),
        (elsewhere, checked(1)),
    ]);
    let wanted = Wanted {
        near: near("LK5 5AA", 2.0),
        ..Wanted::default()
    };
    let found = store.find(&wanted);
    assert_eq!(ids(&store, &found), [id(2), id(1)]);
    assert_eq!(found.hits[1].group, Group::NoPlace);
}

#[test]
fn a_service_a_mile_over_the_border_is_found_and_says_so() {
    let store_codes = invented::postcodes();
    let home: vocabulary::Postcode = "LK6 6AA".parse().unwrap();
    let home = store_codes.find(&home).unwrap();
    assert_eq!(home.council.as_deref(), Some(invented::COUNCIL));
    let mut over = named(1, "Baby massage", "For babies.");
    // A mile to the east, with a postcode of the neighbour's.
    over.service_at_locations = vec![at(
        1,
        "LX1 1AB",
        (home.point.latitude, home.point.longitude + 0.0236),
    )];
    let store = ready(vec![(over, checked(1))]);
    let wanted = Wanted {
        near: near("LK6 6AA", 2.0),
        ..Wanted::default()
    };
    let found = store.find(&wanted);
    assert_eq!(ids(&store, &found), [id(1)]);
    assert!(found.hits[0].over_the_border);
    let why = store.why(&wanted, &found, &found.hits[0]);
    assert!(why.iter().any(|w| w == "About 1 mile from LK6"), "{why:?}");
    assert!(
        why.iter().any(|w| w == "Over the border of Larkmere"),
        "{why:?}"
    );
}

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
fn a_masked_address_shows_nowhere_in_search_or_feed() {
    let mut directory = Directory::new();
    let mut refuge = named(1, "Safe at home", "A safe place.");
    let place = at(1, "LK5 5AB", (52.301_234, 1.901_234));
    directory.put_location(place.location.clone().unwrap(), true);
    refuge.service_at_locations = vec![place];
    directory.put_service(refuge, checked(1));
    let store = settled(directory);
    let codes = Postcodes::england();
    let mut said = String::new();
    for (path, query) in [
        ("/services", "full=true"),
        ("/services", "format=ndjson&full=true"),
        ("/service_at_locations", ""),
        ("/service_at_locations", "full=true"),
        ("/organizations", "full_service=true"),
    ] {
        let query: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect();
        match answer(&store, &codes, "https://x.example.org", path, &query) {
            Answer::Json(value) => said.push_str(&value.to_string()),
            Answer::Lines(lines) => lines.for_each(|l| said.push_str(&l.to_string())),
            Answer::NotFound | Answer::Bad(_) => panic!("{path}"),
        }
    }
    for path in [
        format!("/services/{}", id(1)),
        "/service_at_locations/0c000000-0000-4000-8000-000000000001".into(),
    ] {
        let Answer::Json(value) = answer(&store, &codes, "https://x.example.org", &path, &[])
        else {
            panic!("{path}");
        };
        said.push_str(&value.to_string());
    }
    for secret in ["Hidden Street", "5AB", "52.301", "1.901", "Quiet House"] {
        assert!(!said.contains(secret), "{secret} is shown");
    }
    assert!(
        said.contains("LK5"),
        "the outward code helps and may be shown"
    );
    // Nor do words of the hidden place find it.
    assert!(store.find(&words("quiet house")).hits.is_empty());
}

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
fn a_service_over_the_border_is_known_from_a_council_s_own_table_of_postcodes() {
    // As `serve --postcodes FILE --council-code E07000240` reads it.
    let mut codes = Postcodes::england();
    let table = "pcd,laua,easting,northing\nAL1 1AA,E07000240,515000,206500\n\
        AL2 1AA,E06000032,516600,206500\n";
    assert_eq!(codes.read(table.as_bytes()).unwrap(), 2);
    let mut over = named(1, "Baby massage", "For babies.");
    let mut place = at(1, "AL2 1AA", (0.0, 0.0));
    if let Some(location) = &mut place.location {
        (location.latitude, location.longitude) = (None, None);
    }
    over.service_at_locations = vec![place];
    let mut directory = Directory::new();
    directory.put_service(over, checked(1));
    let council = Council {
        name: "St Albans".into(),
        codes: vec!["E07000240".into()],
    };
    let store = Catalogue::new(directory, &codes, shared::synonyms(), council, today());
    let home = codes.find(&"AL1 1AA".parse().unwrap()).unwrap();
    assert!(!home.about);
    let wanted = Wanted {
        near: Some(Near {
            point: home.point,
            about: false,
            council: home.council,
            within: Some(2.0 * MILE),
            called: "AL1".into(),
        }),
        ..Wanted::default()
    };
    let found = store.find(&wanted);
    let why = store.why(&wanted, &found, &found.hits[0]);
    assert_eq!(why, ["1 mile from AL1", "Over the border of St Albans"]);
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
