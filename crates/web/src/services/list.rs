//! "Your list": services that somebody put aside, without an account. The list
//! is the cookie, and the address of a shared list is the list itself; nothing
//! of it is kept on the server.

use askama::Template;
use axum::Form;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::IntoResponse;
use directory::search::Catalogue;
use vocabulary::plain;

use super::door;
use super::one::{Ring, address_lines, rings, when};
use super::visitor::{MOST, Visitor, read_list};
use super::words::{Tongue, Words};
use crate::app::{App, WebResult};
use crate::ui::{Frame, Page, to};

/// Ways to give an address to somebody else.
pub(super) struct Share {
    pub link: String,
    pub email: String,
    pub text: String,
}

impl Share {
    /// Shares a link under a title.
    pub fn of(link: String, title: &str) -> Share {
        let coded = |text: &str| {
            let set = url::form_urlencoded::byte_serialize(text.as_bytes());
            // A space is %20 here: + would be read as it stands.
            set.collect::<String>().replace('+', "%20")
        };
        let words = format!("{title}\n{link}");
        Share {
            email: format!("mailto:?subject={}&body={}", coded(title), coded(&words)),
            text: format!("sms:?&body={}", coded(&words)),
            link,
        }
    }
}

/// A service on the list.
struct Item {
    id: String,
    name: String,
    owner: String,
    address: Vec<String>,
    rings: Vec<Ring>,
    email: String,
    when: String,
    cost: String,
    checked: String,
}

#[derive(Template)]
#[template(path = "services/list.html")]
struct ListPage {
    frame: Frame,
    w: Words,
    tongues: Vec<(Tongue, String)>,
    others: Vec<(String, String)>,
    on_list: usize,
    title: String,
    items: Vec<Item>,
    shared: bool,
    share: Share,
    printed: String,
}

pub(super) async fn page(
    State(app): State<App>,
    visitor: Visitor,
    headers: HeaderMap,
    Query(pairs): Query<Vec<(String, String)>>,
) -> WebResult {
    let catalogue = app.casework.catalogue().await?;
    let given = pairs.iter().find(|(name, _)| name == "services");
    let given = given.map(|(_, ids)| read_list(ids));
    let shared = given.is_some();
    let ids = given.unwrap_or_else(|| visitor.list.clone());
    let words = visitor.words.clone();
    let items: Vec<Item> = ids
        .iter()
        .filter_map(|id| item(&catalogue, id, &words))
        .collect();
    let first = door::named(&app, "");
    let shown = items.iter().map(|i| i.id.as_str());
    let title = words.say("list.title").to_owned();
    let mut frame = words
        .frame(app.casework.name(), title.clone())
        .with_back(words.say("list.back"), "/services");
    if door::needs_exit(&first, &catalogue, shown) {
        frame = frame.with_exit(door::EXIT);
    }
    let known: Vec<&str> = items.iter().map(|i| i.id.as_str()).collect();
    let path = format!("/your-list?services={}", known.join("."));
    let mut others = door::others(&app, &first, &words);
    let name = words.of_door(&first, "name", &first.name).to_owned();
    others.insert(0, (name, first.address.clone()));
    let tongues = words.tongues().into_iter().map(|t| {
        let href = match shared {
            true => format!("{path}&lang={}", t.code),
            false => format!("/your-list?lang={}", t.code),
        };
        (t, href)
    });
    let page = Page(ListPage {
        frame,
        tongues: tongues.collect(),
        others,
        on_list: visitor.list.len(),
        share: Share::of(door::link(&app, &headers, &path), &title),
        title,
        items,
        shared,
        printed: plain::date(casework::time::today()),
        w: words,
    });
    Ok(visitor.keep_language(page.into_response()))
}

fn item(catalogue: &Catalogue, id: &str, words: &Words) -> Option<Item> {
    let entry = catalogue.directory.public(id, catalogue.today)?;
    let s = &entry.service;
    let owner = s.organization_id.as_deref();
    let owner = owner.and_then(|id| catalogue.directory.organization(id));
    let places = catalogue.directory.places(entry);
    Some(Item {
        id: s.id.clone(),
        name: s.name.clone(),
        owner: owner.map(|o| o.name.clone()).unwrap_or_default(),
        address: places
            .filter_map(|p| p.location)
            .take(3)
            .map(|l| address_lines(l).join(", "))
            .filter(|a| !a.is_empty())
            .collect(),
        rings: rings(s),
        email: s.email.clone().unwrap_or_default(),
        when: when(s, words).join("; "),
        cost: match s.is_free() {
            true => words.say("why.free").to_owned(),
            false => s.fees.clone().unwrap_or_default(),
        },
        checked: entry.upkeep.words(catalogue.today),
    })
}

/// Adds, takes away, takes over or clears; then back to where they were.
pub(super) async fn change(
    State(app): State<App>,
    mut visitor: Visitor,
    Form(pairs): Form<Vec<(String, String)>>,
) -> WebResult {
    let one = |name: &str| {
        let found = pairs.iter().find(|(n, _)| n == name);
        found.map_or("", |(_, v)| v.as_str())
    };
    let catalogue = app.casework.catalogue().await?;
    let named = pairs.iter().filter(|(n, _)| n == "service");
    let services: Vec<String> = named.flat_map(|(_, id)| read_list(id)).collect();
    match one("do") {
        "remove" => visitor.list.retain(|id| !services.contains(id)),
        "clear" => visitor.list.clear(),
        _ => {
            for id in services {
                let known = catalogue.directory.public(&id, catalogue.today).is_some();
                if known && !visitor.has(&id) && visitor.list.len() < MOST {
                    visitor.list.push(id);
                }
            }
        }
    }
    Ok(visitor.keep_list(to(back(one("back")))))
}

/// Only to a page of ours.
fn back(asked: &str) -> &str {
    let ours = asked.starts_with('/')
        && !asked.starts_with("//")
        && !asked.contains('\\')
        && asked.bytes().all(|b| b.is_ascii_graphic());
    if ours { asked } else { "/your-list" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_is_never_to_another_site() {
        assert_eq!(back("/services?q=swim#s-1"), "/services?q=swim#s-1");
        for asked in [
            "//evil.example",
            "https://evil.example",
            "/\\evil",
            "",
            "/a b",
        ] {
            assert_eq!(back(asked), "/your-list", "{asked}");
        }
    }

    #[test]
    fn a_shared_link_is_whole_in_an_e_mail() {
        let share = Share::of(
            "https://x.example/your-list?services=a.b".into(),
            "Your list",
        );
        assert!(share.email.contains("subject=Your%20list&body="));
        assert!(share.email.ends_with("%3Fservices%3Da.b"));
        assert!(share.text.starts_with("sms:?&body=Your%20list%0A"));
    }
}
