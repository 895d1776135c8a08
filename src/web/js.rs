//! Small helps for JavaScript values.

use js_sys::{Object, Reflect};
use wasm_bindgen::prelude::*;

/// A property; `undefined` if there is none, or if looking throws.
pub(crate) fn get(target: &JsValue, key: &str) -> JsValue {
    Reflect::get(target, &key.into()).unwrap_or(JsValue::UNDEFINED)
}

/// A property of the global object.
pub(crate) fn global(key: &str) -> JsValue {
    get(&js_sys::global(), key)
}

/// An object literal.
pub(crate) fn object<const N: usize>(fields: [(&str, JsValue); N]) -> Object {
    let object = Object::new();
    for (key, value) in fields {
        set(&object, key, &value);
    }
    object
}

/// Sets a property of an object of our own, which cannot fail.
pub(crate) fn set(object: &Object, key: &str, value: &JsValue) {
    let _ = Reflect::set(object, &key.into(), value);
}
