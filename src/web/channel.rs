//! News between tabs: a `BroadcastChannel` that carries the machine's messages as bytes.

use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;
use web_sys::BroadcastChannel;

use super::js::{self, Callback};
use crate::core::Message;

/// No message is longer.
const MAX_LENGTH: u32 = 128 * 1024;

pub(crate) struct Channel {
    channel: BroadcastChannel,
    _on_message: Callback,
}

impl Channel {
    /// Opens the channel of a group. `None` where there is no such thing.
    pub(crate) fn open(name: &str, hear: impl Fn(Message) + 'static) -> Option<Channel> {
        let channel = BroadcastChannel::new(name).ok()?;
        let on_message = js::callback(move |event| {
            if let Some(message) = read(&js::get(&event, "data")) {
                hear(message);
            }
        });
        channel.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        Some(Channel {
            channel,
            _on_message: on_message,
        })
    }

    pub(crate) fn post(&self, message: &Message) {
        let bytes = Uint8Array::from(message.encode().as_slice());
        // It fails only when closed, and then there is nobody to tell.
        let _ = self.channel.post_message(&bytes);
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        self.channel.set_onmessage(None);
        self.channel.close();
    }
}

fn read(data: &JsValue) -> Option<Message> {
    let bytes = data.dyn_ref::<Uint8Array>()?;
    if bytes.length() > MAX_LENGTH {
        return None;
    }
    Message::decode(&bytes.to_vec())
}
