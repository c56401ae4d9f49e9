//! Pages: denied is absent, and no list, count or file tells more.

use axum::http::StatusCode;
use casework::testing::councils;
use casework::testing::scene::{HIDDEN_BROTHER, Scene, Standing};

use crate::addresses;
use crate::asking::{Answer, Browser, about, about_nobody, who_asks};
use crate::expected::{may_find, may_read};

/// What is wrong with an answer about a scene, if anything.
pub fn wrong(
    username: &str,
    path: &str,
    scene: &Scene,
    answer: &Answer,
    absent: Option<&Answer>,
) -> Option<String> {
    let standing = scene.standing;
    let at = format!("{username} at {path}, {standing:?}");
    if answer.status.is_server_error() {
        return Some(format!("{at}: {}", answer.status));
    }
    if answer.says(HIDDEN_BROTHER) {
        return Some(format!(
            "{at}: names the brother whose record is restricted"
        ));
    }
    let named = answer.says(scene.name());
    let read = answer.says(scene.words());
    if named && !may_find(username, standing) && !may_read(username, standing, path) {
        return Some(format!("{at}: names the child"));
    }
    if read && !may_read(username, standing, path) {
        return Some(format!("{at}: shows words of the record"));
    }
    let open = may_find(username, standing) || may_read(username, standing, path);
    if let Some(absent) = absent.filter(|_| !open)
        && answer.about_somebody() != absent.about_somebody()
    {
        return Some(format!(
            "{at}: denied ({}) is not the same as absent ({})",
            answer.status, absent.status
        ));
    }
    None
}

/// S4: every address × everybody × every record they may not see: the same
/// bytes as an address where there is nothing, and never a name or a word.
#[tokio::test]
async fn s4_denied_is_absent_for_every_persona_and_address() {
    for council in councils().await {
        let scenes = Scene::every(&council).await;
        let all = addresses::all(&council);
        let (mut asked, mut opened, mut problems) = (0, 0, Vec::new());
        for persona in who_asks(&council) {
            let browser = Browser::of(&council, persona.username).await;
            for address in all.iter().filter(|a| a.get) {
                let absent = match address.of_a_record() {
                    true => Some(browser.get(&about_nobody(address.path)).await),
                    false => None,
                };
                for scene in &scenes {
                    let answer = browser.get(&about(address.path, scene)).await;
                    asked += 1;
                    opened += usize::from(answer.status == StatusCode::OK);
                    problems.extend(wrong(
                        persona.username,
                        address.path,
                        scene,
                        &answer,
                        absent.as_ref(),
                    ));
                    if absent.is_none() {
                        // A list is the same page whichever scene is meant.
                        for other in scenes.iter().filter(|s| s.standing != scene.standing) {
                            problems.extend(wrong(
                                persona.username,
                                address.path,
                                other,
                                &answer,
                                None,
                            ));
                        }
                        break;
                    }
                }
            }
        }
        assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
        assert!(
            opened > 500,
            "only {opened} pages opened: is the test blind?"
        );
        println!("{asked} pages asked for, {opened} opened, 0 leaks");
    }
}

/// S4: search, hints and files: a hidden child is in no result and no count.
#[tokio::test]
async fn s4_search_says_nothing_of_who_is_hidden() {
    for council in councils().await {
        let scenes = Scene::every(&council).await;
        for persona in who_asks(&council) {
            let browser = Browser::of(&council, persona.username).await;
            for scene in &scenes {
                let hidden = !may_find(persona.username, scene.standing);
                let pairs = |name: &str| {
                    ["q", "given", "family", "family_name", "name"]
                        .map(|field| (field.to_owned(), name.to_owned()))
                        .to_vec()
                };
                for path in ["/find", "/find/hints", "/front-door/hints"] {
                    let name = scene.name();
                    let found = browser.post(path, &pairs(name)).await;
                    let at = format!("{} at {path}, {:?}", persona.username, scene.standing);
                    assert!(!found.status.is_server_error(), "{at}: {}", found.status);
                    assert!(!found.says(scene.words()), "{at} shows words of the record");
                    let other: String = name.chars().rev().collect();
                    let none = browser.post(path, &pairs(&other)).await;
                    if hidden {
                        // The page repeats what was asked; all else is equal.
                        assert_eq!(
                            found.settled().body.replace(name, "NAME"),
                            none.settled().body.replace(&other, "NAME"),
                            "{at}: a hidden child is not the same as none"
                        );
                    }
                }
            }
        }
    }
}

/// The page without the numbers of its looks: each search makes new ones.
fn looks_aside(page: &str) -> String {
    let mut pieces = page.split("\"/index/");
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |page, piece| {
        let after = piece.find('/').map_or(piece, |at| &piece[at..]);
        format!("{page}\"/index/LOOK{after}")
    })
}

/// S4, T2: the child index of the other agencies says the same of a child whose
/// record is closed, or whom the practitioner knows privately, as of none; and
/// it does find the others, so that the test is not blind.
#[tokio::test]
async fn s4_the_index_says_nothing_of_who_is_hidden() {
    for council in councils().await {
        let scenes = Scene::every(&council).await;
        let born = casework::time::today() - chrono::Days::new(3_000);
        for persona in who_asks(&council) {
            let browser = Browser::of(&council, persona.username).await;
            for scene in &scenes {
                let pairs = |family: &str| {
                    [
                        ("reason", "right_child"),
                        ("given", "Wren"),
                        ("family", family),
                        ("born", &born.to_string()),
                    ]
                    .map(|(field, value)| (field.to_owned(), value.to_owned()))
                };
                let name = scene.name();
                let found = browser.post("/index", &pairs(name)).await;
                let at = format!("{} at the index, {:?}", persona.username, scene.standing);
                assert!(!found.status.is_server_error(), "{at}: {}", found.status);
                assert!(!found.says(scene.words()), "{at} shows words of the record");
                assert!(!found.says(HIDDEN_BROTHER), "{at} names the brother");
                let closed = [Standing::Restricted, Standing::Conflict];
                if persona.role == "practitioner" && !closed.contains(&scene.standing) {
                    assert!(found.says(&format!("Wren {name}")), "{at}: found nobody");
                    continue;
                }
                // A name that nobody has, and that looks like nobody's.
                let next = |c: char| char::from_u32(u32::from(c) + 1).unwrap_or(c);
                let other: String = name.chars().map(next).collect();
                let none = browser.post("/index", &pairs(&other)).await;
                assert_eq!(
                    looks_aside(&found.settled().body.replace(name, "NAME")),
                    looks_aside(&none.settled().body.replace(&other, "NAME")),
                    "{at}: a hidden child is not the same as none"
                );
            }
        }
    }
}

/// Nobody of the fifteen deals with these: they are there, and absent for all.
/// That those whose post it is open them is proved in casework's own tests.
const OF_OTHER_POSTS: [&str; 2] = ["/allegations/{", "/complaints/{"];

/// The rows that the test is about are there: Jo can open each of her own.
#[tokio::test]
async fn the_scene_has_a_record_behind_every_address() {
    for council in councils().await {
        let scene = Scene::new(&council, Standing::Ours).await;
        let mut shut = Vec::new();
        let who = [
            "jo.socialworker",
            "priya.manager",
            "farah.screener",
            "nia.admin",
            "okafor.director",
        ];
        let mut browsers = Vec::new();
        for username in who {
            browsers.push(Browser::of(&council, username).await);
        }
        for address in addresses::all(&council)
            .iter()
            .filter(|a| a.get && a.of_a_record() && a.in_scene())
        {
            if OF_OTHER_POSTS.iter().any(|p| address.path.starts_with(p)) {
                continue;
            }
            let path = about(address.path, &scene);
            let mut open = false;
            for browser in &browsers {
                let status = browser.get(&path).await.status;
                open = open || (status != StatusCode::NOT_FOUND && !status.is_server_error());
            }
            if !open {
                shut.push(address.path);
            }
        }
        assert!(
            shut.is_empty(),
            "nobody can open {shut:?}: the matrix is blind there"
        );
    }
}
