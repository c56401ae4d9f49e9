//! Other people's feeds: 3.0, 1.0, ndjson and spreadsheets, with the faults
//! that real ones have.

mod shared;

use directory::import;
use directory::invented;
use directory::search::{Catalogue, Council};
use proptest::prelude::*;
use serde_json::{Value, json};

fn today() -> chrono::NaiveDate {
    "2026-11-22".parse().unwrap()
}

fn published(count: usize) -> Vec<Value> {
    let directory = invented::directory(count, 3, today());
    let mut whole = directory;
    whole.settle();
    let nested = whole
        .entries()
        .map(|e| serde_json::to_value(whole.nested(e)).unwrap());
    nested.collect()
}

#[test]
fn a_feed_with_one_in_twenty_broken_keeps_the_good_and_lists_the_bad() {
    let mut records = published(200);
    for (number, record) in records.iter_mut().enumerate().filter(|(n, _)| n % 20 == 7) {
        *record = match number % 3 {
            0 => json!({ "id": "x", "description": "no name" }),
            1 => json!("not even a record"),
            _ => json!({ "id": "y", "name": "Bad shape", "organization": ["a word"] }),
        };
    }
    let page = json!({ "total_pages": 4, "contents": records });
    let done = import::feed(page.to_string().as_bytes(), "https://feed.example.org").unwrap();
    assert_eq!(done.services.len(), 190);
    assert_eq!(done.rejects.len(), 10);
    assert_eq!(done.pages, Some(4));
    let at: Vec<usize> = done.rejects.iter().map(|r| r.at).collect();
    assert_eq!(at, (0..10).map(|n| n * 20 + 8).collect::<Vec<_>>());
    for reject in &done.rejects {
        assert!(
            reject.reason.ends_with('.') && reject.reason.len() > 10,
            "{reject:?}"
        );
    }
}

#[test]
fn what_we_publish_reads_back_as_it_was() {
    let records = published(150);
    let text = Value::Array(records.clone()).to_string();
    let done = import::feed(text.as_bytes(), "self").unwrap();
    assert!(done.rejects.is_empty(), "{:?}", done.rejects);
    for (taken, record) in done.services.iter().zip(&records) {
        assert_eq!(taken.notes, [], "{}", taken.service.name);
        let again = serde_json::to_value(&taken.service).unwrap();
        for field in [
            "id",
            "name",
            "schedules",
            "cost_options",
            "languages",
            "fees",
            "minimum_age",
        ] {
            assert_eq!(again[field], record[field], "{field}");
        }
    }
}

#[test]
fn a_feed_of_the_old_standard_is_read() {
    let page = json!({ "totalElements": 1, "totalPages": 1, "number": 1, "size": 1, "first": true, "last": true, "content": [{
        "id": 1234,
        "name": "Toddler time",
        "description": null,
        "url": "www.example.org/toddler",
        "status": "Active",
        "attending_type": "venue",
        "attending_access": "drop-in",
        "organization": { "id": "77", "name": "Hall Trust", "description": "", "url": "https://hall.example.org" },
        "eligibilitys": [{ "minimum_age": "0", "maximum_age": 4, "eligibility": "Parents" }],
        "costoptions": [{ "id": "c1", "amount": "2.50", "option": "A family" }],
        "regular_schedules": [{ "id": "s1", "byday": "Monday", "opens_at": "10:00:00", "closes_at": "11.30" }],
        "languages": [{ "id": "l1", "language": "Urdu" }],
        "service_taxonomys": [{ "id": "t1", "taxonomy": { "id": "bccsource:1", "name": "Toddlers", "vocabulary": "x" } }],
        "service_at_locations": [{ "id": "p1", "location": { "id": "l9", "name": "Hall", "latitude": 51.5, "longitude": -0.1,
            "physical_addresses": [{ "id": "a1", "address_1": "1 High Road", "city": "Town", "postal_code": "sw1a1aa" }],
            "accessibility_for_disabilities": [{ "id": "d1", "accessibility": "Step-free way in" }] } }],
    }]});
    let done = import::feed(page.to_string().as_bytes(), "old").unwrap();
    assert!(done.rejects.is_empty(), "{:?}", done.rejects);
    let s = &done.services[0].service;
    assert_eq!((s.minimum_age, s.maximum_age), (Some(0.0), Some(4.0)));
    assert_eq!(s.cost_options[0].amount, Some(2.5));
    assert_eq!(s.schedules[0].byday.as_deref(), Some("MO"));
    assert_eq!(s.schedules[0].closes_at.as_deref(), Some("11:30"));
    assert_eq!(s.languages[0].name.as_deref(), Some("Urdu"));
    assert_eq!(
        s.organization.as_ref().unwrap().website.as_deref(),
        Some("https://hall.example.org")
    );
    let place = s.service_at_locations[0].location.as_ref().unwrap();
    assert_eq!(place.addresses[0].postal_code, "SW1A 1AA");
    assert_eq!(
        place.accessibility[0].description.as_deref(),
        Some("Step-free way in")
    );
    assert_eq!(
        s.application_process.as_deref(),
        Some("Come without asking first.")
    );
    // Again: the same ids, so that nothing is doubled.
    let again = import::feed(page.to_string().as_bytes(), "old").unwrap();
    assert_eq!(again.services[0].service, *s);
    // And it can be published.
    let mut store = directory::Directory::new();
    store.put_service(s.clone(), directory::assurance::Upkeep::default());
    let catalogue = Catalogue::new(
        store,
        &invented::postcodes(),
        shared::synonyms(),
        Council::default(),
        today(),
    );
    assert_eq!(catalogue.index.len(), 1);
}

#[test]
fn a_spreadsheet_is_read_row_by_row() {
    let table = "\u{feff}Service Name,Provider,Phone,Postcode,Min age,Max age,Cost,Days,Opens,Closes,Category,Colour\r\n\
        Messy play,Hall Trust,01632 960001,LK1 1AA,0,4,2.50,\"Monday, Wednesday\",9.30am,11am,Toddlers; Play,red\r\n\
        ,Hall Trust,01632 960002,LK1 1AA,,,,,,,,\r\n\
        Choir,Hall Trust,,LK1 1AB,ten,,Free,,,,,\r\n\
        Chess,Hall Trust,,,8,,Free,Sat,,,,\r\n";
    let done = import::csv(table.as_bytes(), "sheet").unwrap();
    let names: Vec<&str> = done
        .services
        .iter()
        .map(|t| t.service.name.as_str())
        .collect();
    assert_eq!(names, ["Messy play", "Chess"]);
    let play = &done.services[0].service;
    assert_eq!(play.schedules[0].byday.as_deref(), Some("MO,WE"));
    assert_eq!(play.schedules[0].opens_at.as_deref(), Some("09:30"));
    assert_eq!(play.attributes.len(), 2);
    assert!(done.services[1].service.is_free());
    let rejected: Vec<(usize, &str)> = done
        .rejects
        .iter()
        .map(|r| (r.at, r.reason.as_str()))
        .collect();
    assert_eq!(
        rejected[0],
        (1, "These columns are not known and were left out: Colour.")
    );
    assert_eq!(rejected[1], (3, "It has no name."));
    assert_eq!(
        rejected[2],
        (4, "“ten” in the column minimum age is no age.")
    );
    let problem = import::csv("Colour,Size\nred,1\n".as_bytes(), "sheet").unwrap_err();
    assert!(
        problem
            .to_string()
            .starts_with("line 1: no column is called “name”"),
        "{problem}"
    );
}

#[test]
fn what_is_no_feed_says_so() {
    for (text, says) in [
        ("<html>", "no JSON"),
        ("{\"hello\": 1}", "no Open Referral feed"),
        ("42", "no Open Referral feed"),
    ] {
        let problem = import::feed(text.as_bytes(), "x").unwrap_err();
        assert!(problem.to_string().contains(says), "{problem}");
    }
}

#[test]
fn the_same_service_from_two_sources_is_pointed_out() {
    let row = |name: &str| {
        format!(
            "name,organisation,phone,postcode,url\n{name},Hall Trust,01632 960001,LK1 1AA,https://hall.example.org/play\n"
        )
    };
    let mut store = directory::Directory::new();
    for (text, source) in [(row("Messy play group"), "a"), (row("Messy Play"), "b")] {
        for taken in import::csv(text.as_bytes(), source).unwrap().services {
            store.put_service(taken.service, directory::assurance::Upkeep::default());
        }
    }
    let pairs = import::alike(&store);
    assert_eq!(pairs.len(), 1);
    assert!(
        pairs[0]
            .why
            .iter()
            .any(|w| w == "The telephone is the same")
    );
}

proptest! {
    #[test]
    fn no_bytes_make_a_reader_fall_over(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _never_panics = import::feed(bytes.as_slice(), "x");
        let _never_panics = import::csv(bytes.as_slice(), "x");
    }

    #[test]
    fn no_change_of_a_good_feed_makes_a_reader_fall_over(at in 0usize..4000, byte in any::<u8>()) {
        let mut bytes = Value::Array(published(3)).to_string().into_bytes();
        let at = at % bytes.len();
        bytes[at] = byte;
        let _never_panics = import::feed(bytes.as_slice(), "x");
    }
}
