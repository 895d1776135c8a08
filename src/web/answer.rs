//! What the auth endpoints answer, made sense of: any status, any body, any shape.

use js_sys::Date;
use wasm_bindgen::prelude::*;
use web_sys::Response;

use super::{clock, js};
use crate::core::{Answer, Failure, Fields, Grant, ResponseShape};

/// The answer that a response's status alone gives to a refresh; `None`: it is in the body.
pub(crate) fn of_status(response: &Response, ended: &[u16]) -> Option<Answer> {
    let status = response.status();
    if ended.contains(&status) {
        Some(Answer::Ended)
    } else if !response.ok() {
        Some(failed(Failure::Status(status), retry_after(response)))
    } else {
        None
    }
}

/// The answer that a body gives to a refresh.
pub(crate) fn of_grant(grant: Result<Grant, Failure>) -> Answer {
    match grant {
        Ok(grant) => Answer::Granted(grant),
        Err(failure) => failed(failure, None),
    }
}

/// A refresh that got no answer.
pub(crate) fn none() -> Answer {
    failed(Failure::Network, None)
}

/// Whether the answer to a logout request says that the session is over at the backend.
pub(crate) fn confirms_logout(answer: Result<JsValue, JsValue>) -> bool {
    let session_is_gone = |response: Response| response.ok() || response.status() == 401;
    response(answer).is_ok_and(session_is_gone)
}

/// What `fetch` has answered, if it is a response.
pub(crate) fn response(answer: Result<JsValue, JsValue>) -> Result<Response, JsValue> {
    answer?.dyn_into()
}

/// What else there is to know of a response when its body has been read.
pub(crate) struct Head {
    status: u16,
    server_time: Option<f64>,
}

impl Head {
    pub(crate) fn of(response: &Response) -> Head {
        Head {
            status: response.status(),
            server_time: date(response),
        }
    }

    /// Of JSON that came without a response.
    pub(crate) fn unknown() -> Head {
        Head {
            status: 200,
            server_time: None,
        }
    }

    /// Reads the token out of the body.
    pub(crate) fn grant(
        &self,
        body: Result<JsValue, JsValue>,
        shape: &ResponseShape,
    ) -> Result<Grant, Failure> {
        body.ok()
            .and_then(|json| grant_of(&json, shape, self.server_time))
            .ok_or(Failure::Malformed(self.status))
    }
}

fn grant_of(json: &JsValue, shape: &ResponseShape, server_time: Option<f64>) -> Option<Grant> {
    let fields = Fields {
        token: at(json, &shape.token).as_string(),
        expires_in: number(&at(json, &shape.expires_in)),
        expires_at: moment(&at(json, &shape.expires_at)),
        server_time,
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

/// The server's clock when it answered, in epoch milliseconds.
fn date(response: &Response) -> Option<f64> {
    let time = Date::parse(&header(response, "Date")?);
    time.is_finite().then_some(time)
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
