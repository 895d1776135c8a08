//! The one place that reads the time.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Tells the time since the Unix epoch. Tests bring their own.
pub trait Clock: Send + Sync + 'static {
    fn now(&self) -> Duration;
}

/// The clock of the machine: sessions in a database outlive the process, so it has to be the wall clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Duration {
        SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default()
    }
}
