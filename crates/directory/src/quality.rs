//! What a record lacks: a score that an owner can understand and a list of
//! what to mend, the most useful first. The department stopped its own
//! national directory because of the quality of what it was fed; here each
//! record says what it is short of.

use chrono::NaiveDate;
use serde::Serialize;

use crate::assurance::Standing;
use crate::store::{Directory, Entry};

/// One thing that a record lacks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Lack {
    /// The field.
    pub field: &'static str,
    /// What to do, and why it helps.
    pub mend: &'static str,
    /// What it is worth, of 100.
    pub points: u8,
}

/// How complete and fresh a record is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Quality {
    /// 0 to 100.
    pub score: u8,
    /// What it lacks, the most useful first.
    pub lacks: Vec<Lack>,
}

impl Quality {
    /// Its web page or email address does not work: worse than none, because
    /// people try it.
    pub fn add_dead_link(&mut self) {
        let lack = Lack {
            field: "url",
            mend: "Its web page or email address does not work. Mend the address, or take it out.",
            points: 8,
        };
        self.score = self.score.saturating_sub(lack.points);
        self.lacks.push(lack);
        self.lacks.sort_by_key(|l| std::cmp::Reverse(l.points));
    }
}

/// Weighs a record. The points say how much a family misses what is not there.
pub fn of(directory: &Directory, entry: &Entry, today: NaiveDate) -> Quality {
    let s = &entry.service;
    let reachable = s.email.is_some()
        || !s.phones.is_empty()
        || s.contacts
            .iter()
            .any(|c| !c.phones.is_empty() || c.email.is_some());
    let scheduled = !s.schedules.is_empty()
        || s.service_at_locations
            .iter()
            .any(|a| !a.schedules.is_empty());
    let described = s
        .description
        .as_deref()
        .is_some_and(|d| d.split_whitespace().count() >= 15);
    let findable = directory.places(entry).any(|p| {
        p.location
            .is_some_and(|l| l.latitude.is_some() || l.postcode().is_some())
    }) || !s.service_areas.is_empty();
    let priced = s.fees.is_some() || s.fees_description.is_some() || !s.cost_options.is_empty();
    let accessible = s.service_at_locations.is_empty()
        || directory
            .places(entry)
            .any(|p| p.location.is_some_and(|l| !l.accessibility.is_empty()));
    let checked = entry.upkeep.standing(today) <= Standing::Due;
    let all = [
        (
            described,
            "description",
            "Say in two sentences what happens there and for whom.",
            15,
        ),
        (
            checked,
            "assured_date",
            "Confirm that all of it is still right.",
            15,
        ),
        (
            reachable,
            "phones",
            "Give a telephone number or an email address that answers.",
            15,
        ),
        (
            findable,
            "location",
            "Give the place with its postcode, or the area it is for.",
            10,
        ),
        (
            directory.tags(s).next().is_some(),
            "attributes",
            "Choose at least one category: without it no filter finds this.",
            10,
        ),
        (scheduled, "schedules", "Give the days and times.", 8),
        (priced, "fees", "Say what it costs, or that it is free.", 7),
        (
            s.minimum_age.is_some() || s.maximum_age.is_some(),
            "minimum_age",
            "Say for which ages it is.",
            6,
        ),
        (
            s.application_process.is_some(),
            "application_process",
            "Say how to ask for it: can a family come without asking?",
            5,
        ),
        (
            s.eligibility_description.is_some(),
            "eligibility_description",
            "Say who may use it.",
            4,
        ),
        (
            accessible,
            "accessibility",
            "Say how people with access needs get in and around.",
            3,
        ),
        (s.url.is_some(), "url", "Give its own web page.", 2),
    ];
    let mut lacks: Vec<Lack> = all
        .into_iter()
        .filter(|(there, ..)| !there)
        .map(|(_, field, mend, points)| Lack {
            field,
            mend,
            points,
        })
        .collect();
    lacks.sort_by_key(|l| std::cmp::Reverse(l.points));
    let lost: u8 = lacks.iter().map(|l| l.points).sum();
    Quality {
        score: 100 - lost,
        lacks,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assurance::Upkeep;
    use crate::model::Service;

    #[test]
    fn an_empty_record_has_nothing_and_is_told_all() {
        let mut directory = Directory::new();
        directory.put_service(
            Service {
                id: "a".into(),
                name: "A club".into(),
                ..Service::default()
            },
            Upkeep::default(),
        );
        let entry = directory.entry("a").unwrap();
        let found = of(&directory, entry, "2026-11-22".parse().unwrap());
        // A service without a place lacks no step-free way in: 3 points.
        assert_eq!(found.score, 3);
        assert_eq!(found.lacks.len(), 11);
        assert!(
            found
                .lacks
                .is_sorted_by_key(|l| std::cmp::Reverse(l.points))
        );
    }
}
