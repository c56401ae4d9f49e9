//! What is true between one worker and one person, as plain facts.
//!
//! A *tie* is a reason to see somebody; a *bar* is a reason not to, whatever
//! ties there are. Facts come from the database through [`crate::sql::facts`]
//! and go to [`crate::Policy::decide`]. They hold no opinion: what a tie opens
//! is written in `policies/access.toml`.

use crate::section::Section;
use chrono::{DateTime, NaiveDate, Utc};
use std::collections::BTreeSet;
use vocabulary::Id;
use vocabulary::ids::{Team, Worker};

/// The worker who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    /// Who they are.
    pub worker: Id<Worker>,
    /// Their role's id in the pack's `roles.toml`.
    pub role: String,
    /// What their role lets them do.
    pub capabilities: BTreeSet<String>,
    /// The team they sit in.
    pub team: Option<Id<Team>>,
    /// Teams whose manager they are.
    pub teams_supervised: Vec<Id<Team>>,
    /// False from the moment they leave or are suspended.
    pub active: bool,
}

/// The capability of those who look after restricted records: for them no
/// restriction is a bar. It opens nothing by itself: what they see of a
/// restricted record is what their other ties open, usually the index.
pub const SHIELD: &str = "access.shield";

impl Principal {
    /// Whether restrictions are no bar to them, because they look after them.
    pub fn keeps_shields(&self) -> bool {
        self.can(SHIELD)
    }

    /// Whether their role gives them `capability`.
    pub fn can(&self, capability: &str) -> bool {
        self.capabilities.contains(capability)
    }
}

/// The moment of asking: the instant, and the day it is in London.
///
/// Both are passed in, so that a decision can be repeated exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// The instant, for grants, restrictions and conflicts.
    pub at: DateTime<Utc>,
    /// The day in England, for involvements, families and contracts.
    pub today: NaiveDate,
}

/// A reason to see a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TieKind {
    /// Their allocated worker.
    Allocated,
    /// A co-worker on the case.
    CoWorker,
    /// Involved in another role: IRO, family support, supervising social worker.
    Involved,
    /// Supervises somebody who works with them, or manages the team that does.
    Supervising,
    /// The worker's team holds the case.
    TeamHolds,
    /// The person is in the same household as somebody the worker is tied to.
    Family,
    /// The person is on a contact now open at the front door.
    OpenContact,
    /// A live invitation to a meeting about them.
    Meeting,
    /// A live grant to a partner agency's worker.
    Partner,
    /// Emergency access, asked for with a reason.
    BreakGlass,
    /// Emergency access to a restricted record: the one tie that a restriction
    /// does not bar. It never lifts a personal connection.
    Override,
    /// Duty at the front door. Holds towards every person.
    Duty,
    /// Head of service or director. Holds towards every person.
    Oversight,
    /// Finding out who works with somebody. Holds towards every person.
    Finding,
}

impl TieKind {
    /// Every kind of tie; the policy must speak of each.
    pub const ALL: [TieKind; 14] = [
        TieKind::Allocated,
        TieKind::CoWorker,
        TieKind::Involved,
        TieKind::Supervising,
        TieKind::TeamHolds,
        TieKind::Family,
        TieKind::OpenContact,
        TieKind::Meeting,
        TieKind::Partner,
        TieKind::BreakGlass,
        TieKind::Override,
        TieKind::Duty,
        TieKind::Oversight,
        TieKind::Finding,
    ];

    /// Ties that come from the post and hold towards every person.
    pub const STANDING: [TieKind; 3] = [TieKind::Duty, TieKind::Oversight, TieKind::Finding];

    /// Ties that come from rows of `involvement`.
    pub const INVOLVED: [TieKind; 5] = [
        TieKind::Allocated,
        TieKind::CoWorker,
        TieKind::Involved,
        TieKind::Supervising,
        TieKind::TeamHolds,
    ];

    /// Ties that can reach the rest of the household.
    pub const CARRIERS: [TieKind; 6] = [
        TieKind::Allocated,
        TieKind::CoWorker,
        TieKind::Involved,
        TieKind::Supervising,
        TieKind::TeamHolds,
        TieKind::OpenContact,
    ];

    /// Ties that come from rows of `access_grant`; the word is also its `kind`.
    pub const GRANTED: [TieKind; 4] = [
        TieKind::Meeting,
        TieKind::Partner,
        TieKind::BreakGlass,
        TieKind::Override,
    ];

    /// The word used in `policies/access.toml` and in the journal.
    pub fn as_str(self) -> &'static str {
        match self {
            TieKind::Allocated => "allocated",
            TieKind::CoWorker => "co_worker",
            TieKind::Involved => "involved",
            TieKind::Supervising => "supervising",
            TieKind::TeamHolds => "team_holds",
            TieKind::Family => "family",
            TieKind::OpenContact => "open_contact",
            TieKind::Meeting => "meeting",
            TieKind::Partner => "partner",
            TieKind::BreakGlass => "break_glass",
            TieKind::Override => "override",
            TieKind::Duty => "duty",
            TieKind::Oversight => "oversight",
            TieKind::Finding => "finding",
        }
    }

    /// Reads the word back; `None` for a word that is no tie.
    pub fn parse(word: &str) -> Option<TieKind> {
        TieKind::ALL.into_iter().find(|t| t.as_str() == word)
    }
}

/// One tie that holds now between the worker and the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Tie {
    /// Which kind.
    pub kind: TieKind,
    /// For [`TieKind::Family`]: the worker's tie to the other member.
    pub through: Option<TieKind>,
    /// For grants: the furthest section that was granted.
    pub section: Option<Section>,
    /// For grants: when it ends.
    pub until: Option<DateTime<Utc>>,
}

impl Tie {
    /// A tie from a row of `involvement`, an open contact, or a post.
    pub fn of(kind: TieKind) -> Tie {
        Tie {
            kind,
            through: None,
            section: None,
            until: None,
        }
    }

    /// A tie to a household member of somebody the worker has the tie `through` to.
    pub fn family(through: TieKind) -> Tie {
        Tie {
            through: Some(through),
            ..Tie::of(TieKind::Family)
        }
    }

    /// A live row of `access_grant`.
    pub fn granted(kind: TieKind, section: Section, until: DateTime<Utc>) -> Tie {
        Tie {
            section: Some(section),
            until: Some(until),
            ..Tie::of(kind)
        }
    }
}

/// A reason not to see a person, whatever ties there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Bar {
    /// The worker is no longer, or not yet, at work here.
    Left,
    /// The worker has a personal connection with this person.
    Conflict,
    /// The record is restricted. `allowed` when the worker is on the list of
    /// every restriction in force: then it is no bar, but worth a banner.
    Restricted {
        /// Whether the worker is on the allow list.
        allowed: bool,
    },
}

/// Everything that holds between one worker and one person at one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// Reasons to see.
    pub ties: Vec<Tie>,
    /// Reasons not to.
    pub bars: Vec<Bar>,
}

/// One row of [`crate::sql::facts`], as it comes from the database.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FactRow {
    /// The tie or bar.
    pub fact: String,
    /// For family ties.
    pub through: Option<String>,
    /// For grants.
    pub section: Option<String>,
    /// For grants.
    pub until: Option<DateTime<Utc>>,
}

/// A row that [`Facts::from_rows`] cannot read.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("the database holds an access fact that this version does not know: {what} \"{word}\"")]
pub struct UnknownFact {
    /// Which column.
    pub what: &'static str,
    /// What it said.
    pub word: String,
}

impl Facts {
    /// Facts from the rows of [`crate::sql::facts`].
    ///
    /// # Errors
    /// A word that is no tie, bar or section. Refuse the look: an unknown fact
    /// might be a bar.
    pub fn from_rows(rows: impl IntoIterator<Item = FactRow>) -> Result<Facts, UnknownFact> {
        let tie = |what, word: &str| {
            TieKind::parse(word).ok_or_else(|| UnknownFact {
                what,
                word: word.to_owned(),
            })
        };
        let mut facts = Facts::default();
        for row in rows {
            match row.fact.as_str() {
                "left" => facts.bars.push(Bar::Left),
                "conflict" => facts.bars.push(Bar::Conflict),
                "restricted" => facts.bars.push(Bar::Restricted { allowed: false }),
                "restricted_allowed" => facts.bars.push(Bar::Restricted { allowed: true }),
                word => {
                    let kind = tie("tie", word)?;
                    let through = row
                        .through
                        .as_deref()
                        .map(|w| tie("through", w))
                        .transpose()?;
                    let section = row
                        .section
                        .map(|w| {
                            Section::parse(&w).ok_or(UnknownFact {
                                what: "section",
                                word: w.clone(),
                            })
                        })
                        .transpose()?;
                    facts.ties.push(Tie {
                        kind,
                        through,
                        section,
                        until: row.until,
                    });
                }
            }
        }
        Ok(facts)
    }

    /// The bar that decides, if any: the first of left, conflict, restricted.
    pub fn bar(&self) -> Option<Bar> {
        self.bars
            .iter()
            .copied()
            .filter(|b| !matches!(b, Bar::Restricted { allowed: true }))
            .min()
    }
}
