//! The headers of every answer.

use axum::extract::Request;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, HeaderValue, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::middleware::Next;
use axum::response::Response;

/// Scripts from this origin only, wasm allowed, nothing inline; strings never become markup or code.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; \
     connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
     require-trusted-types-for 'script'; trusted-types 'none'",
);

/// The next reader of a cache would get the token in it.
const NEVER_KEPT: HeaderValue = HeaderValue::from_static("no-store");
/// The browser keeps it, but revalidates each time: the next load gets a new build.
const ASKED_AGAIN: HeaderValue = HeaderValue::from_static("no-cache");

/// Adds the headers to an answer, refusals and mistakes included.
pub async fn finish(request: Request, next: Next) -> Response {
    let kept = if is_private(request.uri().path()) {
        NEVER_KEPT
    } else {
        ASKED_AGAIN
    };
    let mut response = next.run(request).await;
    let fixed: [(HeaderName, HeaderValue); 4] = [
        (CACHE_CONTROL, kept),
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    ];
    response.headers_mut().extend(fixed);
    response
}

fn is_private(path: &str) -> bool {
    ["/auth", "/api", "/healthz"]
        .iter()
        .any(|private| path.starts_with(private))
}
