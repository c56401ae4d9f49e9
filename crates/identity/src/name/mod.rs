//! Names once each: every distinct name is normalised, taken apart and coded
//! when it is first met, and is a number from then on.
//!
//! A [`Names`] holds given names, family names and streets alike. It counts
//! how often each occurs, so that sharing "Smith" says less than sharing
//! "Quilliam".

mod alike;
mod sound;
mod tables;

use rustc_hash::FxHashMap;
use vocabulary::name_key;

use alike::Letters;
pub use alike::{How, jaro_winkler, one_slip};
use tables::tables;

/// The number of a name in a [`Names`]; 0 is no name.
pub type NameId = u32;

/// What a text in a name field is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A name.
    Name,
    /// Nothing, or a word for nothing ("unknown").
    None,
    /// A word for a child who has no name yet ("baby", "unborn", "twin 1").
    NotYet,
}

/// A name as it is compared.
#[derive(Debug, Clone)]
pub struct Name {
    start: u32,
    len: u16,
    /// What the text is.
    pub kind: Kind,
    /// Whether it only joins other words ("de", "al").
    is_particle: bool,
    /// The name without spaces, as a name.
    pub joined: NameId,
    /// How many words it has (at most [`MOST_WORDS`] are kept).
    words: [NameId; MOST_WORDS],
    n_words: u8,
    n_groups: u8,
    /// Where the numbers of its groups begin.
    groups: u32,
    /// The code of its sound, without spaces.
    pub sound: u32,
    /// The code of its spelling, without an ending that follows the bearer's sex.
    spelling: u32,
    /// Its letters, without spaces.
    letters: Letters,
}

/// Words of one name that are looked at.
pub const MOST_WORDS: usize = 4;

/// Every distinct name of a set of records.
#[derive(Debug, Clone)]
pub struct Names {
    text: String,
    all: Vec<Name>,
    /// How many records bear each: apart, because reading a file counts a
    /// bearer for every field and needs nothing else of a name it knows.
    counts: Vec<u32>,
    groups: Vec<u16>,
    by_key: FxHashMap<Box<str>, NameId>,
    /// Names as they were written: most are short and lie in the table itself.
    by_raw: FxHashMap<Box<[u8]>, NameId>,
    by_short: FxHashMap<[u64; 3], NameId>,
    /// The last name that is in one of these.
    last_raw: NameId,
}

impl Default for Names {
    fn default() -> Self {
        let mut names = Self {
            text: String::new(),
            all: Vec::new(),
            counts: Vec::new(),
            groups: Vec::new(),
            by_key: FxHashMap::default(),
            by_raw: FxHashMap::default(),
            by_short: FxHashMap::default(),
            last_raw: 0,
        };
        names.add("");
        names
    }
}

/// Words that join a family name and say nothing of their own.
const PARTICLES: [&str; 24] = [
    "da", "de", "do", "dos", "das", "del", "della", "di", "du", "la", "le", "el", "al", "ul", "ud",
    "bin", "binti", "ibn", "van", "von", "der", "den", "mac", "mc",
];

fn kind_of(key: &str) -> Kind {
    let mut words = key.split(' ');
    match words.next().unwrap_or_default() {
        "" | "unknown" | "unk" | "na" | "none" | "null" | "nan" | "not" | "unnamed" | "anon"
        | "withheld" => Kind::None,
        "baby" | "unborn" | "infant" | "newborn" | "fetus" | "foetus" | "expected" | "babyof" => {
            Kind::NotYet
        }
        "twin" | "triplet" if words.next().is_none_or(|w| w.len() <= 2) => Kind::NotYet,
        "child" | "boy" | "girl" | "male" | "female"
            if key.len() < 9 || words.next() == Some("of") =>
        {
            Kind::NotYet
        }
        _ if key.bytes().all(|b| b.is_ascii_digit()) => Kind::None,
        _ => Kind::Name,
    }
}

/// No text.
const EMPTY: [u64; 3] = [0; 3];

/// A text of at most 23 bytes as three numbers, its length in the last byte.
fn short(raw: &[u8]) -> Option<[u64; 3]> {
    if raw.len() > 23 {
        return None;
    }
    let word = |at: usize| match raw.get(at..).unwrap_or_default() {
        [a, b, c, d, e, f, g, h, ..] => u64::from_le_bytes([*a, *b, *c, *d, *e, *f, *g, *h]),
        rest => rest
            .iter()
            .rev()
            .fold(0, |word, b| word << 8 | u64::from(*b)),
    };
    Some([word(0), word(8), word(16) | (raw.len() as u64) << 56])
}

impl Names {
    /// The number of a name as it was written, in any script. It counts as
    /// borne by one more record.
    pub fn read(&mut self, raw: &[u8]) -> NameId {
        let [id] = self.read_all([raw]);
        id
    }

    /// The same for several names. All are looked up before one is used, so that
    /// the look-ups, which wait for memory, wait together.
    pub fn read_all<const N: usize>(&mut self, raw: [&[u8]; N]) -> [NameId; N] {
        let shorts = raw.map(short);
        let known = shorts.map(|short| match short {
            Some(EMPTY) | None => None,
            Some(short) => self.by_short.get(&short).copied(),
        });
        std::array::from_fn(|i| {
            if raw[i].is_empty() {
                return 0;
            }
            let id = known[i].unwrap_or_else(|| self.read_seldom(raw[i], shorts[i]));
            self.counts[id as usize] += 1;
            id
        })
    }

    /// The number of a name that is long or new.
    #[cold]
    fn read_seldom(&mut self, raw: &[u8], short: Option<[u64; 3]>) -> NameId {
        let known = match &short {
            Some(short) => self.by_short.get(short),
            None => self.by_raw.get(raw),
        };
        if let Some(id) = known {
            return *id;
        }
        let key = name_key(&String::from_utf8_lossy(raw));
        let id = self.add(&key);
        match short {
            Some(short) => self.by_short.insert(short, id),
            None => self.by_raw.insert(raw.into(), id),
        };
        self.last_raw = self.last_raw.max(id);
        id
    }

    /// Other spellings and short names of a normalised name, with whether it is
    /// a short one.
    pub fn also(key: &str) -> Vec<(&'static str, bool)> {
        let mut found = Vec::new();
        for group in tables().groups(key) {
            for word in tables().words(*group).filter(|w| *w != key) {
                found.push((word, group % 2 == 1));
            }
        }
        found
    }

    /// The number of a normalised name.
    pub fn add(&mut self, key: &str) -> NameId {
        if let Some(id) = self.by_key.get(key) {
            return *id;
        }
        let id = self.all.len() as NameId;
        let start = self.text.len() as u32;
        self.text.push_str(key);
        let joined: String = key.split(' ').collect();
        let (sound, mut spelling) = sound::codes(&joined);
        if let Some(plain) = sound::without_gender(&joined) {
            spelling = sound::codes(&plain).1;
        }
        let groups = tables().groups(&joined);
        let at = self.groups.len() as u32;
        self.groups.extend_from_slice(groups);
        self.all.push(Name {
            start,
            len: key.len().min(usize::from(u16::MAX)) as u16,
            kind: kind_of(key),
            is_particle: PARTICLES.contains(&key),
            joined: id,
            words: [id, 0, 0, 0],
            n_words: u8::from(!key.is_empty()),
            n_groups: groups.len() as u8,
            groups: at,
            sound,
            spelling,
            letters: Letters::of(joined.as_bytes()),
        });
        self.counts.push(0);
        self.by_key.insert(key.into(), id);
        if key.contains(' ') {
            let mut words = [0; MOST_WORDS];
            let mut n = 0;
            for word in key.split(' ').filter(|w| !w.is_empty()).take(MOST_WORDS) {
                words[n] = self.add(word);
                n += 1;
            }
            let joined = self.add(&joined);
            let name = &mut self.all[id as usize];
            name.words = words;
            name.n_words = n as u8;
            name.joined = joined;
        }
        id
    }

    /// The name with this number.
    pub fn get(&self, id: NameId) -> &Name {
        &self.all[id as usize]
    }

    /// The number of a normalised name that is known already.
    pub fn find(&self, key: &str) -> Option<NameId> {
        self.by_key.get(key).copied()
    }

    /// The normalised text.
    pub fn text(&self, id: NameId) -> &str {
        let name = self.get(id);
        &self.text[name.start as usize..name.start as usize + usize::from(name.len)]
    }

    /// The words of a name, in order.
    pub fn words(&self, id: NameId) -> &[NameId] {
        let name = self.get(id);
        &name.words[..usize::from(name.n_words)]
    }

    /// How many names there are; their numbers are 0 up to this.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether there is no name but the empty one.
    pub fn is_empty(&self) -> bool {
        self.all.len() <= 1
    }

    /// How many records bear a name.
    pub fn count(&self, id: NameId) -> u32 {
        self.counts[id as usize]
    }

    /// Sets how many records bear a name.
    pub fn set_count(&mut self, id: NameId, count: u32) {
        self.counts[id as usize] = count;
    }

    /// Forgets all names from this number on: those of a question, which must
    /// not make the lists grow.
    pub fn truncate(&mut self, len: usize) {
        while self.all.len() > len.max(1) {
            if let Some(name) = self.all.pop() {
                let start = name.start as usize;
                let key = &self.text[start..start + usize::from(name.len)];
                self.by_key.remove(key);
                self.counts.pop();
                self.groups.truncate(name.groups as usize);
                self.text.truncate(start);
            }
        }
        if self.last_raw as usize >= len {
            self.by_raw.retain(|_, id| (*id as usize) < len);
            self.by_short.retain(|_, id| (*id as usize) < len);
            self.last_raw = 0;
        }
    }

    /// The number of a name as it was written, without counting a bearer.
    pub fn ask(&mut self, raw: &str) -> NameId {
        let key = name_key(raw);
        self.add(&key)
    }

    /// Forgets how names were written: no more of them will be read.
    pub fn close(&mut self) {
        self.by_raw = FxHashMap::default();
        self.by_short = FxHashMap::default();
        self.all.shrink_to_fit();
        self.counts.shrink_to_fit();
    }

    /// Whether a word only joins others ("de", "al").
    pub fn is_particle(&self, word: NameId) -> bool {
        self.get(word).is_particle
    }

    fn groups_of(&self, id: NameId) -> &[u16] {
        let name = self.get(id);
        &self.groups[name.groups as usize..][..usize::from(name.n_groups)]
    }

    /// Whether two names sound the same, or are spelt so that they would.
    pub fn same_code(&self, a: NameId, b: NameId) -> bool {
        let (x, y) = (self.get(a), self.get(b));
        (x.sound == y.sound && x.sound != 0) || x.spelling == y.spelling
    }

    /// How alike two words, or two names taken whole, are.
    pub fn alike(&self, a: NameId, b: NameId) -> How {
        self.known_alike(a, b).unwrap_or_else(|| {
            let (x, y) = (self.get(a), self.get(b));
            let same_sound = x.sound == y.sound && x.sound != 0;
            if x.letters.rule_out(y.letters, same_sound) {
                return How::Different;
            }
            let text = |name: &Name| self.text(name.joined).as_bytes();
            alike::letters(text(x), text(y), same_sound)
        })
    }

    /// The same where it is known without looking at letters: [`How::Same`],
    /// [`How::Spelling`] or [`How::Short`].
    pub fn known_alike(&self, a: NameId, b: NameId) -> Option<How> {
        if a == b {
            return Some(How::Same);
        }
        let (x, y) = (self.get(a), self.get(b));
        if x.joined == y.joined {
            return Some(How::Same);
        }
        let (a, b) = (x.joined, y.joined);
        let (ga, gb) = (self.groups_of(a), self.groups_of(b));
        if !ga.is_empty() && !gb.is_empty() {
            let mut short = false;
            for group in ga {
                if gb.contains(group) {
                    if group % 2 == 0 {
                        return Some(How::Spelling);
                    }
                    short = true;
                }
            }
            if short {
                return Some(How::Short);
            }
        }
        let same = x.spelling == y.spelling && self.text(a).len().min(self.text(b).len()) > 2;
        same.then_some(How::Spelling)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn how(a: &str, b: &str) -> How {
        let mut names = Names::default();
        let (a, b) = (names.read(a.as_bytes()), names.read(b.as_bytes()));
        names.alike(a, b)
    }

    #[test]
    fn names_people_know_to_be_one() {
        for (a, b, expected) in [
            ("Zoë", "ZOE", How::Same),
            ("Abdul Rahman", "Abdulrahman", How::Same),
            ("Yu-Han", "Yuhan", How::Same),
            ("Mohammed", "Muhammad", How::Spelling),
            ("Мария", "Maria", How::Spelling),
            ("Kowalska", "Kowalski", How::Spelling),
            ("Szymon", "Simon", How::Spelling),
            ("Henry", "Harry", How::Short),
            ("Isabella", "Bella", How::Short),
            ("Elizabeth", "Betty", How::Short),
            ("Oscar", "Ocsar", How::Slip),
            ("Oscar", "O", How::Initial),
            ("Maya", "Idris", How::Different),
            ("Olivia", "Oliver", How::Near),
        ] {
            assert_eq!(how(a, b), expected, "{a} {b}");
        }
    }

    #[test]
    fn words_for_no_name_are_no_name() {
        for (text, kind) in [
            ("UNBORN BABY", Kind::NotYet),
            ("Baby of Smith", Kind::NotYet),
            ("Twin 1", Kind::NotYet),
            ("Unknown", Kind::None),
            ("", Kind::None),
            ("Child", Kind::NotYet),
            ("Childe", Kind::Name),
            ("Maya", Kind::Name),
        ] {
            assert_eq!(kind_of(&name_key(text)), kind, "{text}");
        }
    }
}
