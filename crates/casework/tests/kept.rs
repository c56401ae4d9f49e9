//! What is kept about people with its history: ties that end or were a mistake,
//! couples on the genogram, names, ways to reach someone, languages, and the
//! page that a child writes about itself.

mod at_work;

use at_work::{Home, answers, home, once, row};
use casework::model::{Involvement, Person, Relationship};
use casework::people::Kept;
use casework::testing::{TestCouncil, councils, id_of, team_of};
use casework::{Asked, Error, Guarded, Viewer, time};
use chrono::{Days, Utc};
use record::Actor;
use vocabulary::{Id, ids};

async fn see(council: &TestCouncil, viewer: &Viewer, id: Id<ids::Person>) -> Guarded<Person> {
    council
        .casework
        .gate()
        .person(viewer, id, Asked::to_read("test"))
        .await
        .unwrap()
        .expect("the viewer may see them")
}

/// Records a tie of Maya's mother: `other` is the `kind` of the mother.
async fn tie(council: &TestCouncil, home: &Home, other: Id<ids::Person>, pairs: &[(&str, &str)]) {
    let other = other.to_string();
    let mut all = vec![("other", other.as_str())];
    all.extend(pairs);
    let said = answers(&council.casework, "relationship", &all);
    council
        .casework
        .save_relationship(&home.jo, home.mother, &said, &once())
        .await
        .unwrap();
}

async fn father(council: &TestCouncil, home: &Home) -> Id<ids::Person> {
    let mut tx = council
        .casework
        .store()
        .begin(&Actor::system("test"))
        .await
        .unwrap();
    let new = casework::people::NewPerson {
        kind: casework::model::PersonKind::Adult,
        given: "Omar".into(),
        family_name: "Haddad".into(),
        sex: Some("M".into()),
        ..casework::people::NewPerson::default()
    };
    let person = council
        .casework
        .add_person(&mut tx, &new, Some(home.family), false)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    person.id
}

async fn ties(council: &TestCouncil, home: &Home) -> Vec<Kept> {
    let mother = see(council, &home.jo, home.mother).await;
    council.casework.ties_of(&home.jo, &mother).await.unwrap()
}

async fn change(
    council: &TestCouncil,
    home: &Home,
    tie: &str,
    pairs: &[(&str, &str)],
) -> Result<(), Error> {
    let said = answers(&council.casework, "relationship-change", pairs);
    council
        .casework
        .change_tie(&home.jo, home.mother, tie.parse().unwrap(), &said, &once())
        .await
}

/// R003-10: a marriage and its end stand with their days, the genogram and the
/// family's page say the same, and nothing before is lost.
#[tokio::test]
async fn r003_10_a_couple_changes_and_the_genogram_with_it() {
    for council in councils().await {
        let home = home(&council).await;
        let omar = father(&council, &home).await;
        tie(
            &council,
            &home,
            omar,
            &[
                ("kind", "spouse"),
                ("standing", "married"),
                ("from", "2010-05-02"),
            ],
        )
        .await;
        let page = async || council.casework.family_page(&home.jo, home.family).await;
        let before = page().await.unwrap();
        let words = |page: &casework::family::FamilyPage| -> Vec<String> {
            let of = page.people.iter().find(|m| m.id == home.mother).unwrap();
            of.ties.clone()
        };
        assert!(
            words(&before)[0].starts_with("Married to Omar since 2 May 2010"),
            "{:?}",
            words(&before)
        );
        let one = ties(&council, &home).await;
        let future = (time::today() + Days::new(3)).to_string();
        let said = [
            ("what", "standing"),
            ("standing", "divorced"),
            ("on", &future),
        ];
        let refused = change(&council, &home, &one[0].id, &said).await;
        assert!(matches!(refused, Err(Error::Findings(f)) if f[0].field == "on"));
        let said = [
            ("what", "standing"),
            ("standing", "divorced"),
            ("on", "2024-03-01"),
        ];
        change(&council, &home, &one[0].id, &said).await.unwrap();
        let after = page().await.unwrap();
        let told = words(&after).remove(0);
        assert_eq!(
            told,
            "Divorced from Omar since 1 March 2024; married 2 May 2010 to 1 March 2024"
        );
        let omar_row = after.people.iter().find(|m| m.id == omar).unwrap();
        assert!(
            omar_row.ties[0].starts_with("Divorced from Layla"),
            "said of both"
        );
        let drawn = after.genogram.rows.iter();
        assert!(
            drawn
                .clone()
                .any(|r| format!("{} {}", r.relation, r.notes).contains("Divorced from")),
            "{:?}",
            after.genogram.rows
        );
        let kept = ties(&council, &home).await;
        assert_eq!(kept.len(), 2, "the marriage stays in the list");
        assert!(kept[0].current && !kept[1].current);
        // As it was known before the change, the record says married.
        let known = council
            .casework
            .as_known(&home.jo, home.mother, time::today())
            .await
            .unwrap();
        assert!(
            known.relationships.iter().any(|r| r.contains("divorced")),
            "{:?}",
            known.relationships
        );
    }
}

/// A tie ends with its day and reason; one that was never so leaves every page
/// and stays in the list with the reason; the form asks only what can be.
#[tokio::test]
async fn a_tie_ends_or_was_never_so_and_the_trail_stays() {
    for council in councils().await {
        let home = home(&council).await;
        let casework = &council.casework;
        tie(&council, &home, home.maya, &[("kind", "child")]).await;
        tie(&council, &home, home.idris, &[("kind", "cousin")]).await;
        let kept = ties(&council, &home).await;
        let cousin = kept
            .iter()
            .find(|k| k.title.contains("Cousin"))
            .unwrap()
            .id
            .clone();
        let found = casework
            .tie_to_change(&home.jo, home.mother, cousin.parse().unwrap())
            .await
            .unwrap();
        let offered = found.form.field("what").unwrap().kind.options().unwrap();
        assert!(
            !offered.choices.iter().any(|c| c.value == "standing"),
            "cousins are no couple"
        );
        let silent = change(&council, &home, &cousin, &[("what", "never")]).await;
        assert!(matches!(silent, Err(Error::Findings(f)) if f[0].field == "reason"));
        let said = [
            ("what", "never"),
            ("reason", "Layla is his mother, not a cousin."),
        ];
        change(&council, &home, &cousin, &said).await.unwrap();
        let kept = ties(&council, &home).await;
        let gone = kept.iter().find(|k| k.id == cousin).unwrap();
        assert!(!gone.current);
        assert!(
            gone.lines
                .iter()
                .any(|l| l.contains("never so: Layla is his mother")),
            "{gone:?}"
        );
        let mother = see(&council, &home.jo, home.mother).await;
        let related = casework.related(&home.jo, &mother).await.unwrap();
        assert!(!related.iter().any(|r| r.relation.contains("Cousin")));
        let again = change(&council, &home, &cousin, &said).await;
        assert!(
            matches!(again, Err(Error::Refused(_))),
            "it has ended already"
        );
        let child = kept.iter().find(|k| k.title.contains("Child")).unwrap();
        let said = [
            ("what", "ended"),
            ("on", "2025-01-05"),
            ("reason", "Adopted by her aunt."),
        ];
        change(&council, &home, &child.id, &said).await.unwrap();
        let ended: Relationship = row(&council, &child.id).await;
        assert_eq!(ended.end_reason.as_deref(), Some("Adopted by her aunt."));
        // Nobody of another team learns of any of it.
        let tie = child.id.parse().unwrap();
        let stranger = casework.tie_to_change(&home.tom, home.mother, tie).await;
        assert!(matches!(stranger, Err(Error::NotFound)));
    }
}

/// Another name finds the person; a mistake finds nobody any more.
#[tokio::test]
async fn r001_24_a_name_finds_the_person_until_it_was_a_mistake() {
    for council in councils().await {
        let home = home(&council).await;
        let casework = &council.casework;
        let said = [
            ("kind", "alias"),
            ("given", "Zephyrine"),
            ("family", "Oakapple"),
        ];
        let said = answers(casework, "other-name", &said);
        casework
            .add_name(&home.jo, home.maya, &said, "n1")
            .await
            .unwrap();
        let again = casework.add_name(&home.jo, home.maya, &said, "n1").await;
        assert!(
            matches!(again, Err(Error::Already(_))),
            "a double click is one name"
        );
        let wanted = casework::find::Wanted {
            text: "zephyrine oakapple".into(),
            ..casework::find::Wanted::default()
        };
        let found = casework.find(&home.jo, &wanted, "test").await.unwrap();
        assert_eq!(found[0].person, home.maya);
        let maya = see(&council, &home.jo, home.maya).await;
        let kept = casework.other_names(&maya).await.unwrap();
        let never = answers(
            casework,
            "name-end",
            &[("what", "never"), ("reason", "A cousin’s name.")],
        );
        let name = kept[0].id.parse().unwrap();
        casework
            .end_name(&home.jo, home.maya, name, &never, &once())
            .await
            .unwrap();
        let found = casework.find(&home.jo, &wanted, "test").await.unwrap();
        assert!(!found.iter().any(|m| m.person == home.maya));
        let kept = casework.other_names(&maya).await.unwrap();
        assert!(!kept[0].current && kept[0].lines.iter().any(|l| l.contains("A cousin’s name.")));
    }
}

/// R002-10: how someone may be reached is a choice each, and what is not safe
/// can be seen and not called.
#[tokio::test]
async fn r002_10_a_number_says_if_it_is_safe_and_when() {
    for council in councils().await {
        let home = home(&council).await;
        let casework = &council.casework;
        let said = answers(
            casework,
            "reach",
            &[
                ("kind", "phone"),
                ("phone", "07700 900123"),
                ("safe", "yes"),
                ("messages", "text"),
                ("best_time", "school_hours"),
            ],
        );
        casework
            .save_reach(&home.jo, home.mother, None, &said, &once())
            .await
            .unwrap();
        let mother = see(&council, &home.jo, home.mother).await;
        let kept = casework.reach_kept(&mother).await.unwrap();
        assert_eq!(kept[0].link.as_ref().unwrap().0, "tel:07700900123");
        assert!(
            kept[0]
                .lines
                .iter()
                .any(|l| l == "Messages: only a text message"),
            "{kept:?}"
        );
        let page = casework.overview(&home.jo, home.mother).await.unwrap();
        let note = page.reach[0].note.clone().unwrap();
        assert_eq!(
            note,
            "while the children are at school; only a text message"
        );
        let part = kept[0].id.parse().unwrap();
        let (_, now) = casework
            .reach_to_change(&home.jo, home.mother, part)
            .await
            .unwrap();
        assert_eq!(now.text("phone"), "07700 900123");
        let danger = answers(casework, "reach-end", &[("what", "unsafe")]);
        casework
            .end_reach(&home.jo, home.mother, part, &danger, &once())
            .await
            .unwrap();
        let kept = casework.reach_kept(&mother).await.unwrap();
        assert_eq!(kept[0].alert.as_deref(), Some("Not safe to use"));
        assert!(kept[0].link.is_none(), "nobody calls it by mistake");
        let page = casework.overview(&home.jo, home.mother).await.unwrap();
        assert!(!page.reach[0].safe);
    }
}

/// R000-05: languages are recorded once; the need stands on the header, and
/// what was before stays in the list.
#[tokio::test]
async fn r000_05_an_interpreter_is_recorded_once_and_carried() {
    for council in councils().await {
        let home = home(&council).await;
        let casework = &council.casework;
        let mother = see(&council, &home.jo, home.mother).await;
        let start = casework.languages_to_change(&mother).await.unwrap();
        assert_eq!(
            (start.text("first"), start.text("interpreter")),
            ("arabic", "needed")
        );
        for (n, need) in ["sign", "no"].into_iter().enumerate() {
            let said = [
                ("first", "arabic"),
                ("interpreter", need),
                ("reads", "aloud"),
            ];
            let said = answers(casework, "languages", &said);
            casework
                .save_languages(&home.jo, home.mother, &said, &format!("l{n}"))
                .await
                .unwrap();
        }
        let mother = see(&council, &home.jo, home.mother).await;
        assert!(!mother.interpreter);
        let header = casework.header(&mother).await.unwrap();
        assert!(header.needs.is_empty());
        let kept = casework.languages_kept(&mother).await.unwrap();
        assert_eq!(kept.len(), 2);
        assert!(kept[0].current && kept[0].alert.is_none());
        assert_eq!(kept[1].alert.as_deref(), Some("Interpreter needed"));
    }
}

/// R002-14: a child's page is never edited: the next one takes its place; after
/// six months it asks to be looked at.
#[tokio::test]
async fn r002_14_a_childs_page_is_kept_in_its_words() {
    for council in councils().await {
        let home = home(&council).await;
        let casework = &council.casework;
        let maya = see(&council, &home.jo, home.maya).await;
        let empty = answers(casework, "profile", &[("who", "child")]);
        let refused = casework
            .save_profile(&home.jo, home.maya, &empty, &once())
            .await;
        assert!(matches!(refused, Err(Error::Findings(f)) if f[0].field == "like"));
        for words in ["i like maths an goats", "goats mostly"] {
            let said = [("like", words), ("support", "dont shout"), ("who", "child")];
            let said = answers(casework, "profile", &said);
            casework
                .save_profile(&home.jo, home.maya, &said, &once())
                .await
                .unwrap();
        }
        let pages = casework.profiles(&maya, 20).await.unwrap();
        assert_eq!(pages.len(), 2);
        assert_eq!(pages[0].parts[0].1, "goats mostly");
        assert_eq!(
            pages[1].parts[0].1, "i like maths an goats",
            "as it was said"
        );
        assert!(
            pages[0]
                .by
                .starts_with("In Maya’s own words. Written down by Jo Larch")
        );
        assert!(pages[0].stale.is_none());
        let start = casework.profile_to_write(&maya).await.unwrap();
        assert_eq!(
            (start.text("like"), start.text("who")),
            ("goats mostly", "")
        );
        let mut tx = casework
            .store()
            .begin(&Actor::system("test"))
            .await
            .unwrap();
        let old = Utc::now() - chrono::Duration::days(250);
        tx.run("update profile set written_at = $1", record::args![old])
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let page = casework.overview(&home.jo, home.maya).await.unwrap();
        assert!(page.profile.unwrap().stale.unwrap().contains("Ask Maya"));
    }
}

/// R000-22: the header says how many workers a child has had.
#[tokio::test]
async fn r000_22_the_header_counts_a_childs_workers() {
    for council in councils().await {
        let home = home(&council).await;
        let casework = &council.casework;
        let maya = see(&council, &home.jo, home.maya).await;
        let header = casework.header(&maya).await.unwrap();
        assert_eq!(header.workers, "Maya has had 1 worker since January 2026");
        let mut tx = casework
            .store()
            .begin(&Actor::system("test"))
            .await
            .unwrap();
        let start = chrono::NaiveDate::from_ymd_opt(2024, 3, 4).unwrap();
        for (name, days) in [("Ana Reed", 0), ("Ana Reed", 200), ("Bo Finch", 300)] {
            tx.insert(&Involvement {
                id: Id::new(),
                person_id: home.maya,
                worker_id: (name == "Bo Finch").then(|| id_of("amina.asye")),
                team_id: Some(team_of("North")),
                role: "allocated".into(),
                name: name.into(),
                job_title: "Social worker".into(),
                agency: "social_care".into(),
                phone: None,
                email: None,
                lead: false,
                sensitive: false,
                started_on: start + Days::new(days),
                ended_on: Some(start + Days::new(days + 90)),
                change_reason: None,
                version: 1,
            })
            .await
            .unwrap();
        }
        tx.commit().await.unwrap();
        let header = casework.header(&maya).await.unwrap();
        assert_eq!(header.workers, "Maya has had 3 workers since March 2024");
    }
}
