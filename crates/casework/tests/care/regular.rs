//! What comes again and again in care: reviews, visits, health and school.

use casework::care::CareForm;
use casework::care::board::Which;
use casework::model::{Care, CareCheck, CareReview};
use casework::notes::NewVisit;
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
