//! Bringing people in, on every database of the run: good rows are kept, bad
//! rows are named, a second run changes nothing.

use casework::import::{self, Error, Mapping, Report};
use casework::model::Person;
use casework::testing::{TestCouncil, councils};
use record::{Entity, args};

const HEAD: &str = "Person ID,Forename,Surname,DOB,NHS number,Postcode,Address,Family ID\n";

async fn run(council: &TestCouncil, text: &[u8], dry: bool) -> Result<Report, Error> {
    let table = import::read(text)?;
    council
        .casework
        .import_people(&table, &Mapping::default(), "old", dry, |_| {})
        .await
}

async fn count(council: &TestCouncil, table: &str) -> i64 {
    #[derive(sqlx::FromRow)]
    struct Count {
        n: i64,
    }
    let sql = format!("select count(*) as n from {table}");
    let count: Count = council
        .casework
        .store()
        .read_db()
        .one(record::AssertSqlSafe(sql), args![])
        .await
        .expect("a count");
    count.n
}

async fn people(council: &TestCouncil) -> Vec<Person> {
    let sql = format!(
        "select {} from person order by given, family_name",
        Person::COLUMNS.join(", ")
    );
    council
        .casework
        .store()
        .read_db()
        .all(record::AssertSqlSafe(sql), args![])
        .await
        .expect("people")
}

#[tokio::test]
async fn good_rows_are_kept_and_bad_rows_say_what_is_wrong() {
    let text = format!(
        "{HEAD}1,Maya,Quillfeather,27/03/2013,,LK1 4AB,4 Larch Row,F1\n\
         2,Idris,Quillfeather,41360,,LK1 4AB,4 Larch Row,F1\n\
         3,Sami,Quillfeather,31/02/2015,123,NOWHERE,4 Larch Row,F1\n\
         4,,,01/02/2015,,,,\n\
         5,Ivy,Thorne\n\
         Person ID,Forename,Surname,DOB,NHS number,Postcode,Address,Family ID\n\
         6,Dana,Quillfeather,02/05/1985,9.99E+09,LK1 4AB,4 Larch Row,F1\n\
         7,Lina,Quillfeather,14/06/2019,,LK1 4AB,4 Larch Row,F1\n"
    );
    for council in councils().await {
        let tried = run(&council, text.as_bytes(), true)
            .await
            .expect("a report");
        assert_eq!((tried.added, count(&council, "person").await), (2, 0));
        let report = run(&council, text.as_bytes(), false)
            .await
            .expect("a report");
        assert_eq!((report.rows, report.added), (8, 2));
        assert_eq!(
            report.added + report.rejected.len(),
            report.rows,
            "nothing is lost"
        );
        let lines: Vec<(u64, String)> = report
            .rejected
            .iter()
            .map(|r| (r.line, r.wrong.join("; ")))
            .collect();
        for (line, says) in [
            (3, "DOB: 41360 is a spreadsheet’s number"),
            (4, "DOB: “31/02/2015” is no real date"),
            (4, "NHS number: “123”"),
            (4, "Postcode: “NOWHERE”"),
            (5, "both first and last name are empty"),
            (6, "has 3 columns and the headings have 8"),
            (7, "repeats the headings"),
            (8, "shortened the number"),
        ] {
            assert!(
                lines.iter().any(|(l, w)| *l == line && w.contains(says)),
                "{line} {says}: {lines:?}"
            );
        }
        assert_eq!(count(&council, "family").await, 1, "one family of one key");
        let again = run(&council, text.as_bytes(), false)
            .await
            .expect("a report");
        assert_eq!((again.added, again.changed, again.same), (0, 0, 2));
        assert_eq!(count(&council, "person").await, 2);
    }
}

#[tokio::test]
async fn a_changed_row_updates_and_keeps_what_was() {
    let row = |name: &str, street: &str| {
        format!("{HEAD}1,Maya,{name},27/03/2013,,LK1 4AB,{street},F1\n").into_bytes()
    };
    for council in councils().await {
        run(&council, &row("Quillfeather", "4 Larch Row"), false)
            .await
            .expect("a report");
        let report = run(&council, &row("Thornebury", "9 Elm Way"), false)
            .await
            .expect("a report");
        assert_eq!((report.added, report.changed), (0, 1));
        let all = people(&council).await;
        assert_eq!(all.len(), 1);
        assert_eq!(
            (all[0].family_name.as_str(), all[0].version),
            ("Thornebury", 2)
        );
        assert_eq!(count(&council, "address where ended_on is null").await, 1);
        assert_eq!(count(&council, "address").await, 2);
        assert_eq!(
            count(&council, "person_name where kind = 'former'").await,
            1
        );
        // The change is in the journal: one event made it, one changed it.
        let events = "journal where object_kind = 'person'";
        assert_eq!(count(&council, events).await, 2);
        // A sister who comes with a later file joins the same family.
        let sister = format!("{HEAD}2,Lina,Quillfeather,14/06/2019,,LK1 4AB,9 Elm Way,F1\n");
        run(&council, sister.as_bytes(), false)
            .await
            .expect("a report");
        assert_eq!(count(&council, "family").await, 1);
    }
}

#[tokio::test]
async fn possible_duplicates_are_raised_and_not_merged() {
    let text = format!(
        "{HEAD}1,Maya,Quillfeather,27/03/2013,,LK1 4AB,4 Larch Row,\n\
         2,Maia,Quilfeather,27/03/2013,,LK1 4AB,4 Larch Row,\n\
         3,Zachary,Quillfeather,27/03/2013,,LK1 4AB,4 Larch Row,\n"
    );
    for council in councils().await {
        let report = run(&council, text.as_bytes(), false)
            .await
            .expect("a report");
        assert_eq!((report.added, report.duplicates), (3, 1));
    }
}

#[tokio::test]
async fn a_file_that_cannot_be_taken_changes_nothing_and_says_why() {
    for council in councils().await {
        for (text, says) in [
            ("", "empty"),
            (
                "1,Maya,Quill,27/03/2013\n2,Idris,Quill,01/02/2014\n",
                "not like headings",
            ),
            (
                "Forename,Surname,Surname\nMaya,Quill,Quill\n",
                "Two columns could be family",
            ),
            ("Colour,Shape\nred,round\n", "No column holds a name"),
            (
                "Forename,DOB\nMaya,27/02/2013\nIdris,03/27/2013\n",
                "contradict",
            ),
        ] {
            let said = run(&council, text.as_bytes(), false)
                .await
                .expect_err(says)
                .to_string();
            assert!(said.contains(says), "{said}");
        }
        assert_eq!(count(&council, "person").await, 0);
    }
}

/// Ten thousand rows of which one in twenty is broken: every row is either
/// taken or named, and an interrupted run is made whole by running it again.
/// PostgreSQL takes the first two thousand of them.
#[tokio::test]
async fn ten_thousand_rows_with_one_in_twenty_broken() {
    for (council, rows) in councils().await.iter().zip([10_000, 2_000]) {
        one_in_twenty_broken(council, rows).await;
    }
}

async fn one_in_twenty_broken(council: &TestCouncil, rows: usize) {
    let mut text = HEAD.to_owned();
    let (mut broken, letters) = (0, |n: usize| {
        let part =
            |n: usize| ["ba", "de", "ki", "lo", "mu", "sa", "ti", "vo", "ran", "wen"][n % 10];
        format!(
            "{}{}{}{}",
            part(n / 1000),
            part(n / 100),
            part(n / 10),
            part(n)
        )
    });
    for n in 0..rows {
        let day = format!("{:02}/{:02}/{}", n % 28 + 1, n % 12 + 1, 2008 + n % 17);
        let born = if n % 20 == 7 {
            broken += 1;
            "45/13/2013".to_owned()
        } else {
            day
        };
        text.push_str(&format!(
            "{n},{},{},{born},,,,\n",
            letters(n),
            letters(n * 7 + 3)
        ));
    }
    let started = std::time::Instant::now();
    let half: String = text
        .lines()
        .take(rows / 2 + 1)
        .map(|l| format!("{l}\n"))
        .collect();
    run(council, half.as_bytes(), false)
        .await
        .expect("a report");
    let report = run(council, text.as_bytes(), false)
        .await
        .expect("a report");
    println!(
        "{} rows, {} added, {} same, {} rejected, {} possible duplicates, {:.1} s",
        report.rows,
        report.added,
        report.same,
        report.rejected.len(),
        report.duplicates,
        started.elapsed().as_secs_f64()
    );
    assert_eq!(report.rejected.len(), broken);
    assert_eq!(report.added + report.same + broken, rows);
    assert_eq!(count(council, "person").await, (rows - broken) as i64);
}
