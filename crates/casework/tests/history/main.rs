//! A council's history from its earlier returns, on every database of the run:
//! counts equal the file's, days are their own, no clock starts, nobody is
//! given anything, bad records are named, and a second run changes nothing.

use casework::import::{Error, History};
use casework::model::{Clock, Person, Plan, Step};
use casework::testing::{TestCouncil, councils};
use record::{AssertSqlSafe, Entity, args};
use returns::cin::invent::{Wish, write};
use returns::cin::{Reader, invent};
use returns::ssda903::{self, Table};
use serde_json::json;

const CENSUS: &str = include_str!("census.xml");

async fn census(council: &TestCouncil, text: &[u8]) -> Result<History, Error> {
    let casework = &council.casework;
    casework
        .import_census("census.xml", text, None, "old", |_| {})
        .await
}

async fn all<E: Entity>(council: &TestCouncil, order: &str) -> Vec<E> {
    let sql = format!(
        "select {} from {} order by {order}",
        E::COLUMNS.join(", "),
        E::TABLE
    );
    let db = council.casework.store().read_db();
    db.all(AssertSqlSafe(sql), args![]).await.expect("rows")
}

async fn count(council: &TestCouncil, what: &str) -> i64 {
    #[derive(sqlx::FromRow)]
    struct Count {
        n: i64,
    }
    let sql = format!("select count(*) as n from {what}");
    let db = council.casework.store().read_db();
    let count: Count = db.one(AssertSqlSafe(sql), args![]).await.expect("a count");
    count.n
}

fn added(report: &History, kind: &str) -> usize {
    report.kinds.get(kind).map_or(0, |tally| tally.added)
}

/// Nothing is due for anybody, and nobody was given anything.
async fn nobody_is_asked(council: &TestCouncil) {
    assert_eq!(all::<Clock>(council, "id").await, vec![], "a clock began");
    let with = "worker_id is not null or team_id is not null";
    for table in ["step", "plan", "involvement"] {
        assert_eq!(
            count(council, &format!("{table} where {with}")).await,
            0,
            "{table}"
        );
    }
    let sent = "step where state in ('submitted', 'sent_back')";
    assert_eq!(count(council, sent).await, 0);
    assert_eq!(
        count(council, "chronology where state = 'proposed'").await,
        0
    );
}

fn invented(children: u32, faults_in_100: f64) -> Vec<u8> {
    let mut bytes = Vec::new();
    let wish = Wish {
        year: 2026,
        children,
        faults_in_100,
        seed: 3,
    };
    let planted: invent::Planted = write(wish, &mut bytes).expect("a census");
    assert_eq!(planted.is_empty(), faults_in_100 == 0.0);
    bytes
}

#[tokio::test]
async fn an_invented_census_comes_in_with_the_counts_of_the_file() {
    let file = invented(60, 0.0);
    let mut reader = Reader::new("census.xml", file.as_slice());
    while reader.next_child().is_some() {}
    let counts = reader.counts();
    for council in councils().await {
        let report = census(&council, &file).await.expect("taken");
        assert_eq!(report.refused, vec![]);
        for (kind, wanted) in [
            ("children", counts.identifiers),
            ("referrals", counts.details),
            ("contacts", counts.details),
            ("assessments", counts.assessments),
            ("section 47 enquiries", counts.section47),
            ("child in need plans", counts.plans),
            ("child protection plans", counts.protection),
            ("reviews of child protection plans", counts.reviews),
        ] {
            assert_eq!(added(&report, kind), wanted, "{kind}");
        }
        for (rows, wanted) in [
            ("step where kind = 'referral'", counts.details),
            (
                "step where kind = 'child-and-family-assessment'",
                counts.assessments,
            ),
            ("step where kind = 'section-47'", counts.section47),
            ("step where kind = 'review-conference'", counts.reviews),
            ("plan where kind = 'child_in_need'", counts.plans),
            ("protection", counts.protection),
        ] {
            assert_eq!(count(&council, rows).await, wanted as i64, "{rows}");
        }
        assert!(counts.protection > 0 && counts.section47 > 0 && counts.reviews > 0);
        nobody_is_asked(&council).await;
        let events = count(&council, "journal").await;
        let again = census(&council, &file).await.expect("taken");
        assert_eq!(again.done(), 0, "{again:?}");
        assert_eq!(
            count(&council, "journal").await,
            events,
            "a second run wrote"
        );
    }
}

/// The small census: one open case on a protection plan, one that ended, one
/// baby not born yet.
#[tokio::test]
async fn days_codes_and_sources_are_kept() {
    for council in councils().await {
        let report = census(&council, CENSUS.as_bytes()).await.expect("taken");
        assert_eq!(report.refused, vec![]);
        let people: Vec<Person> = all(&council, "described_as").await;
        let named: Vec<_> = people
            .iter()
            .map(|p| (p.name(), p.status.clone().unwrap_or_default()))
            .collect();
        let wanted = [
            ("Child CH0000001", "protection_plan"),
            ("Child CH0000002", "closed"),
            ("Child CH0000003", "closed"),
        ];
        assert_eq!(named, wanted.map(|(n, s)| (n.to_owned(), s.to_owned())));
        assert_eq!(people[0].upn.as_deref(), Some("X846398259791"));
        assert_eq!(people[2].born_kind.as_deref(), Some("expected"));
        let disabilities: Vec<_> = people.iter().map(|p| p.disabilities.clone()).collect();
        let wanted = [Some(json!(["LD", "AUT"])), Some(json!(["NONE"])), None];
        assert_eq!(disabilities, wanted);
        assert_eq!(people[1].no_upn.as_deref(), Some("UN1"));
        let steps: Vec<Step> = all(&council, "started_on, kind").await;
        let days: Vec<String> = steps
            .iter()
            .map(|s| format!("{} {} {:?}", s.kind, s.started_on, s.outcome))
            .collect();
        assert!(
            days.contains(&"section-47 2025-05-08 Some(\"conference\")".into()),
            "{days:?}"
        );
        assert!(
            days.contains(&"initial-conference 2025-05-28 Some(\"plan\")".into()),
            "{days:?}"
        );
        assert!(
            days.contains(&"referral 2026-02-03 Some(\"no_further_action\")".into()),
            "{days:?}"
        );
        let factors = "step_section where section = 'factors'";
        assert_eq!(count(&council, factors).await, 2);
        assert_eq!(
            count(&council, "contact where source in ('2A', '3B', '3F')").await,
            3
        );
        let from =
            "imported_record where file = 'census.xml' and year = 2026 and record = 'CINdetails 0'";
        assert!(count(&council, from).await >= 2);
        let told = "chronology where reported_by like '%census of 2025-26 (census.xml, %'";
        assert!(count(&council, told).await >= 5);
        nobody_is_asked(&council).await;
    }
}

#[tokio::test]
async fn a_later_file_fills_in_and_what_was_changed_here_is_left_alone() {
    let later = CENSUS
        .replace("<Year>2026</Year>", "<Year>2027</Year>")
        .replace("2026-03-31", "2027-03-31")
        .replace(
            "<CPPstartDate>2025-05-28</CPPstartDate>",
            "<CPPstartDate>2025-05-28</CPPstartDate><CPPendDate>2026-05-20</CPPendDate>",
        )
        .replacen(
            "<PrimaryNeedCode>N1</PrimaryNeedCode>",
            "<PrimaryNeedCode>N1</PrimaryNeedCode><CINclosureDate>2026-06-01</CINclosureDate><ReasonForClosure>RC7</ReasonForClosure>",
            1,
        )
        .replace(
            "<ExpectedPersonBirthDate>2026-05-14</ExpectedPersonBirthDate>",
            "<PersonBirthDate>2026-05-11</PersonBirthDate>",
        );
    for council in councils().await {
        census(&council, CENSUS.as_bytes()).await.expect("taken");
        let report = census(&council, later.as_bytes()).await.expect("taken");
        assert_eq!(added(&report, "children"), 0);
        assert_eq!(added(&report, "ends of work"), 1);
        assert_eq!(report.kinds["child protection plans"].changed, 1);
        let people: Vec<Person> = all(&council, "described_as").await;
        assert_eq!(people[0].status.as_deref(), Some("closed"));
        assert_eq!(people[2].born_kind.as_deref(), Some("exact"));
        let open = "protection where ended_on is null";
        assert_eq!(count(&council, open).await, 0);

        // Somebody corrects a plan here; another file says otherwise.
        let plans: Vec<Plan> = all(&council, "started_on").await;
        let mut plan = plans
            .into_iter()
            .find(|p| p.kind == "child_in_need")
            .expect("a plan");
        let store = council.casework.store();
        let mut tx = store
            .begin(&record::Actor::system("test"))
            .await
            .expect("begun");
        plan.different = Some("He sleeps through the night.".into());
        tx.update(&mut plan).await.expect("changed");
        tx.commit().await.expect("saved");
        let other = later.replace(
            "<CINPlanEndDate>2026-01-30</CINPlanEndDate>",
            "<CINPlanEndDate>2026-01-29</CINPlanEndDate>",
        );
        let report = census(&council, other.as_bytes()).await.expect("taken");
        assert_eq!(report.done(), 0, "{report:?}");
        let said = &report.refused[0];
        assert!(
            said.why.contains("changed here") && said.rest_taken,
            "{said:?}"
        );
    }
}

#[tokio::test]
async fn bad_records_are_named_and_good_ones_stay() {
    let bad = CENSUS
        .replace(
            "<LAchildID>CH0000003</LAchildID>",
            "<LAchildID>CH0000002</LAchildID>",
        )
        .replace(
            "<S47ActualStartDate>2025-05-08",
            "<S47ActualStartDate>2024-05-08",
        )
        .replace(
            "<InitialCategoryOfAbuse>NEG</InitialCategoryOfAbuse>",
            "<InitialCategoryOfAbuse>ODD</InitialCategoryOfAbuse>",
        )
        .replace("<CINPlanEndDate>2026-01-30", "<CINPlanEndDate>2025-01-30")
        .replace("<UPN>X846398259791</UPN>", "<UPN>X84</UPN>");
    for council in councils().await {
        let report = census(&council, bad.as_bytes()).await.expect("taken");
        let named: Vec<(&str, &str, bool)> = report
            .refused
            .iter()
            .map(|one| (one.record.as_str(), one.field.as_str(), one.rest_taken))
            .collect();
        let wanted = [
            ("ChildIdentifiers 0", "UPN", true),
            ("Section47 0", "S47ActualStartDate", false),
            ("ChildProtectionPlans 0", "InitialCategoryOfAbuse", true),
            ("CINplanDates 0", "CINPlanEndDate", false),
            ("ChildIdentifiers 2", "LAchildID", false),
        ];
        assert_eq!(named, wanted, "{:#?}", report.refused);
        assert_eq!(added(&report, "children"), 2);
        assert_eq!(added(&report, "child protection plans"), 1);
        assert_eq!(added(&report, "section 47 enquiries"), 0);

        let cut = &CENSUS[..CENSUS.len() - 900];
        let report = census(&council, cut.as_bytes()).await.expect("taken");
        let said = report
            .refused
            .iter()
            .any(|one| one.why.contains("cut short"));
        assert!(said, "{:#?}", report.refused);
        for none in ["", "%PDF-1.7", "<html><body/></html>"] {
            let error = census(&council, none.as_bytes()).await.expect_err(none);
            assert!(error.to_string().contains("census.xml"), "{error}");
        }
    }
}

fn looked_after(children: u32) -> ssda903::Loaded {
    let wish = ssda903::invent::Wish {
        year: 2026,
        children,
        faults_in_100: 0.0,
        seed: 5,
    };
    let ssda903::invent::Invented { this, last, .. } = ssda903::invent::invent(wish).expect("made");
    ssda903::Loaded {
        this,
        last,
        ..ssda903::Loaded::default()
    }
}

#[tokio::test]
async fn children_looked_after_come_in_with_the_counts_of_the_files() {
    let loaded = looked_after(80);
    let rows = |table: Table| loaded.this[table as usize].as_ref().map_or(0, |t| t.len());
    for council in councils().await {
        let casework = &council.casework;
        let run = || casework.import_looked_after("2026", &loaded, 2026, "old", |_| {});
        let report = run().await.expect("taken");
        assert_eq!(report.refused, vec![]);
        for (kind, table) in [
            ("children", Table::Header),
            ("episodes in care", Table::Episodes),
            ("reviews in care", Table::Reviews),
            ("times missing or away", Table::Missing),
            ("care leavers’ years", Table::OC3),
            ("children alone in the country", Table::UASC),
            ("plans for adoption", Table::AD1),
            ("social workers", Table::SWEpisodes),
        ] {
            assert!(rows(table) > 0, "{kind}");
            assert_eq!(added(&report, kind), rows(table) as usize, "{kind}");
        }
        assert_eq!(report.sealed, rows(Table::AD1) as usize);
        let adopted = "restriction where reason = 'adoption' and ended_at is null";
        assert_eq!(count(&council, adopted).await, i64::from(rows(Table::AD1)));
        let open = "care where ended_on is null";
        let still = "care_episode where ended_on is null";
        assert_eq!(count(&council, open).await, count(&council, still).await);
        let standing = "person where status = 'in_care'";
        assert_eq!(count(&council, standing).await, count(&council, open).await);
        nobody_is_asked(&council).await;
        let events = count(&council, "journal").await;
        let again = run().await.expect("taken");
        assert_eq!(again.done(), 0, "{again:?}");
        assert_eq!(
            count(&council, "journal").await,
            events,
            "a second run wrote"
        );
    }
}

fn tables(files: &[(&str, &str)]) -> ssda903::Loaded {
    let named = files.iter().map(|(name, text)| ssda903::Named {
        name: (*name).to_owned(),
        content: text.as_bytes().to_vec(),
    });
    ssda903::read_memory(named.collect(), Vec::new())
}

const EPISODES: &str = "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN\n";
const HEADER: &str =
    "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\n1000001,F,14/02/2012,WBRI,X846398259791,0,\n";

/// A change of legal status stays in the home, a move does not, and the year
/// after goes on where this one stopped.
#[tokio::test]
async fn episodes_make_homes_and_times_in_care_and_the_next_year_goes_on() {
    let first = format!(
        "{EPISODES}1000001,10/01/2025,S,V2,N1,U6,PR4,01/03/2025,X1,,B1 1AA,CV1 1AA,SC000001\n\
         1000001,01/03/2025,L,C2,N1,U6,PR4,,,,B1 1AA,CV1 1AA,SC000001\n"
    );
    let second = format!(
        "{EPISODES}1000001,01/03/2025,L,C2,N1,U6,PR4,15/09/2025,X1,CARPL,B1 1AA,CV1 1AA,SC000001\n\
         1000001,15/09/2025,P,C2,N1,U4,PR4,02/02/2026,E4A,,B1 1AA,B2 2AA,SC000002\n\
         1000001,31/02/2026,S,C2,N1,U4,PR4,,,,,,\n\
         1000001,01/03/2026,S,C2,N1,Q9,PR4,,,,,,\n"
    );
    for council in councils().await {
        let casework = &council.casework;
        for (year, text) in [(2025, &first), (2026, &second), (2026, &second)] {
            let loaded = tables(&[("header.csv", HEADER), ("episodes.csv", text)]);
            let name = year.to_string();
            let report = casework
                .import_looked_after(&name, &loaded, year, "old", |_| {})
                .await
                .expect("taken");
            let bad: Vec<&str> = report
                .refused
                .iter()
                .filter(|one| !one.rest_taken)
                .map(|one| one.field.as_str())
                .collect();
            let wanted: &[&str] = if year == 2026 {
                &["DECOM", "PLACE"]
            } else {
                &[]
            };
            assert_eq!(bad, wanted, "{:#?}", report.refused);
        }
        assert_eq!(count(&council, "care").await, 1);
        assert_eq!(count(&council, "placement").await, 2);
        assert_eq!(count(&council, "care_episode").await, 3);
        assert_eq!(
            count(&council, "care where ended_on = '2026-02-02'").await,
            1
        );
        let moved = "placement where started_on = '2025-01-10' and ended_on = '2025-09-15' and move_reason = 'CARPL'";
        assert_eq!(count(&council, moved).await, 1);
        assert_eq!(count(&council, "person where status = 'closed'").await, 1);
    }
}

/// One child in both returns: by the pupil number and the date of birth, never
/// by anything less, and never into a restricted record.
#[tokio::test]
async fn the_same_child_in_two_returns_is_one_and_a_restricted_record_is_left_alone() {
    let born = CENSUS.replace("2015-02-11", "2012-02-14");
    let episode =
        format!("{EPISODES}1000001,10/01/2025,S,C2,N1,U6,PR4,,,,B1 1AA,CV1 1AA,SC000001\n");
    let loaded = tables(&[("header.csv", HEADER), ("episodes.csv", &episode)]);
    for council in councils().await {
        let casework = &council.casework;
        census(&council, born.as_bytes()).await.expect("taken");
        let run = || casework.import_looked_after("2026", &loaded, 2026, "old", |_| {});
        let report = run().await.expect("taken");
        assert_eq!((report.found, added(&report, "children")), (1, 0));
        let one = "person where status = 'in_care' and described_as = 'Child CH0000001'";
        assert_eq!(count(&council, one).await, 1);
        assert_eq!(run().await.expect("taken").done(), 0);
    }
    for council in councils().await {
        let casework = &council.casework;
        census(&council, born.as_bytes()).await.expect("taken");
        let people: Vec<Person> = all(&council, "described_as").await;
        let store = casework.store();
        let mut tx = store
            .begin(&record::Actor::system("test"))
            .await
            .expect("begun");
        tx.insert(&casework::model::Restriction {
            id: vocabulary::Id::new(),
            person_id: people[0].id,
            reason: "adoption".into(),
            set_by: "system:test".into(),
            set_at: tx.now(),
            review_on: chrono::NaiveDate::from_ymd_opt(2027, 1, 1).expect("a day"),
            ended_at: None,
            version: 1,
        })
        .await
        .expect("closed");
        tx.commit().await.expect("saved");
        let report = casework
            .import_looked_after("2026", &loaded, 2026, "old", |_| {})
            .await
            .expect("taken");
        assert_eq!((report.found, added(&report, "children")), (0, 1));
    }
}
