//! What rules ask of Ofsted's list: which placements and kinds of provider a
//! number is registered for, where it is and when it closed. Ofsted's lists
//! name their columns in several ways; all that are known are read.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;

use super::child::Tables;
use super::derive::upper_tier;
use super::tables::{Field, Table};
use crate::core::Reference;
use crate::core::dates::any_shape;
use crate::core::identifiers::postcode_key;
use crate::core::reference::Provider as Listed;

/// One provider by all its rows in the list.
#[derive(Debug, Clone, Default)]
pub struct Provider {
    /// Placement codes that it is registered for.
    pub placements: Vec<String>,
    /// Kinds of provider that it is (PR1 and so on).
    pub kinds: Vec<String>,
    /// Its postcodes.
    pub postcodes: Vec<[u8; 7]>,
    /// The last day of its registration; `None` while it is open.
    pub closed: Option<NaiveDate>,
    /// The upper-tier authority where it is, when that can be told.
    pub authority: Option<String>,
}

/// The providers that the episodes name, by number in upper case. Numbers
/// that the list has not got are absent.
pub type Known = HashMap<String, Provider>;

/// Looks up every number in the episodes.
pub fn known(tables: &Tables, reference: &Reference) -> Option<Known> {
    let list = reference.providers.as_ref()?;
    let episodes = tables[Table::Episodes as usize].iter();
    let urns: HashSet<&str> = episodes
        .flat_map(|data| data.rows().map(|row| row.text(Field::URN)))
        .filter(|urn| real(urn))
        .collect();
    let mut known = Known::new();
    for urn in urns {
        let rows = list.find(urn);
        if !rows.is_empty() {
            known.insert(urn.to_owned(), provider(rows, reference));
        }
    }
    Some(known)
}

/// Whether a URN was given: neither blank nor the stand-in XXXXXXX.
pub fn real(urn: &str) -> bool {
    !urn.is_empty() && !urn.bytes().all(|c| c == b'X')
}

fn provider(rows: &[Listed], reference: &Reference) -> Provider {
    let mut one = Provider::default();
    let mut open = false;
    for row in rows {
        let mut closed = None;
        for (name, value) in &row.columns {
            let name: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
            let has = |part: &str| name.contains(part);
            if has("placementcode") || has("placecode") || name == "placement" || name == "place" {
                one.placements.extend(codes(value));
            } else if has("providercode") || has("placeprovider") {
                one.kinds.extend(codes(value));
            } else if has("closed") || has("deregist") || has("regend") || has("registrationend") {
                closed = any_shape(value).map(|(date, _)| date);
            } else if has("postcode") {
                one.postcodes.extend(postcode_key(value));
                let located = reference.postcodes.as_ref().and_then(|all| all.find(value));
                if let Some(located) = located {
                    one.authority = Some(upper_tier(located.authority().trim()));
                }
            } else if (has("lacode") || has("authoritycode") || has("laua") || has("utla"))
                && one.authority.is_none()
            {
                one.authority = Some(upper_tier(value));
            }
        }
        match closed {
            Some(date) => one.closed = one.closed.max(Some(date)),
            None => open = true,
        }
    }
    if open {
        one.closed = None;
    }
    one
}

fn codes(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split([',', '/', ';', '|', ' '])
        .map(|code| code.trim().to_ascii_uppercase())
        .filter(|code| !code.is_empty())
}
