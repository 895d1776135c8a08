//! How a session begins, is renewed, changes hands and ends in this tab.

use super::{Machine, State, TabSharing};
use crate::core::effect::Effect;
use crate::core::error::Error;
use crate::core::event::{Event, Reason};
use crate::core::message::{Message, News};
use crate::core::session::Session;
use crate::core::time::Now;
use crate::core::timer::Timer;
use crate::core::token_response::TokenResponse;
use crate::core::version::Version;

impl Machine {
    /// Takes a token that this tab was granted, and tells the others.
    ///
    /// A session is as old as the question that it answers: a logout since then is newer.
    pub(super) fn adopt_response(
        &mut self,
        response: TokenResponse,
        sign_in: bool,
        asked: Now,
        now: Now,
    ) {
        let subject = response.claims.as_ref().and_then(|claims| claims.subject);
        let goes_on = !sign_in
            && !self.known.is_last_generation()
            && self.session().is_some_and(|session| {
                let other = session.subject();
                subject.is_none() || other.is_none() || subject == other
            });
        let version = if goes_on {
            self.known.next_generation(self.tab)
        } else {
            self.known.next_epoch(self.tab, asked)
        };
        let session = Session::granted(response, version, now);
        let news = self.news_of(&session, now);
        self.adopt(session, now);
        // Nobody can be given the token of a tab that works alone; that somebody else has signed
        // in, all must hear.
        if sign_in || self.sharing == TabSharing::Shared {
            self.post(Message::News(news));
        }
    }

    /// Makes this the session; everything that waited for one goes on.
    pub(super) fn adopt(&mut self, session: Session, now: Now) {
        let identity = session.identity();
        let was_signed_in = self.session().is_some();
        let same_person = self.identity.is_some_and(|before| before.is(identity));
        self.version = session.version;
        self.known = self.known.max(session.version);
        self.identity = Some(identity);
        self.state = State::SignedIn(session);
        self.backoff.clear();
        self.timers.stop(Timer::Retry);
        self.stop_asking();
        self.arm_ahead(now);
        self.announce();
        self.emit(Event::Change);
        self.emit(if was_signed_in && same_person {
            Event::Refreshed
        } else {
            Event::SignedIn
        });
        self.become_ready();
        self.settle_refreshing(&Ok(()));
        self.resume_waiting(now);
        self.pursue(now);
    }

    /// Ends the session here. Does nothing but remember the version if there is none.
    pub(super) fn sign_out(&mut self, reason: Reason, version: Version, now: Now) {
        let had_somebody = self.identity.take().is_some();
        let was_out = matches!(self.state, State::SignedOut);
        self.state = State::SignedOut;
        self.version = self.version.max(version);
        self.known = self.known.max(version);
        self.stop_asking();
        self.overdue = None;
        for timer in [Timer::Ahead, Timer::Retry] {
            self.timers.stop(timer);
        }
        self.forget_refresh();
        self.announce();
        if version.author == self.tab {
            self.post(Message::SignedOut { version, reason });
        }
        if !was_out {
            self.emit(Event::Change);
        }
        if had_somebody {
            self.emit(Event::SignedOut(reason));
        }
        self.settle_refreshing(&Err(Error::SessionEnded));
        self.become_ready();
        self.dismiss_waiting(now);
        self.pursue(now);
    }

    /// Lets the token go until it is known whose turn it is; the app sees `restoring`.
    pub(super) fn unsettle(&mut self) {
        if !matches!(self.state, State::Restoring) {
            self.state = State::Restoring;
            self.timers.stop(Timer::Ahead);
            self.emit(Event::Change);
        }
    }

    pub(super) fn news_of(&self, session: &Session, now: Now) -> News {
        News {
            from: self.tab,
            version: session.version,
            subject: session.subject(),
            life: session.life(now),
            said_at: now.wall,
        }
    }

    pub(super) fn post(&mut self, message: Message) {
        if !self.page.is_away() {
            self.effects.push_back(Effect::Post(message));
        }
    }
}
