//! The auth endpoints: `browser.js` asks them.

use js_sys::{Array, Function, Promise};
use wasm_bindgen::prelude::*;

use super::answer;
use super::js::{self, Record};
use crate::core::{AuthRequest, Credentials, Error, ResponseShape, must_be};

#[wasm_bindgen(module = "/src/web/browser.js")]
extern "C" {
    /// Where the refresh or the logout endpoint is, and how to ask it.
    pub(crate) type Endpoint;

    #[wasm_bindgen(constructor, catch)]
    fn new(request: &JsValue) -> Result<Endpoint, JsValue>;

    /// The URL without its query.
    #[wasm_bindgen(method, getter)]
    pub(crate) fn path(this: &Endpoint) -> String;

    #[wasm_bindgen(method, js_name = ask)]
    fn ask_for(this: &Endpoint, fetch: &Function, paths: &JsValue, is_repeat: bool) -> Promise;

    /// Ends a repeat that is under way, also where it waits in the browser for a connection.
    #[wasm_bindgen(method, js_name = callOff)]
    pub(crate) fn call_off(this: &Endpoint);

    /// Sends the request, with the token if there is one: a promise of whether the session is over
    /// at the backend.
    #[wasm_bindgen(method)]
    pub(crate) fn leave(this: &Endpoint, fetch: &Function, token: Option<&str>) -> Promise;
}

impl Endpoint {
    /// # Errors
    ///
    /// [`Error::InvalidOption`] if the URL is none that can be fetched from this page.
    #[inline(never)]
    pub(crate) fn of(request: &AuthRequest, option: &'static str) -> Result<Endpoint, Error> {
        match Endpoint::new(written(request).as_ref()) {
            Ok(endpoint) if endpoint.path().starts_with("http") => Ok(endpoint),
            Ok(_) => Err(Error::invalid(option, "must be an http or https URL")),
            Err(_) => Err(Error::invalid(option, must_be::URL)),
        }
    }

    /// Sends the request: a promise of what [`answer`] reads. A repeat does not outlive its page.
    pub(crate) fn ask(&self, fetch: &Function, shape: &ResponseShape, is_repeat: bool) -> Promise {
        self.ask_for(fetch, answer::paths(shape).as_ref(), is_repeat)
    }
}

/// The request as `browser.js` wants it.
fn written(request: &AuthRequest) -> Record {
    let record = Record::new();
    record.set_text("url", &request.url);
    record.set_text("method", &request.method);
    let headers = Array::new();
    if let Some(body) = &request.body {
        record.set_text("body", &body.text);
        if let Some(content_type) = body.content_type {
            headers.push(&pair("Content-Type", content_type));
        }
    }
    for (name, value) in &request.headers {
        headers.push(&pair(name, value));
    }
    record.set("headers", &headers);
    if let Some(credentials) = request.credentials {
        record.set_text("credentials", mode(credentials));
    }
    if let Some(names) = &request.csrf {
        let csrf = Record::new();
        csrf.set_text("cookie", &names.cookie);
        csrf.set_text("header", &names.header);
        record.set("csrf", csrf.as_ref());
    }
    record
}

fn pair(name: &str, value: &str) -> Array {
    let pair = Array::new();
    js::push(&pair, name);
    js::push(&pair, value);
    pair
}

fn mode(credentials: Credentials) -> &'static str {
    match credentials {
        Credentials::Include => "include",
        Credentials::SameOrigin => "same-origin",
        Credentials::Omit => "omit",
    }
}
