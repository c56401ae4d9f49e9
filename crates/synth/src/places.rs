//! Larkmere on the map: wards, postcodes, streets, schools, surgeries, centres.
//!
//! The postcode area LK does not exist, so no address here can be anybody's.
//! Each locality team covers outcodes of its own.

use chrono::{Datelike, NaiveDate};
use serde::Serialize;

use crate::dice::Dice;

/// A ward of the borough.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Ward {
    /// Name.
    pub name: &'static str,
    /// Id of the locality team that covers it.
    pub team: &'static str,
    /// Outcode and sector digit, such as `("LK1", 4)`; no two wards share one.
    pub sector: (&'static str, u8),
    /// Residents at the last estimate.
    pub residents: u32,
    /// Children under 16 in households below the poverty line, in percent.
    pub poverty_percent: f32,
}

/// The borough in figures.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Profile {
    /// Everybody who lives here.
    pub residents: u32,
    /// Residents by age band, eldest band open; they add up to `residents`.
    pub by_age: Vec<(&'static str, u32)>,
    /// Residents who moved in or out within a year, in percent.
    pub change_each_year_percent: u8,
    /// Resident children of school age.
    pub school_age: u32,
    /// Of those, children at independent schools.
    pub at_independent_schools: u32,
    /// Mean caseload elsewhere, against which the sources set the borough's own.
    pub mean_caseload_comparator: u8,
}

/// A school or nursery.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct School {
    /// Name.
    pub name: String,
    /// `Nursery`, `Primary`, `Secondary`, `Special` or `Independent`.
    pub phase: &'static str,
    /// The locality it stands in, by team id.
    pub team: &'static str,
    /// The designated safeguarding lead.
    pub lead: String,
}

/// An organisation of a partner agency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Organisation {
    /// Name.
    pub name: &'static str,
    /// Its agency.
    pub agency: crate::Agency,
    /// Telephone, from the range kept for drama.
    pub phone: String,
}

/// A family centre with what it runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Centre {
    /// Name.
    pub name: &'static str,
    /// The locality it stands in, by team id.
    pub team: &'static str,
    /// Programmes, each with its day.
    pub programmes: Vec<(&'static str, &'static str)>,
}

/// Locality teams with the outcodes that only they cover.
pub const LOCALITIES: [(&str, &[&str]); 5] = [
    ("north", &["LK1", "LK2"]),
    ("south", &["LK3", "LK4"]),
    ("east", &["LK5", "LK6"]),
    ("west", &["LK7", "LK8"]),
    ("central", &["LK9"]),
];

const WARDS: [(&str, &str, &str, u8, u32, f32); 20] = [
    ("Tanners Reach", "north", "LK1", 1, 17_400, 46.2),
    ("Kiln Heath", "north", "LK1", 3, 16_900, 48.1),
    ("Upper Lark", "north", "LK2", 4, 15_800, 33.5),
    ("Windlow", "north", "LK2", 6, 16_100, 29.8),
    ("Saltmarsh Gate", "south", "LK3", 1, 17_800, 37.4),
    ("Brickfield", "south", "LK3", 2, 17_100, 39.9),
    ("Pondside", "south", "LK4", 5, 15_600, 24.0),
    ("Hopwick", "south", "LK4", 7, 16_300, 27.2),
    ("Millrace", "east", "LK5", 1, 18_200, 35.1),
    ("Gasholder", "east", "LK5", 4, 17_500, 38.6),
    ("Corn Quay", "east", "LK6", 2, 16_000, 31.7),
    ("Old Ferry", "east", "LK6", 9, 15_900, 28.3),
    ("Fallow Green", "west", "LK7", 1, 16_200, 19.4),
    ("St Wend", "west", "LK7", 8, 15_700, 17.9),
    ("Hollin Park", "west", "LK8", 3, 15_500, 14.6),
    ("Beacon", "west", "LK8", 6, 16_400, 21.3),
    ("Guildgate", "central", "LK9", 1, 17_300, 34.8),
    ("Lamp Market", "central", "LK9", 2, 17_000, 36.9),
    ("Priory", "central", "LK9", 5, 16_600, 26.1),
    ("Canal Basin", "central", "LK9", 8, 16_700, 32.2),
];

const STREET_STARTS: [&str; 28] = [
    "Lapwing",
    "Tannery",
    "Kiln",
    "Osier",
    "Sluice",
    "Barley",
    "Cooper",
    "Drover",
    "Elderflower",
    "Foundry",
    "Gosling",
    "Hopfield",
    "Inkerpot",
    "Jackdaw",
    "Kittiwake",
    "Lockgate",
    "Maltster",
    "Needle",
    "Orchard End",
    "Pipit",
    "Quince",
    "Ropewalk",
    "Sandpiper",
    "Tollhouse",
    "Umber",
    "Verger",
    "Weir",
    "Yarrow",
];
const STREET_ENDS: [&str; 9] = [
    "Road", "Street", "Close", "Gardens", "Lane", "Terrace", "Way", "Court", "Walk",
];
/// Towns outside Larkmere, as invented as their outcodes (area ZK does not exist).
const ELSEWHERE: [(&str, &str, u16); 8] = [
    ("Hartlebridge", "ZK3", 31),
    ("Sallowby", "ZK5", 12),
    ("Great Wenning", "ZK7", 24),
    ("Coldharbour Sands", "ZK9", 64),
    ("Marlstone", "ZK2", 8),
    ("Eastry Moor", "ZK4", 43),
    ("Thornwick", "ZK6", 17),
    ("Port Ennis", "ZK8", 92),
];

/// The wards of Larkmere, four to a locality.
pub(crate) fn wards() -> Vec<Ward> {
    WARDS
        .iter()
        .map(
            |&(name, team, outcode, digit, residents, poverty_percent)| Ward {
                name,
                team,
                sector: (outcode, digit),
                residents,
                poverty_percent,
            },
        )
        .collect()
}

/// Larkmere in figures (numbers of the sources: 332,000 residents, one fifth
/// change each year, over four in ten aged 20 to 39, half of resident children
/// of school age at independent schools).
pub(crate) fn profile() -> Profile {
    Profile {
        residents: 332_000,
        by_age: vec![
            ("0 to 4", 20_400),
            ("5 to 15", 35_600),
            ("16 to 19", 14_500),
            ("20 to 39", 137_500),
            ("40 to 64", 93_000),
            ("65 and over", 31_000),
        ],
        change_each_year_percent: 20,
        school_age: 35_600,
        at_independent_schools: 17_800,
        mean_caseload_comparator: 24,
    }
}

/// A street address in a ward: line and postcode.
pub(crate) fn address(ward: &Ward, dice: &mut Dice) -> (String, String) {
    let line = street(dice);
    (line, postcode(ward.sector.0, ward.sector.1, dice))
}

/// A street address in a town outside: line, town, postcode, miles away.
pub(crate) fn address_elsewhere(dice: &mut Dice) -> (String, &'static str, String, u16) {
    let (town, outcode, miles) = *dice.pick(&ELSEWHERE);
    let digit = dice.between(1, 9) as u8;
    (street(dice), town, postcode(outcode, digit, dice), miles)
}

fn street(dice: &mut Dice) -> String {
    let start = *dice.pick(&STREET_STARTS);
    let end = *dice.pick(&STREET_ENDS);
    let number = dice.between(1, 148);
    match dice.below(4) {
        0 => format!("Flat {}, {number} {start} {end}", dice.between(1, 40)),
        _ => format!("{number} {start} {end}"),
    }
}

/// A postcode of this sector; the last two letters avoid C, I, K, M, O and V, as real ones do.
fn postcode(outcode: &str, digit: u8, dice: &mut Dice) -> String {
    const LETTERS: &[u8] = b"ABDEFGHJLNPQRSTUWXYZ";
    let a = char::from(*dice.pick(LETTERS));
    let b = char::from(*dice.pick(LETTERS));
    format!("{outcode} {digit}{a}{b}")
}

/// Schools of every locality: nurseries, primaries, a secondary and so on.
pub(crate) fn schools(dice: &mut Dice) -> Vec<School> {
    let plan: [(&str, &[&str], &str); 5] = [
        ("Nursery", &["Little Otters", "Acorn Steps"], "Nursery"),
        (
            "Primary",
            &["Bridge", "Meadow", "St Alban's Well", "Riverside"],
            "Primary School",
        ),
        ("Secondary", &["Academy", "High"], "School"),
        ("Special", &["Lodge"], "Special School"),
        ("Independent", &["Court"], "Independent School"),
    ];
    let mut all = Vec::new();
    for (team, _) in LOCALITIES {
        let places: Vec<&str> = WARDS.iter().filter(|w| w.1 == team).map(|w| w.0).collect();
        for (phase, kinds, tail) in plan {
            for (i, kind) in kinds.iter().enumerate() {
                let place = places[i % places.len()];
                all.push(School {
                    name: format!("{place} {kind} {tail}"),
                    phase,
                    team,
                    lead: professional_name(dice),
                });
            }
        }
    }
    all
}

/// The phase of school that a child born on `born` goes to on `today`, if any.
pub(crate) fn phase(born: NaiveDate, today: NaiveDate) -> Option<&'static str> {
    let start = if today.month() >= 9 {
        today.year()
    } else {
        today.year() - 1
    };
    let cut = NaiveDate::from_ymd_opt(start, 9, 1)?;
    match cut.years_since(born)? {
        3 => Some("Nursery"),
        4..=10 => Some("Primary"),
        11..=15 => Some("Secondary"),
        _ => None,
    }
}

/// The surgeries.
pub(crate) const SURGERIES: [&str; 12] = [
    "Kiln Heath Surgery",
    "Lark Street Practice",
    "The Windlow Surgery",
    "Saltmarsh Health Centre",
    "Brickfield Medical Centre",
    "Hopwick Family Practice",
    "Millrace Surgery",
    "Corn Quay Doctors",
    "Fallow Green Practice",
    "Beacon Health Centre",
    "Guildgate Surgery",
    "Canal Basin Practice",
];

/// Organisations of the partner agencies, with the role their people have.
pub(crate) const PARTNERS: [(&str, crate::Agency, &str); 14] = {
    use crate::Agency::*;
    [
        (
            "Larkmere Police, public protection",
            Police,
            "Police officer, public protection",
        ),
        ("Larkmere Health Visiting", Health, "Health visitor"),
        ("Larkmere School Nursing", Health, "School nurse"),
        ("Lark Valley Hospital", Health, "Paediatrician"),
        ("Lark Valley Midwifery", Health, "Midwife"),
        (
            "Open Door CAMHS",
            Health,
            "Child mental health practitioner",
        ),
        (
            "Larkmere Speech and Language",
            Health,
            "Speech and language therapist",
        ),
        ("Larkmere Homes", Housing, "Housing officer"),
        (
            "Lantern Domestic Abuse Service",
            DomesticAbuse,
            "Domestic abuse adviser",
        ),
        (
            "Stepping Stones Family Support",
            Voluntary,
            "Family support worker",
        ),
        (
            "Clearwater Recovery",
            SubstanceUse,
            "Drug and alcohol worker",
        ),
        ("Larkmere Probation", Probation, "Probation officer"),
        ("Larkmere Youth Justice", Youth, "Youth justice worker"),
        ("Tandem Advocacy", Voluntary, "Advocate"),
    ]
};

/// The partner organisations with telephones.
pub(crate) fn organisations() -> Vec<Organisation> {
    PARTNERS
        .iter()
        .enumerate()
        .map(|(i, &(name, agency, _))| Organisation {
            name,
            agency,
            phone: format!("020 7946 0{:03}", 100 + i * 7),
        })
        .collect()
}

/// The four family centres with their programmes.
pub(crate) fn centres() -> Vec<Centre> {
    let centre = |name, team, programmes: &[(&'static str, &'static str)]| Centre {
        name,
        team,
        programmes: programmes.to_vec(),
    };
    vec![
        centre(
            "Kiln Heath Family Centre",
            "north",
            &[
                ("Stay and play", "Monday"),
                ("Dads and little ones", "Saturday"),
            ],
        ),
        centre(
            "Saltmarsh Family Centre",
            "south",
            &[("Talking together", "Tuesday")],
        ),
        centre(
            "Millrace Family Centre",
            "east",
            &[
                ("Baby massage", "Wednesday"),
                ("Money and housing help", "Friday"),
            ],
        ),
        centre(
            "Guildgate Family Centre",
            "central",
            &[("Parents of teenagers", "Thursday evening")],
        ),
    ]
}

/// A full name for a professional or a caller, of any culture.
pub(crate) fn professional_name(dice: &mut Dice) -> String {
    use crate::names::{ENGLISH_AT_HOME, OTHER_LANGUAGES};
    let culture = if dice.chance(60) {
        dice.weighted(ENGLISH_AT_HOME)
    } else {
        dice.weighted(OTHER_LANGUAGES)
    };
    let sex = if dice.chance(70) { 'F' } else { 'M' };
    let given = culture.given(sex, dice);
    let family = culture.family(dice);
    let family = culture.inherit(sex, &family.clone(), &family, dice);
    format!("{given} {family}")
}
