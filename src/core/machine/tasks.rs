//! The tasks done with the lock: refreshing and logging out. One at a time, each bounded.

use super::parts::{LockedTask, Newest, Purpose};
use super::{Machine, TabSharing};
use crate::core::error::Failure;
use crate::core::event::Reason;
use crate::core::time::Now;
use crate::core::timer::Timer;

impl Machine {
    /// Brings what this tab does with the lock in line with what it needs it for.
    pub(super) fn pursue(&mut self, now: Now) {
        let is_needed = self.needs_lock();
        if self.lock.is_idle() {
            if is_needed && self.may_line_up() {
                self.begin(now);
            }
        } else if self.lock.is_at_its_beginning() {
            if !is_needed {
                self.let_go();
            }
        } else if self.lock.is_at(LockedTask::Asking) && (!is_needed || self.has_urgent_task()) {
            self.next_task(now);
        }
    }

    /// With the lock, this tab has seen the peers, or works alone.
    pub(super) fn looked(&mut self, newest: Option<Newest>, now: Now) {
        if self.lock.peers_are_at_work(now) {
            self.step_back(now);
        } else if self.has_urgent_task() {
            match newest {
                Some(peer) if self.pending_logouts.has_unsent() => self.catch_up_with(peer, now),
                // The session that it signs in to is newer than all that it sees.
                Some(peer) => self.state.hear_of(peer.version),
                None => {}
            }
            self.next_task(now);
        } else {
            self.look_at(newest, now);
        }
    }

    /// Nobody was faster, or the one that was does not answer.
    pub(super) fn renew(&mut self, now: Now) {
        self.peers.stop_asking(&mut self.timers);
        let is_called_for = !self.has_urgent_task() && self.refresh_is_wanted();
        if !is_called_for || self.lock.is_late(now) || self.has_failed_elsewhere(now) {
            self.next_task(now);
        } else {
            let asked = self.lock.last_seen_without(now);
            self.send_refresh(Purpose::Renewal, asked, now);
        }
    }

    /// One task a lease: the tabs that wait for the lock count on that.
    pub(super) fn task_is_done(&mut self) {
        self.let_go();
        self.due.lock = true;
    }

    /// Keeps the lock until the next holder can see what came of it.
    pub(super) fn publish(&mut self, now: Now) {
        match self.sharing {
            TabSharing::Shared => self.lock.publish(now, &mut self.timers),
            TabSharing::Alone => self.task_is_done(),
        }
    }

    fn begin(&mut self, now: Now) {
        match self.sharing {
            TabSharing::Shared => {
                // A frozen tab answers all questions at once when it thaws: ever fewer, then.
                if self.backoff.failures().count_ones() < 2 {
                    self.peers.forget_what_was_in_vain();
                }
                self.lock.line_up(now, &mut self.outbox, &mut self.timers);
            }
            TabSharing::Alone => {
                self.lock.do_without();
                self.looked(None, now);
            }
        }
    }

    fn look_at(&mut self, newest: Option<Newest>, now: Now) {
        let worth_asking = |peer: &Newest| self.peers.is_worth_asking_for(peer.version);
        match newest.filter(worth_asking) {
            Some(peer) if peer.version.is_signed_out() => self.look_at_end(peer, now),
            Some(peer) => {
                self.learn(peer.version, None);
                self.lock.go_on_to(LockedTask::Asking);
                self.ask_listed(peer, now);
            }
            // A tab may tell its news before the peers can see that it has them.
            None if self.peers.has_asked() => self.lock.go_on_to(LockedTask::Asking),
            None => self.renew(now),
        }
    }

    fn look_at_end(&mut self, peer: Newest, now: Now) {
        self.state.hear_of(peer.version);
        // The session ended before this page was opened; the cookie has the last word.
        let is_of_the_past = self.state.session().is_none() && !peer.someone_is_logging_out;
        let known = self.state.known();
        if is_of_the_past || !known.is_signed_out() {
            self.renew(now);
        } else {
            self.sign_out(Reason::Elsewhere, known);
        }
    }

    /// With the lock, and nobody else is at work: what is next?
    fn next_task(&mut self, now: Now) {
        if self.lock.is_late(now) {
            self.step_back(now);
        } else if self.pending_logouts.has_unsent() {
            self.send_logout(now);
        } else if self.refreshes.has_logins() {
            self.refreshes
                .log_in(self.state.known(), now, &mut self.outbox);
            self.attempt_begins(now);
        } else if self.refreshes.has_sign_ins() {
            let calls = self.refreshes.take_sign_ins();
            self.send_refresh(Purpose::SignIn(calls), now, now);
        } else {
            self.let_go();
        }
    }

    fn send_logout(&mut self, now: Now) {
        let timeout = self.policy.timeout;
        let Machine { outbox, timers, .. } = self;
        if self.pending_logouts.send(timeout, now, outbox, timers) {
            self.lock.go_on_to(LockedTask::LoggingOut);
        } else {
            self.send_refresh(Purpose::Logout, now, now);
        }
    }

    fn send_refresh(&mut self, purpose: Purpose, asked: Now, now: Now) {
        let known = self.state.known();
        let is_repeat = self.backoff.last() == Some(Failure::Timeout);
        self.refreshes
            .send(purpose, is_repeat, known, asked, &mut self.outbox);
        self.attempt_begins(now);
    }

    fn attempt_begins(&mut self, now: Now) {
        self.timers.set(Timer::Attempt, self.policy.timeout, now);
        self.lock.go_on_to(LockedTask::Refreshing);
    }

    /// Whether those that have a newer token may need more time to hand it over.
    pub(super) fn peers_are_busy(&self, now: Now) -> bool {
        self.sharing == TabSharing::Shared && self.peers.are_busy(self.state.version(), now)
    }

    pub(super) fn step_back(&mut self, now: Now) {
        self.lock.step_back(now, &mut self.outbox, &mut self.timers);
    }

    pub(super) fn let_go(&mut self) {
        self.lock.let_go(&mut self.outbox, &mut self.timers);
    }
}
