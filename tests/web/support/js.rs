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

/// A JavaScript function of up to two parameters. It may be entered again while it runs.
pub fn function(body: impl Fn(JsValue, JsValue) -> JsValue + 'static) -> Function {
    Closure::<dyn Fn(JsValue, JsValue) -> JsValue>::new(body)
        .into_js_value()
        .unchecked_into()
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
