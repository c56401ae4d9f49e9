//! Plans: the five parts of an action, links, carrying goals on, and the end.

mod at_work;

use access::Purpose;
use at_work::{action, action_answers, answers, count, home, once, plan, row, start};
use casework::model::*;
use casework::plans::links::LinkTo;
use casework::plans::start::Started;
use casework::steps::{Authorisation, OpenStep};
use casework::testing::{TestCouncil, councils, team_of};
use casework::{Asked, Error, time};
use chrono::Days;
use record::Actor;
use vocabulary::{Id, ids};

const SITE: &str = "https://throughline.example";

fn rosa() -> LinkTo {
    LinkTo {
        name: "Rosa Mbeki".into(),
        email: "rosa@nhs.example".into(),
    }
}

fn token(address: &str) -> &str {
    address.rsplit('/').next().unwrap()
}

/// R003-25, R001-06: an action without what, agency, owner, date or measure
/// is not saved, and the message says which is missing.
#[tokio::test]
async fn r003_25_an_action_with_one_of_the_five_missing_is_not_saved() {
    for council in councils().await {
        let home = home(&council).await;
        let plan = plan(&council, &home).await;
        for missing in ["what", "agency", "owner", "due", "measure"] {
            let typed = action_answers(&council.casework, missing);
            let refused = council
                .casework
                .add_action(&home.jo, plan, &typed, None, &once())
                .await;
            let Err(Error::Findings(findings)) = refused else {
                panic!("an action without {missing} was not stopped");
            };
            assert_eq!(findings.len(), 1, "{missing}");
            assert_eq!(findings[0].field, missing);
            assert!(findings[0].message.len() > 8, "{}", findings[0].message);
        }
        let sql = "select count(*) as n from action where plan_id = $1";
        assert_eq!(count(&council, sql, plan.as_str()).await, 0);
        action(&council, &home, plan).await;
        assert_eq!(count(&council, sql, plan.as_str()).await, 1);
    }
}

/// UX07: the owner is one of the network, so that the agency need not be
/// chosen: it is theirs.
#[tokio::test]
async fn ux07_an_owner_of_the_network_brings_their_agency() {
    for council in councils().await {
        let home = home(&council).await;
        let plan = plan(&council, &home).await;
        let mut typed = action_answers(&council.casework, "agency");
        typed.set("owner", "rosa mbeki");
        let id = council
            .casework
            .add_action(&home.jo, plan, &typed, None, &once())
            .await
            .unwrap();
        let action: Action = row(&council, id).await;
        assert_eq!(action.agency, "health");
        assert_eq!(action.owner, "Rosa Mbeki, Health visitor");
        assert_eq!(action.owner_email.as_deref(), Some("rosa@nhs.example"));
    }
}

#[tokio::test]
async fn a_plan_starts_with_a_reason_or_an_assessment_and_never_twice() {
    for council in councils().await {
        let home = home(&council).await;
        let casework = &council.casework;
        let mut wanted = start(casework, &[home.idris]);
        wanted.reason = String::new();
        let refused = casework.start_plan(&home.jo, home.maya, &wanted).await;
        assert!(matches!(refused, Err(Error::Findings(f)) if f[0].field == "reason"));
        // A child of another family is as absent as one who does not exist.
        for forged in [home.stranger, Id::new()] {
            let wanted = start(casework, &[forged]);
            let refused = casework.start_plan(&home.jo, home.maya, &wanted).await;
            assert!(matches!(refused, Err(Error::NotFound)));
        }
        let first = plan(&council, &home).await;
        for child in [home.maya, home.idris] {
            let child: Person = row(&council, child).await;
            assert_eq!(child.status.as_deref(), Some("child_in_need"));
        }
        let again = casework
            .start_plan(&home.jo, home.idris, &start(casework, &[]))
            .await;
        assert!(matches!(again, Err(Error::Findings(_))));
        let clocks = "select count(*) as n from clock where about_kind = 'plan' and about_id = $1 and done_at is null";
        assert_eq!(count(&council, clocks, first.as_str()).await, 1);
        let view = casework.plan(&home.jo, first, None).await.unwrap();
        assert_eq!(view.decisions.len(), 1);
        assert_eq!(
            view.decisions[0].child_words.as_deref(),
            Some("Jo helps Mum find a quiet home.")
        );
        assert!(matches!(
            casework.plan(&home.tom, first, None).await,
            Err(Error::NotFound)
        ));
    }
}

#[tokio::test]
async fn a_form_sent_twice_makes_one_plan_and_one_action() {
    for council in councils().await {
        let home = home(&council).await;
        let plan = plan(&council, &home).await;
        let (token, typed) = (once(), action_answers(&council.casework, ""));
        council
            .casework
            .add_action(&home.jo, plan, &typed, None, &token)
            .await
            .unwrap();
        let again = council
            .casework
            .add_action(&home.jo, plan, &typed, None, &token)
            .await;
        assert!(matches!(again, Err(Error::Already(to)) if to == format!("/plans/{plan}")));
        let sql = "select count(*) as n from action where plan_id = $1";
        assert_eq!(count(&council, sql, plan.as_str()).await, 1);
    }
}

/// R000-31: the child's wording is kept as said, beside ours.
#[tokio::test]
async fn r000_31_the_childs_own_words_stay_beside_the_goal() {
    for council in councils().await {
        let home = home(&council).await;
        let plan = plan(&council, &home).await;
        let said = "i want it too be QUIET at nite  and mum not cry";
        let pairs = [
            ("goal", "Maya sleeps at night"),
            ("childs_words", said),
            ("children", home.maya.as_str()),
        ];
        let typed = answers(&council.casework, "plan-goal", &pairs);
        council
            .casework
            .add_goal(&home.jo, plan, &typed, &once())
            .await
            .unwrap();
        let view = council.casework.plan(&home.jo, plan, None).await.unwrap();
        assert_eq!(view.goals[0].goal.child_words.as_deref(), Some(said));
        assert_eq!(view.goals[0].child.as_deref(), Some("Maya"));
        let forged = [("goal", "x"), ("children", home.stranger.as_str())];
        let typed = answers(&council.casework, "plan-goal", &forged);
        let refused = council
            .casework
            .add_goal(&home.jo, plan, &typed, &once())
            .await;
        assert!(matches!(refused, Err(Error::NotFound)));
    }
}

/// R003-26: what is late shows by agency; a date moves only with a reason and
/// keeps its history.
#[tokio::test]
async fn r003_26_late_actions_show_by_agency_and_a_date_moves_with_a_reason() {
    for council in councils().await {
        let home = home(&council).await;
        let casework = &council.casework;
        let plan = plan(&council, &home).await;
        let id = action(&council, &home, plan).await;
        let past = time::today() - Days::new(3);
        let refused = casework
            .move_action(&home.jo, id, Some(past), " ", &once())
            .await;
        assert!(matches!(refused, Err(Error::Findings(f)) if f[0].field == "reason"));
        casework
            .move_action(&home.jo, id, Some(past), "Agreed by telephone", &once())
            .await
            .unwrap();
        let view = casework.plan(&home.jo, plan, None).await.unwrap();
        assert_eq!(
            (view.agencies[0].agency.as_str(), view.agencies[0].late),
            ("Health", 1)
        );
        assert_eq!(view.other_actions[0].clock, "late");
        assert!(view.other_actions[0].due.ends_with("3 days late"));
        let history = casework.action(&home.jo, id).await.unwrap();
        assert!(history.said[0].1.words.contains("Agreed by telephone"));
        let cannot = casework
            .update_action(&home.jo, id, "cannot", "", &once())
            .await;
        assert!(matches!(cannot, Err(Error::Findings(f)) if f[0].field == "words"));
        casework
            .update_action(&home.jo, id, "done", "She came", &once())
            .await
            .unwrap();
        let view = casework.plan(&home.jo, plan, None).await.unwrap();
        assert_eq!((view.agencies[0].open, view.agencies[0].late), (0, 0));
    }
}

/// R001-13, R003-23: no end without what is different and each goal's result,
/// and nothing ends before a manager agrees.
#[tokio::test]
async fn r001_13_a_plan_ends_only_with_results_and_takes_everything_with_it() {
    for council in councils().await {
        let home = home(&council).await;
        let casework = &council.casework;
        let plan = plan(&council, &home).await;
        let open = action(&council, &home, plan).await;
        let goal = answers(casework, "plan-goal", &[("goal", "Maya sleeps at night")]);
        casework
            .add_goal(&home.jo, plan, &goal, &once())
            .await
            .unwrap();
        let link = casework
            .make_link(&home.jo, open, &rosa(), SITE, &once())
            .await
            .unwrap();
        let mut pairs = vec![
            ("different", "They sleep. Maya says: the door is mine now."),
            ("outcome", "close"),
            ("reason", "RC7"),
            ("tell_child", "Jo says goodbye on Friday."),
            ("goals.0.goal", "Another goal"),
            ("goals.0.result", "reached"),
        ];
        let wrong = answers(casework, "plan-closure", &pairs);
        let refused = casework.ask_to_close(&home.jo, plan, &wrong, &once()).await;
        assert!(
            matches!(refused, Err(Error::Findings(f)) if f[0].message.contains("Maya sleeps at night"))
        );
        pairs[4] = ("goals.0.goal", "Maya sleeps at night");
        let silent = answers(casework, "plan-closure", &pairs[1..]);
        let refused = casework
            .ask_to_close(&home.jo, plan, &silent, &once())
            .await;
        assert!(matches!(refused, Err(Error::Findings(f)) if f[0].field == "different"));
        let full = answers(casework, "plan-closure", &pairs);
        let step = casework
            .ask_to_close(&home.jo, plan, &full, &once())
            .await
            .unwrap();
        let still: Plan = row(&council, plan).await;
        assert_eq!(
            still.state,
            PlanState::Open,
            "nothing ends before a manager agrees"
        );
        let sent: Step = row(&council, step).await;
        assert_eq!(
            (sent.state, sent.submitted_by),
            (StepState::Submitted, Some(home.jo.principal.worker))
        );
        agree(&council, &home.jo, step, "close").await.unwrap_err();
        agree(&council, &home.priya, step, "close").await.unwrap();
        let ended: Plan = row(&council, plan).await;
        assert_eq!(ended.state, PlanState::Closed);
        assert!(ended.different.unwrap().starts_with("They sleep."));
        let action: Action = row(&council, open).await;
        assert_eq!(action.state, ActionState::Cannot);
        assert!(matches!(
            casework.asking(token(&link.address)).await,
            Err(Error::NotFound)
        ));
        let running = "select count(*) as n from clock where about_id = $1 and done_at is null";
        assert_eq!(count(&council, running, plan.as_str()).await, 0);
        let goals = "select count(*) as n from goal where plan_id = $1 and state = 'achieved'";
        assert_eq!(count(&council, goals, plan.as_str()).await, 1);
        for child in [home.maya, home.idris] {
            let person: Person = row(&council, child).await;
            assert_eq!(person.status.as_deref(), Some("closed"));
            let allocated = "select count(*) as n from involvement where person_id = $1 and role = 'allocated' and ended_on is null";
            assert_eq!(count(&council, allocated, child.as_str()).await, 0);
        }
    }
}

/// A decision about a step, with a manager's own view.
async fn agree(
    council: &TestCouncil,
    viewer: &casework::Viewer,
    step: Id<ids::Step>,
    outcome: &str,
) -> Result<(), Error> {
    let said = [("decision", "authorise"), ("view", "I agree: they sleep.")];
    let given = Authorisation {
        step,
        answers: answers(&council.casework, "authorisation", &said),
        outcome: outcome.into(),
        once: once(),
    };
    council.casework.authorise(viewer, given).await.map(|_| ())
}

/// R001-13: the manager's outcome counts, not the author's; a child for whom
/// something else is open stays with the worker.
#[tokio::test]
async fn r001_13_the_end_is_the_one_that_the_manager_agreed_to() {
    for council in councils().await {
        let home = home(&council).await;
        let casework = &council.casework;
        let plan = plan(&council, &home).await;
        let mut tx = casework
            .store()
            .begin(&Actor::system("test"))
            .await
            .unwrap();
        let open = OpenStep {
            kind: "child-and-family-assessment",
            family: home.family,
            children: vec![home.idris],
            contact: None,
            team: Some(team_of("North")),
            worker: Some(home.jo.principal.worker),
            started_on: time::today(),
        };
        casework.open_step(&mut tx, open).await.unwrap();
        tx.commit().await.unwrap();
        let said = [
            ("different", "They sleep."),
            ("outcome", "close"),
            ("reason", "RC7"),
            ("tell_child", "Jo says goodbye on Friday."),
            ("goals.0.goal", "They sleep at night"),
            ("goals.0.result", "reached"),
        ];
        let said = answers(casework, "plan-closure", &said);
        let step = casework
            .ask_to_close(&home.jo, plan, &said, &once())
            .await
            .unwrap();
        agree(&council, &home.priya, step, "early_help")
            .await
            .unwrap();
        let status = async |id| row::<Person>(&council, id).await.status;
        assert_eq!(status(home.maya).await.as_deref(), Some("early_help"));
        assert_ne!(status(home.idris).await.as_deref(), Some("early_help"));
        let with = "select count(*) as n from involvement where person_id = $1 and role = 'allocated' and ended_on is null";
        assert_eq!(count(&council, with, home.maya.as_str()).await, 0);
        assert_eq!(count(&council, with, home.idris.as_str()).await, 1);
        let told = "select count(*) as n from decision where kind = 'closure' and outcome = 'early_help' and step_id = $1";
        assert_eq!(count(&council, told, step.as_str()).await, 1);
    }
}

/// R000-29: what was asked stands beside what was agreed and why, and a plan
/// does not end while somebody waits for an answer.
#[tokio::test]
async fn r000_29_a_plan_does_not_end_with_an_unanswered_ask() {
    for council in councils().await {
        let home = home(&council).await;
        let casework = &council.casework;
        let plan = plan(&council, &home).await;
        let maya = home.maya.to_string();
        let said = [
            ("who", maya.as_str()),
            ("words", "can i see my dad on saterdays"),
        ];
        let said = answers(casework, "family-ask", &said);
        casework
            .add_ask(&home.jo, plan, &said, "ask")
            .await
            .unwrap();
        let again = casework.add_ask(&home.jo, plan, &said, "ask").await;
        assert!(matches!(again, Err(Error::Already(_))));
        let stranger = home.stranger.to_string();
        let other = [("who", stranger.as_str()), ("words", "Something.")];
        let other = answers(casework, "family-ask", &other);
        let refused = casework.add_ask(&home.jo, plan, &other, &once()).await;
        assert!(matches!(refused, Err(Error::Findings(f)) if f[0].field == "who"));
        let close = [
            ("different", "They sleep."),
            ("outcome", "close"),
            ("reason", "RC7"),
            ("tell_child", "Jo says goodbye on Friday."),
            ("goals.0.goal", "They sleep at night"),
            ("goals.0.result", "reached"),
        ];
        let close = answers(casework, "plan-closure", &close);
        let stopped = casework.ask_to_close(&home.jo, plan, &close, &once()).await;
        assert!(
            matches!(stopped, Err(Error::Findings(f)) if f[0].message.contains("Answer Maya first"))
        );
        let view = casework.plan(&home.jo, plan, None).await.unwrap();
        assert_eq!(view.asks[0].words, "can i see my dad on saterdays");
        let ask = view.asks[0].id;
        let hasty = [
            ("agreed", "partly"),
            ("what", "Every second Saturday, with Nan."),
        ];
        let hasty = answers(casework, "family-answer", &hasty);
        let refused = casework.answer_ask(&home.jo, ask, &hasty, &once()).await;
        assert!(matches!(refused, Err(Error::Findings(f)) if f[0].field == "why"));
        let tom = casework.ask_to_answer(&home.tom, ask).await;
        assert!(matches!(tom, Err(Error::NotFound)));
        let full = [
            ("agreed", "partly"),
            ("what", "Every second Saturday, with Nan."),
            ("why", "Dad works the other Saturdays."),
        ];
        let full = answers(casework, "family-answer", &full);
        casework
            .answer_ask(&home.jo, ask, &full, &once())
            .await
            .unwrap();
        let view = casework.plan(&home.jo, plan, None).await.unwrap();
        assert_eq!(view.asks[0].agreed, Some("In part"));
        casework
            .ask_to_close(&home.jo, plan, &close, &once())
            .await
            .unwrap();
    }
}

/// R003-26: three working days before the day the lead has the partner to
/// remind; what was done is kept and asked once; a moved day asks again.
#[tokio::test]
async fn r003_26_a_partner_is_reminded_three_working_days_before() {
    for council in councils().await {
        let home = home(&council).await;
        let casework = &council.casework;
        let plan = plan(&council, &home).await;
        let action = action(&council, &home, plan).await;
        let none = casework.to_remind(&home.jo, "test").await.unwrap();
        assert!(none.is_empty(), "two weeks before is too early");
        let due = async |day| {
            let mut tx = casework
                .store()
                .begin(&Actor::system("test"))
                .await
                .unwrap();
            let mut row: Action = tx.get(action).await.unwrap();
            row.due_on = day;
            row.owner_email = Some("rosa@nhs.example".into());
            tx.update(&mut row).await.unwrap();
            tx.commit().await.unwrap();
        };
        let days = casework.pack().working_days();
        due(days.add_working_days(time::today(), 4)).await;
        assert!(
            casework
                .to_remind(&home.jo, "test")
                .await
                .unwrap()
                .is_empty()
        );
        due(days.add_working_days(time::today(), 3)).await;
        let rows = casework.to_remind(&home.jo, "test").await.unwrap();
        assert_eq!(rows.len(), 1);
        assert!(rows[0].owner.starts_with("The health visitor"));
        let page = casework.home(&home.jo).await.unwrap();
        let block = page.blocks.iter().find(|b| b.id == "messages").unwrap();
        assert_eq!(block.lines[0].href, format!("/actions/{action}/remind"));
        assert!(
            casework
                .to_remind(&home.tom, "test")
                .await
                .unwrap()
                .is_empty()
        );
        let made = casework
            .remind_by_link(&home.jo, action, SITE, &once())
            .await
            .unwrap();
        assert!(made.body.contains("This is a reminder.") && made.body.contains(&made.address));
        assert!(
            casework.asking(token(&made.address)).await.is_ok(),
            "the link opens"
        );
        assert!(
            casework
                .to_remind(&home.jo, "test")
                .await
                .unwrap()
                .is_empty()
        );
        let history = casework.action(&home.jo, action).await.unwrap();
        assert!(
            history.reminders[0].contains("rosa@nhs.example"),
            "{:?}",
            history.reminders
        );
        // The day moves: it asks again, and another way is on record too.
        due(days.add_working_days(time::today(), 2)).await;
        assert_eq!(casework.to_remind(&home.jo, "test").await.unwrap().len(), 1);
        let silent = answers(casework, "reminder", &[("how", "not_needed")]);
        let refused = casework.reminded(&home.jo, action, &silent).await;
        assert!(matches!(refused, Err(Error::Findings(f)) if f[0].field == "why"));
        let said = answers(casework, "reminder", &[("how", "phone")]);
        casework.reminded(&home.jo, action, &said).await.unwrap();
        assert!(
            casework
                .to_remind(&home.jo, "test")
                .await
                .unwrap()
                .is_empty()
        );
        // Late now: it stands on the lead's page with who answers for it.
        due(time::today() - Days::new(2)).await;
        let page = casework.home(&home.jo).await.unwrap();
        let block = page
            .blocks
            .iter()
            .find(|b| b.id == "waiting-for-me")
            .unwrap();
        let late = block
            .lines
            .iter()
            .find(|l| l.href == format!("/actions/{action}"))
            .unwrap();
        assert_eq!(late.clock.as_ref().unwrap().0, "late");
        assert!(late.note.contains("health visitor"));
    }
}

/// R001-30: a goal goes on in the next plan, the same goal with its history.
#[tokio::test]
async fn r001_30_a_goal_goes_on_with_its_history() {
    for council in councils().await {
        let home = home(&council).await;
        let casework = &council.casework;
        let first = plan(&council, &home).await;
        let said = [
            ("goal", "Maya sleeps at night"),
            ("childs_words", "quiet please"),
        ];
        casework
            .add_goal(
                &home.jo,
                first,
                &answers(casework, "plan-goal", &said),
                &once(),
            )
            .await
            .unwrap();
        let goal = casework.plan(&home.jo, first, None).await.unwrap().goals[0]
            .goal
            .id;
        let early = start(casework, &[]);
        let mut tx = casework
            .store()
            .begin(&Actor::system("test"))
            .await
            .unwrap();
        let mut ended: Plan = tx.get(first).await.unwrap();
        ended.state = PlanState::Closed;
        ended.ended_on = Some(time::today());
        tx.update(&mut ended).await.unwrap();
        tx.commit().await.unwrap();
        let mut next = start(casework, &[]);
        next.carry = vec![goal];
        let Started::Plan(second) = casework
            .start_plan(&home.jo, home.maya, &next)
            .await
            .unwrap()
        else {
            panic!("no plan");
        };
        let view = casework.plan(&home.jo, second, None).await.unwrap();
        let carried = &view.goals[0].goal;
        assert_eq!(
            (carried.id, carried.child_words.as_deref()),
            (goal, Some("quiet please"))
        );
        assert!(
            carried
                .result
                .as_ref()
                .unwrap()
                .starts_with("In the plan that ended on")
        );
        let seen = casework
            .gate()
            .person(
                &home.jo,
                home.maya,
                Asked {
                    purpose: Purpose::Look,
                    ..Asked::to_read("test")
                },
            )
            .await
            .unwrap()
            .unwrap();
        let history = casework
            .gate()
            .changes_of_row(&seen, "goal", goal.as_str())
            .await
            .unwrap();
        assert_eq!(history.len(), 2, "set, then carried on");
        // A goal of a plan that is open cannot be taken from it.
        let mut forged = early;
        forged.carry = vec![goal];
        let refused = casework.start_plan(&home.jo, home.idris, &forged).await;
        assert!(matches!(refused, Err(Error::NotFound)));
        let forged_action: Result<_, _> = casework.action(&home.jo, Id::<ids::Action>::new()).await;
        assert!(matches!(forged_action, Err(Error::NotFound)));
    }
}
