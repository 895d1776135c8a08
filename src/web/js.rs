//! Small helps for JavaScript values.
//!
//! They are kept out of line, and closures have one signature: each of them is called in many
//! places, and every copy would be paid for by all who download the module.

use js_sys::{Array, Function, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

/// What the browser calls back. One that takes nothing or returns nothing is of this type, too.
pub(crate) type Callback = Closure<dyn FnMut(JsValue) -> JsValue>;

/// A property; `undefined` if there is none, or if looking throws.
#[inline(never)]
pub(crate) fn get(target: &JsValue, key: &str) -> JsValue {
    Reflect::get(target, &key.into()).unwrap_or(JsValue::UNDEFINED)
}

/// A property of the global object.
#[inline(never)]
pub(crate) fn global(key: &str) -> JsValue {
    get(&js_sys::global(), key)
}

/// Sets a property of an object of our own, which cannot fail.
#[inline(never)]
pub(crate) fn set(object: &Object, key: &str, value: JsValue) {
    let _ = Reflect::set(object, &key.into(), &value);
}

/// An object literal.
pub(crate) struct Literal(Object);

impl Literal {
    pub(crate) fn new() -> Literal {
        Literal(Object::new())
    }

    #[inline(never)]
    pub(crate) fn text(self, key: &str, value: &str) -> Literal {
        self.with(key, value.into())
    }

    #[inline(never)]
    pub(crate) fn with(self, key: &str, value: JsValue) -> Literal {
        set(&self.0, key, value);
        self
    }

    #[inline(never)]
    pub(crate) fn bytes(self, key: &str, value: &[u8]) -> Literal {
        self.with(key, Uint8Array::from(value).into())
    }

    pub(crate) fn build(self) -> Object {
        self.0
    }
}

/// Calls a function that wants no more than one argument, and no `this`.
#[inline(never)]
pub(crate) fn call(function: &Function, argument: &JsValue) -> Result<JsValue, JsValue> {
    function.call1(&JsValue::UNDEFINED, argument)
}

/// Calls a method by its name. Methods that are called once do not pay for an import of their own.
#[inline(never)]
pub(crate) fn invoke(
    target: &JsValue,
    method: &str,
    arguments: &[&JsValue],
) -> Result<JsValue, JsValue> {
    let list = Array::new();
    for argument in arguments {
        list.push(argument);
    }
    let method: Function = get(target, method).unchecked_into();
    method.apply(target, &list)
}

/// A promise, and what resolves and rejects it.
#[inline(never)]
pub(crate) fn deferred() -> (Promise, Function, Function) {
    let mut functions = None;
    let promise = Promise::new(&mut |resolve, reject| functions = Some((resolve, reject)));
    let (resolve, reject) =
        functions.unwrap_or_else(|| unreachable!("a promise's executor runs at once"));
    (promise, resolve, reject)
}

/// Goes on when the promise is settled; never before this returns.
#[inline(never)]
pub(crate) fn when(
    promise: Result<Promise, JsValue>,
    then: Box<dyn FnOnce(Result<JsValue, JsValue>)>,
) {
    spawn(Box::pin(async move { then(settled(promise).await) }));
}

/// Runs a task on its own. All of them are of one type, so there is one copy of what runs them.
#[inline(never)]
pub(crate) fn spawn(task: Task) {
    spawn_local(task);
}

pub(crate) type Task = std::pin::Pin<Box<dyn Future<Output = ()>>>;

pub(crate) async fn settled(promise: Result<Promise, JsValue>) -> Result<JsValue, JsValue> {
    JsFuture::from(promise?).await
}
