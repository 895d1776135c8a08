//! How a request of the app can fail.

use wasm_bindgen::JsValue;

use crate::core::Error;

/// Why [`TokenManager::fetch`](super::TokenManager::fetch) has no response to give.
#[derive(Clone, Debug)]
pub enum FetchError {
    /// The manager could not send it.
    Manager(Error),
    /// `fetch` itself rejected, or the caller aborted: the very value it rejected with.
    Fetch(JsValue),
}

impl From<Error> for FetchError {
    fn from(error: Error) -> FetchError {
        FetchError::Manager(error)
    }
}
