//! The built styles, script and icons, carried inside the program.
//!
//! Their names hold a hash of their content, so a browser may keep them for
//! ever: a changed file has a new name. They were pressed when built, and go
//! out as they are. Without `make assets` the folder is empty; pages then say
//! plainly that styles were not built, and work.

use std::collections::HashMap;
use std::sync::OnceLock;

use axum::Router;
use axum::extract::Path;
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, VARY,
};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use rust_embed::RustEmbed;

use super::errors;

#[derive(RustEmbed)]
#[folder = "../../assets/dist"]
struct Built;

/// The address of a built file by its plain name ("app.css"), or `None` when
/// it was not built.
pub fn address(name: &str) -> Option<String> {
    static MANIFEST: OnceLock<HashMap<String, String>> = OnceLock::new();
    let manifest = MANIFEST.get_or_init(|| {
        let Some(file) = Built::get("manifest.json") else {
            return HashMap::new();
        };
        serde_json::from_slice(&file.data).unwrap_or_else(|problem| {
            tracing::error!(%problem, "assets/dist/manifest.json cannot be read: run `make assets`");
            HashMap::new()
        })
    });
    manifest.get(name).map(|file| format!("/assets/{file}"))
}

/// Their addresses, for the matrix of access.
pub(crate) const ROUTES: &[&str] = &["/assets/{name}", "/favicon.ico"];

/// The route that serves them, and the icon at the address browsers guess.
pub(super) fn routes<S>() -> Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    Router::new()
        .route("/assets/{name}", get(serve))
        .route("/favicon.ico", get(icon))
}

async fn serve(Path(name): Path<String>, headers: HeaderMap) -> Response {
    file(&name, &headers)
}

async fn icon(headers: HeaderMap) -> Response {
    match address("favicon.svg") {
        Some(address) => file(address.trim_start_matches("/assets/"), &headers),
        None => errors::not_found(),
    }
}

fn file(name: &str, headers: &HeaderMap) -> Response {
    let accepted = headers
        .get_all(ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .collect::<Vec<_>>()
        .join(",");
    let Some(plain) = Built::get(name) else {
        return errors::not_found();
    };
    let kind = mime_guess::from_path(name).first_or_octet_stream();
    let common = [
        (CONTENT_TYPE, kind.to_string()),
        (
            CACHE_CONTROL,
            "public, max-age=31536000, immutable".to_owned(),
        ),
        (VARY, "accept-encoding".to_owned()),
    ];
    for (ending, encoding) in [("br", "br"), ("gz", "gzip")] {
        if accepts(&accepted, encoding)
            && let Some(pressed) = Built::get(&format!("{name}.{ending}"))
        {
            return (common, [(CONTENT_ENCODING, encoding)], pressed.data).into_response();
        }
    }
    (common, plain.data).into_response()
}

/// Whether an Accept-Encoding header allows this encoding (and not at `q=0`).
fn accepts(header: &str, encoding: &str) -> bool {
    header.split(',').any(|one| {
        let mut parts = one.split(';').map(str::trim);
        parts
            .next()
            .is_some_and(|name| name.eq_ignore_ascii_case(encoding))
            && !parts.any(|q| matches!(q, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_encoding_is_used_only_where_it_is_accepted() {
        assert!(accepts("gzip, deflate, br", "br"));
        assert!(accepts("br;q=0.5", "br"));
        assert!(!accepts("br;q=0, gzip", "br"));
        assert!(!accepts("", "gzip"));
    }

    #[test]
    fn each_file_in_the_manifest_is_there_in_all_its_forms() {
        let Some(style) = address("app.css") else {
            assert!(
                Built::get("manifest.json").is_none(),
                "a manifest without a stylesheet"
            );
            return;
        };
        for name in ["app.css", "app.js", "favicon.svg"] {
            let file = address(name).unwrap();
            let file = file.trim_start_matches("/assets/");
            for form in [file.to_owned(), format!("{file}.br"), format!("{file}.gz")] {
                assert!(Built::get(&form).is_some(), "{form} is missing");
            }
        }
        assert!(style.ends_with(".css"));
    }
}
