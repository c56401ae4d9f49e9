//! The house keeps its shape: arrows between crates point down only, and each
//! crate forbids unsafe code.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What each room may depend on, among ours.
const MAY_KNOW: &[(&str, &[&str])] = &[
    ("vocabulary", &[]),
    ("packs", &["vocabulary"]),
    ("access", &["vocabulary"]),
    ("genogram", &[]),
    ("identity", &["vocabulary"]),
    ("directory", &["vocabulary"]),
    ("returns", &["vocabulary"]),
    ("record", &["access", "packs", "vocabulary"]),
    (
        "casework",
        &[
            "access",
            "directory",
            "genogram",
            "identity",
            "packs",
            "record",
            "returns",
            "vocabulary",
        ],
    ),
    (
        "synth",
        &["casework", "directory", "packs", "record", "vocabulary"],
    ),
    (
        "web",
        &[
            "casework",
            "directory",
            "genogram",
            "packs",
            "returns",
            "vocabulary",
        ],
    ),
    (
        "throughline",
        &[
            "access",
            "casework",
            "directory",
            "identity",
            "packs",
            "record",
            "returns",
            "synth",
            "vocabulary",
            "web",
        ],
    ),
];

fn crates() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Our own crates that a manifest names under `[dependencies]`.
fn known_by(name: &str) -> BTreeSet<String> {
    let path = crates().join(name).join("Cargo.toml");
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let ours: BTreeSet<&str> = MAY_KNOW.iter().map(|(name, _)| *name).collect();
    let mut in_dependencies = false;
    let mut known = BTreeSet::new();
    for line in text.lines() {
        if line.starts_with('[') {
            in_dependencies = line.trim() == "[dependencies]";
        } else if in_dependencies {
            let dependency = line.split(['.', ' ', '=']).next().unwrap_or_default();
            if ours.contains(dependency) {
                known.insert(dependency.to_owned());
            }
        }
    }
    known
}

#[test]
fn arrows_between_rooms_point_down_only() {
    for (room, may) in MAY_KNOW {
        for known in known_by(room) {
            assert!(
                may.contains(&known.as_str()),
                "{room} must not depend on {known}"
            );
        }
    }
}

#[test]
fn every_room_is_in_the_list_and_forbids_unsafe_code() {
    for entry in std::fs::read_dir(crates()).expect("the crates folder") {
        let entry = entry.expect("an entry");
        let name = entry.file_name().to_string_lossy().into_owned();
        assert!(
            MAY_KNOW.iter().any(|(room, _)| *room == name),
            "{name} is in no list of rooms"
        );
        let root = ["src/lib.rs", "src/main.rs"].map(|file| entry.path().join(file));
        for file in root.iter().filter(|file| file.exists()) {
            let text = std::fs::read_to_string(file).expect("readable");
            assert!(
                text.contains("#![forbid(unsafe_code)]"),
                "{} allows unsafe code",
                file.display()
            );
        }
    }
}

#[test]
fn pages_hold_no_sql_and_commands_hold_no_html() {
    for (room, never) in [
        ("web", ["read_db()", "AssertSqlSafe"]),
        ("casework", ["askama", "<div"]),
    ] {
        for file in files(&crates().join(room).join("src")) {
            let text = std::fs::read_to_string(&file).expect("readable");
            for word in never {
                assert!(!text.contains(word), "{} holds {word}", file.display());
            }
        }
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
    found
}
