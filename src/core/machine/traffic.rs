//! The app's requests: with which token they go, when they wait, and when they go again.

use super::{Machine, State};
use crate::core::challenge::{Challenge, StepUp};
use crate::core::effect::{Effect, RequestId};
use crate::core::error::{Error, Failure};
use crate::core::event::Event;
use crate::core::request::{Phase, Request};
use crate::core::time::Now;

impl Machine {
    /// The app wants to send a request that may carry the token.
    ///
    /// Answered with [`Effect::Send`] or [`Effect::Reject`], at once or later.
    pub fn handle_request(&mut self, id: RequestId, now: Now) {
        if self.disposed {
            return self.effects.push_back(Effect::Reject(id, Error::Disposed));
        }
        self.observe_a_call(now);
        self.requests.add(Request {
            id,
            phase: Phase::Held,
            identity: self.identity,
            replayed: false,
        });
        self.resume_waiting(now);
        self.limit_waiting(now);
    }

    /// The request has been answered, with what counts as a rejection of its token.
    ///
    /// Answered with [`Effect::Deliver`] (the response is the app's), [`Effect::Send`] (again, at
    /// once or later) or [`Effect::Reject`].
    pub fn handle_rejected(
        &mut self,
        id: RequestId,
        challenge: Challenge,
        replayable: bool,
        now: Now,
    ) {
        if self.disposed {
            return;
        }
        self.observe_a_call(now);
        let refreshable = match challenge {
            Challenge::Refreshable => true,
            Challenge::InsufficientScope => false,
            Challenge::StepUp(wanted) => {
                self.step_up(wanted);
                false
            }
        };
        let Some(request) = self.requests.find(id) else {
            return;
        };
        match request.phase {
            Phase::Sent(Some(version)) if refreshable && replayable && !request.replayed => {
                request.phase = Phase::Rejected(version);
                self.resume_waiting(now);
                self.limit_waiting(now);
            }
            _ => self.deliver(id),
        }
    }

    /// The request is over: answered and delivered, failed, or aborted by the app.
    pub fn handle_request_over(&mut self, id: RequestId) {
        self.requests.remove(id);
    }

    /// Lets every waiting request go on as the state of things now says.
    pub(super) fn resume_waiting(&mut self, now: Now) {
        if self.page.is_rechecking() || !self.requests.any_waiting() {
            return;
        }
        let mut kept = Vec::new();
        for request in self.requests.take_all() {
            match self.verdict(&request, now) {
                Verdict::Send => kept.push(self.send(request)),
                Verdict::SendBare => kept.push(self.send_bare(request)),
                Verdict::Wait => kept.push(request),
                Verdict::Deliver => self.effects.push_back(Effect::Deliver(request.id)),
                Verdict::Reject(error) => self.effects.push_back(Effect::Reject(request.id, error)),
            }
        }
        self.requests.put_back(kept);
        if self.requests.any_waiting()
            && let Err(Error::RefreshFailed(failure)) = self.demand_refresh(now)
        {
            self.give_up_waiting(failure, now);
        }
    }

    /// No newer token is to be had for now. While the old one is valid, that disturbs nobody.
    pub(super) fn give_up_waiting(&mut self, failure: Failure, now: Now) {
        let valid_for = match self.session() {
            Some(session) if session.is_valid(now) => Some(session.identity()),
            _ => None,
        };
        let rechecking = self.page.is_rechecking();
        let mut kept = Vec::new();
        for request in self.requests.take_all() {
            let is_held = request.phase == Phase::Held;
            let is_of_another = valid_for.is_some_and(|identity| !request.may_go_as(identity));
            let served = is_held && valid_for.is_some() && !is_of_another;
            if !request.is_waiting() || (served && rechecking) {
                kept.push(request);
            } else if served {
                kept.push(self.send(request));
            } else {
                let error = if is_held && is_of_another {
                    Error::SessionEnded
                } else {
                    Error::RefreshFailed(failure)
                };
                self.effects.push_back(Effect::Reject(request.id, error));
            }
        }
        self.requests.put_back(kept);
    }

    /// The session is over. What somebody began in it is not sent as nobody.
    pub(super) fn dismiss_waiting(&mut self, now: Now) {
        self.page.stop_rechecking();
        self.resume_waiting(now);
    }

    fn verdict(&self, request: &Request, now: Now) -> Verdict {
        match (&self.state, request.phase) {
            (State::SignedIn(session), Phase::Held) => {
                if !request.may_go_as(session.identity()) {
                    Verdict::Reject(Error::SessionEnded)
                } else if session.is_fresh(now)
                    || (session.is_valid(now) && self.backoff.wait(true, now) > 0)
                {
                    Verdict::Send
                } else {
                    Verdict::Wait
                }
            }
            (State::SignedIn(session), Phase::Rejected(version)) => {
                if !request.may_go_as(session.identity()) {
                    Verdict::Deliver
                } else if session.version > version && session.is_fresh(now) {
                    Verdict::Send
                } else if self.refresh_is_coming() || !session.is_young(now) {
                    Verdict::Wait
                } else {
                    Verdict::Deliver
                }
            }
            // It is on its way.
            (_, Phase::Sent(_)) => Verdict::Wait,
            (State::SignedOut, Phase::Held) => match request.identity {
                Some(_) => Verdict::Reject(Error::SessionEnded),
                None => Verdict::SendBare,
            },
            (State::SignedOut, _) => Verdict::Deliver,
            (State::Restoring, _) => Verdict::Wait,
        }
    }

    fn send(&mut self, mut request: Request) -> Request {
        if let State::SignedIn(session) = &self.state {
            request.replayed = matches!(request.phase, Phase::Rejected(_));
            request.phase = Phase::Sent(Some(session.version));
            let token = session.token();
            self.effects
                .push_back(Effect::Send(request.id, Some(token)));
        }
        request
    }

    fn send_bare(&mut self, mut request: Request) -> Request {
        request.phase = Phase::Sent(None);
        self.effects.push_back(Effect::Send(request.id, None));
        request
    }

    fn deliver(&mut self, id: RequestId) {
        if self.requests.remove(id) {
            self.effects.push_back(Effect::Deliver(id));
        }
    }

    fn step_up(&mut self, wanted: StepUp) {
        self.emit(Event::StepUp(wanted));
    }
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
