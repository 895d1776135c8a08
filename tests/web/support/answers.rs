//! Answers of backends.

use base64ct::{Base64UrlUnpadded, Encoding};
use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;
use web_sys::{Headers, Response, ResponseInit};

/// The `n`th token that a fake backend issues: opaque, and easy to find wherever it leaks.
pub fn token(n: u32) -> String {
    format!("s3cret-{n}")
}

/// A token that lives for five minutes.
pub fn granted(token: &str) -> JsValue {
    json(&format!(
        r#"{{"access_token":"{token}","token_type":"Bearer","expires_in":300}}"#
    ))
}

pub fn json(body: &str) -> JsValue {
    response(200, &[("Content-Type", "application/json")], body)
}

pub fn html(status: u16) -> JsValue {
    response(
        status,
        &[("Content-Type", "text/html")],
        "<!doctype html><title>Oh no</title>",
    )
}

/// A status, and nothing else.
pub fn status(status: u16) -> JsValue {
    response(status, &[], "")
}

pub fn response(status: u16, headers: &[(&str, &str)], body: &str) -> JsValue {
    let list = Headers::new().unwrap();
    for (name, value) in headers {
        list.append(name, value).unwrap();
    }
    let init = ResponseInit::new();
    init.set_status(status);
    init.set_headers(&list);
    let body = (!body.is_empty()).then_some(body);
    Response::new_with_opt_str_and_init(body, &init)
        .unwrap()
        .into()
}

/// A JWT with this payload. Nobody checks its signature.
pub fn jwt(payload: &str) -> String {
    let encode = |part: &str| Base64UrlUnpadded::encode_string(part.as_bytes());
    let header = encode(r#"{"alg":"EdDSA"}"#);
    [header, encode(payload), encode("s3cret")].join(".")
}

/// A promise, and what resolves it.
pub fn deferred() -> (JsValue, impl Fn(JsValue) + Clone) {
    let mut resolve = None;
    let promise = Promise::new(&mut |fulfil: Function, _| resolve = Some(fulfil));
    let resolve = resolve.unwrap();
    let settle = move |value: JsValue| {
        resolve.call1(&JsValue::UNDEFINED, &value).unwrap();
    };
    (promise.into(), settle)
}
