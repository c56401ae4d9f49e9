//! Runs the examples in the rules' texts. What an example does not state is
//! blank, but CHILD, which is 1; tables without rows are there and empty. The
//! authority is Birmingham; postcodes and providers are the few below.

use std::collections::BTreeSet;

use super::collection::Collection;
use super::hits::Check;
use super::run::{catalogue, check_by};
use super::tables::{Field, Table};
use super::{Loaded, TableData};
use crate::core::catalogue::{editions, years};
use crate::core::reference::{Postcodes, Providers};
use crate::core::{Case, Catalogue, Reference, Rule};

const POSTCODES: &str = "pcd,laua,easting,northing
B1 1AA,E08000025,406600,286400
B2 2AA,E08000025,407000,287000
CV1 1AA,E08000026,433300,279000
TR1 1AA,E06000052,182500,44800
TD15 1AA,E06000057,399800,652900
CF10 1AA,W06000015,318200,176500
";

const PROVIDERS: &str =
    "URN,Placement code,Placement provider code,Deregistration date,Setting postcode
SC000001,\"U4,U6\",PR4,,B1 1AA
SC000002,K2,PR1/PR4,,CV1 1AA
SC000003,K2,PR4,01/10/2025,B2 2AA
SC000004,K2,PR1/PR2,,B1 1AA
";

fn reference() -> Reference {
    Reference {
        postcodes: Some(Postcodes::read("postcodes.csv", POSTCODES.as_bytes()).unwrap()),
        providers: Some(Providers::read("providers.csv", PROVIDERS.as_bytes()).unwrap()),
    }
}

fn loaded(case: &Case) -> Loaded {
    let mut loaded = Loaded::default();
    for table in Table::ALL {
        loaded.this[table as usize] = Some(TableData::complete(table, false));
        loaded.last[table as usize] = Some(TableData::complete(table, true));
    }
    for row in case.rows().unwrap() {
        let (table, last) = Table::from_name(&row.table).unwrap_or_else(|| panic!("{}", row.table));
        let tables = if last {
            &mut loaded.last
        } else {
            &mut loaded.this
        };
        let data = tables[table as usize].as_mut().unwrap();
        let at = data.push();
        data.set(at, Field::CHILD, "1").unwrap();
        for (name, value) in &row.fields {
            let field = Field::ALL.iter().find(|field| field.name() == name);
            let field = *field.unwrap_or_else(|| panic!("{name} is no field"));
            if field == Field::UASC {
                data.now_has(field);
            }
            data.set(at, field, value).unwrap();
        }
    }
    loaded
}

fn found(
    rule: &Rule,
    case: &Case,
    rules: &Catalogue<Check>,
    reference: &Reference,
) -> Result<BTreeSet<String>, String> {
    let mut collection = Collection::of(rules.set.year).unwrap();
    collection.authority = Some("E08000025".to_owned());
    let report =
        check_by(rules, loaded(case), &collection, reference).map_err(|e| e.to_string())?;
    if let Some(not_run) = report
        .not_run
        .iter()
        .find(|not_run| not_run.rule == rule.code)
    {
        return Err(not_run.cause.clone());
    }
    let findings = report
        .findings
        .iter()
        .filter(|finding| finding.rule == rule.code);
    Ok(findings
        .flat_map(|finding| &finding.rows)
        .map(|row| format!("{} {}", row.table, row.row))
        .collect())
}

#[test]
fn every_example_of_every_rule_finds_what_it_says() {
    let reference = reference();
    let mut wrong = Vec::new();
    let mut cases = 0;
    let this = catalogue(2026).unwrap();
    let next = catalogue(2027).unwrap();
    for rules in [&this, &next] {
        for checked in &rules.rules {
            // What both years have is tried in the earlier one.
            if rules.set.year == 2027 && this.rule(checked.code).is_some() {
                continue;
            }
            for case in &checked.rule.cases {
                cases += 1;
                let expected: BTreeSet<String> = case.finds.iter().cloned().collect();
                match found(&checked.rule, case, rules, &reference) {
                    Ok(found) if found == expected => {}
                    Ok(found) => wrong.push(format!(
                        "{} \"{}\": found {found:?}, not {expected:?}",
                        checked.code, case.is
                    )),
                    Err(cause) => wrong.push(format!("{} \"{}\": {cause}", checked.code, case.is)),
                }
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {cases}:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(cases > 700, "{cases}");
}

#[test]
fn every_text_has_a_check_and_examples_of_both_kinds() {
    let checks: BTreeSet<&str> = super::rules::all()
        .into_iter()
        .map(|(code, _)| code)
        .collect();
    assert_eq!(
        checks.len(),
        super::rules::all().len(),
        "a code has two checks"
    );
    let texts: BTreeSet<String> = editions("ssda903").into_iter().collect();
    assert_eq!(texts.len(), 322);
    for text in &texts {
        assert!(checks.contains(text.as_str()), "{text} has no check");
    }
    for code in &checks {
        assert!(texts.contains(*code), "{code} has no text");
    }
    assert_eq!(years("ssda903"), [2023, 2024, 2025, 2026, 2027]);
    for year in years("ssda903") {
        for checked in catalogue(year).unwrap().rules {
            let rule = checked.rule;
            assert!(
                rule.cases.iter().any(|case| case.finds.is_empty()),
                "{}",
                rule.code
            );
            assert!(
                rule.cases.iter().any(|case| !case.finds.is_empty()),
                "{}",
                rule.code
            );
            for table in &rule.tables {
                assert!(Table::from_name(table).is_some(), "{}: {table}", rule.code);
            }
            for field in &rule.fields {
                assert!(
                    Field::ALL.iter().any(|known| known.name() == field),
                    "{}: {field}",
                    rule.code
                );
            }
        }
    }
}
