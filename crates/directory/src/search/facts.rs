//! One service as the filters of a search see it.

use std::ops::Range;

use chrono::NaiveDate;

use super::{Council, How, Wanted, access, minutes};
use crate::assurance::Standing;
use crate::model::{LocationType, Schedule, Service};
use crate::postcodes::{Fixed, Point, Postcodes};
use crate::store::{Directory, Entry};

/// One time at which a service is open.
#[derive(Debug, Clone, Copy)]
pub(super) struct Open {
    /// Monday is bit 0; all bits when no day is said.
    pub days: u8,
    /// Minutes after midnight.
    pub from: u16,
    pub to: u16,
}

impl Open {
    /// Whether it is open on a wanted day at some time of the wanted hours.
    pub fn is_within(&self, wanted: &Wanted) -> bool {
        let days = if wanted.days == 0 { 0x7f } else { wanted.days };
        let from = wanted.from.unwrap_or(0);
        let to = wanted.to.unwrap_or(24 * 60);
        self.days & days != 0 && self.from < to && self.to > from
    }
}

/// A place of a service.
#[derive(Debug, Clone)]
pub(super) struct Spot {
    pub location: String,
    pub place: Fixed,
    pub over_the_border: bool,
}

/// One service as filters see it.
#[derive(Debug, Clone)]
pub(super) struct Doc {
    pub id: String,
    pub ages: Option<(f64, f64)>,
    pub free: bool,
    pub open: Vec<Open>,
    pub languages: Vec<String>,
    /// Which access needs each of its places meets.
    pub access: Vec<u16>,
    pub how: u8,
    /// Its terms and all above them, by number.
    pub terms: Vec<u32>,
    pub organization: Option<String>,
    /// Its places that are known, among those of the index.
    pub spots: Range<usize>,
    /// It has a place that people go to, whether or not we know where.
    pub has_place: bool,
    pub areas: Areas,
    pub standing: Standing,
}

/// The facts of a service and its known places; its terms, and where its
/// places stand, the index adds.
pub(super) fn doc_of(
    directory: &Directory,
    postcodes: &Postcodes,
    council: &Council,
    entry: &Entry,
    today: NaiveDate,
) -> (Doc, Vec<Spot>) {
    let s = &entry.service;
    let mut spots = Vec::new();
    let mut access = Vec::new();
    let mut has_place = false;
    let mut virtual_place = false;
    for place in directory.places(entry) {
        let Some(location) = place.location else {
            continue;
        };
        match location.location_type {
            LocationType::Physical => has_place = true,
            LocationType::Virtual => virtual_place = true,
            LocationType::Postal => {}
        }
        let features = location.accessibility.iter();
        let said = features.flat_map(|f| [&f.description, &f.details].into_iter().flatten());
        access.push(said.fold(0, |mask, text| mask | access::mask(text)));
        if location.location_type != LocationType::Physical {
            continue;
        }
        // A hidden place is measured from the rounded point that its readers
        // see, so that asking from many places does not find it.
        let known = location.postcode().and_then(|p| p.parse().ok());
        let found = known.and_then(|p| postcodes.find(&p));
        let given = location.latitude.zip(location.longitude);
        let point = given
            .map(|(latitude, longitude)| Point {
                latitude,
                longitude,
            })
            .or(found.as_ref().map(|f| f.point));
        let there = found.and_then(|f| f.council);
        if let Some(point) = point {
            spots.push(Spot {
                location: location.id.clone(),
                place: Fixed::at(point),
                over_the_border: !council.codes.is_empty()
                    && there.is_some_and(|code| !council.codes.contains(&code)),
            });
        }
    }
    let schedules: Vec<&Schedule> = s
        .schedules
        .iter()
        .chain(
            s.service_at_locations
                .iter()
                .flat_map(|a| a.schedules.iter()),
        )
        .collect();
    let doc = Doc {
        id: s.id.clone(),
        ages: ages(s),
        free: s.is_free(),
        open: schedules.iter().map(|x| open(x)).collect(),
        languages: languages(s),
        access,
        how: how(s, &schedules, has_place, virtual_place),
        terms: Vec::new(),
        organization: s.organization_id.clone(),
        spots: 0..0,
        has_place,
        areas: Areas::of(s, council),
        standing: entry.upkeep.standing(today),
    };
    (doc, spots)
}

fn ages(s: &Service) -> Option<(f64, f64)> {
    match (s.minimum_age, s.maximum_age) {
        (None, None) => None,
        // "Up to 5 years" holds until the sixth birthday.
        (from, to) => Some((from.unwrap_or(0.0), to.map_or(150.0, |t| t.floor() + 0.999))),
    }
}

fn open(schedule: &Schedule) -> Open {
    let days = schedule.byday.as_deref().map(days).filter(|d| *d != 0);
    let time = |t: &Option<String>| t.as_deref().and_then(minutes);
    Open {
        days: days.unwrap_or(0x7f),
        from: time(&schedule.opens_at).unwrap_or(0),
        to: time(&schedule.closes_at).unwrap_or(24 * 60),
    }
}

/// Days as the standard and people write them: "MO,TU", "1MO", "Monday".
pub(crate) fn days(text: &str) -> u8 {
    const DAYS: [&str; 7] = ["mo", "tu", "we", "th", "fr", "sa", "su"];
    let lower = text.to_lowercase();
    lower
        .split(|c: char| !c.is_ascii_alphabetic())
        .filter_map(|word| DAYS.iter().position(|d| word.starts_with(d)))
        .fold(0, |mask, day| mask | 1 << day)
}

fn languages(s: &Service) -> Vec<String> {
    let told = s.languages.iter();
    told.flat_map(|l| [&l.name, &l.code].into_iter().flatten())
        .map(|text| text.trim().to_lowercase())
        .collect()
}

fn how(s: &Service, schedules: &[&Schedule], has_place: bool, virtual_place: bool) -> u8 {
    let mut how = 0;
    if has_place {
        how |= How::InPerson.bit();
    }
    for schedule in schedules {
        let said = schedule.attending_type.as_deref().unwrap_or_default();
        let said = said.to_lowercase();
        if said.contains("online") || said.contains("virtual") {
            how |= How::Online.bit();
        }
        if said.contains("phone") {
            how |= How::Telephone.bit();
        }
        if said.contains("person") || said.contains("venue") || said.contains("home") {
            how |= How::InPerson.bit();
        }
    }
    if how & How::InPerson.bit() == 0 {
        if virtual_place && how == 0 {
            how |= How::Online.bit();
        }
        let rings = !s.phones.is_empty() || s.contacts.iter().any(|c| !c.phones.is_empty());
        if rings && !has_place && how == 0 {
            how |= How::Telephone.bit();
        }
    }
    how
}

/// The areas that a service says it is for.
#[derive(Debug, Clone)]
pub(super) struct Areas {
    /// In small letters.
    said: Vec<String>,
    /// One of them is the whole country.
    everywhere: bool,
    /// One of them has the name of the council whose directory this is.
    home: bool,
}

impl Areas {
    fn of(s: &Service, council: &Council) -> Areas {
        const WIDE: [&str; 8] = [
            "england",
            "national",
            "nationwide",
            "united kingdom",
            "uk",
            "great britain",
            "e92000001",
            "england and wales",
        ];
        let told = s.service_areas.iter().flat_map(|a| {
            [&a.name, &a.service_area, &a.extent, &a.uri]
                .into_iter()
                .flatten()
        });
        let said: Vec<String> = told
            .map(|text| text.trim().to_lowercase())
            .filter(|text| !text.is_empty())
            .collect();
        let wide = |area: &String| WIDE.contains(&area.as_str()) || area.ends_with("e92000001");
        let name = council.name.to_lowercase();
        Areas {
            everywhere: said.iter().any(wide),
            home: !name.is_empty() && said.iter().any(|area| area.contains(&name)),
            said,
        }
    }

    /// Whether they hold a council: as the whole country, by its code in small
    /// letters, or, for the people of this directory's own, by its name.
    /// `None` when nothing is said of areas.
    pub fn hold(&self, code: Option<&str>, is_home: bool) -> Option<bool> {
        if self.said.is_empty() {
            return None;
        }
        let coded = |code: &str| self.said.iter().any(|area| area.ends_with(code));
        Some(self.everywhere || is_home && self.home || code.is_some_and(coded))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_as_feeds_write_them() {
        assert_eq!(days("MO,TU"), 0b11);
        assert_eq!(days("1MO,-1SU"), 0b100_0001);
        assert_eq!(days("Wednesday"), 0b100);
        assert_eq!(days("daily"), 0);
    }

    #[test]
    fn up_to_five_holds_until_the_sixth_birthday() {
        let to_five = Service {
            maximum_age: Some(5.0),
            ..Service::default()
        };
        let (from, to) = ages(&to_five).unwrap();
        assert!(from == 0.0 && to > 5.9 && to < 6.0);
    }
}
