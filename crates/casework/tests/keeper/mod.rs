//! A council with a directory and its editor, for the tests of both.

use casework::model::Worker;
use casework::testing::{TestCouncil, id_of, team_of};
use casework::{Viewer, time};
use chrono::Days;
use directory::invented;
use directory::search::Council;
use record::Actor;

/// A council with an editor and an invented directory of 60.
pub async fn kept(council: &TestCouncil) -> Viewer {
    council.casework.set_directory(
        invented::postcodes(),
        Council {
            name: "Larkmere".into(),
            codes: vec![invented::COUNCIL.into()],
        },
    );
    let directory = invented::directory(60, 5, time::today());
    council
        .casework
        .keep_directory(&Actor::system("test"), &directory, |_, _| {})
        .await
        .unwrap();
    editor(council, "edie.editor").await
}

/// Somebody who keeps the directory.
pub async fn editor(council: &TestCouncil, username: &str) -> Viewer {
    let row = Worker {
        id: id_of(username),
        username: username.into(),
        name: "Edie Marram".into(),
        job_title: "Editor".into(),
        role: "directory_editor".into(),
        team_id: Some(team_of("Quality")),
        agency: "council".into(),
        phone: None,
        email: Some(format!("{username}@larkmere.example")),
        fte_hundredths: 100,
        newly_qualified: false,
        supervisor_id: None,
        starts_on: time::today() - Days::new(900),
        ends_on: None,
        active: true,
        password_hash: String::new(),
        social_work_number: None,
        version: 1,
    };
    let mut tx = council
        .casework
        .store()
        .begin(&Actor::system("test"))
        .await
        .unwrap();
    tx.insert(&row).await.unwrap();
    tx.commit().await.unwrap();
    council.viewer(username).await
}
