//! What follows from the postcodes, written into columns of their own:
//! PL_LA (the upper-tier authority of the placement), PL_LOCATION (IN or OUT
//! of the responsible authority) and PL_DISTANCE (miles from home). And the
//! UASC flag of Header, which the CSV form leaves to the file UASC.

use std::collections::HashSet;

use super::child::Tables;
use super::tables::{Field, Table};
use crate::core::reference::{Located, Postcodes};

/// Districts and the county that is their upper tier, as first and last
/// district number (E07...) and county number (E10...). Counties that have
/// since become unitary are kept, for postcode directories of those years.
/// Source: Office for National Statistics, local authority district to county
/// lookups.
const COUNTIES: [(u32, u32, u32); 30] = [
    (4, 7, 2),
    (8, 12, 3),
    (26, 31, 6),
    (32, 39, 7),
    (40, 47, 8),
    (48, 53, 9),
    (61, 65, 11),
    (66, 77, 12),
    (78, 83, 13),
    (84, 94, 14),
    (95, 104, 15),
    (105, 116, 16),
    (117, 128, 17),
    (129, 135, 18),
    (136, 142, 19),
    (143, 149, 20),
    (150, 156, 21),
    (163, 169, 23),
    (170, 176, 24),
    (177, 181, 25),
    (187, 191, 27),
    (192, 199, 28),
    (200, 206, 29),
    (207, 217, 30),
    (218, 222, 31),
    (223, 229, 32),
    (234, 239, 34),
    (240, 243, 15),
    (244, 245, 29),
    (246, 246, 27),
];

/// The authority that answers for children at a place: the county for a
/// district of a county, WAL, SCO or NIR outside England, else the code of
/// the directory.
pub fn upper_tier(authority: &str) -> String {
    match authority.as_bytes().first() {
        Some(b'W') => return "WAL".to_owned(),
        Some(b'S') => return "SCO".to_owned(),
        Some(b'N') => return "NIR".to_owned(),
        _ => {}
    }
    let district = authority
        .strip_prefix("E07")
        .and_then(|n| n.parse::<u32>().ok());
    let county = district.and_then(|n| {
        COUNTIES
            .iter()
            .find(|(from, to, _)| (*from..=*to).contains(&n))
    });
    county.map_or_else(
        || authority.to_owned(),
        |(_, _, county)| format!("E10{county:06}"),
    )
}

/// Miles between two places as the guidance counts them, to one decimal.
fn miles(home: &Located, placement: &Located) -> f64 {
    let east = f64::from(home.easting) - f64::from(placement.easting);
    let north = f64::from(home.northing) - f64::from(placement.northing);
    let miles = east.hypot(north) / 1000.0 / 1.6093;
    (miles * 10.0).round() / 10.0
}

/// Fills PL_LA, PL_LOCATION and PL_DISTANCE of the episodes.
pub fn places(tables: &mut Tables, postcodes: &Postcodes, authority: Option<&str>) {
    use Field::*;
    let Some(episodes) = &mut tables[Table::Episodes as usize] else {
        return;
    };
    let given = [PL_LA, PL_LOCATION, PL_DISTANCE].map(|field| episodes.has(field));
    let on_the_grid = |found: Option<&Located>| found.filter(|l| l.easting > 0).copied();
    for index in 0..episodes.len() {
        let row = episodes.row(index);
        let (home, placement) = (row.text(HOME_POST), row.text(PL_POST));
        let found = postcodes.find(placement);
        let mut values: Vec<(Field, String)> = Vec::with_capacity(3);
        if let Some(found) = found.filter(|found| !found.authority().trim().is_empty()) {
            let there = upper_tier(found.authority().trim());
            if let Some(authority) = authority {
                let inside = there.eq_ignore_ascii_case(authority);
                values.push((PL_LOCATION, if inside { "IN" } else { "OUT" }.to_owned()));
            }
            values.push((PL_LA, there));
        }
        if let (Some(home), Some(there)) = (on_the_grid(postcodes.find(home)), on_the_grid(found)) {
            values.push((PL_DISTANCE, format!("{:.1}", miles(&home, &there))));
        }
        for (field, value) in values {
            // A column that the file has says what the council's system knows.
            if given[field as usize - PL_LA as usize] {
                continue;
            }
            // These texts are a few letters long and fit any cell.
            if episodes.set(index, field, &value).is_err() {
                return;
            }
        }
    }
    for field in [PL_LA, PL_LOCATION, PL_DISTANCE] {
        if field != PL_LOCATION || authority.is_some() {
            episodes.now_has(field);
        }
    }
}

/// Fills the UASC flag of Header from the file UASC, when Header has no flag
/// of its own and the file is there.
pub fn flags(tables: &mut Tables) {
    let header = &tables[Table::Header as usize];
    if header.as_ref().is_none_or(|header| header.has(Field::UASC)) {
        return;
    }
    let Some(uasc) = &tables[Table::UASC as usize] else {
        return;
    };
    let children: HashSet<String> = uasc
        .rows()
        .map(|row| row.text(Field::CHILD).to_owned())
        .collect();
    if let Some(header) = &mut tables[Table::Header as usize] {
        for index in 0..header.len() {
            let child = header.row(index).text(Field::CHILD);
            let flag = if !child.is_empty() && children.contains(child) {
                "1"
            } else {
                "0"
            };
            if header.set(index, Field::UASC, flag).is_err() {
                return;
            }
        }
        header.now_has(Field::UASC);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn districts_count_as_their_county() {
        assert_eq!(upper_tier("E07000195"), "E10000028");
        assert_eq!(upper_tier("E07000240"), "E10000015");
        assert_eq!(upper_tier("E08000025"), "E08000025");
        assert_eq!(upper_tier("W06000015"), "WAL");
        assert_eq!(upper_tier("N09000003"), "NIR");
    }
}
