use std::time::Duration;

use axum::Json;
use axum::http::header::{RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::store::StoreError;

/// Every way in which a request can fail. A client may rely on this: 401 from a cookie endpoint means that the session
/// is gone for good, and every passing failure has a `Retry-After`.
#[derive(Debug)]
pub enum Failure {
    /// The endpoint cannot read the body.
    Malformed,
    WrongCredentials,
    TooManyAttempts(Duration),
    /// A cookie endpoint was called from elsewhere, or without the header that only our own pages can send.
    Csrf,
    SessionEnded,
    /// No access token was sent (RFC 6750, section 3.1: then there is no error to name).
    NoToken,
    InvalidToken,
    NotFound,
    Unavailable,
    /// A fault of our own.
    Broken,
}

/// The seconds after which to try again when the store fails.
const RETRY_STORE_AFTER: u64 = 2;

impl Failure {
    fn status(&self) -> StatusCode {
        match self {
            Self::Malformed => StatusCode::BAD_REQUEST,
            Self::WrongCredentials | Self::SessionEnded | Self::NoToken | Self::InvalidToken => {
                StatusCode::UNAUTHORIZED
            }
            Self::TooManyAttempts(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Csrf => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Broken => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Malformed => "invalid_request",
            Self::WrongCredentials => "invalid_credentials",
            Self::TooManyAttempts(_) => "too_many_attempts",
            Self::Csrf => "csrf",
            Self::SessionEnded => "session_ended",
            Self::NoToken | Self::InvalidToken => "invalid_token",
            Self::NotFound => "not_found",
            Self::Unavailable => "unavailable",
            Self::Broken => "internal",
        }
    }

    fn header(&self) -> Option<(HeaderName, HeaderValue)> {
        match self {
            Self::NoToken => Some((WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))),
            Self::InvalidToken => Some((
                WWW_AUTHENTICATE,
                HeaderValue::from_static(r#"Bearer error="invalid_token""#),
            )),
            Self::TooManyAttempts(wait) => Some((RETRY_AFTER, whole_seconds_up(*wait).into())),
            Self::Unavailable => Some((RETRY_AFTER, RETRY_STORE_AFTER.into())),
            _ => None,
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = (self.status(), Json(json!({ "error": self.code() }))).into_response();
        response.headers_mut().extend(self.header());
        response
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "answering 503");
        Self::Unavailable
    }
}

/// Never zero: to try again at once would be too early.
fn whole_seconds_up(wait: Duration) -> u64 {
    wait.as_millis()
        .div_ceil(1000)
        .try_into()
        .unwrap_or(u64::MAX)
        .max(1)
}
