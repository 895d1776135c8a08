//! The parts of the world that the app can replace.

use std::fmt;

use js_sys::{Array, Function};
use wasm_bindgen::prelude::*;

use crate::core::Options;

#[wasm_bindgen(module = "/src/web/browser.js")]
extern "C" {
    #[wasm_bindgen(js_name = ownFetch)]
    fn own_fetch() -> Function;
}

/// Decides whether a response means a stale token.
#[derive(Clone, Debug)]
pub enum Rejected {
    /// These statuses say so.
    Statuses(Vec<u16>),
    /// This function says so: given a clone of the response, it returns a boolean or a promise
    /// of one.
    Asked(Function),
}

/// The parts of the world that a manager works with.
#[derive(Clone)]
pub struct World {
    /// The `fetch` to use.
    pub fetch: Function,
    /// Decides whether a response means a stale token.
    pub rejected: Rejected,
}

impl World {
    /// The same for `browser.js`.
    pub(super) fn rejected(&self) -> JsValue {
        match &self.rejected {
            Rejected::Statuses(statuses) => {
                let list = Array::new();
                for status in statuses {
                    list.push(&(*status).into());
                }
                list.into()
            }
            Rejected::Asked(function) => function.into(),
        }
    }

    /// The page's own `fetch`, as it is now, and the statuses of the options.
    pub fn of(options: &Options) -> World {
        World {
            fetch: own_fetch(),
            rejected: Rejected::Statuses(options.rejected.clone()),
        }
    }
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("World(..)")
    }
}
