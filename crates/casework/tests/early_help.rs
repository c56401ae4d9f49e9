//! Early help taken from its start to its end, up to social care and down from
//! it, and the ways in which it goes wrong.

mod at_work;

use at_work::{Home, answers, count, home, once, plan};
use casework::early_help::board::Next;
use casework::early_help::start::{BeganHelp, StartHelp};
use casework::front_door::board::Filter;
use casework::front_door::decision::Deciding;
use casework::front_door::identify::NewChild;
use casework::front_door::public::Kept;
use casework::front_door::{Route, ToldChild};
use casework::meetings::plan::PlanMeeting;
use casework::model::*;
use casework::people::overview::Front;
use casework::plans::links::LinkTo;
use casework::plans::start::{StartPlan, Started};
use casework::steps::{Authorisation, SaveSection};
use casework::testing::{TestCouncil, councils};
use casework::{Asked, Casework, Error, Viewer, time};
use chrono::Days;
use packs::Answers;
use record::drafts::NewDraft;
use record::{Actor, AssertSqlSafe, Entity, args};
use vocabulary::{Id, ids};

const SITE: &str = "https://throughline.example";

/// Rory, whom social care has let go, and the people of the test.
struct Help<'a> {
    casework: &'a Casework,
    home: Home,
    dev: Viewer,
    farah: Viewer,
    okafor: Viewer,
}

impl<'a> Help<'a> {
    async fn of(council: &'a TestCouncil) -> Help<'a> {
        let help = Help {
            casework: &council.casework,
            home: home(council).await,
            dev: council.viewer("dev.earlyhelp").await,
            farah: council.viewer("farah.screener").await,
            okafor: council.viewer("okafor.director").await,
        };
        help.status(help.home.stranger, "closed").await;
        help.nobody_leads(help.home.stranger).await;
        help
    }

    /// Tom knows Rory and leads nothing.
    async fn nobody_leads(&self, child: Id<ids::Person>) {
        let rows: Vec<Involvement> = self.rows("person_id", child.to_string()).await;
        let store = self.casework.store();
        let mut tx = store.begin(&Actor::system("test")).await.unwrap();
        for mut row in rows {
            row.lead = false;
            tx.update(&mut row).await.unwrap();
        }
        let person: Person = tx.get(child).await.unwrap();
        casework::find::index_person(&mut tx, &person, &[])
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }

    async fn status(&self, child: Id<ids::Person>, status: &str) {
        let store = self.casework.store();
        let mut tx = store.begin(&Actor::system("test")).await.unwrap();
        let mut person: Person = tx.get(child).await.unwrap();
        person.status = Some(status.into());
        tx.update(&mut person).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn status_of(&self, child: Id<ids::Person>) -> String {
        let rows: Vec<Person> = self.rows("id", child.to_string()).await;
        rows[0].status.clone().unwrap_or_default()
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

    fn start(&self, consent: &str) -> StartHelp {
        let pairs = [
            ("reason", "Rory is late most days and tired."),
            ("consent", consent),
            ("consent_by", "Perla Stone, mother"),
        ];
        StartHelp {
            also: Vec::new(),
            answers: answers(self.casework, "early-help-start", &pairs),
            once: once(),
        }
    }

    /// Dev starts early help for Rory.
    async fn begin(&self, consent: &str) -> Id<ids::Part> {
        let began = self
            .casework
            .start_early_help(&self.dev, self.home.stranger, &self.start(consent))
            .await
            .unwrap();
        match began {
            BeganHelp::Here(id) => id,
            other => panic!("it did not begin: {other:?}"),
        }
    }

    async fn help(&self, id: Id<ids::Part>) -> EarlyHelp {
        self.rows("id", id.to_string()).await.remove(0)
    }

    async fn save(&self, who: &Viewer, step: Id<ids::Step>, section: &str, pairs: &[(&str, &str)]) {
        let words = NewDraft {
            target: format!("step:{step}:{section}"),
            title: "Section".into(),
            path: format!("/steps/{step}/{section}"),
            body: serde_json::json!([]),
            page: "test".into(),
            seq: 1,
            base_version: None,
        };
        let save = SaveSection {
            step,
            section: section.into(),
            answers: answers(self.casework, "early-help-assessment", pairs),
            finished: true,
            base: 0,
            once: once(),
            words,
            settles: false,
        };
        self.casework.save_section(who, save).await.unwrap();
    }

    /// The assessment as it is written with a family, with this outcome.
    async fn assess(&self, id: Id<ids::Part>, outcome: &str) {
        let step = self.help(id).await.step_id.unwrap();
        let dev = &self.dev;
        self.save(
            dev,
            step,
            "strengths",
            &[("strengths", "Perla sings with him.")],
        )
        .await;
        self.save(dev, step, "needs", &[("worries", "Nights are short.")])
            .await;
        self.save(dev, step, "people", &[("other_parent", "took_part")])
            .await;
        self.save(dev, step, "child", &[("childs_words", "I am sleepy.")])
            .await;
        let goals = [
            ("familys_words", "We want one person to ring."),
            ("goals.0.goal", "Rory sleeps through the night"),
            ("goals.0.childs_words", "A lamp of my own"),
        ];
        self.save(dev, step, "goals", &goals).await;
        let next = [
            ("outcome", outcome),
            ("why", "It is what they want."),
            ("tell_child", "Dev helps Mum with the nights."),
        ];
        self.save(dev, step, "next", &next).await;
        let sent = self
            .casework
            .submit_step(dev, step, &[], &once())
            .await
            .unwrap();
        assert!(sent.findings.is_empty(), "{:?}", sent.findings);
    }

    async fn lead(&self, id: Id<ids::Part>, name: &str, reason: &str) -> Result<(), Error> {
        let pairs = [
            ("name", name),
            ("post", "School nurse"),
            ("agency", "health"),
            ("phone", "020 7946 0111"),
            ("reason", reason),
        ];
        let said = answers(self.casework, "early-help-lead", &pairs);
        self.casework
            .agree_lead(&self.dev, id, &said, &once())
            .await
    }

    async fn action(&self, plan: Id<ids::Plan>) -> Id<ids::Action> {
        let said = at_work::action_answers(self.casework, "");
        self.casework
            .add_action(&self.dev, plan, &said, None, &once())
            .await
            .unwrap()
    }

    async fn goal(&self, plan: Id<ids::Plan>) -> Id<ids::Goal> {
        let said = answers(
            self.casework,
            "plan-goal",
            &[("goal", "They sleep at night")],
        );
        self.casework
            .add_goal(&self.home.jo, plan, &said, &once())
            .await
            .unwrap();
        let rows: Vec<Goal> = self.rows("plan_id", plan.to_string()).await;
        rows[0].id
    }

    async fn consent(&self, id: Id<ids::Part>, said: &str) {
        let pairs = [("consent", said), ("consent_by", "Perla Stone")];
        let said = answers(self.casework, "early-help-consent", &pairs);
        self.casework
            .record_consent(&self.dev, id, &said, &once())
            .await
            .unwrap();
    }

    async fn running(&self, rule: &str) -> usize {
        let rows: Vec<Clock> = self.rows("rule", rule.into()).await;
        rows.iter().filter(|c| c.done_at.is_none()).count()
    }

    async fn next_on_board(&self, id: Id<ids::Part>) -> Next {
        let board = self.casework.early_help_board(&self.dev).await.unwrap();
        board
            .rows
            .iter()
            .find(|r| r.id == id)
            .expect("on the board")
            .next
    }

    async fn step_up(&self, id: Id<ids::Part>) -> String {
        let pairs = [
            ("danger", "no"),
            ("what", "He was alone at night twice this week."),
            ("parents_told", "agree"),
        ];
        let said = answers(self.casework, "early-help-step-up", &pairs);
        self.casework
            .step_up(&self.dev, id, &said, &once())
            .await
            .unwrap()
    }

    async fn decide(&self, contact: Id<ids::Contact>, outcome: &str) -> Result<(), Error> {
        let mut said = Answers::new();
        for (name, value) in [
            ("level", "targeted"),
            (
                "rationale",
                "Early help carries it; nothing points to harm now.",
            ),
            ("outcome", outcome),
        ] {
            said.set(name, value);
        }
        let view = self.casework.contact_view(&self.farah, contact).await?;
        let page = Deciding {
            version: view.contact.version,
            team: Some(casework::testing::team_of("South")),
            once: once(),
        };
        self.casework
            .decide_contact(&self.farah, contact, &said, &page)
            .await
    }
}

/// R001-20, R001-30, R001-13: from the start to the end with one plan; each
/// clock runs and stops; the end needs a manager.
#[tokio::test]
async fn r001_20_early_help_from_its_start_to_its_end() {
    for council in councils().await {
        let help = Help::of(&council).await;
        let (casework, dev, rory) = (help.casework, &help.dev, help.home.stranger);
        let id = help.begin("given").await;
        assert_eq!(help.status_of(rory).await, "early_help");
        // What was asked at the start stands in the assessment already (R001-21).
        let step = help.help(id).await.step_id.unwrap();
        let page = casework.section_page(dev, step, "start").await.unwrap();
        assert_eq!(
            page.answers.text("reason"),
            "Rory is late most days and tired."
        );
        assert_eq!(help.next_on_board(id).await, Next::Lead);
        assert_eq!(help.running("early-help-lead").await, 1);
        help.lead(id, "Rosa Mbeki", "The family knows her.")
            .await
            .unwrap();
        assert_eq!(help.running("early-help-lead").await, 0);
        let view = casework.early_help_view(dev, id).await.unwrap();
        let lead = view.lead.expect("a lead");
        assert_eq!(
            (lead.name.as_str(), lead.agency.as_str()),
            ("Rosa Mbeki", "Health")
        );
        assert!(view.led.is_empty());
        // A change of lead needs its reason.
        let refused = help.lead(id, "Ben Oakes", "").await;
        assert!(matches!(refused, Err(Error::Findings(f)) if f[0].field == "reason"));
        help.lead(id, "Ben Oakes", "Rosa moved.").await.unwrap();
        let view = casework.early_help_view(dev, id).await.unwrap();
        assert_eq!(view.led.len(), 1);
        assert!(view.led[0].starts_with("Rosa Mbeki") && view.led[0].ends_with("Rosa moved."));
        let leads: Vec<Involvement> = help.rows("person_id", rory.to_string()).await;
        let now = leads.iter().filter(|r| r.lead && r.ended_on.is_none());
        assert_eq!(now.count(), 1, "one lead practitioner");

        assert_eq!(help.next_on_board(id).await, Next::Assessment);
        help.assess(id, "plan").await;
        let plan = help.help(id).await.plan_id.expect("the plan began");
        assert_eq!(help.running("early-help-assessment").await, 0);
        assert_eq!(help.running("early-help-first-meeting").await, 1);
        let view = casework.plan(dev, plan, None).await.unwrap();
        assert_eq!(view.title, "Early help plan");
        assert_eq!(view.goals[0].goal.wording, "Rory sleeps through the night");
        assert_eq!(
            view.goals[0].goal.child_words.as_deref(),
            Some("A lamp of my own")
        );

        // The team meets: the first clock stops and the next one runs.
        let mut meeting = answers(casework, "meeting", &[("kind", "team_around_family")]);
        let when = format!("{}T10:00", time::today() - Days::new(1));
        meeting.set("when", when.clone());
        let wanted = PlanMeeting {
            answers: meeting,
            once: once(),
            ..PlanMeeting::default()
        };
        let meeting = casework.plan_meeting(dev, plan, &wanted).await.unwrap();
        let form = casework.meeting_form("team_around_family").unwrap();
        let pairs = [
            ("kind", "team_around_family"),
            ("record", "Perla says that three nights were good."),
            ("direction", "first"),
            ("outcome", "continue"),
        ];
        let mut held = Answers::from_pairs(&form, pairs);
        held.set("when", when);
        casework
            .record_meeting(dev, meeting, &held, &once())
            .await
            .unwrap();
        assert_eq!(help.running("early-help-first-meeting").await, 0);
        assert_eq!(help.running("early-help-review").await, 1);
        assert_eq!(help.next_on_board(id).await, Next::GoingOn);

        // It ends with what is different, and a manager who did not write it.
        let said = [
            ("different", "Rory sleeps and is in school on time."),
            ("outcome", "done"),
            ("if_worse", "Ring Ben."),
            ("tell_child", "You did it."),
            ("goals.0.goal", "Rory sleeps through the night"),
            ("goals.0.result", "reached"),
        ];
        let said = answers(casework, "early-help-closure", &said);
        let step = casework
            .ask_to_close(dev, plan, &said, &once())
            .await
            .unwrap();
        assert_eq!(help.help(id).await.state, EarlyHelpState::Open);
        let given = Authorisation {
            step,
            answers: answers(
                casework,
                "authorisation",
                &[
                    ("decision", "authorise"),
                    ("view", "It has held for weeks."),
                ],
            ),
            outcome: "done".into(),
            once: once(),
        };
        casework.authorise(&help.okafor, given).await.unwrap();
        let ended = help.help(id).await;
        assert_eq!(ended.state, EarlyHelpState::Closed);
        assert_eq!(ended.outcome.as_deref(), Some("done"));
        assert_eq!(
            ended.different.as_deref(),
            Some("Rory sleeps and is in school on time.")
        );
        assert_eq!(help.status_of(rory).await, "closed");
        assert_eq!(help.running("early-help-review").await, 0);
    }
}

/// R001-20: a partner starts it with a child's name, the reason and consent;
/// nobody is created or merged until somebody has looked.
#[tokio::test]
async fn r001_20_a_partner_starts_it_without_an_account() {
    for council in councils().await {
        let help = Help::of(&council).await;
        let casework = help.casework;
        let people = "select count(*) as n from person where $1 = $1";
        let before = count(&council, people, "").await;
        let form = casework.form(Route::EarlyHelp.form()).unwrap();
        let born = at_work::born(12);
        let [day, month, year] = ["%-d", "%-m", "%Y"].map(|part| born.format(part).to_string());
        let pairs = [
            ("children.0.given", "Rori"),
            ("children.0.family", "Haddad"),
            ("children.0.born.day", &*day),
            ("children.0.born.month", &*month),
            ("children.0.born.year", &*year),
            ("what", "Late most days; Mum asked us for help."),
            ("consent", "given"),
            ("consent_by", "Perla Stone"),
            ("caller_name", "Ben Oakes"),
            ("caller_organisation", "Heron Primary"),
            ("caller_phone", "020 7946 0222"),
        ];
        assert!(pairs.len() <= 11, "three minutes, not thirty");
        let said = Answers::from_pairs(form, pairs);
        let mut token: Option<String> = None;
        for section in &form.sections {
            let kept = casework
                .keep_public_page(Route::EarlyHelp, token.as_deref(), &section.id, &said)
                .await
                .unwrap();
            token = Some(kept);
        }
        let token = token.unwrap();
        assert!(
            casework
                .send_public(Route::EarlyHelp, &token)
                .await
                .unwrap()
        );
        let Some(Kept::Sent(last)) = casework
            .public_answers(Route::EarlyHelp, &token)
            .await
            .unwrap()
        else {
            panic!("no last page");
        };
        assert_eq!(
            count(&council, people, "").await,
            before,
            "nobody was created"
        );
        let contact: Contact = help.rows("reference", last.reference).await.remove(0);
        let id = contact.id;
        // It stands on both boards.
        let board = casework.early_help_board(&help.dev).await.unwrap();
        assert_eq!(board.requests[0].children, "Rori Haddad, 12");
        let door = casework
            .board(&help.farah, &Filter::default())
            .await
            .unwrap();
        assert!(door.waiting.iter().any(|w| w.id == id));
        // The name is spelt as it was heard: somebody looks before it is matched.
        let accept = answers(
            casework,
            "early-help-accept",
            &[("rationale", "School and mother agree on what would help.")],
        );
        let refused = casework
            .accept_early_help(&help.dev, id, &accept, contact.version, &once())
            .await;
        assert!(
            matches!(refused, Err(Error::Findings(_))),
            "nobody is found yet"
        );
        let view = casework.contact_view(&help.dev, id).await.unwrap();
        let part = view.children[0].part;
        let found = casework.matching(&help.dev, id, part, None).await.unwrap();
        assert_eq!(found.matches[0].person, help.home.stranger);
        let blind = NewChild {
            child: ToldChild {
                given: "Rori".into(),
                family: "Haddad".into(),
                born: born.to_string(),
                school: String::new(),
            },
            once: once(),
            ..NewChild::default()
        };
        let refused = casework.create_child(&help.dev, id, part, &blind).await;
        assert!(
            matches!(refused, Err(Error::Findings(_))),
            "never beside a likely match"
        );
        casework
            .match_child(&help.dev, id, part, help.home.stranger, &once())
            .await
            .unwrap();
        let contact: Contact = help.rows("id", id.to_string()).await.remove(0);
        let began = casework
            .accept_early_help(&help.dev, id, &accept, contact.version, &once())
            .await
            .unwrap();
        let row = help.help(began).await;
        assert_eq!((row.source.as_str(), row.contact_id), ("partner", Some(id)));
        assert_eq!(row.reason, "Late most days; Mum asked us for help.");
        let view = casework.early_help_view(&help.dev, began).await.unwrap();
        assert_eq!(view.consent(), "given");
        assert!(view.consents[0].by.starts_with("Perla Stone"));
        // Whoever asked is offered as lead, with their number.
        let (_, known) = casework.early_help_network(&help.dev, began).await.unwrap();
        let ben = known
            .iter()
            .find(|k| k.name == "Ben Oakes")
            .expect("offered");
        assert_eq!(ben.phone.as_deref(), Some("020 7946 0222"));
        // A second press makes no second one.
        let again = casework
            .accept_early_help(&help.dev, id, &accept, contact.version, &once())
            .await;
        assert!(matches!(again, Err(Error::Stale)));
    }
}

/// Consent taken back: links stop, meetings are called off, nothing more is
/// shared, and a clock asks what happens.
#[tokio::test]
async fn consent_taken_back_stops_the_sharing() {
    for council in councils().await {
        let help = Help::of(&council).await;
        let (casework, dev) = (help.casework, &help.dev);
        let id = help.begin("given").await;
        help.assess(id, "plan").await;
        let plan = help.help(id).await.plan_id.unwrap();
        let action = help.action(plan).await;
        let rosa = LinkTo {
            name: "Rosa Mbeki".into(),
            email: "rosa@nhs.example".into(),
        };
        let link = casework
            .make_link(dev, action, &rosa, SITE, &once())
            .await
            .unwrap();
        let token = link.address.rsplit('/').next().unwrap().to_owned();
        assert!(casework.asking(&token).await.is_ok());
        help.consent(id, "withdrawn").await;
        assert!(matches!(
            casework.asking(&token).await,
            Err(Error::NotFound)
        ));
        let refused = casework.make_link(dev, action, &rosa, SITE, &once()).await;
        assert!(
            matches!(refused, Err(Error::Refused(why)) if why.contains("took its consent back"))
        );
        assert_eq!(help.next_on_board(id).await, Next::Withdrawn);
        assert_eq!(help.running("early-help-withdrawn").await, 1);
        // They agree after all: the clock stops, and every answer stays.
        help.consent(id, "given").await;
        assert_eq!(help.running("early-help-withdrawn").await, 0);
        let view = casework.early_help_view(dev, id).await.unwrap();
        let said: Vec<&str> = view.consents.iter().map(|c| c.said.as_str()).collect();
        assert_eq!(said, ["given", "withdrawn", "given"]);
        assert!(
            casework
                .make_link(dev, action, &rosa, SITE, &once())
                .await
                .is_ok()
        );
    }
}

/// A family that says no is not helped against its will, one that has not said
/// yet waits on the board, and early help can end before it began (R001-32).
#[tokio::test]
async fn r001_32_without_consent_it_waits_or_ends_with_a_reason() {
    for council in councils().await {
        let help = Help::of(&council).await;
        let (casework, rory) = (help.casework, help.home.stranger);
        let no = casework
            .start_early_help(&help.dev, rory, &help.start("refused"))
            .await;
        assert!(matches!(no, Err(Error::Findings(f)) if f[0].field == "consent"));
        // Tom works with Rory, so he may start it before the family has said.
        let began = casework
            .start_early_help(&help.home.tom, rory, &help.start("asked"))
            .await
            .unwrap();
        let BeganHelp::Here(id) = began else {
            panic!("{began:?}")
        };
        assert_eq!(help.next_on_board(id).await, Next::Consent);
        assert_eq!(help.running("early-help-consent").await, 1);
        let step = help.help(id).await.step_id.unwrap();
        let skipped = casework
            .skip_step(&help.dev, step, "The family moves on Friday", &once())
            .await;
        assert!(skipped.is_ok());
        let said = [
            ("outcome", "moved"),
            ("different", "Otherby knows, and rings Perla."),
        ];
        let said = answers(casework, "early-help-end", &said);
        casework
            .end_early_help(&help.dev, id, &said, &once())
            .await
            .unwrap();
        assert_eq!(help.help(id).await.outcome.as_deref(), Some("moved"));
        for rule in [
            "early-help-consent",
            "early-help-lead",
            "early-help-assessment",
        ] {
            assert_eq!(help.running(rule).await, 0, "{rule}");
        }
        // Started twice it is one: the page leads to what is open.
        let first = help.begin("given").await;
        let again = casework
            .start_early_help(&help.dev, rory, &help.start("given"))
            .await;
        assert!(matches!(again, Err(Error::Already(to)) if to.ends_with(first.as_str())));
    }
}

/// R001-08: early help sees that social care is involved and whom to call, not
/// the record; what it writes goes on and is not lost.
#[tokio::test]
async fn r001_08_early_help_sees_that_social_care_is_involved() {
    for council in councils().await {
        let help = Help::of(&council).await;
        let (casework, maya) = (help.casework, help.home.maya);
        help.status(maya, "protection_plan").await;
        let Front::Index(card) = casework.front(&help.dev, maya).await.unwrap() else {
            panic!("early help saw the whole record");
        };
        assert_eq!(card.status.as_deref(), Some("Protection plan"));
        assert!(card.network.iter().any(|w| w.name == "Jo Larch"));
        let read = Asked::to_read("test");
        let seen = casework.gate().person(&help.dev, maya, read).await.unwrap();
        assert!(seen.is_none(), "the record itself stays closed");
        let new = casework.new_early_help(&help.dev, maya).await.unwrap();
        assert_eq!(new.social_care.as_deref(), Some("Protection plan"));
        let began = casework
            .start_early_help(&help.dev, maya, &help.start("given"))
            .await
            .unwrap();
        let BeganHelp::PassedOn(reference) = began else {
            panic!("{began:?}")
        };
        let contact: Contact = help.rows("reference", reference).await.remove(0);
        assert_eq!(contact.concern, "Rory is late most days and tired.");
        let child: ContactChild = help
            .rows("contact_id", contact.id.to_string())
            .await
            .remove(0);
        assert_eq!(child.person_id, Some(maya), "found already");
        assert_eq!(
            count(
                &council,
                "select count(*) as n from early_help where $1 = $1",
                ""
            )
            .await,
            0
        );
        // Without a tie and without consent it is a request to the team.
        let asked = casework
            .start_early_help(&help.dev, help.home.stranger, &help.start("asked"))
            .await
            .unwrap();
        assert!(matches!(asked, BeganHelp::PassedOn(_)));
        let board = casework.early_help_board(&help.dev).await.unwrap();
        assert_eq!(board.requests.len(), 1);
    }
}

/// R001-23: a step up carries everything with who wrote it and when; the front
/// door decides; refused, early help goes on and is not begun a second time;
/// taken, goals and open actions go on in social care's plan (R001-30).
#[tokio::test]
async fn r001_23_a_step_up_carries_all_with_its_source() {
    for council in councils().await {
        let help = Help::of(&council).await;
        let (casework, dev, rory) = (help.casework, &help.dev, help.home.stranger);
        let id = help.begin("given").await;
        help.lead(id, "Rosa Mbeki", "The family knows her.")
            .await
            .unwrap();
        help.assess(id, "plan").await;
        let before = help.help(id).await.plan_id.unwrap();
        let action = help.action(before).await;
        let reference = help.step_up(id).await;
        let contact: Contact = help.rows("reference", reference).await.remove(0);
        assert_eq!(contact.source.as_deref(), Some("5D"));
        let whole = contact.answers.to_string();
        for words in [
            "Perla sings with him.",
            "Nights are short.",
            "I am sleepy.",
            "We want one person to ring.",
            "Rory sleeps through the night",
            "A lamp of my own",
            "Early help assessment, Dev Moss",
            "The family agrees",
        ] {
            assert!(whole.contains(words), "{words} is not in {whole}");
        }
        assert_eq!(help.next_on_board(id).await, Next::SteppingUp);
        // Asked twice: the first is not decided yet.
        let pairs = [
            ("danger", "no"),
            ("what", "Again."),
            ("parents_told", "agree"),
        ];
        let said = answers(casework, "early-help-step-up", &pairs);
        let twice = casework.step_up(dev, id, &said, &once()).await;
        assert!(matches!(twice, Err(Error::Refused(_))));
        // Refused: early help goes on, and it is still one.
        help.decide(contact.id, "early_help").await.unwrap();
        let all: Vec<EarlyHelp> = help.rows("state", "open".into()).await;
        assert_eq!(all.len(), 1);
        let view = casework.early_help_view(dev, id).await.unwrap();
        let answer = view.step_up.expect("it was asked");
        assert!(
            !answer.taken
                && answer
                    .rationale
                    .is_some_and(|why| why.contains("carries it"))
        );
        // Asked again, and taken.
        let reference = help.step_up(id).await;
        let contact: Contact = help.rows("reference", reference).await.remove(0);
        help.decide(contact.id, "referral").await.unwrap();
        assert_eq!(help.status_of(rory).await, "referral");
        assert_eq!(
            help.help(id).await.state,
            EarlyHelpState::Open,
            "help does not stop"
        );
        // Social care's assessment shows what early help wrote, with its source.
        let begun = casework
            .start_step(
                &help.home.tom,
                rory,
                "child-and-family-assessment",
                &[rory],
                &once(),
            )
            .await
            .unwrap();
        let page = casework
            .section_page(&help.home.tom, begun, "balance")
            .await
            .unwrap();
        let known = page.known.iter().any(|(_, words)| {
            words.contains("Perla sings with him.") && words.contains("early help assessment")
        });
        assert!(known, "{:?}", page.known);
        // The plan of social care goes on with the same goal and action.
        let goal: Goal = help.rows("plan_id", before.to_string()).await.remove(0);
        let start = StartPlan {
            also: Vec::new(),
            ..at_work::start(casework, &[])
        };
        let Started::Plan(after) = casework
            .start_plan(&help.home.tom, rory, &start)
            .await
            .unwrap()
        else {
            panic!("no plan")
        };
        let goals: Vec<Goal> = help.rows("plan_id", after.to_string()).await;
        assert_eq!(goals[0].id, goal.id, "the same goal, with its history");
        let actions: Vec<Action> = help.rows("plan_id", after.to_string()).await;
        assert_eq!(actions[0].id, action);
        let ended = help.help(id).await;
        assert_eq!(ended.outcome.as_deref(), Some("stepped_up"));
        assert_eq!(help.running("early-help-first-meeting").await, 0);
    }
}

/// Step down as one journey: what is different, who leads next and what would
/// bring social care back; goals not reached go on, nothing is retyped.
#[tokio::test]
async fn a_step_down_to_early_help_is_one_journey() {
    for council in councils().await {
        let help = Help::of(&council).await;
        let (casework, maya) = (help.casework, help.home.maya);
        let plan = plan(&council, &help.home).await;
        let goal = help.goal(plan).await;
        let wording: Goal = help.rows("id", goal.to_string()).await.remove(0);
        let mut said = vec![
            (
                "different",
                "They sleep, and Layla rings before it is too much.",
            ),
            ("outcome", "early_help"),
            ("reason", "RC7"),
            ("tell_child", "Rosa visits now."),
            ("next_lead", "Rosa Mbeki"),
            ("next_lead_post", "Health visitor"),
            ("next_lead_agency", "health"),
            ("family_agrees", "given"),
            ("bring_back", "Maya misses school three days in two weeks."),
            ("goals.0.goal", wording.wording.as_str()),
            ("goals.0.result", "partly"),
        ];
        let lacking: Vec<_> = said
            .iter()
            .copied()
            .filter(|p| p.0 != "bring_back")
            .collect();
        let refused = casework
            .ask_to_close(
                &help.home.jo,
                plan,
                &answers(casework, "plan-closure", &lacking),
                &once(),
            )
            .await;
        assert!(matches!(refused, Err(Error::Findings(f)) if f[0].field == "bring_back"));
        said.retain(|p| !p.1.is_empty());
        let step = casework
            .ask_to_close(
                &help.home.jo,
                plan,
                &answers(casework, "plan-closure", &said),
                &once(),
            )
            .await
            .unwrap();
        let given = Authorisation {
            step,
            answers: answers(
                casework,
                "authorisation",
                &[("decision", "authorise"), ("view", "I agree: it has held.")],
            ),
            outcome: "early_help".into(),
            once: once(),
        };
        casework.authorise(&help.home.priya, given).await.unwrap();
        let begun: EarlyHelp = help.rows("state", "open".into()).await.remove(0);
        assert_eq!(begun.source, "step_down");
        assert_eq!(
            begun.bring_back.as_deref(),
            Some("Maya misses school three days in two weeks.")
        );
        assert!(begun.step_id.is_none(), "nobody is assessed a second time");
        assert_eq!(help.status_of(maya).await, "early_help");
        let next = begun.plan_id.expect("the plan goes on");
        let carried: Goal = help.rows("id", goal.to_string()).await.remove(0);
        assert_eq!((carried.plan_id, carried.state), (next, GoalState::Working));
        assert!(
            carried
                .result
                .is_some_and(|r| r.contains("In the plan that ended on"))
        );
        let view = casework.early_help_view(&help.dev, begun.id).await.unwrap();
        assert_eq!(view.lead.as_ref().expect("she leads").name, "Rosa Mbeki");
        assert_eq!(view.consent(), "given");
        assert_eq!(help.running("early-help-first-meeting").await, 1);
    }
}
