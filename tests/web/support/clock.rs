//! The page's two clocks, set by a test.

use js_sys::Function;
use wasm_bindgen::prelude::*;

use super::js::get;

/// Stops the clocks until the test moves them. Dropping this restores the real ones.
pub struct Clock(JsValue);

const STOP: &str = "
    if (Object.hasOwn(performance, 'now')) throw new Error('another test has not let its clocks go');
    const [date, wall, monotonic] = [Date.now, Date.now(), performance.now()];
    let [passed, lead] = [0, 0];
    Date.now = () => wall + passed + lead;
    performance.now = () => monotonic + passed;
    return {
        now: Date.now,
        advance(ms) { passed += ms; },
        lead(ms) { lead = ms; },
        release() { Date.now = date; delete performance.now; },
    };
";

impl Clock {
    pub fn stop() -> Clock {
        let clock = Function::new_no_args(STOP).call0(&JsValue::UNDEFINED);
        Clock(clock.unwrap())
    }

    /// Epoch milliseconds.
    pub fn now(&self) -> u64 {
        self.tell("now", JsValue::UNDEFINED).as_f64().unwrap() as u64
    }

    /// Moves both clocks. Timers do not notice.
    pub fn advance(&self, ms: u32) {
        self.tell("advance", ms.into());
    }

    /// From now on the wall clock is so many milliseconds ahead of where the other one is.
    pub fn lead(&self, ms: u32) {
        self.tell("lead", ms.into());
    }

    /// Moves both clocks by so many milliseconds, from within a closure. The browser drops closures when
    /// it likes, so they must not own the clock: it would be let go in the middle of another test.
    pub fn mover(&self) -> impl Fn(u32) + use<> {
        let clock = self.0.clone();
        move |ms| drop(tell(&clock, "advance", ms.into()))
    }

    fn tell(&self, what: &str, argument: JsValue) -> JsValue {
        tell(&self.0, what, argument)
    }
}

fn tell(clock: &JsValue, what: &str, argument: JsValue) -> JsValue {
    let method: Function = get(clock, what).unchecked_into();
    method.call1(clock, &argument).unwrap()
}

impl Drop for Clock {
    fn drop(&mut self) {
        self.tell("release", JsValue::UNDEFINED);
    }
}
