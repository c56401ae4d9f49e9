//! In care: from the first day over a move, a change of legal status, reviews
//! and visits to the last day.

use casework::care::CareForm;
use casework::care::board::Which;
use casework::model::{
    Address, CareEpisode, Chronology, Decision, ImportantPerson, Person, Placement, Plan,
    PlanState, Unaccompanied,
};
use casework::{Error, time};
use chrono::Days;
use packs::Answers;

use crate::help::*;

pub const HOME: [(&str, &str); 8] = [
    ("home", "U6"),
    ("provider", "PR1"),
    ("carer", "Rosa and Bill Penn"),
    ("line1", "4 Elm Row"),
    ("town", "Larkmere"),
    ("postcode", "LK1 4AB"),
    ("rule", "ordinary"),
    ("agreed_by", "Priya Thorne"),
];

pub fn with_home(pairs: &[(&str, &str)]) -> Answers {
    let mut all = HOME.to_vec();
    for (name, value) in pairs {
        all.retain(|(known, _)| known != name);
        all.push((name, value));
    }
    answers(&all)
}

pub fn start(day: &str) -> Answers {
    with_home(&[
        ("on", day),
        ("legal_status", "V2"),
        ("need", "N1"),
        ("home_postcode", "LK2 1AA"),
        ("why", "Nobody was at home to look after Maya."),
        ("tell_child", "You stay with Rosa and Bill for now."),
    ])
}

pub async fn begin(home: &Home, days: u64) {
    let jo = home.jo().await;
    home.casework()
        .save_care(&jo, home.maya, CareForm::Start, &start(&day(days)), &once())
        .await
        .unwrap();
}

pub async fn save(home: &Home, what: CareForm, pairs: &[(&str, &str)]) -> Result<String, Error> {
    let jo = home.jo().await;
    let done = home
        .casework()
        .save_care(&jo, home.maya, what, &answers(pairs), &once())
        .await?;
    Ok(done.words)
}

async fn episodes(home: &Home) -> Vec<CareEpisode> {
    home.all("1 = 1 order by started_on, id").await
}

/// The first day in care starts the episode as the return has it, and every
/// clock; the child is told, and the decision with its reason is kept.
#[tokio::test]
async fn a_child_comes_into_care_and_every_clock_runs() {
    for home in homes().await {
        begin(&home, 3).await;
        let all = episodes(&home).await;
        let e = &all[0];
        assert_eq!(all.len(), 1);
        assert_eq!(
            (e.began.as_str(), e.legal_status.as_str(), e.need.as_str()),
            ("S", "V2", "N1")
        );
        assert_eq!((e.started_on, e.ended_on), (ago(3), None));
        assert_eq!(e.home_postcode.as_deref(), Some("LK2 1AA"));
        let homes: Vec<Placement> = home.all("1 = 1").await;
        assert_eq!(homes[0].outside, Some(false), "LK1 is covered by North");
        assert_eq!(
            running(&home, home.maya).await,
            [
                "care-plan",
                "care-review-first",
                "care-visit-first",
                "education-plan",
                "health-dentist",
                "health-first",
                "health-questionnaire",
                "placement-notice",
                "placement-plan",
            ]
        );
        assert_eq!(
            due(&home, home.maya, "care-visit-first").await,
            time::today() + Days::new(4)
        );
        let maya: Vec<Person> = home.all(&format!("id = '{}'", home.maya)).await;
        assert_eq!(maya[0].status.as_deref(), Some("in_care"));
        let decisions: Vec<Decision> = home.all("kind = 'care'").await;
        assert_eq!(
            decisions[0].child_words.as_deref(),
            Some("You stay with Rosa and Bill for now.")
        );
        let story: Vec<Chronology> = home.all("kind = 'move'").await;
        assert_eq!(story[0].wording, "Came into care");
        let addresses: Vec<Address> = home.all("kind = 'placement'").await;
        assert_eq!(addresses[0].postcode.as_deref(), Some("LK1 4AB"));
    }
}

/// What goes wrong: a second start, a day in the future, an earlier time in
/// care that overlaps, a worker who has no tie.
#[tokio::test]
async fn times_in_care_never_overlap() {
    for home in homes().await {
        let jo = home.jo().await;
        let casework = home.casework();
        let future = (time::today() + Days::new(1)).to_string();
        let refused = casework
            .save_care(&jo, home.maya, CareForm::Start, &start(&future), &once())
            .await;
        assert_eq!(stopped(refused), ["on"]);
        begin(&home, 30).await;
        let again = casework
            .save_care(&jo, home.maya, CareForm::Start, &start(&day(10)), &once())
            .await;
        assert!(matches!(again, Err(Error::Refused(_))));
        let end = [
            ("on", &*day(10)),
            ("why_code", "E4A"),
            ("why", "Home with Leila."),
        ];
        save(&home, CareForm::End, &end).await.unwrap();
        let overlaps = casework
            .save_care(&jo, home.maya, CareForm::Start, &start(&day(20)), &once())
            .await;
        assert_eq!(stopped(overlaps), ["on"]);
        let tom = stranger(&home).await;
        let other = casework.ask_care(&tom, home.maya, CareForm::Start).await;
        assert!(matches!(other, Err(Error::NotFound)));
        let empty = casework
            .save_care(&jo, home.maya, CareForm::Start, &Answers::new(), &once())
            .await;
        assert!(stopped(empty).len() >= 7, "each needed answer says so");
    }
}

/// A move, then an order, then both at once: each closes one episode and opens
/// the next on the same day, with the right RNE and REC. R000-42: a home
/// outside our area has a clock until the council there is told. R004-10: the
/// move asks how the child stays in touch.
#[tokio::test]
async fn r000_42_r004_10_moves_and_orders_follow_one_another_without_a_gap() {
    for home in homes().await {
        let jo = home.jo().await;
        let casework = home.casework();
        begin(&home, 60).await;
        let same_day = with_home(&[
            ("on", &day(60)),
            ("same_carers", "no"),
            ("reason", "CARPL"),
            ("why", "Too early."),
        ]);
        let refused = casework
            .save_care(&jo, home.maya, CareForm::Move, &same_day, &once())
            .await;
        assert_eq!(stopped(refused), ["on"]);
        let outside = with_home(&[
            ("on", &day(40)),
            ("same_carers", "no"),
            ("reason", "CARPL"),
            ("why", "Carers who can stay with her for good."),
            ("carer", "Ana Moor"),
            ("postcode", "ZK3 4TL"),
            ("area", "Farshire"),
            ("miles", "31"),
            ("who_matters", "Rosa Penn"),
            ("in_touch", "A call each Sunday."),
        ]);
        let done = casework
            .save_care(&jo, home.maya, CareForm::Move, &outside, &once())
            .await
            .unwrap();
        assert!(done.words.contains("tell the council"), "{}", done.words);
        let order = [
            ("on", &*day(20)),
            ("legal_status", "C1"),
            ("why", "Interim care order."),
        ];
        save(&home, CareForm::Legal, &order).await.unwrap();
        let again = [
            ("on", &*day(10)),
            ("legal_status", "C1"),
            ("why", "The same."),
        ];
        assert_eq!(
            stopped(save(&home, CareForm::Legal, &again).await),
            ["legal_status"]
        );
        let both = with_home(&[
            ("on", &day(5)),
            ("same_carers", "yes"),
            ("reason", "PLACE"),
            ("why", "Ana moved house, and the full order was made."),
            ("new_status", "C2"),
        ]);
        casework
            .save_care(&jo, home.maya, CareForm::Move, &both, &once())
            .await
            .unwrap();
        let all = episodes(&home).await;
        let shape: Vec<_> = all
            .iter()
            .map(|e| {
                (
                    e.began.as_str(),
                    e.legal_status.as_str(),
                    e.ended_why.as_deref(),
                )
            })
            .collect();
        assert_eq!(
            shape,
            [
                ("S", "V2", Some("X1")),
                ("P", "V2", Some("X1")),
                ("L", "C1", Some("X1")),
                ("U", "C2", None),
            ]
        );
        for pair in all.windows(2) {
            assert_eq!(
                pair[0].ended_on,
                Some(pair[1].started_on),
                "no gap, no overlap"
            );
        }
        let moved: Vec<Placement> = home.all("1 = 1 order by started_on").await;
        assert_eq!(moved.len(), 3);
        assert_eq!(moved[0].move_reason.as_deref(), Some("CARPL"));
        assert_eq!((moved[1].outside, moved[1].miles), (Some(true), Some(31)));
        let matters: Vec<ImportantPerson> = home.all("1 = 1").await;
        assert_eq!(matters[0].name, "Rosa Penn");
        assert_eq!(matters[0].placement_id, Some(moved[0].id));
    }
}

/// R000-42: the card says where, how far and whether the council there was
/// told; five working days without it are late.
#[tokio::test]
async fn r000_42_the_council_of_the_area_is_told() {
    for home in homes().await {
        let jo = home.jo().await;
        let casework = home.casework();
        let mut away = start(&day(20));
        away.set("postcode", "ZK3 4TL");
        away.set("miles", "31");
        casework
            .save_care(&jo, home.maya, CareForm::Start, &away, &once())
            .await
            .unwrap();
        assert!(
            due(&home, home.maya, "area-notice").await < time::today(),
            "it is late"
        );
        let page = casework.child_care(&jo, home.maya).await.unwrap();
        let now = page.now.unwrap();
        assert!(now.area_waits);
        assert!(
            now.place
                .starts_with("Outside our area, 31 miles from home."),
            "{}",
            now.place
        );
        let mut told = answers(&[("on", &day(2)), ("how", "email")]);
        told.set_list("whom", ["area", "parents", "child"]);
        let done = casework
            .save_care(&jo, home.maya, CareForm::Told, &told, &once())
            .await
            .unwrap();
        assert!(done.words.contains("Still to be told"), "{}", done.words);
        let page = casework.child_care(&jo, home.maya).await.unwrap();
        assert!(!page.now.unwrap().area_waits);
        let clocks = running(&home, home.maya).await;
        assert!(!clocks.contains(&"area-notice".to_owned()));
        assert!(clocks.contains(&"placement-notice".to_owned()));
        let mut rest = answers(&[("on", &day(1)), ("how", "letter")]);
        rest.set_list("whom", ["health", "gp", "iro", "school"]);
        let done = casework
            .save_care(&jo, home.maya, CareForm::Told, &rest, &once())
            .await
            .unwrap();
        assert!(done.words.contains("Everybody"), "{}", done.words);
        assert!(
            !running(&home, home.maya)
                .await
                .contains(&"placement-notice".to_owned())
        );
    }
}

/// An episode is put right with a reason; its neighbour moves with it, and what
/// it said stays in the journal. A day that would overlap is refused.
#[tokio::test]
async fn corrections_keep_the_trail_and_never_overlap() {
    for home in homes().await {
        let jo = home.jo().await;
        let casework = home.casework();
        begin(&home, 60).await;
        let order = [
            ("on", &*day(20)),
            ("legal_status", "C1"),
            ("why", "Interim care order."),
        ];
        save(&home, CareForm::Legal, &order).await.unwrap();
        let second = episodes(&home).await[1].clone();
        let right = |on: String| {
            answers(&[
                ("started_on", &on),
                ("legal_status", "C1"),
                ("need", "N1"),
                ("home", "U4"),
                ("provider", "PR1"),
                ("postcode", "LK1 4AB"),
                ("because", "The order was sealed two days earlier."),
            ])
        };
        for wrong in [60, 70] {
            let refused = casework
                .save_correct(&jo, second.id, &right(day(wrong)), &once())
                .await;
            assert_eq!(stopped(refused), ["started_on"]);
        }
        casework
            .save_correct(&jo, second.id, &right(day(22)), &once())
            .await
            .unwrap();
        let all = episodes(&home).await;
        assert_eq!(all[0].ended_on, Some(ago(22)));
        assert_eq!(all[1].started_on, ago(22));
        assert!(
            all[1]
                .correction_reason
                .as_deref()
                .unwrap()
                .contains("sealed")
        );
        let maya = home.see(&jo, home.maya).await;
        let changes = casework
            .gate()
            .changes_of_row(&maya, "care_episode", second.id.as_str())
            .await
            .unwrap();
        let kept = changes
            .iter()
            .filter(|c| c.action == "changed")
            .filter(|c| c.why.as_deref().is_some_and(|w| w.contains("sealed")))
            .count();
        assert_eq!(
            kept, 1,
            "what it said before is in the journal, with the reason"
        );
        let tom = stranger(&home).await;
        let hidden = casework.ask_correct(&tom, second.id).await;
        assert!(matches!(hidden, Err(Error::NotFound)));
    }
}

/// R000-41: leave that ends within six months is on the list and is a task.
#[tokio::test]
async fn r000_41_leave_to_remain_is_on_the_list_in_time() {
    for home in homes().await {
        begin(&home, 30).await;
        let ends = (time::today() + Days::new(180)).to_string();
        let alone = [
            ("since", &*day(300)),
            ("leave", "uasc"),
            ("leave_ends", &*ends),
            ("age", "not_needed"),
            ("transfer", "yes"),
            ("transfer_from", "Coastshire"),
        ];
        save(&home, CareForm::Alone, &alone).await.unwrap();
        let jo = home.jo().await;
        let casework = home.casework();
        assert_eq!(
            due(&home, home.maya, "leave-to-remain").await,
            time::today() + Days::new(180)
        );
        let list = casework.care_board(&jo, Which::Leave, 1).await.unwrap();
        assert_eq!(list.of, 1);
        let numbers = casework.care_numbers(&jo).await.unwrap();
        assert_eq!((numbers.in_care, numbers.alone), (1, 1));
        assert_eq!(numbers.share(numbers.alone), "100.0");
        // Renewed: the old clock stops, the new one waits.
        let later = (time::today() + Days::new(900)).to_string();
        let renewed = [
            ("since", &*day(300)),
            ("leave", "refugee"),
            ("leave_ends", &*later),
        ];
        save(&home, CareForm::Alone, &renewed).await.unwrap();
        let rows: Vec<Unaccompanied> = home.all("1 = 1").await;
        assert_eq!(rows.len(), 1);
        assert_eq!(
            due(&home, home.maya, "leave-to-remain").await,
            time::today() + Days::new(900)
        );
        let list = casework.care_board(&jo, Which::Leave, 1).await.unwrap();
        assert_eq!(list.of, 0);
    }
}

/// The care plan is a plan as any other; the end of care stops every clock,
/// and nothing runs on in a child's record that is over.
#[tokio::test]
async fn the_end_of_care_stops_every_clock() {
    for home in homes().await {
        begin(&home, 60).await;
        let plan = [
            ("on", &*day(55)),
            ("aim", "Back home by summer."),
            ("agreed", "yes"),
        ];
        save(&home, CareForm::Plan, &plan).await.unwrap();
        let plans: Vec<Plan> = home.all("kind = 'in_care'").await;
        assert_eq!(plans[0].summary.as_deref(), Some("Back home by summer."));
        assert!(
            !running(&home, home.maya)
                .await
                .contains(&"care-plan".to_owned())
        );
        let end = [
            ("on", &*day(1)),
            ("why_code", "E4A"),
            ("why", "Home with Leila, who has a safe place now."),
            ("who_matters", "Bill Penn"),
            ("in_touch", "He comes to the games on Saturdays."),
        ];
        save(&home, CareForm::End, &end).await.unwrap();
        // Nothing of care runs on. Maya goes on as a child in need, with the
        // care plan's goals in a plan that has its own clock.
        assert_eq!(running(&home, home.maya).await, ["child-in-need-aim"]);
        let plans: Vec<Plan> = home.all("1 = 1 order by kind desc").await;
        let stand: Vec<(&str, PlanState)> =
            plans.iter().map(|p| (p.kind.as_str(), p.state)).collect();
        assert_eq!(
            stand,
            [
                ("in_care", PlanState::Closed),
                ("child_in_need", PlanState::Open)
            ]
        );
        let all = episodes(&home).await;
        assert_eq!(all[0].ended_why.as_deref(), Some("E4A"));
        let jo = home.jo().await;
        let page = home.casework().child_care(&jo, home.maya).await.unwrap();
        assert!(page.now.is_none());
        assert_eq!(
            page.important[0].words,
            "He comes to the games on Saturdays."
        );
        let none = save(&home, CareForm::Move, &end).await;
        assert!(matches!(none, Err(Error::Refused(_))));
    }
}
