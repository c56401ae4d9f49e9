//! Where a postcode is, without asking anybody outside.
//!
//! A council loads the full table (`pcd, laua, easting, northing`, as in the
//! ONS Postcode Directory); until then the middle of each sector stands in,
//! and what is measured from it is only "about". Which council a postcode
//! lies in is known only from the full table: 3,133 of 10,060 sectors lie in
//! more than one.

mod grid;
mod point;
mod table;

use std::collections::HashMap;

use serde::Deserialize;
use vocabulary::Postcode;

pub use grid::from_grid;
pub(crate) use point::Fixed;
pub use point::{MILE, Point};
pub use table::Problem;

const SECTORS: &str = include_str!("../data/england_sector_centroids.csv");
const OUTCODES: &str = include_str!("../data/england_outcode_centroids.csv");

/// Where a postcode is.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// Its middle.
    pub point: Point,
    /// It is the middle of its sector or outward code only: say "about".
    pub about: bool,
    /// The ONS code of its council, when the full table is loaded.
    pub council: Option<String>,
}

/// A postcode of the full table: 24 bytes, so that the two and a half million
/// of the country take 65 MB.
#[derive(Debug, Clone, Copy)]
struct Exact {
    key: u64,
    latitude: f32,
    longitude: f32,
    council: u32,
}

/// A table of postcodes.
#[derive(Debug, Clone, Default)]
pub struct Postcodes {
    /// Sorted by key.
    exact: Vec<Exact>,
    sectors: HashMap<String, Point>,
    outcodes: HashMap<String, Point>,
    councils: Vec<String>,
    sector_council: HashMap<String, String>,
    /// The council in which most postcodes of a sector lie: for drawing only.
    leaning: HashMap<String, u32>,
}

/// A sector as a map draws it.
#[derive(Debug, Clone, PartialEq)]
pub struct Sector<'a> {
    /// "LK5 5".
    pub name: &'a str,
    /// Its middle.
    pub point: Point,
    /// The council in which it lies, or most of it.
    pub council: Option<&'a str>,
}

#[derive(Deserialize)]
struct Middle {
    #[serde(alias = "sector", alias = "outcode")]
    area: String,
    latitude: f64,
    longitude: f64,
}

impl Postcodes {
    /// The middles of England's sectors and outward codes.
    pub fn england() -> Postcodes {
        Postcodes {
            sectors: middles(SECTORS),
            outcodes: middles(OUTCODES),
            ..Postcodes::default()
        }
    }

    /// Adds the middle of a sector, as the invented borough does for its own.
    pub fn put_sector(&mut self, sector: &str, point: Point) {
        self.sectors.insert(sector.to_owned(), point);
        if let Some((outcode, _)) = sector.split_once(' ') {
            self.outcodes.entry(outcode.to_owned()).or_insert(point);
        }
    }

    /// Says in which one council a whole sector lies, as the invented borough
    /// does for its own.
    pub fn put_council(&mut self, sector: &str, council: &str) {
        self.sector_council
            .insert(sector.to_owned(), council.to_owned());
    }

    /// Whether any postcode is known to lie in a council.
    pub fn knows_council(&self, code: &str) -> bool {
        self.councils.iter().any(|c| c == code) || self.sector_council.values().any(|c| c == code)
    }

    /// The sectors whose middles lie between two corners, for a map.
    pub fn sectors_between(&self, low: Point, high: Point) -> Vec<Sector<'_>> {
        let inside = |p: &Point| {
            (low.latitude..=high.latitude).contains(&p.latitude)
                && (low.longitude..=high.longitude).contains(&p.longitude)
        };
        let found = self.sectors.iter().filter(|(_, point)| inside(point));
        let mut found: Vec<Sector<'_>> = found
            .map(|(name, point)| Sector {
                name,
                point: *point,
                council: self.leans(name),
            })
            .collect();
        found.sort_by_key(|sector| sector.name);
        found
    }

    fn leans(&self, sector: &str) -> Option<&str> {
        let leaning = self.leaning.get(sector);
        leaning
            .and_then(|at| self.councils.get(*at as usize))
            .or_else(|| self.sector_council.get(sector))
            .map(String::as_str)
    }

    /// Where a postcode is: exactly, or about, or unknown.
    pub fn find(&self, postcode: &Postcode) -> Option<Found> {
        let key = key(postcode);
        if let Ok(at) = self.exact.binary_search_by_key(&key, |e| e.key) {
            let exact = self.exact[at];
            return Some(Found {
                point: Point {
                    latitude: exact.latitude.into(),
                    longitude: exact.longitude.into(),
                },
                about: false,
                council: self.councils.get(exact.council as usize).cloned(),
            });
        }
        let middle = self
            .sectors
            .get(postcode.sector())
            .or_else(|| self.outcodes.get(postcode.outcode()))?;
        Some(Found {
            point: *middle,
            about: true,
            council: self.sector_council.get(postcode.sector()).cloned(),
        })
    }

    /// Where a place is that somebody typed: a full postcode, a sector ("LK5 5")
    /// or an outward code ("LK5").
    pub fn find_area(&self, text: &str) -> Option<Found> {
        if let Ok(code) = text.parse::<Postcode>() {
            return self.find(&code);
        }
        let plain = text.trim().to_uppercase();
        let words: Vec<&str> = plain.split_whitespace().collect();
        if let [_, _] = words.as_slice() {
            let sector = words.join(" ");
            return self.sectors.get(&sector).map(|point| Found {
                point: *point,
                about: true,
                council: self.sector_council.get(&sector).cloned(),
            });
        }
        self.find_outcode(&plain)
    }

    /// Where an outward code such as "LK1" is, about.
    pub fn find_outcode(&self, outcode: &str) -> Option<Found> {
        let outcode = outcode.trim().to_uppercase();
        self.outcodes.get(&outcode).map(|point| Found {
            point: *point,
            about: true,
            council: None,
        })
    }
}

/// A postcode as one number: at most seven letters and digits.
fn key(postcode: &Postcode) -> u64 {
    let letters = postcode.as_str().bytes().filter(|b| *b != b' ');
    letters.fold(0, |key, letter| {
        let value = match letter {
            b'0'..=b'9' => letter - b'0' + 1,
            _ => letter.to_ascii_uppercase().wrapping_sub(b'A') + 11,
        };
        key * 37 + u64::from(value)
    })
}

fn middles(table: &str) -> HashMap<String, Point> {
    csv::Reader::from_reader(table.as_bytes())
        .deserialize::<Middle>()
        .filter_map(|row| {
            let row = row.ok()?;
            let point = Point {
                latitude: row.latitude,
                longitude: row.longitude,
            };
            Some((row.area, point))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_postcode_is_unknown() {
        let code: Postcode = "ZE9 9ZZ".parse().unwrap();
        assert_eq!(Postcodes::england().find(&code), None);
    }
}
