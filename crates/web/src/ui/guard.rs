//! What keeps a page from being abused by another: the security headers on
//! every answer, and the refusal of posts that another site made.

use axum::extract::Request;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_TYPE, COOKIE, HOST, HeaderMap, HeaderName, HeaderValue, ORIGIN, REFERER,
};
use axum::http::{Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::Response;

use super::errors;

/// Nothing from elsewhere, no inline script or style, no framing.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; \
img-src 'self'; font-src 'none'; connect-src 'self'; form-action 'self'; \
frame-ancestors 'none'; base-uri 'none'";

const HEADERS: [(&str, &str); 7] = [
    ("content-security-policy", CONTENT_SECURITY_POLICY),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    (
        "permissions-policy",
        "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
    ),
];

/// Puts the security headers on an answer. Pages are not stored anywhere
/// unless they said otherwise themselves (only the built styles do).
pub async fn headers(request: Request, next: Next) -> Response {
    let mut answer = next.run(request).await;
    let headers = answer.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        );
    }
    headers
        .entry(CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    answer
}

/// Says in plain words that a form could not be read at all: too long, not
/// whole, or no form. The framework says so in a programmer's words, and as
/// bare text; pages of ours are never that.
pub async fn plain_words(request: Request, next: Next) -> Response {
    let answer = next.run(request).await;
    let kind = answer.headers().get(CONTENT_TYPE);
    let bare = kind.is_none_or(|kind| kind.as_bytes().starts_with(b"text/plain"));
    let what = match answer.status() {
        StatusCode::PAYLOAD_TOO_LARGE => TOO_LONG,
        StatusCode::BAD_REQUEST
        | StatusCode::UNPROCESSABLE_ENTITY
        | StatusCode::UNSUPPORTED_MEDIA_TYPE => "What was sent is not a form of ours.",
        _ => return answer,
    };
    if !bare {
        return answer;
    }
    tracing::warn!(status = %answer.status(), "a form could not be read");
    let mut page = errors::unreadable(what);
    *page.status_mut() = answer.status();
    page
}

/// What is said of a form that is too long to be read.
pub(crate) const TOO_LONG: &str = "What was sent is too long to be read, or did not arrive whole. \
Go back: your words are still on the page. Make them shorter, and send them again.";

/// Refuses a change that another site asked for in a signed-in person's name.
///
/// Modern browsers say so in `Sec-Fetch-Site`; older ones name the `Origin` or
/// the `Referer`, which must then be this host. A request with none of them
/// and no cookie carries nobody's sign-in, so it may pass.
pub async fn same_site(request: Request, next: Next) -> Response {
    let harmless = matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS
    );
    if harmless || comes_from_here(request.headers(), request.uri()) {
        return next.run(request).await;
    }
    tracing::warn!(
        path = request.uri().path(),
        "refused a post from another site"
    );
    errors::other_site()
}

fn comes_from_here(headers: &HeaderMap, uri: &Uri) -> bool {
    if let Some(site) = headers.get("sec-fetch-site") {
        return site == "same-origin" || site == "none";
    }
    let host = headers
        .get(HOST)
        .and_then(|value| value.to_str().ok())
        .or_else(|| uri.authority().map(|authority| authority.as_str()));
    match headers.get(ORIGIN).or_else(|| headers.get(REFERER)) {
        Some(from) => {
            let from = from.to_str().ok().and_then(host_of);
            from.is_some() && from.as_deref() == host
        }
        None => !headers.contains_key(COOKIE),
    }
}

/// Host, and port if it stands there, of an address as a header names it.
fn host_of(address: &str) -> Option<String> {
    let uri: Uri = address.parse().ok()?;
    Some(uri.authority()?.as_str().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::Router;
    use axum::body::Body;
    use axum::routing::get;
    use tower::ServiceExt;

    fn app() -> Router {
        crate::ui::finish(Router::new().route("/", get(async || "hello").post(async || "done")))
    }

    async fn post(headers: &[(&str, &str)]) -> StatusCode {
        let mut request = Request::post("/").header("host", "throughline.test:8080");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = app()
            .oneshot(request.body(Body::empty()).unwrap())
            .await
            .unwrap();
        answer.status()
    }

    #[tokio::test]
    async fn every_answer_has_the_security_headers() {
        for path in ["/", "/nowhere", "/assets/nothing.css"] {
            let request = Request::get(path).body(Body::empty()).unwrap();
            let answer = app().oneshot(request).await.unwrap();
            for (name, value) in HEADERS {
                assert_eq!(answer.headers()[name], value, "{name} on {path}");
            }
            assert_eq!(answer.headers()["cache-control"], "no-store", "{path}");
            assert!(!CONTENT_SECURITY_POLICY.contains("unsafe"));
        }
    }

    #[tokio::test]
    async fn built_styles_may_be_kept_and_go_out_pressed() {
        let Some(style) = crate::ui::assets::address("app.css") else {
            assert!(
                std::fs::read_dir("../../assets/dist")
                    .unwrap()
                    .next()
                    .is_none()
            );
            return;
        };
        let request = Request::get(style)
            .header("accept-encoding", "gzip, br")
            .body(Body::empty())
            .unwrap();
        let answer = app().oneshot(request).await.unwrap();
        assert_eq!(answer.headers()["content-encoding"], "br");
        assert!(
            answer.headers()["cache-control"]
                .to_str()
                .unwrap()
                .contains("immutable")
        );
        assert_eq!(answer.headers()["content-type"], "text/css");
    }

    #[tokio::test]
    async fn a_post_from_our_own_page_passes() {
        assert_eq!(
            post(&[("sec-fetch-site", "same-origin")]).await,
            StatusCode::OK
        );
        assert_eq!(
            post(&[
                ("origin", "http://throughline.test:8080"),
                ("cookie", "s=1")
            ])
            .await,
            StatusCode::OK
        );
        assert_eq!(
            post(&[
                ("referer", "http://throughline.test:8080/x"),
                ("cookie", "s=1")
            ])
            .await,
            StatusCode::OK
        );
    }

    #[tokio::test]
    async fn a_post_from_another_site_is_refused() {
        let refused: [&[(&str, &str)]; 8] = [
            &[("sec-fetch-site", "cross-site")],
            &[("sec-fetch-site", "same-site")],
            &[
                ("sec-fetch-site", "cross-site"),
                ("origin", "http://throughline.test:8080"),
            ],
            &[("origin", "http://evil.test"), ("cookie", "s=1")],
            &[
                ("origin", "http://throughline.test:8080.evil.test"),
                ("cookie", "s=1"),
            ],
            &[("origin", "null"), ("cookie", "s=1")],
            &[
                ("referer", "http://evil.test/throughline.test:8080"),
                ("cookie", "s=1"),
            ],
            &[("cookie", "s=1")],
        ];
        for headers in refused {
            assert_eq!(post(headers).await, StatusCode::FORBIDDEN, "{headers:?}");
        }
    }

    #[tokio::test]
    async fn a_post_without_cookie_or_origin_passes() {
        // A plain client without anybody's sign-in, such as a test or a feed.
        assert_eq!(post(&[]).await, StatusCode::OK);
    }
}
