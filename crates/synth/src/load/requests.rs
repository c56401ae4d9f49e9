//! What invented families asked of services by themselves, or a professional
//! for them: just come in, waiting, begun, ended with and without a result. None
//! of them is a family of the borough's record.

use casework::enquiries::KIND;
use casework::{Casework, Result, clocks};
use chrono::{Duration, NaiveDate};
use record::model::{Clock, Enquiry};
use record::{Actor, Tx};
use serde_json::{Value as Json, json};

use super::batch::told;
use super::ids;
use super::people::morning;
use crate::Borough;

/// Asked so many days ago, by whom and whose name, of which service, what, and
/// where it stands since how many days, with what came of it.
struct Asked {
    days: i64,
    asker: &'static str,
    name: &'static str,
    child: Option<(&'static str, &'static str)>,
    service: (&'static str, &'static str),
    what: &'static str,
    state: (&'static str, i64),
    result: Option<(&'static str, &'static str)>,
}

const QUIET: (&str, &str) = ("Quiet minds for young people", "Quillbrook care");
const SLEEP: (&str, &str) = ("Sleep clinic", "Larkmere health visiting");
const PARENTS: (&str, &str) = ("Parents together course", "Larkmere family centre");
const BOXING: (&str, &str) = ("Boxing and breakfast", "Fenmarch boys and girls club");

#[rustfmt::skip]
const ASKED: [Asked; 10] = [
    Asked { days: 0, asker: "parent", name: "Ottoline Marsh", child: Some(("Bram", "Marsh")), service: SLEEP, what: "He wakes six times a night and we are all worn out.", state: ("asked", 0), result: None },
    Asked { days: 1, asker: "self", name: "Fitch", child: None, service: QUIET, what: "Somebody to talk to who is not at my school.", state: ("asked", 1), result: None },
    Asked { days: 6, asker: "professional", name: "Hana Tolwether", child: Some(("Pip", "Sedgely")), service: PARENTS, what: "They would like to learn how to play with her together.", state: ("accepted", 2), result: None },
    Asked { days: 19, asker: "parent", name: "Corwin Ashdown", child: None, service: PARENTS, what: "A course for fathers, in the evening.", state: ("waiting", 15), result: None },
    Asked { days: 33, asker: "carer", name: "Nan Thistle", child: Some(("Wilf", "Thistle")), service: BOXING, what: "He needs to get out and has nobody to go with.", state: ("started", 10), result: None },
    Asked { days: 54, asker: "self", name: "Juniper", child: None, service: QUIET, what: "I worry all the time.", state: ("waiting", 45), result: None },
    Asked { days: 96, asker: "parent", name: "Delphine Rook", child: Some(("Ida", "Rook")), service: QUIET, what: "She does not leave her room.", state: ("waiting", 88), result: None },
    Asked { days: 201, asker: "parent", name: "Anselm Pike", child: Some(("Tib", "Pike")), service: QUIET, what: "He lost his grandmother and does not speak of it.", state: ("waiting", 190), result: None },
    Asked { days: 120, asker: "parent", name: "Marigold Fen", child: Some(("Lark", "Fen")), service: SLEEP, what: "She does not fall asleep before midnight.", state: ("ended", 70), result: Some(("yes", "She sleeps through most nights now.")) },
    Asked { days: 80, asker: "carer", name: "Ebbe Copse", child: Some(("Sorrel", "Copse")), service: BOXING, what: "A club on Saturdays.", state: ("ended", 40), result: Some(("partly", "It was fun, but it ended too soon.")) },
];

/// Writes them, in the caller's transaction.
pub(crate) async fn write(tx: &mut Tx, borough: &Borough, casework: &Casework) -> Result<()> {
    let today = borough.now.date();
    let by = Actor::system("demo");
    let (mut rows, mut running) = (Vec::new(), Vec::new());
    for (n, asked) in ASKED.iter().enumerate() {
        let on = today - Duration::days(asked.days);
        let at = morning(on).min(casework::time::from_local(borough.now));
        let row = enquiry(casework, today, n, asked);
        if row.result.is_none() {
            running.extend(clocks_of(casework, n, &row, on));
        }
        rows.push(told(&by, at, row));
    }
    let running: Vec<_> = running
        .into_iter()
        .map(|clock: Clock| told(&by, clock.started_at, clock))
        .collect();
    tx.insert_recorded(&rows).await?;
    tx.insert_recorded(&running).await?;
    Ok(())
}

fn enquiry(casework: &Casework, today: NaiveDate, n: usize, asked: &Asked) -> Enquiry {
    let form = match asked.asker {
        "professional" => "refer-to-service",
        _ => "ask-service",
    };
    let version = casework.pack().form(form, today);
    let on = today - Duration::days(asked.days);
    let since = today - Duration::days(asked.state.1);
    let state = asked.state.0;
    let begun = matches!(state, "started" | "ended");
    Enquiry {
        id: ids::named("enquiry", &n.to_string()),
        reference: format!("DEMO-{:04}", 2100 + n * 37),
        // Of no word: an invented family looks at nothing.
        word_hash: format!("invented {n}"),
        asker: asked.asker.to_owned(),
        form: form.to_owned(),
        form_version: version.map_or_else(String::new, |form| form.version.to_string()),
        answers: answers(asked),
        shares: "all".to_owned(),
        danger: false,
        contact_id: None,
        held: None,
        person_id: None,
        provider_email: None,
        service_id: None,
        service: asked.service.0.to_owned(),
        provider: asked.service.1.to_owned(),
        asked_on: on,
        state: state.to_owned(),
        state_on: since,
        declined_why: None,
        wait_words: (state == "waiting").then(|| "about 3 months".to_owned()),
        started_on: begun.then_some(since),
        ended_on: (state == "ended").then_some(since),
        result: asked.result.map(|(result, _)| result.to_owned()),
        result_on: asked.result.map(|_| since),
        result_by: asked.result.map(|_| "family".to_owned()),
        words: asked.result.map(|(_, words)| words.to_owned()),
        keep_until: asked.result.map(|_| since + Duration::days(365)),
        made_at: morning(on),
        version: 1,
    }
}

fn answers(asked: &Asked) -> Json {
    let mut answers = json!({
        "danger": "no",
        "caller_name": asked.name,
        "what": asked.what,
        "safe_contact": ["phone"],
        "caller_phone": "01632 960 145",
        "message": "no",
        "safe_when": "weekdays after 4pm",
        "shares": "all",
        "ask_later": "yes",
    });
    match asked.asker {
        "self" => {
            answers["asker"] = json!("self");
            answers["own_age"] = json!("15");
        }
        "professional" => {
            answers["caller_role"] = json!("Health visitor");
            answers["caller_organisation"] = json!("Larkmere health visiting");
            answers["caller_email"] = json!("hana.tolwether@larkmere.example");
            answers["family_phone"] = json!("01632 960 146");
            answers["agreed"] = json!("parent");
        }
        asker => answers["asker"] = json!(asker),
    }
    match asked.child {
        Some((given, family)) => {
            answers["for_whom"] = json!("children");
            answers["children"] = json!([{ "given": given, "family": family }]);
        }
        None if asked.asker != "self" => answers["for_whom"] = json!("adult"),
        None => {}
    }
    answers
}

fn clocks_of(casework: &Casework, n: usize, row: &Enquiry, on: NaiveDate) -> Vec<Clock> {
    let pack = casework.pack();
    let about = clocks::About {
        kind: KIND,
        id: row.id.to_string(),
        path: casework::enquiries::path(row.id),
        ..clocks::About::default()
    };
    let rules = pack.clocks_started_by("service.asked", on);
    let open = |id: &str| row.state == "asked" || id == "service-result";
    rules
        .filter(|rule| open(&rule.id))
        .map(|rule| {
            let id = ids::named("enquiry clock", &format!("{n} {}", rule.id));
            clocks::clock_of(id, pack, rule, morning(on), &about)
        })
        .collect()
}
