//! Roles, code sets, the workload table and the days a council is closed.

use chrono::NaiveDate;

use super::{Builder, Refers};
use crate::codes::{Code, CodeSet};
use crate::dated::Head;
use crate::raw::*;
use crate::roles::{MOST_BLOCKS, Named, Role, Roles};
use crate::workload::{Band, Ceiling, StatusPoints, Workload};

impl Builder<'_> {
    pub fn roles(&mut self, raw: &RawRoles, head: Head) -> Roles {
        self.unique("capability", raw.capability.iter().map(|c| &c.id));
        self.unique("block", raw.block.iter().map(|block| &block.id));
        self.unique("role", raw.role.iter().map(|role| &role.id));
        let named = |all: &[RawNamed]| {
            all.iter()
                .map(|n| Named {
                    id: n.id.get_ref().clone(),
                    title: n.title.clone(),
                })
                .collect()
        };
        let mut roles = Vec::new();
        for role in &raw.role {
            self.unique("block", &role.home);
            if role.home.len() > MOST_BLOCKS {
                self.problem(
                    &role.id,
                    format!(
                        "the home page of “{}” has {} blocks",
                        role.id.get_ref(),
                        role.home.len()
                    ),
                    "A home page has at most 7 blocks, so that the first things are seen (R004-37)",
                );
            }
            if role.home.is_empty() {
                self.problem(
                    &role.id,
                    format!("“{}” has no home page", role.id.get_ref()),
                    "Add home = [\"…\"] with at least one block",
                );
            }
            roles.push(Role {
                id: role.id.get_ref().clone(),
                title: role.title.clone(),
                capabilities: role
                    .capabilities
                    .iter()
                    .map(|c| self.refer(Refers::Capability, c))
                    .collect(),
                home: role
                    .home
                    .iter()
                    .map(|block| block.get_ref().clone())
                    .collect(),
                place: self.place(&role.id),
            });
        }
        Roles {
            capabilities: named(&raw.capability),
            blocks: named(&raw.block),
            roles,
            ..Roles::headed(head)
        }
    }

    pub fn codes(&mut self, raw: &RawCodes, head: Head) -> CodeSet {
        self.unique("code", raw.code.iter().map(|code| &code.code));
        if raw.code.is_empty() {
            self.problem(
                &raw.id,
                "the code set has no codes",
                "Add at least one [[code]]",
            );
        }
        let mut codes = Vec::new();
        for code in &raw.code {
            if let Some(inverse) = &code.inverse
                && !raw
                    .code
                    .iter()
                    .any(|other| other.code.get_ref() == inverse.get_ref())
            {
                self.problem(
                    inverse,
                    format!("there is no code “{}” here", inverse.get_ref()),
                    "The other side must be a code of this set",
                );
            }
            codes.push(Code {
                code: code.code.get_ref().clone(),
                label: code.label.clone(),
                hint: code.hint.clone(),
                official: code.official.clone(),
                group: code.group.clone(),
                inverse: code
                    .inverse
                    .as_ref()
                    .map(|i| i.get_ref().clone())
                    .unwrap_or_default(),
                from: code.from.as_ref().and_then(|day| self.day(day)),
                to: code.to.as_ref().and_then(|day| self.day(day)),
                alone: code.alone,
                asks_parental_responsibility: code.asks_parental_responsibility,
            });
        }
        CodeSet {
            codes,
            ..CodeSet::headed(head)
        }
    }

    pub fn workload(&mut self, raw: &RawWorkload, head: Head) -> Workload {
        self.unique("status", raw.points.iter().map(|points| &points.id));
        self.unique("travel band", raw.travel.iter().map(|band| &band.id));
        self.unique("ceiling", raw.ceiling.iter().map(|ceiling| &ceiling.role));
        if !(0.0..=1.0).contains(raw.sibling_share.get_ref()) {
            self.problem(
                &raw.sibling_share,
                "the share of a brother or sister must be from 0 to 1",
                "0.5 counts each further child half",
            );
        }
        Workload {
            points: raw
                .points
                .iter()
                .map(|p| StatusPoints {
                    status: p.id.get_ref().clone(),
                    title: p.title.clone(),
                    points: p.points,
                })
                .collect(),
            court: raw.court,
            sibling_share: *raw.sibling_share.get_ref(),
            travel: raw
                .travel
                .iter()
                .map(|b| Band {
                    id: b.id.get_ref().clone(),
                    title: b.title.clone(),
                    points: b.points,
                })
                .collect(),
            new_allocation: raw.new_allocation,
            new_allocation_weeks: raw.new_allocation_weeks,
            complexity_most: raw.complexity_most,
            ceilings: raw
                .ceiling
                .iter()
                .map(|c| Ceiling {
                    role: self.refer(Refers::Role, &c.role),
                    points: c.points,
                    children: c.children,
                })
                .collect(),
            newly_qualified_percent: raw.newly_qualified_percent,
            ..Workload::headed(head)
        }
    }

    pub fn closed_days(&mut self, raw: &RawCalendar) -> Vec<(NaiveDate, String)> {
        raw.closed
            .iter()
            .filter_map(|closed| Some((self.day(&closed.date)?, closed.name.clone())))
            .collect()
    }
}
