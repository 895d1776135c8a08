//! News from the browser's locks: this tab has one, and these tabs are there.

use super::parts::{LockedTask, Newest};
use super::{Machine, TabSharing};
use crate::core::crowd::Crowd;
use crate::core::effect::{Holder, Ticket};
use crate::core::presence::Presence;
use crate::core::time::Now;
use crate::core::timer::Timer;
use crate::core::version::Version;

impl Machine {
    /// The lock is this tab's until it asks for its release.
    pub fn handle_lock_granted(&mut self, ticket: Ticket, now: Now) {
        if !self.is_disposed {
            self.begin_turn(now);
        }
        self.lock
            .granted(ticket, now, &mut self.outbox, &mut self.timers);
    }

    /// The tabs that are alive, this one among them or not, and the holders of the group's locks.
    pub fn handle_peers(&mut self, peers: &[Presence], holders: &[Holder], now: Now) {
        if self.is_disposed || self.page.is_away() {
            return;
        }
        self.begin_turn(now);
        self.timers.crowd = Crowd::of(peers.len());
        let is_of_now = self.lock.listed(holders, now);
        let newest = Newest::among(peers, &self.state, now);
        if !self.lock.is_at(LockedTask::Looking) {
            if let Some(peer) = newest {
                self.catch_up_with(peer, now);
            }
        } else if is_of_now {
            self.timers.stop(Timer::Look);
            // A login, a logout or a sign-in is tried whatever the others have failed at.
            if !self.has_urgent_task() {
                self.learn_of_backoffs(peers, now);
            }
            self.looked(newest, now);
        } else if let Some(peer) = newest {
            // Others may have got further since, but nothing that begins here is older than this.
            self.state.hear_of(peer.version);
        }
        if let Some(handed_over) = self.peers.take_handed_over() {
            self.take_over(handed_over, now);
        } else {
            self.ask_the_next(peers, now);
        }
        self.lock
            .watch_the_one_in_front(now, &mut self.outbox, &mut self.timers);
        self.rechecked();
        self.end_turn(now);
    }

    /// The browser refuses what it seemed to have: the channel or the list of locks; or, `with_locks`, the
    /// locks themselves. This tab does without.
    pub fn handle_refusal(&mut self, with_locks: bool, now: Now) {
        if self.is_disposed {
            return;
        }
        self.begin_turn(now);
        self.warn_of_working_alone();
        if with_locks {
            self.sharing = TabSharing::Alone;
            if self.lock.is_at_its_beginning() {
                self.let_go();
            }
            self.due.lock = true;
        }
        self.end_turn(now);
    }

    /// The others can see what this tab announced.
    pub fn handle_announced(&mut self, version: Version, now: Now) {
        if self.is_disposed {
            return;
        }
        self.begin_turn(now);
        if version == self.state.version() {
            self.published();
        }
        self.end_turn(now);
    }

    pub(super) fn published(&mut self) {
        if self.lock.is_at(LockedTask::Publishing) {
            self.timers.stop(Timer::Publish);
            self.task_is_done();
        }
    }

    pub(super) fn lock_wait_is_over(&mut self, now: Now) {
        let is_needed = self.needs_lock();
        self.lock
            .wait_is_over(is_needed, now, &mut self.outbox, &mut self.timers);
    }

    /// The list of peers does not come: this tab goes on without it.
    pub(super) fn look_is_over(&mut self, now: Now) {
        // A list that has not come by now will not come, unless this page was frozen meanwhile.
        if !self.lock.is_late(now) {
            self.lock.forget_queries();
        }
        if !self.lock.is_at(LockedTask::Looking) {
            return;
        }
        if self.has_urgent_task() || !self.peers_are_busy(now) {
            self.renew(now);
        } else {
            self.step_back(now);
        }
    }

    fn ask_the_next(&mut self, peers: &[Presence], now: Now) {
        let own = self.state.tab();
        if self.peers.ask_the_next(own, peers, &mut self.outbox) {
            self.ask_is_over(now);
        }
    }
}
