//! What the auth endpoints answer, as `browser.js` has read it.

use js_sys::{Array, Promise};
use wasm_bindgen::prelude::*;
use web_sys::Response;

use super::{claims, clock};
use crate::core::{Answer, Failure, Fields, ResponseShape, TokenResponse};

#[wasm_bindgen(module = "/src/web/browser.js")]
extern "C" {
    #[wasm_bindgen(js_name = read)]
    fn read_response(
        response: &Response,
        token: &str,
        expires_in: &str,
        expires_at: &str,
    ) -> Promise;

    #[wasm_bindgen(js_name = given, catch)]
    fn read_json(
        json: &JsValue,
        token: &str,
        expires_in: &str,
        expires_at: &str,
    ) -> Result<Array, JsValue>;
}

/// A promise of what [`token_response`] reads.
pub(crate) fn read(response: &Response, shape: &ResponseShape) -> Promise {
    read_response(response, &shape.token, &shape.expires_in, &shape.expires_at)
}

/// What has come of a refresh, and what `fetch` has rejected it with.
pub(crate) fn of_refresh(
    answer: Result<JsValue, JsValue>,
    ended: &[u16],
    shape: &ResponseShape,
) -> (Answer, JsValue) {
    let answer: Array = match answer {
        Ok(answer) => answer.unchecked_into(),
        Err(cause) => return (failed(Failure::Network, None), cause),
    };
    let made = match token_response(&answer, shape) {
        Ok(response) => Answer::Granted(response),
        Err(failure)
            if failure
                .status()
                .is_some_and(|status| ended.contains(&status)) =>
        {
            Answer::Ended
        }
        Err(failure) => {
            let wait = answer.get(1).as_f64().filter(|ms| *ms >= 0.0);
            failed(failure, wait.map(|ms| ms as u64))
        }
    };
    (made, JsValue::UNDEFINED)
}

/// The token in JSON that came without a response.
pub(crate) fn given(json: &JsValue, shape: &ResponseShape) -> Result<TokenResponse, Failure> {
    let answer = read_json(json, &shape.token, &shape.expires_in, &shape.expires_at);
    token_response(&answer.unwrap_or_default(), shape)
}

/// The token in what an endpoint has answered.
pub(crate) fn token_response(
    answer: &Array,
    shape: &ResponseShape,
) -> Result<TokenResponse, Failure> {
    let number = |index| answer.get(index).as_f64();
    let status = number(0).unwrap_or_default() as u16;
    if !(200..300).contains(&status) {
        return Err(Failure::Status(status));
    }
    let token = answer.get(3).as_string();
    let fields = Fields {
        server_time: number(2).filter(|time| time.is_finite()),
        claims: token.as_deref().and_then(claims::read),
        token,
        expires_in: number(4),
        expires_at: number(5),
    };
    TokenResponse::read(fields, shape.expires_in_unit, clock::now())
        .ok_or(Failure::Malformed(status))
}

fn failed(failure: Failure, retry_after: Option<u64>) -> Answer {
    Answer::Failed {
        failure,
        retry_after,
    }
}
