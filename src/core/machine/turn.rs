//! One turn of the machine: what every input begins and ends with.
//!
//! Nothing further down looks after the lock or the requests that wait. It changes the state, and
//! says in [`Due`](super::Due) what may have to follow; the end of the turn sees to that, as often
//! as it takes.

use super::parts::Outlook;
use super::{Machine, TabSharing};
use crate::core::error::{Error, Failure};
use crate::core::event::{Event, Warning};
use crate::core::time::Now;

impl Machine {
    /// Every input comes through here: a machine that slept must not go on as if it had not.
    pub(super) fn begin_turn(&mut self, now: Now) {
        if self.page.woke_up(now) {
            self.recheck(now);
        }
    }

    /// The same for an input with which somebody may begin to wait, who has the whole time. All whose
    /// time is over already are told so before that. Tokens are needed again.
    pub(super) fn begin_call(&mut self, now: Now) {
        self.begin_turn(now);
        self.ask_for_what_was_told(now);
        self.end_overdue_waits(now);
    }

    /// Brings the lock and the requests that wait in line with the state of things. All whose
    /// time to wait is over by now are told so.
    pub(super) fn end_turn(&mut self, now: Now) {
        self.settle(now);
        self.end_overdue_waits(now);
    }

    fn end_overdue_waits(&mut self, now: Now) {
        if self.someone_waits() && self.wait_limit.is_over(now, &mut self.timers) {
            self.wait_limit_is_reached(now);
            self.settle(now);
        }
    }

    pub(super) fn settle(&mut self, now: Now) {
        loop {
            if std::mem::take(&mut self.due.lock) {
                self.pursue(now);
            } else if std::mem::take(&mut self.due.requests) {
                self.resume_requests(now);
            } else {
                return;
            }
        }
    }

    /// The same for an input with which somebody may have begun to wait.
    pub(super) fn end_call(&mut self, now: Now) {
        self.end_turn(now);
        self.limit_waiting(now);
    }

    /// Asks the locks what this tab may have missed. Nothing queued goes out before they answer.
    pub(super) fn recheck(&mut self, now: Now) {
        if self.sharing == TabSharing::Shared && self.page.recheck(now, &mut self.timers) {
            self.lock.query(&mut self.outbox);
        }
    }

    pub(super) fn rechecked(&mut self) {
        if self.page.rechecked(&mut self.timers) {
            self.due.requests = true;
        }
    }

    /// All that wait are told that it was too long. A request under way goes on, for those to come.
    pub(super) fn wait_limit_is_reached(&mut self, now: Now) {
        let failure = Failure::Timeout;
        let logins = self.refreshes.take_logins();
        self.outbox
            .settle_all(logins, &Err(Error::SignInFailed(failure)));
        let calls = self.refreshes.take_calls();
        self.outbox
            .settle_all(calls, &Err(Error::RefreshFailed(failure)));
        let logouts = self.pending_logouts.take_calls();
        if !logouts.is_empty() {
            self.outbox.settle_all(logouts, &Ok(()));
            self.outbox.emit(Event::Warning(Warning::LogoutUnconfirmed));
        }
        self.give_up_waiting(failure, now);
        self.become_ready();
        self.due.lock = true;
    }

    pub(super) fn limit_waiting(&mut self, now: Now) {
        if self.someone_waits() {
            self.wait_limit.begin(now, &mut self.timers);
        }
    }

    pub(super) fn stop_limit_if_nobody_waits(&mut self) {
        if !self.someone_waits() {
            self.wait_limit.end(&mut self.timers);
        }
    }

    fn someone_waits(&self) -> bool {
        !self.is_ready
            || self.refreshes.anyone_waits()
            || self.pending_logouts.anyone_waits()
            || self.requests.any_waiting()
    }

    fn resume_requests(&mut self, now: Now) {
        if self.page.is_rechecking() {
            return;
        }
        let outlook = Outlook {
            refresh_is_coming: self.refresh_is_wanted()
                || self.state.known() > self.state.version(),
            is_backing_off: self.backoff.wait(true, now) > 0,
        };
        self.requests
            .resume(&self.state, outlook, now, &mut self.outbox);
        if self.requests.any_waiting()
            && let Err(failure) = self.demand_refresh(now)
        {
            self.give_up_waiting(failure, now);
        }
    }
}
