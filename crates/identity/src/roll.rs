//! Everybody whom one council knows, in memory: found by any part of what is
//! known of them, however it is spelt, and judged by the same comparison and
//! the same weights as everything else here.
//!
//! For hundreds of thousands of people (some 400 bytes each). Names are looked
//! through once each, so that a slip in any letter finds its name; millions
//! are the business of [`crate::index`]. Whoever is shielded counts for
//! nothing: not as a bearer of a name, not as one of a crowd.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::compare::{Comparer, Memory, Rarity};
use crate::dob::Dob;
use crate::home::{self, HomeLevel};
use crate::level::{FamilyLevel, GivenLevel, Levels, NhsLevel, Order, Plain};
use crate::model::{Model, probability};
use crate::name::{How, Kind, NameId, Names};
use crate::row::{self, Lists, Row, Source};

/// People who share only one of several things that were asked are judged up
/// to so many; beyond, two things must be shared.
const CROWD: usize = 6000;
/// Bits of somebody who agrees in all that was asked, where little was asked:
/// 49 to 1.
const FITS: f32 = 5.6;
/// Bits of a question from which on a probability is taken as it is.
const MUCH: f32 = 11.0;
/// Below this probability nobody is worth a look.
const LEAST: f32 = 0.02;

/// Bits for a name that only sounds like what was asked, or is a slip away.
const HEARD: f32 = 2.0;

/// How likely somebody with these bits is meant, when whoever agrees in all
/// has `top`. Where much was asked it is the probability. Where little was,
/// nobody could be sure, so it says how well somebody fits: a name alone that
/// fits wholly counts as [`FITS`], and what is missing counts a little less.
fn likely(bits: f32, top: f32) -> f32 {
    let weight = 0.7 + 0.3 * (top / MUCH).clamp(0.0, 1.0);
    probability(top.max(FITS) - weight * (top - bits))
}

/// What is asked. Empty is not asked.
#[derive(Debug, Clone, Copy, Default)]
pub struct Asked<'a> {
    /// Words of the name, normalised.
    pub words: &'a [String],
    /// How many of them, from the front, are given names; `None` when the
    /// order says nothing.
    pub given: Option<usize>,
    /// Date of birth, or only its year.
    pub born: Dob,
    /// Postcode.
    pub postcode: &'a str,
    /// NHS number.
    pub nhs: &'a str,
    /// Unique pupil number.
    pub upn: &'a str,
}

/// Somebody who may be meant.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// Who.
    pub id: Arc<str>,
    /// Bits for being the one who is meant.
    pub bits: f32,
    /// How likely that is, 0 to 1; where little was asked, how well they fit.
    pub likely: f32,
    /// What decided.
    pub levels: Levels,
    /// Which of their names and homes fits best, in the order they were put.
    pub fits: usize,
    /// They are shielded.
    pub shielded: bool,
}

struct Member {
    id: Arc<str>,
    shielded: bool,
    rows: Box<[Row]>,
}

/// A word that somebody's name has.
#[derive(Default)]
struct Word {
    letters: u64,
    people: Vec<u32>,
}

/// Everybody.
pub struct Roll {
    model: Model,
    lists: Lists,
    among: usize,
    people: Vec<Option<Member>>,
    by_id: FxHashMap<Arc<str>, u32>,
    /// People who are not shielded.
    open: usize,
    words: Vec<Word>,
    by_day: FxHashMap<u32, Vec<u32>>,
    by_postcode: FxHashMap<u64, Vec<u32>>,
    by_number: FxHashMap<u64, Vec<u32>>,
    memory: Memory,
}

impl Roll {
    /// Nobody yet. Names are thought to be borne among at least `among`
    /// people, so that a roll of a few does not take every name for common.
    pub fn new(model: Model, among: usize) -> Self {
        Self {
            model,
            among,
            lists: Lists::default(),
            people: Vec::new(),
            by_id: FxHashMap::default(),
            open: 0,
            words: Vec::new(),
            by_day: FxHashMap::default(),
            by_postcode: FxHashMap::default(),
            by_number: FxHashMap::default(),
            memory: Memory::default(),
        }
    }

    /// How many people there are.
    pub fn len(&self) -> usize {
        self.by_id.len()
    }

    /// Whether there is nobody.
    pub fn is_empty(&self) -> bool {
        self.by_id.is_empty()
    }

    /// Puts somebody in, or in place of what was known of them. `sources` are
    /// their names and homes, each with the date of birth.
    pub fn put(&mut self, id: &str, shielded: bool, sources: &[(Source<'_>, Dob)]) {
        let rows: Box<[Row]> = sources
            .iter()
            .map(|(source, dob)| Row {
                dob: *dob,
                ..Row::read(source, &mut self.lists)
            })
            .collect();
        let same = self.by_id.get(id).is_some_and(|at| {
            let known = self.people[*at as usize].as_ref();
            known.is_some_and(|m| m.shielded == shielded && m.rows == rows)
        });
        if shielded || same {
            uncount(&rows, &mut self.lists.names);
        }
        if same {
            return;
        }
        self.remove(id);
        let at = self.people.len() as u32;
        for row in &rows {
            self.post(row, at);
        }
        let id: Arc<str> = id.into();
        self.by_id.insert(id.clone(), at);
        self.open += usize::from(!shielded);
        self.people.push(Some(Member { id, shielded, rows }));
    }

    fn post(&mut self, row: &Row, at: u32) {
        let names = &self.lists.names;
        self.words.resize_with(names.len(), Word::default);
        let add = |to: &mut Vec<u32>| {
            if to.last() != Some(&at) {
                to.push(at);
            }
        };
        for field in [row.given, row.middle, row.family] {
            if names.get(field).kind != Kind::Name {
                continue;
            }
            let whole = std::iter::once(names.get(field).joined);
            for word in names.words(field).iter().copied().chain(whole) {
                let to = &mut self.words[word as usize];
                to.letters = letters(names.text(word));
                add(&mut to.people);
            }
        }
        if row.dob.is_whole() {
            add(self.by_day.entry(row.dob.date()).or_default());
        }
        if row.home.postcode != 0 {
            add(self.by_postcode.entry(row.home.postcode).or_default());
        }
        for number in [row.nhs, row.upn].into_iter().filter(|n| *n != 0) {
            add(self.by_number.entry(number).or_default());
        }
    }

    /// Takes somebody out.
    pub fn remove(&mut self, id: &str) {
        let Some(at) = self.by_id.remove(id) else {
            return;
        };
        if let Some(member) = self.people[at as usize].take()
            && !member.shielded
        {
            self.open -= 1;
            uncount(&member.rows, &mut self.lists.names);
        }
        if self.people.len() > 2 * self.by_id.len() + 1000 {
            self.tidy();
        }
    }

    /// Forgets the places of those who were changed or taken out.
    fn tidy(&mut self) {
        let old = std::mem::take(&mut self.people);
        self.words.clear();
        self.by_day.clear();
        self.by_postcode.clear();
        self.by_number.clear();
        for member in old.into_iter().flatten() {
            let at = self.people.len() as u32;
            for row in &member.rows {
                self.post(row, at);
            }
            self.by_id.insert(member.id.clone(), at);
            self.people.push(Some(member));
        }
    }

    /// Whom a question may mean, the likeliest first: everybody, however many.
    /// Whoever shows them asks first who may be seen.
    pub fn search(&mut self, asked: &Asked<'_>) -> Vec<Hit> {
        let known = self.lists.names.len();
        let readings = self.readings(asked);
        let candidates = self.candidates(asked);
        let mut memory = std::mem::take(&mut self.memory);
        memory.set_passing(known);
        let n = self.open.max(self.among);
        let mut judge = Judge {
            comparer: Comparer::with(&self.lists, Rarity::of(n), memory),
            model: &self.model,
            strangers: self.model.strangers(n),
            readings: &readings,
        };
        let top = judge.top();
        let mut hits: Vec<Hit> = candidates
            .into_iter()
            .filter_map(|at| self.people[at as usize].as_ref())
            .filter_map(|member| {
                let (bits, levels, fits) = judge.best(&member.rows)?;
                let likely = likely(bits, top);
                (likely >= LEAST).then(|| Hit {
                    id: member.id.clone(),
                    bits,
                    likely,
                    levels,
                    fits,
                    shielded: member.shielded,
                })
            })
            .collect();
        memory = judge.comparer.into_memory();
        memory.forget_passing();
        self.memory = memory;
        self.lists.names.truncate(known);
        hits.sort_unstable_by(|a, b| b.bits.total_cmp(&a.bits).then(a.id.cmp(&b.id)));
        hits
    }

    /// The question as rows: words whose order says nothing are read in both.
    fn readings(&mut self, asked: &Asked<'_>) -> Vec<Row> {
        let names = &mut self.lists.names;
        let words = asked.words;
        let splits: Vec<(usize, bool)> = match (asked.given, words.len()) {
            (Some(given), n) => vec![(given.min(n), false)],
            (None, 0) => vec![(0, false)],
            (None, 1) => vec![(1, false), (0, false)],
            (None, n) => vec![(n - 1, false), (1, false), (1, true), (n - 1, true)],
        };
        let mut rows: Vec<Row> = Vec::new();
        for (at, turned) in splits {
            let (front, back) = words.split_at(at);
            let (given, family) = if turned { (back, front) } else { (front, back) };
            let row = Row {
                given: names.ask(&given.join(" ")),
                family: names.ask(&family.join(" ")),
                dob: asked.born,
                nhs: row::nhs(asked.nhs.as_bytes()),
                upn: row::upn(asked.upn.as_bytes()),
                home: home::Home {
                    postcode: home::postcode(asked.postcode.as_bytes()),
                    ..home::Home::default()
                },
                ..Row::default()
            };
            if !rows.contains(&row) {
                rows.push(row);
            }
        }
        rows
    }

    /// Who shares anything that was asked, and enough of it where a crowd does.
    fn candidates(&mut self, asked: &Asked<'_>) -> Vec<u32> {
        let mut shared: FxHashMap<u32, u8> = FxHashMap::default();
        let mut pieces = 0u32;
        let mut piece = |people: &mut dyn Iterator<Item = u32>| {
            let bit = 1u8 << pieces.min(7);
            pieces += 1;
            people.for_each(|at| *shared.entry(at).or_default() |= bit);
        };
        for (i, word) in asked.words.iter().enumerate().take(5) {
            let mut alike = self.alike(word);
            // "Mary Ann" may be written as one.
            if let Some(next) = asked.words.get(i + 1) {
                let both = format!("{word}{next}");
                alike.extend(self.lists.names.find(&both));
            }
            let words = alike
                .iter()
                .filter_map(|word| self.words.get(*word as usize));
            piece(&mut words.flat_map(|word| word.people.iter().copied()));
        }
        if asked.born.is_whole() {
            let dates = std::iter::once(asked.born).chain(asked.born.slips());
            let on = dates.filter_map(|date| self.by_day.get(&date.date()));
            piece(&mut on.flatten().copied());
        }
        let postcode = home::postcode(asked.postcode.as_bytes());
        if postcode != 0 {
            let at = self.by_postcode.get(&postcode);
            piece(&mut at.into_iter().flatten().copied());
        }
        let numbers = [
            row::nhs(asked.nhs.as_bytes()),
            row::upn(asked.upn.as_bytes()),
        ];
        let mut sure: Vec<u32> = Vec::new();
        for number in numbers.into_iter().filter(|n| *n != 0) {
            sure.extend(self.by_number.get(&number).into_iter().flatten());
        }
        let year = asked.born.year();
        if year != 0 && !asked.born.is_whole() {
            pieces += 1;
            for (at, bits) in &mut shared {
                let member = self.people[*at as usize].as_ref();
                let near = |row: &Row| row.dob.year().abs_diff(year) <= 1;
                if member.is_some_and(|m| m.rows.iter().any(near)) {
                    *bits |= 1 << 7;
                }
            }
        }
        let alone = shared.iter().filter(|(at, bits)| {
            let open = self.people[**at as usize].as_ref();
            bits.count_ones() == 1 && open.is_some_and(|m| !m.shielded)
        });
        let least = if pieces > 1 && alone.count() > CROWD {
            2
        } else {
            1
        };
        let mut found: Vec<u32> = shared
            .into_iter()
            .filter(|(_, bits)| bits.count_ones() >= least)
            .map(|(at, _)| at)
            .chain(sure)
            .collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The words of people's names that a word may stand for.
    fn alike(&mut self, word: &str) -> Vec<NameId> {
        let asked = self.lists.names.ask(word);
        let names = &self.lists.names;
        let of_word = letters(word);
        let mut found: Vec<NameId> = Names::also(word)
            .into_iter()
            .filter_map(|(other, _)| names.find(other))
            .collect();
        for (id, known) in self.words.iter().enumerate() {
            let id = id as NameId;
            if known.people.is_empty() || found.contains(&id) {
                continue;
            }
            let begins = word.len() >= 3 && names.text(id).starts_with(word);
            let maybe = (known.letters ^ of_word).count_ones() <= 4 || names.same_code(asked, id);
            if begins || (maybe && names.alike(asked, id) <= How::Begins) {
                found.push(id);
            }
        }
        found
    }
}

/// Which letters a word has, a bit each.
fn letters(word: &str) -> u64 {
    word.bytes().fold(0, |all, c| all | 1 << (c & 63))
}

/// Takes back that rows were counted as bearers of their names.
fn uncount(rows: &[Row], names: &mut Names) {
    for row in rows {
        for name in [row.given, row.middle, row.family] {
            if name != 0 {
                names.set_count(name, names.count(name).saturating_sub(1));
            }
        }
    }
}

struct Judge<'a> {
    comparer: Comparer<'a>,
    model: &'a Model,
    strangers: f32,
    readings: &'a [Row],
}

impl Judge<'_> {
    /// The bits of somebody who agrees in everything that was asked.
    fn top(&mut self) -> f32 {
        let mut top = f32::MIN;
        for asked in self.readings {
            let mut levels = self.comparer.compare(asked, asked);
            if levels.given < GivenLevel::Missing {
                levels.given = GivenLevel::Same;
            }
            if levels.family < FamilyLevel::Missing {
                levels.family = FamilyLevel::Same;
            }
            top = top.max(self.model.bits(&levels, self.strangers));
        }
        top
    }

    /// The best of somebody's names, the nearest of their homes and a number
    /// that is theirs.
    fn best(&mut self, rows: &[Row]) -> Option<(f32, Levels, usize)> {
        let nearer = |home: HomeLevel| match home {
            HomeLevel::Missing => u32::MAX,
            home => home as u32,
        };
        let mut best: Option<(f32, Levels, usize)> = None;
        let (mut home, mut nhs, mut upn) = (HomeLevel::Missing, false, false);
        for (i, row) in rows.iter().enumerate() {
            for asked in self.readings {
                let levels = self.comparer.compare(asked, row);
                // Of words whose order says nothing another reading is straight.
                if self.readings.len() > 1 && levels.order != Order::Straight {
                    continue;
                }
                let bits = self.model.bits(&levels, self.strangers) + heard(&levels);
                if nearer(levels.home) < nearer(home) {
                    home = levels.home;
                }
                nhs |= levels.nhs == NhsLevel::Same;
                upn |= levels.upn == Plain::Same;
                if best.as_ref().is_none_or(|b| bits > b.0) {
                    best = Some((bits, levels, i));
                }
            }
        }
        let (_, mut levels, fits) = best?;
        levels.home = home;
        if nhs {
            levels.nhs = NhsLevel::Same;
        }
        if upn {
            levels.upn = Plain::Same;
        }
        let bits = self.model.bits(&levels, self.strangers) + heard(&levels);
        Some((bits, levels, fits))
    }
}

/// What the weights do not know: they were learnt from pairs of records. What is
/// asked was heard at a telephone, or typed in a hurry.
fn heard(levels: &Levels) -> f32 {
    let given = matches!(
        levels.given,
        GivenLevel::Spelling | GivenLevel::Slip | GivenLevel::Sound | GivenLevel::Short
    );
    let family = matches!(
        levels.family,
        FamilyLevel::Spelling | FamilyLevel::Slip | FamilyLevel::Sound
    );
    HEARD * (f32::from(u8::from(given)) + f32::from(u8::from(family)))
}

#[cfg(test)]
mod tests;
