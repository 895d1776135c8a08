//! The options as JavaScript gives them, made into [`Options`].

use js_sys::{Array, JSON, Object, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::{Headers, Url};

use super::js;
use super::reader::{Reader, Wrong};
use super::world::{Rejected, World};
use crate::core::{
    AuthRequest, Body, Credentials, Csrf, Error, ExpiresInUnit, Logout, Options, ResponseShape,
    must_be,
};

const ALL: &str = "refresh logout signIn rejected attachTo name restore fetch exposeToken";
const REFRESH: &str = "url method headers body credentials csrf response ended timeout";
const LOGOUT: &str = "url method headers body credentials csrf withToken";
const RESPONSE: &str = "token expiresIn expiresInUnit expiresAt";

/// Reads everything.
///
/// # Errors
///
/// [`Error::InvalidOption`] for the first one that is unknown or ill-typed.
pub(crate) fn read(value: JsValue) -> Result<(Options, World), Error> {
    let wrong = Wrong::default();
    let reader = Reader::new(value, ALL, &wrong);
    let mut options = Options::new("");
    refresh(&reader, &mut options);
    options.logout = logout(&reader);
    if let Some(reader) = reader.child("signIn", "response") {
        let mut shape = options.refresh.response.clone();
        response(&reader, &mut shape);
        options.sign_in = Some(shape);
    }
    options.attach_to = origins(&reader);
    // Only the face has a use for it.
    reader.flag("exposeToken");
    reader.text_into(&mut options.name, "name", must_be::NAME);
    options.restore = reader.flag("restore").unwrap_or(options.restore);
    let mut world = World::of(&options);
    match reader.value("fetch") {
        Some(fetch) if fetch.is_function() => world.fetch = fetch.unchecked_into(),
        Some(_) => reader.fail("fetch", "must be a function"),
        None => {}
    }
    match reader.value("rejected") {
        Some(asked) if asked.is_function() => {
            world.rejected = Rejected::Asked(asked.unchecked_into());
        }
        _ => {
            let problem = "must be an array of statuses or a function";
            reader.statuses_into(&mut options.rejected, "rejected", problem);
            world.rejected = Rejected::Statuses(options.rejected.clone());
        }
    }
    wrong.check()?;
    Ok((options, world))
}

fn refresh(options: &Reader, all: &mut Options) {
    let refresh = &mut all.refresh;
    let Some(value) = options.value("refresh") else {
        return options.fail("refresh", "is required: a URL, or an object with a url");
    };
    if let Some(url) = url(&value) {
        refresh.request.url = url;
        return;
    }
    let Some(reader) = options.child("refresh", REFRESH) else {
        return;
    };
    request(&reader, &mut refresh.request);
    response(&reader, &mut refresh.response);
    reader.statuses_into(&mut refresh.ended, "ended", must_be::STATUSES);
    if let Some(ms) = reader.number("timeout", must_be::TIMEOUT) {
        // What is no whole number of them is out of range, too.
        refresh.timeout = if ms.fract() == 0.0 { ms as u64 } else { 0 };
    }
}

fn logout(options: &Reader) -> Option<Logout> {
    let value = options.value("logout")?;
    let mut logout = Logout {
        request: AuthRequest::post(""),
        with_token: false,
    };
    if let Some(url) = url(&value) {
        logout.request.url = url;
    } else {
        let reader = options.child("logout", LOGOUT)?;
        request(&reader, &mut logout.request);
        logout.with_token = reader.flag("withToken").unwrap_or_default();
    }
    Some(logout)
}

fn request(reader: &Reader, request: &mut AuthRequest) {
    match reader.value("url").as_ref().and_then(url) {
        Some(url) => request.url = url,
        None => reader.fail("url", must_be::URL),
    }
    reader.text_into(&mut request.method, "method", must_be::METHOD);
    if let Some(value) = reader.value("headers") {
        match headers(&value) {
            Some(headers) => request.headers = headers,
            None => reader.fail("headers", must_be::HEADERS),
        }
    }
    if let Some(value) = reader.value("body") {
        request.body = body(&value);
        if request.body.is_none() {
            let problem = "must be a string, URLSearchParams, or an object that is sent as JSON";
            reader.fail("body", problem);
        }
    }
    request.credentials = credentials(reader);
    if let Some(reader) = reader.child("csrf", "cookie header") {
        let mut csrf = Csrf {
            cookie: String::new(),
            header: String::new(),
        };
        reader.text_into(&mut csrf.cookie, "cookie", must_be::COOKIE);
        reader.text_into(&mut csrf.header, "header", must_be::HEADER);
        request.csrf = Some(csrf);
    }
}

fn credentials(reader: &Reader) -> Option<Credentials> {
    let problem = "must be include, same-origin or omit";
    match reader.text("credentials", problem)?.as_str() {
        "include" => return Some(Credentials::Include),
        "same-origin" => return Some(Credentials::SameOrigin),
        "omit" => return Some(Credentials::Omit),
        _ => reader.fail("credentials", problem),
    }
    None
}

fn response(reader: &Reader, shape: &mut ResponseShape) {
    let Some(reader) = reader.child("response", RESPONSE) else {
        return;
    };
    reader.text_into(&mut shape.token, "token", must_be::PATH);
    reader.text_into(&mut shape.expires_in, "expiresIn", must_be::PATH);
    reader.text_into(&mut shape.expires_at, "expiresAt", must_be::PATH);
    let problem = "must be \"s\" or \"ms\"";
    match reader.text("expiresInUnit", problem).as_deref() {
        None => {}
        Some("s") => shape.expires_in_unit = ExpiresInUnit::Seconds,
        Some("ms") => shape.expires_in_unit = ExpiresInUnit::Milliseconds,
        Some(_) => reader.fail("expiresInUnit", problem),
    }
}

fn origins(reader: &Reader) -> Option<Vec<String>> {
    let problem = "must be an array of origins";
    let mut origins = Vec::new();
    for origin in reader.list("attachTo", problem)?.iter() {
        match origin.as_string() {
            Some(origin) => origins.push(origin),
            None => reader.fail("attachTo", problem),
        }
    }
    Some(origins)
}

fn url(value: &JsValue) -> Option<String> {
    value
        .as_string()
        .or_else(|| value.dyn_ref::<Url>().map(Url::href))
}

/// Headers in any form that `fetch` takes; values must be strings.
fn headers(value: &JsValue) -> Option<Vec<(String, String)>> {
    if !value.is_object() {
        return None;
    }
    let is_list = value.is_instance_of::<Headers>() || Array::is_array(value);
    let entries = if is_list {
        Array::from(value)
    } else {
        Object::entries(value.unchecked_ref::<Object>())
    };
    let mut headers = Vec::new();
    for entry in entries.iter() {
        let pair: Array = entry.dyn_into().ok()?;
        if pair.length() != 2 {
            return None;
        }
        headers.push((pair.get(0).as_string()?, pair.get(1).as_string()?));
    }
    Some(headers)
}

fn body(value: &JsValue) -> Option<Body> {
    if let Some(text) = value.as_string() {
        return Some(Body {
            text,
            content_type: None,
        });
    }
    let prototype = Reflect::get_prototype_of(value).ok()?;
    let kind = js::get(&js::get(&prototype, "constructor"), "name").as_string();
    match kind.as_deref() {
        Some("URLSearchParams") => Some(Body {
            text: value.unchecked_ref::<Object>().to_string().into(),
            content_type: Some("application/x-www-form-urlencoded;charset=UTF-8"),
        }),
        Some("Object" | "Array") => Some(Body {
            text: JSON::stringify(value).ok()?.into(),
            content_type: Some("application/json"),
        }),
        _ => None,
    }
}
