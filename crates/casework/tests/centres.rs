//! Family centres: places, a waiting list, two who want the last place at once,
//! a place that falls free, and who came (R000-16).

mod at_work;

use at_work::{answers, once, row};
use casework::centres::book::Booked;
use casework::centres::programme::write_session;
use casework::centres::register::Mark;
use casework::model::{Booking, CentreSession, FamilyCentre, Programme};
use casework::testing::{TestCouncil, councils};
use casework::{Casework, Error};
use chrono::{Duration, Utc};
use packs::Answers;
use record::{Actor, Gate, Keys, Store, args};
use vocabulary::{Id, ids};

/// A centre with a session tomorrow, for so many children.
async fn session(council: &TestCouncil, name: &str, places: i64) -> Id<ids::CentreSession> {
    let mut tx = council
        .casework
        .store()
        .begin(&Actor::system("test"))
        .await
        .unwrap();
    let centre = FamilyCentre {
        id: Id::new(),
        name: name.into(),
        about: "A place to meet.".into(),
        address: "12 Wren Street".into(),
        postcode: "LK1 4ZZ".into(),
        phone: "01632 960 800".into(),
        opens: "Every day".into(),
        version: 1,
    };
    tx.insert(&centre).await.unwrap();
    let programme = Programme {
        id: Id::new(),
        centre_id: centre.id,
        name: "Stay and play".into(),
        for_whom: "Children under 5".into(),
        about: "Toys.".into(),
        version: 1,
    };
    tx.insert(&programme).await.unwrap();
    let starts_at = Utc::now() + Duration::hours(20);
    let row = CentreSession {
        id: Id::new(),
        centre_id: centre.id,
        programme_id: programme.id,
        starts_at,
        ends_at: starts_at + Duration::hours(2),
        places,
        called_off: None,
        version: 1,
    };
    write_session(&mut tx, &row).await.unwrap();
    tx.commit().await.unwrap();
    row.id
}

fn family(casework: &Casework, name: &str, children: &str) -> Answers {
    answers(
        casework,
        "centre-booking",
        &[
            ("name", name),
            ("children", children),
            ("phone", "01632 960 147"),
        ],
    )
}

/// R000-16: with four centres each has a page, and a session with 10 places
/// refuses an 11th booking but offers the waiting list.
#[tokio::test]
async fn r000_16_ten_places_are_ten_and_the_eleventh_family_waits() {
    for council in councils().await {
        let casework = &council.casework;
        let mut first = None;
        for name in ["Wren", "Millpond", "Harbour", "Fenside"] {
            let id = session(&council, name, 10).await;
            first.get_or_insert(id);
        }
        let centres = casework.family_centres().await.unwrap();
        assert_eq!(centres.len(), 4);
        for (centre, _) in &centres {
            let page = casework.family_centre(centre.id).await.unwrap();
            assert_eq!(page.today.len() + page.later.len(), 1);
        }
        let id = first.unwrap();
        for n in 1..=10 {
            let name = format!("Family {n}");
            let (booked, _) = casework
                .book(id, &family(casework, &name, "1"), &once())
                .await
                .unwrap();
            assert_eq!(booked, Booked::Place, "{n}");
        }
        let (booked, token) = casework
            .book(id, &family(casework, "Family 11", "1"), &once())
            .await
            .unwrap();
        assert_eq!(booked, Booked::Waits);
        let seen = casework.centre_session(id).await.unwrap();
        assert_eq!((seen.taken, seen.waiting, seen.left()), (10, 1, 0));
        assert_eq!(seen.room(), "Full, 1 family waits");
        let mine = casework.my_booking(&token).await.unwrap();
        assert_eq!((mine.row.state.as_str(), mine.before), ("waiting", 0));
        // Pressed twice it is one booking.
        let (again, typed) = (once(), family(casework, "Twice", "1"));
        casework.book(id, &typed, &again).await.unwrap();
        let second = casework.book(id, &typed, &again).await;
        assert!(matches!(second, Err(Error::Already(_))));
    }
}

/// R000-16: a place that falls free is held for the family that has waited
/// longest; nobody who books takes it from them. If nobody answers it goes on.
#[tokio::test]
async fn r000_16_a_place_that_falls_free_goes_to_the_first_who_waits() {
    for council in councils().await {
        let casework = &council.casework;
        let id = session(&council, "Wren", 2).await;
        let mut tokens = Vec::new();
        for (name, children) in [("One", "2"), ("Two", "1"), ("Three", "1"), ("Four", "1")] {
            let typed = family(casework, name, children);
            tokens.push(casework.book(id, &typed, &once()).await.unwrap().1);
        }
        casework.change_my_booking(&tokens[0], false).await.unwrap();
        let state = |n: usize| {
            let (casework, token) = (casework.clone(), tokens[n].clone());
            async move { casework.my_booking(&token).await.unwrap().row.state }
        };
        assert_eq!(state(1).await, "offered");
        assert_eq!(state(2).await, "offered");
        assert_eq!(state(3).await, "waiting");
        let late = casework
            .book(id, &family(casework, "Late", "1"), &once())
            .await
            .unwrap();
        assert_eq!(late.0, Booked::Waits, "the free places are held");
        casework.change_my_booking(&tokens[1], true).await.unwrap();
        assert_eq!(state(1).await, "booked");

        let dev = council.viewer("dev.earlyhelp").await;
        let register = casework.register(&dev, id).await.unwrap();
        assert_eq!((register.booked.len(), register.offered.len()), (1, 1));
        let three = register.offered[0].id;
        casework.mark(&dev, id, three, Mark::Next).await.unwrap();
        assert_eq!(state(2).await, "waiting", "at the end of the queue");
        assert_eq!(state(3).await, "offered");
        let two = register.booked[0].id;
        casework.mark(&dev, id, two, Mark::Came).await.unwrap();
        let kept: Booking = row(&council, two.as_str()).await;
        assert_eq!(kept.came, Some(true));
        let no_place = casework.mark(&dev, id, three, Mark::Came).await;
        assert!(matches!(no_place, Err(Error::Refused(_))));
        // A social worker has no business with who plays where.
        let jo = council.viewer("jo.socialworker").await;
        let absent = casework.register(&jo, id).await;
        assert!(matches!(absent, Err(Error::NotFound)));
        let looks = "select count(*) as n from journal j join journal_subject s on \
             s.writer = j.writer and s.seq = j.seq where j.action = 'looked' and s.subject = $1";
        let n = at_work::count(&council, looks, &format!("enquiry:{two}")).await;
        assert!(n >= 1, "the look at who comes is on record");
    }
}

/// The same council in another process: its own writer, the same database.
async fn another(council: &TestCouncil) -> Casework {
    let keys = Keys::in_folder(council.test.folder.path()).unwrap();
    let store = Store::open(&council.test.options, keys).await.unwrap();
    let file = casework::testing::repository().join("policies/access.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    let policy = access::Policy::parse("policies/access.toml", &text).unwrap();
    let gate = Gate::new(store, std::sync::Arc::new(policy));
    Casework::new(gate, council.casework.pack().clone(), "Larkmere")
}

/// R000-16: two who want the last place at the same moment, in two processes:
/// one has it, the other waits, every time.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn r000_16_two_who_want_the_last_place_at_once_get_one_place() {
    for council in councils().await {
        let one = council.casework.clone();
        let other = another(&council).await;
        for round in 0..12 {
            let id = session(&council, &format!("Wren {round}"), 1).await;
            let book = |casework: Casework, name: &'static str| async move {
                let typed = family(&casework, name, "1");
                casework.book(id, &typed, &once()).await.unwrap().0
            };
            let (a, b) = tokio::join!(
                tokio::spawn(book(one.clone(), "One")),
                tokio::spawn(book(other.clone(), "Other"))
            );
            let (a, b) = (a.unwrap(), b.unwrap());
            assert_ne!(a, b, "round {round}: one place, one wait");
            let seen = one.centre_session(id).await.unwrap();
            assert_eq!((seen.taken, seen.waiting), (1, 1), "round {round}");
        }
        other.store().close().await.unwrap();
    }
}

/// Who booked is erased after its time; how many came stays.
#[tokio::test]
async fn a_booking_is_erased_after_its_time() {
    for council in councils().await {
        let casework = &council.casework;
        let id = session(&council, "Wren", 2).await;
        casework
            .book(id, &family(casework, "Tansy", "1"), &once())
            .await
            .unwrap();
        assert_eq!(casework.erase_old_bookings().await.unwrap(), 0);
        let mut tx = casework
            .store()
            .begin(&Actor::system("test"))
            .await
            .unwrap();
        let mut kept: CentreSession = tx.get(id).await.unwrap();
        kept.starts_at = Utc::now() - Duration::days(120);
        kept.ends_at = kept.starts_at + Duration::hours(2);
        tx.update(&mut kept).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(casework.erase_old_bookings().await.unwrap(), 1);
        assert_eq!(casework.erase_old_bookings().await.unwrap(), 0);
        let left: Vec<Booking> = casework
            .store()
            .read_db()
            .all("select * from booking where session_id = $1", args![id])
            .await
            .unwrap();
        assert!(left[0].name.is_empty() && left[0].phone.is_none());
    }
}
