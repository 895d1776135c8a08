//! Situations that were thought of: each a short story with a known end.

mod crowding;
mod dying;
mod expiring;
mod freezing;
mod leaving;
mod opening;
mod parting;
mod serving;
