//! The page's life, as the browser tells it.

use wasm_bindgen::prelude::*;
use web_sys::EventTarget;

use super::js::{self, Callback};

/// Something that happened to the page.
#[derive(Clone, Copy)]
pub(crate) enum PageEvent {
    /// It became visible, or hidden.
    Visibility(bool),
    /// It has the focus, or was thawed.
    Wake,
    /// The network is back.
    Online,
    /// It goes into the back/forward cache.
    Hide,
    /// It is back from there.
    Show,
}

const OF_THE_WINDOW: [&str; 4] = ["online", "focus", "pagehide", "pageshow"];
const OF_THE_DOCUMENT: [&str; 2] = ["resume", "visibilitychange"];

/// Listens to the page for as long as the listener lives. In a worker there is no page to listen
/// to, but the network comes and goes there too.
pub(crate) fn watch(tell: Box<dyn Fn(PageEvent)>) -> Listener {
    let mut listener = Listener::new(Callback::new(move |event: JsValue| {
        if let Some(happened) = read(&event) {
            tell(happened);
        }
        JsValue::UNDEFINED
    }));
    let window: JsValue = js_sys::global().into();
    let document = js::global("document");
    for kind in OF_THE_WINDOW {
        listener.add(&window, kind);
    }
    for kind in OF_THE_DOCUMENT {
        listener.add(&document, kind);
    }
    listener
}

fn read(event: &JsValue) -> Option<PageEvent> {
    let persisted = js::get(event, "persisted").is_truthy();
    match js::get(event, "type").as_string()?.as_str() {
        "online" => Some(PageEvent::Online),
        "pagehide" => persisted.then_some(PageEvent::Hide),
        "pageshow" => persisted.then_some(PageEvent::Show),
        "visibilitychange" => Some(PageEvent::Visibility(is_visible())),
        _ => Some(PageEvent::Wake),
    }
}

/// Whether a person may be looking; a worker never knows.
pub(crate) fn is_visible() -> bool {
    js::get(&js::global("document"), "visibilityState") != "hidden"
}

/// A callback for events, until it is dropped.
pub(crate) struct Listener {
    hear: Callback,
    heard: Vec<(EventTarget, &'static str)>,
}

impl Listener {
    pub(crate) fn new(hear: Callback) -> Listener {
        Listener {
            hear,
            heard: Vec::new(),
        }
    }

    /// Does nothing if there is no such target here.
    pub(crate) fn add(&mut self, target: &JsValue, kind: &'static str) {
        if target.is_undefined() {
            return;
        }
        let target: EventTarget = target.clone().unchecked_into();
        let hear = self.hear.as_ref().unchecked_ref();
        if target.add_event_listener_with_callback(kind, hear).is_ok() {
            self.heard.push((target, kind));
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let hear = self.hear.as_ref().unchecked_ref();
        for (target, kind) in &self.heard {
            let _ = target.remove_event_listener_with_callback(kind, hear);
        }
    }
}
