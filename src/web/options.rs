//! The options as `src/ts/reading.ts` has read them: each by the name that it has in JavaScript.

use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;

use super::js::{Record, Values};
use super::world::{Rejected, World};
use crate::core::{
    AuthRequest, Body, Credentials, Csrf, ExpiresInUnit, Logout, Options, ResponseShape,
};

/// Reads all options. An option that is not set keeps its default.
pub(crate) fn read(given: JsValue) -> (Options, World) {
    let given = Record::of(given);
    let mut options = Options::new("");
    read_refresh(&given.record("refresh"), &mut options);
    options.logout = read_logout(&given.record("logout"));
    options.sign_in = Some(read_sign_in(&given.record("signIn"), &options));
    given.put_statuses("rejected", &mut options.rejected);
    options.attach_to = given.texts("attachTo");
    given.put("name", &mut options.name);
    given.put("restore", &mut options.restore);
    let mut world = World::of(&options);
    if let Ok(fetch) = given.get("fetch").dyn_into() {
        world.fetch = fetch;
    }
    if let Ok(function) = given.get("rejected").dyn_into() {
        world.rejected = Rejected::Asked(function);
    }
    (options, world)
}

fn read_refresh(given: &Record, options: &mut Options) {
    let refresh = &mut options.refresh;
    read_request(given, &mut refresh.request);
    read_response(&given.record("response"), &mut refresh.response);
    given.put_statuses("ended", &mut refresh.ended);
    if let Some(ms) = given.number("timeout") {
        refresh.timeout = ms as u64;
    }
}

fn read_logout(given: &Record) -> Option<Logout> {
    let mut logout = Logout::new("");
    given.put("withToken", &mut logout.with_token);
    read_request(given, &mut logout.request).then_some(logout)
}

fn read_sign_in(given: &Record, options: &Options) -> ResponseShape {
    let mut shape = options.refresh.response.clone();
    read_response(&given.record("response"), &mut shape);
    shape
}

/// Returns whether there is a request at all.
#[inline(never)]
fn read_request(given: &Record, request: &mut AuthRequest) -> bool {
    given.put("method", &mut request.method);
    let headers = given.get("headers");
    if !headers.is_undefined() {
        for pair in Values::of(headers) {
            let mut texts = Values::of(pair).filter_map(|text| text.as_string());
            if let (Some(name), Some(value)) = (texts.next(), texts.next()) {
                request.headers.push((name, value));
            }
        }
    }
    request.body = read_body(&given.record("body"));
    request.credentials = match given.text("credentials").as_deref() {
        Some("include") => Some(Credentials::Include),
        Some("same-origin") => Some(Credentials::SameOrigin),
        Some(_) => Some(Credentials::Omit),
        None => None,
    };
    let csrf = given.record("csrf");
    if let (Some(cookie), Some(header)) = (csrf.text("cookie"), csrf.text("header")) {
        request.csrf = Some(Csrf { cookie, header });
    }
    given.put("url", &mut request.url)
}

fn read_body(given: &Record) -> Option<Body> {
    Some(Body {
        content_type: match given.text("kind").as_deref() {
            Some("json") => Some("application/json"),
            Some(_) => Some("application/x-www-form-urlencoded;charset=UTF-8"),
            None => None,
        },
        text: given.text("text")?,
    })
}

#[inline(never)]
fn read_response(given: &Record, shape: &mut ResponseShape) {
    given.put("token", &mut shape.token);
    given.put("expiresIn", &mut shape.expires_in);
    given.put("expiresAt", &mut shape.expires_at);
    match given.text("expiresInUnit").as_deref() {
        Some("s") => shape.expires_in_unit = ExpiresInUnit::Seconds,
        Some(_) => shape.expires_in_unit = ExpiresInUnit::Milliseconds,
        None => {}
    }
}

impl Record {
    /// Writes a field into `place`, or leaves the default there. Returns whether the field is set.
    #[inline(never)]
    fn put<T: DeserializeOwned>(&self, name: &str, place: &mut T) -> bool {
        let value = serde_wasm_bindgen::from_value(self.get(name));
        value.map(|value| *place = value).is_ok()
    }

    fn put_statuses(&self, name: &str, place: &mut Vec<u16>) {
        let list = self.get(name);
        if js_sys::Array::is_array(&list) {
            place.clear();
            for status in Values::of(list) {
                place.push(status.as_f64().unwrap_or_default() as u16);
            }
        }
    }

    fn texts(&self, name: &str) -> Option<Vec<String>> {
        let list = self.get(name);
        if list.is_undefined() {
            return None;
        }
        Some(
            Values::of(list)
                .filter_map(|text| text.as_string())
                .collect(),
        )
    }
}
