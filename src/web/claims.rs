//! The claims of a token, if it is a JWT.

use wasm_bindgen::prelude::*;

use super::js::Record;
use crate::core::{Claims, Subject};

#[wasm_bindgen(module = "/src/web/answers.js")]
extern "C" {
    /// Returns the input of [`read`], of a token with its signature or without.
    #[wasm_bindgen(js_name = claims)]
    pub(crate) fn said(token: &JsValue, identity: &JsValue) -> JsValue;
}

/// The claims of a token. `answers.js` passes each token on together with its claims.
#[cfg(not(feature = "npm"))]
pub(crate) fn read(token: &str, said: &Record) -> Option<Claims> {
    Claims::read(token).map(|claims| Claims {
        subject: subject(said),
        ..claims
    })
}

/// The same as `answers.js` has read them. `jwt-compact`, with serde, would be a fifth of the npm
/// package.
#[cfg(feature = "npm")]
pub(crate) fn read(_token: &str, said: &Record) -> Option<Claims> {
    let seconds = |name| said.number(name).map(|seconds| seconds as i64);
    Some(Claims {
        json: said.text("json")?,
        expires: seconds("exp"),
        issued: seconds("iat"),
        subject: subject(said),
    })
}

/// Whose it is, by the claims that make a person here.
fn subject(said: &Record) -> Option<Subject> {
    said.text("person").as_deref().map(Subject::named)
}
