//! The parts of the world that the app can replace, and the options as `requests.js` takes them.

use std::fmt;

use js_sys::{Array, Function};
use wasm_bindgen::prelude::*;

use super::js::{self, Record};
use crate::core::{
    AuthRequest, Credentials, Csrf, ExpiresInUnit, Logout, Options, Refresh, ResponseShape,
};

#[wasm_bindgen(module = "/src/web/browser.js")]
extern "C" {
    #[wasm_bindgen(js_name = ownFetch)]
    fn own_fetch() -> Function;
}

#[wasm_bindgen(module = "/src/web/requests.js")]
extern "C" {
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
    /// Functions in the place of what the options say.
    pub functions: Functions,
}

/// Functions of JavaScript that decide, in the place of what the options say. Each is given a response, and
/// returns a value or a promise of one.
#[derive(Clone, Default)]
pub struct Functions {
    /// `refresh.ended`: whether the answer, a clone of it, means that the session is over.
    pub ended: Option<Function>,
    /// `refresh.response`: the `token` in the answer, with `expiresIn` or `expiresAt`, or `null`.
    pub response: Option<Function>,
    /// `signIn.response`: the same for `TokenManager::sign_in`.
    pub sign_in_response: Option<Function>,
    /// `logout.confirmed`: whether the answer, a clone of it, means that the backend has ended the session.
    pub confirmed: Option<Function>,
}

impl World {
    /// The page's own `fetch`, as it is now, and the statuses of the options.
    pub fn of(options: &Options) -> World {
        World {
            fetch: own_fetch(),
            rejected: Rejected::Statuses(options.rejected.clone()),
            functions: Functions::default(),
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
        settings.set_text("scheme", &options.scheme);
        settings.set_text("header", &options.header);
        if let Some(names) = &options.csrf {
            settings.set("csrf", csrf(names).as_ref());
        }
        let identity = texts(&options.identity);
        settings.set("identity", &identity);
        let refresh = self.refresh(&options.refresh);
        refresh.set("identity", &identity);
        settings.set("refresh", refresh.as_ref());
        if let Some(logout) = &options.logout {
            settings.set("logout", self.logout(logout).as_ref());
        }
        let sign_in = Record::new();
        let shape = options.sign_in.as_ref();
        let shape = paths(shape.unwrap_or(&options.refresh.response)).into();
        let Functions {
            response,
            sign_in_response,
            ..
        } = &self.functions;
        let inherited = response.as_ref().filter(|_| options.sign_in.is_none());
        let function = sign_in_response.as_ref().or(inherited);
        sign_in.set("response", &function.map_or(shape, JsValue::from));
        sign_in.set("ended", &Array::new());
        sign_in.set("identity", &identity);
        settings.set("signIn", sign_in.as_ref());
        settings.into()
    }

    fn refresh(&self, options: &Refresh) -> Record {
        let Functions {
            ended, response, ..
        } = &self.functions;
        let refresh = request(&options.request);
        refresh.set("timeout", &(options.timeout as f64).into());
        let statuses = statuses(&options.ended);
        refresh.set("ended", &ended.as_ref().map_or(statuses, JsValue::from));
        let shape = paths(&options.response).into();
        refresh.set("response", &response.as_ref().map_or(shape, JsValue::from));
        refresh
    }

    fn logout(&self, options: &Logout) -> Record {
        let logout = request(&options.request);
        logout.set("withToken", &options.with_token.into());
        if let Some(function) = &self.functions.confirmed {
            logout.set("confirmed", function);
        } else if let Some(confirmed) = &options.confirmed {
            logout.set("confirmed", &statuses(confirmed));
        }
        logout
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
        record.set("csrf", csrf(names).as_ref());
    }
    record
}

fn csrf(names: &Csrf) -> Record {
    let csrf = Record::new();
    csrf.set_text("cookie", &names.cookie);
    csrf.set_text("header", &names.header);
    csrf
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
    match allowed {
        Some(allowed) => texts(allowed),
        None => Array::of1(&own_origin()),
    }
}

fn texts(texts: &[String]) -> Array {
    let list = Array::new();
    texts.iter().for_each(|text| js::push(&list, text));
    list
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
