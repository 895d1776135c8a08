//! The page's life, as the browser tells it: `browser.js`.

use js_sys::Function;
use wasm_bindgen::prelude::*;

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
    /// It is about to be left, or is being left for good.
    Leave,
    /// It goes into the back/forward cache.
    Hide,
    /// It is back from there.
    Show,
}

#[wasm_bindgen(module = "/src/web/browser.js")]
extern "C" {
    /// Whether a person may see the page. A worker never knows.
    #[wasm_bindgen(js_name = isVisible)]
    pub(crate) fn is_visible() -> bool;

    /// Whether the browser has all that tabs need to meet.
    #[wasm_bindgen(js_name = canMeet)]
    pub(crate) fn can_meet() -> bool;

    #[wasm_bindgen(js_name = watch)]
    fn listen(tell: &JsValue) -> Function;
}

/// Listening to the page, until this is dropped.
pub(crate) struct Watch {
    stop: Function,
    _tell: Callback,
}

impl Drop for Watch {
    fn drop(&mut self) {
        let _ = js::call(&self.stop, &JsValue::UNDEFINED);
    }
}

/// Listens to the page.
pub(crate) fn watch(tell: impl Fn(PageEvent) + 'static) -> Watch {
    let tell = js::callback(move |kind| tell(read(&kind)));
    Watch {
        stop: listen(tell.as_ref()),
        _tell: tell,
    }
}

fn read(kind: &JsValue) -> PageEvent {
    match kind.as_string().as_deref() {
        Some("online") => PageEvent::Online,
        Some("beforeunload") => PageEvent::Leave,
        Some("pagehide") => PageEvent::Hide,
        Some("pageshow") => PageEvent::Show,
        Some("visibilitychange") => PageEvent::Visibility(is_visible()),
        _ => PageEvent::Wake,
    }
}
