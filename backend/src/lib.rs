//! The reference backend of tokenhold: a session in an `HttpOnly` cookie that rotates, exchanged for short access
//! tokens.
//!
//! [`rules`] only decides: it has no clock, no randomness and no I/O. The rest performs its decisions, and is left out
//! without the default feature `server`.

pub mod rules;

#[cfg(feature = "server")]
mod access_token;
#[cfg(feature = "server")]
mod address;
#[cfg(feature = "server")]
pub mod clock;
#[cfg(feature = "server")]
mod cookie;
#[cfg(feature = "server")]
pub mod demo;
#[cfg(feature = "server")]
pub mod http;
#[cfg(feature = "server")]
pub mod logging;
#[cfg(feature = "server")]
pub mod options;
#[cfg(feature = "server")]
pub mod people;
#[cfg(feature = "server")]
mod random;
#[cfg(feature = "server")]
pub mod server;
#[cfg(feature = "server")]
mod sessions;
#[cfg(feature = "server")]
pub mod store;
#[cfg(feature = "server")]
mod tls;
