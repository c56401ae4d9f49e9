//! Foster carers from the first question to the end, the dashboard, and the
//! ways in which it goes wrong.

use casework::Error;
use casework::carers::CarerForm;
use casework::carers::board::Which;
use casework::model::{CarerCheck, CarerTerms, Clock, Decision, Involvement};

use crate::help::*;

/// R002-08: from the enquiry through both stages to the approval with terms,
/// each stage with its clock, which the next one stops.
#[tokio::test]
async fn r002_08_from_the_enquiry_to_the_approval() {
    for home in staffed().await {
        let id = enquire(&home, "leila.fostering", "foster", 5).await;
        let row = carer(&home, "Wren and Sol Tarn").await;
        assert_eq!((row.id, row.stage.as_str()), (id, "enquiry"));
        assert_eq!(running(&home, &row).await, ["carer-first-visit"]);
        let ties: Vec<Involvement> = home
            .all("role = 'allocated' and name = 'Leila Teasel'")
            .await;
        assert_eq!(ties.len(), 2, "she supports both");
        let today = day(0);
        let on = ("on", today.as_str());
        // It goes wrong: stage 2 before stage 1.
        let early = save(&home, "leila.fostering", id, CarerForm::Stage2, &[on]).await;
        assert!(refused(early).contains("Asked about it"));
        let empty = save(&home, "leila.fostering", id, CarerForm::FirstVisit, &[on]).await;
        assert_eq!(stopped(empty), ["words", "outcome"]);
        let visit = [
            on,
            ("words", "Warm, two spare rooms."),
            ("outcome", "go_on"),
        ];
        save(&home, "leila.fostering", id, CarerForm::FirstVisit, &visit)
            .await
            .unwrap();
        assert!(running(&home, &row).await.is_empty());
        save(&home, "leila.fostering", id, CarerForm::Stage1, &[on])
            .await
            .unwrap();
        assert_eq!(running(&home, &row).await, ["carer-recommendation"]);
        let leila = viewer(&home, "leila.fostering").await;
        let (_, sheet) = casework(&home)
            .ask_carer(&leila, id, CarerForm::Stage1Done)
            .await
            .unwrap();
        assert!(
            sheet.words.contains("of Wren Tarn") && sheet.words.contains("home safety"),
            "{}",
            sheet.words
        );
    }
}

/// R002-08: a criminal records check that runs out in 60 days and a missed
/// annual review both appear on the dashboard, and go away when done.
#[tokio::test]
async fn r002_08_a_check_that_runs_out_and_a_missed_review_both_appear() {
    for home in staffed().await {
        let row = approved(&home, "foster").await;
        let leila = viewer(&home, "leila.fostering").await;
        let seen = casework(&home).carer_record(&leila, row.id).await.unwrap();
        let wren = seen.seen.people[0].1.id.to_string();
        // Three years less 60 days ago.
        let done = (casework::time::today() + chrono::Days::new(60))
            .checked_sub_months(chrono::Months::new(36))
            .unwrap()
            .to_string();
        let check = [
            ("kind", "dbs"),
            ("who", wren.as_str()),
            ("on", done.as_str()),
            ("result", "clear"),
        ];
        save(&home, "leila.fostering", row.id, CarerForm::Check, &check)
            .await
            .unwrap();
        // The approval was 13 months ago, and nobody has reviewed it since.
        let mut tx = begin(casework(&home)).await;
        let clocks: Vec<Clock> = home.all("rule = 'carer-review' and done_at is null").await;
        let mut clock = clocks.into_iter().next().expect("the review is due");
        clock.started_at -= chrono::Duration::days(400);
        clock.due_at -= chrono::Duration::days(400);
        tx.update(&mut clock).await.unwrap();
        tx.commit().await.unwrap();
        let board = casework(&home)
            .carer_board(&leila, "foster", Which::Due, 1)
            .await
            .unwrap();
        assert_eq!((board.of, board.rows.len()), (1, 1));
        let due = &board.rows[0].due;
        let find = |title: &str| due.iter().find(|(t, ..)| t.starts_with(title));
        let (_, state, _) = find("Review of a foster carer’s approval").expect("the review");
        assert_eq!(*state, "late");
        let (title, state, words) = find("Criminal records check runs out").expect("the check");
        assert!(
            title.ends_with(": Wren") && *state == "on-time",
            "{title} {state}"
        );
        assert!(!words.is_empty());
        // Done again: both are gone from the next 90 days.
        let today = day(0);
        let again = [check[0], check[1], ("on", today.as_str()), check[3]];
        save(&home, "leila.fostering", row.id, CarerForm::Check, &again)
            .await
            .unwrap();
        let review = [
            ("on", today.as_str()),
            ("words", "A good year."),
            ("views", "They want to go on."),
            ("outcome", "same"),
            ("why", "Nothing has changed."),
        ];
        let words = save(&home, "leila.fostering", row.id, CarerForm::Review, &review)
            .await
            .unwrap();
        assert!(words.contains("It is the first"), "{words}");
        let board = casework(&home)
            .carer_board(&leila, "foster", Which::Due, 1)
            .await
            .unwrap();
        let due: Vec<&str> = board.rows[0].due.iter().map(|(t, ..)| t.as_str()).collect();
        assert!(
            !due.iter()
                .any(|t| t.starts_with("Criminal") || t.starts_with("Review of")),
            "{due:?}"
        );
        assert!(due.contains(&"First review before the panel"), "{due:?}");
        let checks: Vec<CarerCheck> = home.all("kind = 'dbs' order by done_on").await;
        assert_eq!(checks.len(), 2, "the earlier check stays");
        // It goes wrong: a records check of the house.
        let house = [check[0], ("who", "home"), ("on", today.as_str()), check[3]];
        let wrong = save(&home, "leila.fostering", row.id, CarerForm::Check, &house).await;
        assert_eq!(stopped(wrong), ["who"]);
    }
}

/// The approval sets terms and starts its clocks; visits, training and the end
/// stop them; places are counted (R002-35).
#[tokio::test]
async fn r002_35_terms_places_and_what_follows_the_approval() {
    for home in staffed().await {
        let row = approved(&home, "foster").await;
        assert_eq!(row.stage, "approved");
        let terms: Vec<CarerTerms> = home.all("until is null").await;
        assert_eq!((terms[0].places, terms[0].age_to), (2, 12));
        let clocks = running(&home, &row).await;
        for rule in [
            "carer-review",
            "carer-visit",
            "carer-unannounced",
            "carer-standards",
            "panel-told",
        ] {
            assert!(clocks.iter().any(|r| r == rule), "{rule} in {clocks:?}");
        }
        let decisions: Vec<Decision> = home.all("kind = 'panel'").await;
        assert_eq!(decisions[0].rationale, "The report is sound.");
        let numbers = casework(&home).carer_numbers().await.unwrap();
        assert_eq!(
            (numbers.households, numbers.places, numbers.free),
            (1, 2, 2)
        );
        let today = day(0);
        let on = ("on", today.as_str());
        let leila = "leila.fostering";
        let visit = [on, ("kind", "unannounced"), ("words", "All at tea.")];
        save(&home, leila, row.id, CarerForm::Visit, &visit)
            .await
            .unwrap();
        let course = [on, ("kind", "standards")];
        save(&home, leila, row.id, CarerForm::Training, &course)
            .await
            .unwrap();
        assert!(
            !running(&home, &row)
                .await
                .contains(&"carer-standards".into())
        );
        let later = (casework::time::today() + chrono::Days::new(30)).to_string();
        let away = [("until", later.as_str()), ("why", "A new baby.")];
        save(&home, leila, row.id, CarerForm::Away, &away)
            .await
            .unwrap();
        let numbers = casework(&home).carer_numbers().await.unwrap();
        assert_eq!((numbers.free, numbers.closed), (0, 2));
        let end = [
            on,
            ("reason", "resigned"),
            ("words", "They move to the sea."),
        ];
        save(&home, leila, row.id, CarerForm::End, &end)
            .await
            .unwrap();
        let left = running(&home, &row).await;
        assert!(
            left.iter().all(|rule| rule.starts_with("panel-")),
            "{left:?}"
        );
        let terms: Vec<CarerTerms> = home.all("until is null").await;
        assert!(terms.is_empty(), "the terms ended with it");
    }
}

/// An allegation runs its day, and does not end before the designated officer
/// knows of it.
#[tokio::test]
async fn an_allegation_has_its_clock_and_its_end() {
    for home in staffed().await {
        let row = approved(&home, "foster").await;
        let today = day(0);
        let told = [
            ("on", today.as_str()),
            ("kind", "allegation"),
            ("words", "A child says that Sol shouted and pushed her."),
            ("children", "She stays with her aunt tonight."),
        ];
        let words = save(&home, "leila.fostering", row.id, CarerForm::Concern, &told)
            .await
            .unwrap();
        assert!(words.contains("designated officer"), "{words}");
        assert!(
            running(&home, &row)
                .await
                .contains(&"carer-officer-told".into())
        );
        let leila = viewer(&home, "leila.fostering").await;
        let record = casework(&home).carer_record(&leila, row.id).await.unwrap();
        assert!(record.concerns[0].open);
        let id = record.concerns[0].id;
        let mut end = answers(&[
            ("on", &today),
            ("outcome", "unfounded"),
            ("words", "Two people saw it otherwise."),
        ]);
        let early = casework(&home)
            .save_concern_end(&leila, row.id, id, &end, &once())
            .await;
        assert_eq!(stopped(early), ["officer_on"]);
        end.set("officer_on", today);
        casework(&home)
            .save_concern_end(&leila, row.id, id, &end, &once())
            .await
            .unwrap();
        assert!(
            !running(&home, &row)
                .await
                .contains(&"carer-officer-told".into())
        );
        let again = casework(&home)
            .save_concern_end(&leila, row.id, id, &end, &once())
            .await;
        assert!(matches!(again, Err(Error::Already(_))));
    }
}

/// Whoever does not support them sees nothing: not the record, not a row, not
/// even that there is one. Their own team sees them.
#[tokio::test]
async fn a_household_is_open_to_those_who_support_it() {
    for home in staffed().await {
        let row = approved(&home, "foster").await;
        for (who, open) in [
            ("leila.fostering", true),
            ("rob.fostering", true),
            ("okafor.director", true),
            ("petra.adoption", false),
            ("jo.socialworker", false),
            ("tia.analyst", false),
            ("una.decides", false),
        ] {
            let viewer = viewer(&home, who).await;
            let seen = casework(&home).carer_record(&viewer, row.id).await;
            assert_eq!(seen.is_ok(), open, "{who}");
            let rows = casework(&home)
                .carer_board(&viewer, "foster", Which::All, 1)
                .await
                .map_or(0, |board| board.rows.len());
            assert_eq!(rows, usize::from(open), "{who}");
        }
        home.restrict(
            casework(&home)
                .carer_record(&viewer(&home, "leila.fostering").await, row.id)
                .await
                .unwrap()
                .seen
                .people[1]
                .1
                .id,
        )
        .await;
        let leila = viewer(&home, "leila.fostering").await;
        let seen = casework(&home).carer_record(&leila, row.id).await;
        assert!(matches!(seen, Err(Error::NotFound)), "one is restricted");
        let board = casework(&home)
            .carer_board(&leila, "foster", Which::All, 1)
            .await
            .unwrap();
        assert_eq!((board.of, board.rows.len()), (0, 0));
    }
}
