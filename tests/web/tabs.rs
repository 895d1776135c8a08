//! Two managers of one name are two tabs: one refresh serves all, and each hears of what the others
//! do.

use crate::support::{
    Backend, Clock, JOINED, LOGOUT, REFRESH, REFRESHED_ELSEWHERE, RESTORED, Tab, deferred, granted,
    html, is_sign_in, json, jwt, options, response, response_of, soon, status, token,
};
use futures_util::future::join_all;
use tokenhold::{Error, Event, Failure, FetchError, Options, Reason, Status, Warning};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::*;

const API: &str = "/api/me";

/// As many tabs of one group as are asked for, all signed in.
async fn tabs<const N: usize>(name: &str, backend: &Backend) -> [Tab; N] {
    let mut tabs = Vec::new();
    for _ in 0..N {
        tabs.push(Tab::ready(options(name), backend).await);
    }
    tabs.try_into().unwrap_or_else(|_| unreachable!())
}

/// The token with which this tab sends a request now.
async fn bearer(tab: &Tab, backend: &Backend) -> Option<String> {
    tab.get("/api/probe").await.unwrap();
    backend
        .calls_to("/api/probe")
        .last()
        .unwrap()
        .authorization()
}

fn of(sub: &str) -> JsValue {
    granted(&jwt(&format!(r#"{{"sub":"{sub}"}}"#)))
}

#[wasm_bindgen_test]
async fn no_needless_refresh_a_new_tab_is_handed_the_token() {
    let _clock = Clock::stop();
    let backend = Backend::new();
    let [first, second, third] = tabs("handed", &backend).await;
    assert_eq!(backend.paths(), [REFRESH]);
    let expected = Some(format!("Bearer {}", token(1)));
    for (tab, told) in [(&first, RESTORED), (&second, JOINED), (&third, JOINED)] {
        assert_eq!(tab.snapshot(), first.snapshot());
        assert_eq!(tab.events.all(), [Event::Change, told]);
        assert_eq!(bearer(tab, &backend).await, expected);
    }
}

#[wasm_bindgen_test]
async fn a_token_handed_over_keeps_its_age_and_its_claims() {
    let clock = Clock::stop();
    let backend = Backend::new();
    backend.on(REFRESH, |_| of("alice"));
    let [first] = tabs("aged", &backend).await;
    clock.advance(100_000);
    let [second] = tabs("aged", &backend).await;
    let snapshot = second.snapshot();
    assert_eq!(snapshot, first.snapshot());
    assert_eq!(snapshot.expires_at, Some(clock.now() + 200_000));
    assert_eq!(snapshot.claims.as_deref(), Some(r#"{"sub":"alice"}"#));
}

#[wasm_bindgen_test]
async fn one_flight_what_failed_in_one_tab_is_not_tried_by_the_next() {
    let backend = Backend::new();
    let tabs: [Tab; 3] = tabs("failed", &backend).await;
    backend.on(REFRESH, |_| response(503, &[("Retry-After", "60")], ""));
    for tab in &tabs {
        let failed = Error::RefreshFailed(Failure::Status(503));
        assert_eq!(soon(tab.refresh()).await, Err(failed));
        assert!(tab.events.all().iter().any(|event| matches!(
            event,
            Event::RefreshFailed {
                status: Some(503),
                attempt: 1,
                ..
            }
        )));
    }
    assert_eq!(backend.calls_to(REFRESH).len(), 2);
}

#[wasm_bindgen_test]
async fn logout_final_a_new_tab_does_not_restore_what_another_logs_out_of() {
    let backend = Backend::new();
    let [tab] = tabs("leaving", &backend).await;
    backend.on(LOGOUT, |_| status(500));
    soon(tab.logout()).await.unwrap();
    let opened = Tab::ready(options("leaving"), &backend).await;
    assert_eq!(opened.snapshot().status, Status::SignedOut);
    assert_eq!(backend.calls_to(REFRESH).len(), 1);
    backend.on(LOGOUT, |_| status(204));
    backend.nth_call(2, LOGOUT).await;
}

#[wasm_bindgen_test]
async fn one_flight_tabs_that_start_together_make_one_refresh() {
    let backend = Backend::new();
    let (answer, give) = deferred();
    backend.on(REFRESH, move |_| answer.clone());
    let tabs: [Tab; 5] = std::array::from_fn(|_| Tab::open(options("together"), &backend));
    let requests: Vec<_> = tabs.iter().map(|tab| tab.get(API)).collect();
    backend.nth_call(1, REFRESH).await;
    give(granted(&token(1)));
    for response in join_all(requests).await {
        assert_eq!(response_of(response).status(), 200);
    }
    assert_eq!(backend.calls_to(REFRESH).len(), 1);
    for call in backend.calls_to(API) {
        assert_eq!(call.authorization(), Some(format!("Bearer {}", token(1))));
    }
}

#[wasm_bindgen_test]
async fn one_flight_calls_to_refresh_in_all_tabs_share_one() {
    let backend = Backend::new();
    let tabs: [Tab; 3] = tabs("calls", &backend).await;
    let calls: Vec<_> = tabs.iter().map(|tab| tab.refresh()).collect();
    assert_eq!(soon(join_all(calls)).await, [Ok(()), Ok(()), Ok(())]);
    assert_eq!(backend.paths(), [REFRESH, REFRESH]);
    for tab in &tabs {
        let expected = Some(format!("Bearer {}", token(2)));
        assert_eq!(bearer(tab, &backend).await, expected);
    }
}

#[wasm_bindgen_test]
async fn no_needless_refresh_a_storm_of_401s_in_all_tabs_costs_one() {
    let clock = Clock::stop();
    let backend = Backend::new();
    let tabs: [Tab; 3] = tabs("storm", &backend).await;
    clock.advance(20_000);
    let fresh = Some(format!("Bearer {}", token(2)));
    backend.on(API, move |call| match call.authorization() == fresh {
        true => json("{}"),
        false => html(401),
    });
    let storm: Vec<_> = (0..60).map(|n| tabs[n % 3].get(API)).collect();
    for response in join_all(storm).await {
        assert_eq!(response_of(response).status(), 200);
    }
    assert_eq!(backend.calls_to(REFRESH).len(), 2);
    assert_eq!(backend.calls_to(API).len(), 120);
}

#[wasm_bindgen_test]
async fn no_needless_refresh_an_expiry_in_all_tabs_costs_one() {
    let clock = Clock::stop();
    let backend = Backend::new();
    let tabs: [Tab; 3] = tabs("expiry", &backend).await;
    for expiry in 1..=3 {
        clock.advance(301_000);
        let requests: Vec<_> = (0..30).map(|n| tabs[n % 3].get(API)).collect();
        for response in join_all(requests).await {
            assert_eq!(response_of(response).status(), 200);
        }
        assert_eq!(backend.calls_to(REFRESH).len(), 1 + expiry);
    }
}

#[wasm_bindgen_test]
async fn a_refresh_in_one_tab_serves_the_others() {
    let backend = Backend::new();
    let [first, second] = tabs("served", &backend).await;
    soon(first.refresh()).await.unwrap();
    second.event(REFRESHED_ELSEWHERE).await;
    let expected = Some(format!("Bearer {}", token(2)));
    assert_eq!(bearer(&second, &backend).await, expected);
    assert_eq!(backend.calls_to(REFRESH).len(), 2);
}

#[wasm_bindgen_test]
async fn logout_final_a_logout_reaches_the_others() {
    let backend = Backend::new();
    let [first, second] = tabs("logout", &backend).await;
    let logout = first.logout();
    assert_eq!(first.snapshot().status, Status::SignedOut);
    second.event(Event::SignedOut(Reason::Elsewhere)).await;
    soon(logout).await.unwrap();
    first.event(Event::SignedOut(Reason::Logout)).await;
    for tab in [&first, &second] {
        assert_eq!(tab.snapshot().status, Status::SignedOut);
        assert_eq!(soon(tab.refresh()).await, Err(Error::SessionEnded));
        assert_eq!(bearer(tab, &backend).await, None);
    }
    assert_eq!(backend.calls_to(REFRESH).len(), 1);
    assert_eq!(backend.calls_to(LOGOUT).len(), 1);
}

#[wasm_bindgen_test]
async fn logout_final_a_refresh_under_way_elsewhere_is_settled_first() {
    let backend = Backend::new();
    let [first, second] = tabs("logout-in-refresh", &backend).await;
    let (answer, give) = deferred();
    backend.on(REFRESH, move |_| answer.clone());
    let refreshing = second.refresh();
    backend.nth_call(2, REFRESH).await;
    let logout = first.logout();
    second.event(Event::SignedOut(Reason::Elsewhere)).await;
    assert_eq!(backend.paths(), [REFRESH, REFRESH]);
    give(granted(&token(2)));
    soon(logout).await.unwrap();
    assert_eq!(soon(refreshing).await, Err(Error::SessionEnded));
    assert_eq!(backend.paths(), [REFRESH, REFRESH, LOGOUT]);
    for tab in [&first, &second] {
        assert_eq!(tab.snapshot().status, Status::SignedOut);
        assert_eq!(bearer(tab, &backend).await, None);
    }
}

#[wasm_bindgen_test]
async fn an_end_that_the_backend_tells_reaches_the_others() {
    let backend = Backend::new();
    let [first, second] = tabs("ended", &backend).await;
    backend.on(REFRESH, |_| status(401));
    assert_eq!(soon(first.refresh()).await, Err(Error::SessionEnded));
    for tab in [&first, &second] {
        tab.event(Event::SignedOut(Reason::Ended)).await;
    }
    assert_eq!(soon(second.refresh()).await, Err(Error::SessionEnded));
    assert_eq!(backend.calls_to(REFRESH).len(), 2);
}

#[wasm_bindgen_test]
async fn a_sign_in_reaches_the_others() {
    let backend = Backend::new();
    backend.on(REFRESH, |_| status(401));
    let [first, second] = tabs("sign-in", &backend).await;
    let refreshes = backend.calls_to(REFRESH).len();
    soon(first.sign_in(granted("s3cret-x"))).await.unwrap();
    second.event(JOINED).await;
    let expected = Some("Bearer s3cret-x".to_owned());
    assert_eq!(bearer(&second, &backend).await, expected);
    assert_eq!(backend.calls_to(REFRESH).len(), refreshes);
}

#[wasm_bindgen_test]
async fn one_identity_a_sign_in_as_another_person_reaches_the_others() {
    let clock = Clock::stop();
    let backend = Backend::new();
    let (never, _give) = deferred();
    backend.on_in_turn(REFRESH, [of("alice"), never]);
    let [first, second] = tabs("alice-then-bob", &backend).await;
    clock.advance(301_000);
    let begun_as_alice = second.get(API);
    backend.nth_call(2, REFRESH).await;
    soon(first.sign_in(of("bob"))).await.unwrap();
    let outcome = begun_as_alice.await;
    assert!(
        matches!(outcome, Err(FetchError::Manager(Error::SessionEnded))),
        "{outcome:?}"
    );
    second.events.nth(2, is_sign_in).await;
    let claims = second.snapshot().claims;
    assert_eq!(claims.as_deref(), Some(r#"{"sub":"bob"}"#));
    let bob = Some(format!("Bearer {}", jwt(r#"{"sub":"bob"}"#)));
    assert_eq!(bearer(&second, &backend).await, bob);
    assert_eq!(backend.calls_to(API).len(), 0);
}

#[wasm_bindgen_test]
async fn two_names_never_meet() {
    let (mine, yours) = (Backend::new(), Backend::new());
    yours.on(REFRESH, |_| granted("other"));
    let [one] = tabs("name", &mine).await;
    let [other] = tabs("name:", &yours).await;
    soon(one.logout()).await.unwrap();
    assert_eq!(other.snapshot().status, Status::SignedIn);
    let expected = Some("Bearer other".to_owned());
    assert_eq!(bearer(&other, &yours).await, expected);
    assert_eq!(mine.paths(), [REFRESH, LOGOUT]);
}

#[wasm_bindgen_test]
async fn by_default_apps_with_a_refresh_url_each_do_not_meet() {
    const ADMIN: &str = "/admin/refresh";
    let backend = Backend::new();
    backend.on(ADMIN, |_| of("admin"));
    let app = |url: &str| Tab::ready(Options::new(url), &backend);
    let (shop, admin) = (app(REFRESH).await, app(ADMIN).await);
    // The query does not make it another cookie.
    let beside = app(&format!("{REFRESH}?v=2")).await;
    assert_eq!(backend.paths(), [REFRESH, ADMIN]);
    soon(shop.logout()).await.unwrap();
    beside.event(Event::SignedOut(Reason::Elsewhere)).await;
    assert_eq!(admin.snapshot().status, Status::SignedIn);
}

#[wasm_bindgen_test]
async fn liveness_a_tab_that_goes_away_in_mid_refresh_is_replaced() {
    let backend = Backend::new();
    let (never, _give) = deferred();
    backend.on_in_turn(REFRESH, [never, granted(&token(2))]);
    let (first, second) = (
        Tab::open(options("replaced"), &backend),
        Tab::open(options("replaced"), &backend),
    );
    backend.nth_call(1, REFRESH).await;
    drop(first);
    soon(second.ready()).await;
    assert_eq!(second.snapshot().status, Status::SignedIn);
    assert_eq!(backend.calls_to(REFRESH).len(), 2);
}

#[wasm_bindgen_test]
async fn keep_serving_a_tab_that_goes_away_leaves_the_others_their_token() {
    let backend = Backend::new();
    let [first, second] = tabs("left", &backend).await;
    drop(first);
    crate::support::present("left", 1).await;
    let expected = Some(format!("Bearer {}", token(1)));
    assert_eq!(bearer(&second, &backend).await, expected);
    let [third] = tabs("left", &backend).await;
    assert_eq!(bearer(&third, &backend).await, expected);
    assert_eq!(backend.calls_to(REFRESH).len(), 1);
}

#[wasm_bindgen_test]
async fn two_apps_of_one_name_that_refresh_elsewhere_are_told_so_once() {
    let backend = Backend::new();
    let [first, _same] = tabs("one-name", &backend).await;
    let mut other = options("one-name");
    other.refresh.request.url = "/admin/refresh".to_owned();
    let other = Tab::ready(other, &backend).await;
    let told = Event::Warning(Warning::NameShared);
    other.event(told.clone()).await;
    soon(first.refresh()).await.unwrap();
    soon(first.refresh()).await.unwrap();
    first.event(told.clone()).await;
    for tab in [&first, &other] {
        assert_eq!(tab.events.those(|event| *event == told).len(), 1);
    }
}

#[wasm_bindgen_test]
async fn tabs_of_one_app_are_told_nothing_of_the_kind() {
    let backend = Backend::new();
    let [first, second] = tabs("one-app", &backend).await;
    soon(second.refresh()).await.unwrap();
    for tab in [&first, &second] {
        let told = |event: &Event| matches!(event, Event::Warning(_));
        assert_eq!(tab.events.those(told).len(), 0);
    }
}
