use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::BodyExt;
use serde_json::Value;
use tokenhold_backend::clock::Clock;
use tokenhold_backend::http::{App, Settings, router};
use tokenhold_backend::people::PasswordCost;
use tokenhold_backend::rules::Limits;
use tokenhold_backend::store::{Sqlite, Store};
use tower::ServiceExt;

pub const ORIGIN: &str = "https://app.example.com";
pub const PASSWORD: &str = "correct horse";
pub const SECOND: Duration = Duration::from_secs(1);
pub const MINUTE: Duration = Duration::from_secs(60);

/// A backend with alice and bob, and a clock of its own.
#[derive(Clone)]
pub struct World {
    router: Router,
    clock: Arc<ManualClock>,
}

/// The result of signing in.
pub struct SignedIn {
    pub cookie: String,
    pub token: String,
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

struct ManualClock(Mutex<Duration>);

impl Clock for ManualClock {
    fn now(&self) -> Duration {
        *self.0.lock().unwrap()
    }
}

impl World {
    /// Tokens of 5 minutes, sessions of 30 idle minutes and 12 hours, a grace of 5 seconds.
    pub fn new() -> Self {
        Self::with(|_| {})
    }

    pub fn strict() -> Self {
        Self::with(|settings| settings.limits.reuse_grace = Duration::ZERO)
    }

    pub fn with(adjust: impl FnOnce(&mut Settings)) -> Self {
        Self::over(Arc::new(Sqlite::in_memory().unwrap()), adjust)
    }

    pub fn over(store: Arc<dyn Store>, adjust: impl FnOnce(&mut Settings)) -> Self {
        let mut settings = Settings {
            limits: Limits {
                idle: 30 * MINUTE,
                absolute: 12 * 60 * MINUTE,
                reuse_grace: 5 * SECOND,
            },
            access_ttl: 5 * MINUTE,
            origins: vec![ORIGIN.into()],
            insecure_cookies: false,
            password_cost: PasswordCost::token(),
            www: None,
            package: None,
        };
        adjust(&mut settings);
        let clock = Arc::new(ManualClock(Mutex::new(Duration::from_secs(1_700_000_000))));
        let app = App::new(settings, store, clock.clone());
        app.add_person("alice", "Alice", PASSWORD).unwrap();
        app.add_person("bob", "Bob", PASSWORD).unwrap();
        Self {
            router: router(Arc::new(app)),
            clock,
        }
    }

    pub fn wait(&self, time: Duration) {
        *self.clock.0.lock().unwrap() += time;
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let (head, body) = self
            .router
            .clone()
            .oneshot(request)
            .await
            .unwrap()
            .into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Answer {
            status: head.status,
            headers: head.headers,
            body,
        }
    }

    /// Sends name and password as our page does.
    pub async fn login(&self, username: &str, password: &str) -> Answer {
        let body = serde_json::json!({ "username": username, "password": password });
        let request = Request::post("/auth/login")
            .header("origin", ORIGIN)
            .header("content-type", "application/json")
            .header("user-agent", "test browser");
        self.send(request.body(body.to_string().into()).unwrap())
            .await
    }

    pub async fn sign_in(&self, username: &str) -> SignedIn {
        let answer = self.login(username, PASSWORD).await;
        assert_eq!(answer.status, StatusCode::OK);
        SignedIn {
            cookie: answer.cookie().unwrap(),
            token: answer.token(),
        }
    }

    pub async fn refresh(&self, cookie: &str) -> Answer {
        self.send(from_our_page("/auth/refresh", cookie)).await
    }

    pub async fn logout(&self, cookie: &str) -> Answer {
        self.send(from_our_page("/auth/logout", cookie)).await
    }

    /// Calls the API with a token.
    pub async fn call(&self, method: Method, path: &str, token: &str) -> Answer {
        let request = Request::builder().method(method).uri(path);
        self.send(
            request
                .header("authorization", format!("Bearer {token}"))
                .body(Body::empty())
                .unwrap(),
        )
        .await
    }

    /// Asks who the token is for, and says only whether that was answered.
    pub async fn serves(&self, token: &str) -> bool {
        let answer = self.call(Method::GET, "/api/me", token).await;
        assert!([StatusCode::OK, StatusCode::UNAUTHORIZED].contains(&answer.status));
        answer.status == StatusCode::OK
    }
}

/// A request to a cookie endpoint that is as it should be.
pub fn from_our_page(path: &str, cookie: &str) -> Request<Body> {
    Request::post(path)
        .header("origin", ORIGIN)
        .header("sec-fetch-site", "same-origin")
        .header("x-requested-with", "tokenhold")
        .header("cookie", cookie)
        .body(Body::empty())
        .unwrap()
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub fn error(&self) -> String {
        self.json()["error"].as_str().unwrap().to_owned()
    }

    pub fn token(&self) -> String {
        self.json()["access_token"].as_str().unwrap().to_owned()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// The cookie set, as the browser sends it back: `name=value`.
    pub fn cookie(&self) -> Option<String> {
        let (pair, _) = self.header("set-cookie")?.split_once(';').unwrap();
        Some(pair.to_owned())
    }

    /// Asserts that this says "the session is gone" and leaves the browser's cookie alone.
    pub fn assert_session_ended(&self) {
        assert_eq!(self.status, StatusCode::UNAUTHORIZED);
        assert_eq!(self.error(), "session_ended");
        assert_eq!(self.header("set-cookie"), None);
    }
}
