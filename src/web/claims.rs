//! What a token says of itself, if it is a JWT.

#[cfg(feature = "npm")]
use wasm_bindgen::prelude::*;

use crate::core::Claims;

#[cfg(not(feature = "npm"))]
pub(crate) fn read(token: &str) -> Option<Claims> {
    Claims::read(token)
}

/// The same with what the browser has, to which the signature is not shown: `jwt-compact`, and
/// serde with it, would be a fifth of what the npm package weighs.
#[cfg(feature = "npm")]
pub(crate) fn read(token: &str) -> Option<Claims> {
    use crate::core::Subject;

    let signature = token.bytes().rposition(|byte| byte == b'.')?;
    let said = read_claims(&token[..signature]);
    let text = |index| said.get(index).as_string();
    let seconds = |index| said.get(index).as_f64().map(|seconds| seconds as i64);
    Some(Claims {
        json: text(0)?,
        expires: seconds(1),
        issued: seconds(2),
        subject: text(3).map(|sub| Subject::of(text(4).as_deref(), &sub)),
    })
}

#[cfg(feature = "npm")]
#[wasm_bindgen(module = "/src/web/browser.js")]
extern "C" {
    #[wasm_bindgen(js_name = claims)]
    fn read_claims(jwt: &str) -> js_sys::Array;
}
