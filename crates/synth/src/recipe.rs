//! What a family is made of, before it has numbers, addresses and a history.
//!
//! Most recipes are drawn by chance here; those of the families that tours and
//! tests name are written by hand in `special`.

use chrono::{Duration, NaiveDate};

use crate::dice::Dice;
use crate::names::{Culture, ENGLISH_AT_HOME, OTHER_LANGUAGES, UNACCOMPANIED};
use crate::plan::Slot;
use crate::prose::themes::{self, Theme};
use crate::{BirthKind, Standing};

/// A child to be.
pub(crate) struct Kid {
    pub(crate) given: String,
    pub(crate) sex: char,
    pub(crate) born: NaiveDate,
    pub(crate) kind: BirthKind,
    /// Born with the child before.
    pub(crate) twin: bool,
    /// The step-parent in the home is this child's father.
    pub(crate) half: bool,
}

/// An adult to be.
pub(crate) struct Adult {
    pub(crate) given: String,
    pub(crate) family: String,
    pub(crate) sex: char,
    pub(crate) born: NaiveDate,
    pub(crate) ethnicity: &'static str,
    pub(crate) language: &'static str,
    pub(crate) interpreter: bool,
}

/// A family to be.
pub(crate) struct Recipe {
    pub(crate) kids: Vec<Kid>,
    /// Family name each child bears.
    pub(crate) kid_families: Vec<String>,
    pub(crate) kid_ethnicity: &'static str,
    pub(crate) kid_language: &'static str,
    /// The parent who looks after the children; `None` for those who came alone.
    pub(crate) carer: Option<Adult>,
    /// The other parent, when known.
    pub(crate) other: Option<Adult>,
    /// The other parent lives with them.
    pub(crate) other_at_home: bool,
    pub(crate) married: bool,
    pub(crate) step: Option<Adult>,
    pub(crate) grandmother: Option<Adult>,
    pub(crate) unaccompanied: bool,
    pub(crate) theme: &'static Theme,
    /// Reason for which the address is protected.
    pub(crate) protected: Option<String>,
    /// Reason for which the record is restricted.
    pub(crate) restricted: Option<String>,
    /// Days since the story began, when it must be so.
    pub(crate) began: Option<i64>,
}

/// Keeps the share of pupils with English as an additional language near 48.5%.
#[derive(Default)]
pub(crate) struct Languages {
    pub(crate) pupils: i64,
    pub(crate) additional: i64,
}

impl Languages {
    /// Whether the next family speaks another language at home.
    fn next(&self, dice: &mut Dice) -> bool {
        let short = self.pupils * 485 - self.additional * 1000;
        let percent = 48 + short / 200;
        dice.chance(percent.clamp(2, 98) as u32)
    }
}

/// A recipe by chance for this slot.
pub(crate) fn random(
    slot: &Slot,
    languages: &Languages,
    today: NaiveDate,
    dice: &mut Dice,
) -> Recipe {
    if slot.unaccompanied {
        return alone(today, dice);
    }
    let additional = languages.next(dice);
    let pool = if additional {
        OTHER_LANGUAGES
    } else {
        ENGLISH_AT_HOME
    };
    let culture = dice.weighted(pool);
    let language = if additional {
        culture.language
    } else {
        "English"
    };
    let kids = draw_kids(slot, culture, today, dice);
    let eldest = kids.iter().map(|k| k.born).min().unwrap_or(today);
    let grown = (today - eldest).num_days() > 3650;
    let years = dice.between(16, if grown { 27 } else { 36 });
    let mother_born = eldest - Duration::days(years * 365 + dice.between(0, 364));
    let mut mother = adult(culture, 'F', mother_born, language, dice);
    let father_culture = if dice.chance(82) {
        culture
    } else {
        dice.weighted(pool)
    };
    let father_born = if years < 20 {
        eldest - Duration::days(dice.between(15 * 365, 21 * 365))
    } else {
        mother_born - Duration::days(dice.between(-1000, 2600))
    };
    let father_language = if additional {
        father_culture.language
    } else {
        "English"
    };
    let mut father = adult(father_culture, 'M', father_born, father_language, dice);
    let ethnicity = together(mother.ethnicity, father.ethnicity);
    let shape = dice.below(100);
    // 45 both at home, 30 he lives elsewhere, 12 not known, 8 step-father, 5 he is the carer.
    let known = !(75..87).contains(&shape);
    let other_at_home = shape < 45;
    let step = (87..95).contains(&shape).then(|| {
        let born = mother_born - Duration::days(dice.between(-1500, 2500));
        adult(culture, 'M', born, language, dice)
    });
    // An address is kept from a parent who lives elsewhere.
    let apart = known && !other_at_home && step.is_none();
    let married = other_at_home && dice.chance(55);
    let mut kids = kids;
    if step.is_some() && kids.len() > 1 {
        let last = kids.len() - 1;
        if !kids[last].twin {
            kids[last].half = true;
        }
    }
    let kid_families = kids
        .iter()
        .map(|kid| match (&step, known) {
            (Some(step), _) if kid.half => {
                culture.inherit(kid.sex, &step.given, &step.family, dice)
            }
            (_, true) if married || dice.chance(60) => {
                father_culture.inherit(kid.sex, &father.given, &father.family, dice)
            }
            _ => mother.family.clone(),
        })
        .collect();
    if married && father_culture.custom == crate::names::Custom::Shared {
        mother.family.clone_from(&father.family);
    }
    let grandmother = dice.chance(18).then(|| {
        let born = mother_born - Duration::days(dice.between(19 * 365, 32 * 365));
        adult(culture, 'F', born, language, dice)
    });
    let (carer, other) = if shape >= 95 && !kids.iter().any(|k| k.kind == BirthKind::Expected) {
        std::mem::swap(&mut mother, &mut father);
        (mother, Some(father))
    } else {
        (mother, known.then_some(father))
    };
    Recipe {
        kid_families,
        kid_ethnicity: ethnicity,
        kid_language: language,
        theme: theme(slot, &kids, dice),
        kids,
        carer: Some(carer),
        other,
        other_at_home,
        married,
        step,
        grandmother,
        unaccompanied: false,
        protected: (apart && dice.chance(3))
            .then(|| "A parent who harmed them must not learn where they live".to_string()),
        restricted: None,
        began: None,
    }
}

/// A young person who came alone.
fn alone(today: NaiveDate, dice: &mut Dice) -> Recipe {
    let culture = dice.weighted(UNACCOMPANIED);
    let sex = if dice.chance(88) { 'M' } else { 'F' };
    let kind = dice.weighted(&[
        (BirthKind::Exact, 5),
        (BirthKind::Estimated, 3),
        (BirthKind::Assessed, 2),
    ]);
    let mut born = dice.days_before(today, 15 * 365, 18 * 365 - 40);
    if kind != BirthKind::Exact {
        // A guessed date of birth is the first of January.
        use chrono::Datelike;
        born = NaiveDate::from_ymd_opt(born.year(), 1, 1).unwrap_or(born);
        if (today - born).num_days() > 18 * 365 - 40 {
            born = NaiveDate::from_ymd_opt(today.year() - 16, 1, 1).unwrap_or(born);
        }
    }
    let given = culture.given(sex, dice).to_string();
    Recipe {
        kids: vec![Kid {
            given,
            sex,
            born,
            kind,
            twin: false,
            half: false,
        }],
        kid_families: vec![culture.family(dice)],
        kid_ethnicity: dice.weighted(culture.ethnicity),
        kid_language: culture.language,
        carer: None,
        other: None,
        other_at_home: false,
        married: false,
        step: None,
        grandmother: None,
        unaccompanied: true,
        theme: dice.weighted(themes::ALONE),
        protected: None,
        restricted: None,
        began: None,
    }
}

/// An adult of a culture; every fourth who speaks another language needs an interpreter.
pub(crate) fn adult(
    culture: &'static Culture,
    sex: char,
    born: NaiveDate,
    language: &'static str,
    dice: &mut Dice,
) -> Adult {
    let head = culture.family(dice);
    let father = culture.given('M', dice);
    Adult {
        given: culture.given(sex, dice).to_string(),
        family: culture.inherit(sex, father, &head, dice),
        sex,
        born,
        ethnicity: dice.weighted(culture.ethnicity),
        language,
        interpreter: language != "English" && dice.chance(25),
    }
}

/// What the family came for, fitting the team that holds it and the children's ages.
fn theme(slot: &Slot, kids: &[Kid], dice: &mut Dice) -> &'static Theme {
    let unborn = kids.iter().all(|k| k.kind == BirthKind::Expected);
    let pool = match slot.team {
        _ if unborn => themes::BEFORE_BIRTH,
        "disabled" => themes::DISABLED,
        "adolescent" => themes::ADOLESCENT,
        _ => themes::AT_HOME,
    };
    dice.weighted(pool)
}

/// The children: ages that fit the standing, brothers and sisters apart in age, some twins.
fn draw_kids(slot: &Slot, culture: &Culture, today: NaiveDate, dice: &mut Dice) -> Vec<Kid> {
    let n = i64::from(slot.size);
    let (low, high) = match (slot.standing, slot.team) {
        (Standing::CareLeaver, _) => (18 * 365 + 60, 24 * 365),
        (_, "adolescent") => (12 * 365, 17 * 365),
        _ => (60, 17 * 365 - 60),
    };
    let mut days = dice.between((low + (n - 1) * 430).min(high), high);
    let mut kids: Vec<Kid> = Vec::new();
    let twins = n > 1 && dice.chance(3);
    for i in 0..n {
        let twin = twins && i == 1;
        if i > 0 && !twin {
            let room = (days - 40) / (n - i);
            days -= dice.between(345.min(room.max(1)), room.clamp(345, 1500));
        }
        let sex = if dice.chance(51) { 'M' } else { 'F' };
        let mut given = culture.given(sex, dice);
        while kids.iter().any(|k| k.given == given) {
            given = culture.given(sex, dice);
        }
        kids.push(Kid {
            given: given.to_string(),
            sex,
            born: today - Duration::days(days.max(8)),
            kind: if dice.chance(1) {
                BirthKind::Estimated
            } else {
                BirthKind::Exact
            },
            twin,
            half: false,
        });
    }
    let may_expect = matches!(
        slot.standing,
        Standing::Assessment | Standing::ChildInNeed | Standing::ProtectionPlan
    ) && !matches!(slot.team, "adolescent" | "disabled");
    let before = kids
        .len()
        .checked_sub(2)
        .map(|i| (today - kids[i].born).num_days());
    if may_expect
        && !twins
        && before.is_none_or(|d| d > 500)
        && dice.chance(4)
        && let Some(last) = kids.last_mut()
    {
        last.given.clear();
        last.sex = 'U';
        last.kind = BirthKind::Expected;
        last.born = today + Duration::days(dice.between(15, 140));
    }
    kids
}

/// The census code of a child of two parents.
fn together(one: &'static str, two: &'static str) -> &'static str {
    let kind = |code: &str| code.chars().next().unwrap_or('O');
    match (one, two) {
        _ if one == two => one,
        ("NOBT", other) | (other, "NOBT") => other,
        _ if kind(one) == kind(two) => one,
        ("BCRB", x) | (x, "BCRB") if kind(x) == 'W' => "MWBC",
        ("BAFR", x) | (x, "BAFR") if kind(x) == 'W' => "MWBA",
        (x, y) if (kind(x), kind(y)) == ('W', 'A') || (kind(x), kind(y)) == ('A', 'W') => "MWAS",
        _ => "MOTH",
    }
}
