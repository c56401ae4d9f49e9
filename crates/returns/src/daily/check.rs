//! What must hold before a record leaves: the receiver refuses a whole batch
//! for one bad record, so each is checked first and kept back alone.

use serde_json::Value;

use super::record::ChildRecord;

/// The longest a value may be, by the name of its field.
const LONGEST: [(&str, usize); 14] = [
    ("unique_pupil_number", 13),
    ("former_unique_pupil_number", 13),
    ("unique_pupil_number_unknown_reason", 4),
    ("sex", 1),
    ("ethnicity", 4),
    ("postcode", 8),
    ("referral_source", 2),
    ("closure_reason", 3),
    ("worker_id", 12),
    ("start_reason", 1),
    ("placement_type", 3),
    ("end_reason", 3),
    ("change_reason", 6),
    ("disabilities", 4),
];

/// Everything that is wrong with a record, each with its place in it; empty
/// when it may be sent.
pub fn check(record: &ChildRecord) -> Vec<String> {
    let mut wrong = Vec::new();
    match serde_json::to_value(record) {
        Ok(value) => walk("", "", &value, &mut wrong),
        Err(error) => wrong.push(format!("the record cannot be written as JSON: {error}")),
    }
    if record.purge {
        return wrong;
    }
    let Some(details) = &record.child_details else {
        wrong.push("child_details is missing".to_owned());
        return wrong;
    };
    if details.date_of_birth.is_some() == details.expected_date_of_birth.is_some() {
        wrong.push("child_details: give a date of birth or an expected one, not both".to_owned());
    }
    if let Some(sex) = details.sex.as_deref()
        && !["M", "F", "U"].contains(&sex)
    {
        wrong.push(format!("child_details.sex: \"{sex}\" is none of M, F, U"));
    }
    if let Some(codes) = &details.disabilities {
        if codes.len() > 12 {
            wrong.push("child_details.disabilities: more than 12 codes".to_owned());
        }
        if codes.len() > 1 && codes.iter().any(|code| code == "NONE") {
            wrong.push("child_details.disabilities: NONE stands beside others".to_owned());
        }
    }
    let scores = record.health_and_wellbeing.iter();
    for sdq in scores
        .filter_map(|health| health.sdq_assessments.as_ref())
        .flatten()
    {
        if sdq.score > 40 {
            wrong.push(format!(
                "sdq_assessments: a score of {} is above 40",
                sdq.score
            ));
        }
    }
    wrong
}

fn walk(path: &str, name: &str, value: &Value, wrong: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                let path = if path.is_empty() {
                    name.clone()
                } else {
                    format!("{path}.{name}")
                };
                walk(&path, name, value, wrong);
            }
        }
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                walk(&format!("{path}[{at}]"), name, item, wrong);
            }
        }
        Value::String(text) => {
            let length = text.chars().count();
            if name.ends_with("_id") {
                let letters = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
                if text.is_empty() || length > 36 || !text.chars().all(letters) {
                    wrong.push(format!(
                        "{path}: \"{text}\" must be 1 to 36 letters, digits, _ or -"
                    ));
                }
            }
            let longest = LONGEST.iter().find(|(field, _)| *field == name);
            if let Some((_, longest)) = longest
                && length > *longest
            {
                wrong.push(format!("{path}: \"{text}\" is longer than {longest}"));
            }
        }
        _ => {}
    }
}
