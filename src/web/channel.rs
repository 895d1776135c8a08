//! News between tabs: a `BroadcastChannel` that carries the machine's messages as bytes.

use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;

use super::js::{self, Callback};
use crate::core::Message;

#[wasm_bindgen(module = "/src/web/browser.js")]
extern "C" {
    #[wasm_bindgen(js_name = Channel)]
    type Open;

    #[wasm_bindgen(constructor, js_class = Channel, catch)]
    fn new(name: &str, hear: &JsValue) -> Result<Open, JsValue>;

    #[wasm_bindgen(method, js_class = Channel)]
    fn post(this: &Open, message: &[u8]);

    #[wasm_bindgen(method, js_class = Channel)]
    fn close(this: &Open);
}

pub(crate) struct Channel {
    open: Open,
    _hear: Callback,
}

impl Channel {
    /// Opens the channel of a group. `None` where there is no such thing.
    pub(crate) fn open(name: &str, hear: impl Fn(Message) + 'static) -> Option<Channel> {
        let hear = js::callback(move |bytes| {
            let bytes: Uint8Array = bytes.unchecked_into();
            if let Some(message) = Message::decode(&bytes.to_vec()) {
                hear(message);
            }
        });
        Some(Channel {
            open: Open::new(name, hear.as_ref()).ok()?,
            _hear: hear,
        })
    }

    pub(crate) fn post(&self, message: &Message) {
        self.open.post(&message.encode());
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        self.open.close();
    }
}
