//! The auth endpoints: `browser.js` asks them.

use js_sys::{Array, Function, Promise};
use wasm_bindgen::prelude::*;

use super::js;
use crate::core::{AuthRequest, Credentials, Error, ResponseShape, must_be};

#[wasm_bindgen(module = "/src/web/browser.js")]
extern "C" {
    /// Where the refresh or the logout endpoint is, and how to ask it.
    pub(crate) type Endpoint;

    #[wasm_bindgen(constructor, catch)]
    fn new(
        url: &str,
        method: &str,
        headers: Array,
        body: Option<&str>,
        credentials: Option<&str>,
        csrf: Array,
    ) -> Result<Endpoint, JsValue>;

    #[wasm_bindgen(method, getter, js_name = isHttp)]
    fn is_http(this: &Endpoint) -> bool;

    #[wasm_bindgen(method, js_name = ask)]
    fn ask_for(
        this: &Endpoint,
        fetch: &Function,
        token: &str,
        expires_in: &str,
        expires_at: &str,
    ) -> Promise;

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
        let headers = Array::new();
        if let Some(content_type) = request.body.as_ref().and_then(|body| body.content_type) {
            js::push_pair(&headers, "Content-Type", content_type);
        }
        for (name, value) in &request.headers {
            js::push_pair(&headers, name, value);
        }
        let csrf = Array::new();
        if let Some(names) = &request.csrf {
            js::push_pair(&csrf, &names.cookie, &names.header);
        }
        let endpoint = Endpoint::new(
            &request.url,
            &request.method,
            headers,
            request.body.as_ref().map(|body| body.text.as_str()),
            request.credentials.map(mode),
            csrf,
        );
        match endpoint {
            Ok(endpoint) if endpoint.is_http() => Ok(endpoint),
            Ok(_) => Err(Error::invalid(option, "must be an http or https URL")),
            Err(_) => Err(Error::invalid(option, must_be::URL)),
        }
    }

    /// Sends the request: a promise of what [`answer`](super::answer) reads.
    pub(crate) fn ask(&self, fetch: &Function, shape: &ResponseShape) -> Promise {
        self.ask_for(fetch, &shape.token, &shape.expires_in, &shape.expires_at)
    }
}

fn mode(credentials: Credentials) -> &'static str {
    match credentials {
        Credentials::Include => "include",
        Credentials::SameOrigin => "same-origin",
        Credentials::Omit => "omit",
    }
}
