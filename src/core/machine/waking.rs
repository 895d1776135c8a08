//! The page's life: hidden and visible, left, away and back, asleep and awake.

use super::{Machine, TabSharing};
use crate::core::effect::Effect;
use crate::core::event::Status;
use crate::core::time::Now;
use crate::core::timer::Timer;

/// A page that is still there by then has not been left: until then, the other tabs do not see it.
const STAY_MS: u64 = 5_000;

impl Machine {
    /// The page has become visible or hidden.
    pub fn handle_visibility(&mut self, visible: bool, now: Now) {
        if self.is_disposed {
            return;
        }
        self.page.set_visible(visible);
        if visible {
            self.ask_for_what_was_told(now);
            self.handle_wake(now);
        } else {
            self.begin_turn(now);
        }
    }

    /// The page has the focus, or runs again after it was frozen: it may have missed things.
    pub fn handle_wake(&mut self, now: Now) {
        if self.is_disposed {
            return;
        }
        self.begin_turn(now);
        self.backoff.act();
        self.recheck(now);
        if self.page.has_put_ahead_off() {
            self.refresh_ahead(now);
        }
        let is_waiting = self.state.is_restoring() || self.backoff.failures() > 0;
        if is_waiting && !self.peers.has_asked() {
            self.retry(now);
        }
        self.end_turn(now);
    }

    /// The network is back: what failed for want of it is worth another try, an answer that was
    /// cut off as well. A refusal by the backend is not.
    pub fn handle_online(&mut self, now: Now) {
        if self.is_disposed {
            return;
        }
        if self.backoff.network_is_back(now) {
            self.timers.stop(Timer::Retry);
            self.announce();
        }
        if self.pending_logouts.network_is_back(&mut self.timers) {
            self.due.lock = true;
            self.end_turn(now);
            self.announce();
        }
        self.handle_wake(now);
    }

    /// The page is about to be left, perhaps for good; but it may stay.
    pub fn handle_leave(&mut self, now: Now) {
        if self.is_disposed {
            return;
        }
        self.begin_turn(now);
        // The page may have missed a sign-in, which the logout must not end.
        if !self.page.is_rechecking() {
            self.pending_logouts.hurry(now, &mut self.outbox);
        }
        self.step_aside(now);
    }

    /// Firefox keeps no page for "Back" that holds a lock when it is asked whether it may be left. A tab that
    /// has nothing to do needs none.
    fn step_aside(&mut self, now: Now) {
        let has_a_logout = self.pending_logouts.is_any(&self.timers);
        if self.sharing == TabSharing::Shared && self.lock.is_idle() && !has_a_logout {
            self.outbox.push(Effect::StepAside);
            self.timers.set(Timer::Stay, STAY_MS, now);
        }
    }

    /// The page goes into the back/forward cache, perhaps for good. For the peers that is as if it had
    /// died: a browser would rather let the page go for good than its lock be held.
    pub fn handle_hide(&mut self, now: Now) {
        if self.is_disposed || self.page.is_away() {
            return;
        }
        self.handle_leave(now);
        let Machine { outbox, timers, .. } = self;
        self.refreshes.abandon();
        self.pending_logouts.abandon(outbox, timers);
        self.lock.release(outbox);
        self.lock.forget_queries();
        self.page.go_away();
        self.peers.stop_asking(timers);
        timers.stop_all();
        outbox.push(Effect::Withdraw);
    }

    /// The page is back from the back/forward cache: what it knew is of another time.
    pub fn handle_show(&mut self, now: Now) {
        if self.is_disposed || !self.page.is_away() {
            return;
        }
        self.page.come_back(now);
        self.outbox.push(Effect::Return);
        self.limit_waiting(now);
        let has_signed_in = self.refreshes.turn_sign_ins_into_calls();
        if self.state.status() == Status::SignedOut && !has_signed_in {
            self.show_signed_out(now);
        } else {
            self.state.forget_version();
            self.refreshes.forget_overdue();
            self.backoff.clear();
            self.backoff.act();
            self.unsettle();
            self.want_refresh();
        }
        self.end_turn(now);
    }

    pub(super) fn refresh_ahead(&mut self, now: Now) {
        if self.page.ahead_is_due() && self.backoff.wait(false, now) == 0 {
            self.want_refresh();
        }
    }

    /// Anybody who waits for it, or looks at the page, gets another try.
    pub(super) fn retry(&mut self, now: Now) {
        let someone_waits = self.someone_wants_a_token();
        let someone_looks = self.page.is_visible() && self.state.status() != Status::SignedOut;
        if !(someone_waits || someone_looks) {
            return;
        }
        match self.backoff.wait(someone_waits, now) {
            0 => self.want_refresh(),
            wait => self.timers.set(Timer::Retry, wait, now),
        }
    }

    /// The back-off after an unconfirmed logout is over.
    pub(super) fn log_out_again(&mut self) {
        if self.pending_logouts.retry(&mut self.timers) {
            self.due.lock = true;
        }
    }

    fn show_signed_out(&mut self, now: Now) {
        self.announce();
        self.recheck(now);
        self.due.lock = true;
        self.end_turn(now);
        if self.refreshes.has_calls() {
            self.retry(now);
        }
    }
}
