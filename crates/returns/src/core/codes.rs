//! Code sets by year, from `data/codes/<return>.toml`: a set or a single code
//! may begin and end with a collection year.

use std::collections::HashMap;

use rust_embed::RustEmbed;
use serde::Deserialize;

#[derive(RustEmbed)]
#[folder = "data/"]
struct Data;

/// A file of `data/` as text. `None` when there is no such file, or it is not
/// text.
pub fn data_file(name: &str) -> Option<String> {
    let file = Data::get(name)?;
    String::from_utf8(file.data.into_owned()).ok()
}

#[derive(Deserialize)]
struct File {
    set: Vec<SetText>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SetText {
    name: String,
    source: String,
    #[serde(default)]
    note: Option<String>,
    #[serde(default)]
    from: u16,
    #[serde(default = "for_ever")]
    to: u16,
    codes: Vec<CodeText>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CodeText {
    code: String,
    #[serde(default)]
    label: Option<String>,
    #[serde(default)]
    from: u16,
    #[serde(default = "for_ever")]
    to: u16,
}

fn for_ever() -> u16 {
    u16::MAX
}

/// One code set in one year.
#[derive(Debug, Clone, Default)]
pub struct CodeSet {
    /// Where the set comes from.
    pub source: String,
    /// What to know about it.
    pub note: Option<String>,
    labels: HashMap<Box<str>, Option<Box<str>>>,
    order: Vec<Box<str>>,
}

impl CodeSet {
    /// Whether the code is in the set, letter for letter.
    pub fn has(&self, code: &str) -> bool {
        self.labels.contains_key(code)
    }

    /// What the code means, when the sources say it.
    pub fn label(&self, code: &str) -> Option<&str> {
        self.labels.get(code)?.as_deref()
    }

    /// The codes in the set's order.
    pub fn codes(&self) -> impl Iterator<Item = &str> {
        self.order.iter().map(AsRef::as_ref)
    }
}

/// All code sets of a return in one year.
#[derive(Debug, Clone, Default)]
pub struct CodeSets {
    sets: HashMap<String, CodeSet>,
}

impl CodeSets {
    /// The sets of `data/codes/<return_name>.toml` as they are in a year.
    ///
    /// # Errors
    /// When the file is missing or does not read: a mistake in the program.
    pub fn load(return_name: &str, year: u16) -> Result<Self, String> {
        let name = format!("codes/{return_name}.toml");
        let text = data_file(&name).ok_or_else(|| format!("data/{name} is missing"))?;
        let file: File = toml::from_str(&text).map_err(|e| format!("data/{name}: {e}"))?;
        let mut sets = HashMap::new();
        for text in file.set {
            if !(text.from..=text.to).contains(&year) {
                continue;
            }
            let mut set = CodeSet {
                source: text.source,
                note: text.note,
                ..CodeSet::default()
            };
            for code in text.codes {
                if (code.from..=code.to).contains(&year) {
                    set.order.push(code.code.as_str().into());
                    set.labels
                        .insert(code.code.into(), code.label.map(Into::into));
                }
            }
            sets.insert(text.name, set);
        }
        Ok(Self { sets })
    }

    /// A set by name.
    ///
    /// # Errors
    /// When the year has no such set: a mistake in the program, told at the
    /// start of a check and not in the middle.
    pub fn set(&self, name: &str) -> Result<&CodeSet, String> {
        self.sets
            .get(name)
            .ok_or_else(|| format!("there is no code set {name} in this year"))
    }
}
