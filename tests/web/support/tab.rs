//! A manager as an app sees it.

use std::future::Future;
use std::ops::Deref;
use std::sync::atomic::{AtomicU32, Ordering};

use tokenhold::{Event, FetchError, Logout, Options, Subscription, TokenManager, World};
use wasm_bindgen::prelude::*;
use web_sys::Response;

use super::backend::{Backend, LOGOUT, REFRESH};
use super::log::Log;
use super::soon::soon;

/// A manager that is disposed of at the end of its test, and its events so far.
pub struct Tab {
    pub manager: TokenManager,
    pub events: Log<Event>,
    _subscription: Subscription,
}

/// The usual endpoints, for the group of this name. Each test has a name of its own.
pub fn options(name: &str) -> Options {
    let mut options = Options::new(REFRESH);
    options.name = name.to_owned();
    options.logout = Some(Logout::new(LOGOUT));
    options
}

/// Another name at each call, for tests that open one group after the other.
pub fn unique(name: &str) -> String {
    static LAST: AtomicU32 = AtomicU32::new(0);
    format!("{name}-{}", LAST.fetch_add(1, Ordering::Relaxed))
}

impl Tab {
    pub fn open(options: Options, backend: &Backend) -> Tab {
        let tab = Tab::prepare(options, backend.world());
        tab.start();
        tab
    }

    /// A tab that has finished restoring.
    #[track_caller]
    pub fn ready(options: Options, backend: &Backend) -> impl Future<Output = Tab> + use<> {
        let tab = Tab::open(options, backend);
        soon(async move {
            tab.manager.ready().await;
            tab
        })
    }

    /// A tab whose manager has not started yet.
    pub fn prepare(options: Options, world: World) -> Tab {
        let manager = TokenManager::prepare(options, world).unwrap();
        let events = Log::default();
        let log = events.clone();
        Tab {
            _subscription: manager.on(move |event| log.push(event.clone())),
            manager,
            events,
        }
    }

    /// Fetches a path with no init.
    #[track_caller]
    pub fn get(&self, path: &str) -> impl Future<Output = Result<Response, FetchError>> + use<> {
        fetched(self, &path.into(), &JsValue::UNDEFINED)
    }

    #[track_caller]
    pub fn event(&self, wanted: Event) -> impl Future<Output = Event> + use<> {
        self.events.nth(1, move |event| *event == wanted)
    }
}

impl Deref for Tab {
    type Target = TokenManager;

    fn deref(&self) -> &TokenManager {
        &self.manager
    }
}

impl Drop for Tab {
    fn drop(&mut self) {
        self.manager.dispose();
    }
}

/// The outcome of a `fetch`, which must settle in time.
#[track_caller]
pub fn fetched(
    manager: &TokenManager,
    input: &JsValue,
    init: &JsValue,
) -> impl Future<Output = Result<Response, FetchError>> + use<> {
    soon(manager.fetch_with_init(input, init))
}

/// The response that the app got; it must be one.
pub fn response_of(outcome: Result<Response, FetchError>) -> Response {
    outcome.unwrap()
}
