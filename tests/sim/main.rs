//! A browser with its tabs, simulated, at one simulated backend.
//!
//! The machines are the ones that ship; the backend's rules are the reference backend's. Time, locks, messages, pages
//! and the network between them belong to [`world`], which checks the invariants at every step. [`scenarios`] tell
//! stories that were thought of; [`schedules`] draws those that were not.
#![cfg(not(target_family = "wasm"))]

mod scenarios;
mod schedules;
mod world;
