//! Who may sign in, and what ends a session.

use casework::sign_in::Session;
use casework::testing::{PASSWORD, councils, id_of};
use record::Actor;
use record::model::Worker;

#[tokio::test]
async fn a_worker_signs_in_and_a_wrong_password_or_unknown_name_does_not() {
    for council in councils().await {
        let casework = &council.casework;
        assert!(
            casework
                .sign_in("jo.socialworker", "wrong")
                .await
                .unwrap()
                .is_none()
        );
        assert!(
            casework
                .sign_in("nobody", PASSWORD)
                .await
                .unwrap()
                .is_none()
        );
        let token = casework
            .sign_in(" Jo.Socialworker ", PASSWORD)
            .await
            .unwrap();
        let token = token.expect("Jo signs in");
        let Session::Open(viewer) = casework.session(&token).await.unwrap() else {
            panic!("the session is open");
        };
        assert_eq!(viewer.name, "Jo Larch");
        assert!(viewer.can("case.record"));
        assert!(!viewer.can("case.authorise"));
        assert!(matches!(
            casework.session("0").await.unwrap(),
            Session::None
        ));
    }
}

/// S7: a worker who leaves has no access at the next request.
#[tokio::test]
async fn a_worker_who_leaves_has_no_access_from_the_next_request() {
    for council in councils().await {
        let casework = &council.casework;
        let token = casework
            .sign_in("jo.socialworker", PASSWORD)
            .await
            .unwrap()
            .unwrap();
        let mut tx = casework
            .store()
            .begin(&Actor::system("test"))
            .await
            .unwrap();
        let mut jo: Worker = tx.get(id_of("jo.socialworker")).await.unwrap();
        jo.active = false;
        tx.update(&mut jo).await.unwrap();
        tx.commit().await.unwrap();
        assert!(matches!(
            casework.session(&token).await.unwrap(),
            Session::None
        ));
        assert!(
            casework
                .sign_in("jo.socialworker", PASSWORD)
                .await
                .unwrap()
                .is_none()
        );
    }
}
