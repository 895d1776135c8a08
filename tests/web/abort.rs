//! The caller's `AbortSignal`: it works at every stage, and leaves all other requests alone.

use crate::support::{
    Backend, Clock, REFRESH, Tab, deferred, fetched, granted, html, json, object, options,
    response_of, same, token,
};
use js_sys::{Error as JsError, Function};
use tokenhold::{FetchError, TokenManager};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::*;
use web_sys::{AbortController, Request, Response};

const API: &str = "/api/me";

/// A signal, and a unique reason.
struct Abort {
    controller: AbortController,
    reason: JsValue,
}

impl Abort {
    fn new() -> Abort {
        Abort {
            controller: AbortController::new().unwrap(),
            reason: JsError::new("changed my mind").into(),
        }
    }

    fn init(&self) -> JsValue {
        object([("signal", self.controller.signal().into())])
    }

    fn now(&self) {
        self.controller.abort_with_reason(&self.reason);
    }

    fn was_the_reason(&self, outcome: Result<Response, FetchError>) -> bool {
        matches!(outcome, Err(FetchError::Fetch(reason)) if same(&reason, &self.reason))
    }
}

/// A `fetch` that never answers, but rejects when the signal aborts.
fn until_aborted(request: &Request) -> JsValue {
    const WAIT: &str = "
        return new Promise((_, reject) => {
            signal.addEventListener('abort', () => reject(signal.reason));
        });
    ";
    Function::new_with_args("signal", WAIT)
        .call1(&JsValue::UNDEFINED, &request.signal())
        .unwrap()
}

#[wasm_bindgen_test]
async fn aborted_before_fetch_refuses_it_as_ever() {
    let backend = Backend::new();
    let tab = Tab::ready(options("before"), &backend).await;
    let abort = Abort::new();
    backend.on(API, |call| match call.request.signal().aborted() {
        true => js_sys::Promise::reject(&call.request.signal().reason()).into(),
        false => json("{}"),
    });
    abort.now();
    let outcome = fetched(&tab, &API.into(), &abort.init()).await;
    assert!(abort.was_the_reason(outcome));
    assert_eq!(backend.paths(), [REFRESH, API]);
    assert_eq!(backend.calls_to(API)[0].authorization(), None);
}

#[wasm_bindgen_test]
async fn aborted_in_the_queue_it_is_never_sent_and_the_others_are() {
    let backend = Backend::new();
    let (answer, give) = deferred();
    backend.on(REFRESH, move |_| answer.clone());
    let tab = Tab::open(options("queued"), &backend);
    let abort = Abort::new();
    let spared = tab.get("/api/other");
    let aborted = fetched(&tab, &API.into(), &abort.init());
    backend.nth_call(1, REFRESH).await;
    abort.now();
    assert!(abort.was_the_reason(aborted.await));
    give(granted(&token(1)));
    assert_eq!(response_of(spared.await).status(), 200);
    assert_eq!(backend.paths(), [REFRESH, "/api/other"]);
}

#[wasm_bindgen_test]
async fn aborted_under_way_fetch_is_told() {
    let backend = Backend::new();
    let tab = Tab::ready(options("under-way"), &backend).await;
    let abort = Abort::new();
    backend.on(API, |call| until_aborted(&call.request));
    let aborted = fetched(&tab, &API.into(), &abort.init());
    let call = backend.nth_call(1, API).await;
    assert!(!call.request.signal().aborted());
    abort.now();
    assert!(abort.was_the_reason(aborted.await));
    assert!(call.request.signal().aborted());
    assert!(same(&call.request.signal().reason(), &abort.reason));
}

#[wasm_bindgen_test]
async fn a_request_brings_its_signal_along() {
    let backend = Backend::new();
    let tab = Tab::ready(options("of-request"), &backend).await;
    let abort = Abort::new();
    backend.on(API, |call| until_aborted(&call.request));
    let request = Request::new_with_str_and_init(API, abort.init().unchecked_ref()).unwrap();
    let aborted = fetched(&tab, &request, &JsValue::UNDEFINED);
    backend.nth_call(1, API).await;
    abort.now();
    assert!(abort.was_the_reason(aborted.await));
}

#[wasm_bindgen_test]
async fn aborted_between_the_tries_there_is_no_second_one() {
    let clock = Clock::stop();
    let backend = Backend::new();
    let (answer, give) = deferred();
    backend.on_in_turn(REFRESH, [granted(&token(1)), answer]);
    backend.on(API, |_| html(401));
    let tab = Tab::ready(options("between"), &backend).await;
    clock.advance(20_000);
    let abort = Abort::new();
    let aborted = fetched(&tab, &API.into(), &abort.init());
    backend.nth_call(2, REFRESH).await;
    abort.now();
    assert!(abort.was_the_reason(aborted.await));
    give(granted(&token(2)));
    tab.get("/api/other").await.unwrap();
    assert_eq!(backend.paths(), [REFRESH, API, REFRESH, "/api/other"]);
}

#[wasm_bindgen_test]
async fn aborted_on_the_second_try_fetch_is_told() {
    let clock = Clock::stop();
    let backend = Backend::new();
    backend.on(API, |call| {
        match call.authorization() == Some(format!("Bearer {}", token(1))) {
            true => html(401),
            false => until_aborted(&call.request),
        }
    });
    let tab = Tab::ready(options("second-try"), &backend).await;
    clock.advance(20_000);
    let abort = Abort::new();
    let aborted = fetched(&tab, &API.into(), &abort.init());
    let second = backend.nth_call(2, API).await;
    abort.now();
    assert!(abort.was_the_reason(aborted.await));
    assert!(second.request.signal().aborted());
}

#[wasm_bindgen_test]
async fn aborted_afterwards_the_response_stays() {
    let backend = Backend::new();
    let tab = Tab::ready(options("afterwards"), &backend).await;
    let abort = Abort::new();
    let outcome = fetched(&tab, &API.into(), &abort.init()).await;
    abort.now();
    assert_eq!(response_of(outcome).status(), 200);
}

#[wasm_bindgen_test]
async fn an_abort_from_within_the_abort_does_no_harm() {
    let backend = Backend::new();
    let (never, _give) = deferred();
    backend.on(REFRESH, move |_| never.clone());
    let tab = Tab::open(options("nested"), &backend);
    let (first, second) = (Abort::new(), Abort::new());
    let other = second.controller.clone();
    let reason = second.reason.clone();
    let chain = crate::support::function(move |_, _| {
        other.abort_with_reason(&reason);
        JsValue::UNDEFINED
    });
    let manager: &TokenManager = &tab;
    let one = fetched(manager, &API.into(), &first.init());
    first.controller.signal().set_onabort(Some(&chain));
    let two = fetched(manager, &API.into(), &second.init());
    first.now();
    assert!(first.was_the_reason(one.await));
    assert!(second.was_the_reason(two.await));
}
