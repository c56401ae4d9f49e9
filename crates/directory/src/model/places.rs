//! Where services are.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Attribute, Contact, Phone, Schedule, Service};

/// What kind of place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum LocationType {
    /// People go there.
    #[default]
    Physical,
    /// Letters go there.
    Postal,
    /// It is online or on the telephone.
    Virtual,
}

/// A place.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Location {
    /// A UUID.
    pub id: String,
    /// What kind of place.
    pub location_type: LocationType,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// How to get there (HSDS).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transportation: Option<String>,
    /// WGS84.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latitude: Option<f64>,
    /// WGS84.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub longitude: Option<f64>,
    /// A number of another list, such as a UPRN.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_identifier: Option<String>,
    /// Which list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_identifier_type: Option<String>,
    /// Its addresses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<Address>,
    /// Step-free, toilets, hearing loop.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub accessibility: Vec<Accessibility>,
    /// What it is tagged with.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<Attribute>,
}

impl Location {
    /// With its one-to-one fields only.
    pub fn brief(&self) -> Location {
        Location {
            addresses: Vec::new(),
            accessibility: Vec::new(),
            attributes: Vec::new(),
            ..self.clone()
        }
    }

    /// Its postcode, when an address has one.
    pub fn postcode(&self) -> Option<&str> {
        let found = self.addresses.iter().map(|a| a.postal_code.as_str());
        found.map(str::trim).find(|code| !code.is_empty())
    }

    /// The place as anybody may see it when its exact address must not be
    /// known (a refuge, a childminder's home): no name, no street, only the
    /// outward part of the postcode and a point rounded to about a kilometre.
    pub fn masked(&self) -> Location {
        let mut seen = self.clone();
        let round = |x: f64| (x * 100.0).round() / 100.0;
        seen.latitude = seen.latitude.map(round);
        seen.longitude = seen.longitude.map(round);
        seen.name = None;
        seen.description = None;
        seen.transportation = None;
        seen.external_identifier = None;
        seen.external_identifier_type = None;
        for address in &mut seen.addresses {
            address.attention = None;
            address.address_1 = "The exact address is not published".into();
            address.address_2 = None;
            let outward = address.postal_code.split_whitespace().next();
            address.postal_code = outward
                .filter(|o| o.len() <= 4)
                .unwrap_or("Not published")
                .to_owned();
        }
        for access in &mut seen.accessibility {
            access.url = None;
        }
        seen
    }
}

/// An address. The standard requires all of its plain fields.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Address {
    /// A UUID.
    pub id: String,
    /// The place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location_id: Option<String>,
    /// "For the attention of".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attention: Option<String>,
    /// House and street.
    pub address_1: String,
    /// The second line (HSDS).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address_2: Option<String>,
    /// Town.
    pub city: String,
    /// Region.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// County.
    pub state_province: String,
    /// Postcode.
    pub postal_code: String,
    /// "GB".
    pub country: String,
    /// What kind of address.
    pub address_type: LocationType,
}

/// How a place is made fit for people with access needs.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Accessibility {
    /// A UUID.
    pub id: String,
    /// The place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location_id: Option<String>,
    /// "Step-free way in".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// More of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub details: Option<String>,
    /// A page about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// A service at a place, with what differs there.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct ServiceAtLocation {
    /// A UUID.
    pub id: String,
    /// The service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_id: Option<String>,
    /// The place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location_id: Option<String>,
    /// What differs there (HSDS).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The place itself, when nested.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<Location>,
    /// The service itself, when nested.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<Box<Service>>,
    /// When it is open there (HSDS).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub schedules: Vec<Schedule>,
    /// Its telephones there (HSDS).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub phones: Vec<Phone>,
    /// Whom to ask there (HSDS).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contacts: Vec<Contact>,
    /// What it is tagged with there (HSDS).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<Attribute>,
}
