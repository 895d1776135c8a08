//! Web Locks: those for the refresh, and one per tab whose name says who is alive.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Function, Object, Promise};
use wasm_bindgen::prelude::*;
use web_sys::AbortController;

use super::js::{self, Callback, Literal};
use crate::core::{Holder, Presence, Rank, Subject};

#[wasm_bindgen]
extern "C" {
    // web-sys has these behind an unstable flag that every dependent would have to set.
    #[wasm_bindgen(js_namespace = ["navigator", "locks"], js_name = request, catch)]
    fn request_lock(name: &str, options: &Object, granted: &Function) -> Result<Promise, JsValue>;
    #[wasm_bindgen(js_namespace = ["navigator", "locks"], js_name = query, catch)]
    pub(crate) fn query() -> Result<Promise, JsValue>;
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
    pub(crate) fn request(name: &str, granted: Box<dyn Fn()>) -> Option<Lock> {
        let controller = AbortController::new().ok()?;
        let hold = Rc::new(RefCell::new(Hold::Waiting));
        let own = hold.clone();
        let on_granted = Callback::new(move |_| {
            // A browser that has granted it already may still say so after the wait was aborted.
            if matches!(*own.borrow(), Hold::LetGo) {
                return JsValue::UNDEFINED;
            }
            let (until_released, release, _) = js::deferred();
            own.replace(Hold::Held(release));
            granted();
            until_released.into()
        });
        let options = Literal::new().with("signal", controller.signal().into());
        let granted = on_granted.as_ref().unchecked_ref();
        let released = request_lock(name, &options.build(), granted).ok()?;
        // It rejects when the wait is aborted; either way, nothing is called back any more.
        js::when(Ok(released), Box::new(move |_| drop(on_granted)));
        Some(Lock { controller, hold })
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        match self.hold.replace(Hold::LetGo) {
            Hold::Held(release) => drop(js::call(&release, &JsValue::UNDEFINED)),
            Hold::Waiting | Hold::LetGo => self.controller.abort(),
        }
    }
}

/// The name of a lock for which tabs stand in line.
pub(crate) fn refresh_name(group: &str, Rank(rank): Rank) -> String {
    let mut name = [group, REFRESH].concat();
    for _ in 1..rank {
        name.push_str(NEXT);
    }
    name
}

/// The name of a lock by which the tabs of a group see each other.
pub(crate) fn presence_name(group: &str, presence: Presence) -> String {
    [group, PRESENCE, &presence.encode()].concat()
}

/// The tabs of a group that are alive and the holders of its other locks, in what [`query`] has
/// answered.
pub(crate) fn held(group: &str, answer: &JsValue) -> (Vec<Presence>, Vec<Holder>) {
    let (mut peers, mut holders) = (Vec::new(), Vec::new());
    for lock in Array::from(&js::get(answer, "held")).iter() {
        let text = |key| js::get(&lock, key).as_string().unwrap_or_default();
        let name = text("name");
        let Some(name) = name.strip_prefix(group) else {
            continue;
        };
        if let Some(presence) = name.strip_prefix(PRESENCE) {
            peers.extend(Presence::decode(presence));
        } else if let Some(rank) = name.strip_prefix(REFRESH) {
            holders.push(Holder {
                rank: Rank(1 + (rank.len() / NEXT.len()) as u32),
                client: Subject::of(None, &text("clientId")).0,
            });
        }
    }
    (peers, holders)
}

const PRESENCE: &str = ":tab:";
const REFRESH: &str = ":refresh";
/// Once for every rank beyond the first.
const NEXT: &str = ":next";
