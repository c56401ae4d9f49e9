//! The front door: a contact, the threshold decision, and what little follows
//! for most families. Sources are drawn by plausible shares, not by a published table.

use chrono::{Duration, NaiveDate};

use super::{Teller, working_back};
use crate::prose::lines;
use crate::{Agency, At, Closed, Contact, Decision, Key, Note, Outcome, PlanKind, What};

/// Sources of contacts: census code, agency, and share in a hundred.
const SOURCES: [((&str, Agency), u32); 14] = [
    (("6", Agency::Police), 29),
    (("2A", Agency::School), 20),
    (("3A", Agency::Health), 4),
    (("3B", Agency::Health), 4),
    (("3C", Agency::Health), 2),
    (("3E", Agency::Health), 5),
    (("5A", Agency::SocialCare), 5),
    (("5C", Agency::SocialCare), 4),
    (("1A", Agency::Family), 7),
    (("1B", Agency::Family), 3),
    (("4", Agency::Housing), 3),
    (("7", Agency::Probation), 4),
    (("8", Agency::Voluntary), 6),
    (("9", Agency::Family), 4),
];

impl Teller<'_> {
    /// Somebody tells the front door; gives the contact's key and source.
    pub(super) fn contact(&mut self, at: At) -> (Key, &'static str) {
        let key = self.land.key();
        let (source, agency) = if self.slot.unaccompanied {
            ("6", Agency::Police)
        } else {
            self.dice.weighted(&SOURCES)
        };
        let from = self.caller(source, agency);
        let sentences = self.dice.between(2, 4) as usize;
        let mut narrative = self
            .cast
            .tell(self.theme.contact, sentences, &mut self.dice);
        if narrative.is_empty() {
            narrative = self.cast.one(self.theme.worries, &mut self.dice);
        }
        let children = self.subjects(at.date());
        let contact = Contact {
            key,
            children,
            source,
            agency,
            from,
            narrative,
            urgent: self.dice.chance(8),
            parents_know: match self.dice.below(10) {
                0..=5 => Some(true),
                6..=7 => Some(false),
                _ => None,
            },
        };
        self.happened(at, "farah.screener", What::Contact(contact));
        (key, source)
    }

    /// Who rang, in words.
    fn caller(&mut self, source: &str, agency: Agency) -> String {
        if source == "9" {
            return "A caller who gave no name".to_string();
        }
        if source == "2A" {
            let school = self.cast.school.clone();
            if let Some(school) = self
                .land
                .schools
                .iter()
                .find(|s| Some(&s.name) == school.as_ref())
            {
                return format!(
                    "{}, designated safeguarding lead, {}",
                    school.lead, school.name
                );
            }
        }
        let name = crate::places::professional_name(&mut self.dice);
        let from = match source {
            "1A" => "relative of the family",
            "1B" => "neighbour",
            "3A" => "GP, Kiln Heath Surgery",
            "3B" => "health visitor, Larkmere Health Visiting",
            "3C" => "school nurse, Larkmere School Nursing",
            "3E" => "emergency department, Lark Valley Hospital",
            "5A" => "adult social care, Larkmere",
            "5C" => "adult social care, a neighbouring council",
            _ => match agency {
                Agency::Police => "police constable, Larkmere Police",
                Agency::School => "school in another borough",
                Agency::Housing => "housing officer, Larkmere Homes",
                Agency::Probation => "probation officer, Larkmere Probation",
                _ => "family worker, Stepping Stones Family Support",
            },
        };
        format!("{name}, {from}")
    }

    /// The threshold decision on a contact, most within one working day.
    pub(super) fn decision(&mut self, contact: Key, at: At, level: u8, outcome: Outcome) {
        let mut rationale = self.cast.one(self.theme.worries, &mut self.dice);
        for _ in 0..self.dice.between(1, 2) {
            let more = self.cast.one(lines::WEIGHED, &mut self.dice);
            if !rationale.contains(&more) {
                rationale.push(' ');
                rationale.push_str(&more);
            }
        }
        if self
            .timeline
            .iter()
            .filter(|h| matches!(h.what, What::Contact(_)))
            .count()
            > 1
        {
            rationale
                .push_str(" There is an earlier contact, and this one cannot be read on its own.");
        }
        let told = at + Duration::minutes(self.dice.between(5, 200));
        let owed = self.dice.chance(6);
        let decision = Decision {
            contact,
            level,
            outcome,
            indicators: self.theme.indicators[..self.dice.between(1, 3) as usize].to_vec(),
            rationale,
            referrer_told: Some(told).filter(|t| !owed && *t <= self.land.now),
        };
        self.happened(at, "farah.screener", What::Decision(decision));
    }

    /// A contact that waits for its decision: most came today, a few yesterday.
    pub(super) fn waiting(&mut self) {
        if self.dice.chance(30) {
            let days = self.dice.between(200, 900);
            let day = self.days_ago(days);
            self.advised(day);
        }
        let minutes = self.dice.between(6, 540);
        let at = working_back(self.land.now, minutes);
        self.contact(at);
    }

    /// A contact that needed no more than information and advice.
    fn advised(&mut self, day: NaiveDate) {
        let at = self.hour(day);
        let (key, _) = self.contact(at);
        let wait = self.dice.between(0, 1);
        let decided = self.hour(day + Duration::days(wait));
        let level = self.dice.between(1, 2) as u8;
        self.decision(key, decided, level, Outcome::InformationAndAdvice);
        let different = self.cast.one(lines::ADVICE, &mut self.dice);
        let closed = self.hour(day + Duration::days(1));
        self.close(closed, "farah.screener", None, different);
    }

    /// The end of the work with all children born by then.
    pub(super) fn close(
        &mut self,
        at: At,
        by: &str,
        reason: Option<&'static str>,
        different: String,
    ) {
        let children = self.subjects(at.date());
        self.happened(
            at,
            by,
            What::Closed(Closed {
                children,
                reason,
                different,
            }),
        );
    }

    /// A family that is known and closed: advice, early help, an assessment, or a plan that ended.
    pub(super) fn closed(&mut self) {
        // Long enough ago for the whole story to have ended.
        match self.dice.below(100) {
            0..=54 => {
                let days = self.dice.between(5, 2300);
                self.advised(self.days_ago(days));
            }
            55..=74 => {
                let days = self.dice.between(140, 2300);
                let day = self.days_ago(days);
                let at = self.hour(day);
                let (key, _) = self.contact(at);
                let at = self.hour(day + Duration::days(1));
                self.decision(key, at, 2, Outcome::EarlyHelp);
                let by = "dev.earlyhelp".to_string();
                self.plan(day + Duration::days(9), PlanKind::EarlyHelp, &by, true);
                self.note(day + Duration::days(20), &by);
                let days = self.dice.between(40, 120);
                self.finish(day + Duration::days(days), &by, None);
            }
            75..=90 => {
                let days = self.dice.between(60, 2300);
                self.short_referral(self.days_ago(days), "RC8");
            }
            _ => {
                let days = self.dice.between(560, 2300);
                let day = self.days_ago(days);
                let reason = if self.dice.chance(50) { "RC8" } else { "RC7" };
                self.short_referral(day, reason);
                if self.dice.chance(45) {
                    let next = day + Duration::days(self.dice.between(230, 330));
                    self.short_referral(next, "RC7");
                }
            }
        }
    }

    /// Ends the work on a day, or today when that day lies ahead.
    pub(super) fn finish(&mut self, day: NaiveDate, by: &str, reason: Option<&'static str>) {
        let different = self.cast.tell(lines::DIFFERENT, 2, &mut self.dice);
        let at = self.hour(day.min(self.today()));
        self.close(at, by, reason, different);
    }

    /// A referral that was assessed and ended, with a plan in between for `RC7`.
    pub(super) fn short_referral(&mut self, day: NaiveDate, reason: &'static str) {
        let by = match self.slot.worker {
            Some(_) => self.worker(),
            None => "tom.socialworker".to_string(),
        };
        let manager = if self.slot.worker.is_some() {
            self.manager()
        } else {
            "sam.manager".to_string()
        };
        self.refer(day, &by, &manager);
        self.visit(day + Duration::days(6), &by);
        let days = self.dice.between(25, 44);
        self.assessment_done(day + Duration::days(2), days, &by, &manager);
        let mut end = day + Duration::days(days + 4);
        if reason == "RC7" {
            self.plan(end + Duration::days(8), PlanKind::ChildInNeed, &by, true);
            self.visit(end + Duration::days(25), &by);
            end += Duration::days(self.dice.between(80, 160));
        }
        self.finish(end, &by, Some(reason));
    }

    /// A case note of a few sentences.
    pub(super) fn note(&mut self, day: NaiveDate, by: &str) {
        let at = self.hour(day);
        let text = self
            .cast
            .tell(lines::NOTES, 1 + self.dice.below(2), &mut self.dice);
        let kind = *self
            .dice
            .pick(&["Telephone call", "Email", "Case note", "Message"]);
        let kind = if text.starts_with("Supervision") {
            "Case supervision"
        } else {
            kind
        };
        let children = self.subjects(at.date());
        let only_for = (children.len() > 1 && self.dice.chance(8)).then(|| children[0]);
        self.happened(
            at,
            by,
            What::Note(Note {
                children,
                kind,
                text,
                only_for,
            }),
        );
    }
}
