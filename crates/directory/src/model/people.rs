//! Organisations, and whom to ask.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Attribute, Language, Service};

/// Who provides services.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Organization {
    /// A UUID.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it is. Required by the standard.
    pub description: String,
    /// An address that answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Its page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub website: Option<String>,
    /// Its picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logo: Option<String>,
    /// Where it is described.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uri: Option<String>,
    /// The organisation it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent_organization_id: Option<String>,
    /// Charity number and the like.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub organization_identifiers: Vec<OrganizationIdentifier>,
    /// What it is tagged with.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<Attribute>,
    /// Its telephones (HSDS).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub phones: Vec<Phone>,
    /// What it offers, when asked for with `full_service`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<Service>,
}

impl Organization {
    /// With its one-to-one fields only, as lists and services show it.
    pub fn brief(&self) -> Organization {
        Organization {
            organization_identifiers: Vec::new(),
            attributes: Vec::new(),
            phones: Vec::new(),
            services: Vec::new(),
            ..self.clone()
        }
    }
}

/// A number that says which organisation it is.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct OrganizationIdentifier {
    /// A UUID.
    pub id: String,
    /// The organisation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organization_id: Option<String>,
    /// "GB-CHC".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identifier_scheme: Option<String>,
    /// "Charity number".
    pub identifier_type: String,
    /// The number.
    pub identifier: String,
}

/// Whom to ask: a post rather than a person.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Contact {
    /// A UUID.
    pub id: String,
    /// The service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_id: Option<String>,
    /// Their name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Their post.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Their department (HSDS).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub department: Option<String>,
    /// An address that answers (HSDS).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Their telephones (HSDS).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub phones: Vec<Phone>,
    /// What they are tagged with.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<Attribute>,
}

/// A telephone.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Phone {
    /// A UUID.
    pub id: String,
    /// The number, as it is dialled.
    pub number: String,
    /// An extension (HSDS).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extension: Option<f64>,
    /// `voice`, `text`, `textphone` (HSDS).
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// When it is answered, and by whom.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The languages it answers in.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<Language>,
}
