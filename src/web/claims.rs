//! The claims of a token, if it is a JWT.

use super::js::Record;
use crate::core::Claims;

/// The claims of a token. `browser.js` passes each token on together with its claims.
#[cfg(not(feature = "npm"))]
pub(crate) fn read(token: &str, _said: &Record) -> Option<Claims> {
    Claims::read(token)
}

/// The same as `browser.js` has read them. `jwt-compact`, with serde, would be a fifth of the npm
/// package.
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
