//! What speaks for a home and what speaks against it, for one child: terms,
//! room, brothers and sisters, needs, distance. Never a score: the order of the
//! list follows from the reasons, and each is said.

use vocabulary::plain;

use crate::carers::terms::Proposed;

/// What a child needs.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Ages in years, the child first, then the brothers and sisters who come.
    pub ages: Vec<i64>,
    /// Which kind of care, and its words.
    pub kind: (String, String),
    /// Needs, each with its words.
    pub needs: Vec<(String, String)>,
}

/// What is known of a household.
#[derive(Debug, Clone)]
pub struct Offered {
    /// Its terms.
    pub terms: Proposed,
    /// Children who live there now.
    pub taken: i64,
    /// It cannot take a child now.
    pub away: bool,
    /// A check has run out.
    pub expired: bool,
    /// Miles from where the child wants to be; nothing if not known.
    pub miles: Option<f64>,
    /// The distance is that of the area, not of the house.
    pub about: bool,
}

/// What speaks for and against a household.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reasons {
    /// For it.
    pub plus: Vec<String>,
    /// Against it.
    pub minus: Vec<String>,
    /// Outside its terms, or over a limit: an exemption is needed.
    pub outside: Vec<String>,
    /// How many needs it does not meet.
    unmet: usize,
    /// Brothers and sisters would be apart, or the kind is another.
    apart: usize,
    /// Miles in tenths; far if not known.
    far: i64,
}

impl Reasons {
    /// The order of the list: what lies within the terms first, then who keeps
    /// brothers and sisters together, then who meets most needs, then who is
    /// near.
    pub fn order(&self) -> (usize, usize, usize, i64) {
        (self.outside.len(), self.apart, self.unmet, self.far)
    }
}

/// Weighs a household for a child. `limit` is the usual fostering limit.
pub fn weigh(wanted: &Wanted, offered: &Offered, limit: i64) -> Reasons {
    let mut said = Reasons::default();
    let terms = &offered.terms;
    let coming = wanted.ages.len() as i64;
    let free = terms.places - offered.taken;
    if free >= coming {
        said.plus.push(match coming {
            1 => format!("Room: {} free", plain::count(free, "place", "places")),
            n => format!("Room for all {n}"),
        });
    } else if free > 0 {
        said.apart += 1;
        said.outside.push(format!(
            "Room for {free} of {coming}: the terms are for {}",
            plain::count(terms.places, "child", "children")
        ));
    } else {
        said.outside.push(format!(
            "No room: {} there, and the terms are for {}",
            plain::count(offered.taken, "child is", "children are"),
            terms.places
        ));
    }
    let all = offered.taken + coming;
    if all > limit && offered.taken > 0 {
        said.outside
            .push(format!("{all} foster children: the usual limit is {limit}"));
    }
    let out: Vec<i64> = wanted
        .ages
        .iter()
        .copied()
        .filter(|age| *age < terms.age_from || *age > terms.age_to)
        .collect();
    match out.first() {
        None => said.plus.push(format!(
            "Ages: approved for {} to {}",
            terms.age_from, terms.age_to
        )),
        Some(age) => said.outside.push(format!(
            "Age {age}: approved for {} to {}",
            terms.age_from, terms.age_to
        )),
    }
    let (kind, words) = &wanted.kind;
    if terms.kinds.iter().any(|k| k == kind) {
        said.plus
            .push(format!("Approved for this kind of care: {words}"));
    } else {
        said.outside
            .push(format!("Not approved for this kind of care: {words}"));
    }
    if coming > 1 && !terms.siblings {
        said.apart += 1;
        said.minus
            .push("Not approved for brothers and sisters together".into());
    } else if coming > 1 && free >= coming {
        said.plus.push("Brothers and sisters stay together".into());
    }
    for (need, words) in &wanted.needs {
        match terms.offers.iter().any(|offer| offer == need) {
            true => said.plus.push(format!("Can meet: {words}")),
            false => {
                said.unmet += 1;
                said.minus
                    .push(format!("Nothing says that they can meet: {words}"));
            }
        }
    }
    if offered.away {
        said.unmet += 1;
        said.minus
            .push("Not free now: ask their supervising social worker".into());
    }
    if offered.expired {
        said.unmet += 1;
        said.minus
            .push("A check has run out: it must be made before a child moves in".into());
    }
    said.far = offered
        .miles
        .map_or(i64::MAX, |miles| (miles * 10.0) as i64);
    match offered.miles {
        Some(miles) => {
            let near = miles <= 5.0;
            let about = if offered.about { "about " } else { "" };
            let words = format!("{about}{miles:.1} miles away");
            match near {
                true => said.plus.push(words),
                false => said.minus.push(words),
            }
        }
        None => said.minus.push("How far it is, is not known".into()),
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    fn home() -> Offered {
        Offered {
            terms: Proposed {
                places: 2,
                age_from: 5,
                age_to: 12,
                kinds: vec!["short_term".into()],
                offers: vec!["trauma".into()],
                siblings: true,
                words: None,
            },
            taken: 0,
            away: false,
            expired: false,
            miles: Some(2.0),
            about: false,
        }
    }

    fn child(ages: &[i64]) -> Wanted {
        Wanted {
            ages: ages.to_vec(),
            kind: ("short_term".into(), "short term".into()),
            needs: vec![("trauma".into(), "harm in the past".into())],
        }
    }

    /// A home that fits has nothing against it.
    #[test]
    fn a_home_that_fits() {
        let said = weigh(&child(&[8]), &home(), 3);
        assert!(said.outside.is_empty() && said.minus.is_empty(), "{said:?}");
        assert_eq!(said.plus.len(), 5);
    }

    /// Each thing that is exceeded is said by itself.
    #[test]
    fn outside_the_terms_is_said() {
        let mut full = home();
        full.taken = 2;
        let said = weigh(&child(&[14, 3]), &full, 3);
        let all = said.outside.join("; ");
        assert!(all.contains("No room"), "{all}");
        assert!(
            all.contains("4 foster children: the usual limit is 3"),
            "{all}"
        );
        assert!(all.contains("Age 14"), "{all}");
        let said = weigh(&child(&[6, 7, 8]), &home(), 3);
        assert_eq!(
            said.outside,
            ["Room for 2 of 3: the terms are for 2 children"]
        );
    }

    /// Within the terms comes before near; together before nearer still.
    #[test]
    fn the_order_follows_from_the_reasons() {
        let (far, mut near, mut apart) = (
            Offered {
                miles: Some(20.0),
                ..home()
            },
            home(),
            home(),
        );
        near.terms.age_to = 6;
        near.miles = Some(0.2);
        apart.terms.siblings = false;
        apart.miles = Some(1.0);
        let order = |o: &Offered| weigh(&child(&[8, 9]), o, 3).order();
        assert!(order(&far) < order(&near));
        assert!(order(&far) < order(&apart));
        assert!(order(&apart) < order(&near));
        let unknown = Offered {
            miles: None,
            ..home()
        };
        assert!(order(&far) < order(&unknown));
    }
}
