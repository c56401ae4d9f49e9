//! What stops, what asks for a reason, and who decides.

use casework::steps::TaskState;
use casework::testing::{councils, id_of};
use casework::{Casework, Error, time};
use chrono::NaiveDate;
use packs::{Layer, Pack};
use record::Actor;
use record::model::{Chronology, Clock, Decision, Step, StepSection, StepState};

use crate::place::*;

/// R001-02: the clock runs by the rule in force on the day it starts, with its
/// source, and the form of the day is pinned.
#[tokio::test]
async fn r001_02_an_assessment_runs_45_working_days_from_the_referral() {
    for council in councils().await {
        let casework = &council.casework;
        let place = place(casework).await;
        let referral = NaiveDate::from_ymd_opt(2026, 3, 2).unwrap();
        let mut tx = casework
            .store()
            .begin(&Actor::system("test"))
            .await
            .unwrap();
        let step = casework
            .open_step(&mut tx, open(&place, referral))
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let clocks: Vec<Clock> = rows(&council, "about_id", step.id.to_string()).await;
        let main = clocks
            .iter()
            .find(|c| c.rule == "assessment")
            .expect("the clock runs");
        let due = casework
            .pack()
            .working_days()
            .add_working_days(referral, 45);
        assert_eq!(time::local(main.due_at).date(), due);
        assert_eq!(main.worker_id, Some(id_of("jo.socialworker")));
        let view = casework::clocks::ClockView::of(main, casework.pack());
        assert!(view.rule.contains("45 working days") && !view.source.is_empty());
        assert_eq!(step.form_version.as_deref(), Some("2013-04-01"));
    }
}

/// R001-39: a form retired today renders for past records and cannot be
/// started anew.
#[tokio::test]
async fn r001_39_a_retired_form_still_renders_and_cannot_be_started() {
    for council in councils().await {
        let place = place(&council.casework).await;
        let step = opened(&council.casework, &place).await;
        let jo = council.viewer("jo.socialworker").await;
        let words = [("summary", "Written on the old form.")];
        council
            .casework
            .save_section(&jo, save(&step, "summary", &words, 0))
            .await
            .unwrap();
        let folder = tempfile_of_retired_pack();
        let pack = Pack::from_layers(&[Layer::read(folder.path()).unwrap()])
            .unwrap_or_else(|p| panic!("{}", Pack::problems_text(&p)));
        let later = Casework::new(council.casework.gate().clone(), pack, "Larkmere");
        let document = later.step_document(&jo, step.id).await.unwrap();
        assert_eq!(
            document.parts[0].answers[0].as_text(),
            "Written on the old form."
        );
        let mut tx = later.store().begin(&jo.actor()).await.unwrap();
        let again = later.open_step(&mut tx, open(&place, time::today())).await;
        assert!(matches!(again, Err(Error::Refused(why)) if why.contains("not in use")));
    }
}

/// England's pack with the assessment's form retired yesterday.
fn tempfile_of_retired_pack() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy(
        &casework::testing::repository().join("packs/england"),
        folder.path(),
    );
    let yesterday = time::today().pred_opt().unwrap();
    for file in [
        "forms/child-and-family-assessment.toml",
        "steps/child-and-family-assessment.toml",
    ] {
        let path = folder.path().join(file);
        let text = std::fs::read_to_string(&path).unwrap();
        let line = "version = 2013-04-01";
        let retired = text.replacen(line, &format!("{line}\nuntil = {yesterday}"), 1);
        std::fs::write(&path, retired).unwrap();
    }
    folder
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            std::fs::create_dir_all(&target).unwrap();
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), &target).unwrap();
        }
    }
}

/// R000-18: nothing is sent while the father or other parent is blank; "not
/// known" is an answer, with a reason.
#[tokio::test]
async fn r000_18_the_other_parent_cannot_be_left_blank() {
    for council in councils().await {
        let casework = &council.casework;
        let place = place(casework).await;
        let step = opened(casework, &place).await;
        let jo = council.viewer("jo.socialworker").await;
        fill(casework, &jo, &step).await;
        casework
            .save_section(&jo, save(&step, "people", &[], 1))
            .await
            .unwrap();
        let left = send(casework, &jo, &step).await;
        assert_eq!(left.len(), 1);
        assert_eq!(left[0].field, "other_parent");
        let unknown = [("other_parent", "unknown")];
        casework
            .save_section(&jo, save(&step, "people", &unknown, 2))
            .await
            .unwrap();
        assert_eq!(
            send(casework, &jo, &step).await[0].field,
            "other_parent_why"
        );
        let unknown = [
            ("other_parent", "unknown"),
            ("other_parent_why", "Dana does not say."),
        ];
        casework
            .save_section(&jo, save(&step, "people", &unknown, 3))
            .await
            .unwrap();
        assert!(send(casework, &jo, &step).await.is_empty());
    }
}

/// R001-31 and R003-17: an empty domain, and no grey areas, ask for a reason
/// and then let the work go on; the reason stays in the record.
#[tokio::test]
async fn r001_31_and_r003_17_an_empty_domain_or_no_grey_area_takes_a_reason() {
    for council in councils().await {
        let casework = &council.casework;
        let place = place(casework).await;
        let step = opened(casework, &place).await;
        let jo = council.viewer("jo.socialworker").await;
        fill(casework, &jo, &step).await;
        casework
            .save_section(&jo, save(&step, "development", &[], 1))
            .await
            .unwrap();
        casework
            .save_section(&jo, save(&step, "balance", &[("strengths", "Nan")], 1))
            .await
            .unwrap();
        let left = send(casework, &jo, &step).await;
        let fields: Vec<&str> = left.iter().map(|f| f.field.as_str()).collect();
        assert_eq!(fields, ["development", "grey_areas"]);
        assert!(left[1].message.contains("Is nothing uncertain?"));
        let reasons = [
            (
                "development_reason".to_owned(),
                "Health visitor reports on Tuesday.".to_owned(),
            ),
            (
                "grey_areas_reason".to_owned(),
                "We asked everyone twice.".to_owned(),
            ),
        ];
        let sent = casework
            .submit_step(&jo, step.id, &reasons, "once")
            .await
            .unwrap();
        assert!(sent.findings.is_empty());
        let document = casework.step_document(&jo, step.id).await.unwrap();
        let part = document
            .parts
            .iter()
            .find(|p| p.id == "development")
            .unwrap();
        assert!(
            part.answers[0]
                .as_text()
                .contains("Health visitor reports on Tuesday.")
        );
    }
}

/// R004-38: an assessment can be sent with no tool used.
#[tokio::test]
async fn r004_38_an_assessment_is_complete_without_any_tool() {
    for council in councils().await {
        let casework = &council.casework;
        let place = place(casework).await;
        let step = opened(casework, &place).await;
        let jo = council.viewer("jo.socialworker").await;
        fill(casework, &jo, &step).await;
        let overview = casework.step_overview(&jo, step.id).await.unwrap();
        let tools = overview
            .tasks
            .iter()
            .find(|t| t.section == "tools")
            .unwrap();
        assert!(tools.optional && tools.state == TaskState::NotStarted);
        assert!(send(casework, &jo, &step).await.is_empty());
    }
}

/// R001-03: an optional section can be left out and taken back with its words;
/// a section with a statutory item cannot.
#[tokio::test]
async fn r001_03_only_optional_sections_can_be_left_out() {
    for council in councils().await {
        let casework = &council.casework;
        let place = place(casework).await;
        let step = opened(casework, &place).await;
        let jo = council.viewer("jo.socialworker").await;
        let words = [("tools", "Three houses")];
        casework
            .save_section(&jo, save(&step, "tools", &words, 0))
            .await
            .unwrap();
        casework
            .leave_out(&jo, step.id, "tools", Some("None fits"))
            .await
            .unwrap();
        let document = casework.step_document(&jo, step.id).await.unwrap();
        let part = document.parts.iter().find(|p| p.id == "tools").unwrap();
        assert_eq!(part.left_out.as_deref(), Some("None fits"));
        casework
            .leave_out(&jo, step.id, "tools", None)
            .await
            .unwrap();
        let saved: Vec<StepSection> = rows(&council, "step_id", step.id.to_string()).await;
        assert_eq!(saved[0].answers["tools"], "Three houses");
        let refused = casework
            .leave_out(&jo, step.id, "factors", Some("no"))
            .await;
        assert!(matches!(refused, Err(Error::Refused(_))));
    }
}

/// R003-23: a worker cannot authorise their own work, and neither can a
/// manager who wrote in it, nor the manager of another team.
#[tokio::test]
async fn r003_23_nobody_authorises_their_own_work() {
    for council in councils().await {
        let casework = &council.casework;
        let place = place(casework).await;
        let step = opened(casework, &place).await;
        let (jo, priya) = (
            council.viewer("jo.socialworker").await,
            council.viewer("priya.manager").await,
        );
        fill(casework, &jo, &step).await;
        assert!(send(casework, &jo, &step).await.is_empty());
        let own = casework
            .authorise(&jo, decide(&step, &AUTHORISED, "plan"))
            .await;
        assert!(matches!(own, Err(Error::Refused(_))));
        let sam = council.viewer("sam.manager").await;
        let other = casework
            .authorise(&sam, decide(&step, &AUTHORISED, "plan"))
            .await;
        assert!(matches!(other, Err(Error::NotFound)));
        // Priya sends it back, writes in it herself, and may then not decide.
        let back = [("decision", "send_back"), ("reason", "Where is Idris?")];
        casework
            .authorise(&priya, decide(&step, &back, ""))
            .await
            .unwrap();
        let words = [("family", "Nan lives near. Idris sees her too.")];
        casework
            .save_section(&priya, save(&step, "family", &words, 1))
            .await
            .unwrap();
        assert!(send(casework, &jo, &step).await.is_empty());
        let wrote = casework
            .authorise(&priya, decide(&step, &AUTHORISED, "plan"))
            .await;
        assert!(matches!(wrote, Err(Error::Refused(why)) if why.contains("cannot authorise it")));
        // Someone who oversees the service may.
        let director = council.viewer("okafor.director").await;
        casework
            .authorise(&director, decide(&step, &AUTHORISED, "plan"))
            .await
            .unwrap();
    }
}

/// R003-06 and R004-11: an authorisation is a decision with the manager's own
/// view, an outcome that somebody chose, and what the child is told; clocks
/// stop and start, and the chronology gets a proposal for each child.
#[tokio::test]
async fn r003_06_an_authorisation_needs_a_view_and_leaves_a_decision() {
    for council in councils().await {
        let casework = &council.casework;
        let place = place(casework).await;
        let step = opened(casework, &place).await;
        let (jo, priya) = (
            council.viewer("jo.socialworker").await,
            council.viewer("priya.manager").await,
        );
        fill(casework, &jo, &step).await;
        assert!(send(casework, &jo, &step).await.is_empty());
        let clocks: Vec<Clock> = rows(&council, "about_id", step.id.to_string()).await;
        let waits = clocks
            .iter()
            .find(|c| c.rule == "manager-authorisation")
            .unwrap();
        assert_eq!(waits.worker_id, Some(id_of("priya.manager")));
        let nothing = casework
            .authorise(&priya, decide(&step, &[("decision", "authorise")], ""))
            .await;
        let Err(Error::Findings(findings)) = nothing else {
            panic!("it needs words")
        };
        let fields: Vec<&str> = findings.iter().map(|f| f.field.as_str()).collect();
        assert_eq!(fields, ["view", "outcome"]);
        casework
            .authorise(&priya, decide(&step, &AUTHORISED, "plan"))
            .await
            .unwrap();
        let decisions: Vec<Decision> = rows(&council, "step_id", step.id.to_string()).await;
        assert_eq!(decisions.len(), 1);
        assert_eq!(decisions[0].rationale, AUTHORISED[1].1);
        assert_eq!(decisions[0].decided_by, id_of("priya.manager"));
        assert_eq!(
            decisions[0].child_words.as_deref(),
            Some("We will help so that nights are quiet.")
        );
        let done: Vec<Step> = rows(&council, "id", step.id.to_string()).await;
        assert_eq!(done[0].state, StepState::Done);
        assert_eq!(done[0].outcome.as_deref(), Some("plan"));
        let clocks: Vec<Clock> = rows(&council, "about_id", step.id.to_string()).await;
        let running: Vec<&str> = clocks
            .iter()
            .filter(|c| c.done_at.is_none())
            .map(|c| c.rule.as_str())
            .collect();
        assert_eq!(running, ["first-child-in-need-meeting"]);
        for child in [place.maya, place.idris] {
            let entries: Vec<Chronology> = rows(&council, "person_id", child.to_string()).await;
            assert_eq!(entries.len(), 1);
            assert!(entries[0].wording.contains("A child in need plan"));
        }
        // The decision stays as it was, with what was known then.
        let page = casework.decision_page(&jo, decisions[0].id).await.unwrap();
        assert!(page.is_about(place.maya) && page.is_about(place.idris));
        let card = page.card;
        assert!(
            card.known
                .iter()
                .any(|(title, _)| title == "Family and surroundings")
        );
        let page = casework.work_page(&jo, place.idris).await.unwrap();
        assert_eq!((page.steps.len(), page.decisions.len()), (1, 1));
    }
}

/// R001-32: a step can be left out with a reason, and its clocks stop.
#[tokio::test]
async fn r001_32_a_step_is_skipped_with_a_reason_and_never_a_dead_end() {
    for council in councils().await {
        let casework = &council.casework;
        let place = place(casework).await;
        let step = opened(casework, &place).await;
        let jo = council.viewer("jo.socialworker").await;
        let empty = casework.skip_step(&jo, step.id, "  ", "a").await;
        assert!(matches!(empty, Err(Error::Findings(_))));
        casework
            .skip_step(&jo, step.id, "The family moved to Leeds.", "b")
            .await
            .unwrap();
        let clocks: Vec<Clock> = rows(&council, "about_id", step.id.to_string()).await;
        assert!(clocks.iter().all(|c| c.done_at.is_some()));
        let page = casework.work_page(&jo, place.maya).await.unwrap();
        assert!(
            page.startable.iter().any(|s| s.kind == KIND),
            "there is a next thing to do"
        );
    }
}
