//! The endpoints that use the cookie: sign in, refresh, sign out.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::{CONTENT_TYPE, SET_COOKIE, USER_AGENT};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};

use super::App;
use super::caller::bearer;
use super::failure::Failure;
use super::same_origin::{Provenance, SameOrigin, is_requested, provenance};
use crate::sessions::Granted;
use crate::store::Record;

#[derive(Deserialize)]
struct Credentials {
    username: String,
    password: String,
}

/// A token response (RFC 6749, section 5.1).
#[derive(Serialize)]
struct Grant {
    access_token: String,
    token_type: &'static str,
    /// Seconds.
    expires_in: u64,
}

/// `POST /auth/login`: a name and a password for a session.
pub async fn login(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    refuse_planted_login(&app, &headers)?;
    let Credentials { username, password } =
        serde_json::from_slice(&body).map_err(|_| Failure::Malformed)?;
    let person = app.verify(username, password).await?;
    let former = app.cookie.read(&headers);
    let user_agent = text(headers.get(USER_AGENT));
    app.blocking(move |app| {
        // The browser is about to lose the cookie it has, so nobody could end that session afterwards.
        if let Some(former) = former {
            app.sessions.end_by_cookie(&former)?;
        }
        let granted = app
            .sessions
            .start(&person.username, &user_agent, app.now())?;
        Ok(grant(app, &granted))
    })
    .await
}

/// `POST /auth/refresh`: the cookie for an access token, and for the cookie that follows it.
///
/// A 401 leaves the browser's cookie alone. This request may have lost a race: by the time its answer arrives, the
/// browser may hold a newer cookie from another tab's refresh or sign-in, and clearing would destroy that one. A dead
/// cookie that stays behind opens nothing.
pub async fn refresh(
    _: SameOrigin,
    State(app): State<Arc<App>>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let cookie = app.cookie.read(&headers).ok_or(Failure::SessionEnded)?;
    app.blocking(move |app| {
        let granted = app
            .sessions
            .refresh(&cookie, app.now())?
            .ok_or(Failure::SessionEnded)?;
        Ok(grant(app, &granted))
    })
    .await
}

/// `POST /auth/logout`: ends the session of the cookie, and that of the access token if one came along.
///
/// Only the request that ended the cookie's session clears the cookie, for the reason given at [`refresh`].
pub async fn logout(
    _: SameOrigin,
    State(app): State<Arc<App>>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let cookie = app.cookie.read(&headers);
    let token = bearer(&headers).map(str::to_owned);
    app.blocking(move |app| {
        if let Some(verified) = token.and_then(|token| app.tokens.verify(&token, app.now())) {
            app.sessions.end(&verified.subject.sid)?;
        }
        let ended = cookie.map_or(Ok(false), |cookie| app.sessions.end_by_cookie(&cookie))?;
        let mut response = StatusCode::NO_CONTENT.into_response();
        if ended {
            response
                .headers_mut()
                .insert(SET_COOKIE, app.cookie.clear());
        }
        Ok(response)
    })
    .await
}

/// To sign people in without their knowledge is an attack too. There is no cookie to guard yet, so a caller that is not
/// a browser passes. A browser's request has to be one that a form cannot send.
fn refuse_planted_login(app: &App, headers: &HeaderMap) -> Result<(), Failure> {
    let scripted = is_requested(headers) || is_json(headers);
    let foreign = provenance(headers, &app.settings().origins) == Provenance::Foreign;
    if scripted && !foreign {
        Ok(())
    } else {
        Err(Failure::Csrf)
    }
}

fn grant(app: &App, granted: &Granted) -> Response {
    let Record {
        id,
        username,
        session,
        ..
    } = &granted.session;
    let grant = Grant {
        access_token: app.tokens.mint(username, id, session.rotation(), app.now()),
        token_type: "Bearer",
        expires_in: app.tokens.lifetime().as_secs(),
    };
    ([(SET_COOKIE, app.cookie.set(&granted.cookie))], Json(grant)).into_response()
}

fn is_json(headers: &HeaderMap) -> bool {
    let content_type = text(headers.get(CONTENT_TYPE));
    let essence = content_type.split(';').next().unwrap_or_default();
    essence.trim().eq_ignore_ascii_case("application/json")
}

fn text(value: Option<&HeaderValue>) -> String {
    value
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
        .to_owned()
}
