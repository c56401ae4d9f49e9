//! The frame and each piece, rendered once with awkward words in them.

use askama::Template;

use super::{FieldError, Frame, NavItem, Notice, Who};

#[derive(Template)]
#[template(path = "ui/pieces_test.html")]
struct Pieces {
    frame: Frame,
    words: String,
}

fn page() -> String {
    let nav = (1..=9)
        .map(|n| NavItem {
            text: format!("Place {n}"),
            href: format!("/{n}"),
            current: n == 1,
        })
        .collect();
    let who = Who {
        name: "Jo O'Brien".into(),
        post: "Social worker, North".into(),
    };
    let frame = Frame::signed_in("Larkmere", "Everything", who, nav)
        .with_notice(Some(Notice::new("Note saved.")))
        .with_errors(vec![FieldError::new("given", "Tell us the first name")])
        .with_back("Back", "/home");
    let words = "<script>alert('Zoë')</script>".to_owned();
    Pieces { frame, words }.render().expect("the pieces render")
}

#[test]
fn words_are_escaped_wherever_they_stand() {
    let page = page();
    assert_eq!(page.matches("alert(").count(), 3);
    assert!(!page.contains("<script>alert"));
}

#[test]
fn at_most_seven_places_in_the_navigation() {
    let page = page();
    assert!(page.contains("Place 7") && !page.contains("Place 8"));
}

#[test]
fn what_finds_no_room_in_the_navigation_is_not_lost() {
    let nav = |n: usize| -> Vec<NavItem> {
        let link = |n| NavItem {
            text: format!("Place {n}"),
            href: format!("/{n}"),
            current: false,
        };
        (1..=n).map(link).collect()
    };
    let who = || Who {
        name: "Jo".into(),
        post: "Social worker".into(),
    };
    let many = Frame::signed_in("Larkmere", "All", who(), nav(9));
    let rest: Vec<&str> = many.nav_rest().iter().map(|n| n.href.as_str()).collect();
    assert_eq!(rest, ["/8", "/9"]);
    let few = Frame::signed_in("Larkmere", "All", who(), nav(3));
    assert!(few.nav_rest().is_empty() && few.nav_shown().len() == 3);
}

#[test]
fn an_error_is_in_the_title_in_the_summary_and_at_its_field() {
    let page = page();
    assert!(page.contains("<title>Error: Everything - Larkmere</title>"));
    assert!(page.contains(r##"<a href="#given">Tell us the first name</a>"##));
    assert!(page.contains(r#"id="given-error""#));
    assert!(page.contains(r#"aria-describedby="given-hint given-error""#));
}

#[test]
fn nothing_inline_that_the_security_policy_would_refuse() {
    let page = page();
    for bad in [
        " style=",
        "<style",
        "onclick=",
        "javascript:",
        "http://",
        "https://",
    ] {
        assert!(!page.contains(bad), "{bad}");
    }
}

#[test]
fn the_search_is_the_first_field_and_help_is_in_the_footer() {
    let page = page();
    let first = page.find("<input").expect("an input");
    assert!(page[first..].starts_with(r#"<input class="govuk-input" id="search""#));
    let footer = page.find("<footer").expect("a footer");
    assert!(page[footer..].contains(r#"href="/help""#));
}

#[test]
fn a_public_page_shows_no_search_and_no_navigation() {
    let frame =
        Frame::public("Larkmere", "Ask for help").with_exit("https://www.bbc.co.uk/weather");
    let page = Pieces {
        frame,
        words: String::new(),
    }
    .render()
    .expect("renders");
    assert!(!page.contains("role=\"search\"") && !page.contains("Sign out"));
    assert!(page.contains("Exit this page"));
}
