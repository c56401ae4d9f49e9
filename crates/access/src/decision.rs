//! One decision about one section of one person's record, with its reason.
//!
//! Deny wins and is the default: a bar, then a role that must never see case
//! content, then the absence of a rule. Emergency access is only one more tie,
//! so it can supply a missing reason to see but never lift a bar. One tie alone
//! goes past a restriction, and past no other bar: the override, which has a
//! right, a reason and an end of its own.

use crate::facts::{Bar, Facts, Principal, Tie, TieKind};
use crate::policy::{Policy, Rule};
use crate::section::{Level, Purpose, Section};

/// The answer to "may this worker see this section of this person's record?"
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Whether the section asked for is open.
    pub allowed: bool,
    /// How far the worker reaches for this purpose, whatever was asked for.
    pub level: Level,
    /// Why, in plain words. When `allowed` it may be shown to the worker. When
    /// not, it is for the journal only: denied and absent look the same.
    pub because: String,
    /// The tie that opened the section.
    pub tie: Option<Tie>,
    /// Whether those who own the record are told of this look at once.
    pub tell_owner: bool,
}

impl Policy {
    /// Decides whether `who` may use `section` for `purpose`, given `facts`.
    pub fn decide(
        &self,
        who: &Principal,
        facts: &Facts,
        purpose: Purpose,
        section: Section,
    ) -> Decision {
        let refusal = self.refusal(who, facts);
        let open = |wanted| match &refusal {
            None => self.opener(who, facts, purpose, wanted, |_| true),
            Some(_) => self.overrider(who, facts, purpose, wanted),
        };
        if let (Some(because), None) = (&refusal, open(section)) {
            return Decision::no(because.clone());
        }
        let level = if open(Section::Record).is_some() {
            Level::Full
        } else if open(Section::Summary).is_some() {
            Level::Summary
        } else if open(Section::Index).is_some() {
            Level::Index
        } else {
            Level::None
        };
        match open(section) {
            Some((rule, tie)) => Decision {
                allowed: true,
                level,
                because: rule.because.clone(),
                tie: Some(tie),
                tell_owner: rule.tell_owner,
            },
            None => Decision {
                level,
                ..Decision::no(self.no_tie.clone())
            },
        }
    }

    /// The bar or the ban that settles it before any tie is looked at.
    fn refusal(&self, who: &Principal, facts: &Facts) -> Option<String> {
        if !who.active {
            return Some(self.left.clone());
        }
        let barred = facts.bar().map(|bar| match bar {
            Bar::Left => self.left.clone(),
            Bar::Conflict => self.conflict.clone(),
            Bar::Restricted { .. } => self.restricted.clone(),
        });
        barred.or_else(|| self.never(who).map(|n| n.because.clone()))
    }

    /// The rule of the override, where a restriction and nothing else bars.
    fn overrider(
        &self,
        who: &Principal,
        facts: &Facts,
        purpose: Purpose,
        section: Section,
    ) -> Option<(&Rule, Tie)> {
        let restricted = matches!(facts.bar(), Some(Bar::Restricted { .. }));
        if !who.active || !restricted || self.never(who).is_some() {
            return None;
        }
        let only = |kind| kind == TieKind::Override;
        self.opener(who, facts, purpose, section, only)
    }

    /// The first rule of the file that opens `section`, with its tie, among the
    /// ties that count.
    fn opener(
        &self,
        who: &Principal,
        facts: &Facts,
        purpose: Purpose,
        section: Section,
        counts: impl Fn(TieKind) -> bool,
    ) -> Option<(&Rule, Tie)> {
        self.rules.iter().find_map(|rule| {
            let serves = counts(rule.tie) && rule.serves(who, purpose);
            if !serves || !rule.opens.contains(&section) {
                return None;
            }
            if TieKind::STANDING.contains(&rule.tie) {
                return Some((rule, Tie::of(rule.tie)));
            }
            let tie = facts.ties.iter().find(|tie| {
                tie.kind == rule.tie
                    && tie.section.is_none_or(|granted| granted.reaches(section))
                    && tie.through.is_none_or(|kind| {
                        rule.through.contains(&kind) && self.usable(who, purpose, kind)
                    })
            })?;
            Some((rule, *tie))
        })
    }

    /// Whether any rule lets `who` use a tie of `kind` for `purpose`. A tie the
    /// worker could not use themselves reaches nobody else in the household.
    pub(crate) fn usable(&self, who: &Principal, purpose: Purpose, kind: TieKind) -> bool {
        self.rules
            .iter()
            .any(|rule| rule.tie == kind && rule.serves(who, purpose))
    }
}

impl Decision {
    fn no(because: String) -> Decision {
        Decision {
            allowed: false,
            level: Level::None,
            because,
            tie: None,
            tell_owner: false,
        }
    }
}
