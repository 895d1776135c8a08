//! The protocol: a state machine that never touches the world, and the values it works on.

mod challenge;
mod claims;
mod config;
mod crowd;
mod effect;
mod entropy;
mod error;
mod event;
mod identity;
mod machine;
mod message;
mod origin;
mod presence;
mod session;
mod text;
mod time;
mod timer;
mod token;
mod token_response;
mod version;

pub use challenge::{Challenge, StepUp};
pub use claims::Claims;
pub use config::{
    AuthRequest, Body, Credentials, Csrf, Logout, LogoutPolicy, Options, Policy, Refresh,
    ResponseShape,
};
#[cfg(target_arch = "wasm32")]
pub(crate) use config::{DEFAULT_NAME, DEFAULT_TIMEOUT_MS, must_be};
pub use crowd::Crowd;
pub use effect::{AttemptId, CallId, Effect, Holder, Rank, RequestId, Ticket};
pub use error::{Error, Failure, InvalidOption};
pub use event::{Cause, Event, Person, Reason, Status, Warning};
pub use identity::Subject;
pub use machine::{Answer, Machine, TabSharing};
pub use message::{Ask, HandOver, Message, News, Nonce, PublicKey};
pub use origin::Origin;
pub use presence::{Presence, SharedBackoff};
pub use session::Life;
#[cfg(target_arch = "wasm32")]
pub(crate) use text::halves;
pub use time::Now;
pub use token::AccessToken;
pub use token_response::{ExpiresInUnit, Fields, MAX_LIFETIME_MS, MIN_LIFETIME_MS, TokenResponse};
pub use version::{TabId, Version};
