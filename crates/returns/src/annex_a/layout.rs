//! The columns of the eleven lists, from `data/annex_a.toml`.

use serde::Deserialize;

use crate::core::codes::data_file;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Any words.
    Text,
    /// One of a list of values.
    List,
    /// A day.
    Date,
    /// A whole number from 0.
    Integer,
    /// A postcode.
    Postcode,
}

/// One column of a list.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// The heading, as it is written.
    pub header: String,
    /// What stands in it.
    pub kind: Kind,
    /// Whether it may be blank.
    #[serde(default)]
    pub blank: bool,
    /// The values that may stand in it; empty when any may.
    #[serde(default)]
    pub values: Vec<String>,
    /// Other headings that are read as this one.
    #[serde(default)]
    pub also: Vec<String>,
}

/// One of the eleven lists.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct List {
    /// 1 to 11.
    pub number: u8,
    /// What it lists: "Contacts".
    pub name: String,
    /// Who belongs on it.
    pub scope: String,
    /// How many months it looks back, when it does.
    #[serde(default)]
    pub months: Option<u32>,
    /// Its columns in order.
    #[serde(rename = "column")]
    pub columns: Vec<Column>,
}

#[derive(Deserialize)]
struct File {
    list: Vec<List>,
}

/// A heading as it is compared: letters and digits only, in lower case.
pub(super) fn plain(header: &str) -> String {
    let letters = header.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

impl List {
    /// The sheet's name: "List 1".
    pub fn sheet(&self) -> String {
        format!("List {}", self.number)
    }

    /// The position of the column with a heading, however it is written.
    pub fn column(&self, header: &str) -> Option<usize> {
        let wanted = plain(header);
        self.columns.iter().position(|column| {
            plain(&column.header) == wanted || column.also.iter().any(|also| plain(also) == wanted)
        })
    }

    /// The positions of all columns of a kind.
    pub fn of_kind(&self, kind: Kind) -> impl Iterator<Item = (usize, &Column)> {
        let columns = self.columns.iter().enumerate();
        columns.filter(move |(_, column)| column.kind == kind)
    }
}

/// The eleven lists in order.
///
/// # Errors
/// When the built-in layout does not read: a mistake in the program.
pub fn layout() -> Result<Vec<List>, String> {
    let text = data_file("annex_a.toml").ok_or("data/annex_a.toml is missing")?;
    let file: File = toml::from_str(&text).map_err(|e| format!("data/annex_a.toml: {e}"))?;
    if file.list.len() == 11 && (1u8..).zip(&file.list).all(|(n, list)| n == list.number) {
        Ok(file.list)
    } else {
        Err("data/annex_a.toml must hold lists 1 to 11 in order".to_owned())
    }
}
