//! The state machine of one tab: what happens goes in through `handle_*`, what is to be done comes
//! out of `poll_*`.
//!
//! It never touches the world: it has no clock, no randomness of its own and no I/O. Whoever drives
//! it calls one `handle_*`, then performs every [`Effect`] that [`Machine::poll_effect`] returns,
//! then sees to it that [`Machine::handle_timeout`] is called when [`Machine::next_timeout`] says.
//!
//! One file an aspect: [`errands`] has what needs the lock, [`queue`] how it is waited for,
//! [`attempts`] the requests made under it, [`backing_off`] what happens when they fail, [`pending_logout`]
//! logging out, [`sessions`] how sessions begin, change and end, [`traffic`] the app's requests,
//! [`peers`] the other tabs, [`page`] the page's life, [`wait_limit`] how long anybody waits.

mod attempts;
mod backing_off;
mod errands;
mod page;
mod peers;
mod pending_logout;
mod queue;
mod sessions;
mod traffic;
mod wait_limit;

use std::collections::VecDeque;

use super::backoff::Backoff;
use super::claims::Claims;
use super::config::Policy;
use super::effect::{AttemptId, CallId, Effect, Ticket};
use super::entropy::Entropy;
use super::error::{Error, Failure};
use super::event::{Event, Status, Warning};
use super::identity::Identity;
use super::message::News;
use super::request::Requests;
use super::session::Session;
use super::time::Now;
use super::timer::{Timer, Timers};
use super::token::AccessToken;
use super::token_response::TokenResponse;
use super::version::{TabId, Version};
use errands::{Lease, Wants};
use page::Page;
use peers::Asked;
use queue::{Queries, Sighting};

/// One tab's part in keeping a person signed in.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Machine {
    tab: TabId,
    policy: Policy,
    sharing: TabSharing,
    entropy: Entropy,
    state: State,
    /// The state this tab is in.
    version: Version,
    /// The newest state this tab has heard of.
    known: Version,
    lease: Lease,
    /// Who has been seen with which of the group's locks while this tab needs one.
    sightings: Vec<Sighting>,
    queries: Queries,
    wants: Wants,
    /// A refresh request given up on, whose answer may still come.
    overdue: Option<attempts::Attempt>,
    /// As whom the app was last seen signed in; nobody after a sign-out.
    identity: Option<Identity>,
    /// What has been asked of a peer.
    asked: Option<Asked>,
    /// A token that came of asking, until this tab has looked at the others.
    handed_over: Option<(News, AccessToken, Option<Claims>)>,
    /// The version that was last asked for in vain since this tab needs the lock.
    asked_in_vain: Version,
    requests: Requests,
    backoff: Backoff,
    timers: Timers,
    page: Page,
    started: bool,
    ready: bool,
    disposed: bool,
    last_id: u32,
    effects: VecDeque<Effect>,
}

/// Whether tabs can work together here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TabSharing {
    /// There are Web Locks, BroadcastChannel and WebCrypto.
    Shared,
    /// One of them is missing: every tab works alone.
    Alone,
}

/// What the backend said to a refresh request.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Answer {
    /// A token.
    Granted(TokenResponse),
    /// The session is over.
    Ended,
    /// Neither.
    Failed {
        /// Why.
        failure: Failure,
        /// `Retry-After`, in milliseconds.
        retry_after: Option<u64>,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum State {
    Restoring,
    SignedIn(Session),
    SignedOut,
}

impl Machine {
    /// A machine for the tab `tab`. The seed spreads its refreshes over time. Nothing happens
    /// before [`Machine::start`].
    pub fn new(policy: Policy, tab: TabId, sharing: TabSharing, seed: u64, now: Now) -> Machine {
        Machine {
            tab,
            policy,
            sharing,
            entropy: Entropy::seeded(seed),
            state: State::Restoring,
            version: Version::default(),
            known: Version::default(),
            lease: Lease::Idle,
            sightings: Vec::new(),
            queries: Queries::default(),
            wants: Wants::default(),
            overdue: None,
            identity: None,
            asked: None,
            handed_over: None,
            asked_in_vain: Version::default(),
            requests: Requests::default(),
            backoff: Backoff::default(),
            timers: Timers::default(),
            page: Page::new(now),
            started: false,
            ready: false,
            disposed: false,
            last_id: 0,
            effects: VecDeque::new(),
        }
    }

    /// Begins, once: tries to restore the session, if the policy says so.
    pub fn start(&mut self, now: Now) {
        if self.disposed || std::mem::replace(&mut self.started, true) {
            return;
        }
        if self.sharing == TabSharing::Alone {
            self.emit(Event::Warning(Warning::WorksAlone));
        }
        if self.policy.restore {
            self.want_refresh(now);
        } else {
            self.state = State::SignedOut;
            self.emit(Event::Change);
            self.become_ready();
            self.recheck(now);
        }
        self.limit_waiting(now);
    }

    /// The app wants the token renewed now; the outcome comes as [`Effect::Settle`].
    pub fn handle_refresh(&mut self, call: CallId, now: Now) {
        if self.refuse_if_disposed(call) {
            return;
        }
        self.observe_a_call(now);
        if self.is_signed_out() {
            return self.settle(call, Err(Error::SessionEnded));
        }
        self.wants.calls.push(call);
        if let Err(error) = self.demand_refresh(now) {
            self.wants.calls.pop();
            self.settle(call, Err(error));
        }
        self.limit_waiting(now);
    }

    /// The app has signed somebody in, with this response; or, without one, by a cookie alone.
    pub fn handle_sign_in(&mut self, call: CallId, response: Option<TokenResponse>, now: Now) {
        if self.refuse_if_disposed(call) {
            return;
        }
        self.observe(now);
        self.backoff.open_gate();
        self.forget_unsent_logout();
        match response {
            Some(response) => {
                self.adopt_response(response, true, now, now);
                self.settle(call, Ok(()));
            }
            None => {
                self.observe_a_call(now);
                self.want_sign_in(call, now);
            }
        }
        self.limit_waiting(now);
    }

    /// The app logs out: here and now, in every tab, and at the backend. The call is settled once
    /// the backend has answered, or was given up on.
    pub fn handle_logout(&mut self, call: CallId, now: Now) {
        if self.refuse_if_disposed(call) {
            return;
        }
        self.observe_a_call(now);
        self.want_logout(call, now);
        self.limit_waiting(now);
    }

    /// A timer may be due.
    pub fn handle_timeout(&mut self, now: Now) {
        if self.disposed {
            return;
        }
        self.observe(now);
        while let Some(timer) = self.timers.take_due(now) {
            match timer {
                Timer::LockWait => self.lock_wait_is_over(now),
                Timer::Look => self.go_on_without_peers(now),
                Timer::Ask => self.ask_is_over(now),
                Timer::AskAgain => self.ask_again(now),
                Timer::Attempt => self.attempt_is_overdue(now),
                Timer::Publish => self.published(now),
                Timer::Retry => self.retry(now),
                Timer::Ahead => self.refresh_ahead(now),
                Timer::Recheck => self.rechecked(now),
                Timer::WaitLimit => self.wait_limit_is_reached(now),
                Timer::LogoutAgain => self.log_out_again(now),
            }
        }
    }

    /// The manager is not needed any more. Whatever still waits is rejected; nothing follows.
    pub fn handle_dispose(&mut self) {
        if self.disposed {
            return;
        }
        self.disposed = true;
        for request in self.requests.take_all() {
            self.effects
                .push_back(Effect::Reject(request.id, Error::Disposed));
        }
        let (refreshing, logging_out) = self.take_waiting_calls();
        for calls in [refreshing, logging_out] {
            self.settle_all(calls, &Err(Error::Disposed));
        }
        self.wants = Wants::default();
        self.release_lock();
        self.stop_asking();
        self.state = State::SignedOut;
        self.timers.stop_all();
        self.become_ready();
    }

    /// The next thing to be done.
    pub fn poll_effect(&mut self) -> Option<Effect> {
        let next = self.effects.pop_front();
        if next.is_none() {
            self.stop_limit_if_nobody_waits();
        }
        next
    }

    /// Milliseconds until [`Machine::handle_timeout`] is to be called; `None`: not by itself.
    pub fn next_timeout(&self, now: Now) -> Option<u64> {
        self.timers.next(now)
    }

    /// Where the session stands.
    pub fn status(&self) -> Status {
        match self.state {
            State::Restoring => Status::Restoring,
            State::SignedIn(_) => Status::SignedIn,
            State::SignedOut => Status::SignedOut,
        }
    }

    /// The payload of the token, if it is a JWT: a JSON object.
    pub fn claims_json(&self) -> Option<&str> {
        Some(&self.session()?.claims()?.json)
    }

    /// When the token expires, in epoch milliseconds by this machine's clock.
    pub fn expires_at(&self) -> Option<u64> {
        self.session()?.expires_at()
    }

    /// The token of the moment, for those who asked for it by name.
    pub fn access_token(&self) -> Option<AccessToken> {
        Some(self.session()?.token())
    }

    /// The state this tab is in.
    pub fn version(&self) -> Version {
        self.version
    }

    fn session(&self) -> Option<&Session> {
        match &self.state {
            State::SignedIn(session) => Some(session),
            _ => None,
        }
    }

    /// Signed out for good, unlike a tab that has not tried yet.
    fn is_signed_out(&self) -> bool {
        matches!(self.state, State::SignedOut) && self.version.is_signed_out()
    }

    fn emit(&mut self, event: Event) {
        self.effects.push_back(Effect::Emit(event));
    }

    fn settle(&mut self, call: CallId, outcome: Result<(), Error>) {
        self.effects.push_back(Effect::Settle(call, outcome));
    }

    fn become_ready(&mut self) {
        if !self.ready {
            self.ready = true;
            self.effects.push_back(Effect::Ready);
        }
    }

    fn refuse_if_disposed(&mut self, call: CallId) -> bool {
        if self.disposed {
            self.settle(call, Err(Error::Disposed));
        }
        self.disposed
    }

    fn next_attempt(&mut self) -> AttemptId {
        self.last_id += 1;
        AttemptId(self.last_id)
    }

    fn next_ticket(&mut self) -> Ticket {
        self.last_id += 1;
        Ticket(self.last_id)
    }
}

#[cfg(test)]
mod tests;
