//! Functions that `scripts/build/shake.mjs` puts in the place of some of serde_json's in what is
//! shipped: smaller ones of the very same types, which do for this crate.
//!
//! Nothing calls them here; the statics keep them, and each is known there by its name.

use serde_json::Error;

#[used]
static MAKE_ERROR: fn(String) -> Error = make_error;

#[used]
static F64_FROM_PARTS: fn(&mut (), bool, u64, i32) -> Result<f64, Error> = f64_from_parts;

/// For the one that looks for a line and a column in the message first. Nobody sees the message.
#[inline(never)]
fn make_error(message: String) -> Error {
    drop(message);
    match serde_json::from_slice::<bool>(b"") {
        Err(error) => error,
        Ok(_) => unreachable!("nothing is no JSON"),
    }
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
        return Err(make_error(String::new()));
    }
    Ok(if positive { number } else { -number })
}
