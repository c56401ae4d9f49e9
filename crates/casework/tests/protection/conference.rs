//! Conferences, the plan they make, and what follows from it.

use casework::Error;
use casework::meetings::plan::PlanMeeting;
use casework::model::{
    Action, Clock, Goal, Involvement, Meeting, Person, Plan, PlanState, Protection, StepMeeting,
};
use casework::notes::NewVisit;
use casework::testing::councils;
use casework::time;
use chrono::{Days, Duration, Utc};
use packs::Answers;

use crate::at_work::{answers, home, once, plan as need_plan, row};
use crate::support::*;

/// Arranged with reports due two working days before, held with a plan for one
/// child and none for the other, and the plan is there the same moment: its
/// goal, its actions, its clocks.
#[tokio::test]
async fn a_conference_makes_the_plan_on_the_same_day() {
    for council in councils().await {
        let home = home(&council).await;
        let casework = &council.casework;
        let step = to_conference(&council, &home, Utc::now() - Duration::hours(2)).await;
        let page = casework.conference(&home.jo, step.id).await.unwrap();
        assert!(page.meeting.is_none() && page.due_on.is_some());
        casework
            .arrange_conference(&home.jo, step.id, &arrange(&page, 5))
            .await
            .unwrap();
        assert!(running(&council, "conference-request").await.is_empty());
        let page = casework.conference(&home.jo, step.id).await.unwrap();
        let school = page
            .seats
            .iter()
            .find(|s| s.row.agency == "school")
            .unwrap();
        let day = time::local(page.meeting.as_ref().unwrap().held_at).date();
        let due = casework.pack().working_days().add_working_days(day, -2);
        assert_eq!(school.row.report_due, Some(due));
        let family = page
            .seats
            .iter()
            .find(|s| s.row.agency == "family")
            .unwrap();
        assert_eq!(family.row.report_due, None, "a family owes no report");
        casework
            .report_received(&home.jo, step.id, school.row.id)
            .await
            .unwrap();
        let graham = council.viewer("graham.iro").await;
        let page = casework.conference(&graham, step.id).await.unwrap();
        assert!(page.writes, "the chair sees and writes");
        let hold = decided(&page, &[(home.maya, "plan")]);
        let plan = casework
            .hold_conference(&graham, step.id, &hold)
            .await
            .unwrap()
            .unwrap();

        let plan: Plan = row(&council, plan).await;
        assert_eq!(
            (plan.kind.as_str(), plan.started_on),
            ("protection_plan", time::today())
        );
        assert_eq!(
            row::<Person>(&council, home.maya).await.status.as_deref(),
            Some("protection_plan")
        );
        let time_on: Vec<Protection> = rows(&council, "1 = 1").await;
        assert_eq!(
            (time_on[0].first_category.as_str(), time_on[0].earlier),
            ("PHY", 0)
        );
        let actions: Vec<Action> = rows(&council, "1 = 1").await;
        assert_eq!(actions[0].owner, "Ms Oakes, head");
        let running: Vec<Clock> = rows(&council, "done_at is null").await;
        let mut rules: Vec<&str> = running.iter().map(|c| c.rule.as_str()).collect();
        rules.sort_unstable();
        assert_eq!(
            rules,
            [
                "first-core-group",
                "first-review-conference",
                "outline-plan",
                "protection-not-seen",
                "protection-visit"
            ]
        );
        let given = casework
            .outline_given(&home.jo, step.id, " ", &once())
            .await;
        assert!(matches!(given, Err(Error::Findings(_))));
        casework
            .outline_given(
                &home.jo,
                step.id,
                "Layla and the core group, by hand",
                &once(),
            )
            .await
            .unwrap();
        assert!(
            crate::support::running(&council, "outline-plan")
                .await
                .is_empty()
        );
        let again = casework.hold_conference(&graham, step.id, &hold).await;
        assert!(
            matches!(again, Err(Error::Refused(_))),
            "what it decided stays"
        );
    }
}

/// A conference later than 15 working days needs reasons that were agreed,
/// before the day.
#[tokio::test]
async fn a_late_conference_needs_its_reasons() {
    for council in councils().await {
        let home = home(&council).await;
        let casework = &council.casework;
        let step = to_conference(&council, &home, Utc::now()).await;
        let page = casework.conference(&home.jo, step.id).await.unwrap();
        let mut late = arrange(&page, 40);
        let refused = casework.arrange_conference(&home.jo, step.id, &late).await;
        assert!(matches!(refused, Err(Error::Findings(f)) if f[0].field == "late_reason"));
        late.late_reason = "The interpreter can come only then.".into();
        late.late_agreed = "Priya Thorne and Graham Ash".into();
        casework
            .arrange_conference(&home.jo, step.id, &late)
            .await
            .unwrap();
        let clock = running(&council, "initial-conference").await;
        assert!(
            clock[0]
                .late_reason
                .as_deref()
                .unwrap()
                .contains("Graham Ash")
        );
        let page = casework.conference(&home.jo, step.id).await.unwrap();
        let nobody = casework::protection::Arrange {
            chair: String::new(),
            ..arrange(&page, 5)
        };
        let refused = casework
            .arrange_conference(&home.jo, step.id, &nobody)
            .await;
        assert!(matches!(refused, Err(Error::Findings(f)) if f[0].field == "chair"));
    }
}

/// Too few agencies: it decides only with a reason, and a plan without actions
/// is none (R003-25).
#[tokio::test]
async fn a_conference_without_quorum_says_why_it_decided() {
    for council in councils().await {
        let home = home(&council).await;
        let casework = &council.casework;
        let step = to_conference(&council, &home, Utc::now()).await;
        let page = casework.conference(&home.jo, step.id).await.unwrap();
        casework
            .arrange_conference(&home.jo, step.id, &arrange(&page, 3))
            .await
            .unwrap();
        let page = casework.conference(&home.jo, step.id).await.unwrap();
        let mut hold = decided(&page, &[(home.maya, "plan")]);
        for one in &mut hold.seats {
            if ["police", "health", "school"].contains(&one.agency.as_str()) {
                one.came = "absent".into();
                one.absent_why = "Snow".into();
            }
        }
        let mut bare = hold.answers.clone().into_map();
        bare.shift_remove("actions");
        hold.answers = Answers::from_map(bare);
        let Err(Error::Findings(found)) = casework.hold_conference(&home.jo, step.id, &hold).await
        else {
            panic!("it must not decide so")
        };
        let fields: Vec<&str> = found.iter().map(|f| f.field.as_str()).collect();
        assert_eq!(fields, ["not_quorate_why", "actions"]);
        let full = decided(&page, &[(home.maya, "plan")]);
        hold.answers = full.answers;
        hold.not_quorate_why = "Waiting would leave Maya without a plan; reports were read.".into();
        casework
            .hold_conference(&home.jo, step.id, &hold)
            .await
            .unwrap();
        let kept: Vec<StepMeeting> = rows(&council, "quorate is not null").await;
        assert_eq!(kept[0].quorate, Some(false));
        assert!(kept[0].not_quorate_why.is_some());
    }
}

/// R001-30: the goals of a child in need plan go on in the child protection
/// plan with their history. The plan that Idris shares stays open for him.
#[tokio::test]
async fn r001_30_goals_go_on_and_a_shared_plan_stays() {
    for council in councils().await {
        let home = home(&council).await;
        let casework = &council.casework;
        let shared = need_plan(&council, &home).await;
        to_plan(&council, &home).await;
        assert_eq!(row::<Plan>(&council, shared).await.state, PlanState::Open);
        let goals: Vec<Goal> = rows(&council, "1 = 1").await;
        assert!(!goals.is_empty());
        assert!(casework.plan(&home.jo, shared, None).await.is_ok());
        let idris: Vec<Protection> = rows(&council, &format!("person_id = '{}'", home.idris)).await;
        assert!(idris.is_empty());
    }
}

/// Visits of a child protection plan: seen starts the clock again, not seen
/// does not.
#[tokio::test]
async fn a_child_who_is_not_seen_stays_on_the_clock() {
    for council in councils().await {
        let home = home(&council).await;
        let casework = &council.casework;
        to_plan(&council, &home).await;
        let visit = |seen: &'static str| {
            let pairs = [
                ("purpose", "worry"),
                ("seen", seen),
                ("not_seen_why", "Nobody opened. I call the school."),
                ("alone", "yes"),
                ("where", "home"),
                ("childs_words", "It is quiet now."),
                ("text", "At home."),
            ];
            NewVisit {
                person: home.maya,
                answers: answers(casework, "visit", &pairs),
                warned: true,
                once: once(),
            }
        };
        let before = running(&council, "protection-visit").await;
        casework.save_visit(&home.jo, &visit("no")).await.unwrap();
        assert_eq!(
            running(&council, "protection-visit").await[0].id,
            before[0].id
        );
        casework.save_visit(&home.jo, &visit("yes")).await.unwrap();
        let after = running(&council, "protection-visit").await;
        assert_eq!(after.len(), 1);
        assert_ne!(after[0].id, before[0].id);
        let due = time::local(after[0].due_at).date();
        assert_eq!(due, time::today() + Days::new(10));
        assert_eq!(running(&council, "protection-not-seen").await.len(), 1);
    }
}

/// The core group: the first within 10 working days, then the next.
#[tokio::test]
async fn the_core_group_turns_its_clock() {
    for council in councils().await {
        let home = home(&council).await;
        let casework = &council.casework;
        let plan = to_plan(&council, &home).await;
        let at = stamp(Utc::now());
        let wanted = PlanMeeting {
            answers: answers(
                casework,
                "meeting",
                &[("kind", "core_group"), ("when", &at)],
            ),
            once: once(),
            ..PlanMeeting::default()
        };
        let meeting = casework
            .plan_meeting(&home.jo, plan, &wanted)
            .await
            .unwrap();
        let held = answers(
            casework,
            "meeting",
            &[
                ("kind", "core_group"),
                ("when", &at),
                ("record", "All came. The plan holds."),
            ],
        );
        casework
            .record_meeting(&home.jo, meeting, &held, &once())
            .await
            .unwrap();
        assert!(running(&council, "first-core-group").await.is_empty());
        let next = running(&council, "core-group").await;
        assert_eq!(next.len(), 1);
        let chair: Vec<Involvement> = rows(&council, "name = 'Graham Ash'").await;
        assert!(!chair.is_empty());
        let planned: Vec<Meeting> = rows(&council, "kind = 'initial_conference'").await;
        let page = casework.page_of_meeting(planned[0].id).await.unwrap();
        assert!(page.unwrap().starts_with("/conferences/"));
    }
}

/// R000-14: a joint meeting needs an adults' and a children's service at the
/// table, and its actions name who, by when and how we will know.
#[tokio::test]
async fn r000_14_a_joint_meeting_needs_both_services() {
    for council in councils().await {
        let home = home(&council).await;
        let casework = &council.casework;
        let plan = need_plan(&council, &home).await;
        let at = stamp(Utc::now());
        let wanted = PlanMeeting {
            answers: answers(
                casework,
                "meeting",
                &[("kind", "joint_family"), ("when", &at)],
            ),
            once: once(),
            ..PlanMeeting::default()
        };
        let meeting = casework
            .plan_meeting(&home.jo, plan, &wanted)
            .await
            .unwrap();
        let form = casework.meeting_form("joint_family").unwrap();
        let due = (time::today() + Days::new(10)).to_string();
        let mut pairs = vec![
            ("kind", "joint_family"),
            ("when", at.as_str()),
            ("basis", "consent"),
            ("people.0.name", "Jo Larch"),
            ("people.0.agency", "social_care"),
            ("people.0.took_part", "came"),
            ("actions.0.what", "Layla starts with the alcohol service"),
            ("actions.0.owner", "Kit Marsh"),
            ("actions.0.agency", "substance_use"),
            ("actions.0.due", due.as_str()),
            ("actions.0.measure", "She has gone four times"),
        ];
        let alone = form_answers(&form, &pairs);
        let refused = casework
            .record_meeting(&home.jo, meeting, &alone, &once())
            .await;
        assert!(
            matches!(&refused, Err(Error::Findings(f)) if f.len() == 1 && f[0].message.starts_with("An adults")),
            "{refused:?}"
        );
        pairs.extend([
            ("people.1.name", "Kit Marsh"),
            ("people.1.agency", "substance_use"),
            ("people.1.took_part", "came"),
        ]);
        let both = form_answers(&form, &pairs);
        casework
            .record_meeting(&home.jo, meeting, &both, &once())
            .await
            .unwrap();
        let actions: Vec<Action> = rows(&council, "1 = 1").await;
        assert_eq!(actions.len(), 1);
        assert_eq!(actions[0].owner, "Kit Marsh");
    }
}
