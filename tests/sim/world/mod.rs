//! One browser with its tabs, and what lies behind the network.

mod agenda;
mod backend;
mod channel;
mod clocks;
mod effects;
mod group;
mod happenings;
mod hostile;
mod invariants;
mod journal;
mod network;
mod pages;
mod people;
mod processor;
mod random;
mod reference;
mod sending;
mod serving;
mod tab;

pub use backend::{Backend, GRACE};
pub use group::{Group, policy};
pub use journal::Counts;
pub use network::Weather;
pub use random::Random;
pub use tab::{Life, Outcome};

pub const SECOND: u64 = 1_000;
pub const MINUTE: u64 = 60 * SECOND;
pub const HOUR: u64 = 60 * MINUTE;

/// The time-out of one attempt, as the options have it by default.
pub const TIMEOUT: u64 = 10 * SECOND;
