//! Two editors, a restart, a late clock, and what a page costs.

use casework::testing::{councils, id_of};
use casework::{Asked, Casework, Error};
use packs::Answers;
use record::model::{Clock, StepSection};

use crate::place::*;

/// S2: two editors, every order of reading and writing two texts each: no text
/// is lost, and no stale save wins.
#[tokio::test]
async fn s2_two_editors_in_32_interleavings_lose_no_edit() {
    for council in councils().await {
        let casework = &council.casework;
        let place = place(casework).await;
        let jo = council.viewer("jo.socialworker").await;
        let amina = council.viewer("amina.asye").await;
        for order in 0..32u32 {
            let step = opened(casework, &place).await;
            let mut bases = [0i64; 2];
            let mut written: Vec<(bool, String)> = Vec::new();
            // Five moments; at each, by the bits of `order`, one of the two
            // writes over what they last read. Reading happens at even moments.
            for moment in 0..5 {
                let who = ((order >> moment) & 1) as usize;
                let viewer = [&jo, &amina][who];
                if moment % 2 == 0 {
                    let page = casework
                        .section_page(viewer, step.id, "family")
                        .await
                        .unwrap();
                    bases[who] = page.version;
                }
                let text = format!("words {moment} of {who} in {order}");
                let saving = save(&step, "family", &[("family", &text)], bases[who]);
                let won = match casework.save_section(viewer, saving).await {
                    Ok(()) => true,
                    Err(Error::Stale) => false,
                    Err(other) => panic!("{other}"),
                };
                bases[who] += i64::from(won);
                written.push((won, text));
            }
            let target = format!("step:{}:family", step.id);
            let first = casework
                .gate()
                .person(&jo, place.maya, Asked::to_read("test"))
                .await
                .unwrap()
                .unwrap();
            let saved: Vec<StepSection> = rows(&council, "step_id", step.id.to_string()).await;
            let history = casework
                .gate()
                .changes_of_row(&first, "step_section", saved[0].id.as_str())
                .await
                .unwrap();
            let kept =
                serde_json::to_string(&history.iter().map(|e| &e.content).collect::<Vec<_>>())
                    .unwrap();
            let mut refused = String::new();
            for viewer in [&jo, &amina] {
                for draft in casework.my_drafts(viewer).await.unwrap() {
                    if draft.refused && draft.target.starts_with(&target) {
                        refused.push_str(&draft.body.to_string());
                    }
                }
            }
            for (won, text) in &written {
                let there = if *won { &kept } else { &refused };
                assert!(there.contains(text.as_str()), "{order}: {text} is lost");
            }
            assert_eq!(saved.len(), 1);
        }
    }
}

/// S2: at the same moment, from two tabs: one wins, the other is kept.
#[tokio::test]
async fn s2_two_saves_at_once_keep_both_texts() {
    for council in councils().await {
        let casework = &council.casework;
        let place = place(casework).await;
        let step = opened(casework, &place).await;
        let (jo, amina) = (
            council.viewer("jo.socialworker").await,
            council.viewer("amina.asye").await,
        );
        let (one, two) = tokio::join!(
            casework.save_section(
                &jo,
                save(&step, "child", &[("childs_words", "Jo wrote")], 0)
            ),
            casework.save_section(
                &amina,
                save(&step, "child", &[("childs_words", "Amina wrote")], 0)
            ),
        );
        assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
        let loser = if one.is_err() { &jo } else { &amina };
        let read = |_: &packs::Form, draft: &record::drafts::Draft| {
            Answers::from_map(draft.body.as_object().cloned().unwrap())
        };
        let both = casework
            .compare_section(loser, step.id, "child", read)
            .await
            .unwrap();
        assert!(both.pairs[0].differs);
        // The loser goes on with a merged text, over the version that is there.
        let mut merged = save(
            &step,
            "child",
            &[("childs_words", "Jo wrote, Amina wrote")],
            1,
        );
        merged.settles = true;
        casework.save_section(loser, merged).await.unwrap();
        assert!(
            casework
                .my_refused(loser, &format!("step:{}:child", step.id))
                .await
                .unwrap()
                .is_none()
        );
    }
}

/// The recording contract: a restart keeps drafts, and finds where to go on.
#[tokio::test]
async fn ux28_a_draft_survives_a_restart_and_says_where_to_go_on() {
    for mut council in councils().await {
        let place = place(&council.casework).await;
        let step = opened(&council.casework, &place).await;
        let jo = council.viewer("jo.socialworker").await;
        let words = save(&step, "parenting", &[("parenting", "Half a sente")], 0).words;
        council.casework.keep_draft(&jo, &words).await.unwrap();
        council.test.restart().await;
        let gate = record::Gate::new(council.test.store.clone(), policy());
        let again = Casework::new(gate, council.casework.pack().clone(), "Larkmere");
        let page = again.section_page(&jo, step.id, "parenting").await.unwrap();
        assert_eq!(page.draft.unwrap().body["parenting"], "Half a sente");
        let overview = again.step_overview(&jo, step.id).await.unwrap();
        assert_eq!(overview.go_on.as_deref(), Some("parenting"));
        let left = again
            .submit_step(&jo, step.id, &[], "x")
            .await
            .unwrap()
            .findings;
        assert!(
            left.iter().any(|f| f.field == "unsaved-parenting"),
            "unsaved words are not sent away"
        );
    }
}

fn policy() -> std::sync::Arc<access::Policy> {
    let text =
        std::fs::read_to_string(casework::testing::repository().join("policies/access.toml"))
            .unwrap();
    access::Policy::parse("policies/access.toml", &text)
        .unwrap()
        .into()
}

/// P5: the step's page and a section's page stay within twelve statements.
#[tokio::test]
async fn p5_a_steps_pages_send_at_most_twelve_statements() {
    for council in councils().await {
        let casework = &council.casework;
        let place = place(casework).await;
        let step = opened(casework, &place).await;
        let jo = council.viewer("jo.socialworker").await;
        fill(casework, &jo, &step).await;
        let (_, n) = record::db::count_queries(async {
            let page = casework.step_overview(&jo, step.id).await.unwrap();
            casework.header(&page.seen.first).await.unwrap();
        })
        .await;
        assert!(n > 5 && n <= 12, "the step's page sent {n} statements");
        let (_, n) = record::db::count_queries(async {
            let page = casework
                .section_page(&jo, step.id, "development")
                .await
                .unwrap();
            casework.header(&page.seen.first).await.unwrap();
        })
        .await;
        assert!(n > 5 && n <= 12, "a section's page sent {n} statements");
    }
}

/// A clock's reason says why and who agreed, and never blocks.
#[tokio::test]
async fn a_late_clock_keeps_its_reason_and_who_agreed() {
    for council in councils().await {
        let casework = &council.casework;
        let place = place(casework).await;
        let step = opened(casework, &place).await;
        let jo = council.viewer("jo.socialworker").await;
        let clocks: Vec<Clock> = rows(&council, "about_id", step.id.to_string()).await;
        let mut answers = Answers::new();
        answers.set("why", "Maya was in hospital");
        let one = casework.late_reason(&jo, clocks[0].id, &answers, "a").await;
        assert!(matches!(one, Err(Error::Findings(_))));
        answers.set("agreed_by", "Priya Thorne");
        casework
            .late_reason(&jo, clocks[0].id, &answers, "b")
            .await
            .unwrap();
        let after: Vec<Clock> = rows(&council, "id", clocks[0].id.to_string()).await;
        assert_eq!(
            after[0].late_reason.as_deref(),
            Some("Maya was in hospital. Agreed by Priya Thorne.")
        );
        assert_eq!(after[0].late_agreed_by, Some(id_of("priya.manager")));
        let tom = council.viewer("tom.socialworker").await;
        assert!(matches!(
            casework.late_page(&tom, clocks[0].id).await,
            Err(Error::NotFound)
        ));
        assert!(matches!(
            casework.step_overview(&tom, step.id).await,
            Err(Error::NotFound)
        ));
    }
}
