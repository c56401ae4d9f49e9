//! Households and the children in them.

use chrono::{Datelike, Days, NaiveDate};

use super::dice::Dice;
use super::lists::{self, CULTURES};

/// What makes a child's records hard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Special {
    /// Nothing in particular.
    None,
    /// A twin or triplet.
    Twin,
    /// The identity before an adoption.
    AdoptedBefore,
    /// The identity after it.
    AdoptedAfter,
    /// Known before birth.
    Unborn,
    /// Came alone and seeks asylum; the date of birth was assessed.
    Asylum,
}

impl Special {
    /// A word for the truth file.
    pub fn word(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Twin => "twin",
            Self::AdoptedBefore => "adopted_before",
            Self::AdoptedAfter => "adopted_after",
            Self::Unborn => "unborn",
            Self::Asylum => "asylum",
        }
    }
}

/// A home: line and postcode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HomeText {
    /// "Flat 3, 12 Mill Lane".
    pub line: String,
    /// "LK3 4AB".
    pub postcode: String,
}

/// A child as they are, not as anybody wrote it down.
#[derive(Debug, Clone)]
pub struct Child {
    /// Number, unique.
    pub person: u64,
    /// Household number.
    pub household: u64,
    /// The culture, an index of the list of cultures.
    pub culture: usize,
    /// What makes it hard.
    pub special: Special,
    /// Given name.
    pub given: String,
    /// Middle name, often empty.
    pub middle: String,
    /// Family name.
    pub family: String,
    /// The other family name some services use.
    pub other_family: Option<String>,
    /// Girl.
    pub girl: bool,
    /// Born.
    pub born: NaiveDate,
    /// NHS number, ten digits.
    pub nhs: String,
    /// Where they live; what services write most.
    pub home: HomeText,
    /// Where they lived before.
    pub before: Option<HomeText>,
    /// Where the other parent lives.
    pub second: Option<HomeText>,
}

impl Child {
    /// The culture's name.
    pub fn culture_name(&self) -> &'static str {
        CULTURES[self.culture].name
    }
}

/// Makes households.
pub struct Maker {
    seed: u64,
    girls: Vec<Vec<&'static str>>,
    boys: Vec<Vec<&'static str>>,
    families: Vec<Vec<&'static str>>,
    fronts: Vec<&'static str>,
    ends: Vec<&'static str>,
    streets: Vec<&'static str>,
    kinds: Vec<&'static str>,
    areas: usize,
    persons: u64,
    households: u64,
    today: NaiveDate,
}

impl Maker {
    /// For about so many children (the number of places follows from it).
    pub fn new(seed: u64, children: usize) -> Self {
        let all = |of: fn(&lists::Culture) -> &'static str| {
            CULTURES.iter().map(|c| lists::words(of(c))).collect()
        };
        Self {
            seed,
            girls: all(|c| c.girls),
            boys: all(|c| c.boys),
            families: all(|c| c.families),
            fronts: lists::words(lists::FRONTS),
            ends: lists::words(lists::ENDS),
            streets: lists::words(lists::STREETS),
            kinds: lists::words(lists::KINDS),
            areas: (children / 2500).clamp(8, 2900),
            persons: 0,
            households: 0,
            today: NaiveDate::from_ymd_opt(2026, 11, 1).unwrap_or_default(),
        }
    }

    /// The next household's children; where a child was adopted, both
    /// identities.
    pub fn household(&mut self) -> Vec<Child> {
        let household = self.households;
        self.households += 1;
        let dice = &mut Dice::new(self.seed, household);
        let culture = self.culture(dice);
        let family = self.family(culture, dice);
        let home = self.home(dice);
        let before = dice.chance(0.24).then(|| self.home(dice));
        let second = dice.chance(0.09).then(|| self.home(dice));
        let other_family = dice.chance(0.14).then(|| {
            if dice.chance(0.25) {
                format!("{family}-{}", self.family(culture, dice))
            } else {
                self.family(culture, dice)
            }
        });
        let asylum = culture > 2 && culture < 8 && dice.chance(0.02);
        let n = if asylum {
            1
        } else {
            1 + dice.below(100) / 42 + usize::from(dice.chance(0.12))
        };
        let mut children: Vec<Child> = Vec::with_capacity(n + 1);
        let mut born = self.birth(dice);
        let mut i = 0;
        while i < n {
            let many = if !asylum && dice.chance(0.016) { 2 } else { 1 };
            for _ in 0..many {
                let mut child = self.child(household, culture, &family, born, &home, dice);
                child.before.clone_from(&before);
                child.second.clone_from(&second);
                child.other_family.clone_from(&other_family);
                if culture == 7 && dice.chance(0.4) {
                    // A Somali child's last name is the father's first.
                    child.family = dice.common(&self.boys[culture]).to_owned();
                }
                if many == 2 {
                    child.special = Special::Twin;
                } else if asylum {
                    child.special = Special::Asylum;
                } else if born > self.today - Days::new(330) && dice.chance(0.35) {
                    child.special = Special::Unborn;
                }
                if children.iter().any(|c| c.given == child.given) {
                    child.given = dice
                        .one(if child.girl {
                            &self.girls[culture]
                        } else {
                            &self.boys[culture]
                        })
                        .to_owned();
                }
                children.push(child);
            }
            born = born + Days::new(330 + dice.below(1500) as u64);
            if born > self.today {
                break;
            }
            i += 1;
        }
        if dice.chance(0.006) && !asylum {
            let mut after = children[0].clone();
            children[0].special = Special::AdoptedBefore;
            after.special = Special::AdoptedAfter;
            after.person = self.persons;
            self.persons += 1;
            after.household = u64::MAX - household;
            after.nhs = nhs_number(after.person);
            after.family = self.family(0, dice);
            while after.family == children[0].family {
                after.family = self.family(0, dice);
            }
            after.home = self.home(dice);
            (after.before, after.second, after.other_family) = (None, None, None);
            if dice.chance(0.5) {
                after.given = dice
                    .common(if after.girl {
                        &self.girls[0]
                    } else {
                        &self.boys[0]
                    })
                    .to_owned();
            }
            children.push(after);
        }
        children
    }

    fn culture(&self, dice: &mut Dice) -> usize {
        let mut left = dice.below(1000) as u32;
        for (i, culture) in CULTURES.iter().enumerate() {
            if left < culture.share {
                return i;
            }
            left -= culture.share;
        }
        0
    }

    fn family(&self, culture: usize, dice: &mut Dice) -> String {
        if (dice.below(1000) as u32) < CULTURES[culture].composed {
            let (front, end) = (dice.one(&self.fronts), dice.one(&self.ends));
            return if front.ends_with(&end[..1]) {
                format!("{front}{}", &end[1..])
            } else {
                format!("{front}{end}")
            };
        }
        let name = dice.common(&self.families[culture]).to_owned();
        if culture == 0 && dice.chance(0.04) {
            return format!("{name}-{}", dice.common(&self.families[0]));
        }
        name
    }

    fn home(&self, dice: &mut Dice) -> HomeText {
        let street = format!("{} {}", dice.one(&self.streets), dice.one(&self.kinds));
        let number = 1 + dice.below(150);
        let line = if dice.chance(0.14) {
            format!("Flat {}, {number} {street}", 1 + dice.below(28))
        } else {
            format!("{number} {street}")
        };
        let area = dice.below(self.areas);
        const TOWNS: [&str; 100] = towns();
        const LETTERS: &[u8] = b"ABDEFGHJLNPQRSTUWXYZ";
        let postcode = format!(
            "{}{} {}{}{}",
            TOWNS[area / 29 % 100],
            area % 29 + 1,
            1 + dice.below(9),
            char::from(dice.one(LETTERS)),
            char::from(dice.one(LETTERS))
        );
        HomeText { line, postcode }
    }

    fn birth(&self, dice: &mut Dice) -> NaiveDate {
        self.today - Days::new(dice.below(6570) as u64)
    }

    fn child(
        &mut self,
        household: u64,
        culture: usize,
        family: &str,
        born: NaiveDate,
        home: &HomeText,
        dice: &mut Dice,
    ) -> Child {
        let person = self.persons;
        self.persons += 1;
        let girl = dice.chance(0.487);
        let list = if girl {
            &self.girls[culture]
        } else {
            &self.boys[culture]
        };
        let given = if dice.chance(0.03) {
            // Names that hardly anyone else has.
            let (front, end) = (
                dice.one(&self.fronts),
                dice.one(&[
                    "a", "elle", "yn", "ien", "ya", "an", "on", "ette", "ius", "ra",
                ]),
            );
            format!("{front}{end}")
        } else {
            dice.common(list).to_owned()
        };
        // Many people's name is what is another's spelling or short name.
        let given = match crate::name::Names::also(&given.to_lowercase()) {
            others if !others.is_empty() && dice.chance(0.15) => {
                let (name, _) = dice.one(&others);
                let mut letters = name.chars();
                letters
                    .next()
                    .map(|c| c.to_uppercase().chain(letters).collect())
                    .unwrap_or(given)
            }
            _ => given,
        };
        let middle = if dice.chance(0.42) {
            dice.common(list).to_owned()
        } else {
            String::new()
        };
        let family = match family.strip_suffix("ski") {
            Some(stem) if girl && dice.chance(0.8) => format!("{stem}ska"),
            _ => family.to_owned(),
        };
        Child {
            person,
            household,
            culture,
            special: Special::None,
            middle: if middle == given {
                String::new()
            } else {
                middle
            },
            given,
            family,
            other_family: None,
            girl,
            born,
            nhs: nhs_number(person),
            home: home.clone(),
            before: None,
            second: None,
        }
    }

    /// How many children there are so far.
    pub fn children(&self) -> u64 {
        self.persons
    }

    /// The day on which the records are.
    pub fn today(&self) -> NaiveDate {
        self.today
    }
}

/// Two-letter beginnings of postcodes: none of these is a real town's.
const fn towns() -> [&'static str; 100] {
    const T: [&str; 20] = [
        "LK", "QN", "VX", "ZR", "ZH", "VK", "QB", "XL", "ZD", "QT", "VB", "XN", "ZW", "QS", "VR",
        "XT", "ZP", "QH", "VD", "XW",
    ];
    let mut all = ["LK"; 100];
    let mut i = 0;
    while i < 100 {
        all[i] = T[i % 20];
        i += 1;
    }
    all
}

/// A valid number beginning with 9, a range that was never given to anyone;
/// every ninth-digit beginning without a check digit is passed over.
pub fn nhs_number(n: u64) -> String {
    // 10 of 11 beginnings have a check digit; find the one for n by stepping.
    let mut nine = 900_000_000 + n * 8 % 99_999_989;
    loop {
        let text = nine.to_string();
        let sum: u64 = text
            .bytes()
            .zip((2..=10).rev())
            .map(|(b, w)| u64::from(b - b'0') * w)
            .sum();
        match 11 - sum % 11 {
            10 => nine += 1,
            check => return format!("{text}{}", check % 11),
        }
    }
}

/// A date as the files write it.
pub fn iso(date: NaiveDate) -> String {
    format!("{:04}-{:02}-{:02}", date.year(), date.month(), date.day())
}
