//! The code sets of one year, found by column.

use crate::core::CodeSets;
use crate::core::codes::CodeSet;

use super::tables::Field;

/// The columns that hold codes and the name of their set.
const SETS: [(Field, &str); 28] = [
    (Field::SEX, "SEX"),
    (Field::ETHNIC, "ETHNIC"),
    (Field::MOTHER, "MOTHER"),
    (Field::UASC, "UASC"),
    (Field::RNE, "RNE"),
    (Field::LS, "LS"),
    (Field::CIN, "CIN_category_of_need"),
    (Field::PLACE, "PLACE"),
    (Field::PLACE_PROVIDER, "PLACE_PROVIDER"),
    (Field::REC, "REC"),
    (Field::REASON_PLACE_CHANGE, "REASON_PLACE_CHANGE"),
    (Field::REVIEW_CODE, "REVIEW_CODE"),
    (Field::SDQ_REASON, "SDQ_REASON"),
    (Field::CONVICTED, "OC2.CONVICTED"),
    (Field::HEALTH_CHECK, "OC2.HEALTH_CHECK"),
    (Field::IMMUNISATIONS, "OC2.IMMUNISATIONS"),
    (Field::IN_TOUCH, "IN_TOUCH"),
    (Field::ACTIV, "ACTIV"),
    (Field::ACCOM, "ACCOM"),
    (Field::FOSTER_CARE, "FOSTER_CARE"),
    (Field::NB_ADOPTR, "NB_ADOPTR"),
    (Field::SEX_ADOPTR, "SEX_ADOPTR"),
    (Field::LS_ADOPTR, "LS_ADOPTR"),
    (Field::REASON_PLACED_CEASED, "REASON_PLACED_CEASED"),
    (Field::PREV_PERM, "PREV_PERM"),
    (Field::LA_PERM, "LA_PERM"),
    (Field::MISSING, "MISSING"),
    (Field::SW_REASON, "SW_REASON"),
];

/// The code sets of one year.
#[derive(Debug, Clone)]
pub struct Codes {
    sets: Vec<Option<CodeSet>>,
    withdrawn: Option<CodeSet>,
}

impl Codes {
    /// The sets of a collection year.
    ///
    /// # Errors
    /// When `data/codes/ssda903.toml` does not read or lacks a set: a mistake
    /// in the program.
    pub fn load(year: u16) -> Result<Self, String> {
        let all = CodeSets::load("ssda903", year)?;
        let mut sets = vec![None; Field::ALL.len()];
        for (field, name) in SETS {
            sets[field as usize] = Some(all.set(name)?.clone());
        }
        // Placements that were withdrawn have no set in the years after.
        let withdrawn = all.set("PLACE_withdrawn").ok().cloned();
        Ok(Self { sets, withdrawn })
    }

    /// Whether the year's set of a column has the code.
    pub fn has(&self, field: Field, code: &str) -> bool {
        let set = self.sets[field as usize].as_ref();
        set.is_some_and(|set| set.has(code))
            || field == Field::PLACE && self.withdrawn.as_ref().is_some_and(|set| set.has(code))
    }
}

/// What the year changes in the meaning of codes.
pub mod kinds {
    use super::super::child::Child;
    use super::super::data::Row;
    use super::super::tables::Field;

    /// Whether Header says male: M, and 1 up to 2023-24.
    pub fn male(row: Row<'_>) -> bool {
        row.any(Field::SEX, &["M", "1"])
    }

    /// Whether Header says female: F, and 2 up to 2023-24.
    pub fn female(row: Row<'_>) -> bool {
        row.any(Field::SEX, &["F", "2"])
    }

    /// A temporary placement: T0 to T4.
    pub fn temporary(row: Row<'_>) -> bool {
        row.any(Field::PLACE, &["T0", "T1", "T2", "T3", "T4"])
    }

    /// Placed for adoption: A3 to A6.
    pub fn for_adoption(row: Row<'_>) -> bool {
        row.any(Field::PLACE, &["A3", "A4", "A5", "A6"])
    }

    /// Ended by adoption: E11 or E12.
    pub fn adopted(row: Row<'_>) -> bool {
        row.any(Field::REC, &["E11", "E12"])
    }

    /// Other placements listed on a schedule: Z11 to Z14, and Z1 up to
    /// 2024-25.
    pub fn other_placement(child: &Child<'_>, row: Row<'_>) -> bool {
        if child.all.year < 2026 {
            row.is(Field::PLACE, "Z1")
        } else {
            row.any(Field::PLACE, &["Z11", "Z12", "Z13", "Z14"])
        }
    }

    /// A placement that Ofsted does not register, so that no URN is wanted.
    pub fn without_urn(child: &Child<'_>, row: Row<'_>) -> bool {
        row.any(Field::PLACE, &["P1", "P3", "R1", "R2", "R5"])
            || temporary(row)
            || other_placement(child, row)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_come_and_go_with_the_years() {
        let codes = |year| Codes::load(year).unwrap();
        assert!(codes(2026).has(Field::SEX, "M") && !codes(2026).has(Field::SEX, "1"));
        assert!(codes(2024).has(Field::SEX, "1") && !codes(2024).has(Field::SEX, "M"));
        assert!(codes(2026).has(Field::PLACE, "Z12") && !codes(2026).has(Field::PLACE, "Z1"));
        assert!(codes(2025).has(Field::PLACE, "Z1") && !codes(2025).has(Field::PLACE, "Z12"));
        assert!(codes(2024).has(Field::PLACE, "K3") && !codes(2023).has(Field::PLACE, "K3"));
    }
}
