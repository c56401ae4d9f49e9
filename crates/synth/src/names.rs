//! Names for invented people, by naming culture.
//!
//! Given names are ones that people bear; family names are put together from
//! parts, so that most belong to nobody, and each culture follows its own
//! custom: an Eritrean child takes the father's given name, a Polish daughter
//! of Lipnecki is Lipnecka, a Bengali girl may bear a name her brother does not.

use crate::dice::Dice;
use crate::name_lists::{self as lists, Lists};

/// How a culture passes names on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Custom {
    /// One family name for all.
    Shared,
    /// The family name is the father's given name.
    Patronymic,
    /// Ending differs between men and women (`i` and `a`).
    Gendered,
    /// Women bear a second name of their own.
    WomensOwn,
}

/// A naming culture with what goes with it.
pub(crate) struct Culture {
    pub(crate) lists: &'static Lists,
    pub(crate) custom: Custom,
    /// Ethnicity codes of the census with weights.
    pub(crate) ethnicity: &'static [(&'static str, u32)],
    /// First language where it is not English.
    pub(crate) language: &'static str,
}

macro_rules! cultures {
    ($($name:ident: $lists:ident, $custom:ident, $language:literal, [$(($code:literal, $w:literal)),*];)*) => {
        $(pub(crate) static $name: Culture = Culture {
            lists: &lists::$lists,
            custom: Custom::$custom,
            ethnicity: &[$(($code, $w)),*],
            language: $language,
        };)*
    };
}

cultures! {
    ENGLISH: ENGLISH, Shared, "English", [("WBRI", 90), ("WOTH", 4), ("MOTH", 3), ("NOBT", 3)];
    CARIBBEAN: CARIBBEAN, Shared, "English", [("BCRB", 75), ("BOTH", 15), ("MWBC", 10)];
    IRISH: IRISH, Shared, "English", [("WIRI", 80), ("WIRT", 20)];
    ARABIC: ARABIC, Shared, "Arabic", [("OOTH", 80), ("WOTH", 10), ("BAFR", 10)];
    SOMALI: SOMALI, Patronymic, "Somali", [("BAFR", 97), ("BOTH", 3)];
    BENGALI: BENGALI, WomensOwn, "Bengali", [("ABAN", 97), ("AOTH", 3)];
    URDU: URDU, Shared, "Urdu", [("APKN", 95), ("AOTH", 5)];
    PUNJABI: PUNJABI, Shared, "Panjabi", [("AIND", 96), ("AOTH", 4)];
    POLISH: POLISH, Gendered, "Polish", [("WOTH", 97), ("WBRI", 3)];
    PORTUGUESE: PORTUGUESE, Shared, "Portuguese", [("WOTH", 70), ("MOTH", 15), ("OOTH", 15)];
    YORUBA: YORUBA, Shared, "Yoruba", [("BAFR", 98), ("BOTH", 2)];
    AKAN: AKAN, Shared, "Akan", [("BAFR", 97), ("BOTH", 3)];
    TIGRINYA: TIGRINYA, Patronymic, "Tigrinya", [("BAFR", 99), ("BOTH", 1)];
    ROMANIAN: ROMANIAN, Shared, "Romanian", [("WOTH", 85), ("WROM", 15)];
    CHINESE: CHINESE, Shared, "Cantonese", [("CHNE", 98), ("AOTH", 2)];
    TURKISH: TURKISH, Shared, "Turkish", [("WOTH", 75), ("OOTH", 25)];
    VIETNAMESE: VIETNAMESE, Shared, "Vietnamese", [("AOTH", 100)];
    ALBANIAN: ALBANIAN, Shared, "Albanian", [("WOTH", 100)];
    PASHTO: PASHTO, Shared, "Pashto", [("AOTH", 95), ("OOTH", 5)];
    KURDISH: KURDISH, Shared, "Kurdish", [("OOTH", 96), ("WOTH", 4)];
}

/// Families that speak English at home, by share.
pub(crate) static ENGLISH_AT_HOME: &[(&Culture, u32)] = &[
    (&ENGLISH, 62),
    (&CARIBBEAN, 14),
    (&IRISH, 5),
    (&YORUBA, 6),
    (&AKAN, 4),
    (&PUNJABI, 4),
    (&URDU, 3),
    (&PORTUGUESE, 2),
];

/// Families that speak another language at home, by share.
pub(crate) static OTHER_LANGUAGES: &[(&Culture, u32)] = &[
    (&ARABIC, 13),
    (&SOMALI, 12),
    (&BENGALI, 11),
    (&PORTUGUESE, 11),
    (&POLISH, 9),
    (&YORUBA, 7),
    (&URDU, 6),
    (&ROMANIAN, 6),
    (&TURKISH, 5),
    (&TIGRINYA, 4),
    (&AKAN, 3),
    (&PUNJABI, 3),
    (&CHINESE, 4),
    (&VIETNAMESE, 2),
    (&ALBANIAN, 2),
    (&KURDISH, 2),
];

/// Where unaccompanied children come from, by share.
pub(crate) static UNACCOMPANIED: &[(&Culture, u32)] = &[
    (&TIGRINYA, 26),
    (&PASHTO, 22),
    (&KURDISH, 18),
    (&ARABIC, 16),
    (&VIETNAMESE, 9),
    (&ALBANIAN, 9),
];

impl Culture {
    /// A given name for a person of this sex (`F` or anything else).
    pub(crate) fn given(&self, sex: char, dice: &mut Dice) -> &'static str {
        match sex {
            'F' => dice.pick::<&'static str>(self.lists.women),
            _ => dice.pick::<&'static str>(self.lists.men),
        }
    }

    /// A family name, as the head of the family bears it.
    pub(crate) fn family(&self, dice: &mut Dice) -> String {
        match self.custom {
            Custom::Patronymic => (*dice.pick(self.lists.men)).to_string(),
            _ => {
                let first = *dice.pick(self.lists.starts);
                let last = *dice.pick(self.lists.ends);
                format!("{first}{last}")
            }
        }
    }

    /// The family name as a child of this sex bears it, from the father's two names.
    pub(crate) fn inherit(
        &self,
        sex: char,
        father_given: &str,
        family: &str,
        dice: &mut Dice,
    ) -> String {
        match self.custom {
            Custom::Shared => family.to_string(),
            Custom::Patronymic => father_given.to_string(),
            Custom::Gendered => gendered(sex, family),
            Custom::WomensOwn if sex == 'F' => (*dice.pick(lists::BENGALI_WOMEN)).to_string(),
            Custom::WomensOwn => family.to_string(),
        }
    }
}

/// The Polish ending for a woman or a man.
fn gendered(sex: char, family: &str) -> String {
    let stem = family.trim_end_matches(['i', 'a']);
    if stem.ends_with("sk") || stem.ends_with("ck") {
        format!("{stem}{}", if sex == 'F' { 'a' } else { 'i' })
    } else {
        family.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_culture_hands_names_on_by_its_own_custom() {
        let mut dice = Dice::new(1, 1);
        assert_eq!(
            POLISH.inherit('F', "Marek", "Lipnecki", &mut dice),
            "Lipnecka"
        );
        assert_eq!(
            POLISH.inherit('M', "Marek", "Lipnecka", &mut dice),
            "Lipnecki"
        );
        assert_eq!(TIGRINYA.inherit('F', "Yonas", "Tesfay", &mut dice), "Yonas");
        assert_eq!(
            ENGLISH.inherit('F', "Jack", "Otterby", &mut dice),
            "Otterby"
        );
    }
}
