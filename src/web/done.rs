//! How the app learns the outcome of a call.

use wasm_bindgen::JsValue;

use super::error::FetchError;
use crate::core::{AccessToken, Error};

/// Called once with the outcome. It is a plain callback, because the npm package turns it into a promise,
/// and an app in Rust into a future.
pub(crate) type Done = Box<dyn FnOnce(Result<Outcome, FetchError>)>;

/// The result of a call that succeeded.
pub(crate) enum Outcome {
    /// The call has no result.
    Nothing,
    /// The response to a request.
    Response(JsValue),
    /// The token, if there is one.
    Token(Option<AccessToken>),
}

impl From<Outcome> for JsValue {
    fn from(outcome: Outcome) -> JsValue {
        match outcome {
            Outcome::Nothing => JsValue::UNDEFINED,
            Outcome::Response(response) => response,
            Outcome::Token(Some(token)) => token.expose().into(),
            Outcome::Token(None) => JsValue::NULL,
        }
    }
}

/// The outcome of a call without a result.
pub(crate) fn done(outcome: Result<(), Error>) -> Result<Outcome, FetchError> {
    match outcome {
        Ok(()) => Ok(Outcome::Nothing),
        Err(error) => Err(error.into()),
    }
}
