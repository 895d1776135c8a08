//! Time as the page tells it: two clocks.
//!
//! A token ages on both: whichever clock says that it has expired is believed, since a machine that
//! sleeps stops the one and a person can set the other. A wait for others is another matter. The
//! browser, the backend and the other tabs sleep when this machine does, and know nothing of a wall
//! clock that is set. So every wait goes by the monotonic clock alone.

/// A moment, read on both clocks of the page, in milliseconds.
///
/// The monotonic clock may stand still while the machine sleeps; the wall clock may jump.
/// The protocol reads neither by itself: every input carries the moment it happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Now {
    /// Never goes back; any origin, as long as it stays the same for the machine's life.
    pub monotonic: u64,
    /// Milliseconds since the Unix epoch.
    pub wall: u64,
}

impl Now {
    /// The moment `ms` earlier, on both clocks.
    pub(crate) fn minus(self, ms: u64) -> Now {
        Now {
            monotonic: self.monotonic.saturating_sub(ms),
            wall: self.wall.saturating_sub(ms),
        }
    }

    /// Milliseconds since `earlier`, by the clock that saw more of them.
    pub(crate) fn since(self, earlier: Now) -> u64 {
        let wall = self.wall.saturating_sub(earlier.wall);
        self.ran_since(earlier).max(wall)
    }

    /// Milliseconds since `earlier` in which the machine ran, and in which others could have acted.
    pub(crate) fn ran_since(self, earlier: Now) -> u64 {
        self.monotonic.saturating_sub(earlier.monotonic)
    }

    /// How long the monotonic clock stood still since `earlier` while the wall clock went on:
    /// a sleeping machine, or a wall clock that was set forward.
    pub(crate) fn slept_since(self, earlier: Now) -> u64 {
        let wall = self.wall.saturating_sub(earlier.wall);
        wall.saturating_sub(self.ran_since(earlier))
    }
}

/// A point in time. It has passed as soon as one of the clocks that count says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Deadline {
    monotonic: u64,
    wall: u64,
}

impl Deadline {
    /// `ms` after `now`, on either clock.
    pub(crate) fn after(now: Now, ms: u64) -> Deadline {
        Deadline {
            monotonic: now.monotonic.saturating_add(ms),
            wall: now.wall.saturating_add(ms),
        }
    }

    /// When the machine has run for `ms` after `now`.
    pub(crate) fn after_running(now: Now, ms: u64) -> Deadline {
        Deadline {
            wall: u64::MAX,
            ..Deadline::after(now, ms)
        }
    }

    pub(crate) fn passed(self, now: Now) -> bool {
        self.left(now) == 0
    }

    /// Milliseconds until one of the clocks reaches it.
    pub(crate) fn left(self, now: Now) -> u64 {
        let monotonic = self.monotonic.saturating_sub(now.monotonic);
        let wall = self.wall.saturating_sub(now.wall);
        monotonic.min(wall)
    }

    /// The wall clock's side of it, in epoch milliseconds.
    pub(crate) fn wall(self) -> u64 {
        self.wall
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Now = Now {
        monotonic: 1_000,
        wall: 1_700_000_000_000,
    };

    fn later(monotonic: u64, wall: u64) -> Now {
        Now {
            monotonic: START.monotonic + monotonic,
            wall: START.wall + wall,
        }
    }

    #[test]
    fn either_clock_can_pass_a_deadline() {
        let deadline = Deadline::after(START, 500);
        assert!(!deadline.passed(later(499, 499)));
        assert!(deadline.passed(later(500, 0)));
        assert!(deadline.passed(later(0, 500)));
        assert_eq!(deadline.left(later(100, 300)), 200);
    }

    #[test]
    fn only_running_passes_a_deadline_after_running() {
        let deadline = Deadline::after_running(START, 500);
        assert!(!deadline.passed(later(499, 1 << 40)));
        assert!(deadline.passed(later(500, 0)));
        assert_eq!(deadline.left(later(100, 300)), 400);
    }

    #[test]
    fn a_wall_clock_that_is_set_does_not_change_how_long_the_machine_ran() {
        assert_eq!(later(10, 3_600_010).ran_since(START), 10);
        let set_back = Now {
            wall: 0,
            ..later(10, 0)
        };
        assert_eq!(set_back.ran_since(START), 10);
    }

    #[test]
    fn deadlines_do_not_overflow() {
        let deadline = Deadline::after(START, u64::MAX);
        assert!(!deadline.passed(later(1 << 40, 1 << 40)));
    }

    #[test]
    fn sleep_is_what_only_the_wall_clock_saw() {
        assert_eq!(later(10, 3_600_010).slept_since(START), 3_600_000);
        assert_eq!(later(10, 5).slept_since(START), 0);
    }
}
