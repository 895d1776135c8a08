//! The shell: performs in a browser what the machine in [`crate::core`] wants done.
//!
//! [`TokenManager`] is the door; `driver` feeds the machine and drains it; `effects` turns effects into
//! commands and their outcomes into inputs; each of the others knows one part of the platform.

mod answer;
mod auth;
mod calls;
mod channel;
mod claims;
mod clock;
mod done;
mod driver;
mod effects;
mod error;
mod js;
mod locks;
mod manager;
mod page;
mod request;
mod seal;
mod settings;
mod table;
mod world;

#[cfg(feature = "npm")]
mod bindings;

pub use error::FetchError;
pub use manager::{Answering, Settling, Snapshot, Subscription, TokenManager};
pub use world::{Functions, Rejected, World};
