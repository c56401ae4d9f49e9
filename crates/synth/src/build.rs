//! From a recipe to people with numbers, relationships and addresses.

use std::collections::BTreeMap;

use chrono::{Duration, NaiveDate, NaiveDateTime};

use crate::dice::Dice;
use crate::places::{School, Ward, address, address_elsewhere, phase};
use crate::plan::Slot;
use crate::recipe::{Adult, Languages, Recipe};
use crate::{
    Address, AddressKind, BirthKind, NameKind, OtherName, Person, PersonNo, Relationship, Standing,
    Tie,
};

/// What all families share while the borough is made.
pub(crate) struct Land {
    pub(crate) now: NaiveDateTime,
    pub(crate) wards: Vec<Ward>,
    pub(crate) schools: Vec<School>,
    pub(crate) managers: BTreeMap<&'static str, String>,
    pub(crate) languages: Languages,
    next_person: u32,
    next_key: u32,
    next_nhs: u32,
}

impl Land {
    pub(crate) fn new(
        now: NaiveDateTime,
        wards: Vec<Ward>,
        schools: Vec<School>,
        managers: BTreeMap<&'static str, String>,
    ) -> Land {
        Land {
            now,
            wards,
            schools,
            managers,
            languages: Languages::default(),
            next_person: 1,
            next_key: 1,
            next_nhs: 100_000,
        }
    }

    pub(crate) fn today(&self) -> NaiveDate {
        self.now.date()
    }

    fn person(&mut self) -> PersonNo {
        self.next_person += 1;
        PersonNo(self.next_person - 1)
    }

    /// A new key for a contact, assessment, plan, action or meeting.
    pub(crate) fn key(&mut self) -> crate::Key {
        self.next_key += 1;
        crate::Key(self.next_key - 1)
    }

    /// The next NHS number of the range that is never issued (999) with a good
    /// modulus 11 check digit; numbers whose check would be 10 are passed over.
    fn nhs_number(&mut self) -> String {
        loop {
            self.next_nhs += 7;
            let nine = format!("999{:06}", self.next_nhs % 1_000_000);
            let sum: u32 = nine
                .bytes()
                .zip((2..=10).rev())
                .map(|(d, w)| u32::from(d - b'0') * w)
                .sum();
            match 11 - sum % 11 {
                10 => {}
                11 => return format!("{nine}0"),
                check => return format!("{nine}{check}"),
            }
        }
    }
}

/// People of one family with their places in it.
pub(crate) struct Built {
    pub(crate) people: Vec<Person>,
    pub(crate) relationships: Vec<Relationship>,
    pub(crate) addresses: Vec<Address>,
    pub(crate) children: usize,
    pub(crate) carer: Option<usize>,
    pub(crate) other: Option<usize>,
    pub(crate) grandmother: Option<usize>,
    pub(crate) ward: usize,
    /// Miles from home to each child's home in care, where that lies outside.
    pub(crate) miles: Vec<Option<u16>>,
}

/// Makes the people of a recipe.
pub(crate) fn build(slot: &Slot, recipe: &mut Recipe, land: &mut Land, dice: &mut Dice) -> Built {
    let today = land.today();
    let wards: Vec<usize> = (0..land.wards.len())
        .filter(|&i| slot.team == land.wards[i].team)
        .collect();
    let ward = if wards.is_empty() {
        dice.below(land.wards.len())
    } else {
        *dice.pick(&wards)
    };
    let locality = land.wards[ward].team;
    let gp = (*dice.pick(&crate::places::SURGERIES)).to_string();
    let mut people = Vec::new();
    for (kid, family) in recipe.kids.iter().zip(&recipe.kid_families) {
        let expected = kid.kind == BirthKind::Expected;
        let phase = if expected {
            None
        } else {
            phase(kid.born, today)
        };
        let school = phase.map(|p| {
            let p = if recipe.theme.need == "N2" && dice.chance(45) {
                "Special"
            } else {
                p
            };
            let near: Vec<&School> = land
                .schools
                .iter()
                .filter(|s| s.team == locality && s.phase == p)
                .collect();
            dice.pick(&near).name.clone()
        });
        if phase.is_some_and(|p| p != "Nursery") {
            land.languages.pupils += 1;
            land.languages.additional += i64::from(recipe.kid_language != "English");
        }
        let no_number = expected || (recipe.unaccompanied && dice.chance(60)) || dice.chance(6);
        let mut other_names = Vec::new();
        if !expected && dice.chance(4) {
            let given = crate::search::misspell(&kid.given, dice);
            other_names.push(OtherName {
                kind: NameKind::Misspelt,
                given,
                family: family.clone(),
            });
        }
        people.push(Person {
            no: land.person(),
            child: true,
            given: kid.given.clone(),
            family: family.clone(),
            other_names,
            sex: kid.sex,
            born: kid.born,
            born_kind: kid.kind,
            ethnicity: if expected {
                "NOBT"
            } else {
                recipe.kid_ethnicity
            },
            language: recipe.kid_language,
            interpreter: recipe.unaccompanied && dice.chance(80),
            nhs_number: (!no_number).then(|| land.nhs_number()),
            phone: ((today - kid.born).num_days() > 12 * 365 && dice.chance(40))
                .then(|| phone(dice)),
            school,
            gp: (!expected).then(|| gp.clone()),
            disabilities: if recipe.theme.need == "N2" {
                disabilities(dice)
            } else {
                Vec::new()
            },
            unaccompanied: recipe.unaccompanied,
            address_protected: recipe.protected.is_some(),
            restricted: recipe.restricted.clone(),
        });
    }
    let children = people.len();
    let mut add = |adult: Option<Adult>, land: &mut Land| {
        adult.map(|a| {
            people.push(grown(a, &gp, recipe.restricted.as_deref(), land, dice));
            people.len() - 1
        })
    };
    let carer = add(recipe.carer.take(), land);
    let other = add(recipe.other.take(), land);
    let step = add(recipe.step.take(), land);
    let grandmother = add(recipe.grandmother.take(), land);
    if recipe.protected.is_some()
        && let Some(i) = carer
    {
        people[i].address_protected = true;
    }
    let relationships = relate(
        &people,
        recipe,
        children,
        carer,
        other,
        step,
        grandmother,
        dice,
    );
    let mut built = Built {
        people,
        relationships,
        addresses: Vec::new(),
        children,
        carer,
        other,
        grandmother,
        ward,
        miles: vec![None; children],
    };
    settle(slot, recipe, &mut built, step, land, dice);
    built
}

/// An adult as a person.
fn grown(
    adult: Adult,
    gp: &str,
    restricted: Option<&str>,
    land: &mut Land,
    dice: &mut Dice,
) -> Person {
    Person {
        no: land.person(),
        child: false,
        given: adult.given,
        family: adult.family,
        other_names: Vec::new(),
        sex: adult.sex,
        born: adult.born,
        born_kind: BirthKind::Exact,
        ethnicity: adult.ethnicity,
        language: adult.language,
        interpreter: adult.interpreter,
        nhs_number: dice.chance(30).then(|| land.nhs_number()),
        phone: dice.chance(88).then(|| phone(dice)),
        school: None,
        gp: dice.chance(70).then(|| gp.to_string()),
        disabilities: Vec::new(),
        unaccompanied: false,
        address_protected: false,
        restricted: restricted.map(str::to_string),
    }
}

/// A mobile number of the range kept for drama.
pub(crate) fn phone(dice: &mut Dice) -> String {
    format!("07700 900{:03}", dice.below(1000))
}

fn disabilities(dice: &mut Dice) -> Vec<&'static str> {
    let mut all = vec![dice.weighted(&[
        ("AUT", 40),
        ("LD", 25),
        ("MOB", 15),
        ("COMM", 12),
        ("CON", 8),
    ])];
    if dice.chance(35) && !all.contains(&"BEH") {
        all.push("BEH");
    }
    all
}

/// Who is what to whom, with parental responsibility.
#[allow(
    clippy::too_many_arguments,
    reason = "the members of one family, each with a place"
)]
fn relate(
    people: &[Person],
    recipe: &Recipe,
    children: usize,
    carer: Option<usize>,
    other: Option<usize>,
    step: Option<usize>,
    grandmother: Option<usize>,
    dice: &mut Dice,
) -> Vec<Relationship> {
    let mut all = Vec::new();
    let mut tie = |from: usize, to: usize, tie: Tie, responsibility: bool| {
        all.push(Relationship {
            from: people[from].no,
            to: people[to].no,
            tie,
            responsibility,
        });
    };
    // A father holds it when married or on the birth certificate; a mother always does.
    let on_certificate = recipe.married || dice.chance(78);
    for (i, kid) in recipe.kids.iter().enumerate().take(children) {
        let born = kid.kind != BirthKind::Expected;
        let holds = |p: usize| born && (people[p].sex == 'F' || on_certificate);
        if let Some(c) = carer {
            tie(c, i, Tie::BirthParent, holds(c));
        }
        match (other, step) {
            (_, Some(s)) if kid.half => tie(s, i, Tie::BirthParent, holds(s)),
            (o, s) => {
                if let Some(o) = o {
                    tie(o, i, Tie::BirthParent, holds(o));
                }
                if let Some(s) = s {
                    tie(s, i, Tie::StepParent, false);
                }
            }
        }
        if let Some(g) = grandmother {
            tie(g, i, Tie::Grandparent, false);
        }
        if kid.twin {
            tie(i - 1, i, Tie::Twin, false);
        }
    }
    if let (Some(c), Some(o)) = (carer, other) {
        let between = match (recipe.married, recipe.other_at_home) {
            (true, _) => Tie::Married,
            (false, true) => Tie::Partner,
            (false, false) => Tie::Separated,
        };
        tie(c, o, between, false);
    }
    if let (Some(c), Some(s)) = (carer, step) {
        tie(c, s, Tie::Partner, false);
    }
    all
}

/// Where everyone lives and lived. One household in five moved within the year.
fn settle(
    slot: &Slot,
    recipe: &Recipe,
    built: &mut Built,
    step: Option<usize>,
    land: &Land,
    dice: &mut Dice,
) {
    let today = land.today();
    let moved = dice.chance(20);
    let mut from = if moved {
        dice.days_before(today, 4, 360)
    } else {
        dice.days_before(today, 372, 3200)
    };
    let mut adults: Vec<usize> = built.carer.iter().chain(&step).copied().collect();
    if recipe.other_at_home {
        adults.extend(built.other);
    }
    let in_care = slot.standing == Standing::InCare || recipe.unaccompanied;
    let at_home: Vec<usize> = if in_care {
        Vec::new()
    } else {
        (0..built.children).collect()
    };
    let mut to = None;
    let earlier = match (moved, dice.below(10)) {
        (true, 0..=5) => 1,
        (true, _) => 2,
        (false, 0..=3) => 1,
        _ => 0,
    };
    if !recipe.unaccompanied {
        for turn in 0..=earlier {
            let ward = if turn == 0 {
                built.ward
            } else {
                dice.below(land.wards.len())
            };
            let (line, postcode) = address(&land.wards[ward], dice);
            let kind = match recipe.protected {
                Some(_) if turn == 0 => AddressKind::Refuge,
                _ if dice.chance(6) => AddressKind::Temporary,
                _ => AddressKind::Home,
            };
            let stay = Address {
                who: Vec::new(),
                line,
                town: "Larkmere".to_string(),
                postcode,
                ward: Some(land.wards[ward].name),
                kind,
                from,
                to,
                protected: recipe.protected.clone().filter(|_| turn == 0),
            };
            let here: Vec<usize> = if turn == 0 {
                at_home.clone()
            } else {
                (0..built.children).collect()
            };
            live(built, &stay, &adults, &here);
            to = Some(from);
            from -= Duration::days(dice.between(300, 1400));
        }
    }
    if let (Some(o), false) = (built.other, recipe.other_at_home) {
        let (line, postcode) = address(&land.wards[dice.below(land.wards.len())], dice);
        let from = dice.days_before(today, 200, 2000);
        built
            .addresses
            .push(home(vec![built.people[o].no], line, postcode, from));
    }
    if slot.standing == Standing::InCare {
        care_homes(slot, built, land, dice);
    } else if recipe.unaccompanied
        || slot.standing == Standing::CareLeaver && built.addresses.is_empty()
    {
        let (line, postcode) = address(&land.wards[built.ward], dice);
        let from = dice.days_before(today, 30, 300);
        built
            .addresses
            .push(home(vec![built.people[0].no], line, postcode, from));
    }
    built.addresses.sort_by_key(|a| a.from);
}

fn home(who: Vec<PersonNo>, line: String, postcode: String, from: NaiveDate) -> Address {
    Address {
        who,
        line,
        town: "Larkmere".to_string(),
        postcode,
        ward: None,
        kind: AddressKind::Home,
        from,
        to: None,
        protected: None,
    }
}

/// Puts adults and children at an address; a child born there lives there from birth.
fn live(built: &mut Built, stay: &Address, adults: &[usize], children: &[usize]) {
    let mut who: Vec<PersonNo> = adults.iter().map(|&i| built.people[i].no).collect();
    let mut later = Vec::new();
    for &i in children {
        let child = &built.people[i];
        if child.born_kind == BirthKind::Expected {
            continue;
        }
        if child.born <= stay.from {
            who.push(child.no);
        } else if stay.to.is_none_or(|to| child.born < to) {
            later.push(Address {
                who: vec![child.no],
                from: child.born,
                ..stay.clone()
            });
        }
    }
    if !who.is_empty() {
        built.addresses.push(Address {
            who,
            ..stay.clone()
        });
    }
    built.addresses.extend(later);
}

/// Homes of children in care, outside the borough where the slot says so.
fn care_homes(slot: &Slot, built: &mut Built, land: &Land, dice: &mut Dice) {
    let today = land.today();
    for i in 0..built.children {
        let outside = slot.outside.get(i).copied().unwrap_or(false);
        let child = &built.people[i];
        let age_days = (today - child.born).num_days();
        let from = dice.days_before(today, 20.min(age_days), 900.min(age_days));
        let (line, town, postcode, ward) = if outside {
            let (line, town, postcode, miles) = match slot.story {
                Some("twelve-professionals") => (
                    "14 Sandpiper Lane".to_string(),
                    "Hartlebridge",
                    "ZK3 4TL".to_string(),
                    31,
                ),
                _ => address_elsewhere(dice),
            };
            built.miles[i] = Some(miles);
            (line, town, postcode, None)
        } else {
            let ward = &land.wards[dice.below(land.wards.len())];
            let (line, postcode) = address(ward, dice);
            (line, "Larkmere", postcode, Some(ward.name))
        };
        let who = vec![child.no];
        built.addresses.push(Address {
            who,
            line,
            town: town.to_string(),
            postcode,
            ward,
            kind: AddressKind::CareHome,
            from,
            to: None,
            protected: None,
        });
    }
}
