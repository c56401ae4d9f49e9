//! A family asks a service for help without an account: what is kept, who sees
//! it, what the service and the asker see, and that it is known if help came.

mod at_work;

use at_work::{count, home, once, plan, row};
use casework::enquiries::Asks;
use casework::enquiries::desk::EnquiryForm;
use casework::front_door::public::Kept;
use casework::model::{Contact, Enquiry, ServiceReferral};
use casework::testing::{TestCouncil, councils};
use casework::{Error, time};
use chrono::{Days, Months};
use directory::invented;
use packs::Answers;
use record::{Actor, args};
use vocabulary::{Id, ids};

/// An invented directory of 60 services, and one of them.
async fn service(council: &TestCouncil) -> String {
    let directory = invented::directory(60, 5, time::today());
    council
        .casework
        .keep_directory(&Actor::system("test"), &directory, |_, _| {})
        .await
        .unwrap();
    let catalogue = council.casework.catalogue().await.unwrap();
    let mut entries = catalogue.directory.entries();
    let fits = entries.find(|e| {
        catalogue
            .directory
            .public(&e.service.id, catalogue.today)
            .is_some()
    });
    fits.unwrap().service.id.clone()
}

/// What a parent writes, page by page, with other answers in its place.
fn asked(more: &[(&str, &str)]) -> Vec<(String, String)> {
    let usual = [
        ("danger", "no"),
        ("asker", "parent"),
        ("caller_name", "Layla Haddad"),
        ("for_whom", "children"),
        ("children.0.given", "Maya"),
        ("children.0.family", "Haddad"),
        ("what", "Somebody for Maya to talk to."),
        ("safe_contact", "phone"),
        ("caller_phone", "01632 960 123"),
        ("message", "no"),
        ("safe_when", "weekdays before 3pm"),
        ("shares", "all"),
        ("ask_later", "yes"),
    ];
    let mut pairs: Vec<(String, String)> = usual
        .iter()
        .filter(|(name, _)| !more.iter().any(|(n, _)| n == name))
        .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
        .collect();
    pairs.extend(more.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())));
    pairs
}

struct Sent {
    row: Enquiry,
    word: String,
    link: String,
}

async fn send(council: &TestCouncil, service: &str, asks: Asks, more: &[(&str, &str)]) -> Sent {
    let casework = &council.casework;
    let form = casework.form(asks.form()).unwrap();
    let all = Answers::from_pairs(form, asked(more));
    let mut token: Option<String> = None;
    for section in &form.sections {
        let kept = casework
            .keep_public_page(asks.form(), token.as_deref(), &section.id, &all)
            .await
            .unwrap();
        token = Some(kept);
    }
    let token = token.unwrap();
    let sent = casework.send_enquiry(service, asks, &token).await.unwrap();
    assert!(sent);
    // A second press of the button makes no second request.
    assert!(!casework.send_enquiry(service, asks, &token).await.unwrap());
    let Some(Kept::Sent(last)) = casework.public_answers(asks.form(), &token).await.unwrap() else {
        panic!("the last page");
    };
    let said = |name: &str| last.all[name].as_str().unwrap().to_owned();
    #[derive(sqlx::FromRow)]
    struct One {
        id: String,
    }
    let one: One = casework
        .store()
        .read_db()
        .one(
            "select id from enquiry where reference = $1",
            args![&last.reference],
        )
        .await
        .unwrap();
    Sent {
        row: row(council, &one.id).await,
        word: said("word"),
        link: said("link"),
    }
}

fn says(council: &TestCouncil, state: &str, more: &[(&str, &str)]) -> Answers {
    let today = time::today().to_string();
    let mut pairs = vec![("state", state), ("on", today.as_str())];
    pairs.extend(more);
    at_work::answers(&council.casework, "provider-answer", &pairs)
}

/// A request opens no record of a child and is seen by posts alone; put to a
/// child it is open to the child's worker, and only a worker who may see the
/// child can put it there.
#[tokio::test]
async fn a_request_is_no_case_and_only_a_childs_worker_puts_it_to_the_child() {
    for council in councils().await {
        let casework = &council.casework;
        let home = home(&council).await;
        let service = service(&council).await;
        let persons = "select count(*) as n from person where id <> $1";
        let people = count(&council, persons, "").await;
        let sent = send(&council, &service, Asks::Family, &[]).await;
        assert_eq!(people, count(&council, persons, "").await);
        let contacts = "select count(*) as n from contact where id <> $1";
        assert_eq!(count(&council, contacts, "").await, 0);

        let dev = council.viewer("dev.earlyhelp").await;
        let board = casework.enquiry_board(&dev).await.unwrap();
        assert_eq!(board.rows.len(), 1);
        assert_eq!(
            board.rows[0].to_do.as_deref(),
            Some("Send it to the service")
        );
        for nobody in [&home.jo, &home.tom] {
            let absent = casework.enquiry_page(nobody, sent.row.id).await;
            assert!(matches!(absent, Err(Error::NotFound)));
            assert!(matches!(
                casework.enquiry_board(nobody).await,
                Err(Error::NotFound)
            ));
        }
        // Early help does not work with Maya: it cannot put it to her.
        let refused = casework
            .ask_of_enquiry(&dev, sent.row.id, EnquiryForm::Child)
            .await;
        assert!(matches!(refused, Err(Error::Refused(_))));
        let dee = council.viewer("okafor.director").await;
        let sheet = casework
            .ask_of_enquiry(&dee, sent.row.id, EnquiryForm::Child)
            .await
            .unwrap();
        assert!(sheet.form.field("child").is_some());
        let mut answers = Answers::new();
        answers.set("child", home.maya.to_string());
        answers.set("why", "Her mother rang about it.");
        casework
            .save_of_enquiry(&dee, sent.row.id, EnquiryForm::Child, &answers, &once())
            .await
            .unwrap();
        let page = casework.enquiry_page(&home.jo, sent.row.id).await.unwrap();
        assert!(page.forms.is_empty(), "the child's worker reads it");
        let absent = casework.enquiry_page(&home.tom, sent.row.id).await;
        assert!(matches!(absent, Err(Error::NotFound)));
    }
}

/// What is said of harm reaches the front door as a contact, and not the service.
#[tokio::test]
async fn what_is_said_of_harm_goes_to_the_front_door_and_not_to_the_service() {
    for council in councils().await {
        let casework = &council.casework;
        let service = service(&council).await;
        let harm = [
            ("danger", "yes"),
            ("danger_what", "He hits her when he drinks."),
        ];
        let sent = send(&council, &service, Asks::Family, &harm).await;
        let contact = sent.row.contact_id.expect("a contact");
        let contact: Contact = row(&council, contact.as_str()).await;
        assert_eq!((contact.route.as_str(), contact.priority), ("public", 1));
        assert!(contact.concern.contains("He hits her"));
        let farah = council.viewer("farah.screener").await;
        assert!(
            casework
                .gate()
                .contact(&farah, contact.id, record::Asked::to_read("contact"))
                .await
                .unwrap()
                .is_some()
        );
        let dev = council.viewer("dev.earlyhelp").await;
        let link = casework
            .send_to_service(&dev, sent.row.id, "https://here.example", &once())
            .await
            .unwrap();
        assert!(!link.body.contains("Maya"), "the letter names nobody");
        let token = link.address.rsplit('/').next().unwrap();
        let page = casework.for_service(token).await.unwrap();
        let all = format!("{:?} {:?}", page.lines, page.safe);
        assert!(all.contains("Somebody for Maya") && all.contains("Leave no message"));
        assert!(!all.contains("hits") && !all.contains("danger"), "{all}");
    }
}

/// R002-34: the service answers by its link as things change, the asker sees it
/// and says in the end if it helped; after 28 days without a result it is
/// listed and counted.
#[tokio::test]
async fn r002_34_a_request_is_answered_and_it_is_known_if_it_helped() {
    for council in councils().await {
        let casework = &council.casework;
        let service = service(&council).await;
        let dev = council.viewer("dev.earlyhelp").await;
        let less = [("shares", "less")];
        let sent = send(&council, &service, Asks::Family, &less).await;
        let link = casework
            .send_to_service(&dev, sent.row.id, "https://here.example", &once())
            .await
            .unwrap();
        let token = link.address.rsplit('/').next().unwrap().to_owned();
        let page = casework.for_service(&token).await.unwrap();
        let all = format!("{:?}", page.lines);
        assert!(
            all.contains("Layla Haddad") && !all.contains("Maya"),
            "{all}"
        );

        let mine = casework.my_request(&sent.link).await.unwrap();
        assert!(mine.may_withdraw && !mine.may_tell && !mine.next.is_empty());
        let wait = says(&council, "waiting", &[("wait", "about 6 weeks")]);
        casework.service_says(&token, &wait).await.unwrap();
        let again = casework.service_says(&token, &wait).await;
        assert!(matches!(again, Err(Error::Findings(_))));
        // By reference and word, however they are written.
        let reference = sent.row.reference.to_lowercase().replace('-', " ");
        let found = casework.find_request(&reference, &sent.word).await.unwrap();
        let mine = casework.my_request(&found).await.unwrap();
        assert_eq!(mine.wait.as_deref(), Some("about 6 weeks"));
        let wrong = casework.find_request(&reference, "apple-apple-10").await;
        assert!(matches!(wrong, Err(Error::NotFound)));

        // Asked 28 days ago it is not late; a day more, and it is.
        for (ago, late) in [(28, 0), (29, 1)] {
            let mut tx = casework
                .store()
                .begin(&Actor::system("test"))
                .await
                .unwrap();
            let mut kept: Enquiry = tx.get(sent.row.id).await.unwrap();
            kept.asked_on = time::today() - Days::new(ago);
            tx.update(&mut kept).await.unwrap();
            tx.commit().await.unwrap();
            let board = casework.enquiry_board(&dev).await.unwrap();
            assert_eq!(board.unknown, late, "{ago} days");
        }
        casework
            .service_says(&token, &says(&council, "started", &[]))
            .await
            .unwrap();
        casework
            .service_says(&token, &says(&council, "ended", &[("result", "not_known")]))
            .await
            .unwrap();
        let board = casework.enquiry_board(&dev).await.unwrap();
        assert_eq!(board.rows.len(), 1, "nobody knows yet");
        let yes = at_work::answers(casework, "family-result", &[("result", "partly")]);
        casework.tell_if_it_helped(&found, &yes).await.unwrap();
        let board = casework.enquiry_board(&dev).await.unwrap();
        assert!(board.rows.is_empty());
        assert_eq!(board.came, [("In part".to_owned(), 1)]);
        let again = casework.tell_if_it_helped(&found, &yes).await;
        assert!(matches!(again, Err(Error::Refused(_))));
        let over = casework.for_service(&token).await.unwrap();
        assert!(over.form.is_none());
    }
}

/// R002-26: a waiting list moves with every first day in it, those who asked by
/// themselves among them; the service before loses its link. With nobody
/// waiting there is no list to move.
#[tokio::test]
async fn r002_26_a_family_keeps_its_first_day_when_the_list_moves() {
    for council in councils().await {
        let casework = &council.casework;
        let dev = council.viewer("dev.earlyhelp").await;
        let nobody = casework.ask_handover(&dev).await;
        assert!(
            matches!(nobody, Err(Error::Refused(_))),
            "no list of nobody"
        );
        let service = service(&council).await;
        let sent = send(&council, &service, Asks::Family, &[]).await;
        let link = casework
            .send_to_service(&dev, sent.row.id, "https://here.example", &once())
            .await
            .unwrap();
        let token = link.address.rsplit('/').next().unwrap();
        let first = time::today() - Days::new(100);
        let mut tx = casework
            .store()
            .begin(&Actor::system("test"))
            .await
            .unwrap();
        let mut kept: Enquiry = tx.get(sent.row.id).await.unwrap();
        kept.asked_on = first;
        tx.update(&mut kept).await.unwrap();
        tx.commit().await.unwrap();
        let today = time::today().to_string();
        let typed = at_work::answers(
            casework,
            "service-handover",
            &[
                ("from", &sent.row.service),
                ("on", &today),
                ("service", "Calm harbour"),
                ("provider", "Fenmarch health"),
                ("why", "The contract ended."),
            ],
        );
        let done = casework.save_handover(&dev, &typed, &once()).await.unwrap();
        assert!(done.words.starts_with("1 moved"), "{}", done.words);
        let kept: Enquiry = row(&council, sent.row.id.as_str()).await;
        assert_eq!(
            (kept.asked_on, kept.service.as_str()),
            (first, "Calm harbour")
        );
        let dead = casework.for_service(token).await;
        assert!(matches!(dead, Err(Error::NotFound)), "no longer theirs");
        let board = casework.enquiry_board(&dev).await.unwrap();
        assert_eq!(board.bands[2], ("12 to 26 weeks".to_owned(), 1));
    }
}

/// A child may ask alone; a young one is read by somebody here first. A
/// professional asks only with agreement.
#[tokio::test]
async fn a_young_child_alone_is_read_first_and_nobody_is_referred_unasked() {
    for council in councils().await {
        let casework = &council.casework;
        let service = service(&council).await;
        for (age, held) in [("13", false), ("11", true)] {
            let alone = [("asker", "self"), ("own_age", age), ("caller_name", "Maya")];
            let sent = send(&council, &service, Asks::Family, &alone).await;
            assert_eq!(sent.row.held.is_some(), held, "{age}");
        }
        let form = casework.form(Asks::Professional.form()).unwrap();
        let more = [
            ("caller_role", "Health visitor"),
            ("caller_organisation", "Larkmere health"),
            ("caller_email", "h.vetch@health.example"),
            ("family_phone", "01632 960 123"),
            ("agreed", "no"),
        ];
        let all = Answers::from_pairs(form, asked(&more));
        let mut token: Option<String> = None;
        for section in &form.sections {
            let kept = casework
                .keep_public_page(
                    Asks::Professional.form(),
                    token.as_deref(),
                    &section.id,
                    &all,
                )
                .await
                .unwrap();
            token = Some(kept);
        }
        let refused = casework
            .send_enquiry(&service, Asks::Professional, &token.unwrap())
            .await;
        let Err(Error::Findings(findings)) = refused else {
            panic!("nobody agreed");
        };
        assert_eq!(findings[0].field, "agreed");
        let more = [&more[..4], &[("agreed", "parent")]].concat();
        let sent = send(&council, &service, Asks::Professional, &more).await;
        assert_eq!(sent.row.asker, "professional");
    }
}

/// A request is emptied after its time: its words, its links and its key.
#[tokio::test]
async fn a_settled_request_is_erased_after_its_time() {
    for council in councils().await {
        let casework = &council.casework;
        let service = service(&council).await;
        let sent = send(&council, &service, Asks::Family, &[]).await;
        casework.withdraw_request(&sent.link).await.unwrap();
        let kept: Enquiry = row(&council, sent.row.id.as_str()).await;
        let until = time::today().checked_add_months(Months::new(12));
        assert_eq!(kept.keep_until, until, "12 months from now, says the pack");
        assert_eq!(casework.erase_old_enquiries().await.unwrap(), 0);
        let mut tx = casework
            .store()
            .begin(&Actor::system("test"))
            .await
            .unwrap();
        let mut kept: Enquiry = tx.get(sent.row.id).await.unwrap();
        kept.keep_until = Some(time::today() - Days::new(1));
        tx.update(&mut kept).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(casework.erase_old_enquiries().await.unwrap(), 1);
        assert_eq!(casework.erase_old_enquiries().await.unwrap(), 0);
        let kept: Enquiry = row(&council, sent.row.id.as_str()).await;
        assert!(!serde_json::to_string(&kept).unwrap().contains("Layla"));
        let gone = casework.my_request(&sent.link).await;
        assert!(matches!(gone, Err(Error::NotFound)));
        let subject = format!("enquiry:{}", sent.row.id);
        let destroyed =
            "select count(*) as n from subject_key where destroyed_at is not null and subject = $1";
        let n = count(&council, destroyed, &subject).await;
        assert_eq!(n, 1, "its key is destroyed");
    }
}

/// A referral may be for a parent or for all of a family, and its service
/// answers by the same kind of link.
#[tokio::test]
async fn a_referral_for_a_whole_family_is_answered_by_a_link() {
    for council in councils().await {
        let casework = &council.casework;
        let home = home(&council).await;
        let plan: Id<ids::Plan> = plan(&council, &home).await;
        let service = service(&council).await;
        let who = [home.maya.to_string(), home.mother.to_string()];
        let who: Vec<&str> = who.iter().map(String::as_str).collect();
        let strange = [home.stranger.to_string()];
        let refused = casework
            .refer_to_service(&home.jo, plan, &service, &[&strange[0]], &once())
            .await;
        assert!(matches!(refused, Err(Error::NotFound)), "of another family");
        let done = casework
            .refer_to_service(&home.jo, plan, &service, &who, &once())
            .await
            .unwrap();
        let id: Id<ids::ServiceReferral> = done.to.rsplit('/').next().unwrap().parse().unwrap();
        let page = casework.referral_page(&home.jo, id).await.unwrap();
        assert_eq!(page.whom, "Maya Haddad and Layla Haddad");
        let link = casework
            .send_referral(&home.jo, id, "https://here.example", &once())
            .await
            .unwrap();
        let token = link.address.rsplit('/').next().unwrap();
        let shown = casework.for_service(token).await.unwrap();
        assert!(shown.by_worker && !format!("{:?}", shown.lines).contains("Haddad"));
        let no = says(&council, "declined", &[("why", "We are full.")]);
        casework.service_says(token, &no).await.unwrap();
        let kept: ServiceReferral = row(&council, id.as_str()).await;
        assert_eq!(
            (kept.state.as_str(), kept.result.as_deref()),
            ("declined", Some("no"))
        );
        assert_eq!(kept.result_by.as_deref(), Some("service"));
    }
}
