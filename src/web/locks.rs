//! Web Locks: one for the refresh, and one per tab whose name says who is alive.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Function, Object, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::AbortController;

use super::js;
use crate::core::Presence;

#[wasm_bindgen]
extern "C" {
    // web-sys has these behind an unstable flag that every dependent would have to set.
    #[wasm_bindgen(js_namespace = ["navigator", "locks"], js_name = request, catch)]
    fn request_lock(name: &str, options: &Object, granted: &Function) -> Result<Promise, JsValue>;
    #[wasm_bindgen(js_namespace = ["navigator", "locks"], js_name = query, catch)]
    fn query_locks() -> Result<Promise, JsValue>;
}

/// Whether there are Web Locks here.
pub(crate) fn are_available() -> bool {
    !js::get(&js::global("navigator"), "locks").is_undefined()
}

/// A lock that is held, or waited for. Dropping it lets go.
pub(crate) struct Lock {
    controller: AbortController,
    hold: Rc<RefCell<Hold>>,
}

enum Hold {
    Waiting,
    /// What releases it.
    Held(Function),
    LetGo,
}

impl Lock {
    /// Waits for an exclusive lock, then calls `granted`.
    pub(crate) fn request(name: &str, mut granted: impl FnMut() + 'static) -> Option<Lock> {
        let controller = AbortController::new().ok()?;
        let hold = Rc::new(RefCell::new(Hold::Waiting));
        let own = hold.clone();
        let on_granted = Closure::<dyn FnMut() -> Promise>::new(move || {
            // A browser that has granted it already may still say so after the wait was aborted.
            if matches!(*own.borrow(), Hold::LetGo) {
                return Promise::resolve(&JsValue::UNDEFINED);
            }
            let until_released = Promise::new(&mut |release, _| {
                own.replace(Hold::Held(release));
            });
            granted();
            until_released
        });
        let options = js::object([("signal", controller.signal().into())]);
        let released = request_lock(name, &options, on_granted.as_ref().unchecked_ref()).ok()?;
        spawn_local(async move {
            // It rejects when the wait is aborted; either way, nothing is called back any more.
            let _ = JsFuture::from(released).await;
            drop(on_granted);
        });
        Some(Lock { controller, hold })
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        match self.hold.replace(Hold::LetGo) {
            Hold::Held(release) => drop(release.call0(&JsValue::UNDEFINED)),
            Hold::Waiting | Hold::LetGo => self.controller.abort(),
        }
    }
}

/// The name of a lock by which the tabs of a group see each other.
pub(crate) fn presence_name(group: &str, presence: Presence) -> String {
    [group, PRESENCE, &presence.encode()].concat()
}

/// The tabs of a group that are alive.
pub(crate) async fn peers(group: &str) -> Vec<Presence> {
    let Ok(query) = query_locks() else {
        return Vec::new();
    };
    let Ok(answer) = JsFuture::from(query).await else {
        return Vec::new();
    };
    let held: Array = js::get(&answer, "held").unchecked_into();
    held.iter()
        .filter_map(|lock| js::get(&lock, "name").as_string())
        .filter_map(|name| Presence::decode(name.strip_prefix(group)?.strip_prefix(PRESENCE)?))
        .collect()
}

const PRESENCE: &str = ":tab:";
