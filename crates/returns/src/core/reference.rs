//! Reference data that some rules need: the national postcode directory and
//! Ofsted's list of providers, from files that the council names. Without
//! them these rules are "not run", never passed.
//!
//! Columns are found by name in any order. Lists may be large (the directory
//! has 2.6 million postcodes), so a postcode takes 24 bytes and is found by
//! halving.

use std::collections::HashMap;
use std::io::Read;

use super::identifiers::postcode_key;
use super::problem::{Place, Problem};

/// Where a postcode is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Located {
    laua: [u8; 9],
    /// Metres east of the grid's origin.
    pub easting: u32,
    /// Metres north of the grid's origin.
    pub northing: u32,
}

impl Located {
    /// The nine-character code of the authority, as in the directory.
    pub fn authority(&self) -> &str {
        std::str::from_utf8(&self.laua).unwrap_or_default()
    }
}

/// The postcode directory, or a council's extract of it.
#[derive(Debug, Clone, Default)]
pub struct Postcodes {
    rows: Vec<([u8; 7], Located)>,
}

/// One registered provider of placements.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Provider {
    /// The columns of Ofsted's row by name in lower case, blank ones left out.
    pub columns: HashMap<String, String>,
}

/// Ofsted's providers by their unique reference number.
#[derive(Debug, Clone, Default)]
pub struct Providers {
    by_urn: HashMap<String, Vec<Provider>>,
}

/// What a check was given besides the return.
#[derive(Debug, Clone, Default)]
pub struct Reference {
    /// The postcode directory, if given.
    pub postcodes: Option<Postcodes>,
    /// Ofsted's list, if given.
    pub providers: Option<Providers>,
}

fn problem(file: &str, line: u64, message: String) -> Problem {
    Problem {
        place: Place {
            file: file.to_owned(),
            line,
            column: 0,
        },
        message,
        stops: true,
    }
}

/// The positions of columns of which the first known name counts.
fn positions<const N: usize>(
    file: &str,
    header: &csv::StringRecord,
    wanted: [&[&str]; N],
) -> Result<[usize; N], Problem> {
    let mut found = [0; N];
    for (place, names) in found.iter_mut().zip(wanted) {
        let column = header.iter().position(|name| {
            let name = name.trim_start_matches('\u{feff}').trim();
            names.iter().any(|known| name.eq_ignore_ascii_case(known))
        });
        *place = column.ok_or_else(|| {
            let names = names.join(" or ");
            problem(file, 1, format!("There is no column {names}: add it"))
        })?;
    }
    Ok(found)
}

impl Postcodes {
    /// Reads the directory: columns pcd (or pcds, pcd7, pcd2), laua (or
    /// oslaua, lad...), easting (oseast1m), northing (osnrth1m). Rows without
    /// a grid reference (closed or overseas) keep 0.
    ///
    /// # Errors
    /// A column is missing, or the file cannot be read as CSV; the problem
    /// names the line.
    pub fn read(file: &str, source: impl Read) -> Result<Self, Problem> {
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(source);
        let header = reader
            .headers()
            .map_err(|e| problem(file, 1, e.to_string()))?;
        let [pcd, laua, east, north] = positions(
            file,
            header,
            [
                &["pcd", "pcds", "pcd7", "pcd2", "pcd8"],
                &["laua", "oslaua", "lad25cd", "lad24cd", "lad23cd"],
                &["easting", "oseast1m", "east1m"],
                &["northing", "osnrth1m", "north1m"],
            ],
        )?;
        let mut rows = Vec::new();
        let mut record = csv::ByteRecord::new();
        loop {
            let line = reader.position().line();
            match reader.read_byte_record(&mut record) {
                Ok(false) => break,
                Ok(true) => {}
                Err(error) => return Err(problem(file, line, error.to_string())),
            }
            let text = |at: usize| {
                let bytes = record.get(at).unwrap_or_default();
                std::str::from_utf8(bytes).unwrap_or_default().trim()
            };
            let Some(key) = postcode_key(text(pcd)) else {
                continue;
            };
            let mut code = [b' '; 9];
            for (place, c) in code.iter_mut().zip(text(laua).bytes()) {
                *place = c;
            }
            let located = Located {
                laua: code,
                easting: text(east).parse().unwrap_or(0),
                northing: text(north).parse().unwrap_or(0),
            };
            rows.push((key, located));
        }
        rows.sort_unstable_by_key(|(key, _)| *key);
        rows.shrink_to_fit();
        Ok(Self { rows })
    }

    /// Where a postcode is; `None` when the directory has not got it.
    pub fn find(&self, postcode: &str) -> Option<&Located> {
        let key = postcode_key(postcode)?;
        let at = self.rows.binary_search_by_key(&key, |(key, _)| *key).ok()?;
        self.rows.get(at).map(|(_, located)| located)
    }

    /// How many postcodes there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

impl Providers {
    /// Reads Ofsted's list: a column URN (or "Unique reference number"), all
    /// others kept by name.
    ///
    /// # Errors
    /// The URN column is missing, or the file cannot be read as CSV.
    pub fn read(file: &str, source: impl Read) -> Result<Self, Problem> {
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(source);
        let header = reader
            .headers()
            .map_err(|e| problem(file, 1, e.to_string()))?;
        let [urn] = positions(file, header, [&["urn", "unique reference number"]])?;
        let names: Vec<String> = header
            .iter()
            .map(|name| name.trim_start_matches('\u{feff}').trim().to_lowercase())
            .collect();
        let mut providers = Self::default();
        for record in reader.records() {
            let record = record.map_err(|e| {
                let line = e.position().map_or(0, csv::Position::line);
                problem(file, line, e.to_string())
            })?;
            let key = record.get(urn).unwrap_or_default().trim().to_uppercase();
            if key.is_empty() {
                continue;
            }
            let columns = names
                .iter()
                .zip(record.iter())
                .filter(|(_, value)| !value.trim().is_empty())
                .map(|(name, value)| (name.clone(), value.trim().to_owned()))
                .collect();
            providers
                .by_urn
                .entry(key)
                .or_default()
                .push(Provider { columns });
        }
        Ok(providers)
    }

    /// The rows of a provider, in any case; empty when it is not in the list.
    pub fn find(&self, urn: &str) -> &[Provider] {
        let found = self.by_urn.get(&urn.trim().to_uppercase());
        found.map_or(&[], Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_shapes_of_the_directory_are_read() {
        let short = "pcd,laua,easting,northing\nB1 1AA,E08000025,406600,286400\n";
        let long = "\u{feff}pcd,pcd2,oslaua,oseast1m,osnrth1m\nB1 1AA,B1  1AA,E08000025,406600,286400\nIM1 1AA,,M99999999,,\n";
        for text in [short, long] {
            let all = Postcodes::read("p.csv", text.as_bytes()).unwrap();
            let found = all.find("b11aa").unwrap();
            assert_eq!(found.authority(), "E08000025");
            assert_eq!((found.easting, found.northing), (406_600, 286_400));
            assert!(all.find("B1 1AB").is_none());
        }
    }

    #[test]
    fn a_missing_column_is_named() {
        let error = Postcodes::read("p.csv", "pcd,laua,easting\n".as_bytes()).unwrap_err();
        assert!(error.message.contains("northing"));
    }

    #[test]
    fn providers_are_found_by_number() {
        let list = Providers::read("l.csv", "URN,Place\nSC1,K2\nsc1,K1\n".as_bytes()).unwrap();
        assert_eq!(list.find("sc1").len(), 2);
        assert_eq!(list.find("SC1")[0].columns["place"], "K2");
        assert!(list.find("SC2").is_empty());
    }
}
