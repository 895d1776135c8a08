//! What the auth endpoints answer, made sense of: any status, any body, any shape.

use js_sys::{Date, Promise};
use wasm_bindgen::prelude::*;
use web_sys::Response;

use super::{clock, js};
use crate::core::{Answer, Failure, Fields, Grant, ResponseShape};

/// Awaits the answer to a refresh request. The `JsValue` is what `fetch` rejected with.
pub(crate) async fn of_refresh(
    sent: Result<Promise, JsValue>,
    shape: &ResponseShape,
    ended: &[u16],
) -> (Answer, JsValue) {
    let response = match response(js::settled(sent).await) {
        Ok(response) => response,
        Err(cause) => return (failed(Failure::Network, None), cause),
    };
    let status = response.status();
    let answer = if ended.contains(&status) {
        Answer::Ended
    } else if !response.ok() {
        failed(Failure::Status(status), retry_after(&response))
    } else {
        match grant_in(&response, shape).await {
            Ok(grant) => Answer::Granted(grant),
            Err(failure) => failed(failure, None),
        }
    };
    (answer, JsValue::UNDEFINED)
}

/// Whether the answer to a logout request says that the session is over at the backend.
pub(crate) fn confirms_logout(answer: Result<JsValue, JsValue>) -> bool {
    let session_is_gone = |response: Response| response.ok() || response.status() == 401;
    response(answer).is_ok_and(session_is_gone)
}

/// Reads the token out of what a login endpoint returned: a `Response`, or the JSON in it.
pub(crate) async fn of_sign_in(returned: JsValue, shape: &ResponseShape) -> Result<Grant, Failure> {
    match returned.dyn_into::<Response>() {
        Ok(response) if !response.ok() => Err(Failure::Status(response.status())),
        Ok(response) => grant_in(&response, shape).await,
        Err(json) => grant_of(&json, shape, None).ok_or(Failure::Malformed(200)),
    }
}

fn response(answer: Result<JsValue, JsValue>) -> Result<Response, JsValue> {
    answer?.dyn_into()
}

async fn grant_in(response: &Response, shape: &ResponseShape) -> Result<Grant, Failure> {
    let malformed = Failure::Malformed(response.status());
    let json = js::settled(response.json()).await.map_err(|_| malformed)?;
    let server_time = header(response, "Date").map(|date| Date::parse(&date));
    grant_of(&json, shape, server_time).ok_or(malformed)
}

fn grant_of(json: &JsValue, shape: &ResponseShape, server_time: Option<f64>) -> Option<Grant> {
    let fields = Fields {
        token: at(json, &shape.token).as_string(),
        expires_in: number(&at(json, &shape.expires_in)),
        expires_at: moment(&at(json, &shape.expires_at)),
        server_time: server_time.filter(|time| time.is_finite()),
    };
    Grant::read(fields, shape.expires_in_unit, clock::now())
}

/// Follows a dotted path; `undefined` where it leads nowhere.
fn at(json: &JsValue, path: &str) -> JsValue {
    path.split('.').fold(json.clone(), |value, key| {
        if value.is_object() {
            js::get(&value, key)
        } else {
            JsValue::UNDEFINED
        }
    })
}

/// A number, or a text that is one.
fn number(value: &JsValue) -> Option<f64> {
    let is_one = value.as_f64().is_some() || value.is_string();
    is_one.then(|| value.unchecked_into_f64())
}

/// A number, or an ISO 8601 date.
fn moment(value: &JsValue) -> Option<f64> {
    match value.as_string() {
        // `Date.parse` takes almost anything; a year and a dash keep it to ISO 8601.
        Some(text) if text.as_bytes().get(4) == Some(&b'-') => Some(Date::parse(&text)),
        _ => number(value),
    }
}

/// Milliseconds to wait (RFC 9110, section 10.2.3): seconds, or a date.
fn retry_after(response: &Response) -> Option<u64> {
    let value = JsValue::from(header(response, "Retry-After")?);
    let seconds = value.unchecked_into_f64();
    let ms = if seconds.is_nan() {
        let server_time = header(response, "Date").map(|date| Date::parse(&date));
        let now = server_time
            .filter(|time| time.is_finite())
            .unwrap_or_else(|| clock::now().wall as f64);
        Date::parse(&value.as_string()?) - now
    } else {
        seconds * 1_000.0
    };
    (ms >= 0.0).then_some(ms as u64)
}

fn header(response: &Response, name: &str) -> Option<String> {
    response.headers().get(name).ok().flatten()
}

fn failed(failure: Failure, retry_after: Option<u64>) -> Answer {
    Answer::Failed {
        failure,
        retry_after,
    }
}
