//! Open Referral UK 3.0, strictly: every answer over a full, a sparse and an
//! empty store, against the published schemas (with their formats) and against
//! our own OpenAPI document.

mod shared;

use std::collections::BTreeMap;

use directory::api::{Answer, answer, document};
use directory::assurance::Upkeep;
use directory::model::{Organization, Service};
use directory::postcodes::Postcodes;
use directory::search::{Catalogue, Council};
use directory::{Directory, invented};
use serde_json::{Value, json};

const BASE: &str = "https://larkmere.example.org/open-referral";

fn today() -> chrono::NaiveDate {
    "2026-11-22".parse().unwrap()
}

fn catalogue(directory: Directory, postcodes: &Postcodes) -> Catalogue {
    let council = Council {
        name: "Larkmere".into(),
        codes: vec![invented::COUNCIL.into()],
    };
    Catalogue::new(directory, postcodes, shared::synonyms(), council, today())
}

fn full() -> Catalogue {
    catalogue(invented::directory(300, 7, today()), &invented::postcodes())
}

fn sparse() -> Catalogue {
    let mut directory = Directory::new();
    directory.put_service(
        Service {
            id: "0b1d0b6e-7c1f-4a51-8f60-3a1b7b0c9d11".into(),
            name: "A bare service".into(),
            ..Service::default()
        },
        Upkeep::default(),
    );
    directory.put_organization(Organization {
        id: "6a6f4a53-05a5-4e5b-9d8e-5d9b1a9c2b22".into(),
        name: "A bare organisation".into(),
        description: "It is there.".into(),
        ..Organization::default()
    });
    catalogue(directory, &Postcodes::england())
}

fn empty() -> Catalogue {
    catalogue(Directory::new(), &Postcodes::england())
}

fn pairs(query: &str) -> Vec<(String, String)> {
    url::form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect()
}

fn get(catalogue: &Catalogue, path: &str, query: &str) -> Result<Value, u16> {
    match answer(catalogue, &invented::postcodes(), BASE, path, &pairs(query)) {
        Answer::Json(value) => Ok(value),
        Answer::Lines(lines) => Ok(Value::Array(lines.collect())),
        Answer::NotFound => Err(404),
        Answer::Bad(_) => Err(400),
    }
}

/// The schemas of the standard by path, from its bundled document.
fn official() -> BTreeMap<String, jsonschema::Validator> {
    let text = include_str!("schemas/oruk-3.0/openapi.bundled.json");
    let document: Value = serde_json::from_str(text).unwrap();
    let paths = document["paths"].as_object().unwrap();
    paths
        .iter()
        .map(|(path, item)| {
            let schema = &item["get"]["responses"]["200"]["content"]["application/json"]["schema"];
            let validator = jsonschema::options()
                .should_validate_formats(true)
                .build(schema)
                .unwrap_or_else(|e| panic!("{path}: {e}"));
            (path.clone(), validator)
        })
        .collect()
}

/// The schemas that our own document promises.
fn own() -> BTreeMap<String, jsonschema::Validator> {
    let document = document(BASE);
    let paths = document["paths"].as_object().unwrap();
    let schemas = &document["components"]["schemas"];
    paths
        .iter()
        .map(|(path, item)| {
            let mut schema =
                item["get"]["responses"]["200"]["content"]["application/json"]["schema"].clone();
            schema["components"] = json!({ "schemas": schemas });
            let validator = jsonschema::options()
                .should_validate_formats(true)
                .build(&schema)
                .unwrap_or_else(|e| panic!("{path}: {e}"));
            (path.clone(), validator)
        })
        .collect()
}

fn check(validator: &jsonschema::Validator, value: &Value, what: &str) {
    let faults: Vec<String> = validator
        .iter_errors(value)
        .map(|e| format!("{}: {e}", e.instance_path))
        .take(5)
        .collect();
    assert!(faults.is_empty(), "{what}: {faults:#?}");
}

const LISTS: [&str; 5] = [
    "services",
    "organizations",
    "service_at_locations",
    "taxonomies",
    "taxonomy_terms",
];

#[test]
fn every_endpoint_meets_the_standard_over_a_full_a_sparse_and_an_empty_store() {
    let (official, own) = (official(), own());
    assert_eq!(official.len(), 11, "the standard has eleven endpoints");
    assert_eq!(
        own.keys().collect::<Vec<_>>(),
        official.keys().collect::<Vec<_>>()
    );
    for (name, store) in [("full", full()), ("sparse", sparse()), ("empty", empty())] {
        let root = get(&store, "/", "").unwrap();
        assert_eq!(root["version"], "HSDS-UK-3.0");
        assert_eq!(root["openapi_url"], format!("{BASE}/openapi.json"));
        check(&official["/"], &root, "root");
        check(&own["/"], &root, "root");
        for list in LISTS {
            let path = format!("/{list}");
            for query in [
                "",
                "full=true",
                "full_service=true",
                "page=2",
                "per_page=1000",
            ] {
                let page = get(&store, &path, query).unwrap();
                let what = format!("{name} {path}?{query}");
                check(&official[&path], &page, &what);
                check(&own[&path], &page, &what);
                nothing_empty(&page["contents"], &what);
            }
            let page = get(&store, &path, "per_page=1000").unwrap();
            let by_id = format!("{path}/{{id}}");
            for item in page["contents"].as_array().unwrap().iter().take(60) {
                let id = item["id"].as_str().unwrap();
                let one = get(&store, &format!("{path}/{id}"), "full_service=true").unwrap();
                let what = format!("{name} {path}/{id}");
                check(&official[&by_id], &one, &what);
                check(&own[&by_id], &one, &what);
                nothing_empty(&one, &what);
                assert_eq!(one["id"], item["id"]);
            }
        }
    }
}

fn nothing_empty(value: &Value, what: &str) {
    match value {
        Value::Null => panic!("{what}: a null"),
        Value::String(text) => assert!(!text.trim().is_empty(), "{what}: an empty text"),
        Value::Array(items) => items.iter().for_each(|i| nothing_empty(i, what)),
        Value::Object(fields) => {
            for (name, inner) in fields {
                nothing_empty(inner, &format!("{what}.{name}"));
            }
        }
        _ => {}
    }
}

/// Each schema file of the standard against the part of an answer it is of.
#[test]
fn every_part_meets_its_own_schema_file() {
    let store = full();
    let read = |name: &str| -> Value {
        let path = format!(
            "{}/tests/schemas/oruk-3.0/{name}.json",
            env!("CARGO_MANIFEST_DIR")
        );
        serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap()
    };
    let parts = [
        ("schedule", "schedules"),
        ("service_area", "service_areas"),
        ("language", "languages"),
        ("cost_option", "cost_options"),
        ("contact", "contacts"),
        ("attribute", "attributes"),
        ("service_at_location", "service_at_locations"),
    ];
    let page = get(&store, "/services", "full=true&per_page=1000").unwrap();
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for (schema, field) in parts {
        let mut schema_text = read(schema);
        strip_references(&mut schema_text);
        let validator = jsonschema::options()
            .should_validate_formats(true)
            .build(&schema_text)
            .unwrap();
        for service in page["contents"].as_array().unwrap() {
            for part in service[field].as_array().into_iter().flatten() {
                check(&validator, part, schema);
                *seen.entry(schema).or_default() += 1;
            }
        }
    }
    for (schema, _) in parts {
        assert!(
            seen.get(schema).is_some_and(|n| *n > 0),
            "no {schema} was seen"
        );
    }
}

/// A reference to a sibling file is checked by that file's own turn.
fn strip_references(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            fields.remove("$ref");
            fields.values_mut().for_each(strip_references);
        }
        Value::Array(items) => items.iter_mut().for_each(strip_references),
        _ => {}
    }
}

#[test]
fn the_pages_of_a_list_hold_everything_once() {
    let store = full();
    let mut seen = Vec::new();
    let mut number = 1;
    loop {
        let page = get(&store, "/services", &format!("per_page=7&page={number}")).unwrap();
        assert_eq!(page["page_number"], number);
        assert_eq!(page["first_page"], number == 1);
        assert_eq!(page["size"], page["contents"].as_array().unwrap().len());
        seen.extend(
            page["contents"]
                .as_array()
                .unwrap()
                .iter()
                .map(|s| s["id"].clone()),
        );
        if page["last_page"] == true {
            assert_eq!(page["total_pages"], number);
            assert_eq!(page["total_items"], seen.len());
            break;
        }
        assert_eq!(page["size"], 7);
        number += 1;
    }
    let mut once = seen.clone();
    once.sort_by_key(ToString::to_string);
    once.dedup();
    assert_eq!(once.len(), seen.len());
    let after = get(&store, "/services", "per_page=7&page=9999").unwrap();
    assert_eq!(after["empty"], true);
    assert_eq!(after["total_items"], seen.len());
    let lines = get(&store, "/services", "format=ndjson").unwrap();
    assert_eq!(lines.as_array().unwrap().len(), seen.len());
    let minimal = get(&store, "/services", "minimal=true").unwrap();
    assert_eq!(minimal["size"], seen.len());
}

#[test]
fn parameters_hold_together() {
    let store = full();
    let all = get(&store, "/services", "per_page=1000&full=true").unwrap();
    let all = all["contents"].as_array().unwrap();
    let term = all
        .iter()
        .find_map(|s| s["attributes"][0]["taxonomy_term_id"].as_str())
        .unwrap();
    let owner = all[0]["organization_id"].as_str().unwrap();
    let counted = |query: &str| {
        get(&store, "/services", query).unwrap()["total_items"]
            .as_u64()
            .unwrap()
    };
    let by_hand = |f: &dyn Fn(&Value) -> bool| all.iter().filter(|s| f(s)).count() as u64;
    let tagged = |s: &Value| {
        s["attributes"]
            .as_array()
            .is_some_and(|a| a.iter().any(|t| t["taxonomy_term_id"] == term))
    };
    assert_eq!(
        counted(&format!("taxonomy_term_id={term}")),
        by_hand(&tagged)
    );
    assert_eq!(
        counted(&format!("organization_id={owner}")),
        by_hand(&|s| s["organization_id"] == owner)
    );
    assert_eq!(
        counted(&format!("organization_id={owner}&taxonomy_term_id={term}")),
        by_hand(&|s| tagged(s) && s["organization_id"] == owner)
    );
    assert_eq!(
        counted("modified_after=2026-09-01"),
        by_hand(&|s| s["last_modified"].as_str().unwrap() >= "2026-09-01")
    );
    let fits = |s: &Value| {
        s["minimum_age"].as_f64().is_none_or(|a| a <= 6.0)
            && s["maximum_age"]
                .as_f64()
                .is_none_or(|a| a.floor() + 0.999 >= 5.0)
    };
    assert_eq!(counted("minimum_age=5&maximum_age=6"), by_hand(&fits));
    // A term above stands for all under it.
    let above = all
        .iter()
        .find_map(|s| s["attributes"][0]["taxonomy_term"]["parent_id"].as_str())
        .unwrap();
    assert!(
        counted(&format!("taxonomy_term_id={above}"))
            >= counted(&format!("taxonomy_term_id={term}"))
            || above != term
    );
    assert!(counted("search=swimming") > 0);
    assert_eq!(counted("search=xylophone+orchestra"), 0);
    let near = get(
        &store,
        "/service_at_locations",
        "postcode=LK5+5AA&proximity=3000&per_page=1000",
    )
    .unwrap();
    let everywhere = get(&store, "/service_at_locations", "per_page=1000").unwrap();
    let (near, everywhere) = (
        near["total_items"].as_u64().unwrap(),
        everywhere["total_items"].as_u64().unwrap(),
    );
    assert!(near > 0 && near < everywhere, "{near} of {everywhere}");
}

#[test]
fn what_is_unknown_is_404_and_what_cannot_be_read_is_400() {
    let store = full();
    let nobody = "11111111-1111-4111-8111-111111111111";
    for list in LISTS {
        assert_eq!(
            get(&store, &format!("/{list}/{nobody}"), "").unwrap_err(),
            404,
            "{list}"
        );
        assert_eq!(
            get(&store, &format!("/{list}/not-an-id"), "").unwrap_err(),
            404,
            "{list}"
        );
        assert_eq!(
            get(&store, &format!("/{list}"), "page=zero").unwrap_err(),
            400,
            "{list}"
        );
    }
    assert_eq!(get(&store, "/nothing", "").unwrap_err(), 404);
    assert_eq!(
        get(&store, "/services", "postcode=ZZ99+9ZZ&proximity=100").unwrap_err(),
        400
    );
}

#[test]
fn our_own_document_is_openapi() {
    let document = document(BASE);
    assert_eq!(document["openapi"], "3.1.0");
    let mut ids = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        let get = &item["get"];
        ids.push(get["operationId"].as_str().unwrap().to_owned());
        for parameter in get["parameters"].as_array().into_iter().flatten() {
            assert!(
                parameter["name"].is_string() && parameter["schema"]["type"].is_string(),
                "{path}"
            );
        }
        for name in path
            .split('/')
            .filter_map(|p| p.strip_prefix('{')?.strip_suffix('}'))
        {
            let declared = get["parameters"].as_array().unwrap();
            assert!(
                declared
                    .iter()
                    .any(|p| p["name"] == name && p["in"] == "path"),
                "{path}"
            );
        }
    }
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 11, "each operation has a name of its own");
    references(&document, &document);
}

fn references(value: &Value, document: &Value) {
    match value {
        Value::Object(fields) => {
            if let Some(Value::String(reference)) = fields.get("$ref") {
                let pointer = reference.strip_prefix('#').unwrap();
                assert!(
                    document.pointer(pointer).is_some(),
                    "{reference} leads nowhere"
                );
            }
            fields.values().for_each(|v| references(v, document));
        }
        Value::Array(items) => items.iter().for_each(|v| references(v, document)),
        _ => {}
    }
}
