//! The rows of a [`super::Scene`] beside the journey: how to reach them, what
//! partners said, protection, care, court, missing, letters.

use chrono::Days;
use record::args;
use record::model::{
    BlindRating, Care, CareEpisode, CourtCase, CourtChild, CourtCopy, FamilyAsk, Letter, Mash,
    MashCheck, Meeting, MeetingState, Missing, PanelReferral, PersonName, Placement,
    PrivateFostering, Reach, Relationship, Step, StepMeeting, StepState, StepSubject, Watch,
    WatchState,
};
use serde_json::json;
use vocabulary::{Id, ids};

use super::writer::Writer;
use crate::testing::{id_of, team_of};
use crate::time;

impl Writer {
    /// Another name, a telephone number and the tie to the mother.
    pub(super) async fn reaching(&mut self, mother: Id<ids::Person>) {
        let name = PersonName {
            id: Id::new(),
            person_id: self.child,
            kind: "birth".into(),
            given: "Wrenna".into(),
            family_name: self.standing.name().into(),
            started_on: None,
            ended_on: None,
            wrong_reason: None,
            version: 1,
        };
        self.put(&name).await;
        let reach = Reach {
            id: Id::new(),
            person_id: self.child,
            kind: "phone".into(),
            value: "07700 900441".into(),
            safe: true,
            asked: Some(true),
            place: Some("own".into()),
            messages: Some("yes".into()),
            best_time: None,
            note: Some(self.words()),
            started_on: None,
            ended_on: None,
            wrong_reason: None,
            version: 1,
        };
        self.put(&reach).await;
        let tie = Relationship {
            id: Id::new(),
            from_id: mother,
            to_id: self.child,
            kind: "mother".into(),
            parental_responsibility: Some(true),
            standing: None,
            closeness: None,
            started_on: None,
            ended_on: None,
            end_reason: None,
            wrong_reason: None,
            version: 1,
        };
        self.put(&tie).await;
        // What the nightly check found, for the worker's list of data to mend.
        let path = format!("/people/{}/edit#upn", self.child);
        self.tx
            .run(
                "insert into data_finding (person_id, rule, kind, field, path, found_on) \
                 values ($1, '8770Q', 'query', 'UPN', $2, $3)",
                args![self.child, path, time::today()],
            )
            .await
            .expect("a finding");
        self.know("name_of", &name.id);
        self.know("reach", &reach.id);
        self.know("relationship", &tie.id);
    }

    /// A partner's check and a decision that was rated again.
    pub(super) async fn partners(
        &mut self,
        contact: Id<ids::Contact>,
        decision: Id<ids::Decision>,
    ) {
        self.put(&Mash {
            id: Id::new(),
            contact_id: contact,
            rag: "amber".into(),
            opened_by: id_of("farah.screener"),
            opened_at: self.days_ago(1),
            answers: json!({}),
            form_version: None,
            recommendation: None,
            written_by: None,
            written_at: None,
            version: 1,
        })
        .await;
        let check = MashCheck {
            id: Id::new(),
            contact_id: contact,
            agency: "police".into(),
            rag: "amber".into(),
            about: format!("Wren {}", self.standing.name()),
            question: self.words(),
            asked_by: id_of("farah.screener"),
            asked_at: self.days_ago(1),
            found: None,
            words: None,
            worry: None,
            answered_by: None,
            answered_at: None,
            withdrawn_at: None,
            version: 1,
        };
        self.put(&check).await;
        let rating = BlindRating {
            id: Id::new(),
            decision_id: decision,
            contact_id: contact,
            level: "3".into(),
            rationale: self.words(),
            rated_by: id_of("farah.screener"),
            rated_at: self.now,
            version: 1,
        };
        self.put(&rating).await;
        self.know("check", &check.id);
        // A rating is asked for by the decision that is rated.
        self.know("rating", &decision);
    }

    /// A strategy discussion with its meeting, a conference, a step-down, and
    /// the watch after an earlier one.
    pub(super) async fn protection(&mut self) {
        let strategy = self.open_step("strategy-discussion", Days::new(0)).await;
        let meeting = Meeting {
            id: Id::new(),
            kind: "strategy_discussion".into(),
            family_id: self.family,
            plan_id: None,
            held_at: self.now,
            place: None,
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
        self.put(&StepMeeting {
            id: Id::new(),
            step_id: strategy,
            meeting_id: meeting.id,
            family_id: self.family,
            chair_id: None,
            quorate: None,
            not_quorate_why: None,
            plan_id: None,
            given_at: None,
            version: 1,
        })
        .await;
        let conference = self.open_step("initial-conference", Days::new(0)).await;
        let step_down = self.open_step("step-down", Days::new(0)).await;
        let watch = Watch {
            id: Id::new(),
            person_id: self.child,
            family_id: self.family,
            step_id: None,
            from_kind: "protection_plan".into(),
            to_kind: "child_in_need".into(),
            began_on: time::today() - Days::new(90),
            bring_back: self.words(),
            state: WatchState::Watching,
            back_on: None,
            back_by: None,
            version: 1,
        };
        self.put(&watch).await;
        self.know("strategy", &strategy);
        self.know("conference", &conference);
        self.know("step_down", &step_down);
        self.know("watch", &watch.id);
    }

    /// Work of the pack that is open since so many days.
    pub(super) async fn open_step(&mut self, kind: &str, since: Days) -> Id<ids::Step> {
        let def = self.pack.step(kind, time::today());
        let form = def.map(|def| def.form.clone());
        let form = form.expect("a step of the pack with a form");
        let step = Step {
            id: Id::new(),
            kind: kind.into(),
            form_version: Some(self.version(&form)),
            form: Some(form),
            pack_version: "2013-04-01".into(),
            family_id: self.family,
            contact_id: None,
            team_id: Some(team_of(self.team())),
            worker_id: self.worker(),
            state: StepState::Open,
            started_on: time::today() - since,
            submitted_by: None,
            submitted_at: None,
            settled_by: None,
            settled_at: None,
            settled_words: None,
            outcome: None,
            version: 1,
        };
        self.put(&step).await;
        self.put(&StepSubject {
            id: Id::new(),
            step_id: step.id,
            person_id: self.child,
            version: 1,
        })
        .await;
        step.id
    }

    /// In care with one home and one episode; missing once, and on the list of
    /// the exploitation panel.
    pub(super) async fn care(&mut self) {
        let since = time::today() - Days::new(5);
        let care = Care {
            id: Id::new(),
            person_id: self.child,
            family_id: Some(self.family),
            started_on: since,
            ended_on: None,
            iro_id: None,
            permanence: "not_yet".into(),
            permanence_on: None,
            previous: None,
            previous_council: None,
            previous_on: None,
            no_upn: None,
            mother: None,
            mother_on: None,
            why: self.words(),
            version: 1,
        };
        self.put(&care).await;
        let home = Placement {
            id: Id::new(),
            care_id: care.id,
            person_id: self.child,
            started_on: since,
            ended_on: None,
            home: "U6".into(),
            provider: "PR1".into(),
            carer: format!("Carers {}", self.standing.name()),
            address_id: None,
            postcode: None,
            hidden: false,
            outside: None,
            area: None,
            miles: None,
            urn: None,
            registered: true,
            rule: "ordinary".into(),
            agreed_by: None,
            move_reason: None,
            planned_on: None,
            carer_id: None,
            version: 1,
        };
        self.put(&home).await;
        let episode = CareEpisode {
            id: Id::new(),
            care_id: care.id,
            person_id: self.child,
            placement_id: home.id,
            started_on: since,
            began: "S".into(),
            legal_status: "V2".into(),
            need: "N1".into(),
            ended_on: None,
            ended_why: None,
            home_postcode: None,
            corrected_at: None,
            correction_reason: None,
            version: 1,
        };
        self.put(&episode).await;
        let missing = Missing {
            id: Id::new(),
            person_id: self.child,
            family_id: Some(self.family),
            care_id: Some(care.id),
            kind: "missing".into(),
            started_at: self.days_ago(1),
            ended_at: None,
            last_seen: Some(self.words()),
            police: None,
            worry: Some(self.words()),
            back_how: None,
            back_place: None,
            back_words: None,
            interview: "none".into(),
            interview_at: None,
            interview_by: None,
            independent: None,
            childs_words: None,
            pushes: json!([]),
            pulls: json!([]),
            exploitation: None,
            no_interview_why: None,
            next: None,
            team_id: Some(team_of(self.team())),
            logged_by: id_of("jo.socialworker"),
            logged_at: self.days_ago(1),
            version: 1,
        };
        self.put(&missing).await;
        let panel = PanelReferral {
            id: Id::new(),
            person_id: self.child,
            kinds: json!([]),
            words: self.words(),
            referred_on: time::today(),
            referred_by: id_of("jo.socialworker"),
            decided_on: None,
            decision: None,
            decision_words: None,
            version: 1,
        };
        self.put(&panel).await;
        self.know("episode", &episode.id);
        self.know("missing", &missing.id);
        self.know("panel_case", &panel.id);
    }

    /// Work before the court, and a chronology as a court had it.
    pub(super) async fn court(&mut self) {
        let case = CourtCase {
            id: Id::new(),
            family_id: self.family,
            state: "gateway".into(),
            gateway_on: Some(time::today()),
            gateway_words: Some(self.words()),
            letter_on: None,
            letter_to: None,
            letter_words: None,
            met_on: None,
            met_words: None,
            issued_on: None,
            number: None,
            court: None,
            seeks: None,
            papers: json!([]),
            ended_on: None,
            outcome: None,
            outcome_words: None,
            lawyer: None,
            worker_id: self.worker(),
            team_id: Some(team_of(self.team())),
            version: 1,
        };
        self.put(&case).await;
        self.put(&CourtChild {
            id: Id::new(),
            case_id: case.id,
            person_id: self.child,
            version: 1,
        })
        .await;
        let copy = CourtCopy {
            id: Id::new(),
            person_id: self.child,
            purpose: self.words(),
            since: None,
            earlier: Some(self.words()),
            entries: json!([]),
            check_sum: "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945".into(),
            frozen_by: id_of("jo.socialworker"),
            frozen_at: self.now,
            version: 1,
        };
        self.put(&copy).await;
        self.know("court_case", &case.id);
        self.know("court_copy", &copy.id);
    }

    /// An arrangement that somebody told us of (private fostering).
    pub(super) async fn arrangement(&mut self) {
        let told = PrivateFostering {
            id: Id::new(),
            person_id: self.child,
            family_id: Some(self.family),
            told_on: time::today(),
            told_by: "parent".into(),
            starts_on: time::today(),
            until: None,
            carer: format!("Aunt {}", self.standing.name()),
            relation: None,
            place: None,
            why: self.words(),
            childs_words: Some(self.words()),
            disabled: false,
            state: "open".into(),
            decision: None,
            decided_on: None,
            decision_words: None,
            ended_on: None,
            end_why: None,
            end_words: None,
            team_id: Some(team_of(self.team())),
            made_by: id_of("jo.socialworker"),
            made_at: self.now,
            version: 1,
        };
        self.put(&told).await;
        self.know("arrangement", &told.id);
    }

    /// A letter to the child, and what the mother asked of the plan.
    pub(super) async fn letters(&mut self, mother: Id<ids::Person>, plan: Id<ids::Plan>) {
        let letter = Letter {
            id: Id::new(),
            person_id: self.child,
            to_id: self.child,
            decision_id: None,
            kind: "to-the-child".into(),
            subject: self.words(),
            body: self.words(),
            made_by: id_of("jo.socialworker"),
            made_at: self.now,
            given: None,
            given_by: None,
            given_at: None,
            version: 1,
        };
        self.put(&letter).await;
        let ask = FamilyAsk {
            id: Id::new(),
            plan_id: plan,
            family_id: self.family,
            person_id: Some(mother),
            asked_by: "Perdita".into(),
            words: self.words(),
            asked_on: time::today(),
            agreed: None,
            what: None,
            why: None,
            answered_by: None,
            answered_at: None,
            made_by: id_of("jo.socialworker"),
            version: 1,
        };
        self.put(&ask).await;
        self.know("letter", &letter.id);
        self.know("ask", &ask.id);
    }
}
