//! What is counted over the whole return while the children pass: enough for
//! the rules about the return, and no more than that in memory.

use std::collections::BTreeSet;

use super::Context;
use crate::cin::model::Child;

/// The counts of a return, or of a part of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Children.
    pub children: u64,
    /// Born children without a sex, or with U.
    pub without_sex: u64,
    /// Disability codes other than NONE.
    pub disabilities: BTreeSet<Box<str>>,
    /// Children with more than one disability code other than NONE.
    pub with_several: u64,
    /// Protection plans that start in the census year.
    pub plans_started: u64,
    /// Initial conferences in the census year.
    pub conferences: u64,
}

impl Tally {
    /// Counts a child.
    pub fn add(&mut self, c: &Context, child: &Child) {
        self.children += 1;
        let who = &child.identifiers;
        let no_sex = who.sex.as_deref().is_none_or(|sex| sex == "U");
        if no_sex && who.expected_birth.day.is_none() {
            self.without_sex += 1;
        }
        let codes: BTreeSet<&str> = child
            .disabilities
            .iter()
            .filter_map(|disability| disability.code.as_deref())
            .filter(|code| *code != "NONE")
            .collect();
        if codes.len() > 1 {
            self.with_several += 1;
        }
        for code in codes {
            // Rubbish codes must not fill the memory: the rule asks for eight.
            if self.disabilities.len() < 64 && !self.disabilities.contains(code) {
                self.disabilities.insert(code.into());
            }
        }
        let inside = |date: &crate::cin::model::Date| {
            u64::from(date.day.is_some_and(|day| c.period.has(day)))
        };
        for details in &child.details {
            self.conferences += inside(&details.initial_cpc);
            for enquiry in &details.section47 {
                self.conferences += inside(&enquiry.initial_cpc);
            }
            for plan in &details.protection_plans {
                self.plans_started += inside(&plan.start);
            }
        }
    }

    /// Adds the counts of another part.
    pub fn merge(&mut self, other: Self) {
        self.children += other.children;
        self.without_sex += other.without_sex;
        self.disabilities.extend(other.disabilities);
        self.with_several += other.with_several;
        self.plans_started += other.plans_started;
        self.conferences += other.conferences;
    }
}
