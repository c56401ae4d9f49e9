//! The rows of a [`super::Scene`], one function an area.

use chrono::{DateTime, Days, Duration, Utc};
use packs::Pack;
use record::model::{
    AccessGrant, Action, ActionState, Address, Chronology, ChronologyState, Clock, Consent,
    Contact, ContactChild, ContactState, Decision, EarlyHelp, EarlyHelpChild, EarlyHelpState, Goal,
    GoalState, LooksRequest, Meeting, MeetingPerson, MeetingState, Note, PersonKind, Plan,
    PlanState, PlanSubject, PossibleDuplicate, StepSection, SubjectCopy, UnusualLook,
};
use record::{Entity, Tx};
use serde_json::json;
use vocabulary::{Id, ids};

use super::{HIDDEN_BROTHER, Standing, member};
use crate::testing::{EVERYBODY, id_of, rows, team_of};
use crate::time;

/// Writes the rows and keeps their ids.
pub(super) struct Writer {
    pub(super) tx: Tx,
    pub(super) pack: Pack,
    pub(super) standing: Standing,
    pub(super) child: Id<ids::Person>,
    pub(super) family: Id<ids::Family>,
    pub(super) now: DateTime<Utc>,
    pub(super) ids: Vec<(&'static str, String)>,
}

impl Writer {
    pub(super) async fn put(&mut self, row: &impl Entity) {
        self.tx.insert(row).await.expect("the row is sound");
    }

    /// Keeps the id of a record under its name in an address.
    pub(super) fn know(&mut self, place: &'static str, id: &impl ToString) {
        self.ids.push((place, id.to_string()));
    }

    /// The version of a form of the pack that is in force today.
    pub(super) fn version(&self, form: &str) -> String {
        let form = self.pack.form(form, time::today());
        form.expect("a form of the pack").version.to_string()
    }

    pub(super) fn words(&self) -> String {
        format!("A {} word.", self.standing.words())
    }

    pub(super) fn days_ago(&self, days: i64) -> DateTime<Utc> {
        self.now - Duration::days(days)
    }

    pub(super) async fn stand(&mut self, mother: Id<ids::Person>) {
        let mut theirs = rows::allocated(self.child, "jo.socialworker");
        if self.standing == Standing::OtherTeam {
            theirs.worker_id = None;
            theirs.team_id = Some(team_of("East"));
            theirs.name = "Fern Hollow".into();
        }
        self.put(&theirs).await;
        for person in [self.child, mother] {
            match self.standing {
                Standing::Ours | Standing::OtherTeam => {}
                Standing::Restricted => self.put(&rows::restriction(person, "high_risk")).await,
                Standing::Conflict => {
                    for worker in &EVERYBODY {
                        self.put(&rows::conflict(person, worker.username)).await;
                    }
                }
            }
        }
        if self.standing == Standing::Ours {
            let born = time::today() - Days::new(2_000);
            let name = self.standing.name();
            let brother = rows::person(PersonKind::Child, HIDDEN_BROTHER, name, born);
            member(&mut self.tx, &brother, self.family).await;
            self.put(&rows::restriction(brother.id, "high_risk")).await;
        }
        let pair = PossibleDuplicate {
            id: Id::new(),
            person_id: self.child,
            other_id: mother,
            because: json!([self.words()]),
            score: 90,
            raised_at: self.now,
            settled_as: None,
            settled_by: None,
            settled_at: None,
            for_shield_team: true,
            version: 1,
        };
        self.put(&pair).await;
        self.know("pair", &pair.id);
        let home = Address {
            id: Id::new(),
            person_id: self.child,
            kind: "home".into(),
            line1: format!("7 {} Road", self.standing.words()),
            line2: None,
            town: Some("Larkmere".into()),
            postcode: Some("LK1 1AA".into()),
            ward: None,
            team_id: Some(team_of("North")),
            started_on: Some(time::today() - Days::new(400)),
            ended_on: None,
            protected: false,
            safe_to_write: true,
            unsafe_reason: None,
            wrong_reason: None,
            version: 1,
        };
        self.put(&home).await;
        self.know("address", &home.id);
    }

    /// Early help that goes on, without a plan yet.
    pub(super) async fn early_help(&mut self) {
        let help = EarlyHelp {
            id: Id::new(),
            family_id: self.family,
            began_on: time::today() - Days::new(20),
            source: "child_page".into(),
            reason: self.words(),
            contact_id: None,
            step_id: None,
            plan_id: None,
            team_id: Some(team_of("Early help")),
            started_by: Some(id_of("dev.earlyhelp")),
            step_up_id: None,
            bring_back: Some(self.words()),
            state: EarlyHelpState::Open,
            ended_on: None,
            outcome: None,
            different: None,
            version: 1,
        };
        self.put(&help).await;
        self.put(&EarlyHelpChild {
            id: Id::new(),
            early_help_id: help.id,
            person_id: self.child,
            version: 1,
        })
        .await;
        self.put(&Consent {
            id: Id::new(),
            early_help_id: help.id,
            family_id: self.family,
            said: "given".into(),
            said_by: Some(format!("Perdita {}", self.standing.name())),
            said_on: time::today() - Days::new(20),
            how: Some("phone".into()),
            shares: json!(["school"]),
            words: Some(self.words()),
            recorded_by: Some(id_of("dev.earlyhelp")),
            recorded_at: self.days_ago(20),
            version: 1,
        })
        .await;
        self.know("early_help", &help.id);
    }

    pub(super) async fn front_door(&mut self) -> (Id<ids::Contact>, Id<ids::Decision>) {
        let open = self.standing != Standing::OtherTeam;
        let contact = Contact {
            id: Id::new(),
            reference: format!("T-{}-{}", self.standing.words(), &self.child.as_str()[28..]),
            route: "public".into(),
            form: "ask-for-help".into(),
            form_version: self.version("ask-for-help"),
            answers: json!({ "worry": self.words() }),
            state: if open {
                ContactState::Screening
            } else {
                ContactState::Decided
            },
            priority: 2,
            received_at: self.days_ago(1),
            source: Some("1A".into()),
            referrer_name: Some(format!("Neighbour {}", self.standing.name())),
            referrer_role: Some("neighbour".into()),
            referrer_agency: None,
            referrer_phone: Some("020 7946 0009".into()),
            referrer_email: None,
            concern: self.words(),
            postcode: Some("LK1 1AA".into()),
            family_id: Some(self.family),
            team_id: Some(team_of(if open { "North" } else { "East" })),
            screener_id: open.then(|| id_of("farah.screener")),
            taken_by: None,
            screening_started_at: Some(self.days_ago(1)),
            decided_at: (!open).then_some(self.now),
            outcome: (!open).then(|| "referral".into()),
            version: 1,
        };
        self.put(&contact).await;
        let part = ContactChild {
            id: Id::new(),
            contact_id: contact.id,
            told: json!({ "given": "Wren", "family_name": self.standing.name() }),
            person_id: Some(self.child),
            settled_at: Some(self.now),
            version: 1,
        };
        self.put(&part).await;
        let decision = Decision {
            id: Id::new(),
            kind: "threshold".into(),
            contact_id: Some(contact.id),
            family_id: Some(self.family),
            person_id: Some(self.child),
            step_id: None,
            level: Some("4".into()),
            indicators: json!([]),
            outcome: "referral".into(),
            rationale: self.words(),
            considered: Some(self.words()),
            alternatives: None,
            child_words: Some(self.words()),
            guide_version: None,
            form: Some("threshold-decision".into()),
            form_version: Some(self.version("threshold-decision")),
            answers: json!({ "rationale": self.words() }),
            decided_by: id_of("priya.manager"),
            decided_at: self.now,
            version: 1,
        };
        self.put(&decision).await;
        self.know("contact", &contact.id);
        self.know("part", &part.id);
        self.know("decision", &decision.id);
        (contact.id, decision.id)
    }

    /// An open assessment with one section written and a clock that is late.
    pub(super) async fn step(&mut self) -> Id<ids::Step> {
        let step = self
            .open_step("child-and-family-assessment", Days::new(20))
            .await;
        self.put(&StepSection {
            id: Id::new(),
            step_id: step,
            subject_id: self.child,
            section: "summary".into(),
            answers: json!({ "summary": self.words() }),
            finished: true,
            saved_by: id_of("jo.socialworker"),
            saved_at: self.now,
            version: 1,
        })
        .await;
        let clock = Clock {
            id: Id::new(),
            rule: "assessment".into(),
            rule_version: "2013-04-01".into(),
            title: "Child and family assessment".into(),
            about_kind: "step".into(),
            about_id: step.to_string(),
            person_id: Some(self.child),
            family_id: Some(self.family),
            contact_id: None,
            team_id: Some(team_of(self.team())),
            worker_id: self.worker(),
            path: format!("/steps/{step}"),
            started_at: self.days_ago(80),
            due_at: self.days_ago(2),
            done_at: None,
            late_reason: None,
            late_agreed_by: None,
            late_recorded_at: None,
            version: 1,
        };
        self.put(&clock).await;
        self.know("step", &step);
        self.know("clock", &clock.id);
        step
    }

    pub(super) fn team(&self) -> &'static str {
        match self.standing {
            Standing::OtherTeam => "East",
            _ => "North",
        }
    }

    pub(super) fn worker(&self) -> Option<Id<ids::Worker>> {
        (self.standing != Standing::OtherTeam).then(|| id_of("jo.socialworker"))
    }

    pub(super) async fn plan(&mut self, step: Id<ids::Step>) -> Id<ids::Plan> {
        let today = time::today();
        let plan = Plan {
            id: Id::new(),
            kind: "child_in_need".into(),
            family_id: self.family,
            step_id: Some(step),
            worker_id: self.worker(),
            team_id: Some(team_of(self.team())),
            state: PlanState::Open,
            started_on: today - Days::new(10),
            ended_on: None,
            end_reason: None,
            different: None,
            summary: Some(self.words()),
            version: 1,
        };
        self.put(&plan).await;
        self.put(&PlanSubject {
            id: Id::new(),
            plan_id: plan.id,
            person_id: self.child,
            version: 1,
        })
        .await;
        let goal = Goal {
            id: Id::new(),
            plan_id: plan.id,
            family_id: self.family,
            person_id: Some(self.child),
            wording: self.words(),
            child_words: Some(self.words()),
            outcomes: json!([]),
            state: GoalState::Working,
            result: None,
            set_on: today,
            settled_on: None,
            version: 1,
        };
        self.put(&goal).await;
        let action = Action {
            id: Id::new(),
            plan_id: plan.id,
            family_id: self.family,
            goal_id: Some(goal.id),
            what: self.words(),
            agency: "health".into(),
            owner: "Health visitor".into(),
            owner_worker_id: None,
            owner_email: Some("visitor@nhs.example".into()),
            due_on: today + Days::new(5),
            measure: self.words(),
            state: ActionState::ToDo,
            made_by: id_of("jo.socialworker"),
            made_at: self.now,
            settled_on: None,
            version: 1,
        };
        self.put(&action).await;
        let meeting = Meeting {
            id: Id::new(),
            kind: "child_in_need_review".into(),
            family_id: self.family,
            plan_id: Some(plan.id),
            held_at: self.now + Duration::days(3),
            place: Some("The family centre".into()),
            state: MeetingState::Planned,
            purpose: Some(self.words()),
            discussion: None,
            decision: None,
            interpreter: None,
            chaired_by: None,
            made_by: id_of("jo.socialworker"),
            version: 1,
        };
        self.put(&meeting).await;
        self.put(&MeetingPerson {
            id: Id::new(),
            meeting_id: meeting.id,
            family_id: self.family,
            person_id: Some(self.child),
            worker_id: None,
            name: format!("Wren {}", self.standing.name()),
            role: "child".into(),
            agency: "family".into(),
            invited: true,
            came: None,
            absent_why: None,
            views: Some(self.words()),
            place: None,
            report_due: None,
            report_received: None,
            dissent: None,
            version: 1,
        })
        .await;
        self.know("plan", &plan.id);
        self.know("action", &action.id);
        self.know("meeting", &meeting.id);
        plan.id
    }

    pub(super) async fn notes(&mut self) {
        let id = Id::new();
        self.put(&Note {
            id,
            person_id: self.child,
            family_id: Some(self.family),
            group_id: id,
            kind: "note".into(),
            happened_at: self.days_ago(1),
            recorded_at: self.days_ago(1),
            author_id: id_of("jo.socialworker"),
            words: self.words(),
            only_here: None,
            visit: None,
            goal_id: None,
            seen: None,
            seen_alone: None,
            sensitive: false,
            pinned: false,
            corrected_at: None,
            correction_reason: None,
            version: 1,
        })
        .await;
        let entry = Chronology {
            id: Id::new(),
            person_id: self.child,
            happened_on: time::today() - Days::new(1),
            kind: "other".into(),
            wording: self.words(),
            response: None,
            impact: None,
            significance: None,
            state: ChronologyState::Proposed,
            source_kind: None,
            source_id: None,
            reported_by: None,
            made_at: self.now,
            settled_by: None,
            settled_at: None,
            version: 1,
        };
        self.put(&entry).await;
        self.know("note", &id);
        self.know("entry", &entry.id);
    }

    /// An emergency look that ended and waits for its check.
    pub(super) async fn access(&mut self) {
        let grant = AccessGrant {
            id: Id::new(),
            kind: "break_glass".into(),
            worker_id: id_of("tom.socialworker"),
            person_id: self.child,
            section: "record".into(),
            reason: self.words(),
            starts_at: self.days_ago(3),
            ends_at: self.days_ago(2),
            ended_at: None,
            reviewed_by: None,
            reviewed_at: None,
            review_note: None,
            version: 1,
        };
        self.put(&grant).await;
        let look = UnusualLook {
            id: Id::new(),
            worker_id: id_of("tom.socialworker"),
            person_id: self.child,
            day: time::today() - Days::new(3),
            signs: json!(["again", "out_of_hours"]),
            looks: 3,
            first_at: self.days_ago(3),
            last_at: self.days_ago(3),
            reviewed_by: None,
            reviewed_at: None,
            review_note: None,
            outcome: None,
            version: 1,
        };
        self.put(&look).await;
        let asked = LooksRequest {
            id: Id::new(),
            person_id: self.child,
            asked_by: "parent".into(),
            asker: self.words(),
            asked_on: time::today(),
            from_day: time::today() - Days::new(30),
            to_day: time::today(),
            lines: json!([]),
            state: "given".into(),
            dangers: json!([]),
            reason: Some(self.words()),
            decided_by: Some(id_of("jo.socialworker")),
            decided_at: Some(self.now),
            made_by: id_of("jo.socialworker"),
            made_at: self.now,
            version: 1,
        };
        self.put(&asked).await;
        self.know("looks_request", &asked.id);
        let copy = SubjectCopy {
            id: Id::new(),
            person_id: self.child,
            asker: self.words(),
            checked: self.words(),
            asked_on: time::today(),
            held: json!({}),
            made_by: id_of("priya.manager"),
            made_at: self.now,
            version: 1,
        };
        self.put(&copy).await;
        self.know("copy", &copy.id);
        self.know("grant", &grant.id);
        self.know("look", &look.id);
    }
}
