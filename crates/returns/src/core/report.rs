//! What came out of a check, before it is drawn as text, lines, a table or a
//! page: the findings with all that is needed to understand them.

use std::collections::BTreeMap;

use super::finding::{Finding, NotRun, WholeFinding};
use super::problem::Problem;
use super::rule::{Rule, Severity};

/// The outcome of checking one return.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// The return's name: "Children in need census".
    pub title: String,
    /// The year in words: "2025-26".
    pub year: String,
    /// The file or folder that was checked.
    pub file: String,
    /// How many children were read.
    pub children: u64,
    /// How many records were read, table by table.
    pub records: Vec<(&'static str, u64)>,
    /// The texts of the year's rules.
    pub rules: Vec<Rule>,
    /// Trouble in reading, in the order of the file.
    pub problems: Vec<Problem>,
    /// How many more troubles there were than are kept.
    pub more_problems: u64,
    /// What the rules found about rows.
    pub findings: Vec<Finding>,
    /// What the rules found about the whole return.
    pub whole: Vec<WholeFinding>,
    /// Rules that could not be judged.
    pub not_run: Vec<NotRun>,
}

/// What one rule found.
#[derive(Debug, Clone)]
pub struct ByRule<'a> {
    /// The rule.
    pub rule: &'a Rule,
    /// Its findings about rows.
    pub findings: Vec<&'a Finding>,
    /// Its finding about the whole return.
    pub whole: Option<&'a WholeFinding>,
    /// Different children among the findings.
    pub children: usize,
}

impl Report {
    /// Puts the findings into the order of the file: by the first row's
    /// table, row and then rule. The order does not depend on how many
    /// threads checked.
    pub fn sort(&mut self) {
        let place: BTreeMap<&str, usize> = self
            .rules
            .iter()
            .enumerate()
            .map(|(at, rule)| (rule.code.as_str(), at))
            .collect();
        let key = |code: &str| place.get(code).copied().unwrap_or(usize::MAX);
        self.findings
            .sort_by(|a, b| key(a.rule).cmp(&key(b.rule)).then(a.rows.cmp(&b.rows)));
        self.whole.sort_by_key(|whole| key(whole.rule));
        self.not_run.sort_by_key(|not_run| key(not_run.rule));
    }

    /// The text of a rule.
    pub fn rule(&self, code: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.code == code)
    }

    /// The findings by rule, rules without findings left out, errors first.
    pub fn by_rule(&self) -> Vec<ByRule<'_>> {
        let mut rows: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
        for finding in &self.findings {
            rows.entry(finding.rule).or_default().push(finding);
        }
        let mut all: Vec<ByRule<'_>> = self
            .rules
            .iter()
            .filter_map(|rule| {
                let findings = rows.remove(rule.code.as_str()).unwrap_or_default();
                let whole = self.whole.iter().find(|whole| whole.rule == rule.code);
                if findings.is_empty() && whole.is_none() {
                    return None;
                }
                let mut children: Vec<&str> = findings.iter().map(|f| f.child.as_ref()).collect();
                children.sort_unstable();
                children.dedup();
                Some(ByRule {
                    rule,
                    whole,
                    children: children.len(),
                    findings,
                })
            })
            .collect();
        all.sort_by_key(|one| one.rule.kind);
        all
    }

    /// The findings by child, in the order of the children's numbers.
    pub fn by_child(&self) -> BTreeMap<&str, Vec<&Finding>> {
        let mut children: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
        for finding in &self.findings {
            children
                .entry(finding.child.as_ref())
                .or_default()
                .push(finding);
        }
        children
    }

    /// How many findings (rows and whole) there are of a kind.
    pub fn count(&self, kind: Severity) -> usize {
        let of_kind = |code: &str| self.rule(code).is_some_and(|rule| rule.kind == kind);
        let mut by_code: BTreeMap<&str, usize> = BTreeMap::new();
        for finding in &self.findings {
            *by_code.entry(finding.rule).or_default() += 1;
        }
        let rows: usize = by_code
            .iter()
            .filter(|(code, _)| of_kind(code))
            .map(|(_, count)| count)
            .sum();
        rows + self.whole.iter().filter(|w| of_kind(w.rule)).count()
    }

    /// Whether part of the return could not be read.
    pub fn incomplete(&self) -> bool {
        self.problems.iter().any(|problem| problem.stops)
    }

    /// The exit code of a check: 0 clean, 1 something was found, 2 the return
    /// could not be checked, or not all of it.
    pub fn exit_code(&self) -> u8 {
        let found = !(self.findings.is_empty() && self.whole.is_empty());
        if self.incomplete() {
            2
        } else {
            u8::from(found || !self.problems.is_empty())
        }
    }
}
