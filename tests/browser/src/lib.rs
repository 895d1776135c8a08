//! A browser as the tests see it, told once for all of them.
//!
//! Three simulations drive the machines that ship: `tests/sim` draws schedules, `tests/model` tries every order, and
//! `fuzz/` feeds one machine with hostile input. Each keeps its own time, its own faults and its own backend. All of
//! them implement [`Browser`], which performs the machines' effects and checks the invariants that need nothing else.
#![forbid(unsafe_code)]

mod app;
mod browser;
mod invariant;
mod locks;
mod presences;
mod sealing;
mod tokens;
mod told;

pub use app::{App, Request, RequestState};
pub use browser::{Browser, RequestEnd};
pub use invariant::{Breach, Invariant};
pub use locks::{LockRequest, Locks};
pub use presences::Presences;
pub use sealing::{key_of, seal, unseal};
pub use tokens::{contains, failed, jwt};
pub use told::Told;
