//! The families that tours and tests name, the same in both sizes.

use chrono::{Duration, NaiveDate};

use crate::dice::Dice;
use crate::names::{ARABIC, CARIBBEAN, Culture, ENGLISH, POLISH, SOMALI, TURKISH, URDU, YORUBA};
use crate::prose::themes::{ABUSE_BETWEEN_ADULTS, NEGLECT, PARENTS_HEALTH, STRESS, Theme};
use crate::prose::themes_more::{CARER, EXPECTED};
use crate::recipe::{Adult, Kid, Recipe, adult};
use crate::{BirthKind, Family, Size, Standing, What};

/// Stories by name; each family carries one of these in `Family::story`.
pub const STORIES: [&str; 8] = [
    "maya",
    "twins",
    "protected-address",
    "baby-expected",
    "three-referrals",
    "restricted",
    "early-help",
    "twelve-professionals",
];

/// A child by name, sex and age in days.
type Child = (&'static str, char, i64);

/// The recipe of a named story, or `None` for names that are not one.
pub(crate) fn recipe(story: &str, today: NaiveDate, dice: &mut Dice) -> Option<Recipe> {
    let recipe = match story {
        "maya" => {
            let kids: [Child; 4] = [
                ("Maya", 'F', 13 * 365 + 120),
                ("Sami", 'M', 9 * 365 + 40),
                ("Lina", 'F', 6 * 365 + 200),
                ("Adel", 'M', 2 * 365 + 90),
            ];
            let mut r = family(
                &ARABIC,
                "Qandili",
                &kids,
                ("Dana", 35),
                Some(("Idris", 37)),
                &PARENTS_HEALTH,
                today,
                dice,
            );
            // Idris speaks Arabic and needs an interpreter; Dana works nights and does not.
            for adult in r.carer.iter_mut().chain(r.other.iter_mut()) {
                adult.language = "Arabic";
                adult.interpreter = adult.sex == 'M';
            }
            r.kid_language = "Arabic";
            r.began = Some(24);
            r
        }
        "twins" => {
            let kids: [Child; 2] = [("Zofia", 'F', 7 * 365 + 60), ("Zuzanna", 'F', 7 * 365 + 60)];
            let mut r = family(
                &POLISH,
                "Lipnecki",
                &kids,
                ("Agata", 33),
                Some(("Tomasz", 36)),
                &STRESS,
                today,
                dice,
            );
            r.kids[1].twin = true;
            r.other_at_home = true;
            r.married = true;
            r.kid_families = vec!["Lipnecka".to_string(); 2];
            r.began = Some(200);
            r
        }
        "protected-address" => {
            let kids: [Child; 2] = [("Yasmiin", 'F', 10 * 365), ("Guled", 'M', 4 * 365 + 100)];
            let mut r = family(
                &SOMALI,
                "Roble",
                &kids,
                ("Hodan", 31),
                Some(("Roble", 38)),
                &ABUSE_BETWEEN_ADULTS,
                today,
                dice,
            );
            r.protected = Some(
                "Their father must not learn where they live (court order of this year)"
                    .to_string(),
            );
            r.began = Some(260);
            r
        }
        "baby-expected" => {
            let mut r = family(
                &ENGLISH,
                "Thistlemere",
                &[("", 'U', 0)],
                ("Kayleigh", 19),
                Some(("Callum", 18)),
                &EXPECTED,
                today,
                dice,
            );
            r.kids[0].kind = BirthKind::Expected;
            r.kids[0].born = today + Duration::days(45);
            r.other_at_home = false;
            r.began = Some(30);
            r
        }
        "three-referrals" => {
            let mut r = family(
                &CARIBBEAN,
                "Palmcroft",
                &[("Malachi", 'M', 8 * 365 + 30)],
                ("Monique", 34),
                None,
                &NEGLECT,
                today,
                dice,
            );
            r.began = Some(90);
            r
        }
        "restricted" => {
            let mut r = family(
                &URDU,
                "Chamanbagi",
                &[("Iqra", 'F', 11 * 365 + 10)],
                ("Bushra", 40),
                Some(("Nadeem", 42)),
                &STRESS,
                today,
                dice,
            );
            r.restricted = Some("Child of a member of staff of this council".to_string());
            r.other_at_home = true;
            r.began = Some(130);
            r
        }
        "early-help" => {
            let kids: [Child; 3] = [
                ("Elif", 'F', 12 * 365 + 77),
                ("Emre", 'M', 8 * 365 + 150),
                ("Can", 'M', 3 * 365 + 200),
            ];
            let mut r = family(
                &TURKISH,
                "Cevizdereli",
                &kids,
                ("Zeynep", 36),
                Some(("Murat", 39)),
                &CARER,
                today,
                dice,
            );
            r.other_at_home = true;
            r.married = true;
            r.began = Some(75);
            r
        }
        "twelve-professionals" => {
            let mut r = family(
                &YORUBA,
                "Ayobowale",
                &[("Simisola", 'F', 13 * 365 + 300)],
                ("Ronke", 41),
                Some(("Kayode", 44)),
                &PARENTS_HEALTH,
                today,
                dice,
            );
            r.kid_language = "English";
            r.began = Some(700);
            r
        }
        _ => return None,
    };
    Some(recipe)
}

/// A family with names given, one parent or two, everyone of one culture.
#[allow(
    clippy::too_many_arguments,
    reason = "a family written down in one line"
)]
fn family(
    culture: &'static Culture,
    name: &str,
    kids: &[Child],
    carer: (&str, i64),
    other: Option<(&str, i64)>,
    theme: &'static Theme,
    today: NaiveDate,
    dice: &mut Dice,
) -> Recipe {
    let mut grown = |(given, years): (&str, i64), sex: char| -> Adult {
        let born = today - Duration::days(years * 365 + 100);
        let mut adult = adult(culture, sex, born, culture.language, dice);
        adult.given = given.to_string();
        adult.family = name.to_string();
        adult.interpreter = false;
        adult
    };
    let mut mother = grown(carer, 'F');
    if culture.language == "Polish" {
        mother.family = "Lipnecka".to_string();
    }
    let father = other.map(|o| grown(o, 'M'));
    let ethnicity = mother.ethnicity;
    Recipe {
        kids: kids
            .iter()
            .map(|&(given, sex, days)| Kid {
                given: given.to_string(),
                sex,
                born: today - Duration::days(days),
                kind: BirthKind::Exact,
                twin: false,
                half: false,
            })
            .collect(),
        kid_families: vec![name.to_string(); kids.len()],
        kid_ethnicity: ethnicity,
        kid_language: culture.language,
        carer: Some(mother),
        other: father,
        other_at_home: false,
        married: false,
        step: None,
        grandmother: None,
        unaccompanied: false,
        theme,
        protected: None,
        restricted: None,
        began: None,
    }
}

/// Of the contacts that wait, three are about immediate risk (one in the small
/// borough): enough to see how they stand out.
pub(crate) fn urgent_now(size: Size, families: &mut [Family]) {
    let chosen: &[usize] = match size {
        Size::Full | Size::Large | Size::County => &[4, 17, 31],
        Size::Small => &[3],
    };
    let waiting = families
        .iter_mut()
        .filter(|f| f.standing == Standing::ContactWaiting);
    for (n, family) in waiting.enumerate() {
        if let Some(What::Contact(contact)) = family.timeline.last_mut().map(|h| &mut h.what) {
            contact.urgent = chosen.contains(&n);
        }
    }
}
