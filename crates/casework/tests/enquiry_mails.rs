//! What is asked of a service goes out by mail: to the service, to whoever asks
//! where that is safe, and again when it moves. Nothing about anybody stands in
//! a mail; without mail nothing is written.

mod at_work;
mod keeper;

use at_work::once;
use casework::Viewer;
use casework::enquiries::Asks;
use casework::enquiries::desk::EnquiryForm;
use casework::front_door::public::Kept;
use casework::model::{Enquiry, Mail};
use casework::post::{Mailed, ToSend};
use casework::testing::{TestCouncil, councils};
use casework::time;
use keeper::kept;
use packs::Answers;
use record::args;

const SITE: &str = "https://here.example";

/// A service that families see and that has an email address: id and address.
async fn service(council: &TestCouncil, nth: usize) -> (String, String, String) {
    let catalogue = council.casework.catalogue().await.unwrap();
    let directory = &catalogue.directory;
    let alone = |name: &str| {
        let mut same = directory.published(catalogue.today);
        same.by_ref().filter(|e| e.service.name == name).count() == 1
    };
    let mut fits = directory
        .published(catalogue.today)
        .filter(|e| e.service.email.is_some() && alone(&e.service.name));
    let one = &fits.nth(nth).expect("one with an address").service;
    let email = one.email.clone().unwrap_or_default();
    (one.id.clone(), one.name.clone(), email)
}

/// A parent asks for help; gives the request and its "mail" on the last page.
async fn ask(council: &TestCouncil, service: &str, ways: &[&str]) -> (Enquiry, String) {
    let casework = &council.casework;
    let form = casework.form(Asks::Family.form()).unwrap();
    let mut pairs = vec![
        ("danger", "no"),
        ("asker", "parent"),
        ("caller_name", "Layla Haddad"),
        ("for_whom", "children"),
        ("children.0.given", "Maya"),
        ("children.0.family", "Haddad"),
        ("what", "Somebody for Maya to talk to."),
        ("caller_phone", "01632 960 123"),
        ("message", "no"),
        ("caller_email", "layla@post.example"),
        ("shares", "all"),
        ("ask_later", "yes"),
    ];
    pairs.extend(ways.iter().map(|way| ("safe_contact", *way)));
    let all = Answers::from_pairs(form, pairs);
    let mut token: Option<String> = None;
    for section in &form.sections {
        let kept = casework
            .keep_public_page(Asks::Family.form(), token.as_deref(), &section.id, &all)
            .await
            .unwrap();
        token = Some(kept);
    }
    let token = token.unwrap();
    assert!(
        casework
            .send_enquiry(service, Asks::Family, &token)
            .await
            .unwrap()
    );
    let last = casework.public_answers(Asks::Family.form(), &token).await;
    let Some(Kept::Sent(last)) = last.unwrap() else {
        panic!("the last page");
    };
    let sql = format!(
        "select {} from enquiry where reference = $1",
        <Enquiry as record::Entity>::COLUMNS.join(", ")
    );
    let db = casework.store().read_db();
    let row = db
        .one(record::AssertSqlSafe(sql), args![&last.reference])
        .await
        .unwrap();
    (row, last.all["mail"].as_str().unwrap().to_owned())
}

/// Everything that waits, as it leaves.
async fn leaving(council: &TestCouncil) -> Vec<ToSend> {
    let mut all = Vec::new();
    while let Some(mail) = council.casework.next_mail(SITE).await.unwrap() {
        council.casework.mail_sent(mail.id).await.unwrap();
        all.push(mail);
    }
    all.sort_by(|a, b| a.to.cmp(&b.to));
    all
}

fn token_in(mail: &ToSend, path: &str) -> String {
    let start = format!("{SITE}{path}");
    let word = mail
        .body
        .split_whitespace()
        .find_map(|w| w.strip_prefix(&start));
    word.expect("a link").to_owned()
}

fn tells_nothing(mail: &ToSend) {
    let all = format!("{} {}", mail.subject, mail.body);
    for word in ["Maya", "Haddad", "Layla", "talk"] {
        assert!(!all.contains(word), "{word} stands in: {all}");
    }
}

async fn mails(council: &TestCouncil) -> Vec<Mail> {
    let sql = format!(
        "select {} from mail order by made_at, id",
        <Mail as record::Entity>::COLUMNS.join(", ")
    );
    let db = council.casework.store().read_db();
    db.all(record::AssertSqlSafe(sql), args![]).await.unwrap()
}

async fn early_help(council: &TestCouncil) -> Viewer {
    council.viewer("dev.earlyhelp").await
}

#[tokio::test]
async fn a_service_and_whoever_asks_it_get_a_link_by_mail() {
    for council in councils().await {
        let casework = &council.casework;
        kept(&council).await;
        casework.set_sends_mail(true);
        let (id, name, email) = service(&council, 0).await;
        let (row, mail) = ask(&council, &id, &["phone", "email"]).await;
        assert_eq!(mail, "waits");
        assert!(
            mails(&council)
                .await
                .iter()
                .all(|m| m.body.contains("{link}")),
            "no token stands in the record"
        );
        let all = leaving(&council).await;
        assert_eq!(all.len(), 2);
        all.iter().for_each(tells_nothing);
        let to_asker = all.iter().find(|m| m.to == "layla@post.example").unwrap();
        assert!(
            !format!("{to_asker:?}").contains(&name),
            "nor which service"
        );
        let mine = casework
            .my_request(&token_in(to_asker, "/your-request/"))
            .await
            .unwrap();
        assert_eq!(mine.reference, row.reference);
        let to_service = all.iter().find(|m| m.to == email).unwrap();
        let token = token_in(to_service, "/service-answer/");
        assert!(casework.for_service(&token).await.unwrap().form.is_some());
        // A worker sees what became of both.
        let dev = early_help(&council).await;
        let page = casework.enquiry_page(&dev, row.id).await.unwrap();
        assert!(page.links[0].contains("Email: sent on"), "{:?}", page.links);
        assert!(page.mails[0].contains("sent on"), "{:?}", page.mails);
        let board = casework.enquiry_board(&dev).await.unwrap();
        assert_eq!(board.rows[0].to_do, None, "it is sent");
        // The answer is news, and so is that it moves.
        let mut no = Answers::new();
        no.set("state", "waiting");
        no.set("on", time::today().to_string());
        casework.service_says(&token, &no).await.unwrap();
        let news = leaving(&council).await;
        assert_eq!(news.len(), 1);
        assert_eq!(news[0].to, "layla@post.example");
        tells_nothing(&news[0]);
        let (other, other_name, other_email) = service(&council, 1).await;
        let mut onward = Answers::new();
        for (field, text) in [
            ("on", time::today().to_string().as_str()),
            ("service", other_name.as_str()),
            ("provider", "Tern Street Friends"),
            ("why", "The first one is full."),
        ] {
            onward.set(field, text);
        }
        casework
            .save_of_enquiry(&dev, row.id, EnquiryForm::Move, &onward, &once())
            .await
            .unwrap();
        let page = casework.enquiry_page(&dev, row.id).await.unwrap();
        assert_eq!(page.row.service_id.as_deref(), Some(other.as_str()));
        let moved = leaving(&council).await;
        assert_eq!(moved.len(), 2);
        let next = moved.iter().find(|m| m.to == other_email).unwrap();
        tells_nothing(next);
        let fresh = token_in(next, "/service-answer/");
        assert_eq!(
            casework.for_service(&fresh).await.unwrap().service,
            other_name
        );
        assert!(
            casework.for_service(&token).await.is_err(),
            "the old one stopped"
        );
    }
}

#[tokio::test]
async fn nobody_is_mailed_where_it_is_not_safe_and_nothing_is_written_when_mail_is_off() {
    for council in councils().await {
        let casework = &council.casework;
        kept(&council).await;
        let (id, _, email) = service(&council, 0).await;
        let dev = early_help(&council).await;
        let (row, mail) = ask(&council, &id, &["email"]).await;
        assert_eq!(mail, "off", "the page says so");
        let link = casework
            .send_to_service(&dev, row.id, SITE, &once())
            .await
            .unwrap();
        assert_eq!(link.mailed, Mailed::Off(email.clone()));
        assert!(link.body.contains(&link.address));
        assert!(mails(&council).await.is_empty());
        casework.set_sends_mail(true);
        // They gave no email as safe: only the service is written to.
        let (row, mail) = ask(&council, &id, &["phone"]).await;
        assert_eq!(mail, "");
        let all = leaving(&council).await;
        assert_eq!(all.len(), 1);
        assert_eq!(all[0].to, email);
        // A new link stops the mail of the one before, if it has not left.
        let link = casework
            .send_to_service(&dev, row.id, SITE, &once())
            .await
            .unwrap();
        assert_eq!(link.mailed, Mailed::Waits(email.clone()));
        casework
            .send_to_service(&dev, row.id, SITE, &once())
            .await
            .unwrap();
        assert_eq!(leaving(&council).await.len(), 1);
    }
}

#[tokio::test]
async fn an_address_that_does_not_work_is_shown_on_the_entry_and_in_the_fix_list() {
    for council in councils().await {
        let casework = &council.casework;
        let me = kept(&council).await;
        casework.set_sends_mail(true);
        let (id, _, email) = service(&council, 0).await;
        let dev = early_help(&council).await;
        let (row, _) = ask(&council, &id, &["phone"]).await;
        let before = casework.directory_entry(&me, &id).await.unwrap();
        assert!(before.dead.is_empty());
        let mail = casework.next_mail(SITE).await.unwrap().unwrap();
        casework
            .mail_failed(mail.id, "The mail server said 550: no such person", true)
            .await
            .unwrap();
        let seen = casework.directory_entry(&me, &id).await.unwrap();
        assert_eq!(seen.dead[0].url, email.to_lowercase());
        assert!(seen.dead[0].words.contains("does not work"));
        let board = casework.directory_board(&me).await.unwrap();
        assert!(board.dead.iter().any(|d| d.service == id));
        assert!(
            board.mails.is_empty(),
            "a request of a family is not for the editor"
        );
        let fix = casework.fix_list(1000).await.unwrap();
        let (_, _, quality) = fix.iter().find(|(known, _, _)| *known == id).unwrap();
        assert!(
            quality
                .lacks
                .iter()
                .any(|l| l.mend.contains("does not work"))
        );
        let requests = casework.enquiry_board(&dev).await.unwrap();
        assert_eq!(
            requests.rows[0].to_do.as_deref(),
            Some("Send it to the service"),
            "it is somebody's to do again"
        );
        let page = casework.enquiry_page(&dev, row.id).await.unwrap();
        assert!(page.links[0].contains("does not work"), "{:?}", page.links);
        // One that is taken clears it; one that comes back marks it again.
        casework
            .send_to_service(&dev, row.id, SITE, &once())
            .await
            .unwrap();
        assert_eq!(leaving(&council).await.len(), 1);
        assert!(casework.dead_emails().await.unwrap().is_empty());
        let came = casework
            .mail_bounced(&email.to_uppercase(), "5.1.1 no such mailbox")
            .await
            .unwrap();
        assert!(came);
        assert_eq!(casework.dead_emails().await.unwrap()[0].service, id);
        let nobody = casework.mail_bounced("who@post.example", "5.1.1").await;
        assert!(!nobody.unwrap());
    }
}
