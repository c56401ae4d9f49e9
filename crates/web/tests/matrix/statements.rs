//! P5: at most twelve statements a page, the session, the gate and the look
//! with it, counted over every address and everybody.

use std::collections::BTreeMap;

use casework::testing::councils;
use casework::testing::scene::{Scene, Standing};
use record::db::count_queries;

use crate::addresses;
use crate::asking::{Browser, about, who_asks};

const MOST: u32 = 12;

#[tokio::test]
async fn p5_no_page_needs_more_than_twelve_statements() {
    for council in councils().await {
        let scene = Scene::new(&council, Standing::Ours).await;
        let mut worst: BTreeMap<&str, (u32, &str, usize)> = BTreeMap::new();
        for persona in who_asks(&council) {
            let browser = Browser::of(&council, persona.username).await;
            for address in addresses::all(&council).iter().filter(|a| a.get) {
                let path = about(address.path, &scene);
                let (answer, n) = count_queries(browser.get(&path)).await;
                let known = worst.entry(address.path).or_default();
                if n > known.0 {
                    *known = (n, persona.username, answer.body.len());
                }
            }
        }
        let mut sorted: Vec<_> = worst.into_iter().collect();
        sorted.sort_by_key(|(_, (n, _, _))| std::cmp::Reverse(*n));
        for (path, (n, username, bytes)) in sorted.iter().take(15) {
            println!("{n:>3} statements, {bytes:>6} bytes: {path} for {username}");
        }
        assert!(
            sorted.iter().any(|(_, (n, _, _))| *n > 5),
            "is the counter blind?"
        );
        let over: Vec<_> = sorted.iter().filter(|(_, (n, _, _))| *n > MOST).collect();
        assert!(over.is_empty(), "more than {MOST} statements: {over:?}");
    }
}
