//! Checks a census file with all cores: one thread reads child by child,
//! batches of children are checked beside it, and only findings and counts
//! are kept, so that memory follows the findings and not the file.

use std::io::Read;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::model::{Child, Header};
use super::read::{Counts, Reader};
use super::rules::{Check, Context, Found, Tally, catalogue};
use crate::core::Catalogue;
use crate::core::catalogue::Checked;
use crate::core::finding::{Finding, NotRun, Touched, WholeFinding};
use crate::core::guard::fenced;
use crate::core::report::Report;

/// How many children are checked in one go.
const BATCH: usize = 128;
/// How many batches may wait; then the reading thread helps.
const WAITING: usize = 8;

/// How a census is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// The census year: 2026 for 2025-26.
    pub year: u16,
}

/// An identifier as it stands on one child.
struct Seen {
    rule: usize,
    value: Box<str>,
    row: usize,
    child: Box<str>,
}

/// What one batch gave.
#[derive(Default)]
struct Outcome {
    findings: Vec<Finding>,
    seen: Vec<Seen>,
    not_run: Vec<NotRun>,
    tally: Tally,
}

impl Outcome {
    fn merge(&mut self, other: Self) {
        self.findings.extend(other.findings);
        self.seen.extend(other.seen);
        self.not_run.extend(other.not_run);
        self.tally.merge(other.tally);
    }
}

/// Checks a census file. `progress` hears now and then how many children were
/// read.
///
/// # Errors
/// When there are no rules for the year. Trouble with the file is in the
/// report.
pub fn check(
    file: &str,
    inner: impl Read + Send,
    options: Options,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Report, String> {
    let rules = catalogue(options.year).map_err(|error| error.to_string())?;
    check_by(rules, file, inner, options, progress)
}

/// Checks a census file by rules that were loaded before.
///
/// # Errors
/// When the year has no calendar of its own. Trouble with the file is in the
/// report.
pub fn check_by(
    rules: Catalogue<Check>,
    file: &str,
    inner: impl Read + Send,
    options: Options,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Report, String> {
    let mut reader = Reader::new(file, inner);
    let mut waiting: Vec<Child> = reader.next_child().into_iter().collect();
    let reference = reader.header().and_then(|header| header.reference_date.day);
    let context = Context::new(options.year, reference)?;

    let total = Mutex::new(Outcome::default());
    let in_flight = AtomicUsize::new(0);
    let add = |outcome: Outcome| {
        // A poisoned lock would mean a panic outside the fence; what is there is kept.
        let mut total = total
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        total.merge(outcome);
    };
    let (reader, children) = rayon::scope(|scope| {
        let mut children = waiting.len() as u64;
        loop {
            let next = reader.next_child();
            let ended = next.is_none();
            children += u64::from(!ended);
            waiting.extend(next);
            if waiting.len() < BATCH && !ended {
                continue;
            }
            let batch = std::mem::replace(&mut waiting, Vec::with_capacity(BATCH));
            progress(children);
            if in_flight.load(Ordering::Relaxed) >= WAITING {
                add(check_batch(&rules.rules, &context, &batch));
            } else {
                in_flight.fetch_add(1, Ordering::Relaxed);
                let (rules, context, in_flight, add) = (&rules.rules, &context, &in_flight, &add);
                scope.spawn(move |_| {
                    add(check_batch(rules, context, &batch));
                    in_flight.fetch_sub(1, Ordering::Relaxed);
                });
            }
            if ended {
                return (reader, children);
            }
        }
    });
    let total = total
        .into_inner()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    Ok(finish(
        file, options, rules, &context, reader, children, total,
    ))
}

fn finish<R: Read>(
    file: &str,
    options: Options,
    rules: Catalogue<Check>,
    context: &Context,
    reader: Reader<R>,
    children: u64,
    mut total: Outcome,
) -> Report {
    let mut report = Report {
        title: "Children in need census".to_owned(),
        year: rules.set.label.clone(),
        file: file.to_owned(),
        children,
        records: records(reader.counts(), reader.header().is_some()),
        ..Report::default()
    };
    check_header(&rules.rules, context, reader.header(), &mut total);
    let (problems, more) = reader.into_problems();
    report.problems = problems;
    report.more_problems = more;
    let incomplete = report.incomplete();
    for checked in &rules.rules {
        let Check::Whole(judge) = checked.check else {
            continue;
        };
        if incomplete {
            report.not_run.push(NotRun {
                rule: checked.code,
                cause: "Part of the file could not be read, and this rule counts over all of it"
                    .to_owned(),
                child: None,
            });
            continue;
        }
        match fenced(|| judge(&total.tally)) {
            Ok(Some(because)) => report.whole.push(WholeFinding {
                rule: checked.code,
                because,
            }),
            Ok(None) => {}
            Err(panic) => report.not_run.push(broke(checked.code, None, &panic)),
        }
    }
    repeats(&rules.rules, &mut total);
    report.findings = total.findings;
    report.not_run.extend(total.not_run);
    report.rules = rules
        .rules
        .into_iter()
        .map(|checked| checked.rule)
        .collect();
    debug_assert_eq!(options.year, rules.set.year);
    report.sort();
    report
}

fn records(counts: Counts, header: bool) -> Vec<(&'static str, u64)> {
    [
        ("Header", usize::from(header)),
        ("ChildIdentifiers", counts.identifiers),
        ("ChildCharacteristics", counts.characteristics),
        ("Disabilities", counts.disabilities),
        ("CINdetails", counts.details),
        ("Assessments", counts.assessments),
        ("AssessmentFactorsList", counts.factors),
        ("CINplanDates", counts.plans),
        ("Section47", counts.section47),
        ("ChildProtectionPlans", counts.protection),
        ("Reviews", counts.reviews),
    ]
    .map(|(table, count)| (table, count as u64))
    .to_vec()
}

/// A check that panicked: a mistake in the program, told and not hidden.
fn broke(rule: &'static str, child: Option<&str>, panic: &str) -> NotRun {
    NotRun {
        rule,
        cause: format!("The check itself failed ({panic}): please report it"),
        child: child.map(Into::into),
    }
}

fn check_batch(rules: &[Checked<Check>], context: &Context, children: &[Child]) -> Outcome {
    let mut outcome = Outcome::default();
    for child in children {
        check_child(rules, context, child, &mut outcome);
        outcome.tally.add(context, child);
    }
    outcome
}

fn check_child(rules: &[Checked<Check>], context: &Context, child: &Child, to: &mut Outcome) {
    for (at, checked) in rules.iter().enumerate() {
        match checked.check {
            Check::Child(check) => {
                let before = to.findings.len();
                let result = fenced(|| {
                    let mut found = Found {
                        rule: checked.code,
                        child: child.id(),
                        out: &mut to.findings,
                    };
                    check(context, child, &mut found);
                });
                if let Err(panic) = result {
                    to.findings.truncate(before);
                    to.not_run
                        .push(broke(checked.code, Some(child.id()), &panic));
                }
            }
            Check::Repeats(_, value) => {
                if let Some(value) = value(child) {
                    to.seen.push(Seen {
                        rule: at,
                        value: value.clone(),
                        row: child.identifiers.row,
                        child: child.id().into(),
                    });
                }
            }
            Check::Header(_) | Check::Whole(_) => {}
        }
    }
}

fn check_header(
    rules: &[Checked<Check>],
    context: &Context,
    header: Option<&Header>,
    to: &mut Outcome,
) {
    for checked in rules {
        if let Check::Header(check) = checked.check {
            let result = fenced(|| {
                let mut found = Found {
                    rule: checked.code,
                    child: "",
                    out: &mut to.findings,
                };
                check(context, header, &mut found);
            });
            if let Err(panic) = result {
                to.not_run.push(broke(checked.code, None, &panic));
            }
        }
    }
}

/// Finds identifiers that stand on more than one child.
fn repeats(rules: &[Checked<Check>], total: &mut Outcome) {
    let mut seen = std::mem::take(&mut total.seen);
    seen.sort_unstable_by(|a, b| (a.rule, &a.value, a.row).cmp(&(b.rule, &b.value, b.row)));
    for alike in seen.chunk_by(|a, b| a.rule == b.rule && a.value == b.value) {
        let [first, _, ..] = alike else {
            continue;
        };
        let Some(checked) = rules.get(first.rule) else {
            continue;
        };
        let Check::Repeats(field, _) = checked.check else {
            continue;
        };
        for one in alike {
            let row = Touched::new("ChildIdentifiers", one.row);
            total.findings.push(Finding {
                rule: checked.code,
                child: one.child.clone(),
                rows: vec![row.with(field, Some(&one.value))],
            });
        }
    }
}
