//! The exports that the TypeScript face stands on. It is the only one to call them.
//!
//! Every export is synchronous and returns a promise where there is something to wait for: an
//! `async` method would hold its object borrowed across the wait.

use std::rc::Rc;

use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

use super::error::FetchError;
use super::manager::{Subscription, TokenManager};
use super::{js, options};
use crate::core::{Error, Event, Failure};

/// What the face lends: how to make its errors, and where to push news to.
struct Hooks(JsValue);

/// A manager, as the face sees it.
#[wasm_bindgen]
pub struct Manager {
    manager: TokenManager,
    hooks: Rc<Hooks>,
    _subscription: Subscription,
}

#[wasm_bindgen]
impl Manager {
    /// Reads the options and begins. `hooks` has `error(code, message, status, cause)`,
    /// `snapshot(status, claims, expiresAt)` and `event(type, details)`.
    #[wasm_bindgen(constructor)]
    pub fn new(options: JsValue, hooks: JsValue) -> Result<Manager, JsValue> {
        let hooks = Rc::new(Hooks(hooks));
        let (options, world) =
            options::read(options).map_err(|error| hooks.error(&error, JsValue::UNDEFINED))?;
        let manager = TokenManager::prepare(options, world)
            .map_err(|error| hooks.error(&error, JsValue::UNDEFINED))?;
        let subscription = manager.on({
            let (hooks, manager) = (hooks.clone(), manager.downgrade());
            move |event| hooks.tell(event, &manager)
        });
        Ok(Manager {
            manager,
            hooks,
            _subscription: subscription,
        })
    }

    pub fn start(&self) {
        self.manager.start();
    }

    pub fn ready(&self) -> Promise {
        let ready = self.manager.ready();
        future_to_promise(async move {
            ready.await;
            Ok(JsValue::UNDEFINED)
        })
    }

    pub fn fetch(&self, input: &JsValue, init: &JsValue) -> Promise {
        self.promise(self.manager.fetch(input, init))
    }

    #[wasm_bindgen(js_name = signIn)]
    pub fn sign_in(&self, returned: JsValue) -> Promise {
        let manager = self.manager.clone();
        self.promise(async move {
            if returned.is_undefined() {
                done(manager.sign_in_by_cookie().await)
            } else {
                done(manager.sign_in(returned).await)
            }
        })
    }

    pub fn refresh(&self) -> Promise {
        let refreshed = self.manager.refresh();
        self.promise(async { done(refreshed.await) })
    }

    pub fn logout(&self) -> Promise {
        let logged_out = self.manager.logout();
        self.promise(async { done(logged_out.await) })
    }

    #[wasm_bindgen(js_name = accessToken)]
    pub fn access_token(&self) -> Promise {
        let token = self.manager.access_token();
        self.promise(async move {
            let token = token.await?;
            Ok(token.map_or(JsValue::NULL, |token| token.expose().into()))
        })
    }

    pub fn dispose(&self) {
        self.manager.dispose();
    }

    fn promise(
        &self,
        outcome: impl Future<Output = Result<JsValue, FetchError>> + 'static,
    ) -> Promise {
        let (hooks, manager) = (self.hooks.clone(), self.manager.clone());
        future_to_promise(async move {
            outcome.await.map_err(|error| match error {
                FetchError::Fetch(reason) => reason,
                FetchError::Manager(error) => hooks.error(&error, manager.cause()),
            })
        })
    }
}

/// After a panic nothing in this instance can be trusted: it calls `tell` before it stops, and the
/// next call of an export finds a fresh instance.
#[wasm_bindgen(js_name = onPanic)]
pub fn on_panic(tell: Function) {
    std::panic::set_hook(Box::new(move |_| {
        wasm_bindgen::handler::schedule_reinit();
        let _ = tell.call0(&JsValue::UNDEFINED);
    }));
}

impl Hooks {
    fn error(&self, error: &Error, cause: JsValue) -> JsValue {
        let (status, cause) = match error {
            Error::RefreshFailed(failure @ Failure::Network) => (failure.status(), cause),
            Error::RefreshFailed(failure) => (failure.status(), JsValue::UNDEFINED),
            _ => (None, JsValue::UNDEFINED),
        };
        let message = error.to_string();
        self.call(
            "error",
            &[error.code().into(), message.into(), status.into(), cause],
        )
    }

    fn tell(&self, event: &Event, manager: &super::manager::WeakManager) {
        let (kind, details) = describe(event);
        if *event == Event::Change
            && let Some(snapshot) = manager.snapshot()
        {
            let claims = snapshot.claims.map_or(JsValue::NULL, JsValue::from);
            let expires_at = snapshot
                .expires_at
                .map_or(JsValue::NULL, |ms| (ms as f64).into());
            self.call(
                "snapshot",
                &[snapshot.status.as_str().into(), claims, expires_at],
            );
        }
        self.call("event", &[kind.into(), details]);
    }

    fn call(&self, hook: &str, arguments: &[JsValue]) -> JsValue {
        let function: Function = js::get(&self.0, hook).unchecked_into();
        let arguments = arguments.iter().collect();
        function
            .apply(&JsValue::UNDEFINED, &arguments)
            .unwrap_or_default()
    }
}

fn describe(event: &Event) -> (&'static str, JsValue) {
    match event {
        Event::Change => ("change", JsValue::UNDEFINED),
        Event::SignedIn => ("signed-in", JsValue::UNDEFINED),
        Event::Refreshed => ("refreshed", JsValue::UNDEFINED),
        Event::SignedOut(reason) => (
            "signed-out",
            js::object([("reason", reason.as_str().into())]).into(),
        ),
        Event::RefreshFailed {
            status,
            attempt,
            retry_in,
        } => {
            let details = js::object([
                ("attempt", (*attempt).into()),
                ("retryInMs", (*retry_in as f64).into()),
            ]);
            if let Some(status) = status {
                js::set(&details, "status", &(*status).into());
            }
            ("refresh-failed", details.into())
        }
        Event::StepUp(wanted) => {
            let acr_values: js_sys::Array = wanted
                .acr_values
                .iter()
                .map(|value| JsValue::from(value.as_str()))
                .collect();
            let max_age = wanted
                .max_age
                .map_or(JsValue::NULL, |seconds| (seconds as f64).into());
            let details = js::object([("acrValues", acr_values.into()), ("maxAge", max_age)]);
            ("step-up", details.into())
        }
        Event::Warning(warning) => (
            "warning",
            js::object([("code", warning.as_str().into())]).into(),
        ),
    }
}

fn done(outcome: Result<(), Error>) -> Result<JsValue, FetchError> {
    outcome?;
    Ok(JsValue::UNDEFINED)
}
