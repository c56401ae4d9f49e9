//! Children on a plan who move between councils.

use casework::Error;
use casework::model::{Chronology, Plan, PlanState, Protection, Step};
use casework::testing::{TestCouncil, councils};
use casework::time;
use chrono::Days;
use packs::Answers;
use vocabulary::{Id, ids};

use crate::at_work::{Home, home, once, row};
use crate::support::*;

fn day(ago: u64) -> String {
    (time::today() - Days::new(ago)).to_string()
}

/// What Northby told us three days ago, about these children.
fn told(children: &[Id<ids::Person>], more: &[(&str, &str)]) -> Answers {
    let mut answers = Answers::new();
    answers.set_list("children", children.iter().map(Id::to_string));
    for (field, value) in [
        ("council", "Northby"),
        ("told_on", &*day(3)),
        ("category", "NEG"),
        ("papers", "The plan and the last conference’s minutes."),
        ("worker", "Ann Quill, 020 7946 0000"),
        ("outcome", "conference"),
    ] {
        answers.set(field, value);
    }
    for (field, value) in more {
        answers.set(*field, *value);
    }
    answers
}

fn leaving(child: Id<ids::Person>, more: &[(&str, &str)]) -> Answers {
    let mut answers = Answers::new();
    answers.set_list("children", [child.to_string()]);
    for (field, value) in [
        ("council", "Southam"),
        ("told_on", &*day(2)),
        ("told_who", "Their front door, by telephone"),
        ("visits", "Jo each week, until their conference."),
        ("outcome", "waiting"),
    ] {
        answers.set(field, value);
    }
    for (field, value) in more {
        answers.set(*field, *value);
    }
    answers
}

async fn moving_in(
    council: &TestCouncil,
    home: &Home,
    answers: &Answers,
) -> casework::Result<String> {
    let casework = &council.casework;
    let done = casework
        .save_moving_in(&home.jo, home.maya, answers, &once())
        .await?;
    Ok(done.to)
}

/// R004-05: a child on another council's plan shows the 15 working days to the
/// transfer conference from the day we were told. Its plan says whose it was.
#[tokio::test]
async fn r004_05_a_plan_that_moves_in_asks_for_a_transfer_conference() {
    for council in councils().await {
        let home = home(&council).await;
        let casework = &council.casework;
        let asking = casework.ask_moving_in(&home.jo, home.maya).await.unwrap();
        assert_eq!(asking.answers.list("children"), [home.maya.as_str()]);
        let both = [home.maya, home.idris];
        let to = moving_in(&council, &home, &told(&both, &[])).await.unwrap();
        let step: Id<ids::Step> = to.strip_prefix("/conferences/").unwrap().parse().unwrap();
        let clocks = running(&council, "transfer-conference").await;
        let due = casework
            .pack()
            .working_days()
            .add_working_days(time::today() - Days::new(3), 15);
        assert_eq!(clocks.len(), 1);
        assert_eq!(time::local(clocks[0].due_at).date(), due);
        assert_eq!(clocks[0].path, to);
        let page = casework.conference(&home.jo, step).await.unwrap();
        assert_eq!(page.due_on, Some(due));
        assert_eq!(page.seen.children.len(), 2);

        let again = moving_in(&council, &home, &told(&both, &[])).await;
        assert!(matches!(again, Err(Error::Refused(_))), "one is coming");

        let when = arrange(&page, 5);
        casework
            .arrange_conference(&home.jo, step, &when)
            .await
            .unwrap();
        let page = casework.conference(&home.jo, step).await.unwrap();
        let hold = decided(&page, &[(home.maya, "plan"), (home.idris, "no_plan")]);
        let plan = casework.hold_conference(&home.jo, step, &hold).await;
        let plan: Plan = row(&council, plan.unwrap().unwrap()).await;
        assert_eq!(
            (plan.kind.as_str(), plan.state),
            ("protection_plan", PlanState::Open)
        );
        let on: Vec<Protection> = rows(&council, "1 = 1").await;
        assert_eq!(on.len(), 1);
        assert_eq!(on[0].came_from.as_deref(), Some("Northby"));
        assert!(running(&council, "transfer-conference").await.is_empty());
        let here = moving_in(&council, &home, &told(&both, &[])).await;
        assert!(matches!(here, Err(Error::Refused(_))), "a plan is here");
    }
}

/// The other council keeps its plan while a child is here for a short time: no
/// conference, but somebody visits. Nobody of another team writes here.
#[tokio::test]
async fn a_short_stay_says_who_visits() {
    for council in councils().await {
        let home = home(&council).await;
        let casework = &council.casework;
        let stopped = |answers: Answers, field: &'static str| {
            let home = &home;
            async move {
                let saved = casework
                    .save_moving_in(&home.jo, home.maya, &answers, &once())
                    .await;
                let Err(Error::Findings(findings)) = saved else {
                    panic!("{field} did not stop it")
                };
                assert!(findings.iter().any(|f| f.field == field), "{findings:?}");
            }
        };
        let one = [home.maya];
        stopped(told(&[], &[]), "children").await;
        stopped(told(&[home.stranger], &[]), "children").await;
        let tomorrow = (time::today() + Days::new(1)).to_string();
        stopped(told(&one, &[("told_on", &tomorrow)]), "told_on").await;
        stopped(told(&one, &[("outcome", "temporary")]), "visits").await;
        let theirs = casework
            .save_moving_in(&home.tom, home.maya, &told(&one, &[]), &once())
            .await;
        assert!(matches!(theirs, Err(Error::NotFound)));
        let steps: Vec<Step> = rows(&council, "1 = 1").await;
        assert!(steps.is_empty(), "nothing was written");

        let short = told(
            &one,
            &[("outcome", "temporary"), ("visits", "Ann, each week.")],
        );
        let to = moving_in(&council, &home, &short).await.unwrap();
        assert_eq!(to, format!("/people/{}/work", home.maya));
        let steps: Vec<Step> = rows(&council, "1 = 1").await;
        assert_eq!(steps.len(), 1);
        assert_eq!(steps[0].outcome.as_deref(), Some("temporary"));
        assert!(running(&council, "transfer-conference").await.is_empty());
        let said: Vec<Chronology> = rows(&council, "kind = 'move'").await;
        assert_eq!(said[0].wording, "Moved here with a plan of Northby");
    }
}

/// Our plan stays ours, with its visits, until the other council held its
/// conference; then it ends on that day.
#[tokio::test]
async fn our_plan_stays_ours_until_their_conference() {
    for council in councils().await {
        let home = home(&council).await;
        let casework = &council.casework;
        let plan = to_plan(&council, &home).await;
        let send = async |more: &[(&str, &str)]| {
            let answers = leaving(home.maya, more);
            casework
                .save_moving_out(&home.jo, plan, &answers, &once())
                .await
        };
        send(&[]).await.unwrap();
        send(&[("told_on", &day(1))]).await.unwrap();
        let asked = running(&council, "transfer-out-conference").await;
        let due = casework
            .pack()
            .working_days()
            .add_working_days(time::today() - Days::new(1), 15);
        assert_eq!(asked.len(), 1, "asked again, not twice");
        assert_eq!(time::local(asked[0].due_at).date(), due);
        assert_eq!(row::<Plan>(&council, plan).await.state, PlanState::Open);
        assert_eq!(running(&council, "protection-visit").await.len(), 1);

        let asking = casework.ask_moving_out(&home.jo, plan).await.unwrap();
        assert_eq!(asking.answers.text("council"), "Southam");
        assert_eq!(asking.answers.text("outcome"), "", "nothing is chosen");
        let early = send(&[("outcome", "handed_over"), ("held_on", &day(400))]).await;
        assert!(matches!(early, Err(Error::Findings(_))));
        send(&[("outcome", "handed_over"), ("held_on", &day(0))])
            .await
            .unwrap();
        let ended: Plan = row(&council, plan).await;
        assert_eq!(
            (ended.state, ended.end_reason.as_deref(), ended.ended_on),
            (PlanState::Closed, Some("transferred"), Some(time::today()))
        );
        let on: Vec<Protection> = rows(&council, "ended_on is null").await;
        assert!(on.is_empty());
        for rule in [
            "transfer-out-conference",
            "protection-visit",
            "first-core-group",
        ] {
            assert!(running(&council, rule).await.is_empty(), "{rule} runs on");
        }
        let work = casework.work_page(&home.jo, home.maya).await.unwrap();
        assert!(work.startable.iter().any(|s| s.kind == "closure"));
        let late = casework.ask_moving_out(&home.jo, plan).await;
        assert!(matches!(late, Err(Error::Refused(_))));
    }
}
