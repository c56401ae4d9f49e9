//! Runs every example of every rule's text against its check, and holds texts
//! and checks together.

use std::collections::BTreeSet;

use super::super::model::{
    Assessment, Child, ChildIdentifiers, CinDetails, CinPlan, Date, Disability, Factor, Header,
    Message, ProtectionPlan, Record, Review, Section47, Text,
};
use super::super::write::write_all;
use super::super::{Options, check};
use super::{Check, catalogue};
use crate::core::case::{Case, CaseRow};
use crate::core::catalogue::editions;
use crate::core::dates::any_shape;

const YEAR: u16 = 2026;

/// An ordinary child, as far as an example does not say otherwise.
const CHILD: &[(&str, &str)] = &[
    ("UPNunknown", "UN2"),
    ("PersonBirthDate", "2015-02-11"),
    ("Sex", "F"),
];
const DETAILS: &[(&str, &str)] = &[
    ("CINreferralDate", "2025-05-06"),
    ("ReferralSource", "2A"),
    ("PrimaryNeedCode", "N1"),
    ("ReferralNFA", "0"),
];

fn value(row: &CaseRow, usual: &[(&str, &str)], field: &str) -> Text {
    let stated = row.get(field);
    let usual = usual
        .iter()
        .find(|(name, _)| *name == field)
        .map(|(_, v)| *v);
    stated.or(usual).filter(|v| !v.is_empty()).map(Into::into)
}

fn date(row: &CaseRow, usual: &[(&str, &str)], field: &str) -> Date {
    let text = value(row, usual, field);
    let day = text.as_deref().and_then(any_shape).map(|(day, _)| day);
    Date { text, day }
}

/// The message that an example's rows describe.
fn message(case: &Case) -> Message {
    let mut message = Message::default();
    let mut header = Some(Header {
        collection: Some("CIN".into()),
        year: Some("2026".into()),
        reference_date: Date::on("2026-03-31".parse().unwrap()),
        ..Header::default()
    });
    for row in case.rows().unwrap() {
        let row = &row;
        match row.table.as_str() {
            "Header" => {
                header = Some(Header {
                    year: value(row, &[("Year", "2026")], "Year"),
                    reference_date: date(row, &[("ReferenceDate", "2026-03-31")], "ReferenceDate"),
                    ..header.unwrap_or_default()
                });
            }
            "NoHeader" => header = None,
            "ChildIdentifiers" => begin_child(&mut message, row),
            "ChildCharacteristics" => {
                child(&mut message).characteristics.ethnicity = value(row, &[], "Ethnicity");
            }
            "Disabilities" => child(&mut message).disabilities.push(Disability {
                row: 0,
                code: value(row, &[], "Disability"),
            }),
            "CINdetails" => begin_details(&mut message, row),
            "Assessments" => {
                let factors = value(row, &[], "AssessmentFactors");
                let mut assessment = Assessment {
                    start: date(row, &[], "AssessmentActualStartDate"),
                    authorisation: date(row, &[], "AssessmentAuthorisationDate"),
                    factors: factors
                        .iter()
                        .flat_map(|codes| codes.split(','))
                        .map(|code| Factor {
                            row: 0,
                            code: Some(code.into()),
                        })
                        .collect(),
                    ..Assessment::default()
                };
                assessment.list_factors();
                details(&mut message).assessments.push(assessment);
            }
            "CINplanDates" => details(&mut message).plans.push(CinPlan {
                row: 0,
                start: date(row, &[], "CINPlanStartDate"),
                end: date(row, &[], "CINPlanEndDate"),
            }),
            "Section47" => details(&mut message).section47.push(Section47 {
                row: 0,
                start: date(row, &[], "S47ActualStartDate"),
                cpc_target: date(row, &[], "InitialCPCtarget"),
                initial_cpc: date(row, &[], "DateOfInitialCPC"),
                cpc_not_required: value(row, &[("ICPCnotRequired", "0")], "ICPCnotRequired"),
            }),
            "ChildProtectionPlans" => {
                let usual = &[
                    ("InitialCategoryOfAbuse", "NEG"),
                    ("LatestCategoryOfAbuse", "NEG"),
                    ("NumberOfPreviousCPP", "0"),
                ];
                details(&mut message).protection_plans.push(ProtectionPlan {
                    row: 0,
                    start: date(row, usual, "CPPstartDate"),
                    end: date(row, usual, "CPPendDate"),
                    initial_category: value(row, usual, "InitialCategoryOfAbuse"),
                    latest_category: value(row, usual, "LatestCategoryOfAbuse"),
                    previous_plans: value(row, usual, "NumberOfPreviousCPP"),
                    reviews: Vec::new(),
                });
            }
            "Reviews" => {
                let plans = &mut details(&mut message).protection_plans;
                let plan = plans.last_mut().expect("a plan before its review");
                plan.reviews.push(Review {
                    row: 0,
                    date: date(row, &[], "CPPreviewDate"),
                });
            }
            other => panic!("{}: there is no table {other}", case.is),
        }
    }
    if message.children.is_empty() {
        child(&mut message);
    }
    message.header = header;
    message
}

fn begin_child(message: &mut Message, row: &CaseRow) {
    let id = format!("CH{:07}", message.children.len() + 1);
    let mut usual = CHILD.to_vec();
    usual.push(("LAchildID", id.as_str()));
    if row.get("UPN").is_some() {
        usual.retain(|(field, _)| *field != "UPNunknown");
    }
    let mut child = Child::default();
    child.characteristics.ethnicity = Some("WBRI".into());
    child.identifiers = ChildIdentifiers {
        row: 0,
        la_child_id: value(row, &usual, "LAchildID"),
        upn: value(row, &usual, "UPN"),
        former_upn: value(row, &usual, "FormerUPN"),
        upn_unknown: value(row, &usual, "UPNunknown"),
        birth: date(row, &usual, "PersonBirthDate"),
        expected_birth: date(row, &usual, "ExpectedPersonBirthDate"),
        gender_current: None,
        sex: value(row, &usual, "Sex"),
        death: date(row, &usual, "PersonDeathDate"),
    };
    message.children.push(child);
}

fn child(message: &mut Message) -> &mut Child {
    if message.children.is_empty() {
        let empty = CaseRow {
            table: "ChildIdentifiers".to_owned(),
            fields: Vec::new(),
        };
        begin_child(message, &empty);
    }
    message.children.last_mut().expect("a child was begun")
}

fn begin_details(message: &mut Message, row: &CaseRow) {
    let record = CinDetails {
        referral_date: date(row, DETAILS, "CINreferralDate"),
        referral_source: value(row, DETAILS, "ReferralSource"),
        primary_need: value(row, DETAILS, "PrimaryNeedCode"),
        closure_date: date(row, DETAILS, "CINclosureDate"),
        reason_for_closure: value(row, DETAILS, "ReasonForClosure"),
        initial_cpc: date(row, DETAILS, "DateOfInitialCPC"),
        referral_nfa: value(row, DETAILS, "ReferralNFA"),
        ..CinDetails::default()
    };
    child(message).details.push(record);
}

fn details(message: &mut Message) -> &mut CinDetails {
    if child(message).details.is_empty() {
        let empty = CaseRow {
            table: "CINdetails".to_owned(),
            fields: Vec::new(),
        };
        begin_details(message, &empty);
    }
    child(message).details.last_mut().expect("begun above")
}

/// Every example goes through the writer, the reader and the whole engine,
/// so that rows are those of a real file.
#[test]
fn every_example_of_every_rule_comes_out_as_its_text_says() {
    let rules = catalogue(YEAR).unwrap();
    let mut wrong = Vec::new();
    for checked in &rules.rules {
        for case in &checked.rule.cases {
            let mut file = Vec::new();
            write_all(&message(case), &mut file).unwrap();
            let report =
                check("case.xml", file.as_slice(), Options { year: YEAR }, &|_| {}).unwrap();
            let mut found = BTreeSet::new();
            for finding in report.findings.iter().filter(|f| f.rule == checked.code) {
                for row in &finding.rows {
                    found.insert(format!("{} {}", row.table, row.row));
                    for cell in &row.cells {
                        assert!(
                            known_field(row.table, cell.field),
                            "{}: {} has no {}",
                            checked.code,
                            row.table,
                            cell.field
                        );
                    }
                }
            }
            if report.whole.iter().any(|whole| whole.rule == checked.code) {
                found.insert("return".to_owned());
            }
            let expected: BTreeSet<String> = case.finds.iter().cloned().collect();
            if found != expected {
                wrong.push(format!(
                    "{} \"{}\": found {found:?}, should find {expected:?}",
                    checked.code, case.is
                ));
            }
            assert_eq!(report.not_run, [], "{}", checked.code);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn known_field(table: &str, field: &str) -> bool {
    let fields = match table {
        "Header" => Header::FIELDS,
        "ChildIdentifiers" => ChildIdentifiers::FIELDS,
        "ChildCharacteristics" => super::super::model::ChildCharacteristics::FIELDS,
        "Disabilities" => Disability::FIELDS,
        "CINdetails" => CinDetails::FIELDS,
        "Assessments" => Assessment::FIELDS,
        "AssessmentFactorsList" => Factor::FIELDS,
        "CINplanDates" => CinPlan::FIELDS,
        "Section47" => Section47::FIELDS,
        "ChildProtectionPlans" => ProtectionPlan::FIELDS,
        "Reviews" => Review::FIELDS,
        _ => &[],
    };
    fields.contains(&field)
}

#[test]
fn every_rule_has_an_example_that_fails_and_one_that_passes() {
    let rules = catalogue(YEAR).unwrap();
    assert_eq!(rules.rules.len(), 109);
    for checked in &rules.rules {
        let cases = &checked.rule.cases;
        assert!(
            cases.iter().any(|case| !case.finds.is_empty()),
            "{}",
            checked.code
        );
        assert!(
            cases.iter().any(|case| case.finds.is_empty()),
            "{}",
            checked.code
        );
    }
}

#[test]
fn every_text_is_listed_by_a_year() {
    let rules = catalogue(YEAR).unwrap();
    let listed: BTreeSet<&str> = rules.set.rules.iter().map(String::as_str).collect();
    for edition in editions("cin") {
        assert!(listed.contains(edition.as_str()), "{edition} is in no year");
    }
}

#[test]
fn kinds_follow_the_codes() {
    for checked in catalogue(YEAR).unwrap().rules {
        let query = checked.code.ends_with('Q');
        let kind = checked.rule.kind.word();
        assert_eq!(
            kind,
            if query { "query" } else { "error" },
            "{}",
            checked.code
        );
        let whole = matches!(checked.check, Check::Whole(_));
        let returns = checked
            .rule
            .cases
            .iter()
            .any(|c| c.finds.iter().any(|f| f == "return"));
        assert_eq!(whole, returns, "{}", checked.code);
    }
}
