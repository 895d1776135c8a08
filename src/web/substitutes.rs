//! Functions that `scripts/build/shake.mjs` puts in the place of others in what is shipped: smaller
//! ones of the very same types, which do for this crate.
//!
//! Nothing calls them here; the statics keep them, and each is known there by its name.

use std::fmt::Arguments;

use serde_json::Error;
use wasm_bindgen::JsValue;

#[used]
static REFUSED: fn() -> Error = refused;

#[used]
static FORMAT_INNER: fn(Arguments<'_>) -> String = format_inner;

#[used]
static INVALID_TYPE: fn(&(), &(), &()) -> JsValue = invalid_type;

#[used]
static F64_FROM_PARTS: fn(&mut (), bool, u64, i32) -> Result<f64, Error> = f64_from_parts;

/// For all that make an error with a message. Nobody sees the message.
#[inline(never)]
fn refused() -> Error {
    match serde_json::from_slice::<bool>(b"") {
        Err(error) => error,
        Ok(_) => unreachable!("nothing is no JSON"),
    }
}

/// For what `format!` calls: the crate itself does not, and the others make messages only.
#[inline(never)]
fn format_inner(_: Arguments<'_>) -> String {
    String::new()
}

/// For the one that says what an option is and what it should be. Nobody sees it:
/// `Reader` has a message of its own.
#[inline(never)]
fn invalid_type(_value: &(), _expected: &(), _table: &()) -> JsValue {
    JsValue::UNDEFINED
}

/// For the one with a table of all 309 powers of ten. Up to 10^22 they are exact here as well, and
/// that is more than the claims of a token need, which are seconds since 1970.
#[inline(never)]
fn f64_from_parts(
    _parser: &mut (),
    positive: bool,
    significand: u64,
    exponent: i32,
) -> Result<f64, Error> {
    let mut power = 1.0;
    for _ in 0..exponent.unsigned_abs().min(400) {
        power *= 10.0;
    }
    let number = match significand as f64 {
        0.0 => 0.0,
        digits if exponent < 0 => digits / power,
        digits => digits * power,
    };
    if number.is_infinite() {
        return Err(refused());
    }
    Ok(if positive { number } else { -number })
}
