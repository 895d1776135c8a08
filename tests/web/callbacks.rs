//! Callers from within a manager: the app's listeners, and the app's `fetch`.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::support::{
    Backend, LOGOUT, Log, REFRESH, RESTORED, Tab, fetched, function, options, response_of, soon,
};
use tokenhold::{
    Error, Event, FetchError, Functions, Options, Reason, Rejected, Status, Subscription,
    TokenManager, World,
};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use wasm_bindgen_test::*;

const API: &str = "/api/me";

fn prepared(options: Options, backend: &Backend) -> TokenManager {
    TokenManager::prepare(options, backend.world()).unwrap()
}

fn is_disposed<T>(outcome: Result<T, FetchError>) -> bool {
    matches!(outcome, Err(FetchError::Manager(Error::Disposed)))
}

#[wasm_bindgen_test]
async fn listeners_find_the_change_complete() {
    let backend = Backend::new();
    let manager = prepared(options("complete"), &backend);
    let seen = Log::default();
    let _subscription = manager.on({
        let (manager, seen) = (manager.clone(), seen.clone());
        move |event| seen.push((event.clone(), manager.snapshot().status))
    });
    manager.start();
    soon(manager.ready()).await;
    soon(manager.logout()).await.unwrap();
    manager.dispose();
    let (signed_in, signed_out) = (Status::SignedIn, Status::SignedOut);
    assert_eq!(
        seen.all(),
        [
            (Event::Change, signed_in),
            (RESTORED, signed_in),
            (Event::Change, signed_out),
            (Event::SignedOut(Reason::Logout), signed_out),
        ]
    );
}

#[wasm_bindgen_test]
async fn a_subscription_ends_when_it_is_dropped() {
    let backend = Backend::new();
    let tab = Tab::prepare(options("subscription"), backend.world());
    let (kept, dropped) = (Rc::new(Cell::new(0)), Rc::new(Cell::new(0)));
    let count = |counter: &Rc<Cell<u32>>| {
        let counter = counter.clone();
        tab.on(move |_| counter.set(counter.get() + 1))
    };
    let (_one, other) = (count(&kept), count(&dropped));
    tab.start();
    soon(tab.ready()).await;
    assert_eq!((kept.get(), dropped.get()), (2, 2));
    drop(other);
    soon(tab.logout()).await.unwrap();
    assert_eq!((kept.get(), dropped.get()), (4, 2));
}

#[wasm_bindgen_test]
async fn a_listener_may_use_the_manager() {
    let backend = Backend::new();
    let manager = prepared(options("listener-uses"), &backend);
    let outcomes = Log::default();
    let extra: Rc<RefCell<Vec<Subscription>>> = Rc::default();
    let _subscription = manager.on({
        let (manager, outcomes, extra) = (manager.clone(), outcomes.clone(), extra.clone());
        move |event| {
            if *event != RESTORED {
                return;
            }
            let late = outcomes.clone();
            extra
                .borrow_mut()
                .push(manager.on(move |event| late.push(format!("{event:?}"))));
            let request = manager.fetch(API);
            let refresh = manager.refresh();
            let logout = manager.logout();
            let outcomes = outcomes.clone();
            spawn_local(async move {
                let status = response_of(request.await).status();
                outcomes.push(format!("{status} {:?} {:?}", refresh.await, logout.await));
            });
        }
    });
    manager.start();
    let all = outcomes.nth(1, |entry| entry.starts_with("200")).await;
    assert_eq!(all, "200 Err(SessionEnded) Ok(())");
    // What the listener caused is told after what it was told of, to the new listener too.
    assert_eq!(outcomes.all(), ["Change", "SignedOut(Logout)", &all]);
    assert_eq!(backend.paths(), [REFRESH, API, LOGOUT]);
    manager.dispose();
}

#[wasm_bindgen_test]
async fn every_listener_hears_everything_in_the_same_order() {
    let backend = Backend::new();
    let manager = prepared(options("same-order"), &backend);
    let _causing_more = manager.on({
        let manager = manager.clone();
        move |event| {
            if *event == RESTORED {
                drop(manager.logout());
            }
        }
    });
    let heard = Log::default();
    let log = heard.clone();
    let _hearing = manager.on(move |event| log.push(event.clone()));
    manager.start();
    backend.nth_call(1, LOGOUT).await;
    let signed_out = Event::SignedOut(Reason::Logout);
    let all = [Event::Change, RESTORED, Event::Change, signed_out];
    assert_eq!(heard.all(), all);
    manager.dispose();
}

#[wasm_bindgen_test]
async fn a_listener_may_end_itself_or_the_manager() {
    let backend = Backend::new();
    let manager = prepared(options("listener-ends"), &backend);
    let own: Rc<RefCell<Option<Subscription>>> = Rc::default();
    let heard = Log::default();
    *own.borrow_mut() = Some(manager.on({
        let (own, heard) = (own.clone(), heard.clone());
        move |event| {
            heard.push(event.clone());
            drop(own.take());
        }
    }));
    let _disposing = manager.on({
        let manager = manager.clone();
        move |event| {
            if *event == RESTORED {
                manager.dispose();
            }
        }
    });
    let request = fetched(&manager, &API.into(), &JsValue::UNDEFINED);
    manager.start();
    soon(manager.ready()).await;
    assert!(is_disposed(request.await));
    assert_eq!(heard.all(), [Event::Change]);
    assert_eq!(manager.snapshot().status, Status::SignedOut);
}

/// A manager whose `fetch` first does this with it.
fn with_fetch_that(
    name: &str,
    backend: &Backend,
    meddle: impl Fn(&TokenManager) + 'static,
) -> TokenManager {
    let slot: Rc<RefCell<Option<TokenManager>>> = Rc::default();
    let (manager, fetch) = (slot.clone(), backend.fetch());
    let fetch = function(move |input, init| {
        if let Some(manager) = &*manager.borrow() {
            meddle(manager);
        }
        fetch.call2(&JsValue::UNDEFINED, &input, &init).unwrap()
    });
    let world = World {
        fetch,
        rejected: Rejected::Statuses(vec![401]),
        functions: Functions::default(),
    };
    let manager = TokenManager::prepare(options(name), world).unwrap();
    *slot.borrow_mut() = Some(manager.clone());
    manager
}

#[wasm_bindgen_test]
async fn fetch_may_call_back_into_the_manager() {
    let backend = Backend::new();
    let nested = Log::default();
    let log = nested.clone();
    let manager = with_fetch_that("fetch-calls-back", &backend, move |manager| {
        manager.snapshot();
        drop(manager.on(|_| {}));
        if log.all().len() < 3 {
            log.push(());
            drop(manager.refresh());
            drop(manager.access_token());
            drop(manager.fetch("/api/nested"));
        }
    });
    manager.start();
    soon(manager.ready()).await;
    assert_eq!(
        response_of(fetched(&manager, &API.into(), &JsValue::UNDEFINED).await).status(),
        200
    );
    backend.nth_call(3, "/api/nested").await;
    assert_eq!(nested.all().len(), 3);
    assert_eq!(backend.calls_to(API).len(), 1);
    soon(manager.logout()).await.unwrap();
    manager.dispose();
}

#[wasm_bindgen_test]
async fn fetch_may_dispose_of_the_manager() {
    let backend = Backend::new();
    let manager = with_fetch_that("fetch-disposes", &backend, TokenManager::dispose);
    let request = fetched(&manager, &API.into(), &JsValue::UNDEFINED);
    manager.start();
    soon(manager.ready()).await;
    assert!(is_disposed(request.await));
    assert_eq!(backend.paths(), [REFRESH]);
}

#[wasm_bindgen_test]
async fn fetch_may_log_out_under_way() {
    let backend = Backend::new();
    let inside = Rc::new(Cell::new(false));
    let fetching = inside.clone();
    let manager = with_fetch_that("fetch-logs-out", &backend, move |manager| {
        if manager.snapshot().status == Status::SignedIn {
            fetching.set(true);
            drop(manager.logout());
            fetching.set(false);
        }
    });
    // Whatever it causes is told when it has returned.
    let events = Log::default();
    let log = events.clone();
    let _subscription = manager.on(move |event| log.push((event.clone(), inside.get())));
    manager.start();
    soon(manager.ready()).await;
    fetched(&manager, &API.into(), &JsValue::UNDEFINED)
        .await
        .unwrap();
    backend.nth_call(1, LOGOUT).await;
    assert_eq!(manager.snapshot().status, Status::SignedOut);
    let signed_out = Event::SignedOut(Reason::Logout);
    let all = [Event::Change, RESTORED, Event::Change, signed_out];
    assert_eq!(events.all(), all.map(|event| (event, false)));
    manager.dispose();
}
