//! How a session begins, is renewed, changes hands and ends in this tab.

use super::{Due, Machine, TabSharing};
use crate::core::error::Error;
use crate::core::event::{Cause, Event, Reason};
use crate::core::message::Message;
use crate::core::session::Session;
use crate::core::time::Now;
use crate::core::timer::Timer;
use crate::core::token_response::TokenResponse;
use crate::core::version::Version;

/// With another session, or none, all that waits may go on.
const EVERYTHING: Due = Due {
    lock: true,
    requests: true,
};

impl Machine {
    /// Takes a token that this tab was granted, and tells the peers.
    pub(super) fn adopt_response(
        &mut self,
        response: TokenResponse,
        is_sign_in: bool,
        asked: Now,
        now: Now,
    ) {
        let session = self.state.granted(response, is_sign_in, asked, now);
        let news = self.state.news_of(&session, self.timers.crowd, now);
        let cause = match is_sign_in {
            true => Cause::SignIn,
            false => Cause::Refresh,
        };
        self.adopt(session, cause, now);
        // Nobody can be given the token of a tab that works alone; that somebody else has signed
        // in, all must hear.
        if is_sign_in || self.sharing == TabSharing::Shared {
            self.post(Message::News(news));
        }
    }

    /// Makes this the session; everything that waited for one goes on. Logouts from before must not
    /// end it.
    pub(super) fn adopt(&mut self, session: Session, cause: Cause, now: Now) {
        self.forget_unsent_logouts();
        self.page
            .arm_ahead(&session, &mut self.entropy, now, &mut self.timers);
        let event = self.state.adopt(session, cause);
        self.backoff.clear();
        self.refreshes.forget_overdue();
        self.timers.stop(Timer::Retry);
        self.peers.stop_asking(&mut self.timers);
        self.announce();
        self.outbox.emit(Event::Change);
        self.outbox.emit(event);
        self.recover();
        self.become_ready();
        self.refreshes.settle(&Ok(()), &mut self.outbox);
        self.due = EVERYTHING;
    }

    /// Somebody has signed in since the app logged out.
    pub(super) fn forget_unsent_logouts(&mut self) {
        self.pending_logouts
            .forget_unsent(&mut self.outbox, &mut self.timers);
    }

    /// Ends the session here. Does nothing but remember the version if there is none.
    pub(super) fn sign_out(&mut self, reason: Reason, version: Version) {
        let signed_out = self.state.sign_out(version);
        self.peers.stop_asking(&mut self.timers);
        for timer in [Timer::Ahead, Timer::Retry] {
            self.timers.stop(timer);
        }
        self.refreshes.forget_overdue();
        self.refreshes.forget();
        self.announce();
        if version.author == self.state.tab() {
            self.post(Message::SignedOut { version, reason });
        }
        if signed_out.is_change {
            self.outbox.emit(Event::Change);
        }
        if signed_out.had_somebody {
            self.outbox.emit(Event::SignedOut(reason));
        }
        self.recover();
        let ended = Err(Error::SessionEnded);
        self.refreshes.settle(&ended, &mut self.outbox);
        self.become_ready();
        self.page.stop_rechecking();
        self.due = EVERYTHING;
    }

    /// The app that was told of failures is told that they are over.
    fn recover(&mut self) {
        if std::mem::take(&mut self.is_failing) {
            self.outbox.emit(Event::Recovered);
        }
    }

    /// Lets the token go until it is known whose turn it is; the app sees `restoring`.
    pub(super) fn unsettle(&mut self) {
        if self.state.unsettle() {
            self.timers.stop(Timer::Ahead);
            self.outbox.emit(Event::Change);
        }
    }
}
