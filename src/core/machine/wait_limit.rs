//! The one bound on every wait, whatever the locks, the other tabs and the network do.

use super::Machine;
use super::errands::{Lease, Work};
use crate::core::effect::CallId;
use crate::core::error::{Error, Failure};
use crate::core::event::{Event, Warning};
use crate::core::time::Now;
use crate::core::timer::Timer;

/// Nobody waits for longer than this many time-outs and the margin: enough to wait behind two
/// frozen tabs in a row and then for an answer.
const TIMEOUTS: u64 = 3;
const MARGIN_MS: u64 = 15_000;

impl Machine {
    /// Somebody may be about to wait, who has the whole time. Whose time is over already is told so
    /// before that: the timers of a page that is hidden are late.
    pub(super) fn observe_a_call(&mut self, now: Now) {
        self.observe(now);
        if self.timers.is_due(Timer::WaitLimit, now) {
            self.timers.stop(Timer::WaitLimit);
            self.wait_limit_is_reached(now);
        }
    }

    /// Somebody may have begun to wait.
    pub(super) fn limit_waiting(&mut self, now: Now) {
        if self.someone_waits() && !self.timers.is_set(Timer::WaitLimit) {
            let bound = self.policy.timeout * TIMEOUTS + MARGIN_MS;
            self.timers.set(Timer::WaitLimit, bound, now);
        }
    }

    pub(super) fn stop_limit_if_nobody_waits(&mut self) {
        if !self.someone_waits() {
            self.timers.stop(Timer::WaitLimit);
        }
    }

    /// Whoever waits is told that it was too long. What is under way goes on, for those to come.
    pub(super) fn wait_limit_is_reached(&mut self, now: Now) {
        let failure = Failure::Timeout;
        let (refreshing, logging_out) = self.take_waiting_calls();
        self.settle_all(refreshing, &Err(Error::RefreshFailed(failure)));
        if !logging_out.is_empty() {
            self.settle_all(logging_out, &Ok(()));
            self.emit(Event::Warning(Warning::LogoutUnconfirmed));
        }
        self.give_up_waiting(failure, now);
        self.become_ready();
        self.pursue(now);
    }

    /// Those that wait for a token, and those that wait for a logout.
    pub(super) fn take_waiting_calls(&mut self) -> (Vec<CallId>, Vec<CallId>) {
        let mut refreshing = self.wants.take_refreshing();
        let mut logging_out = self.wants.take_logging_out();
        if let Lease::Busy(_, work) = &mut self.lease {
            match work {
                Work::Refreshing(attempt) => refreshing.extend(attempt.take_calls()),
                Work::LoggingOut(_, pending_logout) => {
                    logging_out.extend(pending_logout.take_calls())
                }
                _ => {}
            }
        }
        (refreshing, logging_out)
    }

    fn someone_waits(&self) -> bool {
        let has_calls = match &self.lease {
            Lease::Busy(_, Work::Refreshing(attempt)) => attempt.has_calls(),
            Lease::Busy(_, Work::LoggingOut(_, pending_logout)) => !pending_logout.calls.is_empty(),
            _ => false,
        };
        has_calls || !self.ready || self.wants.have_calls() || self.requests.any_waiting()
    }
}
