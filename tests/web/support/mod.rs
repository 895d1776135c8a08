//! Shared by the tests in browsers: a fake backend behind a fake `fetch`, tabs, clocks, timers,
//! and ears on the channel and the locks.
//!
//! Two managers of one name in one page are two tabs to each other: locks and channel connect
//! them as they connect pages. No test needs a server.
// The tests in a worker use a part of it.
#![allow(dead_code, unused_imports)]

mod answers;
mod backend;
mod call;
mod clock;
mod ears;
mod events;
mod js;
mod locks;
mod log;
mod soon;
mod tab;
mod timers;
mod wiretap;

pub use answers::{deferred, granted, html, json, jwt, response, status, token};
pub use backend::{Backend, LOGOUT, REFRESH};
pub use call::Call;
pub use clock::Clock;
pub use ears::Ears;
pub use events::{JOINED, REFRESHED, REFRESHED_ELSEWHERE, RESTORED, is_sign_in};
pub use js::{function, get, object, origin, same};
pub use locks::{held, locks, present, released};
pub use log::Log;
pub use soon::soon;
pub use tab::{Tab, fetched, options, response_of, unique};
pub use timers::Timers;
pub use wiretap::Wiretap;
