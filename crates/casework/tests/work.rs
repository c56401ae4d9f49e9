//! "My work": every role has a home of at most seven blocks, what is late stands
//! first, and nothing is shown of a record that is closed to the viewer.

use casework::model::Clock;
use casework::testing::small_family::{Home, homes};
use casework::testing::{id_of, team_of};
use casework::work::{few, few_in_all};
use chrono::{Duration, Utc};
use record::Actor;
use record::db::count_queries;
use vocabulary::Id;

const STAFF: [&str; 10] = [
    "farah.screener",
    "jo.socialworker",
    "amina.asye",
    "priya.manager",
    "tom.socialworker",
    "sam.manager",
    "dev.earlyhelp",
    "okafor.director",
    "nia.admin",
    "tia.analyst",
];

async fn late_visit(home: &Home) {
    let mut tx = home
        .casework()
        .store()
        .begin(&Actor::system("test"))
        .await
        .unwrap();
    tx.insert(&Clock {
        id: Id::new(),
        rule: "child-in-need-visit".into(),
        rule_version: "2013-04-01".into(),
        title: "See the child".into(),
        about_kind: "plan".into(),
        about_id: "test".into(),
        person_id: Some(home.maya),
        family_id: Some(home.family),
        contact_id: None,
        team_id: Some(team_of("North")),
        worker_id: Some(id_of("jo.socialworker")),
        path: format!("/people/{}/visits/new", home.maya),
        started_at: Utc::now() - Duration::days(40),
        due_at: Utc::now() - Duration::days(12),
        done_at: None,
        late_reason: None,
        late_agreed_by: None,
        late_recorded_at: None,
        version: 1,
    })
    .await
    .unwrap();
    tx.commit().await.unwrap();
}

/// R001-42, R004-37: every role's home works, has at most seven blocks, and its
/// first block leads somewhere. P5: at most 12 statements with the sign-in's 3.
#[tokio::test]
async fn r001_42_every_role_has_a_home_that_it_can_act_on() {
    for home in homes().await {
        late_visit(&home).await;
        for username in STAFF {
            let viewer = home.council.viewer(username).await;
            let (page, statements) = count_queries(home.casework().home(&viewer)).await;
            let page = page.unwrap();
            assert!((1..=7).contains(&page.blocks.len()), "{username}");
            let first = &page.blocks[0];
            assert!(
                !first.lines.is_empty() || first.more.is_some() || !first.empty.is_empty(),
                "{username}: the first block says nothing"
            );
            for line in page.blocks.iter().flat_map(|b| &b.lines) {
                assert!(
                    line.href.starts_with('/'),
                    "{username}: {line:?} leads nowhere"
                );
            }
            assert!(statements <= 9, "{username} asks {statements} statements");
        }
    }
}

/// UX01: what is late stands in the first block with its rule and its place.
#[tokio::test]
async fn ux01_what_is_late_stands_first_with_its_rule() {
    for home in homes().await {
        late_visit(&home).await;
        let page = home.casework().home(&home.jo().await).await.unwrap();
        assert_eq!(page.blocks[0].title, "Late and due today");
        let line = &page.blocks[0].lines[0];
        assert_eq!(line.about, "Maya Ashgrove");
        assert_eq!(line.note, "Rule: every 4 weeks");
        let (state, words) = line.clock.clone().unwrap();
        assert_eq!(state, "late");
        assert!(words.contains("late"), "{words}");
        let children = page.blocks.iter().find(|b| b.id == "my-children").unwrap();
        assert_eq!(children.lines.len(), 1);
        assert_eq!(children.lines[0].note, "Not yet seen");
        assert!(
            !page.blocks.iter().any(|b| b.id == "messages"),
            "no empty promise"
        );
    }
}

/// S4: a restricted child leaves the homes and the team's list of everyone who
/// is not on its list, whoever's work it was.
#[tokio::test]
async fn s4_a_restricted_child_leaves_every_home() {
    for home in homes().await {
        late_visit(&home).await;
        home.restrict(home.maya).await;
        for username in STAFF {
            let viewer = home.council.viewer(username).await;
            let page = home.casework().home(&viewer).await.unwrap();
            let text = format!("{page:?}");
            assert!(!text.contains("Maya"), "{username} sees a restricted child");
            assert!(!text.contains(home.maya.as_str()), "{username}");
        }
        let priya = home.council.viewer("priya.manager").await;
        let team = home
            .casework()
            .team_page(&priya, team_of("North"))
            .await
            .unwrap();
        assert_eq!(team.children, 0, "not in the counts either");
        assert!(!format!("{team:?}").contains("Maya"));
    }
}

/// Small numbers are not shown as they are.
#[tokio::test]
async fn counts_hide_small_numbers_and_names() {
    assert_eq!(
        [few(0), few(1), few(4), few(5)],
        ["0", "fewer than 5", "fewer than 5", "5"]
    );
    // 12 in all and 10 in one team would tell that the other has 2.
    assert_eq!(few_in_all(&[10, 2]), "about 10");
    assert_eq!(few_in_all(&[10, 7]), "17");
    assert_eq!(few_in_all(&[1, 2]), "fewer than 5");
    for home in homes().await {
        let tia = home.council.viewer("tia.analyst").await;
        let page = home.casework().home(&tia).await.unwrap();
        assert!(!format!("{page:?}").contains("Ashgrove"));
        assert!(page.blocks[0].lines[0].about.starts_with("fewer than 5"));
        let jo = home.jo().await;
        assert!(home.casework().counts(&jo).await.is_err());
    }
}

/// "Where the pressure is" counts as far as its reader may see, and shows no
/// small number as it is.
#[tokio::test]
async fn the_pressure_on_teams_leaves_out_restricted_records_and_small_numbers() {
    for home in homes().await {
        let director = home.council.viewer("okafor.director").await;
        let north = async || {
            let page = home.casework().home(&director).await.unwrap();
            let block = page.blocks.iter().find(|b| b.id == "service-pressure");
            let lines = &block.expect("the block").lines;
            let line = lines.iter().find(|line| line.text == "North");
            line.expect("the team").about.clone()
        };
        assert_eq!(north().await, "fewer than 5 children");
        home.restrict(home.maya).await;
        assert_eq!(north().await, "0 children");
    }
}
