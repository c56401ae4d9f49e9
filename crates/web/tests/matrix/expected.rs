//! What each of the sixteen may know of a child, written down by hand from
//! `docs/` and the policy's own words, so that the test does not ask the code
//! under test what is right.

use casework::testing::EVERYBODY;
use casework::testing::scene::Standing;

fn role(username: &str) -> &'static str {
    let found = EVERYBODY.iter().find(|p| p.username == username);
    found.expect("somebody of the council").role
}

/// They may learn that the child is known, by name. A restricted record and a
/// personal connection close even that; numbers and settings need no name, and
/// a partner sees only who was shared with them.
pub fn may_find(username: &str, standing: Standing) -> bool {
    let searches = [
        "screener",
        "social_worker",
        "team_manager",
        "iro",
        "head_of_service",
        "fostering_officer",
        "early_help",
    ];
    match standing {
        Standing::Restricted | Standing::Conflict => false,
        Standing::Ours | Standing::OtherTeam => searches.contains(&role(username)),
    }
}

/// They may read words of the record at an address.
pub fn may_read(username: &str, standing: Standing, path: &str) -> bool {
    let role = role(username);
    // Whoever works at the front door may read what came in there and what was
    // decided; whoever checks emergency looks reads the reason that was given.
    let door = ["{contact}", "{part}", "{decision}", "{check}"];
    let at_the_door = ["screener", "team_manager"].contains(&role)
        && (path.starts_with("/ratings") || door.iter().any(|place| path.contains(place)));
    let checks = ["administrator", "head_of_service"].contains(&role)
        && (path.starts_with("/access") || path == "/");
    // The police read what the front door asks of them, also about a child whose
    // record is closed to others; never about a child they know privately.
    let asked = username == "chen.police" && path.starts_with("/mash/checks");
    // Allegations, complaints and incidents hang on a post and on no tie to the
    // child. Of the fifteen only the head of service deals with one of the
    // three, whoever's child it is; never with a child they know privately.
    let others = ["/allegations", "/complaints"]
        .iter()
        .any(|p| path.starts_with(p));
    if others && !path.ends_with("/new") {
        return false;
    }
    if path.starts_with("/serious-incidents") && !path.ends_with("/new") {
        return role == "head_of_service" && standing != Standing::Conflict;
    }
    // What a family asked a service by itself hangs on a post; put to a child it
    // is open to whoever may read that child, and to nobody who is barred.
    let of_requests = path.starts_with("/requests");
    let of_families = of_requests && ["early_help", "head_of_service"].contains(&role);
    match standing {
        Standing::Conflict => false,
        _ if asked => true,
        Standing::Restricted => false,
        Standing::OtherTeam => role == "head_of_service" || at_the_door || checks || of_families,
        Standing::Ours => {
            let works = ["jo.socialworker", "amina.asye", "priya.manager"].contains(&username);
            // While a contact about the child is open at the front door, those
            // who screen contacts or decide on them read the child's record.
            let screens = ["screener", "team_manager"].contains(&role);
            works || role == "head_of_service" || screens || checks || of_families
        }
    }
}

/// What the front door may change of a child while a contact about them is
/// open: who they are, where they live, who is in the family; and what they ask
/// of partners. Never the record.
const OF_THE_FRONT_DOOR: [&str; 18] = [
    "{contact}",
    "{part}",
    "/people/{person}/edit",
    "/people/{person}/duplicates",
    "/people/{person}/names",
    "/people/{person}/address",
    "/people/{person}/relationship",
    "/people/{person}/reach",
    "/people/{person}/languages",
    "/people/{person}/open",
    "/people/{person}/early-help/new",
    "/people/{person}/questions/new",
    "/families/{family}/add",
    "/families/{family}/join",
    "/strategy/",
    "/drafts/",
    "{check}",
    "{rating}",
];

/// They may change something at an address: those who work with the child, the
/// front door what came in there, the director everything, whoever checks
/// emergency looks the check; and anybody who may find the child may ask for
/// emergency access or, if they work with families, for early help.
pub fn may_write(username: &str, standing: Standing, path: &str) -> bool {
    let works = ["jo.socialworker", "amina.asye", "priya.manager"].contains(&username);
    let screens = ["screener", "team_manager"].contains(&role(username));
    if screens && !works && !OF_THE_FRONT_DOOR.iter().any(|part| path.contains(part)) {
        return false;
    }
    let emergency = path == "/people/{person}/open" && role(username) != "early_help";
    // Whoever may find a child may ask early help for it: the words go on to
    // those who decide, and nothing of the record is shown.
    let asks = path == "/people/{person}/early-help/new"
        && ["screener", "social_worker", "team_manager", "early_help"].contains(&role(username));
    // Whoever may find a child may ask those who work with it: what is asked
    // and answered is for the two, and shows nothing of the record.
    let asks_them = path == "/people/{person}/questions/new"
        && [
            "screener",
            "social_worker",
            "team_manager",
            "iro",
            "head_of_service",
            "early_help",
        ]
        .contains(&role(username));
    ((emergency || asks || asks_them) && may_find(username, standing))
        || may_read(username, standing, path)
}
