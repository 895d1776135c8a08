//! Small helps for JavaScript values.
//!
//! They are not inlined, and all closures have one signature. Each of them is called in many places,
//! and every copy would add to the download.

use js_sys::{Array, Function, Promise};
use wasm_bindgen::prelude::*;

/// A callback that the browser calls, with or without an argument, until this is dropped.
pub(crate) type Callback = Closure<dyn FnMut(JsValue)>;

pub(crate) fn callback(hear: impl Fn(JsValue) + 'static) -> Callback {
    boxed(Box::new(hear))
}

#[wasm_bindgen(module = "/src/web/browser.js")]
extern "C" {
    #[wasm_bindgen(js_name = record)]
    fn new_record() -> JsValue;

    /// Returns `undefined` if there is no such field, or if `object` is no object.
    fn field(object: &JsValue, name: &str) -> JsValue;

    #[wasm_bindgen(js_name = setField)]
    fn set_field(object: &JsValue, name: &str, value: &JsValue);
}

/// An object whose fields are read and written by name. A field of the wrong type counts as absent.
pub(crate) struct Record(JsValue);

impl Record {
    #[inline(never)]
    pub(crate) fn new() -> Record {
        Record(new_record())
    }

    /// Takes any value. A value that is no object has no fields.
    pub(crate) fn of(object: JsValue) -> Record {
        Record(object)
    }

    #[inline(never)]
    pub(crate) fn get(&self, name: &str) -> JsValue {
        field(&self.0, name)
    }

    #[inline(never)]
    pub(crate) fn record(&self, name: &str) -> Record {
        Record(self.get(name))
    }

    #[inline(never)]
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        self.get(name).as_string()
    }

    #[inline(never)]
    pub(crate) fn number(&self, name: &str) -> Option<f64> {
        self.get(name).as_f64()
    }

    #[inline(never)]
    pub(crate) fn set(&self, name: &str, value: &JsValue) {
        set_field(&self.0, name, value);
    }

    #[inline(never)]
    pub(crate) fn set_text(&self, name: &str, text: &str) {
        self.set(name, &text.into());
    }
}

impl From<Record> for JsValue {
    fn from(record: Record) -> JsValue {
        record.0
    }
}

impl AsRef<JsValue> for Record {
    fn as_ref(&self) -> &JsValue {
        &self.0
    }
}

/// The values of an array, one after the other.
pub(crate) struct Values {
    list: Array,
    next: u32,
}

impl Values {
    pub(crate) fn of(list: JsValue) -> Values {
        let list = list.unchecked_into();
        Values { list, next: 0 }
    }
}

impl Iterator for Values {
    type Item = JsValue;

    #[inline(never)]
    fn next(&mut self) -> Option<JsValue> {
        if self.next >= self.list.length() {
            return None;
        }
        self.next += 1;
        Some(self.list.get(self.next - 1))
    }
}

#[inline(never)]
pub(crate) fn push(texts: &Array, text: &str) {
    texts.push(&text.into());
}

/// Calls a function with one argument and without `this`.
#[inline(never)]
pub(crate) fn call(function: &Function, argument: &JsValue) -> Result<JsValue, JsValue> {
    function.call1(&JsValue::UNDEFINED, argument)
}

/// Calls `then` when the promise is settled, but never before this function returns.
#[cfg(not(feature = "npm"))]
pub(crate) fn when(promise: Promise, then: Box<dyn FnOnce(Result<JsValue, JsValue>)>) {
    use wasm_bindgen_futures::{JsFuture, spawn_local};

    spawn_local(async move { then(JsFuture::from(promise).await) });
}

/// The same without an executor, which would add 2 % to the npm package. Apps in Rust have one anyway.
#[cfg(feature = "npm")]
#[inline(never)]
pub(crate) fn when(promise: Promise, then: Box<dyn FnOnce(Result<JsValue, JsValue>)>) {
    let settled = move |value, rejected| then(if rejected { Err(value) } else { Ok(value) });
    tell(&promise, Closure::once_into_js(settled));
}

#[cfg(feature = "npm")]
#[wasm_bindgen(module = "/src/web/browser.js")]
extern "C" {
    /// Calls `settled(value, rejected)`, once.
    fn tell(promise: &Promise, settled: JsValue);
}

#[inline(never)]
fn boxed(hear: Box<dyn FnMut(JsValue)>) -> Callback {
    Closure::wrap(hear)
}
