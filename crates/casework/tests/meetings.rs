//! Meetings: invited, came, absent with why, the interpreter, and the clocks.

mod at_work;

use at_work::{Home, answers, count, home, once, plan, row};
use casework::meetings::plan::PlanMeeting;
use casework::model::*;
use casework::testing::{TestCouncil, councils};
use casework::{Error, time};
use chrono::Days;
use packs::Answers;
use vocabulary::{Id, ids};

async fn planned(
    council: &TestCouncil,
    home: &Home,
    plan: Id<ids::Plan>,
    kind: &str,
    ago: u64,
) -> Id<ids::Meeting> {
    let casework = &council.casework;
    let when = (time::today() - Days::new(ago)).to_string() + "T10:00";
    let (_, network) = casework.new_meeting(&home.jo, plan).await.unwrap();
    let rosa = network.iter().find(|k| k.name == "Rosa Mbeki").unwrap();
    let wanted = PlanMeeting {
        answers: answers(
            casework,
            "meeting",
            &[
                ("kind", kind),
                ("when", &when),
                ("place", "The family’s home"),
            ],
        ),
        purpose: "Agree the plan".into(),
        invite: vec![rosa.key.clone()],
        others: vec![
            ("The head of year".into(), "school".into()),
            (String::new(), String::new()),
        ],
        once: once(),
    };
    casework
        .plan_meeting(&home.jo, plan, &wanted)
        .await
        .unwrap()
}

async fn recorded(
    council: &TestCouncil,
    home: &Home,
    meeting: Id<ids::Meeting>,
    more: &[(&str, &str)],
) -> Result<(), Error> {
    let casework = &council.casework;
    let (seen, _) = casework.meeting_to_record(&home.jo, meeting).await?;
    let form = casework.meeting_form(&seen.meeting.kind)?;
    let when = time::local(seen.meeting.held_at)
        .format("%Y-%m-%dT%H:%M")
        .to_string();
    let mut pairs = vec![
        ("kind", seen.meeting.kind.as_str()),
        ("when", when.as_str()),
    ];
    pairs.extend(more);
    let typed = Answers::from_pairs(&form, pairs);
    casework
        .record_meeting(&home.jo, meeting, &typed, &once())
        .await
        .map(|_| ())
}

const RUNNING: &str = "select count(*) as n from clock where about_id = $1 and rule = 'child-in-need-review' and done_at is null";

/// R000-05: every new meeting asks for the interpreter until one is booked or
/// declined with a reason.
#[tokio::test]
async fn r000_05_a_meeting_asks_for_the_interpreter_until_it_is_settled() {
    for council in councils().await {
        let home = home(&council).await;
        let casework = &council.casework;
        let plan = plan(&council, &home).await;
        let meeting = planned(&council, &home, plan, "child_in_need_first", 0).await;
        let view = casework.meeting(&home.jo, meeting).await.unwrap();
        assert_eq!(view.interpreter_for, ["Arabic, for Layla Haddad"]);
        let refused = casework
            .settle_interpreter(&home.jo, meeting, "declined", " ")
            .await;
        assert!(matches!(refused, Err(Error::Findings(f)) if f[0].field == "interpreter_reason"));
        assert!(
            !casework
                .meeting(&home.jo, meeting)
                .await
                .unwrap()
                .interpreter_for
                .is_empty()
        );
        casework
            .settle_interpreter(
                &home.jo,
                meeting,
                "declined",
                "Her sister comes; she chose it.",
            )
            .await
            .unwrap();
        assert!(
            casework
                .meeting(&home.jo, meeting)
                .await
                .unwrap()
                .interpreter_for
                .is_empty()
        );
        let next = planned(&council, &home, plan, "child_in_need_review", 0).await;
        assert!(
            !casework
                .meeting(&home.jo, next)
                .await
                .unwrap()
                .interpreter_for
                .is_empty(),
            "each meeting asks anew"
        );
        casework
            .settle_interpreter(&home.jo, next, "booked", "")
            .await
            .unwrap();
        assert!(
            casework
                .meeting(&home.jo, next)
                .await
                .unwrap()
                .interpreter_for
                .is_empty()
        );
    }
}

#[tokio::test]
async fn a_record_says_who_came_and_why_someone_did_not() {
    for council in councils().await {
        let home = home(&council).await;
        let casework = &council.casework;
        let plan = plan(&council, &home).await;
        let meeting = planned(&council, &home, plan, "child_in_need_first", 0).await;
        casework
            .add_views(
                &home.jo,
                meeting,
                "Maya Haddad",
                "I do not want to come. I want my own key.",
                &once(),
            )
            .await
            .unwrap();
        let absent = [
            ("people.0.name", "Rosa Mbeki"),
            ("people.0.took_part", "absent"),
        ];
        let refused = recorded(&council, &home, meeting, &absent).await;
        assert!(matches!(refused, Err(Error::Findings(f)) if f[0].field == "people.0.absent_why"));
        let full = [
            ("people.0.name", "Rosa Mbeki"),
            ("people.0.took_part", "absent"),
            ("people.0.absent_why", "On leave"),
            ("people.1.name", "The head of year"),
            ("people.1.took_part", "came"),
            ("people.2.name", "Layla Haddad"),
            ("people.2.took_part", "came"),
            ("record", "Nights are loud."),
            ("decision", "The plan goes on."),
        ];
        recorded(&council, &home, meeting, &full).await.unwrap();
        let view = casework.meeting(&home.jo, meeting).await.unwrap();
        let part = |name: &str| view.people.iter().find(|p| p.name == name).unwrap().clone();
        assert_eq!(part("Rosa Mbeki").absent_why.as_deref(), Some("On leave"));
        assert!(part("Rosa Mbeki").invited);
        assert_eq!(part("The head of year").came.as_deref(), Some("came"));
        assert_eq!(part("Layla Haddad").person_id, Some(home.mother));
        assert!(part("Maya Haddad").views.unwrap().contains("my own key"));
        assert_eq!(view.people.len(), 4);
        assert_eq!(
            view.seen.meeting.decision.as_deref(),
            Some("The plan goes on.")
        );
        assert!(matches!(
            casework.meeting(&home.tom, meeting).await,
            Err(Error::NotFound)
        ));
        assert!(matches!(
            casework.meeting(&home.jo, Id::new()).await,
            Err(Error::NotFound)
        ));
    }
}

/// The clock that recurs is closed before the next one opens: one runs, never
/// two, whatever the order in which meetings are written down.
#[tokio::test]
async fn one_review_clock_runs_and_never_two() {
    for council in councils().await {
        let home = home(&council).await;
        let plan = plan(&council, &home).await;
        let said = [("record", "Said."), ("decision", "Go on.")];
        let first = planned(&council, &home, plan, "child_in_need_first", 40).await;
        let earlier = planned(&council, &home, plan, "child_in_need_review", 20).await;
        let later = planned(&council, &home, plan, "child_in_need_review", 5).await;
        recorded(&council, &home, first, &said).await.unwrap();
        assert_eq!(count(&council, RUNNING, plan.as_str()).await, 1);
        let review = [
            ("direction", "better"),
            ("changed", "They sleep."),
            ("outcome", "continue"),
            ("childs_words", "It is quiet."),
            ("record", "Said."),
        ];
        recorded(&council, &home, later, &review).await.unwrap();
        recorded(&council, &home, earlier, &review).await.unwrap();
        recorded(&council, &home, later, &review).await.unwrap();
        assert_eq!(count(&council, RUNNING, plan.as_str()).await, 1);
        let clock: Clock = council
            .casework
            .store()
            .read_db()
            .one(
                "select * from clock where about_id = $1 and rule = 'child-in-need-review' and done_at is null",
                record::args![plan],
            )
            .await
            .unwrap();
        let held: Meeting = row(&council, later).await;
        assert_eq!(
            clock.started_at, held.held_at,
            "it runs from the latest review"
        );
        assert_eq!(held.decision.as_deref(), Some("The plan goes on"));
        let view = council.casework.plan(&home.jo, plan, None).await.unwrap();
        assert!(
            view.decisions
                .iter()
                .any(|d| d.kind == "review" && d.outcome == "continue")
        );
    }
}

#[tokio::test]
async fn the_next_meeting_is_planned_from_the_record_and_a_future_one_is_not_recorded() {
    for council in councils().await {
        let home = home(&council).await;
        let casework = &council.casework;
        let plan = plan(&council, &home).await;
        let meeting = planned(&council, &home, plan, "child_in_need_first", 0).await;
        let next = (time::today() + Days::new(28)).to_string();
        let said = [("record", "Said."), ("next", next.as_str())];
        recorded(&council, &home, meeting, &said).await.unwrap();
        recorded(&council, &home, meeting, &said).await.unwrap();
        let view = casework.plan(&home.jo, plan, None).await.unwrap();
        let coming: Vec<_> = view.meetings.iter().filter(|m| m.planned).collect();
        assert_eq!(coming.len(), 1, "corrected, it plans no second one");
        assert!(coming[0].when.ends_with("time to be agreed"));
        let refused = recorded(
            &council,
            &home,
            coming[0].id,
            &[
                ("record", "x"),
                ("direction", "same"),
                ("changed", "x"),
                ("outcome", "continue"),
            ],
        )
        .await;
        assert!(matches!(refused, Err(Error::Findings(f)) if f[0].field == "when"));
        let silent = casework.cancel_meeting(&home.jo, coming[0].id, "").await;
        assert!(matches!(silent, Err(Error::Findings(_))));
        casework
            .cancel_meeting(&home.jo, coming[0].id, "Maya is away")
            .await
            .unwrap();
        let gone: Meeting = row(&council, coming[0].id).await;
        assert_eq!(gone.state, MeetingState::Cancelled);
    }
}

#[tokio::test]
async fn nobody_from_outside_the_network_is_invited_by_a_forged_key() {
    for council in councils().await {
        let home = home(&council).await;
        let casework = &council.casework;
        let plan = plan(&council, &home).await;
        let wanted = PlanMeeting {
            answers: answers(
                casework,
                "meeting",
                &[("kind", "other"), ("when", "2027-01-05T10:00")],
            ),
            invite: vec![format!("person:{}", home.stranger)],
            once: once(),
            ..PlanMeeting::default()
        };
        let refused = casework.plan_meeting(&home.jo, plan, &wanted).await;
        assert!(matches!(refused, Err(Error::NotFound)));
        assert!(matches!(
            casework.plan_meeting(&home.tom, plan, &wanted).await,
            Err(Error::NotFound)
        ));
    }
}
