//! The answers of the auth endpoints, as `answers.js` has read them.

use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;

use super::js::Record;
use super::{claims, clock};
use crate::core::{Answer, ExpiresInUnit, Failure, Fields, TokenResponse};

#[wasm_bindgen(module = "/src/web/answers.js")]
extern "C" {
    /// A promise of what [`token_response`] reads.
    pub(crate) fn read(response: &JsValue, reading: &JsValue) -> Promise;

    /// Calls the app's login: a promise of what [`token_response`] reads.
    #[wasm_bindgen(js_name = logIn)]
    pub(crate) fn of_login(login: &Function, reading: &JsValue) -> Promise;

    #[wasm_bindgen(js_name = isResponse)]
    pub(crate) fn is_response(value: &JsValue) -> bool;

    #[wasm_bindgen(js_name = given, catch)]
    fn read_json(json: &JsValue, reading: &JsValue) -> Result<JsValue, JsValue>;
}

/// The outcome of a refresh, and the value that `fetch` has rejected it with.
pub(crate) fn of_refresh(answer: Result<JsValue, JsValue>) -> (Answer, JsValue) {
    let answer = match answer {
        Ok(answer) => Record::of(answer),
        Err(cause) => return (failed(Failure::Network, None), cause),
    };
    let made = match token_response(&answer) {
        _ if answer.get("isOver").is_truthy() => Answer::Ended,
        Ok(response) => Answer::Granted(response),
        Err(failure) => {
            let wait = answer.number("retryAfter").filter(|ms| *ms >= 0.0);
            failed(failure, wait.map(|ms| ms as u64))
        }
    };
    (made, JsValue::UNDEFINED)
}

/// Whether the endpoint has answered 403.
pub(crate) fn is_forbidden(answer: &Result<JsValue, JsValue>) -> bool {
    let Ok(answer) = answer else { return false };
    Record::of(answer.clone()).number("status") == Some(403.0)
}

/// The token in JSON that came without a response.
pub(crate) fn given(json: &JsValue, reading: &JsValue) -> Result<TokenResponse, Failure> {
    let answer = read_json(json, reading);
    token_response(&Record::of(answer.unwrap_or_default()))
}

/// The token in what an endpoint has answered.
pub(crate) fn token_response(answer: &Record) -> Result<TokenResponse, Failure> {
    let status = answer.number("status").unwrap_or_default() as u16;
    if !(200..300).contains(&status) {
        return Err(Failure::Status(status));
    }
    let token = answer.text("token");
    let said = answer.record("claims");
    let fields = Fields {
        server_time: answer.number("serverTime").filter(|time| time.is_finite()),
        claims: token
            .as_deref()
            .and_then(|token| claims::read(token, &said)),
        token,
        expires_in: answer.number("expiresIn"),
        expires_at: answer.number("expiresAt"),
    };
    let unit = match answer.get("isInMs").is_truthy() {
        true => ExpiresInUnit::Milliseconds,
        false => ExpiresInUnit::Seconds,
    };
    TokenResponse::read(fields, unit, clock::now()).ok_or(Failure::Malformed(status))
}

fn failed(failure: Failure, retry_after: Option<u64>) -> Answer {
    Answer::Failed {
        failure,
        retry_after,
    }
}
