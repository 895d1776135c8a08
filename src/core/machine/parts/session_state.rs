//! Where the session stands in this tab, and the newest state of it that this tab has heard of.

use crate::core::crowd::Crowd;
use crate::core::event::{Cause, Event, Person, Status};
use crate::core::identity::Identity;
use crate::core::message::News;
use crate::core::session::Session;
use crate::core::time::Now;
use crate::core::token_response::TokenResponse;
use crate::core::version::{TabId, Version};

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct SessionState {
    tab: TabId,
    state: State,
    /// The state this tab is in.
    version: Version,
    /// The newest state this tab has heard of.
    known: Version,
    /// As whom the app was last seen signed in; nobody after a sign-out.
    identity: Option<Identity>,
    /// The same, but a sign-out does not forget it.
    last: Option<Identity>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum State {
    Restoring,
    SignedIn(Session),
    SignedOut,
}

/// The changes that an end of the session has made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SignedOut {
    /// The app sees another status.
    pub(crate) is_change: bool,
    /// The app was signed in as somebody until now.
    pub(crate) had_somebody: bool,
}

impl SessionState {
    pub(crate) fn new(tab: TabId) -> SessionState {
        SessionState {
            tab,
            state: State::Restoring,
            version: Version::default(),
            known: Version::default(),
            identity: None,
            last: None,
        }
    }

    pub(crate) fn tab(&self) -> TabId {
        self.tab
    }

    pub(crate) fn version(&self) -> Version {
        self.version
    }

    pub(crate) fn known(&self) -> Version {
        self.known
    }

    pub(crate) fn identity(&self) -> Option<Identity> {
        self.identity
    }

    pub(crate) fn status(&self) -> Status {
        match self.state {
            State::Restoring => Status::Restoring,
            State::SignedIn(_) => Status::SignedIn,
            State::SignedOut => Status::SignedOut,
        }
    }

    pub(crate) fn is_restoring(&self) -> bool {
        matches!(self.state, State::Restoring)
    }

    pub(crate) fn session(&self) -> Option<&Session> {
        match &self.state {
            State::SignedIn(session) => Some(session),
            _ => None,
        }
    }

    /// Signed out for good, unlike a tab that has not tried yet.
    pub(crate) fn has_ended(&self) -> bool {
        matches!(self.state, State::SignedOut) && self.version.is_signed_out()
    }

    /// Whether a newer token than that of `base` is still to be had.
    pub(crate) fn wants_newer_than(&self, base: Version) -> bool {
        match self.state {
            State::SignedIn(_) => self.version <= base,
            State::Restoring => true,
            State::SignedOut => !self.version.is_signed_out(),
        }
    }

    /// Newer than what this tab has, and not of an epoch known to be over.
    pub(crate) fn wants(&self, version: Version) -> bool {
        let is_over = self.known.is_signed_out() && self.known.epoch == version.epoch;
        version > self.version
            && !version.is_signed_out()
            && version.epoch >= self.known.epoch
            && !is_over
    }

    /// Whether this end is news here. A tab that is signed in may have seen a later end already, but
    /// not yet what it ends.
    pub(crate) fn is_newest_end(&self, version: Version, now: Now) -> bool {
        version.is_signed_out()
            && version > self.version
            && (version >= self.known || self.session().is_some())
            && version.can_follow(self.known, now)
    }

    /// An answer to a renewal counts if nothing but later tokens of the same sign-in has become
    /// known since it left (the tabs that have those may be gone), and the tab has not been signed
    /// out; an answer to a sign-in counts also against another sign-in, but never against a logout.
    pub(crate) fn accepts(&self, is_sign_in: bool, known_then: Version) -> bool {
        let is_over = self.known.is_signed_out() && self.known != known_then;
        if is_sign_in {
            !is_over
        } else {
            self.known.epoch == known_then.epoch && !is_over && !self.has_ended()
        }
    }

    /// The version of a logout in this tab: the end of all that there has been.
    pub(crate) fn logged_out(&self, now: Now) -> Version {
        self.known.logged_out(self.tab, now)
    }

    /// The version of an end that the backend has told this tab of.
    pub(crate) fn ended(&self) -> Version {
        self.known.ended(self.tab)
    }

    /// The session that a response begins or renews.
    ///
    /// A session is as old as the question that it answers: a logout since then is newer.
    pub(crate) fn granted(
        &self,
        response: TokenResponse,
        is_sign_in: bool,
        asked: Now,
        now: Now,
    ) -> Session {
        let subject = response.claims.as_ref().and_then(|claims| claims.subject);
        let goes_on = !is_sign_in
            && !self.known.is_last_generation()
            && self.session().is_some_and(|session| {
                let before = session.subject();
                subject.is_none() || before.is_none() || subject == before
            });
        let version = if goes_on {
            self.known.next_generation(self.tab)
        } else {
            self.known.next_epoch(self.tab, asked)
        };
        let session = Session::granted(response, version, now);
        match self.session().filter(|_| goes_on) {
            Some(before) => session.after(before, now),
            None => session,
        }
    }

    pub(crate) fn news_of(&self, session: &Session, crowd: Crowd, now: Now) -> News {
        News {
            from: self.tab,
            version: session.version,
            subject: session.subject(),
            life: session.life(now),
            said_at: now.wall,
            crowd,
        }
    }

    /// Makes this the session. Returns how the app is told of it.
    pub(crate) fn adopt(&mut self, session: Session, cause: Cause) -> Event {
        let identity = session.identity();
        let cause = match cause {
            Cause::Refresh if self.session().is_none() => Cause::Restore,
            _ => cause,
        };
        let person = match self.last {
            None => Person::First,
            Some(before) if before.is(identity) => Person::Same,
            // Its number is new because the tab has let go of what it had, not because of a sign-in.
            Some(before) if cause == Cause::Restore && before.may_be(identity, self.known) => {
                Person::Unknown
            }
            Some(_) => Person::Other,
        };
        let is_renewed = self.session().is_some() && person == Person::Same;
        self.version = session.version;
        self.hear_of(session.version);
        self.identity = Some(identity);
        self.last = self.identity;
        self.state = State::SignedIn(session);
        if is_renewed {
            Event::Refreshed(cause)
        } else {
            Event::SignedIn { cause, person }
        }
    }

    pub(crate) fn sign_out(&mut self, version: Version) -> SignedOut {
        let was_signed_out = matches!(self.state, State::SignedOut);
        self.state = State::SignedOut;
        self.version = self.version.max(version);
        self.hear_of(version);
        SignedOut {
            is_change: !was_signed_out,
            had_somebody: self.identity.take().is_some(),
        }
    }

    /// Is not signed in, without knowing of any end.
    pub(crate) fn begin_signed_out(&mut self) {
        self.state = State::SignedOut;
    }

    /// A tab whose session has ended goes by the newest end, so that its peers can see which that is.
    pub(crate) fn hear_of(&mut self, version: Version) {
        self.known = self.known.max(version);
        if self.known.is_signed_out() && self.has_ended() {
            self.version = self.known;
        }
    }

    /// Learns of a newer token. Returns whether the session here may be the one that it is of.
    pub(crate) fn hear_of_token(&mut self, version: Version, identity: Option<Identity>) -> bool {
        self.hear_of(version);
        self.session().is_some_and(|session| {
            let is_same_sign_in = session.version.epoch == version.epoch;
            is_same_sign_in && identity.is_none_or(|identity| session.identity().is(identity))
        })
    }

    /// Lets the token go until it is known whose turn it is. Returns whether that is a change.
    pub(crate) fn unsettle(&mut self) -> bool {
        let is_change = !self.is_restoring();
        self.state = State::Restoring;
        is_change
    }

    /// Takes the session out, to log out of it.
    pub(crate) fn take_session(&mut self) -> Option<Session> {
        match std::mem::replace(&mut self.state, State::Restoring) {
            State::SignedIn(session) => Some(session),
            State::Restoring => None,
            State::SignedOut => {
                self.state = State::SignedOut;
                None
            }
        }
    }

    /// Whatever this tab has is of another time.
    pub(crate) fn forget_version(&mut self) {
        self.version = Version::default();
    }
}

#[cfg(test)]
mod tests;
