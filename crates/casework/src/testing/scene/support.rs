//! What a plan of a [`super::Scene`] brings in: a package of support, and a
//! referral to a service with a need for which there is none; and what the
//! family asked a service by itself, put to the child by a worker.

use record::model::{
    Action, ActionState, Enquiry, ServiceReferral, SupportPackage, SupportPart, UnmetNeed,
};
use serde_json::json;
use vocabulary::{Id, ids};

use super::writer::Writer;
use crate::testing::id_of;
use crate::time;

impl Writer {
    /// A package of support on the plan, with one service.
    pub(super) async fn package(&mut self, plan: Id<ids::Plan>) {
        let package = SupportPackage {
            id: Id::new(),
            plan_id: plan,
            family_id: self.family,
            name: self.words(),
            aim: self.words(),
            goals: json!([]),
            starts_on: time::today(),
            state: "open".into(),
            ended_on: None,
            outcome: None,
            end_words: None,
            made_by: id_of("jo.socialworker"),
            made_at: self.now,
            version: 1,
        };
        self.put(&package).await;
        let part = SupportPart {
            id: Id::new(),
            package_id: package.id,
            family_id: self.family,
            service: self.words(),
            provider: self.words(),
            how_much: None,
            state: "waiting".into(),
            since: time::today(),
            helped: None,
            words: Some(self.words()),
            made_by: id_of("jo.socialworker"),
            made_at: self.now,
            version: 1,
        };
        self.put(&part).await;
        self.know("package", &package.id);
        self.know("package_service", &part.id);
    }

    /// A referral to a service, with its action on the plan.
    pub(super) async fn referral(&mut self, plan: Id<ids::Plan>) {
        let action = Action {
            id: Id::new(),
            plan_id: plan,
            family_id: self.family,
            goal_id: None,
            what: self.words(),
            agency: "other".into(),
            owner: "Larkmere family centre".into(),
            owner_worker_id: None,
            owner_email: None,
            due_on: time::today(),
            measure: self.words(),
            state: ActionState::ToDo,
            made_by: id_of("jo.socialworker"),
            made_at: self.now,
            settled_on: None,
            version: 1,
        };
        self.put(&action).await;
        let referral = ServiceReferral {
            id: Id::new(),
            plan_id: plan,
            action_id: action.id,
            family_id: self.family,
            person_id: self.child,
            service_id: None,
            // The name of a service says nothing of a child.
            service: "Quiet minds".into(),
            provider: "Quillbrook care".into(),
            asked_on: time::today(),
            state: "asked".into(),
            state_on: time::today(),
            declined_why: None,
            wait_words: None,
            started_on: None,
            ended_on: None,
            result: None,
            result_on: None,
            result_by: None,
            words: Some(self.words()),
            made_by: id_of("jo.socialworker"),
            made_at: self.now,
            version: 1,
        };
        self.put(&referral).await;
        let lacking = UnmetNeed {
            id: Id::new(),
            plan_id: plan,
            family_id: self.family,
            person_id: self.child,
            need: "parenting".into(),
            why: "none".into(),
            words: Some(self.words()),
            noted_on: time::today(),
            made_by: id_of("jo.socialworker"),
            made_at: self.now,
            version: 1,
        };
        self.put(&lacking).await;
        self.know("service_referral", &referral.id);
    }

    /// What the family asked a service by itself.
    pub(super) async fn enquiry(&mut self) {
        let version = self.pack.form("ask-service", time::today());
        let version = version.expect("the form of a request").version;
        let enquiry = Enquiry {
            id: Id::new(),
            reference: format!(
                "SCENE-{}-{}",
                self.standing.name(),
                &self.child.as_str()[28..]
            ),
            word_hash: self.standing.words().into(),
            asker: "parent".into(),
            form: "ask-service".into(),
            form_version: version.to_string(),
            answers: json!({
                "asker": "parent",
                "caller_name": format!("Perdita {}", self.standing.name()),
                "for_whom": "children",
                "children": [{ "given": "Wren", "family": self.standing.name() }],
                "what": self.words(),
                "safe_contact": ["email"],
                "shares": "all",
            }),
            shares: "all".into(),
            danger: false,
            contact_id: None,
            held: None,
            person_id: Some(self.child),
            provider_email: None,
            service_id: None,
            service: "Quiet minds".into(),
            provider: "Quillbrook care".into(),
            asked_on: time::today(),
            state: "asked".into(),
            state_on: time::today(),
            declined_why: None,
            wait_words: None,
            started_on: None,
            ended_on: None,
            result: None,
            result_on: None,
            result_by: None,
            words: None,
            keep_until: None,
            made_at: self.now,
            version: 1,
        };
        self.put(&enquiry).await;
        self.know("enquiry", &enquiry.id);
    }
}
