use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::header::ORIGIN;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName};

use super::App;
use super::failure::Failure;

/// A request that only a page of ours can have sent.
///
/// The browser must have named the sender, in `Origin` or in `Sec-Fetch-Site`, and neither may be wrong. The request
/// also has a header that a form cannot send, and that a script of another origin cannot send without permission (we
/// give none; RFC 10017). Only its exact value will do, so that a script in our page that repeats
/// whatever requests it has seen the URLs of gets nothing. `SameSite=Strict` alone would let a sibling subdomain through.
pub struct SameOrigin;

/// The header that tells tokenhold's requests from a form's, and from other scripts'.
const REQUESTED_WITH: HeaderName = HeaderName::from_static("x-requested-with");

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

impl FromRequestParts<Arc<App>> for SameOrigin {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Failure> {
        let origins = &app.settings().origins;
        if is_requested(&parts.headers) && provenance(&parts.headers, origins) == Provenance::Ours {
            return Ok(Self);
        }
        tracing::warn!("refused: not from a page of ours");
        Err(Failure::Csrf)
    }
}

/// Whether the header is there, with its exact value.
pub fn is_requested(headers: &HeaderMap) -> bool {
    headers
        .get(REQUESTED_WITH)
        .is_some_and(|value| value == "tokenhold")
}

/// The sender that a request claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Provenance {
    Ours,
    Foreign,
    /// Not sent by a browser of the last years, or not by a browser at all.
    Unsaid,
}

/// Reads `Origin` and `Sec-Fetch-Site`. If one of them is wrong, the other does not help.
pub fn provenance(headers: &HeaderMap, origins: &[String]) -> Provenance {
    let origin = headers.get(ORIGIN).map(|origin| {
        origins
            .iter()
            .any(|ours| ours.as_bytes() == origin.as_bytes())
    });
    let site = headers
        .get(SEC_FETCH_SITE)
        .map(|site| site == "same-origin");
    match (origin, site) {
        (Some(false), _) | (_, Some(false)) => Provenance::Foreign,
        (None, None) => Provenance::Unsaid,
        _ => Provenance::Ours,
    }
}
