//! The rules of one return in one year: texts and checks joined. Which rules
//! a year has stands in `rules/<return>/<year>.toml`, so that next year's set
//! is a new file. A rule whose meaning changes gets a new edition beside the
//! old one: `8620@2027.toml`, listed as "8620@2027".

use std::collections::{BTreeMap, BTreeSet};

use rust_embed::RustEmbed;
use serde::Deserialize;

use super::rule::{Need, Rule};

#[derive(RustEmbed)]
#[folder = "rules/"]
struct Texts;

/// The list of one year's rules.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct YearSet {
    /// The year in which the collection ends: 2026 for 2025-26.
    pub year: u16,
    /// The year in words: "2025-26".
    pub label: String,
    /// Where the list comes from.
    pub source: String,
    /// The editions of the rules, in order.
    pub rules: Vec<String>,
}

/// A rule with the function that checks it.
#[derive(Debug, Clone)]
pub struct Checked<F> {
    /// The code, as findings carry it.
    pub code: &'static str,
    /// The text.
    pub rule: Rule,
    /// The check.
    pub check: F,
}

/// Whether a rule is checked in a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RuleState {
    /// Checked with the return alone.
    Checked,
    /// Checked only when these are given; otherwise "not run", never passed.
    Needs(Vec<Need>),
    /// Not among the rules of this year.
    NotInYear,
}

/// All rules of one return, those of one year with their checks.
#[derive(Debug, Clone)]
pub struct Catalogue<F> {
    /// The year's list.
    pub set: YearSet,
    /// The rules of the year in the list's order.
    pub rules: Vec<Checked<F>>,
    /// Rules that other years have and this one has not, in order of code.
    pub elsewhere: Vec<Rule>,
}

/// A catalogue that does not hold together. Tests make sure that the built-in
/// ones do; a reader of a year that is not there meets `NoYear`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CatalogueError {
    /// There is no list of rules for this year.
    #[error("there are no {return_name} rules for {year}; the years with rules are {known}")]
    NoYear {
        /// The return's folder.
        return_name: String,
        /// The year asked for.
        year: u16,
        /// The years that there are.
        known: String,
    },
    /// A list or text cannot be read.
    #[error("rules/{file}: {message}")]
    Text {
        /// The file in `rules/`.
        file: String,
        /// What is wrong.
        message: String,
    },
}

fn bad(file: &str, message: impl ToString) -> CatalogueError {
    CatalogueError::Text {
        file: file.to_owned(),
        message: message.to_string(),
    }
}

fn text<T: serde::de::DeserializeOwned>(file: &str) -> Result<T, CatalogueError> {
    let found = Texts::get(file).ok_or_else(|| bad(file, "is missing"))?;
    let content = std::str::from_utf8(&found.data).map_err(|e| bad(file, e))?;
    toml::from_str(content).map_err(|e| bad(file, e))
}

/// The years for which a return has a list of rules, oldest first.
pub fn years(return_name: &str) -> Vec<u16> {
    let prefix = format!("{return_name}/");
    let mut years: Vec<u16> = Texts::iter()
        .filter_map(|file| {
            let name = file.strip_prefix(&prefix)?.strip_suffix(".toml")?;
            // Codes of rules may look like years ("2026"): lists live in "years/".
            name.strip_prefix("years/")?.parse().ok()
        })
        .collect();
    years.sort_unstable();
    years
}

impl<F: Copy> Catalogue<F> {
    /// Joins the texts of `rules/<return_name>` with their checks, given as
    /// (edition, function).
    ///
    /// # Errors
    /// When the year has no list, a text does not read, or a rule of the year
    /// has no check.
    pub fn load(
        return_name: &str,
        year: u16,
        checks: &[(&'static str, F)],
    ) -> Result<Self, CatalogueError> {
        let known = years(return_name);
        if !known.contains(&year) {
            let known: Vec<String> = known.iter().map(u16::to_string).collect();
            return Err(CatalogueError::NoYear {
                return_name: return_name.to_owned(),
                year,
                known: known.join(", "),
            });
        }
        let set: YearSet = text(&format!("{return_name}/years/{year}.toml"))?;
        let functions: BTreeMap<&'static str, F> = checks.iter().copied().collect();
        let mut rules = Vec::with_capacity(set.rules.len());
        for edition in &set.rules {
            let file = format!("{return_name}/{edition}.toml");
            let rule: Rule = text(&file)?;
            let Some((name, check)) = functions.get_key_value(edition.as_str()) else {
                return Err(bad(&file, "has no check"));
            };
            let code = name.split('@').next().unwrap_or(name);
            if code != rule.code {
                return Err(bad(&file, format!("holds the rule {}", rule.code)));
            }
            rules.push(Checked {
                code,
                rule,
                check: *check,
            });
        }
        let here: BTreeSet<&str> = rules.iter().map(|checked| checked.code).collect();
        let mut elsewhere = BTreeMap::new();
        for other in known.into_iter().filter(|other| *other != year) {
            let list: YearSet = text(&format!("{return_name}/years/{other}.toml"))?;
            for edition in list.rules {
                let code = edition.split('@').next().unwrap_or(&edition).to_owned();
                if !here.contains(code.as_str()) {
                    let rule: Rule = text(&format!("{return_name}/{edition}.toml"))?;
                    elsewhere.insert(code, rule);
                }
            }
        }
        Ok(Self {
            set,
            rules,
            elsewhere: elsewhere.into_values().collect(),
        })
    }

    /// The rule with a code, if the year has it.
    pub fn rule(&self, code: &str) -> Option<&Checked<F>> {
        self.rules.iter().find(|checked| checked.code == code)
    }

    /// Every rule with its state, those of the year first.
    pub fn states(&self) -> Vec<(&Rule, RuleState)> {
        let here = self.rules.iter().map(|checked| {
            let needs = &checked.rule.needs;
            let state = if needs.is_empty() {
                RuleState::Checked
            } else {
                RuleState::Needs(needs.clone())
            };
            (&checked.rule, state)
        });
        let elsewhere = self
            .elsewhere
            .iter()
            .map(|rule| (rule, RuleState::NotInYear));
        here.chain(elsewhere).collect()
    }
}

/// Every edition that has a text, whether or not a year lists it.
pub fn editions(return_name: &str) -> Vec<String> {
    let prefix = format!("{return_name}/");
    Texts::iter()
        .filter_map(|file| {
            let name = file.strip_prefix(&prefix)?.strip_suffix(".toml")?;
            (!name.contains('/')).then(|| name.to_owned())
        })
        .collect()
}
