//! Small helps for JavaScript values.

use js_sys::{Function, Object, Reflect};
use wasm_bindgen::prelude::*;

/// A property; `undefined` if there is none.
pub fn get(target: &JsValue, key: &str) -> JsValue {
    Reflect::get(target, &key.into()).unwrap()
}

/// An object literal.
pub fn object<const N: usize>(fields: [(&str, JsValue); N]) -> JsValue {
    let object = Object::new();
    for (key, value) in fields {
        Reflect::set(&object, &key.into(), &value).unwrap();
    }
    object.into()
}

/// A JavaScript function that runs `body`, given up to two values.
pub fn function<T: Outcome>(body: impl Fn(JsValue, JsValue) -> T + 'static) -> Function {
    let body = move |one, two| body(one, two).into_result();
    Closure::<dyn Fn(JsValue, JsValue) -> Result<JsValue, JsValue>>::new(body)
        .into_js_value()
        .unchecked_into()
}

/// What a function may return, or throw.
pub trait Outcome {
    fn into_result(self) -> Result<JsValue, JsValue>;
}

impl Outcome for JsValue {
    fn into_result(self) -> Result<JsValue, JsValue> {
        Ok(self)
    }
}

impl Outcome for Result<JsValue, JsValue> {
    fn into_result(self) -> Result<JsValue, JsValue> {
        self
    }
}

/// Whether they are the very same value.
pub fn same(one: &JsValue, other: &JsValue) -> bool {
    Object::is(one, other)
}

/// The page's own origin.
pub fn origin() -> String {
    get(&get(&js_sys::global(), "location"), "origin")
        .as_string()
        .unwrap()
}
