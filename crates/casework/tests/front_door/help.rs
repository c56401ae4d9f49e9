//! People at the door, and shortcuts to what the front door's tests need.

use casework::front_door::Route;
use casework::front_door::board::{Board, Filter};
use casework::front_door::decision::Deciding;
use casework::front_door::identify::NewChild;
use casework::front_door::public::Kept;
use casework::model::{
    Clock, Contact, ContactState, Decision, Involvement, PersonKind, Restriction, Step, Worker,
};
use casework::people::{NewAddress, NewPerson};
use casework::testing::{TestCouncil, id_of, team_of};
use casework::{Casework, Result, Viewer, time};
use chrono::{Duration, Utc};
use packs::Answers;
use record::{AssertSqlSafe, Entity, Tx, args};
use serde_json::json;
use vocabulary::{Id, ids};

/// The front door of a test council.
pub struct Door<'a> {
    casework: &'a Casework,
    /// The screener.
    pub farah: Viewer,
    /// The manager of North.
    pub priya: Viewer,
}

/// A call with the five answers that are needed.
pub fn call() -> Answers {
    let mut answers = Answers::new();
    for (name, value) in [
        ("source", "1B"),
        ("caller_name", "Mrs Pell, neighbour"),
        ("danger", "no"),
        ("what", "A small boy is often alone on the stairs."),
        ("child_known", "not_yet"),
    ] {
        answers.set(name, value);
    }
    answers
}

/// A whole decision with this outcome.
pub fn decision(outcome: &str) -> Answers {
    let mut answers = Answers::new();
    for (name, value) in [
        ("level", "early_help"),
        (
            "rationale",
            "School and family agree on what would help, and it is in place.",
        ),
        ("considered", "Two earlier contacts."),
        ("child_words", "We talked with your mum."),
        ("outcome", outcome),
        ("immediate_action", "Jo visits at four."),
        ("other_council", "Otherby"),
        ("other_council_told", "Duty desk, by phone"),
    ] {
        answers.set(name, value);
    }
    answers.set_list("indicators", ["2-school", "2-mood"]);
    answers
}

/// A contact as an import would make it, received now.
pub fn told(tx: &Tx, from: &str) -> Contact {
    Contact {
        id: Id::new(),
        reference: format!("REF-{from}"),
        route: "phone".into(),
        form: "phone-contact".into(),
        form_version: "2013-04-01".into(),
        answers: json!({}),
        state: ContactState::New,
        priority: 3,
        received_at: tx.now(),
        source: None,
        referrer_name: Some(from.into()),
        referrer_role: None,
        referrer_agency: None,
        referrer_phone: None,
        referrer_email: None,
        concern: "Words".into(),
        postcode: None,
        family_id: None,
        team_id: None,
        screener_id: None,
        taken_by: None,
        screening_started_at: None,
        decided_at: None,
        outcome: None,
        version: 1,
    }
}

fn child(given: &str, family: &str, born: &str) -> Answers {
    let mut child = Answers::new();
    child.set("given", given);
    child.set("family", family);
    child.set("born", born);
    child
}

impl<'a> Door<'a> {
    pub async fn of(council: &'a TestCouncil) -> Door<'a> {
        Door {
            casework: &council.casework,
            farah: council.viewer("farah.screener").await,
            priya: council.viewer("priya.manager").await,
        }
    }

    pub async fn board(&self) -> Board {
        self.casework
            .board(&self.farah, &Filter::default())
            .await
            .unwrap()
    }

    async fn keep(&self, route: Route, answers: &Answers) -> String {
        let mut token: Option<String> = None;
        let form = self.casework.form(route.form()).unwrap();
        for section in &form.sections {
            let kept = self
                .casework
                .keep_public_page(route, token.as_deref(), &section.id, answers)
                .await
                .unwrap();
            token = Some(kept);
        }
        token.expect("a form has sections")
    }

    /// A parent's answers, page by page, not sent.
    pub async fn parent_answers(&self, postcode: &str, danger: &str) -> String {
        let mut answers = Answers::new();
        for (name, value) in [
            ("danger", danger),
            ("source", "1A"),
            ("caller_name", "Rhian Fenwick"),
            ("postcode", postcode),
            ("what", "He cannot sleep and neither can I."),
            ("caller_phone", "020 7946 0123"),
        ] {
            answers.set(name, value);
        }
        answers.set_list("safe_contact", ["phone"]);
        answers.set_groups("children", vec![child("Idris", "Fenwick", "2017-05-02")]);
        self.keep(Route::Public, &answers).await
    }

    /// A parent asks for help; gives the reference of the last page.
    pub async fn parent_asks(&self, postcode: &str, danger: &str) -> String {
        let token = self.parent_answers(postcode, danger).await;
        assert!(
            self.casework
                .send_public(Route::Public, &token)
                .await
                .unwrap()
        );
        match self
            .casework
            .public_answers(Route::Public, &token)
            .await
            .unwrap()
        {
            Some(Kept::Sent(last)) => {
                assert!(last.words.contains(&last.reference));
                last.reference
            }
            other => panic!("no last page: {other:?}"),
        }
    }

    pub async fn school_tells(&self) {
        let mut answers = Answers::new();
        for (name, value) in [
            ("caller_name", "Mr Ash"),
            ("caller_organisation", "Heron Primary"),
            ("caller_phone", "020 7946 0999"),
            ("danger", "no"),
            ("what", "She falls asleep in class."),
            ("parents_told", "agree"),
        ] {
            answers.set(name, value);
        }
        answers.set_groups("children", vec![child("Nell", "Fenwick", "2019-01-02")]);
        let token = self.keep(Route::School, &answers).await;
        assert!(
            self.casework
                .send_public(Route::School, &token)
                .await
                .unwrap()
        );
    }

    pub async fn police_tell(&self, grading: &str) {
        let mut answers = Answers::new();
        for (name, value) in [
            ("collar_number", "4411"),
            ("incident_reference", "LK/1/26"),
            ("danger", "no"),
            ("risk_grading", grading),
            ("what", "Shouting heard; door damaged."),
        ] {
            answers.set(name, value);
        }
        answers.set_groups("children", vec![child("not known", "", "")]);
        let token = self.keep(Route::Police, &answers).await;
        assert!(
            self.casework
                .send_public(Route::Police, &token)
                .await
                .unwrap()
        );
    }

    /// A call about these children.
    pub async fn contact_about(
        &self,
        children: &[(&str, &str, &str)],
        postcode: &str,
    ) -> Id<ids::Contact> {
        let mut answers = call();
        answers.set("child_known", "yes");
        answers.set("postcode", postcode);
        let told = children.iter().map(|(g, f, b)| child(g, f, b)).collect();
        answers.set_groups("children", told);
        let once = Id::<ids::Contact>::new().to_string();
        self.casework
            .take_call(&self.farah, &answers, &once)
            .await
            .unwrap()
            .contact
    }

    /// A child with a family and with Jo as their worker.
    pub async fn known_child(
        &self,
        given: &str,
        family: &str,
        born: &str,
        postcode: &str,
    ) -> Id<ids::Person> {
        let mut tx = self
            .casework
            .store()
            .begin(&self.farah.actor())
            .await
            .unwrap();
        let home = self.casework.new_family(&mut tx, family).await.unwrap();
        let new = NewPerson {
            kind: PersonKind::Child,
            given: given.into(),
            family_name: family.into(),
            born_on: born.parse().ok(),
            address: Some(NewAddress {
                postcode: Some(postcode.into()),
                ..NewAddress::default()
            }),
            ..NewPerson::default()
        };
        let person = self
            .casework
            .add_person(&mut tx, &new, Some(home.id), true)
            .await
            .unwrap();
        let jo: Worker = tx.get(id_of("jo.socialworker")).await.unwrap();
        tx.insert(&Involvement {
            id: Id::new(),
            person_id: person.id,
            worker_id: Some(jo.id),
            team_id: Some(team_of("North")),
            role: "allocated".into(),
            name: jo.name,
            job_title: jo.job_title,
            agency: jo.agency,
            phone: jo.phone,
            email: jo.email,
            lead: true,
            sensitive: false,
            started_on: time::today() - Duration::days(100),
            ended_on: None,
            change_reason: None,
            version: 1,
        })
        .await
        .unwrap();
        tx.commit().await.unwrap();
        person.id
    }

    pub async fn match_first(&self, id: Id<ids::Contact>, person: Id<ids::Person>) {
        let view = self.casework.contact_view(&self.farah, id).await.unwrap();
        let once = format!("match {id}");
        self.casework
            .match_child(&self.farah, id, view.children[0].part, person, &once)
            .await
            .unwrap();
    }

    pub async fn create_first(&self, id: Id<ids::Contact>) -> Id<ids::Person> {
        let view = self.casework.contact_view(&self.farah, id).await.unwrap();
        let new = NewChild {
            child: view.children[0].told.clone(),
            once: format!("create {id}"),
            none_of_these: true,
            ..NewChild::default()
        };
        self.casework
            .create_child(&self.farah, id, view.children[0].part, &new)
            .await
            .unwrap()
    }

    /// Decides with the team that the page would suggest.
    pub async fn decide(&self, id: Id<ids::Contact>, outcome: &str) -> Result<()> {
        let view = self.casework.contact_view(&self.farah, id).await?;
        self.decide_with(id, &decision(outcome), view.contact.team_id)
            .await
    }

    pub async fn decide_with(
        &self,
        id: Id<ids::Contact>,
        answers: &Answers,
        team: Option<Id<ids::Team>>,
    ) -> Result<()> {
        let view = self.casework.contact_view(&self.farah, id).await?;
        let page = Deciding {
            version: view.contact.version,
            team,
            once: Id::<ids::Contact>::new().to_string(),
        };
        self.casework
            .decide_contact(&self.farah, id, answers, &page)
            .await
    }

    pub fn told(&self, how: &str) -> Answers {
        let mut answers = Answers::new();
        answers.set("how", how);
        answers.set("said", "We gave advice.");
        answers
    }

    pub async fn restrict(&self, person: Id<ids::Person>) {
        let mut tx = self
            .casework
            .store()
            .begin(&self.farah.actor())
            .await
            .unwrap();
        tx.insert(&Restriction {
            id: Id::new(),
            person_id: person,
            reason: "high_profile".into(),
            set_by: "system:test".into(),
            set_at: Utc::now(),
            review_on: time::today() + Duration::days(90),
            ended_at: None,
            version: 1,
        })
        .await
        .unwrap();
        tx.commit().await.unwrap();
    }

    async fn rows<E: Entity>(&self, of: &str, value: String) -> Vec<E> {
        let sql = format!(
            "select {} from {} where {of} = $1 order by id",
            E::COLUMNS.join(", "),
            E::TABLE
        );
        let db = self.casework.store().read_db();
        db.all(AssertSqlSafe(sql), args![value]).await.unwrap()
    }

    pub async fn one_decision(&self, id: Id<ids::Contact>) -> Decision {
        let mut all: Vec<Decision> = self.rows("contact_id", id.to_string()).await;
        assert_eq!(all.len(), 1);
        all.remove(0)
    }

    pub async fn steps_of(&self, id: Id<ids::Contact>) -> Vec<Step> {
        self.rows("contact_id", id.to_string()).await
    }

    pub async fn clocks(&self, id: Id<ids::Contact>, rule: &str) -> Vec<Clock> {
        let mut all: Vec<Clock> = self.rows("contact_id", id.to_string()).await;
        all.retain(|clock| clock.rule == rule);
        all
    }

    pub async fn running(&self, rule: &str) -> Vec<Clock> {
        let mut all: Vec<Clock> = self.rows("rule", rule.to_owned()).await;
        all.retain(|clock| clock.done_at.is_none());
        all
    }

    pub async fn make_late(&self, id: Id<ids::Contact>, rule: &str) {
        for mut clock in self.clocks(id, rule).await {
            let mut tx = self
                .casework
                .store()
                .begin(&self.farah.actor())
                .await
                .unwrap();
            clock.started_at -= Duration::days(9);
            clock.due_at -= Duration::days(9);
            tx.update(&mut clock).await.unwrap();
            tx.commit().await.unwrap();
        }
    }

    pub async fn proposals(&self, person: Id<ids::Person>) -> usize {
        let all: Vec<casework::model::Chronology> =
            self.rows("person_id", person.to_string()).await;
        all.len()
    }
}
