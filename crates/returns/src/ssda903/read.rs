//! Reads a return: a folder of CSV files (last year's beside them, or in its
//! folder "prev") or one XML file. Any table may be missing; trouble in one
//! file leaves the others as they are.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::child::Tables;
use super::csv_in;
use super::data::TableData;
use super::tables::Table;
use super::troubles::Troubles;
use super::xml_in;

/// A return as it was read.
#[derive(Debug, Default)]
pub struct Loaded {
    /// This year's tables.
    pub this: Tables,
    /// Last year's tables.
    pub last: Tables,
    /// What was wrong with the files.
    pub troubles: Troubles,
    /// Whether this year's return came as XML.
    pub xml: bool,
}

/// One file of a return in memory.
#[derive(Debug, Clone)]
pub struct Named {
    /// The name, as messages show it.
    pub name: String,
    /// What is in it.
    pub content: Vec<u8>,
}

/// Reads a folder or an XML file, and last year's. Without `previous`, a
/// folder "prev" in the folder counts as last year's.
///
/// # Errors
/// The folder itself cannot be read. Trouble with single files is in
/// [`Loaded::troubles`].
pub fn read(path: &Path, previous: Option<&Path>) -> io::Result<Loaded> {
    let mut loaded = Loaded::default();
    let (this, xml) = files(path, &mut loaded.troubles)?;
    loaded.xml = xml;
    let beside = path.join("prev");
    let last = match previous {
        Some(previous) => files(previous, &mut loaded.troubles)?.0,
        None if beside.is_dir() => files(&beside, &mut loaded.troubles)?.0,
        None => Vec::new(),
    };
    let (this, last) = rayon::join(|| tables(&this, false), || tables(&last, true));
    loaded.this = this.0;
    loaded.last = last.0;
    loaded.troubles.add(this.1);
    loaded.troubles.add(last.1);
    nothing(&path.display().to_string(), &mut loaded);
    zeros(&loaded.this, &mut loaded.troubles);
    Ok(loaded)
}

/// Reads a return from files in memory (a browser's upload, a test).
pub fn read_memory(this: Vec<Named>, last: Vec<Named>) -> Loaded {
    let xml = this.iter().any(|file| is_xml(&file.content));
    let source =
        |files: Vec<Named>| -> Vec<Source> { files.into_iter().map(Source::Memory).collect() };
    let (this, last) = (tables(&source(this), false), tables(&source(last), true));
    let mut loaded = Loaded {
        this: this.0,
        last: last.0,
        troubles: this.1,
        xml,
    };
    loaded.troubles.add(last.1);
    nothing("The files", &mut loaded);
    zeros(&loaded.this, &mut loaded.troubles);
    loaded
}

/// Notes that there is nothing to check.
fn nothing(place: &str, loaded: &mut Loaded) {
    const EXPECTED: &str =
        "was found here. Expected files like header.csv and episodes.csv, or one XML file";
    let empty = |table: &Option<TableData>| table.as_ref().is_none_or(TableData::is_empty);
    let what = if loaded.this.iter().all(Option::is_none) {
        "No table of the SSDA903"
    } else if loaded.this.iter().all(empty) && !loaded.troubles.kept.is_empty() {
        // Something else than a return, not a return without children.
        "No child"
    } else {
        return;
    };
    loaded.troubles.stop(place, 0, format!("{what} {EXPECTED}"));
}

#[derive(Debug)]
enum Source {
    Path { path: PathBuf, name: String },
    Memory(Named),
}

/// The CSV and XML files of a folder, or the file itself, and whether it is
/// XML.
fn files(path: &Path, troubles: &mut Troubles) -> io::Result<(Vec<Source>, bool)> {
    let name = |path: &Path| {
        path.file_name()
            .map_or_else(String::new, |n| n.to_string_lossy().into_owned())
    };
    if path.is_file() {
        let source = Source::Path {
            path: path.to_owned(),
            name: name(path),
        };
        let xml = extension(path) == "xml";
        return Ok((vec![source], xml));
    }
    let folder = name(path);
    let mut found: Vec<PathBuf> = Vec::new();
    for entry in fs::read_dir(path)? {
        let path = entry?.path();
        if path.is_file() {
            found.push(path);
        }
    }
    found.sort();
    let xml = !found.iter().any(|path| extension(path) == "csv");
    let wanted = if xml { "xml" } else { "csv" };
    let mut sources = Vec::new();
    for path in found {
        let own = name(&path);
        if extension(&path) == wanted {
            let shown = if folder == "prev" {
                format!("prev/{own}")
            } else {
                own
            };
            sources.push(Source::Path { path, name: shown });
        } else if matches!(extension(&path).as_str(), "xls" | "xlsx" | "xlsm") {
            troubles.note("spreadsheet", (&own, 0, 0), || {
                "This is a spreadsheet and was not read: save it as \"CSV UTF-8\"".to_owned()
            });
        }
    }
    Ok((sources, xml))
}

fn extension(path: &Path) -> String {
    path.extension()
        .map_or_else(String::new, |e| e.to_string_lossy().to_ascii_lowercase())
}

fn is_xml(beginning: &[u8]) -> bool {
    let beginning = beginning.strip_prefix(b"\xef\xbb\xbf").unwrap_or(beginning);
    beginning.trim_ascii_start().starts_with(b"<")
}

enum Read {
    One(Box<TableData>, String, bool),
    Whole(Box<Tables>),
    Nothing,
}

fn tables(sources: &[Source], last: bool) -> (Tables, Troubles) {
    let read: Vec<(Read, Troubles)> = sources.par_iter().map(|source| one(source, last)).collect();
    let mut all: Tables = Tables::default();
    let mut names: [Option<(String, bool)>; Table::ALL.len()] = Default::default();
    let mut troubles = Troubles::default();
    for (read, own) in read {
        troubles.add(own);
        match read {
            Read::Nothing => {}
            Read::Whole(tables) => all = *tables,
            Read::One(data, name, exact) => {
                let at = data.table as usize;
                let better = exact && names[at].as_ref().is_some_and(|(_, exact)| !exact);
                if let Some((first, _)) = &names[at] {
                    let (kept, left) = if better {
                        (&name, first)
                    } else {
                        (first, &name)
                    };
                    let kept = kept.clone();
                    troubles.note("second file", (left, 0, 0), || {
                        format!(
                            "This file and {kept} are both {}: {kept} was read, take one out",
                            data.table.name()
                        )
                    });
                    if !better {
                        continue;
                    }
                }
                names[at] = Some((name, exact));
                all[at] = Some(*data);
            }
        }
    }
    (all, troubles)
}

fn one(source: &Source, last: bool) -> (Read, Troubles) {
    let mut troubles = Troubles::default();
    let (name, opened): (&str, io::Result<Box<dyn BufRead + '_>>) = match source {
        Source::Memory(named) => (&named.name, Ok(Box::new(named.content.as_slice()))),
        Source::Path { path, name } => (
            name,
            File::open(path).map(|file| Box::new(BufReader::new(file)) as Box<dyn BufRead>),
        ),
    };
    let begun = opened.and_then(|mut source| {
        let xml = is_xml(source.fill_buf()?);
        Ok((source, xml))
    });
    let text = match begun {
        Ok((source, true)) => {
            let tables = xml_in::read(name, source, last, &mut troubles);
            return (Read::Whole(Box::new(tables)), troubles);
        }
        Ok((source, false)) => csv_in::text(source),
        Err(error) => Err(error),
    };
    let text = match text {
        Ok((text, encoding)) => {
            if let Some(encoding) = encoding {
                troubles.note("encoding", (name, 1, 0), || encoding.to_owned());
            }
            text
        }
        Err(error) => {
            troubles.stop(name, 0, format!("The file cannot be read: {error}"));
            return (Read::Nothing, troubles);
        }
    };
    let names = csv_in::first_line(&text);
    let by_name = Table::from_file(name.rsplit('/').next().unwrap_or(name));
    let (table, exact) = match (by_name, csv_in::table_of(&names)) {
        (_, Some((table, true))) => (table, true),
        (Some(table), _) => (table, false),
        (None, Some((table, false))) => (table, false),
        (None, None) => {
            troubles.note("unknown file", (name, 1, 0), || {
                "Neither the name nor the columns say which table this is: it was not read"
                    .to_owned()
            });
            return (Read::Nothing, troubles);
        }
    };
    if names.is_empty() {
        troubles.note("empty file", (name, 1, 0), || {
            format!(
                "The file is empty: write at least the first line with the columns of {}",
                table.file()
            )
        });
        return (Read::Nothing, troubles);
    }
    let data = csv_in::read(table, last, name, &text, &mut troubles);
    (Read::One(Box::new(data), name.to_owned(), exact), troubles)
}

/// Notes numbers that would match a child of Header, had they not lost their
/// leading zeros.
fn zeros(tables: &Tables, troubles: &mut Troubles) {
    use super::tables::Field::CHILD;
    use std::collections::{HashMap, HashSet};
    let Some(header) = &tables[Table::Header as usize] else {
        return;
    };
    let ids: HashSet<&str> = header.rows().map(|row| row.text(CHILD)).collect();
    let stripped: HashMap<&str, &str> = ids
        .iter()
        .filter(|id| id.starts_with('0'))
        .map(|id| (id.trim_start_matches('0'), *id))
        .collect();
    let full: HashMap<&str, &str> = ids.iter().map(|id| (*id, *id)).collect();
    for data in tables
        .iter()
        .flatten()
        .filter(|data| data.table != Table::Header)
    {
        for row in data.rows() {
            let id = row.text(CHILD);
            if ids.contains(id) || id.is_empty() {
                continue;
            }
            let other = stripped.get(id).or_else(|| {
                id.starts_with('0')
                    .then(|| full.get(id.trim_start_matches('0')))
                    .flatten()
            });
            if let Some(other) = other {
                let file = format!("{}.csv", data.table.file());
                troubles.note("lost zeros", (&file, u64::from(row.index) + 2, 1), || {
                    format!("CHILD {id} is not in Header but {other} is: leading zeros were lost in one of the files; export it again with the column as text")
                });
            }
        }
    }
}
