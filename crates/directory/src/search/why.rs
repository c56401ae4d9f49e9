//! Why a result is there, from the same facts that decided.

use super::access;
use super::because::Because;
use super::docs::Index;
use super::text::Kind;
use super::{Found, Group, Hit, How, NEEDS, Wanted};
use crate::assurance::Standing;
use crate::store::Directory;

impl Index {
    /// The reasons for the reader, the most telling first.
    pub fn because(
        &self,
        directory: &Directory,
        wanted: &Wanted,
        found: &Found,
        hit: &Hit,
    ) -> Vec<Because> {
        let doc = &self.docs[hit.doc as usize];
        let mut told = Vec::new();
        for unit in &found.units {
            let held = unit.ways.iter().find(|way| {
                let mut stems = way.stems.iter();
                stems.all(|s| self.words.weight(*s, hit.doc).is_some())
            });
            match held.map(|way| &way.kind) {
                Some(Kind::Same) => {}
                Some(Kind::Means(words)) => told.push(Because::Means {
                    has: words.clone(),
                    typed: unit.typed.clone(),
                }),
                Some(Kind::Spelt(words) | Kind::Begins(words)) => {
                    told.push(Because::Has(words.clone()));
                }
                None => told.push(Because::Lacks(unit.typed.clone())),
            }
        }
        for id in wanted.terms.iter().flatten() {
            let Some(term) = directory.term(id) else {
                continue;
            };
            let number = self.terms.get(id);
            if number.is_some_and(|n| doc.terms.binary_search(n).is_ok()) {
                told.push(Because::Category(term.name.clone()));
            }
        }
        if let Some((from, to)) = wanted.ages {
            told.push(match doc.ages {
                None => Because::AgesUnknown,
                Some((least, most)) => for_ages(least, most, from, to),
            });
        }
        if let Some(near) = &wanted.near {
            told.push(match (hit.metres, hit.group) {
                (Some(metres), _) => Because::Far {
                    about: near.about,
                    metres,
                    from: near.called.clone(),
                },
                (None, Group::Place) => Because::PlaceUnknown,
                (None, Group::NoPlace) => {
                    let ways = [How::Online, How::Telephone, How::InPerson];
                    let known = ways.into_iter().filter(|h| doc.how & h.bit() != 0);
                    Because::NoPlace(known.collect())
                }
            });
        }
        if hit.over_the_border {
            told.push(Because::OverTheBorder(self.council.name.clone()));
        }
        if wanted.days != 0 || wanted.from.is_some() || wanted.to.is_some() {
            let open = doc.open.iter().filter(|o| o.is_within(wanted));
            let days = open.fold(0, |mask, o| mask | o.days) & wanted.days;
            told.push(Because::Open(days));
        }
        if wanted.free {
            told.push(Because::Free);
        }
        for need in &wanted.access {
            let bit = access::bit(need).unwrap_or_default();
            let known = NEEDS.iter().enumerate();
            let met = known.filter(|(at, _)| bit & (1 << at) != 0);
            told.extend(met.map(|(_, need)| Because::Access(need.id)));
        }
        if let Some(language) = &wanted.language {
            told.push(Because::Speaks(language.clone()));
        }
        if matches!(hit.standing, Standing::NotCheckedSince | Standing::Lowered)
            && let Some(entry) = directory.entry(&doc.id)
        {
            told.push(match entry.upkeep.checked_on {
                Some(day) => Because::NotCheckedSince(day),
                None => Because::NeverChecked,
            });
        }
        told
    }
}

fn for_ages(least: f64, most: f64, from: f64, to: f64) -> Because {
    let most = most.floor();
    Because::Ages {
        from: Some(least).filter(|l| *l > 0.0),
        to: Some(most).filter(|m| *m < 150.0),
        whole: least <= from && most + 0.999 >= to,
    }
}
