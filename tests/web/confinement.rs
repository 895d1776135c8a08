//! The traces of a group that a script outside can see: locks, messages, timers. They do not contain the token, and
//! they disappear with the group.

use std::cell::Cell;

use crate::support::{
    Backend, Ears, REFRESH, REFRESHED_ELSEWHERE, Tab, Timers, Wiretap, deferred, get, granted,
    is_sign_in, locks, options, present, released, soon, token,
};
use futures_util::future::join;
use js_sys::{Array, Function, Promise, Uint8Array};
use tokenhold::{Event, Status, Warning};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::*;

const API: &str = "/api/me";

/// The second byte of a message is its kind.
const HAND_OVER: u8 = 4;

fn is_hand_over(message: &impl AsRef<[u8]>) -> bool {
    message.as_ref().get(1) == Some(&HAND_OVER)
}

/// Waits until the browser has let go of every lock of the group.
async fn all_released(name: &str) {
    for lock in locks(&format!("tokenhold:{name}:")).await {
        released(&lock).await;
    }
    assert_eq!(locks(&format!("tokenhold:{name}:")).await, [""; 0]);
}

#[wasm_bindgen_test]
async fn confinement_a_token_crosses_the_channel_sealed() {
    let wiretap = Wiretap::on("sealed");
    let backend = Backend::new();
    let first = Tab::ready(options("sealed"), &backend).await;
    let second = Tab::ready(options("sealed"), &backend).await;
    soon(first.refresh()).await.unwrap();
    second.event(REFRESHED_ELSEWHERE).await;
    soon(second.sign_in(granted(&token(9)))).await.unwrap();
    first.events.nth(2, is_sign_in).await;
    wiretap.messages.nth(3, is_hand_over).await;
    for n in [1, 2, 9] {
        assert!(!wiretap.has_heard(&token(n)));
    }
    assert!(!wiretap.has_heard("s3cret"));
    assert_eq!(backend.calls_to(REFRESH).len(), 2);
}

#[wasm_bindgen_test]
async fn confinement_sealing_is_new_every_time() {
    let wiretap = Wiretap::on("sealed-anew");
    let backend = Backend::new();
    let _first = Tab::ready(options("sealed-anew"), &backend).await;
    drop(Tab::ready(options("sealed-anew"), &backend).await);
    present("sealed-anew", 1).await;
    let _third = Tab::ready(options("sealed-anew"), &backend).await;
    let messages = [
        wiretap.messages.nth(1, is_hand_over).await,
        wiretap.messages.nth(2, is_hand_over).await,
    ];
    // The sealed token is what comes last: equally long, and nothing like the other.
    let [one, other] = messages.map(|message| message[message.len() - 24..].to_vec());
    assert_ne!(one, other);
}

#[wasm_bindgen_test]
async fn confinement_the_token_is_in_no_storage_and_no_lock() {
    let backend = Backend::new();
    let _first = Tab::ready(options("stored"), &backend).await;
    let _second = Tab::ready(options("stored"), &backend).await;
    for name in locks("").await {
        assert!(!name.contains("s3cret"), "{name}");
    }
    let global = js_sys::global();
    for storage in ["localStorage", "sessionStorage"] {
        let entries = js_sys::JSON::stringify(&get(&global, storage)).unwrap();
        assert!(!String::from(entries).contains("s3cret"));
    }
    let document = get(&global, "document");
    assert!(
        !get(&document, "cookie")
            .as_string()
            .unwrap()
            .contains("s3cret")
    );
    let databases: Function = get(&get(&global, "indexedDB"), "databases").unchecked_into();
    let databases = databases.call0(&get(&global, "indexedDB")).unwrap();
    let databases = JsFuture::from(Promise::resolve(&databases)).await.unwrap();
    assert_eq!(Array::from(&databases).length(), 0);
}

#[wasm_bindgen_test]
async fn tabs_show_that_they_live() {
    let backend = Backend::new();
    let first = Tab::ready(options("alive"), &backend).await;
    let mut seen = present("alive", 1).await;
    let second = Tab::ready(options("alive"), &backend).await;
    let both = present("alive", 2).await;
    assert!(both.contains(&seen.remove(0)));
    let done = Cell::new(false);
    let watch = async {
        // At no time is one of them unseen.
        while !done.get() {
            assert!(crate::support::held("tokenhold:alive:tab:").await.len() >= 2);
        }
    };
    let refresh = async {
        soon(second.refresh()).await.unwrap();
        first.event(REFRESHED_ELSEWHERE).await;
        done.set(true);
    };
    join(watch, refresh).await;
    // What each of them knows is part of the name.
    let after = present("alive", 2).await;
    assert!(after.iter().all(|name| !both.contains(name)), "{after:?}");
}

#[wasm_bindgen_test]
async fn dispose_leaves_no_lock_no_timer_and_no_ear() {
    let (timers, ears) = (Timers::watch(), Ears::watch());
    let backend = Backend::new();
    let tabs = [
        Tab::ready(options("gone"), &backend).await,
        Tab::ready(options("gone"), &backend).await,
    ];
    present("gone", 2).await;
    assert!(timers.waiting() > 0);
    let (channels, listeners) = ears.open();
    // One for all tabs, and one of its own, each.
    assert!(channels == 4 && listeners > 2);
    for tab in &tabs {
        tab.dispose();
        assert_eq!(tab.snapshot().status, Status::SignedOut);
    }
    assert_eq!(timers.waiting(), 0);
    assert_eq!(ears.open(), (0, 0));
    all_released("gone").await;
    // Nobody hands anything over any more.
    let wiretap = Wiretap::on("gone");
    let stranger = Tab::ready(options("gone"), &backend).await;
    soon(stranger.refresh()).await.unwrap();
    assert_eq!(wiretap.messages.those(is_hand_over).len(), 0);
    assert_eq!(backend.calls_to(REFRESH).len(), 3);
}

#[wasm_bindgen_test]
async fn dispose_in_mid_refresh_leaves_nothing_either() {
    let timers = Timers::watch();
    let backend = Backend::new();
    let (answer, give) = deferred();
    backend.on(REFRESH, move |_| answer.clone());
    let holder = Tab::open(options("gone-in-refresh"), &backend);
    let waiting = Tab::open(options("gone-in-refresh"), &backend);
    backend.nth_call(1, REFRESH).await;
    waiting.dispose();
    holder.dispose();
    assert_eq!(timers.waiting(), 0);
    all_released("gone-in-refresh").await;
    give(granted(&token(1)));
    all_released("gone-in-refresh").await;
    assert_eq!(timers.waiting(), 0);
    assert_eq!(holder.events.all(), []);
    assert_eq!(backend.paths(), [REFRESH]);
}

#[wasm_bindgen_test]
async fn a_manager_ends_with_its_last_handle() {
    let (timers, ears) = (Timers::watch(), Ears::watch());
    let backend = Backend::new();
    let manager = {
        let options = options("dropped-handles");
        tokenhold::TokenManager::prepare(options, backend.world()).unwrap()
    };
    let clone = manager.clone();
    manager.start();
    soon(manager.ready()).await;
    present("dropped-handles", 1).await;
    drop(manager);
    present("dropped-handles", 1).await;
    assert!(ears.open() > (0, 0));
    drop(clone);
    assert_eq!(timers.waiting(), 0);
    assert_eq!(ears.open(), (0, 0));
    all_released("dropped-handles").await;
}

#[wasm_bindgen_test]
async fn garbage_on_the_channel_disturbs_nobody() {
    let backend = Backend::new();
    let first = Tab::ready(options("garbage"), &backend).await;
    let second = Tab::ready(options("garbage"), &backend).await;
    let stranger = Wiretap::on("garbage");
    let genuine = {
        soon(first.refresh()).await.unwrap();
        stranger.messages.nth(1, is_hand_over).await
    };
    second.event(REFRESHED_ELSEWHERE).await;
    let before = second.events.all().len();
    for garbage in [
        JsValue::NULL,
        "text".into(),
        5.into(),
        Array::of1(&1.into()).into(),
    ] {
        stranger.say(&garbage);
    }
    for length in [0, 1, 2, 40, genuine.len() - 1, 1 << 20] {
        let mut bytes = genuine.clone();
        bytes.resize(length, 0);
        stranger.say(&Uint8Array::from(bytes.as_slice()));
    }
    for kind in 0..=255 {
        stranger.say(&Uint8Array::from([1, kind, 7, 7, 7, 7].as_slice()));
    }
    // A hand-over played again, with its last byte changed.
    let mut forged = genuine;
    *forged.last_mut().unwrap() ^= 1;
    stranger.say(&Uint8Array::from(forged.as_slice()));
    soon(first.refresh()).await.unwrap();
    second
        .events
        .nth(2, |event| *event == REFRESHED_ELSEWHERE)
        .await;
    assert_eq!(second.events.all().len(), before + 2);
    assert_eq!(second.snapshot().status, Status::SignedIn);
    assert_eq!(backend.calls_to(REFRESH).len(), 3);
}

#[wasm_bindgen_test]
async fn liveness_a_frozen_holder_is_waited_for_with_a_bound() {
    let release = hold("tokenhold:frozen:refresh").await;
    let backend = Backend::new();
    let mut options = options("frozen");
    options.refresh.timeout = 1_000;
    let tab = Tab::open(options, &backend);
    let response = tab.get(API);
    soon(async {
        // The holder, and the one that waits.
        while locks("tokenhold:frozen:refresh").await.len() < 2 {}
    })
    .await;
    assert_eq!(backend.paths(), [""; 0]);
    assert_eq!(crate::support::response_of(response.await).status(), 200);
    assert_eq!(backend.paths(), [REFRESH, API]);
    release.call0(&JsValue::UNDEFINED).unwrap();
}

/// Holds a lock like a frozen page. Returns a function that thaws it.
async fn hold(name: &str) -> Function {
    const HOLD: &str = "
        return new Promise((granted) => {
            navigator.locks.request(name, () => new Promise((release) => granted(release)));
        });
    ";
    let granted = Function::new_with_args("name", HOLD).call1(&JsValue::UNDEFINED, &name.into());
    let release = JsFuture::from(Promise::resolve(&granted.unwrap())).await;
    release.unwrap().unchecked_into()
}

#[wasm_bindgen_test]
async fn without_web_locks_or_channels_a_tab_works_alone_and_says_so_once() {
    for (place, key) in [("navigator", "locks"), ("self", "BroadcastChannel")] {
        let group = format!("alone-{key}");
        let backend = Backend::new();
        let give_back = take_away(place, key);
        let (first, second) = (
            Tab::ready(options(&group), &backend).await,
            Tab::ready(options(&group), &backend).await,
        );
        give_back.call0(&JsValue::UNDEFINED).unwrap();
        soon(first.refresh()).await.unwrap();
        for tab in [&first, &second] {
            let alone = tab
                .events
                .those(|event| *event == Event::Warning(Warning::WorksAlone));
            assert_eq!(alone.len(), 1, "{key}");
            assert_eq!(tab.snapshot().status, Status::SignedIn);
            assert_eq!(
                crate::support::response_of(tab.get(API).await).status(),
                200
            );
        }
        assert_eq!(backend.calls_to(REFRESH).len(), 3);
        assert_eq!(locks(&format!("tokenhold:{group}:")).await, [""; 0]);
    }
}

/// Removes a feature from the browser. Returns a function that restores it.
fn take_away(place: &str, key: &str) -> Function {
    const TAKE_AWAY: &str = "
        const object = self[place];
        const own = Object.getOwnPropertyDescriptor(object, key);
        Object.defineProperty(object, key, { value: undefined, configurable: true });
        return () => own ? Object.defineProperty(object, key, own) : delete object[key];
    ";
    Function::new_with_args("place, key", TAKE_AWAY)
        .call2(&JsValue::UNDEFINED, &place.into(), &key.into())
        .unwrap()
        .unchecked_into()
}
