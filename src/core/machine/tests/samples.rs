//! Tokens, versions and policies to test with.

use base64ct::{Base64UrlUnpadded, Encoding};

use super::tab::{Outcome, PEER, TIMEOUT};
use crate::core::{
    AccessToken, Cause, Claims, Event, LogoutPolicy, Person, Policy, RequestId, TokenResponse,
    Version, Warning,
};

pub(super) fn policy() -> Policy {
    Policy {
        timeout: TIMEOUT,
        restore: true,
        logout: Some(LogoutPolicy { with_token: false }),
    }
}

pub(super) fn response(token: &str, lifetime: u64) -> TokenResponse {
    lasting(token, Some(lifetime))
}

pub(super) fn lasting(token: &str, lifetime: Option<u64>) -> TokenResponse {
    let token = AccessToken::parse(token.to_owned()).expect("a token");
    TokenResponse {
        claims: Claims::read(token.expose()),
        token,
        lifetime,
    }
}

/// A token that says whose it is.
pub(super) fn jwt(subject: &str) -> String {
    let encode = |part: &str| Base64UrlUnpadded::encode_string(part.as_bytes());
    let payload = format!(r#"{{"sub":"{subject}"}}"#);
    [
        encode(r#"{"alg":"EdDSA"}"#),
        encode(&payload),
        encode("signature"),
    ]
    .join(".")
}

/// A state that the peer has made.
pub(super) fn version(epoch: u64, generation: u32) -> Version {
    Version {
        epoch,
        generation,
        author: PEER,
    }
}

pub(super) fn signed_in(cause: Cause, person: Person) -> Event {
    Event::SignedIn { cause, person }
}

/// The warnings among these events.
pub(super) fn warnings(events: &[Event]) -> Vec<Warning> {
    let warning = |event: &Event| match event {
        Event::Warning(warning) => Some(*warning),
        _ => None,
    };
    events.iter().filter_map(warning).collect()
}

pub(super) fn sent(id: RequestId, token: &str) -> Outcome {
    Outcome::Sent(id, token.to_owned())
}
