//! Referral, allocation, visits and the assessment, with its late reasons and
//! its way to the manager and back.

use chrono::{Duration, NaiveDate};

use super::Teller;
use crate::prose::lines;
use crate::{
    Allocated, Assessment, At, Authorisation, Key, Outcome, Part, PersonNo, Referral, Visit, What,
    WorkState,
};

/// Why an assessment passed its 45 working days.
const LATE: [&str; 5] = [
    "The father came forward in week eight and the family asked that he be heard",
    "The interpreter fell ill twice and the family did not want another",
    "A parent was in hospital for three weeks",
    "The worker changed in week five",
    "Records from the family's former council arrived late",
];

impl Teller<'_> {
    /// Contact, decision, referral and allocation; gives the time of the referral.
    pub(super) fn refer(&mut self, day: NaiveDate, by: &str, manager: &str) -> At {
        let at = self.hour(day);
        let (contact, source) = self.contact(at);
        let wait = i64::from(self.dice.chance(30));
        let decided = self.hour(day + Duration::days(wait));
        let outcome = if self.dice.chance(5) {
            Outcome::ImmediateRisk
        } else {
            Outcome::Referral
        };
        let level = self.dice.between(3, 4) as u8;
        self.decision(contact, decided, level, outcome);
        let before = self
            .timeline
            .iter()
            .any(|h| matches!(h.what, What::Referral(_)) && decided - h.at <= Duration::days(365));
        let children = self.subjects(decided.date());
        let referred = self.hour(decided.date());
        let referral = Referral {
            contact,
            children: children.clone(),
            source,
            need: self.theme.need,
            again_within_year: before,
        };
        self.happened(referred, "farah.screener", What::Referral(referral));
        let given = self.hour(decided.date() + Duration::days(1));
        let reasons = [
            "Locality of the family",
            "Knows the family from before",
            "Space this week and the right language",
            "A brother is already with this worker",
        ];
        let reason = if before {
            reasons[1]
        } else {
            reasons[[0, 0, 2][self.dice.below(3)]]
        };
        let allocated = Allocated {
            children,
            worker: by.to_string(),
            team: if self.slot.team.is_empty() {
                "south"
            } else {
                self.slot.team
            },
            reason,
        };
        self.happened(given, manager, What::Allocated(allocated));
        referred
    }

    /// A visit to the children who are born by then.
    pub(super) fn visit(&mut self, day: NaiveDate, by: &str) {
        let at = self.hour(day);
        let children = self.subjects(at.date());
        let born: Vec<PersonNo> = children
            .iter()
            .copied()
            .filter(|no| {
                self.built
                    .people
                    .iter()
                    .any(|p| p.no == *no && p.born <= at.date())
            })
            .collect();
        let nobody_in = self.dice.chance(6);
        let alone = born
            .iter()
            .copied()
            .filter(|_| self.dice.chance(70))
            .collect();
        let away = if self.cast.school.is_some() {
            "School"
        } else {
            "Family centre"
        };
        let place = self.dice.weighted(&[("Home", 78), (away, 22)]);
        let pool = if place == "Home" {
            lines::VISITS
        } else {
            lines::VISITS_ELSEWHERE
        };
        let visit = if nobody_in {
            Visit {
                children,
                seen: Vec::new(),
                alone: Vec::new(),
                place: "Home",
                words: String::new(),
                text: "Nobody answered at the time agreed. I left a card without the reason for the visit and sent a text message.".to_string(),
                next: "Ring this evening; visit again within three working days.".to_string(),
            }
        } else {
            Visit {
                children,
                seen: born,
                alone,
                place,
                words: self.cast.one(lines::VOICE, &mut self.dice),
                text: self.cast.tell(pool, 3, &mut self.dice),
                next: self.cast.one(lines::AFTER, &mut self.dice),
            }
        };
        self.happened(at, by, What::Visit(visit));
    }

    /// All parts of an assessment up to `share` in a hundred of the form.
    fn parts(&mut self, share: usize) -> Vec<(Part, String)> {
        let theme = self.theme;
        let all = [
            (Part::Summary, lines::ANALYSIS, 3),
            (Part::WhyNow, theme.contact, 3),
            (Part::ChildsVoice, lines::VOICE, 3),
            (Part::ChildsNeeds, lines::NEEDS, 4),
            (Part::Parenting, lines::PARENTING, 4),
            (Part::FamilyAndEnvironment, lines::ENVIRONMENT, 4),
            (Part::OtherParent, lines::OTHER_PARENT, 3),
            (Part::Strengths, lines::STRENGTHS, 5),
            (Part::Worries, theme.worries, 4),
            (Part::GreyAreas, lines::GREY, 3),
            (Part::Analysis, lines::ANALYSIS, 4),
            (Part::NextSteps, lines::NEXT, 3),
        ];
        let written = (all.len() * share / 100).clamp(1, all.len());
        all[..written]
            .iter()
            .map(|&(part, pool, n)| (part, self.cast.tell(pool, n, &mut self.dice)))
            .filter(|(_, text)| !text.is_empty())
            .collect()
    }

    /// An assessment that was finished after `days` and authorised by the manager.
    pub(super) fn assessment_done(
        &mut self,
        start: NaiveDate,
        days: i64,
        by: &str,
        manager: &str,
    ) -> Key {
        let at = self.hour(start);
        let key = self.land.key();
        let parts = self.parts(100);
        let done = (start + Duration::days(days)).min(self.today());
        let sent = self.hour(done);
        // 45 working days are at least 61 days of the calendar, with a bank holiday 63.
        let late_reason = (days > 66).then(|| *self.dice.pick(&LATE));
        let assessment = Assessment {
            key,
            early_help: false,
            children: self.referred(at.date()),
            parts,
            factors: self.theme.factors.to_vec(),
            state: WorkState::Authorised,
            sent: Some(sent),
            late_reason,
        };
        self.happened(at, by, What::Assessment(assessment));
        self.authorise(key, true, sent.date() + Duration::days(1), manager);
        key
    }

    /// A manager's answer.
    fn authorise(&mut self, of: Key, given: bool, day: NaiveDate, manager: &str) {
        let pool = if given {
            lines::AUTHORISED
        } else {
            lines::SENT_BACK
        };
        let comment = self.cast.one(pool, &mut self.dice);
        let at = self.hour(day);
        self.happened(
            at,
            manager,
            What::Authorisation(Authorisation { of, given, comment }),
        );
    }

    /// A family whose assessment is open today.
    pub(super) fn assessed(&mut self, began: Option<i64>) {
        let late = began.is_none() && self.dice.chance(8);
        let days = began.unwrap_or_else(|| {
            if late {
                self.dice.between(70, 96)
            } else {
                self.dice.between(3, 58)
            }
        });
        let (by, manager) = (self.worker(), self.manager());
        if began.is_none() {
            self.earlier_story(days, &by, &manager);
        }
        let day = self.days_ago(days);
        self.refer(day, &by, &manager);
        self.involve(day);
        let start = self.hour(day + Duration::days(2));
        let elapsed = (self.today() - day).num_days();
        let share = (elapsed * 100 / 52).clamp(5, 100) as usize;
        let at_end = share >= 80 && began.is_none();
        let state = match self.dice.below(10) {
            0..=4 if at_end => WorkState::WaitingForManager,
            5 if at_end => WorkState::SentBack,
            _ => WorkState::Draft,
        };
        let complete = state != WorkState::Draft;
        let key = self.land.key();
        let parts = self.parts(if complete { 100 } else { share.min(92) });
        let mut visits = Vec::new();
        let mut next = day + Duration::days(self.dice.between(4, 8));
        while next < self.today() && visits.len() < 6 {
            visits.push(next);
            next += Duration::days(self.dice.between(9, 14));
        }
        for (i, visit) in visits.into_iter().enumerate() {
            self.visit(visit, &by);
            if i % 2 == 0 {
                self.note(visit + Duration::days(2), &by);
            }
        }
        let sent = complete.then(|| {
            let back = self.dice.between(1, 5);
            self.hour(self.today() - Duration::days(back))
        });
        let assessment = Assessment {
            key,
            early_help: false,
            children: self.subjects(start.date()),
            parts,
            factors: if complete {
                self.theme.factors.to_vec()
            } else {
                Vec::new()
            },
            state,
            sent,
            late_reason: late.then(|| *self.dice.pick(&LATE)),
        };
        self.happened(start, &by, What::Assessment(assessment));
        if state == WorkState::SentBack {
            self.authorise(key, false, self.today(), &manager);
        }
    }

    /// For about a quarter of families, an earlier referral within the year before.
    pub(super) fn earlier_story(&mut self, days: i64, by: &str, manager: &str) {
        if !self.dice.chance(26) {
            return;
        }
        let room = (self.days_ago(days) - self.days_ago(6000)).num_days();
        if room < 130 {
            return;
        }
        let before = days + self.dice.between(100, 330.min(room - 20).max(101));
        self.referred_and_closed(before, by, manager);
    }

    /// A referral so many days ago that ended after its assessment.
    pub(super) fn referred_and_closed(&mut self, days: i64, by: &str, manager: &str) {
        let day = self.days_ago(days);
        self.refer(day, by, manager);
        self.visit(day + Duration::days(7), by);
        let length = self.dice.between(24, 44);
        self.assessment_done(day + Duration::days(2), length, by, manager);
        self.finish(day + Duration::days(length + 6), by, Some("RC8"));
    }
}
