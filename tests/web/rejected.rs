//! The option that decides whether a response means a stale token: statuses, or a function of the app.

use crate::support::{
    Backend, Clock, REFRESH, Tab, function, get, json, options, response_of, same, status,
};
use js_sys::{Function, Promise};
use tokenhold::{Rejected, World};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::*;
use web_sys::Response;

const API: &str = "/api/me";

/// The API's answer while it rejects the token.
const STALE: &str = r#"{"error":"stale"}"#;

/// The calls that reach the backend, and the caller's response, when the API gives this answer.
struct Outcome {
    paths: Vec<String>,
    response: Response,
}

impl Outcome {
    fn was_retried(&self) -> bool {
        match self.paths.len() {
            4 => assert_eq!(self.paths, [REFRESH, API, REFRESH, API]),
            _ => assert_eq!(self.paths, [REFRESH, API]),
        }
        self.paths.len() == 4
    }

    async fn text(&self) -> String {
        let text = JsFuture::from(self.response.text().unwrap()).await;
        text.unwrap().as_string().unwrap()
    }
}

async fn outcome(name: &str, rejected: Rejected, answer: JsValue) -> Outcome {
    let clock = Clock::stop();
    let backend = Backend::new();
    backend.on_in_turn(API, [answer, json("{}")]);
    let world = World {
        rejected,
        ..backend.world()
    };
    let tab = Tab::prepare(options(&crate::support::unique(name)), world);
    tab.start();
    crate::support::soon(tab.ready()).await;
    clock.advance(20_000);
    let response = response_of(tab.get(API).await);
    Outcome {
        paths: backend.paths(),
        response,
    }
}

fn asked(body: &str) -> Rejected {
    Rejected::Asked(Function::new_with_args("response", body))
}

#[wasm_bindgen_test]
async fn statuses_decide_by_default() {
    let statuses = || Rejected::Statuses(vec![419, 498]);
    for (code, retried) in [
        (419, true),
        (498, true),
        (401, false),
        (200, false),
        (500, false),
    ] {
        let outcome = outcome("statuses", statuses(), status(code)).await;
        assert_eq!(outcome.was_retried(), retried, "{code}");
    }
    assert!(
        !outcome("none", Rejected::Statuses(Vec::new()), status(401))
            .await
            .was_retried()
    );
}

#[wasm_bindgen_test]
async fn a_function_decides_by_status() {
    let by_status = || asked("return response.status === 403;");
    assert!(
        outcome("function", by_status(), status(403))
            .await
            .was_retried()
    );
    assert!(
        !outcome("function", by_status(), status(401))
            .await
            .was_retried()
    );
}

#[wasm_bindgen_test]
async fn a_function_may_take_its_time_and_read_the_body() {
    let by_body = || asked("return response.json().then((body) => body.error === 'stale');");
    assert!(outcome("body", by_body(), json(STALE)).await.was_retried());
    let kept = outcome("body", by_body(), json(r#"{"error":"other"}"#)).await;
    assert!(!kept.was_retried());
    // It has read a clone: the caller's is whole.
    assert_eq!(kept.text().await, r#"{"error":"other"}"#);
}

#[wasm_bindgen_test]
async fn any_truthy_verdict_is_one() {
    for truthy in ["1", "'yes'", "[]", "Promise.resolve(1)"] {
        let rejected = asked(&format!("return {truthy};"));
        assert!(
            outcome("truthy", rejected, status(200)).await.was_retried(),
            "{truthy}"
        );
    }
    for falsy in ["0", "''", "null", "undefined", "Promise.resolve(false)"] {
        let rejected = asked(&format!("return {falsy};"));
        assert!(
            !outcome("falsy", rejected, status(401)).await.was_retried(),
            "{falsy}"
        );
    }
}

#[wasm_bindgen_test]
async fn a_function_that_throws_or_rejects_has_not_decided() {
    for broken in [
        "throw new Error('x');",
        "return Promise.reject(new Error('x'));",
    ] {
        let kept = outcome("broken", asked(broken), status(401)).await;
        assert!(!kept.was_retried(), "{broken}");
        assert_eq!(kept.response.status(), 401);
    }
}

#[wasm_bindgen_test]
async fn a_function_is_asked_of_a_clone_once_a_response() {
    let clones = crate::support::Log::default();
    let log = clones.clone();
    let rejected = Rejected::Asked(function(move |response, _| {
        log.push(response);
        true.into()
    }));
    let kept = outcome("clone", rejected, json(STALE)).await;
    assert!(kept.was_retried());
    let clones = clones.all();
    assert_eq!(clones.len(), 2);
    for clone in &clones {
        assert!(clone.is_instance_of::<Response>());
        assert!(!same(clone, &kept.response));
    }
    assert_eq!(get(&kept.response, "bodyUsed"), false);
}

#[wasm_bindgen_test]
async fn a_function_is_not_asked_of_what_went_without_a_token() {
    let asked = crate::support::Log::default();
    let log = asked.clone();
    let backend = Backend::new();
    let world = World {
        rejected: Rejected::Asked(function(move |response, _| {
            log.push(response);
            true.into()
        })),
        ..backend.world()
    };
    let tab = Tab::prepare(options("not-asked"), world);
    tab.start();
    tab.get("https://example.com/x").await.unwrap();
    tab.get("/auth/refresh?own").await.unwrap();
    assert_eq!(asked.all().len(), 0);
}

#[wasm_bindgen_test]
async fn a_verdict_that_comes_after_the_end_changes_nothing() {
    let (verdict, decide) = crate::support::deferred();
    let backend = Backend::new();
    let world = World {
        rejected: Rejected::Asked(function(move |_, _| Promise::resolve(&verdict).into())),
        ..backend.world()
    };
    let tab = Tab::prepare(options("late-verdict"), world);
    tab.start();
    let response = tab.get(API);
    backend.nth_call(1, API).await;
    tab.dispose();
    decide(true.into());
    let disposed = response.await;
    assert!(matches!(
        disposed,
        Err(tokenhold::FetchError::Manager(tokenhold::Error::Disposed))
    ));
    assert_eq!(backend.paths(), [REFRESH, API]);
}
