//! A home for a child: households with what speaks for and against each, the
//! exemption that must be said, and the move that fills the place.

use casework::care::CareForm;
use casework::model::{CarerExemption, HomeSearch, Involvement, Placement};
use casework::{Asked, Error};
use vocabulary::{Id, ids};

use crate::help::*;

async fn search(home: &Home, more: &[(&str, &str)], siblings: &[Id<ids::Person>]) -> String {
    let jo = home.jo().await;
    let today = day(0);
    let mut pairs = vec![
        ("since", today.as_str()),
        ("kind", "long_term"),
        ("near", "LK1 4AB"),
    ];
    pairs.extend(more);
    let mut said = answers(&pairs);
    said.set_list("needs", ["trauma"]);
    said.set_list("siblings", siblings.iter().map(ToString::to_string));
    let done = casework(home)
        .save_home_search(&jo, home.idris, &said, &once())
        .await
        .unwrap();
    done.to.rsplit('/').next().unwrap().to_owned()
}

/// Reasons are shown for each and against each; a home that fits is chosen,
/// its worker knows of the child, and the move fills the place.
#[tokio::test]
async fn a_home_is_chosen_with_reasons_and_the_move_fills_the_place() {
    for home in staffed().await {
        let row = approved(&home, "foster").await;
        let jo = home.jo().await;
        let id = search(&home, &[], &[]).await.parse().unwrap();
        let view = casework(&home).home_search(&jo, id).await.unwrap();
        assert_eq!(view.rows.len(), 1);
        let reasons = &view.rows[0].reasons;
        assert!(reasons.outside.is_empty(), "{reasons:?}");
        assert!(
            reasons.plus.iter().any(|r| r.starts_with("Can meet")),
            "{reasons:?}"
        );
        assert!(view.rows[0].worker.starts_with("Leila Teasel"));
        let (_, asking) = casework(&home).ask_home_choice(&jo, id).await.unwrap();
        assert_eq!(
            asking.answers.text("carer"),
            "",
            "nothing is chosen beforehand"
        );
        let none = casework(&home)
            .save_home_choice(&jo, id, &answers(&[("why", "Near.")]), &once())
            .await;
        assert_eq!(stopped(none), ["carer"]);
        let leila = viewer(&home, "leila.fostering").await;
        let gate = casework(&home).gate();
        let record = Asked::to_read("test");
        assert!(
            gate.person(&leila, home.idris, record)
                .await
                .unwrap()
                .is_none()
        );
        let chosen = answers(&[("carer", row.id.as_str()), ("why", "They know his school.")]);
        casework(&home)
            .save_home_choice(&jo, id, &chosen, &once())
            .await
            .unwrap();
        // She knows who the child is, and still not the record.
        let ties: Vec<Involvement> = home
            .all(&format!("person_id = '{}' and role = 'other'", home.idris))
            .await;
        assert_eq!((ties.len(), ties[0].team_id), (1, None));
        assert!(
            gate.person(&leila, home.idris, record)
                .await
                .unwrap()
                .is_none()
        );
        assert!(
            gate.person(&leila, home.idris, Asked::index("test"))
                .await
                .unwrap()
                .is_some()
        );
        // The page of the move has the names; the place is filled.
        let asking = casework(&home)
            .ask_care(&jo, home.idris, CareForm::Start)
            .await
            .unwrap();
        assert_eq!(asking.answers.text("carer"), "Wren and Sol Tarn");
        let mut start = asking.answers.clone();
        for (name, value) in [
            ("on", day(0)),
            ("legal_status", "V2".into()),
            ("need", "N1".into()),
            ("why", "Not safe at home.".into()),
            ("home", "U6".into()),
            ("provider", "PR1".into()),
            ("rule", "ordinary".into()),
            ("registered", "yes".into()),
            ("where", "in".into()),
            ("previous", "Z1".into()),
            ("no_upn", "UN4".into()),
        ] {
            start.set(name, value);
        }
        casework(&home)
            .save_care(&jo, home.idris, CareForm::Start, &start, &once())
            .await
            .unwrap();
        let placements: Vec<Placement> = home.all("ended_on is null").await;
        assert_eq!(placements[0].carer_id, Some(row.id));
        let numbers = casework(&home).carer_numbers().await.unwrap();
        assert_eq!((numbers.places, numbers.taken, numbers.free), (2, 1, 1));
        let searches: Vec<HomeSearch> = home.all("1 = 1").await;
        assert_eq!(searches[0].state, "done");
        let again = casework(&home).ask_home_choice(&jo, id).await;
        assert!(refused(again).contains("chosen already"));
    }
}

/// Outside the terms: it is said, it is not forbidden, and it needs an
/// exemption with a name behind it.
#[tokio::test]
async fn outside_the_terms_needs_an_exemption_that_is_said() {
    for home in staffed().await {
        let row = approved(&home, "foster").await;
        let jo = home.jo().await;
        let id = search(&home, &[], &[home.maya, home.sami])
            .await
            .parse()
            .unwrap();
        let view = casework(&home).home_search(&jo, id).await.unwrap();
        let outside = view.rows[0].reasons.outside.join("; ");
        assert!(outside.contains("Room for 2 of 3"), "{outside}");
        let mut chosen = answers(&[("carer", row.id.as_str()), ("why", "Nobody else.")]);
        let bare = casework(&home)
            .save_home_choice(&jo, id, &chosen, &once())
            .await;
        assert_eq!(stopped(bare), ["exemption"]);
        chosen.set("exemption", "Ms Okafor: so that the three stay together.");
        casework(&home)
            .save_home_choice(&jo, id, &chosen, &once())
            .await
            .unwrap();
        let exemptions: Vec<CarerExemption> = home.all("1 = 1").await;
        assert_eq!(exemptions.len(), 1);
        assert!(exemptions[0].agreed_by.starts_with("Ms Okafor"));
        let tom = viewer(&home, "tom.socialworker").await;
        let hidden = casework(&home).home_search(&tom, id).await;
        assert!(matches!(hidden, Err(Error::NotFound)));
    }
}
