//! Who the child is: suggestions with their reasons and with who already works
//! with the child; pick one, or create the child with the family.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use casework::Error;
use casework::find::Wanted;
use casework::front_door::ToldChild;
use casework::front_door::identify::{Matching, NewChild};
use vocabulary::plain;

use super::{Body, OfContact, Pairs};
use crate::app::{App, Signed, WebError, WebResult};
use crate::ui::{FieldError, Frame, Notice, Page, once, to};

#[derive(Template)]
#[template(path = "front_door/matching.html")]
struct MatchPage {
    frame: Frame,
    found: Matching,
    search: Search,
    new: Create,
    once: String,
    can_create: bool,
}

/// The fields of the search, as typed.
#[derive(Debug, Clone, Default)]
struct Search {
    given: String,
    family: String,
    born: String,
    postcode: String,
}

/// The fields of the new record, as typed.
#[derive(Debug, Clone, Default)]
struct Create {
    given: String,
    family: String,
    born: String,
    parent: String,
    with: Vec<String>,
    none_of_these: bool,
}

impl MatchPage {
    fn wrong(&self, field: &str) -> &str {
        let found = self.frame.errors.iter().find(|e| e.field == field);
        found.map_or("", |e| e.message.as_str())
    }

    fn address(&self) -> String {
        let (contact, part) = (self.found.contact.id, self.found.child.part);
        format!("/contacts/{contact}/children/{part}/match")
    }

    fn how_many(&self) -> String {
        match self.found.matches.len() {
            1 => "1 person may be meant".into(),
            n => format!("{n} people may be meant"),
        }
    }

    fn more_to_find(&self) -> bool {
        self.found.others.iter().any(|other| other.person.is_none())
    }

    fn is_with(&self, part: &str) -> bool {
        self.new.with.iter().any(|p| p == part)
    }

    fn born(&self) -> String {
        match self.found.child.told.born_on() {
            Some(day) => plain::date(day),
            None => self.found.child.told.born.clone(),
        }
    }
}

/// "27 3 2019" of a real day, else what was told.
fn typed_date(told: &ToldChild) -> String {
    use chrono::Datelike;
    match told.born_on() {
        Some(day) => format!("{} {} {}", day.day(), day.month(), day.year()),
        None => told.born.clone(),
    }
}

/// The suggestions for what was told.
pub(super) async fn show(
    State(app): State<App>,
    signed: Signed,
    OfContact(contact, part): OfContact,
) -> WebResult {
    let found = app
        .casework
        .matching(&signed.viewer, contact, part, None)
        .await?;
    let search = Search {
        given: found.wanted.given.clone(),
        family: found.wanted.family.clone(),
        born: typed_date(&found.child.told),
        postcode: found.wanted.postcode.clone(),
    };
    let told = &found.child.told;
    let new = Create {
        given: told.given.clone(),
        family: told.family.clone(),
        born: typed_date(told),
        parent: parent_told(&found),
        ..Create::default()
    };
    page(&signed, found, search, new, Vec::new())
}

/// A parent who asked for help told their own name.
fn parent_told(found: &Matching) -> String {
    let contact = &found.contact;
    let is_family = contact.source.as_deref() == Some("1A");
    contact
        .referrer_name
        .clone()
        .filter(|_| is_family)
        .unwrap_or_default()
}

fn page(
    signed: &Signed,
    found: Matching,
    search: Search,
    new: Create,
    wrong: Vec<FieldError>,
) -> WebResult {
    let refused = !wrong.is_empty();
    let page = Page(MatchPage {
        frame: signed
            .frame("Who is this child?")
            .with_back("Contact", format!("/contacts/{}", found.contact.id))
            .with_errors(wrong),
        can_create: signed.viewer.can("people.create"),
        once: once(),
        found,
        search,
        new,
    });
    Ok(match refused {
        false => page.into_response(),
        true => page.with_status(StatusCode::UNPROCESSABLE_ENTITY),
    })
}

/// Searches again, picks somebody, or creates the child.
pub(super) async fn act(
    State(app): State<App>,
    signed: Signed,
    OfContact(contact, part): OfContact,
    body: Body,
) -> WebResult {
    let sent = Pairs::read(body)?;
    let here = format!("/contacts/{contact}");
    if !sent.text("person").is_empty() {
        let person = sent.text("person").parse();
        let person = person.map_err(|_| WebError(Error::NotFound))?;
        app.casework
            .match_child(&signed.viewer, contact, part, person, sent.text("once"))
            .await?;
        return Ok(Notice::new("The contact is on the child’s record.").on(to(&here)));
    }
    let creating = sent.text("go") == "create";
    let typed = Search {
        given: sent.text("given").to_owned(),
        family: sent.text("family").to_owned(),
        born: sent.text("born").to_owned(),
        postcode: sent.text("postcode").to_owned(),
    };
    let born = plain::read_date(&typed.born);
    let mut wrong = Vec::new();
    if born.is_none() && !typed.born.trim().is_empty() {
        let field = if creating { "new-born" } else { "born" };
        wrong.push(FieldError::new(
            field,
            "Date of birth must be a real date, like 27 3 2019",
        ));
    }
    let mut new = Create {
        given: typed.given.clone(),
        family: typed.family.clone(),
        born: typed.born.clone(),
        parent: sent.text("parent").to_owned(),
        with: sent.all("with").map(str::to_owned).collect(),
        none_of_these: sent.text("none_of_these") == "yes",
    };
    if creating && wrong.is_empty() {
        let child = NewChild {
            child: ToldChild {
                given: typed.given.clone(),
                family: typed.family.clone(),
                born: born.map(|day| day.to_string()).unwrap_or_default(),
                school: String::new(),
            },
            parent: new.parent.clone(),
            with: new.with.iter().filter_map(|p| p.parse().ok()).collect(),
            none_of_these: new.none_of_these,
            once: sent.text("once").to_owned(),
        };
        let made = app
            .casework
            .create_child(&signed.viewer, contact, part, &child)
            .await;
        match made {
            Ok(_) => {
                let words = "A new record is open, and the contact is on it.";
                return Ok(Notice::new(words).on(to(&here)));
            }
            Err(Error::Findings(findings)) => {
                wrong = findings
                    .iter()
                    .map(|f| match f.field.as_str() {
                        "given" => FieldError::new("new-given", &f.message),
                        field => FieldError::new(field, &f.message),
                    })
                    .collect();
            }
            Err(other) => return Err(other.into()),
        }
    }
    let wanted = Wanted {
        given: typed.given.clone(),
        family: typed.family.clone(),
        born,
        postcode: typed.postcode.clone(),
        text: String::new(),
    };
    let wanted = (!wanted.is_empty()).then_some(wanted);
    let found = app
        .casework
        .matching(&signed.viewer, contact, part, wanted)
        .await?;
    if !creating {
        new.parent = parent_told(&found);
    }
    page(&signed, found, typed, new, wrong)
}
