//! What comes again and again in care: reviews, visits, health and school.

use casework::care::CareForm;
use casework::care::board::Which;
use casework::meetings::plan::PlanMeeting;
use casework::model::{
    Care, CareCheck, CareEpisode, CareReview, Meeting, MeetingPerson, MeetingState, Plan,
};
use casework::notes::NewVisit;
use casework::{Error, time};
use chrono::Days;

use crate::help::*;
use crate::in_care::{begin, save, start};

/// Regulation 33: 20 working days, then 3 months, then 6; and permanence by
/// the second review.
#[tokio::test]
async fn reviews_have_their_three_clocks_and_permanence_its_own() {
    for home in homes().await {
        begin(&home, 200).await;
        let review = |on: String, permanence: &'static str| {
            vec![
                ("on".to_owned(), on),
                ("part".to_owned(), "PN1".to_owned()),
                ("permanence".to_owned(), permanence.to_owned()),
                ("words".to_owned(), "Maya spoke about school.".to_owned()),
            ]
        };
        let held = async |on: String, permanence: &'static str| {
            let pairs = review(on, permanence);
            let pairs: Vec<(&str, &str)> = pairs
                .iter()
                .map(|(k, v)| (k.as_str(), v.as_str()))
                .collect();
            save(&home, CareForm::Review, &pairs).await.unwrap()
        };
        held(day(180), "none").await;
        assert!(
            running(&home, home.maya)
                .await
                .contains(&"care-permanence".to_owned())
        );
        let second = due(&home, home.maya, "care-review-second").await;
        assert_eq!(second, ago(180) + chrono::Months::new(3));
        let words = held(day(90), "none").await;
        assert!(words.contains("due by the second review"), "{words}");
        let jo = home.jo().await;
        let page = home.casework().child_care(&jo, home.maya).await.unwrap();
        assert!(page.now.unwrap().permanence_late);
        let late = home
            .casework()
            .care_board(&jo, Which::Permanence, 1)
            .await
            .unwrap();
        assert_eq!(late.of, 1);
        held(day(10), "fostering").await;
        let clocks = running(&home, home.maya).await;
        assert!(!clocks.contains(&"care-permanence".to_owned()));
        assert_eq!(
            due(&home, home.maya, "care-review-later").await,
            ago(10) + chrono::Months::new(6)
        );
        let reviews: Vec<CareReview> = home.all("1 = 1 order by held_on").await;
        let numbers: Vec<i64> = reviews.iter().map(|r| r.number).collect();
        assert_eq!(numbers, [1, 2, 3]);
        let care: Vec<Care> = home.all("1 = 1").await;
        assert_eq!(care[0].permanence, "fostering");
    }
}

/// Regulation 28: a visit starts the clock of the next by the regime; with
/// relatives who are not yet approved it is weekly until the first review.
#[tokio::test]
async fn each_visit_starts_the_clock_of_its_regime() {
    for home in homes().await {
        let jo = home.jo().await;
        let casework = home.casework();
        let mut relatives = start(&day(15));
        relatives.set("rule", "relatives");
        relatives.set("home", "U3");
        casework
            .save_care(&jo, home.maya, CareForm::Start, &relatives, &once())
            .await
            .unwrap();
        assert!(
            running(&home, home.maya)
                .await
                .contains(&"relatives-approval".to_owned())
        );
        visit(&home, 9).await;
        assert_eq!(
            due(&home, home.maya, "care-visit-relatives-weekly").await,
            ago(2)
        );
        let review = [
            ("on", &*day(8)),
            ("part", "PN1"),
            ("permanence", "relatives"),
            ("words", "She stays."),
        ];
        save(&home, CareForm::Review, &review).await.unwrap();
        visit(&home, 3).await;
        assert_eq!(
            due(&home, home.maya, "care-visit-relatives").await,
            ago(3) + Days::new(28)
        );
        let visits = running(&home, home.maya).await;
        let visits: Vec<_> = visits
            .iter()
            .filter(|c| c.starts_with("care-visit"))
            .collect();
        assert_eq!(
            visits,
            ["care-visit-relatives"],
            "one clock of visits at a time"
        );
        // A visit that is written down late changes nothing.
        visit(&home, 6).await;
        assert_eq!(
            due(&home, home.maya, "care-visit-relatives").await,
            ago(3) + Days::new(28)
        );
    }
}

async fn visit(home: &Home, days: u64) {
    let visited = NewVisit {
        person: home.maya,
        answers: answers(&[
            ("purpose", "other"),
            ("seen", "yes"),
            ("alone", "yes"),
            ("where", "home"),
            ("text", "We baked."),
            ("childs_words", "I like it here."),
            ("happened_at", &format!("{}T10:00", day(days))),
        ]),
        warned: true,
        once: once(),
    };
    let jo = home.jo().await;
    home.casework().save_visit(&jo, &visited).await.unwrap();
}

/// Health, dentist, questionnaire and school: each starts its next clock, and
/// keeps what the return asks for.
#[tokio::test]
async fn health_and_school_keep_what_the_return_asks_for() {
    for home in homes().await {
        begin(&home, 60).await;
        let check = |kind: &'static str, more: &'static [(&'static str, &'static str)]| {
            let mut pairs = vec![("kind", kind), ("done", "yes")];
            pairs.extend(more);
            pairs
        };
        let on = day(30);
        for (kind, more) in [
            ("assessment", &[][..]),
            ("dentist", &[][..]),
            ("questionnaire", &[("score", "14")][..]),
            ("immunisations", &[][..]),
        ] {
            let mut pairs = check(kind, more);
            pairs.push(("on", on.as_str()));
            save(&home, CareForm::Health, &pairs).await.unwrap();
        }
        let nothing = [("kind", "questionnaire"), ("done", "yes"), ("on", &*on)];
        assert_eq!(
            stopped(save(&home, CareForm::Health, &nothing).await),
            ["score"]
        );
        let plan = [("kind", "plan"), ("on", &*on), ("words", "Extra maths.")];
        save(&home, CareForm::Education, &plan).await.unwrap();
        let year = |days: u64| ago(days) + chrono::Months::new(12);
        assert_eq!(due(&home, home.maya, "health-from-5").await, year(30));
        assert_eq!(due(&home, home.maya, "health-dentist").await, year(30));
        assert_eq!(
            due(&home, home.maya, "health-questionnaire").await,
            year(30)
        );
        assert_eq!(
            due(&home, home.maya, "education-review").await,
            ago(30) + chrono::Months::new(4)
        );
        let checks: Vec<CareCheck> = home.all("kind = 'questionnaire'").await;
        assert_eq!(checks[0].score, Some(14));
    }
}

/// One review is one meeting of the one component: those who were invited to
/// the planned meeting are found again, who came and who did not is kept, and
/// the next one is planned. It is recorded on the child's own page only.
#[tokio::test]
async fn a_review_in_care_is_a_meeting_like_any_other() {
    for home in homes().await {
        begin(&home, 60).await;
        let plan = [
            ("on", &*day(55)),
            ("aim", "Back home by summer."),
            ("agreed", "yes"),
        ];
        save(&home, CareForm::Plan, &plan).await.unwrap();
        let plans: Vec<Plan> = home.all("kind = 'in_care'").await;
        let (jo, casework) = (home.jo().await, home.casework());
        let when = format!("{}T14:00", time::today() + Days::new(1));
        let planned = casework
            .plan_meeting(
                &jo,
                plans[0].id,
                &PlanMeeting {
                    answers: answers(&[("kind", "review_in_care"), ("when", &when)]),
                    purpose: "The first review.".into(),
                    others: vec![("Ms Bell".into(), "school".into())],
                    once: once(),
                    ..PlanMeeting::default()
                },
            )
            .await
            .unwrap();
        let elsewhere = casework.meeting_to_record(&jo, planned).await;
        assert!(matches!(elsewhere, Err(Error::Refused(_))));
        let mut review = answers(&[
            ("on", &*day(2)),
            ("part", "PN1"),
            ("permanence", "none"),
            ("words", "Maya spoke about school."),
            ("childs_words", "I want to see Idris more."),
            ("next", &(time::today() + Days::new(80)).to_string()),
        ]);
        review.set_groups(
            "people",
            vec![
                answers(&[
                    ("name", "Ms Bell"),
                    ("agency", "school"),
                    ("took_part", "came"),
                ]),
                answers(&[
                    ("name", "Leila Ashgrove"),
                    ("agency", "family"),
                    ("took_part", "absent"),
                    ("absent_why", "She was ill."),
                ]),
            ],
        );
        casework
            .save_care(&jo, home.maya, CareForm::Review, &review, &once())
            .await
            .unwrap();
        let meetings: Vec<Meeting> = home.all("kind = 'review_in_care' order by held_at").await;
        assert_eq!(
            meetings.len(),
            2,
            "the planned one was held, the next planned"
        );
        assert_eq!(
            (meetings[0].id, meetings[0].state),
            (planned, MeetingState::Held)
        );
        assert_eq!(meetings[1].state, MeetingState::Planned);
        assert!(meetings.iter().all(|m| m.plan_id == Some(plans[0].id)));
        let reviews: Vec<CareReview> = home.all("1 = 1").await;
        assert_eq!(reviews[0].meeting_id, Some(planned));
        let people: Vec<MeetingPerson> = home.all("1 = 1 order by name").await;
        let part = |name: &str| people.iter().find(|p| p.name == name).unwrap();
        assert_eq!(part("Ms Bell").came.as_deref(), Some("came"));
        assert!(part("Ms Bell").invited);
        assert_eq!(
            part("Leila Ashgrove").absent_why.as_deref(),
            Some("She was ill.")
        );
        assert_eq!(
            part("Maya Ashgrove").views.as_deref(),
            Some("I want to see Idris more.")
        );
    }
}

/// Police protection ends after 72 hours, an emergency protection order after
/// 8 days, or once 7 more: the clock follows the legal status.
#[tokio::test]
async fn a_legal_status_that_ends_by_law_has_its_clock() {
    for home in homes().await {
        let jo = home.jo().await;
        let mut first = start(&day(9));
        first.set("legal_status", "L1");
        home.casework()
            .save_care(&jo, home.maya, CareForm::Start, &first, &once())
            .await
            .unwrap();
        assert_eq!(due(&home, home.maya, "police-protection").await, ago(6));
        let change = async |days: u64, status: &'static str| {
            let pairs = [
                ("on", &*day(days)),
                ("legal_status", status),
                ("why", "The court decided."),
            ];
            save(&home, CareForm::Legal, &pairs).await
        };
        change(8, "L2").await.unwrap();
        assert_eq!(due(&home, home.maya, "emergency-order").await, ago(0));
        let police = running(&home, home.maya).await;
        assert!(!police.contains(&"police-protection".to_owned()));
        change(2, "L2").await.unwrap();
        assert_eq!(
            due(&home, home.maya, "emergency-order-extended").await,
            time::today() + Days::new(5)
        );
        let clocks = running(&home, home.maya).await;
        assert!(!clocks.contains(&"emergency-order".to_owned()));
        let episodes: Vec<CareEpisode> = home.all("1 = 1").await;
        assert_eq!(episodes.len(), 2, "an extension is no new episode");
        assert_eq!(stopped(change(1, "L2").await), ["legal_status"]);
        change(1, "C1").await.unwrap();
        let clocks = running(&home, home.maya).await;
        assert!(!clocks.iter().any(|c| c.starts_with("emergency-order")));
    }
}

/// A locked stay is reviewed after a month, then every three; a panel that was
/// not complete has reviewed nothing.
#[tokio::test]
async fn a_locked_stay_is_reviewed_by_a_whole_panel() {
    for home in homes().await {
        begin(&home, 60).await;
        let panel = |whole: &'static str, days: u64| {
            [
                ("on", day(days)),
                ("panel", whole.to_owned()),
                ("met", "yes".to_owned()),
                ("who", "Ms Alder, Mr Birch, Dr Cole".to_owned()),
                ("words", "Maya is still in danger outside.".to_owned()),
            ]
        };
        let held = async |whole: &'static str, days: u64| {
            let pairs = panel(whole, days);
            let pairs = pairs
                .each_ref()
                .map(|(name, value)| (*name, value.as_str()));
            save(&home, CareForm::Secure, &pairs).await
        };
        assert!(matches!(held("yes", 9).await, Err(Error::Refused(_))));
        let locked = crate::in_care::with_home(&[
            ("on", &*day(40)),
            ("same_carers", "no"),
            ("reason", "CARPL"),
            ("why", "An order of the court."),
            ("home", "K1"),
            ("rule", "secure"),
        ]);
        let jo = home.jo().await;
        home.casework()
            .save_care(&jo, home.maya, CareForm::Move, &locked, &once())
            .await
            .unwrap();
        let first = due(&home, home.maya, "secure-review-first").await;
        assert_eq!(first, ago(40) + chrono::Months::new(1));
        held("no", 12).await.unwrap();
        assert_eq!(due(&home, home.maya, "secure-review-first").await, first);
        held("yes", 10).await.unwrap();
        assert_eq!(
            due(&home, home.maya, "secure-review").await,
            ago(10) + chrono::Months::new(3)
        );
    }
}
