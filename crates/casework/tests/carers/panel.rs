//! The panel (R004-08): quorum, interests, recommendation, decision, who is
//! told when, and a decision against somebody.

use casework::Error;
use casework::model::Carer;
use casework::panels::ItemForm;

use crate::help::*;

/// R004-08: agenda, papers, members, recommendation, decision and its clock of
/// 7 working days; told in person and in writing.
#[tokio::test]
async fn r004_08_from_the_agenda_to_the_letter() {
    for home in staffed().await {
        let id = until_ready(&home, "leila.fostering", "foster").await;
        let vic = viewer(&home, "vic.decides").await;
        let hidden = casework(&home).carer_record(&vic, id).await;
        assert!(
            matches!(hidden, Err(Error::NotFound)),
            "nothing is before a panel yet"
        );
        let panel = sitting(&home, "foster").await;
        let item_id = before_panel(&home, "leila.fostering", id, panel, "approval").await;
        let row = carer(&home, "Wren and Sol Tarn").await;
        assert!(casework(&home).carer_record(&vic, id).await.is_ok());
        let view = casework(&home).sitting_view(&vic, panel).await.unwrap();
        assert_eq!((view.agenda.len(), view.members.len()), (1, 6));
        came(&home, panel, &MOST).await;
        // Not before the decision-maker has the minutes.
        let recommend = [
            ("recommendation", "yes"),
            ("reasons", "They know themselves."),
            (
                "interests",
                "Dot Firth is their doctor’s partner, and said so.",
            ),
            ("dissent", "Eli Gair would have liked a reference more."),
        ];
        on_item(&home, "ida.panel", item_id, ItemForm::Recommend, &recommend)
            .await
            .unwrap();
        let decide = [("decision", "yes"), ("reasons", "Sound.")];
        let early = on_item(&home, "vic.decides", item_id, ItemForm::Decide, &decide).await;
        assert!(refused(early).contains("not the moment"));
        let today = day(0);
        on_item(
            &home,
            "ida.panel",
            item_id,
            ItemForm::Minutes,
            &[("minutes_on", &today)],
        )
        .await
        .unwrap();
        assert!(
            running(&home, &row)
                .await
                .contains(&"panel-decision".into())
        );
        assert!(
            !running(&home, &row)
                .await
                .contains(&"carer-recommendation".into())
        );
        let waits = casework(&home).to_decide(&vic).await.unwrap();
        assert_eq!(waits.len(), 1);
        assert!(waits[0].due.is_some());
        let una = viewer(&home, "una.decides").await;
        assert!(casework(&home).to_decide(&una).await.unwrap().is_empty());
        // The adviser does not decide; who decides does not advise.
        let not_hers = on_item(&home, "ida.panel", item_id, ItemForm::Decide, &decide).await;
        assert!(matches!(not_hers, Err(Error::NotFound)));
        on_item(&home, "vic.decides", item_id, ItemForm::Decide, &decide)
            .await
            .unwrap();
        let clocks = running(&home, &row).await;
        assert!(
            clocks.contains(&"panel-told".into()) && !clocks.contains(&"panel-decision".into())
        );
        on_item(
            &home,
            "leila.fostering",
            item_id,
            ItemForm::Told,
            &[("told_words_on", &today), ("told_on", &today)],
        )
        .await
        .unwrap();
        let clocks = running(&home, &row).await;
        assert!(
            !clocks.iter().any(|c| c.starts_with("panel-")),
            "{clocks:?}"
        );
        let view = casework(&home).item_view(&vic, item_id).await.unwrap();
        assert!(view.decided.starts_with("Vic Harrow") && view.determination.is_none());
    }
}

/// R004-08: a panel that is not quorate does no business, and a member who
/// leaves for an interest is counted out.
#[tokio::test]
async fn r004_08_no_recommendation_without_a_quorum() {
    for home in staffed().await {
        let id = until_ready(&home, "leila.fostering", "foster").await;
        let panel = sitting(&home, "foster").await;
        let item_id = before_panel(&home, "leila.fostering", id, panel, "approval").await;
        let words = came(&home, panel, &MOST[..4]).await;
        assert!(words.contains("not quorate: 4 of 5 members"), "{words}");
        let said = [("recommendation", "yes"), ("reasons", "Good.")];
        let four = on_item(&home, "ida.panel", item_id, ItemForm::Recommend, &said).await;
        assert!(refused(four).contains("regulation 24"));
        // Five without a social worker, and five without anybody in the chair.
        let no_worker = ["Ash Corrie", "Cal Esk", "Dot Firth", "Eli Gair", "Fay Holm"];
        let words = came(&home, panel, &no_worker).await;
        assert!(words.contains("no social worker"), "{words}");
        came(&home, panel, &MOST).await;
        // Five came, one has an interest and leaves: four are left.
        let ida = viewer(&home, "ida.panel").await;
        let members: Vec<casework::model::PanelMember> = home.all("name = 'Cal Esk'").await;
        let mut left = answers(&said);
        left.set_list("away", [members[0].id.to_string()]);
        let result = casework(&home)
            .save_item_form(&ida, item_id, ItemForm::Recommend, &left, &once())
            .await;
        assert!(refused(result).contains("4 of 5"));
        assert!(item(&home, item_id).await.recommendation.is_none());
    }
}

/// R004-08: a decision against them is a determination. Nothing changes for 28
/// days; they may ask to think again; then it is final.
#[tokio::test]
async fn r004_08_a_refusal_is_a_determination_first() {
    for home in staffed().await {
        let id = until_ready(&home, "leila.fostering", "foster").await;
        let panel = sitting(&home, "foster").await;
        let item_id = before_panel(&home, "leila.fostering", id, panel, "approval").await;
        came(&home, panel, &MOST).await;
        let today = day(0);
        let said = [
            ("recommendation", "yes"),
            ("reasons", "Good."),
            ("minutes_on", today.as_str()),
        ];
        on_item(&home, "ida.panel", item_id, ItemForm::Recommend, &said)
            .await
            .unwrap();
        let no = [
            ("decision", "no"),
            ("reasons", "A reference was not followed up."),
        ];
        let bare = on_item(&home, "vic.decides", item_id, ItemForm::Decide, &no).await;
        assert_eq!(stopped(bare), ["differs_why"]);
        let why = [no[0], no[1], ("differs_why", "The panel had not seen it.")];
        let words = on_item(&home, "vic.decides", item_id, ItemForm::Decide, &why)
            .await
            .unwrap();
        assert!(words.contains("determination"), "{words}");
        let row = carer(&home, "Wren and Sol Tarn").await;
        assert_eq!(row.stage, "ready", "nothing changes yet");
        on_item(
            &home,
            "ida.panel",
            item_id,
            ItemForm::Told,
            &[("told_on", &today)],
        )
        .await
        .unwrap();
        assert!(
            running(&home, &row)
                .await
                .contains(&"panel-representations".into())
        );
        let soon = [("answer", "none"), ("on", today.as_str())];
        let early = on_item(&home, "ida.panel", item_id, ItemForm::Answer, &soon).await;
        assert_eq!(stopped(early), ["words"]);
        let answer = [("answer", "independent"), ("on", today.as_str())];
        on_item(&home, "ida.panel", item_id, ItemForm::Answer, &answer)
            .await
            .unwrap();
        assert!(
            running(&home, &row)
                .await
                .contains(&"panel-independent-papers".into())
        );
        let last = [
            ("on", today.as_str()),
            ("decision", "yes"),
            ("reasons", "The review heard the referee."),
        ];
        on_item(&home, "vic.decides", item_id, ItemForm::Final, &last)
            .await
            .unwrap();
        let rows: Vec<Carer> = home.all(&format!("id = '{id}'")).await;
        assert_eq!(rows[0].stage, "approved");
        assert!(item(&home, item_id).await.final_on.is_some());
    }
}

/// R004-08: nobody who sat on the panel decides, and a refusal that nobody
/// answers ends the application.
#[tokio::test]
async fn r004_08_who_sat_does_not_decide() {
    for home in staffed().await {
        let id = until_ready(&home, "leila.fostering", "foster").await;
        let panel = sitting(&home, "foster").await;
        let ida = viewer(&home, "ida.panel").await;
        let vic = answers(&[
            ("name", "Vic Harrow"),
            ("seat", "member"),
            ("independent", "no"),
        ]);
        casework(&home)
            .save_member(&ida, panel, &vic, &once())
            .await
            .unwrap();
        let item_id = before_panel(&home, "leila.fostering", id, panel, "approval").await;
        let mut there = MOST.to_vec();
        there.push("Vic Harrow");
        came(&home, panel, &there).await;
        let today = day(0);
        let said = [
            ("recommendation", "no"),
            ("reasons", "Not yet ready."),
            ("minutes_on", today.as_str()),
        ];
        on_item(&home, "ida.panel", item_id, ItemForm::Recommend, &said)
            .await
            .unwrap();
        let no = [("decision", "no"), ("reasons", "As the panel says.")];
        let sat = on_item(&home, "vic.decides", item_id, ItemForm::Decide, &no).await;
        assert!(refused(sat).contains("sat on this panel"));
        came(&home, panel, &MOST).await;
        on_item(&home, "vic.decides", item_id, ItemForm::Decide, &no)
            .await
            .unwrap();
        let month = day(30);
        on_item(
            &home,
            "ida.panel",
            item_id,
            ItemForm::Told,
            &[("told_on", &month)],
        )
        .await
        .unwrap();
        let none = [("answer", "none"), ("on", today.as_str())];
        on_item(&home, "ida.panel", item_id, ItemForm::Answer, &none)
            .await
            .unwrap();
        let rows: Vec<Carer> = home.all(&format!("id = '{id}'")).await;
        assert_eq!(rows[0].stage, "declined");
    }
}
