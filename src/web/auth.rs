//! The auth endpoints: `requests.js` asks them.

use js_sys::Promise;
use wasm_bindgen::prelude::*;

use crate::core::{Error, must_be};

#[wasm_bindgen(module = "/src/web/requests.js")]
extern "C" {
    /// Where the refresh or the logout endpoint is, and how to ask it.
    pub(crate) type Endpoint;

    /// Of a URL that has been checked.
    #[wasm_bindgen(constructor)]
    pub(crate) fn new(request: &JsValue) -> Endpoint;

    /// The URL as this page would fetch it.
    #[wasm_bindgen(js_name = resolved, catch)]
    fn resolved(url: &str) -> Result<String, JsValue>;

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

/// # Errors
///
/// [`Error::InvalidOption`] if the URL is none that this page can fetch.
pub(crate) fn check_url(url: &str, option: &'static str) -> Result<(), Error> {
    let is_http = resolved(url).is_ok_and(|url| url.starts_with("http"));
    is_http
        .then_some(())
        .ok_or_else(|| Error::invalid(option, must_be::URL))
}
