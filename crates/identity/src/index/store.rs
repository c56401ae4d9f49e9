//! The files of an index, mapped into memory and read as they lie: rows sorted
//! by date of birth, and for each kind of key the rows in order of their keys.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use vmap::Map;
use zerocopy::FromBytes;

use super::keys::{self, KINDS, Sounds};
use crate::name::Names;
use crate::row::{Lists, Row};
use crate::table::Table;

/// The layout of the files; another number is another program's index.
const LAYOUT: u32 = 3;

/// First and last year whose days have a place of their own.
const YEARS: (u32, u32) = (1900, 2100);
const DAYS: usize = ((YEARS.1 - YEARS.0) as usize) * 512;

/// Why an index cannot be opened or written.
#[derive(Debug, thiserror::Error)]
pub enum BadIndex {
    /// A file is missing or cannot be read or written.
    #[error("{path}: {source}", path = path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Not an index of this program.
    #[error("{path} is not an index that this version can read: build it again with `throughline identity index build`", path = .0.display())]
    Layout(PathBuf),
}

#[derive(Serialize, Deserialize)]
struct About {
    layout: u32,
    rows: usize,
    children: usize,
}

/// An index on disk.
pub struct Store {
    rows: Map,
    ids: Map,
    id_ends: Map,
    keys: Vec<Map>,
    days: Vec<u32>,
    n_rows: usize,
    n_children: usize,
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> BadIndex {
    let path = path.to_owned();
    move |source| BadIndex::File { path, source }
}

fn write(
    folder: &Path,
    name: &str,
    fill: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>,
) -> Result<(), BadIndex> {
    let path = folder.join(name);
    let file = File::create(&path).map_err(at(&path))?;
    let mut out = BufWriter::with_capacity(1 << 20, file);
    fill(&mut out).and_then(|()| out.flush()).map_err(at(&path))
}

/// The place of a day: rows of one day lie together.
fn day(date: u32) -> usize {
    let year = (date >> 9).clamp(YEARS.0, YEARS.1 - 1);
    ((year - YEARS.0) as usize) << 9 | (date & 0x1ff) as usize
}

/// Writes an index of a table's records; rows with one identifier are names
/// and homes of one child. `progress` hears what is being done.
pub fn build(table: &Table, folder: &Path, progress: &dyn Fn(&str)) -> Result<(), BadIndex> {
    std::fs::create_dir_all(folder).map_err(at(folder))?;
    progress("Putting records of one child together");
    let n = table.rows.len();
    let mut by_id: Vec<(u64, u32)> = (0..n)
        .map(|i| (crate::table::hash(table.id(i).as_bytes()), i as u32))
        .collect();
    by_id.sort_unstable();
    let mut child = vec![0u32; n];
    let mut first = Vec::new();
    for (i, (hash, row)) in by_id.iter().enumerate() {
        if i == 0 || by_id[i - 1].0 != *hash {
            first.push(*row);
        }
        child[*row as usize] = first.len() as u32 - 1;
    }
    drop(by_id);
    progress("Sorting by date of birth");
    // All rows of a child lie at the day of its first record.
    let mut order: Vec<(u64, u32)> = (0..n as u32)
        .map(|i| {
            let c = child[i as usize];
            let date = table.rows[first[c as usize] as usize].dob.date();
            ((day(date) as u64) << 32 | u64::from(c), i)
        })
        .collect();
    order.sort_unstable();
    let mut days = vec![0u32; DAYS + 1];
    for (key, _) in &order {
        days[(key >> 32) as usize + 1] += 1;
    }
    for i in 0..DAYS {
        days[i + 1] += days[i];
    }
    progress("Writing rows");
    write(folder, "rows.bin", |out| {
        for (key, i) in &order {
            let mut words = table.rows[*i as usize].to_words();
            words[7] |= (key & 0xffff_ffff) << 32;
            for word in words {
                out.write_all(&word.to_le_bytes())?;
            }
        }
        Ok(())
    })?;
    write(folder, "days.bin", |out| {
        days.iter()
            .try_for_each(|d| out.write_all(&d.to_le_bytes()))
    })?;
    let mut end = 0u64;
    write(folder, "ids.txt", |out| {
        first
            .iter()
            .try_for_each(|row| out.write_all(table.id(*row as usize).as_bytes()))
    })?;
    write(folder, "ids.bin", |out| {
        first.iter().try_for_each(|row| {
            end += table.id(*row as usize).len() as u64;
            out.write_all(&end.to_le_bytes())
        })
    })?;
    for (file, names) in [
        ("names.txt", &table.lists.names),
        ("streets.txt", &table.lists.streets),
    ] {
        write(folder, file, |out| {
            (1..names.len() as u32)
                .try_for_each(|id| writeln!(out, "{}\t{}", names.count(id), names.text(id)))
        })?;
    }
    for kind in 0..KINDS {
        progress(&format!("Writing keys {} of {KINDS}", kind + 1));
        write_keys(table, folder, kind, &order)?;
    }
    let about = About {
        layout: LAYOUT,
        rows: n,
        children: first.len(),
    };
    let text = serde_json::to_string(&about).unwrap_or_default();
    write(folder, "about.json", |out| out.write_all(text.as_bytes()))
}

fn write_keys(
    table: &Table,
    folder: &Path,
    kind: usize,
    order: &[(u64, u32)],
) -> Result<(), BadIndex> {
    let mut entries: Vec<u64> = Vec::with_capacity(order.len());
    let mut of_child: Vec<u32> = Vec::new();
    let mut last = u64::MAX;
    for (place, (key, i)) in order.iter().enumerate() {
        if *key != last {
            of_child.clear();
            last = *key;
        }
        let row = &table.rows[*i as usize];
        let sounds = Sounds::of(row, &table.lists.names);
        keys::keys(kind, row, &sounds, |key| {
            if !of_child.contains(&key) {
                of_child.push(key);
                entries.push(u64::from(key) << 32 | place as u64);
            }
        });
    }
    entries.sort_unstable();
    let bits = (entries.len().max(2) as u64).ilog2().clamp(4, 26);
    let mut starts = vec![0u32; (1 << bits) + 1];
    for entry in &entries {
        starts[(entry >> (64 - bits)) as usize + 1] += 1;
    }
    for i in 0..1 << bits {
        starts[i + 1] += starts[i];
    }
    write(folder, &format!("keys{kind}.bin"), |out| {
        out.write_all(&bits.to_le_bytes())?;
        starts
            .iter()
            .try_for_each(|s| out.write_all(&s.to_le_bytes()))?;
        entries
            .iter()
            .try_for_each(|e| out.write_all(&(*e as u32).to_le_bytes()))?;
        entries
            .iter()
            .try_for_each(|e| out.write_all(&((*e >> 32) as u16).to_le_bytes()))
    })
}

impl Store {
    /// Opens an index, and reads its names.
    pub fn open(folder: &Path) -> Result<(Self, Lists), BadIndex> {
        let map = |name: &str| -> Result<Map, BadIndex> {
            let path = folder.join(name);
            let opened = Map::with_options().open(&path);
            opened.map(|(map, _)| map).map_err(|e| BadIndex::File {
                path,
                source: io::Error::other(e),
            })
        };
        let wrong = || BadIndex::Layout(folder.to_owned());
        let path = folder.join("about.json");
        let text = std::fs::read_to_string(&path).map_err(at(&path))?;
        let about: About = serde_json::from_str(&text).map_err(|_| wrong())?;
        if about.layout != LAYOUT {
            return Err(wrong());
        }
        let mut lists = Lists::default();
        for (file, names) in [
            ("names.txt", &mut lists.names),
            ("streets.txt", &mut lists.streets),
        ] {
            let path = folder.join(file);
            let text = std::fs::read_to_string(&path).map_err(at(&path))?;
            read_names(&text, names).ok_or_else(wrong)?;
        }
        let days = map("days.bin")?;
        let days: &[u32] = <[u32]>::ref_from_bytes(&days).map_err(|_| wrong())?;
        let store = Self {
            rows: map("rows.bin")?,
            ids: map("ids.txt")?,
            id_ends: map("ids.bin")?,
            keys: (0..KINDS)
                .map(|kind| map(&format!("keys{kind}.bin")))
                .collect::<Result<_, _>>()?,
            days: days.to_vec(),
            n_rows: about.rows,
            n_children: about.children,
        };
        let sound = store.rows.len() == about.rows * 64
            && store.id_ends.len() == about.children * 8
            && store.days.len() == DAYS + 1
            && store.keys.iter().all(|k| Bucketed::of(k).is_some());
        if sound {
            Ok((store, lists))
        } else {
            Err(wrong())
        }
    }

    /// How many children there are.
    pub fn children(&self) -> usize {
        self.n_children
    }

    /// How many rows.
    pub fn rows(&self) -> usize {
        self.n_rows
    }

    fn words(&self) -> &[[u64; 8]] {
        <[[u64; 8]]>::ref_from_bytes(&self.rows).unwrap_or_default()
    }

    /// A row.
    pub fn row(&self, place: u32) -> Row {
        Row::from_words(&self.words()[place as usize])
    }

    /// Whose row it is.
    pub fn child(&self, place: u32) -> u32 {
        (self.words()[place as usize][7] >> 32) as u32
    }

    /// The identifier of a child.
    pub fn id(&self, child: u32) -> &str {
        let ends: &[u64] = <[u64]>::ref_from_bytes(&self.id_ends).unwrap_or_default();
        let start = if child == 0 {
            0
        } else {
            ends[child as usize - 1]
        };
        std::str::from_utf8(&self.ids[start as usize..ends[child as usize] as usize]).unwrap_or("?")
    }

    /// The rows that may have a key (a few others among them).
    pub fn with_key(&self, kind: usize, key: u32) -> impl Iterator<Item = u32> {
        Bucketed::of(&self.keys[kind])
            .map(|b| b.find(key))
            .into_iter()
            .flatten()
    }

    /// The rows of a day.
    pub fn born(&self, date: u32) -> std::ops::Range<u32> {
        let day = day(date);
        self.days[day]..self.days[day + 1]
    }
}

/// A key file as it lies: bits, starts, rows, and sixteen bits of each key to
/// tell apart those that share a bucket.
struct Bucketed<'a> {
    bits: u32,
    starts: &'a [u32],
    rows: &'a [u32],
    checks: &'a [u16],
}

impl<'a> Bucketed<'a> {
    fn of(bytes: &'a [u8]) -> Option<Self> {
        let (bits, rest) = bytes.split_at_checked(4)?;
        let bits = u32::from_le_bytes(bits.try_into().ok()?);
        if bits > 26 {
            return None;
        }
        let (starts, rest) = rest.split_at_checked(((1usize << bits) + 1) * 4)?;
        let starts = <[u32]>::ref_from_bytes(starts).ok()?;
        let n = *starts.last()? as usize;
        let (rows, checks) = rest.split_at_checked(n * 4)?;
        let checks = <[u16]>::ref_from_bytes(checks).ok()?;
        (checks.len() == n).then_some(Self {
            bits,
            starts,
            rows: <[u32]>::ref_from_bytes(rows).ok()?,
            checks,
        })
    }

    fn find(self, key: u32) -> impl Iterator<Item = u32> + use<'a> {
        let bucket = (key >> (32 - self.bits)) as usize;
        let range = self.starts[bucket] as usize..self.starts[bucket + 1] as usize;
        let rows = &self.rows[range.clone()];
        let checks = &self.checks[range];
        rows.iter()
            .zip(checks)
            .filter(move |(_, check)| **check == key as u16)
            .map(|(row, _)| *row)
    }
}

fn read_names(text: &str, names: &mut Names) -> Option<()> {
    for line in text.lines() {
        let (count, key) = line.split_once('\t')?;
        let id = names.add(key);
        names.set_count(id, count.parse().ok()?);
    }
    Some(())
}
