//! The page's life: hidden and visible, left, away and back, offline and online.

use crate::support::{
    Backend, Clock, LOGOUT, REFRESH, REFRESHED, Tab, Timers, Wiretap, deferred, granted, jwt,
    locks, options, released, response, response_of, soon, status, token, unique,
};
use js_sys::{Function, Uint8Array};
use tokenhold::{Error, Event, FetchError, Status};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::*;

const API: &str = "/api/me";

/// Dispatches an event to the page, as a browser would. All managers in the page hear it.
fn dispatch(what: &str) {
    Function::new_no_args(what)
        .call0(&JsValue::UNDEFINED)
        .unwrap();
}

const ASKED: &str = "dispatchEvent(new Event('beforeunload', { cancelable: true }))";
const INTO_CACHE: &str = "dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))";
const FOR_GOOD: &str = "dispatchEvent(new PageTransitionEvent('pagehide', { persisted: false }))";
const OUT_OF_CACHE: &str =
    "dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))";
const ONLINE: &str = "dispatchEvent(new Event('online'))";
const FOCUS: &str = "dispatchEvent(new Event('focus'))";

/// Makes the page look hidden until this is dropped.
struct Hidden;

impl Hidden {
    fn now() -> Hidden {
        dispatch(
            "Object.defineProperty(document, 'visibilityState', {
                value: 'hidden', configurable: true,
            });
            document.dispatchEvent(new Event('visibilitychange'));",
        );
        Hidden
    }
}

impl Drop for Hidden {
    fn drop(&mut self) {
        dispatch(
            "delete document.visibilityState;
            document.dispatchEvent(new Event('visibilitychange'));",
        );
    }
}

#[wasm_bindgen_test]
async fn in_the_cache_a_page_is_out_of_sight() {
    let timers = Timers::watch();
    let backend = Backend::new();
    let tab = Tab::ready(options("cached"), &backend).await;
    dispatch(INTO_CACHE);
    assert_eq!(timers.waiting(), 0);
    for lock in locks("tokenhold:cached:").await {
        released(&lock).await;
    }
    assert_eq!(locks("tokenhold:cached:").await, [""; 0]);
    // One message would evict every page of the group that is in the cache.
    let (wiretap, last) = (Wiretap::on("cached"), Wiretap::on("cached"));
    soon(tab.sign_in(granted(&token(9)))).await.unwrap();
    last.say(&Uint8Array::new_with_length(0));
    wiretap.messages.nth(1, Vec::is_empty).await;
    assert_eq!(wiretap.messages.all().len(), 1);
}

#[wasm_bindgen_test]
async fn back_from_the_cache_nothing_is_trusted() {
    let backend = Backend::new();
    let of_alice = |n: u32| jwt(&format!(r#"{{"sub":"alice","jti":{n}}}"#));
    backend.on_in_turn(REFRESH, [1, 2].map(|n| granted(&of_alice(n))));
    let tab = Tab::ready(options("returned"), &backend).await;
    dispatch(INTO_CACHE);
    dispatch(OUT_OF_CACHE);
    assert_eq!(tab.snapshot().status, Status::Restoring);
    assert_eq!(response_of(tab.get(API).await).status(), 200);
    let sent = backend.calls_to(API)[0].authorization();
    assert_eq!(sent, Some(format!("Bearer {}", of_alice(2))));
    assert_eq!(backend.paths(), [REFRESH, REFRESH, API]);
    assert_eq!(locks("tokenhold:returned:tab:").await.len(), 1);
}

#[wasm_bindgen_test]
async fn one_identity_back_from_the_cache_as_somebody_else() {
    let backend = Backend::new();
    let of = |sub: &str| granted(&jwt(&format!(r#"{{"sub":"{sub}"}}"#)));
    backend.on_in_turn(REFRESH, [of("alice"), of("bob")]);
    let tab = Tab::ready(options("returned-as-bob"), &backend).await;
    dispatch(INTO_CACHE);
    dispatch(OUT_OF_CACHE);
    let outcome = tab.get(API).await;
    assert!(matches!(
        outcome,
        Err(FetchError::Manager(Error::SessionEnded))
    ));
    assert_eq!(tab.snapshot().claims.as_deref(), Some(r#"{"sub":"bob"}"#));
    assert_eq!(backend.paths(), [REFRESH, REFRESH]);
}

#[wasm_bindgen_test]
async fn logout_final_back_after_a_logout_shows_nobody() {
    let backend = Backend::new();
    let tab = Tab::ready(options("back"), &backend).await;
    dispatch(INTO_CACHE);
    backend.on(REFRESH, |_| status(401));
    dispatch(OUT_OF_CACHE);
    assert_eq!(tab.snapshot().status, Status::Restoring);
    tab.events
        .nth(1, |event| matches!(event, Event::SignedOut(_)))
        .await;
    tab.get(API).await.unwrap();
    assert_eq!(backend.calls_to(API)[0].authorization(), None);
}

#[wasm_bindgen_test]
async fn a_page_that_goes_for_good_goes_on_to_the_end() {
    let backend = Backend::new();
    let tab = Tab::ready(options("for-good"), &backend).await;
    dispatch(FOR_GOOD);
    soon(tab.refresh()).await.unwrap();
    assert_eq!(tab.snapshot().status, Status::SignedIn);
    assert_eq!(backend.paths(), [REFRESH, REFRESH]);
}

#[wasm_bindgen_test]
async fn logout_final_a_page_that_is_left_in_mid_refresh_has_sent_its_logout() {
    for what in [ASKED, FOR_GOOD, INTO_CACHE] {
        let backend = Backend::new();
        let tab = Tab::ready(options(&unique("left")), &backend).await;
        let (unanswered, _) = deferred();
        backend.on(REFRESH, move |_| unanswered.clone());
        let second_refresh = backend.nth_call(2, REFRESH);
        drop(tab.refresh());
        second_refresh.await;
        drop(tab.logout());
        assert_eq!(backend.calls_to(LOGOUT).len(), 0);
        dispatch(what);
        assert_eq!(backend.calls_to(LOGOUT).len(), 1, "{what}");
        dispatch(FOR_GOOD);
        assert_eq!(backend.calls_to(LOGOUT).len(), 1, "{what}");
    }
}

#[wasm_bindgen_test]
async fn back_online_a_backend_that_asked_for_patience_gets_it() {
    let backend = Backend::new();
    backend.on_in_turn(
        REFRESH,
        [
            response(503, &[("Retry-After", "3000")], ""),
            granted(&token(1)),
        ],
    );
    let tab = Tab::ready(options("online"), &backend).await;
    assert_eq!(tab.snapshot().status, Status::Restoring);
    dispatch(ONLINE);
    let error = soon(tab.refresh()).await.unwrap_err();
    assert_eq!(error.code(), "refresh-failed");
    assert_eq!(backend.paths(), [REFRESH]);
}

#[wasm_bindgen_test]
async fn waking_up_refreshes_nothing_that_is_fresh() {
    let backend = Backend::new();
    let tab = Tab::ready(options("awake"), &backend).await;
    for _ in 0..10 {
        dispatch(FOCUS);
        dispatch(ONLINE);
        drop(Hidden::now());
    }
    assert_eq!(response_of(tab.get(API).await).status(), 200);
    assert_eq!(backend.paths(), [REFRESH, API]);
}

#[wasm_bindgen_test]
async fn a_hidden_tab_refreshes_on_demand_only() {
    let clock = Clock::stop();
    let backend = Backend::new();
    let body = r#"{"access_token":"s3cret-1","expires_in":1}"#;
    backend.on_in_turn(REFRESH, [crate::support::json(body), granted(&token(2))]);
    let timers = Timers::watch();
    let tab = Tab::ready(options("hidden"), &backend).await;
    let hidden = Hidden::now();
    clock.advance(2_000);
    fired(&timers).await;
    assert_eq!(backend.paths(), [REFRESH]);
    drop(hidden);
    tab.event(REFRESHED).await;
    assert_eq!(backend.paths(), [REFRESH, REFRESH]);
}

/// Two clocks do not tick in the same moment, so the time that is left until a deadline goes down by one and up again.
#[wasm_bindgen_test]
async fn requests_that_nothing_holds_up_leave_the_timer_alone() {
    let clock = Clock::stop();
    let backend = Backend::new();
    let timers = Timers::watch();
    let tab = Tab::ready(options("timers"), &backend).await;
    // The test itself sets short ones.
    let set = || timers.delays().into_iter().filter(|ms| *ms > 60_000.0);
    assert_eq!(set().count(), 0);
    // What waited at the beginning is over: from here on there is only the refresh ahead of time.
    clock.advance(50_000);
    tab.get(API).await.unwrap();
    while set().count() == 0 {
        gloo_timers::future::TimeoutFuture::new(1).await;
    }
    for _ in 0..20 {
        for lead in [0, 1] {
            clock.lead(lead);
            tab.get(API).await.unwrap();
        }
        clock.advance(1);
    }
    assert!(set().count() < 5);
}

/// Waits until no time-out is left.
async fn fired(timers: &Timers) {
    while timers.waiting() > 0 {
        gloo_timers::future::TimeoutFuture::new(10).await;
    }
}
