//! A listener on the channels between tabs.

use js_sys::{Function, Uint8Array};
use wasm_bindgen::prelude::*;
use web_sys::BroadcastChannel;

use super::log::Log;

/// Hears every message of a group, whichever tab it is for, and can post messages to all of its tabs.
pub struct Wiretap {
    pub messages: Log<Vec<u8>>,
    channel: BroadcastChannel,
    release: Function,
    _hear: Closure<dyn FnMut(JsValue)>,
}

const WATCH: &str = "
    const { prototype } = BroadcastChannel;
    const { postMessage } = prototype;
    prototype.postMessage = function (message) {
        if (this.name === group || this.name.startsWith(group + ':tab:')) hear(message);
        postMessage.call(this, message);
    };
    return () => void (prototype.postMessage = postMessage);
";

impl Wiretap {
    pub fn on(name: &str) -> Wiretap {
        let group = format!("tokenhold:{name}");
        let messages = Log::default();
        let log = messages.clone();
        let hear = Closure::<dyn FnMut(JsValue)>::new(move |data: JsValue| {
            // Whatever else it is, is searched as text.
            let bytes = match data.dyn_into::<Uint8Array>() {
                Ok(bytes) => bytes.to_vec(),
                Err(other) => format!("{other:?}").into_bytes(),
            };
            log.push(bytes);
        });
        let watch = Function::new_with_args("group, hear", WATCH);
        let release = watch.call2(&JsValue::UNDEFINED, &group.as_str().into(), hear.as_ref());
        Wiretap {
            messages,
            channel: BroadcastChannel::new(&group).unwrap(),
            release: release.unwrap().unchecked_into(),
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
        self.release.call0(&JsValue::UNDEFINED).unwrap();
        self.channel.close();
    }
}
