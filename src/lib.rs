//! tokenhold keeps a browser app signed in without ever storing the access token: the token lives
//! only in wasm memory, is renewed silently from an HttpOnly refresh cookie before it expires, goes
//! along with API requests, survives a 401 by one refresh and one retry, and all tabs of the browser
//! share one refresh.
//!
//! The crate has two halves:
//!
//! - [`core`], the protocol: a state machine that never touches the world. Everything that happens
//!   goes in through [`core::Machine`]'s `handle_*`, everything to be done comes out of
//!   [`core::Machine::poll_effect`]. It builds everywhere.
//! - `web`, the shell that performs those effects in a browser. It is there on
//!   `wasm32-unknown-unknown` only; its `TokenManager` is what an app in Rust uses, and what the npm
//!   package of the same name wraps.
#![warn(missing_docs)]
#![forbid(unsafe_code)]

pub mod core;
#[cfg(target_arch = "wasm32")]
mod web;

pub use crate::core::{
    AuthRequest, Body, Cause, Credentials, Csrf, Error, Event, ExpiresInUnit, Failure, Logout,
    Options, Person, Reason, Refresh, ResponseShape, Status, StepUp, Warning,
};
#[cfg(target_arch = "wasm32")]
pub use crate::web::{
    Answering, FetchError, Functions, Rejected, Settling, Snapshot, Subscription, TokenManager,
    World,
};
