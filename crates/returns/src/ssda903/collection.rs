//! Which collection a return belongs to: its year says which rules and codes
//! count, its first and last day bound what is reported.

use chrono::{Days, NaiveDate};
use serde::Deserialize;

use crate::core::dates::{Period, add_years, any_shape, less_years};

/// One collection of one authority.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collection {
    /// The year in which it ends: 2026 for 2025-26. It says which rules and
    /// codes count.
    pub year: u16,
    /// Its first and last day.
    pub period: Period,
    /// The GSS code of the responsible authority, when known.
    pub authority: Option<String>,
}

/// What a `--meta` file may say. Other keys are left alone.
#[derive(Debug, Default, Deserialize)]
struct Meta {
    #[serde(rename = "collectionYear", default)]
    year: Option<serde_json::Value>,
    #[serde(default)]
    collection_start: Option<String>,
    #[serde(default)]
    collection_end: Option<String>,
    #[serde(rename = "localAuthority", default)]
    authority: Option<String>,
}

impl Collection {
    /// The collection that ends on 31 March of a year. `None` beyond the
    /// calendar.
    pub fn of(year: u16) -> Option<Self> {
        Some(Self {
            year,
            period: Period::of(year)?,
            authority: None,
        })
    }

    /// The collection of a year with what a JSON text says besides:
    /// collection_start and collection_end (DD/MM/YYYY), else collectionYear
    /// ("2025/26", or 2026 for the same), and localAuthority (a GSS code).
    ///
    /// # Errors
    /// The text is no JSON object, or a value in it cannot be read; the
    /// message says which.
    pub fn with_meta(mut self, text: &str) -> Result<Self, String> {
        let text = text.trim_start_matches('\u{feff}');
        let meta: Meta = serde_json::from_str(text)
            .map_err(|e| format!("this is not the JSON expected: {e}"))?;
        let start = day("collection_start", meta.collection_start.as_deref())?;
        let end = day("collection_end", meta.collection_end.as_deref())?;
        self.period = match (start, end) {
            (Some(start), Some(end)) if start > end => {
                return Err("collection_start lies after collection_end".to_owned());
            }
            (Some(start), Some(end)) => Period { start, end },
            (Some(start), None) => Period {
                start,
                end: add_years(start, 1)
                    .and_then(|day| day.checked_sub_days(Days::new(1)))
                    .ok_or("collection_start lies beyond the calendar")?,
            },
            (None, Some(end)) => Period {
                start: end
                    .checked_add_days(Days::new(1))
                    .and_then(|day| less_years(day, 1))
                    .ok_or("collection_end lies beyond the calendar")?,
                end,
            },
            (None, None) => match meta.year {
                Some(year) => year_of(&year).and_then(Period::of).ok_or_else(|| {
                    format!("collectionYear {year} is no year: write \"2025/26\" or 2026")
                })?,
                None => self.period,
            },
        };
        let authority = meta.authority.map(|code| code.trim().to_ascii_uppercase());
        self.authority = authority.filter(|code| !code.is_empty());
        Ok(self)
    }
}

fn day(key: &str, text: Option<&str>) -> Result<Option<NaiveDate>, String> {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    match any_shape(text) {
        Some((date, _)) => Ok(Some(date)),
        None => Err(format!(
            "{key} \"{text}\" is no date: write it as DD/MM/YYYY"
        )),
    }
}

/// The year in which a collection ends: "2025/26" and 2026 are the same.
fn year_of(value: &serde_json::Value) -> Option<u16> {
    let text = match value {
        serde_json::Value::String(text) => text.trim().to_owned(),
        serde_json::Value::Number(number) => number.to_string(),
        _ => return None,
    };
    let year: u16 = text.get(..4)?.parse().ok()?;
    match text.len() {
        4 => Some(year),
        _ => year.checked_add(1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meta(text: &str) -> Result<Collection, String> {
        Collection::of(2026).unwrap().with_meta(text)
    }

    fn days(from: (i32, u32, u32), to: (i32, u32, u32)) -> Period {
        Period {
            start: NaiveDate::from_ymd_opt(from.0, from.1, from.2).unwrap(),
            end: NaiveDate::from_ymd_opt(to.0, to.1, to.2).unwrap(),
        }
    }

    #[test]
    fn another_period_and_the_authority_come_from_the_meta_file() {
        let read = meta(r#"{"collectionYear": "2020/21", "collection_start": "01/04/2020", "collection_end": "31/03/2021", "localAuthority": " e08000025"}"#).unwrap();
        assert_eq!(read.year, 2026);
        assert_eq!(read.period, days((2020, 4, 1), (2021, 3, 31)));
        assert_eq!(read.authority.as_deref(), Some("E08000025"));
        for text in [
            r#"{"collectionYear": "2020/21"}"#,
            r#"{"collectionYear": 2021}"#,
            r#"{"collection_end": "31/03/2021"}"#,
            r#"{"collection_start": "01/04/2020"}"#,
        ] {
            assert_eq!(
                meta(text).unwrap().period,
                days((2020, 4, 1), (2021, 3, 31)),
                "{text}"
            );
        }
        assert_eq!(
            meta("{}").unwrap().period,
            days((2025, 4, 1), (2026, 3, 31))
        );
    }

    #[test]
    fn mistakes_in_the_meta_file_are_named() {
        assert!(meta("[").is_err());
        assert!(
            meta(r#"{"collection_end": "31/02/2021"}"#)
                .unwrap_err()
                .contains("collection_end")
        );
        assert!(
            meta(r#"{"collectionYear": "this"}"#)
                .unwrap_err()
                .contains("collectionYear")
        );
        assert!(
            meta(r#"{"collection_start": "02/04/2021", "collection_end": "01/04/2021"}"#).is_err()
        );
    }
}
