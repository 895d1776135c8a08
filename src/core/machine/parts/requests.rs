//! The app's requests: with which token they go, when they wait, and when they go again.

use super::outbox::Outbox;
use super::session_state::SessionState;
use crate::core::effect::{Effect, RequestId};
use crate::core::error::{Error, Failure};
use crate::core::event::Status;
use crate::core::identity::Identity;
use crate::core::session::Session;
use crate::core::time::Now;
use crate::core::version::Version;

/// All that are under way or held back, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Requests(Vec<Request>);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Request {
    id: RequestId,
    phase: Phase,
    /// As whom the app made it; `None`: before anybody was known.
    identity: Option<Identity>,
    replayed: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Phase {
    /// Not sent yet: there is no token that could go with it.
    Held,
    /// Under way with the token of that version, or without one.
    Sent(Option<Version>),
    /// Rejected with the token of that version; to be replayed with a newer one.
    Rejected(Version),
}

/// The prospects of waiting for a newer token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Outlook {
    /// A refresh is wanted or under way, here or in another tab.
    pub(crate) refresh_is_coming: bool,
    /// Refreshes have failed, and not even a person who waits may try again yet.
    pub(crate) is_backing_off: bool,
}

enum Verdict {
    /// With the token of the moment.
    Send,
    /// Without one: there is no session.
    SendBare,
    Wait,
    /// The response it got is the app's.
    Deliver,
    Reject(Error),
}

impl Requests {
    pub(crate) fn add(&mut self, id: RequestId, identity: Option<Identity>) {
        self.0.push(Request {
            id,
            phase: Phase::Held,
            identity,
            replayed: false,
        });
    }

    /// The request has been answered with a rejection of its token. Returns whether it waits for a
    /// newer one; if it does not, the answer is the app's.
    pub(crate) fn rejected(&mut self, id: RequestId, may_replay: bool, out: &mut Outbox) -> bool {
        let Some(place) = self.place(id) else {
            return false;
        };
        let request = &mut self.0[place];
        match request.phase {
            Phase::Sent(Some(version)) if may_replay && !request.replayed => {
                request.phase = Phase::Rejected(version);
                true
            }
            _ => {
                self.0.remove(place);
                out.push(Effect::Deliver(id));
                false
            }
        }
    }

    pub(crate) fn remove(&mut self, id: RequestId) {
        if let Some(place) = self.place(id) {
            self.0.remove(place);
        }
    }

    pub(crate) fn any_waiting(&self) -> bool {
        self.0.iter().any(Request::is_waiting)
    }

    /// Lets every waiting request go on as the state of things now says.
    pub(crate) fn resume(
        &mut self,
        state: &SessionState,
        outlook: Outlook,
        now: Now,
        out: &mut Outbox,
    ) {
        self.0.retain_mut(|request| {
            match request.verdict(state, outlook, now) {
                Verdict::Send => request.send(state.session(), out),
                Verdict::SendBare => request.send(None, out),
                Verdict::Wait => {}
                Verdict::Deliver => {
                    out.push(Effect::Deliver(request.id));
                    return false;
                }
                Verdict::Reject(error) => {
                    out.push(Effect::Reject(request.id, error));
                    return false;
                }
            }
            true
        });
    }

    /// No newer token is to be had for now. While the old one, if there is any, is `valid`, that
    /// disturbs nobody; but while the page `is_rechecking`, nothing is sent.
    pub(crate) fn give_up(
        &mut self,
        valid: Option<&Session>,
        is_rechecking: bool,
        failure: Failure,
        out: &mut Outbox,
    ) {
        self.0.retain_mut(|request| {
            if !request.is_waiting() {
                return true;
            }
            let is_held = request.phase == Phase::Held;
            let error = match valid {
                Some(session) if is_held && request.may_go_as(session.identity()) => {
                    if !is_rechecking {
                        request.send(valid, out);
                    }
                    return true;
                }
                Some(_) if is_held => Error::SessionEnded,
                _ => Error::RefreshFailed(failure),
            };
            out.push(Effect::Reject(request.id, error));
            false
        });
    }

    /// Rejects all of them, even those that are under way.
    pub(crate) fn dispose(&mut self, out: &mut Outbox) {
        for request in self.0.drain(..) {
            out.push(Effect::Reject(request.id, Error::Disposed));
        }
    }

    fn place(&self, id: RequestId) -> Option<usize> {
        self.0.binary_search_by_key(&id, |request| request.id).ok()
    }
}

impl Request {
    fn verdict(&self, state: &SessionState, outlook: Outlook, now: Now) -> Verdict {
        match (state.session(), self.phase) {
            // It is on its way.
            (_, Phase::Sent(_)) => Verdict::Wait,
            (Some(session), Phase::Held) => {
                if !self.may_go_as(session.identity()) {
                    Verdict::Reject(Error::SessionEnded)
                } else if session.is_fresh(now) || (session.is_valid(now) && outlook.is_backing_off)
                {
                    Verdict::Send
                } else {
                    Verdict::Wait
                }
            }
            (Some(session), Phase::Rejected(version)) => {
                if !self.may_go_as(session.identity()) {
                    Verdict::Deliver
                } else if session.version > version && session.is_fresh(now) {
                    Verdict::Send
                } else if outlook.refresh_is_coming || !session.is_young(now) {
                    Verdict::Wait
                } else {
                    Verdict::Deliver
                }
            }
            (None, _) if state.status() == Status::Restoring => Verdict::Wait,
            // The session is over: what somebody began in it is not sent as nobody.
            (None, Phase::Held) => match self.identity {
                Some(_) => Verdict::Reject(Error::SessionEnded),
                None => Verdict::SendBare,
            },
            (None, Phase::Rejected(_)) => Verdict::Deliver,
        }
    }

    /// Whether a token of `other` may go with it.
    fn may_go_as(&self, other: Identity) -> bool {
        self.identity.is_none_or(|identity| identity.is(other))
    }

    fn is_waiting(&self) -> bool {
        !matches!(self.phase, Phase::Sent(_))
    }

    fn send(&mut self, session: Option<&Session>, out: &mut Outbox) {
        self.replayed = matches!(self.phase, Phase::Rejected(_));
        self.phase = Phase::Sent(session.map(|session| session.version));
        out.push(Effect::Send(self.id, session.map(Session::token)));
    }
}

#[cfg(test)]
mod tests;
