//! The public face for Rust: one handle, cheap to clone.

use std::future::Future;
use std::rc::{Rc, Weak};

use futures_channel::oneshot::{Receiver, channel};
use wasm_bindgen::prelude::*;

use super::answer;
use super::driver::Driver;
use super::error::FetchError;
use super::request::{Draft, Pending};
use super::world::World;
use crate::core::{AccessToken, Error, Event, Options, RequestId, Status};

/// Keeps this page signed in. Clones are handles to the same manager; it ends with
/// [`TokenManager::dispose`], or when the last handle is dropped.
#[derive(Clone)]
pub struct TokenManager {
    driver: Rc<Driver>,
}

/// What can be known of the session at one moment.
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

    /// A manager in a world of the app's choosing, which does nothing before
    /// [`TokenManager::start`]: so no event is missed.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidOption`] names the option that is wrong.
    pub fn prepare(options: Options, world: World) -> Result<TokenManager, Error> {
        let driver = Driver::new(options, world)?;
        Ok(TokenManager { driver })
    }

    /// Begins to restore the session.
    pub fn start(&self) {
        self.driver.start();
    }

    /// Resolves once the first silent refresh has been answered, whatever the answer.
    pub fn ready(&self) -> impl Future<Output = ()> + use<> {
        let ready = self.driver.when_ready();
        async move { ready.await.unwrap_or_default() }
    }

    /// What is known now.
    pub fn snapshot(&self) -> Snapshot {
        self.driver.ask(|machine| Snapshot {
            status: machine.status(),
            claims: machine.claims_json().map(str::to_owned),
            expires_at: machine.expires_at(),
        })
    }

    /// As `window.fetch`, with the token; see the rules in the README. The request is fixed and on
    /// its way, or queued, when this returns; dropping the future does not take it back.
    ///
    /// # Errors
    ///
    /// [`FetchError::Fetch`] with what `fetch` rejected with; [`FetchError::Manager`] if there is
    /// no token to be had.
    pub fn fetch(
        &self,
        input: &JsValue,
        init: &JsValue,
    ) -> impl Future<Output = Result<JsValue, FetchError>> + use<> {
        let (done, response) = channel();
        match Draft::new(input, init) {
            Err(error) => drop(done.send(Err(FetchError::Fetch(error)))),
            Ok(draft)
                if self.driver.scope.covers(&draft.request)
                    && !draft.request.signal().aborted() =>
            {
                let me = Rc::downgrade(&self.driver);
                self.driver.enqueue(|id: RequestId| {
                    let abort = move || {
                        if let Some(driver) = me.upgrade() {
                            driver.abort(id);
                        }
                    };
                    Pending::Request(draft.into_outgoing(done, abort))
                });
            }
            Ok(draft) => self.driver.pass_through(&draft.request, done),
        }
        async move { response.await.unwrap_or(Err(Error::Disposed.into())) }
    }

    /// Adopts what the login endpoint returned: a `Response`, or the JSON in it.
    ///
    /// # Errors
    ///
    /// [`Error::RefreshFailed`] if there is no token in it.
    pub async fn sign_in(&self, returned: JsValue) -> Result<(), Error> {
        let options = &self.driver.options;
        let shape = options
            .sign_in
            .as_ref()
            .unwrap_or(&options.refresh.response);
        let grant = answer::of_sign_in(returned, shape)
            .await
            .map_err(Error::RefreshFailed)?;
        outcome(
            self.driver
                .call(|machine, call, now| machine.handle_sign_in(call, Some(grant), now)),
        )
        .await
    }

    /// Exchanges the cookie that a login has just set.
    ///
    /// # Errors
    ///
    /// [`Error::SessionEnded`] if the backend says there is no session,
    /// [`Error::RefreshFailed`] if it does not say.
    pub fn sign_in_by_cookie(&self) -> impl Future<Output = Result<(), Error>> + use<> {
        outcome(
            self.driver
                .call(|machine, call, now| machine.handle_sign_in(call, None, now)),
        )
    }

    /// Renews the token now; joins a refresh that is under way, in any tab.
    ///
    /// # Errors
    ///
    /// [`Error::SessionEnded`] or [`Error::RefreshFailed`].
    pub fn refresh(&self) -> impl Future<Output = Result<(), Error>> + use<> {
        outcome(
            self.driver
                .call(|machine, call, now| machine.handle_refresh(call, now)),
        )
    }

    /// Signs out here and in every tab at once, then at the backend; resolves when that has
    /// answered or was given up on.
    ///
    /// # Errors
    ///
    /// Only [`Error::Disposed`]: logging out wins locally whatever the backend answers.
    pub fn logout(&self) -> impl Future<Output = Result<(), Error>> + use<> {
        outcome(
            self.driver
                .call(|machine, call, now| machine.handle_logout(call, now)),
        )
    }

    /// The raw token, renewed first if it must be; `None` if signed out. Whoever takes it out
    /// answers for where it goes.
    ///
    /// # Errors
    ///
    /// As [`TokenManager::fetch`].
    pub fn access_token(
        &self,
    ) -> impl Future<Output = Result<Option<AccessToken>, FetchError>> + use<> {
        let (sender, token) = channel();
        self.driver.enqueue(|_| Pending::Token(sender));
        async move { token.await.unwrap_or(Err(Error::Disposed.into())) }
    }

    /// Calls the listener after each change; until the subscription is dropped.
    pub fn on(&self, listener: impl Fn(&Event) + 'static) -> Subscription {
        Subscription {
            driver: Rc::downgrade(&self.driver),
            id: self.driver.listen(Rc::new(listener)),
        }
    }

    /// Ends everything: listeners, timers, locks, the channel. What waits is rejected.
    pub fn dispose(&self) {
        self.driver.dispose();
    }

    /// What `fetch` rejected the last refresh with, if it did.
    pub fn cause(&self) -> JsValue {
        self.driver.cause()
    }
}

#[cfg(feature = "npm")]
impl TokenManager {
    /// A handle that does not keep the manager alive.
    pub(crate) fn downgrade(&self) -> WeakManager {
        WeakManager(Rc::downgrade(&self.driver))
    }
}

/// A handle that does not keep the manager alive.
#[cfg(feature = "npm")]
pub(crate) struct WeakManager(Weak<Driver>);

#[cfg(feature = "npm")]
impl WeakManager {
    pub(crate) fn snapshot(&self) -> Option<Snapshot> {
        let driver = self.0.upgrade()?;
        Some(TokenManager { driver }.snapshot())
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        if let Some(driver) = self.driver.upgrade() {
            driver.unlisten(self.id);
        }
    }
}

async fn outcome(receiver: Receiver<Result<(), Error>>) -> Result<(), Error> {
    receiver.await.unwrap_or(Err(Error::Disposed))
}
