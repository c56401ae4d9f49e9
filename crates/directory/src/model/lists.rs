//! Taxonomies, their terms, and the tags that use them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A list of terms, such as the department's categories of family hubs.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Taxonomy {
    /// A UUID.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Where it is published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uri: Option<String>,
    /// Which edition.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Its terms, when nested.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub taxonomy_terms: Vec<TaxonomyTerm>,
}

/// One term of a taxonomy.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct TaxonomyTerm {
    /// A UUID.
    pub id: String,
    /// A short code (HSDS).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Its name.
    pub name: String,
    /// What it means.
    pub description: String,
    /// The term it belongs under.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent_id: Option<String>,
    /// The name of its taxonomy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub taxonomy: Option<String>,
    /// Its taxonomy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub taxonomy_id: Option<String>,
    /// Where the term is published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub term_uri: Option<String>,
}

/// A tag on a service, organisation, place or contact.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Attribute {
    /// A UUID.
    pub id: String,
    /// What is tagged.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link_id: Option<String>,
    /// The table of what is tagged (HSDS).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link_entity: Option<String>,
    /// What the tag says of it: category, need, eligibility ...
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link_type: Option<String>,
    /// The term.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub taxonomy_term_id: Option<String>,
    /// The term itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub taxonomy_term: Option<TaxonomyTerm>,
    /// A value beside the term (HSDS).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}
