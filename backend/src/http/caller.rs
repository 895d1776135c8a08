use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;

use super::App;
use super::failure::Failure;
use crate::access_token::Verified;

/// The caller of the API: the bearer of a genuine token that has neither expired nor been revoked, in a live session.
/// A call counts as a use of the session.
pub struct Caller(pub Verified);

impl FromRequestParts<Arc<App>> for Caller {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Failure> {
        let token = bearer(&parts.headers).ok_or(Failure::NoToken)?.to_owned();
        app.blocking(move |app| {
            let now = app.now();
            let verified = app
                .tokens
                .verify(&token, now)
                .ok_or(Failure::InvalidToken)?;
            let revoked = app.store.is_revoked(&verified.subject.jti)?;
            if revoked || !app.sessions.visit(&verified.subject, now)? {
                return Err(Failure::InvalidToken);
            }
            Ok(Self(verified))
        })
        .await
    }
}

/// The token in `Authorization: Bearer` (RFC 6750, section 2.1; the scheme in any case, RFC 9110, section 11.1).
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then_some(token.trim())
}
