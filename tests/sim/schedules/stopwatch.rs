//! The time that the search itself takes; in the schedules, time is an input.

use std::time::{Duration, Instant};

pub struct Stopwatch(Instant);

impl Stopwatch {
    #[expect(
        clippy::disallowed_methods,
        reason = "it is about the machine that this runs on"
    )]
    pub fn start() -> Stopwatch {
        Stopwatch(Instant::now())
    }

    pub fn time(&self) -> Duration {
        self.0.elapsed()
    }
}
