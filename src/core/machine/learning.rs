//! Learning from the peers: there is a newer token, or the session is over.

use super::Machine;
use super::parts::Newest;
use crate::core::event::Reason;
use crate::core::identity::Identity;
use crate::core::time::Now;
use crate::core::version::Version;

impl Machine {
    /// There is a peer that is further on.
    pub(super) fn catch_up_with(&mut self, peer: Newest, now: Now) {
        if !peer.version.is_signed_out() {
            self.learn(peer.version, None);
            if self.peers.is_worth_asking_for_meanwhile(peer.version) {
                self.ask_listed(peer, now);
            }
        } else if self.state.is_restoring() && !peer.someone_is_logging_out {
            // The session ended before this page was opened; the cookie has the last word.
            self.state.hear_of(peer.version);
        } else {
            self.hear_signed_out(peer.version, Reason::Elsewhere, now);
        }
    }

    /// Asks a peer that is there for its token, unless that has been asked for in vain.
    pub(super) fn ask_listed(&mut self, peer: Newest, now: Now) {
        if self.peers.is_worth_asking_for(peer.version) {
            let Machine { outbox, timers, .. } = self;
            self.peers
                .ask(peer.tab, peer.version, true, now, outbox, timers);
        }
    }

    /// Asks for the token of the news with which nobody was in a hurry.
    pub(super) fn ask_for_what_was_told(&mut self, now: Now) {
        let Machine { outbox, timers, .. } = self;
        self.peers.ask_for_what_was_told(now, outbox, timers);
    }

    /// There is a newer token. If it is another person's, or may be, this tab's own is over.
    pub(super) fn learn(&mut self, version: Version, identity: Option<Identity>) {
        self.forget_unsent_logouts();
        if !self.state.hear_of_token(version, identity) {
            self.unsettle();
        }
    }

    pub(super) fn hear_signed_out(&mut self, version: Version, reason: Reason, now: Now) {
        if self.state.is_newest_end(version, now) {
            self.sign_out(reason, version);
        }
    }
}
