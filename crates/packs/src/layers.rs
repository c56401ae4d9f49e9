//! Lays a council's pack over England's, day by day: on each day on which
//! either changes, what is in force in both is put together.

use std::collections::{BTreeMap, BTreeSet};

use crate::dated::{Dated, Versions};
use crate::form::Form;

/// All versions of all things of one kind, by id.
pub(crate) type Shelf<T> = BTreeMap<String, Versions<T>>;

/// Lays one shelf over another. `join` puts a council's thing over England's.
pub(crate) fn lay<T: Dated>(
    under: Shelf<T>,
    mut over: Shelf<T>,
    join: fn(&T, &T) -> T,
) -> Shelf<T> {
    let mut shelf = Shelf::new();
    for (id, national) in under {
        let versions = match over.remove(&id) {
            Some(local) => lay_versions(&national, &local, join),
            None => national,
        };
        shelf.insert(id, versions);
    }
    shelf.extend(over);
    shelf
}

fn lay_versions<T: Dated>(
    under: &Versions<T>,
    over: &Versions<T>,
    join: fn(&T, &T) -> T,
) -> Versions<T> {
    let days: BTreeSet<_> = under
        .days_of_change()
        .chain(over.days_of_change())
        .collect();
    let mut versions = Vec::new();
    for day in days {
        let (mut item, until) = match (under.on(day), over.on(day)) {
            (Some(national), Some(local)) => {
                (join(local, national), local.until().or(national.until()))
            }
            (Some(one), None) | (None, Some(one)) => (one.clone(), one.until()),
            (None, None) => continue,
        };
        item.set_dates(day, until);
        versions.push(item);
    }
    Versions(versions)
}

impl Form {
    /// A council's form over England's: its sections and fields replace those
    /// of the same id or name, new ones are added at the end, words replace
    /// words when they are not empty.
    pub(crate) fn over(&self, under: &Self) -> Self {
        let mut form = Self {
            sections: under.sections.clone(),
            ..self.clone()
        };
        if form.intro.is_empty() {
            form.intro.clone_from(&under.intro);
        }
        form.budget = self.budget.or(under.budget);
        for section in &self.sections {
            // A field keeps its place wherever England put it, so that a
            // council can change a hint without repeating the section.
            let mut new_fields = Vec::new();
            for field in &section.fields {
                let old = form
                    .sections
                    .iter_mut()
                    .flat_map(|s| &mut s.fields)
                    .find(|f| f.name == field.name);
                match old {
                    Some(old) => *old = field.clone(),
                    None => new_fields.push(field.clone()),
                }
            }
            match form.sections.iter_mut().find(|s| s.id == section.id) {
                Some(old) => {
                    old.title.clone_from(&section.title);
                    for (words, newer) in [
                        (&mut old.prompt, &section.prompt),
                        (&mut old.help, &section.help),
                        (&mut old.warning, &section.warning),
                    ] {
                        if !newer.is_empty() {
                            words.clone_from(newer);
                        }
                    }
                    old.optional = section.optional;
                    if section.show_if.is_some() {
                        old.show_if.clone_from(&section.show_if);
                    }
                    old.fields.extend(new_fields);
                }
                None if new_fields.is_empty() => {}
                None => {
                    let mut section = section.clone();
                    section.fields = new_fields;
                    form.sections.push(section);
                }
            }
        }
        form
    }
}
