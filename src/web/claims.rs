//! The claims of a token, if it is a JWT.

use super::js::Record;
use crate::core::Claims;

/// The claims of a token. `browser.js` hands each token over together with what it says.
#[cfg(not(feature = "npm"))]
pub(crate) fn read(token: &str, _said: &Record) -> Option<Claims> {
    Claims::read(token)
}

/// The same from what `browser.js` has read: `jwt-compact`, and serde with it, would be a fifth of
/// what the npm package weighs.
#[cfg(feature = "npm")]
pub(crate) fn read(_token: &str, said: &Record) -> Option<Claims> {
    use crate::core::Subject;

    let seconds = |name| said.number(name).map(|seconds| seconds as i64);
    let issuer = said.text("iss");
    Some(Claims {
        json: said.text("json")?,
        expires: seconds("exp"),
        issued: seconds("iat"),
        subject: said
            .text("sub")
            .map(|sub| Subject::of(issuer.as_deref(), &sub)),
    })
}
