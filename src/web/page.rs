//! The page's life, as the browser tells it.

use wasm_bindgen::prelude::*;
use web_sys::{Event, EventTarget, PageTransitionEvent};

use super::js;

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

/// Listens for as long as it lives.
pub(crate) struct Page {
    _listeners: Vec<Listener>,
}

impl Page {
    /// In a worker there is no page to listen to, but the network comes and goes there too.
    pub(crate) fn watch(tell: impl Fn(PageEvent) + Clone + 'static) -> Page {
        let document = js::global("document");
        let global: JsValue = js_sys::global().into();
        let mut listeners = Vec::new();
        let mut on =
            |target: &JsValue, kind: &'static str, read: fn(&Event) -> Option<PageEvent>| {
                let tell = tell.clone();
                let hear = move |event: Event| {
                    if let Some(happened) = read(&event) {
                        tell(happened);
                    }
                };
                listeners.extend(Listener::add(target, kind, hear));
            };
        on(&global, "online", |_| Some(PageEvent::Online));
        on(&global, "focus", |_| Some(PageEvent::Wake));
        on(&global, "pagehide", |event| {
            persisted(event).then_some(PageEvent::Hide)
        });
        on(&global, "pageshow", |event| {
            persisted(event).then_some(PageEvent::Show)
        });
        on(&document, "resume", |_| Some(PageEvent::Wake));
        on(&document, "visibilitychange", |_| {
            Some(PageEvent::Visibility(is_visible()))
        });
        Page {
            _listeners: listeners,
        }
    }
}

/// Whether a person may be looking; a worker never knows.
pub(crate) fn is_visible() -> bool {
    js::get(&js::global("document"), "visibilityState")
        .as_string()
        .as_deref()
        != Some("hidden")
}

fn persisted(event: &Event) -> bool {
    event.unchecked_ref::<PageTransitionEvent>().persisted()
}

/// One listener, removed when dropped.
pub(crate) struct Listener {
    target: EventTarget,
    kind: &'static str,
    hear: Closure<dyn FnMut(Event)>,
}

impl Listener {
    /// `None` if there is no such target here.
    pub(crate) fn add(
        target: &JsValue,
        kind: &'static str,
        hear: impl FnMut(Event) + 'static,
    ) -> Option<Listener> {
        if target.is_undefined() {
            return None;
        }
        let target: EventTarget = target.clone().unchecked_into();
        let hear = Closure::<dyn FnMut(Event)>::new(hear);
        target
            .add_event_listener_with_callback(kind, hear.as_ref().unchecked_ref())
            .ok()?;
        Some(Listener { target, kind, hear })
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let _ = self
            .target
            .remove_event_listener_with_callback(self.kind, self.hear.as_ref().unchecked_ref());
    }
}
