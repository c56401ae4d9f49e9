//! Allegations, complaints and serious incidents: told by anybody, open only to
//! those who deal with them, and never to the worker whom one is about.

use casework::asking::Done;
use casework::clocks::ClockView;
use casework::due::Whose;
use casework::matters::kinds::MatterKind::{self, Allegation, Complaint, Incident};
use casework::model::{Chronology, Clock, Matter, Worker};
use casework::testing::{id_of, team_of};
use casework::{Asked, Error, Viewer, time};
use packs::Answers;
use vocabulary::{Id, ids};

use crate::help::*;
use crate::small_family::begin;

/// Somebody in a post that deals with matters.
async fn officer(home: &Home, username: &str, role: &str) -> Viewer {
    let row = Worker {
        id: id_of(username),
        username: username.into(),
        name: "Ottoline Marsh".into(),
        job_title: "Officer".into(),
        role: role.into(),
        team_id: Some(team_of("Quality")),
        agency: "social_care".into(),
        phone: None,
        email: None,
        fte_hundredths: 100,
        newly_qualified: false,
        supervisor_id: None,
        starts_on: ago(900),
        ends_on: None,
        active: true,
        password_hash: String::new(),
        social_work_number: None,
        version: 1,
    };
    let mut tx = begin(home.casework()).await;
    tx.insert(&row).await.unwrap();
    tx.commit().await.unwrap();
    home.council.viewer(username).await
}

fn allegation(days: u64, about: Option<&str>) -> Answers {
    let mut typed = answers(&[
        ("on", &day(days)),
        ("about_name", "Corin Quillfeather"),
        ("about_post", "football coach"),
        ("words", "Maya said that he drove her home alone, twice."),
        ("safe", "He does not coach until Monday."),
        ("child", "Maya"),
    ]);
    typed.set_list("kinds", ["risk"]);
    if let Some(username) = about {
        typed.set("about_worker", id_of(username).to_string());
    }
    typed
}

async fn tell(
    home: &Home,
    by: &Viewer,
    kind: MatterKind,
    child: Option<Id<ids::Person>>,
    typed: &Answers,
) -> (Done, Id<ids::Matter>) {
    let done = home
        .casework()
        .save_matter_new(by, kind, child, typed, &once())
        .await
        .unwrap();
    let rows: Vec<Matter> = home.all("1 = 1 order by id desc").await;
    (done, rows[0].id)
}

/// The clocks of a matter by rule: running, or done in time or late.
async fn clocks(home: &Home, id: Id<ids::Matter>) -> Vec<(String, String)> {
    let rows: Vec<Clock> = home
        .all(&format!(
            "about_kind = 'matter' and about_id = '{id}' order by rule, id"
        ))
        .await;
    let pack = home.casework().pack();
    rows.iter()
        .map(|clock| {
            assert!(
                clock.person_id.is_none() && clock.team_id.is_none(),
                "it names nobody"
            );
            let view = ClockView::of(clock, pack);
            let words = if clock.done_at.is_some() {
                view.words
            } else {
                "runs".into()
            };
            (clock.rule.clone(), words)
        })
        .collect()
}

fn pair(rule: &str, words: &str) -> (String, String) {
    (rule.to_owned(), words.to_owned())
}

/// An allegation, told late; the officer decides, meets, looks again and
/// settles it, and only the officer's words reach the chronology.
#[tokio::test]
async fn an_allegation_is_told_decided_met_about_and_settled() {
    for home in homes().await {
        let (jo, lena) = (
            home.jo().await,
            officer(&home, "lena.officer", "designated_officer").await,
        );
        let casework = home.casework();
        let (done, id) = tell(
            &home,
            &jo,
            Allegation,
            Some(home.maya),
            &allegation(10, None),
        )
        .await;
        assert!(
            done.words.contains("You do not see it again"),
            "{}",
            done.words
        );
        assert_eq!(done.to, "/");
        assert_eq!(
            clocks(&home, id).await,
            [
                pair("allegation-end", "runs"),
                pair("allegation-evaluation", "runs"),
                pair("allegation-told", "done late"),
            ]
        );
        let board = casework.matter_board(&lena, Allegation).await.unwrap();
        assert_eq!(board.open[0].title, "Corin Quillfeather, football coach");
        assert_eq!(board.open[0].officer.as_deref(), Some("Ottoline Marsh"));
        let save = async |word: &str, typed: Answers| {
            casework
                .save_matter(&lena, Allegation, id, word, &typed, &once())
                .await
        };
        // It goes wrong: a meeting before a decision, and a day before anybody
        // knew.
        let meeting = answers(&[
            ("on", &day(0)),
            ("came", "Police; school; Priya Thorne"),
            ("suspended", "away"),
            ("words", "Police talk to him on Tuesday."),
        ]);
        let early = save("meeting", meeting.clone()).await;
        assert!(matches!(early, Err(Error::Refused(_))));
        let decision = |on: u64| {
            answers(&[
                ("on", &day(on)),
                ("decision", "meeting"),
                ("words", "It may be a risk."),
            ])
        };
        assert_eq!(stopped(save("decision", decision(11)).await), ["on"]);
        save("decision", decision(0)).await.unwrap();
        let running: Vec<String> = clocks(&home, id)
            .await
            .into_iter()
            .filter(|(_, words)| words == "runs")
            .map(|(rule, _)| rule)
            .collect();
        assert_eq!(
            running,
            ["allegation-end", "allegation-meeting", "allegation-review"]
        );
        save("meeting", meeting).await.unwrap();
        let review = answers(&[("on", &day(0)), ("words", "The police go on.")]);
        save("review", review).await.unwrap();
        let reviews = clocks(&home, id).await;
        let reviews = reviews
            .iter()
            .filter(|(rule, _)| rule == "allegation-review");
        assert_eq!(reviews.filter(|(_, words)| words == "runs").count(), 1);
        let end = answers(&[
            ("on", &day(0)),
            ("outcome", "unsubstantiated"),
            ("words", "Nobody else saw it."),
            ("barring", "no"),
            ("told", "Everybody, in person."),
            (
                "chronology",
                "Maya spoke up about an adult; she was listened to.",
            ),
        ]);
        let done = save("end", end.clone()).await.unwrap();
        assert!(
            done.words.starts_with("Settled: Unsubstantiated."),
            "{}",
            done.words
        );
        assert!(
            clocks(&home, id)
                .await
                .iter()
                .all(|(_, words)| words != "runs")
        );
        let board = casework.matter_board(&lena, Allegation).await.unwrap();
        assert_eq!((board.open.len(), board.settled.len()), (0, 1));
        assert_eq!(board.outcomes, [("Unsubstantiated".to_owned(), 1)]);
        let page = casework.matter_page(&lena, Allegation, id).await.unwrap();
        assert_eq!((page.entries.len(), page.steps.len()), (4, 0));
        let told: Vec<Chronology> = home.all("1 = 1").await;
        assert_eq!(told.len(), 1, "nothing else reaches the child's record");
        assert!(told[0].wording.starts_with("Maya spoke up"));
        let twice = save("end", end).await;
        assert!(matches!(twice, Err(Error::Refused(_))));
    }
}

/// Denied is absent: whoever told it, whoever oversees the service, and the
/// worker whom it is about find the same as where there is nothing, even when
/// their own post deals with allegations.
#[tokio::test]
async fn an_allegation_is_there_for_nobody_but_those_who_deal_with_it() {
    for home in homes().await {
        let jo = home.jo().await;
        let lena = officer(&home, "lena.officer", "designated_officer").await;
        let otto = officer(&home, "otto.officer", "designated_officer").await;
        let casework = home.casework();
        let about = allegation(1, Some("otto.officer"));
        let (_, id) = tell(&home, &jo, Allegation, Some(home.maya), &about).await;
        let others = [
            "jo.socialworker",
            "priya.manager",
            "okafor.director",
            "nia.admin",
            "graham.iro",
        ];
        for username in others {
            let who = home.council.viewer(username).await;
            let board = casework.matter_board(&who, Allegation).await;
            assert!(matches!(board, Err(Error::NotFound)), "{username}");
        }
        let board = casework.matter_board(&otto, Allegation).await.unwrap();
        assert!(board.open.is_empty(), "it is about Otto");
        for (who, name) in [(&jo, "Jo"), (&otto, "Otto")] {
            for id in [id, Id::new()] {
                let page = casework.matter_page(who, Allegation, id).await;
                assert!(matches!(page, Err(Error::NotFound)), "{name}");
                for word in ["decision", "end"] {
                    let asked = casework.ask_matter(who, Allegation, id, word).await;
                    assert!(matches!(asked, Err(Error::NotFound)), "{name} at {word}");
                }
                let saved = casework
                    .save_matter(who, Allegation, id, "decision", &answers(&[]), &once())
                    .await;
                assert!(matches!(saved, Err(Error::NotFound)), "{name}");
            }
            let far = chrono::Utc::now() + chrono::Duration::days(400);
            let due = casework
                .due(who, Whose::Mine(true), far, 50, "test")
                .await
                .unwrap();
            assert!(
                due.iter()
                    .all(|row| !row.clock.path.contains("allegations")),
                "{name}"
            );
        }
        // One address of another kind is no way round.
        let other = casework.matter_page(&lena, Complaint, id).await;
        assert!(matches!(other, Err(Error::NotFound)));
        // It is Lena's, as Otto does not count; and it stands on her list.
        let page = casework.matter_page(&lena, Allegation, id).await.unwrap();
        assert_eq!(page.matter.officer_id, Some(id_of("lena.officer")));
        let far = chrono::Utc::now() + chrono::Duration::days(400);
        let due = casework
            .due(&lena, Whose::Mine(true), far, 50, "test")
            .await
            .unwrap();
        assert_eq!(due.len(), 2);
        // The child's record says nothing of it.
        let looks: Vec<Chronology> = home.all("1 = 1").await;
        assert!(looks.is_empty());
    }
}

/// Words for the chronology never reach the worker whom it is about; an
/// allegation against the only officer says so at once; a personal connection
/// bars.
#[tokio::test]
async fn an_allegation_never_reaches_the_worker_whom_it_is_about() {
    for home in homes().await {
        let jo = home.jo().await;
        let casework = home.casework();
        let (done, _) = tell(&home, &jo, Allegation, None, &allegation(0, None)).await;
        assert!(done.words.contains("ring the director"), "{}", done.words);
        let lena = officer(&home, "lena.officer", "designated_officer").await;
        let about_lena = allegation(0, Some("lena.officer"));
        let (done, _) = tell(&home, &jo, Allegation, None, &about_lena).await;
        assert!(done.words.contains("ring the director"), "{}", done.words);
        let priya = home.council.viewer("priya.manager").await;
        let about_jo = allegation(0, Some("jo.socialworker"));
        let (_, id) = tell(&home, &priya, Allegation, Some(home.maya), &about_jo).await;
        let end = |words: &str| {
            answers(&[
                ("on", &day(0)),
                ("outcome", "false"),
                ("words", "The times do not fit."),
                ("barring", "no"),
                ("told", "All."),
                ("chronology", words),
            ])
        };
        let refused = casework
            .save_matter(&lena, Allegation, id, "end", &end("Something."), &once())
            .await;
        assert_eq!(stopped(refused), ["chronology"]);
        casework
            .save_matter(&lena, Allegation, id, "end", &end(""), &once())
            .await
            .unwrap();
        let told: Vec<Chronology> = home.all("1 = 1").await;
        assert!(told.is_empty());
        let mut tx = begin(casework).await;
        let conflict = casework::testing::rows::conflict(home.maya, "lena.officer");
        tx.insert(&conflict).await.unwrap();
        tx.commit().await.unwrap();
        let seen = casework
            .matter(&lena, Allegation, id, Asked::to_read("test"))
            .await;
        assert!(
            matches!(seen, Err(Error::NotFound)),
            "Lena knows the child privately"
        );
    }
}

/// A complaint through its three stages, more time counted from its first day,
/// each clock stopped by what answers it.
#[tokio::test]
async fn a_complaint_goes_through_its_three_stages() {
    for home in homes().await {
        let (jo, cora) = (
            home.jo().await,
            officer(&home, "cora.complaints", "complaints_manager").await,
        );
        let casework = home.casework();
        let new = answers(&[
            ("on", &day(30)),
            ("by", "parent"),
            ("by_name", "Perdita Ashgrove"),
            ("about", "Visits that did not happen"),
            ("words", "Nobody came for a month."),
            ("about_worker", id_of("jo.socialworker").as_str()),
        ]);
        let (_, id) = tell(&home, &jo, Complaint, Some(home.maya), &new).await;
        let page = casework.matter_page(&jo, Complaint, id).await;
        assert!(matches!(page, Err(Error::NotFound)), "it is about Jo");
        let save = async |word: &str, pairs: &[(&str, &str)]| {
            let typed = answers(pairs);
            casework
                .save_matter(&cora, Complaint, id, word, &typed, &once())
                .await
        };
        let due_on = async |rule: &str| {
            let rows: Vec<Clock> = home
                .all(&format!(
                    "about_id = '{id}' and rule = '{rule}' and done_at is null"
                ))
                .await;
            assert_eq!(rows.len(), 1, "{rule}");
            time::local(rows[0].due_at).date()
        };
        let pack = casework.pack();
        let expected = |rule: &str, days: u64| {
            pack.due(rule, ago(days).and_hms_opt(0, 0, 0).unwrap())
                .unwrap()
                .at
                .date()
        };
        save(
            "more-time",
            &[("on", &day(20)), ("words", "A worker was away.")],
        )
        .await
        .unwrap();
        assert_eq!(
            due_on("complaint-stage-1-more").await,
            expected("complaint-stage-1-more", 30)
        );
        // A panel before an investigation does not fit.
        let early = save("panel", &[("on", &day(1))]).await;
        assert!(matches!(early, Err(Error::Refused(_))));
        let answer = |on: u64| {
            [
                ("on", day(on)),
                ("finding", "partly".to_owned()),
                ("words", "Two were missed.".to_owned()),
            ]
        };
        let said = answer(15);
        let said: Vec<(&str, &str)> = said.iter().map(|(k, v)| (*k, v.as_str())).collect();
        save("answer", &said).await.unwrap();
        save(
            "stage-2",
            &[
                ("on", &day(12)),
                ("investigator", "Noor Fell"),
                ("independent", "Hal Brook"),
                ("words", "Whether visits were missed, and why."),
            ],
        )
        .await
        .unwrap();
        assert_eq!(
            due_on("complaint-stage-2").await,
            expected("complaint-stage-2", 12)
        );
        save(
            "more-time-2",
            &[("on", &day(10)), ("words", "Many papers.")],
        )
        .await
        .unwrap();
        assert_eq!(
            due_on("complaint-stage-2-more").await,
            expected("complaint-stage-2-more", 12)
        );
        let said = answer(8);
        let said: Vec<(&str, &str)> = said.iter().map(|(k, v)| (*k, v.as_str())).collect();
        save("answer-2", &said).await.unwrap();
        save("stage-3", &[("on", &day(7)), ("words", "No apology.")])
            .await
            .unwrap();
        assert_eq!(
            due_on("complaint-panel").await,
            expected("complaint-panel", 7)
        );
        save(
            "panel",
            &[
                ("on", &day(5)),
                ("members", "Three people"),
                ("words", "All were heard."),
            ],
        )
        .await
        .unwrap();
        assert_eq!(
            due_on("complaint-panel-report").await,
            expected("complaint-panel-report", 5)
        );
        save("panel-report", &[("on", &day(3)), ("words", "Say sorry.")])
            .await
            .unwrap();
        assert_eq!(
            due_on("complaint-response").await,
            expected("complaint-response", 3)
        );
        save("response", &[("on", &day(1)), ("words", "We said sorry.")])
            .await
            .unwrap();
        let done = save(
            "end",
            &[
                ("on", &day(0)),
                ("outcome", "upheld"),
                ("words", "Content now."),
                ("learnt", "Cover is arranged."),
            ],
        )
        .await
        .unwrap();
        assert_eq!(done.words, "Settled: Upheld.");
        assert!(
            clocks(&home, id)
                .await
                .iter()
                .all(|(_, words)| words != "runs")
        );
        let page = casework.matter_page(&cora, Complaint, id).await.unwrap();
        assert_eq!(page.entries.len(), 10);
    }
}

/// A serious incident: notified, reviewed, settled; a care leaver's death has a
/// shorter clock; only those who deal with it see it.
#[tokio::test]
async fn a_serious_incident_is_notified_and_reviewed() {
    for home in homes().await {
        let (jo, director) = (
            home.jo().await,
            home.council.viewer("okafor.director").await,
        );
        let casework = home.casework();
        let new = |what: &str| {
            answers(&[
                ("on", &day(9)),
                ("what", what),
                ("child", "Maya Ashgrove"),
                ("words", "A fall that nobody can explain."),
                ("safe", "Her brothers are with their aunt."),
            ])
        };
        let (_, leaver) = tell(&home, &jo, Incident, None, &new("leaver_died")).await;
        assert_eq!(
            clocks(&home, leaver).await,
            [
                pair("incident-leaver-died", "runs"),
                pair("incident-notified", "runs")
            ]
        );
        let (_, id) = tell(&home, &jo, Incident, Some(home.maya), &new("harmed")).await;
        let hidden = casework.matter_page(&jo, Incident, id).await;
        assert!(matches!(hidden, Err(Error::NotFound)));
        let save = async |word: &str, typed: Answers| {
            casework
                .save_matter(&director, Incident, id, word, &typed, &once())
                .await
        };
        let review = answers(&[
            ("on", &day(0)),
            ("words", "What happened."),
            ("further", "no"),
            ("why", "It is clear."),
        ]);
        let early = save("rapid-review", review.clone()).await;
        assert!(
            matches!(early, Err(Error::Refused(_))),
            "first the panel is told"
        );
        let mut told = answers(&[("on", &day(1))]);
        assert_eq!(stopped(save("notified", told.clone()).await), ["told"]);
        told.set_list("told", ["panel", "ofsted"]);
        save("notified", told).await.unwrap();
        let running = clocks(&home, id).await;
        assert!(running.contains(&pair("incident-review", "runs")));
        save("rapid-review", review).await.unwrap();
        let end = answers(&[
            ("on", &day(0)),
            ("outcome", "rapid"),
            ("words", "Ask who was there."),
            (
                "chronology",
                "Maya was badly hurt; the partners looked at what to learn.",
            ),
        ]);
        save("end", end).await.unwrap();
        let told: Vec<Chronology> = home.all("1 = 1").await;
        assert_eq!(told.len(), 1);
        let board = casework.matter_board(&director, Incident).await.unwrap();
        assert_eq!((board.open.len(), board.settled.len()), (1, 1));
    }
}
