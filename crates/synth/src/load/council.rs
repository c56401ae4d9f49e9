//! Teams, workers and organisations: what stands before the first family.

use chrono::{DateTime, Utc};
use record::model::{Organisation, Team, Worker};
use record::{Actor, Result, Tx};
use serde_json::json;

use super::batch::told;
use super::ids;
use crate::places::SURGERIES;
use crate::{Agency, Borough};

/// Writes them all.
pub(crate) async fn write(
    tx: &mut Tx,
    borough: &Borough,
    password_hash: &str,
    by: &Actor,
    at: DateTime<Utc>,
) -> Result<()> {
    let teams: Vec<_> = borough
        .teams
        .iter()
        .map(|t| told(by, at, team(t)))
        .collect();
    tx.insert_recorded(&teams).await?;
    let workers: Vec<_> = borough
        .workers
        .iter()
        .map(|w| told(by, at, worker(w, password_hash)))
        .collect();
    tx.insert_recorded(&workers).await?;
    let organisations: Vec<_> = organisations(borough)
        .into_iter()
        .map(|o| told(by, at, o))
        .collect();
    tx.insert_recorded(&organisations).await
}

fn team(team: &crate::Team) -> Team {
    let kind = match team.id {
        "front-door" => "front_door",
        "fostering" => "fostering",
        "reviewing" => "quality",
        id if id.starts_with("early-help") => "early_help",
        _ if team.locality => "locality",
        _ => "specialist",
    };
    Team {
        id: ids::team(team.id),
        name: team.name.to_owned(),
        kind: kind.to_owned(),
        phone: Some(phone(team.id)),
        email: Some(format!("{}@larkmere.example", team.id)),
        manager_id: Some(ids::worker(&team.manager)),
        cover: json!(team.covers),
        version: 1,
    }
}

fn worker(worker: &crate::Worker, password_hash: &str) -> Worker {
    // The invented borough names posts; the pack has fewer roles than posts.
    let role = match worker.role {
        "director" => "head_of_service",
        "fostering" => "fostering_officer",
        "police_partner" | "health_partner" => "partner",
        "school_practitioner" | "health_practitioner" | "council_practitioner" => "practitioner",
        role => role,
    };
    let agency = match worker.role {
        "police_partner" => "police",
        "health_partner" | "health_practitioner" => "health",
        "school_practitioner" => "school",
        "council_practitioner" => "other_council",
        "early_help" => "early_help",
        _ => "social_care",
    };
    Worker {
        id: ids::worker(&worker.username),
        username: worker.username.clone(),
        name: format!("{} {}", worker.given, worker.family),
        job_title: worker.post.to_owned(),
        role: role.to_owned(),
        team_id: worker.team.map(ids::team),
        agency: agency.to_owned(),
        phone: Some(phone(&worker.username)),
        email: Some(format!("{}@larkmere.example", worker.username)),
        fte_hundredths: i64::from(worker.fte_tenths) * 10,
        newly_qualified: worker.asye_until.is_some(),
        supervisor_id: worker.supervisor.as_deref().map(ids::worker),
        starts_on: worker.started,
        ends_on: None,
        active: true,
        password_hash: password_hash.to_owned(),
        social_work_number: number(worker, role),
        version: 1,
    }
}

/// A made-up number of registration for who must be registered. Real ones have
/// at most seven digits; these begin with two noughts.
fn number(worker: &crate::Worker, role: &str) -> Option<String> {
    let registered = [
        "social_worker",
        "team_manager",
        "screener",
        "iro",
        "conference_chair",
    ];
    let digits = worker.username.bytes().fold(0_u32, |sum, b| {
        sum.wrapping_mul(31).wrapping_add(u32::from(b)) % 99_999
    });
    registered
        .contains(&role)
        .then(|| format!("SW00{digits:05}"))
}

fn organisations(borough: &Borough) -> Vec<Organisation> {
    let row = |name: &str, kind: &str, phone: Option<String>| Organisation {
        id: ids::organisation(name),
        name: name.to_owned(),
        kind: kind.to_owned(),
        phone,
        email: None,
        postcode: None,
        version: 1,
    };
    let drama = |name: &str| Some(phone(name));
    let schools = borough
        .schools
        .iter()
        .map(|s| row(&s.name, "school", drama(&s.name)));
    let surgeries = SURGERIES.iter().map(|name| row(name, "gp", drama(name)));
    let partners = borough.organisations.iter().map(|o| {
        let kind = match o.agency {
            Agency::Police => "police",
            Agency::Housing => "housing",
            Agency::Health if o.name.contains("Hospital") => "hospital",
            Agency::Health => "health",
            _ => "voluntary",
        };
        row(o.name, kind, Some(o.phone.clone()))
    });
    schools.chain(surgeries).chain(partners).collect()
}

/// A number of the range kept for drama, always the same for the same words.
pub(crate) fn phone(words: &str) -> String {
    let n: u32 = words.bytes().fold(7, |n, b| (n * 31 + u32::from(b)) % 1000);
    format!("020 7946 0{n:03}")
}
