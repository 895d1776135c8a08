//! A group of tabs in one simulated browser, at one simulated backend.
//!
//! The machines are the ones that ship; the backend's rules are the reference backend's. Time,
//! locks, messages and the network between them belong to [`world`], which checks the invariants
//! at every step.
#![cfg(not(target_family = "wasm"))]

mod world;

mod dying;
mod expiring;
mod freezing;
mod leaving;
mod opening;
mod schedules;
