//! Where a service is: found without a place, over the border, or hidden.

use directory::api::{Answer, answer};
use directory::model::ServiceArea;
use directory::postcodes::{MILE, Postcodes};
use directory::search::{Catalogue, Council, Group, Near, Wanted};
use directory::{Directory, invented};

use crate::{at, checked, id, ids, named, near, ready, settled, shared, today, words};

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
