//! Every address of the router with its methods, read from the router itself,
//! and the test that none is missing from `web::ROUTES`.

use std::collections::BTreeMap;

use casework::testing::scene::PLACES;
use casework::testing::{TestCouncil, councils};
use web::App;

/// An address as an area names it in its `ROUTES`, and what it answers to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Address {
    /// Such as `/plans/{plan}/close`.
    pub path: &'static str,
    /// It answers a GET.
    pub get: bool,
    /// It answers a POST.
    pub post: bool,
}

impl Address {
    /// Whether it names the record of one person, family or contact.
    pub fn of_a_record(&self) -> bool {
        places(self.path).any(|place| PLACES.contains(&place))
    }

    /// Whether the scene has every record that it names.
    pub fn in_scene(&self) -> bool {
        !places(self.path).any(|place| NOT_IN_SCENE.contains(&place))
    }
}

/// The words in braces of an address.
pub fn places(path: &str) -> impl Iterator<Item = &str> {
    path.split(['{', '}']).skip(1).step_by(2)
}

/// The addresses of `web::ROUTES` with the methods that the router gives them.
pub fn all(council: &TestCouncil) -> Vec<Address> {
    let routed = routed(council);
    let listed = web::ROUTES.iter().flat_map(|area| area.iter().copied());
    listed
        .filter_map(|path| {
            let methods = routed.get(&bare(path))?;
            Some(Address {
                path,
                get: methods.contains("GET"),
                post: methods.contains("POST"),
            })
        })
        .collect()
}

/// An address without the names of its places: `/plans/{}/close`. What a list
/// is asked to show stands after a `?` and is not part of it.
fn bare(path: &str) -> String {
    let path = path.split('?').next().unwrap_or_default();
    let parts = path.split(['{', '}']).enumerate();
    parts
        .map(|(i, part)| if i % 2 == 0 { part } else { "{}" })
        .collect()
}

/// What the router really holds: address without names → allowed methods.
/// axum tells it only in its `Debug`; [`every_address_is_listed`] fails loudly
/// should that text ever change.
fn routed(council: &TestCouncil) -> BTreeMap<String, String> {
    let router = web::router(App::new(council.casework.clone(), false));
    let text = format!("{router:?}");
    let text = text.split("fallback_router").next().unwrap_or_default();
    let (routes, paths) = text.split_once("Node { paths: ").unwrap_or_default();
    let id_of = |piece: &str| piece.split_once(')').map(|(id, _)| id.to_owned());
    let methods: BTreeMap<String, String> = routes
        .split("RouteId(")
        .skip(1)
        .filter_map(|piece| {
            let (_, allow) = piece.rsplit_once("allow_header: Bytes(b\"")?;
            let (allow, _) = allow.split_once('"')?;
            Some((id_of(piece)?, allow.to_owned()))
        })
        .collect();
    paths
        .split("RouteId(")
        .skip(1)
        .filter_map(|piece| {
            let path = piece.split('"').nth(1)?;
            Some((bare(path), methods.get(&id_of(piece)?)?.clone()))
        })
        .collect()
}

/// S4: an address that is not in the matrix is an address that nobody checks.
#[tokio::test]
async fn every_address_is_listed() {
    let councils = councils().await;
    let council = councils.first().expect("a council");
    let routed = routed(council);
    assert!(
        routed.get("/people/{}").is_some_and(|m| m.contains("GET")) && routed.len() > 80,
        "the router's own list cannot be read: axum's Debug text may have changed: {routed:?}"
    );
    let listed = web::ROUTES.iter().flat_map(|area| area.iter().copied());
    let mut seen = BTreeMap::new();
    let mut wrong = Vec::new();
    for path in listed {
        if let Some(twice) = seen
            .insert(bare(path), path)
            .filter(|_| !path.contains('?'))
        {
            wrong.push(format!("{path} is listed twice, also as {twice}."));
        }
        if !routed.contains_key(&bare(path)) {
            wrong.push(format!(
                "{path} is listed, but the router has no such address."
            ));
        }
        for place in places(path) {
            let known = PLACES.contains(&place)
                || NO_RECORD.contains(&place)
                || NOT_IN_SCENE.contains(&place);
            if !known {
                wrong.push(format!(
                    "{path}: nobody knows what {{{place}}} is. If it is the id of a record \
                     about people, add it to PLACES in casework/src/testing/scene.rs with a row \
                     in Scene::new; if not, add it to NO_RECORD in web/tests/matrix/addresses.rs."
                ));
            }
        }
    }
    for path in routed.keys().filter(|path| !seen.contains_key(*path)) {
        wrong.push(format!(
            "{path} is in the router and in no list. Add it to the ROUTES of its area \
             (crates/web/src/AREA/mod.rs), saying what stands in each {{}}: {{person}}, \
             {{family}}, {{step}}, {{plan}} ... as in casework::testing::scene::PLACES. \
             A new area also adds its ROUTES to web::ROUTES in crates/web/src/lib.rs."
        ));
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

/// Places in an address that hold no id of a record about people.
pub const NO_RECORD: [&str; 18] = [
    "team", "worker", "section", "token", "name", "target", "number", "form", "service", "*path",
    "sitting", "what", "link", "change", "report", "mail", "centre", "session",
];

/// Records about people that the scene does not have yet: their addresses are
/// asked for with an id that nobody has. Each belongs in
/// `casework::testing::scene`, with a row.
pub const NOT_IN_SCENE: [&str; 8] = [
    "adopted", "match", "carer", "concern", "item", "search", "look_up", "join",
];
