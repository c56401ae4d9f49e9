//! The parameters of a request. One that cannot be read is refused with its
//! name and what would do; one that we do not know is left alone, because
//! other editions of the standard have more of them.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use uuid::Uuid;
use vocabulary::Postcode;

use crate::search::minutes;

/// A parameter that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Bad {
    /// Its name.
    pub parameter: &'static str,
    /// What is wrong and what would do.
    pub message: String,
}

impl Bad {
    pub(super) fn of(parameter: &'static str, message: impl Into<String>) -> Bad {
        Bad {
            parameter,
            message: message.into(),
        }
    }
}

/// How a list is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// A page of JSON.
    #[default]
    Json,
    /// One item a line, all of them.
    Lines,
}

/// All parameters of all endpoints.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Params {
    /// Words.
    pub search: Option<String>,
    /// From 1.
    pub page: usize,
    /// Items on a page.
    pub per_page: Option<usize>,
    /// Page or lines.
    pub format: Format,
    /// Tagged with this term or one under it.
    pub taxonomy_term_id: Option<String>,
    /// Tagged with any term of this taxonomy.
    pub taxonomy_id: Option<String>,
    /// Of this organisation.
    pub organization_id: Option<String>,
    /// Changed at this moment or after it.
    pub modified_after: Option<DateTime<Utc>>,
    /// Only ids and days of change.
    pub minimal: bool,
    /// Everything nested.
    pub full: bool,
    /// With the services of each organisation.
    pub full_service: bool,
    /// Only terms without a term above.
    pub top_only: bool,
    /// Only terms under this one.
    pub parent_id: Option<String>,
    /// From where.
    pub postcode: Option<Postcode>,
    /// Within how many metres.
    pub proximity: Option<f64>,
    /// For someone of at least this age.
    pub minimum_age: Option<f64>,
    /// For someone of at most this age.
    pub maximum_age: Option<f64>,
    /// Open on any of these days; Monday is bit 0.
    pub day: u8,
    /// Open at or after, minutes past midnight.
    pub start_time: Option<u16>,
    /// Open at or before, minutes past midnight.
    pub end_time: Option<u16>,
}

impl Params {
    /// Reads the parameters of a request. An empty one is one that is not there.
    ///
    /// # Errors
    /// The first that cannot be read.
    pub fn read(query: &[(String, String)]) -> Result<Params, Bad> {
        let mut params = Params {
            page: 1,
            ..Params::default()
        };
        for (name, value) in query {
            let value = value.trim();
            if value.is_empty() {
                continue;
            }
            match name.as_str() {
                "search" => params.search = Some(value.to_owned()),
                "page" => params.page = counted("page", value)?,
                "per_page" => params.per_page = Some(counted("per_page", value)?),
                "format" => params.format = format(value)?,
                "taxonomy_term_id" => {
                    params.taxonomy_term_id = Some(uuid("taxonomy_term_id", value)?)
                }
                "taxonomy_id" => params.taxonomy_id = Some(uuid("taxonomy_id", value)?),
                "organization_id" => params.organization_id = Some(uuid("organization_id", value)?),
                "parent_id" => params.parent_id = Some(uuid("parent_id", value)?),
                "modified_after" => params.modified_after = Some(moment(value)?),
                "minimal" => params.minimal = yes("minimal", value)?,
                "full" => params.full = yes("full", value)?,
                "full_service" => params.full_service = yes("full_service", value)?,
                "top_only" => params.top_only = yes("top_only", value)?,
                "postcode" => {
                    let read = value.parse().map_err(|_| {
                        Bad::of(
                            "postcode",
                            format!("“{value}” is no full postcode, like LM4 7QT."),
                        )
                    })?;
                    params.postcode = Some(read);
                }
                "proximity" => params.proximity = Some(positive("proximity", value)?),
                "minimum_age" => params.minimum_age = Some(number("minimum_age", value)?),
                "maximum_age" => params.maximum_age = Some(number("maximum_age", value)?),
                "day" => params.day |= day(value)?,
                "start_time" => params.start_time = Some(time("start_time", value)?),
                "end_time" => params.end_time = Some(time("end_time", value)?),
                _ => {}
            }
        }
        if params.proximity.is_some() && params.postcode.is_none() {
            return Err(Bad::of(
                "proximity",
                "Say from which postcode: add the parameter postcode.",
            ));
        }
        Ok(params)
    }

    /// The ages that a service must be for, if any were said.
    pub fn ages(&self) -> Option<(f64, f64)> {
        match (self.minimum_age, self.maximum_age) {
            (None, None) => None,
            (from, to) => Some((from.unwrap_or(0.0), to.unwrap_or(150.0))),
        }
    }

    /// Whether any of these texts holds every word of the search.
    pub fn says(&self, texts: &[&str]) -> bool {
        let Some(search) = &self.search else {
            return true;
        };
        let all = texts.join(" ").to_lowercase();
        search
            .to_lowercase()
            .split_whitespace()
            .all(|word| all.contains(word))
    }
}

fn counted(name: &'static str, value: &str) -> Result<usize, Bad> {
    match value.parse::<usize>() {
        Ok(n) if n >= 1 => Ok(n),
        _ => Err(Bad::of(
            name,
            format!("“{value}” is no whole number from 1 upwards."),
        )),
    }
}

fn number(name: &'static str, value: &str) -> Result<f64, Bad> {
    match value.parse::<f64>() {
        Ok(n) if n.is_finite() && n >= 0.0 => Ok(n),
        _ => Err(Bad::of(
            name,
            format!("“{value}” is no number from 0 upwards."),
        )),
    }
}

fn positive(name: &'static str, value: &str) -> Result<f64, Bad> {
    let read = number(name, value)?;
    if read > 0.0 {
        Ok(read)
    } else {
        Err(Bad::of(name, "Give a distance in metres, more than 0."))
    }
}

fn uuid(name: &'static str, value: &str) -> Result<String, Bad> {
    Uuid::parse_str(value)
        .map(|id| id.hyphenated().to_string())
        .map_err(|_| Bad::of(name, format!("“{value}” is no UUID.")))
}

fn yes(name: &'static str, value: &str) -> Result<bool, Bad> {
    match value.to_lowercase().as_str() {
        "true" | "1" | "yes" => Ok(true),
        "false" | "0" | "no" => Ok(false),
        _ => Err(Bad::of(
            name,
            format!("“{value}” is neither true nor false."),
        )),
    }
}

fn format(value: &str) -> Result<Format, Bad> {
    match value.to_lowercase().as_str() {
        "json" | "application/json" => Ok(Format::Json),
        "ndjson" | "application/x-ndjson" => Ok(Format::Lines),
        _ => Err(Bad::of(
            "format",
            format!("“{value}” is not known: json or ndjson."),
        )),
    }
}

fn moment(value: &str) -> Result<DateTime<Utc>, Bad> {
    // A plus sign in an address is read as a space by many servers.
    let mended = value.replace(' ', "+");
    if let Ok(at) = DateTime::parse_from_rfc3339(&mended) {
        return Ok(at.to_utc());
    }
    if let Ok(at) = value.replace(' ', "T").parse::<chrono::NaiveDateTime>() {
        return Ok(at.and_utc());
    }
    let day = value
        .parse::<NaiveDate>()
        .ok()
        .and_then(|d| d.and_hms_opt(0, 0, 0));
    day.map(|at| at.and_utc()).ok_or_else(|| {
        Bad::of(
            "modified_after",
            format!("“{value}” is no date: write 2026-03-31 or 2026-03-31T09:00:00Z."),
        )
    })
}

fn day(value: &str) -> Result<u8, Bad> {
    match crate::search::days(value) {
        0 => Err(Bad::of(
            "day",
            format!("“{value}” is no day: MO, TU, WE, TH, FR, SA or SU."),
        )),
        mask => Ok(mask),
    }
}

fn time(name: &'static str, value: &str) -> Result<u16, Bad> {
    minutes(value).ok_or_else(|| Bad::of(name, format!("“{value}” is no time: write 09:30.")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<Params, Bad> {
        let owned = pairs
            .iter()
            .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()));
        Params::read(&owned.collect::<Vec<_>>())
    }

    #[test]
    fn what_cannot_be_read_is_refused_by_name() {
        for (name, value) in [
            ("page", "0"),
            ("page", "two"),
            ("per_page", "-1"),
            ("format", "xml"),
            ("taxonomy_term_id", "food"),
            ("modified_after", "yesterday"),
            ("full", "maybe"),
            ("postcode", "nowhere"),
            ("proximity", "far"),
            ("minimum_age", "four"),
            ("day", "someday"),
            ("start_time", "noon"),
        ] {
            let bad = read(&[(name, value)]).unwrap_err();
            assert_eq!(bad.parameter, name, "{value}");
        }
        assert_eq!(
            read(&[("proximity", "500")]).unwrap_err().parameter,
            "proximity"
        );
    }

    #[test]
    fn unknown_and_empty_parameters_are_left_alone() {
        let read = read(&[("utm_source", "x"), ("page", ""), ("search", " ")]).unwrap();
        assert_eq!(read.page, 1);
        assert_eq!(read.search, None);
    }

    #[test]
    fn a_day_is_a_moment_too() {
        let from = read(&[("modified_after", "2026-03-31")])
            .unwrap()
            .modified_after;
        assert_eq!(from.unwrap().to_rfc3339(), "2026-03-31T00:00:00+00:00");
        let plus = read(&[("modified_after", "2026-03-31T01:00:00 01:00")]).unwrap();
        assert_eq!(plus.modified_after, from);
    }
}
