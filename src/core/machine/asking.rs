//! Asking a peer for its token, and what comes of it.

use super::Machine;
use super::parts::{HandedOver, LockedTask};
use crate::core::event::Cause;
use crate::core::session::Session;
use crate::core::time::Now;

impl Machine {
    /// Makes the token that was handed over this tab's own. While restoring it has not heard of
    /// everything; so with the lock or without, it has looked at the peers since it asked: the one
    /// that was so kind may have been frozen, and not know of a logout.
    pub(super) fn take_over(&mut self, handed_over: HandedOver, now: Now) {
        let HandedOver {
            news,
            token,
            claims,
        } = handed_over;
        if !self.state.wants(news.version) {
            return;
        }
        let life = news.life_at(now.wall);
        let session = Session::handed_over(token, claims, news.version, life, now);
        if !session.is_fresh(now) {
            self.forget_unsent_logouts();
            self.peers.was_useless(news.version);
            // A token asked for before is no answer to a question asked since, or to none.
            if self.peers.is_answer(news.version) {
                self.ask_is_over(now);
            }
            return;
        }
        self.adopt(session, Cause::Elsewhere, now);
        if self.lock.is_at(LockedTask::Asking) {
            self.task_is_done();
        }
    }

    /// The time for asking is over. A peer in a crowd may still be busy: then this tab comes back, and others go first.
    pub(super) fn ask_takes_too_long(&mut self, now: Now) {
        if self.lock.is_at(LockedTask::Asking) && self.peers_are_busy(now) {
            self.peers.ask_was_in_vain(false);
            self.peers.stop_asking(&mut self.timers);
            self.step_back(now);
        } else {
            self.ask_is_over(now);
        }
    }

    /// No token came of asking.
    pub(super) fn ask_is_over(&mut self, now: Now) {
        let is_asking = self.lock.is_at(LockedTask::Asking);
        self.peers.ask_was_in_vain(is_asking);
        self.peers.stop_asking(&mut self.timers);
        if is_asking {
            self.renew(now);
        } else if self.state.is_restoring() {
            self.want_refresh();
        }
    }

    /// Perhaps the tab that was asked is gone, or another one has the token as well.
    pub(super) fn ask_again(&mut self, now: Now) {
        if self.peers.ask_again(now, &mut self.timers) {
            self.lock.query(&mut self.outbox);
        }
    }
}
