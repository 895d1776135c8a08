//! A manager's life: its events and their order, callbacks into it, and its end.

use crate::support::{
    Backend, Clock, LOGOUT, REFRESH, RESTORED, Tab, deferred, granted, html, json, jwt, options,
    soon, status, token,
};
use futures_util::future::join_all;
use js_sys::Function;
use serde::{Deserialize, Serialize};
use tokenhold::{Error, Event, Failure, FetchError, Options, Snapshot, Status, TokenManager};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::*;

const API: &str = "/api/me";

fn prepared(options: Options, backend: &Backend) -> TokenManager {
    TokenManager::prepare(options, backend.world()).unwrap()
}

fn is_disposed<T>(outcome: Result<T, FetchError>) -> bool {
    matches!(outcome, Err(FetchError::Manager(Error::Disposed)))
}

#[wasm_bindgen_test]
async fn nothing_happens_before_the_start() {
    let backend = Backend::new();
    let tab = Tab::prepare(options("before-start"), backend.world());
    assert_eq!(tab.snapshot().status, Status::Restoring);
    Function::new_no_args("dispatchEvent(new Event('focus'))")
        .call0(&JsValue::UNDEFINED)
        .unwrap();
    assert_eq!(
        crate::support::locks("tokenhold:before-start").await,
        [""; 0]
    );
    assert_eq!(backend.paths(), [""; 0]);
    assert_eq!(tab.events.all(), []);
    tab.start();
    soon(tab.ready()).await;
    assert_eq!(tab.events.all(), [Event::Change, RESTORED]);
}

#[wasm_bindgen_test]
async fn a_snapshot_follows_the_session() {
    let clock = Clock::stop();
    let backend = Backend::new();
    backend.on(REFRESH, |_| {
        granted(&jwt(r#"{"sub":"alice","admin":true}"#))
    });
    let tab = Tab::open(options("snapshot"), &backend);
    let nobody = |status| Snapshot {
        status,
        claims: None,
        expires_at: None,
    };
    assert_eq!(tab.snapshot(), nobody(Status::Restoring));
    soon(tab.ready()).await;
    let signed_in = Snapshot {
        status: Status::SignedIn,
        claims: Some(r#"{"sub":"alice","admin":true}"#.to_owned()),
        expires_at: Some(clock.now() + 300_000),
    };
    assert_eq!(tab.snapshot(), signed_in);
    soon(tab.logout()).await.unwrap();
    assert_eq!(tab.snapshot(), nobody(Status::SignedOut));
}

#[derive(Debug, PartialEq, Deserialize)]
struct Person {
    sub: String,
    roles: Vec<String>,
    #[serde(default)]
    team: Option<u32>,
}

#[derive(Serialize)]
struct LoginAnswer {
    access_token: String,
    expires_in: u32,
}

#[wasm_bindgen_test]
async fn claims_and_login_answers_may_be_of_types_of_the_app() {
    let clock = Clock::stop();
    let backend = Backend::new();
    backend.on(REFRESH, |_| status(401));
    let tab = Tab::ready(options("typed"), &backend).await;
    assert_eq!(tab.claims::<Person>().unwrap(), None);
    let answer = LoginAnswer {
        access_token: jwt(r#"{"sub":"alice","roles":["admin","é"],"team":7}"#),
        expires_in: 300,
    };
    soon(tab.sign_in_with(&answer)).await.unwrap();
    assert_eq!(tab.snapshot().expires_at, Some(clock.now() + 300_000));
    let alice = Person {
        sub: "alice".to_owned(),
        roles: vec!["admin".to_owned(), "é".to_owned()],
        team: Some(7),
    };
    assert_eq!(tab.claims::<Person>().unwrap(), Some(alice));
    assert!(tab.claims::<u32>().is_err());
    // A map is an object to JSON.
    let map = std::collections::BTreeMap::from([("access_token", "opaque")]);
    soon(tab.sign_in_with(&map)).await.unwrap();
    assert_eq!(tab.claims::<Person>().unwrap(), None);
    let nothing = soon(tab.sign_in_with(&7)).await;
    assert!(
        matches!(nothing, Err(Error::SignInFailed(_))),
        "{nothing:?}"
    );
}

#[wasm_bindgen_test]
async fn without_restoring_a_manager_is_ready_at_once() {
    let backend = Backend::new();
    let mut options = options("no-restore");
    options.restore = false;
    let tab = Tab::ready(options, &backend).await;
    assert_eq!(tab.snapshot().status, Status::SignedOut);
    assert_eq!(tab.events.all(), [Event::Change]);
    tab.get(API).await.unwrap();
    crate::support::released("tokenhold:no-restore:refresh").await;
    tab.get(API).await.unwrap();
    assert_eq!(backend.paths(), [API, API]);
    soon(tab.sign_in_by_cookie()).await.unwrap();
    assert_eq!(tab.snapshot().status, Status::SignedIn);
    assert_eq!(backend.paths(), [API, API, REFRESH]);
}

#[wasm_bindgen_test]
async fn ready_resolves_for_all_who_ask_before_and_after() {
    let backend = Backend::new();
    backend.on(REFRESH, |_| status(503));
    let tab = Tab::open(options("ready"), &backend);
    soon(join_all([tab.ready(), tab.ready()])).await;
    soon(tab.ready()).await;
    assert_eq!(tab.snapshot().status, Status::Restoring);
}

#[wasm_bindgen_test]
async fn a_subscription_may_outlive_its_manager() {
    let backend = Backend::new();
    let manager = prepared(options("outlived"), &backend);
    let subscription = manager.on(|_| {});
    manager.start();
    soon(manager.ready()).await;
    manager.dispose();
    drop(manager);
    drop(subscription);
}

#[wasm_bindgen_test]
async fn dispose_rejects_what_waits() {
    let backend = Backend::new();
    let (never, _give) = deferred();
    let answer = never.clone();
    backend.on(REFRESH, move |_| answer.clone());
    let tab = Tab::open(options("dispose-waiting"), &backend);
    let requests = [tab.get(API), tab.get(API)];
    let token = tab.access_token();
    let (refresh, sign_in) = (tab.refresh(), tab.sign_in_by_cookie());
    let ready = tab.ready();
    backend.nth_call(1, REFRESH).await;
    tab.dispose();
    soon(ready).await;
    for request in requests {
        assert!(is_disposed(request.await));
    }
    assert!(is_disposed(soon(token).await));
    assert_eq!(soon(refresh).await, Err(Error::Disposed));
    assert_eq!(soon(sign_in).await, Err(Error::Disposed));
    assert_eq!(backend.paths(), [REFRESH]);
}

#[wasm_bindgen_test]
async fn dispose_rejects_what_is_under_way() {
    let backend = Backend::new();
    let (never, give) = deferred();
    let answer = never.clone();
    backend.on(API, move |_| answer.clone());
    let (logout_answer, _give) = deferred();
    backend.on(LOGOUT, move |_| logout_answer.clone());
    let tab = Tab::ready(options("dispose-under-way"), &backend).await;
    let request = tab.get(API);
    backend.nth_call(1, API).await;
    let logout = tab.logout();
    backend.nth_call(1, LOGOUT).await;
    tab.dispose();
    assert!(is_disposed(request.await));
    assert_eq!(soon(logout).await, Err(Error::Disposed));
    // Its answer is nobody's, and does no harm.
    give(html(401));
    assert_eq!(backend.calls_to(API).len(), 1);
}

#[wasm_bindgen_test]
async fn after_dispose_nothing_works_and_nothing_breaks() {
    let backend = Backend::new();
    let tab = Tab::ready(options("disposed"), &backend).await;
    tab.dispose();
    tab.dispose();
    tab.start();
    assert_eq!(tab.snapshot().status, Status::SignedOut);
    soon(tab.ready()).await;
    assert!(is_disposed(tab.get(API).await));
    assert!(is_disposed(soon(tab.access_token()).await));
    assert_eq!(soon(tab.refresh()).await, Err(Error::Disposed));
    assert_eq!(soon(tab.logout()).await, Err(Error::Disposed));
    assert_eq!(
        soon(tab.sign_in(json(r#"{"access_token":"x"}"#))).await,
        Err(Error::Disposed)
    );
    assert_eq!(soon(tab.sign_in_by_cookie()).await, Err(Error::Disposed));
    assert_eq!(backend.paths(), [REFRESH]);
    for lock in crate::support::locks("tokenhold:disposed:").await {
        crate::support::released(&lock).await;
    }
    assert_eq!(crate::support::locks("tokenhold:disposed:").await, [""; 0]);
}

#[wasm_bindgen_test]
async fn the_raw_token_is_for_those_who_ask_for_it() {
    let clock = Clock::stop();
    let backend = Backend::new();
    let tab = Tab::open(options("raw"), &backend);
    let first = soon(tab.access_token()).await.unwrap().unwrap();
    assert_eq!(first.expose(), token(1));
    assert!(!format!("{first:?}").contains("s3cret"));
    clock.advance(301_000);
    let second = soon(tab.access_token()).await.unwrap().unwrap();
    assert_eq!(second.expose(), token(2));
    backend.on(REFRESH, |_| status(503));
    clock.advance(301_000);
    let failed = soon(tab.access_token()).await;
    assert!(matches!(
        failed,
        Err(FetchError::Manager(Error::RefreshFailed(Failure::Status(
            503
        ))))
    ));
    soon(tab.logout()).await.unwrap();
    assert_eq!(soon(tab.access_token()).await.unwrap(), None);
}

#[wasm_bindgen_test]
async fn confinement_no_event_and_no_error_prints_the_token() {
    let backend = Backend::new();
    let tab = Tab::ready(options("printed"), &backend).await;
    let body = |token: &str| json(&format!(r#"{{"token":"{token}"}}"#));
    let mut printed = format!("{:?}", soon(tab.sign_in(body(&token(7)))).await);
    backend.on(REFRESH, move |_| body(&token(8)));
    printed += &format!("{:?}", soon(tab.refresh()).await);
    printed += &format!("{:?}", soon(tab.refresh()).await.unwrap_err().to_string());
    soon(tab.logout()).await.unwrap();
    printed += &format!("{:?} {:?}", tab.events.all(), tab.snapshot());
    assert!(!printed.contains("s3cret"), "{printed}");
}
