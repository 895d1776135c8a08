//! A token that is rejected, or no longer fresh, leads to one refresh and one more try.

use std::cell::RefCell;

use crate::support::{
    Backend, Clock, Log, REFRESH, Tab, deferred, granted, html, json, jwt, options, response,
    response_of, same, soon, status, token,
};
use js_sys::Function;
use tokenhold::{Error, Event, Failure, FetchError, Status, StepUp};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::*;
use web_sys::Response;

const API: &str = "/api/me";
/// After this long a token of five minutes is old enough to be refreshed when it is rejected.
const GROWN_UP_MS: u32 = 20_000;

fn bearer(n: u32) -> Option<String> {
    Some(format!("Bearer {}", token(n)))
}

fn bearers(backend: &Backend, path: &str) -> Vec<Option<String>> {
    let calls = backend.calls_to(path);
    calls
        .iter()
        .map(crate::support::Call::authorization)
        .collect()
}

fn manager_error(outcome: Result<Response, FetchError>) -> Error {
    match outcome {
        Err(FetchError::Manager(error)) => error,
        other => panic!("{other:?}"),
    }
}

/// A tab whose token is old enough to be refreshed if it is rejected.
async fn old_token(name: &str) -> (Tab, Backend, Clock) {
    let clock = Clock::stop();
    let backend = Backend::new();
    let tab = Tab::ready(options(name), &backend).await;
    clock.advance(GROWN_UP_MS);
    (tab, backend, clock)
}

#[wasm_bindgen_test]
async fn a_rejected_request_is_refreshed_for_and_goes_again() {
    let (tab, backend, _clock) = old_token("rejected").await;
    backend.on_in_turn(API, [html(401), json("{}")]);
    assert_eq!(response_of(tab.get(API).await).status(), 200);
    assert_eq!(backend.paths(), [REFRESH, API, REFRESH, API]);
    assert_eq!(bearers(&backend, API), [bearer(1), bearer(2)]);
}

#[wasm_bindgen_test]
async fn retry_once_the_second_answer_is_the_callers() {
    let (tab, backend, _clock) = old_token("retry-once").await;
    let second = html(401);
    backend.on_in_turn(API, [html(401), second.clone(), json("{}")]);
    assert!(same(&tab.get(API).await.unwrap(), &second));
    assert_eq!(backend.paths(), [REFRESH, API, REFRESH, API]);
}

#[wasm_bindgen_test]
async fn retry_once_the_second_answer_is_the_callers_when_its_token_has_grown_old_too() {
    let (tab, backend, clock) = old_token("retry-once-old").await;
    let advance = clock.mover();
    backend.on(API, move |_| {
        advance(GROWN_UP_MS);
        html(401)
    });
    assert_eq!(response_of(tab.get(API).await).status(), 401);
    assert_eq!(backend.paths(), [REFRESH, API, REFRESH, API]);
}

#[wasm_bindgen_test]
async fn an_answer_that_nobody_will_read_frees_its_connection() {
    const ENDLESS: &str = "
        const body = new ReadableStream({ cancel: cancelled });
        return new Response(body, { status: 401 });
    ";
    let (tab, backend, _clock) = old_token("discarded").await;
    let cancelled = Log::default();
    let log = cancelled.clone();
    let cancel = crate::support::function(move |_, _| {
        log.push(());
        JsValue::UNDEFINED
    });
    let endless = Function::new_with_args("cancelled", ENDLESS);
    let endless = endless.call1(&JsValue::UNDEFINED, &cancel).unwrap();
    let answers = RefCell::new(vec![json("{}"), endless]);
    backend.on(API, move |_| answers.borrow_mut().pop().unwrap());
    assert_eq!(response_of(tab.get(API).await).status(), 200);
    cancelled.nth(1, |_| true).await;
}

#[wasm_bindgen_test]
async fn a_young_token_that_is_rejected_is_not_refreshed() {
    let backend = Backend::new();
    backend.on(API, |_| html(401));
    let tab = Tab::ready(options("young"), &backend).await;
    for _ in 0..3 {
        assert_eq!(response_of(tab.get(API).await).status(), 401);
    }
    assert_eq!(backend.paths(), [REFRESH, API, API, API]);
}

#[wasm_bindgen_test]
async fn no_needless_refresh_a_storm_of_401s_costs_one() {
    let (tab, backend, _clock) = old_token("storm").await;
    backend.on(API, |call| match call.authorization() == bearer(2) {
        true => json("{}"),
        false => html(401),
    });
    let storm: Vec<_> = (0..100).map(|_| tab.get(API)).collect();
    for response in storm {
        assert_eq!(response_of(response.await).status(), 200);
    }
    assert_eq!(backend.calls_to(REFRESH).len(), 2);
    assert_eq!(backend.calls_to(API).len(), 200);
}

#[wasm_bindgen_test]
async fn no_needless_refresh_a_late_401_goes_again_with_the_token_there_is() {
    let (tab, backend, clock) = old_token("late-401").await;
    let (answer, give) = deferred();
    backend.on_in_turn(API, [answer, json("{}")]);
    let late = tab.get(API);
    soon(tab.refresh()).await.unwrap();
    clock.advance(GROWN_UP_MS);
    give(html(401));
    assert_eq!(response_of(late.await).status(), 200);
    assert_eq!(bearers(&backend, API), [bearer(1), bearer(2)]);
    assert_eq!(backend.calls_to(REFRESH).len(), 2);
}

#[wasm_bindgen_test]
async fn an_expired_token_is_renewed_before_it_is_sent() {
    let (tab, backend, clock) = old_token("expired").await;
    clock.advance(300_000);
    tab.get(API).await.unwrap();
    assert_eq!(backend.paths(), [REFRESH, REFRESH, API]);
    assert_eq!(bearers(&backend, API), [bearer(2)]);
}

#[wasm_bindgen_test]
async fn a_request_that_no_token_can_be_had_for_is_rejected() {
    let (tab, backend, clock) = old_token("no-token").await;
    backend.on(REFRESH, |_| status(503));
    clock.advance(300_000);
    let failed = Error::RefreshFailed(Failure::Status(503));
    assert_eq!(manager_error(tab.get(API).await), failed);
    assert_eq!(bearers(&backend, API), []);
}

#[wasm_bindgen_test]
async fn keep_serving_a_token_that_is_still_valid_is_used_while_refreshing_fails() {
    let (tab, backend, clock) = old_token("keep-serving").await;
    backend.on(REFRESH, |_| status(503));
    // Less than five seconds are left: not fresh, but valid.
    clock.advance(300_000 - GROWN_UP_MS - 2_000);
    for _ in 0..3 {
        assert_eq!(response_of(tab.get(API).await).status(), 200);
    }
    assert_eq!(bearers(&backend, API), vec![bearer(1); 3]);
    assert_eq!(tab.snapshot().status, Status::SignedIn);
}

#[wasm_bindgen_test]
async fn keep_serving_a_fresh_token_goes_out_at_once_though_a_refresh_has_failed() {
    let (tab, backend, _clock) = old_token("keep-serving-fresh").await;
    backend.on(REFRESH, |_| status(503));
    assert!(soon(tab.refresh()).await.is_err());
    let (unanswered, _) = deferred();
    backend.on(REFRESH, move |_| unanswered.clone());
    assert_eq!(response_of(tab.get(API).await).status(), 200);
    assert_eq!(bearers(&backend, API), [bearer(1)]);
}

#[wasm_bindgen_test]
async fn one_identity_a_request_begun_as_alice_is_not_sent_as_bob() {
    let clock = Clock::stop();
    let backend = Backend::new();
    let of = |sub: &str| granted(&jwt(&format!(r#"{{"sub":"{sub}"}}"#)));
    let (answer, give) = deferred();
    backend.on_in_turn(REFRESH, [of("alice"), answer]);
    let tab = Tab::ready(options("alice-and-bob"), &backend).await;
    clock.advance(301_000);
    let queued = tab.get(API);
    backend.nth_call(2, REFRESH).await;
    soon(tab.sign_in(of("bob"))).await.unwrap();
    assert_eq!(manager_error(queued.await), Error::SessionEnded);
    give(of("alice"));
    tab.get(API).await.unwrap();
    let bob = format!("Bearer {}", jwt(r#"{"sub":"bob"}"#));
    assert_eq!(bearers(&backend, API), [Some(bob)]);
}

#[wasm_bindgen_test]
async fn a_step_up_is_announced_and_not_refreshed_for() {
    let (tab, backend, _clock) = old_token("step-up").await;
    let challenge =
        r#"Bearer error="insufficient_user_authentication", acr_values="gold silver", max_age=60"#;
    backend.on(API, move |_| {
        response(401, &[("WWW-Authenticate", challenge)], "no")
    });
    let response = response_of(tab.get(API).await);
    assert_eq!(response.status(), 401);
    assert!(!response.body_used());
    tab.event(Event::StepUp(StepUp {
        acr_values: vec!["gold".to_owned(), "silver".to_owned()],
        max_age: Some(60),
    }))
    .await;
    assert_eq!(backend.paths(), [REFRESH, API]);
}

#[wasm_bindgen_test]
async fn insufficient_scope_is_the_callers() {
    let (tab, backend, _clock) = old_token("scope").await;
    let challenge = [("WWW-Authenticate", r#"Bearer error="insufficient_scope""#)];
    backend.on(API, move |_| response(401, &challenge, ""));
    let before = tab.events.all().len();
    assert_eq!(response_of(tab.get(API).await).status(), 401);
    assert_eq!(backend.paths(), [REFRESH, API]);
    assert_eq!(tab.events.all().len(), before);
}
