use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::available_parallelism;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use tracing::Span;

use super::failure::Failure;
use super::session_cookie::SessionCookie;
use crate::access_token::AccessTokens;
use crate::clock::Clock;
use crate::people::{PasswordCost, People};
use crate::rules::{Limits, Throttle};
use crate::sessions::Sessions;
use crate::store::{Person, Result as StoreResult, Store};

/// The settings that the backend gets at start.
#[derive(Clone, Debug)]
pub struct Settings {
    pub limits: Limits,
    /// Whole seconds.
    pub access_ttl: Duration,
    /// The origins whose pages may use the cookie, as browsers write them.
    pub origins: Vec<String>,
    /// Development only: no `Secure`, no `__Host-Http-`.
    pub insecure_cookies: bool,
    pub password_cost: PasswordCost,
    /// The folder served at `/`.
    pub www: Option<PathBuf>,
    /// The folder served at `/tokenhold/`.
    pub package: Option<PathBuf>,
}

/// The state that the handlers share.
pub struct App {
    settings: Settings,
    pub(super) store: Arc<dyn Store>,
    pub(super) sessions: Sessions,
    pub(super) people: People,
    pub(super) tokens: AccessTokens,
    pub(super) cookie: SessionCookie,
    clock: Arc<dyn Clock>,
    throttle: Mutex<Throttle>,
    hashing: Semaphore,
}

const LOGIN_ATTEMPTS: u32 = 10;
const LOGIN_WINDOW: Duration = Duration::from_secs(60);

impl App {
    pub fn new(settings: Settings, store: Arc<dyn Store>, clock: Arc<dyn Clock>) -> Self {
        Self {
            sessions: Sessions::new(store.clone(), settings.limits),
            people: People::new(store.clone(), settings.password_cost.clone()),
            tokens: AccessTokens::new(settings.access_ttl),
            cookie: SessionCookie::new(settings.insecure_cookies),
            throttle: Mutex::new(Throttle::new(LOGIN_ATTEMPTS, LOGIN_WINDOW)),
            hashing: Semaphore::new(available_parallelism().map_or(1, Into::into)),
            store,
            clock,
            settings,
        }
    }

    /// Lets a person in from now on, or changes their password. Blocks for as long as hashing takes.
    pub fn add_person(&self, username: &str, name: &str, password: &str) -> StoreResult<()> {
        self.people.add(username, name, password)
    }

    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    pub(super) fn now(&self) -> Duration {
        self.clock.now()
    }

    /// Runs work that waits for the store or a core, away from the threads that serve.
    pub(super) async fn blocking<T, Work>(self: &Arc<Self>, work: Work) -> Result<T, Failure>
    where
        T: Send + 'static,
        Work: FnOnce(&Self) -> Result<T, Failure> + Send + 'static,
    {
        let (app, request) = (self.clone(), Span::current());
        spawn_blocking(move || request.in_scope(|| work(&app)))
            .await
            .unwrap_or(Err(Failure::Broken))
    }

    /// Checks a password: a few attempts a minute for each name, and no more hashes at once than there are cores,
    /// because each takes 19 MiB.
    pub(super) async fn verify(
        self: &Arc<Self>,
        username: String,
        password: String,
    ) -> Result<Person, Failure> {
        self.throttle()
            .attempt(&username, self.now())
            .map_err(Failure::TooManyAttempts)?;
        let _turn = self.hashing.acquire().await.map_err(|_| Failure::Broken)?;
        let person = self
            .blocking(move |app| {
                app.people
                    .verify(&username, &password)?
                    .ok_or(Failure::WrongCredentials)
            })
            .await?;
        self.throttle().forgive(&person.username);
        Ok(person)
    }

    fn throttle(&self) -> MutexGuard<'_, Throttle> {
        self.throttle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
