//! Bad input over HTTP: every form of every page is sent with nothing, with
//! too much, in other alphabets, with forged identifiers and after the session
//! ran out. Each is answered in plain words, and what was typed is kept.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use casework::testing::scene::{Scene, Standing};
use casework::testing::{EVERYBODY, TestCouncil, councils, id_of};
use record::Actor;

use crate::addresses::{self, Address};
use crate::asking::{Answer, Browser, about, about_nobody};
use crate::forms::{self, Form, Kind};

type Pairs = Vec<(String, String)>;

const ALPHABETS: &str = "ليلى أحمد 王小明 Źdźbło Łukasiewicz 👨‍👩‍👧‍👦";

const PASSWORD: &str = "/access/password";

/// The words of a program that are no words for people.
const NOT_PLAIN: [&str; 8] = [
    "panicked",
    "sqlx",
    "SQLSTATE",
    "no such table",
    "no such column",
    "Failed to deserialize",
    "missing field",
    "invalid type",
];

/// A form, on which page it stands and who can open that page.
struct Found {
    who: &'static str,
    page: &'static str,
    to: &'static str,
    of_a_record: bool,
}

/// One form for every address that takes a post, as far as a page shows one.
async fn every_form(council: &TestCouncil, scene: &Scene) -> Vec<Found> {
    let all = addresses::all(council);
    let places: Vec<&str> = all
        .iter()
        .filter(|a| a.of_a_record())
        .map(|a| a.path)
        .collect();
    let mut found: BTreeMap<&'static str, Found> = BTreeMap::new();
    for persona in &EVERYBODY {
        let browser = Browser::of(council, persona.username).await;
        for page in all.iter().filter(|a| a.get) {
            let path = about(page.path, scene);
            let answer = browser.get(&path).await;
            for form in forms::on(&path, &answer.body) {
                let Some(to) = target(&all, scene, &form).filter(|to| *to != "/sign-out") else {
                    continue;
                };
                found.entry(to).or_insert(Found {
                    who: persona.username,
                    page: page.path,
                    to,
                    of_a_record: places.contains(&to),
                });
            }
        }
    }
    // Those that end somebody's access or change a password come last.
    let mut found: Vec<Found> = found.into_values().collect();
    found.sort_by_key(|f| {
        (
            !f.of_a_record,
            f.to.starts_with("/access/"),
            f.to == PASSWORD,
        )
    });
    found
}

/// The address of the matrix that a form posts to.
fn target(all: &[Address], scene: &Scene, form: &Form) -> Option<&'static str> {
    let action = form.action.split(['?', '#']).next().unwrap_or_default();
    let mut posts = all.iter().filter(|a| a.post);
    posts
        .find(|a| about(a.path, scene) == action)
        .map(|a| a.path)
}

/// The form as it stands on the page now, about another scene.
async fn fresh(all: &[Address], browser: &Browser, scene: &Scene, found: &Found) -> Option<Form> {
    let path = about(found.page, scene);
    let page = browser.get(&path).await;
    let forms = forms::on(&path, &page.body);
    let mut forms = forms.into_iter();
    forms.find(|form| target(all, scene, form) == Some(found.to))
}

/// The form with every field of some kinds set to the same words.
fn with(form: &Form, kinds: &[Kind], words: &str) -> Pairs {
    let fields = form.fields.iter();
    fields
        .map(|field| match kinds.contains(&field.kind) {
            true => (field.name.clone(), words.to_owned()),
            false => (field.name.clone(), field.value.clone()),
        })
        .collect()
}

/// What is wrong with an answer to a form that was filled in badly.
fn wrong(at: &str, answer: &Answer) -> Option<String> {
    if answer.status.is_server_error() {
        return Some(format!("{at}: {}", answer.status));
    }
    if let Some(word) = NOT_PLAIN.iter().find(|word| answer.body.contains(**word)) {
        return Some(format!("{at}: {} says \"{word}\"", answer.status));
    }
    // The script that keeps drafts reads its answer itself.
    let for_script = answer.status.is_success() && answer.headers.contains("application/json");
    let nothing = answer.status.is_redirection() || answer.status == StatusCode::NO_CONTENT;
    if !nothing && !for_script && !answer.is_a_page() {
        let start: String = answer.body.chars().take(80).collect();
        return Some(format!("{at}: {} is no page: {start}", answer.status));
    }
    let explained = answer.body.contains("There is a problem");
    if answer.status == StatusCode::UNPROCESSABLE_ENTITY && !explained {
        return Some(format!("{at}: refused without saying what is wrong"));
    }
    None
}

/// Which typed fields a refused form did not give back.
fn lost(form: &Form, words: &str, answer: &Answer) -> Option<String> {
    let typed = form.fields.iter().filter(|f| f.kind == Kind::Typed).count();
    let back = answer.body.matches(words).count();
    let refused = answer.status == StatusCode::UNPROCESSABLE_ENTITY;
    (refused && back < typed).then(|| format!("{back} of {typed} fields came back"))
}

/// Nothing, too much, other alphabets, forged identifiers: on every form.
#[tokio::test]
async fn every_form_answers_bad_input_in_plain_words_and_keeps_it() {
    for council in councils().await {
        let all = addresses::all(&council);
        let first = Scene::new(&council, Standing::Ours).await;
        let found = every_form(&council, &first).await;
        let long = "It was a long day. ".repeat(1_000).trim().to_owned();
        let nobody = "0191aaaa-bbbb-7ccc-8ddd-eeeeffff0000";
        let chosen = [Kind::Hidden, Kind::Chosen];
        let (mut sent, mut kept, mut problems) = (0, 0, Vec::new());
        let mut gone = Vec::new();
        let mut browsers = BTreeMap::new();
        for persona in &EVERYBODY {
            let browser = Browser::of(&council, persona.username).await;
            browsers.insert(persona.username, browser);
        }
        for one in &found {
            let browser = &browsers[one.who];
            // What was accepted changed the record: the next has its own.
            let mut untouched: Option<Scene> = None;
            for (how, kinds, words) in [
                ("nothing", &[Kind::Typed, Kind::Chosen][..], ""),
                ("too much", &[Kind::Typed], &long),
                ("other alphabets", &[Kind::Typed], ALPHABETS),
                ("a forged id", &chosen, nobody),
                ("a forged word", &chosen, "' or 1=1 --"),
            ] {
                let scene = match (one.of_a_record, untouched.take()) {
                    (false, _) => first.clone(),
                    (true, Some(scene)) => scene,
                    (true, None) => Scene::new(&council, Standing::Ours).await,
                };
                let at = format!("{} sends {how} to {}", one.who, one.to);
                let Some(form) = fresh(&all, browser, &scene, one).await else {
                    // Ended, or changed, by what was accepted before.
                    gone.push(at);
                    continue;
                };
                let answer = browser
                    .post(&about(one.to, &scene), &with(&form, kinds, words))
                    .await;
                sent += 1;
                problems.extend(wrong(&at, &answer));
                if answer.status == StatusCode::UNPROCESSABLE_ENTITY {
                    untouched = Some(scene);
                }
                if !words.is_empty() && kinds == [Kind::Typed] {
                    kept += usize::from(answer.status == StatusCode::UNPROCESSABLE_ENTITY);
                    problems.extend(lost(&form, words, &answer).map(|l| format!("{at}: {l}")));
                }
            }
        }
        println!(
            "{} forms, {sent} sent, {kept} refused with their words kept",
            found.len()
        );
        assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
        println!("not there a second time: {gone:?}");
        assert!(found.len() > 60, "only {} forms were found", found.len());
        // What one form ends, such as somebody's access, has no form any more.
        assert!(gone.len() * 10 < sent, "{gone:?}");
    }
}

/// A body that no form can have, and one that is no form, at every address.
#[tokio::test]
async fn every_address_answers_what_no_form_sends() {
    for council in councils().await {
        let all = addresses::all(&council);
        let scene = Scene::new(&council, Standing::Ours).await;
        let huge = vec![("text".to_owned(), "x".repeat(9 << 20))];
        let odd = vec![("nobody.asked".to_owned(), ALPHABETS.to_owned())];
        let (mut sent, mut problems) = (0, Vec::new());
        for username in [
            "jo.socialworker",
            "priya.manager",
            "farah.screener",
            "nia.admin",
        ] {
            for address in all.iter().filter(|a| a.post) {
                // Signing out ends the session: each address has its own.
                let browser = Browser::of(&council, username).await;
                for (how, pairs) in [("9 MB", &huge), ("unknown fields", &odd)] {
                    let at = format!("{username} sends {how} to {}", address.path);
                    let answer = browser.post(&about(address.path, &scene), pairs).await;
                    sent += 1;
                    problems.extend(wrong(&at, &answer));
                }
                let at = format!("{username} sends bytes to {}", address.path);
                let answer = browser.post_bytes(&about(address.path, &scene)).await;
                problems.extend(wrong(&at, &answer));
                if address.of_a_record() {
                    let at = format!("{username} to nobody at {}", address.path);
                    let answer = browser.post(&about_nobody(address.path), &odd).await;
                    problems.extend(wrong(&at, &answer));
                    if answer.status.is_success() {
                        problems.push(format!("{at}: {}", answer.status));
                    }
                }
            }
        }
        println!("{sent} posts sent");
        assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
    }
}

/// The session ran out: after signing in again all that was typed is there.
#[tokio::test]
async fn every_form_is_kept_when_the_session_ran_out() {
    for council in councils().await {
        let all = addresses::all(&council);
        let scene = Scene::new(&council, Standing::Ours).await;
        let found = every_form(&council, &scene).await;
        let (mut kept, mut problems) = (0, Vec::new());
        for one in &found {
            let browser = Browser::of(&council, one.who).await;
            let Some(form) = fresh(&all, &browser, &scene, one).await else {
                problems.push(format!("{}: the form is no more", one.to));
                continue;
            };
            let typed = form.fields.iter().filter(|f| f.kind == Kind::Typed);
            let typed = typed.count();
            let (store, test) = (council.casework.store(), Actor::system("test"));
            let ended = store.end_sessions_of(&test, id_of(one.who)).await;
            ended.expect("the session ends");
            let pairs = with(&form, &[Kind::Typed], ALPHABETS);
            let answer = browser.post(&about(one.to, &scene), &pairs).await;
            let public = answer.cookie("tl-held").is_none();
            if public {
                problems.extend(wrong(one.to, &answer));
                continue;
            }
            let again = Browser::of(&council, one.who).await;
            let held = answer.cookie("tl-held").unwrap_or_default();
            let page = again.get_with("/resume", &format!("tl-held={held}")).await;
            let back = page.body.matches(ALPHABETS).count();
            if back < typed {
                problems.push(format!("{}: {back} of {typed} fields came back", one.to));
            }
            kept += 1;
        }
        println!("{kept} forms kept for after signing in");
        assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
        assert!(kept > 50, "only {kept} forms were kept");
    }
}
