//! The words of all services: stems with the services that hold them, and the
//! spellings from which a mistyped word is mended.

use std::collections::HashMap;

use super::words::{Stems, Synonyms, is_stop, split};

/// One thing that a search asks for: a word or a phrase, and every way to
/// meet it.
#[derive(Debug, Clone)]
pub struct Unit {
    /// As it was typed.
    pub typed: String,
    /// The ways to meet it.
    pub ways: Vec<Way>,
}

/// A way to meet a [`Unit`]: all of these stems.
#[derive(Debug, Clone)]
pub struct Way {
    /// The stems, by number.
    pub stems: Vec<u32>,
    /// How much it counts, 1 for the word itself.
    pub factor: f32,
    /// Why it counts.
    pub kind: Kind,
}

/// Why a way counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// It is the word.
    Same,
    /// It means the same.
    Means(String),
    /// It is spelt nearly so.
    Spelt(String),
    /// The word was not finished.
    Begins(String),
}

/// Stems, where they occur, and how they are spelt.
#[derive(Debug, Default)]
pub struct Words {
    stems: HashMap<String, u32>,
    /// Per stem, the services that hold it with its weight, by number.
    postings: Vec<Vec<(u32, f32)>>,
    /// Whole words, sorted, with their stem.
    spellings: Vec<(String, u32)>,
    /// A word with one letter left out, to the whole words it may be.
    without_one: HashMap<String, Vec<u32>>,
    synonyms: Synonyms,
    docs: usize,
}

/// Gathers the words of services, one service after another.
pub struct Gather {
    words: Words,
    cut: Stems,
    seen: HashMap<String, u32>,
    doc: HashMap<u32, f32>,
}

impl Gather {
    /// Begins with nothing.
    pub fn new(synonyms: Synonyms) -> Gather {
        Gather {
            words: Words {
                synonyms,
                ..Words::default()
            },
            cut: Stems::default(),
            seen: HashMap::new(),
            doc: HashMap::new(),
        }
    }

    /// Adds a text of the present service; `weight` says how much its words
    /// tell of what it is.
    pub fn text(&mut self, text: &str, weight: f32) {
        for word in split(text) {
            if is_stop(&word) {
                continue;
            }
            let stem = match self.seen.get(&word) {
                Some(known) => *known,
                None => {
                    let cut = self.cut.of(&word);
                    let next = self.words.stems.len() as u32;
                    let stem = *self.words.stems.entry(cut).or_insert(next);
                    if stem == next {
                        self.words.postings.push(Vec::new());
                    }
                    self.seen.insert(word, stem);
                    stem
                }
            };
            // The best place counts; more places add a little.
            let held = self.doc.entry(stem).or_insert(0.0);
            *held = held.max(weight) + 0.1 * held.min(weight);
        }
    }

    /// Ends the present service and begins the next.
    pub fn next(&mut self) {
        let doc = self.words.docs as u32;
        for (stem, weight) in self.doc.drain() {
            self.words.postings[stem as usize].push((doc, weight));
        }
        self.words.docs += 1;
    }

    /// All is gathered.
    pub fn done(self) -> Words {
        let mut words = self.words;
        let mut seen = self.seen;
        // A mistyped word may be one that no service says and that means the
        // same as one that many say.
        for word in words.synonyms.words() {
            let next = words.stems.len() as u32;
            let stem = *words.stems.entry(self.cut.of(&word)).or_insert(next);
            if stem == next {
                words.postings.push(Vec::new());
            }
            seen.entry(word).or_insert(stem);
        }
        words.spellings = seen.into_iter().collect();
        words.spellings.sort_unstable();
        for (number, (word, _)) in words.spellings.iter().enumerate() {
            if word.len() >= 4 {
                for short in shortened(word) {
                    let held = words.without_one.entry(short).or_default();
                    held.push(number as u32);
                }
            }
        }
        words
    }
}

fn shortened(word: &str) -> impl Iterator<Item = String> + '_ {
    let each = (0..word.len()).map(|i| format!("{}{}", &word[..i], &word[i + 1..]));
    std::iter::once(word.to_owned()).chain(each)
}

impl Words {
    /// The services that hold a stem.
    pub fn holding(&self, stem: u32) -> &[(u32, f32)] {
        &self.postings[stem as usize]
    }

    /// How much a service holds a stem.
    pub fn weight(&self, stem: u32, doc: u32) -> Option<f32> {
        let held = self.holding(stem);
        let at = held.binary_search_by_key(&doc, |(d, _)| *d).ok()?;
        Some(held[at].1)
    }

    /// How much a stem tells: rare ones more.
    pub fn rarity(&self, stem: u32) -> f32 {
        let holding = self.holding(stem).len().max(1) as f32;
        (1.0 + self.docs as f32 / holding).ln()
    }

    /// Reads what was typed. A word that says nothing is left out: who types
    /// only "help" is shown everything.
    pub fn read(&self, typed: &str) -> Vec<Unit> {
        let cut = Stems::default();
        let all: Vec<String> = split(typed).take(24).collect();
        let words: Vec<&String> = all.iter().filter(|w| !is_stop(w)).collect();
        let stems: Vec<String> = words.iter().map(|w| cut.of(w)).collect();
        let mut units = Vec::new();
        let mut at = 0;
        while at < words.len() {
            let last = at + 1 == words.len();
            let (length, unit) = match self.synonyms.at(&stems[at..]) {
                Some((length, same)) => {
                    let typed = words[at..at + length].iter().map(|w| w.as_str());
                    let typed: Vec<&str> = typed.collect();
                    (
                        length,
                        self.unit_of_same(&typed.join(" "), &stems[at..at + length], &same),
                    )
                }
                None => (1, self.unit_of_word(words[at], &stems[at], last)),
            };
            units.push(unit);
            at += length;
        }
        units
    }

    /// The words of a text that the directory knows, as they were typed: the
    /// others find nothing, and may be a name. A word with a capital in the
    /// middle of a text counts only when it is spelt as the directory has it.
    pub fn known(&self, typed: &str) -> String {
        let cut = Stems::default();
        let mut kept = Vec::new();
        for (at, raw) in typed.split_whitespace().enumerate() {
            let parts: Vec<String> = split(raw).collect();
            let is_capital = at > 0 && raw.chars().any(char::is_uppercase);
            let known = parts.iter().all(|word| {
                let stem = cut.of(word);
                is_stop(word)
                    || self.stems.contains_key(&stem)
                    || !is_capital && !self.unit_of_word(word, &stem, false).ways.is_empty()
            });
            if known && !parts.is_empty() {
                kept.push((raw, parts.iter().all(|word| is_stop(word))));
            }
        }
        // Words that say nothing are worth keeping only beside others.
        if kept.iter().all(|(_, says_nothing)| *says_nothing) {
            let whole = split(typed).all(|word| is_stop(&word));
            return if whole {
                typed.trim().to_owned()
            } else {
                String::new()
            };
        }
        let words: Vec<&str> = kept.into_iter().map(|(raw, _)| raw).collect();
        words.join(" ")
    }

    fn unit_of_same(&self, typed: &str, stems: &[String], same: &[(&str, &[String])]) -> Unit {
        let mut ways = Vec::new();
        for (words, cut) in same {
            let Some(numbers) = self.numbers(cut) else {
                continue;
            };
            let own = *cut == stems;
            ways.push(Way {
                stems: numbers,
                factor: if own { 1.0 } else { 0.6 },
                kind: if own {
                    Kind::Same
                } else {
                    Kind::Means((*words).to_owned())
                },
            });
        }
        ways.sort_by(|a, b| b.factor.total_cmp(&a.factor));
        Unit {
            typed: typed.to_owned(),
            ways,
        }
    }

    fn numbers(&self, cut: &[String]) -> Option<Vec<u32>> {
        cut.iter().map(|s| self.stems.get(s).copied()).collect()
    }

    fn unit_of_word(&self, word: &str, stem: &str, last: bool) -> Unit {
        let mut ways = Vec::new();
        if let Some(number) = self.stems.get(stem) {
            ways.push(Way {
                stems: vec![*number],
                factor: 1.0,
                kind: Kind::Same,
            });
        }
        // The last word may not be finished yet.
        if word.len() >= 3 && (ways.is_empty() || last) {
            self.begun(word, &mut ways);
        }
        if ways.is_empty() && word.len() >= 4 {
            self.respelt(word, &mut ways);
        }
        Unit {
            typed: word.to_owned(),
            ways,
        }
    }

    fn begun(&self, word: &str, ways: &mut Vec<Way>) {
        let from = self.spellings.partition_point(|(w, _)| w.as_str() < word);
        let known: Vec<u32> = ways.iter().flat_map(|w| w.stems.clone()).collect();
        let mut added = Vec::new();
        for (whole, stem) in &self.spellings[from..] {
            if !whole.starts_with(word) || added.len() == 12 {
                break;
            }
            if whole != word && !known.contains(stem) && !added.contains(stem) {
                added.push(*stem);
                ways.push(Way {
                    stems: vec![*stem],
                    factor: 0.5,
                    kind: Kind::Begins(whole.clone()),
                });
            }
        }
    }

    /// Words within one slip of the typed one, or two when it is long.
    fn respelt(&self, word: &str, ways: &mut Vec<Way>) {
        let allowed = if word.len() >= 8 { 2 } else { 1 };
        let mut near: Vec<(usize, u32)> = shortened(word)
            .filter_map(|short| self.without_one.get(&short))
            .flatten()
            .map(|number| {
                let (whole, _) = &self.spellings[*number as usize];
                (strsim::osa_distance(word, whole), *number)
            })
            .filter(|(slips, _)| *slips <= allowed)
            .collect();
        near.sort_unstable();
        near.dedup();
        let Some(least) = near.first().map(|(slips, _)| *slips) else {
            return;
        };
        let mut taken: Vec<u32> = Vec::new();
        for (_, number) in near.into_iter().filter(|(slips, _)| *slips == least) {
            let (whole, stem) = &self.spellings[number as usize];
            if !taken.contains(stem) && taken.len() < 4 {
                taken.push(*stem);
                ways.push(Way {
                    stems: vec![*stem],
                    factor: 0.7 / least.max(1) as f32,
                    kind: Kind::Spelt(whole.clone()),
                });
            }
        }
        // A word that was meant may have others that mean the same.
        let meant: Vec<String> = ways
            .iter()
            .filter_map(|way| match &way.kind {
                Kind::Spelt(whole) => Some(Stems::default().of(whole)),
                _ => None,
            })
            .collect();
        for stem in meant {
            let Some((1, same)) = self.synonyms.at(&[stem]) else {
                continue;
            };
            for (words, cut) in same {
                if let Some(stems) = self.numbers(cut)
                    && !ways.iter().any(|w| w.stems == stems)
                {
                    ways.push(Way {
                        stems,
                        factor: 0.35,
                        kind: Kind::Means(words.to_owned()),
                    });
                }
            }
        }
    }
}
