//! No list is an oracle (security: T2): two councils are alike but for a child
//! whose record is restricted, and everybody asks both for every list and every
//! file. The answers must be the same bytes: no number, no order, no line and no
//! warning tells somebody who may not see the child that there is one.

use axum::http::StatusCode;

use crate::addresses::{self, Address as Route};
use crate::asking::{Browser, about_nobody, who_asks};
use crate::canary::{pairs, settled, shield};

/// Who is told of a restricted child all the same, where, and why. Everything
/// else must be equal.
const TOLD: [(&str, &str, &str); 2] = [
    (
        "chen.police",
        "/mash/checks",
        "The front door asked the police about the child.",
    ),
    (
        "okafor.director",
        "/serious-incidents",
        "Whoever must notify serious incidents is told of each.",
    ),
];

/// Why somebody may find the child in what an address says.
fn told(username: &str, path: &str) -> Option<&'static str> {
    let told = TOLD.iter();
    told.filter(|(who, at, _)| *who == username && path.starts_with(at))
        .map(|(_, _, why)| *why)
        .next()
}

/// The lines that only one of two answers has, a few of them.
fn only_in_one(a: &str, b: &str) -> Option<String> {
    if a == b {
        return None;
    }
    let lines = |text: &str| -> Vec<String> {
        let lines = text.lines().map(str::trim).filter(|l| !l.is_empty());
        lines.map(str::to_owned).collect()
    };
    let (a, b) = (lines(a), lines(b));
    let only = |one: &[String], other: &[String], sign: &str| -> Vec<String> {
        let mut other = other.to_vec();
        let lines = one.iter().filter(|line| {
            let at = other.iter().position(|l| l == *line);
            at.map(|at| other.swap_remove(at)).is_none()
        });
        lines
            .take(8)
            .map(|l| format!("\n    {sign} {}", l.chars().take(300).collect::<String>()))
            .collect()
    };
    let mut found = only(&a, &b, "with:   ");
    found.extend(only(&b, &a, "without:"));
    match found.is_empty() {
        true => Some("\n    the same lines in another order".into()),
        false => Some(found.concat()),
    }
}

/// T2: every list and every file for everybody who may not see the child: the
/// same bytes as in a council where there is no such child.
#[tokio::test]
async fn t2_canary_no_list_differs_for_a_shielded_child() {
    for (with, without) in pairs().await {
        shield(&with).await;
        let all = addresses::all(&with);
        let lists: Vec<&Route> = all.iter().filter(|a| a.get && !a.of_a_record()).collect();
        let (mut asked, mut opened, mut waits, mut problems) = (0, 0, 0, Vec::new());
        let mut needless = TOLD.to_vec();
        for persona in who_asks(&with) {
            let here = Browser::of(&with, persona.username).await;
            let there = Browser::of(&without, persona.username).await;
            for address in &lists {
                let path = about_nobody(address.path);
                let (a, b) = (here.get(&path).await, there.get(&path).await);
                // Both councils stand in one process and share its limit on tries.
                if [&a, &b]
                    .iter()
                    .any(|a| a.status == StatusCode::TOO_MANY_REQUESTS)
                {
                    waits += 1;
                    continue;
                }
                asked += 1;
                opened += usize::from(a.status == StatusCode::OK);
                let Some(lines) = only_in_one(&settled(&a), &settled(&b)) else {
                    continue;
                };
                match told(persona.username, address.path) {
                    Some(why) => needless.retain(|(_, _, known)| *known != why),
                    None => {
                        problems.push(format!("{} at {}:{lines}", persona.username, address.path))
                    }
                }
            }
        }
        assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
        assert!(needless.is_empty(), "told of nothing: {needless:?}");
        assert!(
            opened > 150,
            "only {opened} of {asked} opened: is it blind?"
        );
        assert!(waits * 10 < asked, "{waits} of {asked} were told to wait");
        println!("{asked} lists and files asked for twice, {opened} opened, 0 oracles");
    }
}
