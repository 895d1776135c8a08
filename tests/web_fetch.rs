//! The rules of `fetch`: what gets the token, what waits, what goes again, and what the caller gets.
#![cfg(target_arch = "wasm32")]

mod web;

use js_sys::{Error as JsError, Promise};
use tokenhold::{Error, Event, Failure, FetchError, Status, StepUp, TokenManager};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::*;
use web::{
    Backend, Clock, LOGOUT, REFRESH, Tab, deferred, fetched, granted, html, json, jwt, object,
    options, origin, response, response_of, same, soon, status, token,
};
use web_sys::{Request, Url};

wasm_bindgen_test_configure!(run_in_browser);

const API: &str = "/api/me";
/// After this long a token of five minutes is old enough to be refreshed when it is rejected.
const GROWN_UP_MS: u32 = 20_000;

fn bearer(n: u32) -> Option<String> {
    Some(format!("Bearer {}", token(n)))
}

fn bearers(backend: &Backend, path: &str) -> Vec<Option<String>> {
    let calls = backend.calls_to(path);
    calls.iter().map(web::Call::authorization).collect()
}

fn manager_error(outcome: Result<JsValue, FetchError>) -> Error {
    match outcome {
        Err(FetchError::Manager(error)) => error,
        other => panic!("{other:?}"),
    }
}

fn rejection(outcome: Result<JsValue, FetchError>) -> JsValue {
    match outcome {
        Err(FetchError::Fetch(reason)) => reason,
        other => panic!("{other:?}"),
    }
}

/// A request that is under way when this returns, its token old enough to be refreshed.
async fn old_token(name: &str) -> (Tab, Backend, Clock) {
    let clock = Clock::stop();
    let backend = Backend::new();
    let tab = Tab::ready(options(name), &backend).await;
    clock.advance(GROWN_UP_MS);
    (tab, backend, clock)
}

#[wasm_bindgen_test]
async fn a_request_goes_with_the_token_however_it_is_written() {
    let backend = Backend::new();
    let tab = Tab::ready(options("attached"), &backend).await;
    let absolute = origin() + API;
    let inputs: [JsValue; 4] = [
        API.into(),
        absolute.as_str().into(),
        Url::new(&absolute).unwrap().into(),
        Request::new_with_str(API).unwrap().into(),
    ];
    for input in &inputs {
        fetched(&tab, input, &JsValue::UNDEFINED).await.unwrap();
    }
    assert_eq!(bearers(&backend, API), vec![bearer(1); inputs.len()]);
    for call in backend.calls_to(API) {
        assert_eq!(call.request.url(), absolute);
        assert_eq!(call.header_names(), ["authorization"]);
    }
}

#[wasm_bindgen_test]
async fn the_init_counts_as_with_fetch() {
    let backend = Backend::new();
    let tab = Tab::ready(options("init"), &backend).await;
    let input = Request::new_with_str(API).unwrap();
    input.headers().set("X-Dropped", "1").unwrap();
    let init = object([
        ("method", "PATCH".into()),
        ("body", "text".into()),
        ("headers", object([("X-App", "1".into())])),
        ("cache", "reload".into()),
        ("credentials", "omit".into()),
    ]);
    fetched(&tab, &input, &init).await.unwrap();
    let call = &backend.calls_to(API)[0];
    assert_eq!(call.request.method(), "PATCH");
    assert_eq!(web::get(&call.request, "cache"), "reload");
    assert_eq!(web::get(&call.request, "credentials"), "omit");
    assert_eq!(
        call.header_names(),
        ["authorization", "content-type", "x-app"]
    );
    assert_eq!(call.text().await, "text");
}

#[wasm_bindgen_test]
async fn the_caller_gets_the_very_response() {
    let backend = Backend::new();
    let answer = json("{}");
    let copy = answer.clone();
    backend.on(API, move |_| copy.clone());
    let tab = Tab::ready(options("very-response"), &backend).await;
    assert!(same(&tab.get(API).await.unwrap(), &answer));
}

#[wasm_bindgen_test]
async fn requests_wait_while_the_session_is_restored() {
    let backend = Backend::new();
    let (answer, give) = deferred();
    backend.on(REFRESH, move |_| answer.clone());
    let tab = Tab::open(options("waiting"), &backend);
    let waiting = [tab.get(API), tab.get(API)];
    backend.nth_call(1, REFRESH).await;
    assert_eq!(backend.paths(), [REFRESH]);
    give(granted(&token(1)));
    for response in waiting {
        response.await.unwrap();
    }
    assert_eq!(bearers(&backend, API), [bearer(1), bearer(1)]);
}

#[wasm_bindgen_test]
async fn signed_out_requests_go_bare_and_a_401_comes_back() {
    let backend = Backend::new();
    backend.on(REFRESH, |_| status(401));
    backend.on(API, |_| html(401));
    let tab = Tab::open(options("signed-out"), &backend);
    assert_eq!(response_of(tab.get(API).await).status(), 401);
    assert_eq!(response_of(tab.get(API).await).status(), 401);
    assert_eq!(bearers(&backend, API), [None, None]);
    assert_eq!(backend.calls_to(REFRESH).len(), 1);
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
async fn confinement_foreign_origins_get_no_token_and_do_not_wait() {
    let backend = Backend::new();
    let (never, _give) = deferred();
    backend.on(REFRESH, move |_| never.clone());
    let mut options = options("foreign");
    options.attach_to = Some(vec!["https://api.example.com".to_owned()]);
    let tab = Tab::open(options, &backend);
    let foreign = [
        "https://api.example.com.evil.example/x",
        "https://api.example.comevil.example/x",
        "https://evil.example/https://api.example.com/",
        "http://api.example.com/x",
        "https://api.example.com:8443/x",
        "https://sub.api.example.com/x",
        "https://example.com/x",
        "data:text/plain,x",
        "/x",
    ];
    for url in foreign {
        tab.get(url).await.unwrap();
    }
    let sent = backend.calls.those(|call| call.path() != REFRESH);
    assert_eq!(sent.len(), foreign.len());
    for call in sent {
        assert_eq!(call.authorization(), None, "{}", call.request.url());
    }
}

#[wasm_bindgen_test]
async fn an_origin_that_may_receive_the_token_does() {
    let backend = Backend::new();
    let mut options = options("attach-to");
    options.attach_to = Some(vec!["https://api.example.com".to_owned(), origin()]);
    let tab = Tab::ready(options, &backend).await;
    for url in [
        "https://api.example.com/x",
        "HTTPS://API.example.com:443/x",
        "/x",
    ] {
        tab.get(url).await.unwrap();
    }
    assert_eq!(bearers(&backend, "/x"), vec![bearer(1); 3]);
}

#[wasm_bindgen_test]
async fn confinement_a_url_that_changes_its_mind_is_read_once() {
    const LIAR: &str = "
        let asked = 0;
        return {
            asked: () => asked,
            toString: () => asked++ ? 'https://evil.example/x' : '/x',
        };
    ";
    let backend = Backend::new();
    let tab = Tab::ready(options("liar"), &backend).await;
    let liar = js_sys::Function::new_no_args(LIAR)
        .call0(&JsValue::UNDEFINED)
        .unwrap();
    fetched(&tab, &liar, &JsValue::UNDEFINED).await.unwrap();
    let asked: js_sys::Function = web::get(&liar, "asked").unchecked_into();
    assert_eq!(asked.call0(&JsValue::UNDEFINED).unwrap(), 1);
    let calls = backend.calls_to("/x");
    assert_eq!(calls[0].request.url(), origin() + "/x");
    assert_eq!(bearers(&backend, "/x"), [bearer(1)]);
}

#[wasm_bindgen_test]
async fn confinement_the_auth_urls_get_no_token_and_no_second_try() {
    let (tab, backend, _clock) = old_token("auth-urls").await;
    backend.on(LOGOUT, |_| html(401));
    for url in [
        LOGOUT,
        "/auth/logout?x",
        "/auth/../auth/logout#x",
        "/auth/%6Cogout/../logout",
    ] {
        assert_eq!(response_of(tab.get(url).await).status(), 401);
    }
    tab.get("/auth/refresh?x").await.unwrap();
    assert_eq!(bearers(&backend, LOGOUT), vec![None; 4]);
    assert_eq!(bearers(&backend, REFRESH), [None, None]);
}

#[wasm_bindgen_test]
async fn the_callers_authorization_wins() {
    let (tab, backend, _clock) = old_token("authorization").await;
    backend.on(API, |_| html(401));
    let own = object([("headers", object([("aUTHORIZATION", "Basic x".into())]))]);
    assert_eq!(
        response_of(fetched(&tab, &API.into(), &own).await).status(),
        401
    );
    let request = Request::new_with_str(API).unwrap();
    request.headers().set("Authorization", "Basic x").unwrap();
    let outcome = fetched(&tab, &request, &JsValue::UNDEFINED).await;
    assert_eq!(response_of(outcome).status(), 401);
    assert_eq!(bearers(&backend, API), vec![Some("Basic x".to_owned()); 2]);
    assert_eq!(backend.calls_to(REFRESH).len(), 1);
}

#[wasm_bindgen_test]
async fn what_fetch_rejects_with_is_what_the_caller_gets() {
    let backend = Backend::new();
    let tab = Tab::ready(options("rejects"), &backend).await;
    let reasons: [JsValue; 4] = [
        JsError::new("x").into(),
        "text".into(),
        5.into(),
        JsValue::NULL,
    ];
    for reason in reasons {
        let copy = reason.clone();
        backend.on(API, move |_| Promise::reject(&copy).into());
        assert!(same(&rejection(tab.get(API).await), &reason));
        assert!(same(
            &rejection(tab.get("https://example.com/api/me").await),
            &reason
        ));
    }
    assert_eq!(backend.calls_to(REFRESH).len(), 1);
}

#[wasm_bindgen_test]
async fn what_fetch_would_refuse_is_refused_as_it_would() {
    let backend = Backend::new();
    let tab = Tab::ready(options("refused"), &backend).await;
    let nothing = JsValue::UNDEFINED;
    let body_with_get = object([("body", "x".into())]);
    let bad_method = object([("method", "CONNECT".into())]);
    for (input, init) in [
        ("http://", &nothing),
        (API, &body_with_get),
        (API, &bad_method),
    ] {
        let reason = rejection(fetched(&tab, &input.into(), init).await);
        assert!(reason.is_instance_of::<js_sys::TypeError>(), "{input}");
    }
    assert_eq!(backend.paths(), [REFRESH]);
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

#[wasm_bindgen_test]
async fn two_managers_of_different_backends_do_not_mix() {
    let (mine, yours) = (Backend::new(), Backend::new());
    yours.on(REFRESH, |_| granted("other"));
    let (tab, other) = (
        Tab::ready(options("mine"), &mine).await,
        Tab::ready(options("yours"), &yours).await,
    );
    tab.get(API).await.unwrap();
    other.get(API).await.unwrap();
    assert_eq!(bearers(&mine, API), [bearer(1)]);
    assert_eq!(bearers(&yours, API), [Some("Bearer other".to_owned())]);
}

#[wasm_bindgen_test]
async fn a_future_that_is_dropped_takes_nothing_back() {
    let backend = Backend::new();
    let tab = Tab::ready(options("dropped"), &backend).await;
    let manager: &TokenManager = &tab;
    drop(manager.fetch(&API.into(), &JsValue::UNDEFINED));
    backend.nth_call(1, API).await;
}
