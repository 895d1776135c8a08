//! Smaller functions with which `scripts/build/messages.mjs` replaces others in the shipped module.
//! They have the same types, and suffice for this crate.
//!
//! Nothing calls them here. The statics keep them in the module, and the script finds them by name.

use wasm_bindgen::JsValue;

#[used]
static INVALID_TYPE: fn(&(), &(), &()) -> JsValue = invalid_type;

/// Replaces the function that writes the message for an option of a wrong type. Nobody sees that
/// message, because `src/ts/reading.ts` has checked the types before, and has messages of its own.
#[inline(never)]
fn invalid_type(_value: &(), _expected: &(), _table: &()) -> JsValue {
    JsValue::UNDEFINED
}
