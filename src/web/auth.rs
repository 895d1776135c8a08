//! The auth endpoints: `requests.js` asks them.

use js_sys::Promise;
use wasm_bindgen::prelude::*;

use super::js::Record;
use crate::core::{Error, must_be};

#[wasm_bindgen(module = "/src/web/requests.js")]
extern "C" {
    /// Where the refresh or the logout endpoint is, and how to ask it.
    pub(crate) type Endpoint;

    #[wasm_bindgen(constructor, catch)]
    fn new(request: &JsValue) -> Result<Endpoint, JsValue>;

    /// The URL without its query.
    #[wasm_bindgen(method, getter)]
    pub(crate) fn path(this: &Endpoint) -> String;

    /// Sends the request: a promise of what [`answer`](super::answer) reads. A repeat does not outlive its page.
    #[wasm_bindgen(method)]
    pub(crate) fn ask(this: &Endpoint, settings: &JsValue, is_repeat: bool) -> Promise;

    /// Ends a repeat that is under way, also where it waits in the browser for a connection.
    #[wasm_bindgen(method, js_name = callOff)]
    pub(crate) fn call_off(this: &Endpoint);

    /// Sends the request, with the token if there is one: a promise of whether the session is over
    /// at the backend.
    #[wasm_bindgen(method)]
    pub(crate) fn leave(this: &Endpoint, settings: &JsValue, token: Option<&str>) -> Promise;
}

impl Endpoint {
    /// # Errors
    ///
    /// [`Error::InvalidOption`] if the URL is none that can be fetched from this page.
    #[inline(never)]
    pub(crate) fn of(request: &Record, option: &'static str) -> Result<Endpoint, Error> {
        match Endpoint::new(request.as_ref()) {
            Ok(endpoint) if endpoint.path().starts_with("http") => Ok(endpoint),
            Ok(_) => Err(Error::invalid(option, "must be an http or https URL")),
            Err(_) => Err(Error::invalid(option, must_be::URL)),
        }
    }
}
