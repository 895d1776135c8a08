//! What needs the group's lock: refreshing and logging out. One errand at a time, each bounded.

use super::attempts::{Attempt, Purpose};
use super::pending_logout::PendingLogout;
use super::queue::Place;
use super::{Machine, State, TabSharing};
use crate::core::effect::{AttemptId, CallId, Effect, Ticket};
use crate::core::error::{Error, Failure};
use crate::core::presence::Presence;
use crate::core::time::Now;
use crate::core::timer::Timer;
use crate::core::version::Version;

/// Listing the peers takes milliseconds.
const LOOK_MS: u64 = 1_000;

/// Where this tab stands with the lock.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Lease {
    /// It does not need it.
    Idle,
    /// It waits for it.
    Waiting(Place),
    /// It is at work: with the lock, or without one because it works alone.
    Busy(Option<Place>, Work),
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Work {
    /// It looks whether somebody was faster.
    Looking,
    /// It has asked the one that was.
    Asking,
    /// Its refresh request is under way.
    Refreshing(Attempt),
    /// Its logout request is under way.
    LoggingOut(AttemptId, Box<PendingLogout>),
    /// It shows the others what it has, before it lets the lock go.
    Publishing,
}

/// What this tab needs the lock for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Wants {
    /// A token newer than this.
    pub(super) refresh: Option<Version>,
    /// Who waits for that.
    pub(super) calls: Vec<CallId>,
    /// Who has signed in by cookie and waits for its token.
    pub(super) sign_in: Vec<CallId>,
    pub(super) logout: Option<PendingLogout>,
    /// One that the backend has not confirmed, kept for another try.
    pub(super) kept: Option<PendingLogout>,
}

impl Lease {
    pub(super) fn alone() -> Lease {
        Lease::Busy(None, Work::Looking)
    }

    /// Where this tab waits with that ticket.
    fn place(&self, ticket: Ticket) -> Option<Place> {
        match self {
            Lease::Waiting(place) if place.ticket == ticket => Some(*place),
            _ => None,
        }
    }

    /// Lets go of the lock, in thought; the caller says so to the world.
    pub(super) fn take_ticket(&mut self) -> Option<Ticket> {
        match std::mem::replace(self, Lease::Idle) {
            Lease::Idle => None,
            Lease::Waiting(place) => Some(place.ticket),
            Lease::Busy(place, _) => Some(place?.ticket),
        }
    }
}

impl Wants {
    /// Who signed in by cookie before the page was away gets what the cookie still gives: somebody may
    /// have logged out since. Returns whether there was anybody.
    pub(super) fn take_sign_ins_for_refreshes(&mut self) -> bool {
        let is_any = !self.sign_in.is_empty();
        self.calls.append(&mut self.sign_in);
        is_any
    }

    pub(super) fn have_calls(&self) -> bool {
        let logging_out = self.logout.as_ref().is_some_and(|it| !it.calls.is_empty());
        logging_out || !self.calls.is_empty() || !self.sign_in.is_empty()
    }

    /// Takes the calls that wait for a token.
    pub(super) fn take_refreshing(&mut self) -> Vec<CallId> {
        let mut all = std::mem::take(&mut self.calls);
        all.append(&mut self.sign_in);
        all
    }

    /// Takes the calls that wait for a logout.
    pub(super) fn take_logging_out(&mut self) -> Vec<CallId> {
        match &mut self.logout {
            Some(pending_logout) => pending_logout.take_calls(),
            None => Vec::new(),
        }
    }
}

impl Machine {
    /// The lock is this tab's until it asks for its release.
    pub fn handle_lock_granted(&mut self, ticket: Ticket, now: Now) {
        if !self.disposed {
            self.observe(now);
        }
        let Some(place) = self.lease.place(ticket) else {
            return self.effects.push_back(Effect::ReleaseLock(ticket));
        };
        self.timers.stop(Timer::LockWait);
        self.lease = Lease::Busy(Some(place), Work::Looking);
        self.queries.look();
        self.query_peers();
        self.timers.set(Timer::Look, LOOK_MS, now);
    }

    /// The others can see what this tab announced.
    pub fn handle_announced(&mut self, version: Version, now: Now) {
        if self.disposed {
            return;
        }
        self.observe(now);
        if version == self.version {
            self.published(now);
        }
    }

    pub(super) fn want_refresh(&mut self, now: Now) {
        self.wants.refresh = Some(self.version);
        self.pursue(now);
    }

    /// A request or a call cannot go on without a newer token.
    ///
    /// # Errors
    ///
    /// [`Error::RefreshFailed`] if the backend is to be left alone for longer than anyone should
    /// be kept waiting.
    pub(super) fn demand_refresh(&mut self, now: Now) -> Result<(), Error> {
        if self.refresh_is_wanted() && !matches!(self.lease, Lease::Idle) {
            return Ok(());
        }
        let wait = self.backoff.wait(true, now);
        if wait == 0 {
            self.want_refresh(now);
            return Ok(());
        }
        if wait > self.policy.timeout {
            return Err(Error::RefreshFailed(
                self.backoff.last().unwrap_or(Failure::Network),
            ));
        }
        self.timers.set(Timer::Retry, wait, now);
        Ok(())
    }

    pub(super) fn want_sign_in(&mut self, call: CallId, now: Now) {
        self.wants.sign_in.push(call);
        self.pursue(now);
    }

    /// Somebody has logged out since the app obtained the cookie. Whoever waits for the answer under
    /// way is told now: it does not count any more, and must not be asked for again.
    pub(super) fn call_off_sign_in(&mut self) {
        let mut calls = std::mem::take(&mut self.wants.sign_in);
        if let Lease::Busy(_, Work::Refreshing(attempt)) = &mut self.lease {
            calls.append(&mut attempt.call_off());
        }
        self.settle_all(calls, &Err(Error::SessionEnded));
    }

    pub(super) fn forget_refresh(&mut self) {
        self.wants.refresh = None;
    }

    pub(super) fn is_asking(&self) -> bool {
        matches!(self.work(), Some(Work::Asking))
    }

    pub(super) fn is_looking(&self) -> bool {
        matches!(self.work(), Some(Work::Looking))
    }

    /// Brings what this tab does with the lock in line with what it wants.
    pub(super) fn pursue(&mut self, now: Now) {
        let errand = self.has_errand();
        match &self.lease {
            Lease::Idle if errand && self.may_begin() => self.begin(now),
            Lease::Waiting(_) | Lease::Busy(_, Work::Looking) if !errand => self.let_go(),
            Lease::Busy(_, Work::Asking) if !errand || self.has_urgent_errand() => {
                self.next_errand(now);
            }
            _ => {}
        }
    }

    /// With the lock, and nobody else is at work: what is next?
    pub(super) fn next_errand(&mut self, now: Now) {
        if self.is_late(now) {
            self.step_back(now);
        } else if let Some(pending_logout) = self.wants.logout.take() {
            self.send_logout(pending_logout, now);
        } else if !self.wants.sign_in.is_empty() {
            let calls = std::mem::take(&mut self.wants.sign_in);
            self.send_refresh(Purpose::SignIn(calls), now);
        } else {
            self.let_go();
        }
    }

    /// One errand a lease: who waits for the lock counts on that.
    pub(super) fn errand_is_done(&mut self, now: Now) {
        self.let_go();
        self.pursue(now);
    }

    /// Nobody was faster, or the one that was does not answer.
    pub(super) fn renew(&mut self, now: Now) {
        self.stop_asking();
        let is_called_for = !self.has_urgent_errand() && self.refresh_is_wanted();
        if !is_called_for || self.is_late(now) || self.has_failed_elsewhere(now) {
            return self.next_errand(now);
        }
        self.send_refresh(Purpose::Renewal, now);
    }

    pub(super) fn work_on(&mut self, work: Work) {
        if let Lease::Busy(_, current) = &mut self.lease {
            *current = work;
        }
    }

    pub(super) fn published(&mut self, now: Now) {
        if matches!(self.work(), Some(Work::Publishing)) {
            self.timers.stop(Timer::Publish);
            self.errand_is_done(now);
        }
    }

    /// The page goes away with whatever it was at, which for the others is as if it had died: a
    /// browser would rather let the page go for good than its lock be held. Logging out is not
    /// taken up again when it comes back: by then it might end another session.
    pub(super) fn drop_errands(&mut self) {
        match &mut self.lease {
            Lease::Busy(_, Work::LoggingOut(_, pending_logout)) => {
                self.wants.kept = Some(std::mem::take(&mut **pending_logout));
            }
            Lease::Busy(_, Work::Refreshing(attempt)) => {
                self.wants.sign_in.extend(attempt.take_calls());
            }
            _ => {}
        }
        self.forget_unsent_logout();
        self.release_lock();
    }

    pub(super) fn release_lock(&mut self) {
        if let Some(ticket) = self.lease.take_ticket() {
            self.effects.push_back(Effect::ReleaseLock(ticket));
        }
    }

    /// Shows the other tabs the state this one is in.
    pub(super) fn announce(&mut self) {
        if self.sharing == TabSharing::Shared && !self.page.is_away() {
            self.effects.push_back(Effect::Announce(Presence {
                tab: self.tab,
                version: self.version,
                backoff: self.backoff.backoff(),
                is_logging_out: self.is_logging_out(),
            }));
        }
    }

    pub(super) fn settle_all(&mut self, calls: Vec<CallId>, outcome: &Result<(), Error>) {
        for call in calls {
            self.settle(call, outcome.clone());
        }
    }

    /// Whoever waits for a newer token is told what came of it.
    pub(super) fn settle_refreshing(&mut self, outcome: &Result<(), Error>) {
        let calls = std::mem::take(&mut self.wants.calls);
        self.settle_all(calls, outcome);
    }

    pub(super) fn work(&self) -> Option<&Work> {
        match &self.lease {
            Lease::Busy(_, work) => Some(work),
            _ => None,
        }
    }

    pub(super) fn refresh_is_coming(&self) -> bool {
        self.refresh_is_wanted() || self.known > self.version
    }

    pub(super) fn has_errand(&self) -> bool {
        self.has_urgent_errand() || self.refresh_is_wanted()
    }

    /// Not while the page is away; and a refresh not before a step back is over.
    fn may_begin(&self) -> bool {
        let has_stepped_back = self.timers.is_set(Timer::LockWait);
        !self.page.is_away() && (!has_stepped_back || self.has_urgent_errand())
    }

    pub(super) fn has_urgent_errand(&self) -> bool {
        self.wants.logout.is_some() || !self.wants.sign_in.is_empty()
    }

    pub(super) fn refresh_is_wanted(&self) -> bool {
        let Some(base) = self.wants.refresh else {
            return false;
        };
        match self.state {
            State::SignedIn(_) => self.version <= base,
            State::Restoring => true,
            State::SignedOut => !self.version.is_signed_out(),
        }
    }
}
