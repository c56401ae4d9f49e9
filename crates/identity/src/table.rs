//! A file of records, read once: numbers to compare and the identifiers to
//! give back. Bad lines go to whoever wants to keep them.

use std::io::Read;

use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use serde::{Deserialize, Serialize};

use crate::dob::Dob;
use crate::row::{Lists, Row, Source};

/// The columns that are read, by the names they have in a file that needs no
/// mapping.
pub const COLUMNS: [&str; 14] = [
    "rec_id", "source", "given", "middle", "family", "dob", "sex", "address", "postcode", "nhs",
    "upn", "school", "parent", "parent2",
];

/// Which columns of a file hold what: our name to the file's name or names
/// (several are read one after another with a space between).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mapping(pub std::collections::BTreeMap<String, Vec<String>>);

/// Why a file cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum BadFile {
    /// The bytes do not come.
    #[error("{0}")]
    Read(#[from] std::io::Error),
    /// Nothing in it.
    #[error(
        "the file is empty: it needs a header line such as rec_id,source,given,middle,family,dob,sex,address,postcode,nhs"
    )]
    Empty,
    /// No header, or one that lacks what is needed.
    #[error(
        "the first line is not a header we can use: no column “{column}” (found: {found}). Give the file a header line, or say which column it is: --map {column}=NAME"
    )]
    Column {
        /// The column that is missing.
        column: String,
        /// What the first line holds.
        found: String,
    },
    /// Two columns of one name.
    #[error("the header names the column “{0}” twice: rename one of them")]
    Twice(String),
    /// Not text.
    #[error(
        "this is not a CSV text file (it begins with the bytes of {0}): export it as CSV, UTF-8"
    )]
    Format(&'static str),
}

/// A line that was not taken, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejected {
    /// The line's number, the header being 1 (records of several lines count as one).
    pub line: u64,
    /// The identifier, as far as there is one.
    pub rec_id: String,
    /// Why, in words.
    pub why: String,
}

/// Records of one or two files.
#[derive(Debug, Default)]
pub struct Table {
    /// The records.
    pub rows: Vec<Row>,
    /// Their names.
    pub lists: Lists,
    /// How many records come from the first file.
    pub first: usize,
    ids: String,
    /// Where each record's identifier ends in `ids`, and its length in the
    /// low sixteen bits.
    places: Vec<u64>,
}

impl Table {
    /// The identifier of a record.
    pub fn id(&self, row: usize) -> &str {
        let (end, len) = (self.places[row] >> 16, self.places[row] & 0xffff);
        &self.ids[(end - len) as usize..end as usize]
    }

    /// Where a record stood in what was read, to compare with another's.
    pub fn stood(&self, row: usize) -> u64 {
        self.places[row] >> 16
    }

    /// Adds a record; the caller has made its row with this table's lists.
    pub fn push(&mut self, id: &str, row: Row) {
        // An identifier of more than 65,535 bytes is none that a system makes.
        let id = id.get(..id.len().min(0xffff)).unwrap_or_default();
        self.rows.push(row);
        self.ids.push_str(id);
        self.places
            .push((self.ids.len() as u64) << 16 | id.len() as u64);
    }

    /// Reads a CSV file to the end. What cannot be used goes to `reject`: a
    /// line without identifier, an identifier that came before (unless
    /// `repeats`, where it is another name or home of the same person).
    /// A field that is no date is read as not known and told of.
    pub fn read(
        &mut self,
        mut from: impl Read,
        mapping: &Mapping,
        repeats: bool,
        mut reject: impl FnMut(Rejected),
        mut progress: impl FnMut(usize),
    ) -> Result<(), BadFile> {
        let mut reader = Lines::new(&mut from)?;
        let columns = reader.header(mapping)?;
        let mut seen = Seen::default();
        let mut joined: Vec<Vec<u8>> = vec![Vec::new(); COLUMNS.len()];
        let begin = self.rows.len();
        while reader.next()? {
            let line = reader.line;
            let mut fields: [&[u8]; COLUMNS.len()] = [&[]; COLUMNS.len()];
            for (of, joined) in columns.iter().zip(&mut joined).filter(|c| c.0.len() > 1) {
                joined.clear();
                for part in of.iter().map(|column| reader.field(*column)) {
                    if !joined.is_empty() && !part.is_empty() {
                        joined.push(b' ');
                    }
                    joined.extend_from_slice(part);
                }
            }
            for ((of, joined), field) in columns.iter().zip(&joined).zip(&mut fields) {
                *field = match of.as_slice() {
                    [] => &[],
                    [one] => reader.field(*one),
                    _ => joined,
                };
            }
            let id = reader::text(fields[0]);
            let mut refuse = |why: String| {
                reject(Rejected {
                    line,
                    rec_id: id.to_string(),
                    why,
                });
            };
            if reader.n_fields != reader.n_columns {
                refuse(format!(
                    "{} fields where the header has {}: a comma or quote is missing",
                    reader.n_fields, reader.n_columns
                ));
                continue;
            }
            if id.is_empty() {
                refuse("no rec_id".to_owned());
                continue;
            }
            let latin: Vec<Vec<u8>>;
            if !reader.is_ascii() && fields.iter().any(|f| std::str::from_utf8(f).is_err()) {
                latin = fields
                    .iter()
                    .map(|f| reader::text(f).into_owned().into_bytes())
                    .collect();
                for (field, text) in fields.iter_mut().zip(&latin) {
                    *field = text;
                }
            }
            let is_dated = Dob::read(fields[5]).is_some();
            // Right before the names are looked up, so that both wait together.
            if !repeats {
                let next = self.rows.len() as u32;
                if seen.before(&id, next, |row| self.id(row as usize) == id) {
                    refuse("this rec_id came before: each record needs its own".to_owned());
                    continue;
                }
            }
            if !is_dated {
                refuse(format!(
                    "“{}” is not a date: read as not known",
                    reader::text(fields[5])
                ));
            }
            let source = Source {
                given: fields[2],
                middle: fields[3],
                family: fields[4],
                dob: fields[5],
                sex: fields[6],
                address: fields[7],
                postcode: fields[8],
                nhs: fields[9],
                upn: fields[10],
                school: fields[11],
                parent: fields[12],
                parent2: fields[13],
            };
            let row = Row::read(&source, &mut self.lists);
            self.push(&id, row);
            if self.rows.len().is_multiple_of(65_536) {
                progress(self.rows.len() - begin);
            }
        }
        if self.first == 0 {
            self.first = self.rows.len();
        }
        Ok(())
    }

    /// No more records will come: gives back the memory of reading, and puts
    /// the records of each file in the order of their dates of birth. Pairs
    /// mostly share the day, so what is compared then lies together in memory.
    pub fn close(&mut self) {
        self.lists.names.close();
        self.lists.streets.close();
        self.ids.shrink_to_fit();
        let first = self.first;
        let mut order: Vec<u64> = self
            .rows
            .iter()
            .enumerate()
            .map(|(i, row)| {
                let file = u64::from(i >= first) << 21;
                (file | u64::from(row.dob.date())) << 32 | i as u64
            })
            .collect();
        crate::block::sort_by_key(&mut order, &mut Vec::new());
        let from = |e: &u64| (e & 0xffff_ffff) as usize;
        self.rows = order.iter().map(|e| self.rows[from(e)]).collect();
        self.places = order.iter().map(|e| self.places[from(e)]).collect();
    }
}

/// Identifiers that came before: 32 bits of the hash of each, and its row.
#[derive(Default)]
struct Seen(HashTable<(u32, u32)>);

impl Seen {
    /// Whether an identifier came before; if not, it is this row's from now on.
    fn before(&mut self, id: &str, row: u32, is_same: impl Fn(u32) -> bool) -> bool {
        let short = (hash(id.as_bytes()).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as u32;
        // The table reads the first bits and the last.
        let long = |short: u32| u64::from(short) << 32 | u64::from(short);
        let is_this = |entry: &(u32, u32)| entry.0 == short && is_same(entry.1);
        match self.0.entry(long(short), is_this, |entry| long(entry.0)) {
            Entry::Occupied(_) => true,
            Entry::Vacant(place) => {
                place.insert((short, row));
                false
            }
        }
    }
}

pub(crate) fn hash(bytes: &[u8]) -> u64 {
    use std::hash::Hasher;
    let mut hasher = rustc_hash::FxHasher::default();
    hasher.write(bytes);
    hasher.finish()
}

use reader::Lines;

/// CSV lines without an allocation for each.
mod reader {
    use std::borrow::Cow;
    use std::io::Read;

    use super::{BadFile, COLUMNS, Mapping};

    /// A reader of records.
    pub struct Lines<'a> {
        from: &'a mut dyn Read,
        csv: csv_core::Reader,
        buffer: Vec<u8>,
        filled: usize,
        at: usize,
        out: Vec<u8>,
        ends: Vec<usize>,
        ended: bool,
        /// Fields of the record at hand.
        pub n_fields: usize,
        /// Fields of the header.
        pub n_columns: usize,
        /// The record's number, the header being 1.
        pub line: u64,
    }

    /// The bytes as text: UTF-8, or Windows-1252 where they are not.
    pub fn text(bytes: &[u8]) -> Cow<'_, str> {
        match std::str::from_utf8(bytes) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) => Cow::Owned(bytes.iter().map(|b| windows_1252(*b)).collect()),
        }
    }

    fn windows_1252(byte: u8) -> char {
        const UPPER: [char; 32] = [
            '€', ' ', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', ' ', 'Ž', ' ', ' ',
            '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', ' ', 'ž', 'Ÿ',
        ];
        match byte {
            0x80..=0x9f => UPPER[usize::from(byte - 0x80)],
            _ => char::from(byte),
        }
    }

    impl<'a> Lines<'a> {
        /// Begins to read; refuses what is plainly no CSV.
        pub fn new(from: &'a mut dyn Read) -> Result<Self, BadFile> {
            let mut lines = Self {
                from,
                csv: csv_core::Reader::new(),
                buffer: vec![0; 1 << 16],
                filled: 0,
                at: 0,
                out: vec![0; 1 << 12],
                ends: vec![0; 64],
                ended: false,
                n_fields: 0,
                n_columns: 0,
                line: 0,
            };
            lines.fill()?;
            let start = &lines.buffer[..lines.filled];
            for (magic, what) in [
                (&b"PK\x03\x04"[..], "a spreadsheet or zip file"),
                (b"\xd0\xcf\x11\xe0", "an old spreadsheet"),
                (b"\xff\xfe", "UTF-16 text"),
                (b"\xfe\xff", "UTF-16 text"),
                (b"%PDF", "a PDF"),
            ] {
                if start.starts_with(magic) {
                    return Err(BadFile::Format(what));
                }
            }
            if start.starts_with(b"\xef\xbb\xbf") {
                lines.at = 3;
            }
            Ok(lines)
        }

        fn fill(&mut self) -> Result<(), BadFile> {
            self.at = 0;
            self.filled = 0;
            while self.filled < self.buffer.len() && !self.ended {
                match self.from.read(&mut self.buffer[self.filled..]) {
                    Ok(0) => self.ended = true,
                    Ok(n) => self.filled += n,
                    Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                    Err(error) => return Err(error.into()),
                }
            }
            Ok(())
        }

        /// Reads the next record; `false` at the end.
        pub fn next(&mut self) -> Result<bool, BadFile> {
            use csv_core::ReadRecordResult as R;
            let (mut written, mut fields) = (0, 0);
            loop {
                if self.at == self.filled && !self.ended {
                    self.fill()?;
                }
                let input = &self.buffer[self.at..self.filled];
                let (result, read, wrote, ended) =
                    self.csv
                        .read_record(input, &mut self.out[written..], &mut self.ends[fields..]);
                self.at += read;
                written += wrote;
                fields += ended;
                match result {
                    R::InputEmpty => {}
                    R::OutputFull => self.out.resize(self.out.len() * 2, 0),
                    R::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
                    R::Record => {
                        self.line += 1;
                        self.n_fields = fields;
                        return Ok(true);
                    }
                    R::End => return Ok(false),
                }
            }
        }

        /// A field of the record at hand, without spaces around it; empty when
        /// the record is too short.
        pub fn field(&self, i: usize) -> &[u8] {
            if i >= self.n_fields {
                return &[];
            }
            let start = if i == 0 { 0 } else { self.ends[i - 1] };
            self.out[start..self.ends[i]].trim_ascii()
        }

        /// Whether the record at hand is plain text.
        pub fn is_ascii(&self) -> bool {
            let end = match self.n_fields {
                0 => 0,
                n => self.ends[n - 1],
            };
            self.out[..end].is_ascii()
        }

        /// Reads the header and finds our columns in it.
        pub fn header(&mut self, mapping: &Mapping) -> Result<Vec<Vec<usize>>, BadFile> {
            if !self.next()? {
                return Err(BadFile::Empty);
            }
            self.n_columns = self.n_fields;
            let names: Vec<String> = (0..self.n_fields)
                .map(|i| text(self.field(i)).to_lowercase())
                .collect();
            for (i, name) in names.iter().enumerate() {
                if !name.is_empty() && names[..i].contains(name) {
                    return Err(BadFile::Twice(name.clone()));
                }
            }
            let missing = |column: &str| BadFile::Column {
                column: column.to_owned(),
                found: names
                    .iter()
                    .take(12)
                    .cloned()
                    .collect::<Vec<_>>()
                    .join(", "),
            };
            let find = |name: &str| names.iter().position(|n| *n == name.to_lowercase());
            let mut columns = Vec::new();
            for ours in COLUMNS {
                columns.push(match mapping.0.get(ours) {
                    Some(theirs) => {
                        let found = theirs
                            .iter()
                            .map(|name| find(name).ok_or_else(|| missing(name)));
                        found.collect::<Result<Vec<usize>, BadFile>>()?
                    }
                    None => find(ours).into_iter().collect(),
                });
            }
            for (ours, of) in COLUMNS.iter().zip(&columns) {
                if of.is_empty() && matches!(*ours, "rec_id" | "given" | "family") {
                    return Err(missing(ours));
                }
            }
            Ok(columns)
        }
    }
}
