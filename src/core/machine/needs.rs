//! The reasons why this tab needs the lock, and the calls and requests that wait for it.

use super::Machine;
use super::parts::PROBE_MS;
use crate::core::error::{Error, Failure};
use crate::core::time::Now;
use crate::core::timer::Timer;

impl Machine {
    pub(super) fn want_refresh(&mut self) {
        self.refreshes.want(self.state.version());
        self.due.lock = true;
    }

    /// A request or a call cannot go on without a newer token.
    ///
    /// # Errors
    ///
    /// The last failure, if the backend is to be left alone for longer than anyone should be kept
    /// waiting.
    pub(super) fn demand_refresh(&mut self, now: Now) -> Result<(), Failure> {
        if self.refresh_is_wanted() && !self.lock.is_idle() {
            return Ok(());
        }
        let wait = self.backoff.wait(true, now);
        if wait == 0 {
            self.want_refresh();
        } else if wait <= self.policy.timeout.max(PROBE_MS) {
            self.timers.set(Timer::Retry, wait, now);
        } else {
            return Err(self.backoff.last().unwrap_or(Failure::Network));
        }
        Ok(())
    }

    /// No newer token is to be had for now. While the old one is valid, that disturbs no request.
    pub(super) fn give_up_waiting(&mut self, failure: Failure, now: Now) {
        let session = self.state.session();
        let valid = session.filter(|session| session.is_valid(now));
        let is_rechecking = self.page.is_rechecking();
        self.requests
            .give_up(valid, is_rechecking, failure, &mut self.outbox);
    }

    /// Tells the calls that wait for a token that none is to be had.
    pub(super) fn refuse_calls(&mut self, error: Error) {
        self.refreshes.settle(&Err(error), &mut self.outbox);
    }

    /// Whether somebody waits who may be served first.
    pub(super) fn someone_wants_a_token(&self) -> bool {
        self.refreshes.has_calls() || self.requests.any_waiting()
    }

    pub(super) fn needs_lock(&self) -> bool {
        self.has_urgent_task() || self.refresh_is_wanted()
    }

    /// Not while the page is away; and a refresh not before a step back is over.
    pub(super) fn may_line_up(&self) -> bool {
        let has_stepped_back = self.timers.is_set(Timer::LockWait);
        !self.page.is_away() && (!has_stepped_back || self.has_urgent_task())
    }

    /// Whether there is anything that goes before a refresh.
    pub(super) fn has_urgent_task(&self) -> bool {
        self.pending_logouts.has_unsent()
            || self.refreshes.has_sign_ins()
            || self.refreshes.has_logins()
    }

    /// Whether nobody needs another token here than the one that this tab has, nor looks at the page.
    pub(super) fn is_idle(&self) -> bool {
        self.state.session().is_some()
            && !self.page.is_visible()
            && !self.peers.has_asked()
            && !self.refresh_is_wanted()
            && !self.someone_wants_a_token()
            && self.backoff.failures() == 0
    }

    pub(super) fn refresh_is_wanted(&self) -> bool {
        self.refreshes.is_wanted(&self.state)
    }
}
