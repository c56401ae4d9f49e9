//! The twelve tables of the SSDA903 and their columns, in the order in which
//! the files have them. Table and column names are the department's own, so
//! that a check reads like the guidance.

#![allow(non_camel_case_types, clippy::upper_case_acronyms)]

macro_rules! fields {
    ($($name:ident)+) => {
        /// A column of one of the tables. The same name in two tables means
        /// the same thing (CHILD, DOB, SEX).
        #[allow(missing_docs)] // The names are the department's; the tables say what they hold.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum Field { $($name),+ }

        impl Field {
            /// Every column.
            pub const ALL: &'static [Field] = &[$(Field::$name),+];

            /// The name as it stands in the first line of a file.
            pub fn name(self) -> &'static str {
                match self { $(Field::$name => stringify!($name)),+ }
            }

            /// The name that findings give to the value in the row before.
            pub fn name_before(self) -> &'static str {
                match self { $(Field::$name => concat!(stringify!($name), " before")),+ }
            }
        }
    };
}

fields! {
    CHILD SEX DOB ETHNIC UPN MOTHER MC_DOB UASC
    DECOM RNE LS CIN PLACE PLACE_PROVIDER DEC REC REASON_PLACE_CHANGE HOME_POST PL_POST URN
    PL_LA PL_LOCATION PL_DISTANCE
    REVIEW REVIEW_CODE DUC
    SDQ_SCORE SDQ_REASON CONVICTED HEALTH_CHECK IMMUNISATIONS TEETH_CHECK HEALTH_ASSESSMENT
    SUBSTANCE_MISUSE INTERVENTION_RECEIVED INTERVENTION_OFFERED
    IN_TOUCH ACTIV ACCOM
    DATE_INT DATE_MATCH FOSTER_CARE NB_ADOPTR SEX_ADOPTR LS_ADOPTR
    DATE_PLACED DATE_PLACED_CEASED REASON_PLACED_CEASED
    PREV_PERM LA_PERM DATE_PERM
    MISSING MIS_START MIS_END
    SW_ID SW_DECOM SW_DEC SW_REASON
    DOLO_START DOLO_END
}

impl Field {
    /// The column with this name, whatever its case and with spaces, dashes
    /// or full stops for underscores: what spreadsheets and exports make of
    /// the names.
    pub fn from_name(name: &str) -> Option<Field> {
        let plain: String = name
            .trim()
            .chars()
            .map(|c| match c {
                ' ' | '-' | '.' => '_',
                c => c.to_ascii_uppercase(),
            })
            .collect();
        let plain = match plain.as_str() {
            "CHILDID" | "CHILD_ID" => "CHILD",
            "PL" | "PLACEMENT" => "PLACE",
            "NB_ADOPTER" => "NB_ADOPTR",
            "UASC_STATUS" => "UASC",
            other => other,
        };
        Field::ALL
            .iter()
            .copied()
            .find(|field| field.name() == plain)
    }

    /// Whether the column holds a date as DD/MM/YYYY. DATE_PERM is not among
    /// them: parts of it may be unknown ("zz/05/2020").
    pub fn is_date(self) -> bool {
        use Field::*;
        matches!(
            self,
            DOB | MC_DOB
                | DECOM
                | DEC
                | REVIEW
                | DUC
                | DATE_INT
                | DATE_MATCH
                | DATE_PLACED
                | DATE_PLACED_CEASED
                | MIS_START
                | MIS_END
                | SW_DECOM
                | SW_DEC
                | DOLO_START
                | DOLO_END
        )
    }

    /// Whether the program works the column out and no file has it: what
    /// follows from the postcodes.
    pub fn is_derived(self) -> bool {
        matches!(self, Field::PL_LA | Field::PL_LOCATION | Field::PL_DISTANCE)
    }
}

/// One of the tables.
#[allow(missing_docs)] // The names say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Table {
    Header,
    Episodes,
    Reviews,
    UASC,
    OC2,
    OC3,
    AD1,
    PlacedAdoption,
    PrevPerm,
    Missing,
    SWEpisodes,
    DoLo,
}

impl Table {
    /// Every table in the order of the guidance.
    pub const ALL: [Table; 12] = [
        Table::Header,
        Table::Episodes,
        Table::Reviews,
        Table::UASC,
        Table::OC2,
        Table::OC3,
        Table::AD1,
        Table::PlacedAdoption,
        Table::PrevPerm,
        Table::Missing,
        Table::SWEpisodes,
        Table::DoLo,
    ];

    /// The name in findings.
    pub fn name(self) -> &'static str {
        self.names().0
    }

    /// The name in findings for last year's table: "Episodes_last".
    pub fn name_last(self) -> &'static str {
        self.names().1
    }

    fn names(self) -> (&'static str, &'static str) {
        match self {
            Table::Header => ("Header", "Header_last"),
            Table::Episodes => ("Episodes", "Episodes_last"),
            Table::Reviews => ("Reviews", "Reviews_last"),
            Table::UASC => ("UASC", "UASC_last"),
            Table::OC2 => ("OC2", "OC2_last"),
            Table::OC3 => ("OC3", "OC3_last"),
            Table::AD1 => ("AD1", "AD1_last"),
            Table::PlacedAdoption => ("PlacedAdoption", "PlacedAdoption_last"),
            Table::PrevPerm => ("PrevPerm", "PrevPerm_last"),
            Table::Missing => ("Missing", "Missing_last"),
            Table::SWEpisodes => ("SWEpisodes", "SWEpisodes_last"),
            Table::DoLo => ("DoLo", "DoLo_last"),
        }
    }

    /// The table that findings and rules call so, and whether it is last
    /// year's.
    pub fn from_name(name: &str) -> Option<(Table, bool)> {
        Table::ALL.into_iter().find_map(|table| {
            if name == table.name() {
                Some((table, false))
            } else {
                (name == table.name_last()).then_some((table, true))
            }
        })
    }

    /// The file that we write, without ".csv".
    pub fn file(self) -> &'static str {
        match self {
            Table::Header => "header",
            Table::Episodes => "episodes",
            Table::Reviews => "reviews",
            Table::UASC => "uasc",
            Table::OC2 => "oc2",
            Table::OC3 => "oc3",
            Table::AD1 => "ad1",
            Table::PlacedAdoption => "placed_for_adoption",
            Table::PrevPerm => "previous_permanence",
            Table::Missing => "missing",
            Table::SWEpisodes => "sw_episodes",
            Table::DoLo => "dolo",
        }
    }

    /// The table that a file's name points to, read forgivingly: case, spaces
    /// and what exports put around the name do not matter
    /// ("SSDA903 2026 Placed-Adoption.csv").
    pub fn from_file(name: &str) -> Option<Table> {
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        let plain: String = stem
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .map(|c| c.to_ascii_lowercase())
            .collect();
        // The longer words first: "swepisodes" holds "episodes".
        const WORDS: [(&str, Table); 25] = [
            ("swepisode", Table::SWEpisodes),
            ("socialworker", Table::SWEpisodes),
            ("missing", Table::Missing),
            ("episode", Table::Episodes),
            ("header", Table::Header),
            ("review", Table::Reviews),
            ("uasc", Table::UASC),
            ("unaccompanied", Table::UASC),
            ("oc2", Table::OC2),
            ("outcome", Table::OC2),
            ("oc3", Table::OC3),
            ("careleaver", Table::OC3),
            ("placedadoption", Table::PlacedAdoption),
            ("placedforadoption", Table::PlacedAdoption),
            ("sbpfa", Table::PlacedAdoption),
            ("shouldbeplaced", Table::PlacedAdoption),
            ("adplaced", Table::PlacedAdoption),
            ("ad1", Table::AD1),
            ("adopt", Table::AD1),
            ("prevperm", Table::PrevPerm),
            ("previousperm", Table::PrevPerm),
            ("permanence", Table::PrevPerm),
            ("dolo", Table::DoLo),
            ("deprivation", Table::DoLo),
            ("epi", Table::Episodes),
        ];
        WORDS
            .iter()
            .find(|(word, _)| plain.contains(word))
            .map(|(_, table)| *table)
    }

    /// The columns in the order of the file.
    pub fn columns(self) -> &'static [Field] {
        use Field::*;
        match self {
            Table::Header => &[CHILD, SEX, DOB, ETHNIC, UPN, MOTHER, MC_DOB],
            Table::Episodes => &[
                CHILD,
                DECOM,
                RNE,
                LS,
                CIN,
                PLACE,
                PLACE_PROVIDER,
                DEC,
                REC,
                REASON_PLACE_CHANGE,
                HOME_POST,
                PL_POST,
                URN,
            ],
            Table::Reviews => &[CHILD, DOB, REVIEW, REVIEW_CODE],
            Table::UASC => &[CHILD, SEX, DOB, DUC],
            Table::OC2 => &[
                CHILD,
                DOB,
                SDQ_SCORE,
                SDQ_REASON,
                CONVICTED,
                HEALTH_CHECK,
                IMMUNISATIONS,
                TEETH_CHECK,
                HEALTH_ASSESSMENT,
                SUBSTANCE_MISUSE,
                INTERVENTION_RECEIVED,
                INTERVENTION_OFFERED,
            ],
            Table::OC3 => &[CHILD, DOB, IN_TOUCH, ACTIV, ACCOM],
            Table::AD1 => &[
                CHILD,
                DOB,
                DATE_INT,
                DATE_MATCH,
                FOSTER_CARE,
                NB_ADOPTR,
                SEX_ADOPTR,
                LS_ADOPTR,
            ],
            Table::PlacedAdoption => &[
                CHILD,
                DOB,
                DATE_PLACED,
                DATE_PLACED_CEASED,
                REASON_PLACED_CEASED,
            ],
            Table::PrevPerm => &[CHILD, DOB, PREV_PERM, LA_PERM, DATE_PERM],
            Table::Missing => &[CHILD, DOB, MISSING, MIS_START, MIS_END],
            Table::SWEpisodes => &[CHILD, DOB, SW_ID, SW_DECOM, SW_DEC, SW_REASON],
            Table::DoLo => &[CHILD, DOB, DOLO_START, DOLO_END],
        }
    }

    /// Columns that a table may have besides: the UASC flag that only the XML
    /// form carries, and what is worked out from the postcodes.
    pub fn extra_columns(self) -> &'static [Field] {
        match self {
            Table::Header => &[Field::UASC],
            Table::Episodes => &[Field::PL_LA, Field::PL_LOCATION, Field::PL_DISTANCE],
            _ => &[],
        }
    }

    /// The first collection year whose return has the table.
    pub fn since(self) -> u16 {
        match self {
            Table::SWEpisodes => 2024,
            Table::DoLo => 2027,
            _ => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_are_read_forgivingly() {
        for (name, table) in [
            ("header.csv", Table::Header),
            ("SSDA903 2026 Episodes.CSV", Table::Episodes),
            ("sw_episodes.csv", Table::SWEpisodes),
            ("SWEpisodes.csv", Table::SWEpisodes),
            ("ad1.csv", Table::AD1),
            ("placed_adoption.csv", Table::PlacedAdoption),
            ("Placed for Adoption.csv", Table::PlacedAdoption),
            ("prev_perm.csv", Table::PrevPerm),
            ("previous permanence.csv", Table::PrevPerm),
            ("UASC.csv", Table::UASC),
            ("DoLo.csv", Table::DoLo),
        ] {
            assert_eq!(Table::from_file(name), Some(table), "{name}");
        }
        assert_eq!(Table::from_file("notes.csv"), None);
        for table in Table::ALL {
            assert_eq!(Table::from_file(table.file()), Some(table));
            assert_eq!(Table::from_name(table.name()), Some((table, false)));
            assert_eq!(Table::from_name(table.name_last()), Some((table, true)));
        }
    }

    #[test]
    fn column_names_are_read_forgivingly() {
        assert_eq!(Field::from_name(" decom "), Some(Field::DECOM));
        assert_eq!(
            Field::from_name("Place Provider"),
            Some(Field::PLACE_PROVIDER)
        );
        assert_eq!(Field::from_name("nonsense"), None);
    }
}
