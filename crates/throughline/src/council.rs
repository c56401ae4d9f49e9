//! Opening a council: England's pack and the access policy are part of the
//! program; a council's own packs lie over England's, from folders.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use access::Policy;
use anyhow::{Context, Result, bail};
use casework::Casework;
use packs::{Layer, Pack};
use record::{Gate, Keys, Store, StoreOptions};
use rust_embed::Embed;

#[derive(Embed)]
#[folder = "../../packs/england"]
struct England;

#[derive(Embed)]
#[folder = "../../policies"]
struct Policies;

/// England's pack as it was built into the program.
pub fn england() -> Result<Layer> {
    let mut layer = Layer::new("packs/england");
    for path in England::iter().filter(|path| path.ends_with(".toml")) {
        let file = England::get(&path)
            .with_context(|| format!("packs/england/{path} is not in the program"))?;
        let text = String::from_utf8(file.data.into_owned())
            .with_context(|| format!("packs/england/{path} is not UTF-8"))?;
        layer = layer.with(path, text);
    }
    Ok(layer)
}

/// England's pack with a council's own over it. With folders, the first may be
/// England's itself, to try a change without building the program again.
pub fn pack(folders: &[PathBuf]) -> Result<Pack> {
    let mut layers = Vec::new();
    for folder in folders {
        match Layer::read(folder) {
            Ok(layer) => layers.push(layer),
            Err(problems) => bail!("{}", Pack::problems_text(&problems)),
        }
    }
    if !folders.first().is_some_and(|f| is_england(f)) {
        layers.insert(0, england()?);
    }
    match Pack::from_layers(&layers) {
        Ok(pack) => Ok(pack),
        Err(problems) => bail!(
            "The practice pack has mistakes. Nothing was started.\n\n{}",
            Pack::problems_text(&problems)
        ),
    }
}

/// Whether a folder holds England's pack: its `pack.toml` says so.
pub fn is_england(folder: &Path) -> bool {
    #[derive(serde::Deserialize)]
    struct Named {
        id: String,
    }
    std::fs::read_to_string(folder.join("pack.toml"))
        .is_ok_and(|text| toml::from_str::<Named>(&text).is_ok_and(|p| p.id == "england"))
}

/// Who may see what: the program's own policy, or the council's file.
pub fn policy(file: Option<&Path>) -> Result<Policy> {
    let (name, text) = match file {
        Some(path) => (
            path.display().to_string(),
            std::fs::read_to_string(path)
                .with_context(|| format!("The policy {} could not be read", path.display()))?,
        ),
        None => {
            let file = Policies::get("access.toml")
                .context("policies/access.toml is not in the program")?;
            let text = String::from_utf8(file.data.into_owned())
                .context("policies/access.toml is not UTF-8")?;
            ("policies/access.toml".to_owned(), text)
        }
    };
    Policy::parse(&name, &text).map_err(|problems| {
        let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
        anyhow::anyhow!(
            "The access policy has mistakes. Nothing was started.\n\n{}",
            lines.join("\n")
        )
    })
}

/// Where a council's things are.
#[derive(Debug, Clone)]
pub struct Place {
    /// The name in the header.
    pub name: String,
    /// The record: `sqlite:PATH` or `postgres://...`.
    pub database: String,
    /// The folder of the council's keys.
    pub keys: PathBuf,
    /// Where signed heads of the journal are appended.
    pub heads: PathBuf,
    /// The council's own packs, over England's.
    pub packs: Vec<PathBuf>,
    /// The council's own access policy.
    pub policy: Option<PathBuf>,
}

/// Opens a council: packs and policy first, so that a mistake in them stops
/// before anything is touched.
pub async fn open(place: &Place) -> Result<Casework> {
    let pack = pack(&place.packs)?;
    let policy = policy(place.policy.as_deref())?;
    let store = store(place).await?;
    Ok(Casework::new(
        Gate::new(store, Arc::new(policy)),
        pack,
        &place.name,
    ))
}

/// Opens the record alone.
pub async fn store(place: &Place) -> Result<Store> {
    let keys = Keys::in_folder(&place.keys)
        .with_context(|| format!("The keys in {} could not be opened", place.keys.display()))?;
    let options = StoreOptions {
        url: place.database.clone(),
        heads: place.heads.clone(),
    };
    Store::open(&options, keys).await.with_context(|| {
        format!(
            "The record at {} could not be opened",
            hide_password(&place.database)
        )
    })
}

/// An address for a message: without the password that may be in it.
pub fn hide_password(url: &str) -> String {
    match (url.find("://"), url.rfind('@')) {
        (Some(start), Some(at)) if start < at => {
            let who = &url[start + 3..at];
            let name = who.split(':').next().unwrap_or_default();
            format!("{}://{name}@{}", &url[..start], &url[at + 1..])
        }
        _ => url.to_owned(),
    }
}
