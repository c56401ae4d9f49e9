//! Changes since an index was built: children added, changed or taken out, in
//! memory and found by the next search.

use rustc_hash::{FxHashMap, FxHashSet};

use super::keys::{self, KINDS, Sounds};
use crate::name::Names;
use crate::row::Row;

/// Children in memory.
#[derive(Debug, Clone, Default)]
pub struct Fresh {
    rows: Vec<(u32, Row)>,
    children: Vec<Option<(String, u32, u32)>>,
    by_id: FxHashMap<String, u32>,
    by_key: FxHashMap<(u8, u32), Vec<u32>>,
    by_day: FxHashMap<u32, Vec<u32>>,
    /// Children of the files that are no longer as the files say.
    gone: FxHashSet<String>,
}

impl Fresh {
    /// Puts a child in, with all names and homes; whatever was known of it
    /// before, here or in the files, no longer counts.
    pub fn put(&mut self, id: &str, rows: &[Row], names: &Names) {
        self.remove(id);
        let child = self.children.len() as u32;
        let start = self.rows.len() as u32;
        for row in rows {
            let place = self.rows.len() as u32;
            let sounds = Sounds::of(row, names);
            for kind in 0..KINDS {
                keys::keys(kind, row, &sounds, |key| {
                    let places = self.by_key.entry((kind as u8, key)).or_default();
                    if places.last() != Some(&place) {
                        places.push(place);
                    }
                });
            }
            if row.dob.is_whole() {
                self.by_day.entry(row.dob.date()).or_default().push(place);
            }
            self.rows.push((child, *row));
        }
        self.children
            .push(Some((id.to_owned(), start, rows.len() as u32)));
        self.by_id.insert(id.to_owned(), child);
    }

    /// Takes a child out: no search finds it any more.
    pub fn remove(&mut self, id: &str) {
        self.gone.insert(id.to_owned());
        if let Some(child) = self.by_id.remove(id) {
            self.children[child as usize] = None;
        }
    }

    /// Whether the files' word on a child no longer counts.
    pub fn is_gone(&self, id: &str) -> bool {
        self.gone.contains(id)
    }

    /// How many children are in memory.
    pub fn len(&self) -> usize {
        self.by_id.len()
    }

    /// Whether no child is in memory.
    pub fn is_empty(&self) -> bool {
        self.by_id.is_empty()
    }

    /// How many rows lie here, old ones included; when it is many times
    /// [`Fresh::len`], it is time to build anew.
    pub fn rows(&self) -> usize {
        self.rows.len()
    }

    /// Whether nothing was put in or taken out.
    pub(super) fn rows_empty(&self) -> bool {
        self.gone.is_empty()
    }

    pub(super) fn with_key(&self, kind: usize, key: u32) -> &[u32] {
        self.by_key
            .get(&(kind as u8, key))
            .map_or(&[], Vec::as_slice)
    }

    pub(super) fn born(&self, date: u32) -> &[u32] {
        self.by_day.get(&date).map_or(&[], Vec::as_slice)
    }

    pub(super) fn child(&self, place: u32) -> Option<u32> {
        let child = self.rows[place as usize].0;
        self.children[child as usize].is_some().then_some(child)
    }

    pub(super) fn id(&self, child: u32) -> &str {
        self.children[child as usize].as_ref().map_or("?", |c| &c.0)
    }

    pub(super) fn of_child(&self, child: u32) -> impl Iterator<Item = Row> {
        let (start, n) = self.children[child as usize]
            .as_ref()
            .map_or((0, 0), |c| (c.1, c.2));
        self.rows[start as usize..(start + n) as usize]
            .iter()
            .map(|r| r.1)
    }
}
