//! One record of every kind about one child, so that a test can walk every
//! address: a contact, a step, a plan, a meeting, notes, a chronology, clocks,
//! decisions, an emergency look, somebody's draft.
//!
//! Its words are found nowhere else ([`Scene::name`], [`Scene::words`]), so
//! that one search of a page tells whether it shows the child or their record.

mod between;
mod later;
mod matters;
mod support;
mod writer;

use chrono::{Days, Utc};
use record::Tx;
use record::drafts::NewDraft;
use record::model::{Person, PersonKind};
use serde_json::json;
use vocabulary::{Id, ids};

use self::writer::Writer;
use super::{TestCouncil, rows, small_family};
use crate::time;

/// What may stand in an address as `{…}` and is the id of a record about
/// people; [`Scene::id`] knows one of each.
pub const PLACES: [&str; 51] = [
    "person",
    "family",
    "contact",
    "part",
    "step",
    "plan",
    "action",
    "meeting",
    "note",
    "entry",
    "clock",
    "decision",
    "grant",
    "draft",
    "look",
    "pair",
    "early_help",
    "name_of",
    "address",
    "reach",
    "relationship",
    "check",
    "rating",
    "strategy",
    "conference",
    "step_down",
    "watch",
    "episode",
    "missing",
    "panel_case",
    "court_case",
    "court_copy",
    "letter",
    "looks_request",
    "copy",
    "ask",
    "arrangement",
    "package",
    "package_service",
    "service_referral",
    "enquiry",
    "allegation",
    "allegation_page",
    "complaint",
    "complaint_page",
    "incident",
    "incident_page",
    "involvement",
    "question",
    "duplicate",
    "feed_row",
];

/// How the sixteen people of the council stand to the child.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Jo's child, open as usual. A brother's record is restricted.
    Ours,
    /// Jo's child; the records of child and mother are restricted to nobody.
    Restricted,
    /// Jo's child; everybody knows child and mother privately.
    Conflict,
    /// The child of a team where none of the sixteen works.
    OtherTeam,
}

impl Standing {
    /// All of them.
    pub const ALL: [Standing; 4] = [
        Standing::Ours,
        Standing::Restricted,
        Standing::Conflict,
        Standing::OtherTeam,
    ];

    /// The family's name, which nobody else has.
    pub fn name(self) -> &'static str {
        match self {
            Standing::Ours => "Quillonsworth",
            Standing::Restricted => "Marrowbeck",
            Standing::Conflict => "Thistlewain",
            Standing::OtherTeam => "Ferncastle",
        }
    }

    /// A word of every text in the record.
    pub fn words(self) -> &'static str {
        match self {
            Standing::Ours => "zumbrel",
            Standing::Restricted => "kavvock",
            Standing::Conflict => "plindle",
            Standing::OtherTeam => "drossow",
        }
    }
}

/// The given name of the brother whose record is restricted in [`Standing::Ours`].
pub const HIDDEN_BROTHER: &str = "Ospreyling";

/// A child with a record of every kind.
#[derive(Debug, Clone)]
pub struct Scene {
    /// How the council stands to them.
    pub standing: Standing,
    /// The child.
    pub person: Id<ids::Person>,
    /// Their mother, in the same household.
    pub mother: Id<ids::Person>,
    /// The family.
    pub family: Id<ids::Family>,
    /// The record's ids by what they are called in an address.
    ids: Vec<(&'static str, String)>,
}

impl Scene {
    /// The family's name, which nobody else has.
    pub fn name(&self) -> &'static str {
        self.standing.name()
    }

    /// A word of every text in the record.
    pub fn words(&self) -> &'static str {
        self.standing.words()
    }

    /// The id that stands in an address as `{place}`.
    pub fn id(&self, place: &str) -> Option<&str> {
        let found = self.ids.iter().find(|(name, _)| *name == place);
        found.map(|(_, id)| id.as_str())
    }

    /// All four, in one council.
    pub async fn every(council: &TestCouncil) -> Vec<Scene> {
        let mut scenes = Vec::new();
        for standing in Standing::ALL {
            scenes.push(Scene::new(council, standing).await);
        }
        scenes
    }

    /// Writes one into a council.
    ///
    /// # Panics
    /// If the database refuses a row.
    pub async fn new(council: &TestCouncil, standing: Standing) -> Scene {
        let born = time::today() - Days::new(3_000);
        let name = standing.name();
        let mut child = rows::person(PersonKind::Child, "Wren", name, born);
        child.status = Some("child_in_need".into());
        let mother = rows::person(PersonKind::Adult, "Perdita", name, born - Days::new(9_000));
        let family = rows::family(name);
        let mut tx = small_family::begin(&council.casework).await;
        tx.insert(&family).await.expect("a family");
        for person in [&child, &mother] {
            member(&mut tx, person, family.id).await;
        }
        let mut writer = Writer {
            tx,
            pack: council.casework.pack().clone(),
            standing,
            child: child.id,
            family: family.id,
            now: Utc::now(),
            ids: vec![
                ("person", child.id.to_string()),
                ("family", family.id.to_string()),
            ],
        };
        writer.stand(mother.id).await;
        let (contact, decision) = writer.front_door().await;
        writer.partners(contact, decision).await;
        let step = writer.step().await;
        let plan = writer.plan(step).await;
        writer.early_help().await;
        writer.notes().await;
        writer.access().await;
        writer.reaching(mother.id).await;
        writer.visitor().await;
        writer.between().await;
        writer.alike(mother.id).await;
        writer.protection().await;
        writer.care().await;
        writer.court().await;
        writer.arrangement().await;
        writer.letters(mother.id, plan).await;
        writer.package(plan).await;
        writer.referral(plan).await;
        writer.enquiry().await;
        writer.matters().await;
        let Writer { tx, mut ids, .. } = writer;
        tx.commit().await.expect("the scene is kept");
        ids.push(("draft", draft(council, standing, child.id).await));
        Scene {
            standing,
            person: child.id,
            mother: mother.id,
            family: family.id,
            ids,
        }
    }
}

async fn member(tx: &mut Tx, person: &Person, family: Id<ids::Family>) {
    tx.insert(person).await.expect("a person");
    let place = rows::at_home(family, person.id);
    tx.insert(&place).await.expect("a place");
    let indexed = crate::find::index_person(tx, person, &[]).await;
    indexed.expect("search keys");
}

/// Jo's unfinished note, which nobody else may see.
async fn draft(council: &TestCouncil, standing: Standing, child: Id<ids::Person>) -> String {
    let casework = &council.casework;
    let jo = council.viewer("jo.socialworker").await;
    let target = format!("note:{child}");
    let draft = NewDraft {
        target: target.clone(),
        title: "Note".into(),
        path: format!("/people/{child}/notes/new"),
        body: json!([["words", standing.words()]]),
        page: "scene".into(),
        seq: 1,
        base_version: None,
    };
    casework.keep_draft(&jo, &draft).await.expect("a draft");
    let kept = casework.my_draft(&jo, &target).await.expect("a draft");
    kept.expect("the draft was kept").id.to_string()
}
