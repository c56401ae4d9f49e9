//! Feeds of Open Referral UK 1.0, which most suppliers still speak, turned
//! into the shape of 3.0. Source: the change list of the UK profile.

use serde_json::{Map, Value, json};

/// Whether a record speaks 1.0.
pub(super) fn is_older(fields: &Map<String, Value>) -> bool {
    const OLD: [&str; 9] = [
        "eligibilitys",
        "service_taxonomys",
        "costoptions",
        "cost_option",
        "regular_schedules",
        "regular_schedule",
        "fundings",
        "attending_access",
        "deliverable_type",
    ];
    let old_place = || {
        let places = fields.get("service_at_locations").and_then(Value::as_array);
        places.is_some_and(|all| {
            all.iter()
                .any(|at| !at["location"]["physical_addresses"].is_null())
        })
    };
    OLD.iter().any(|name| fields.contains_key(*name)) || old_place()
}

/// The same record as 3.0 writes it.
pub(super) fn to_present(mut old: Map<String, Value>) -> Map<String, Value> {
    let mut take = |names: &[&str]| -> Vec<Value> {
        let found = names.iter().find_map(|n| old.remove(*n));
        match found {
            Some(Value::Array(list)) => list,
            Some(Value::Object(one)) => vec![Value::Object(one)],
            _ => Vec::new(),
        }
    };
    let eligible = take(&["eligibilitys", "eligibility"]);
    let costs = take(&["costoptions", "cost_options", "cost_option"]);
    let times = take(&["regular_schedules", "regular_schedule"]);
    let funding = take(&["fundings", "funding"]);
    let languages = take(&["languages"]);
    let terms = take(&["service_taxonomys"]);
    let places = take(&["service_at_locations"]);
    let attending = old.remove("attending_type");
    let access = old.remove("attending_access");
    old.remove("deliverable_type");
    ages(&mut old, &eligible);
    let mut schedules: Vec<Value> = times.into_iter().map(schedule).collect();
    if let Some(kind) = attending.as_ref().and_then(Value::as_str) {
        if schedules.is_empty() && matches!(kind, "phone" | "online" | "home visit") {
            schedules.push(json!({}));
        }
        for time in &mut schedules {
            time["attending_type"] = json!(kind);
        }
    }
    if let Some(how) = access.as_ref().and_then(Value::as_str) {
        let words = match how {
            "drop-in" => "Come without asking first.",
            "appointment" => "Make an appointment.",
            "referral" => "Somebody who works with you refers you.",
            "membership" => "For members.",
            other => other,
        };
        old.entry("application_process").or_insert(json!(words));
    }
    if let Some(Value::Object(owner)) = old.get_mut("organization")
        && let Some(url) = owner.remove("url")
    {
        owner.entry("website").or_insert(url);
    }
    old.insert("schedules".into(), Value::Array(schedules));
    old.insert("cost_options".into(), Value::Array(costs));
    old.insert("funding".into(), Value::Array(funding));
    old.insert(
        "languages".into(),
        languages.into_iter().map(language).collect(),
    );
    old.insert(
        "attributes".into(),
        terms.into_iter().filter_map(tag).collect(),
    );
    old.insert(
        "service_at_locations".into(),
        places.into_iter().map(place).collect(),
    );
    old
}

/// The widest of all ages that are eligible, and their words.
fn ages(old: &mut Map<String, Value>, eligible: &[Value]) {
    let figure = |v: &Value| v.as_f64().or_else(|| v.as_str()?.trim().parse().ok());
    let least = eligible.iter().filter_map(|e| figure(&e["minimum_age"]));
    let most = eligible.iter().filter_map(|e| figure(&e["maximum_age"]));
    if let Some(age) = least.reduce(f64::min) {
        old.entry("minimum_age").or_insert(json!(age));
    }
    if let Some(age) = most.reduce(f64::max) {
        old.entry("maximum_age").or_insert(json!(age));
    }
    let words: Vec<&str> = eligible
        .iter()
        .filter_map(|e| e["eligibility"].as_str())
        .filter(|w| !w.trim().is_empty())
        .collect();
    if !words.is_empty() {
        old.entry("eligibility_description")
            .or_insert(json!(words.join("; ")));
    }
}

fn schedule(old: Value) -> Value {
    let Value::Object(mut fields) = old else {
        return json!({});
    };
    // 1.0 calls the days by name or by the letters of iCalendar, and keeps the
    // weekday in one of two fields.
    if let Some(day) = fields.remove("weekday") {
        fields.entry("byday").or_insert(day);
    }
    if let Some(Value::String(days)) = fields.get("byday") {
        const LETTERS: [&str; 7] = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
        let mask = crate::search::days(days);
        let told: Vec<&str> = (0..7)
            .filter(|d| mask & 1 << d != 0)
            .map(|d| LETTERS[d])
            .collect();
        if !told.is_empty() {
            fields.insert("byday".into(), json!(told.join(",")));
        }
    }
    Value::Object(fields)
}

fn language(old: Value) -> Value {
    let Value::Object(mut fields) = old else {
        return json!({});
    };
    if let Some(name) = fields.remove("language") {
        fields.entry("name").or_insert(name);
    }
    Value::Object(fields)
}

fn tag(old: Value) -> Option<Value> {
    let id = old.get("id").cloned().unwrap_or(Value::Null);
    let term = old.get("taxonomy").and_then(Value::as_object)?;
    let name = term.get("name").cloned().unwrap_or(Value::Null);
    Some(json!({
        "id": id,
        "link_type": "category",
        "taxonomy_term": {
            "id": term.get("id").cloned().unwrap_or(Value::Null),
            "name": name,
            "description": name,
            "taxonomy": term.get("vocabulary").cloned().unwrap_or(Value::Null),
            "parent_id": term.get("parent_id").cloned().unwrap_or(Value::Null),
        },
    }))
}

fn place(old: Value) -> Value {
    let Value::Object(mut at) = old else {
        return json!({});
    };
    if let Some(Value::Array(times)) = at
        .remove("regular_schedule")
        .or_else(|| at.remove("regular_schedules"))
    {
        at.insert(
            "schedules".into(),
            times.into_iter().map(schedule).collect(),
        );
    }
    at.remove("holidayScheduleCollection");
    at.remove("holiday_schedules");
    if let Some(Value::Object(location)) = at.get_mut("location") {
        if let Some(Value::Array(addresses)) = location.remove("physical_addresses") {
            let typed = addresses.into_iter().map(|mut address| {
                address["address_type"] = json!("physical");
                address
            });
            location.insert("addresses".into(), typed.collect());
        }
        if let Some(Value::Array(features)) = location.remove("accessibility_for_disabilities") {
            let described = features.into_iter().map(|mut feature| {
                let words = feature["accessibility"].take();
                feature["description"] = words;
                feature
            });
            location.insert("accessibility".into(), described.collect());
        }
        location.entry("location_type").or_insert(json!("physical"));
    }
    Value::Object(at)
}
