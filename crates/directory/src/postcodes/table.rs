//! Reading the full table of postcodes that a council loads.

use std::collections::HashMap;
use std::io::Read;

use vocabulary::Postcode;

use super::{Exact, Point, Postcodes, from_grid, key};

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

impl Postcodes {
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
}

/// Whether a column names the district of a year: "lad25cd".
fn of_a_year(header: &str) -> bool {
    let year = header
        .strip_prefix("lad")
        .and_then(|h| h.strip_suffix("cd"));
    year.is_some_and(|y| y.len() == 2 && y.bytes().all(|b| b.is_ascii_digit()))
}

fn line(problem: &csv::Error, number: u64) -> Problem {
    Problem::Line {
        line: problem.position().map_or(number, csv::Position::line),
        message: problem.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
