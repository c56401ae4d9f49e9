//! A record as the words of a form: sent back, changed, compared, restored.

use directory::fields::{Key, Snapshot, apply, differences};
use directory::invented;

fn record() -> Snapshot {
    let today = "2026-11-22".parse().unwrap();
    let directory = invented::directory(40, 3, today);
    let entry = directory
        .entries()
        .find(|e| !e.service.schedules.is_empty() && !e.service.service_at_locations.is_empty())
        .expect("a service with a time and a place");
    Snapshot::of(&directory, entry)
}

fn key(name: &'static str) -> Key {
    Key { place: None, name }
}

#[test]
fn what_is_sent_back_as_it_was_changes_nothing() {
    let today = "2026-11-22".parse().unwrap();
    let directory = invented::directory(120, 7, today);
    for entry in directory.entries() {
        let before = Snapshot::of(&directory, entry);
        // A browser sends lines with a carriage return.
        let texts: Vec<_> = before
            .texts()
            .into_iter()
            .map(|(key, text)| (key, text.replace('\n', "\r\n")))
            .collect();
        assert_eq!(apply(&before, &texts).unwrap(), before);
    }
}

#[test]
fn a_changed_line_leaves_the_others_as_they_were() {
    let mut before = record();
    before.service.phones = vec![directory::model::Phone {
        id: "kept".into(),
        number: "020 7946 0000".into(),
        extension: Some(12.0),
        ..Default::default()
    }];
    let texts = [
        (
            key("phones"),
            "020 7946 0000\n020 7946 0001, evenings".into(),
        ),
        (
            key("times"),
            "Monday to Wednesday, 9.30am to 11am\nBy appointment".into(),
        ),
        (key("cost"), "£2.50 a session".into()),
    ];
    let after = apply(&before, &texts).unwrap();
    assert_eq!(after.service.phones[0].extension, Some(12.0));
    assert_eq!(
        after.service.phones[1].description.as_deref(),
        Some("evenings")
    );
    assert_eq!(
        after.service.schedules[0].byday.as_deref(),
        Some("MO,TU,WE")
    );
    assert_eq!(
        after.service.schedules[0].opens_at.as_deref(),
        Some("09:30")
    );
    assert_eq!(
        after.service.schedules[1].description.as_deref(),
        Some("By appointment")
    );
    assert_eq!(after.service.cost_options[0].amount, Some(2.5));
    let told: Vec<_> = differences(&before, &after)
        .into_iter()
        .map(|d| d.key.name)
        .collect();
    assert_eq!(told, ["times", "cost", "phones"]);
    assert_eq!(
        after.text(&key("times")),
        "Mondays, Tuesdays and Wednesdays, 9:30am to 11am\nBy appointment"
    );
}

#[test]
fn what_cannot_be_read_is_told_and_nothing_changes() {
    let before = record();
    let wrong = [
        ("name", ""),
        ("times", "Tuesdays 25:99 to 11am"),
        ("phones", "ring us"),
        ("email", "not an address"),
        ("url", "no page"),
        ("ages_from", "young"),
        ("contacts", "Sam, sam@"),
    ];
    let texts: Vec<_> = wrong
        .iter()
        .map(|(n, t)| (key(n), (*t).to_owned()))
        .collect();
    let faults = apply(&before, &texts).unwrap_err();
    let told: Vec<_> = faults.iter().map(|f| f.key.name).collect();
    assert_eq!(told, wrong.map(|(n, _)| n));
}

/// Demanded by name: a masked address, in versions and their differences.
#[test]
fn a_masked_address_is_in_no_difference() {
    let mut before = record();
    let id = before.place_ids()[0].clone();
    before.places.get_mut(&id).unwrap().hidden = true;
    let place = |name| Key {
        place: Some(id.clone()),
        name,
    };
    let texts = [
        (place("address_1"), "7 Hidden Lane".to_owned()),
        (place("postcode"), "LK3 2AB".to_owned()),
        (place("secret"), "no".to_owned()),
    ];
    let after = apply(&before, &texts).unwrap();
    // Also when the new version is not secret any more: the old one was.
    for (old, new) in [(&before, &after), (&after, &before)] {
        let found = differences(old, new);
        let street = found.iter().find(|d| d.key.name == "address_1").unwrap();
        assert!(street.secret && street.old.is_empty() && street.new.is_empty());
        assert!(!format!("{found:?}").contains("Hidden Lane"));
    }
    let shown = format!("{:?}", before.shown());
    assert!(!shown.contains(&before.text(&place("address_1"))));
    assert_eq!(
        after.places[&id].location.latitude, None,
        "the old point is gone"
    );
}
