//! The parts of the world that the app can replace, and the options as `requests.js` takes them.

use std::fmt;

use js_sys::{Array, Function};
use wasm_bindgen::prelude::*;

use super::js::{self, Record};
use crate::core::{AuthRequest, Credentials, ExpiresInUnit, Options, ResponseShape};

#[wasm_bindgen(module = "/src/web/browser.js")]
extern "C" {
    #[wasm_bindgen(js_name = ownFetch)]
    fn own_fetch() -> Function;

    #[wasm_bindgen(js_name = ownOrigin)]
    fn own_origin() -> JsValue;
}

/// Decides whether a response means a stale token.
#[derive(Clone, Debug)]
pub enum Rejected {
    /// These statuses say so.
    Statuses(Vec<u16>),
    /// This function says so: given a clone of the response, it returns a boolean or a promise
    /// of one.
    Asked(Function),
}

/// The parts of the world that a manager works with.
#[derive(Clone)]
pub struct World {
    /// The `fetch` to use.
    pub fetch: Function,
    /// Decides whether a response means a stale token.
    pub rejected: Rejected,
}

impl World {
    /// The page's own `fetch`, as it is now, and the statuses of the options.
    pub fn of(options: &Options) -> World {
        World {
            fetch: own_fetch(),
            rejected: Rejected::Statuses(options.rejected.clone()),
        }
    }

    /// The options as `Settings` in `requests.js`.
    pub(super) fn settings(&self, options: &Options) -> JsValue {
        let settings = Record::new();
        settings.set("fetch", &self.fetch);
        settings.set("rejected", &self.rejected.written());
        settings.set("attachTo", &origins(options.attach_to.as_deref()));
        settings.set_text("name", &options.name);
        settings.set("restore", &options.restore.into());
        let refresh = request(&options.refresh.request);
        refresh.set("timeout", &(options.refresh.timeout as f64).into());
        refresh.set("ended", &statuses(&options.refresh.ended));
        refresh.set("response", paths(&options.refresh.response).as_ref());
        settings.set("refresh", refresh.as_ref());
        if let Some(logout) = &options.logout {
            let written = request(&logout.request);
            written.set("withToken", &logout.with_token.into());
            settings.set("logout", written.as_ref());
        }
        let shape = options.sign_in.as_ref();
        let sign_in = Record::new();
        let shape = paths(shape.unwrap_or(&options.refresh.response));
        sign_in.set("response", shape.as_ref());
        settings.set("signIn", sign_in.as_ref());
        settings.into()
    }
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("World(..)")
    }
}

impl Rejected {
    fn written(&self) -> JsValue {
        match self {
            Rejected::Statuses(list) => statuses(list),
            Rejected::Asked(function) => function.into(),
        }
    }
}

fn request(request: &AuthRequest) -> Record {
    let record = Record::new();
    record.set_text("url", &request.url);
    record.set_text("method", &request.method);
    let headers = Array::new();
    for (name, value) in &request.headers {
        let pair = Array::new();
        js::push(&pair, name);
        js::push(&pair, value);
        headers.push(&pair);
    }
    record.set("headers", &headers);
    if let Some(body) = &request.body {
        let written = Record::new();
        written.set_text("text", &body.text);
        if let Some(content_type) = body.content_type {
            written.set_text("type", content_type);
        }
        record.set("body", written.as_ref());
    }
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

fn paths(shape: &ResponseShape) -> Record {
    let paths = Record::new();
    paths.set_text("token", &shape.token);
    paths.set_text("expiresIn", &shape.expires_in);
    paths.set_text("expiresAt", &shape.expires_at);
    if shape.expires_in_unit == ExpiresInUnit::Milliseconds {
        paths.set_text("expiresInUnit", "ms");
    }
    paths
}

fn origins(allowed: Option<&[String]>) -> Array {
    let origins = Array::new();
    match allowed {
        Some(allowed) => allowed.iter().for_each(|origin| js::push(&origins, origin)),
        None => drop(origins.push(&own_origin())),
    }
    origins
}

fn statuses(statuses: &[u16]) -> JsValue {
    let list = Array::new();
    for status in statuses {
        list.push(&(*status).into());
    }
    list.into()
}

fn mode(credentials: Credentials) -> &'static str {
    match credentials {
        Credentials::Include => "include",
        Credentials::SameOrigin => "same-origin",
        Credentials::Omit => "omit",
    }
}
