//! The posts of the council: who has which, and what each team holds. Data only;
//! `staff` turns it into workers.

use crate::Standing;

/// Username, given name, family name, post, role, team.
type Fixed = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    Option<&'static str>,
);

/// Practitioners of other agencies who sign in and may confirm who a child is.
pub(crate) const PRACTITIONERS: [Fixed; 3] = [
    (
        "noor.school",
        "Noor",
        "Hazelgrove",
        "Lead for safeguarding, Larkmere Academy",
        "school_practitioner",
        None,
    ),
    (
        "hana.visitor",
        "Hana",
        "Tolwether",
        "Health visitor",
        "health_practitioner",
        None,
    ),
    (
        "piet.otherside",
        "Piet",
        "Vandersloe",
        "Social worker, Fernshire",
        "council_practitioner",
        None,
    ),
];

/// Demonstration people who hold no children.
pub(crate) const FIXED: [Fixed; 13] = [
    (
        "farah.screener",
        "Farah",
        "Nadirpur",
        "Front door screener",
        "screener",
        Some("front-door"),
    ),
    (
        "priya.manager",
        "Priya",
        "Kanakdeo",
        "Team manager",
        "team_manager",
        Some("north"),
    ),
    (
        "sam.manager",
        "Sam",
        "Copperdale",
        "Team manager",
        "team_manager",
        Some("south"),
    ),
    (
        "graham.iro",
        "Graham",
        "Larchworthy",
        "Independent reviewing officer",
        "iro",
        Some("reviewing"),
    ),
    (
        "okafor.director",
        "Ngozi",
        "Okafor",
        "Director of children's services",
        "director",
        None,
    ),
    (
        "tia.analyst",
        "Tia",
        "Mangocroft",
        "Performance analyst",
        "analyst",
        None,
    ),
    (
        "nia.admin",
        "Nia",
        "Rookbeck",
        "Information governance lead",
        "administrator",
        None,
    ),
    (
        "leila.fostering",
        "Leila",
        "Qandani",
        "Supervising social worker, fostering",
        "fostering",
        Some("fostering"),
    ),
    (
        "chen.police",
        "Jun",
        "Chen",
        "Police sergeant, front door partner",
        "police_partner",
        Some("front-door"),
    ),
    (
        "rosa.health",
        "Rosa",
        "Valeverde",
        "Health practitioner, front door partner",
        "health_partner",
        Some("front-door"),
    ),
    (
        "cllr.davies",
        "Carys",
        "Davies",
        "Councillor, scrutiny",
        "councillor",
        None,
    ),
    (
        "ines.manager",
        "Ines",
        "Montesclara",
        "Front door manager",
        "team_manager",
        Some("front-door"),
    ),
    (
        "olu.conference",
        "Oluwaseun",
        "Adebowale",
        "Child protection chair",
        "iro",
        Some("reviewing"),
    ),
];

/// The North team: username, given, family, tenths, children. 60 children, 6.0 full time.
pub(crate) const NORTH: [(&str, &str, &str, u8, u16); 7] = [
    ("jo.socialworker", "Jo", "Wrenfold", 10, 15),
    ("amina.asye", "Amina", "Warsani", 10, 7),
    ("marek.lipnecki", "Marek", "Lipnecki", 10, 11),
    ("chantelle.palmcroft", "Chantelle", "Palmcroft", 10, 11),
    ("yordanos.kibrom", "Yordanos", "Kibrom", 8, 7),
    ("declan.mcrookan", "Declan", "McRookan", 6, 5),
    ("hannah.otterby", "Hannah", "Otterby", 6, 4),
];

/// What a team holds: id, name, children (Full, Small), mean caseload in tenths,
/// post and role of its workers, standings of its families with weights.
pub(crate) struct Holding {
    pub(crate) team: &'static str,
    pub(crate) name: &'static str,
    pub(crate) full: u16,
    pub(crate) small: u16,
    pub(crate) mean_tenths: u32,
    pub(crate) post: &'static str,
    pub(crate) role: &'static str,
    pub(crate) standings: &'static [(Standing, u32)],
}

const LOCAL: &[(Standing, u32)] = &[
    (Standing::Assessment, 25),
    (Standing::ChildInNeed, 50),
    (Standing::ProtectionPlan, 25),
];
const SW: (&str, &str) = ("Social worker", "social_worker");

const fn holding(
    team: &'static str,
    name: &'static str,
    children: (u16, u16),
    mean_tenths: u32,
    who: (&'static str, &'static str),
    standings: &'static [(Standing, u32)],
) -> Holding {
    Holding {
        team,
        name,
        full: children.0,
        small: children.1,
        mean_tenths,
        post: who.0,
        role: who.1,
        standings,
    }
}

const EH: (&str, &str) = ("Early help practitioner", "early_help");
const EARLY: &[(Standing, u32)] = &[(Standing::EarlyHelp, 1)];
const CARE: &[(Standing, u32)] = &[(Standing::InCare, 1)];

/// Every team that holds children. With the 80 whose contact waits at the front
/// door, Full adds up to 2,500 open children, 236 of them in care.
pub(crate) const HOLDINGS: [Holding; 19] = [
    holding("north", "North locality team", (60, 60), 100, SW, LOCAL),
    holding("south", "South locality team", (127, 20), 136, SW, LOCAL),
    holding("east", "East locality team", (122, 12), 141, SW, LOCAL),
    holding("west", "West locality team", (121, 12), 132, SW, LOCAL),
    holding(
        "central",
        "Central locality team",
        (130, 12),
        145,
        SW,
        LOCAL,
    ),
    holding(
        "assessment-a",
        "Assessment team A",
        (100, 20),
        144,
        SW,
        &[(Standing::Assessment, 9), (Standing::ChildInNeed, 1)],
    ),
    holding(
        "assessment-b",
        "Assessment team B",
        (100, 0),
        148,
        SW,
        &[(Standing::Assessment, 9), (Standing::ChildInNeed, 1)],
    ),
    holding(
        "assessment-c",
        "Assessment team C",
        (100, 0),
        139,
        SW,
        &[(Standing::Assessment, 9), (Standing::ChildInNeed, 1)],
    ),
    holding(
        "disabled",
        "Disabled children's team",
        (160, 8),
        154,
        SW,
        &[(Standing::ChildInNeed, 1)],
    ),
    holding(
        "adolescent",
        "Adolescent safeguarding team",
        (120, 6),
        131,
        SW,
        &[(Standing::ChildInNeed, 6), (Standing::ProtectionPlan, 4)],
    ),
    holding(
        "court",
        "Court and pre-birth team",
        (100, 6),
        120,
        SW,
        &[(Standing::ProtectionPlan, 7), (Standing::ChildInNeed, 3)],
    ),
    holding("care-1", "Children in care team 1", (79, 24), 138, SW, CARE),
    holding("care-2", "Children in care team 2", (79, 0), 141, SW, CARE),
    holding("care-3", "Children in care team 3", (78, 0), 135, SW, CARE),
    holding(
        "leaving",
        "Leaving care team",
        (170, 8),
        180,
        ("Personal adviser", "personal_adviser"),
        &[(Standing::CareLeaver, 1)],
    ),
    holding(
        "early-help-north",
        "Early help, Kiln Heath",
        (194, 24),
        155,
        EH,
        EARLY,
    ),
    holding(
        "early-help-south",
        "Early help, Saltmarsh",
        (193, 0),
        149,
        EH,
        EARLY,
    ),
    holding(
        "early-help-east",
        "Early help, Millrace",
        (193, 0),
        158,
        EH,
        EARLY,
    ),
    holding(
        "early-help-central",
        "Early help, Guildgate",
        (194, 0),
        151,
        EH,
        EARLY,
    ),
];
