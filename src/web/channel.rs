//! News between tabs: `BroadcastChannel`s that carry the machine's messages as bytes.

use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;

use super::js::{self, Callback};
use crate::core::{Message, TabId};

#[wasm_bindgen(module = "/src/web/browser.js")]
extern "C" {
    #[wasm_bindgen(js_name = Channel)]
    type Open;

    #[wasm_bindgen(constructor, js_class = Channel, catch)]
    fn new(group: &str, own: u64, hear: &JsValue) -> Result<Open, JsValue>;

    #[wasm_bindgen(method, js_class = Channel)]
    fn post(this: &Open, message: &[u8], to: Option<u64>);

    #[wasm_bindgen(method, js_class = Channel)]
    fn close(this: &Open);
}

pub(crate) struct Channel {
    open: Open,
    _hear: Callback,
}

impl Channel {
    /// Opens the channel of a group, for its tab `own`. `None` where there is no such thing.
    pub(crate) fn open(
        group: &str,
        TabId(own): TabId,
        hear: impl Fn(Message) + 'static,
    ) -> Option<Channel> {
        let hear = js::callback(move |bytes| {
            let bytes: Uint8Array = bytes.unchecked_into();
            if let Some(message) = Message::decode(&bytes.to_vec()) {
                hear(message);
            }
        });
        Some(Channel {
            open: Open::new(group, own, hear.as_ref()).ok()?,
            _hear: hear,
        })
    }

    pub(crate) fn post(&self, message: &Message) {
        let to = message.to().map(|TabId(to)| to);
        self.open.post(&message.encode(), to);
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        self.open.close();
    }
}
