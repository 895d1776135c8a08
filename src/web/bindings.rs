//! The exports that the TypeScript face stands on. It is the only one to call them.
//!
//! Every export is synchronous and returns a promise where there is something to wait for: an
//! `async` method would hold its object borrowed across the wait.

use std::cell::Cell;
use std::rc::Rc;

use js_sys::{Array, Function, Promise};
use talc::wasm::{WasmDynamicTalc, new_wasm_dynamic_allocator};
use wasm_bindgen::prelude::*;

use super::done::Done;
use super::driver::Driver;
use super::error::FetchError;
use super::js::{self, Literal};
use super::options;
use crate::core::{Error, Event, Failure};

/// A quarter of the size of the standard library's. The module has no threads.
#[global_allocator]
static ALLOCATOR: WasmDynamicTalc = new_wasm_dynamic_allocator();

/// What the face lends: how to make its errors, and where to push news to.
struct Hooks(JsValue);

/// A manager, as the face sees it.
#[wasm_bindgen]
pub struct Manager {
    driver: Rc<Driver>,
    hooks: Rc<Hooks>,
}

#[wasm_bindgen]
impl Manager {
    /// Reads the options and begins. `hooks` has `error(code, message, status, cause)`,
    /// `snapshot(status, claims, expiresAt)` and `event(type, details)`.
    #[wasm_bindgen(constructor)]
    pub fn new(options: JsValue, hooks: JsValue) -> Result<Manager, JsValue> {
        let hooks = Rc::new(Hooks(hooks));
        let driver = options::read(options)
            .and_then(|(options, world)| Driver::new(options, world))
            .map_err(|error| hooks.error(&error, JsValue::UNDEFINED))?;
        driver.listen(Rc::new({
            let (hooks, driver) = (hooks.clone(), Rc::downgrade(&driver));
            move |event: &Event| {
                if let Some(driver) = driver.upgrade() {
                    hooks.tell(event, &driver);
                }
            }
        }));
        Ok(Manager { driver, hooks })
    }

    pub fn start(&self) {
        self.driver.start();
    }

    pub fn ready(&self) -> Promise {
        let (promise, done) = self.pending();
        self.driver.when_ready(done);
        promise
    }

    pub fn fetch(&self, input: &JsValue, init: &JsValue) -> Promise {
        let (promise, done) = self.pending();
        self.driver.fetch(input, init, done);
        promise
    }

    #[wasm_bindgen(js_name = signIn)]
    pub fn sign_in(&self, returned: JsValue) -> Promise {
        let (promise, done) = self.pending();
        if returned.is_undefined() {
            self.driver.sign_in_by_cookie(done);
        } else {
            self.driver.sign_in(returned, done);
        }
        promise
    }

    pub fn refresh(&self) -> Promise {
        let (promise, done) = self.pending();
        self.driver.refresh(done);
        promise
    }

    pub fn logout(&self) -> Promise {
        let (promise, done) = self.pending();
        self.driver.logout(done);
        promise
    }

    #[wasm_bindgen(js_name = accessToken)]
    pub fn access_token(&self) -> Promise {
        let (promise, done) = self.pending();
        self.driver.access_token(done);
        promise
    }

    pub fn dispose(&self) {
        self.driver.dispose();
    }

    /// A promise, and what settles it. While it is pending, the manager lives.
    #[inline(never)]
    fn pending(&self) -> (Promise, Done) {
        let (promise, resolve, reject) = js::deferred();
        let (hooks, driver) = (self.hooks.clone(), self.driver.clone());
        let done: Done = Box::new(move |outcome| {
            let (settle, value) = match outcome {
                Ok(outcome) => (resolve, outcome.into()),
                Err(FetchError::Fetch(reason)) => (reject, reason),
                Err(FetchError::Manager(error)) => (reject, hooks.error(&error, driver.cause())),
            };
            let _ = js::call(&settle, &value);
        });
        (promise, done)
    }
}

thread_local! {
    /// Whom a panic is told to. Leaked: what must be dropped would need to be registered for it.
    static TELL: Cell<Option<&'static Function>> = const { Cell::new(None) };
}

/// After a panic nothing in this instance can be trusted: it calls `tell` before it stops, and the
/// next call of an export finds a fresh instance.
#[wasm_bindgen(js_name = onPanic)]
pub fn on_panic(tell: Function) {
    TELL.set(Some(Box::leak(Box::new(tell))));
    std::panic::set_hook(Box::new(|_| panicked()));
}

// When the glue makes a fresh instance, it takes for granted that there is something to start.
#[wasm_bindgen(start)]
fn begin() {}

// A function of its own, known by name to `scripts/build/shake.mjs`: what is shipped calls it
// without writing a message first.
#[inline(never)]
fn panicked() {
    wasm_bindgen::handler::schedule_reinit();
    if let Some(tell) = TELL.get() {
        let _ = tell.call0(&JsValue::UNDEFINED);
    }
}

impl Hooks {
    fn error(&self, error: &Error, cause: JsValue) -> JsValue {
        let (status, cause) = match error {
            Error::RefreshFailed(failure @ Failure::Network) => (failure.status(), cause),
            Error::RefreshFailed(failure) => (failure.status(), JsValue::UNDEFINED),
            _ => (None, JsValue::UNDEFINED),
        };
        let message = error.message();
        let (code, message) = (error.code().into(), (*message).into());
        self.call("error", &[&code, &message, &status.into(), &cause])
    }

    fn tell(&self, event: &Event, driver: &Driver) {
        let (kind, details) = describe(event);
        if matches!(event, Event::Change) {
            let (status, claims, expires_at) = driver.ask(|machine| {
                (
                    JsValue::from(machine.status().as_str()),
                    machine.claims_json().map_or(JsValue::NULL, JsValue::from),
                    machine.expires_at(),
                )
            });
            let expires_at = expires_at.map_or(JsValue::NULL, |ms| (ms as f64).into());
            self.call("snapshot", &[&status, &claims, &expires_at]);
        }
        self.call("event", &[&kind.into(), &details]);
    }

    fn call(&self, hook: &str, arguments: &[&JsValue]) -> JsValue {
        js::invoke(&self.0, hook, arguments).unwrap_or_default()
    }
}

fn describe(event: &Event) -> (&'static str, JsValue) {
    match event {
        Event::Change => ("change", JsValue::UNDEFINED),
        Event::SignedIn => ("signed-in", JsValue::UNDEFINED),
        Event::Refreshed => ("refreshed", JsValue::UNDEFINED),
        Event::SignedOut(reason) => ("signed-out", detail("reason", reason.as_str())),
        Event::RefreshFailed {
            status,
            attempt,
            retry_in,
        } => {
            let mut details = Literal::new()
                .with("attempt", (*attempt).into())
                .with("retryInMs", (*retry_in as f64).into());
            if let Some(status) = status {
                details = details.with("status", (*status).into());
            }
            ("refresh-failed", details.build().into())
        }
        Event::StepUp(wanted) => {
            let acr_values = Array::new();
            for value in &wanted.acr_values {
                acr_values.push(&value.into());
            }
            let max_age = wanted.max_age.map(|seconds| seconds as f64);
            let details = Literal::new()
                .with("acrValues", acr_values.into())
                .with("maxAge", max_age.map_or(JsValue::NULL, JsValue::from));
            ("step-up", details.build().into())
        }
        Event::Warning(warning) => ("warning", detail("code", warning.as_str())),
    }
}

fn detail(key: &str, value: &str) -> JsValue {
    Literal::new().text(key, value).build().into()
}
