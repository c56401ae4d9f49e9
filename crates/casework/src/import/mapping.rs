//! Which column is what. Usual headings are recognised; a mapping file or
//! `--column given=Forename` says the rest.

use std::collections::BTreeMap;

use super::{Error, Table};

/// The fields that a column can be, with what each is for and the headings
/// under which other systems export it.
pub const FIELDS: &[(&str, &str, &[&str])] = &[
    (
        "key",
        "what tells this row from others in the old system",
        &[
            "person id",
            "client id",
            "id",
            "case number",
            "mosaic id",
            "pid",
        ],
    ),
    ("kind", "child or adult", &["person type", "type"]),
    (
        "given",
        "first names",
        &[
            "given",
            "given name",
            "given names",
            "forename",
            "forenames",
            "first name",
            "first names",
        ],
    ),
    (
        "family",
        "last name",
        &["family", "family name", "surname", "last name"],
    ),
    (
        "known_as",
        "what they like to be called",
        &["known as", "preferred name"],
    ),
    (
        "former_family",
        "an earlier last name",
        &[
            "previous surname",
            "former surname",
            "maiden name",
            "birth name",
        ],
    ),
    (
        "born",
        "date of birth",
        &["born", "dob", "date of birth", "birth date", "birthdate"],
    ),
    ("sex", "F, M or U", &["sex", "gender"]),
    (
        "ethnicity",
        "code of the census",
        &["ethnicity", "ethnicity code"],
    ),
    ("nhs_number", "NHS number", &["nhs number", "nhs no", "nhs"]),
    (
        "upn",
        "unique pupil number",
        &["upn", "unique pupil number"],
    ),
    (
        "address",
        "house and street",
        &["address", "address line 1", "address1", "address 1"],
    ),
    ("town", "town", &["town", "city"]),
    (
        "postcode",
        "postcode",
        &["postcode", "post code", "home postcode"],
    ),
    (
        "phone",
        "telephone",
        &["phone", "telephone", "mobile", "phone number"],
    ),
    ("email", "e-mail", &["email", "e mail", "email address"]),
    (
        "family_key",
        "the same for all of one family",
        &["family id", "household id", "family key", "group id"],
    ),
];

/// Which column is what.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mapping {
    /// Field to heading, as declared.
    pub declared: BTreeMap<String, String>,
    /// The order of dates where declared: "day-month-year", "month-day-year".
    pub dates: Option<String>,
}

/// A mapping settled for one table: field to column.
pub type Columns = BTreeMap<&'static str, usize>;

impl Mapping {
    /// Reads a mapping file.
    ///
    /// ```toml
    /// dates = "day-month-year"   # only if they cannot be told apart
    /// [columns]
    /// given = "Forename"
    /// ```
    pub fn parse(text: &str) -> Result<Mapping, Error> {
        #[derive(serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        struct File {
            dates: Option<String>,
            #[serde(default)]
            columns: BTreeMap<String, String>,
        }
        let file: File = toml::from_str(text)
            .map_err(|e| Error::File(format!("The mapping file has a mistake: {e}")))?;
        let mut mapping = Mapping {
            dates: file.dates,
            ..Mapping::default()
        };
        for (field, heading) in file.columns {
            mapping.declare(&field, &heading)?;
        }
        Ok(mapping)
    }

    /// Declares one column.
    pub fn declare(&mut self, field: &str, heading: &str) -> Result<(), Error> {
        if !FIELDS.iter().any(|(name, _, _)| *name == field) {
            let names: Vec<&str> = FIELDS.iter().map(|(name, _, _)| *name).collect();
            return Err(Error::File(format!(
                "There is no field “{field}”. The fields are: {}.",
                names.join(", ")
            )));
        }
        self.declared
            .insert(field.to_owned(), heading.trim().to_owned());
        Ok(())
    }

    /// Finds each field's column in a table.
    pub(super) fn settle(&self, table: &Table) -> Result<Columns, Error> {
        let mut columns = Columns::new();
        for (field, _, usual) in FIELDS {
            let found = match self.declared.get(*field) {
                Some(heading) => {
                    let places = places(table, |h| h == &plain(heading));
                    if places.is_empty() {
                        return Err(Error::File(format!(
                            "There is no column “{heading}” for {field}. The columns are: {}.",
                            table.headings.join(", ")
                        )));
                    }
                    places
                }
                None => places(table, |h| usual.contains(&h.as_str())),
            };
            match found.as_slice() {
                [] => {}
                [one] => {
                    columns.insert(field, *one);
                }
                many => {
                    let names: Vec<String> = many
                        .iter()
                        .map(|i| format!("“{}” (column {})", table.headings[*i], i + 1))
                        .collect();
                    return Err(Error::File(format!(
                        "Two columns could be {field}: {}. Rename one, or say which with --column {field}=HEADING.",
                        names.join(" and ")
                    )));
                }
            }
        }
        if !columns.contains_key("given") && !columns.contains_key("family") {
            return Err(Error::File(format!(
                "No column holds a name. Say which does, for example --column given=\"{}\". The columns are: {}.",
                table.headings[0],
                table.headings.join(", ")
            )));
        }
        Ok(columns)
    }
}

fn places(table: &Table, is: impl Fn(&String) -> bool) -> Vec<usize> {
    (0..table.headings.len())
        .filter(|i| is(&plain(&table.headings[*i])))
        .collect()
}

/// "Date_of-Birth" and "date of birth" are one heading.
fn plain(heading: &str) -> String {
    vocabulary::name_key(&heading.replace(['_', '.'], " "))
}
