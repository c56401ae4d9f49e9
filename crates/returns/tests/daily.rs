//! The daily push against a receiver that behaves as published: what it holds
//! after any days of changes is what a full submission would have given it;
//! it is tried again when busy; one bad record spoils no other.

use std::collections::BTreeMap;
use std::time::Duration;

use proptest::prelude::*;
use returns::daily::record::{Assessment, ChildDetails, CinPlan, Episode, Health, Sdq, Worker};
use returns::daily::{ChildRecord, Log, Outcome, Response, changes, check, hash, log, submit};
use serde_json::{Map, Value};

/// What the department has, and how it behaves next.
#[derive(Default)]
struct Receiver {
    children: BTreeMap<String, Value>,
    busy: Vec<u16>,
    refuses: Option<String>,
    most: usize,
    batches: Vec<usize>,
}

impl Receiver {
    fn post(&mut self, array: &Value) -> Response {
        let items = array.as_array().unwrap();
        self.batches.push(items.len());
        let answer = |status, body: &str| Response {
            status,
            body: body.to_owned(),
        };
        if let Some(status) = self.busy.pop() {
            return answer(status, "later");
        }
        if self.most > 0 && items.len() > self.most {
            return answer(413, "too large");
        }
        let bad = |item: &Value| item["la_child_id"].as_str() == self.refuses.as_deref();
        if let Some(at) = items.iter().position(bad) {
            return answer(400, &format!("[{at}] is not valid"));
        }
        for item in items {
            let id = item["la_child_id"].as_str().unwrap().to_owned();
            if item["purge"] == true {
                self.children.remove(&id);
            } else {
                let merged = merge(self.children.get(&id), item);
                self.children.insert(id, merged);
            }
        }
        let receipts: Vec<String> = (0..items.len())
            .map(|n| format!("2026-06-01_{n}"))
            .collect();
        answer(200, &serde_json::to_string(&receipts).unwrap())
    }
}

fn id_of(item: &Value) -> Option<&Value> {
    let fields = item.as_object()?;
    let found = fields
        .iter()
        .find(|(name, _)| name.ends_with("_id") && *name != "worker_id");
    found.map(|(_, id)| id)
}

/// A change laid over what is there: parts by their numbers, purged ones out.
fn merge(old: Option<&Value>, new: &Value) -> Value {
    match (old, new) {
        (Some(Value::Object(old)), Value::Object(new)) => {
            let mut out: Map<String, Value> = old.clone();
            for (name, value) in new {
                let gone = value.is_null() || (value["purge"] == true && value.is_object());
                if gone {
                    out.remove(name);
                } else {
                    out.insert(name.clone(), merge(old.get(name), value));
                }
            }
            Value::Object(out)
        }
        (Some(Value::Array(old)), Value::Array(new)) if new.iter().any(|i| id_of(i).is_some()) => {
            let mut out = old.clone();
            for item in new {
                let at = out.iter().position(|before| id_of(before) == id_of(item));
                match (at, item["purge"] == true) {
                    (Some(at), true) => drop(out.remove(at)),
                    (Some(at), false) => out[at] = merge(Some(&out[at].clone()), item),
                    (None, true) => {}
                    (None, false) => out.push(item.clone()),
                }
            }
            Value::Array(out)
        }
        (_, new) => new.clone(),
    }
}

/// Lists without order, empty ones as absent: how two holdings are compared.
fn compared(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let kept = fields
                .iter()
                .filter(|(_, v)| !v.as_array().is_some_and(Vec::is_empty));
            let mut pairs: Vec<_> = kept.map(|(k, v)| (k.clone(), compared(v))).collect();
            pairs.sort_by(|a, b| a.0.cmp(&b.0));
            Value::Object(pairs.into_iter().collect())
        }
        Value::Array(items) => {
            let mut items: Vec<Value> = items.iter().map(compared).collect();
            items.sort_by_key(Value::to_string);
            Value::Array(items)
        }
        other => other.clone(),
    }
}

fn child(id: &str) -> ChildRecord {
    ChildRecord {
        la_child_id: id.to_owned(),
        mis_child_id: Some(format!("M{id}")),
        child_details: Some(ChildDetails {
            date_of_birth: "2015-02-11".parse().ok(),
            sex: Some("F".to_owned()),
            ..ChildDetails::default()
        }),
        ..ChildRecord::default()
    }
}

fn episode(id: u8, plans: &[u8], workers: &[u8], factors: &[String]) -> Episode {
    Episode {
        social_care_episode_id: format!("E{id}"),
        referral_date: "2025-05-06".parse().ok(),
        child_in_need_plans: Some(
            plans
                .iter()
                .map(|n| CinPlan {
                    child_in_need_plan_id: format!("P{}", n / 2),
                    start_date: "2025-06-01".parse().ok(),
                    end_date: n
                        .is_multiple_of(2)
                        .then(|| "2025-09-01".parse().ok())
                        .flatten(),
                    purge: false,
                })
                .collect(),
        ),
        care_worker_details: Some(
            workers
                .iter()
                .map(|n| Worker {
                    worker_id: format!("SW{n}"),
                    ..Worker::default()
                })
                .collect(),
        ),
        child_and_family_assessments: (!factors.is_empty()).then(|| {
            vec![Assessment {
                child_and_family_assessment_id: "A1".to_owned(),
                factors: Some(factors.to_vec()),
                ..Assessment::default()
            }]
        }),
        ..Episode::default()
    }
}

fn push(cohort: &[ChildRecord], log: &mut Log, to: &mut Receiver) -> Outcome {
    let mut file = Vec::new();
    let keep = |entries: &[log::Entry]| log::append(entries, &mut file);
    let at = "2026-06-01T02:00:00Z";
    let outcome = submit(cohort, log, at, |b| to.post(b), keep, |_| {}).unwrap();
    for entry in &outcome.entries {
        log.apply(entry.clone());
    }
    // What was kept on the way is what came of it, each once.
    let lines = file.iter().filter(|b| **b == b'\n').count();
    assert_eq!(lines, outcome.entries.len());
    outcome
}

#[test]
fn the_first_push_is_full_and_the_second_sends_nothing() {
    let cohort: Vec<ChildRecord> = (0..250).map(|n| child(&format!("C{n:03}"))).collect();
    let (mut log, mut receiver) = (Log::default(), Receiver::default());
    let first = push(&cohort, &mut log, &mut receiver);
    assert_eq!(receiver.batches, [100, 100, 50]);
    assert_eq!(first.count("sent"), 250);
    assert!(
        first
            .entries
            .iter()
            .all(|e| e.kind == "full" && e.answer.starts_with("2026-06-01_"))
    );
    let second = push(&cohort, &mut log, &mut receiver);
    assert_eq!((second.unchanged, second.posts), (250, 0));
}

#[test]
fn a_change_sends_its_part_and_a_child_that_left_is_purged() {
    let mut one = child("C1");
    one.social_care_episodes = Some(vec![
        episode(1, &[2, 4], &[1], &[]),
        episode(2, &[], &[1], &[]),
    ]);
    let (mut log, mut receiver) = (Log::default(), Receiver::default());
    push(&[one.clone(), child("C2")], &mut log, &mut receiver);
    if let Some(episodes) = &mut one.social_care_episodes {
        episodes[0].child_in_need_plans.as_mut().unwrap().remove(0);
    }
    let change = changes(log.sent("C1"), Some(&one)).unwrap();
    let payload = change.payload().unwrap();
    let episodes = payload["social_care_episodes"].as_array().unwrap();
    assert_eq!(
        episodes.len(),
        1,
        "only the episode that changed: {payload}"
    );
    let plans = &episodes[0]["child_in_need_plans"];
    assert_eq!(plans.as_array().unwrap().len(), 1);
    assert_eq!(plans[0]["child_in_need_plan_id"], "P1");
    assert_eq!(plans[0]["purge"], true);
    assert!(payload["child_details"].is_object());
    let outcome = push(&[one], &mut log, &mut receiver);
    let kinds: Vec<&str> = outcome.entries.iter().map(|e| e.kind.as_str()).collect();
    assert_eq!(kinds, ["delta", "purge"]);
    assert_eq!(receiver.children.len(), 1);
}

#[test]
fn system_numbers_alone_change_nothing() {
    let one = child("C1");
    let mut moved = one.clone();
    moved.mis_child_id = Some("another-system-7".to_owned());
    assert_eq!(hash(&one).unwrap(), hash(&moved).unwrap());
    moved.child_details.as_mut().unwrap().ethnicity = Some("WBRI".to_owned());
    assert_ne!(hash(&one).unwrap(), hash(&moved).unwrap());
}

#[test]
fn a_busy_receiver_is_tried_three_times_with_growing_pauses() {
    let mut receiver = Receiver {
        busy: vec![429, 403],
        ..Receiver::default()
    };
    let mut pauses = Vec::new();
    let cohort = [child("C1")];
    let log = Log::default();
    let outcome = submit(
        &cohort,
        &log,
        "t",
        |b| receiver.post(b),
        |_| Ok(()),
        |p| pauses.push(p),
    )
    .unwrap();
    assert_eq!(outcome.count("sent"), 1);
    assert_eq!(pauses, [Duration::from_secs(5), Duration::from_secs(10)]);
    // Away for good: told, and sent again the next time.
    receiver.busy = vec![0, 503, 401, 429];
    let other = [child("C2")];
    let outcome = submit(&other, &log, "t", |b| receiver.post(b), |_| Ok(()), |_| {}).unwrap();
    assert_eq!((outcome.count("refused"), outcome.posts), (1, 3));
    // Nobody is called again and again for batches that nobody will take.
    receiver.busy = vec![0; 99];
    let many: Vec<ChildRecord> = (0..500).map(|n| child(&format!("M{n}"))).collect();
    let outcome = submit(&many, &log, "t", |b| receiver.post(b), |_| Ok(()), |_| {}).unwrap();
    assert_eq!((outcome.count("refused"), outcome.posts), (500, 3));
    let mut log = Log::default();
    log.apply(outcome.entries[0].clone());
    assert_eq!(log.sent("M0"), None);
}

#[test]
fn one_refused_record_spoils_no_other() {
    let cohort: Vec<ChildRecord> = (0..5).map(|n| child(&format!("C{n}"))).collect();
    let mut receiver = Receiver {
        refuses: Some("C3".to_owned()),
        ..Receiver::default()
    };
    let outcome = push(&cohort, &mut Log::default(), &mut receiver);
    assert_eq!((outcome.count("sent"), outcome.count("refused")), (4, 1));
    assert_eq!(receiver.children.len(), 4);
}

#[test]
fn a_batch_that_is_too_large_is_halved() {
    let cohort: Vec<ChildRecord> = (0..100).map(|n| child(&format!("C{n:03}"))).collect();
    let mut receiver = Receiver {
        most: 30,
        ..Receiver::default()
    };
    let outcome = push(&cohort, &mut Log::default(), &mut receiver);
    assert_eq!(outcome.count("sent"), 100);
    assert_eq!(receiver.batches, [100, 50, 25, 25, 50, 25, 25]);
}

#[test]
fn a_record_that_breaks_the_layout_is_kept_back_with_its_places() {
    let mut bad = child("C 1");
    bad.health_and_wellbeing = Some(Health {
        sdq_assessments: Some(vec![Sdq {
            date: "2025-05-06".parse().unwrap(),
            score: 41,
        }]),
        purge: false,
    });
    let details = bad.child_details.as_mut().unwrap();
    details.ethnicity = Some("WHITE".to_owned());
    details.expected_date_of_birth = details.date_of_birth;
    details.disabilities = Some(vec!["NONE".to_owned(), "LD".to_owned()]);
    let wrong = check(&bad);
    for says in ["la_child_id", "ethnicity", "not both", "NONE", "above 40"] {
        assert!(wrong.iter().any(|w| w.contains(says)), "{says}: {wrong:?}");
    }
    let mut receiver = Receiver::default();
    let outcome = push(&[bad, child("C2")], &mut Log::default(), &mut receiver);
    assert_eq!((outcome.count("kept back"), outcome.count("sent")), (1, 1));
}

#[test]
fn the_log_reads_back_and_stands_a_cut_last_line() {
    let mut receiver = Receiver::default();
    let mut kept = Log::default();
    let outcome = push(&[child("C1"), child("C2")], &mut kept, &mut receiver);
    let mut file = Vec::new();
    log::append(&outcome.entries, &mut file).unwrap();
    assert_eq!(Log::read(file.as_slice()).unwrap(), kept);
    let cut = &file[..file.len() - 20];
    assert_eq!(Log::read(cut).unwrap().children().count(), 1);
    let broken = [b"{\n", file.as_slice()].concat();
    assert!(
        Log::read(broken.as_slice())
            .unwrap_err()
            .to_string()
            .contains("line 1")
    );
}

fn any_episode() -> impl Strategy<Value = Episode> {
    let plans = prop::collection::btree_map(0u8..4, 0u8..2, 0..4);
    let workers = prop::collection::vec(0u8..3, 0..3);
    let factors = prop::collection::vec("[1-9][ABC]", 0..3);
    (0u8..3, plans, workers, factors).prop_map(|(id, plans, workers, factors)| {
        let plans: Vec<u8> = plans.into_iter().map(|(n, open)| n * 2 + open).collect();
        episode(id, &plans, &workers, &factors)
    })
}

fn any_day() -> impl Strategy<Value = Vec<ChildRecord>> {
    let one = prop::collection::vec(any_episode(), 0..3);
    let day = prop::collection::btree_map(0u8..4, (one, any::<bool>()), 0..4);
    day.prop_map(|children| {
        let children = children.into_iter().map(|(n, (mut episodes, known))| {
            episodes.dedup_by(|a, b| a.social_care_episode_id == b.social_care_episode_id);
            episodes.sort_by(|a, b| a.social_care_episode_id.cmp(&b.social_care_episode_id));
            episodes.dedup_by(|a, b| a.social_care_episode_id == b.social_care_episode_id);
            let mut record = child(&format!("C{n}"));
            record.child_details.as_mut().unwrap().surname = known.then(|| "Larch".to_owned());
            record.social_care_episodes = Some(episodes);
            record
        });
        children.collect()
    })
}

proptest! {
    /// Any days of changes: the receiver holds what one full push would give,
    /// as far as content goes (the systems' own numbers may be older).
    #[test]
    fn replayed_changes_equal_a_full_push(days in prop::collection::vec(any_day(), 1..6)) {
        let (mut log, mut receiver) = (Log::default(), Receiver::default());
        for day in &days {
            push(day, &mut log, &mut receiver);
            let mut fresh = Receiver::default();
            push(day, &mut Log::default(), &mut fresh);
            prop_assert_eq!(receiver.children.len(), fresh.children.len());
            for (id, full) in &fresh.children {
                let held = receiver.children.get(id).unwrap();
                let held: ChildRecord = serde_json::from_value(held.clone()).unwrap();
                let full: ChildRecord = serde_json::from_value(full.clone()).unwrap();
                let plain = |r: &ChildRecord| compared(&serde_json::to_value(r).unwrap()).to_string();
                prop_assert!(
                    plain(&held) == plain(&full) || hash(&held).unwrap() == hash(&full).unwrap(),
                    "{} against {}", plain(&held), plain(&full)
                );
            }
        }
    }
}
