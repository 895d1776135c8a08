//! The page's life, as the browser tells it: `browser.js`.

use wasm_bindgen::prelude::*;
use web_sys::AbortController;

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

#[wasm_bindgen(module = "/src/web/browser.js")]
extern "C" {
    /// Whether a person may be looking; a worker never knows.
    #[wasm_bindgen(js_name = isVisible)]
    pub(crate) fn is_visible() -> bool;

    /// Whether tabs can meet here.
    #[wasm_bindgen(js_name = canMeet)]
    pub(crate) fn can_meet() -> bool;

    #[wasm_bindgen(js_name = watch)]
    fn listen(tell: &JsValue) -> AbortController;
}

/// Listening to the page, until this is dropped.
pub(crate) struct Watch(AbortController);

impl Drop for Watch {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Listens to the page.
pub(crate) fn watch(tell: impl Fn(PageEvent) + 'static) -> Watch {
    Watch(listen(&js::callback(move |kind| tell(read(&kind)))))
}

fn read(kind: &JsValue) -> PageEvent {
    match kind.as_string().as_deref() {
        Some("online") => PageEvent::Online,
        Some("pagehide") => PageEvent::Hide,
        Some("pageshow") => PageEvent::Show,
        Some("visibilitychange") => PageEvent::Visibility(is_visible()),
        _ => PageEvent::Wake,
    }
}
