//! In a worker there is neither window nor document, and all else is as in a page.
#![cfg(target_arch = "wasm32")]

#[path = "../web/support/mod.rs"]
mod support;

use support::{
    Backend, Clock, LOGOUT, REFRESH, Tab, get, locks, options, origin, released, response_of, soon,
    token,
};
use tokenhold::{Csrf, Event, Reason, Status};
use wasm_bindgen_test::*;

wasm_bindgen_test_configure!(run_in_dedicated_worker);

#[wasm_bindgen_test]
async fn requests_go_with_the_token() {
    assert!(get(&js_sys::global(), "document").is_undefined());
    let backend = Backend::new();
    let tab = Tab::ready(options("worker"), &backend).await;
    assert_eq!(tab.snapshot().status, Status::SignedIn);
    assert_eq!(response_of(tab.get("/api/me").await).status(), 200);
    let call = &backend.calls_to("/api/me")[0];
    assert_eq!(call.authorization(), Some(format!("Bearer {}", token(1))));
    assert_eq!(call.request.url(), origin() + "/api/me");
    let refresh = &backend.calls_to(REFRESH)[0];
    assert_eq!(
        refresh.header("x-requested-with").as_deref(),
        Some("tokenhold")
    );
}

#[wasm_bindgen_test]
async fn no_needless_refresh_a_token_is_handed_over() {
    let _clock = Clock::stop();
    let backend = Backend::new();
    let first = Tab::ready(options("worker-handed"), &backend).await;
    let second = Tab::ready(options("worker-handed"), &backend).await;
    assert_eq!(second.snapshot(), first.snapshot());
    assert_eq!(backend.paths(), [REFRESH]);
}

#[wasm_bindgen_test]
async fn logout_final_a_logout_reaches_the_others() {
    let backend = Backend::new();
    let first = Tab::ready(options("worker-logout"), &backend).await;
    let second = Tab::ready(options("worker-logout"), &backend).await;
    soon(first.logout()).await.unwrap();
    second.event(Event::SignedOut(Reason::Elsewhere)).await;
    assert_eq!(backend.paths(), [REFRESH, LOGOUT]);
}

#[wasm_bindgen_test]
async fn without_cookies_to_read_there_is_no_csrf_header() {
    let backend = Backend::new();
    let mut options = options("worker-csrf");
    options.refresh.request.csrf = Some(Csrf {
        cookie: "xsrf".to_owned(),
        header: "X-XSRF".to_owned(),
    });
    let _tab = Tab::ready(options, &backend).await;
    let names = backend.calls_to(REFRESH)[0].header_names();
    assert_eq!(names, ["x-requested-with"]);
}

#[wasm_bindgen_test]
async fn dispose_leaves_no_lock() {
    let backend = Backend::new();
    let tab = Tab::ready(options("worker-gone"), &backend).await;
    tab.dispose();
    for lock in locks("tokenhold:worker-gone:").await {
        released(&lock).await;
    }
    assert_eq!(locks("tokenhold:worker-gone:").await, [""; 0]);
}
