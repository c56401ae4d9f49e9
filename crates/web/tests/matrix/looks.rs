//! S5: no name and no word of a record leaves before its look is on disk.

use casework::testing::scene::Scene;
use casework::testing::{TestCouncil, councils, id_of};
use record::args;

use crate::addresses;
use crate::asking::{Browser, about, who_asks};

/// The looks of one worker at one person, so far; also at what is kept about
/// them outside their record, so that it stands in nobody's history: an
/// allegation, a complaint, an incident.
async fn looks(council: &TestCouncil, username: &str, scene: &Scene) -> i64 {
    #[derive(sqlx::FromRow)]
    struct Count {
        n: i64,
    }
    let sql = "select count(*) as n from journal j \
               where j.actor = $1 and j.action in ('looked', 'listed') \
               and exists (select 1 from journal_subject s where s.writer = j.writer \
               and s.seq = j.seq and s.subject in ($2, $3, $4, $5, $6, $7, $8))";
    let db = council.casework.store().read_db();
    let matter = |kind: &str| format!("matter:{}", scene.id(kind).expect("a matter"));
    let subjects = args![
        id_of(username),
        format!("person:{}", scene.person),
        format!("family:{}", scene.family),
        format!("contact:{}", scene.id("contact").expect("a contact")),
        matter("allegation"),
        matter("complaint"),
        matter("incident"),
        format!("enquiry:{}", scene.id("enquiry").expect("an enquiry"))
    ];
    let count: Count = db.one(sql, subjects).await.expect("a count");
    count.n
}

/// S5: over every address and everybody, a page that shows the child has a
/// look of that worker at that child on record when it arrives.
#[tokio::test]
async fn s5_no_name_leaves_without_its_look() {
    for council in councils().await {
        let scenes = Scene::every(&council).await;
        let mut shown = 0;
        for persona in who_asks(&council) {
            let browser = Browser::of(&council, persona.username).await;
            for address in addresses::all(&council).iter().filter(|a| a.get) {
                for scene in &scenes {
                    let before = looks(&council, persona.username, scene).await;
                    let answer = browser.get(&about(address.path, scene)).await;
                    if !answer.says(scene.name()) && !answer.says(scene.words()) {
                        continue;
                    }
                    shown += 1;
                    let after = looks(&council, persona.username, scene).await;
                    assert!(
                        after > before,
                        "{} at {} shows {:?} without a look",
                        persona.username,
                        address.path,
                        scene.standing
                    );
                }
            }
        }
        assert!(
            shown > 100,
            "only {shown} pages showed a child: is the test blind?"
        );
        println!("{shown} pages showed a child, each after its look");
    }
}
