//! Versions over time, and a council's pack over England's.

use chrono::{NaiveDate, NaiveDateTime};
use packs::{ClockState, Layer, Pack, Required};

fn d(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn at(text: &str) -> NaiveDateTime {
    text.parse().unwrap()
}

fn head(id: &str, version: &str) -> String {
    format!(
        "id = \"{id}\"\ntitle = \"A {id}\"\nversion = {version}\nsource = \"Local\"\nstrength = \"LOCAL\"\n"
    )
}

fn layer(name: &str) -> Layer {
    Layer::new(name).with("pack.toml", head(name, "2020-01-01"))
}

fn clock(version: &str, amount: u32, unit: &str) -> String {
    format!(
        "{}rule = \"within {amount} {unit}\"\ntrigger = \"referral.made\"\nstop = \"assessment.authorised\"\namount = {amount}\nunit = \"{unit}\"\nwarn_before = 3\n",
        head("c", version)
    )
}

fn form(version: &str, more_head: &str, fields: &str) -> String {
    format!(
        "{}{more_head}[[section]]\nid = \"s\"\ntitle = \"S\"\n{fields}",
        head("f", version)
    )
}

fn text_field(name: &str, label: &str) -> String {
    format!("[[section.field]]\nname = \"{name}\"\nlabel = \"{label}\"\nkind = \"text\"\n")
}

fn load(layers: &[Layer]) -> Pack {
    Pack::from_layers(layers)
        .unwrap_or_else(|problems| panic!("{}", Pack::problems_text(&problems)))
}

/// R001-02
#[test]
fn r001_02_a_changed_rule_counts_only_for_what_starts_later() {
    let pack = load(&[layer("england")
        .with("clocks/old.toml", clock("2020-01-01", 45, "working_days"))
        .with("clocks/new.toml", clock("2027-01-01", 30, "working_days"))]);
    let before = pack.due("c", at("2026-12-31T10:00:00")).unwrap();
    let after = pack.due("c", at("2027-01-01T10:00:00")).unwrap();
    assert_eq!(
        (before.version, before.rule.as_str()),
        (d("2020-01-01"), "within 45 working_days")
    );
    assert_eq!(
        (after.version, after.rule.as_str()),
        (d("2027-01-01"), "within 30 working_days")
    );
    assert!(after.at < before.at);
    assert!(pack.due("c", at("2019-12-31T10:00:00")).is_none());
}

/// R001-39
#[test]
fn r001_39_a_retired_form_is_read_but_not_started() {
    let pack = load(&[layer("england").with(
        "forms/f.toml",
        form("2020-01-01", "until = 2026-11-20\n", &text_field("a", "A")),
    )]);
    assert!(pack.form("f", d("2026-11-20")).is_some());
    assert!(pack.form("f", d("2026-11-21")).is_none());
    assert_eq!(
        pack.form_version("f", d("2020-01-01"))
            .unwrap()
            .fields()
            .count(),
        1
    );
}

#[test]
fn the_version_in_force_on_a_day_is_picked() {
    let pack = load(&[layer("england")
        .with(
            "forms/b.toml",
            form("2026-04-01", "", &text_field("a", "New")),
        )
        .with(
            "forms/a.toml",
            form("2020-01-01", "", &text_field("a", "Old")),
        )]);
    let label = |day| {
        pack.form("f", d(day))
            .unwrap()
            .field("a")
            .unwrap()
            .label
            .clone()
    };
    assert_eq!([label("2026-03-31"), label("2026-04-01")], ["Old", "New"]);
}

#[test]
fn the_stricter_clock_wins_on_each_day() {
    // Ten working days are two weeks or more; over Christmas they are nearly
    // three, so that a council's 15 calendar days are stricter there only.
    let england = layer("england").with("clocks/c.toml", clock("2020-01-01", 10, "working_days"));
    let council = layer("larkmere").with("clocks/c.toml", clock("2020-01-01", 15, "calendar_days"));
    let pack = load(&[england.clone(), council]);
    let plain = pack.due("c", at("2026-11-02T10:00:00")).unwrap();
    assert_eq!(
        (plain.at.date(), plain.rule.as_str()),
        (d("2026-11-16"), "within 10 working_days")
    );
    let christmas = pack.due("c", at("2026-12-21T10:00:00")).unwrap();
    assert_eq!(
        (christmas.at.date(), christmas.rule.as_str()),
        (d("2027-01-05"), "within 15 calendar_days")
    );
    assert_eq!(
        pack.warnings().len(),
        1,
        "the author is told that it is looser at times"
    );

    let stricter = layer("larkmere").with("clocks/c.toml", clock("2020-01-01", 5, "working_days"));
    let pack = load(&[england, stricter]);
    assert_eq!(
        pack.due("c", at("2026-11-02T10:00:00")).unwrap().at.date(),
        d("2026-11-09")
    );
    assert!(pack.warnings().is_empty());
}

#[test]
fn a_council_changes_fields_and_adds_its_own() {
    let england = layer("england").with(
        "forms/f.toml",
        form(
            "2020-01-01",
            "",
            &(text_field("a", "A") + &text_field("b", "B")),
        ),
    );
    let council = layer("larkmere").with(
        "forms/f.toml",
        form(
            "2026-04-01",
            "",
            &(text_field("b", "Our B")
                + "required = \"yes\"\nmissing = \"Fill in B\"\n"
                + &text_field("c", "C")),
        ),
    );
    let pack = load(&[england, council]);
    let before = pack.form("f", d("2026-03-31")).unwrap();
    assert_eq!(
        before
            .fields()
            .map(|f| f.label.as_str())
            .collect::<Vec<_>>(),
        ["A", "B"]
    );
    let after = pack.form("f", d("2026-04-01")).unwrap();
    assert_eq!(
        after.fields().map(|f| f.label.as_str()).collect::<Vec<_>>(),
        ["A", "Our B", "C"]
    );
    assert_eq!(after.field("b").unwrap().required, Required::Yes);
    assert_eq!(after.version, d("2026-04-01"));
    assert!(pack.form_version("f", d("2020-01-01")).is_some());
    assert_eq!(pack.id(), "larkmere");
}

#[test]
fn a_council_that_closes_has_later_due_dates() {
    let england = layer("england").with("clocks/c.toml", clock("2020-01-01", 1, "working_days"));
    let calendar = format!(
        "{}[[closed]]\ndate = 2026-12-29\nname = \"Closed\"\n",
        head("calendar", "2020-01-01")
    );
    let pack = load(&[england, layer("larkmere").with("calendar.toml", calendar)]);
    assert_eq!(
        pack.due("c", at("2026-12-24T10:00:00")).unwrap().at.date(),
        d("2026-12-30")
    );
}

#[test]
fn clocks_stand_and_speak_as_people_expect() {
    let pack =
        load(&[layer("england").with("clocks/c.toml", clock("2020-01-01", 10, "working_days"))]);
    let due = pack.due("c", at("2026-11-02T10:00:00")).unwrap(); // due Monday 16 November
    for (now, state, words) in [
        (
            "2026-11-02T10:00:00",
            ClockState::OnTime,
            "in 10 working days",
        ),
        (
            "2026-11-11T00:00:00",
            ClockState::DueSoon,
            "in 3 working days",
        ),
        (
            "2026-11-14T12:00:00",
            ClockState::DueSoon,
            "in 1 working day",
        ), // a Saturday
        ("2026-11-16T23:00:00", ClockState::DueToday, "due today"),
        (
            "2026-11-18T09:00:00",
            ClockState::Late { by: 2 },
            "2 working days late",
        ),
    ] {
        assert_eq!(due.state(at(now), pack.working_days()), state, "{now}");
        assert_eq!(due.words(at(now), pack.working_days()), words, "{now}");
    }
}

#[test]
fn hours_run_day_and_night() {
    let pack = load(&[layer("england").with("clocks/c.toml", clock("2020-01-01", 72, "hours"))]);
    let due = pack.due("c", at("2026-11-20T22:00:00")).unwrap();
    assert_eq!(due.at, at("2026-11-23T22:00:00"));
    assert_eq!(
        due.words(at("2026-11-23T12:00:00"), pack.working_days()),
        "in 10 hours"
    );
    assert_eq!(
        due.words(at("2026-11-24T01:00:00"), pack.working_days()),
        "3 hours late"
    );
}
