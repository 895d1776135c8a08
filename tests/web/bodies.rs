//! The manager sends every body again that `fetch` can send again, byte for byte.

use crate::support::{
    Backend, Call, Clock, REFRESH, Tab, fetched, get, html, json, object, options, response_of,
    same, unique,
};
use js_sys::{Array, Function, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::*;
use web_sys::{Blob, FormData, Request, Url, UrlSearchParams};

const API: &str = "/api/notes";

/// Both tries of a request that is rejected once.
async fn both_tries(input: &JsValue, init: &JsValue) -> [Call; 2] {
    let clock = Clock::stop();
    let backend = Backend::new();
    backend.on_in_turn(API, [html(401), json("{}")]);
    let tab = Tab::ready(options(&unique("tries")), &backend).await;
    clock.advance(20_000);
    assert_eq!(response_of(fetched(&tab, input, init).await).status(), 200);
    assert_eq!(backend.paths(), [REFRESH, API, REFRESH, API]);
    backend
        .calls_to(API)
        .try_into()
        .unwrap_or_else(|_| unreachable!())
}

/// The body and the content type that were sent, the same both times.
async fn sent(tries: [Call; 2]) -> (Vec<u8>, Option<String>) {
    let [first, second] = tries;
    assert_eq!(second.request.method(), first.request.method());
    assert_ne!(second.authorization(), first.authorization());
    let content_type = first.header("content-type");
    assert_eq!(second.header("content-type"), content_type);
    let body = first.bytes().await;
    assert_eq!(second.bytes().await, body);
    (body, content_type)
}

async fn sent_twice(body: &JsValue) -> (Vec<u8>, Option<String>) {
    sent(both_tries(&API.into(), &post(body)).await).await
}

fn post(body: &JsValue) -> JsValue {
    object([("method", "POST".into()), ("body", body.clone())])
}

fn all_bytes() -> Uint8Array {
    let bytes: Vec<u8> = (0..=255).collect();
    Uint8Array::from(bytes.as_slice())
}

fn blob(content_type: &str) -> Blob {
    const MAKE: &str = "return new Blob([bytes], { type });";
    Function::new_with_args("bytes, type", MAKE)
        .call2(&JsValue::UNDEFINED, &all_bytes(), &content_type.into())
        .unwrap()
        .unchecked_into()
}

#[wasm_bindgen_test]
async fn text_goes_twice() {
    let (body, content_type) = sent_twice(&r#"{"text":"é"}"#.into()).await;
    assert_eq!(body, r#"{"text":"é"}"#.as_bytes());
    assert_eq!(content_type.as_deref(), Some("text/plain;charset=UTF-8"));
}

#[wasm_bindgen_test]
async fn json_goes_twice_with_its_header() {
    let init = post(&"{}".into());
    let headers = object([("Content-Type", "application/json".into())]);
    js_sys::Reflect::set(&init, &"headers".into(), &headers).unwrap();
    let (body, content_type) = sent(both_tries(&API.into(), &init).await).await;
    assert_eq!(body, b"{}");
    assert_eq!(content_type.as_deref(), Some("application/json"));
}

#[wasm_bindgen_test]
async fn bytes_go_twice() {
    let expected: Vec<u8> = (0..=255).collect();
    let view = all_bytes();
    for body in [JsValue::from(&view), view.buffer().into()] {
        assert_eq!(sent_twice(&body).await, (expected.clone(), None));
    }
}

#[wasm_bindgen_test]
async fn a_blob_goes_twice() {
    let (body, content_type) = sent_twice(&blob("image/x-test")).await;
    assert_eq!(body, all_bytes().to_vec());
    assert_eq!(content_type.as_deref(), Some("image/x-test"));
}

#[wasm_bindgen_test]
async fn search_parameters_go_twice() {
    let parameters = UrlSearchParams::new_with_str("a=1&b=%26+x").unwrap();
    let (body, content_type) = sent_twice(&parameters).await;
    assert_eq!(body, b"a=1&b=%26+x");
    let expected = "application/x-www-form-urlencoded;charset=UTF-8";
    assert_eq!(content_type.as_deref(), Some(expected));
}

#[wasm_bindgen_test]
async fn a_form_with_a_file_goes_twice_with_the_same_boundary() {
    let form = FormData::new().unwrap();
    form.append_with_str("text", "é\r\n--").unwrap();
    form.append_with_blob_and_filename("file", &blob("image/x-test"), "a b.bin")
        .unwrap();
    let (body, content_type) = sent_twice(&form).await;
    let content_type = content_type.unwrap();
    let boundary = content_type
        .strip_prefix("multipart/form-data; boundary=")
        .unwrap();
    assert!(body.starts_with(format!("--{boundary}\r\n").as_bytes()));
    let file = all_bytes().to_vec();
    assert!(body.windows(file.len()).any(|window| window == file));
}

#[wasm_bindgen_test]
async fn a_request_object_goes_twice_and_is_used_up_as_with_fetch() {
    let init = post(&all_bytes());
    let request = Request::new_with_str_and_init(API, init.unchecked_ref()).unwrap();
    let (body, _) = sent(both_tries(&request, &JsValue::UNDEFINED).await).await;
    assert_eq!(body, all_bytes().to_vec());
    assert!(request.body_used());
}

#[wasm_bindgen_test]
async fn no_body_goes_twice() {
    let tries = both_tries(&API.into(), &object([("method", "DELETE".into())])).await;
    assert_eq!(tries[0].request.method(), "DELETE");
    assert_eq!(sent(tries).await, (Vec::new(), None));
}

#[wasm_bindgen_test]
async fn a_request_is_fixed_when_fetch_returns() {
    let clock = Clock::stop();
    let backend = Backend::new();
    backend.on_in_turn(API, [html(401), json("{}")]);
    let tab = Tab::ready(options("fixed"), &backend).await;
    clock.advance(20_000);
    let url = Url::new(&(crate::support::origin() + API)).unwrap();
    let parameters = UrlSearchParams::new_with_str("a=1").unwrap();
    let init = post(&parameters);
    let response = fetched(&tab, &url, &init);
    url.set_pathname("/elsewhere");
    parameters.set("a", "2");
    js_sys::Reflect::set(&init, &"method".into(), &"PUT".into()).unwrap();
    assert_eq!(response_of(response.await).status(), 200);
    let tries: [Call; 2] = backend
        .calls_to(API)
        .try_into()
        .unwrap_or_else(|_| unreachable!());
    assert_eq!(tries[0].request.method(), "POST");
    assert_eq!(sent(tries).await.0, b"a=1");
}

#[wasm_bindgen_test]
async fn retry_once_a_stream_is_not_replayed() {
    const STREAM: &str = "
        return new ReadableStream({
            start(controller) {
                controller.enqueue(new Uint8Array([1, 2, 3]));
                controller.close();
            },
        });
    ";
    let clock = Clock::stop();
    let backend = Backend::new();
    let rejection = html(401);
    let copy = rejection.clone();
    backend.on(API, move |_| copy.clone());
    let tab = Tab::ready(options("stream"), &backend).await;
    clock.advance(20_000);
    let stream = Function::new_no_args(STREAM)
        .call0(&JsValue::UNDEFINED)
        .unwrap();
    let init = post(&stream);
    js_sys::Reflect::set(&init, &"duplex".into(), &"half".into()).unwrap();
    assert!(same(
        &fetched(&tab, &API.into(), &init).await.unwrap(),
        &rejection
    ));
    assert_eq!(backend.paths(), [REFRESH, API]);
    assert_eq!(get(&rejection, "bodyUsed"), false);
}

#[wasm_bindgen_test]
async fn large_bodies_go_twice() {
    let megabytes = Uint8Array::new_with_length(3 << 20);
    megabytes.fill(7, 0, megabytes.length());
    let parts = Array::of1(&megabytes);
    let blob = Blob::new_with_u8_array_sequence(&parts).unwrap();
    for body in [JsValue::from(&megabytes), blob.into()] {
        let (body, _) = sent_twice(&body).await;
        assert_eq!(body.len(), 3 << 20);
        assert!(body.iter().all(|byte| *byte == 7));
    }
}
