//! Where a row of a return comes from, so that what a rule finds is one click
//! from the page where it is mended.

use std::collections::HashMap;

use vocabulary::{Id, ids};

/// The record behind a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The child.
    pub child: Id<ids::Person>,
    /// The page.
    pub path: String,
    /// Fields of the row that are mended on another page.
    others: Vec<(&'static [&'static str], String)>,
}

impl Place {
    /// The child's particulars, at a field of the form.
    pub fn person(child: Id<ids::Person>, field: &str) -> Place {
        Place::at(child, format!("/people/{child}/edit#{field}"))
    }

    /// A section of a step.
    pub fn step(child: Id<ids::Person>, step: Id<ids::Step>, section: &str) -> Place {
        Place::at(child, format!("/steps/{step}/{section}"))
    }

    /// The work with the child as a whole.
    pub fn work(child: Id<ids::Person>) -> Place {
        Place::at(child, format!("/people/{child}/work"))
    }

    /// A plan.
    pub fn plan(child: Id<ids::Person>, plan: Id<ids::Plan>) -> Place {
        Place::at(child, format!("/plans/{plan}"))
    }

    fn at(child: Id<ids::Person>, path: String) -> Place {
        Place {
            child,
            path,
            others: Vec::new(),
        }
    }

    /// The same, with another page for some of the row's fields.
    #[must_use]
    pub fn or_for(mut self, fields: &'static [&'static str], other: Place) -> Place {
        self.others.push((fields, other.path));
        self
    }

    /// The page on which a field of the row is mended.
    pub fn path_for(&self, field: &str) -> String {
        let other = self
            .others
            .iter()
            .find(|(fields, _)| fields.contains(&field));
        if let Some((_, path)) = other {
            return path.clone();
        }
        let asked = match field {
            "UPN" | "FormerUPN" => "upn",
            "UPNunknown" => "no_upn",
            "Sex" => "sex",
            "PersonBirthDate" | "ExpectedPersonBirthDate" => "born",
            "Ethnicity" => "ethnicity",
            "Disability" => "disabilities",
            _ => return self.path.clone(),
        };
        format!("/people/{}/edit#{asked}", self.child)
    }
}

/// The records behind all rows of a return, by table and row.
#[derive(Debug, Clone, Default)]
pub struct Rows {
    places: HashMap<(&'static str, usize), Place>,
    next: HashMap<&'static str, usize>,
}

impl Rows {
    /// The next row of a table, which comes from this place.
    pub fn next(&mut self, table: &'static str, place: Place) -> usize {
        let row = self.outside(table);
        self.places.insert((table, row), place);
        row
    }

    /// The next row of a table that comes from no record.
    pub fn outside(&mut self, table: &'static str) -> usize {
        let next = self.next.entry(table).or_default();
        let row = *next;
        *next += 1;
        row
    }

    /// Where a row comes from.
    pub fn place(&self, table: &str, row: usize) -> Option<&Place> {
        // The tables' names are few; a row is found by its own.
        let name = self.next.keys().find(|name| **name == table)?;
        self.places.get(&(*name, row))
    }
}
