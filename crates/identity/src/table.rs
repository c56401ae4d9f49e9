//! A file of records, read once: numbers to compare and the identifiers to
//! give back. Bad lines go to whoever wants to keep them.

use std::io::Read;

use rustc_hash::FxHashMap;
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
    ends: Vec<u64>,
}

impl Table {
    /// The identifier of a record.
    pub fn id(&self, row: usize) -> &str {
        let start = if row == 0 { 0 } else { self.ends[row - 1] };
        &self.ids[start as usize..self.ends[row] as usize]
    }

    /// Adds a record; the caller has made its row with this table's lists.
    pub fn push(&mut self, id: &str, row: Row) {
        self.rows.push(row);
        self.ids.push_str(id);
        self.ends.push(self.ids.len() as u64);
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
        let mut seen: FxHashMap<u64, u32> = FxHashMap::default();
        let mut joined: Vec<Vec<u8>> = vec![Vec::new(); COLUMNS.len()];
        let begin = self.rows.len();
        while reader.next()? {
            let line = reader.line;
            let mut fields: [&[u8]; COLUMNS.len()] = [&[]; COLUMNS.len()];
            for (i, of) in columns.iter().enumerate() {
                match of.as_slice() {
                    [] => {}
                    [one] => fields[i] = reader.field(*one),
                    many => {
                        joined[i].clear();
                        for column in many {
                            let part = reader.field(*column);
                            if !part.is_empty() {
                                if !joined[i].is_empty() {
                                    joined[i].push(b' ');
                                }
                                joined[i].extend_from_slice(part);
                            }
                        }
                    }
                }
            }
            for (i, of) in columns.iter().enumerate() {
                if of.len() > 1 {
                    fields[i] = &joined[i];
                }
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
            if !repeats {
                let hash = hash(id.as_bytes());
                if let Some(before) = seen.insert(hash, self.rows.len() as u32)
                    && self.id(before as usize) == id
                {
                    refuse("this rec_id came before: each record needs its own".to_owned());
                    seen.insert(hash, before);
                    continue;
                }
            }
            if Dob::read(fields[5]).is_none() {
                refuse(format!(
                    "“{}” is not a date: read as not known",
                    reader::text(fields[5])
                ));
            }
            let latin: Vec<Vec<u8>>;
            if fields
                .iter()
                .any(|f| !f.is_ascii() && std::str::from_utf8(f).is_err())
            {
                latin = fields
                    .iter()
                    .map(|f| reader::text(f).into_owned().into_bytes())
                    .collect();
                for (field, text) in fields.iter_mut().zip(&latin) {
                    *field = text;
                }
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

    /// No more records will come: gives back the memory of reading.
    pub fn close(&mut self) {
        self.lists.names.close();
        self.lists.streets.close();
        self.rows.shrink_to_fit();
        self.ids.shrink_to_fit();
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
                buffer: vec![0; 1 << 18],
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
