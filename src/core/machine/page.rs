//! The page's life: hidden and visible, left, away and back, asleep and awake.

use super::{Machine, State, TabSharing};
use crate::core::effect::Effect;
use crate::core::time::Now;
use crate::core::timer::Timer;

/// The monotonic clock standing still for longer than this means that the machine was asleep.
const SLEEP_MS: u64 = 5_000;
/// Waking up comes with several events at once; one check serves them all.
const RECHECK_EVERY_MS: u64 = 1_000;
/// How long requests are held for that check.
const RECHECK_MS: u64 = 1_000;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Page {
    visible: bool,
    /// Kept by the browser for a possible return, frozen.
    away: bool,
    /// Requests are held until it is known what was missed.
    rechecking: bool,
    /// The refresh ahead of time came due while nobody was looking.
    ahead_is_due: bool,
    last_recheck: Option<Now>,
    last_seen: Now,
}

impl Page {
    pub(super) fn new(now: Now) -> Page {
        Page {
            visible: true,
            away: false,
            rechecking: false,
            ahead_is_due: false,
            last_recheck: None,
            last_seen: now,
        }
    }

    pub(super) fn is_away(&self) -> bool {
        self.away
    }

    pub(super) fn stop_rechecking(&mut self) {
        self.rechecking = false;
    }

    pub(super) fn is_rechecking(&self) -> bool {
        self.rechecking
    }
}

impl Machine {
    /// The page has become visible or hidden.
    pub fn handle_visibility(&mut self, visible: bool, now: Now) {
        if self.disposed {
            return;
        }
        self.page.visible = visible;
        if visible {
            self.handle_wake(now);
        } else {
            self.observe(now);
        }
    }

    /// The page has the focus, or runs again after it was frozen: it may have missed things.
    pub fn handle_wake(&mut self, now: Now) {
        if self.disposed {
            return;
        }
        self.observe(now);
        self.recheck(now);
        if self.page.visible && self.page.ahead_is_due {
            self.refresh_ahead(now);
        }
        let is_waiting = matches!(self.state, State::Restoring) || self.backoff.failures() > 0;
        if is_waiting && !self.timers.is_set(Timer::Retry) && self.asked.is_none() {
            self.retry(now);
        }
    }

    /// The network is back: what failed for want of it is worth another try, an answer that was
    /// cut off as well. What the backend has refused is not.
    pub fn handle_online(&mut self, now: Now) {
        if self.disposed {
            return;
        }
        if self.backoff.network_is_back(now) {
            self.timers.stop(Timer::Retry);
            self.announce();
        }
        self.network_is_back_for_logout(now);
        self.handle_wake(now);
    }

    /// The page is about to be left, perhaps for good; but it may stay.
    pub fn handle_leave(&mut self, now: Now) {
        if !self.disposed {
            self.observe(now);
            self.hurry_logout(now);
        }
    }

    /// The page goes into the back/forward cache, perhaps for good.
    pub fn handle_hide(&mut self, now: Now) {
        if self.disposed || self.page.away {
            return;
        }
        self.handle_leave(now);
        self.drop_errands();
        self.page.away = true;
        self.page.rechecking = false;
        self.page.last_recheck = None;
        self.stop_asking();
        self.queries = Default::default();
        self.timers.stop_all();
        self.effects.push_back(Effect::Withdraw);
    }

    /// The page is back from the back/forward cache: what it knew is of another time.
    pub fn handle_show(&mut self, now: Now) {
        if self.disposed || !self.page.away {
            return;
        }
        self.page.away = false;
        self.page.last_seen = now;
        self.effects.push_back(Effect::Return);
        self.limit_waiting(now);
        let has_signed_in = self.wants.take_sign_ins_for_refreshes();
        if matches!(self.state, State::SignedOut) && !has_signed_in {
            self.announce();
            self.recheck(now);
            self.pursue(now);
            if !self.wants.calls.is_empty() {
                self.retry(now);
            }
            return;
        }
        self.version = Default::default();
        self.overdue = None;
        self.backoff.clear();
        self.unsettle();
        self.want_refresh(now);
    }

    /// Every input comes through here: a machine that slept must not go on as if it had not.
    pub(super) fn observe(&mut self, now: Now) {
        let slept = now.slept_since(self.page.last_seen);
        self.page.last_seen = now;
        if slept > SLEEP_MS {
            self.timers.put_waits_off(slept);
            self.put_waiting_off(slept);
            self.recheck(now);
        }
    }

    pub(super) fn arm_ahead(&mut self, now: Now) {
        self.page.ahead_is_due = false;
        self.timers.stop(Timer::Ahead);
        let State::SignedIn(session) = &self.state else {
            return;
        };
        if let Some(ms) = session.refresh_ahead_in(&mut self.entropy, now) {
            self.timers.set(Timer::Ahead, ms, now);
        }
    }

    pub(super) fn refresh_ahead(&mut self, now: Now) {
        self.page.ahead_is_due = !self.page.visible;
        if self.page.visible && self.backoff.wait(false, now) == 0 {
            self.want_refresh(now);
        }
    }

    /// Whoever waits for it, or looks at the page, gets another try.
    pub(super) fn retry(&mut self, now: Now) {
        let someone_waits = self.someone_wants_a_token();
        let someone_looks = self.page.visible && !matches!(self.state, State::SignedOut);
        if !(someone_waits || someone_looks) {
            return;
        }
        match self.backoff.wait(someone_waits, now) {
            0 => self.want_refresh(now),
            wait => self.timers.set(Timer::Retry, wait, now),
        }
    }

    pub(super) fn rechecked(&mut self, now: Now) {
        if self.page.rechecking {
            self.page.rechecking = false;
            self.timers.stop(Timer::Recheck);
            self.resume_waiting(now);
        }
    }

    /// Asks the locks what this tab may have missed. Nothing queued goes out before they answer.
    pub(super) fn recheck(&mut self, now: Now) {
        let recent = |last: Now| now.since(last) < RECHECK_EVERY_MS;
        if self.sharing == TabSharing::Alone
            || self.page.away
            || self.page.last_recheck.is_some_and(recent)
        {
            return;
        }
        self.page.last_recheck = Some(now);
        self.page.rechecking = true;
        self.query_peers();
        self.timers.set(Timer::Recheck, RECHECK_MS, now);
    }
}
