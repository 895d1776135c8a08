//! The public face for Rust: one handle, cheap to clone.

use std::future::Future;
use std::pin::Pin;
use std::rc::{Rc, Weak};

use futures_channel::oneshot::channel;
use js_sys::JSON;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::*;
use web_sys::Response;

use super::auth::check_url;
use super::done::{Done, Outcome};
use super::driver::Driver;
use super::error::FetchError;
use super::world::World;
use crate::core::{AccessToken, Error, Event, Failure, Options, Status};

/// Keeps this page signed in. Clones are handles to the same manager; it ends with
/// [`TokenManager::dispose`], or when the last handle is dropped.
#[derive(Clone)]
pub struct TokenManager {
    driver: Rc<Driver>,
}

/// The response to come. It borrows nothing, so that it can be awaited anywhere.
pub type Answering = Pin<Box<dyn Future<Output = Result<Response, FetchError>>>>;

/// The outcome to come. It borrows nothing, so that it can be awaited anywhere.
pub type Settling = Pin<Box<dyn Future<Output = Result<(), Error>>>>;

/// The state of the session at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// Where the session stands.
    pub status: Status,
    /// The JWT's payload, unverified: a JSON object. `None` if the token is opaque, or there is
    /// none.
    pub claims: Option<String>,
    /// When the token expires, in epoch milliseconds; `None` when unknown.
    pub expires_at: Option<u64>,
}

/// Listening, until this is dropped.
pub struct Subscription {
    driver: Weak<Driver>,
    id: u32,
}

impl TokenManager {
    /// A manager with the page's own `fetch`. It starts at once to restore the session.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidOption`] names the option that is wrong.
    pub fn new(options: Options) -> Result<TokenManager, Error> {
        let world = World::of(&options);
        let manager = TokenManager::prepare(options, world)?;
        manager.start();
        Ok(manager)
    }

    /// A manager in a world of the app's choosing. It does nothing before [`TokenManager::start`], so
    /// that the app misses no event.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidOption`] names the option that is wrong.
    pub fn prepare(options: Options, world: World) -> Result<TokenManager, Error> {
        options.validate()?;
        check_url(&options.refresh.request.url, "refresh.url")?;
        if let Some(logout) = &options.logout {
            check_url(&logout.request.url, "logout.url")?;
        }
        let driver = Driver::new(world.settings(&options));
        Ok(TokenManager { driver })
    }

    /// Begins to restore the session.
    pub fn start(&self) {
        self.driver.start();
    }

    /// Resolves once the first silent refresh has been answered, whatever the answer.
    pub fn ready(&self) -> impl Future<Output = ()> + use<> {
        let (done, outcome) = awaited();
        self.driver.when_ready(done);
        async move { drop(outcome.await) }
    }

    /// All that is known now.
    pub fn snapshot(&self) -> Snapshot {
        self.driver.ask(|machine| Snapshot {
            status: machine.status(),
            claims: machine.claims_json().map(str::to_owned),
            expires_at: machine.expires_at(),
        })
    }

    /// The JWT's claims, unverified, as a type of the app's own: for display, never for decisions that
    /// matter. `None` if the token is opaque, or there is none.
    ///
    /// # Errors
    ///
    /// The error of serde if the claims do not fit the type.
    pub fn claims<T: DeserializeOwned>(&self) -> Result<Option<T>, serde_wasm_bindgen::Error> {
        let Some(json) = self.snapshot().claims else {
            return Ok(None);
        };
        let claims = JSON::parse(&json).unwrap_or(JsValue::NULL);
        serde_wasm_bindgen::from_value(claims).map(Some)
    }

    /// As `window.fetch`, with the token; see the rules in the README. The input is a URL as text,
    /// a `Request`, or whatever else `fetch` takes.
    ///
    /// The request is fixed and on its way, or queued, when this returns; dropping the future does
    /// not take it back.
    ///
    /// # Errors
    ///
    /// [`FetchError::Fetch`] with what `fetch` rejected with; [`FetchError::Manager`] if there is
    /// no token to be had.
    pub fn fetch(&self, input: impl Into<JsValue>) -> Answering {
        self.fetch_with_init(input, JsValue::UNDEFINED)
    }

    /// As [`TokenManager::fetch`], with the method, headers, body and the like: a `RequestInit`.
    ///
    /// # Errors
    ///
    /// As [`TokenManager::fetch`].
    pub fn fetch_with_init(
        &self,
        input: impl Into<JsValue>,
        init: impl Into<JsValue>,
    ) -> Answering {
        let (done, outcome) = awaited();
        self.driver.fetch(&input.into(), &init.into(), done);
        Box::pin(async move { Ok(JsValue::from(outcome.await?).unchecked_into()) })
    }

    /// Adopts the answer of the login endpoint: a `Response`, or the JSON in it.
    ///
    /// # Errors
    ///
    /// [`Error::SignInFailed`] if there is no token in it.
    pub fn sign_in(&self, returned: impl Into<JsValue>) -> Settling {
        let (done, outcome) = awaited();
        self.driver.sign_in(returned.into(), done);
        Box::pin(async move { settled(outcome.await) })
    }

    /// As [`TokenManager::sign_in`], with an answer that the app has read itself: a struct, a map, or
    /// another value that is a JSON object to serde.
    ///
    /// # Errors
    ///
    /// [`Error::SignInFailed`] if there is no token in it.
    pub fn sign_in_with(&self, answer: &impl Serialize) -> Settling {
        let answer = answer.serialize(&Serializer::json_compatible());
        self.sign_in(answer.unwrap_or(JsValue::NULL))
    }

    /// Exchanges the cookie that a login has just set.
    ///
    /// # Errors
    ///
    /// [`Error::SessionEnded`] if the backend says there is no session,
    /// [`Error::RefreshFailed`] if it does not say.
    pub fn sign_in_by_cookie(&self) -> impl Future<Output = Result<(), Error>> + use<> {
        let (done, outcome) = awaited();
        self.driver.sign_in_by_cookie(done);
        async move { settled(outcome.await) }
    }

    /// Renews the token now, or joins a refresh that is under way in any tab.
    ///
    /// # Errors
    ///
    /// [`Error::SessionEnded`] or [`Error::RefreshFailed`].
    pub fn refresh(&self) -> impl Future<Output = Result<(), Error>> + use<> {
        let (done, outcome) = awaited();
        self.driver.refresh(done);
        async move { settled(outcome.await) }
    }

    /// Signs out here and in every tab at once, then at the backend. Resolves when the backend has
    /// answered, or the manager has given up.
    ///
    /// # Errors
    ///
    /// Only [`Error::Disposed`]: logging out wins locally whatever the backend answers.
    pub fn logout(&self) -> impl Future<Output = Result<(), Error>> + use<> {
        let (done, outcome) = awaited();
        self.driver.logout(done);
        async move { settled(outcome.await) }
    }

    /// The raw token, renewed first if necessary; `None` if signed out. From here on the app is
    /// responsible for where the token goes.
    ///
    /// # Errors
    ///
    /// As [`TokenManager::fetch`].
    pub fn access_token(
        &self,
    ) -> impl Future<Output = Result<Option<AccessToken>, FetchError>> + use<> {
        let (done, outcome) = awaited();
        self.driver.access_token(done);
        async move {
            match outcome.await? {
                Outcome::Token(token) => Ok(token),
                Outcome::Nothing | Outcome::Response(_) => Ok(None),
            }
        }
    }

    /// Calls the listener after each change, until the subscription is dropped.
    pub fn on(&self, listener: impl Fn(&Event) + 'static) -> Subscription {
        Subscription {
            driver: Rc::downgrade(&self.driver),
            id: self.driver.listen(Rc::new(listener)),
        }
    }

    /// Ends everything: listeners, timers, locks, the channel. Calls that wait are rejected.
    pub fn dispose(&self) {
        self.driver.dispose();
    }

    /// The value that `fetch` rejected the last refresh with, if it did.
    pub fn cause(&self) -> JsValue {
        self.driver.cause()
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        if let Some(driver) = self.driver.upgrade() {
            driver.unlisten(self.id);
        }
    }
}

fn awaited() -> (
    Done,
    impl Future<Output = Result<Outcome, FetchError>> + 'static,
) {
    let (sender, receiver) = channel();
    let done: Done = Box::new(move |outcome| drop(sender.send(outcome)));
    let outcome = async move { receiver.await.unwrap_or(Err(Error::Disposed.into())) };
    (done, outcome)
}

fn settled(outcome: Result<Outcome, FetchError>) -> Result<(), Error> {
    match outcome {
        Ok(_) => Ok(()),
        Err(FetchError::Manager(error)) => Err(error),
        // A login of the app's own.
        Err(FetchError::Fetch(_)) => Err(Error::SignInFailed(Failure::Network)),
    }
}
