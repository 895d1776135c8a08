//! The options, which `src/ts/reading.ts` has made into a list: read here in the same order.

use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;

use super::js::Values;
use super::world::{Rejected, World};
use crate::core::{
    AuthRequest, Body, Credentials, Csrf, ExpiresInUnit, Logout, Options, ResponseShape,
};

/// Reads everything. What is not set is left at its default.
pub(crate) fn read(list: JsValue) -> (Options, World) {
    let mut list = List(Values::of(list));
    let mut options = Options::new("");
    let refresh = &mut options.refresh;
    list.request(&mut refresh.request);
    list.response(&mut refresh.response);
    list.statuses(&mut refresh.ended);
    if let Some(ms) = list.next().as_f64() {
        refresh.timeout = ms as u64;
    }
    let mut logout = Logout {
        request: AuthRequest::post(""),
        with_token: false,
    };
    let is_set = list.request(&mut logout.request);
    list.put(&mut logout.with_token);
    options.logout = is_set.then_some(logout);
    let mut shape = refresh.response.clone();
    list.response(&mut shape);
    options.sign_in = Some(shape);
    options.attach_to = list.texts();
    list.put(&mut options.name);
    list.put(&mut options.restore);
    let fetch = list.next();
    let asked = list.next();
    list.statuses(&mut options.rejected);
    let mut world = World::of(&options);
    if !fetch.is_undefined() {
        world.fetch = fetch.unchecked_into();
    }
    if !asked.is_undefined() {
        world.rejected = Rejected::Asked(asked.unchecked_into());
    }
    (options, world)
}

/// Values, one after the other.
struct List(Values);

impl List {
    #[inline(never)]
    fn next(&mut self) -> JsValue {
        self.0.next().unwrap_or_default()
    }

    /// Puts a value into its place, or leaves there what is the default.
    #[inline(never)]
    fn put<T: DeserializeOwned>(&mut self, place: &mut T) -> bool {
        let value = serde_wasm_bindgen::from_value(self.next());
        value.map(|value| *place = value).is_ok()
    }

    fn text(&mut self) -> Option<String> {
        let mut text = String::new();
        self.put(&mut text).then_some(text)
    }

    fn texts(&mut self) -> Option<Vec<String>> {
        let list = self.next();
        if list.is_undefined() {
            return None;
        }
        let mut texts = Vec::new();
        for text in Values::of(list) {
            texts.extend(text.as_string());
        }
        Some(texts)
    }

    #[inline(never)]
    fn statuses(&mut self, place: &mut Vec<u16>) {
        let list = self.next();
        if !list.is_undefined() {
            place.clear();
            for status in Values::of(list) {
                place.push(status.as_f64().unwrap_or_default() as u16);
            }
        }
    }

    /// Returns whether there is a request at all.
    #[inline(never)]
    fn request(&mut self, request: &mut AuthRequest) -> bool {
        let is_set = self.put(&mut request.url);
        self.put(&mut request.method);
        let mut texts = self.texts().unwrap_or_default().into_iter();
        while let (Some(name), Some(value)) = (texts.next(), texts.next()) {
            request.headers.push((name, value));
        }
        let text = self.text();
        let content_type = match self.next().as_bool() {
            Some(true) => Some("application/json"),
            Some(false) => Some("application/x-www-form-urlencoded;charset=UTF-8"),
            None => None,
        };
        request.body = text.map(|text| Body { text, content_type });
        request.credentials = match self.text().as_deref() {
            Some("include") => Some(Credentials::Include),
            Some("same-origin") => Some(Credentials::SameOrigin),
            Some(_) => Some(Credentials::Omit),
            None => None,
        };
        if let (Some(cookie), Some(header)) = (self.text(), self.text()) {
            request.csrf = Some(Csrf { cookie, header });
        }
        is_set
    }

    #[inline(never)]
    fn response(&mut self, shape: &mut ResponseShape) {
        self.put(&mut shape.token);
        self.put(&mut shape.expires_in);
        self.put(&mut shape.expires_at);
        match self.text().as_deref() {
            Some("s") => shape.expires_in_unit = ExpiresInUnit::Seconds,
            Some(_) => shape.expires_in_unit = ExpiresInUnit::Milliseconds,
            None => {}
        }
    }
}
