//! A file as text, whatever its encoding: hands out UTF-8 in pieces, knows
//! line and column, and refuses to swallow a piece without end.
//!
//! UTF-8 passes through. Bytes that are no UTF-8 are read as Windows-1252
//! (what spreadsheets write); UTF-16 is known by its mark. Both are told.

use std::io::{self, BufRead, Read};

/// How many bytes one piece of markup or one value may have.
const LONGEST: u64 = 1 << 20;
const CHUNK: usize = 1 << 16;

/// What a file turned out to be written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with or without its mark.
    Utf8,
    /// UTF-16, low byte first.
    Utf16Little,
    /// UTF-16, high byte first.
    Utf16Big,
}

/// A reader of text that knows where it is.
pub struct Source<R> {
    inner: R,
    raw: Vec<u8>,
    text: Vec<u8>,
    at: usize,
    ended: bool,
    started: bool,
    encoding: Encoding,
    line: u64,
    column: u64,
    since_mark: u64,
    /// The first byte that was no UTF-8, as line and column.
    pub first_odd: Option<(u64, u64)>,
    /// How many bytes were no UTF-8.
    pub odd: u64,
}

/// Windows-1252 for 0x80 to 0x9F; zero where it has no letter.
const WINDOWS: [u32; 32] = [
    0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039,
    0x0152, 0, 0x017D, 0, 0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC,
    0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E, 0x0178,
];

fn windows(byte: u8) -> char {
    let code = match byte {
        0x80..=0x9f => WINDOWS
            .get(usize::from(byte - 0x80))
            .copied()
            .filter(|code| *code != 0)
            .unwrap_or(0xfffd),
        other => u32::from(other),
    };
    char::from_u32(code).unwrap_or('\u{fffd}')
}

impl<R: Read> Source<R> {
    /// Begins to read.
    pub fn new(inner: R) -> Self {
        Self {
            inner,
            raw: Vec::new(),
            text: Vec::new(),
            at: 0,
            ended: false,
            started: false,
            encoding: Encoding::Utf8,
            line: 1,
            column: 1,
            since_mark: 0,
            first_odd: None,
            odd: 0,
        }
    }

    /// The line and column (in bytes) of what comes next, from 1.
    pub fn position(&self) -> (u64, u64) {
        (self.line, self.column)
    }

    /// What the file is written in, known after the first read.
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// Says that a new piece begins here: the limit counts from this place.
    pub fn mark(&mut self) {
        self.since_mark = 0;
    }

    /// Passes over text until just before `stop`, in whatever shape the text
    /// is. `false` when the file ends first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn skip_to(&mut self, stop: &[u8]) -> io::Result<bool> {
        loop {
            self.mark();
            let buffer = self.fill_buf()?;
            if buffer.is_empty() {
                return Ok(false);
            }
            let found = buffer.windows(stop.len()).position(|at| at == stop);
            let pass = found.unwrap_or_else(|| (buffer.len() + 1).saturating_sub(stop.len()));
            if pass == 0 && found.is_none() {
                // A tail shorter than `stop`: join it with what follows.
                if !self.more()? {
                    let rest = self.text.len() - self.at;
                    self.consume(rest);
                    return Ok(false);
                }
                continue;
            }
            self.consume(pass);
            if found.is_some() {
                return Ok(true);
            }
        }
    }

    fn read_raw(&mut self) -> io::Result<()> {
        let before = self.raw.len();
        self.raw.resize(before + CHUNK, 0);
        loop {
            match self.inner.read(&mut self.raw[before..]) {
                Ok(read) => {
                    self.raw.truncate(before + read);
                    self.ended = read == 0;
                    return Ok(());
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.raw.truncate(before);
                    return Err(error);
                }
            }
        }
    }

    /// Adds text behind what is not yet consumed; `false` at the end.
    fn more(&mut self) -> io::Result<bool> {
        self.text.drain(..self.at);
        self.at = 0;
        let before = self.text.len();
        while self.text.len() == before {
            if self.ended && self.raw.is_empty() {
                return Ok(false);
            }
            if !self.ended {
                self.read_raw()?;
            }
            if !self.started {
                while self.raw.len() < 3 && !self.ended {
                    self.read_raw()?;
                }
                self.begin();
            }
            match self.encoding {
                Encoding::Utf8 => self.take_utf8(),
                Encoding::Utf16Little | Encoding::Utf16Big => self.take_utf16(),
            }
        }
        Ok(true)
    }

    fn begin(&mut self) {
        self.started = true;
        let (encoding, mark) = match self.raw.as_slice() {
            [0xff, 0xfe, ..] => (Encoding::Utf16Little, 2),
            [0xfe, 0xff, ..] => (Encoding::Utf16Big, 2),
            [b'<', 0, ..] => (Encoding::Utf16Little, 0),
            [0, b'<', ..] => (Encoding::Utf16Big, 0),
            [0xef, 0xbb, 0xbf, ..] => (Encoding::Utf8, 3),
            _ => (Encoding::Utf8, 0),
        };
        self.encoding = encoding;
        self.raw.drain(..mark);
    }

    fn take_utf8(&mut self) {
        let mut from = 0;
        while from < self.raw.len() {
            match std::str::from_utf8(&self.raw[from..]) {
                Ok(good) => {
                    self.text.extend_from_slice(good.as_bytes());
                    from = self.raw.len();
                }
                Err(error) => {
                    let good = from + error.valid_up_to();
                    self.text.extend_from_slice(&self.raw[from..good]);
                    from = good;
                    if error.error_len().is_none() && !self.ended {
                        break;
                    }
                    let Some(byte) = self.raw.get(from) else {
                        break;
                    };
                    let mut room = [0; 4];
                    let letter = windows(*byte).encode_utf8(&mut room);
                    self.note_odd();
                    self.text.extend_from_slice(letter.as_bytes());
                    from += 1;
                }
            }
        }
        self.raw.drain(..from);
    }

    fn note_odd(&mut self) {
        self.odd += 1;
        if self.first_odd.is_none() {
            let mut place = (self.line, self.column);
            advance(&mut place, &self.text[self.at..]);
            self.first_odd = Some(place);
        }
    }

    fn take_utf16(&mut self) {
        let whole = if self.ended {
            self.raw.len()
        } else {
            // Keep the last four bytes: a letter may be cut there.
            self.raw.len().saturating_sub(4) & !1
        };
        let units = self.raw[..whole].chunks(2).map(|pair| match pair {
            [a, b] if self.encoding == Encoding::Utf16Little => u16::from_le_bytes([*a, *b]),
            [a, b] => u16::from_be_bytes([*a, *b]),
            _ => 0xfffd,
        });
        let mut units: Vec<u16> = units.collect();
        let mut used = whole;
        if !self.ended
            && units
                .last()
                .is_some_and(|last| (0xd800..0xdc00).contains(last))
        {
            units.pop();
            used -= 2;
        }
        let mut room = [0; 4];
        for letter in char::decode_utf16(units) {
            let letter = letter.unwrap_or('\u{fffd}').encode_utf8(&mut room);
            self.text.extend_from_slice(letter.as_bytes());
        }
        self.raw.drain(..used);
    }
}

fn advance(place: &mut (u64, u64), passed: &[u8]) {
    let lines = passed.iter().filter(|c| **c == b'\n').count() as u64;
    if lines > 0 {
        place.0 += lines;
        let after = passed.iter().rev().take_while(|c| **c != b'\n').count();
        place.1 = after as u64 + 1;
    } else {
        place.1 += passed.len() as u64;
    }
}

impl<R: Read> Read for Source<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        self.mark();
        let from = self.fill_buf()?;
        let count = from.len().min(to.len());
        to[..count].copy_from_slice(&from[..count]);
        self.consume(count);
        Ok(count)
    }
}

impl<R: Read> BufRead for Source<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.since_mark > LONGEST {
            return Err(io::Error::new(
                io::ErrorKind::FileTooLarge,
                "more than 1 MB without a new tag",
            ));
        }
        if self.at == self.text.len() {
            self.more()?;
        }
        Ok(&self.text[self.at..])
    }

    fn consume(&mut self, count: usize) {
        let end = (self.at + count).min(self.text.len());
        let mut place = (self.line, self.column);
        advance(&mut place, &self.text[self.at..end]);
        (self.line, self.column) = place;
        self.since_mark += (end - self.at) as u64;
        self.at = end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn all(bytes: &[u8]) -> (String, Source<&[u8]>) {
        let mut source = Source::new(bytes);
        let mut text = String::new();
        source.read_to_string(&mut text).unwrap();
        (text, source)
    }

    #[test]
    fn marks_windows_letters_and_utf16_are_read() {
        assert_eq!(all(b"\xef\xbb\xbfa\nb").0, "a\nb");
        let (text, source) = all(b"ab\nZo\xeb \x93x\x94");
        assert_eq!(text, "ab\nZo\u{eb} \u{201c}x\u{201d}");
        assert_eq!((source.first_odd, source.odd), (Some((2, 3)), 3));
        let mut wide = vec![0xff, 0xfe];
        wide.extend("<é😀>".encode_utf16().flat_map(u16::to_le_bytes));
        assert_eq!(all(&wide).0, "<é😀>");
    }

    #[test]
    fn a_piece_without_end_is_refused_at_its_place() {
        let long = vec![b'x'; 3 << 20];
        let mut source = Source::new(long.as_slice());
        let error = source.read_until(b'<', &mut Vec::new()).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::FileTooLarge);
    }

    #[test]
    fn skipping_finds_a_stop_across_pieces() {
        let mut bytes = vec![b'.'; CHUNK - 2];
        bytes.extend(b"<Child>rest");
        let mut source = Source::new(bytes.as_slice());
        assert!(source.skip_to(b"<Child>").unwrap());
        assert_eq!(source.position(), (1, CHUNK as u64 - 1));
        assert!(!source.skip_to(b"<Nothing>").unwrap());
    }

    proptest! {
        #[test]
        fn any_bytes_become_text(bytes: Vec<u8>) {
            let (text, source) = all(&bytes);
            let lines = text.matches('\n').count() as u64;
            prop_assert_eq!(source.position().0, lines + 1);
        }

        #[test]
        fn text_comes_back_as_it_was(text in "[^\\x00\\x{feff}]{0,200}") {
            prop_assert_eq!(all(text.as_bytes()).0, text);
        }
    }
}
