//! Notes and visits: copies for brothers and sisters, kept apart where they
//! must be, corrected without losing what stood there.

use casework::model::Note;
use casework::notes::{Correction, NewNote, NewVisit};
use casework::testing::small_family::{Home, homes};
use casework::{Asked, Error};
use chrono::{Days, TimeDelta, Utc};
use packs::Answers;
use vocabulary::{Id, ids};

fn note(home: &Home, words: &str) -> NewNote {
    NewNote {
        person: home.maya,
        words: words.into(),
        only_here: String::new(),
        happened_at: None,
        sensitive: false,
        all_children: false,
        also: Vec::new(),
        once: Id::<ids::Note>::new().to_string(),
    }
}

/// UX05: one tick, and each child's record stands alone.
#[tokio::test]
async fn ux05_one_tick_writes_one_row_in_each_childs_record() {
    for home in homes().await {
        let jo = home.jo().await;
        let new = NewNote {
            only_here: "Maya asked for a lock on her door.".into(),
            all_children: true,
            ..note(&home, "Breakfast together.")
        };
        let saved = home.casework().save_note(&jo, &new).await.unwrap();
        assert_eq!(saved.children, ["Maya", "Idris", "Sami"]);
        let rows = home.notes().await;
        assert_eq!(rows.len(), 3);
        assert!(rows.iter().all(|r| r.group_id == rows[0].group_id));
        for row in &rows {
            let alone = (row.person_id == home.maya).then(|| new.only_here.clone());
            assert_eq!(row.only_here, alone, "the part for Maya stays with Maya");
            assert_eq!(row.words, "Breakfast together.");
        }
        let idris = rows.iter().find(|r| r.person_id == home.idris).unwrap();
        let seen = home.casework().note(&jo, idris.id).await.unwrap();
        assert_eq!(seen.copies.len(), 2);
        assert!(seen.note.only_here.is_none());
    }
}

/// T2, S4: a brother whose record is restricted is not offered, gets nothing,
/// and nothing tells that he exists, even to a forged tick.
#[tokio::test]
async fn a_restricted_sibling_gets_nothing_and_is_not_revealed() {
    for home in homes().await {
        home.restrict(home.idris).await;
        let jo = home.jo().await;
        let maya = home.see(&jo, home.maya).await;
        let circle = home.casework().circle(&jo, &maya, "test").await.unwrap();
        let offered: Vec<_> = circle.children().map(|c| c.first_name.as_str()).collect();
        assert_eq!(offered, ["Sami"]);
        assert!(circle.member(home.idris).is_none());
        assert!(circle.named_but_not("Idris was out.", &[]).is_empty());
        let new = NewNote {
            all_children: true,
            also: vec![home.idris],
            ..note(&home, "Tea at home.")
        };
        let saved = home.casework().save_note(&jo, &new).await.unwrap();
        assert_eq!(saved.children, ["Maya", "Sami"]);
        assert!(home.notes().await.iter().all(|r| r.person_id != home.idris));
        let seen = home.casework().note(&jo, saved.note).await.unwrap();
        assert_eq!(seen.copies.len(), 1);
    }
}

/// A copy made before the restriction does not show through the other copies.
#[tokio::test]
async fn a_copy_in_a_record_restricted_later_is_not_shown() {
    for home in homes().await {
        let jo = home.jo().await;
        let new = NewNote {
            all_children: true,
            ..note(&home, "All at home.")
        };
        let saved = home.casework().save_note(&jo, &new).await.unwrap();
        home.restrict(home.idris).await;
        let seen = home.casework().note(&jo, saved.note).await.unwrap();
        assert_eq!(seen.copies.len(), 1);
        assert_eq!(seen.copies[0].name, "Sami");
        let rows = home.notes().await;
        let his = rows.iter().find(|r| r.person_id == home.idris).unwrap();
        let denied = home.casework().note(&jo, his.id).await;
        assert!(matches!(denied, Err(Error::NotFound)));
        let correction = correction(&seen.note, "All at home but one.");
        let both = Correction {
            copies_too: true,
            ..correction
        };
        home.casework().correct_note(&jo, &both).await.unwrap();
        let rows = home.notes().await;
        let his = rows.iter().find(|r| r.person_id == home.idris).unwrap();
        assert_eq!(his.words, "All at home.");
    }
}

fn correction(row: &Note, words: &str) -> Correction {
    Correction {
        note: row.id,
        version: row.version,
        words: words.into(),
        only_here: String::new(),
        happened_at: None,
        reason: "The day was wrong.".into(),
        copies_too: false,
        once: Id::<ids::Note>::new().to_string(),
    }
}

/// UX26: the original is kept, the reason stands beside it, the copies change
/// only when asked.
#[tokio::test]
async fn ux26_a_correction_keeps_the_original_and_its_reason() {
    for home in homes().await {
        let jo = home.jo().await;
        let new = NewNote {
            also: vec![home.idris],
            ..note(&home, "Seen on Monday.")
        };
        let saved = home.casework().save_note(&jo, &new).await.unwrap();
        let seen = home.casework().note(&jo, saved.note).await.unwrap();
        assert!(seen.earlier.is_empty());
        let right = correction(&seen.note, "Seen on Tuesday.");
        home.casework().correct_note(&jo, &right).await.unwrap();
        let after = home.casework().note(&jo, saved.note).await.unwrap();
        assert_eq!(after.note.words, "Seen on Tuesday.");
        assert_eq!(after.earlier.len(), 1);
        assert_eq!(after.earlier[0].words, "Seen on Monday.");
        assert_eq!(after.earlier[0].why, "The day was wrong.");
        assert_eq!(after.earlier[0].changed_by, "Jo Larch");
        let copy = home.note_of(home.idris).await;
        assert_eq!(copy.words, "Seen on Monday.", "not ticked, not changed");
        // Someone who read the old text must not overwrite the new.
        let stale = correction(&seen.note, "Seen on Friday.");
        let refused = home.casework().correct_note(&jo, &stale).await;
        assert!(matches!(refused, Err(Error::Stale)));
        let nothing = Correction {
            reason: "  ".into(),
            ..correction(&after.note, "Seen on Friday.")
        };
        let refused = home.casework().correct_note(&jo, &nothing).await;
        assert!(matches!(refused, Err(Error::Findings(f)) if f[0].field == "reason"));
    }
}

#[tokio::test]
async fn copies_that_say_the_same_are_corrected_together_when_ticked() {
    for home in homes().await {
        let jo = home.jo().await;
        let new = NewNote {
            only_here: "Maya only.".into(),
            all_children: true,
            ..note(&home, "Seen on Monday.")
        };
        let saved = home.casework().save_note(&jo, &new).await.unwrap();
        let seen = home.casework().note(&jo, saved.note).await.unwrap();
        let right = Correction {
            only_here: "Maya only, put right.".into(),
            copies_too: true,
            ..correction(&seen.note, "Seen on Tuesday.")
        };
        home.casework().correct_note(&jo, &right).await.unwrap();
        for row in home.notes().await {
            assert_eq!(row.words, "Seen on Tuesday.");
            assert!(row.corrected_at.is_some());
            assert_eq!(row.only_here.is_some(), row.person_id == home.maya);
        }
    }
}

/// Recording contract 8: a double press makes one record.
#[tokio::test]
async fn the_same_form_twice_is_one_note() {
    for home in homes().await {
        let jo = home.jo().await;
        let new = note(&home, "Once.");
        home.casework().save_note(&jo, &new).await.unwrap();
        let again = home.casework().save_note(&jo, &new).await;
        assert!(matches!(again, Err(Error::Already(to)) if to.ends_with("/story")));
        assert_eq!(home.notes().await.len(), 1);
    }
}

/// T9: what is written down late shows both times; the future is refused.
#[tokio::test]
async fn a_late_entry_shows_both_times_and_the_future_is_refused() {
    for home in homes().await {
        let jo = home.jo().await;
        let three_days_ago = casework::time::now_local() - TimeDelta::days(3);
        let new = NewNote {
            happened_at: Some(three_days_ago),
            ..note(&home, "Late.")
        };
        let saved = home.casework().save_note(&jo, &new).await.unwrap();
        let seen = home.casework().note(&jo, saved.note).await.unwrap();
        assert!(seen.late);
        assert!(seen.note.recorded_at - seen.note.happened_at > TimeDelta::days(2));
        let ahead = NewNote {
            happened_at: casework::time::now_local().checked_add_days(Days::new(2)),
            ..note(&home, "Early.")
        };
        let refused = home.casework().save_note(&jo, &ahead).await;
        assert!(matches!(refused, Err(Error::Findings(f)) if f[0].field == "happened_at"));
        assert_eq!(home.notes().await.len(), 1);
    }
}

/// A sensitive note is absent for a colleague of the team, and cannot be
/// copied where its writer could not read it.
#[tokio::test]
async fn a_sensitive_note_is_kept_from_those_without_that_section() {
    for home in homes().await {
        let (jo, amina) = (home.jo().await, home.council.viewer("amina.asye").await);
        let secret = NewNote {
            sensitive: true,
            ..note(&home, "About the grandfather.")
        };
        let saved = home.casework().save_note(&jo, &secret).await.unwrap();
        home.casework().note(&jo, saved.note).await.unwrap();
        home.see(&amina, home.maya).await;
        let denied = home.casework().note(&amina, saved.note).await;
        assert!(matches!(denied, Err(Error::NotFound)));
        let by_amina = home
            .casework()
            .save_note(&amina, &note(&home, "Hello."))
            .await;
        assert!(by_amina.is_ok(), "her team holds the child");
        let secret = NewNote {
            once: "another".into(),
            ..secret
        };
        let refused = home.casework().save_note(&amina, &secret).await;
        assert!(matches!(refused, Err(Error::Findings(f)) if f[0].field == "sensitive"));
        // Idris is reached through the family only.
        let copied = NewNote {
            once: "a third".into(),
            all_children: true,
            ..secret
        };
        let refused = home.casework().save_note(&jo, &copied).await;
        assert!(matches!(refused, Err(Error::Findings(_))));
    }
}

#[tokio::test]
async fn whoever_may_not_write_there_is_told_nothing() {
    for home in homes().await {
        let tom = home.council.viewer("tom.socialworker").await;
        let denied = home.casework().save_note(&tom, &note(&home, "No.")).await;
        assert!(matches!(denied, Err(Error::NotFound)));
        let director = home.council.viewer("okafor.director").await;
        let refused = home
            .casework()
            .save_note(&director, &note(&home, "No."))
            .await;
        assert!(matches!(refused, Err(Error::Refused(_))));
        assert!(home.notes().await.is_empty());
    }
}

/// Recording contract 10: asks when a child is named who is not ticked.
#[tokio::test]
async fn a_named_child_who_is_not_ticked_is_asked_about() {
    for home in homes().await {
        let jo = home.jo().await;
        let maya = home.see(&jo, home.maya).await;
        let circle = home.casework().circle(&jo, &maya, "test").await.unwrap();
        let named = |words: &str, ticked: &[Id<ids::Person>]| -> Vec<String> {
            let named = circle.named_but_not(words, ticked);
            named.iter().map(|m| m.first_name.clone()).collect()
        };
        assert_eq!(
            named("Idris’s bike was outside. SAMI slept.", &[]),
            ["Idris", "Sami"]
        );
        assert_eq!(named("Idris's bike", &[home.idris]), Vec::<String>::new());
        assert_eq!(named("Samira called.", &[]), Vec::<String>::new());
    }
}

/// R003-13: the purpose comes from the plan's goals, and each visited child
/// gets their own answers.
#[tokio::test]
async fn r003_13_a_visit_is_linked_to_a_goal_and_each_child_is_seen_apart() {
    for home in homes().await {
        let jo = home.jo().await;
        let goal = home.plan_with_goal("Maya is in school every day.").await;
        let (_, visit) = home.casework().visit_form(&jo, home.maya).await.unwrap();
        let purpose = visit.form.field("purpose").unwrap();
        let first = &purpose.kind.options().unwrap().choices[0];
        assert_eq!(first.label, "Maya is in school every day.");
        let mut answers = Answers::new();
        answers.set("purpose", format!("goal:{goal}"));
        answers.set("seen", "yes");
        answers.set("alone", "yes");
        answers.set("where", "home");
        answers.set_list("also", [home.idris.to_string()]);
        answers.set(format!("seen_{}", home.idris), "yes");
        let mut new = NewVisit {
            person: home.maya,
            answers,
            warned: false,
            once: "visit".into(),
        };
        // Nothing from the child asks for a reason once; the brother needs an answer.
        let asked = home.casework().save_visit(&jo, &new).await;
        let Err(Error::Findings(found)) = asked else {
            panic!("the form asks");
        };
        let fields: Vec<&str> = found.iter().map(|f| f.field.as_str()).collect();
        assert_eq!(
            fields,
            ["childs_words".to_owned(), format!("alone_{}", home.idris)]
        );
        new.answers
            .set(format!("alone_{}", home.idris), "chose_not");
        new.answers.set("childs_words", "  “I like maths.”\n");
        home.casework().save_visit(&jo, &new).await.unwrap();
        let maya = home.note_of(home.maya).await;
        assert_eq!((maya.seen, maya.seen_alone), (Some(true), Some(true)));
        assert_eq!(maya.goal_id, Some(goal));
        let idris = home.note_of(home.idris).await;
        assert_eq!((idris.seen, idris.seen_alone), (Some(true), Some(false)));
        assert!(idris.visit.unwrap()["childs_words"].is_null());
        assert_eq!(home.notes().await.len(), 2);
        let header = home.header(&jo, home.maya).await;
        assert!(
            header.last_seen.contains("alone, by Jo Larch"),
            "{}",
            header.last_seen
        );
    }
}

/// A visit starts the clock of the next; an older one written down later does
/// not move it.
#[tokio::test]
async fn a_visit_runs_the_clocks_of_a_child_in_need() {
    for home in homes().await {
        let jo = home.jo().await;
        home.plan_with_goal("Warm and fed.").await;
        let visit = |days: i64, once: &str| {
            let mut answers = Answers::new();
            answers.set("purpose", "assessment");
            answers.set("seen", "yes");
            answers.set("alone", "no");
            answers.set("where", "school");
            let at = casework::time::now_local() - TimeDelta::days(days);
            answers.set("happened_at", at.format("%Y-%m-%dT%H:%M").to_string());
            NewVisit {
                person: home.maya,
                answers,
                warned: true,
                once: once.into(),
            }
        };
        home.casework()
            .save_visit(&jo, &visit(2, "a"))
            .await
            .unwrap();
        let running = home.running_clocks().await;
        assert_eq!(
            running.len(),
            1,
            "the write-up is done, the next visit runs"
        );
        assert_eq!(running[0].rule, "child-in-need-visit");
        let due = running[0].due_at - Utc::now();
        assert!(
            due > TimeDelta::days(24) && due < TimeDelta::days(28),
            "{due}"
        );
        home.casework()
            .save_visit(&jo, &visit(9, "b"))
            .await
            .unwrap();
        assert_eq!(home.running_clocks().await[0].id, running[0].id);
        home.casework()
            .save_visit(&jo, &visit(0, "c"))
            .await
            .unwrap();
        let now = home.running_clocks().await;
        assert_eq!(now.len(), 1);
        assert_ne!(now[0].id, running[0].id);
    }
}

#[tokio::test]
async fn a_look_is_recorded_for_everyone_whose_name_the_form_shows() {
    for home in homes().await {
        let jo = home.jo().await;
        let maya = home.see(&jo, home.maya).await;
        home.casework()
            .circle(&jo, &maya, "notes/new")
            .await
            .unwrap();
        let idris = home
            .casework()
            .gate()
            .person(&jo, home.idris, Asked::to_read("test"))
            .await
            .unwrap()
            .unwrap();
        let looks = home.casework().gate().looks_at(&idris, 20).await.unwrap();
        assert!(
            looks
                .iter()
                .any(|l| l.action == "listed" && l.object_id == "notes/new")
        );
    }
}
