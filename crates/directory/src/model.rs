//! The entities of Open Referral UK 3.0, with the fields of HSDS 3.0 that the
//! UK profile left out and families need (telephones, eligibility, how to
//! apply, waiting time, times at a place).
//!
//! Source: openreferraluk.org/specifications/3.0 (March 2026) and HSDS 3.0.
//! A field without a value is left out of what is published: never null and
//! never empty, because the official validator refuses both. Dates and times
//! are kept as the text of the standard (`YYYY-MM-DD`, RFC 3339, `HH:MM`).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

mod lists;
mod parts;
mod people;
mod places;

pub use lists::{Attribute, Taxonomy, TaxonomyTerm};
pub use parts::{CostOption, Funding, Language, Schedule, ServiceArea};
pub use people::{Contact, Organization, OrganizationIdentifier, Phone};
pub use places::{Accessibility, Address, Location, LocationType, ServiceAtLocation};

/// The version that a feed declares. The validator takes `HSDS-UK-` off and
/// must be left with a number.
pub const VERSION: &str = "HSDS-UK-3.0";

/// The page that describes the profile, which a feed must name.
pub const PROFILE: &str = "https://docs.openreferraluk.org/en/latest/";

/// Whether a service can be used now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub enum Status {
    /// It can be used.
    #[default]
    #[serde(rename = "active")]
    Active,
    /// It cannot be used now.
    #[serde(rename = "inactive")]
    Inactive,
    /// It has ended.
    #[serde(rename = "defunct")]
    Defunct,
    /// It will be back.
    #[serde(rename = "temporarily closed")]
    TemporarilyClosed,
}

/// Something an organisation does for children, young people or families.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Service {
    /// A UUID.
    pub id: String,
    /// Who provides it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organization_id: Option<String>,
    /// Its public name.
    pub name: String,
    /// Another name it goes by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alternate_name: Option<String>,
    /// What it does, for whom, in plain words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Its page: an absolute address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// An address that answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Whether it can be used now.
    pub status: Status,
    /// What it costs, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fees: Option<String>,
    /// What it costs, in more words (HSDS).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fees_description: Option<String>,
    /// Marks of quality.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accreditations: Option<String>,
    /// From which age, in years.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minimum_age: Option<f64>,
    /// To which age, in years.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maximum_age: Option<f64>,
    /// The day it was last checked, `YYYY-MM-DD`: not the day it was edited.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assured_date: Option<String>,
    /// Who checked it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assurer_email: Option<String>,
    /// Something to know before going.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alert: Option<String>,
    /// When it was last edited, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_modified: Option<String>,
    /// Who may use it (HSDS).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub eligibility_description: Option<String>,
    /// How to ask for it (HSDS).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub application_process: Option<String>,
    /// How long people wait (HSDS).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wait_time: Option<String>,
    /// Help with languages (HSDS).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interpretation_services: Option<String>,
    /// When it is open.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub schedules: Vec<Schedule>,
    /// For which places it is.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub service_areas: Vec<ServiceArea>,
    /// Where it is.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub service_at_locations: Vec<ServiceAtLocation>,
    /// The languages it speaks.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<Language>,
    /// Who provides it, when nested.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organization: Option<Box<Organization>>,
    /// Who pays for it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub funding: Vec<Funding>,
    /// What it costs, as figures.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cost_options: Vec<CostOption>,
    /// Whom to ask.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contacts: Vec<Contact>,
    /// Telephones (HSDS).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub phones: Vec<Phone>,
    /// What it is tagged with.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<Attribute>,
}

impl Service {
    /// The service with its one-to-one fields only, as lists show it.
    pub fn brief(&self) -> Service {
        Service {
            schedules: Vec::new(),
            service_areas: Vec::new(),
            service_at_locations: Vec::new(),
            languages: Vec::new(),
            organization: None,
            funding: Vec::new(),
            cost_options: Vec::new(),
            contacts: Vec::new(),
            phones: Vec::new(),
            attributes: Vec::new(),
            ..self.clone()
        }
    }

    /// Every tag: the service's own and those of its places.
    pub fn tags(&self) -> impl Iterator<Item = &TaxonomyTerm> {
        let places = self.service_at_locations.iter();
        self.attributes
            .iter()
            .chain(places.flat_map(|p| p.attributes.iter()))
            .filter_map(|a| a.taxonomy_term.as_ref())
    }

    /// It costs nothing: said by a figure of 0, or in words.
    pub fn is_free(&self) -> bool {
        if !self.cost_options.is_empty() {
            return self.cost_options.iter().all(|c| {
                c.amount == Some(0.0)
                    || c.amount.is_none() && c.option.as_deref().is_some_and(says_free)
            });
        }
        let said = self.fees.as_deref().or(self.fees_description.as_deref());
        said.is_some_and(says_free)
    }
}

fn says_free(words: &str) -> bool {
    let words = words.trim().to_lowercase();
    let first = words.split(|c: char| !c.is_alphanumeric()).next();
    first == Some("free") || words.starts_with("no charge") || words.starts_with("no cost")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_empty_is_published() {
        let bare = Service {
            id: "5b6f7c5e-0000-4000-8000-000000000001".into(),
            name: "Stay and play".into(),
            ..Service::default()
        };
        let text = serde_json::to_string(&bare).unwrap();
        assert_eq!(
            text,
            r#"{"id":"5b6f7c5e-0000-4000-8000-000000000001","name":"Stay and play","status":"active"}"#
        );
    }

    #[test]
    fn free_is_what_says_so() {
        let says = |fees: &str| {
            Service {
                fees: Some(fees.into()),
                ..Service::default()
            }
            .is_free()
        };
        assert!(says("Free"));
        assert!(says("free of charge"));
        assert!(!says("£2 a session; free parking"));
        assert!(!Service::default().is_free());
    }
}
