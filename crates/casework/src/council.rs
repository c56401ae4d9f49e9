//! One council: its record behind the gate, its practice pack, its name.

use std::path::PathBuf;
use std::sync::Arc;

use access::Policy;
use packs::Pack;
use record::{Gate, Keys, Store, StoreOptions};

use crate::find::Finder;
use crate::services::Shelf;
use crate::{Error, Result, time};

/// Where a council's things are.
#[derive(Debug, Clone)]
pub struct Council {
    /// The name in the header, such as "Larkmere children's services".
    pub name: String,
    /// The practice packs, England's first.
    pub packs: Vec<PathBuf>,
    /// Who may see what: `policies/access.toml`.
    pub policy: PathBuf,
    /// The record.
    pub store: StoreOptions,
    /// The folder of the council's keys.
    pub keys: PathBuf,
}

/// Everything a command needs. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Casework {
    gate: Gate,
    pack: Pack,
    name: Arc<str>,
    shelf: Arc<Shelf>,
    finder: Arc<Finder>,
}

impl Casework {
    /// Opens a council. A pack or a policy with a mistake never starts: the
    /// message names file and line.
    pub async fn open(council: &Council) -> Result<Casework> {
        let pack = Pack::load_layers(&council.packs)
            .map_err(|problems| settings(Pack::problems_text(&problems)))?;
        let file = council.policy.display().to_string();
        let text =
            std::fs::read_to_string(&council.policy).map_err(|source| record::Error::File {
                path: file.clone(),
                source,
            })?;
        let policy = Policy::parse(&file, &text).map_err(|problems| {
            settings(
                problems
                    .iter()
                    .map(|p| format!("{p}\n"))
                    .collect::<String>(),
            )
        })?;
        let keys = Keys::in_folder(&council.keys)?;
        let store = Store::open(&council.store, keys).await?;
        Ok(Casework::new(
            Gate::new(store, Arc::new(policy)),
            pack,
            &council.name,
        ))
    }

    /// A council from its parts, for tests and the demonstration.
    pub fn new(gate: Gate, pack: Pack, name: &str) -> Casework {
        Casework {
            gate,
            pack,
            name: name.into(),
            shelf: Arc::default(),
            finder: Arc::default(),
        }
    }

    /// The one door to records.
    pub fn gate(&self) -> &Gate {
        &self.gate
    }

    /// The store: for transactions, and for questions that show nobody's record.
    pub fn store(&self) -> &Store {
        self.gate.store()
    }

    /// The practice pack.
    pub fn pack(&self) -> &Pack {
        &self.pack
    }

    /// What the services directory keeps at hand.
    pub(crate) fn shelf(&self) -> &Shelf {
        &self.shelf
    }

    /// Everybody, kept in memory for finding.
    pub(crate) fn finder(&self) -> &Finder {
        &self.finder
    }

    /// The council's name, for the header.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// A form of the pack in force today.
    pub fn form(&self, id: &str) -> Result<&packs::Form> {
        self.pack.form(id, time::today()).ok_or_else(|| {
            settings(format!(
                "the practice pack has no form \"{id}\" in force today"
            ))
        })
    }

    /// The label of a code on a day; the code itself if the pack has none.
    pub fn label(&self, set: &str, code: &str) -> String {
        self.pack
            .codes(set, time::today())
            .map_or_else(|| code.to_owned(), |codes| codes.label(code).to_owned())
    }
}

fn settings(message: String) -> Error {
    Error::Record(record::Error::Settings(message))
}
