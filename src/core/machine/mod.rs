//! The state machine of one tab: what happens goes in through `handle_*`, what is to be done comes
//! out of [`Machine::poll_effect`].
//!
//! It never touches the world: it has no clock, no randomness of its own and no I/O. Its driver
//! calls one `handle_*`, then performs every [`Effect`] that [`Machine::poll_effect`] returns, then
//! sees to it that [`Machine::handle_timeout`] is called when [`Machine::next_timeout`] says.
//!
//! The machine is made of [`parts`], each of which can be read alone. The other files here put them
//! together, in layers; each calls only files further down:
//!
//! - Inputs, one file for each place that they come from: [`calls`] and [`traffic`] (the app),
//!   [`answers`] (the backend), [`hearing`] and [`listing`] (the peers and the locks), [`waking`]
//!   (the page).
//! - [`turn`], with which every input begins and ends.
//! - The steps that an input leads to: [`asking`] a peer for its token, [`tasks`] done with the lock,
//!   [`learning`] what the peers know, a refresh [`failing`], [`sessions`] that begin and end.
//! - The basis of all these: [`needs`] says what the lock is needed for, [`telling`] tells.

mod answers;
mod asking;
mod calls;
mod failing;
mod hearing;
mod learning;
mod listing;
mod needs;
mod parts;
mod sessions;
mod tasks;
mod telling;
mod traffic;
mod turn;
mod waking;

use super::config::Policy;
use super::effect::Effect;
use super::entropy::Entropy;
use super::error::{Error, Failure};
use super::event::{Event, Status};
use super::time::Now;
use super::timer::{Timer, Timers};
use super::token::AccessToken;
use super::token_response::TokenResponse;
use super::version::{TabId, Version};
use parts::{
    Backoff, Lock, Outbox, Page, Peers, PendingLogouts, Refreshes, Requests, SessionState,
    WaitLimit,
};

/// One tab's part in keeping a person signed in.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Machine {
    policy: Policy,
    sharing: TabSharing,
    entropy: Entropy,
    state: SessionState,
    lock: Lock,
    refreshes: Refreshes,
    pending_logouts: PendingLogouts,
    peers: Peers,
    requests: Requests,
    backoff: Backoff,
    page: Page,
    wait_limit: WaitLimit,
    timers: Timers,
    outbox: Outbox,
    due: Due,
    is_started: bool,
    is_ready: bool,
    is_disposed: bool,
    /// The app has been told that refreshes fail, and not yet that it is over.
    is_failing: bool,
    has_warned: bool,
}

/// Whether tabs can work together here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TabSharing {
    /// There are Web Locks, BroadcastChannel and WebCrypto.
    Shared,
    /// One of them is missing: every tab works alone.
    Alone,
}

/// The backend's answer to a refresh request.
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

/// The things to bring in line with the new state before the input's turn is over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
struct Due {
    /// The use that this tab makes of the lock.
    lock: bool,
    /// The requests that wait.
    requests: bool,
}

impl Machine {
    /// A machine for the tab `tab`. The seed spreads its refreshes over time. Nothing happens
    /// before [`Machine::start`].
    pub fn new(policy: Policy, tab: TabId, sharing: TabSharing, seed: u64, now: Now) -> Machine {
        Machine {
            sharing,
            entropy: Entropy::seeded(seed),
            state: SessionState::new(tab),
            lock: Lock::new(policy.timeout),
            refreshes: Refreshes::default(),
            pending_logouts: PendingLogouts::default(),
            peers: Peers::default(),
            requests: Requests::default(),
            backoff: Backoff::default(),
            page: Page::new(now),
            wait_limit: WaitLimit::new(policy.timeout),
            timers: Timers::default(),
            outbox: Outbox::default(),
            due: Due::default(),
            is_started: false,
            is_ready: false,
            is_disposed: false,
            is_failing: false,
            has_warned: false,
            policy,
        }
    }

    /// Begins, once: tries to restore the session, if the policy says so.
    pub fn start(&mut self, now: Now) {
        if self.is_disposed || std::mem::replace(&mut self.is_started, true) {
            return;
        }
        if self.sharing == TabSharing::Alone {
            self.warn_of_working_alone();
        }
        if self.policy.restore {
            self.backoff.act();
            self.want_refresh();
        } else {
            self.state.begin_signed_out();
            self.outbox.emit(Event::Change);
            self.become_ready();
            self.recheck(now);
        }
        self.end_call(now);
    }

    /// A timer may be due.
    pub fn handle_timeout(&mut self, now: Now) {
        if self.is_disposed {
            return;
        }
        self.begin_turn(now);
        while let Some(timer) = self.timers.take_due(now) {
            match timer {
                Timer::LockWait => self.lock_wait_is_over(now),
                Timer::Look => self.look_is_over(now),
                Timer::AskAgain => self.ask_again(now),
                Timer::Ask => self.ask_takes_too_long(now),
                Timer::Attempt => self.attempt_is_overdue(now),
                Timer::Publish => self.published(),
                Timer::Retry => self.retry(now),
                Timer::Ahead => self.refresh_ahead(now),
                Timer::Recheck => self.rechecked(),
                Timer::WaitLimit => self.wait_limit_is_reached(now),
                Timer::LogoutAgain => self.log_out_again(),
                Timer::Stay => self.announce(),
            }
            self.settle(now);
        }
    }

    /// The manager is not needed any more. All that still waits is rejected; nothing follows.
    pub fn handle_dispose(&mut self) {
        if std::mem::replace(&mut self.is_disposed, true) {
            return;
        }
        let Machine { outbox, timers, .. } = self;
        self.requests.dispose(outbox);
        for calls in [
            self.refreshes.take_calls(),
            self.pending_logouts.take_calls(),
        ] {
            outbox.settle_all(calls, &Err(Error::Disposed));
        }
        self.refreshes = Refreshes::default();
        self.pending_logouts = PendingLogouts::default();
        self.lock.release(outbox);
        self.peers.stop_asking(timers);
        self.state.begin_signed_out();
        timers.stop_all();
        self.become_ready();
    }

    /// The next thing to be done.
    pub fn poll_effect(&mut self) -> Option<Effect> {
        let next = self.outbox.take();
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
        self.state.status()
    }

    /// The payload of the token, if it is a JWT: a JSON object.
    pub fn claims_json(&self) -> Option<&str> {
        Some(&self.state.session()?.claims()?.json)
    }

    /// When the token expires, in epoch milliseconds by this machine's clock.
    pub fn expires_at(&self) -> Option<u64> {
        self.state.session()?.expires_at()
    }

    /// The token of the moment, for apps that asked for it by name.
    pub fn access_token(&self) -> Option<AccessToken> {
        Some(self.state.session()?.token())
    }

    /// The state this tab is in.
    pub fn version(&self) -> Version {
        self.state.version()
    }
}

#[cfg(test)]
mod tests;
