//! The options as JavaScript gives them, made into [`Options`]: every field is read by name, and
//! whatever is wrong is said of that name.

use std::borrow::Cow;

use js_sys::{Array, Function, JSON, Object, Reflect};
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;
use web_sys::{Headers, Url};

use super::js;
use super::world::{Rejected, World};
use crate::core::{
    AuthRequest, Body, Credentials, Csrf, Error, ExpiresInUnit, Logout, Options, Refresh,
    ResponseShape,
};

const REQUEST: [&str; 6] = ["url", "method", "headers", "body", "credentials", "csrf"];

/// Reads everything.
///
/// # Errors
///
/// [`Error::InvalidOption`] for the first one that is unknown or ill-typed.
pub(crate) fn read(value: JsValue) -> Result<(Options, World), Error> {
    let reader = Reader::new(
        Cow::Borrowed("options"),
        value,
        &[
            "refresh",
            "logout",
            "signIn",
            "rejected",
            "attachTo",
            "name",
            "restore",
            "fetch",
            "exposeToken",
        ],
    )?;
    let reader = Reader {
        path: Cow::Borrowed(""),
        ..reader
    };
    let mut options = Options::new("");
    options.refresh = refresh(&reader)?;
    options.logout = logout(&reader)?;
    options.sign_in = match reader.child("signIn", &["response"])? {
        Some(sign_in) => response(&sign_in, options.refresh.response.clone()).map(Some)?,
        None => None,
    };
    options.attach_to = reader.take("attachTo", "must be an array of origins")?;
    // Only the face has a use for it.
    let _: Option<bool> = reader.take("exposeToken", "must be a boolean")?;
    reader.replace("name", &mut options.name, "must be a string")?;
    reader.replace("restore", &mut options.restore, "must be a boolean")?;
    let mut world = World::of(&options);
    if let Some(fetch) = reader.function("fetch")? {
        world.fetch = fetch;
    }
    world.rejected = match reader.value("rejected") {
        Some(value) if value.is_function() => Rejected::Asked(value.unchecked_into()),
        _ => {
            reader.replace(
                "rejected",
                &mut options.rejected,
                "must be an array of statuses or a function",
            )?;
            Rejected::Statuses(options.rejected.clone())
        }
    };
    Ok((options, world))
}

fn refresh(options: &Reader) -> Result<Refresh, Error> {
    let Some(value) = options.value("refresh") else {
        return Err(Error::invalid(
            "refresh",
            "is required: a URL, or an object with a url",
        ));
    };
    let mut refresh = Options::new(url(&value).unwrap_or_default()).refresh;
    if url(&value).is_some() {
        return Ok(refresh);
    }
    let extra = ["response", "ended", "timeout"];
    let reader = Reader::new(
        Cow::Borrowed("refresh"),
        value,
        &[&REQUEST[..], &extra].concat(),
    )?;
    refresh.request = request(&reader)?;
    refresh.response = response(&reader, ResponseShape::default())?;
    reader.replace("ended", &mut refresh.ended, "must be an array of statuses")?;
    let mut timeout = refresh.timeout as f64;
    reader.replace("timeout", &mut timeout, "must be a number of milliseconds")?;
    // What is no whole number of them is out of range, too.
    refresh.timeout = if timeout.fract() == 0.0 {
        timeout as u64
    } else {
        0
    };
    Ok(refresh)
}

fn logout(options: &Reader) -> Result<Option<Logout>, Error> {
    let Some(value) = options.value("logout") else {
        return Ok(None);
    };
    if let Some(url) = url(&value) {
        return Ok(Some(Logout {
            request: AuthRequest::post(url),
            with_token: false,
        }));
    }
    let reader = Reader::new(
        Cow::Borrowed("logout"),
        value,
        &[&REQUEST[..], &["withToken"]].concat(),
    )?;
    let mut with_token = false;
    reader.replace("withToken", &mut with_token, "must be a boolean")?;
    Ok(Some(Logout {
        request: request(&reader)?,
        with_token,
    }))
}

fn request(reader: &Reader) -> Result<AuthRequest, Error> {
    let url = reader.value("url").as_ref().and_then(url);
    let url = url.ok_or_else(|| reader.invalid("url", "must be a string or a URL"))?;
    let mut request = AuthRequest::post(url);
    reader.replace("method", &mut request.method, "must be a string")?;
    if let Some(headers) = reader.value("headers") {
        request.headers = header_list(&headers)
            .ok_or_else(|| reader.invalid("headers", "must be an object of strings, or Headers"))?;
    }
    if let Some(value) = reader.value("body") {
        let problem = "must be a string, URLSearchParams, or an object that is sent as JSON";
        request.body = Some(body(&value).ok_or_else(|| reader.invalid("body", problem))?);
    }
    let credentials: Option<String> = reader.take("credentials", CREDENTIALS)?;
    request.credentials = match credentials.as_deref() {
        None => None,
        Some("include") => Some(Credentials::Include),
        Some("same-origin") => Some(Credentials::SameOrigin),
        Some("omit") => Some(Credentials::Omit),
        Some(_) => return Err(reader.invalid("credentials", CREDENTIALS)),
    };
    if let Some(csrf) = reader.child("csrf", &["cookie", "header"])? {
        request.csrf = Some(Csrf {
            cookie: csrf.require("cookie", "must be a cookie's name")?,
            header: csrf.require("header", "must be a header's name")?,
        });
    }
    Ok(request)
}

const CREDENTIALS: &str = "must be include, same-origin or omit";

fn response(reader: &Reader, mut shape: ResponseShape) -> Result<ResponseShape, Error> {
    let fields = ["token", "expiresIn", "expiresInUnit", "expiresAt"];
    let Some(reader) = reader.child("response", &fields)? else {
        return Ok(shape);
    };
    let path = "must be a dotted path such as data.access_token";
    reader.replace("token", &mut shape.token, path)?;
    reader.replace("expiresIn", &mut shape.expires_in, path)?;
    reader.replace("expiresAt", &mut shape.expires_at, path)?;
    let unit: Option<String> = reader.take("expiresInUnit", UNIT)?;
    match unit.as_deref() {
        None => {}
        Some("s") => shape.expires_in_unit = ExpiresInUnit::Seconds,
        Some("ms") => shape.expires_in_unit = ExpiresInUnit::Milliseconds,
        Some(_) => return Err(reader.invalid("expiresInUnit", UNIT)),
    }
    Ok(shape)
}

const UNIT: &str = "must be \"s\" or \"ms\"";

/// An object of options and its dotted name.
struct Reader {
    path: Cow<'static, str>,
    object: JsValue,
}

impl Reader {
    fn new(path: Cow<'static, str>, object: JsValue, known: &[&str]) -> Result<Reader, Error> {
        if !object.is_object() || Array::is_array(&object) {
            return Err(Error::invalid(path, "must be an object"));
        }
        let reader = Reader { path, object };
        for key in Object::keys(reader.object.unchecked_ref::<Object>()).iter() {
            let key = key.as_string().unwrap_or_default();
            if !known.contains(&key.as_str()) {
                let whole = if reader.path == "options" {
                    Cow::Owned(key)
                } else {
                    reader.name(&key)
                };
                return Err(Error::invalid(whole, "is unknown"));
            }
        }
        Ok(reader)
    }

    fn child(&self, key: &str, known: &[&str]) -> Result<Option<Reader>, Error> {
        self.value(key)
            .map(|value| Reader::new(self.name(key), value, known))
            .transpose()
    }

    /// `None` if it is not set. A getter that throws counts as that.
    fn value(&self, key: &str) -> Option<JsValue> {
        let value = js::get(&self.object, key);
        (!value.is_undefined()).then_some(value)
    }

    fn take<T: DeserializeOwned>(
        &self,
        key: &str,
        problem: &'static str,
    ) -> Result<Option<T>, Error> {
        self.value(key)
            .map(|value| {
                serde_wasm_bindgen::from_value(value).map_err(|_| self.invalid(key, problem))
            })
            .transpose()
    }

    fn require<T: DeserializeOwned>(&self, key: &str, problem: &'static str) -> Result<T, Error> {
        self.take(key, problem)?
            .ok_or_else(|| self.invalid(key, problem))
    }

    fn replace<T: DeserializeOwned>(
        &self,
        key: &str,
        place: &mut T,
        problem: &'static str,
    ) -> Result<(), Error> {
        if let Some(value) = self.take(key, problem)? {
            *place = value;
        }
        Ok(())
    }

    fn function(&self, key: &str) -> Result<Option<Function>, Error> {
        self.value(key)
            .map(|value| {
                value
                    .dyn_into()
                    .map_err(|_| self.invalid(key, "must be a function"))
            })
            .transpose()
    }

    fn invalid(&self, key: &str, problem: &'static str) -> Error {
        Error::invalid(self.name(key), problem)
    }

    fn name(&self, key: &str) -> Cow<'static, str> {
        if self.path.is_empty() {
            return Cow::Owned(key.to_owned());
        }
        Cow::Owned([&self.path, ".", key].concat())
    }
}

fn url(value: &JsValue) -> Option<String> {
    value
        .as_string()
        .or_else(|| value.dyn_ref::<Url>().map(Url::href))
}

/// Headers in any form that `fetch` takes; values must be strings.
fn header_list(value: &JsValue) -> Option<Vec<(String, String)>> {
    if !value.is_object() {
        return None;
    }
    let is_list = value.is_instance_of::<Headers>() || Array::is_array(value);
    let entries = if is_list {
        Array::from(value)
    } else {
        Object::entries(value.unchecked_ref::<Object>())
    };
    serde_wasm_bindgen::from_value(entries.into()).ok()
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
