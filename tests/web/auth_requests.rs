//! The requests to the auth endpoints are exactly those that the options describe.

use crate::support::{
    Backend, Call, Clock, LOGOUT, REFRESH, Tab, get, options, origin, soon, status, token, unique,
};
use js_sys::{Function, Reflect};
use tokenhold::{AuthRequest, Body, Credentials, Csrf, Error, Logout, TokenManager};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::*;

/// The first refresh that a tab with these options sends.
async fn refresh_of(name: &str, change: impl FnOnce(&mut AuthRequest)) -> Call {
    let backend = Backend::new();
    let mut options = options(&unique(name));
    change(&mut options.refresh.request);
    let _tab = Tab::ready(options, &backend).await;
    let calls = backend.calls.all();
    assert_eq!(calls.len(), 1);
    calls[0].clone()
}

fn field(call: &Call, name: &str) -> JsValue {
    get(&call.init, name)
}

#[wasm_bindgen_test]
async fn a_refresh_is_by_default_a_bare_post_that_outlives_its_page() {
    let call = refresh_of("bare", |_| {}).await;
    assert_eq!(call.input, resolved(REFRESH));
    assert_eq!(field(&call, "method"), "POST");
    assert_eq!(field(&call, "credentials"), "same-origin");
    assert_eq!(field(&call, "cache"), "no-store");
    assert_eq!(field(&call, "keepalive"), true);
    assert!(field(&call, "body").is_undefined());
    assert_eq!(call.header_names(), ["x-requested-with"]);
    assert_eq!(
        call.header("x-requested-with").as_deref(),
        Some("tokenhold")
    );
    assert_eq!(call.text().await, "");
}

#[wasm_bindgen_test]
async fn the_url_is_what_fetch_would_make_of_it() {
    let upper = origin().replacen("http", "HTTP", 1);
    let urls = [
        "/auth/refresh?a=%7e&b=%2F&c=é".to_owned(),
        "/x/../auth//refresh/.".to_owned(),
        "refresh".to_owned(),
        "?refresh".to_owned(),
        "//example.com/refresh".to_owned(),
        "/auth/refresh#here".to_owned(),
        format!("{upper}/auth/refresh"),
    ];
    for url in urls {
        let call = refresh_of("url", |request| request.url = url.clone()).await;
        assert_eq!(call.input, resolved(&url));
    }
}

#[wasm_bindgen_test]
async fn relative_urls_are_those_of_the_page_on_which_the_manager_was_made() {
    let backend = Backend::new();
    let mut options = options("moved on");
    options.refresh.request.url = "auth/refresh".to_owned();
    let [refresh, logout] = ["auth/refresh", "auth/logout"].map(resolved);
    options.logout = Some(Logout::new("auth/logout"));
    let tab = Tab::ready(options, &backend).await;
    let before = location();
    go_to("/articles/new");
    soon(tab.refresh()).await.unwrap();
    soon(tab.logout()).await.unwrap();
    go_to(&before);
    let inputs = backend.calls.all().into_iter().map(|call| call.input);
    let mut inputs: Vec<_> = inputs.filter_map(|input| input.as_string()).collect();
    inputs.dedup();
    assert_eq!(inputs, [refresh, logout]);
}

#[wasm_bindgen_test]
async fn the_method_and_the_headers_are_as_given() {
    let call = refresh_of("headers", |request| {
        request.method = "PUT".to_owned();
        request.headers = vec![
            ("X-App".to_owned(), "one, two".to_owned()),
            ("x-requested-with".to_owned(), "another".to_owned()),
        ];
    })
    .await;
    assert_eq!(call.request.method(), "PUT");
    assert_eq!(call.header_names(), ["x-app", "x-requested-with"]);
    assert_eq!(call.header("x-app").as_deref(), Some("one, two"));
    assert_eq!(call.header("x-requested-with").as_deref(), Some("another"));
}

#[wasm_bindgen_test]
async fn a_body_goes_with_its_content_type() {
    let body = |content_type| Body {
        text: r#"{"grant":"é"}"#.to_owned(),
        content_type,
    };
    for (given, header, expected) in [
        (Some("application/json"), None, "application/json"),
        (None, None, "text/plain;charset=UTF-8"),
        (None, Some("text/x-app"), "text/x-app"),
        (Some("application/json"), Some("text/x-app"), "text/x-app"),
    ] {
        let call = refresh_of("body", |request| {
            request.body = Some(body(given));
            let header = header.map(|value: &str| ("Content-Type".to_owned(), value.to_owned()));
            request.headers.extend(header);
        })
        .await;
        assert_eq!(call.header("content-type").as_deref(), Some(expected));
        assert_eq!(call.text().await, r#"{"grant":"é"}"#);
    }
}

#[wasm_bindgen_test]
async fn another_origin_gets_credentials_but_no_custom_header() {
    let url = "https://auth.example.com/refresh";
    let call = refresh_of("elsewhere", |request| request.url = url.to_owned()).await;
    assert_eq!(call.input, url);
    assert_eq!(field(&call, "credentials"), "include");
    assert_eq!(call.header_names(), [""; 0]);
}

#[wasm_bindgen_test]
async fn credentials_are_as_given() {
    for (given, expected) in [
        (Credentials::Include, "include"),
        (Credentials::SameOrigin, "same-origin"),
        (Credentials::Omit, "omit"),
    ] {
        for url in [REFRESH, "https://auth.example.com/refresh"] {
            let call = refresh_of("credentials", |request| {
                request.url = url.to_owned();
                request.credentials = Some(given);
            })
            .await;
            assert_eq!(field(&call, "credentials"), expected);
        }
    }
}

#[wasm_bindgen_test]
async fn the_csrf_cookie_is_read_anew_for_every_attempt_and_decoded() {
    let backend = Backend::new();
    let mut options = options("csrf");
    options.refresh.request.csrf = Some(csrf());
    // Names that begin or end alike are other names.
    set_cookie("my-xsrf=wrong");
    set_cookie("xsrf-2=wrong");
    set_cookie("xsrf=one=1%3D%2F");
    let tab = Tab::ready(options, &backend).await;
    set_cookie("xsrf=two");
    soon(tab.refresh()).await.unwrap();
    // One decodes to nothing, and one to what no header can carry.
    for value in ["100%", "%E2%82%AC"] {
        set_cookie(&format!("xsrf={value}"));
        soon(tab.refresh()).await.unwrap();
    }
    set_cookie("xsrf=; max-age=0");
    soon(tab.refresh()).await.unwrap();
    let sent: Vec<_> = backend
        .calls_to(REFRESH)
        .iter()
        .map(|call| call.header("x-xsrf"))
        .collect();
    let sent: Vec<_> = sent.iter().map(Option::as_deref).collect();
    let expected = ["one=1=/", "two", "100%", "%E2%82%AC"].map(Some);
    assert_eq!(sent, [&expected[..], &[None]].concat());
}

#[wasm_bindgen_test]
async fn logout_is_sent_as_given_too() {
    let backend = Backend::new();
    let mut options = options("logout-request");
    let mut request = AuthRequest::post("/auth/logout?all=1");
    request.method = "DELETE".to_owned();
    request.headers = vec![("X-App".to_owned(), "1".to_owned())];
    request.body = Some(Body {
        text: "{}".to_owned(),
        content_type: Some("application/json"),
    });
    request.csrf = Some(csrf());
    options.logout = Some(Logout {
        request,
        ..Logout::new("")
    });
    set_cookie("xsrf=one");
    let tab = Tab::ready(options, &backend).await;
    soon(tab.logout()).await.unwrap();
    let call = &backend.calls_to(LOGOUT)[0];
    assert_eq!(call.input, resolved("/auth/logout?all=1"));
    assert_eq!(field(call, "method"), "DELETE");
    assert_eq!(field(call, "keepalive"), true);
    assert_eq!(
        call.header_names(),
        ["content-type", "x-app", "x-requested-with", "x-xsrf"]
    );
    assert_eq!(call.header("x-xsrf").as_deref(), Some("one"));
    assert_eq!(call.text().await, "{}");
}

#[wasm_bindgen_test]
async fn confinement_auth_requests_carry_no_token() {
    let backend = Backend::new();
    let tab = Tab::ready(options("no-token"), &backend).await;
    soon(tab.refresh()).await.unwrap();
    soon(tab.logout()).await.unwrap();
    assert_eq!(backend.paths(), [REFRESH, REFRESH, LOGOUT]);
    for call in backend.calls.all() {
        assert_eq!(call.header_names(), ["x-requested-with"]);
    }
}

#[wasm_bindgen_test]
async fn logout_carries_the_token_where_the_backend_wants_it() {
    let backend = Backend::new();
    let tab = Tab::ready(with_token("with-token"), &backend).await;
    soon(tab.logout()).await.unwrap();
    assert_eq!(backend.paths(), [REFRESH, LOGOUT]);
    assert_eq!(
        bearer(&backend, LOGOUT),
        Some(format!("Bearer {}", token(1)))
    );
}

#[wasm_bindgen_test]
async fn logout_with_a_token_renews_one_that_has_expired() {
    let clock = Clock::stop();
    let backend = Backend::new();
    let tab = Tab::ready(with_token("with-expired-token"), &backend).await;
    clock.advance(301_000);
    soon(tab.logout()).await.unwrap();
    assert_eq!(backend.paths(), [REFRESH, REFRESH, LOGOUT]);
    assert_eq!(
        bearer(&backend, LOGOUT),
        Some(format!("Bearer {}", token(2)))
    );
}

#[wasm_bindgen_test]
async fn logout_with_a_token_goes_without_one_if_none_is_to_be_had() {
    let clock = Clock::stop();
    let backend = Backend::new();
    let tab = Tab::ready(with_token("with-no-token"), &backend).await;
    backend.on(REFRESH, |_| status(503));
    clock.advance(301_000);
    soon(tab.logout()).await.unwrap();
    assert_eq!(backend.paths(), [REFRESH, REFRESH, LOGOUT]);
    assert_eq!(bearer(&backend, LOGOUT), None);
}

#[wasm_bindgen_test]
fn urls_that_cannot_be_fetched_are_refused_by_name() {
    let refused = |refresh: &str, logout: &str| {
        let mut options = options("bad-url");
        options.refresh.request.url = refresh.to_owned();
        options.logout = Some(Logout::new(logout));
        match TokenManager::prepare(options, Backend::new().world()) {
            Err(Error::InvalidOption(invalid)) => invalid.option.into_owned(),
            _ => panic!("{refresh} and {logout} were taken"),
        }
    };
    for bad in [
        "http://",
        "https://user:word@example.com/",
        "data:text/plain,x",
        "blob:null/0",
        "javascript:void 0",
        "ftp://example.com/",
    ] {
        assert_eq!(refused(bad, LOGOUT), "refresh.url", "{bad}");
        assert_eq!(refused(REFRESH, bad), "logout.url", "{bad}");
    }
}

fn with_token(name: &str) -> tokenhold::Options {
    let mut options = options(name);
    options.logout = Some(Logout {
        with_token: true,
        ..Logout::new(LOGOUT)
    });
    options
}

fn bearer(backend: &Backend, path: &str) -> Option<String> {
    let calls = backend.calls_to(path);
    assert_eq!(calls.len(), 1);
    calls[0].authorization()
}

#[wasm_bindgen_test]
async fn confinement_what_a_script_adds_to_all_objects_is_no_option() {
    let pollute = "Object.prototype.logout = { url: '/auth/logout', withToken: true };";
    let run = |script| Function::new_no_args(script).call0(&JsValue::UNDEFINED);
    run(pollute).unwrap();
    let backend = Backend::new();
    let mut options = options("polluted");
    options.logout = None;
    let tab = Tab::ready(options, &backend).await;
    let left = soon(tab.logout()).await;
    run("delete Object.prototype.logout;").unwrap();
    left.unwrap();
    assert_eq!(backend.paths(), [REFRESH]);
}

/// The URL that `fetch` makes of this one, here and now.
fn resolved(url: &str) -> String {
    web_sys::Request::new_with_str(url).unwrap().url()
}

fn location() -> String {
    get(&get(&js_sys::global(), "location"), "href")
        .as_string()
        .unwrap()
}

/// As an app's router does.
fn go_to(url: &str) {
    let history = get(&js_sys::global(), "history");
    let push = get(&history, "pushState").unchecked_into::<Function>();
    push.call3(&history, &JsValue::NULL, &"".into(), &url.into())
        .unwrap();
}

fn csrf() -> Csrf {
    Csrf {
        cookie: "xsrf".to_owned(),
        header: "X-XSRF".to_owned(),
    }
}

fn set_cookie(cookie: &str) {
    let document = get(&js_sys::global(), "document");
    Reflect::set(&document, &"cookie".into(), &cookie.into()).unwrap();
}
