//! Web Locks: the group's lock, and one lock per tab whose name is the tab's presence.

use js_sys::Promise;
use wasm_bindgen::prelude::*;

use super::js::{self, Callback, Record, Values};
use crate::core::{DEFAULT_NAME, Holder, Presence, Rank, Subject, halves};

#[wasm_bindgen(module = "/src/web/browser.js")]
extern "C" {
    #[wasm_bindgen(js_name = Lock)]
    type Waiting;

    #[wasm_bindgen(constructor, js_class = Lock, catch)]
    fn new(name: &str, granted: &JsValue) -> Result<Waiting, JsValue>;

    #[wasm_bindgen(method, js_class = Lock, js_name = letGo)]
    fn let_go(this: &Waiting);

    /// A promise of what [`held`] reads.
    pub(crate) fn query(group: &str) -> Promise;
}

/// A lock that is held or waited for. Dropping this releases it.
pub(crate) struct Lock {
    waiting: Waiting,
    _granted: Callback,
}

impl Lock {
    /// Waits for an exclusive lock, then calls `granted`: with `false` if the browser refuses it.
    pub(crate) fn request(name: &str, granted: impl Fn(bool) + 'static) -> Option<Lock> {
        let granted = js::callback(move |error| granted(error.is_undefined()));
        Some(Lock {
            waiting: Waiting::new(name, granted.as_ref()).ok()?,
            _granted: granted,
        })
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        self.waiting.let_go();
    }
}

/// The name of a lock for which tabs queue.
pub(crate) fn refresh_name(group: &str, Rank(rank): Rank) -> String {
    let mut name = [group, REFRESH].concat();
    for _ in 1..rank {
        name.push_str(NEXT);
    }
    name
}

/// The beginning of all names of a group. The tabs of a group share a cookie, and for that the URL stands
/// that exchanges it, unless the app has chosen a name.
pub(crate) fn group(name: &str, refresh: &str) -> String {
    match name {
        DEFAULT_NAME => ["tokenhold:", refresh].concat(),
        _ => ["tokenhold:", name].concat(),
    }
}

/// The name of a lock by which the tabs of a group see each other, and where they refresh.
pub(crate) fn presence_name(group: &str, presence: Presence, refresh: &str) -> String {
    [group, PRESENCE, &presence.encode(), AT, refresh].concat()
}

/// The tabs of a group that are alive and the holders of its other locks, in what [`query`] has
/// answered; and whether one of them refreshes elsewhere.
pub(crate) fn held(answer: JsValue, refresh: &str) -> (Vec<Presence>, Vec<Holder>, bool) {
    let (mut peers, mut holders, mut is_shared) = (Vec::new(), Vec::new(), false);
    for lock in Values::of(answer).map(Record::of) {
        let (name, client) = (lock.text("name"), lock.text("client"));
        let (name, client) = (name.unwrap_or_default(), client.unwrap_or_default());
        if let Some(presence) = name.strip_prefix(PRESENCE) {
            let (presence, other) =
                halves(presence, AT.as_bytes()[0]).unwrap_or((presence, refresh));
            is_shared |= other != refresh;
            peers.extend(Presence::decode(presence));
        } else if let Some(rank) = name.strip_prefix(REFRESH) {
            holders.push(Holder {
                rank: Rank(1 + (rank.len() / NEXT.len()) as u32),
                client: Subject::named(&client).0,
            });
        }
    }
    (peers, holders, is_shared)
}

const PRESENCE: &str = ":tab:";
/// Between a presence and the URL at which the tab refreshes.
const AT: &str = " ";
const REFRESH: &str = ":refresh";
/// Once for every rank beyond the first.
const NEXT: &str = ":next";
