//! The auth endpoints: building their requests exactly as the options say.

use js_sys::{Object, Promise};
use wasm_bindgen::prelude::*;
use web_sys::{Headers, Request};

use super::js::{self, Literal};
use super::scope::{Place, page_origin};
use super::world::World;
use crate::core::{AccessToken, AuthRequest, Credentials, Error, must_be};

/// A custom header keeps other sites' forms out (OAuth 2.0 for Browser-Based Applications,
/// section 6.1.3.3). To another origin it would cost a preflight that the backend may not expect.
const CSRF_HEADER: (&str, &str) = ("X-Requested-With", "tokenhold");

/// Where the refresh or the logout endpoint is.
pub(crate) struct Endpoint {
    pub(crate) place: Place,
    same_origin: bool,
}

impl Endpoint {
    /// # Errors
    ///
    /// [`Error::InvalidOption`] if the URL is none that can be fetched from this page.
    #[inline(never)]
    pub(crate) fn of(request: &AuthRequest, option: &'static str) -> Result<Endpoint, Error> {
        let problem = match resolve(&request.url) {
            Some(place) if place.origin.starts_with("http") => {
                return Ok(Endpoint {
                    same_origin: place.origin == page_origin(),
                    place,
                });
            }
            Some(_) => "must be an http or https URL",
            None => must_be::URL,
        };
        Err(Error::invalid(option, problem))
    }

    /// Sends the request, with the token if there is one. It outlives its page (`keepalive`): a
    /// cookie that the server has rotated must land. It overtakes the page's own requests, which
    /// may be waiting for it.
    pub(crate) fn send(
        &self,
        request: &AuthRequest,
        world: &World,
        token: Option<&AccessToken>,
    ) -> Result<Promise, JsValue> {
        let mut init = Literal::new()
            .text("method", &request.method)
            .with("headers", self.headers(request, token)?.into())
            .text("credentials", self.credentials(request))
            .with("keepalive", JsValue::TRUE)
            .text("cache", "no-store")
            .text("priority", "high");
        if let Some(body) = &request.body {
            init = init.text("body", &body.text);
        }
        world.fetch(&request.url.as_str().into(), &init.build())
    }

    fn headers(
        &self,
        request: &AuthRequest,
        token: Option<&AccessToken>,
    ) -> Result<Headers, JsValue> {
        let headers = Headers::new()?;
        if self.same_origin {
            headers.set(CSRF_HEADER.0, CSRF_HEADER.1)?;
        }
        if let Some(content_type) = request.body.as_ref().and_then(|body| body.content_type) {
            headers.set("Content-Type", content_type)?;
        }
        for (name, value) in &request.headers {
            headers.set(name, value)?;
        }
        if let Some(csrf) = &request.csrf
            && let Some(value) = cookie(&csrf.cookie)
        {
            headers.set(&csrf.header, &value)?;
        }
        if let Some(token) = token {
            attach(&headers, token)?;
        }
        Ok(headers)
    }

    fn credentials(&self, request: &AuthRequest) -> &'static str {
        match request.credentials {
            Some(Credentials::Include) => "include",
            Some(Credentials::SameOrigin) => "same-origin",
            Some(Credentials::Omit) => "omit",
            None if self.same_origin => "same-origin",
            None => "include",
        }
    }
}

/// Attaches the token (RFC 6750, section 2.1).
pub(crate) fn attach(headers: &Headers, token: &AccessToken) -> Result<(), JsValue> {
    let value = zeroize::Zeroizing::new(["Bearer ", token.expose()].concat());
    headers.set("Authorization", &value)
}

fn resolve(url: &str) -> Option<Place> {
    Place::of(&Request::new_with_str(url).ok()?)
}

fn cookie(name: &str) -> Option<String> {
    let cookies = js::get(&js::global("document"), "cookie").as_string()?;
    let value = cookies
        .split(';')
        .filter_map(|pair| pair.trim_ascii_start().split_once('='))
        .find(|(key, _)| *key == name)?
        .1;
    Some(value.to_owned())
}

impl World {
    /// Calls `fetch`, whatever it is; a synchronous exception is a rejection too.
    pub(crate) fn fetch(&self, input: &JsValue, init: &Object) -> Result<Promise, JsValue> {
        let answer = self.fetch.call2(&JsValue::UNDEFINED, input, init)?;
        Ok(Promise::resolve(&answer))
    }

    /// Calls `fetch` with a request that is complete.
    pub(crate) fn fetch_request(&self, request: &Request) -> Result<Promise, JsValue> {
        let answer = js::call(&self.fetch, request)?;
        Ok(Promise::resolve(&answer))
    }
}
