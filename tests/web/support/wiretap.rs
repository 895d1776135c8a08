//! A listener on the channel between tabs.

use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;
use web_sys::{BroadcastChannel, MessageEvent};

use super::log::Log;

/// Hears every message of a group, and can post messages of its own.
pub struct Wiretap {
    pub messages: Log<Vec<u8>>,
    channel: BroadcastChannel,
    _hear: Closure<dyn FnMut(MessageEvent)>,
}

impl Wiretap {
    pub fn on(name: &str) -> Wiretap {
        let channel = BroadcastChannel::new(&format!("tokenhold:{name}")).unwrap();
        let messages = Log::default();
        let log = messages.clone();
        let hear = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            // Whatever else it is, is searched as text.
            let bytes = match event.data().dyn_into::<Uint8Array>() {
                Ok(bytes) => bytes.to_vec(),
                Err(other) => format!("{other:?}").into_bytes(),
            };
            log.push(bytes);
        });
        channel.set_onmessage(Some(hear.as_ref().unchecked_ref()));
        Wiretap {
            messages,
            channel,
            _hear: hear,
        }
    }

    pub fn say(&self, message: &JsValue) {
        self.channel.post_message(message).unwrap();
    }

    /// Whether the text has been in any message.
    pub fn has_heard(&self, text: &str) -> bool {
        let contains = |message: &Vec<u8>| {
            message
                .windows(text.len())
                .any(|window| window == text.as_bytes())
        };
        !self.messages.those(contains).is_empty()
    }
}

impl Drop for Wiretap {
    fn drop(&mut self) {
        self.channel.set_onmessage(None);
        self.channel.close();
    }
}
