//! The small borough in a record, on both databases: the numbers of the
//! register come out of the record itself, and its journal holds.

use casework::testing::{TestCouncil, empty_councils};
use casework::time;
use chrono::NaiveDateTime;
use record::journal::verify;
use record::{AssertSqlSafe, args};
use synth::load::{self, Loader};
use synth::{Borough, SEED, Size};

#[derive(sqlx::FromRow)]
struct Count {
    n: i64,
}

fn noon() -> NaiveDateTime {
    time::today().and_hms_opt(12, 0, 0).expect("noon")
}

async fn count(council: &TestCouncil, sql: &str) -> i64 {
    let sql = format!("select count(*) as n from {sql}");
    let one: Count = council
        .casework
        .store()
        .read_db()
        .one(AssertSqlSafe(sql), args![])
        .await
        .expect("counted");
    one.n
}

/// The borough in every database of the run, loaded in two goes.
async fn loaded_councils() -> Vec<(TestCouncil, Borough)> {
    let mut all = Vec::new();
    for council in empty_councils().await {
        let mut loader = Loader::begin(&council.casework, Size::Small, noon(), "not a password")
            .await
            .expect("begun");
        loader.first(|_| {}).await.expect("the first part");
        let part = load::loaded(council.casework.store())
            .await
            .expect("read")
            .expect("there");
        assert!(!part.progress.done(), "the first part is not everything");
        drop(loader);
        // Another process goes on where the first was stopped.
        let mut again = Loader::begin(&council.casework, Size::Small, noon(), "not a password")
            .await
            .expect("again");
        assert_eq!(again.progress().families, part.progress.families);
        again.rest(|_| {}).await.expect("the rest");
        let borough = Borough::generate(Size::Small, SEED, part.now);
        all.push((council, borough));
    }
    all
}

#[tokio::test]
async fn the_numbers_of_the_register_are_in_the_record() {
    for (council, borough) in loaded_councils().await {
        let children: usize = borough.families.iter().map(|f| f.children().count()).sum();
        assert_eq!(
            count(&council, "person where kind <> 'adult'").await,
            children as i64
        );
        assert_eq!(children, 400);
        // Mean caseload of the North team: 60 children for 6.0 workers.
        let held = "involvement i join worker w on w.id = i.worker_id join team t on t.id = w.team_id \
                    where i.role = 'allocated' and i.ended_on is null and t.name like 'North%' \
                    and t.kind = 'locality'";
        assert_eq!(count(&council, held).await, 60);
        let fte: Count = council
            .casework
            .store()
            .read_db()
            .one(
                AssertSqlSafe(
                    "select cast(sum(w.fte_hundredths) as bigint) as n from worker w join team t on t.id = w.team_id \
                     where t.kind = 'locality' and t.name like 'North%' and w.role = 'social_worker'"
                        .to_owned(),
                ),
                args![],
            )
            .await
            .expect("counted");
        assert_eq!(fte.n, 600);
        // Jo: 15 children in 9 families.
        let jo = "involvement i join worker w on w.id = i.worker_id where w.username = 'jo.socialworker' \
                  and i.role = 'allocated' and i.ended_on is null";
        assert_eq!(count(&council, jo).await, 15);
        assert_eq!(count(&council, "team where kind = 'locality'").await, 5);
        // The front door: 8 contacts wait in the small borough, one at once.
        assert_eq!(count(&council, "contact where state <> 'decided'").await, 8);
        assert_eq!(
            count(
                &council,
                "contact where state <> 'decided' and priority = 1"
            )
            .await,
            1
        );
        // Emergency looks for the administrator to check.
        assert_eq!(
            count(
                &council,
                "access_grant where kind = 'break_glass' and reviewed_at is null"
            )
            .await,
            3
        );
        assert_eq!(count(&council, "draft").await, 1);
        // Jo has something late and something due within the week.
        assert!(
            count(
                &council,
                "clock c join worker w on w.id = c.worker_id where w.username = 'jo.socialworker' \
                                 and c.done_at is null and c.late_reason is null"
            )
            .await
                > 5
        );
        // Children are heard: pages of their own words, what they asked with
        // and without an answer yet, letters given and not.
        for (heard, least) in [
            ("profile where whose = 'child'", 5),
            ("family_ask where agreed is not null and why is not null", 3),
            ("family_ask where agreed is null", 1),
            ("letter where given is not null", 10),
        ] {
            let n = count(&council, heard).await;
            assert!(n >= least, "{heard}: {n}");
        }
        let report = verify::verify(council.casework.store().read_db(), &[], |_| {})
            .await
            .expect("verified");
        assert_eq!(report.faults, vec![]);
        assert!(report.events > 10_000);
    }
}

/// What is loaded must be readable by the forms it stands on.
#[tokio::test]
async fn every_answer_fits_the_form_it_was_written_on() {
    #[derive(sqlx::FromRow)]
    struct Written {
        form: String,
        section: Option<String>,
        answers: serde_json::Value,
    }
    let Some((council, _)) = loaded_councils().await.into_iter().next() else {
        return;
    };
    let db = council.casework.store().read_db();
    let mut written: Vec<Written> = db
        .all(
            "select s.form, x.section, x.answers from step_section x join step s on s.id = x.step_id \
             where x.finished and s.state = 'done'",
            args![],
        )
        .await
        .expect("sections");
    let contacts: Vec<Written> = db
        .all(
            "select form, cast(null as text) as section, answers from contact",
            args![],
        )
        .await
        .expect("contacts");
    let decisions: Vec<Written> = db
        .all(
            "select form, cast(null as text) as section, answers from decision where form = 'threshold-decision'",
            args![],
        )
        .await
        .expect("decisions");
    written.extend(contacts);
    written.extend(decisions);
    assert!(written.len() > 1000);
    for one in written {
        let form = council.casework.form(&one.form).expect("a form");
        let map = one.answers.as_object().cloned().expect("answers by name");
        let answers = packs::Answers::from_map(map);
        let stops: Vec<_> = form
            .check(&answers, one.section.as_deref())
            .into_iter()
            .filter(|f| f.severity == packs::Severity::Stop && f.field != "safe_contact")
            .collect();
        assert!(
            stops.is_empty(),
            "{} {:?}: {stops:?} in {}",
            one.form,
            one.section,
            one.answers
        );
    }
}

/// The early help board has families at every point of it, as many as the
/// borough has with early help, and every one can be opened.
#[tokio::test]
async fn the_early_help_board_has_life_in_it() {
    use casework::early_help::board::Next;
    for (council, borough) in loaded_councils().await {
        let wanted = borough
            .families
            .iter()
            .filter(|f| f.standing == synth::Standing::EarlyHelp)
            .count();
        assert!(wanted >= 8, "{wanted} families");
        let open = count(&council, "early_help where state = 'open'").await;
        assert_eq!(open, wanted as i64);
        assert_eq!(
            count(
                &council,
                "plan where kind = 'early_help' and state = 'open'"
            )
            .await,
            count(
                &council,
                "early_help where state = 'open' and plan_id is not null"
            )
            .await
        );
        let planned = |f: &synth::Family| {
            let of_early_help = |h: &synth::Happening| matches!(&h.what, synth::What::Plan(plan) if plan.kind == synth::PlanKind::EarlyHelp);
            f.standing != synth::Standing::EarlyHelp && f.timeline.iter().any(of_early_help)
        };
        let helped = borough.families.iter().filter(|f| planned(f)).count();
        let closed = count(&council, "early_help where state = 'closed'").await;
        assert!(helped > 5, "{helped} families");
        assert_eq!(closed, helped as i64);
        #[derive(sqlx::FromRow)]
        struct Who {
            id: vocabulary::Id<vocabulary::ids::Worker>,
        }
        let db = council.casework.store().read_db();
        let who: Who = db
            .one(
                "select id from worker where username = 'okafor.director'",
                args![],
            )
            .await
            .expect("the director");
        let director = council
            .casework
            .viewer(who.id, Some("test".into()))
            .await
            .expect("read")
            .expect("at work");
        let board = council
            .casework
            .early_help_board(&director)
            .await
            .expect("the board");
        assert_eq!(board.rows.len(), wanted);
        for next in [Next::Consent, Next::Lead, Next::Meeting, Next::GoingOn] {
            let rows = board.of(next);
            println!("{}: {}", next.title(), rows.len());
            assert!(!rows.is_empty(), "nobody: {}", next.title());
        }
        let (days, of) = board.first_help.expect("first help is counted");
        assert!(days > 0 && of > 3, "{days} days of {of}");
        for row in board.rows.iter() {
            let view = council.casework.early_help_view(&director, row.id).await;
            view.expect("its page");
        }
    }
}
