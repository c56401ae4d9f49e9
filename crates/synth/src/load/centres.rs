//! Four family centres of the invented borough, with what they offer, sessions
//! of the last week and the next two, and who booked them (R000-16).

use casework::Result;
use casework::centres::programme::write_session;
use casework::time;
use chrono::{DateTime, Datelike, Duration, NaiveDate, NaiveTime, Utc};
use record::model::{Booking, CentreSession, FamilyCentre, Programme};
use record::{Actor, Tx};

use super::batch::told;
use super::ids;
use super::people::morning;
use crate::Borough;
use crate::dice::Dice;

/// Name, street and postcode.
const CENTRES: [(&str, &str, &str); 4] = [
    (
        "Wren Street family centre",
        "12 Wren Street, Larkmere",
        "LK1 4ZZ",
    ),
    (
        "Millpond family centre",
        "3 Millpond Lane, Larkmere",
        "LK2 7ZZ",
    ),
    (
        "Harbour steps family centre",
        "40 Harbour Steps, Larkmere",
        "LK3 2ZZ",
    ),
    ("Fenside family hub", "Fenside Road, Larkmere", "LK5 9ZZ"),
];

/// Name, for whom, what, from which hour for how long, for how many children,
/// and on which days of the week.
type Offer = (
    &'static str,
    &'static str,
    &'static str,
    u32,
    i64,
    i64,
    &'static [u32],
);

const OFFERS: [Offer; 5] = [
    (
        "Stay and play",
        "Children under 5 and whoever looks after them",
        "Toys, songs and a cup of tea.",
        10,
        90,
        10,
        &[0, 1, 2, 3, 4, 5, 6],
    ),
    (
        "Baby massage",
        "Babies from 6 weeks to 9 months",
        "Five weeks, on the floor, with a health visitor.",
        13,
        60,
        8,
        &[1, 4, 6],
    ),
    (
        "Talking walk-in",
        "Anybody who worries how their child talks",
        "A speech therapist listens and plays.",
        15,
        90,
        6,
        &[2, 6],
    ),
    (
        "Fathers on Saturday",
        "Fathers and their children",
        "Breakfast and building things.",
        9,
        120,
        12,
        &[5],
    ),
    (
        "Young parents",
        "Parents up to 21",
        "Lunch, a midwife, and others who know what it is like.",
        12,
        120,
        10,
        &[3],
    ),
];

const NAMES: [&str; 14] = [
    "Tansy",
    "Orla Reed",
    "Bo",
    "Calla Finch",
    "Ren",
    "Dot Marlow",
    "Ivo",
    "Sage Holm",
    "Una",
    "Jory Beck",
    "Pia",
    "Linnet",
    "Wes Garth",
    "Maren",
];

/// Writes them, in the caller's transaction.
pub(crate) async fn write(tx: &mut Tx, borough: &Borough) -> Result<()> {
    let today = borough.now.date();
    let by = Actor::system("demo");
    let at = morning(today - Duration::days(400));
    let mut dice = Dice::new(crate::SEED ^ 0xCE17, 4);
    let mut bookings = Vec::new();
    for (c, (name, address, postcode)) in CENTRES.into_iter().enumerate() {
        let centre = FamilyCentre {
            id: ids::named("centre", name),
            name: name.to_owned(),
            about: "A place to meet, to play and to ask. Everybody with a child under 19 is welcome, and nobody asks why you came.".to_owned(),
            address: address.to_owned(),
            postcode: postcode.to_owned(),
            phone: format!("01632 960 8{c}0"),
            opens: "Every day, 9am to 5pm".to_owned(),
            version: 1,
        };
        tx.insert_recorded(&[told(&by, at, centre.clone())]).await?;
        for (o, (what, for_whom, about, hour, minutes, places, days)) in
            OFFERS.into_iter().enumerate()
        {
            let programme = Programme {
                id: ids::named("programme", &format!("{c} {o}")),
                centre_id: centre.id,
                name: what.to_owned(),
                for_whom: for_whom.to_owned(),
                about: about.to_owned(),
                version: 1,
            };
            tx.insert_recorded(&[told(&by, at, programme.clone())])
                .await?;
            for ahead in -7..=14 {
                let day = today + Duration::days(ahead);
                if !days.contains(&day.weekday().num_days_from_monday()) {
                    continue;
                }
                let from = moment(day, hour);
                let session = CentreSession {
                    id: ids::named("session", &format!("{c} {o} {day}")),
                    centre_id: centre.id,
                    programme_id: programme.id,
                    starts_at: from,
                    ends_at: from + Duration::minutes(minutes),
                    places,
                    called_off: None,
                    version: 1,
                };
                write_session(tx, &session).await?;
                // The first session of the first centre tomorrow is full, and
                // two families wait; whatever the day, no other is full.
                let wanted = match (c, o, ahead) {
                    (0, 0, 1) => places + 2,
                    _ if ahead > 7 => dice.between(0, 3),
                    _ => dice.between(2, places - 1),
                };
                for n in 0..wanted {
                    bookings.push(told(&by, at, booking(&session, n, ahead < 0, &mut dice)));
                }
            }
        }
    }
    tx.insert_recorded(&bookings).await?;
    Ok(())
}

fn moment(day: NaiveDate, hour: u32) -> DateTime<Utc> {
    let time = NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or_default();
    time::from_local(day.and_time(time))
}

fn booking(session: &CentreSession, n: i64, past: bool, dice: &mut Dice) -> Booking {
    let name = NAMES[usize::try_from(n).unwrap_or_default() % NAMES.len()];
    let queued = session.starts_at - Duration::days(9) + Duration::minutes(n);
    Booking {
        id: ids::named("booking", &format!("{} {n}", session.id)),
        session_id: session.id,
        reference: format!("DEMO-{n:04}"),
        name: name.to_owned(),
        places: 1,
        phone: Some("01632 960 147".to_owned()),
        message: Some("plain".to_owned()),
        needs: None,
        state: if n < session.places {
            "booked"
        } else {
            "waiting"
        }
        .to_owned(),
        queued_at: queued,
        offered_at: None,
        came: past.then(|| !dice.chance(6)),
        made_by: None,
        made_at: queued,
        version: 1,
    }
}
