//! How the app learns what came of something.

use wasm_bindgen::JsValue;

use super::error::FetchError;
use crate::core::{AccessToken, Error};

/// Is told the outcome, once. A plain callback, because the npm package makes promises of them and Rust apps
/// futures.
pub(crate) type Done = Box<dyn FnOnce(Result<Outcome, FetchError>)>;

/// The result of something that went well.
pub(crate) enum Outcome {
    /// It is done.
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

/// The outcome of a call that has no more to say than how it went.
pub(crate) fn done(outcome: Result<(), Error>) -> Result<Outcome, FetchError> {
    match outcome {
        Ok(()) => Ok(Outcome::Nothing),
        Err(error) => Err(error.into()),
    }
}
