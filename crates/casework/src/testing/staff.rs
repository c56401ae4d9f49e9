//! The sixteen people of the demonstration, one a role (and both sides of a
//! team's border), as a test council has them.

/// Somebody who signs in.
#[derive(Debug, Clone, Copy)]
pub struct Persona {
    /// The name to sign in with.
    pub username: &'static str,
    /// The name that others see.
    pub name: &'static str,
    /// What they do.
    pub job_title: &'static str,
    /// A role of the practice pack.
    pub role: &'static str,
    /// The name of their team.
    pub team: &'static str,
    /// Their agency.
    pub agency: &'static str,
}

/// Everybody.
pub const EVERYBODY: [Persona; 16] = [
    of([
        "farah.screener",
        "Farah Quill",
        "Screener",
        "screener",
        "Front door",
        "social_care",
    ]),
    of([
        "jo.socialworker",
        "Jo Larch",
        "Social worker",
        "social_worker",
        "North",
        "social_care",
    ]),
    of([
        "amina.asye",
        "Amina Fenn",
        "Social worker",
        "social_worker",
        "North",
        "social_care",
    ]),
    of([
        "priya.manager",
        "Priya Thorne",
        "Team manager",
        "team_manager",
        "North",
        "social_care",
    ]),
    of([
        "tom.socialworker",
        "Tom Bramble",
        "Social worker",
        "social_worker",
        "South",
        "social_care",
    ]),
    of([
        "sam.manager",
        "Sam Rook",
        "Team manager",
        "team_manager",
        "South",
        "social_care",
    ]),
    of([
        "graham.iro",
        "Graham Ash",
        "Independent reviewing officer",
        "iro",
        "Quality",
        "social_care",
    ]),
    of([
        "leila.fostering",
        "Leila Teasel",
        "Supervising social worker, fostering",
        "fostering_officer",
        "Fostering",
        "social_care",
    ]),
    of([
        "dev.earlyhelp",
        "Dev Moss",
        "Early help practitioner",
        "early_help",
        "Early help",
        "early_help",
    ]),
    of([
        "okafor.director",
        "Ms Okafor",
        "Director",
        "head_of_service",
        "Leadership",
        "social_care",
    ]),
    of([
        "nia.admin",
        "Nia Wren",
        "Administrator",
        "administrator",
        "Leadership",
        "social_care",
    ]),
    of([
        "tia.analyst",
        "Tia Sedge",
        "Analyst",
        "analyst",
        "Leadership",
        "social_care",
    ]),
    of([
        "chen.police",
        "Chen Rowe",
        "Police constable",
        "partner",
        "Police",
        "police",
    ]),
    of([
        "rosa.health",
        "Rosa Vetch",
        "Health visitor",
        "partner",
        "Partners",
        "health",
    ]),
    of([
        "noor.school",
        "Noor Hazelgrove",
        "Lead for safeguarding",
        "practitioner",
        "Partners",
        "school",
    ]),
    of([
        "cllr.davies",
        "Carys Davies",
        "Councillor",
        "councillor",
        "Leadership",
        "council",
    ]),
];

const fn of(words: [&'static str; 6]) -> Persona {
    let [username, name, job_title, role, team, agency] = words;
    Persona {
        username,
        name,
        job_title,
        role,
        team,
        agency,
    }
}
