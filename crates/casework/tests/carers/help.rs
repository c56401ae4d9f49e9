//! What the tests of carers share: a fostering team, a panel, and a household
//! that comes as far as a test needs.
#![allow(dead_code, reason = "each test file uses its own part")]

use casework::carers::CarerForm;
use casework::model::{Carer, Clock, PanelItem, PanelMember, PanelSitting, Team, Worker};
use casework::panels::ItemForm;
use casework::testing::{id_of, team_of};
use casework::{Casework, Error, Viewer, time};
use chrono::{Days, NaiveDate};
use packs::Answers;
use vocabulary::{Id, ids};

pub use casework::testing::small_family::{Home, begin, homes};

/// So many days ago.
pub fn ago(days: u64) -> NaiveDate {
    time::today() - Days::new(days)
}

/// So many days ago, as a form has it.
pub fn day(days: u64) -> String {
    ago(days).to_string()
}

/// A token for a form.
pub fn once() -> String {
    Id::<ids::Event>::new().to_string()
}

/// Answers by name.
pub fn answers(pairs: &[(&str, &str)]) -> Answers {
    let mut answers = Answers::new();
    for (name, value) in pairs {
        answers.set(*name, *value);
    }
    answers
}

/// The fields that stopped a command.
pub fn stopped<T: std::fmt::Debug>(result: Result<T, Error>) -> Vec<String> {
    match result {
        Err(Error::Findings(findings)) => findings.into_iter().map(|f| f.field).collect(),
        other => panic!("nothing stopped it: {other:?}"),
    }
}

/// Why a command was refused.
pub fn refused<T: std::fmt::Debug>(result: Result<T, Error>) -> String {
    match result {
        Err(Error::Refused(why)) => why,
        other => panic!("nothing refused it: {other:?}"),
    }
}

/// Workers of fostering, adoption and panels beside those of the council.
pub async fn staffed() -> Vec<Home> {
    let homes = homes().await;
    for home in &homes {
        let mut tx = begin(home.casework()).await;
        for (name, kind) in [("Adoption", "adoption"), ("Panel", "leadership")] {
            tx.insert(&Team {
                id: team_of(name),
                name: name.into(),
                kind: kind.into(),
                phone: None,
                email: None,
                manager_id: None,
                cover: serde_json::json!([]),
                version: 1,
            })
            .await
            .unwrap();
        }
        for (username, name, role, team) in [
            (
                "rob.fostering",
                "Rob Teal",
                "fostering_officer",
                "Fostering",
            ),
            ("ida.panel", "Ida Fell", "panel_adviser", "Panel"),
            (
                "vic.decides",
                "Vic Harrow",
                "decision_maker_fostering",
                "Panel",
            ),
            (
                "petra.adoption",
                "Petra Lune",
                "adoption_worker",
                "Adoption",
            ),
            (
                "una.decides",
                "Una Weir",
                "decision_maker_adoption",
                "Panel",
            ),
        ] {
            tx.insert(&worker(username, name, role, team))
                .await
                .unwrap();
        }
        tx.commit().await.unwrap();
    }
    homes
}

pub fn worker(username: &str, name: &str, role: &str, team: &str) -> Worker {
    Worker {
        id: id_of(username),
        username: username.into(),
        name: name.into(),
        job_title: "Social worker".into(),
        role: role.into(),
        team_id: Some(team_of(team)),
        agency: "social_care".into(),
        phone: Some("020 7946 0002".into()),
        email: None,
        fte_hundredths: 100,
        newly_qualified: false,
        supervisor_id: None,
        starts_on: ago(900),
        ends_on: None,
        active: true,
        password_hash: String::new(),
        social_work_number: None,
        version: 1,
    }
}

pub async fn viewer(home: &Home, username: &str) -> Viewer {
    home.council.viewer(username).await
}

/// The one household of a name.
pub async fn carer(home: &Home, name: &str) -> Carer {
    let rows: Vec<Carer> = home.all(&format!("name = '{name}'")).await;
    rows.into_iter().next().expect("the household")
}

/// The rules of the running clocks of a household.
pub async fn running(home: &Home, carer: &Carer) -> Vec<String> {
    let clocks: Vec<Clock> = home
        .all(&format!(
            "family_id = '{}' and done_at is null order by rule",
            carer.family_id
        ))
        .await;
    clocks.into_iter().map(|c| c.rule).collect()
}

/// Somebody asks: Wren and Sol Tarn, unless the names say otherwise.
pub async fn enquire(home: &Home, who: &str, kind: &str, days: u64) -> Id<ids::Carer> {
    let viewer = viewer(home, who).await;
    let name = if kind == "foster" { "Tarn" } else { "Beck" };
    let asked = answers(&[
        ("kind", kind),
        ("on", &day(days)),
        ("given", "Wren"),
        ("family_name", name),
        ("born", "1984-05-06"),
        ("given2", "Sol"),
        ("family_name2", name),
        ("line1", "4 Alder Walk"),
        ("postcode", "LK1 4AB"),
    ]);
    let done = home
        .casework()
        .save_enquiry(&viewer, &asked, &once())
        .await
        .unwrap();
    done.to.rsplit('/').next().unwrap().parse().unwrap()
}

/// Saves one page about a household.
pub async fn save(
    home: &Home,
    who: &str,
    id: Id<ids::Carer>,
    what: CarerForm,
    pairs: &[(&str, &str)],
) -> Result<String, Error> {
    let viewer = viewer(home, who).await;
    home.casework()
        .save_carer(&viewer, id, what, &answers(pairs), &once())
        .await
        .map(|done| done.words)
}

/// From the enquiry to the finished report.
pub async fn until_ready(home: &Home, who: &str, kind: &str) -> Id<ids::Carer> {
    let id = enquire(home, who, kind, 400).await;
    let on = |days: u64| ("on", day(days));
    for (what, more, days) in [
        (
            CarerForm::FirstVisit,
            vec![("words", "A calm home."), ("outcome", "go_on")],
            390,
        ),
        (CarerForm::Stage1, vec![], 380),
        (
            CarerForm::Stage1Done,
            vec![("outcome", "go_on"), ("why", "Every check came back.")],
            330,
        ),
        (CarerForm::Stage2, vec![], 325),
        (
            CarerForm::Assessment,
            vec![
                ("people", "Both grew up here."),
                ("skills", "Patient and funny."),
                ("worries", "Nothing that is left."),
                ("proposal", "Approve them."),
            ],
            320,
        ),
    ] {
        let (name, at) = on(days);
        let mut pairs = vec![(name, at.as_str())];
        pairs.extend(more);
        save(home, who, id, what, &pairs).await.unwrap();
    }
    id
}

/// The seats that make a quorum.
pub const SEATS: [(&str, &str, bool); 6] = [
    ("Ash Corrie", "chair", true),
    ("Bea Dunn", "social_worker", false),
    ("Cal Esk", "independent", true),
    ("Dot Firth", "medical", false),
    ("Eli Gair", "member", true),
    ("Fay Holm", "vice_chair", true),
];

/// A panel that sits now, with its members.
pub async fn sitting(home: &Home, kind: &str) -> Id<ids::Sitting> {
    let ida = viewer(home, "ida.panel").await;
    let at = time::now_local().format("%Y-%m-%dT%H:%M").to_string();
    let planned = answers(&[("kind", kind), ("at", &at)]);
    let done = home
        .casework()
        .save_sitting(&ida, &planned, &once())
        .await
        .unwrap();
    let id = done.to.rsplit('/').next().unwrap().parse().unwrap();
    for (name, seat, independent) in SEATS {
        let independent = if independent { "yes" } else { "no" };
        let member = answers(&[("name", name), ("seat", seat), ("independent", independent)]);
        home.casework()
            .save_member(&ida, id, &member, &once())
            .await
            .unwrap();
    }
    id
}

/// Writes which members came.
pub async fn came(home: &Home, id: Id<ids::Sitting>, names: &[&str]) -> String {
    let ida = viewer(home, "ida.panel").await;
    let members: Vec<PanelMember> = home.all(&format!("sitting_id = '{id}'")).await;
    let mut said = Answers::new();
    let there = members.iter().filter(|m| names.contains(&m.name.as_str()));
    said.set_list("came", there.map(|m| m.id.to_string()));
    let done = home.casework().save_came(&ida, id, &said, &once()).await;
    done.unwrap().words
}

/// Everybody but the vice chair.
pub const MOST: [&str; 5] = ["Ash Corrie", "Bea Dunn", "Cal Esk", "Dot Firth", "Eli Gair"];

/// Puts a household before a panel, with terms for two children of 5 to 12.
pub async fn before_panel(
    home: &Home,
    who: &str,
    id: Id<ids::Carer>,
    sitting: Id<ids::Sitting>,
    kind: &str,
) -> Id<ids::PanelItem> {
    let viewer = viewer(home, who).await;
    let mut said = answers(&[
        ("sitting", sitting.as_str()),
        ("kind", kind),
        ("question", "Are they suitable, on these terms?"),
        ("papers_on", &day(14)),
        ("places", "2"),
        ("age_from", "5"),
        ("age_to", "12"),
        ("siblings", "yes"),
    ]);
    said.set_list("papers", ["report", "checks"]);
    said.set_list("kinds", ["short_term", "long_term"]);
    said.set_list("offers", ["trauma"]);
    let done = home
        .casework()
        .save_item(&viewer, id, &said, &once())
        .await
        .unwrap();
    done.to.rsplit('/').next().unwrap().parse().unwrap()
}

/// Saves one page about an item.
pub async fn on_item(
    home: &Home,
    who: &str,
    id: Id<ids::PanelItem>,
    what: ItemForm,
    pairs: &[(&str, &str)],
) -> Result<String, Error> {
    let viewer = viewer(home, who).await;
    home.casework()
        .save_item_form(&viewer, id, what, &answers(pairs), &once())
        .await
        .map(|done| done.words)
}

/// An approved household of foster carers, or of adopters.
pub async fn approved(home: &Home, kind: &str) -> Carer {
    let (who, decider, item_kind) = match kind {
        "foster" => ("leila.fostering", "vic.decides", "approval"),
        _ => ("petra.adoption", "una.decides", "adopt_approval"),
    };
    let id = until_ready(home, who, kind).await;
    let panel = sitting(home, kind).await;
    let item = before_panel(home, who, id, panel, item_kind).await;
    came(home, panel, &MOST).await;
    let today = day(0);
    on_item(
        home,
        "ida.panel",
        item,
        ItemForm::Recommend,
        &[
            ("recommendation", "yes"),
            ("reasons", "They know themselves."),
            ("minutes_on", &today),
        ],
    )
    .await
    .unwrap();
    on_item(
        home,
        decider,
        item,
        ItemForm::Decide,
        &[("decision", "yes"), ("reasons", "The report is sound.")],
    )
    .await
    .unwrap();
    let rows: Vec<Carer> = home.all(&format!("id = '{id}'")).await;
    rows.into_iter().next().expect("the household")
}

/// An item as it is kept.
pub async fn item(home: &Home, id: Id<ids::PanelItem>) -> PanelItem {
    let rows: Vec<PanelItem> = home.all(&format!("id = '{id}'")).await;
    rows.into_iter().next().expect("the item")
}

/// A sitting as it is kept.
pub async fn kept_sitting(home: &Home, id: Id<ids::Sitting>) -> PanelSitting {
    let rows: Vec<PanelSitting> = home.all(&format!("id = '{id}'")).await;
    rows.into_iter().next().expect("the sitting")
}

/// The commands.
pub fn casework(home: &Home) -> &Casework {
    home.casework()
}
