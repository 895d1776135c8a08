//! The browser's locks, as DevTools would show them.

use std::future::Future;

use js_sys::{Array, Function, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::js::{function, get};
use super::soon::soon;

/// The names of the locks that are held or waited for and begin so, in order.
pub async fn locks(prefix: &str) -> Vec<String> {
    listed(&["held", "pending"], prefix).await
}

/// The names of the locks that are held, by which peers see the tab.
pub async fn held(prefix: &str) -> Vec<String> {
    listed(&["held"], prefix).await
}

/// The presences of the tabs of a group, once there are exactly so many and all have settled.
#[track_caller]
pub fn present(name: &'static str, count: usize) -> impl Future<Output = Vec<String>> {
    let prefix = format!("tokenhold:{name}:tab:");
    soon(async move {
        loop {
            let now = locks(&prefix).await;
            if now.len() == count {
                return now;
            }
        }
    })
}

async fn listed(lists: &[&str], prefix: &str) -> Vec<String> {
    let answer = JsFuture::from(call("query", &[])).await.unwrap();
    let mut names: Vec<String> = lists
        .iter()
        .flat_map(|list| Array::from(&get(&answer, list)).to_vec())
        .map(|lock| get(&lock, "name").as_string().unwrap())
        .filter(|name| name.starts_with(prefix))
        .collect();
    names.sort();
    names
}

/// Waits until nobody holds this lock any more.
#[track_caller]
pub fn released(name: &str) -> impl Future<Output = ()> + use<> {
    let nothing = function(|_, _| JsValue::UNDEFINED);
    let had = call("request", &[name.into(), nothing.into()]);
    soon(async move {
        JsFuture::from(had).await.unwrap();
    })
}

fn call(method: &str, arguments: &[JsValue]) -> Promise {
    let locks = get(&get(&js_sys::global(), "navigator"), "locks");
    let method: Function = get(&locks, method).unchecked_into();
    let arguments: Array = arguments.iter().collect();
    method.apply(&locks, &arguments).unwrap().unchecked_into()
}
