//! P5: at most twelve statements a page, counted with the sign-in, the gate and
//! everything, on every address of the web in a loaded borough, for everybody
//! who may open it.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use casework::testing::{EVERYBODY, TestCouncil, empty_councils};
use casework::time;
use record::args;
use record::db::count_queries;
use synth::Size;
use synth::load::Loader;
use tower::ServiceExt as _;
use vocabulary::{Id, ids};
use web::App;

const MOST: u32 = 12;

/// What may stand in an address, and where the largest of them are found: one
/// column for each placeholder.
const PLACES: [(&[&str], &str); 22] = [
    (
        &["{person}"],
        "select a, '' as b from (select person_id as a from note group by person_id \
         order by count(*) desc limit 4) most union select i.person_id, '' from involvement i \
         join worker w on w.id = i.worker_id where w.username = 'jo.socialworker' \
         and i.ended_on is null union select a, '' from (select person_id as a from care_episode \
         group by person_id order by count(*) desc limit 3) moved union select a, '' from \
         (select person_id as a from leaver order by person_id limit 2) leaving",
    ),
    (
        &["{family}"],
        "select a, '' as b from (select family_id as a from family_member group by family_id \
         order by count(*) desc limit 4) most union select m.family_id, '' from involvement i \
         join worker w on w.id = i.worker_id join family_member m on m.person_id = i.person_id \
         where w.username = 'jo.socialworker' and i.ended_on is null",
    ),
    (
        &["{team}"],
        "select id as a, '' as b from team where kind = 'locality' limit 2",
    ),
    (
        &["{worker}"],
        "select id as a, '' as b from worker order by username limit 2",
    ),
    (
        &["{grant}"],
        "select id as a, '' as b from access_grant limit 2",
    ),
    (
        &["{contact}", "{part}"],
        "select contact_id as a, c.id as b from contact_child c join contact x on x.id = c.contact_id \
         order by x.received_at desc limit 6",
    ),
    (
        &["{step}", "{section}"],
        "select step_id as a, section as b from step_section order by length(section) desc limit 8",
    ),
    (
        &["{plan}"],
        "select plan_id as a, '' as b from action group by plan_id order by count(*) desc limit 4",
    ),
    (
        &["{action}"],
        "select action_id as a, '' as b from action_update group by action_id \
         order by count(*) desc limit 4",
    ),
    (
        &["{meeting}"],
        "select meeting_id as a, '' as b from meeting_person group by meeting_id \
         order by count(*) desc limit 4",
    ),
    (
        &["{note}"],
        "select id as a, '' as b from note order by happened_at desc limit 4",
    ),
    (
        &["{entry}"],
        "select id as a, '' as b from chronology order by happened_on desc limit 4",
    ),
    (
        &["{clock}"],
        "select id as a, '' as b from clock where done_at is null order by due_at limit 4",
    ),
    (
        &["{decision}"],
        "select id as a, '' as b from (select d.id, d.decided_at from decision d \
         join step_subject x on x.step_id = d.step_id group by d.id, d.decided_at \
         order by count(*) desc, d.decided_at desc limit 6) most",
    ),
    (
        &["{strategy}"],
        "select id as a, '' as b from step where kind = 'strategy-discussion' limit 4",
    ),
    (
        &["{conference}"],
        "select step_id as a, '' as b from step_meeting m join step s on s.id = m.step_id \
         where s.kind like '%-conference' order by s.state desc, m.id desc limit 6",
    ),
    (&["{letter}"], "select id as a, '' as b from letter limit 4"),
    (
        &["{check}"],
        "select id as a, '' as b from mash_check limit 4",
    ),
    (
        &["{court_case}"],
        "select id as a, '' as b from court_case order by id limit 4",
    ),
    (
        &["{episode}"],
        "select id as a, '' as b from care_episode order by id desc limit 4",
    ),
    (
        &["{missing}"],
        "select id as a, '' as b from missing order by id desc limit 4",
    ),
    (
        &["{panel_case}"],
        "select id as a, '' as b from panel_referral order by id desc limit 4",
    ),
];

#[derive(sqlx::FromRow)]
struct Pair {
    a: String,
    b: String,
}

/// The addresses that a pattern stands for in this record; none where it has a
/// placeholder that nothing invented fits, such as a one-time link.
async fn addresses(council: &TestCouncil, pattern: &str) -> Vec<String> {
    let mut all = vec![pattern.to_owned()];
    for (names, sql) in PLACES {
        if !names.iter().any(|name| pattern.contains(name)) {
            continue;
        }
        let db = council.casework.store().read_db();
        let found: Vec<Pair> = db.all(sql, args![]).await.expect("found");
        let fill = |path: &String| -> Vec<String> {
            let put = |pair: &Pair| {
                let path = path.replace(names[0], &pair.a);
                match names.get(1) {
                    Some(second) => path.replace(second, &pair.b),
                    None => path,
                }
            };
            found.iter().map(put).collect()
        };
        all = all.iter().flat_map(fill).collect();
    }
    all.retain(|path| !path.contains('{'));
    all
}

async fn cookie(council: &TestCouncil, username: &str) -> String {
    #[derive(sqlx::FromRow)]
    struct Found {
        id: Id<ids::Worker>,
    }
    let store = council.casework.store();
    let sql = "select id from worker where username = $1";
    let worker: Found = store
        .read_db()
        .one(sql, args![username])
        .await
        .expect("a worker");
    let token = store.start_session(worker.id).await.expect("a session");
    format!("tl-session={token}")
}

#[tokio::test]
async fn p5_no_page_of_the_borough_needs_more_than_twelve_statements() {
    for (n, council) in empty_councils().await.into_iter().enumerate() {
        let noon = time::today().and_hms_opt(12, 0, 0).expect("noon");
        let casework = &council.casework;
        let mut loader = Loader::begin(casework, Size::Small, noon, "not a password")
            .await
            .expect("begun");
        loader.rest(|_| {}).await.expect("loaded");
        let router = web::router(App::new(casework.clone(), false));
        let mut worst: BTreeMap<&str, (u32, &str)> = BTreeMap::new();
        let mut unopened: Vec<&str> = Vec::new();
        let mut cookies = Vec::new();
        // The number does not depend on the database: everybody on the first,
        // on the other whoever has the longest pages.
        let longest = ["jo.socialworker"];
        let who = EVERYBODY
            .iter()
            .filter(|p| n == 0 || longest.contains(&p.username));
        for persona in who {
            cookies.push((persona.username, cookie(&council, persona.username).await));
        }
        for pattern in web::ROUTES.iter().copied().flatten().copied() {
            let paths = addresses(&council, pattern).await;
            for (username, cookie) in &cookies {
                for path in &paths {
                    let request = Request::get(path)
                        .header("cookie", cookie)
                        .body(Body::empty())
                        .expect("a request");
                    let (answer, n) = count_queries(router.clone().oneshot(request)).await;
                    if answer.expect("an answer").status() != StatusCode::OK {
                        continue;
                    }
                    let known = worst.entry(pattern).or_default();
                    if n >= known.0 {
                        *known = (n, *username);
                    }
                }
            }
            if !worst.contains_key(pattern) {
                unopened.push(pattern);
            }
        }
        let mut sorted: Vec<_> = worst.iter().collect();
        sorted.sort_by_key(|(_, (n, _))| std::cmp::Reverse(*n));
        for (pattern, (n, username)) in sorted.iter().take(12) {
            println!("{n:>3} statements: {pattern} for {username}");
        }
        println!("{} addresses opened; not opened: {unopened:?}", worst.len());
        assert!(
            worst.len() >= 30,
            "only {} addresses were opened",
            worst.len()
        );
        assert!(worst.values().any(|(n, _)| *n > 5), "is the counter blind?");
        let over: Vec<_> = sorted.iter().filter(|(_, (n, _))| *n > MOST).collect();
        assert!(over.is_empty(), "more than {MOST} statements: {over:?}");
    }
}
