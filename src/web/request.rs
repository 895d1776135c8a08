//! The app's requests: `requests.js` sends each of them, perhaps twice.

use js_sys::{Array, Promise};
use wasm_bindgen::prelude::*;

use super::done::Done;
use super::js::{self, Callback};
use crate::core::Challenge;

#[wasm_bindgen(module = "/src/web/requests.js")]
extern "C" {
    /// A copy of the app's request, which the app can no longer change.
    #[derive(Clone)]
    pub(crate) type Outgoing;

    /// Makes a `Request` as `fetch(input, init)` does, and throws the same errors.
    #[wasm_bindgen(constructor, catch)]
    pub(crate) fn new(input: &JsValue, init: &JsValue) -> Result<Outgoing, JsValue>;

    #[wasm_bindgen(method, js_name = isFor)]
    pub(crate) fn is_for(this: &Outgoing, settings: &JsValue, endpoints: &Array) -> bool;

    /// After [`Outgoing::pass`]: whether it went to an origin that may not have the token, and was refused
    /// for want of one.
    #[wasm_bindgen(method, getter, js_name = lacksToken)]
    pub(crate) fn lacks_token(this: &Outgoing) -> bool;

    /// Sends it unchanged, without the manager.
    #[wasm_bindgen(method)]
    pub(crate) fn pass(this: &Outgoing, settings: &JsValue) -> Promise;

    /// Sends it, or a copy, with the token. The settings say which
    /// responses mean a stale token: [`Outgoing::challenge`].
    #[wasm_bindgen(method)]
    pub(crate) fn send(this: &Outgoing, settings: &JsValue, token: Option<&str>) -> Promise;

    #[wasm_bindgen(method, getter, js_name = challenge)]
    fn challenge_header(this: &Outgoing) -> Option<String>;

    /// The response that was taken for a rejection.
    #[wasm_bindgen(method, getter)]
    pub(crate) fn rejected(this: &Outgoing) -> JsValue;

    #[wasm_bindgen(method, getter, js_name = replayable)]
    pub(crate) fn is_replayable(this: &Outgoing) -> bool;

    /// Why the app has aborted it.
    #[wasm_bindgen(method, getter, js_name = reason)]
    pub(crate) fn abort_reason(this: &Outgoing) -> JsValue;

    #[wasm_bindgen(method, js_name = open)]
    fn open(this: &Outgoing, aborted: &JsValue);

    #[wasm_bindgen(method)]
    fn close(this: &Outgoing);
}

impl Outgoing {
    /// The challenge in its response, if the token was rejected.
    pub(crate) fn challenge(&self) -> Option<Challenge> {
        Some(Challenge::read(&self.challenge_header()?))
    }
}

/// A request or call of the app that waits for a token.
pub(crate) struct Pending {
    /// The request; `None` if the app asks for the token itself.
    pub(crate) outgoing: Option<Watched>,
    pub(crate) done: Done,
}

/// A request that the app may abort.
pub(crate) struct Watched {
    pub(crate) outgoing: Outgoing,
    _aborted: Callback,
}

impl Watched {
    pub(crate) fn new(outgoing: Outgoing, aborted: impl Fn() + 'static) -> Watched {
        let aborted = js::callback(move |_| aborted());
        outgoing.open(aborted.as_ref());
        Watched {
            outgoing,
            _aborted: aborted,
        }
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        self.outgoing.close();
    }
}
