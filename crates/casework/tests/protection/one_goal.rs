//! One goal through every plan: child in need, protection, care, pathway.

use casework::care::CareForm;
use casework::leaving_care::LeaverForm;
use casework::model::{Action, Goal, GoalState, Person, Plan, PlanState};
use casework::plans::start::Started;
use casework::testing::{TestCouncil, councils, id_of};
use casework::time;
use chrono::{Days, Months};
use record::Actor;
use vocabulary::{Id, ids};

use crate::at_work::{Home, action_answers, answers, home, once, row, start};
use crate::support::*;
use crate::watching::{step_down, to_review};

fn day(ago: u64) -> String {
    (time::today() - Days::new(ago)).to_string()
}

async fn care(council: &TestCouncil, home: &Home, what: CareForm, pairs: &[(&str, &str)]) {
    let casework = &council.casework;
    let answers = answers(casework, what.form(), pairs);
    casework
        .save_care(&home.jo, home.maya, what, &answers, &once())
        .await
        .unwrap();
}

async fn leaving(council: &TestCouncil, home: &Home, what: LeaverForm, pairs: &[(&str, &str)]) {
    let casework = &council.casework;
    let answers = answers(casework, what.form(), pairs);
    casework
        .save_leaving(&home.jo, home.maya, what, &answers, &once())
        .await
        .unwrap();
}

/// The only open plan of a kind.
async fn open(council: &TestCouncil, kind: &str) -> Plan {
    let plans: Vec<Plan> = rows(council, &format!("kind = '{kind}' and state = 'open'")).await;
    assert_eq!(plans.len(), 1, "one open plan: {kind}");
    plans.into_iter().next().unwrap()
}

/// A child in need plan for Maya alone, with one goal and one action of it.
async fn in_need(council: &TestCouncil, home: &Home) -> (Id<ids::Goal>, Id<ids::Action>) {
    let casework = &council.casework;
    let begun = casework
        .start_plan(&home.jo, home.maya, &start(casework, &[]))
        .await
        .unwrap();
    let Started::Plan(plan) = begun else {
        panic!("the plan did not start")
    };
    let goal = answers(
        casework,
        "plan-goal",
        &[
            ("goal", "Maya sleeps through the night."),
            ("childs_words", "I want it quiet."),
        ],
    );
    casework
        .add_goal(&home.jo, plan, &goal, &once())
        .await
        .unwrap();
    let goals: Vec<Goal> = rows(council, "wording like 'Maya sleeps%'").await;
    let what = action_answers(casework, "");
    let action = casework
        .add_action(&home.jo, plan, &what, Some(goals[0].id), &once())
        .await
        .unwrap();
    (goals[0].id, action)
}

/// R001-30: a goal keeps its history when a child in need comes to need
/// protection, then comes into care, then makes a pathway plan. It stays one
/// row with the child's words; its open action goes along; each plan it leaves
/// is closed; what it was called when is in the goal and in the journal.
#[tokio::test]
async fn r001_30_one_goal_goes_from_need_to_protection_to_care_to_a_pathway() {
    for council in councils().await {
        let home = home(&council).await;
        let casework = &council.casework;
        let (goal, action) = in_need(&council, &home).await;

        let protection = to_plan(&council, &home).await;
        assert_eq!(row::<Goal>(&council, goal).await.plan_id, protection);
        assert_eq!(row::<Action>(&council, action).await.plan_id, protection);

        // In care while protection goes on: only a conference can end it, so
        // the goal stays there until then.
        care(
            &council,
            &home,
            CareForm::Start,
            &[
                ("on", &day(2)),
                ("legal_status", "C1"),
                ("need", "N1"),
                ("why", "An interim order."),
                ("home", "U6"),
                ("provider", "PR1"),
                ("carer", "Rosa and Bill Penn"),
                ("rule", "ordinary"),
                ("agreed_by", "Priya Thorne"),
            ],
        )
        .await;
        let plan = [
            ("on", &*day(1)),
            ("aim", "Safe sleep, safe home."),
            ("agreed", "partly"),
        ];
        care(&council, &home, CareForm::Plan, &plan).await;
        let in_care = open(&council, "in_care").await;
        assert_eq!(row::<Goal>(&council, goal).await.plan_id, protection);

        let review = to_review(&council, &home, protection).await;
        let down = casework
            .start_step_down(&home.jo, protection, &once())
            .await
            .unwrap();
        casework
            .send_step_down(&home.jo, down, &step_down(casework, 100, &[]), &once())
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
        assert_eq!(row::<Goal>(&council, goal).await.plan_id, in_care.id);
        assert_eq!(row::<Action>(&council, action).await.plan_id, in_care.id);
        let maya = row::<Person>(&council, home.maya).await;
        assert_eq!(maya.status.as_deref(), Some("in_care"), "she stays in care");
        let need: Vec<Plan> = rows(&council, "kind = 'child_in_need' and state = 'open'").await;
        assert!(need.is_empty(), "no second plan beside the care plan");

        let mut tx = casework
            .store()
            .begin(&Actor::system("test"))
            .await
            .unwrap();
        let mut older = maya;
        older.born_on = Some(time::today() - Months::new(16 * 12) - Days::new(30));
        tx.update(&mut older).await.unwrap();
        tx.commit().await.unwrap();
        let adviser = id_of("dev.earlyhelp");
        let first = [
            ("status", "eligible"),
            ("on", &*day(1)),
            ("adviser", adviser.as_str()),
        ];
        leaving(&council, &home, LeaverForm::Start, &first).await;
        let needs = [("on", &*day(1)), ("home", "Rosa’s, for now.")];
        leaving(&council, &home, LeaverForm::Assessment, &needs).await;
        let pathway = [
            ("kind", "plan"),
            ("on", &*day(0)),
            ("home", "Rosa and Bill until 21."),
        ];
        leaving(&council, &home, LeaverForm::Plan, &pathway).await;
        let pathway = open(&council, "care_leaver").await;
        let kept = row::<Goal>(&council, goal).await;
        assert_eq!(kept.plan_id, pathway.id);
        assert_eq!(
            (kept.state, kept.child_words.as_deref()),
            (GoalState::Working, Some("I want it quiet."))
        );
        let history = kept.result.unwrap_or_default();
        for plan in ["child protection plan", "care plan", "pathway plan"] {
            assert!(history.contains(plan), "{plan} in “{history}”");
        }
        let before = row::<Plan>(&council, in_care.id).await;
        assert_eq!(
            (before.state, before.end_reason.as_deref()),
            (PlanState::Closed, Some("care_leaver"))
        );
        let seen = casework.plan(&home.jo, pathway.id, None).await.unwrap();
        assert_eq!(seen.title, "Pathway plan");
        assert_eq!(seen.goals.iter().filter(|g| g.goal.id == goal).count(), 1);
    }
}
