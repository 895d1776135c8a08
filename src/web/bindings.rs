//! The exports for the TypeScript face, which alone calls them.
//!
//! Every export is synchronous; where there is something to wait for, it returns a promise.

use std::cell::{Cell, RefCell};
use std::mem::ManuallyDrop;
use std::rc::Rc;

use js_sys::{Array, Function};
use talc::wasm::{WasmDynamicTalc, new_wasm_dynamic_allocator};
use wasm_bindgen::prelude::*;

use super::done::{Done, Outcome};
use super::driver::Driver;
use super::error::FetchError;
use super::js::{self, Record};
use super::table::Table;
use crate::core::{Error, Event, Failure};

/// This allocator has a quarter of the size of the standard library's. It needs a module without threads.
#[global_allocator]
static ALLOCATOR: WasmDynamicTalc = new_wasm_dynamic_allocator();

#[wasm_bindgen]
extern "C" {
    /// The face's functions that make its errors, and take snapshots and events.
    pub(super) type Hooks;

    /// The details are those of [`Error::RefreshFailed`] and [`Error::SignInFailed`].
    #[wasm_bindgen(method)]
    fn error(this: &Hooks, code: &str, message: &str, details: JsValue, cause: JsValue) -> JsValue;

    #[wasm_bindgen(method)]
    fn snapshot(
        this: &Hooks,
        is_over: bool,
        status: &str,
        claims: Option<&str>,
        expires_at: Option<f64>,
    );

    /// The details are `EventDetails` in `src/ts/events.ts`.
    #[wasm_bindgen(method)]
    fn event(this: &Hooks, kind: &str, details: JsValue);
}

/// A manager, and the face that hears its events.
struct Inside {
    driver: Rc<Driver>,
    hooks: Rc<Hooks>,
}

/// Makes a manager, and returns its number. The options are as `src/ts/reading.ts` returns them.
///
/// Numbers, and one function for all commands, need a fraction of the glue that a class would need.
/// They are safe too, because a fresh instance after a panic has no manager of an old number.
#[wasm_bindgen]
pub fn open(options: JsValue, hooks: Hooks) -> u32 {
    let hooks = Rc::new(hooks);
    let driver = Driver::new(options);
    driver.listen(Rc::new({
        let (hooks, driver) = (hooks.clone(), Rc::downgrade(&driver));
        move |event: &Event| {
            if let Some(driver) = driver.upgrade() {
                hooks.tell(event, &driver);
            }
        }
    }));
    let inside = Rc::new(Inside { driver, hooks });
    MANAGERS.with_borrow_mut(|managers| managers.add(inside))
}

/// The commands of the face: `Command` in `src/ts/manager.ts`.
const START: u32 = 0;
const READY: u32 = 1;
const FETCH: u32 = 2;
const SIGN_IN: u32 = 3;
const REFRESH: u32 = 4;
const LOGOUT: u32 = 5;
const ACCESS_TOKEN: u32 = 6;

/// Executes a command, and settles its promise by one of the functions. Only [`FETCH`] has an `init`.
#[wasm_bindgen]
pub fn call(
    manager: u32,
    command: u32,
    resolve: Function,
    reject: Function,
    input: JsValue,
    init: JsValue,
) {
    let Some(inside) = MANAGERS.with_borrow_mut(|managers| managers.find(manager).cloned()) else {
        // This is a fresh instance. The face is about to learn that, and rejects the calls that wait.
        return;
    };
    let driver = inside.driver.clone();
    let done: Done = Box::new(move |outcome| {
        let (settle, value) = match outcome {
            Ok(outcome) => (resolve, outcome.into()),
            Err(FetchError::Fetch(reason)) => (reject, reason),
            Err(FetchError::Manager(error)) => {
                (reject, inside.hooks.error_of(&error, &inside.driver))
            }
        };
        let _ = js::call(&settle, &value);
    });
    match command {
        START => {
            driver.start();
            done(Ok(Outcome::Nothing));
        }
        READY => driver.when_ready(done),
        FETCH => driver.fetch(&input, &init, done),
        SIGN_IN if input.is_undefined() => driver.sign_in_by_cookie(done),
        SIGN_IN => driver.sign_in(input, done),
        REFRESH => driver.refresh(done),
        LOGOUT => driver.logout(done),
        ACCESS_TOKEN => driver.access_token(done),
        _ => {
            driver.dispose();
            MANAGERS.with_borrow_mut(|managers| managers.remove(manager));
        }
    }
}

thread_local! {
    // Neither is ever dropped, because a destructor would have to be registered first.
    static MANAGERS: RefCell<ManuallyDrop<Table<Rc<Inside>>>> =
        const { RefCell::new(ManuallyDrop::new(Table::new())) };
    /// The face's function to call after a panic.
    static TELL: Cell<Option<&'static Function>> = const { Cell::new(None) };
}

/// After a panic, nothing in this instance can be trusted. It calls `tell` before it stops, and the
/// next call of an export gets a fresh instance.
#[wasm_bindgen(js_name = onPanic)]
pub fn on_panic(tell: Function) {
    TELL.set(Some(Box::leak(Box::new(tell))));
    std::panic::set_hook(Box::new(|_| panicked()));
}

// The glue needs a function to start when it makes a fresh instance.
#[wasm_bindgen(start)]
fn begin() {}

// `scripts/build/messages.mjs` knows this function by its name, so that the shipped module calls it
// without writing a message first.
#[inline(never)]
fn panicked() {
    wasm_bindgen::handler::schedule_reinit();
    if let Some(tell) = TELL.get() {
        let _ = js::call(tell, &JsValue::UNDEFINED);
    }
}

impl Hooks {
    fn error_of(&self, error: &Error, driver: &Driver) -> JsValue {
        let details = Record::new();
        let mut cause = JsValue::UNDEFINED;
        if let Error::RefreshFailed(failure) = error {
            details.set_text("url", &driver.settings.refresh.path());
            details.set("retryInMs", &(driver.retry_in() as f64).into());
            if *failure == Failure::Network {
                cause = driver.cause();
            }
        }
        if let Error::RefreshFailed(failure) | Error::SignInFailed(failure) = error
            && let Some(status) = failure.status()
        {
            details.set("status", &status.into());
        }
        self.error(error.code(), &error.message(), details.into(), cause)
    }

    fn tell(&self, event: &Event, driver: &Driver) {
        if matches!(event, Event::Change) {
            let (status, claims, expires_at) = driver.ask(|machine| {
                (
                    machine.status(),
                    machine.claims_json().map(str::to_owned),
                    machine.expires_at().map(|ms| ms as f64),
                )
            });
            let is_over = driver.session_is_over.take();
            self.snapshot(is_over, status.as_str(), claims.as_deref(), expires_at);
        }
        let details = Record::new();
        self.event(describe(event, &details), details.into());
    }
}

/// Returns the name of the event, and writes its details into `details`.
fn describe(event: &Event, details: &Record) -> &'static str {
    match event {
        Event::Change => "change",
        Event::SignedIn { cause, person } => {
            details.set_text("cause", cause.as_str());
            details.set_text("person", person.as_str());
            "signed-in"
        }
        Event::Refreshed(cause) => {
            details.set_text("cause", cause.as_str());
            "refreshed"
        }
        Event::SignedOut(reason) => {
            details.set_text("reason", reason.as_str());
            "signed-out"
        }
        Event::RefreshFailed {
            status,
            attempt,
            retry_in,
        } => {
            if let Some(status) = status {
                details.set("status", &(*status).into());
            }
            details.set("attempt", &(*attempt).into());
            details.set("retryInMs", &(*retry_in as f64).into());
            "refresh-failed"
        }
        Event::Recovered => "recovered",
        Event::StepUp(wanted) => {
            let acr_values = Array::new();
            for value in &wanted.acr_values {
                js::push(&acr_values, value);
            }
            details.set("acrValues", &acr_values);
            let max_age = wanted.max_age.map(|seconds| seconds as f64);
            details.set("maxAge", &max_age.map_or(JsValue::NULL, JsValue::from));
            "step-up"
        }
        Event::Warning(warning) => {
            details.set_text("code", warning.as_str());
            "warning"
        }
    }
}
