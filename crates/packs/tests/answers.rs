//! Answers as a browser sends them: read, kept when wrong, and explained.

use std::path::Path;

use packs::{Answers, Form, Layer, Pack};
use proptest::prelude::*;

fn form() -> Form {
    let text = r#"
id = "f"
title = "F"
version = 2020-01-01
source = "Local"
strength = "LOCAL"
[[section]]
id = "one"
title = "One"
field = [
  { name = "name", label = "Your name", kind = "text", required = "yes", missing = "Tell us your name", max_length = 10 },
  { name = "born", label = "Date of birth", kind = "date" },
  { name = "when", label = "Start", kind = "datetime" },
  { name = "ways", label = "Ways", kind = "checkboxes", options = [{ value = "a", label = "A" }, { value = "b", label = "B" }] },
  { name = "email", label = "Email", kind = "email" },
  { name = "phone", label = "Phone", kind = "phone" },
  { name = "home", label = "Postcode", kind = "postcode" },
  { name = "nhs", label = "NHS number", kind = "nhs_number" },
  { name = "size", label = "Shoe size", kind = "number", min = 1, max = 15 },
]
[[section]]
id = "two"
title = "Two"
field = [
  { name = "children", label = "Children", kind = "group", max = 3, noun = "child", field = [
    { name = "given", label = "First name", kind = "text", required = "yes", missing = "Tell us the first name" },
    { name = "born", label = "Date of birth", kind = "date" },
  ] },
  { name = "grey", label = "Grey areas", kind = "narrative", required = "warn", ask = "Is nothing uncertain?" },
]
"#;
    let about = "id = \"t\"\ntitle = \"T\"\nversion = 2020-01-01\nsource = \"Local\"\nstrength = \"LOCAL\"\n";
    let layer = Layer::new("t")
        .with("pack.toml", about)
        .with("forms/f.toml", text);
    let pack =
        Pack::from_layers(&[layer]).unwrap_or_else(|p| panic!("{}", Pack::problems_text(&p)));
    pack.forms().next().unwrap().clone()
}

fn read(pairs: &[(&str, &str)]) -> Answers {
    Answers::from_pairs(&form(), pairs.iter().copied())
}

fn messages(pairs: &[(&str, &str)], section: &str) -> Vec<String> {
    form()
        .check(&read(pairs), Some(section))
        .into_iter()
        .map(|f| format!("{}: {}", f.field, f.message))
        .collect()
}

#[test]
fn every_shape_of_answer_is_read() {
    let answers = read(&[
        ("name", "  Dana \r\n"),
        ("born.day", "27"),
        ("born.month", "3"),
        ("born.year", "2019"),
        ("when.day", "1"),
        ("when.month", "May"),
        ("when.year", "2026"),
        ("when.time", "2:30pm"),
        ("ways", "a"),
        ("ways", "b"),
        ("ways", "a"),
        ("children.0.given", "Maya"),
        ("children.7.given", "Sami"),
        ("children.7.born.day", "1"),
        ("children.7.born.month", "2"),
        ("children.7.born.year", "2020"),
        ("once", "token"),
        ("grey_reason", "Sure"),
    ]);
    assert_eq!(answers.text("name"), "Dana");
    assert_eq!(answers.text("born"), "2019-03-27");
    assert_eq!(answers.date_parts("born"), ["27", "3", "2019"]);
    assert_eq!(answers.text("when"), "2026-05-01T14:30");
    assert_eq!(answers.list("ways"), ["a", "b"]);
    let children = answers.groups("children");
    assert_eq!(
        children
            .iter()
            .map(|child| child.text("given"))
            .collect::<Vec<_>>(),
        ["Maya", "Sami"]
    );
    assert_eq!(children[1].date("born"), "2020-02-01".parse().ok());
    assert!(
        answers.text("once").is_empty(),
        "only the form’s own fields are kept"
    );
    assert_eq!(answers.text("grey_reason"), "Sure");
}

#[test]
fn wrong_answers_are_kept_as_typed() {
    let answers = read(&[
        ("born.day", "31"),
        ("born.month", ""),
        ("born.year", "19"),
        ("when.day", "1"),
        ("when.time", "late"),
    ]);
    assert_eq!(answers.date_parts("born"), ["31", "", "19"]);
    assert_eq!(answers.date_parts("when"), ["1", "", ""]);
    assert_eq!(answers.time_part("when"), "late");
    assert_eq!(answers.date("born"), None);
}

#[test]
fn messages_are_plain() {
    assert_eq!(messages(&[], "one"), ["name: Tell us your name"]);
    let wrong = [
        ("name", "Bartholomew"),
        ("born", "31 2 2019"),
        ("when", "soon"),
        ("ways", "z"),
        ("email", "dana"),
        ("phone", "none"),
        ("home", "Larkmere"),
        ("nhs", "943 476 5918"),
        ("size", "16"),
    ];
    assert_eq!(
        messages(&wrong, "one"),
        [
            "name: Your name: use 10 characters or fewer. You have 11",
            "born: Date of birth must be a real date, like 27 3 2019",
            "when: Start must be a real date and time, like 27 3 2019 and 2:30pm",
            "ways: Ways: choose from the list",
            "email: Enter an email address with an @, like name@example.com",
            "phone: Enter a phone number, like 01632 960 001 or 07700 900 982",
            "home: Enter a full postcode, like LM4 7QT",
            "nhs: This NHS number has a mistake in it: check each digit",
            "size: Shoe size must be 15 or less",
        ]
    );
}

#[test]
fn groups_are_checked_one_by_one() {
    let pairs = [
        ("children.0.given", "Maya"),
        ("children.1.born", "27 3 2019"),
        ("grey", "A lot"),
    ];
    assert_eq!(
        messages(&pairs, "two"),
        ["children.1.given: Tell us the first name"]
    );
    let four: Vec<(String, &str)> = (0..4)
        .map(|i| (format!("children.{i}.given"), "x"))
        .collect();
    let answers = Answers::from_pairs(&form(), four);
    assert_eq!(answers.groups("children").len(), 4, "nothing typed is lost");
    assert!(
        form().check(&answers, Some("two"))[0]
            .message
            .contains("add 3 at most")
    );
}

#[test]
fn a_reason_answers_a_warning() {
    assert_eq!(messages(&[], "two"), ["grey: Is nothing uncertain?"]);
    assert_eq!(
        messages(&[("grey_reason", "We asked everyone")], "two"),
        [""; 0]
    );
}

#[test]
fn a_section_is_saved_without_touching_the_others() {
    let form = form();
    let mut all = read(&[("name", "Dana"), ("size", "5"), ("grey", "A lot")]);
    all.replace_section(
        &form,
        "one",
        &read(&[("name", "Dana R"), ("grey", "not this")]),
    );
    assert_eq!(
        (all.text("name"), all.text("size"), all.text("grey")),
        ("Dana R", "", "A lot")
    );
}

#[test]
fn names_in_any_script_and_stray_bytes() {
    let answers = read(&[("name", "ма\u{0}рия"), ("children.0.given", "مايا")]);
    assert_eq!(answers.text("name"), "мария");
    assert_eq!(answers.groups("children")[0].text("given"), "مايا");
}

proptest! {
    /// Whatever a browser or a forger sends: no panic, and what was read is
    /// read the same again from storage.
    #[test]
    fn any_pairs_are_read_and_checked(
        pairs in proptest::collection::vec(("(name|born(\\.day|\\.year)?|when(\\.time)?|ways|size|children\\.[0-9]{1,25}\\.(given|born\\.day)|.{0,8})", ".{0,12}"), 0..40)
    ) {
        let form = form();
        let answers = Answers::from_pairs(&form, pairs);
        for finding in form.check(&answers, None) {
            prop_assert!(!finding.message.is_empty() && !finding.field.is_empty());
        }
        let stored = serde_json::to_string(&answers).unwrap();
        prop_assert_eq!(serde_json::from_str::<Answers>(&stored).unwrap(), answers);
    }
}

/// No form of England's gives an answer before the person does.
#[test]
fn nothing_is_preselected() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/england");
    let pack = Pack::load(dir).unwrap_or_else(|p| panic!("{}", Pack::problems_text(&p)));
    for form in pack.forms() {
        let nothing: [(&str, &str); 0] = [];
        assert!(Answers::from_pairs(form, nothing).is_empty());
        assert!(
            !form.check(&Answers::new(), None).is_empty() || form.insists_on() == 0,
            "{}",
            form.id
        );
    }
}
