//! Finding help through a front door: what is needed, where, for what age,
//! when; results with why they are there, as a list and on a map of our own.

use askama::Template;
use axum::Form;
use axum::extract::{OriginalUri, Path, Query, State};
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::IntoResponse;
use directory::model::TaxonomyTerm;
use directory::search::{Catalogue, DAY_KEYS, Found, Group, Hit, NEEDS, Wanted};
use packs::Door;

use super::door;
use super::map::{self, Drawing};
use super::one::when;
use super::typed::{DISTANCES, TIMES, Typed, WAYS, start};
use super::visitor::Visitor;
use super::words::{Tongue, Words};
use crate::app::{App, WebResult};
use crate::ui::{Frame, Page};

/// Results on a page.
const ON_PAGE: usize = 20;

/// One choice of a list.
struct Choice {
    value: String,
    label: String,
    chosen: bool,
}

/// A group of categories.
struct Heading {
    label: String,
    choices: Vec<Choice>,
}

/// One result as shown.
struct Result {
    id: String,
    number: usize,
    path: String,
    name: String,
    owner: String,
    about: String,
    when: String,
    cost: String,
    closed: bool,
    why: Vec<String>,
    listed: bool,
}

/// A link with its words.
struct Way {
    label: String,
    href: String,
}

#[derive(Template)]
#[template(path = "services/find.html")]
struct FindPage {
    frame: Frame,
    w: Words,
    tongues: Vec<(Tongue, String)>,
    door: Door,
    title: String,
    intro: String,
    topics: Vec<Way>,
    notes: Vec<(String, Vec<String>)>,
    others: Vec<(String, String)>,
    comments: String,
    on_list: usize,
    here: String,
    typed: Typed,
    distances: Vec<Choice>,
    days: Vec<Choice>,
    times: Vec<Choice>,
    languages: Vec<Choice>,
    access: Vec<Choice>,
    ways: Vec<Choice>,
    has_send: bool,
    headings: Vec<Heading>,
    asked: bool,
    narrowed: bool,
    summary: String,
    read_as: Vec<(String, String)>,
    loosened: bool,
    less: Vec<Way>,
    places: Vec<Result>,
    elsewhere: Vec<Result>,
    map: Option<Drawing>,
    map_link: String,
    earlier: String,
    later: String,
}

/// A posted search becomes an address in which the postcode is its sector and
/// the words are those that the directory knows: a full postcode, a number or
/// a name in an address would stand in histories and logs. What cannot be read,
/// and words of which none is known, are answered at once and never become an
/// address.
pub(super) async fn near(
    app: State<App>,
    visitor: Visitor,
    OriginalUri(uri): OriginalUri,
    Form(pairs): Form<Vec<(String, String)>>,
) -> WebResult {
    let base = uri.path().to_owned();
    let mut typed = Typed::read(&base, &pairs);
    let catalogue = app.casework.catalogue().await?;
    let kept = catalogue.index.known_words(start(&typed.q));
    let known = typed.near.is_empty() || app.casework.postcodes().find_area(&typed.near).is_some();
    typed.unknown = kept.is_empty() && !typed.q.is_empty();
    if known && !typed.unknown {
        typed.q = kept;
        return Ok((StatusCode::SEE_OTHER, [(LOCATION, typed.address(1))]).into_response());
    }
    show(app.0, visitor, typed).await
}

/// The page of a door, with what was asked in its address.
pub(super) async fn page(
    State(app): State<App>,
    visitor: Visitor,
    OriginalUri(uri): OriginalUri,
    Query(pairs): Query<Vec<(String, String)>>,
) -> WebResult {
    let typed = Typed::read(uri.path(), &pairs);
    if typed.taken {
        let to = typed.address(typed.page);
        return Ok((StatusCode::SEE_OTHER, [(LOCATION, to)]).into_response());
    }
    show(app, visitor, typed).await
}

/// The page of a door that only this council's pack has.
pub(super) async fn own_door(
    app: State<App>,
    visitor: Visitor,
    uri: OriginalUri,
    Path(_name): Path<String>,
    pairs: Query<Vec<(String, String)>>,
) -> WebResult {
    page(app, visitor, uri, pairs).await
}

async fn show(app: App, visitor: Visitor, typed: Typed) -> WebResult {
    let door = door::at(&app, &typed.base)?;
    let words = visitor.words.clone();
    let catalogue = app.casework.catalogue().await?;
    let postcodes = app.casework.postcodes();
    let send = door::send_names(&app);
    let (wanted, errors) = typed.wanted(&door, &send, &catalogue, &postcodes, &words);
    let asked = typed.asked() && errors.is_empty();
    let found = if asked {
        catalogue.find(&wanted)
    } else {
        Found::default()
    };
    if asked && typed.page == 1 && !typed.map {
        app.casework
            .note_search(&door.id, &catalogue, &wanted, &found, &typed.near);
    }
    let from = (typed.page - 1).saturating_mul(ON_PAGE);
    let shown: Vec<&Hit> = found.hits.iter().skip(from).take(ON_PAGE).collect();
    let mut number = from;
    let mut results = |group: Group| -> Vec<Result> {
        let of = shown.iter().filter(|h| h.group == group);
        of.filter_map(|h| {
            number += 1;
            result(&catalogue, &wanted, &found, h, number, &door, &visitor)
        })
        .collect()
    };
    let (places, elsewhere) = (results(Group::Place), results(Group::NoPlace));
    let last = from + shown.len() >= found.hits.len();
    let address = |there: bool, page: usize| match there {
        true => typed.address(page),
        false => String::new(),
    };
    let map = (typed.map && asked && !shown.is_empty()).then(|| {
        let at_places = shown.iter().filter(|h| h.group == Group::Place);
        let pins = at_places.zip(&places).filter_map(|(hit, result)| {
            let point = catalogue.index.drawn(&catalogue.directory, hit)?;
            Some(map::Pin {
                number: result.number,
                name: result.name.clone(),
                href: format!("#s-{}", result.id),
                point,
                over_the_border: hit.over_the_border,
            })
        });
        map::draw(
            pins.collect(),
            shown.len(),
            wanted.near.as_ref(),
            &postcodes,
            &catalogue.council,
            &words,
        )
    });
    let mut turned = typed.clone();
    turned.map = !typed.map;
    let bad = !errors.is_empty();
    let ids = shown.iter().map(|h| catalogue.id(h));
    let leaves = asked && door::needs_exit(&door, &catalogue, ids) || door.exit;
    let title = words.of_door(&door, "title", &door.title).to_owned();
    let mut frame = words
        .frame(app.casework.name(), title.clone())
        .with_errors(errors);
    if leaves {
        frame = frame.with_exit(door::EXIT);
    }
    let less = if asked && found.hits.is_empty() {
        let one_less = typed.with_less(&words).into_iter();
        one_less
            .filter_map(|(label, next)| {
                let (wanted, wrong) = next.wanted(&door, &send, &catalogue, &postcodes, &words);
                let count = catalogue.find(&wanted).hits.len();
                (wrong.is_empty() && count > 0 && next.asked()).then(|| Way {
                    label: words.fill("find.less", &[("what", &label), ("n", &count.to_string())]),
                    href: next.address(1),
                })
            })
            .collect()
    } else {
        Vec::new()
    };
    let answer = Page(FindPage {
        frame,
        tongues: tongues(&words, &typed),
        intro: words.of_door(&door, "intro", &door.intro).to_owned(),
        topics: topics(&door, &words),
        notes: notes(&door, &words),
        others: door::others(&app, &door, &words),
        comments: match door.comments {
            true => format!("{}/comments", door.address),
            false => String::new(),
        },
        on_list: visitor.list.len(),
        here: typed.address(typed.page),
        distances: distances(&words, &typed.within),
        days: days(&words, &typed.day),
        times: times(&words, &typed.time),
        languages: languages(&catalogue, &words, &typed.language),
        access: NEEDS
            .iter()
            .map(|need| {
                let chosen = typed.access.iter().any(|a| a == need.id);
                choice(need.id, words.say(&format!("access.{}", need.id)), chosen)
            })
            .collect(),
        ways: WAYS
            .iter()
            .map(|(value, _)| {
                let chosen = typed.how.iter().any(|h| h == value);
                choice(value, words.say(&format!("how.{value}")), chosen)
            })
            .collect(),
        has_send: door.categories.is_empty() && !send.is_empty(),
        headings: headings(&catalogue, &door, &typed.terms, &words),
        asked,
        narrowed: typed.narrowed(),
        summary: match found.hits.len() {
            0 => words.say("find.nothing").to_owned(),
            1 => words.say("find.one").to_owned(),
            n => words.count("find.many", n),
        },
        read_as: found.read_as.clone(),
        loosened: found.loosened,
        less,
        places,
        elsewhere,
        map,
        map_link: turned.address(typed.page),
        earlier: address(typed.page > 1, typed.page.saturating_sub(1)),
        later: address(!last, typed.page + 1),
        typed,
        title,
        door,
        w: words,
    });
    let status = match bad {
        true => StatusCode::UNPROCESSABLE_ENTITY,
        false => StatusCode::OK,
    };
    Ok(visitor.keep_language(answer.with_status(status)))
}

fn result(
    catalogue: &Catalogue,
    wanted: &Wanted,
    found: &Found,
    hit: &Hit,
    number: usize,
    door: &Door,
    visitor: &Visitor,
) -> Option<Result> {
    let words = &visitor.words;
    let entry = catalogue.entry(hit)?;
    let s = &entry.service;
    let owner = s.organization_id.as_deref();
    let owner = owner.and_then(|id| catalogue.directory.organization(id));
    let told = s.description.as_deref().unwrap_or_default();
    let about: String = told.chars().take(180).collect();
    let reasons = catalogue.because(wanted, found, hit);
    Some(Result {
        id: s.id.clone(),
        number,
        path: format!("/services/{}?door={}", s.id, door.id),
        name: s.name.clone(),
        owner: owner.map(|o| o.name.clone()).unwrap_or_default(),
        about: match told.chars().count() > 180 {
            true => format!("{} …", about.trim_end()),
            false => about,
        },
        when: when(s, words)
            .into_iter()
            .take(2)
            .collect::<Vec<_>>()
            .join("; "),
        cost: if s.is_free() {
            words.say("why.free").into()
        } else {
            s.fees.clone().unwrap_or_default()
        },
        closed: s.status != directory::model::Status::Active,
        why: reasons
            .iter()
            .filter(|r| **r != directory::search::Because::Free)
            .map(|r| words.because(r))
            .collect(),
        listed: visitor.has(&s.id),
    })
}

fn choice(value: &str, label: &str, chosen: bool) -> Choice {
    Choice {
        value: value.to_owned(),
        label: label.to_owned(),
        chosen,
    }
}

fn distances(words: &Words, now: &str) -> Vec<Choice> {
    let any = choice("", words.say("find.far.any"), now.is_empty());
    let each = DISTANCES.iter().map(|miles| {
        let label = match *miles {
            "1" => words.say("why.miles.one").to_owned(),
            n => words.fill("why.miles", &[("number", n)]),
        };
        choice(miles, &label, *miles == now)
    });
    std::iter::once(any).chain(each).collect()
}

fn days(words: &Words, now: &str) -> Vec<Choice> {
    let any = choice("", words.say("find.day.any"), now.is_empty());
    let each = DAY_KEYS.iter().enumerate().map(|(at, key)| {
        let value = at.to_string();
        choice(&value, words.say(key), value == now)
    });
    let weekend = choice("weekend", words.say("find.day.weekend"), now == "weekend");
    std::iter::once(any).chain(each).chain([weekend]).collect()
}

fn times(words: &Words, now: &str) -> Vec<Choice> {
    let any = choice("", words.say("find.time.any"), now.is_empty());
    let each = TIMES
        .iter()
        .map(|(id, ..)| choice(id, words.say(&format!("find.time.{id}")), *id == now));
    std::iter::once(any).chain(each).collect()
}

fn languages(catalogue: &Catalogue, words: &Words, now: &str) -> Vec<Choice> {
    let any = choice("", words.say("find.language.any"), now.is_empty());
    let spoken = catalogue.languages();
    let each = spoken
        .iter()
        .map(|name| choice(name, name, name.eq_ignore_ascii_case(now)));
    std::iter::once(any).chain(each).collect()
}

fn tongues(words: &Words, typed: &Typed) -> Vec<(Tongue, String)> {
    let all = words.tongues().into_iter();
    all.map(|tongue| {
        let href = typed.address_with("lang", &tongue.code);
        (tongue, href)
    })
    .collect()
}

fn topics(door: &Door, words: &Words) -> Vec<Way> {
    let each = door.topics.iter().enumerate();
    each.map(|(at, topic)| {
        let search = Typed {
            base: door.address.clone(),
            q: topic.ask.clone(),
            ..Typed::default()
        };
        let key = format!("topic.{}", at + 1);
        Way {
            label: words.of_door(door, &key, &topic.label).to_owned(),
            href: search.address(1),
        }
    })
    .collect()
}

fn notes(door: &Door, words: &Words) -> Vec<(String, Vec<String>)> {
    let each = door.notes.iter().enumerate();
    each.map(|(at, note)| {
        let title = format!("note.{}.title", at + 1);
        let text = format!("note.{}.text", at + 1);
        let paragraphs = words.of_door(door, &text, &note.text).split("\n\n");
        (
            words.of_door(door, &title, &note.title).to_owned(),
            paragraphs.map(|p| p.trim().to_owned()).collect(),
        )
    })
    .collect()
}

/// The categories that anything public behind this door is tagged with, under
/// their headings.
fn headings(catalogue: &Catalogue, door: &Door, chosen: &[String], words: &Words) -> Vec<Heading> {
    let inside: std::collections::BTreeSet<String> = catalogue
        .terms_named(&door.categories)
        .iter()
        .flat_map(|id| catalogue.directory.terms_under(id))
        .collect();
    let belongs = |t: &&TaxonomyTerm| door.categories.is_empty() || inside.contains(&t.id);
    let other = words.say("find.categories.other");
    let mut groups: std::collections::BTreeMap<String, Vec<Choice>> =
        std::collections::BTreeMap::new();
    for term in catalogue.used_terms().filter(belongs) {
        let above = term
            .parent_id
            .as_deref()
            .and_then(|id| catalogue.directory.term(id));
        let heading = above.map_or_else(|| other.to_owned(), |t| t.name.clone());
        let is_chosen = chosen.contains(&term.id);
        groups
            .entry(heading)
            .or_default()
            .push(choice(&term.id, &term.name, is_chosen));
    }
    let mut headings: Vec<Heading> = groups
        .into_iter()
        .map(|(label, mut choices)| {
            choices.sort_by(|a, b| a.label.cmp(&b.label));
            Heading { label, choices }
        })
        .collect();
    headings.sort_by_key(|h| (h.label == other, h.label.clone()));
    headings
}
