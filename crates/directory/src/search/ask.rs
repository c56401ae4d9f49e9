//! One search: the filters, then the words, then the order.

use super::access;
use super::docs::Index;
use super::facts::Doc;
use super::text::{Kind, Unit};
use super::{Found, Group, Hit, Near, Order, Wanted};
use crate::assurance::Standing;
use crate::postcodes::MILE;

/// What a place at this distance loses against one at the door, when words
/// decide too: half its score at 3 miles.
const HALF_AT: f64 = 3.0 * MILE;

/// What is wanted, as the index knows it.
struct Asked {
    terms: Vec<Vec<u32>>,
    /// The access needs; `None` when one of them is none that anybody knows.
    needs: Option<u16>,
    language: Option<String>,
}

impl Index {
    /// Finds what is wanted.
    pub fn find(&self, wanted: &Wanted) -> Found {
        let units = self.words.read(&wanted.text);
        let asked = self.asked(wanted);
        let passes = |doc: &Doc| self.passes(doc, wanted, &asked);
        let mut found = Found {
            read_as: read_as(&units),
            ..Found::default()
        };
        if units.is_empty() {
            let every = self.docs.iter().enumerate();
            found.hits = every
                .filter(|(_, doc)| passes(doc))
                .map(|(number, doc)| hit(number as u32, doc, 1.0, wanted.near.as_ref()))
                .collect();
        } else {
            let (scores, all) = self.scored(&units);
            for (number, (score, met)) in scores.iter().enumerate() {
                let doc = &self.docs[number];
                let enough = if all {
                    *met == units.len() as u8
                } else {
                    *met > 0
                };
                if enough && passes(doc) {
                    found
                        .hits
                        .push(hit(number as u32, doc, *score, wanted.near.as_ref()));
                }
            }
            // Nothing passes with all the words: what holds some of them.
            if found.hits.is_empty() && all && units.len() > 1 {
                for (number, (score, met)) in scores.iter().enumerate() {
                    let doc = &self.docs[number];
                    if *met > 0 && passes(doc) {
                        found
                            .hits
                            .push(hit(number as u32, doc, *score, wanted.near.as_ref()));
                    }
                }
                found.loosened = true;
            } else {
                found.loosened = !all && !found.hits.is_empty();
            }
        }
        self.order(&mut found.hits, wanted);
        found.units = units;
        found
    }

    /// Per service its score and how many of the units it meets; and whether
    /// any meets them all.
    fn scored(&self, units: &[Unit]) -> (Vec<(f32, u8)>, bool) {
        let mut scores = vec![(0.0f32, 0u8); self.docs.len()];
        let mut best = vec![0.0f32; self.docs.len()];
        for unit in units {
            best.fill(0.0);
            for way in &unit.ways {
                let Some((first, others)) = way.stems.split_first() else {
                    continue;
                };
                for (doc, weight) in self.words.holding(*first) {
                    let mut score = weight * self.words.rarity(*first);
                    let whole = others.iter().all(|stem| {
                        let weight = self.words.weight(*stem, *doc);
                        score += weight.unwrap_or(0.0) * self.words.rarity(*stem);
                        weight.is_some()
                    });
                    if whole {
                        let held = &mut best[*doc as usize];
                        *held = held.max(score * way.factor / way.stems.len() as f32);
                    }
                }
            }
            for (score, gained) in scores.iter_mut().zip(&best) {
                if *gained > 0.0 {
                    score.0 += gained;
                    score.1 = score.1.saturating_add(1);
                }
            }
        }
        let all = scores.iter().any(|(_, met)| *met as usize == units.len());
        (scores, all)
    }

    fn asked(&self, wanted: &Wanted) -> Asked {
        let number = |id: &String| self.terms.get(id).copied();
        let known = |any: &Vec<String>| any.iter().filter_map(number).collect();
        let scope = wanted.scope.as_ref();
        let scope = scope.and_then(|s| s.terms.as_ref());
        let needs = wanted.access.iter().map(|need| access::bit(need));
        Asked {
            // An unknown term finds nothing, so its list may be empty.
            terms: wanted.terms.iter().chain(scope).map(known).collect(),
            needs: needs.collect::<Option<Vec<u16>>>().map(|bits| {
                let all = bits.into_iter();
                all.fold(0, |mask, bit| mask | bit)
            }),
            language: wanted.language.as_deref().map(|l| l.trim().to_lowercase()),
        }
    }

    fn passes(&self, doc: &Doc, wanted: &Wanted, asked: &Asked) -> bool {
        let tagged = |any: &Vec<u32>| any.iter().any(|t| doc.terms.binary_search(t).is_ok());
        let overlaps = |(from, to): (f64, f64), silent: bool| {
            doc.ages
                .map_or(silent, |(least, most)| least <= to && most >= from)
        };
        let scope_ages = wanted.scope.as_ref().and_then(|s| s.ages);
        asked.terms.iter().all(tagged)
            && wanted.ages.is_none_or(|ages| overlaps(ages, true))
            && scope_ages.is_none_or(|ages| overlaps(ages, false))
            && (!wanted.free || doc.free)
            && is_open(doc, wanted)
            && asked
                .language
                .as_ref()
                .is_none_or(|asked| doc.languages.contains(asked))
            && asked
                .needs
                .is_some_and(|all| all == 0 || doc.access.iter().any(|met| met & all == all))
            && (wanted.how.is_empty() || wanted.how.iter().any(|h| doc.how & h.bit() != 0))
            && wanted
                .organization
                .as_deref()
                .is_none_or(|id| doc.organization.as_deref() == Some(id))
            && wanted
                .near
                .as_ref()
                .is_none_or(|near| self.near_enough(doc, near))
    }

    /// At a place within reach, or without a place and for this council.
    fn near_enough(&self, doc: &Doc, near: &Near) -> bool {
        if doc.spots.is_empty() {
            // It has a place and nobody knows where: better shown than lost.
            let name = &self.council.name;
            let code = near.council.as_deref();
            let code = code.or(self.council.codes.first().map(String::as_str));
            return doc.serves(code, name).unwrap_or(true);
        }
        let Some(within) = near.within else {
            return true;
        };
        doc.spots
            .iter()
            .any(|s| s.point.metres_to(near.point) <= within)
    }

    fn order(&self, hits: &mut [Hit], wanted: &Wanted) {
        let low = |hit: &Hit| hit.standing == Standing::Lowered;
        let far = |hit: &Hit| hit.metres.unwrap_or(f64::INFINITY);
        let name = |hit: &Hit| self.docs[hit.doc as usize].by_name;
        let by_words = !wanted.text.trim().is_empty() && wanted.order == Order::Best;
        let by_place = wanted.near.is_some() && wanted.order != Order::Name;
        hits.sort_unstable_by(|a, b| {
            let words = || {
                if by_words {
                    b.score.total_cmp(&a.score)
                } else {
                    std::cmp::Ordering::Equal
                }
            };
            let place = || {
                if by_place {
                    a.group
                        .cmp(&b.group)
                        .then_with(|| far(a).total_cmp(&far(b)))
                } else {
                    std::cmp::Ordering::Equal
                }
            };
            low(a)
                .cmp(&low(b))
                .then_with(words)
                .then_with(place)
                .then_with(|| name(a).cmp(&name(b)))
        });
    }
}

fn is_open(doc: &Doc, wanted: &Wanted) -> bool {
    let any_time = wanted.days == 0 && wanted.from.is_none() && wanted.to.is_none();
    any_time || doc.open.iter().any(|open| open.is_within(wanted))
}

fn hit(number: u32, doc: &Doc, score: f32, near: Option<&Near>) -> Hit {
    let nearest = near.and_then(|near| {
        let spots = doc.spots.iter().enumerate();
        spots
            .map(|(at, spot)| (spot.point.metres_to(near.point), at))
            .min_by(|a, b| a.0.total_cmp(&b.0))
    });
    let fall = nearest.map_or(1.0, |(metres, _)| HALF_AT / (HALF_AT + metres));
    Hit {
        score: score * fall as f32,
        group: if doc.has_place {
            Group::Place
        } else {
            Group::NoPlace
        },
        metres: nearest.map(|(metres, _)| metres),
        over_the_border: nearest.is_some_and(|(_, at)| doc.spots[at].over_the_border),
        standing: doc.standing,
        doc: number,
        spot: nearest.map(|(_, at)| at as u32),
    }
}

fn read_as(units: &[Unit]) -> Vec<(String, String)> {
    units
        .iter()
        .filter_map(|unit| {
            let way = unit.ways.first()?;
            match &way.kind {
                Kind::Spelt(whole) => Some((unit.typed.clone(), whole.clone())),
                _ => None,
            }
        })
        .collect()
}
