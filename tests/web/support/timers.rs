//! Counts the time-outs of the page.

use js_sys::{Array, Function};
use wasm_bindgen::prelude::*;

use super::js::get;

/// Records every time-out that is set while it lives.
pub struct Timers(JsValue);

const WATCH: &str = "
    const [set, clear] = [globalThis.setTimeout, globalThis.clearTimeout];
    const [delays, waiting] = [[], new Set()];
    globalThis.setTimeout = (ring, delay, ...rest) => {
        const id = set((...args) => { waiting.delete(id); ring(...args); }, delay, ...rest);
        delays.push(delay ?? 0);
        waiting.add(id);
        return id;
    };
    globalThis.clearTimeout = (id) => { waiting.delete(id); clear(id); };
    return {
        delays,
        waiting,
        release() { globalThis.setTimeout = set; globalThis.clearTimeout = clear; },
    };
";

impl Timers {
    pub fn watch() -> Timers {
        let timers = Function::new_no_args(WATCH).call0(&JsValue::UNDEFINED);
        Timers(timers.unwrap())
    }

    /// How many have neither fired nor been cleared.
    pub fn waiting(&self) -> usize {
        get(&get(&self.0, "waiting"), "size").as_f64().unwrap() as usize
    }

    /// The delays of all time-outs so far, in milliseconds.
    pub fn delays(&self) -> Vec<f64> {
        let delays: Array = get(&self.0, "delays").unchecked_into();
        delays.iter().map(|delay| delay.as_f64().unwrap()).collect()
    }
}

impl Drop for Timers {
    fn drop(&mut self) {
        let release: Function = get(&self.0, "release").unchecked_into();
        release.call0(&self.0).unwrap();
    }
}
