//! Functions that `scripts/build/messages.mjs` puts in the place of others in what is shipped: smaller
//! ones of the very same types, which do for this crate.
//!
//! Nothing calls them here; the statics keep them, and each is known there by its name.

use wasm_bindgen::JsValue;

#[used]
static INVALID_TYPE: fn(&(), &(), &()) -> JsValue = invalid_type;

/// For the one that says what an option is and what it should be. Nobody sees it: `src/ts/reading.ts`
/// has looked at the types before, and has messages of its own.
#[inline(never)]
fn invalid_type(_value: &(), _expected: &(), _table: &()) -> JsValue {
    JsValue::UNDEFINED
}
