//! How a request of the app can fail.

use std::error;
use std::fmt;

use wasm_bindgen::{JsCast, JsValue};

use crate::core::Error;

/// Why [`TokenManager::fetch`](super::TokenManager::fetch) has no response to give.
#[derive(Clone, Debug)]
pub enum FetchError {
    /// The manager could not send it.
    Manager(Error),
    /// `fetch` itself rejected, or the caller aborted: the very value it rejected with.
    Fetch(JsValue),
}

impl fmt::Display for FetchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FetchError::Manager(error) => error.fmt(f),
            FetchError::Fetch(reason) => match reason.dyn_ref::<js_sys::Error>() {
                Some(error) => error.to_string().fmt(f),
                None => f.write_str("the request was rejected, or aborted"),
            },
        }
    }
}

impl error::Error for FetchError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            FetchError::Manager(error) => Some(error),
            FetchError::Fetch(_) => None,
        }
    }
}

impl From<Error> for FetchError {
    fn from(error: Error) -> FetchError {
        FetchError::Manager(error)
    }
}

/// From a value that JavaScript throws, or a promise rejects with.
impl From<JsValue> for FetchError {
    fn from(reason: JsValue) -> FetchError {
        FetchError::Fetch(reason)
    }
}
