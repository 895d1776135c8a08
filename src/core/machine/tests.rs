//! The behaviour of one tab, seen from outside: each file is named after what apps rely on.

mod alone;
mod backing_off;
mod checking;
mod demanding;
mod disposing;
mod ending;
mod failing;
mod hearing;
mod keeping;
mod late;
mod leaving;
mod lifetimes;
mod locking;
mod logging_out;
mod page;
mod peers;
mod pending_logout;
mod probing;
mod reading;
mod rejected;
mod restoring;
mod samples;
mod sending;
mod signing_in;
mod tab;
mod waiting;
