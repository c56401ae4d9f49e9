//! Changes: a post about a record that is closed changes nothing and is
//! answered as if there were no such record.
//!
//! The posts are those that the pages themselves would send: somebody who may
//! see Jo's child opens every page, its forms are filled in, and the same
//! fields go to the addresses of closed records, with the ids of those.

use std::collections::BTreeMap;

use casework::testing::scene::{PLACES, Scene, Standing};
use casework::testing::{TestCouncil, councils};
use record::args;
use vocabulary::{Id, ids};

use crate::addresses::{self, Address};
use crate::asking::{Browser, about, about_nobody, who_asks};
use crate::expected::{may_find, may_read, may_write};
use crate::forms;

type Pairs = Vec<(String, String)>;

/// What a form about the open scene says, by the address it posts to.
async fn harvest(council: &TestCouncil, scene: &Scene) -> BTreeMap<&'static str, Pairs> {
    let all = addresses::all(council);
    let mut found: BTreeMap<&'static str, Pairs> = BTreeMap::new();
    let who = [
        "jo.socialworker",
        "priya.manager",
        "farah.screener",
        "nia.admin",
        "tom.socialworker",
    ];
    for username in who {
        let browser = Browser::of(council, username).await;
        for address in all.iter().filter(|a| a.get && a.of_a_record()) {
            let path = about(address.path, scene);
            let page = browser.get(&path).await;
            for form in forms::on(&path, &page.body) {
                let action = form.action.split(['?', '#']).next().unwrap_or_default();
                let target = all
                    .iter()
                    .filter(|a| a.post && a.of_a_record())
                    .find(|a| about(a.path, scene) == action);
                if let Some(target) = target {
                    let known = found.entry(target.path).or_default();
                    if known.len() < form.fields.len() {
                        *known = form.pairs();
                    }
                }
            }
        }
    }
    found
}

/// The fields with other ids in place of the open scene's, and a fresh token.
fn with_ids(pairs: &Pairs, from: &Scene, to: impl Fn(&str) -> String) -> Pairs {
    let swap = |text: &str| {
        PLACES
            .iter()
            .fold(text.to_owned(), |text, place| match from.id(place) {
                Some(id) => text.replace(id, &to(place)),
                None => text,
            })
    };
    let once = Id::<ids::Part>::new().to_string();
    pairs
        .iter()
        .map(|(name, value)| match name.as_str() {
            "once" => (name.clone(), once.clone()),
            _ => (swap(name), swap(value)),
        })
        .collect()
}

/// How many changes the journal holds.
async fn changes(council: &TestCouncil) -> i64 {
    #[derive(sqlx::FromRow)]
    struct Count {
        n: i64,
    }
    let sql = "select count(*) as n from journal where action in ('created', 'changed', 'erased')";
    let db = council.casework.store().read_db();
    let count: Count = db.one(sql, args![]).await.expect("a count");
    count.n
}

/// S4: a denied post changes nothing and says the same as an absent record.
#[tokio::test]
async fn s4_a_denied_post_changes_nothing_and_is_absent() {
    for council in councils().await {
        let scenes = Scene::every(&council).await;
        let ours = scenes
            .iter()
            .find(|s| s.standing == Standing::Ours)
            .expect("ours");
        let filled = harvest(&council, ours).await;
        let all = addresses::all(&council);
        let posts: Vec<&Address> = all.iter().filter(|a| a.post && a.of_a_record()).collect();
        let unfilled: Vec<&str> = posts
            .iter()
            .map(|a| a.path)
            .filter(|path| !filled.contains_key(path))
            .collect();
        println!("posted with nothing but a token, for want of a form: {unfilled:?}");
        assert!(
            filled.len() * 2 > posts.len(),
            "only {} forms found",
            filled.len()
        );
        let (mut sent, mut problems) = (0, Vec::new());
        for persona in who_asks(&council) {
            let browser = Browser::of(&council, persona.username).await;
            for (address, scene) in posts
                .iter()
                .flat_map(|a| scenes.iter().map(move |s| (a, s)))
            {
                let (username, standing, path) = (persona.username, scene.standing, address.path);
                if may_write(username, standing, path) {
                    continue;
                }
                let empty = vec![("once".to_owned(), String::new())];
                let pairs = filled.get(path).unwrap_or(&empty);
                let at = format!("{username} to {path}, {standing:?}");
                let before = changes(&council).await;
                let theirs = with_ids(pairs, ours, |place| {
                    scene.id(place).unwrap_or_default().to_owned()
                });
                let denied = browser.post(&about(path, scene), &theirs).await;
                sent += 1;
                if denied.status.is_server_error() {
                    problems.push(format!("{at}: {}", denied.status));
                }
                let after = changes(&council).await;
                if after > before {
                    problems.push(format!("{at}: {} changes", after - before));
                }
                let seen = may_find(username, standing) || may_read(username, standing, path);
                if denied.says(scene.name()) && !seen {
                    problems.push(format!("{at}: names the child"));
                }
                if denied.says(scene.words()) && !may_read(username, standing, path) {
                    problems.push(format!("{at}: shows words of the record"));
                }
                if seen {
                    continue;
                }
                let nobody = about_nobody(path);
                let none = with_ids(pairs, ours, |_| Id::<ids::Part>::new().to_string());
                let absent = browser.post(&nobody, &none).await;
                if denied.clone().settled().about_somebody()
                    != absent.clone().settled().about_somebody()
                {
                    problems.push(format!(
                        "{at}: denied ({}) is not the same as absent ({})",
                        denied.status, absent.status
                    ));
                }
            }
        }
        assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
        println!("{sent} posts sent, 0 changes, 0 leaks");
    }
}
