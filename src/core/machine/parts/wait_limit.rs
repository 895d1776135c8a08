//! The one bound on every wait, whatever the locks, the other tabs and the network do.

use crate::core::time::Now;
use crate::core::timer::{Timer, Timers};

/// Nobody waits for longer than this many time-outs and the margin: enough to wait behind two
/// frozen tabs in a row and then for an answer, in the greatest crowd for one of four seconds.
const TIMEOUTS: u64 = 3;
const MARGIN_MS: u64 = 15_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct WaitLimit {
    ms: u64,
}

impl WaitLimit {
    /// The limit where requests have this time-out.
    pub(crate) fn new(timeout: u64) -> WaitLimit {
        WaitLimit {
            ms: timeout * TIMEOUTS + MARGIN_MS,
        }
    }

    /// Somebody waits. The time runs from the first one on.
    pub(crate) fn begin(self, now: Now, timers: &mut Timers) {
        if !timers.is_set(Timer::WaitLimit) {
            timers.set(Timer::WaitLimit, self.ms, now);
        }
    }

    /// Whether the time is over, though nobody has been told yet: the timers of a page that is hidden
    /// are late. From then on, it runs anew.
    pub(crate) fn is_over(self, now: Now, timers: &mut Timers) -> bool {
        let is_over = timers.is_due(Timer::WaitLimit, now);
        if is_over {
            timers.stop(Timer::WaitLimit);
        }
        is_over
    }

    /// Nobody waits any more.
    pub(crate) fn end(self, timers: &mut Timers) {
        timers.stop(Timer::WaitLimit);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: u64) -> Now {
        Now {
            monotonic: ms,
            wall: ms,
        }
    }

    #[test]
    fn the_time_runs_from_the_first_that_waits() {
        let (limit, mut timers) = (WaitLimit::new(10_000), Timers::default());
        limit.begin(at(0), &mut timers);
        limit.begin(at(5_000), &mut timers);
        assert_eq!(timers.next(at(0)), Some(45_000));
        assert!(!limit.is_over(at(44_999), &mut timers));
        assert!(limit.is_over(at(45_000), &mut timers));
        assert!(!limit.is_over(at(45_000), &mut timers));
    }

    #[test]
    fn it_ends_with_the_last_that_waits() {
        let (limit, mut timers) = (WaitLimit::new(10_000), Timers::default());
        limit.begin(at(0), &mut timers);
        limit.end(&mut timers);
        assert!(!limit.is_over(at(45_000), &mut timers));
        assert_eq!(timers.next(at(0)), None);
    }
}
