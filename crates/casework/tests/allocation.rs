//! Allocation: the picker's numbers, the change of worker and what goes with it,
//! moving to another team, complexity, and the team's page.

use casework::allocation::{Allocate, SetComplexity, Transfer};
use casework::model::{Involvement, Person, PersonKind, Step, StepState};
use casework::steps::OpenStep;
use casework::testing::small_family::{Home, begin, homes};
use casework::testing::{id_of, team_of};
use casework::{Asked, Error, time};
use chrono::Days;
use record::{Actor, AssertSqlSafe, Entity, args};
use vocabulary::{Id, ids};

fn wanted(home: &Home, username: &str) -> Allocate {
    Allocate {
        family: home.family,
        children: Vec::new(),
        worker: id_of(username),
        reason: String::new(),
        handover: String::new(),
        limit_reason: String::new(),
        once: Id::<ids::Note>::new().to_string(),
    }
}

async fn all<E: Entity>(home: &Home, condition: &str) -> Vec<E> {
    let sql = format!(
        "select {} from {} where {condition}",
        E::COLUMNS.join(", "),
        E::TABLE
    );
    let db = home.casework().store().read_db();
    db.all(AssertSqlSafe(sql), args![]).await.unwrap()
}

/// Idris and Sami are referred to North, and nobody has them yet.
async fn referred(home: &Home) -> Step {
    let casework = home.casework();
    let mut tx = casework
        .store()
        .begin(&Actor::system("test"))
        .await
        .unwrap();
    let step = casework
        .open_step(
            &mut tx,
            OpenStep {
                kind: "referral",
                family: home.family,
                children: vec![home.idris, home.sami],
                contact: None,
                team: Some(team_of("North")),
                worker: None,
                started_on: time::today() - Days::new(3),
            },
        )
        .await
        .unwrap();
    tx.commit().await.unwrap();
    step
}

/// Gives a worker as many single children of their own families.
async fn burden(
    home: &Home,
    username: &str,
    children: usize,
    status: &str,
) -> Vec<Id<ids::Person>> {
    let casework = home.casework();
    let mut tx = casework
        .store()
        .begin(&Actor::system("test"))
        .await
        .unwrap();
    let mut made = Vec::new();
    for n in 0..children {
        let person: Person = tx.get(home.maya).await.unwrap();
        let person = Person {
            id: Id::new(),
            kind: PersonKind::Child,
            given: format!("Child{n}"),
            status: Some(status.into()),
            ..person
        };
        tx.insert(&person).await.unwrap();
        tx.insert(&Involvement {
            id: Id::new(),
            person_id: person.id,
            worker_id: Some(id_of(username)),
            team_id: Some(team_of("North")),
            role: "allocated".into(),
            name: username.into(),
            job_title: "Social worker".into(),
            agency: "social_care".into(),
            phone: None,
            email: None,
            lead: true,
            sensitive: false,
            started_on: time::today() - Days::new(100),
            ended_on: None,
            change_reason: None,
            version: 1,
        })
        .await
        .unwrap();
        made.push(person.id);
    }
    tx.commit().await.unwrap();
    made
}

/// UX12, R000-21: a referral is finished, the assessment opens from the day of
/// the referral, and the family stays with the team.
#[tokio::test]
async fn r000_21_allocating_a_referral_opens_the_assessment() {
    for home in homes().await {
        let referral = referred(&home).await;
        let priya = home.council.viewer("priya.manager").await;
        let picker = home.casework().picker(&priya, home.family).await.unwrap();
        assert_eq!(picker.team.as_deref(), Some("North"));
        let names: Vec<String> = picker.children.iter().map(|c| c.first_name()).collect();
        assert_eq!(names, ["Idris", "Sami"], "only the referral's children");

        let amina = wanted(&home, "amina.asye");
        home.casework().allocate(&priya, &amina).await.unwrap();

        let steps: Vec<Step> = all(&home, "1 = 1 order by kind").await;
        assert_eq!(steps[0].kind, "child-and-family-assessment");
        assert_eq!(steps[0].started_on, referral.started_on);
        assert_eq!(steps[0].worker_id, Some(id_of("amina.asye")));
        assert_eq!(steps[1].state, StepState::Done);
        let viewer = home.council.viewer("amina.asye").await;
        for child in [home.idris, home.sami] {
            let seen = home.see(&viewer, child).await;
            assert_eq!(seen.status.as_deref(), Some("assessment"));
            assert_eq!(seen.because, "You are their allocated worker.");
        }
        let waiting = home
            .casework()
            .unallocated(&priya, &[team_of("North")], "team")
            .await
            .unwrap();
        assert!(waiting.is_empty(), "nothing waits any more");
        let again = home.casework().allocate(&priya, &amina).await;
        assert!(matches!(again, Err(Error::Already(_))), "{again:?}");
    }
}

/// R000-22: another worker needs a reason, counts, proposes itself for the
/// chronology, leaves a note, and takes the last one's access away at once.
#[tokio::test]
async fn r000_22_a_change_of_worker_needs_a_reason_and_a_handover() {
    for home in homes().await {
        let priya = home.council.viewer("priya.manager").await;
        let mut change = wanted(&home, "amina.asye");
        change.children = vec![home.maya];
        let refused = home.casework().allocate(&priya, &change).await;
        let Err(Error::Findings(findings)) = refused else {
            panic!("a change without a reason was taken: {refused:?}");
        };
        assert_eq!(findings[0].field, "reason");

        change.reason = "Jo goes on leave".into();
        change.handover = "Maya likes to talk while walking.".into();
        home.casework().allocate(&priya, &change).await.unwrap();
        let amina = home.council.viewer("amina.asye").await;
        let handover = home.casework().handover(&amina, home.family).await.unwrap();
        assert!(handover.open);
        assert!(handover.notes[0].1.contains("walking"));
        let picker = home.casework().picker(&priya, home.family).await.unwrap();
        assert_eq!(picker.workers_in_year, 2);
        let proposed: Vec<casework::model::Chronology> =
            all(&home, "kind = 'change_of_worker'").await;
        assert_eq!(proposed.len(), 1);
        assert!(proposed[0].wording.contains("Amina Fenn became Maya’s"));

        let too_soon = home
            .casework()
            .finish_handover(&amina, home.family, None, "")
            .await;
        assert!(matches!(too_soon, Err(Error::Findings(_))));
        home.casework()
            .finish_handover(&amina, home.family, Some(time::today()), "")
            .await
            .unwrap();
        let handover = home.casework().handover(&amina, home.family).await.unwrap();
        assert!(!handover.open);
    }
}

/// A manager allocates only to workers of teams they manage, and nobody else
/// allocates at all.
#[tokio::test]
async fn only_the_teams_manager_allocates_and_only_within_the_team() {
    for home in homes().await {
        referred(&home).await;
        let priya = home.council.viewer("priya.manager").await;
        let tom = wanted(&home, "tom.socialworker");
        let other_team = home.casework().allocate(&priya, &tom).await;
        assert!(
            matches!(other_team, Err(Error::Findings(_))),
            "{other_team:?}"
        );
        for stranger in ["jo.socialworker", "sam.manager", "tia.analyst", "nia.admin"] {
            let viewer = home.council.viewer(stranger).await;
            let picker = home.casework().picker(&viewer, home.family).await;
            assert!(matches!(picker, Err(Error::NotFound)), "{stranger}");
        }
    }
}

/// R003-12, R004-42: the newly qualified limit warns, asks for a reason, and
/// lets the manager go on.
#[tokio::test]
async fn r004_42_the_first_year_limit_warns_and_asks_and_never_blocks() {
    for home in homes().await {
        referred(&home).await;
        burden(&home, "amina.asye", 15, "child_in_need").await;
        let priya = home.council.viewer("priya.manager").await;
        let picker = home.casework().picker(&priya, home.family).await.unwrap();
        let amina = picker
            .choices
            .iter()
            .find(|c| c.load.worker.id == id_of("amina.asye"));
        let over = amina.and_then(|c| c.over_then.clone()).unwrap_or_default();
        assert_eq!(over, "above local limit of 16 children in the first year");
        let jo = picker
            .choices
            .iter()
            .find(|c| c.load.worker.id == id_of("jo.socialworker"));
        assert_eq!(jo.and_then(|c| c.over_then.clone()), None, "jo has room");

        let mut amina = wanted(&home, "amina.asye");
        let asked = home.casework().allocate(&priya, &amina).await;
        let Err(Error::Findings(findings)) = asked else {
            panic!("the limit was passed without a word: {asked:?}");
        };
        assert_eq!(findings[0].severity, packs::Severity::Warn);
        amina.limit_reason = "She knows the family, and two children leave on Friday".into();
        home.casework().allocate(&priya, &amina).await.unwrap();
    }
}

/// R004-45: two workers with 12 children each show different points.
#[tokio::test]
async fn r004_45_two_workers_with_twelve_children_show_different_points() {
    for home in homes().await {
        burden(&home, "jo.socialworker", 11, "child_in_need").await;
        let heavy = burden(&home, "amina.asye", 12, "child_in_need").await;
        let priya = home.council.viewer("priya.manager").await;
        let set = SetComplexity {
            person: heavy[0],
            points: "4".into(),
            reason: "Threats to the worker, and three agencies".into(),
            once: Id::<ids::Note>::new().to_string(),
        };
        home.casework().set_complexity(&priya, &set).await.unwrap();
        let mut maya = home
            .casework()
            .store()
            .begin(&Actor::system("test"))
            .await
            .unwrap();
        let mut row: Person = maya.get(home.maya).await.unwrap();
        row.status = Some("child_in_need".into());
        maya.update(&mut row).await.unwrap();
        maya.commit().await.unwrap();

        let team = home
            .casework()
            .team_page(&priya, team_of("North"))
            .await
            .unwrap();
        let of = |username| {
            let id = id_of(username);
            let row = team.rows.iter().find(|r| r.load.worker.id == id);
            row.map(|r| (r.load.children(), r.load.points)).unwrap()
        };
        assert_eq!(of("jo.socialworker"), (12, 60.0));
        assert_eq!(of("amina.asye"), (12, 64.0));
        let too_many = SetComplexity {
            points: "5".into(),
            ..set
        };
        let refused = home.casework().set_complexity(&priya, &too_many).await;
        assert!(matches!(refused, Err(Error::Findings(_))));
    }
}

/// R000-20, R003-28: the mean has one decimal, and the case mix adds up.
#[tokio::test]
async fn r000_20_the_mean_and_the_case_mix_add_up() {
    for home in homes().await {
        burden(&home, "jo.socialworker", 23, "child_in_need").await;
        burden(&home, "amina.asye", 6, "assessment").await;
        let priya = home.council.viewer("priya.manager").await;
        let team = home
            .casework()
            .team_page(&priya, team_of("North"))
            .await
            .unwrap();
        assert_eq!(team.children, 30);
        assert_eq!(
            team.fte(),
            "2.0",
            "the manager holds nobody and is not counted"
        );
        assert_eq!(team.mean.as_deref(), Some("15.0"));
        for row in &team.rows {
            let mix: i64 = row.load.mix().iter().map(|(_, n)| n).sum();
            assert_eq!(mix, row.load.children());
        }
        assert_eq!(team.mix.iter().map(|(_, n)| n).sum::<i64>(), team.children);
        let jo = team
            .rows
            .iter()
            .find(|r| r.load.worker.id == id_of("jo.socialworker"));
        let over = jo.and_then(|r| r.load.over()).unwrap_or_default();
        assert_eq!(over, "above local limit of 18 children");
        let sam = home.council.viewer("sam.manager").await;
        let other = home.casework().team_page(&sam, team_of("North")).await;
        assert!(matches!(other, Err(Error::NotFound)));
    }
}

/// R003-09: another team needs a reason; then that team's manager sees it, and
/// the count of moves goes up.
#[tokio::test]
async fn r003_09_a_transfer_needs_a_reason_and_is_counted() {
    for home in homes().await {
        referred(&home).await;
        let priya = home.council.viewer("priya.manager").await;
        let mut transfer = Transfer {
            family: home.family,
            team: Some(team_of("South")),
            reason: " ".into(),
            once: Id::<ids::Note>::new().to_string(),
        };
        let refused = home.casework().transfer(&priya, &transfer).await;
        assert!(matches!(refused, Err(Error::Findings(_))), "{refused:?}");
        transfer.reason = "The family moved across the river".into();
        home.casework().transfer(&priya, &transfer).await.unwrap();
        let sam = home.council.viewer("sam.manager").await;
        let waiting = home
            .casework()
            .unallocated(&sam, &[team_of("South")], "team")
            .await
            .unwrap();
        assert_eq!(waiting.len(), 1);
        assert_eq!(waiting[0].name, "Ashgrove family");
        let picker = home.casework().picker(&sam, home.family).await.unwrap();
        assert_eq!(picker.transfers_in_year, 1);
        assert_eq!(picker.team.as_deref(), Some("South"));
    }
}

/// T15: nobody gets a child whose record is closed to them.
#[tokio::test]
async fn a_worker_with_a_personal_connection_cannot_be_given_the_child() {
    for home in homes().await {
        referred(&home).await;
        let mut tx = home
            .casework()
            .store()
            .begin(&Actor::system("test"))
            .await
            .unwrap();
        tx.insert(&casework::model::Conflict {
            id: Id::new(),
            worker_id: id_of("amina.asye"),
            person_id: home.sami,
            declared_at: tx.now(),
            ended_at: None,
            version: 1,
        })
        .await
        .unwrap();
        tx.commit().await.unwrap();
        let priya = home.council.viewer("priya.manager").await;
        let amina = wanted(&home, "amina.asye");
        let refused = home.casework().allocate(&priya, &amina).await;
        assert!(matches!(refused, Err(Error::Findings(_))), "{refused:?}");
        let amina = home.council.viewer("amina.asye").await;
        let gate = home.casework().gate();
        let seen = gate
            .person(&amina, home.sami, Asked::to_read("test"))
            .await
            .unwrap();
        assert!(seen.is_none());
    }
}

/// R003-04: a team that holds a referred child without a worker gives the place
/// up when the child gets one; until then the manager sees the family wait.
#[tokio::test]
async fn r003_04_a_worker_ends_the_holding_by_the_team() {
    for home in homes().await {
        referred(&home).await;
        let mut tx = begin(home.casework()).await;
        for child in [home.idris, home.sami] {
            tx.insert(&Involvement {
                id: Id::new(),
                person_id: child,
                worker_id: None,
                team_id: Some(team_of("North")),
                role: "other".into(),
                name: "North".into(),
                job_title: "Team".into(),
                agency: "social_care".into(),
                phone: None,
                email: None,
                lead: false,
                sensitive: false,
                started_on: time::today() - Days::new(3),
                ended_on: None,
                change_reason: None,
                version: 1,
            })
            .await
            .unwrap();
        }
        tx.commit().await.unwrap();
        let priya = home.council.viewer("priya.manager").await;
        let page = home.casework().home(&priya).await.unwrap();
        let block = page.blocks.iter().find(|b| b.id == "unallocated").unwrap();
        assert_eq!(block.lines.len(), 1, "one family, not one line a cause");
        assert_eq!(block.lines[0].about, "Idris and Sami");
        home.casework()
            .allocate(&priya, &wanted(&home, "amina.asye"))
            .await
            .unwrap();
        let open: Vec<Involvement> = all(
            &home,
            "worker_id is null and team_id is not null and ended_on is null",
        )
        .await;
        assert!(open.is_empty(), "{open:?}");
        let page = home.casework().home(&priya).await.unwrap();
        let block = page.blocks.iter().find(|b| b.id == "unallocated").unwrap();
        assert!(block.lines.is_empty());
    }
}

/// R003-07: the clock of immediate risk runs on, in the worker's name, after
/// the referral is allocated, and stops when a child of the family is seen.
#[tokio::test]
async fn r003_07_a_worker_is_not_yet_an_answer_to_immediate_risk() {
    for home in homes().await {
        let referral = referred(&home).await;
        let casework = home.casework();
        let mut tx = begin(casework).await;
        let about = casework::clocks::About {
            kind: "step",
            id: referral.id.to_string(),
            family: Some(home.family),
            team: Some(team_of("North")),
            worker: Some(id_of("priya.manager")),
            path: format!("/steps/{}", referral.id),
            ..casework::clocks::About::default()
        };
        let now = tx.now();
        casework::clocks::start(
            &mut tx,
            casework.pack(),
            "contact.immediate_risk",
            now,
            &about,
        )
        .await
        .unwrap();
        tx.commit().await.unwrap();
        let priya = home.council.viewer("priya.manager").await;
        casework
            .allocate(&priya, &wanted(&home, "amina.asye"))
            .await
            .unwrap();
        let running = "rule = 'immediate-risk' and done_at is null";
        let clocks: Vec<casework::model::Clock> = all(&home, running).await;
        assert_eq!(clocks.len(), 1, "nobody has acted yet");
        assert_eq!(clocks[0].worker_id, Some(id_of("amina.asye")));
        let amina = home.council.viewer("amina.asye").await;
        let mut answers = packs::Answers::new();
        for (field, said) in [
            ("purpose", "other"),
            ("seen", "yes"),
            ("alone", "yes"),
            ("where", "home"),
            ("childs_words", "“I want to stay with Mum.”"),
        ] {
            answers.set(field, said);
        }
        let visit = casework::notes::NewVisit {
            person: home.sami,
            answers,
            warned: true,
            once: "seen".into(),
        };
        casework.save_visit(&amina, &visit).await.unwrap();
        let clocks: Vec<casework::model::Clock> = all(&home, running).await;
        assert!(clocks.is_empty(), "a child was seen");
    }
}
