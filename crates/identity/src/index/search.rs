//! Searching: the cheapest keys first, every child once, the best names and
//! the best home of each, and one confident answer only when it leads clearly.

use std::path::Path;

use rustc_hash::FxHashSet;

use super::fresh::Fresh;
use super::keys::{self, Sounds};
use super::store::{BadIndex, Store};
use crate::compare::{Comparer, Memory, Rarity};
use crate::dob::{Dob, DobLevel};
use crate::home::{Home, outer};
use crate::level::{FamilyLevel, GivenLevel, Levels};
use crate::model::Model;
use crate::row::{self, Lists, Row};

/// What is asked. Empty is not asked.
#[derive(Debug, Clone, Copy, Default)]
pub struct Question<'a> {
    /// Given names.
    pub given: &'a str,
    /// Middle names.
    pub middle: &'a str,
    /// Family name.
    pub family: &'a str,
    /// Date of birth, or its year, or year and month.
    pub dob: &'a str,
    /// M or F.
    pub sex: &'a str,
    /// Address line.
    pub address: &'a str,
    /// Postcode, or its first part.
    pub postcode: &'a str,
    /// NHS number.
    pub nhs: &'a str,
    /// Unique pupil number.
    pub upn: &'a str,
}

/// A child that may be meant.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The child's identifier.
    pub id: String,
    /// Bits for being the child that is meant.
    pub bits: f32,
    /// What it was judged by.
    pub levels: Levels,
}

/// The answer to a question.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Result {
    /// Children, the likeliest first.
    pub found: Vec<Found>,
    /// Whether the first is the answer: well above chance and clearly ahead.
    pub confident: bool,
    /// Too many children share what was asked: add a date of birth.
    pub too_many: bool,
}

/// Bits that a confident answer needs, and by which it must lead.
const SURE: f32 = 5.0;
const LEAD: f32 = 6.0;
/// How many children are listed at most.
const MOST: usize = 20;
/// How many rows one key may give before the question is too wide.
const CAP: usize = 1000;
/// Children below this many bits are not worth listing.
const WORTH: f32 = -14.0;

/// An index that can be asked.
pub struct Index {
    store: Option<Store>,
    fresh: Fresh,
    lists: Lists,
    known: (usize, usize),
    model: Model,
    memory: Option<Memory>,
    seen: FxHashSet<u64>,
}

impl Index {
    /// Opens the files of an index.
    pub fn open(folder: &Path, model: Model) -> std::result::Result<Self, BadIndex> {
        let (store, lists) = Store::open(folder)?;
        Ok(Self::with(Some(store), lists, model))
    }

    /// An index that has only what is put into it.
    pub fn in_memory(model: Model) -> Self {
        Self::with(None, Lists::default(), model)
    }

    fn with(store: Option<Store>, lists: Lists, model: Model) -> Self {
        Self {
            store,
            fresh: Fresh::default(),
            known: (lists.names.len(), lists.streets.len()),
            lists,
            model,
            memory: Some(Memory::default()),
            seen: FxHashSet::default(),
        }
    }

    /// Puts a child in, or in place of what was known of it. `sources` are its
    /// names and homes.
    pub fn put(&mut self, id: &str, sources: &[row::Source<'_>]) {
        let rows: Vec<Row> = sources
            .iter()
            .map(|s| Row::read(s, &mut self.lists))
            .collect();
        self.known = (self.lists.names.len(), self.lists.streets.len());
        self.fresh.put(id, &rows, &self.lists.names);
    }

    /// Takes a child out.
    pub fn remove(&mut self, id: &str) {
        self.fresh.remove(id);
    }

    /// How many children there are, about.
    pub fn children(&self) -> usize {
        self.store.as_ref().map_or(0, Store::children) + self.fresh.len()
    }

    /// The weights.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// Answers a question.
    pub fn search(&mut self, question: &Question<'_>) -> Result {
        let asked = self.read(question);
        let mut memory = self.memory.take().unwrap_or_default();
        memory.set_passing(self.known.0);
        // Names are counted once for each of a child's names and homes.
        let bearers = self.store.as_ref().map_or(0, Store::rows) + self.fresh.rows();
        let comparer = Comparer::with(&self.lists, Rarity::of(bearers), memory);
        self.seen.clear();
        let mut asking = Asking {
            store: self.store.as_ref(),
            fresh: &self.fresh,
            lists: &self.lists,
            model: &self.model,
            strangers: self.model.strangers(self.children()),
            comparer,
            seen: &mut self.seen,
            asked,
            found: Vec::new(),
            too_many: false,
        };
        asking.look();
        let (found, confident, too_many, mut memory) = asking.end();
        memory.forget_passing();
        self.memory = Some(memory);
        self.lists.names.truncate(self.known.0);
        self.lists.streets.truncate(self.known.1);
        Result {
            found,
            confident,
            too_many,
        }
    }

    /// The question as a row; its names are passing ones.
    fn read(&mut self, question: &Question<'_>) -> Row {
        let names = &mut self.lists.names;
        Row {
            given: names.ask(question.given),
            middle: names.ask(question.middle),
            family: names.ask(question.family),
            dob: Dob::read(question.dob.as_bytes()).unwrap_or_default(),
            sex: row::sex(question.sex.as_bytes()),
            nhs: row::nhs(question.nhs.as_bytes()),
            upn: row::upn(question.upn.as_bytes()),
            home: Home::read(
                question.address.as_bytes(),
                question.postcode.as_bytes(),
                &mut self.lists.streets,
            ),
            ..Row::default()
        }
    }
}

/// A child found: where it is (files or memory), bits, levels.
type Hit = (u64, f32, Levels);

struct Asking<'a> {
    store: Option<&'a Store>,
    fresh: &'a Fresh,
    lists: &'a Lists,
    model: &'a Model,
    strangers: f32,
    comparer: Comparer<'a>,
    seen: &'a mut FxHashSet<u64>,
    asked: Row,
    found: Vec<Hit>,
    too_many: bool,
}

/// Marks a child in memory.
const FRESH: u64 = 1 << 40;

impl Asking<'_> {
    fn look(&mut self) {
        let asked = self.asked;
        let sounds = Sounds::of(&asked, &self.lists.names);
        for kind in [keys::NUMBER, keys::DATE_NAME, keys::POSTCODE] {
            self.by_keys(kind, &asked, &sounds);
        }
        if self.is_settled() {
            return;
        }
        self.by_keys(keys::NAMES_YEAR, &asked, &sounds);
        self.by_other_dates(&asked, &sounds);
        if self.is_settled() {
            return;
        }
        for kind in [
            keys::NAMES_AREA,
            keys::GIVEN_YEAR_AREA,
            keys::FAMILY_YEAR_AREA,
        ] {
            self.by_keys(kind, &asked, &sounds);
        }
        if asked.dob.is_whole() && !self.is_settled() {
            self.by_day(&asked);
        }
        if !self.is_settled() {
            self.by_keys(keys::NAMES, &asked, &sounds);
        }
    }

    /// Whether a child is found who agrees in everything that was asked: names
    /// but for their spelling, the whole date, the postcode. Looking further
    /// would only find children who agree less. Names that merely sound alike
    /// do not do: the child who is meant may be another day's, of this very name.
    fn is_settled(&self) -> bool {
        let asked = &self.asked;
        let no_names = asked.given == 0 || asked.family == 0;
        let no_more = asked.dob.is_none() && asked.home.postcode == 0;
        if no_names || no_more {
            return self.is_confident();
        }
        self.found.iter().any(|(_, _, l)| {
            l.given <= GivenLevel::Spelling
                && l.family <= FamilyLevel::Spelling
                && matches!(
                    l.dob,
                    DobLevel::Same | DobLevel::SameDefault | DobLevel::PartSame | DobLevel::Missing
                )
                && (l.home.is_shared() || asked.home.postcode == 0 || l.dob == DobLevel::Same)
                && (l.dob != DobLevel::Missing || asked.dob.is_none())
        })
    }

    fn by_keys(&mut self, kind: usize, row: &Row, sounds: &Sounds) {
        let mut wanted: Vec<u32> = Vec::with_capacity(8);
        keys::keys(kind, row, sounds, |key| wanted.push(key));
        wanted.dedup();
        for key in wanted {
            self.by_key(kind, key);
        }
    }

    fn by_key(&mut self, kind: usize, key: u32) {
        if let Some(store) = self.store {
            for (n, place) in store.with_key(kind, key).enumerate() {
                if n == CAP {
                    self.too_many = true;
                    break;
                }
                self.stored(store, place);
            }
        }
        let fresh = self.fresh;
        for place in fresh.with_key(kind, key) {
            self.kept(*place);
        }
    }

    /// Both names with the years that a slip makes of the year: one off, or
    /// one digit wrong. Days and months do not matter here, the key holds the
    /// year alone.
    fn by_other_dates(&mut self, asked: &Row, sounds: &Sounds) {
        let year = asked.dob.year();
        if year == 0 {
            return;
        }
        for other in [year - 1, year + 1, year - 10, year + 10, year - 2, year + 2] {
            let row = Row {
                dob: Dob(asked.dob.0 & !(0xfff << 9) | other << 9),
                ..*asked
            };
            self.by_keys(keys::NAMES_YEAR, &row, sounds);
        }
    }

    /// Everybody born on the day: forgives any name.
    fn by_day(&mut self, asked: &Row) {
        let date = asked.dob.date();
        if let Some(store) = self.store {
            for place in store.born(date) {
                if self.could_be(&store.row(place)) {
                    self.stored(store, place);
                }
            }
        }
        let fresh = self.fresh;
        for place in fresh.born(date) {
            self.kept(*place);
        }
    }

    /// A quick look before the whole comparison: some name begins alike, or
    /// the area is the same.
    fn could_be(&self, row: &Row) -> bool {
        let asked = &self.asked;
        let area = outer(asked.home.postcode);
        if area != 0 && outer(row.home.postcode) == area {
            return true;
        }
        let names = &self.lists.names;
        let first = |name| names.text(name).as_bytes().first().copied().unwrap_or(0);
        let (g, f) = (first(asked.given), first(asked.family));
        let (x, y) = (first(row.given), first(row.family));
        g != 0 && (g == x || g == y) || f != 0 && (f == y || f == x)
    }

    fn stored(&mut self, store: &Store, place: u32) {
        let child = store.child(place);
        if !self.seen.insert(u64::from(child))
            || (!self.fresh.rows_empty() && self.fresh.is_gone(store.id(child)))
        {
            return;
        }
        let mut start = place;
        while start > 0 && store.child(start - 1) == child {
            start -= 1;
        }
        let mut best = Best::default();
        let mut at = start;
        while (at as usize) < store.rows() && store.child(at) == child {
            best.take(
                &mut self.comparer,
                &self.asked,
                &store.row(at),
                self.model,
                self.strangers,
            );
            at += 1;
        }
        self.add(u64::from(child), best);
    }

    fn kept(&mut self, place: u32) {
        let fresh = self.fresh;
        let Some(child) = fresh.child(place) else {
            return;
        };
        if !self.seen.insert(u64::from(child) | FRESH) {
            return;
        }
        let mut best = Best::default();
        for row in fresh.of_child(child) {
            best.take(
                &mut self.comparer,
                &self.asked,
                &row,
                self.model,
                self.strangers,
            );
        }
        self.add(u64::from(child) | FRESH, best);
    }

    fn add(&mut self, child: u64, best: Best) {
        let Some(levels) = best.levels() else {
            return;
        };
        let bits = self.model.bits(&levels, self.strangers);
        if bits > WORTH {
            self.found.push((child, bits, levels));
        }
    }

    fn is_confident(&self) -> bool {
        let (mut best, mut second) = (f32::MIN, f32::MIN);
        for (_, bits, _) in &self.found {
            if *bits > best {
                (best, second) = (*bits, best);
            } else {
                second = second.max(*bits);
            }
        }
        best >= SURE && best - second >= LEAD
    }

    fn end(mut self) -> (Vec<Found>, bool, bool, Memory) {
        let confident = self.is_confident();
        self.found
            .sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        self.found.truncate(MOST);
        let found = self
            .found
            .iter()
            .map(|(child, bits, levels)| Found {
                id: match self.store {
                    Some(store) if child & FRESH == 0 => store.id(*child as u32).to_owned(),
                    _ => self.fresh.id((child & (FRESH - 1)) as u32).to_owned(),
                },
                bits: *bits,
                levels: *levels,
            })
            .collect();
        let too_many = self.too_many && !confident;
        (found, confident, too_many, self.comparer.into_memory())
    }
}

/// The best of a child's names and the best of its homes.
#[derive(Default)]
struct Best {
    name: Option<(f32, Levels)>,
    home: Option<Levels>,
}

impl Best {
    fn take(
        &mut self,
        comparer: &mut Comparer<'_>,
        asked: &Row,
        row: &Row,
        model: &Model,
        strangers: f32,
    ) {
        let levels = comparer.compare(asked, row);
        let bits = model.bits(&levels, strangers);
        if self.name.as_ref().is_none_or(|(best, _)| bits > *best) {
            self.name = Some((bits, levels));
        }
        let nearer = |l: &Levels| match l.home {
            crate::home::HomeLevel::Missing => 9,
            home => home as u32,
        };
        if self
            .home
            .as_ref()
            .is_none_or(|best| nearer(&levels) < nearer(best))
        {
            self.home = Some(levels);
        }
    }

    fn levels(self) -> Option<Levels> {
        let (_, mut levels) = self.name?;
        if let Some(home) = self.home {
            levels.home = home.home;
        }
        Some(levels)
    }
}
