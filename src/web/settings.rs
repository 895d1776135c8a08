//! The options, checked, as `requests.js` takes them; and the little of them that Rust goes by.

use js_sys::Array;
use wasm_bindgen::prelude::*;

use super::auth::Endpoint;
use super::js::Record;
use super::locks;
use super::request::Outgoing;
use crate::core::{DEFAULT_NAME, DEFAULT_TIMEOUT_MS, LogoutPolicy, Policy};

pub(crate) struct Settings {
    pub(crate) policy: Policy,
    /// `Settings` in `requests.js`.
    pub(crate) all: JsValue,
    /// The beginning of the names of this group's locks and of its channel.
    pub(crate) group: String,
    pub(crate) refresh: Endpoint,
    pub(crate) logout: Option<Endpoint>,
    endpoints: Array,
}

impl Settings {
    /// Takes options that have been checked: by `src/ts/reading.ts`, or by
    /// [`Options::validate`](crate::core::Options::validate).
    pub(crate) fn of(all: JsValue) -> Settings {
        let given = Record::of(all.clone());
        let endpoints = Array::new();
        let endpoint = |name| {
            let request = given.record(name);
            let endpoint = Endpoint::new(request.as_ref());
            endpoints.push(&endpoint);
            (endpoint, request)
        };
        let (refresh, request) = endpoint("refresh");
        let timeout = request.number("timeout").map(|ms| ms as u64);
        let mut policy = Policy {
            timeout: timeout.unwrap_or(DEFAULT_TIMEOUT_MS),
            restore: given.get("restore") != JsValue::FALSE,
            logout: None,
        };
        let mut logout = None;
        if !given.get("logout").is_undefined() {
            let (endpoint, request) = endpoint("logout");
            policy.logout = Some(LogoutPolicy {
                with_token: request.get("withToken").is_truthy(),
            });
            logout = Some(endpoint);
        }
        let name = given.text("name");
        let name = name.as_deref().unwrap_or(DEFAULT_NAME);
        Settings {
            policy,
            all,
            group: locks::group(name, &refresh.path()),
            refresh,
            logout,
            endpoints,
        }
    }

    pub(crate) fn field(&self, name: &str) -> JsValue {
        Record::of(self.all.clone()).get(name)
    }

    /// Whether a request may carry the token: to an allowed origin, not to an auth URL, and with no
    /// `Authorization` of its own.
    pub(crate) fn covers(&self, outgoing: &Outgoing) -> bool {
        outgoing.is_for(&self.all, &self.endpoints)
    }
}
