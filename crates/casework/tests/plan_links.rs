//! One-time links: a partner answers once, and every link that does not open
//! is the same.

mod at_work;

use at_work::{action, answers, count, home, once, plan};
use casework::Error;
use casework::model::*;
use casework::plans::links::LinkTo;
use casework::testing::councils;
use chrono::{Duration, Utc};
use record::Actor;

const SITE: &str = "https://throughline.example";

fn rosa() -> LinkTo {
    LinkTo {
        name: "Rosa Mbeki".into(),
        email: "rosa@nhs.example".into(),
    }
}

fn token(address: &str) -> &str {
    address.rsplit('/').next().unwrap()
}

#[tokio::test]
async fn a_partner_answers_once_and_the_look_is_on_record_before() {
    for council in councils().await {
        let home = home(&council).await;
        let casework = &council.casework;
        let plan = plan(&council, &home).await;
        let id = action(&council, &home, plan).await;
        let made = casework
            .make_link(&home.jo, id, &rosa(), SITE, &once())
            .await
            .unwrap();
        assert!(made.body.contains(&made.address) && made.body.contains("M H and I H"));
        assert!(!made.body.contains("Maya H") && !made.subject.contains("Maya"));
        let link: ActionLink = casework
            .store()
            .read_db()
            .one(
                "select * from action_link where action_id = $1",
                record::args![id],
            )
            .await
            .unwrap();
        assert_ne!(
            link.token_hash,
            token(&made.address),
            "the token itself is not kept"
        );
        let looks = "select count(*) as n from journal where actor = $1 and action = 'looked'";
        let actor = format!("partner:{}", link.id);
        assert_eq!(count(&council, looks, &actor).await, 0);
        let asking = casework.asking(token(&made.address)).await.unwrap();
        assert_eq!(
            (asking.child.as_str(), asking.to.as_str()),
            ("M H and I H", "Rosa Mbeki")
        );
        assert_eq!(count(&council, looks, &actor).await, 1);
        let missing = answers(casework, "action-answer", &[("state", "cannot")]);
        let refused = casework.answer(token(&made.address), &missing).await;
        assert!(
            matches!(refused, Err(Error::Findings(_))),
            "an incomplete answer uses nothing up"
        );
        let said = answers(
            casework,
            "action-answer",
            &[("state", "in_progress"), ("words", "First call on Monday")],
        );
        casework.answer(token(&made.address), &said).await.unwrap();
        let changes = "select count(*) as n from journal where actor = $1 and action = 'created' and object_kind = 'action_update'";
        assert_eq!(count(&council, changes, &actor).await, 1);
        let view = casework.plan(&home.jo, plan, None).await.unwrap();
        let latest = view.other_actions[0].latest.as_ref().unwrap();
        assert!(
            latest.partner && latest.by == "Rosa Mbeki" && latest.words == "First call on Monday"
        );
        assert_eq!(view.other_actions[0].state, "Under way");
        // The same answer again: the link is gone.
        assert!(matches!(
            casework.answer(token(&made.address), &said).await,
            Err(Error::NotFound)
        ));
        assert!(matches!(
            casework.asking(token(&made.address)).await,
            Err(Error::NotFound)
        ));
    }
}

#[tokio::test]
async fn links_that_are_forged_expired_replaced_or_settled_are_all_absent() {
    for council in councils().await {
        let home = home(&council).await;
        let casework = &council.casework;
        let plan = plan(&council, &home).await;
        let id = action(&council, &home, plan).await;
        let gone = async |address: &str| {
            let said = answers(casework, "action-answer", &[("state", "done")]);
            matches!(casework.asking(token(address)).await, Err(Error::NotFound))
                && matches!(
                    casework.answer(token(address), &said).await,
                    Err(Error::NotFound)
                )
        };
        for forged in ["", "0", &"f".repeat(64), &"é".repeat(32), "' or 1=1 --"] {
            assert!(gone(forged).await, "{forged}");
        }
        let first = casework
            .make_link(&home.jo, id, &rosa(), SITE, &once())
            .await
            .unwrap();
        let second = casework
            .make_link(&home.jo, id, &rosa(), SITE, &once())
            .await
            .unwrap();
        assert!(gone(&first.address).await, "a newer link replaces it");
        let mut tx = casework
            .store()
            .begin(&Actor::system("test"))
            .await
            .unwrap();
        let sql = "update action_link set ends_at = $1 where withdrawn_at is null";
        tx.run(sql, record::args![Utc::now() - Duration::seconds(1)])
            .await
            .unwrap();
        tx.commit().await.unwrap();
        assert!(gone(&second.address).await, "it has run out");
        let third = casework
            .make_link(&home.jo, id, &rosa(), SITE, &once())
            .await
            .unwrap();
        casework
            .update_action(&home.jo, id, "done", "", &once())
            .await
            .unwrap();
        assert!(gone(&third.address).await, "the action is settled");
        casework
            .update_action(&home.jo, id, "to_do", "", &once())
            .await
            .unwrap();
        assert!(
            gone(&third.address).await,
            "a withdrawn link does not come back"
        );
        let refused = casework
            .make_link(&home.tom, id, &rosa(), SITE, &once())
            .await;
        assert!(
            matches!(refused, Err(Error::NotFound)),
            "another team's worker"
        );
    }
}
