//! Where a postcode is, without asking anybody outside.
//!
//! A council loads the full table (`pcd, laua, easting, northing`, as in the
//! ONS Postcode Directory); until then the middle of each sector stands in,
//! and what is measured from it is only "about". Which council a postcode
//! lies in is known only from the full table: 3,133 of 10,060 sectors lie in
//! more than one.

use std::collections::HashMap;
use std::io::Read;

use serde::Deserialize;
use vocabulary::Postcode;

const SECTORS: &str = include_str!("../data/england_sector_centroids.csv");
const OUTCODES: &str = include_str!("../data/england_outcode_centroids.csv");

/// Metres in a mile.
pub const MILE: f64 = 1609.344;

/// A point in WGS84.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
}

impl Point {
    /// Metres to another point, over a round earth: right to 0.5%.
    pub fn metres_to(self, other: Point) -> f64 {
        const EARTH: f64 = 6_371_008.8;
        let (a, b) = (self.latitude.to_radians(), other.latitude.to_radians());
        let north = (b - a) / 2.0;
        let east = (other.longitude - self.longitude).to_radians() / 2.0;
        let h = north.sin().powi(2) + a.cos() * b.cos() * east.sin().powi(2);
        2.0 * EARTH * h.sqrt().min(1.0).asin()
    }
}

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

/// What is gathered of a sector while a full table is read.
#[derive(Default)]
struct Gathered {
    latitude: f64,
    longitude: f64,
    count: f64,
    councils: HashMap<u32, u32>,
}

/// Why a table of postcodes could not be read.
#[derive(Debug, thiserror::Error)]
pub enum Problem {
    /// It is no CSV, or a row is broken.
    #[error("line {line}: {message}")]
    Line {
        /// Counted from 1, the header included.
        line: u64,
        /// What is wrong.
        message: String,
    },
    /// A column is not there.
    #[error("the table has no column {0}; it needs pcd, laua, easting and northing")]
    Column(&'static str),
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

    /// Reads a full table: the ONS Postcode Directory whole, of any year, or
    /// four columns of it. Columns by name: `pcd` (or `pcds`), `laua` (or
    /// `lad25cd`), `easting` and `northing` (or `oseast1m`, `osnrth1m`); where
    /// there are `lat` and `long`, they spare the sums.
    ///
    /// # Errors
    /// A missing column, or a row that is no CSV. Rows without a grid
    /// reference are left out.
    pub fn read(&mut self, table: impl Read) -> Result<u64, Problem> {
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(table);
        let header = reader.headers().map_err(|e| line(&e, 1))?.clone();
        let at = |fits: &dyn Fn(&str) -> bool| {
            header.iter().position(|h| {
                let h = h.trim_start_matches('\u{feff}').trim().to_lowercase();
                fits(&h)
            })
        };
        let named = |names: &[&str]| at(&|h: &str| names.contains(&h));
        let code = named(&["pcd", "pcds", "pcd7", "postcode"]).ok_or(Problem::Column("pcd"))?;
        let council = named(&["laua", "oslaua"]).or_else(|| at(&of_a_year));
        let council = council.ok_or(Problem::Column("laua"))?;
        let east = named(&["easting", "oseast1m", "east1m"]).ok_or(Problem::Column("easting"))?;
        let north =
            named(&["northing", "osnrth1m", "north1m"]).ok_or(Problem::Column("northing"))?;
        let degrees = named(&["lat"]).zip(named(&["long"]));
        let mut numbers: HashMap<String, u32> = HashMap::new();
        let mut gathered: HashMap<String, Gathered> = HashMap::new();
        let mut taken = 0;
        let mut row = csv::StringRecord::new();
        let mut number = 1;
        loop {
            number += 1;
            match reader.read_record(&mut row) {
                Ok(true) => {}
                Ok(false) => break,
                Err(problem) => return Err(line(&problem, number)),
            }
            let field = |i: usize| row.get(i).unwrap_or_default().trim();
            let Ok(postcode) = field(code).parse::<Postcode>() else {
                continue;
            };
            let (Ok(e), Ok(n)) = (field(east).parse::<f64>(), field(north).parse::<f64>()) else {
                continue;
            };
            let told = degrees.and_then(|(lat, long)| {
                let latitude: f64 = field(lat).parse().ok()?;
                let longitude: f64 = field(long).parse().ok()?;
                // The directory writes 99.999999 where it knows no place.
                (latitude < 90.0).then_some(Point {
                    latitude,
                    longitude,
                })
            });
            let point = told.unwrap_or_else(|| from_grid(e, n));
            let council = field(council);
            let council = match numbers.get(council) {
                Some(known) => *known,
                None => {
                    self.councils.push(council.to_owned());
                    let known = self.councils.len() as u32 - 1;
                    numbers.insert(council.to_owned(), known);
                    known
                }
            };
            self.exact.push(Exact {
                key: key(&postcode),
                latitude: point.latitude as f32,
                longitude: point.longitude as f32,
                council,
            });
            if !gathered.contains_key(postcode.sector()) {
                gathered.insert(postcode.sector().to_owned(), Gathered::default());
            }
            if let Some(sector) = gathered.get_mut(postcode.sector()) {
                sector.latitude += point.latitude;
                sector.longitude += point.longitude;
                sector.count += 1.0;
                *sector.councils.entry(council).or_default() += 1;
            }
            taken += 1;
        }
        self.settle(gathered);
        Ok(taken)
    }

    /// Puts what was read in order. Of a postcode that is there twice, the
    /// later one counts.
    fn settle(&mut self, gathered: HashMap<String, Gathered>) {
        self.exact.reverse();
        self.exact.sort_by_key(|e| e.key);
        self.exact.dedup_by_key(|e| e.key);
        self.exact.shrink_to_fit();
        for (name, sector) in gathered {
            let most = sector.councils.iter().max_by_key(|(_, n)| **n);
            if let Some((council, _)) = most {
                self.leaning.insert(name.clone(), *council);
            }
            let middle = Point {
                latitude: sector.latitude / sector.count,
                longitude: sector.longitude / sector.count,
            };
            self.put_sector(&name, middle);
        }
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

/// Whether a column names the district of a year: "lad25cd".
fn of_a_year(header: &str) -> bool {
    let year = header
        .strip_prefix("lad")
        .and_then(|h| h.strip_suffix("cd"));
    year.is_some_and(|y| y.len() == 2 && y.bytes().all(|b| b.is_ascii_digit()))
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

fn line(problem: &csv::Error, number: u64) -> Problem {
    Problem::Line {
        line: problem.position().map_or(number, csv::Position::line),
        message: problem.to_string(),
    }
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

/// A point of the national grid (metres, OSGB36) in WGS84, by the published
/// inverse Transverse Mercator series and a seven-parameter shift: right to
/// about five metres, which is less than a postcode's own width.
/// Source: Ordnance Survey, A guide to coordinate systems in Great Britain.
pub fn from_grid(easting: f64, northing: f64) -> Point {
    const A: f64 = 6_377_563.396;
    const B: f64 = 6_356_256.909;
    const F0: f64 = 0.999_601_271_7;
    let lat0 = 49f64.to_radians();
    let lon0 = (-2f64).to_radians();
    let (n0, e0) = (-100_000.0, 400_000.0);
    let e2 = 1.0 - (B * B) / (A * A);
    let n = (A - B) / (A + B);
    let arc = |lat: f64| {
        let (minus, plus) = (lat - lat0, lat + lat0);
        B * F0
            * ((1.0 + n + 1.25 * n * n + 1.25 * n.powi(3)) * minus
                - (3.0 * n + 3.0 * n * n + 2.625 * n.powi(3)) * minus.sin() * plus.cos()
                + (1.875 * n * n + 1.875 * n.powi(3)) * (2.0 * minus).sin() * (2.0 * plus).cos()
                - 35.0 / 24.0 * n.powi(3) * (3.0 * minus).sin() * (3.0 * plus).cos())
    };
    let mut lat = lat0;
    for _ in 0..12 {
        let off = northing - n0 - arc(lat);
        if off.abs() < 0.000_01 {
            break;
        }
        lat += off / (A * F0);
    }
    let (sin, cos, tan) = (lat.sin(), lat.cos(), lat.tan());
    let nu = A * F0 / (1.0 - e2 * sin * sin).sqrt();
    let rho = A * F0 * (1.0 - e2) / (1.0 - e2 * sin * sin).powf(1.5);
    let eta2 = nu / rho - 1.0;
    let (t2, d) = (tan * tan, easting - e0);
    let vii = tan / (2.0 * rho * nu);
    let viii = tan / (24.0 * rho * nu.powi(3)) * (5.0 + 3.0 * t2 + eta2 - 9.0 * t2 * eta2);
    let ix = tan / (720.0 * rho * nu.powi(5)) * (61.0 + 90.0 * t2 + 45.0 * t2 * t2);
    let x = 1.0 / (cos * nu);
    let xi = 1.0 / (6.0 * cos * nu.powi(3)) * (nu / rho + 2.0 * t2);
    let xii = 1.0 / (120.0 * cos * nu.powi(5)) * (5.0 + 28.0 * t2 + 24.0 * t2 * t2);
    let airy_lat = lat - vii * d.powi(2) + viii * d.powi(4) - ix * d.powi(6);
    let airy_lon = lon0 + x * d - xi * d.powi(3) + xii * d.powi(5);
    shift(airy_lat, airy_lon)
}

/// From the Airy ellipsoid to WGS84.
fn shift(lat: f64, lon: f64) -> Point {
    let (a, b) = (6_377_563.396_f64, 6_356_256.909_f64);
    let e2 = 1.0 - (b * b) / (a * a);
    let nu = a / (1.0 - e2 * lat.sin().powi(2)).sqrt();
    let (x, y, z) = (
        nu * lat.cos() * lon.cos(),
        nu * lat.cos() * lon.sin(),
        nu * (1.0 - e2) * lat.sin(),
    );
    let second = std::f64::consts::PI / 180.0 / 3600.0;
    let (rx, ry, rz) = (0.1502 * second, 0.2470 * second, 0.8421 * second);
    let s = 1.0 - 20.4894e-6;
    let (x, y, z) = (
        446.448 + s * x - rz * y + ry * z,
        -125.157 + rz * x + s * y - rx * z,
        542.060 - ry * x + rx * y + s * z,
    );
    let (a, b) = (6_378_137.0_f64, 6_356_752.314_2_f64);
    let e2 = 1.0 - (b * b) / (a * a);
    let p = x.hypot(y);
    let mut lat = (z / (p * (1.0 - e2))).atan();
    for _ in 0..6 {
        let nu = a / (1.0 - e2 * lat.sin().powi(2)).sqrt();
        lat = ((z + e2 * nu * lat.sin()) / p).atan();
    }
    Point {
        latitude: lat.to_degrees(),
        longitude: y.atan2(x).to_degrees(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grid_turns_into_degrees() {
        // The Ordnance Survey's worked example: Caister water tower,
        // E 651409.903, N 313177.270; in WGS84 about 52.65798 N, 1.71605 E.
        let point = from_grid(651_409.903, 313_177.270);
        let real = Point {
            latitude: 52.657_98,
            longitude: 1.716_05,
        };
        assert!(point.metres_to(real) < 10.0, "{point:?}");
    }

    #[test]
    fn a_full_table_wins_over_the_middle_of_the_sector() {
        let mut table = Postcodes::england();
        let code: Postcode = "AL1 1AA".parse().unwrap();
        let about = table.find(&code).unwrap();
        assert!(about.about && about.council.is_none());
        let csv =
            "pcd,laua,easting,northing\nAL1 1AA,E07000240,515000,206500\nAL1 1AB,E07000240,,\n";
        assert_eq!(table.read(csv.as_bytes()).unwrap(), 1);
        let exact = table.find(&code).unwrap();
        assert!(!exact.about);
        assert_eq!(exact.council.as_deref(), Some("E07000240"));
        assert!(exact.point.metres_to(about.point) < 5_000.0);
    }

    #[test]
    fn the_national_directory_is_read_whole_with_its_own_columns() {
        let csv = "\u{feff}pcd7,pcds,doterm,lad25cd,east1m,north1m,lat,long\n\
            AL1 1AA,AL1 1AA,,E07000240,515000,206500,51.745,-0.334\n\
            AL1 1AB,AL1 1AB,202301,E07000241,515100,206500,99.999999,0.0\n";
        let mut table = Postcodes::default();
        assert_eq!(table.read(csv.as_bytes()).unwrap(), 2);
        let first = table.find(&"AL1 1AA".parse().unwrap()).unwrap();
        assert!((first.point.latitude - 51.745).abs() < 0.000_01);
        let ended = table.find(&"al11ab".parse().unwrap()).unwrap();
        assert_eq!(ended.council.as_deref(), Some("E07000241"));
        assert!(ended.point.metres_to(first.point) < 600.0, "{ended:?}");
        assert!(table.knows_council("E07000240") && !table.knows_council("E06000001"));
        // Its sector can be drawn, and still decides nobody's council.
        let (low, high) = (
            Point {
                latitude: 51.0,
                longitude: -1.0,
            },
            Point {
                latitude: 52.0,
                longitude: 0.0,
            },
        );
        let drawn = table.sectors_between(low, high);
        assert_eq!((drawn.len(), drawn[0].name), (1, "AL1 1"));
        assert!(drawn[0].council.is_some());
        assert_eq!(table.find_area("AL1 1").unwrap().council, None);
    }

    #[test]
    fn a_table_without_its_columns_says_which() {
        let problem = Postcodes::default()
            .read("postcode,council\nAL1 1AA,X\n".as_bytes())
            .unwrap_err();
        assert!(problem.to_string().contains("laua"), "{problem}");
    }

    #[test]
    fn an_unknown_postcode_is_unknown() {
        let code: Postcode = "ZE9 9ZZ".parse().unwrap();
        assert_eq!(Postcodes::england().find(&code), None);
    }
}
