//! An example in a rule's text: a few rows in a short notation that an
//! analyst can read and a test can run.
//!
//! One row a line: the table, then `field=value` for what is stated. A value
//! with spaces stands in double quotes; `field=` means absent. Each return
//! says what it fills in for what is not stated.

use serde::Deserialize;

/// One example of a rule.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// What the example shows, in words.
    pub is: String,
    /// The rows, in the notation above.
    pub rows: String,
    /// The rows that the rule must find, as "Table row" ("CINdetails 0"), or
    /// "return" for a finding about the whole. Empty: the rule must pass.
    pub finds: Vec<String>,
    /// Anything else that the return's own test helper wants to know.
    #[serde(default)]
    pub with: Option<String>,
}

/// One row of an example.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseRow {
    /// The table's name.
    pub table: String,
    /// The stated fields in order; an empty value means absent.
    pub fields: Vec<(String, String)>,
}

impl CaseRow {
    /// The stated value of a field; `None` when it is not stated.
    pub fn get(&self, field: &str) -> Option<&str> {
        let found = self.fields.iter().find(|(name, _)| name == field);
        found.map(|(_, value)| value.as_str())
    }
}

impl Case {
    /// The rows of the example.
    ///
    /// # Errors
    /// A word that is no `field=value`, or a quote that does not end.
    pub fn rows(&self) -> Result<Vec<CaseRow>, String> {
        self.rows
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
            .map(row)
            .collect()
    }
}

fn row(line: &str) -> Result<CaseRow, String> {
    let (table, mut rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let mut fields = Vec::new();
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            break;
        }
        let (field, after) = rest
            .split_once('=')
            .filter(|(field, _)| !field.contains(char::is_whitespace))
            .ok_or_else(|| format!("\"{rest}\" in \"{line}\" is not field=value"))?;
        let (value, after) = if let Some(quoted) = after.strip_prefix('"') {
            quoted
                .split_once('"')
                .ok_or_else(|| format!("a quote in \"{line}\" does not end"))?
        } else {
            let end = after.find(char::is_whitespace).unwrap_or(after.len());
            after.split_at(end)
        };
        fields.push((field.to_owned(), value.to_owned()));
        rest = after;
    }
    Ok(CaseRow {
        table: table.to_owned(),
        fields,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(rows: &str) -> Case {
        Case {
            is: String::new(),
            rows: rows.to_owned(),
            finds: Vec::new(),
            with: None,
        }
    }

    #[test]
    fn rows_are_read_with_quotes_and_absent_values() {
        let rows = case("\n# a note\nHeader CHILD=1 SEX=\n Episodes  PL_POST=\"B1 1AA\" REC=X1 ")
            .rows()
            .unwrap();
        assert_eq!(rows.len(), 2);
        assert_eq!(rows[0].get("SEX"), Some(""));
        assert_eq!(rows[0].get("DOB"), None);
        assert_eq!(rows[1].get("PL_POST"), Some("B1 1AA"));
        assert_eq!(rows[1].get("REC"), Some("X1"));
    }

    #[test]
    fn mistakes_are_told() {
        assert!(case("Header CHILD").rows().is_err());
        assert!(case("Header CHILD=\"1").rows().is_err());
    }
}
