//! Court: from the legal gateway over a delay to the final order, and the
//! register of orders that deprive of liberty.

use casework::Error;
use casework::court::CourtForm;
use casework::model::{Clock, CourtCase, CourtDelay, Deprivation};
use casework::time;
use chrono::Days;
use packs::Answers;
use vocabulary::{Id, ids};

use crate::help::*;

async fn gateway(home: &Home, days: u64, decision: &str) -> String {
    let jo = home.jo().await;
    let mut typed = answers(&[
        ("on", &day(days)),
        ("decision", decision),
        (
            "words",
            "Maya is not safe at home, and help has not changed it.",
        ),
        ("lawyer", "Ade Flint"),
    ]);
    typed.set_list("children", [home.maya.as_str(), home.idris.as_str()]);
    let done = home
        .casework()
        .save_gateway(&jo, home.maya, &typed, &once())
        .await
        .unwrap();
    done.to
}

async fn the_case(home: &Home) -> Id<ids::CourtCase> {
    let cases: Vec<CourtCase> = home.all("1 = 1 order by id").await;
    cases.last().unwrap().id
}

async fn save(home: &Home, what: CourtForm, pairs: &[(&str, &str)]) -> Result<String, Error> {
    let jo = home.jo().await;
    let case = the_case(home).await;
    let done = home
        .casework()
        .save_court(&jo, case, what, &answers(pairs), &once())
        .await?;
    Ok(done.words)
}

async fn clocks(home: &Home) -> Vec<String> {
    let clocks: Vec<Clock> = home
        .all("about_kind = 'court' and done_at is null order by rule")
        .await;
    clocks.into_iter().map(|c| c.rule).collect()
}

/// R004-13, R004-22: gateway, letter, meeting, issue, hearings, a delay with
/// owner and reason, the end; the weeks and the days to issue are on the board.
#[tokio::test]
async fn r004_13_r004_22_a_case_goes_through_court() {
    for home in homes().await {
        let jo = home.jo().await;
        let casework = home.casework();
        gateway(&home, 300, "pre_proceedings").await;
        assert_eq!(clocks(&home).await, ["court-issue", "court-letter"]);
        // It goes wrong: a hearing before anything was issued.
        let early = save(&home, CourtForm::Hearing, &[]).await;
        assert!(matches!(early, Err(Error::Refused(_))));
        let letter = [
            ("on", &*day(295)),
            ("to", "Leila Ashgrove"),
            (
                "words",
                "Come to the meeting, and bring a lawyer: it is free.",
            ),
        ];
        save(&home, CourtForm::Letter, &letter).await.unwrap();
        assert_eq!(
            clocks(&home).await,
            ["court-issue", "court-meeting", "court-pre-proceedings"]
        );
        let met = [
            ("on", &*day(285)),
            ("result", "issue"),
            ("words", "Nothing changed in twelve weeks."),
        ];
        save(&home, CourtForm::Meeting, &met).await.unwrap();
        let issued = [
            ("on", &*day(196)),
            ("number", "LK26C00017"),
            ("court", "Larkmere Family Court"),
            ("seeks", "Care orders"),
        ];
        save(&home, CourtForm::Issue, &issued).await.unwrap();
        assert_eq!(
            clocks(&home).await,
            ["court-26-weeks", "court-case-management"]
        );
        let hearing = [
            ("kind", "cmh"),
            ("on", &*day(175)),
            ("held", "held"),
            ("words", "An expert is asked."),
        ];
        save(&home, CourtForm::Hearing, &hearing).await.unwrap();
        assert_eq!(clocks(&home).await, ["court-26-weeks"]);
        let without = [
            ("reason", "expert"),
            ("on", &*day(60)),
            ("weeks", "6"),
            ("words", "Asked for an earlier day."),
        ];
        assert_eq!(
            stopped(save(&home, CourtForm::Delay, &without).await),
            ["owner"],
            "a delay without an owner is not kept"
        );
        let delay = [&without[..], &[("owner", "Legal services")]].concat();
        save(&home, CourtForm::Delay, &delay).await.unwrap();
        let delays: Vec<CourtDelay> = home.all("1 = 1").await;
        assert_eq!(
            (delays[0].weeks, delays[0].owner.as_str()),
            (6, "Legal services")
        );
        let board = casework.court_board(&jo).await.unwrap();
        let row = &board.in_court[0];
        assert_eq!(row.names, "Maya and Idris Ashgrove");
        assert_eq!(row.days_to_issue, Some(104));
        assert!(!row.over_limit, "112 days are our limit");
        let weeks = row.weeks.as_ref().unwrap();
        assert_eq!((weeks.weeks, weeks.state), (28, "late"));
        assert!(
            row.delay
                .as_ref()
                .unwrap()
                .starts_with("6 weeks. Waits for an expert")
        );
        let ended = [
            ("on", &*day(1)),
            ("outcome", "care_order"),
            ("words", "The court made care orders for both."),
            ("tell_child", "The judge decided that you stay with Rosa."),
        ];
        let words = save(&home, CourtForm::End, &ended).await.unwrap();
        assert!(words.contains("legal status"), "{words}");
        assert!(clocks(&home).await.is_empty());
        let page = casework
            .case_page(&jo, the_case(&home).await)
            .await
            .unwrap();
        assert_eq!((page.lost, page.weeks.unwrap().weeks), (6, 27));
        assert!(page.forms.is_empty());
    }
}

/// R004-13: over the local limit it is listed. A case about a child who is
/// closed to the viewer is not there at all.
#[tokio::test]
async fn r004_13_over_the_limit_and_behind_the_gate() {
    for home in homes().await {
        let casework = home.casework();
        let jo = home.jo().await;
        gateway(&home, 150, "pre_proceedings").await;
        let board = casework.court_board(&jo).await.unwrap();
        assert!(board.before[0].over_limit);
        // The same gateway again leads to the open case.
        let mut typed = answers(&[("on", &day(1)), ("decision", "issue"), ("words", "Again.")]);
        typed.set_list("children", [home.idris.as_str()]);
        let again = casework.save_gateway(&jo, home.maya, &typed, &once()).await;
        let case = the_case(&home).await;
        assert!(matches!(again, Err(Error::Already(to)) if to == format!("/court/{case}")));
        let tom = stranger(&home).await;
        assert!(matches!(
            casework.case_page(&tom, case).await,
            Err(Error::NotFound)
        ));
        home.restrict(home.idris).await;
        assert!(matches!(
            casework.case_page(&jo, case).await,
            Err(Error::NotFound)
        ));
        let board = casework.court_board(&jo).await.unwrap();
        assert_eq!(board.before.len(), 0, "one closed child closes the case");
    }
}

/// The threshold is not met, or things get better: it ends without court, and
/// no clock runs on.
#[tokio::test]
async fn pre_proceedings_can_end_without_court() {
    for home in homes().await {
        let to = gateway(&home, 30, "not_now").await;
        assert!(to.ends_with("/care"), "{to}");
        assert!(clocks(&home).await.is_empty());
        gateway(&home, 20, "pre_proceedings").await;
        let stop = [
            ("on", &*day(1)),
            (
                "words",
                "Leila moved to her sister, and the children are safe.",
            ),
        ];
        save(&home, CourtForm::Stop, &stop).await.unwrap();
        assert!(clocks(&home).await.is_empty());
        let none = save(&home, CourtForm::Delay, &stop).await;
        assert!(matches!(none, Err(Error::Refused(_))));
    }
}

/// R003-34: an order without a day of review is not kept; one in a home that is
/// not registered says so; the review has its clock.
#[tokio::test]
async fn r003_34_no_order_without_a_review() {
    for home in homes().await {
        let jo = home.jo().await;
        let casework = home.casework();
        let mut order = answers(&[
            ("on", &day(30)),
            ("place", "Fern House"),
            ("registered", "no"),
            (
                "words",
                "Doors are locked at night; she ran into traffic twice.",
            ),
        ]);
        let keep = async |order: &Answers| {
            casework
                .save_deprivation(&jo, home.maya, order, &once())
                .await
        };
        assert_eq!(stopped(keep(&order).await), ["review_on"]);
        order.set("review_on", day(40));
        assert_eq!(stopped(keep(&order).await), ["review_on"]);
        order.set("review_on", (time::today() + Days::new(20)).to_string());
        let done = keep(&order).await.unwrap();
        assert!(done.words.contains("not registered"), "{}", done.words);
        assert_eq!(
            due(&home, home.maya, "deprivation-review").await,
            time::today() + Days::new(20)
        );
        let rows = casework.deprivation_register(&jo).await.unwrap();
        assert!(!rows[0].registered && rows[0].review.is_some());
        order.set("ended", day(0));
        keep(&order).await.unwrap();
        assert!(running(&home, home.maya).await.is_empty());
        let kept: Vec<Deprivation> = home.all("1 = 1").await;
        assert_eq!(kept.len(), 1);
        let tom = stranger(&home).await;
        let rows = casework.deprivation_register(&tom).await.unwrap();
        assert_eq!(rows.len(), 0);
    }
}
