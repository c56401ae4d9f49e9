//! Children in care and young people who have left it.

use chrono::Duration;

use super::Teller;
use crate::{AddressKind, BirthKind, Episode, MeetingKind, PlanKind, Standing, What};

impl Teller<'_> {
    /// A child in care today, or a care leaver.
    pub(super) fn in_care(&mut self, began: Option<i64>) {
        let (by, manager) = (self.worker(), self.manager());
        let leaver = self.slot.standing == Standing::CareLeaver;
        let today = self.today();
        // The home a child lives in today decides when this time in care began, at the latest.
        let entered: Vec<_> = (0..self.built.children)
            .map(|i| {
                let no = self.built.people[i].no;
                let home = self
                    .built
                    .addresses
                    .iter()
                    .find(|a| a.kind == AddressKind::CareHome && a.who.contains(&no));
                home.map_or_else(|| today - Duration::days(900), |a| a.from)
            })
            .collect();
        let earliest = entered.iter().min().copied().unwrap_or(today);
        let before = began.unwrap_or_else(|| self.dice.between(20, 300));
        let mut day = earliest
            - Duration::days(if self.slot.unaccompanied {
                0
            } else {
                before.min(300)
            });
        if leaver {
            day = self.built.people[0].born + Duration::days(15 * 365 + self.dice.between(0, 700));
        }
        let day = day.max(self.days_ago(6000));
        self.refer(day, &by, &manager);
        self.involve(day);
        if !self.slot.unaccompanied {
            self.visit(day + Duration::days(4), &by);
            self.assessment_done(day + Duration::days(2), 18, &by, &manager);
        }
        for (i, entered) in entered.into_iter().enumerate() {
            self.episodes(i, entered.max(day), leaver, &by);
        }
        // From here on the one who looks after the child is the foster carer or key worker.
        let carer = crate::places::professional_name(&mut self.dice);
        self.cast.carer = carer.split(' ').next().map(str::to_string);
        let (plan, review) = if leaver {
            (PlanKind::Pathway, MeetingKind::PathwayReview)
        } else {
            (PlanKind::Care, MeetingKind::ReviewInCare)
        };
        let start = earliest.max(day).max(self.days_ago(400));
        self.plan(start + Duration::days(8), plan, &by, false);
        self.rhythm(start, if leaver { 50 } else { 38 }, &by);
        let mut next = start + Duration::days(20);
        while next <= today {
            self.meeting(next, review, "graham.iro");
            next += Duration::days(175);
        }
        self.meeting(next, review, "graham.iro");
    }

    /// The episode of care that lasts, or the one that a care leaver had.
    fn episodes(&mut self, i: usize, entered: chrono::NaiveDate, leaver: bool, by: &str) {
        let child = &self.built.people[i];
        let (no, born) = (child.no, child.born);
        if child.born_kind == BirthKind::Expected {
            return;
        }
        let years = entered.years_since(born).unwrap_or(0);
        let placement = if years >= 16 {
            self.dice
                .weighted(&[("K3", 45), ("U6", 30), ("U4", 15), ("K2", 10)])
        } else {
            self.dice.weighted(&[
                ("U6", 42),
                ("U4", 24),
                ("U1", 8),
                ("U3", 9),
                ("K2", 12),
                ("P1", 5),
            ])
        };
        let legal_status = if self.slot.unaccompanied {
            "V2"
        } else {
            self.dice
                .weighted(&[("C2", 58), ("C1", 22), ("V2", 16), ("E1", 4)])
        };
        let outside = self.slot.outside.get(i).copied().unwrap_or(false);
        let first = leaver || self.dice.chance(64);
        let ended = leaver.then(|| born + Duration::days(18 * 365 + 5));
        let at = if first {
            entered
        } else {
            entered.max(self.days_ago(6000))
        };
        let at = self.hour(at);
        let episode = Episode {
            child: no,
            legal_status,
            placement,
            outside,
            // For a child who came alone there is no home to measure from.
            miles: self.built.miles[i].filter(|_| !self.slot.unaccompanied),
            first,
            ended,
        };
        self.happened(at, by, What::Episode(episode));
    }
}
