//! Plans and the meetings that keep them going: in need, protection, early help.

use chrono::{Duration, NaiveDate};

use super::Teller;
use crate::prose::lines;
use crate::prose::themes_more::{CARE_GOALS, PATHWAY_GOALS};
use crate::{
    Action, Agency, Assessment, Attendee, Goal, Meeting, MeetingKind, Outcome, Part, Plan,
    PlanKind, ProtectionPlan, Standing, Took, What, WorkState,
};

impl Teller<'_> {
    /// A plan with the goals of the theme; `over` says that all was done long ago.
    pub(super) fn plan(&mut self, day: NaiveDate, kind: PlanKind, by: &str, over: bool) {
        let at = self.hour(day);
        let today = self.today();
        let mut goals = Vec::new();
        let pool = match kind {
            PlanKind::Care if !self.slot.unaccompanied => CARE_GOALS,
            PlanKind::Pathway => PATHWAY_GOALS,
            _ => self.theme.goals,
        };
        for (goal, steps) in pool {
            let Some(text) = self.cast.text(goal) else {
                continue;
            };
            let mut actions = Vec::new();
            for step in *steps {
                let texts = (
                    self.cast.text(step.what),
                    self.cast.text(step.owner),
                    self.cast.text(step.measure),
                );
                let (Some(what), Some(owner), Some(measure)) = texts else {
                    continue;
                };
                // Reviewed plans carry new dates: actions fall due around today, some behind it.
                let due = if over {
                    at.date() + Duration::days(self.dice.between(14, 60))
                } else {
                    (at.date() + Duration::days(14))
                        .max(today + Duration::days(self.dice.between(-24, 55)))
                };
                let finished = over || self.dice.chance(if due < today { 55 } else { 20 });
                let done =
                    finished.then(|| due.min(today) - Duration::days(self.dice.between(0, 6)));
                let done = done.map(|d| d.max(at.date()));
                let progress = match done {
                    Some(_) => None,
                    None if due < today => {
                        Some("Waiting for an answer; rang again this week".to_string())
                    }
                    None => None,
                };
                actions.push(Action {
                    key: self.land.key(),
                    what,
                    agency: step.agency,
                    owner,
                    due,
                    measure,
                    done,
                    progress,
                });
            }
            if !actions.is_empty() {
                goals.push(Goal { text, actions });
            }
        }
        let plan = Plan {
            key: self.land.key(),
            kind,
            children: match (over, kind) {
                (true, PlanKind::ChildInNeed) => self.referred(at.date()),
                _ => self.subjects(at.date()),
            },
            goals,
        };
        self.happened(at, by, What::Plan(plan));
    }

    /// A meeting on a day; one that lies ahead is planned and has no words yet.
    pub(super) fn meeting(&mut self, day: NaiveDate, kind: MeetingKind, by: &str) {
        let planned = day > self.today();
        let at = if planned {
            self.ahead(day)
        } else {
            self.hour(day)
        };
        let mut people = Vec::new();
        let mut invite = |name: String, agency: Agency, took: Took| {
            people.push(Attendee {
                name,
                agency,
                took: if planned { Took::Invited } else { took },
            });
        };
        if kind != MeetingKind::Strategy {
            // Where the address is protected the other parent is heard apart, not in the room.
            let other = self
                .built
                .other
                .filter(|_| !self.built.people[0].address_protected);
            for (i, often) in [(self.built.carer, 88), (other, 55)] {
                if let Some(i) = i {
                    let person = &self.built.people[i];
                    let took = if self.dice.chance(often) {
                        Took::Came
                    } else {
                        Took::Absent
                    };
                    invite(
                        format!("{} {}", person.given, person.family),
                        Agency::Family,
                        took,
                    );
                }
            }
        }
        let took = [
            (Took::Came, 70),
            (Took::SentViews, 14),
            (Took::Apologies, 10),
            (Took::Absent, 6),
        ];
        invite(
            "Allocated worker".to_string(),
            Agency::SocialCare,
            Took::Came,
        );
        if let Some(school) = &self.cast.school {
            let lead = self.land.schools.iter().find(|s| s.name == *school);
            if let Some(lead) = lead {
                let took = self.dice.weighted(&took);
                invite(
                    format!("{}, designated lead, {}", lead.lead, lead.name),
                    Agency::School,
                    took,
                );
            }
        }
        for (agency, post) in [
            (Agency::Health, "School nurse or health visitor"),
            (Agency::Police, "Public protection officer"),
            (Agency::Housing, "Housing officer"),
        ] {
            let needed = matches!(kind, MeetingKind::Strategy | MeetingKind::InitialConference);
            if (needed && agency != Agency::Housing) || self.dice.chance(35) {
                let took = self.dice.weighted(&took);
                invite(post.to_string(), agency, took);
            }
        }
        let children = self.subjects(at.date().min(self.today()));
        let (summary, decisions) = if planned {
            (String::new(), String::new())
        } else {
            let summary = self.cast.tell(lines::REVIEWS, 3, &mut self.dice);
            (summary, self.cast.one(lines::DECISIONS, &mut self.dice))
        };
        let key = self.land.key();
        let meeting = Meeting {
            key,
            kind,
            children,
            people,
            summary,
            decisions,
        };
        let what = match kind {
            MeetingKind::Strategy => What::StrategyDiscussion(meeting),
            _ => What::Meeting(meeting),
        };
        self.happened(at, by, what);
    }

    /// A family with a child in need or child protection plan today.
    pub(super) fn planned(&mut self, began: Option<i64>) {
        let protection = self.slot.standing == Standing::ProtectionPlan;
        let (by, manager) = (self.worker(), self.manager());
        let days = began.unwrap_or_else(|| self.dice.between(75, 460));
        if self.slot.story == Some("three-referrals") {
            self.referred_and_closed(330, &by, &manager);
            self.referred_and_closed(220, &by, &manager);
        } else if began.is_none() {
            self.earlier_story(days, &by, &manager);
        }
        let day = self.days_ago(days);
        self.refer(day, &by, &manager);
        self.involve(day);
        self.visit(day + Duration::days(5), &by);
        if protection {
            self.meeting(day + Duration::days(6), MeetingKind::Strategy, &manager);
        }
        let length = if self.dice.chance(9) {
            self.dice.between(68, 80)
        } else {
            self.dice.between(26, 55)
        };
        let length = length.min((days - 12).max(8));
        // The conference is held within 15 working days of the discussion: it
        // comes so many weeks later than the first days after the referral.
        if let (true, Some(discussion)) = (protection, self.timeline.last_mut()) {
            discussion.at += Duration::weeks(((length - 12) / 7).max(0));
        }
        self.assessment_done(day + Duration::days(2), length, &by, &manager);
        let start = day + Duration::days(length + 5);
        let kind = if protection {
            self.meeting(start, MeetingKind::InitialConference, "olu.conference");
            let at = self.hour(start);
            let children = self.subjects(at.date());
            let category = self.theme.category;
            self.happened(
                at,
                "olu.conference",
                What::ProtectionPlan(ProtectionPlan { children, category }),
            );
            PlanKind::Protection
        } else {
            PlanKind::ChildInNeed
        };
        self.plan(start + Duration::days(1), kind, &by, false);
        let (every, review, chair) = if protection {
            (
                10,
                MeetingKind::ReviewConference,
                "olu.conference".to_string(),
            )
        } else {
            (24, MeetingKind::ChildInNeedReview, by.clone())
        };
        self.rhythm(start, every, &by);
        // A plan of a child in need is reviewed every four weeks.
        let gap = if protection { 170 } else { 28 };
        if !protection {
            self.meeting(start + Duration::days(2), review, &by);
        }
        let mut next = start + Duration::days(gap);
        while next <= self.today() {
            self.meeting(next, review, &chair);
            next += Duration::days(gap);
        }
        self.meeting(next, review, &chair);
        if protection {
            let back = self
                .dice
                .between(3, 30)
                .min((self.today() - start).num_days());
            self.meeting(
                self.today() - Duration::days(back),
                MeetingKind::CoreGroup,
                &by,
            );
            self.meeting(
                self.today() + Duration::days(38 - back.min(30)),
                MeetingKind::CoreGroup,
                &by,
            );
        }
    }

    /// The visits and notes of the last months, a visit about every `every` days.
    pub(super) fn rhythm(&mut self, start: NaiveDate, every: i64, by: &str) {
        let first = start.max(self.today() - Duration::days(every * 6));
        let mut next = first + Duration::days(self.dice.between(3, every));
        // One of Jo's children has not been seen for a month, for her home page
        // to show what late looks like.
        let unseen = if self.slot.story == Some("three-referrals") {
            31
        } else {
            0
        };
        let until = self.today() - Duration::days(unseen);
        while next < until {
            self.visit(next, by);
            if self.dice.chance(55) {
                let later = next + Duration::days(self.dice.between(1, 4));
                if later < self.today() {
                    self.note(later, by);
                }
            }
            // Some visits come late.
            let late = if self.dice.chance(12) { every } else { 0 };
            next += Duration::days(self.dice.between(every - 3, every + 2) + late);
        }
    }

    /// A family that early help works with today.
    pub(super) fn early_help(&mut self, began: Option<i64>) {
        let days = began.unwrap_or_else(|| self.dice.between(10, 300));
        let day = self.days_ago(days);
        let (by, manager) = (self.worker(), self.manager());
        let at = self.hour(day);
        let (contact, _) = self.contact(at);
        let at = self.hour(day + Duration::days(1));
        self.decision(contact, at, 2, Outcome::EarlyHelp);
        let at = self.hour(day + Duration::days(3));
        let children = self.subjects(at.date());
        let team = self.slot.team;
        let reason = "Works at the nearest family centre";
        let given = crate::Allocated {
            children: children.clone(),
            worker: by.clone(),
            team,
            reason,
        };
        self.happened(at, &manager, What::Allocated(given));
        self.involve(at.date());
        let begun = self.hour(day + Duration::days(6));
        let finished = days > 45;
        let parts = [
            (Part::Strengths, lines::STRENGTHS),
            (Part::Worries, self.theme.worries),
            (Part::ChildsVoice, lines::VOICE),
            (Part::NextSteps, lines::NEXT),
        ];
        let parts = parts[..if finished { 4 } else { 2 }]
            .iter()
            .map(|&(part, pool)| (part, self.cast.tell(pool, 3, &mut self.dice)))
            .collect();
        let assessment = Assessment {
            key: self.land.key(),
            early_help: true,
            children,
            parts,
            factors: Vec::new(),
            state: if finished {
                WorkState::Authorised
            } else {
                WorkState::Draft
            },
            sent: None,
            late_reason: None,
        };
        self.happened(begun, &by, What::Assessment(assessment));
        if finished {
            self.plan(day + Duration::days(40), PlanKind::EarlyHelp, &by, false);
            self.rhythm(day + Duration::days(42), 21, &by);
            self.meeting(
                self.today() + Duration::days(self.slot.size.into()),
                MeetingKind::TeamAroundTheFamily,
                &by,
            );
        } else {
            self.note(day + Duration::days(8), &by);
        }
    }
}
