//! Runs a year's rules over a return, child by child on all processors.

use std::collections::{HashMap, HashSet};

use rayon::prelude::*;

use super::child::{Child, Context, Groups, Tables};
use super::codes::Codes;
use super::collection::Collection;
use super::derive;
use super::hits::{Check, Hits};
use super::providers;
use super::read::Loaded;
use super::rules;
use super::tables::{Field, Table};
use crate::core::catalogue::{CatalogueError, Checked};
use crate::core::guard::fenced;
use crate::core::{Catalogue, Finding, Need, NotRun, Reference, Report, Rule};

/// How many children one piece of work takes.
const CHUNK: u32 = 256;

/// The rules of a year with their checks.
///
/// # Errors
/// The year has no list of rules, or a text does not read.
pub fn catalogue(year: u16) -> Result<Catalogue<Check>, CatalogueError> {
    Catalogue::load("ssda903", year, &rules::all())
}

/// A rule that can run, ready for the children.
struct Ready<'c> {
    code: &'static str,
    run: super::hits::Run,
    fields: Vec<Field>,
    /// The tables it looks at, as bits: this year's, then last year's.
    looks_at: u32,
    rule: &'c Rule,
}

/// Checks a return against the rules of its collection.
///
/// # Errors
/// The year has no list of rules, or a list or code set of the program does
/// not read.
pub fn check(
    loaded: Loaded,
    collection: &Collection,
    reference: &Reference,
) -> Result<Report, CatalogueError> {
    check_by(&catalogue(collection.year)?, loaded, collection, reference)
}

/// Checks a return against rules that were loaded before.
///
/// # Errors
/// A code set of the program does not read.
pub fn check_by(
    catalogue: &Catalogue<Check>,
    loaded: Loaded,
    collection: &Collection,
    reference: &Reference,
) -> Result<Report, CatalogueError> {
    let codes = Codes::load(collection.year).map_err(|message| CatalogueError::Text {
        file: "codes/ssda903.toml".to_owned(),
        message,
    })?;
    let Loaded {
        mut this,
        mut last,
        troubles,
        xml,
    } = loaded;
    let flag = xml || has(&this, Table::Header, Field::UASC);
    for tables in [&mut this, &mut last] {
        derive::flags(tables);
        if let Some(postcodes) = &reference.postcodes {
            derive::places(tables, postcodes, collection.authority.as_deref());
        }
    }
    let context = Context {
        providers: providers::known(&this, reference),
        postcodes: reference.postcodes.as_ref(),
        doubled_upns: doubled(&this),
        period: collection.period,
        year: collection.year,
        authority: collection.authority.as_deref(),
        this: &this,
        last: &last,
        codes,
        xml: flag,
    };
    let mut ready = Vec::with_capacity(catalogue.rules.len());
    let mut not_run = Vec::new();
    for checked in &catalogue.rules {
        match cause(checked, &context, reference) {
            Some(cause) => not_run.push(NotRun {
                rule: checked.code,
                cause,
                child: None,
            }),
            None => ready.push(prepare(checked)),
        }
    }
    let groups = Groups::of(&this, &last);
    let (findings, broken) = children(&context, &groups, &ready);
    not_run.extend(broken);
    let records = this
        .iter()
        .flatten()
        .map(|data| (data.name(), u64::from(data.len())));
    let records_last = last
        .iter()
        .flatten()
        .map(|data| (data.name(), u64::from(data.len())));
    let mut report = Report {
        title: "Children looked after (SSDA903)".to_owned(),
        year: catalogue.set.label.clone(),
        children: u64::from(groups.len()),
        records: records.chain(records_last).collect(),
        problems: troubles.kept,
        more_problems: troubles.more,
        findings,
        not_run,
        rules: catalogue
            .rules
            .iter()
            .map(|checked| checked.rule.clone())
            .collect(),
        ..Report::default()
    };
    report.sort();
    Ok(report)
}

fn has(tables: &Tables, table: Table, field: Field) -> bool {
    tables[table as usize]
        .as_ref()
        .is_some_and(|data| data.has(field))
}

/// Real pupil numbers that stand in more than one row of Header.
fn doubled(tables: &Tables) -> HashSet<&str> {
    let mut seen: HashMap<&str, u32> = HashMap::new();
    for row in tables[Table::Header as usize]
        .iter()
        .flat_map(|data| data.rows())
    {
        let upn = row.text(Field::UPN);
        if !upn.is_empty() && !row.any(Field::UPN, &["UN1", "UN2", "UN3", "UN4", "UN5"]) {
            *seen.entry(upn).or_default() += 1;
        }
    }
    seen.into_iter()
        .filter(|(_, count)| *count > 1)
        .map(|(upn, _)| upn)
        .collect()
}

/// Why a rule cannot run on this return; `None` when it can.
fn cause(checked: &Checked<Check>, context: &Context<'_>, reference: &Reference) -> Option<String> {
    let rule = &checked.rule;
    let given: Vec<Field> = fields(rule);
    let file_has_places = context.this[Table::Episodes as usize]
        .as_ref()
        .is_some_and(|data| {
            given
                .iter()
                .filter(|f| f.is_derived())
                .all(|f| data.has(*f))
        });
    for need in &rule.needs {
        let there = match need {
            Need::Postcodes => {
                reference.postcodes.is_some()
                    || file_has_places && given.iter().any(|f| f.is_derived())
            }
            Need::Providers => reference.providers.is_some(),
            Need::LastYear => context.last.iter().any(Option::is_some),
        };
        if !there {
            return Some(need.cause().to_owned());
        }
    }
    for name in &rule.tables {
        let Some((table, last)) = Table::from_name(name) else {
            continue;
        };
        let tables = if last { context.last } else { context.this };
        let optional = checked.check.optional.contains(&name.as_str());
        match &tables[table as usize] {
            None if optional => {}
            None if last => {
                return Some(format!(
                    "Needs last year's file {}.csv, which was not given",
                    table.file()
                ));
            }
            None => {
                return Some(format!(
                    "Needs the file {}.csv, which was not given",
                    table.file()
                ));
            }
            Some(data) => {
                let missing = given.iter().find(|field| {
                    super::hits::belongs(table, **field)
                        && !field.is_derived()
                        && **field != Field::UASC
                        && !data.has(**field)
                });
                if let Some(missing) = missing {
                    return Some(format!(
                        "Needs the column {} of {}.csv, which the file has not got",
                        missing.name(),
                        table.file()
                    ));
                }
            }
        }
    }
    let status = rules::NEED_STATUS
        .iter()
        .find(|(code, _)| *code == checked.code);
    if let Some((_, years)) = status {
        let knows = |tables: &Tables| {
            tables[Table::UASC as usize].is_some() || has(tables, Table::Header, Field::UASC)
        };
        let (this, last) = (knows(context.this), knows(context.last));
        let enough = match years {
            rules::Years::This => this,
            rules::Years::Either => this || last,
            rules::Years::Both => this && last,
        };
        if !enough {
            let missing = match (years, this) {
                (rules::Years::Both, true) => {
                    "Needs last year's file uasc.csv, which was not given"
                }
                (rules::Years::Both, false) if last => {
                    "Needs the file uasc.csv, which was not given"
                }
                (rules::Years::Both, false) => {
                    "Needs the file uasc.csv and last year's file of it, which were not given"
                }
                _ => "Needs the file uasc.csv, which was not given",
            };
            return Some(missing.to_owned());
        }
    }
    let by_authority = given.contains(&Field::PL_LOCATION) && !file_has_places;
    if (by_authority || rules::NEED_AUTHORITY.contains(&checked.code))
        && context.authority.is_none()
    {
        return Some(
            "Needs the responsible authority's code: give localAuthority in the --meta file"
                .to_owned(),
        );
    }
    if rules::NEED_FLAG.contains(&checked.code) && !context.xml {
        return Some("Only for the XML form: the CSV file of Header has no UASC column".to_owned());
    }
    None
}

fn fields(rule: &Rule) -> Vec<Field> {
    let named = |name: &String| {
        Field::ALL
            .iter()
            .copied()
            .find(|field| field.name() == name)
    };
    rule.fields.iter().filter_map(named).collect()
}

fn prepare(checked: &Checked<Check>) -> Ready<'_> {
    let bits = checked
        .rule
        .tables
        .iter()
        .filter_map(|name| Table::from_name(name));
    let looks_at = bits.map(|(table, last)| 1u32 << (table as u32 + if last { 12 } else { 0 }));
    Ready {
        code: checked.code,
        run: checked.check.run,
        fields: fields(&checked.rule),
        looks_at: looks_at.fold(0, |all, bit| all | bit),
        rule: &checked.rule,
    }
}

fn children(
    context: &Context<'_>,
    groups: &Groups,
    ready: &[Ready<'_>],
) -> (Vec<Finding>, Vec<NotRun>) {
    let chunks = groups.len().div_ceil(CHUNK);
    let parts: Vec<(Vec<Finding>, Vec<NotRun>)> = (0..chunks)
        .into_par_iter()
        .map(|chunk| {
            let mut child = Child::empty(context);
            let mut findings = Vec::new();
            let mut broken = Vec::new();
            for number in chunk * CHUNK..(chunk * CHUNK + CHUNK).min(groups.len()) {
                child.load(groups, number);
                let there = child.tables_with_rows();
                for rule in ready.iter().filter(|rule| rule.looks_at & there != 0) {
                    let mut hits = Hits::new(rule.code, &rule.fields, child.id());
                    match fenced(|| (rule.run)(&child, &mut hits)) {
                        Ok(()) => findings.extend(hits.found()),
                        Err(message) => broken.push(NotRun {
                            rule: rule.code,
                            cause: format!("The check of rule {} failed for this child: {message}. Please report it", rule.rule.code),
                            child: Some(child.id().into()),
                        }),
                    }
                }
            }
            (findings, broken)
        })
        .collect();
    let mut findings = Vec::with_capacity(parts.iter().map(|(found, _)| found.len()).sum());
    let mut broken = Vec::new();
    for (found, bad) in parts {
        findings.extend(found);
        broken.extend(bad);
    }
    (findings, broken)
}
