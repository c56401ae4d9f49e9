//! The number register of the sources, read from a loaded record as the people
//! see it: on the board, the team's page, the counts, the child's page. And
//! history as it was known on a day that has passed.

use casework::front_door::board::Filter;
use casework::model::{Contact, ContactState};
use casework::testing::{TestCouncil, empty_councils};
use casework::{Asked, time};
use chrono::{Days, Duration, NaiveDateTime};
use record::{Viewer, args};
use synth::load::Loader;
use synth::{Borough, Size, Standing, What};
use vocabulary::{Id, ids};

fn noon() -> NaiveDateTime {
    time::today().and_hms_opt(12, 0, 0).expect("noon")
}

/// What the pages below show, of the full borough: the named stories, the front
/// door, the North team and the children in care.
fn shown(family: &synth::Family) -> bool {
    family.story.is_some()
        || matches!(family.team, Some("front-door" | "north"))
        || family.standing == Standing::InCare
}

async fn loaded(council: &TestCouncil, size: Size) -> Loader {
    let casework = &council.casework;
    let mut loader = Loader::begin_with(casework, size, noon(), "not a password", shown)
        .await
        .expect("begun");
    match size {
        Size::Small => loader.rest(|_| {}).await.expect("all"),
        _ => loader.first(|_| {}).await.expect("the first families"),
    }
    loader
}

#[derive(sqlx::FromRow)]
struct Found {
    id: String,
}

async fn one(council: &TestCouncil, sql: &'static str, with: &str) -> String {
    let db = council.casework.store().read_db();
    let found: Found = db.one(sql, args![with]).await.expect("found");
    found.id
}

/// An invented worker, signed in.
async fn viewer(council: &TestCouncil, username: &str) -> Viewer {
    let id = one(
        council,
        "select id from worker where username = $1",
        username,
    )
    .await;
    let found = council
        .casework
        .viewer(id.parse().expect("an id"), Some("a session".into()))
        .await;
    found.expect("read").expect("at work")
}

/// The register's rows that a page shows today.
#[tokio::test]
async fn the_register_is_what_people_see() {
    for council in empty_councils().await {
        let loader = loaded(&council, Size::Full).await;
        let casework = &council.casework;

        // Farah's board: 45 contacts wait, 3 of them at immediate risk.
        let farah = viewer(&council, "farah.screener").await;
        let board = casework
            .board(&farah, &Filter::default())
            .await
            .expect("the board");
        assert_eq!((board.waiting.len() + board.more, board.more), (45, 0));
        let at_risk = board.waiting.iter().filter(|w| w.priority == 1).count();
        assert_eq!(at_risk, 3);
        assert!(board.waiting.iter().all(|w| w.clock.is_some()));

        // Priya's team page (000:26): 60 children for 6.0 workers, a mean of 10.0.
        let priya = viewer(&council, "priya.manager").await;
        let north = one(
            &council,
            "select team_id as id from worker where username = $1",
            "priya.manager",
        );
        let north: Id<ids::Team> = north.await.parse().expect("an id");
        let team = casework.team_page(&priya, north).await.expect("the team");
        assert_eq!((team.children, team.fte()), (60, "6.0".to_owned()));
        assert_eq!(team.mean.as_deref(), Some("10.0"));

        // The director sees five locality teams (000:26), each with cover of its own.
        let teams = casework.teams().await.expect("teams");
        let locality: Vec<_> = teams.iter().filter(|t| t.kind == "locality").collect();
        assert_eq!(locality.len(), 5);
        let mut cover: Vec<String> = locality
            .iter()
            .flat_map(|t| t.cover.as_array().expect("a list"))
            .map(ToString::to_string)
            .collect();
        let all = cover.len();
        cover.sort();
        cover.dedup();
        assert_eq!(cover.len(), all, "no postcode belongs to two teams");

        // Tia's counts (000:52): 236 children in care.
        let tia = viewer(&council, "tia.analyst").await;
        let counts = casework.counts(&tia).await.expect("counts");
        let in_care = counts.iter().filter(|c| c.status == "In care");
        assert_eq!(in_care.map(|c| c.children).sum::<i64>(), 236);

        // Twelve people round one child (000:34), on the child's own page.
        let family = loader
            .borough()
            .story("twelve-professionals")
            .expect("the family");
        let worker = family.worker.as_deref().expect("a worker");
        let worker = viewer(&council, worker).await;
        let child = one(
            &council,
            "select person_id as id from involvement where ended_on is null \
             and $1 = 'open' group by person_id order by count(*) desc limit 1",
            "open",
        );
        let child: Id<ids::Person> = child.await.parse().expect("an id");
        let page = casework
            .overview(&worker, child)
            .await
            .expect("the child’s page");
        assert_eq!(page.network.len(), 12);
    }
}

/// A plan that has closed since was open the day before, with actions that were
/// not done yet; who worked with the child then is named, and a contact that is
/// decided now was not then.
#[tokio::test]
async fn history_is_shown_as_it_was_known() {
    for council in empty_councils().await {
        let loader = loaded(&council, Size::Small).await;
        let casework = &council.casework;
        let director = viewer(&council, "okafor.director").await;
        let (family, ended) = a_closed_plan(loader.borough());
        let child = one(
            &council,
            "select m.person_id as id from plan p join plan_subject m on m.plan_id = p.id \
             join family f on f.id = p.family_id where p.state = 'closed' and f.name = $1 limit 1",
            &family,
        );
        let child: Id<ids::Person> = child.await.parse().expect("an id");
        let now = casework
            .as_known(&director, child, time::today())
            .await
            .expect("today");
        let before = ended - Days::new(1);
        let then = casework
            .as_known(&director, child, before)
            .await
            .expect("then");
        assert!(now.goals.is_empty() && now.actions.is_empty(), "{now:?}");
        assert!(!then.goals.is_empty(), "the plan was open: {then:?}");
        let stood = |known: &casework::access_control::KnownRecord| {
            let found = known.details.iter().find(|d| d.0 == "Where the work stood");
            found.map(|d| d.1.clone()).unwrap_or_default()
        };
        assert_eq!(stood(&now), "Not open to us now");
        assert_ne!(stood(&then), stood(&now));
        assert!(then.workers.len() > now.workers.len(), "{then:?}");

        let contact = one(
            &council,
            "select id from contact where state = $1 and family_id is not null \
             order by received_at desc limit 1",
            "decided",
        )
        .await;
        let id: Id<ids::Contact> = contact.parse().expect("an id");
        let farah = viewer(&council, "farah.screener").await;
        let seen = casework
            .gate()
            .contact(&farah, id, Asked::to_read("contact"))
            .await;
        let seen = seen.expect("read").expect("hers to see");
        let at = seen.received_at + Duration::seconds(1);
        let then: Vec<Contact> = casework
            .gate()
            .as_known(&seen, &[contact.as_str()], at)
            .await
            .expect("known");
        let then = then.first().expect("it had come in");
        assert_eq!(then.state, ContactState::New);
        assert_eq!((then.decided_at, then.outcome.clone()), (None, None));
        assert_eq!(seen.state, ContactState::Decided);
        let changes = casework
            .gate()
            .changes_of_row(&seen, "contact", &contact)
            .await
            .expect("its history");
        assert_eq!(
            changes.len() as i64,
            seen.version,
            "an event for each version"
        );
    }
}

/// The family with a worker whose plan closed last, and when.
fn a_closed_plan(borough: &Borough) -> (String, chrono::NaiveDate) {
    let closed = borough.families.iter().filter_map(|family| {
        let (mut given, mut plan, mut ended) = (false, false, None);
        for happening in &family.timeline {
            match &happening.what {
                What::Allocated(_) => given = true,
                What::Plan(_) => plan = given,
                What::Closed(_) if plan => ended = Some(happening.at.date()),
                _ => {}
            }
        }
        let alone = borough
            .families
            .iter()
            .filter(|f| f.name == family.name)
            .count()
            == 1;
        let over = family.standing == Standing::Closed && alone;
        ended.filter(|_| over).map(|day| (family.name.clone(), day))
    });
    closed.max_by_key(|c| c.1).expect("a plan that closed")
}

/// Every row stands at the version that its events say.
#[tokio::test]
async fn rows_and_their_events_agree() {
    #[derive(sqlx::FromRow)]
    struct Count {
        n: i64,
    }
    for council in empty_councils().await {
        loaded(&council, Size::Small).await;
        let db = council.casework.store().read_db();
        for table in [
            "person",
            "contact",
            "step",
            "plan",
            "action",
            "involvement",
            "address",
        ] {
            let sql = format!(
                "select count(*) as n from {table} t where t.version <> (select count(*) \
                 from journal j where j.object_kind = '{table}' and j.object_id = t.id \
                 and j.action in ('created', 'changed'))"
            );
            let wrong: Count = db
                .one(record::AssertSqlSafe(sql), args![])
                .await
                .expect("counted");
            assert_eq!(wrong.n, 0, "{table}");
        }
        let people: Count = db
            .one(
                "select count(*) as n from person where version > 1",
                args![],
            )
            .await
            .expect("counted");
        assert!(people.n > 100, "{}", people.n);
    }
}
