//! The page's two clocks, and the timer that is checked against them.

use crate::core::Now;
use gloo_timers::callback::Timeout;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/web/browser.js")]
extern "C" {
    /// How long the page has been one that may act, in milliseconds.
    #[wasm_bindgen(js_name = elapsed)]
    fn since_page_began() -> f64;
}

/// A token may be older than the page, but not by more than this.
const BEFORE_PAGE_MS: u64 = 1 << 43;

/// The longest delay that `setTimeout` takes; a longer one fires at once.
const MAX_DELAY_MS: u64 = i32::MAX as u64;

/// Reads both clocks.
#[expect(clippy::disallowed_methods, reason = "the one place that does")]
pub(crate) fn now() -> Now {
    Now {
        monotonic: BEFORE_PAGE_MS + since_page_began() as u64,
        wall: js_sys::Date::now() as u64,
    }
}

/// At most one time-out. One that would ring too early for the machine's next deadline stays: to set another for each
/// request would cost more than to wake once in vain.
#[derive(Default)]
pub(crate) struct Alarm {
    rings_at: Option<u64>,
    timeout: Option<Timeout>,
}

impl Alarm {
    /// Calls `ring` when `delay` milliseconds have passed since `now`, or earlier; later by as long as the page has been busy
    /// since then.
    pub(crate) fn set(&mut self, delay: Option<u64>, now: Now, ring: impl FnOnce() + 'static) {
        let delay = delay.map(|ms| ms.min(MAX_DELAY_MS));
        let rings_at = delay.map(|ms| now.monotonic + ms);
        let is_early_enough = |set| set > now.monotonic && rings_at >= Some(set);
        if self.rings_at.is_some_and(is_early_enough) {
            return;
        }
        self.rings_at = rings_at;
        self.timeout = delay.map(|ms| Timeout::new(ms as u32, ring));
    }

    /// The page may have stood still, and its time-outs with it: the next [`Alarm::set`] sets another.
    pub(crate) fn distrust(&mut self) {
        self.rings_at = None;
    }

    /// The time-out has fired.
    pub(crate) fn has_rung(&mut self) {
        self.rings_at = None;
        if let Some(timeout) = self.timeout.take() {
            timeout.forget();
        }
    }
}
