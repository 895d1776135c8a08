//! Counts the channels and listeners of the page.

use js_sys::Function;
use wasm_bindgen::prelude::*;

use super::js::get;

/// Counts every open channel, and every listener of the window and the document, while it lives.
pub struct Ears(JsValue);

const WATCH: &str = "
    const [open, added, targets] = [new Set(), [], [globalThis, document]];
    const Channel = globalThis.BroadcastChannel;
    globalThis.BroadcastChannel = class extends Channel {
        constructor(name) { super(name); open.add(this); }
        close() { open.delete(this); super.close(); }
    };
    for (const target of targets) {
        target.addEventListener = (...args) => {
            added.push([target, args[0], args[1]].join());
            EventTarget.prototype.addEventListener.apply(target, args);
        };
        target.removeEventListener = (...args) => {
            const place = added.indexOf([target, args[0], args[1]].join());
            if (place >= 0) added.splice(place, 1);
            EventTarget.prototype.removeEventListener.apply(target, args);
        };
    }
    return {
        channels: () => open.size,
        listeners: () => added.length,
        release() {
            globalThis.BroadcastChannel = Channel;
            for (const target of targets) {
                delete target.addEventListener;
                delete target.removeEventListener;
            }
        },
    };
";

impl Ears {
    pub fn watch() -> Ears {
        let ears = Function::new_no_args(WATCH).call0(&JsValue::UNDEFINED);
        Ears(ears.unwrap())
    }

    /// How many channels are open, and how many listeners there are.
    pub fn open(&self) -> (u32, u32) {
        let count = |what| self.tell(what).as_f64().unwrap() as u32;
        (count("channels"), count("listeners"))
    }

    fn tell(&self, what: &str) -> JsValue {
        let method: Function = get(&self.0, what).unchecked_into();
        method.call0(&self.0).unwrap()
    }
}

impl Drop for Ears {
    fn drop(&mut self) {
        self.tell("release");
    }
}
