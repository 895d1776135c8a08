//! The auth endpoints may answer anything: any status, any body, any shape.

use crate::support::{
    Backend, Clock, LOGOUT, REFRESH, RESTORED, Tab, Timers, deferred, granted, html, json, jwt,
    options, response, same, soon, status, token, unique,
};
use js_sys::{Error as JsError, Function, Promise};
use tokenhold::{
    Error, Event, ExpiresInUnit, Failure, Functions, Options, Reason, Rejected, ResponseShape,
    Snapshot, Status, Warning, World,
};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::*;

/// A tab whose first refresh gets this answer.
async fn told(options: Options, answer: impl Fn() -> JsValue + 'static) -> (Tab, Backend) {
    let backend = Backend::new();
    backend.on(REFRESH, move |_| answer());
    (Tab::ready(options, &backend).await, backend)
}

async fn snapshot_of(change: impl FnOnce(&mut ResponseShape), body: &str) -> Snapshot {
    let mut options = options(&unique("shape"));
    change(&mut options.refresh.response);
    let body = body.to_owned();
    let (tab, _) = told(options, move || json(&body)).await;
    tab.snapshot()
}

async fn lifetime_of(change: impl FnOnce(&mut ResponseShape), body: &str) -> Option<u64> {
    let clock = Clock::stop();
    let snapshot = snapshot_of(change, body).await;
    assert_eq!(snapshot.status, Status::SignedIn, "{body}");
    snapshot.expires_at.map(|moment| moment - clock.now())
}

/// The failure of the first refresh.
async fn failure_of(answer: impl Fn() -> JsValue + 'static) -> (Option<u16>, u64) {
    let (tab, backend) = told(options(&unique("failing")), answer).await;
    assert_eq!(tab.snapshot().status, Status::Restoring);
    assert_eq!(backend.calls.all().len(), 1);
    match tab.events.all()[..] {
        [
            Event::RefreshFailed {
                status,
                attempt: 1,
                retry_in,
            },
        ] => (status, retry_in),
        ref other => panic!("{other:?}"),
    }
}

#[wasm_bindgen_test]
async fn the_token_is_where_the_options_say() {
    for (path, body) in [
        ("access_token", r#"{"access_token":"abc"}"#),
        ("data.token", r#"{"data":{"token":"abc"}}"#),
        ("tokens.0.value", r#"{"tokens":[{"value":"abc"}]}"#),
    ] {
        let snapshot = snapshot_of(|shape| shape.token = path.to_owned(), body).await;
        assert_eq!(snapshot.status, Status::SignedIn, "{path}");
    }
}

#[wasm_bindgen_test]
async fn a_lifetime_is_in_seconds_or_milliseconds() {
    let body = r#"{"access_token":"abc","data":{"ttl":60000}}"#;
    let path = |shape: &mut ResponseShape| shape.expires_in = "data.ttl".to_owned();
    assert_eq!(lifetime_of(path, body).await, Some(60_000_000));
    let in_ms = |shape: &mut ResponseShape| {
        path(shape);
        shape.expires_in_unit = ExpiresInUnit::Milliseconds;
    };
    assert_eq!(lifetime_of(in_ms, body).await, Some(60_000));
    let as_text = r#"{"access_token":"abc","expires_in":"90"}"#;
    assert_eq!(lifetime_of(|_| {}, as_text).await, Some(90_000));
}

#[wasm_bindgen_test]
async fn an_end_of_life_is_an_iso_date_or_seconds_or_milliseconds() {
    let _clock = Clock::stop();
    for moment in [
        r#""2100-01-01T00:00:00Z""#,
        r#""2100-01-01T02:00:00.000+02:00""#,
        "4102444800",
        "4102444800000",
        r#""4102444800""#,
    ] {
        let body = format!(r#"{{"access_token":"abc","meta":{{"end":{moment}}}}}"#);
        let path = |shape: &mut ResponseShape| shape.expires_at = "meta.end".to_owned();
        let expires_at = snapshot_of(path, &body).await.expires_at;
        assert_eq!(expires_at, Some(4_102_444_800_000), "{moment}");
    }
}

#[wasm_bindgen_test]
async fn a_wrong_clock_does_no_harm_where_the_server_tells_the_time() {
    let clock = Clock::stop();
    let answer = || {
        let headers = [("Date", "Thu, 01 Jan 2026 00:00:00 GMT")];
        let body = r#"{"access_token":"abc","expires_at":"2026-01-01T00:01:00Z"}"#;
        response(200, &headers, body)
    };
    let (tab, _) = told(options("server-time"), answer).await;
    assert_eq!(tab.snapshot().expires_at, Some(clock.now() + 60_000));
}

#[wasm_bindgen_test]
async fn the_first_way_to_know_the_lifetime_counts() {
    let token = jwt(r#"{"iat":1000,"exp":1030}"#);
    let with = |rest: &str| format!(r#"{{"access_token":"{token}"{rest}}}"#);
    let far = r#","expires_at":"2999-01-01T00:00:00Z""#;
    let all = with(&format!(r#","expires_in":10{far}"#));
    assert_eq!(lifetime_of(|_| {}, &all).await, Some(10_000));
    assert!(lifetime_of(|_| {}, &with(far)).await > Some(1_000_000));
    assert_eq!(lifetime_of(|_| {}, &with("")).await, Some(30_000));
    // What makes no sense is passed over.
    for nonsense in ["0", "-5", "null", r#""soon""#, "{}", "true"] {
        let body = with(&format!(
            r#","expires_in":{nonsense},"expires_at":{nonsense}"#
        ));
        assert_eq!(lifetime_of(|_| {}, &body).await, Some(30_000), "{nonsense}");
    }
}

#[wasm_bindgen_test]
async fn a_jwt_tells_its_claims_and_an_opaque_token_none() {
    let payload = r#"{"sub":"alice","name":"Älice"}"#;
    let body = format!(r#"{{"access_token":"{}"}}"#, jwt(payload));
    let snapshot = snapshot_of(|_| {}, &body).await;
    assert_eq!(snapshot.claims.as_deref(), Some(payload));
    assert_eq!(snapshot.expires_at, None);
    let snapshot = snapshot_of(|_| {}, r#"{"access_token":"a.b.c"}"#).await;
    assert_eq!((snapshot.claims, snapshot.expires_at), (None, None));
}

#[wasm_bindgen_test]
async fn no_lifetime_makes_a_busy_loop_or_a_timer_that_overflows() {
    const LONGEST_TIMER: f64 = 2_147_483_647.0;
    let refreshed_after = [
        ("1e-9", 500.0, 900.0),
        ("1", 500.0, 900.0),
        ("5184000", LONGEST_TIMER, LONGEST_TIMER),
        ("315360000", LONGEST_TIMER, LONGEST_TIMER),
        ("1e300", LONGEST_TIMER, LONGEST_TIMER),
    ];
    for (lifetime, earliest, latest) in refreshed_after {
        let _clock = Clock::stop();
        let timers = Timers::watch();
        let body = format!(r#"{{"access_token":"abc","expires_in":{lifetime}}}"#);
        let (tab, backend) = told(options(&unique("lifetime")), move || json(&body)).await;
        let is_in_time = |delay: &f64| (earliest..=latest).contains(delay);
        soon(async {
            while !timers.delays().iter().any(is_in_time) {
                crate::support::locks("").await;
            }
        })
        .await;
        let fits = |delay: &f64| (0.0..=LONGEST_TIMER).contains(delay);
        assert!(timers.delays().iter().all(fits), "{lifetime}");
        assert_eq!(tab.snapshot().status, Status::SignedIn);
        assert_eq!(backend.calls.all().len(), 1);
    }
}

#[wasm_bindgen_test]
async fn statuses_that_end_the_session_sign_out_without_a_loop() {
    for ended in [400, 401, 403] {
        let (tab, backend) = told(options(&unique("ended")), move || html(ended)).await;
        assert_eq!(tab.snapshot().status, Status::SignedOut);
        let mut told = vec![Event::Change];
        if ended == 403 {
            told.insert(0, Event::Warning(Warning::RefreshForbidden));
        }
        assert_eq!(tab.events.all(), told);
        assert_eq!(soon(tab.refresh()).await, Err(Error::SessionEnded));
        assert_eq!(backend.calls.all().len(), 1);
    }
}

#[wasm_bindgen_test]
async fn which_statuses_end_the_session_is_an_option() {
    let ended_by_404 = || {
        let mut options = options(&unique("ended-by"));
        options.refresh.ended = vec![404];
        options
    };
    let (tab, _) = told(ended_by_404(), || status(404)).await;
    assert_eq!(tab.snapshot().status, Status::SignedOut);
    let (tab, _) = told(ended_by_404(), || status(401)).await;
    assert_eq!(tab.snapshot().status, Status::Restoring);
}

#[wasm_bindgen_test]
async fn a_session_that_ends_later_says_so() {
    let (tab, backend) = told(options("ends-later"), || granted("abc")).await;
    backend.on(REFRESH, |_| status(401));
    assert_eq!(soon(tab.refresh()).await, Err(Error::SessionEnded));
    let ended = Event::SignedOut(Reason::Ended);
    let all = [Event::Change, RESTORED, Event::Change, ended];
    assert_eq!(tab.events.all(), all);
}

#[wasm_bindgen_test]
async fn other_statuses_fail_for_now() {
    for passing in [300, 404, 405, 429, 500, 503, 599] {
        let (status, retry_in) = failure_of(move || html(passing)).await;
        assert_eq!(status, Some(passing));
        assert!(retry_in <= 1_000, "{retry_in}");
    }
}

#[wasm_bindgen_test]
async fn retry_after_is_in_seconds_or_a_date() {
    let asking = |headers: &'static [(&str, &str)]| failure_of(|| response(503, headers, "wait"));
    let (_, seconds) = asking(&[("Retry-After", "30")]).await;
    assert!((30_000..=36_000).contains(&seconds), "{seconds}");
    let (_, date) = asking(&[
        ("Date", "Thu, 01 Jan 2026 00:00:00 GMT"),
        ("Retry-After", "Thu, 01 Jan 2026 00:00:30 GMT"),
    ])
    .await;
    assert!((30_000..=36_000).contains(&date), "{date}");
    for nonsense in ["soon", "-30", "Thu, 01 Jan 1970 00:00:00 GMT", "NaN"] {
        let nonsense = nonsense.to_owned();
        let (_, retry_in) =
            failure_of(move || response(503, &[("Retry-After", &nonsense)], "")).await;
        assert!(retry_in <= 1_000, "{retry_in}");
    }
}

#[wasm_bindgen_test]
async fn retry_after_by_date_goes_by_the_local_clock_if_it_must() {
    let clock = Clock::stop();
    let date = js_sys::Date::new(&JsValue::from(clock.now() as f64 + 31_000.0));
    let date = String::from(date.to_utc_string());
    let (_, retry_in) = failure_of(move || response(429, &[("Retry-After", &date)], "")).await;
    assert!((30_000..=37_200).contains(&retry_in), "{retry_in}");
}

#[wasm_bindgen_test]
async fn an_answer_without_a_token_is_a_failure_that_passes() {
    let answers: [fn() -> JsValue; 14] = [
        || html(200),
        || status(200),
        || status(204),
        || json("null"),
        || json("[]"),
        || json("42"),
        || json(r#""abc""#),
        || json("{}"),
        || json(r#"{"access_token":null}"#),
        || json(r#"{"access_token":5}"#),
        || json(r#"{"access_token":""}"#),
        || json(r#"{"access_token":"a b\r\n"}"#),
        || json(r#"{"access_token":{"toString":"abc"}}"#),
        || json(r#"{"access_token":"abc""#),
    ];
    for answer in answers {
        let (status, _) = failure_of(answer).await;
        assert!(matches!(status, Some(200 | 204)), "{status:?}");
    }
}

#[wasm_bindgen_test]
async fn a_body_that_breaks_off_is_a_failure_that_passes() {
    const BROKEN: &str = "
        const body = new ReadableStream({
            pull(controller) { controller.error(new TypeError('cut off')); },
        });
        return new Response(body);
    ";
    let broken = || Function::new_no_args(BROKEN).call0(&JsValue::UNDEFINED);
    assert_eq!(failure_of(move || broken().unwrap()).await.0, Some(200));
}

#[wasm_bindgen_test]
async fn what_is_no_response_is_no_answer() {
    let answers: [fn() -> JsValue; 5] = [
        || JsValue::UNDEFINED,
        || JsValue::NULL,
        || "text".into(),
        || crate::support::object([("status", 200.into()), ("ok", true.into())]),
        || Promise::resolve(&JsValue::UNDEFINED).into(),
    ];
    for answer in answers {
        assert_eq!(failure_of(answer).await.0, None);
    }
}

#[wasm_bindgen_test]
async fn what_fetch_rejected_with_is_the_cause() {
    let reason: JsValue = JsError::new("offline").into();
    let copy = reason.clone();
    let (tab, _) = told(options("cause"), move || Promise::reject(&copy).into()).await;
    assert!(same(&tab.cause(), &reason));
    assert!(matches!(
        tab.events.all()[..],
        [Event::RefreshFailed { status: None, .. }]
    ));
}

#[wasm_bindgen_test]
async fn a_fetch_that_throws_has_rejected() {
    let options = options("throwing");
    let world = World {
        fetch: Function::new_no_args("throw new RangeError('no')"),
        rejected: Rejected::Statuses(Vec::new()),
        functions: Functions::default(),
    };
    let tab = Tab::prepare(options, world);
    tab.start();
    soon(tab.ready()).await;
    assert!(tab.cause().is_instance_of::<js_sys::RangeError>());
    assert!(matches!(
        tab.events.all()[..],
        [Event::RefreshFailed { status: None, .. }]
    ));
}

#[wasm_bindgen_test]
async fn liveness_an_answer_that_does_not_come_is_not_waited_for() {
    let backend = Backend::new();
    let (answer, give) = deferred();
    backend.on(REFRESH, move |_| answer.clone());
    let mut options = options("late");
    options.refresh.timeout = 50;
    let tab = Tab::ready(options, &backend).await;
    assert_eq!(tab.snapshot().status, Status::Restoring);
    assert_eq!(backend.calls.all().len(), 1);
    // It still counts when it comes: the cookie has been rotated.
    give(granted(&token(1)));
    tab.event(RESTORED).await;
}

#[wasm_bindgen_test]
async fn logout_is_confirmed_by_success_or_by_there_being_no_session() {
    for confirmed in [200, 204, 401] {
        assert_eq!(warnings_of_logout(move || status(confirmed), 1).await, []);
    }
    // Where no answer comes, one more request tells whether a redirect is the reason.
    let answers: [(fn() -> JsValue, usize); 4] = [
        (|| html(500), 1),
        (|| status(403), 1),
        (|| Promise::reject(&JsValue::UNDEFINED).into(), 2),
        (|| JsValue::UNDEFINED, 2),
    ];
    for (answer, requests) in answers {
        let unconfirmed = Event::Warning(Warning::LogoutUnconfirmed);
        assert_eq!(warnings_of_logout(answer, requests).await, [unconfirmed]);
    }
}

async fn warnings_of_logout(answer: impl Fn() -> JsValue + 'static, requests: usize) -> Vec<Event> {
    let backend = Backend::new();
    backend.on(LOGOUT, move |_| answer());
    let tab = Tab::ready(options(&unique("logout-answer")), &backend).await;
    assert_eq!(soon(tab.logout()).await, Ok(()));
    assert_eq!(tab.snapshot().status, Status::SignedOut);
    assert_eq!(backend.calls_to(LOGOUT).len(), requests);
    tab.events.those(|event| matches!(event, Event::Warning(_)))
}

#[wasm_bindgen_test]
async fn sign_in_takes_a_response_or_the_json_in_it() {
    let object = js_sys::JSON::parse(r#"{"access_token":"s3cret-1","expires_in":60}"#).unwrap();
    for returned in [granted(&token(1)), object] {
        let (tab, backend) = told(options(&unique("sign-in")), || status(401)).await;
        assert_eq!(soon(tab.sign_in(returned)).await, Ok(()));
        assert_eq!(tab.snapshot().status, Status::SignedIn);
        soon(tab.get("/api/me")).await.unwrap();
        let sent = backend.calls_to("/api/me")[0].authorization();
        assert_eq!(sent.as_deref(), Some("Bearer s3cret-1"));
        assert_eq!(backend.paths(), [REFRESH, "/api/me"]);
    }
}

#[wasm_bindgen_test]
async fn sign_in_may_have_a_shape_of_its_own() {
    let mut options = options("sign-in-shape");
    options.sign_in = Some(ResponseShape {
        token: "user.jwt".to_owned(),
        ..ResponseShape::default()
    });
    let (tab, _) = told(options, || status(401)).await;
    let returned = json(r#"{"user":{"jwt":"abc"}}"#);
    assert_eq!(soon(tab.sign_in(returned)).await, Ok(()));
    let returned = granted("def");
    assert_eq!(soon(tab.sign_in(returned)).await, malformed());
    assert_eq!(tab.snapshot().status, Status::SignedIn);
}

#[wasm_bindgen_test]
async fn sign_in_with_anything_else_fails_and_changes_nothing() {
    let (tab, backend) = told(options("sign-in-garbage"), || status(401)).await;
    let refused = Err(Error::SignInFailed(Failure::Status(401)));
    assert_eq!(soon(tab.sign_in(html(401))).await, refused);
    for garbage in [
        html(200),
        json("null"),
        JsValue::NULL,
        "abc".into(),
        5.into(),
    ] {
        assert_eq!(soon(tab.sign_in(garbage)).await, malformed());
    }
    let read: web_sys::Response = granted("abc").unchecked_into();
    wasm_bindgen_futures::JsFuture::from(read.text().unwrap())
        .await
        .unwrap();
    assert_eq!(soon(tab.sign_in(read)).await, malformed());
    assert_eq!(tab.events.all(), [Event::Change]);
    assert_eq!(backend.calls.all().len(), 1);
}

#[wasm_bindgen_test]
async fn sign_in_by_cookie_asks_the_backend() {
    let (tab, backend) = told(options("sign-in-cookie"), || status(401)).await;
    backend.on(REFRESH, |_| granted("abc"));
    assert_eq!(soon(tab.sign_in_by_cookie()).await, Ok(()));
    assert_eq!(tab.snapshot().status, Status::SignedIn);
    assert_eq!(backend.paths(), [REFRESH, REFRESH]);
    backend.on(REFRESH, |_| status(500));
    let failed = Err(Error::RefreshFailed(Failure::Status(500)));
    assert_eq!(soon(tab.sign_in_by_cookie()).await, failed);
}

fn malformed() -> Result<(), Error> {
    Err(Error::SignInFailed(Failure::Malformed(200)))
}
