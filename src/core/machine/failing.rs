//! Refreshes that fail: who is told, and how all tabs leave the backend alone together.
//!
//! Every tab shows in its presence what it has tried in vain. A tab that has the lock and is about
//! to try the same looks at that first, so the number of tabs makes no difference to the backend:
//! when the time has come, one of them tries again.

use super::Machine;
use crate::core::effect::CallId;
use crate::core::error::{Error, Failure};
use crate::core::event::{Event, Status};
use crate::core::presence::Presence;
use crate::core::time::Now;
use crate::core::timer::Timer;

impl Machine {
    /// This tab's refresh has failed, for the calls that waited for it and for all others.
    pub(super) fn refresh_failed(
        &mut self,
        failure: Failure,
        retry_after: Option<u64>,
        calls: Vec<CallId>,
        now: Now,
    ) {
        let someone_waits = !calls.is_empty() || self.someone_wants_a_token();
        let entropy = &mut self.entropy;
        self.backoff
            .add(failure, retry_after, someone_waits, entropy, now);
        self.outbox
            .settle_all(calls, &Err(Error::RefreshFailed(failure)));
        self.wait_for_the_gate(failure, now);
        self.announce();
    }

    /// In how many milliseconds this tab tries again what it has failed to do, at the earliest.
    pub fn retry_in(&self, now: Now) -> u64 {
        self.backoff.wait(false, now)
    }

    /// Whether another tab has just tried what this one was about to.
    pub(super) fn has_failed_elsewhere(&mut self, now: Now) -> bool {
        let wait = self.backoff.wait(self.someone_wants_a_token(), now);
        let Some(failure) = self.backoff.last().filter(|_| wait > 0) else {
            return false;
        };
        self.wait_for_the_gate(failure, now);
        true
    }

    /// Learns what the peers have tried in vain: with a token as new as this tab's, or newer, or
    /// since this one has come.
    pub(super) fn learn_of_backoffs(&mut self, peers: &[Presence], now: Now) {
        for peer in peers {
            let session = self.state.session();
            let is_of_now = peer.version >= self.state.version()
                || session.is_none_or(|session| peer.backoff.is_since(session.received()));
            if is_of_now && self.backoff.adopt(peer.backoff, now) {
                self.announce();
            }
        }
    }

    fn wait_for_the_gate(&mut self, failure: Failure, now: Now) {
        let retry_in = self.retry_in(now);
        self.timers.set(Timer::Retry, retry_in, now);
        self.refreshes.forget();
        // Where nobody is signed in, nothing is tried again: only the caller waits.
        if self.state.status() != Status::SignedOut {
            self.is_failing = true;
            self.outbox.emit(Event::RefreshFailed {
                status: failure.status(),
                attempt: self.backoff.failures(),
                retry_in,
            });
        }
        self.refuse_calls(Error::RefreshFailed(failure));
        self.give_up_waiting(failure, now);
        self.become_ready();
    }
}
