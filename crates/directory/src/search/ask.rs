//! One search: the filters, then the words, then the order.

use super::access;
use super::docs::Index;
use super::facts::{Doc, Spot};
use super::text::{Kind, Unit};
use super::{Found, Group, Hit, Order, Wanted};
use crate::assurance::Standing;
use crate::postcodes::{Fixed, MILE};

/// What a place at this distance loses against one at the door, when words
/// decide too: half its score at 3 miles.
const HALF_AT: f64 = 3.0 * MILE;

/// What is wanted, as the index knows it.
struct Asked<'a> {
    wanted: &'a Wanted,
    terms: Vec<Vec<u32>>,
    /// The access needs; `None` when one of them is none that anybody knows.
    needs: Option<u16>,
    language: Option<String>,
    from: Option<From>,
}

/// From where is measured.
struct From {
    place: Fixed,
    /// How far, in metres; `None` for any distance.
    within: Option<f64>,
    /// The council there, or else this one, by its code in small letters.
    council: Option<String>,
}

impl From {
    /// The nearest of these, in metres and by number; nothing when none of
    /// them is within reach.
    fn nearest(&self, spots: &[Spot]) -> Option<(f64, usize)> {
        let measured = spots.iter().map(|s| s.place.metres_to(&self.place));
        let nearest = measured.zip(0..).min_by(|(a, _), (b, _)| a.total_cmp(b))?;
        let (metres, _) = nearest;
        self.within
            .is_none_or(|within| metres <= within)
            .then_some(nearest)
    }
}

impl Index {
    /// Finds what is wanted.
    pub fn find(&self, wanted: &Wanted) -> Found {
        let units = self.words.read(&wanted.text);
        let asked = self.asked(wanted);
        let mut found = Found {
            read_as: read_as(&units),
            ..Found::default()
        };
        if units.is_empty() {
            let every = 0..self.docs.len();
            found.hits = every.filter_map(|at| self.hit(at, 1.0, &asked)).collect();
        } else {
            let (scores, all) = self.scored(&units);
            let meeting = |least: usize| -> Vec<Hit> {
                let scores = scores.iter().enumerate();
                scores
                    .filter(|(_, (_, met))| usize::from(*met) >= least)
                    .filter_map(|(at, (score, _))| self.hit(at, *score, &asked))
                    .collect()
            };
            found.hits = meeting(if all { units.len() } else { 1 });
            found.loosened = !all && !found.hits.is_empty();
            // Nothing passes with all the words: what holds some of them.
            if found.hits.is_empty() && all && units.len() > 1 {
                found.hits = meeting(1);
                found.loosened = true;
            }
        }
        order(&mut found.hits, wanted);
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
                let rarity = self.words.rarity(*first);
                for (doc, weight) in self.words.holding(*first) {
                    let mut score = weight * rarity;
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

    fn asked<'a>(&self, wanted: &'a Wanted) -> Asked<'a> {
        let number = |id: &String| self.terms.get(id).copied();
        let known = |any: &Vec<String>| any.iter().filter_map(number).collect();
        let scope = wanted.scope.as_ref();
        let scope = scope.and_then(|s| s.terms.as_ref());
        let needs = wanted.access.iter().map(|need| access::bit(need));
        Asked {
            wanted,
            // An unknown term finds nothing, so its list may be empty.
            terms: wanted.terms.iter().chain(scope).map(known).collect(),
            needs: needs.collect::<Option<Vec<u16>>>().map(|bits| {
                let all = bits.into_iter();
                all.fold(0, |mask, bit| mask | bit)
            }),
            language: wanted.language.as_deref().map(|l| l.trim().to_lowercase()),
            from: wanted.near.as_ref().map(|near| From {
                place: Fixed::at(near.point),
                within: near.within,
                council: near
                    .council
                    .as_ref()
                    .or(self.council.codes.first())
                    .map(|code| code.to_lowercase()),
            }),
        }
    }

    /// The service as a result, when it is what was asked for.
    fn hit(&self, number: usize, score: f32, asked: &Asked) -> Option<Hit> {
        let doc = &self.docs[number];
        if !passes(doc, asked) {
            return None;
        }
        let spots = self.spots(doc);
        let nearest = match &asked.from {
            None => None,
            // At a place within reach, or without a place and for this
            // council. It has a place and nobody knows where: better shown
            // than lost.
            Some(from) if spots.is_empty() => {
                let serves = doc.areas.hold(from.council.as_deref(), true);
                if serves == Some(false) {
                    return None;
                }
                None
            }
            Some(from) => Some(from.nearest(spots)?),
        };
        let fall = nearest.map_or(1.0, |(metres, _)| HALF_AT / (HALF_AT + metres));
        Some(Hit {
            score: score * fall as f32,
            group: if doc.has_place {
                Group::Place
            } else {
                Group::NoPlace
            },
            metres: nearest.map(|(metres, _)| metres),
            over_the_border: nearest.is_some_and(|(_, at)| spots[at].over_the_border),
            standing: doc.standing,
            doc: number as u32,
            spot: nearest.map(|(_, at)| at as u32),
        })
    }
}

/// Whether every filter but the place lets a service through.
fn passes(doc: &Doc, asked: &Asked) -> bool {
    let wanted = asked.wanted;
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
}

fn is_open(doc: &Doc, wanted: &Wanted) -> bool {
    let any_time = wanted.days == 0 && wanted.from.is_none() && wanted.to.is_none();
    any_time || doc.open.iter().any(|open| open.is_within(wanted))
}

/// Puts results, which come by name, in the order that was asked for.
fn order(hits: &mut Vec<Hit>, wanted: &Wanted) {
    let by_words = !wanted.text.trim().is_empty() && wanted.order == Order::Best;
    let by_place = wanted.near.is_some() && wanted.order != Order::Name;
    if !by_words && !by_place {
        hits.sort_by_key(is_lowered);
        return;
    }
    let ranked = hits.iter().zip(0..);
    let mut ranks: Vec<u128> = ranked
        .map(|(hit, at)| rank(hit, at, by_words, by_place))
        .collect();
    ranks.sort_unstable();
    let at = |rank: u128| (rank & LAST_PLACE) as usize;
    *hits = ranks.into_iter().map(|rank| hits[at(rank)]).collect();
}

fn is_lowered(hit: &Hit) -> bool {
    hit.standing == Standing::Lowered
}

/// The bits of a rank that say where its result stood by name: enough for a
/// thousand million services.
const LAST_PLACE: u128 = (1 << 30) - 1;

/// Where a result stands, as one number, the least first: what is no longer
/// trusted comes last; then the best score, what is at a place, the nearest;
/// and at last where it stands by name. Thousands of numbers are sorted in a
/// fraction of the time in which results are compared part by part.
fn rank(hit: &Hit, by_name: u32, by_words: bool, by_place: bool) -> u128 {
    // Scores and metres are never negative: their bits stand in their order.
    let words = if by_words { !hit.score.to_bits() } else { 0 };
    let (group, metres) = if by_place {
        let far = hit.metres.unwrap_or(f64::INFINITY);
        (hit.group == Group::NoPlace, far.to_bits())
    } else {
        (false, 0)
    };
    u128::from(is_lowered(hit)) << 127
        | u128::from(words) << 95
        | u128::from(group) << 94
        | u128::from(metres) << 30
        | u128::from(by_name) & LAST_PLACE
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
