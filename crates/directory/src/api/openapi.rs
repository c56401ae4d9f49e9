//! Our own OpenAPI document: what this feed answers, said so that a client can
//! be generated from it. (The official file is not valid OpenAPI.) The schemas
//! are made from the model's own types, so that the two cannot part.

use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use crate::model::{Organization, Service, ServiceAtLocation, Taxonomy, TaxonomyTerm, VERSION};

/// What the standard requires of each entity.
const REQUIRED: &[(&str, &[&str])] = &[
    ("Service", &["id", "name", "status"]),
    ("Organization", &["id", "name", "description"]),
    (
        "OrganizationIdentifier",
        &["id", "identifier_type", "identifier"],
    ),
    ("Location", &["id", "location_type"]),
    (
        "Address",
        &[
            "id",
            "address_1",
            "city",
            "state_province",
            "postal_code",
            "country",
            "address_type",
        ],
    ),
    ("Phone", &["id", "number"]),
    ("Taxonomy", &["id", "name", "description"]),
    ("TaxonomyTerm", &["id", "name", "description"]),
];

struct Parameter {
    name: &'static str,
    kind: &'static str,
    says: &'static str,
}

const fn p(name: &'static str, kind: &'static str, says: &'static str) -> Parameter {
    Parameter { name, kind, says }
}

const SEARCH: Parameter = p(
    "search",
    "string",
    "Words: stems, slips of the pen and words that mean the same are forgiven.",
);
const PAGE: Parameter = p(
    "page",
    "integer",
    "Which page, from 1. A page after the last is empty.",
);
const PER_PAGE: Parameter = p(
    "per_page",
    "integer",
    "Items on a page: 50 unless said, 1000 at most.",
);
const FORMAT: Parameter = p(
    "format",
    "string",
    "json, or ndjson for everything as one item a line.",
);
const FULL: Parameter = p("full", "boolean", "With everything nested.");
const FULL_SERVICE: Parameter = p(
    "full_service",
    "boolean",
    "With the services of each organisation.",
);
const TERM: Parameter = p(
    "taxonomy_term_id",
    "uuid",
    "Tagged with this term or one under it.",
);
const TAXONOMY: Parameter = p("taxonomy_id", "uuid", "Of this taxonomy.");
const OWNER: Parameter = p("organization_id", "uuid", "Of this organisation.");
const AFTER: Parameter = p(
    "modified_after",
    "string",
    "Changed on this day or at this moment, or after it.",
);
const POSTCODE: Parameter = p(
    "postcode",
    "string",
    "With proximity: near it. Alone: for the area it lies in; a service that names no area stays.",
);
const PROXIMITY: Parameter = p(
    "proximity",
    "number",
    "Within so many metres of the middle of the postcode.",
);
const MIN_AGE: Parameter = p(
    "minimum_age",
    "number",
    "For someone of this age or older: a service fits when its ages overlap minimum_age to maximum_age. One that names no ages fits.",
);
const MAX_AGE: Parameter = p(
    "maximum_age",
    "number",
    "For someone of this age or younger: see minimum_age.",
);
const DAY: Parameter = p(
    "day",
    "string",
    "Open on this day: MO, TU, WE, TH, FR, SA or SU; more than one with commas.",
);
const START: Parameter = p(
    "start_time",
    "string",
    "Open at this time or after it: 09:30.",
);
const END: Parameter = p(
    "end_time",
    "string",
    "Open at this time or before it: 17:00.",
);
const MINIMAL: Parameter = p(
    "minimal",
    "boolean",
    "Only ids and the time of the last change, all on one page.",
);
const TOP: Parameter = p(
    "top_only",
    "boolean",
    "Only terms that stand under no other.",
);
const PARENT: Parameter = p("parent_id", "uuid", "Only terms under this one.");

/// The document. `base` is the public address of the API.
pub fn document(base: &str) -> Value {
    let mut paths = Map::new();
    paths.insert(
        "/".into(),
        json!({ "get": {
            "summary": "Which edition of the standard this is",
            "operationId": "api_details",
            "responses": { "200": ok(json!({ "$ref": "#/components/schemas/ApiDetails" })) },
        }}),
    );
    let chosen = [
        &SEARCH, &TERM, &TAXONOMY, &OWNER, &AFTER, &FULL, &MIN_AGE, &MAX_AGE, &DAY, &START, &END,
        &POSTCODE, &PROXIMITY,
    ];
    let mut services = vec![&MINIMAL];
    services.extend(chosen);
    list(&mut paths, "services", "Service", "Services", &services);
    one(&mut paths, "services", "Service", &[]);
    list(
        &mut paths,
        "service_at_locations",
        "ServiceAtLocation",
        "Services at their places",
        &chosen,
    );
    one(&mut paths, "service_at_locations", "ServiceAtLocation", &[]);
    list(
        &mut paths,
        "organizations",
        "Organization",
        "Organisations",
        &[&SEARCH, &FULL, &FULL_SERVICE],
    );
    one(
        &mut paths,
        "organizations",
        "Organization",
        &[&FULL_SERVICE],
    );
    list(
        &mut paths,
        "taxonomies",
        "Taxonomy",
        "Taxonomies",
        &[&SEARCH],
    );
    one(&mut paths, "taxonomies", "Taxonomy", &[]);
    list(
        &mut paths,
        "taxonomy_terms",
        "TaxonomyTerm",
        "Terms of taxonomies",
        &[&SEARCH, &TAXONOMY, &TOP, &PARENT],
    );
    one(&mut paths, "taxonomy_terms", "TaxonomyTerm", &[]);
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Services directory",
            "version": VERSION,
            "description": "Open Referral UK 3.0, with the fields of HSDS 3.0 that families need. Open to all, without a key.",
        },
        "servers": [{ "url": base }],
        "paths": paths,
        "components": { "schemas": schemas(), "responses": {
            "BadRequest": { "description": "A parameter could not be read", "content": json_of("Problem") },
            "NotFound": { "description": "Nothing has that id", "content": json_of("Problem") },
        }},
    })
}

fn json_of(schema: &str) -> Value {
    json!({ "application/json": { "schema": { "$ref": format!("#/components/schemas/{schema}") } } })
}

fn ok(schema: Value) -> Value {
    json!({ "description": "It is here", "content": { "application/json": { "schema": schema } } })
}

fn written(parameters: &[&Parameter]) -> Vec<Value> {
    let one = |p: &&Parameter| {
        let schema = match p.kind {
            "uuid" => json!({ "type": "string", "format": "uuid" }),
            "integer" => json!({ "type": "integer", "minimum": 1 }),
            kind => json!({ "type": kind }),
        };
        json!({ "name": p.name, "in": "query", "required": false, "description": p.says, "schema": schema })
    };
    parameters.iter().map(one).collect()
}

fn list(paths: &mut Map<String, Value>, path: &str, item: &str, title: &str, own: &[&Parameter]) {
    let mut parameters = own.to_vec();
    parameters.extend([&PAGE, &PER_PAGE, &FORMAT]);
    let page = json!({
        "type": "object",
        "required": ["total_items", "total_pages", "page_number", "size", "first_page", "last_page", "empty", "contents"],
        "properties": {
            "total_items": { "type": "integer" },
            "total_pages": { "type": "integer" },
            "page_number": { "type": "integer" },
            "size": { "type": "integer" },
            "first_page": { "type": "boolean" },
            "last_page": { "type": "boolean" },
            "empty": { "type": "boolean" },
            "contents": { "type": "array", "items": { "$ref": format!("#/components/schemas/{item}") } },
        },
    });
    paths.insert(format!("/{path}"), json!({ "get": {
        "summary": title,
        "operationId": format!("list_{path}"),
        "parameters": written(&parameters),
        "responses": { "200": ok(page), "400": { "$ref": "#/components/responses/BadRequest" } },
    }}));
}

fn one(paths: &mut Map<String, Value>, path: &str, item: &str, own: &[&Parameter]) {
    let mut parameters = vec![json!({
        "name": "id", "in": "path", "required": true, "schema": { "type": "string", "format": "uuid" },
    })];
    parameters.extend(written(own));
    paths.insert(
        format!("/{path}/{{id}}"),
        json!({ "get": {
            "summary": format!("One of {path}, with everything nested"),
            "operationId": format!("get_{path}"),
            "parameters": parameters,
            "responses": {
                "200": ok(json!({ "$ref": format!("#/components/schemas/{item}") })),
                "404": { "$ref": "#/components/responses/NotFound" },
            },
        }}),
    );
}

fn schemas() -> Value {
    let settings = SchemaSettings::draft2020_12().with(|s| {
        s.definitions_path = "/components/schemas".into();
        s.meta_schema = None;
    });
    let mut generator = settings.into_generator();
    generator.subschema_for::<Service>();
    generator.subschema_for::<ServiceAtLocation>();
    generator.subschema_for::<Organization>();
    generator.subschema_for::<Taxonomy>();
    generator.subschema_for::<TaxonomyTerm>();
    let mut all = generator.take_definitions(true);
    for (name, schema) in &mut all {
        tidy(name, schema);
    }
    all.insert(
        "ApiDetails".into(),
        json!({
            "type": "object",
            "required": ["version", "profile", "openapi_url"],
            "properties": {
                "version": { "type": "string", "const": VERSION },
                "profile": { "type": "string", "format": "uri" },
                "openapi_url": { "type": "string", "format": "uri" },
            },
        }),
    );
    all.insert(
        "Problem".into(),
        json!({
            "type": "object",
            "required": ["message"],
            "properties": { "parameter": { "type": "string" }, "message": { "type": "string" } },
        }),
    );
    Value::Object(all)
}

/// What the types cannot say: what is required, what a text must look like,
/// and that nothing is ever null.
fn tidy(name: &str, schema: &mut Value) {
    let Some(fields) = schema.as_object_mut() else {
        return;
    };
    let required = REQUIRED.iter().find(|(entity, _)| *entity == name);
    match required {
        Some((_, names)) => fields.insert("required".into(), json!(names)),
        None if fields.contains_key("properties") => {
            fields.insert("required".into(), json!(["id"]))
        }
        None => None,
    };
    fields.remove("default");
    let Some(properties) = fields.get_mut("properties").and_then(Value::as_object_mut) else {
        return;
    };
    for (field, shape) in properties {
        let Some(shape) = shape.as_object_mut() else {
            continue;
        };
        shape.remove("default");
        if let Some(Value::Array(kinds)) = shape.get_mut("type") {
            kinds.retain(|k| k != "null");
            let only = kinds.first().cloned();
            shape.insert("type".into(), only.unwrap_or(Value::Null));
        }
        if let Some(Value::Array(any)) = shape.get_mut("anyOf") {
            any.retain(|k| k.get("type") != Some(&json!("null")));
        }
        let format = match field.as_str() {
            "id" => "uuid",
            f if f.ends_with("_id") => "uuid",
            "url" | "website" | "term_uri" | "schedule_link" => "uri",
            "uri" if name != "ServiceArea" => "uri",
            "email" | "assurer_email" => "email",
            "last_modified" => "date-time",
            _ => {
                shape.remove("format");
                continue;
            }
        };
        shape.insert("format".into(), json!(format));
    }
}
