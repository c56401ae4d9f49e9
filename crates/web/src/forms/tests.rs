//! A form with every kind of field, shown, typed into, and read back.

use std::collections::HashSet;

use chrono::NaiveDate;
use packs::{
    Answers, Choice, Condition, Field, Form, Kind, Options, Place, Required, Section, Strength, Who,
};

use super::{Fields, PersonChoice, Posted, Reshape, errors, next_unfinished};

fn field(name: &str, label: &str, kind: Kind) -> Field {
    Field {
        name: name.into(),
        label: label.into(),
        hint: String::new(),
        kind,
        required: Required::No,
        why: String::new(),
        missing: String::new(),
        fact: None,
        show_if: None,
        autocomplete: None,
        max_length: None,
        min_length: None,
        rows: None,
        place: Place::default(),
    }
}

fn needed(field: Field) -> Field {
    Field {
        required: Required::Yes,
        ..field
    }
}

fn options(choices: &[(&str, &str)]) -> Options {
    let choice = |(value, label): &(&str, &str)| Choice {
        value: (*value).into(),
        label: (*label).into(),
        ..Choice::default()
    };
    Options {
        codes: None,
        choices: choices.iter().map(choice).collect(),
    }
}

fn section(id: &str, title: &str, fields: Vec<Field>) -> Section {
    Section {
        id: id.into(),
        title: title.into(),
        prompt: String::new(),
        help: String::new(),
        warning: String::new(),
        fields,
        optional: false,
        show_if: None,
    }
}

fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 21).expect("a real day")
}

fn form() -> Form {
    let mut children = section(
        "children",
        "The children",
        vec![
            needed(field(
                "who",
                "Who is it about?",
                Kind::Radios(options(&[
                    ("one", "One child"),
                    ("more", "Brothers and sisters"),
                ])),
            )),
            field(
                "children",
                "Each child",
                Kind::Group {
                    fields: vec![
                        needed(field("given", "First name", Kind::Text)),
                        field("born", "Date of birth", Kind::Date),
                    ],
                    max: 3,
                    noun: "child".into(),
                },
            ),
            Field {
                show_if: Some(Condition {
                    field: "who".into(),
                    any: vec!["more".into()],
                }),
                ..field("together", "Should they be seen together?", Kind::YesNo)
            },
        ],
    );
    children.help = "First line.\nSecond line.".into();
    let mut worries = section(
        "worries",
        "Worries",
        vec![
            Field {
                required: Required::Warn {
                    ask: "Is nothing uncertain?".into(),
                },
                hint: "In your own words".into(),
                why: "So that we know what to find out".into(),
                ..field("unknown", "What do we not know yet?", Kind::Narrative)
            },
            field("seen", "Last seen", Kind::DateTime),
            field(
                "tags",
                "What is it about?",
                Kind::Checkboxes(options(&[("home", "Home"), ("school", "School")])),
            ),
            field(
                "ethnicity",
                "Ethnic group",
                Kind::Select(options(&[("A", "White British"), ("B", "Any other")])),
            ),
            field(
                "adult",
                "Which adult said so?",
                Kind::People {
                    who: Who::Adults,
                    many: false,
                },
            ),
            needed(field("phone", "Your phone number", Kind::Phone)),
            Field {
                max_length: Some(200),
                ..field("short", "In one line", Kind::Narrative)
            },
            field("email", "Your email", Kind::Email),
            field(
                "age",
                "Age",
                Kind::Number {
                    min: Some(0),
                    max: Some(25),
                },
            ),
            field("postcode", "Postcode", Kind::Postcode),
            field("nhs", "NHS number", Kind::NhsNumber),
        ],
    );
    worries.prompt = "- What is going well?\n- What are we worried about?".into();
    Form {
        id: "test".into(),
        title: "Ask for help".into(),
        version: day(),
        until: None,
        source: "A test".into(),
        strength: Strength::Local,
        place: Place::default(),
        intro: String::new(),
        budget: None,
        sections: vec![children, worries],
    }
}

fn people() -> Vec<PersonChoice> {
    [
        ("p1", "Dana <Reed>", "mother", false),
        ("p2", "Maya Reed", "7", true),
    ]
    .map(|(id, name, note, child)| PersonChoice {
        id: id.into(),
        name: name.into(),
        note: note.into(),
        child,
    })
    .into()
}

fn show(form: &Form, answers: &Answers) -> String {
    let findings = form.check(answers, None);
    let fields = Fields::new(form, answers, day());
    let people = people();
    fields
        .findings(&findings)
        .people(&people)
        .html()
        .expect("renders")
        .to_string()
}

/// The values of an attribute, wherever it stands.
fn attributes<'a>(html: &'a str, name: &str) -> Vec<&'a str> {
    let start = format!(" {name}=\"");
    html.split(&start)
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap_or_default())
        .collect()
}

/// Ids are unique, labels and descriptions point at something, tags close.
fn assert_correct(html: &str) {
    let ids = attributes(html, "id");
    let unique: HashSet<&str> = ids.iter().copied().collect();
    assert_eq!(unique.len(), ids.len(), "an id stands twice: {ids:?}");
    for target in attributes(html, "for") {
        assert!(
            unique.contains(target),
            "a label for {target}, which is not there"
        );
    }
    for target in attributes(html, "aria-describedby")
        .iter()
        .flat_map(|ids| ids.split(' '))
    {
        assert!(
            unique.contains(target),
            "described by {target}, which is not there"
        );
    }
    let mut open = Vec::new();
    for tag in html.split('<').skip(1) {
        let name: String = tag
            .chars()
            .take_while(|c| c.is_ascii_alphanumeric() || *c == '/')
            .collect();
        match name.strip_prefix('/') {
            Some(name) => assert_eq!(
                open.pop().as_deref(),
                Some(name),
                "closed in the wrong order"
            ),
            None if ["input", "br/"].contains(&name.as_str()) => {}
            None => open.push(name),
        }
    }
    assert!(open.is_empty(), "left open: {open:?}");
    assert!(!html.contains(" style="), "an inline style");
}

/// What a browser sends for a page: the values that stand in it.
fn typed(pairs: &[(&str, &str)]) -> Vec<u8> {
    url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish()
        .into_bytes()
}

#[test]
fn an_empty_form_is_correct_and_nothing_is_preselected() {
    let html = show(&form(), &Answers::new());
    assert_correct(&html);
    assert!(!html.contains(" checked") && !html.contains(" selected"));
    assert!(!html.contains("value=\"yes\" checked"));
    insta::assert_snapshot!(html);
}

#[test]
fn what_was_typed_comes_back_also_where_it_is_wrong() {
    let form = form();
    let body = typed(&[
        ("who", "more"),
        ("children.0.given", "Zoë \"Z\" <b>"),
        ("children.0.born.day", "31"),
        ("children.0.born.month", "2"),
        ("children.0.born.year", "2019"),
        ("phone", "not a number"),
        ("unknown", "\nWhere she <i>sleeps</i>"),
        ("tags", "home"),
        ("tags", "school"),
        ("adult", "p1"),
        ("seen.day", "20"),
        ("seen.month", "11"),
        ("seen.year", "2026"),
        ("seen.time", "late"),
        ("ethnicity", "A"),
    ]);
    let posted = Posted::read(&form, &body);
    let html = show(&form, &posted.answers);
    assert_correct(&html);
    assert!(!html.contains("<b>") && !html.contains("<i>") && !html.contains("<Reed>"));
    for kept in [
        "Zo\u{eb} ",
        "not a number",
        "Where she ",
        "value=\"31\"",
        "value=\"late\"",
        "value=\"p1\" checked",
        "value=\"A\" selected",
    ] {
        assert!(html.contains(kept), "{kept} was lost");
    }
    assert!(html.contains("id=\"children.0.born-error\"") && html.contains("id=\"phone-error\""));
    assert!(!html.contains("Maya"), "a child among the adults");
    insta::assert_snapshot!(html);
}

#[test]
fn each_error_links_to_an_input_that_is_there() {
    let form = form();
    let answers = Posted::read(
        &form,
        &typed(&[("children.0.born.day", "x"), ("phone", "x")]),
    )
    .answers;
    let found = form.check(&answers, None);
    let html = show(&form, &answers);
    let ids = attributes(&html, "id");
    let links = errors(&found);
    assert!(links.len() >= 4, "{links:?}");
    for error in links {
        assert!(
            ids.contains(&error.field.as_str()),
            "nothing has the id {}",
            error.field
        );
    }
}

#[test]
fn a_warning_asks_for_a_reason_and_then_lets_go() {
    let form = form();
    let html = show(&form, &Answers::new());
    assert!(html.contains("Is nothing uncertain?") && html.contains("name=\"unknown_reason\""));
    let answers = Posted::read(&form, &typed(&[("unknown_reason", "All was said")])).answers;
    assert!(
        form.check(&answers, Some("worries"))
            .iter()
            .all(|f| f.field != "unknown")
    );
    let html = show(&form, &answers);
    assert!(!html.contains("Is nothing uncertain?") && html.contains("All was said"));
}

#[test]
fn a_whole_date_in_the_first_box_is_the_date() {
    let form = form();
    for text in ["2019-03-27", "27/3/2019", "27 March 2019"] {
        let posted = Posted::read(&form, &typed(&[("children.0.born.day", text)]));
        assert_eq!(
            posted.answers.groups("children")[0].text("born"),
            "2019-03-27",
            "{text}"
        );
    }
    let posted = Posted::read(
        &form,
        &typed(&[("children.0.born.day", "3"), ("children.0.born.month", "")]),
    );
    assert_eq!(
        posted.answers.groups("children")[0].date_parts("born")[0],
        "3"
    );
}

#[test]
fn add_another_and_remove_work_without_script() {
    let form = form();
    let two = [("children.0.given", "Maya"), ("children.1.given", "Idris")];
    let posted = Posted::read(&form, &typed(&[&two[..], &[("add", "children")]].concat()));
    assert_eq!(posted.adding(), Some("children"));
    let fields = Fields::new(&form, &posted.answers, day()).adding(posted.adding());
    let html = fields.html().expect("renders").to_string();
    assert_correct(&html);
    assert!(html.contains("name=\"children.2.given\"") && html.contains("add up to 3"));

    let posted = Posted::read(
        &form,
        &typed(&[&two[..], &[("remove", "children:0")]].concat()),
    );
    assert_eq!(posted.reshape, Some(Reshape::Removed("children".into())));
    let left = posted.answers.groups("children");
    assert_eq!((left.len(), left[0].text("given")), (1, "Idris"));
}

#[test]
fn enter_in_a_field_never_presses_remove() {
    let html = show(&form(), &Answers::new());
    let first = html.find("<button").expect("a button");
    assert!(html[first..].contains("Continue</button>"));
    assert!(html.find("name=\"add\"").expect("add") > first + 20);
}

#[test]
fn a_question_is_shown_always_and_says_when_it_is_asked() {
    let html = show(&form(), &Answers::new());
    assert!(html.contains("data-show-if=\"who\" data-show-values=\"more\""));
    assert!(html.contains("Only if you answered “Brothers and sisters” to “Who is it about?”."));
}

#[test]
fn an_answer_on_another_page_decides_before_the_page_is_shown() {
    let mut form = form();
    let asked = form.sections[0]
        .fields
        .pop()
        .expect("the dependent question");
    form.sections[1].fields.push(asked);
    let page = |answers: &Answers| {
        let fields = Fields::new(&form, answers, day()).section("worries");
        fields.html().expect("renders").to_string()
    };
    assert!(!page(&Answers::new()).contains("seen together"));
    let mut answers = Answers::new();
    answers.set("who", "more");
    let html = page(&answers);
    assert!(html.contains("seen together") && !html.contains("data-show-if"));
    assert_correct(&html);
}

#[test]
fn ux28_an_unfinished_form_opens_where_it_was_left() {
    let form = form();
    let mut answers = Answers::new();
    assert_eq!(next_unfinished(&form, &answers), Some("children"));
    answers.set("who", "one");
    assert_eq!(next_unfinished(&form, &answers), Some("worries"));
    answers.set("unknown", "Where she sleeps");
    answers.set("phone", "01632 960 001");
    assert_eq!(next_unfinished(&form, &answers), None);
}

#[test]
fn forged_and_foreign_fields_are_not_answers() {
    let form = form();
    let body = typed(&[
        ("role", "director"),
        ("who", "forged"),
        ("children.99999999.given", "x"),
        ("children.x.given", "y"),
    ]);
    let posted = Posted::read(&form, &body);
    assert_eq!(posted.other("role"), "director");
    assert_eq!(posted.answers.text("role"), "");
    assert_eq!(posted.answers.groups("children").len(), 1);
    assert!(
        form.check(&posted.answers, None)
            .iter()
            .any(|f| f.field == "who")
    );
    assert_correct(&show(&form, &posted.answers));
    let nothing = Posted::read(&form, &[0xff, 0x00, b'=', b'%', b'z']);
    assert!(nothing.answers.is_empty());
}
