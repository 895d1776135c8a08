//! The rules of `fetch`: which requests get the token, wait or are sent again, and the outcome for the caller.

use crate::support::{
    Backend, Clock, LOGOUT, REFRESH, Tab, deferred, fetched, get, granted, html, json, object,
    options, origin, response_of, same, status, token,
};
use js_sys::{Error as JsError, Function, Promise, TypeError};
use tokenhold::{Error, FetchError, TokenManager};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::*;
use web_sys::{Request, Response, Url};

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

fn rejection(outcome: Result<Response, FetchError>) -> JsValue {
    match outcome {
        Err(FetchError::Fetch(reason)) => reason,
        other => panic!("{other:?}"),
    }
}

#[wasm_bindgen_test]
fn an_error_says_what_went_wrong() {
    let thrown = FetchError::from(JsValue::from(TypeError::new("no network")));
    assert_eq!(thrown.to_string(), "TypeError: no network");
    let ended = FetchError::from(Error::SessionEnded);
    assert_eq!(ended.to_string(), Error::SessionEnded.to_string());
    assert!(std::error::Error::source(&ended).is_some());
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
    assert_eq!(crate::support::get(&call.request, "cache"), "reload");
    assert_eq!(crate::support::get(&call.request, "credentials"), "omit");
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
    let asked: js_sys::Function = crate::support::get(&liar, "asked").unchecked_into();
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

/// Counts the copies that are made of requests while `during` lasts.
async fn copies(during: impl Future<Output = ()>) -> f64 {
    const WATCH: &str = "
        const { clone } = Request.prototype;
        const watch = { copies: 0, release() { Request.prototype.clone = clone; } };
        Request.prototype.clone = function () { watch.copies++; return clone.call(this); };
        return watch;
    ";
    let watch = Function::new_no_args(WATCH)
        .call0(&JsValue::UNDEFINED)
        .unwrap();
    during.await;
    let release: Function = get(&watch, "release").unchecked_into();
    release.call0(&watch).unwrap();
    get(&watch, "copies").as_f64().unwrap()
}

#[wasm_bindgen_test]
async fn a_request_without_a_body_is_copied_only_to_be_sent_again() {
    let (tab, backend, _clock) = old_token("copies").await;
    let posted = object([("method", "POST".into()), ("body", "one".into())]);
    assert_eq!(copies(async { drop(tab.get(API).await) }).await, 0.0);
    let post = async { drop(fetched(&tab, &API.into(), &posted).await) };
    assert_eq!(copies(post).await, 1.0);
    backend.on_in_turn(API, [html(401), json("{}")]);
    assert_eq!(copies(async { drop(tab.get(API).await) }).await, 1.0);
    let tries = &bearers(&backend, API)[2..];
    assert_eq!(
        tries,
        [bearer(1), bearer(2)],
        "what was sent stays as it was"
    );
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
    drop(manager.fetch(API));
    backend.nth_call(1, API).await;
}
