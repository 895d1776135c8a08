//! The HTTP face: the routes, and the headers of every answer.

mod api;
mod app;
mod auth;
mod caller;
mod failure;
mod headers;
mod log;
mod same_origin;
mod session_cookie;
mod timestamp;

use std::path::Path;
use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use axum::routing::{delete, get, post};
use axum::{Router, middleware};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::services::ServeDir;

pub use app::{App, Settings};

/// Everything the backend serves.
pub fn router(app: Arc<App>) -> Router {
    let Settings { www, package, .. } = app.settings();
    Router::new()
        .merge(files(www.as_deref(), package.as_deref()))
        .merge(auth_routes())
        .route("/api/me", get(api::me))
        .route("/api/notes", get(api::notes).post(api::add_note))
        .route("/api/sessions", get(api::sessions))
        .route("/api/sessions/{id}", delete(api::end_session))
        .route("/api/token/revoke", post(api::revoke_token))
        .route("/healthz", get(api::healthz))
        .with_state(app)
        .layer(CatchPanicLayer::new())
        .layer(middleware::from_fn(headers::finish))
        .layer(log::layer())
}

/// A sign-in is short, and a client that has not signed in gets no memory for more.
fn auth_routes() -> Router<Arc<App>> {
    Router::new()
        .route("/auth/login", post(auth::login))
        .route("/auth/refresh", post(auth::refresh))
        .route("/auth/logout", post(auth::logout))
        .layer(DefaultBodyLimit::max(4096))
}

fn files(www: Option<&Path>, package: Option<&Path>) -> Router<Arc<App>> {
    let mut router = Router::new();
    if let Some(package) = package {
        router = router.nest_service("/tokenhold", ServeDir::new(package));
    }
    if let Some(www) = www {
        router = router.fallback_service(ServeDir::new(www));
    }
    router
}
