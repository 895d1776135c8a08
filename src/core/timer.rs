//! The machine's timers: a fixed table, one deadline each, and one answer to "when next?".

use super::crowd::Crowd;
use super::time::{Deadline, Now};

/// The purpose of a timer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Timer {
    /// The lock has not been granted: see who has it, or come back to it.
    LockWait,
    /// The list of peers has not come.
    Look,
    /// The one that was asked takes its time: perhaps it is gone, and another one has the token.
    AskAgain,
    /// No peer that was asked for its token has answered.
    Ask,
    /// The refresh or logout request has not been answered.
    Attempt,
    /// This tab's new presence has not been confirmed.
    Publish,
    /// The back-off after a failure is over.
    Retry,
    /// The token has reached the point of its life at which it is refreshed ahead of time.
    Ahead,
    /// The check after a wake-up has not been answered.
    Recheck,
    /// Somebody has waited for long enough, whatever for.
    WaitLimit,
    /// The back-off after an unconfirmed logout is over.
    LogoutAgain,
    /// The page was about to be left, and is still there.
    Stay,
}

const ALL: [Timer; 12] = [
    Timer::LockWait,
    Timer::Look,
    Timer::AskAgain,
    Timer::Ask,
    Timer::Attempt,
    Timer::Publish,
    Timer::Retry,
    Timer::Ahead,
    Timer::Recheck,
    Timer::WaitLimit,
    Timer::LogoutAgain,
    Timer::Stay,
];

impl Timer {
    /// Whether it waits for the browser, the backend or another tab, all of which sleep when this
    /// machine does. The others are about the token and the back-off.
    fn waits_for_others(self) -> bool {
        !matches!(self, Timer::Retry | Timer::Ahead | Timer::LogoutAgain)
    }

    /// Whether it waits for what the tabs of a crowd do one after the other.
    fn waits_for_crowd(self) -> bool {
        use Timer::{Ask, AskAgain, LockWait, Look};
        matches!(self, LockWait | Look | AskAgain | Ask)
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Timers {
    deadlines: [Option<Deadline>; ALL.len()],
    /// How many tabs there are, as far as this one knows.
    pub(crate) crowd: Crowd,
}

impl Timers {
    /// It is due `ms` after `now`, or later in a crowd.
    pub(crate) fn set(&mut self, timer: Timer, mut ms: u64, now: Now) {
        if timer.waits_for_crowd() {
            ms += self.crowd.delay();
        }
        let deadline = if timer.waits_for_others() {
            Deadline::after_running(now, ms)
        } else {
            Deadline::after(now, ms)
        };
        self.deadlines[timer as usize] = Some(deadline);
    }

    /// There are more tabs than this one knew of: what waits for them waits for longer.
    pub(crate) fn slow_down(&mut self, crowd: Crowd, now: Now) {
        let longer = crowd.delay().saturating_sub(self.crowd.delay());
        if longer > 0 {
            self.crowd = crowd;
            for timer in ALL.into_iter().filter(|timer| timer.waits_for_crowd()) {
                let later =
                    |deadline: Deadline| Deadline::after_running(now, deadline.left(now) + longer);
                let deadline = &mut self.deadlines[timer as usize];
                *deadline = deadline.map(later);
            }
        }
    }

    pub(crate) fn stop(&mut self, timer: Timer) {
        self.deadlines[timer as usize] = None;
    }

    pub(crate) fn stop_all(&mut self) {
        self.deadlines = Default::default();
    }

    pub(crate) fn is_set(&self, timer: Timer) -> bool {
        self.deadlines[timer as usize].is_some()
    }

    pub(crate) fn is_due(&self, timer: Timer, now: Now) -> bool {
        self.deadlines[timer as usize].is_some_and(|deadline| deadline.passed(now))
    }

    /// Takes one timer that is due off the table.
    pub(crate) fn take_due(&mut self, now: Now) -> Option<Timer> {
        let due = ALL.into_iter().find(|timer| self.is_due(*timer, now))?;
        self.stop(due);
        Some(due)
    }

    /// Milliseconds until the next timer is due.
    pub(crate) fn next(&self, now: Now) -> Option<u64> {
        self.deadlines
            .iter()
            .flatten()
            .map(|deadline| deadline.left(now))
            .min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_holds_every_timer_at_its_own_place() {
        for (place, timer) in ALL.into_iter().enumerate() {
            assert_eq!(timer as usize, place);
        }
    }

    #[test]
    fn due_timers_are_taken_once() {
        let now = Now {
            monotonic: 0,
            wall: 0,
        };
        let later = Now {
            monotonic: 20,
            wall: 20,
        };
        let mut timers = Timers::default();
        timers.set(Timer::Ask, 20, now);
        timers.set(Timer::Retry, 30, now);
        assert_eq!(timers.next(now), Some(20));
        assert_eq!(timers.take_due(now), None);
        assert_eq!(timers.take_due(later), Some(Timer::Ask));
        assert_eq!(timers.take_due(later), None);
        assert_eq!(timers.next(later), Some(10));
    }

    #[test]
    fn the_wall_clock_ends_no_wait_for_others() {
        let start = Now {
            monotonic: 0,
            wall: 0,
        };
        let mut timers = Timers::default();
        for timer in ALL {
            timers.set(timer, 20, start);
        }
        let set_forward = Now { wall: 20, ..start };
        let due = std::iter::from_fn(|| timers.take_due(set_forward));
        let about_the_token_and_the_back_off = [Timer::Retry, Timer::Ahead, Timer::LogoutAgain];
        assert!(due.eq(about_the_token_and_the_back_off));
        let has_run = Now {
            monotonic: 20,
            wall: 0,
        };
        let due = std::iter::from_fn(|| timers.take_due(has_run));
        assert_eq!(due.count(), ALL.len() - 3);
    }

    #[test]
    fn a_timer_is_set_until_it_is_stopped_or_taken() {
        let now = Now {
            monotonic: 0,
            wall: 0,
        };
        let mut timers = Timers::default();
        assert!(!timers.is_set(Timer::Retry));
        timers.set(Timer::Retry, 0, now);
        assert!(timers.is_set(Timer::Retry) && !timers.is_set(Timer::Ask));
        timers.stop(Timer::Retry);
        assert!(!timers.is_set(Timer::Retry));
        timers.set(Timer::Retry, 0, now);
        assert_eq!(timers.take_due(now), Some(Timer::Retry));
        assert!(!timers.is_set(Timer::Retry));
        timers.set(Timer::Ask, 5, now);
        timers.stop_all();
        assert_eq!(timers.next(now), None);
    }

    #[test]
    fn news_of_more_tabs_puts_off_what_waits_for_them_by_the_difference() {
        let now = Now {
            monotonic: 0,
            wall: 0,
        };
        let mut timers = Timers::default();
        timers.set(Timer::Ask, 2_000, now);
        timers.set(Timer::Ahead, 9_000, now);
        for (tabs, left) in [
            (9, 2_000),
            (60, 3_000),
            (30, 3_000),
            (110, 4_000),
            (250, 4_000),
        ] {
            timers.slow_down(Crowd::of(tabs), now);
            assert_eq!(timers.next(now), Some(left), "{tabs} tabs");
        }
        timers.stop(Timer::Ask);
        assert_eq!(timers.next(now), Some(9_000));
        timers.set(Timer::Ask, 2_000, now);
        assert_eq!(timers.next(now), Some(4_000));
    }
}
