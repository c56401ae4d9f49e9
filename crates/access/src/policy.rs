//! Reads `policies/access.toml` and refuses it when it does not make sense.
//!
//! The file is meant to be read by a head of service. Every mistake found in it
//! is reported with its line and what to do, all at once, before the program
//! starts: a rule that is misspelt must never quietly open or close a door.

use crate::facts::{Principal, TieKind};
use crate::matters::{MATTERS, MatterRule};
use crate::section::{Purpose, Section};
use serde::Deserialize;
use std::collections::BTreeSet;
use std::fmt;
use std::ops::Range;
use toml::Spanned;

/// One reviewable rule: a tie, who may use it, what it opens and for what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// The tie that must hold.
    pub tie: TieKind,
    /// The worker needs one of these capabilities to use the tie.
    pub needs: BTreeSet<String>,
    /// For [`TieKind::Family`]: the ties that reach the rest of the household.
    pub through: BTreeSet<TieKind>,
    /// Section classes the rule opens.
    pub opens: BTreeSet<Section>,
    /// What the look may be for.
    pub purposes: BTreeSet<Purpose>,
    /// The reason shown to the worker.
    pub because: String,
    /// Whether the owners of the record are told at once.
    pub tell_owner: bool,
}

impl Rule {
    /// Whether `who` may use this rule's tie, should it hold, for `purpose`.
    pub fn serves(&self, who: &Principal, purpose: Purpose) -> bool {
        self.purposes.contains(&purpose) && self.needs.iter().any(|c| who.can(c))
    }
}

/// Roles that see no case content whatever their ties.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Never {
    /// Role ids.
    pub roles: BTreeSet<String>,
    /// The reason recorded.
    pub because: String,
}

/// The rules in force, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// The date from which this version is in force, as written.
    pub version: String,
    /// In the order of the file; the first that opens a section gives the reason.
    pub rules: Vec<Rule>,
    /// Roles that see nothing.
    pub nevers: Vec<Never>,
    /// Recorded when nothing ties the worker to the person.
    pub no_tie: String,
    /// Recorded when the worker is not at work here.
    pub left: String,
    /// Recorded when there is a personal connection.
    pub conflict: String,
    /// Recorded when the record is restricted.
    pub restricted: String,
    /// Who deals with allegations, complaints and serious incidents.
    pub matters: Vec<MatterRule>,
    /// Recorded when a matter is about the worker who asks.
    pub about_them: String,
    /// Recorded when the post does not deal with that kind of matter.
    pub no_post: String,
}

/// One mistake in the policy file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file, as it was named to [`Policy::parse`].
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}:{}: {} {}",
            self.file, self.line, self.message, self.help
        )
    }
}

impl std::error::Error for Problem {}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "id")]
    _id: String,
    #[serde(rename = "title")]
    _title: String,
    version: toml::value::Datetime,
    #[serde(rename = "strength")]
    _strength: String,
    source: Spanned<String>,
    refused: Refused,
    #[serde(default)]
    never: Vec<NeverEntry>,
    #[serde(default)]
    rule: Vec<Spanned<RuleEntry>>,
    #[serde(default)]
    matter: Vec<MatterEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Refused {
    no_tie: String,
    left: String,
    conflict: String,
    restricted: String,
    about_them: String,
    no_post: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MatterEntry {
    kind: Spanned<String>,
    needs: Spanned<Vec<String>>,
    because: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NeverEntry {
    roles: Spanned<Vec<String>>,
    because: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleEntry {
    tie: Spanned<String>,
    #[serde(default)]
    through: Vec<Spanned<String>>,
    needs: Spanned<Vec<String>>,
    opens: Spanned<Vec<Spanned<String>>>,
    purposes: Spanned<Vec<Spanned<String>>>,
    because: Spanned<String>,
    #[serde(default)]
    tell_owner: bool,
}

impl Policy {
    /// Reads and checks the text of a policy file. `file` is its name, for messages.
    ///
    /// # Errors
    /// Every problem found, in the order of the file.
    pub fn parse(file: &str, text: &str) -> Result<Policy, Vec<Problem>> {
        let mut check = Check {
            file,
            text,
            problems: Vec::new(),
        };
        let raw: File = match toml::from_str(text) {
            Ok(raw) => raw,
            Err(error) => {
                let at = error.span().unwrap_or(0..0);
                check.say(at, error.message(), "Correct the line and start again.");
                return Err(check.problems);
            }
        };
        check.filled(&raw.source, "source");
        let nevers = raw.never.iter().map(|n| check.never(n)).collect();
        let rules: Vec<Rule> = raw
            .rule
            .iter()
            .filter_map(|r| check.rule(r.get_ref()))
            .collect();
        let matters = check.matters(&raw.matter);
        check.repeats(&raw.rule);
        check.complete(&raw.rule);
        if !check.problems.is_empty() {
            check.problems.sort_by_key(|p| p.line);
            return Err(check.problems);
        }
        Ok(Policy {
            version: raw.version.to_string(),
            rules,
            nevers,
            no_tie: raw.refused.no_tie,
            left: raw.refused.left,
            conflict: raw.refused.conflict,
            restricted: raw.refused.restricted,
            matters,
            about_them: raw.refused.about_them,
            no_post: raw.refused.no_post,
        })
    }

    /// The ban on this worker's role, if there is one.
    pub fn never(&self, who: &Principal) -> Option<&Never> {
        self.nevers.iter().find(|n| n.roles.contains(&who.role))
    }

    /// Every capability the rules ask for, to compare with the pack's roles: a
    /// capability that no role has is a rule that nobody can use.
    pub fn capabilities(&self) -> BTreeSet<&str> {
        self.rules
            .iter()
            .map(|rule| &rule.needs)
            .chain(self.matters.iter().map(|rule| &rule.needs))
            .flat_map(|needs| needs.iter().map(String::as_str))
            .collect()
    }
}

/// Collects problems, with lines counted from byte offsets.
struct Check<'a> {
    file: &'a str,
    text: &'a str,
    problems: Vec<Problem>,
}

impl Check<'_> {
    fn say(&mut self, at: Range<usize>, message: impl Into<String>, help: impl Into<String>) {
        let before = self.text.as_bytes().iter().take(at.start);
        self.problems.push(Problem {
            file: self.file.to_owned(),
            line: 1 + before.filter(|b| **b == b'\n').count(),
            message: message.into(),
            help: help.into(),
        });
    }

    fn filled(&mut self, words: &Spanned<String>, name: &str) {
        if words.get_ref().trim().is_empty() {
            self.say(
                words.span(),
                format!("\"{name}\" is empty."),
                "Write it in a sentence.",
            );
        }
    }

    fn never(&mut self, entry: &NeverEntry) -> Never {
        self.filled(&entry.because, "because");
        if entry.roles.get_ref().is_empty() {
            self.say(
                entry.roles.span(),
                "\"roles\" is empty.",
                "Name a role, or remove the entry.",
            );
        }
        let roles = entry.roles.get_ref().iter().cloned().collect();
        Never {
            roles,
            because: entry.because.get_ref().clone(),
        }
    }

    /// Reads a word, or says which words there are.
    fn word<T: Copy>(
        &mut self,
        word: &Spanned<String>,
        kind: &str,
        parse: impl Fn(&str) -> Option<T>,
        known: &[&str],
    ) -> Option<T> {
        let read = parse(word.get_ref());
        if read.is_none() {
            self.say(
                word.span(),
                format!("\"{}\" is not a {kind}.", word.get_ref()),
                format!("Use one of: {}.", known.join(", ")),
            );
        }
        read
    }

    /// Who deals with matters: each kind once, and none forgotten.
    fn matters(&mut self, entries: &[MatterEntry]) -> Vec<MatterRule> {
        let mut rules: Vec<MatterRule> = Vec::new();
        for entry in entries {
            let parse = |word: &str| MATTERS.into_iter().find(|kind| *kind == word);
            let Some(kind) = self.word(&entry.kind, "kind of matter", parse, &MATTERS) else {
                continue;
            };
            self.filled(&entry.because, "because");
            if entry.needs.get_ref().is_empty() {
                let help = "An empty list opens nothing: name a capability.";
                self.say(entry.needs.span(), "\"needs\" is empty.", help);
            }
            if rules.iter().any(|rule| rule.kind == kind) {
                let message = format!("A second rule for \"{kind}\".");
                self.say(entry.kind.span(), message, "Join the two into one.");
            }
            rules.push(MatterRule {
                kind: kind.to_owned(),
                needs: entry.needs.get_ref().iter().cloned().collect(),
                because: entry.because.get_ref().clone(),
            });
        }
        for kind in MATTERS {
            if !rules.iter().any(|rule| rule.kind == kind) {
                let end = self.text.len()..self.text.len();
                let help = "Add a [[matter]] that says who deals with it.";
                self.say(
                    end,
                    format!("Nobody deals with the matter \"{kind}\"."),
                    help,
                );
            }
        }
        rules
    }

    fn rule(&mut self, entry: &RuleEntry) -> Option<Rule> {
        let found = self.problems.len();
        let ties = TieKind::ALL.map(TieKind::as_str);
        let tie = self.word(&entry.tie, "tie", TieKind::parse, &ties);
        let mut through = BTreeSet::new();
        let carriers = TieKind::CARRIERS.map(TieKind::as_str);
        for word in &entry.through {
            let parse = |w: &str| TieKind::parse(w).filter(|t| TieKind::CARRIERS.contains(t));
            through.extend(self.word(word, "tie that reaches a household", parse, &carriers));
        }
        if (tie == Some(TieKind::Family)) == entry.through.is_empty() && tie.is_some() {
            self.say(
                entry.tie.span(),
                "\"through\" belongs to the tie \"family\", and that tie needs it.",
                "List there the ties that reach the rest of the household.",
            );
        }
        let mut opens = BTreeSet::new();
        for word in entry.opens.get_ref() {
            let known = Section::ALL.map(Section::as_str);
            opens.extend(self.word(word, "section", Section::parse, &known));
        }
        for section in &opens {
            if let Some(base) = section.rests_on().filter(|base| !opens.contains(base)) {
                let (section, base) = (section.as_str(), base.as_str());
                self.say(
                    entry.opens.span(),
                    format!("\"{section}\" is opened without \"{base}\"."),
                    format!("Add \"{base}\", or take \"{section}\" out."),
                );
            }
        }
        let mut purposes = BTreeSet::new();
        for word in entry.purposes.get_ref() {
            let known = Purpose::ALL.map(Purpose::as_str);
            purposes.extend(self.word(word, "purpose", Purpose::parse, &known));
        }
        for (empty, span, name) in [
            (
                entry.opens.get_ref().is_empty(),
                entry.opens.span(),
                "opens",
            ),
            (
                entry.purposes.get_ref().is_empty(),
                entry.purposes.span(),
                "purposes",
            ),
            (
                entry.needs.get_ref().is_empty(),
                entry.needs.span(),
                "needs",
            ),
        ] {
            if empty {
                let help = "An empty list opens nothing: fill it, or remove the rule.";
                self.say(span, format!("\"{name}\" is empty."), help);
            }
        }
        self.filled(&entry.because, "because");
        if self.problems.len() > found {
            return None;
        }
        Some(Rule {
            tie: tie?,
            needs: entry.needs.get_ref().iter().cloned().collect(),
            through,
            opens,
            purposes,
            because: entry.because.get_ref().clone(),
            tell_owner: entry.tell_owner,
        })
    }

    /// Two rules for one tie and one capability would leave a reader guessing.
    fn repeats(&mut self, rules: &[Spanned<RuleEntry>]) {
        let mut seen = BTreeSet::new();
        for entry in rules.iter().map(Spanned::get_ref) {
            let tie = entry.tie.get_ref();
            for need in entry.needs.get_ref() {
                // Looking and writing may open different sections.
                let mut purposes = entry.purposes.get_ref().iter().map(Spanned::get_ref);
                if !purposes.all(|purpose| seen.insert((tie, need, purpose))) {
                    self.say(
                        entry.tie.span(),
                        format!(
                            "A second rule for \"{tie}\" and \"{need}\" with the same purpose."
                        ),
                        "Join the two rules into one.",
                    );
                }
            }
        }
    }

    /// Silence about a tie is an oversight, not a decision.
    fn complete(&mut self, rules: &[Spanned<RuleEntry>]) {
        for tie in TieKind::ALL.map(TieKind::as_str) {
            if !rules.iter().any(|r| r.get_ref().tie.get_ref() == tie) {
                let end = self.text.len()..self.text.len();
                let help = "Add a rule that says what it opens.";
                self.say(end, format!("No rule speaks of the tie \"{tie}\"."), help);
            }
        }
    }
}
