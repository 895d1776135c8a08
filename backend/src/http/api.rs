//! The API, which takes the access token.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::App;
use super::caller::Caller;
use super::failure::Failure;
use super::timestamp::timestamp;
use crate::store::Note;

/// `GET /api/me`: the person of the token.
pub async fn me(
    Caller(token): Caller,
    State(app): State<Arc<App>>,
) -> Result<Json<Value>, Failure> {
    app.blocking(move |app| {
        let person = app
            .store
            .person(&token.subject.sub)?
            .ok_or(Failure::InvalidToken)?;
        Ok(Json(
            json!({ "sub": person.username, "name": person.name, "session": token.subject.sid }),
        ))
    })
    .await
}

#[derive(Deserialize)]
struct Draft {
    text: String,
}

/// `POST /api/notes`: writes a note.
pub async fn add_note(
    Caller(token): Caller,
    State(app): State<Arc<App>>,
    body: Bytes,
) -> Result<(StatusCode, Json<Value>), Failure> {
    let Draft { text } = serde_json::from_slice(&body).map_err(|_| Failure::Malformed)?;
    app.blocking(move |app| {
        let note = app.store.add_note(&token.subject.sub, &text, app.now())?;
        Ok((StatusCode::CREATED, Json(note_json(&note))))
    })
    .await
}

/// `GET /api/notes`: the caller's latest hundred, the latest first.
pub async fn notes(
    Caller(token): Caller,
    State(app): State<Arc<App>>,
) -> Result<Json<Vec<Value>>, Failure> {
    app.blocking(move |app| {
        Ok(Json(
            app.store
                .notes(&token.subject.sub)?
                .iter()
                .map(note_json)
                .collect(),
        ))
    })
    .await
}

#[derive(Serialize)]
pub struct SessionView {
    id: String,
    created: String,
    last_seen: String,
    /// Whether it is the session of the token that asked.
    current: bool,
    user_agent: String,
}

/// `GET /api/sessions`: the caller's sessions, the oldest first.
pub async fn sessions(
    Caller(token): Caller,
    State(app): State<Arc<App>>,
) -> Result<Json<Vec<SessionView>>, Failure> {
    app.blocking(move |app| {
        let sessions = app.sessions.of(&token.subject.sub, app.now())?;
        let views = sessions.into_iter().map(|found| SessionView {
            current: found.id == token.subject.sid,
            created: timestamp(found.session.started()),
            last_seen: timestamp(found.session.last_used()),
            id: found.id,
            user_agent: found.user_agent,
        });
        Ok(Json(views.collect()))
    })
    .await
}

/// `DELETE /api/sessions/{id}`: ends one of the caller's sessions. Another person's session is not found.
pub async fn end_session(
    Caller(token): Caller,
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
) -> Result<StatusCode, Failure> {
    app.blocking(move |app| {
        let ended = app.sessions.end_own(&token.subject.sub, &id)?;
        if ended {
            Ok(StatusCode::NO_CONTENT)
        } else {
            Err(Failure::NotFound)
        }
    })
    .await
}

/// `POST /api/token/revoke`: refuses the token that this request carries from now on. Its session lives on.
pub async fn revoke_token(
    Caller(token): Caller,
    State(app): State<Arc<App>>,
) -> Result<StatusCode, Failure> {
    app.blocking(move |app| {
        app.store.revoke_token(&token.subject.jti, token.expires)?;
        Ok(StatusCode::NO_CONTENT)
    })
    .await
}

/// `GET /healthz`: whether requests can be served.
pub async fn healthz(State(app): State<Arc<App>>) -> Result<Json<Value>, Failure> {
    app.blocking(|app| {
        app.store.check()?;
        Ok(Json(json!({ "status": "ok" })))
    })
    .await
}

fn note_json(note: &Note) -> Value {
    json!({ "id": note.id, "text": note.text, "written": timestamp(note.written) })
}
