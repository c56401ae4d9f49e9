//! Invented allegations, complaints and serious incidents, so that the boards
//! of those who deal with them have life: just told, on their way, late,
//! settled.

use casework::matters::kinds::MatterKind::{self, Allegation, Complaint, Incident};
use casework::matters::replay::replay;
use casework::{Casework, Result, time};
use chrono::{DateTime, Duration, NaiveDate, Utc};
use record::model::*;
use record::{Actor, Recorded, Tx};
use serde_json::{Value as Json, json};

use super::{ids, people::morning};
use crate::Borough;

/// Posts that only this part of the service needs.
const POSTS: [(&str, &str, &str, &str); 2] = [
    (
        "lena.officer",
        "Lena Harbourne",
        "Designated officer for allegations",
        "designated_officer",
    ),
    (
        "cora.complaints",
        "Cora Winterfold",
        "Complaints manager",
        "complaints_manager",
    ),
];

/// What an invented matter is: days since it was known and since it was told,
/// its answers, and what was done: word, days ago, answers.
struct Told {
    kind: MatterKind,
    known: i64,
    told: i64,
    title: &'static str,
    child: Option<&'static str>,
    words: &'static str,
    answers: Json,
    done: Vec<(&'static str, i64, Json)>,
}

fn allegation(
    (known, told): (i64, i64),
    (name, post): (&'static str, &'static str),
    title: &'static str,
    words: &'static str,
    done: Vec<(&'static str, i64, Json)>,
) -> Told {
    Told {
        kind: Allegation,
        known,
        told,
        title,
        child: None,
        words,
        answers: json!({"about_name": name, "about_post": post, "kinds": ["risk"],
            "safe": "The person does not work with children until it is looked into."}),
        done,
    }
}

fn complaint(
    known: i64,
    (by, name): (&'static str, &'static str),
    title: &'static str,
    words: &'static str,
    done: Vec<(&'static str, i64, Json)>,
) -> Told {
    let about = title.split(": ").nth(1).unwrap_or_default();
    Told {
        kind: Complaint,
        known,
        told: known,
        title,
        child: None,
        words,
        answers: json!({"by": by, "by_name": name, "about": about, "advocate": "yes",
            "wants": "Somebody to say sorry, and to do it differently."}),
        done,
    }
}

fn incident(
    known: i64,
    child: &'static str,
    title: &'static str,
    words: &'static str,
    done: Vec<(&'static str, i64, Json)>,
) -> Told {
    Told {
        kind: Incident,
        known,
        told: known,
        title,
        child: Some(child),
        words,
        answers: json!({"what": "harmed", "happened": "At home",
            "safe": "Other children of the household stay with relatives."}),
        done,
    }
}

fn decision(what: &str) -> Json {
    json!({"decision": what, "words": "Police, social care and the employer look at it together."})
}

fn meeting() -> Json {
    json!({"came": "Police, the employer, social care", "suspended": "away",
        "words": "The police talk to those who were there; the employer keeps the person away from children."})
}

fn settled(outcome: &str) -> Json {
    json!({"outcome": outcome, "words": "Everybody who was there was heard.", "barring": "no",
        "told": "The person, the employer, the child and the parents."})
}

fn ended(outcome: &str) -> Json {
    json!({"outcome": outcome, "words": "The person is content with the answer.",
        "learnt": "Families are rung on the same day when a visit cannot be made."})
}

fn all() -> Vec<Told> {
    let answer =
        || json!({"finding": "partly", "words": "Two visits were missed; a new day was kept."});
    vec![
        allegation(
            (1, 0),
            ("Ansel Thackerby", "teaching assistant"),
            "Ansel Thackerby, teaching assistant",
            "A parent saw him hold a child by the arm in the corridor.",
            vec![],
        ),
        allegation(
            (24, 24),
            ("Perrin Oakhollow", "youth club helper"),
            "Perrin Oakhollow, youth club helper",
            "Messages to a girl of thirteen, late at night.",
            vec![
                ("decision", 23, decision("meeting")),
                ("meeting", 18, meeting()),
            ],
        ),
        allegation(
            (61, 57),
            ("Dorrit Velamy", "night carer in a home"),
            "Dorrit Velamy, night carer in a home",
            "Was asleep when a child needed her.",
            vec![("decision", 56, decision("employer"))],
        ),
        allegation(
            (150, 150),
            ("Hesper Lindqual", "sports coach"),
            "Hesper Lindqual, sports coach",
            "Shouted at children until they cried.",
            vec![
                ("decision", 149, decision("meeting")),
                ("meeting", 145, meeting()),
                ("end", 100, settled("unsubstantiated")),
            ],
        ),
        allegation(
            (210, 209),
            ("Orrin Fellgate", "school driver"),
            "Orrin Fellgate, school driver",
            "A child said that he took another way home.",
            vec![
                ("decision", 209, decision("employer")),
                ("end", 190, settled("unfounded")),
            ],
        ),
        complaint(
            6,
            ("child", "A young person in care"),
            "A young person in care: Nobody asked before the move",
            "I was told on the day. Nobody asked me.",
            vec![],
        ),
        complaint(
            24,
            ("parent", "Sorrel Wainfleet"),
            "Sorrel Wainfleet: Visits that did not happen",
            "Nobody came for a month, and nobody rang.",
            vec![("more-time", 12, json!({"words": "The worker is on leave."}))],
        ),
        complaint(
            75,
            ("parent", "Corwin Ashbeck"),
            "Corwin Ashbeck: What was written in the assessment",
            "It says things that I did not say.",
            vec![
                ("answer", 62, answer()),
                (
                    "stage-2",
                    40,
                    json!({"investigator": "Noor Fellbrook", "independent": "Hal Brookside",
                        "words": "What was said, and how it was checked."}),
                ),
            ],
        ),
        complaint(
            120,
            ("carer", "Isolde Marchmont"),
            "Isolde Marchmont: No answer to three letters",
            "I wrote three times.",
            vec![("answer", 108, answer()), ("end", 95, ended("upheld"))],
        ),
        incident(
            2,
            "Lio Penhallow",
            "Lio Penhallow: a child was seriously harmed",
            "A broken arm that nobody can explain.",
            vec![],
        ),
        incident(
            20,
            "Ember Stanwick",
            "Ember Stanwick: a child was seriously harmed",
            "Found alone and very cold.",
            vec![(
                "notified",
                15,
                json!({"told": ["panel", "ofsted", "partners"]}),
            )],
        ),
        incident(
            160,
            "Rune Castleby",
            "Rune Castleby: a child was seriously harmed",
            "Burns, taken to hospital late.",
            vec![
                ("notified", 156, json!({"told": ["panel", "ofsted"]})),
                (
                    "rapid-review",
                    138,
                    json!({"words": "Two services knew a part each.", "further": "no",
                        "why": "What there is to learn is clear."}),
                ),
                (
                    "end",
                    120,
                    json!({"outcome": "rapid", "words": "Who was told what is asked at every handover."}),
                ),
            ],
        ),
    ]
}

/// Writes them, in the caller's transaction.
pub(crate) async fn write(tx: &mut Tx, borough: &Borough, casework: &Casework) -> Result<()> {
    let leila: Worker = tx.get(ids::worker("leila.fostering")).await?;
    for (username, name, job_title, role) in POSTS {
        tx.insert(&Worker {
            id: ids::worker(username),
            username: username.to_owned(),
            name: name.to_owned(),
            job_title: job_title.to_owned(),
            role: role.to_owned(),
            team_id: None,
            email: Some(format!("{username}@larkmere.example")),
            version: 1,
            ..leila.clone()
        })
        .await?;
    }
    for (n, told) in all().into_iter().enumerate() {
        one(tx, borough, casework, n, told).await?;
    }
    Ok(())
}

async fn one(
    tx: &mut Tx,
    borough: &Borough,
    casework: &Casework,
    n: usize,
    told: Told,
) -> Result<()> {
    let now = time::from_local(borough.now);
    let today = borough.now.date();
    let day = |days: i64| -> NaiveDate { today - Duration::days(days) };
    let at = |days: i64| -> DateTime<Utc> { (morning(day(days)) + Duration::hours(1)).min(now) };
    let officer = match told.kind {
        Allegation => "lena.officer",
        Complaint => "cora.complaints",
        Incident => "okafor.director",
    };
    let (teller, officer) = (ids::worker("priya.manager"), ids::worker(officer));
    let (form, ..) = told.kind.telling();
    let version = |form: &str| {
        let found = casework.pack().form(form, today);
        found.map_or_else(String::new, |form| form.version.to_string())
    };
    let mut answers = told.answers;
    answers["on"] = json!(day(told.known).to_string());
    answers["words"] = json!(told.words);
    let mut row = Matter {
        id: ids::named("matter", &n.to_string()),
        kind: told.kind.word().to_owned(),
        state: String::new(),
        known_on: day(told.known),
        title: told.title.to_owned(),
        about_worker_id: None,
        person_id: None,
        child_name: told.child.map(str::to_owned),
        words: told.words.to_owned(),
        form: form.to_owned(),
        form_version: version(form),
        answers,
        officer_id: Some(officer),
        outcome: None,
        closed_on: None,
        told_by: teller,
        told_at: at(told.told),
        version: 1,
    };
    if let Some(child) = told.child {
        row.answers["child"] = json!(child);
    }
    let steps = told.done.into_iter().enumerate();
    let entries: Vec<MatterEntry> = steps
        .filter_map(|(i, (word, days, mut answers))| {
            let step = told.kind.step(word)?;
            answers["on"] = json!(day(days).to_string());
            Some(MatterEntry {
                id: ids::named("matter-entry", &format!("{n} {i}")),
                matter_id: row.id,
                kind: word.to_owned(),
                happened_on: day(days),
                form: step.form.to_owned(),
                form_version: version(step.form),
                answers,
                made_by: officer,
                made_at: at(days),
                version: 1,
            })
        })
        .collect();
    let mut clocks = replay(casework.pack(), told.kind, &mut row, &entries);
    for (i, clock) in clocks.iter_mut().enumerate() {
        clock.id = ids::named("matter-clock", &format!("{n} {i}"));
    }
    let (teller, officer) = (Actor::worker(teller, None), Actor::worker(officer, None));
    let told_at = row.told_at;
    tx.insert_recorded(&[Recorded::new(row, &teller, told_at)])
        .await?;
    let entries: Vec<_> = entries
        .into_iter()
        .map(|entry| {
            let at = entry.made_at;
            Recorded::new(entry, &officer, at)
        })
        .collect();
    tx.insert_recorded(&entries).await?;
    let clocks: Vec<_> = clocks
        .into_iter()
        .map(|clock| {
            let at = clock.started_at.min(now);
            Recorded::new(clock, &officer, at)
        })
        .collect();
    tx.insert_recorded(&clocks).await?;
    Ok(())
}
