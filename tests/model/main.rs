//! The model check: every order in which things can happen, for a few tabs and a few faults.
//!
//! A state of the model is a whole [`world::World`]: the machines that ship, the reference
//! backend's own rules, and whatever is under way between them. From each state every
//! [`action::Action`] that is possible is tried, so what holds here holds on every path, within
//! the [`budget::Budget`] of what people and faults may do.
//!
//! The counts of states are exact: a change of behaviour changes them. If the change is
//! meant, the new counts go in. A story that breaks something prints the path that led there.
//!
//! `npm test -- model` goes through all stories.
#![cfg(not(target_family = "wasm"))]

mod action;
mod budget;
mod properties;
mod sights;
mod start;
mod story;
mod world;

mod three_tabs;
mod two_tabs;
