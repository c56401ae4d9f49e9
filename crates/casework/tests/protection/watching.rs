//! Stepping down, and watching afterwards.

use casework::model::{Goal, Person, Plan, PlanState, Protection, Watch, WatchState};
use casework::testing::{TestCouncil, councils};
use casework::{Casework, Error, time};
use chrono::{Days, Utc};
use packs::Answers;
use vocabulary::{Id, ids};

use crate::at_work::{Home, answers, home, once, row};
use crate::support::*;

/// A step-down with evidence over so many days.
pub fn step_down(casework: &Casework, days: u64, more: &[(&str, &str)]) -> Answers {
    let first = (time::today() - Days::new(days)).to_string();
    let last = time::today().to_string();
    let mut pairs = vec![
        ("evidence_for.0.on", first.as_str()),
        (
            "evidence_for.0.what",
            "He left the home; the tenancy is Layla’s.",
        ),
        ("evidence_for.1.on", last.as_str()),
        (
            "evidence_for.1.what",
            "School: in every day, and she laughs.",
        ),
        ("evidence_against", "He wrote to Layla in August."),
        ("childs_view", "It’s boring now. Good boring."),
        ("tested_by", "Graham Ash went on a Friday night"),
        (
            "bring_back",
            "He is in the home, or Maya misses three days.",
        ),
        ("outcome", "step_down"),
        ("to", "child_in_need"),
        ("why", "It has held for months, also when nobody looked."),
        ("tell_child", "You do not need the big meetings any more."),
    ];
    pairs.extend_from_slice(more);
    answers(casework, "step-down", &pairs)
}

pub async fn to_review(council: &TestCouncil, home: &Home, plan: Id<ids::Plan>) -> Id<ids::Step> {
    let casework = &council.casework;
    let step = casework.open_review(&home.jo, plan, &once()).await.unwrap();
    let page = casework.conference(&home.jo, step).await.unwrap();
    casework
        .arrange_conference(&home.jo, step, &arrange(&page, 5))
        .await
        .unwrap();
    step
}

/// R004-25: evidence that spans less than the standard needs a reason; a
/// manager decides; and only the review conference ends the plan.
#[tokio::test]
async fn r004_25_a_plan_ends_only_with_evidence_and_at_a_review() {
    for council in councils().await {
        let home = home(&council).await;
        let casework = &council.casework;
        let plan = to_plan(&council, &home).await;
        let review = to_review(&council, &home, plan).await;
        let page = casework.conference(&home.jo, review).await.unwrap();
        let Err(Error::Findings(found)) = casework
            .hold_conference(&home.jo, review, &decided(&page, &[(home.maya, "end")]))
            .await
        else {
            panic!("without evidence it must not end")
        };
        assert!(found[0].message.contains("evidence"), "{found:?}");

        let down = casework
            .start_step_down(&home.jo, plan, &once())
            .await
            .unwrap();
        let short = casework
            .send_step_down(&home.jo, down, &step_down(casework, 20, &[]), &once())
            .await;
        assert!(matches!(short, Err(Error::Findings(f)) if f[0].field == "too_short_reason"));
        let enough = step_down(casework, 100, &[]);
        casework
            .send_step_down(&home.jo, down, &enough, &once())
            .await
            .unwrap();
        let own = authorise(casework, &home.jo, down, "step_down").await;
        assert!(own.is_err(), "not by the author");
        authorise(casework, &home.priya, down, "step_down")
            .await
            .unwrap();
        assert_eq!(row::<Plan>(&council, plan).await.state, PlanState::Open);
        assert!(rows::<Watch>(&council, "1 = 1").await.is_empty());

        let page = casework.conference(&home.jo, review).await.unwrap();
        let hold = decided(&page, &[(home.maya, "end")]);
        casework
            .hold_conference(&home.jo, review, &hold)
            .await
            .unwrap();
        let ended = row::<Plan>(&council, plan).await;
        assert_eq!(
            (ended.state, ended.ended_on),
            (PlanState::Closed, Some(time::today()))
        );
        let time_on: Vec<Protection> = rows(&council, "1 = 1").await;
        assert_eq!(time_on[0].ended_on, Some(time::today()));
        assert_eq!(
            row::<Person>(&council, home.maya).await.status.as_deref(),
            Some("child_in_need")
        );
        let next: Vec<Plan> = rows(&council, "kind = 'child_in_need' and state = 'open'").await;
        let goals: Vec<Goal> = rows(&council, &format!("plan_id = '{}'", next[0].id)).await;
        assert!(
            goals.iter().any(|g| g.wording.contains("Nobody hits")),
            "the goal goes on"
        );
        for rule in ["watch-3-months", "watch-6-months", "watch-12-months"] {
            assert_eq!(running(&council, rule).await.len(), 1, "{rule}");
        }
        assert!(running(&council, "protection-visit").await.is_empty());
        assert!(
            running(&council, "first-review-conference")
                .await
                .is_empty()
        );
    }
}

/// R004-23: needing more help again is seen, counted, and shown before the
/// next step-down.
#[tokio::test]
async fn r004_23_coming_back_is_seen_and_shown_next_time() {
    for council in councils().await {
        let home = home(&council).await;
        let casework = &council.casework;
        let plan = to_plan(&council, &home).await;
        let review = to_review(&council, &home, plan).await;
        let down = casework
            .start_step_down(&home.jo, plan, &once())
            .await
            .unwrap();
        let enough = step_down(casework, 100, &[]);
        casework
            .send_step_down(&home.jo, down, &enough, &once())
            .await
            .unwrap();
        authorise(casework, &home.priya, down, "step_down")
            .await
            .unwrap();
        let page = casework.conference(&home.jo, review).await.unwrap();
        let hold = decided(&page, &[(home.maya, "end")]);
        casework
            .hold_conference(&home.jo, review, &hold)
            .await
            .unwrap();

        let watch = rows::<Watch>(&council, "1 = 1").await.remove(0);
        let look = answers(
            casework,
            "watch-look",
            &[("holding", "partly"), ("words", "School worries again.")],
        );
        casework
            .look_again(&home.jo, watch.id, &look, &once())
            .await
            .unwrap();
        assert!(running(&council, "watch-3-months").await.is_empty());
        assert_eq!(running(&council, "watch-6-months").await.len(), 1);
        assert_eq!(casework.watches(&home.jo).await.unwrap().len(), 1);
        assert!(casework.watches(&home.tom).await.unwrap().is_empty());

        to_section47(&council, &home, Utc::now()).await;
        let watch: Watch = row(&council, watch.id).await;
        assert_eq!(
            (watch.state, watch.back_on),
            (WatchState::Back, Some(time::today()))
        );
        assert!(running(&council, "watch-6-months").await.is_empty());
        let need: Vec<Plan> = rows(&council, "kind = 'child_in_need' and state = 'open'").await;
        let again = casework
            .start_step_down(&home.jo, need[0].id, &once())
            .await
            .unwrap();
        let page = casework.step_down(&home.jo, again).await.unwrap();
        assert_eq!(page.earlier.len(), 1);
        assert!(page.earlier[0].back && page.earlier[0].words.contains("needed more help again"));
        assert_eq!(
            casework.re_escalated(&home.jo, 6).await.unwrap(),
            (0, 0),
            "it is not six months old"
        );
    }
}
