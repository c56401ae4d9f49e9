//! Teams and workers, and how many children each of them holds.
//!
//! The North team is fixed to the last child, because the sources give its
//! figure: 60 children for 6.0 full-time workers. The other teams take their
//! size from the number of children they hold and a mean caseload.

use std::collections::HashSet;

use chrono::{Duration, NaiveDate};
use serde::Serialize;

use crate::Size;
use crate::dice::Dice;
use crate::names::{ENGLISH_AT_HOME, OTHER_LANGUAGES};
use crate::places::LOCALITIES;
use crate::posts::{FIXED, HOLDINGS, Holding, NORTH, PRACTITIONERS};

/// A team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Team {
    /// Short id, such as `north`.
    pub id: &'static str,
    /// Name people say.
    pub name: &'static str,
    /// Username of its manager.
    pub manager: String,
    /// One of the five locality teams.
    pub locality: bool,
    /// Outcodes it covers; empty for teams that work across the borough.
    pub covers: &'static [&'static str],
}

/// A worker of the council, or of a partner who signs in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Worker {
    /// Name to sign in with.
    pub username: String,
    /// Given name.
    pub given: String,
    /// Family name.
    pub family: String,
    /// Post, such as "Social worker".
    pub post: &'static str,
    /// Role id of the practice pack.
    pub role: &'static str,
    /// Team id.
    pub team: Option<&'static str>,
    /// Username of the supervisor.
    pub supervisor: Option<String>,
    /// Tenths of full time: 10 is full time.
    pub fte_tenths: u8,
    /// End of the assessed and supported year in employment, for newly qualified workers.
    pub asye_until: Option<NaiveDate>,
    /// Employed through an agency.
    pub agency: bool,
    /// First day in post.
    pub started: NaiveDate,
    /// Children this worker holds as lead.
    pub holds: u16,
}

impl Holding {
    /// Children of this team in a borough of this size.
    fn children(&self, size: Size) -> u16 {
        match size {
            Size::Full | Size::Large => self.full,
            Size::County => self.full * 21 / 10,
            Size::Small => self.small,
        }
    }
}

/// Children whose contact waits at the front door, and the number of contacts.
pub(crate) fn waiting(size: Size) -> (u16, u16) {
    match size {
        Size::Full | Size::Large => (80, 45),
        Size::County => (168, 95),
        Size::Small => (14, 8),
    }
}

/// All teams and workers.
pub(crate) fn hire(size: Size, today: NaiveDate, dice: &mut Dice) -> (Vec<Team>, Vec<Worker>) {
    let mut names = HashSet::new();
    let mut workers = Vec::new();
    for &(username, given, family, post, role, team) in &FIXED {
        names.insert(username.to_string());
        workers.push(Worker {
            username: username.to_string(),
            given: given.to_string(),
            family: family.to_string(),
            post,
            role,
            team,
            supervisor: Some("okafor.director".to_string()).filter(|s| s != username),
            fte_tenths: 10,
            asye_until: None,
            agency: false,
            started: dice.days_before(today, 700, 3600),
            holds: 0,
        });
    }
    let mut teams = vec![
        team("front-door", "Front door", "ines.manager"),
        team(
            "reviewing",
            "Reviewing and conference service",
            "okafor.director",
        ),
        team("fostering", "Fostering team", "okafor.director"),
    ];
    // Eight agency social workers started this quarter (number register, 002:32).
    let mut agency_starts = 8;
    for holding in &HOLDINGS {
        let manager = match holding.team {
            "north" => "priya.manager".to_string(),
            "south" => "sam.manager".to_string(),
            _ => {
                let mut boss = invent(&mut names, today, dice);
                boss.post = "Team manager";
                boss.role = "team_manager";
                boss.team = Some(holding.team);
                boss.supervisor = Some("okafor.director".to_string());
                workers.push(boss);
                workers[workers.len() - 1].username.clone()
            }
        };
        teams.push(team(holding.team, holding.name, &manager));
        let first = workers.len();
        staff(
            holding,
            size,
            &manager,
            &mut names,
            &mut workers,
            today,
            dice,
        );
        let mut fresh = 0;
        for worker in workers[first..].iter_mut().rev() {
            if worker.role == "social_worker"
                && holding.team != "north"
                && agency_starts > 0
                && fresh < 2
                && worker.username != "tom.socialworker"
            {
                worker.agency = true;
                worker.started = dice.days_before(today, 6, 80);
                agency_starts -= 1;
                fresh += 1;
            }
        }
    }
    // Last, so that whoever was there before stays the same.
    for &(username, given, family, post, role, team) in &PRACTITIONERS {
        names.insert(username.to_string());
        workers.push(Worker {
            username: username.to_string(),
            given: given.to_string(),
            family: family.to_string(),
            post,
            role,
            team,
            supervisor: None,
            fte_tenths: 10,
            asye_until: None,
            agency: false,
            started: today - Duration::days(900),
            holds: 0,
        });
    }
    (teams, workers)
}

fn team(id: &'static str, name: &'static str, manager: &str) -> Team {
    let covers = LOCALITIES
        .iter()
        .find(|l| l.0 == id)
        .map_or(&[][..], |l| l.1);
    Team {
        id,
        name,
        manager: manager.to_string(),
        locality: !covers.is_empty(),
        covers,
    }
}

/// The workers of one team, each with the children they hold.
fn staff(
    holding: &Holding,
    size: Size,
    manager: &str,
    names: &mut HashSet<String>,
    workers: &mut Vec<Worker>,
    today: NaiveDate,
    dice: &mut Dice,
) {
    let supervise = |mut worker: Worker| {
        worker.post = holding.post;
        worker.role = holding.role;
        worker.team = Some(holding.team);
        worker.supervisor = Some(manager.to_string());
        worker
    };
    if holding.team == "north" {
        for (username, given, family, fte_tenths, holds) in NORTH {
            names.insert(username.to_string());
            let mut worker = supervise(invent(names, today, dice));
            worker.username = username.to_string();
            worker.given = given.to_string();
            worker.family = family.to_string();
            worker.fte_tenths = fte_tenths;
            worker.holds = holds;
            if username == "amina.asye" {
                worker.post = "Newly qualified social worker";
                worker.started = today - Duration::days(200);
                worker.asye_until = Some(today + Duration::days(165));
            }
            // One agency worker leaves in four weeks (persona 6).
            worker.agency = username == "chantelle.palmcroft";
            workers.push(worker);
        }
        return;
    }
    let children = u32::from(holding.children(size));
    if children == 0 {
        return;
    }
    let wanted_tenths = (children * 100).div_ceil(holding.mean_tenths).max(10);
    let mut tenths = Vec::new();
    while tenths.iter().sum::<u32>() < wanted_tenths {
        let next = match tenths.len() % 7 {
            3 => 8,
            6 => 6,
            _ => 10,
        };
        tenths.push(next);
    }
    let all: u32 = tenths.iter().sum();
    let mut held = 0;
    let mut so_far = 0;
    for (i, &fte) in tenths.iter().enumerate() {
        so_far += fte;
        let upto = children * so_far / all;
        let mut worker = supervise(invent(names, today, dice));
        let named = match (holding.team, i) {
            ("south", 0) => Some(("tom.socialworker", "Tom", "Pennyshaw")),
            ("early-help-north", 0) => Some(("dev.earlyhelp", "Dev", "Phulpal")),
            _ => None,
        };
        if let Some((username, given, family)) = named {
            worker.username = username.to_string();
            worker.given = given.to_string();
            worker.family = family.to_string();
        }
        worker.fte_tenths = fte as u8;
        worker.holds = (upto - held) as u16;
        held = upto;
        if i == 5 && holding.role == "social_worker" {
            worker.post = "Newly qualified social worker";
            worker.started = today - Duration::days(120);
            worker.asye_until = Some(today + Duration::days(245));
        }
        workers.push(worker);
    }
}

/// A worker with an invented name and a username nobody has yet.
fn invent(names: &mut HashSet<String>, today: NaiveDate, dice: &mut Dice) -> Worker {
    let culture = if dice.chance(62) {
        dice.weighted(ENGLISH_AT_HOME)
    } else {
        dice.weighted(OTHER_LANGUAGES)
    };
    let sex = if dice.chance(80) { 'F' } else { 'M' };
    let given = culture.given(sex, dice);
    let head = culture.family(dice);
    let family = culture.inherit(sex, &head.clone(), &head, dice);
    let plain: String = any_ascii::any_ascii(&format!("{given}.{family}"))
        .to_lowercase()
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || *c == '.')
        .collect();
    let mut username = plain.clone();
    let mut n = 2;
    while !names.insert(username.clone()) {
        username = format!("{plain}{n}");
        n += 1;
    }
    Worker {
        username,
        given: given.to_string(),
        family,
        post: "Social worker",
        role: "social_worker",
        team: None,
        supervisor: None,
        fte_tenths: 10,
        asye_until: None,
        agency: false,
        started: dice.days_before(today, 100, 2900),
        holds: 0,
    }
}
