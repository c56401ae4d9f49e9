//! What a service has many of: times, areas, languages, costs, funding.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// When a service is open. Times are `HH:MM`; `byday` is `MO,TU`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Schedule {
    /// A UUID.
    pub id: String,
    /// The service, when it is the service's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_id: Option<String>,
    /// The service at a place, when it is of one place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_at_location_id: Option<String>,
    /// From which day, `YYYY-MM-DD`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<String>,
    /// To which day, `YYYY-MM-DD`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_to: Option<String>,
    /// The first day, `YYYY-MM-DD`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dtstart: Option<String>,
    /// `WEEKLY` or `MONTHLY`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub freq: Option<String>,
    /// Every how many weeks or months.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interval: Option<f64>,
    /// On which days: `MO,TU`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub byday: Option<String>,
    /// On which days of the month.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bymonthday: Option<String>,
    /// The last day (HSDS).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// In words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Opens at, `HH:MM`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opens_at: Option<String>,
    /// Closes at, `HH:MM`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closes_at: Option<String>,
    /// A page with the times.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schedule_link: Option<String>,
    /// `in person`, `online`, `telephone`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attending_type: Option<String>,
    /// Anything more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
}

/// A place that a service is for.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct ServiceArea {
    /// A UUID.
    pub id: String,
    /// The service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_id: Option<String>,
    /// "Larkmere", "England".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its outline, or a code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extent: Option<String>,
    /// What `extent` is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extent_type: Option<String>,
    /// Where the area is published; may end in an ONS code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uri: Option<String>,
    /// In words (1.0's field, still in the profile).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_area: Option<String>,
    /// In words (HSDS).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

/// A language that is spoken.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Language {
    /// A UUID.
    pub id: String,
    /// The service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_id: Option<String>,
    /// "Urdu" (HSDS).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// "ur" (HSDS).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Anything more (HSDS).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// What it costs.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct CostOption {
    /// A UUID.
    pub id: String,
    /// The service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_id: Option<String>,
    /// From which day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<String>,
    /// To which day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_to: Option<String>,
    /// For whom: "A child", "A family".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub option: Option<String>,
    /// How much, in pounds unless `currency` says otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<f64>,
    /// In words: "a session".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount_description: Option<String>,
    /// "GBP" (HSDS).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
}

/// Who pays for a service.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Funding {
    /// A UUID.
    pub id: String,
    /// The service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_id: Option<String>,
    /// Who pays.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}
