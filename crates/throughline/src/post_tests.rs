//! Against a small mail server of our own that speaks as much SMTP as it takes.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use ::directory::invented;
use casework::testing::{TestCouncil, councils};
use casework::{model::Mail, time};
use record::{Actor, args};
use serde_json::json;

use super::*;

type Kept = Arc<Mutex<Vec<String>>>;

/// A mail server that keeps what it takes and refuses a named receiver.
fn mail_server() -> (u16, Kept) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let kept: Kept = Arc::default();
    let taken = kept.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let (stream, taken) = (stream.unwrap(), taken.clone());
            std::thread::spawn(move || talk(stream, &taken));
        }
    });
    (port, kept)
}

fn talk(stream: TcpStream, kept: &Kept) {
    let mut out = stream.try_clone().unwrap();
    let mut say = |words: &str| out.write_all(format!("{words}\r\n").as_bytes()).is_ok();
    say("220 mail.test ready");
    let mut lines = BufReader::new(stream).lines();
    while let Some(Ok(line)) = lines.next() {
        let upper = line.to_uppercase();
        if upper.starts_with("EHLO") || upper.starts_with("HELO") {
            say("250 mail.test");
        } else if upper.starts_with("RCPT") && upper.contains("NOBODY@") {
            say("550 no such person here");
        } else if upper.starts_with("RCPT") && upper.contains("LATER@") {
            say("451 ask again later");
        } else if upper.starts_with("DATA") {
            say("354 go on");
            let mut mail = String::new();
            while let Some(Ok(line)) = lines.next() {
                if line == "." {
                    break;
                }
                mail.push_str(&line);
                mail.push('\n');
            }
            kept.lock().unwrap().push(mail);
            say("250 taken");
        } else if upper.starts_with("QUIT") {
            say("221 bye");
            return;
        } else {
            say("250 fine");
        }
    }
}

/// Entries that are past their check, with these owners.
async fn overdue(council: &TestCouncil, owners: &[&str]) -> Vec<String> {
    let casework = &council.casework;
    let directory = invented::directory(owners.len(), 5, time::today());
    let actor = Actor::system("test");
    casework
        .keep_directory(&actor, &directory, |_, _| {})
        .await
        .unwrap();
    let mut ids = Vec::new();
    let mut tx = casework.store().begin(&actor).await.unwrap();
    for (entry, owner) in directory.entries().zip(owners) {
        let id = format!("service/{}", entry.service.id);
        let mut row: casework::model::DirectoryItem = tx.get(&id).await.unwrap();
        row.upkeep["checked_on"] = json!(time::today() - chrono::Months::new(7));
        row.upkeep["cycle"] = json!("half_year");
        row.upkeep["owner_email"] = json!(owner);
        tx.update(&mut row).await.unwrap();
        ids.push(id);
    }
    tx.commit().await.unwrap();
    ids
}

async fn mails(council: &TestCouncil) -> Vec<Mail> {
    let sql = format!(
        "select {} from mail order by to_address",
        <Mail as record::Entity>::COLUMNS.join(", ")
    );
    let db = council.casework.store().read_db();
    db.all(record::AssertSqlSafe(sql), args![]).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn owners_are_asked_by_mail_and_what_is_not_taken_is_kept() {
    for council in councils().await {
        let casework = &council.casework;
        let owners = [
            "fine@harbour.example",
            "later@harbour.example",
            "nobody@harbour.example",
        ];
        overdue(&council, &owners).await;
        // Off: nothing is written that nobody sends.
        assert_eq!(casework.remind_owners().await.unwrap().asked, 0);
        casework.set_sends_mail(true);
        assert_eq!(casework.remind_owners().await.unwrap().asked, 3);
        assert_eq!(
            casework.remind_owners().await.unwrap().asked,
            0,
            "each is asked once a round"
        );
        let written = mails(&council).await;
        assert!(
            written.iter().all(|m| m.body.contains("{link}")),
            "no token stands in the record"
        );
        let (port, kept) = mail_server();
        let server = format!("smtp://127.0.0.1:{port}");
        let post = Post::new(
            &server,
            "directory@larkmere.example",
            "https://larkmere.test/",
        )
        .unwrap();
        assert_eq!(post.send_waiting(casework).await.unwrap(), 1);
        let mail = kept.lock().unwrap()[0]
            .replace("=\n", "")
            .replace("=3D", "=");
        assert!(mail.contains("To: fine@harbour.example"), "{mail}");
        let link = mail
            .split_whitespace()
            .find_map(|w| w.strip_prefix("https://larkmere.test/still-right/"))
            .expect("a link in the mail")
            .to_owned();
        casework.still_right(&link).await.unwrap();
        let states: Vec<(String, i64)> = mails(&council)
            .await
            .into_iter()
            .map(|m| (m.state, m.tries))
            .collect();
        assert_eq!(
            states,
            [
                ("sent".into(), 1),
                ("waiting".into(), 1),
                ("refused".into(), 1)
            ]
        );
        let problem = mails(&council).await.pop().unwrap().problem.unwrap();
        assert!(problem.contains("no such person"), "{problem}");
        // Not due yet: it is left alone.
        assert_eq!(post.send_waiting(casework).await.unwrap(), 0);
        assert_eq!(kept.lock().unwrap().len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_server_that_is_away_loses_no_mail() {
    for council in councils().await {
        let casework = &council.casework;
        overdue(&council, &["fine@harbour.example"]).await;
        casework.set_sends_mail(true);
        casework.remind_owners().await.unwrap();
        let free = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap();
        let post = Post::new(&format!("smtp://{free}"), "a@b.example", "http://x").unwrap();
        assert_eq!(post.send_waiting(casework).await.unwrap(), 0);
        let mail = mails(&council).await.pop().unwrap();
        assert_eq!((mail.state.as_str(), mail.tries), ("waiting", 1));
        assert!(mail.problem.unwrap().contains("cannot be reached"));
    }
}

#[test]
fn a_wrong_mail_server_or_sender_is_told() {
    assert!(Post::new("mail.example", "a@b.example", "http://x").is_err());
    assert!(Post::new("smtp://mail.example", "nobody", "http://x").is_err());
}
